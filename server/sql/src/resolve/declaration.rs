//! The list of columns of a `CREATE TABLE`.

use super::Resolver;
use super::relation::Relation;
use crate::facts::{OpenReason, Origin, Output, OutputColumn};
use sqlparser::tokenizer::Token;
use std::ops::Range;

/// Words that begin an entry which is no column, when followed by one of these or a parenthesis.
const CONSTRAINTS: &[(&str, &[&str])] = &[
    ("PRIMARY", &["KEY"]),
    ("FOREIGN", &["KEY"]),
    ("UNIQUE", &["KEY", "INDEX", "NULLS", "("]),
    ("CHECK", &["("]),
    ("EXCLUDE", &["USING", "("]),
    ("INDEX", &["("]),
    ("KEY", &["("]),
    ("FULLTEXT", &["KEY", "INDEX", "("]),
    ("PERIOD", &["FOR"]),
];

/// Words that end a column's type.
const OPTIONS: &[&str] = &[
    "ALIAS",
    "AS",
    "AUTOINCREMENT",
    "AUTO_INCREMENT",
    "CHARACTER",
    "CHECK",
    "CODEC",
    "COLLATE",
    "COMMENT",
    "CONSTRAINT",
    "DEFAULT",
    "DISTKEY",
    "ENCODE",
    "EPHEMERAL",
    "GENERATED",
    "IDENTITY",
    "INVISIBLE",
    "MASKING",
    "MATERIALIZED",
    "NOT",
    "NULL",
    "ON",
    "OPTIONS",
    "PRIMARY",
    "REFERENCES",
    "SORTKEY",
    "TAG",
    "TTL",
    "UNIQUE",
    "WITH",
];

impl Resolver<'_> {
    /// The columns that a declaration lists.
    pub(super) fn declaration(
        &mut self,
        name: &Range<usize>,
        columns: Option<&[Range<usize>]>,
    ) -> Relation {
        let Some(columns) = columns else {
            // `CREATE TABLE a LIKE b`, `… CLONE b`: as many as that one has.
            return Relation::unknown(self.open(OpenReason::UnknownInput, name));
        };
        let mut outputs = Vec::new();
        let mut open = None;
        for entry in columns {
            if entry.is_empty() || self.is_constraint(entry) {
                continue;
            }
            let like = self.source.is_word(entry.start, "LIKE");
            let column = if like {
                None
            } else {
                self.declared_column(entry)
            };
            match column {
                Some(column) => outputs.push(Output::Column(column)),
                None => {
                    let reason = match (like, self.has_hole(entry)) {
                        (true, _) => OpenReason::UnknownInput,
                        (false, true) => OpenReason::Template,
                        (false, false) => OpenReason::Unparsed,
                    };
                    open.get_or_insert(self.open(reason, entry));
                }
            }
        }
        Relation::new(outputs, open)
    }

    fn is_constraint(&self, entry: &Range<usize>) -> bool {
        let at = entry.start;
        if self.source.is_word(at, "CONSTRAINT") {
            return entry.len() > 2;
        }
        CONSTRAINTS.iter().any(|(word, next)| {
            self.source.is_word(at, word)
                && next.iter().any(|next| match *next {
                    "(" => self.source.is(at + 1, &Token::LParen),
                    next => self.source.is_word(at + 1, next),
                })
        }) || (self.source.is_one_of(at, &["KEY", "INDEX"])
            && self.source.is(at + 2, &Token::LParen)
            && self.source.after(at + 2) == entry.end
            && !self
                .source
                .get(at + 1)
                .is_some_and(|next| is_type(next.keyword())))
    }

    fn declared_column(&mut self, entry: &Range<usize>) -> Option<OutputColumn> {
        if !self.source.is_name(entry.start) {
            return None;
        }
        let (name, name_spot) = self.named(entry.start)?;
        let types = entry.start + 1..entry.end;
        let end = self.source.find(types.clone(), |at| {
            let second = at > types.start;
            self.source.is_one_of(at, OPTIONS) && (second || !self.source.is_word(at, "CHARACTER"))
        });
        let data_type = self.type_text(&(types.start..end.unwrap_or(types.end)));
        Some(OutputColumn {
            name,
            name_spot,
            item: self.spot(entry),
            data_type,
            origin: Origin::Computed,
        })
    }
}

/// Whether the word is the type of a column with a length, and not the name of an index.
fn is_type(word: Option<&str>) -> bool {
    let types = [
        "VARCHAR", "CHAR", "DECIMAL", "NUMERIC", "NUMBER", "NVARCHAR", "VARCHAR2", "FLOAT", "BIT",
    ];
    word.is_some_and(|word| types.iter().any(|own| own.eq_ignore_ascii_case(word)))
}
