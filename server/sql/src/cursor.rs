//! What is being typed at a place in SQL: the name of a table, the name of a column and of which inputs
//! it may be one, or an argument of a call in a template. For completion, where half-typed text is the
//! normal case.

mod scope;
mod template;

pub use scope::{Given, Input, Inputs};

use crate::analysis::{Options, Templating, visible};
use crate::lexeme::Lexeme;
use crate::outline::{Part, PartKind, of_prepared};
use crate::prepare::Prepared;
use sqlparser::tokenizer::Token;
use syntax::{Name, TextRange, TextSize};

/// What is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The name of a table.
    Table {
        /// What is typed of it.
        typed: Typed,
        /// The common table expressions that may be read here, the nearest first.
        ctes: Vec<Name>,
    },
    /// The name of a column.
    Column {
        /// What is typed of it.
        typed: Typed,
        /// What is read around it, the innermost query first.
        inputs: Inputs,
    },
    /// A text that a function of the template is given.
    Argument {
        /// The function: `ref`, `source`.
        function: String,
        /// The texts before it.
        before: Vec<String>,
        /// What is typed of it.
        word: TextRange,
        /// It stands behind a quote; else the quotes are still to be typed.
        is_quoted: bool,
    },
}

/// What is typed of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The names before the last dot, the outermost first.
    pub qualifier: Vec<Name>,
    /// What stands behind it, up to the cursor.
    pub word: TextRange,
    /// All of it.
    pub whole: TextRange,
}

/// What is being typed at `offset`; `None` where nothing that this text or its tables tell could stand:
/// in comments and texts, and where a word of SQL or a new name comes next.
pub fn place(text: &str, options: &Options, offset: TextSize) -> Option<Place> {
    if options.templating == Templating::Jinja
        && let Some(argument) = template::in_tag(text, offset)
    {
        return argument;
    }
    let prepared = Prepared::of_text(text, options);
    // A text that is not closed costs the rest of its line, to the last blank of it.
    let is_damaged = |range: &TextRange| {
        let behind = text.get(range.end().into()..offset.into());
        let goes_on =
            behind.is_some_and(|behind| !behind.contains('\n') && behind.trim().is_empty());
        range.contains_inclusive(offset) || goes_on
    };
    let hidden = &prepared.mask.hidden;
    if prepared.lexed.damaged.iter().any(is_damaged)
        || hidden.iter().any(|range| range.contains_inclusive(offset))
    {
        return None;
    }
    let outline = of_prepared(text, &prepared);
    // A comment to the end of the line goes on where it ends.
    let is_comment = |range: &&TextRange| range.start() < offset && offset <= range.end();
    if outline.comments.iter().any(|range| is_comment(&range)) {
        return None;
    }
    let (lexemes, _) = visible(&prepared.lexed, &prepared.statements);
    let typed = typed(text, offset)?;
    let before = lexemes
        .iter()
        .rfind(|lexeme| lexeme.range.end() <= typed.whole.start());
    let in_text = |lexeme: &&Lexeme| {
        let is_inside = lexeme.range.start() < offset && offset < lexeme.range.end();
        is_inside && !matches!(lexeme.token, Token::Word(_))
    };
    if lexemes.iter().any(|lexeme| in_text(&lexeme)) {
        return None;
    }
    let around = outline.reaching(offset);
    match expected_behind(before, &around, typed.whole.start())? {
        Expected::Table => Some(Place::Table {
            ctes: scope::ctes(text, &around, offset),
            typed,
        }),
        Expected::Column => Some(Place::Column {
            inputs: scope::inputs(text, &around, offset),
            typed,
        }),
    }
}

enum Expected {
    Table,
    Column,
}

/// Words behind which a value stands.
const BEFORE_VALUES: &[&str] = &[
    "ALL", "AND", "BETWEEN", "BY", "CASE", "DISTINCT", "ELSE", "HAVING", "ILIKE", "IN", "LIKE",
    "NOT", "ON", "OR", "QUALIFY", "RLIKE", "SELECT", "SET", "THEN", "WHEN", "WHERE",
];

/// Words behind which a table stands.
const BEFORE_TABLES: &[&str] = &["FROM", "INTO", "JOIN", "TABLE", "UPDATE"];

fn expected_behind(before: Option<&Lexeme>, around: &[&Part], start: TextSize) -> Option<Expected> {
    let before = before?;
    let is_one_of = |words: &[&str]| words.iter().any(|word| before.is_word(word));
    if is_one_of(BEFORE_TABLES) {
        let selects = |part: &&&Part| part.kind == PartKind::Select;
        let begins_from =
            |part: &&Part| part.kind == PartKind::From && part.range.contains_range(before.range);
        // In `EXTRACT(YEAR FROM x)` and `a IS DISTINCT FROM b` it is none that tables follow.
        let is_clause = !before.is_word("FROM")
            || around.iter().any(begins_from)
            || !around.iter().any(|part| selects(&part));
        return Some(match is_clause {
            true => Expected::Table,
            false => Expected::Column,
        });
    }
    if is_one_of(BEFORE_VALUES) {
        return Some(Expected::Column);
    }
    match &before.token {
        Token::Comma => {
            let innermost = around.last().map(|part| &part.kind);
            let is_list = matches!(innermost, Some(PartKind::From | PartKind::Table(_)));
            Some(match is_list {
                true => Expected::Table,
                false => Expected::Column,
            })
        }
        Token::LParen => {
            let innermost = around.last().map(|part| &part.kind);
            (!matches!(innermost, Some(PartKind::From))).then_some(Expected::Column)
        }
        Token::Word(_)
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::DoubleQuotedString(_)
        | Token::NationalStringLiteral(_)
        | Token::DollarQuotedString(_)
        | Token::HexStringLiteral(_)
        | Token::EscapedStringLiteral(_)
        | Token::Placeholder(_)
        | Token::RParen
        | Token::RBracket
        | Token::RBrace
        | Token::Period
        | Token::SemiColon
        | Token::Colon => None,
        // `*` behind a list is a column itself; what follows a number of rows is none.
        Token::Mul if before.range.end() == start => None,
        // A tag of a template stands for a value or a name.
        _ if before.hole.is_some() => None,
        _ => Some(Expected::Column),
    }
}

/// The name that is being typed: letters before the cursor, and before these names with dots.
fn typed(text: &str, offset: TextSize) -> Option<Typed> {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let before = text.get(..offset.into())?;
    let mut head = before.trim_end_matches(is_part);
    let word = TextRange::new(TextSize::of(head), offset);
    let mut qualifier = Vec::new();
    while let Some(rest) = head.strip_suffix('.') {
        let quote = rest
            .chars()
            .next_back()
            .filter(|last| "\"`]".contains(*last));
        let (shorter, name) = match quote {
            Some(quote) => {
                let open = if quote == ']' { '[' } else { quote };
                let inside = rest.get(..rest.len() - quote.len_utf8())?;
                let start = inside.rfind(open)?;
                (inside.get(..start)?, inside.get(start + 1..)?)
            }
            None => {
                let shorter = rest.trim_end_matches(is_part);
                (shorter, rest.get(shorter.len()..)?)
            }
        };
        if name.is_empty() {
            return None;
        }
        qualifier.insert(0, Name::new(name));
        head = shorter;
    }
    // A number is no name.
    let first = text.get(head.len()..)?.chars().next();
    if first.is_some_and(|first| first.is_ascii_digit()) && head.len() < before.len() {
        return None;
    }
    Some(Typed {
        qualifier,
        word,
        whole: TextRange::new(TextSize::of(head), offset),
    })
}

#[cfg(test)]
mod tests;
