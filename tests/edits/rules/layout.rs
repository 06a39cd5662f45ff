//! Edits that nobody but a reader of the text sees: case, white space, comments.

use super::super::model::{Model, Piece, spell};
use super::super::{Change, one_file};
use super::{Draft, Project};
use sqlparser::tokenizer::{Token, Whitespace};

/// Words whose case means nothing, and that name no column where they stand unquoted.
const KEYWORDS: [&str; 38] = [
    "select", "from", "where", "and", "or", "not", "on", "join", "left", "right", "inner", "outer",
    "cross", "full", "group", "by", "order", "having", "qualify", "case", "when", "then", "else",
    "end", "as", "in", "is", "null", "union", "all", "distinct", "with", "between", "like", "over",
    "using", "limit", "exists",
];

/// The keywords in another case, or the white space otherwise.
pub(crate) fn reformatted(model: &Model) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (description, edit) in [
        (
            "keywords in capitals",
            capitals as fn(&[Piece]) -> Vec<Piece>,
        ),
        ("keywords in small letters", small),
        ("white space otherwise", spaced),
    ] {
        drafts.push(Draft {
            masked: spell(&edit(&model.tokens)),
            description: description.to_owned(),
        });
    }
    drafts
}

fn capitals(tokens: &[Piece]) -> Vec<Piece> {
    recased(tokens, str::to_uppercase)
}

fn small(tokens: &[Piece]) -> Vec<Piece> {
    recased(tokens, str::to_lowercase)
}

fn recased(tokens: &[Piece], case: fn(&str) -> String) -> Vec<Piece> {
    let mut before = None;
    let mut after = Vec::new();
    for piece in tokens {
        let mut piece = piece.clone();
        // After a period or a colon stands a field's name.
        let is_field = matches!(before, Some(Token::Period | Token::Colon));
        if let Token::Word(word) = &piece.token
            && word.quote_style.is_none()
            && !is_field
            && KEYWORDS.contains(&word.value.to_lowercase().as_str())
        {
            piece.text = case(&piece.text);
        }
        before = Some(piece.token.clone());
        after.push(piece);
    }
    after
}

fn spaced(tokens: &[Piece]) -> Vec<Piece> {
    let mut after = tokens.to_vec();
    for piece in &mut after {
        match piece.token {
            Token::Whitespace(Whitespace::Newline) => piece.text.push_str(" \t"),
            Token::Comma => piece.text.push('\n'),
            _ => {}
        }
    }
    after
}

/// The model as its tree is printed, on one line or on many.
pub(crate) fn printed(_: &Project, model: &Model) -> Vec<Change> {
    let Some(query) = &model.query else {
        return Vec::new();
    };
    let texts = [
        (format!("{query}"), "on one line"),
        (format!("{query:#}"), "on many lines"),
    ];
    texts
        .into_iter()
        .filter(|(text, _)| super::super::parse(text, model.dialect).as_ref() == Some(query))
        .map(|(text, how)| (model.template.restore_printed(&text), how))
        .filter(|(text, _)| *text != model.text)
        .map(|(text, how)| one_file(model, text, format!("printed {how}")))
        .collect()
}

/// A comment in a place where there may be one.
pub(crate) fn comment_added(model: &Model) -> Vec<Draft> {
    let mut drafts = Vec::new();
    // Some places do for a long text.
    const PLACES: usize = 8;
    let step = model.tokens.len() / PLACES / 2 + 1;
    let mut next = 0;
    for (index, piece) in model.tokens.iter().enumerate() {
        if index < next {
            continue;
        }
        let comment = match piece.token {
            Token::Whitespace(Whitespace::Newline) if !model.trims() => {
                "-- said twice, it's clearer; from here on\n"
            }
            Token::Comma => " /* select, from: only words */ ",
            _ => continue,
        };
        next = index + step;
        let (before, after) = model.tokens.split_at(index + 1);
        drafts.push(Draft {
            masked: format!("{}{comment}{}", spell(before), spell(after)),
            description: format!("a comment after token {index}"),
        });
    }
    drafts
}

/// The model without its comments; those that carry a tag or a hint stay.
pub(crate) fn comments_removed(model: &Model) -> Vec<Draft> {
    let mut after = model.tokens.clone();
    for piece in &mut after {
        match &piece.token {
            Token::Whitespace(Whitespace::SingleLineComment { comment, .. })
                if !comment.contains("__tag_") && !comment.starts_with('+') =>
            {
                piece.text = "\n".to_owned();
            }
            Token::Whitespace(Whitespace::MultiLineComment(comment))
                if !comment.contains("__tag_") && !comment.starts_with('+') =>
            {
                piece.text = " ".to_owned();
            }
            _ => {}
        }
    }
    vec![Draft {
        masked: spell(&after),
        description: "comments removed".to_owned(),
    }]
}
