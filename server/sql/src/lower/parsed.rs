//! Parsing and lowering as two steps: so that the second can be asked for alone, and its cost be told
//! beside that of the first.

use super::{Catalog, Lowered, each_prepared};
use crate::analysis::Options;
use crate::lexeme::lex;
use crate::prepare::Prepared;
use sqlparser::ast::Statement;

/// A text that is parsed, and can be lowered again and again.
#[derive(Debug)]
pub struct Parsed(Prepared);

/// What the parser makes of a text.
#[derive(Debug)]
pub struct Trees(Vec<Statement>);

/// Parses `text`.
pub fn parsed(text: &str, options: &Options) -> Parsed {
    Parsed(Prepared::of_text(text, options))
}

impl Parsed {
    /// Lowers every statement that gives a table its rows, as [`super::lower`] does.
    pub fn lower(&self, catalog: &dyn Catalog) -> Vec<Lowered> {
        let mut all = Vec::new();
        each_prepared(&self.0, catalog, &mut |lowered| all.push(lowered));
        all
    }

    /// Splits the text into tokens and parses each statement, once: the least that has to be done
    /// with a text whose template is resolved.
    pub fn parse_again(&self) -> Trees {
        let lexed = lex(&self.0.mask, self.0.dialect);
        debug_assert_eq!(lexed.lexemes.len(), self.0.lexed.lexemes.len());
        let statements = self.0.statements.iter();
        let trees = statements.flat_map(|statement| self.0.parse_tokens(&statement.tokens));
        Trees(trees.flatten().collect())
    }
}

impl Trees {
    /// How many statements parse.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}
