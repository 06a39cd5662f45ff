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
        .filter(|word| unread.iter().any(|statement| statement.contains_range(*word)))
        .filter(|word| !known.contains(word))
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
            behind.find(end).map_or(rest.len(), |at| from + at + end.len())
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
        assert_eq!(found, [7, 16, 59]);
    }
}
