//! How aliases are written in a file.

use crate::columns::Columns;
use crate::lookup;
use sql::lower::ColumnPlace;
use syntax::TextRange;

/// How a file writes `AS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    is_large: bool,
}

impl Style {
    /// That of most `AS` in `text`, but for those in `without`; where there are none, that of `SELECT`.
    pub(super) fn of(text: &str, without: &[TextRange]) -> Style {
        let is_left_out = |at: usize| {
            let at = lookup::offset(at);
            without.iter().any(|range| range.contains(at))
        };
        let count = |word: &str| {
            let places = words(text, word);
            places.filter(|at| !is_left_out(*at)).count()
        };
        let (large, small) = (count("AS"), count("as"));
        let is_large = match large == small {
            true => count("SELECT") > count("select"),
            false => large > small,
        };
        Style { is_large }
    }

    /// What stands between a column and its alias.
    pub(super) fn between(self) -> &'static str {
        match self.is_large {
            true => " AS ",
            false => " as ",
        }
    }
}

/// Where `word` stands as a word of its own, in these letters.
fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let places = text.match_indices(word).map(|(at, _)| at);
    places.filter(move |at| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let behind = text
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !behind.is_some_and(is_part)
    })
}

/// The name of the column in `value AS alias`, where the value is nothing but a column.
pub(super) fn value(
    columns: &Columns<'_>,
    place: &ColumnPlace,
    is_mention: impl Fn(TextRange) -> bool,
) -> Option<TextRange> {
    let before = TextRange::new(
        place.item.start(),
        place.name.start().max(place.item.start()),
    );
    let text = columns.slice(before);
    let value = text.trim_end();
    let value = value
        .strip_suffix("as")
        .or_else(|| value.strip_suffix("AS"))?;
    let end = value.trim_end().len();
    if end == value.len() {
        return None;
    }
    let value = value.get(..end)?;
    // A dotted path.
    let is_path = |letter: char| letter.is_alphanumeric() || "_.\"`".contains(letter);
    if value.is_empty() || !value.chars().all(is_path) {
        return None;
    }
    let start = value.rfind('.').map_or(0, |dot| dot + 1);
    let start = place.item.start() + lookup::offset(start);
    let range = TextRange::new(start, place.item.start() + lookup::offset(end));
    is_mention(range).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_is_written_as_mostly() {
        for (text, expected) in [
            ("select a as b, c AS d, e as f", " as "),
            ("SELECT a AS b", " AS "),
            ("SELECT a", " AS "),
            ("select a", " as "),
            ("", " as "),
            ("select was, AS_of, a", " as "),
        ] {
            assert_eq!(Style::of(text, &[]).between(), expected, "{text}");
        }
        let text = "SELECT a as b";
        let without = TextRange::new(8.into(), 12.into());
        assert_eq!(Style::of(text, &[without]).between(), " AS ");
    }
}
