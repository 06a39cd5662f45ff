//! A text made ready for the parser: masked or rendered, split into tokens and statements.

use crate::analysis::{Options, Templating};
use crate::dialect::Dialect;
use crate::lexeme::{Lexed, View, lex};
use crate::parse::{Failure, Fragment};
use crate::template::{Mask, Statement, settle};
use sqlparser::ast;
use std::ops::Range;
use syntax::{Places, TextRange};

/// A text made ready for the parser.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) dialect: Dialect,
    /// What stands for the template's tags.
    pub(crate) mask: Mask,
    /// The tokens of the mask.
    pub(crate) lexed: Lexed,
    /// The statements, none of them empty.
    pub(crate) statements: Vec<Statement>,
    /// What macros made, in order; empty for a text that is only masked.
    pub(crate) by_macro: Vec<TextRange>,
}

impl Prepared {
    /// Masks `text` and splits it. Spots of what the template configures are added to `places`.
    pub(crate) fn new(text: &str, options: &Options, places: &mut Places) -> Prepared {
        Prepared::of_mask(mask(text, options, places), options.dialect)
    }

    /// Masks `text` and splits it.
    pub(crate) fn of_text(text: &str, options: &Options) -> Prepared {
        Prepared::new(text, options, &mut Places::default())
    }

    /// Splits what is masked already.
    pub(crate) fn of_mask(mask: Mask, dialect: Dialect) -> Prepared {
        let mut lexed = lex(&mask, dialect);
        let statements = settle(&mut lexed, &mask.holes, dialect);
        let statements = damaged(statements, &lexed);
        Prepared {
            dialect,
            mask,
            lexed,
            statements,
            by_macro: Vec::new(),
        }
    }

    /// The parser's trees of a part of a statement.
    pub(crate) fn parse_tokens(
        &self,
        tokens: &Range<usize>,
    ) -> Result<Vec<ast::Statement>, Failure> {
        let lexemes = self.lexed.lexemes.get(tokens.clone()).unwrap_or_default();
        Fragment::of(lexemes, tokens.start, self.dialect).statements()
    }

    /// Where the tokens stand; empty where there are none.
    pub(crate) fn range(&self, tokens: &Range<usize>) -> TextRange {
        let lexemes = self.lexed.lexemes.get(tokens.clone()).unwrap_or_default();
        match (lexemes.first(), lexemes.last()) {
            (Some(first), Some(last)) => first.range.cover(last.range),
            _ => TextRange::default(),
        }
    }

    /// The tags that are taken for nothing, so that the rest parses.
    pub(crate) fn guessed(&self) -> Vec<TextRange> {
        let lexemes = self.lexed.lexemes.iter();
        let unseen = lexemes.filter(|lexeme| lexeme.view == View::Nothing && lexeme.hole.is_some());
        unseen.map(|lexeme| lexeme.range).collect()
    }
}

fn mask(text: &str, options: &Options, places: &mut Places) -> Mask {
    let mut mask = match options.templating {
        Templating::None => Mask::plain(text),
        Templating::Jinja => Mask::of_template(text, places),
    };
    // Editors on Windows write it; to SQL it is a letter.
    if mask.text.starts_with(BYTE_ORDER_MARK) {
        let blanks = " ".repeat(BYTE_ORDER_MARK.len_utf8());
        mask.text
            .replace_range(..BYTE_ORDER_MARK.len_utf8(), &blanks);
    }
    mask
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A statement from which a part had to be left out does not parse, whatever the rest does.
fn damaged(mut statements: Vec<Statement>, lexed: &Lexed) -> Vec<Statement> {
    for damage in &lexed.damaged {
        let own = statements.iter_mut().rev().find(|statement| {
            let first = lexed.lexemes.get(statement.tokens.start);
            first.is_some_and(|first| first.range.start() <= damage.start())
        });
        if let Some(own) = own {
            own.trees.clear();
            own.failure = Some(Failure {
                token: None,
                message: "A quote or comment is opened here and not closed".to_owned(),
            });
        }
    }
    statements
}
