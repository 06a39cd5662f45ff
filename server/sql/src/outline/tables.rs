//! Which table the tokens in a `FROM` clause mean.

use crate::facts::{TableName, TableRef};
use crate::skeleton::Source;
use crate::template::{Mask, Meaning};
use sqlparser::tokenizer::Token;
use std::ops::Range;
use syntax::Name;

/// The table that `tokens` name.
pub(super) fn table_of(source: &Source<'_>, mask: &Mask, tokens: &Range<usize>) -> TableRef {
    let hole = source.get(tokens.start).and_then(|lexeme| lexeme.hole);
    if let Some(hole) = hole {
        let meaning = mask.holes.get(hole.index).map(|hole| &hole.meaning);
        return match meaning {
            Some(Meaning::Table(table)) if hole.alone && tokens.len() == 1 => table.clone(),
            _ => TableRef::Unknown,
        };
    }
    let mut parts = Vec::new();
    for at in tokens.clone() {
        match source.name(at) {
            Some(name) => parts.push(Name::new(name)),
            None if source.is(at, &Token::Period) => {}
            None => return TableRef::Unknown,
        }
    }
    match parts.is_empty() {
        true => TableRef::Unknown,
        false => TableRef::Named(TableName { parts }),
    }
}
