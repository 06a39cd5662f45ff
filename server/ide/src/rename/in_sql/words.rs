//! Words in SQL that nothing else tells the meaning of.

use crate::columns::Columns;
use crate::columns::occurrences::is_read;
use crate::lookup;
use index::relations::Reading;
use syntax::jinja::{PieceKind, pieces};
use syntax::{Name, TextRange, TextSize};

/// Where `name` stands as a word in statements that could not be read.
pub(super) fn unread(columns: &Columns<'_>, name: &Name) -> Vec<TextRange> {
    let statements = columns.statements();
    let unread: Vec<TextRange> = statements
        .filter(|(_, lowered)| !is_read(lowered))
        .map(|(_, lowered)| lowered.places.statement)
        .collect();
    let known: Vec<TextRange> = columns.occurrences().iter().map(|it| it.range).collect();
    let words = words(&columns.text, name, columns.reading() != Reading::Plain);
    words
        .into_iter()
        .filter(|word| {
            unread
                .iter()
                .any(|statement| statement.contains_range(*word))
        })
        .filter(|word| !known.contains(word))
        .collect()
}

/// Where `name` stands as a word in branches of a template, which may not be taken, and nothing tells
/// what it means. A word before a parenthesis is a function.
pub(super) fn in_branches(columns: &Columns<'_>, name: &Name) -> Vec<TextRange> {
    if columns.reading() == Reading::Plain {
        return Vec::new();
    }
    let mut branches: Vec<TextRange> = Vec::new();
    let mut depth = 0usize;
    for piece in pieces(&columns.text) {
        if piece.kind == PieceKind::Text && depth > 0 {
            branches.push(piece.range);
        }
        if piece.kind == PieceKind::Statement {
            let tag = columns.slice(piece.inner).split_whitespace().next();
            match tag {
                Some("if") => depth += 1,
                Some("endif") => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    if branches.is_empty() {
        return Vec::new();
    }
    let known = columns.occurrences();
    let is_function = |word: &TextRange| {
        let behind = columns.text.get(usize::from(word.end())..);
        behind.is_some_and(|behind| behind.trim_start().starts_with('('))
    };
    words(&columns.text, name, true)
        .into_iter()
        .filter(|word| branches.iter().any(|branch| branch.contains_range(*word)))
        .filter(|word| !known.iter().any(|it| it.range.contains_range(*word)))
        .filter(|word| !is_function(word))
        .collect()
}

/// Where `name` stands in SQL as a word, outside of comments, texts and templates' tags.
pub(in crate::rename) fn words(text: &str, name: &Name, is_template: bool) -> Vec<TextRange> {
    let whole = || vec![TextRange::up_to(TextSize::of(text))];
    let parts = match is_template {
        true => pieces(text)
            .into_iter()
            .filter(|piece| piece.kind == PieceKind::Text)
            .map(|piece| piece.range)
            .collect(),
        false => whole(),
    };
    let mut found = Vec::new();
    for part in parts {
        in_part(lookup::slice(text, part), part.start(), name, &mut found);
    }
    found
}

fn in_part(text: &str, start: TextSize, name: &Name, found: &mut Vec<TextRange>) {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let until = |end: &str, from: usize| {
            let behind = rest.get(from..).unwrap_or_default();
            behind
                .find(end)
                .map_or(rest.len(), |at| from + at + end.len())
        };
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        at += if rest.starts_with("--") {
            until("\n", 2)
        } else if rest.starts_with("/*") {
            until("*/", 2)
        } else if rest.starts_with('\'') {
            until("'", 1)
        } else if rest.starts_with(is_word) {
            let length = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
            let word = rest.get(..length).unwrap_or_default();
            if word.eq_ignore_ascii_case(name.as_str()) {
                let at = start + lookup::offset(at);
                found.push(TextRange::at(at, TextSize::of(word)));
            }
            length
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_outside_of_comments_texts_and_tags() {
        let text = "select x, 'x', \"x\", xx -- x\n/* x */ {{ x }} from t where X = 1 {# x #}";
        let found: Vec<u32> = words(text, &Name::new("x"), true)
            .into_iter()
            .map(|range| range.start().into())
            .collect();
        assert_eq!(found, [7, 16, 57]);
    }
}
