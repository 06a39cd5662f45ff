//! Where in a sentence a word is being typed, from the text alone: half-typed YAML has no tree worth
//! asking.

use syntax::{Name, TextRange, TextSize};

/// A place in a sentence among the `guarantees` of an amendment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The whole words of the sentence before the one that is being typed.
    pub(super) start: String,
    /// The names before the last dot of the word that is being typed.
    pub(super) qualifier: Vec<Name>,
    /// The word that is being typed, behind its last dot; empty and at the cursor where none is.
    pub(super) word: TextRange,
    /// That word.
    pub(super) typed: String,
}

/// What is typed before `offset` of a sentence among the `guarantees` of an amendment.
pub(crate) fn sentence_before(text: &str, offset: TextSize) -> Option<&str> {
    let before = text.get(..offset.into())?;
    let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = before.get(line_start..)?;
    sentence_in(line, before.get(..line_start)?)
}

impl Place {
    /// The place at `offset`; none where no sentence is being typed.
    pub(super) fn new(text: &str, offset: TextSize) -> Option<Place> {
        let sentence = sentence_before(text, offset)?;
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
        let typed = sentence.len() - sentence.trim_end_matches(is_part).len();
        let mut head = sentence.get(..sentence.len() - typed)?;
        let mut qualifier = Vec::new();
        while let Some(rest) = head.strip_suffix('.') {
            let name = rest.len() - rest.trim_end_matches(is_part).len();
            let (shorter, name) = rest.split_at_checked(rest.len() - name)?;
            if name.is_empty() {
                break;
            }
            qualifier.insert(0, Name::new(name));
            head = shorter;
        }
        let word = sentence.get(sentence.len() - typed..)?.to_owned();
        let typed = TextSize::try_from(typed).ok()?;
        Some(Place {
            start: head.trim().to_owned(),
            qualifier,
            word: TextRange::new(offset.checked_sub(typed)?, offset),
            typed: word,
        })
    }
}

/// What of `line`, the text before the cursor in its line, is a sentence among `guarantees`; `above` is
/// the text before the line.
fn sentence_in<'t>(line: &'t str, above: &str) -> Option<&'t str> {
    if let Some(value) = value_of_key(line) {
        let value = value.trim_start();
        return (!value.starts_with(['|', '>', '['])).then(|| unquoted(value));
    }
    let indent = indentation(line);
    let content = line.get(indent..)?;
    let (content, is_item) = match content.strip_prefix("- ") {
        Some(item) => (item.trim_start(), true),
        None => (content, false),
    };
    let mut lines = above.lines().rev();
    let key = lines.find(|line| {
        let is_blank = line.trim().is_empty() || line.trim_start().starts_with('#');
        let stands = indentation(line);
        // The items of a list may stand as far left as its key.
        let is_sibling = is_item && stands == indent && line.trim_start().starts_with("- ");
        !is_blank && !is_sibling && (stands < indent || is_item && stands == indent)
    })?;
    let value = value_of_key(key)?.trim();
    let is_block = value.starts_with(['|', '>']);
    match is_item && !is_block {
        true => (value.is_empty() || value.starts_with('#')).then(|| unquoted(content)),
        false => is_block.then_some(line.get(indent..)?),
    }
}

/// What stands behind `guarantees:`, if the line has that key.
fn value_of_key(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
    line.strip_prefix("guarantees:")
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix(['"', '\'']).unwrap_or(text)
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Option<(String, String, String)> {
        let at = text.find('§').unwrap();
        let text = text.replace('§', "");
        let place = Place::new(&text, TextSize::new(u32::try_from(at).unwrap()))?;
        let word: std::ops::Range<usize> = place.word.into();
        Some((
            place.start,
            syntax::name::dotted(&place.qualifier),
            text.get(word).unwrap().to_owned(),
        ))
    }

    fn found(start: &str, qualifier: &str, word: &str) -> Option<(String, String, String)> {
        Some((start.to_owned(), qualifier.to_owned(), word.to_owned()))
    }

    #[test]
    fn a_sentence_is_found_in_every_form_of_yaml() {
        for (text, expected) in [
            ("  guarantees: |\n    orders ex§", found("orders", "", "ex")),
            ("  guarantees: |\n    a exists\n\n    §", found("", "", "")),
            (
                "  guarantees: |\r\n    a exists\r\n    b §",
                found("b", "", ""),
            ),
            ("  guarantees:\n    - orders.am§", found("", "orders", "am")),
            (
                "  guarantees:\n  - a exists\n  - 'raw.orders.§",
                found("", "raw.orders", ""),
            ),
            ("  guarantees: orders §", found("orders", "", "")),
            ("  - guarantees: |-\n      o §", found("o", "", "")),
            ("  promises: |\n    orders §", None),
            ("  guarantees: |\n    a exists\n  change: or§", None),
            ("  guarantees: §|", found("", "", "")),
            ("name: x§", None),
            ("§", None),
        ] {
            assert_eq!(place(text), expected, "{text}");
        }
    }
}
