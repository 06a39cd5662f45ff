//! What is known of a macro of a template: how it is called, and what it does.

use crate::lookup;
use crate::markdown;
use index::{MacroKey, Snapshot};

/// Its name and its parameters, as its definition has them.
pub(crate) fn signature(snapshot: &Snapshot, key: &MacroKey) -> Option<String> {
    let (file, own) = snapshot.macro_of(key)?;
    let text = snapshot.text(file)?;
    let written = lookup::slice(&text, file.range(own.signature));
    Some(written.trim_end().to_owned())
}

/// What its description says, else the comment above it, as Markdown.
pub(crate) fn told(snapshot: &Snapshot, key: &MacroKey) -> Option<String> {
    let entries = snapshot.macro_descriptions(key);
    let mut descriptions = entries
        .iter()
        .filter_map(|(_, entry)| entry.description.as_ref());
    if let Some(field) = descriptions.next() {
        return Some(markdown::prose(&field.value));
    }
    let (file, own) = snapshot.macro_of(key)?;
    let text = snapshot.text(file)?;
    let blanks = |letter: char| letter.is_whitespace() || letter == '-';
    let comment = lookup::slice(&text, file.range(own.comment?)).trim_matches(blanks);
    Some(markdown::prose(comment)).filter(|comment| !comment.is_empty())
}

/// The names of the parameters in a signature, in order.
pub(crate) fn parameters(signature: &str) -> Vec<String> {
    let Some((_, inside)) = signature.split_once('(') else {
        return Vec::new();
    };
    let inside = inside.rsplit_once(')').map_or(inside, |(inside, _)| inside);
    let (mut depth, mut quote) = (0_usize, None);
    let parts = inside.split(|letter: char| {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') => return depth == 0,
            (None, _) => {}
        }
        false
    });
    let names = parts.map(|part| part.split('=').next().unwrap_or_default().trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_names_without_what_they_are_by_default() {
        assert_eq!(parameters("m"), Vec::<String>::new());
        assert_eq!(parameters("m()"), Vec::<String>::new());
        assert_eq!(
            parameters("m(a, b = [1, 2], c='x, y', d=f(1, 2))"),
            ["a", "b", "c", "d"]
        );
    }
}
