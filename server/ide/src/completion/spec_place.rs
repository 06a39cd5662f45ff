//! Where in a spec a key or a value is being typed, from the text alone: a mapping that is half typed has
//! no tree worth asking. A line belongs to what the lines above it, by their indentation, say.

use crate::lookup::offset;
use syntax::{TextRange, TextSize};

/// A place in a spec where a key or a value is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The mappings around it, the outermost first.
    pub(super) levels: Vec<Level>,
    /// What is being typed there.
    pub(super) typed: Typed,
    /// The word that is being typed, up to the cursor.
    pub(super) word: TextRange,
}

/// A mapping around a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Level {
    /// The key that holds it; none for the outermost.
    pub(super) key: Option<String>,
    /// It is an item of a list.
    pub(super) is_item: bool,
    /// The column where its keys stand.
    pub(super) column: usize,
    /// Its keys with their values, those above the place, and on its line.
    pub(super) siblings: Vec<(String, String)>,
}

/// What is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// A key of the innermost mapping.
    Key {
        /// A colon stands behind it already.
        has_colon: bool,
        /// It is between braces, on one line with others.
        in_flow: bool,
    },
    /// The value of a key, or an item of the list that is its value.
    Value(String),
}

/// The place at `at`; none in comments, in texts that go over several lines, and where the indentation
/// tells nothing.
pub(super) fn place(text: &str, at: TextSize) -> Option<Place> {
    let (before, after) = text.split_at_checked(at.into())?;
    let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let (above, typed) = before.split_at_checked(line_start)?;
    if is_in_comment(typed) {
        return None;
    }
    let rest = after.split(['\n', '\r']).next().unwrap_or_default();
    let line = Line::new(typed);
    let mut innermost = Level {
        column: line.column,
        is_item: line.dash.is_some(),
        ..Level::default()
    };
    let mut inner = Vec::new();
    let (typed_here, word) = in_line(&line, rest, &mut innermost, &mut inner)?;
    let mut levels = vec![innermost];
    around(above, line.dash, &mut levels)?;
    levels.reverse();
    levels.extend(inner);
    // What is an item of a list that no mapping starts in belongs to the key above.
    let typed = match typed_here {
        Here::Key { has_colon, in_flow } => Typed::Key { has_colon, in_flow },
        Here::Value(key) => Typed::Value(key),
    };
    Some(Place {
        levels,
        typed,
        word: TextRange::new(at.checked_sub(offset(word))?, at),
    })
}

/// The text with the line at `at` moved into the item that ends right above it, and the place in that: below
/// `- name: x` an editor leaves the cursor under the dash. None where no item is there to go on with.
pub(super) fn moved_into_item(text: &str, at: TextSize) -> Option<(String, TextSize)> {
    let bare = place(text, at).filter(|place| {
        let level = place.levels.last();
        let is_key = matches!(place.typed, Typed::Key { in_flow: false, .. });
        is_key && level.is_some_and(|level| !level.is_item && level.siblings.is_empty())
    })?;
    let column = bare.levels.last()?.column;
    let start = usize::from(at).checked_sub(usize::from(bare.word.len()) + column)?;
    let moved = format!("{}{INTO_ITEM}{}", text.get(..start)?, text.get(start..)?);
    let at = at + TextSize::of(INTO_ITEM);
    let level = place(&moved, at)?.levels.pop()?;
    (level.is_item && !level.siblings.is_empty()).then_some((moved, at))
}

/// What the keys of an item stand behind its dash.
pub(super) const INTO_ITEM: &str = "  ";

enum Here {
    Key { has_colon: bool, in_flow: bool },
    Value(String),
}

/// A line, or the part of it before the cursor.
struct Line<'t> {
    /// The column of the last dash that starts an item.
    dash: Option<usize>,
    /// The column where its content starts.
    column: usize,
    content: &'t str,
}

impl<'t> Line<'t> {
    fn new(text: &'t str) -> Line<'t> {
        let mut rest = text.trim_start_matches(' ');
        let mut dash = None;
        while let Some(behind) = rest.strip_prefix('-') {
            if !behind.is_empty() && !behind.starts_with(' ') {
                break;
            }
            dash = Some(text.len() - rest.len());
            rest = behind.trim_start_matches(' ');
        }
        let is_only_dash = rest.is_empty() && dash.is_some();
        let column = text.len() - rest.len();
        Line {
            dash,
            // Behind a dash alone the item starts after a blank.
            column: match (is_only_dash, dash) {
                (true, Some(dash)) => column.max(dash + 2),
                _ => column,
            },
            content: rest,
        }
    }

    fn key_and_value(&self) -> Option<(&'t str, &'t str)> {
        key_and_value(self.content)
    }
}

/// `key: value`, without the quotes of the key, and without a comment behind the value.
fn key_and_value(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(':')?;
    let key = key.trim().trim_matches(['"', '\'']);
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
    let is_apart = value.is_empty() || value.starts_with([' ', '\t']);
    let value = match value.find(" #") {
        Some(comment) => value.get(..comment)?,
        None => value,
    };
    (is_key && is_apart).then(|| (key, value.trim()))
}

fn is_in_comment(line: &str) -> bool {
    let mut quote = None;
    let mut before = ' ';
    for letter in line.chars() {
        match (quote, letter) {
            (None, '#') if before.is_whitespace() => return true,
            (None, '\'' | '"') if " [{,:".contains(before) => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        before = letter;
    }
    false
}

/// What is being typed in its line, and how long the word is.
/// Mappings between braces that the line opens are added to `inner`.
fn in_line(
    line: &Line<'_>,
    rest: &str,
    level: &mut Level,
    inner: &mut Vec<Level>,
) -> Option<(Here, usize)> {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let content = line.content;
    let braces = open_braces(content);
    if let Some((inside, _)) = braces.last() {
        for (at, (outside, key)) in braces.iter().enumerate() {
            // The item of a list that the line starts is the first of them.
            if let Some(key) = key {
                inner.push(Level {
                    key: Some((*key).to_owned()),
                    is_item: true,
                    ..Level::default()
                });
            }
            let next = braces.get(at + 1).map(|(inside, _)| inside.len());
            if let Some(next) = next {
                let own = outside.get(..outside.len().saturating_sub(next))?;
                let level = inner.last_mut().unwrap_or(level);
                level.siblings.extend(entries(own).0);
            }
        }
        if inner.is_empty() && line.dash.is_none() {
            return None;
        }
        return in_braces(inside, rest, inner.last_mut().unwrap_or(level));
    }
    let Some((key, _)) = key_and_value(content) else {
        let is_plain = content.chars().all(is_word);
        let has_colon = rest.trim_start_matches(is_word).starts_with(':');
        let in_flow = false;
        return is_plain.then_some((Here::Key { has_colon, in_flow }, content.len()));
    };
    let (_, value) = content.split_once(':')?;
    // Behind a whole value nothing follows; a list in brackets goes on.
    let typed = match value.trim_start().strip_prefix('[') {
        Some(items) if !items.contains(']') => items.rsplit(',').next()?,
        Some(_) => return None,
        None => value,
    };
    let typed = typed.trim_start().trim_start_matches(['"', '\'']);
    // Paths have slashes.
    let is_part = |letter: char| is_word(letter) || letter == '/';
    let is_value = typed.chars().all(is_part) && value.starts_with([' ', '\t']);
    is_value.then(|| (Here::Value(key.to_owned()), typed.len()))
}

/// What stands behind each brace that is open at the end of a line, and the key whose value it, or the
/// list that it is in, is.
fn open_braces(content: &str) -> Vec<(&str, Option<&str>)> {
    let mut open: Vec<(char, usize, Option<&str>)> = Vec::new();
    let mut key = None;
    let mut word = 0;
    let mut quote = None;
    for (at, letter) in content.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '{' | '[') => {
                let of_list = open.last().filter(|(kind, ..)| *kind == '[');
                let held = key.take().or_else(|| of_list.and_then(|(_, _, key)| *key));
                open.push((letter, at + 1, held));
                word = at + 1;
            }
            (None, '}' | ']') => {
                open.pop();
                key = None;
            }
            (None, ':') => key = content.get(word..at).map(str::trim),
            (None, ',') => {
                key = None;
                word = at + 1;
            }
            _ => {}
        }
    }
    let braces = open.into_iter().filter(|(kind, ..)| *kind == '{');
    braces
        .filter_map(|(_, at, key)| Some((content.get(at..)?, key)))
        .collect()
}

/// In a mapping in braces, all of it on one line.
fn in_braces(inside: &str, rest: &str, level: &mut Level) -> Option<(Here, usize)> {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let (siblings, last) = entries(inside);
    level.siblings.extend(siblings);
    let Some((key, value)) = key_and_value(last) else {
        let has_colon = rest.trim_start_matches(is_word).starts_with(':');
        let in_flow = true;
        return last
            .chars()
            .all(is_word)
            .then_some((Here::Key { has_colon, in_flow }, last.len()));
    };
    let typed = match value.strip_prefix('[') {
        Some(items) => items.rsplit(',').next()?.trim_start(),
        None => value,
    };
    let typed = typed.trim_start_matches(['"', '\'']);
    typed
        .chars()
        .all(is_word)
        .then(|| (Here::Value(key.to_owned()), typed.len()))
}

/// The entries between braces that are complete, and what stands behind the last of them.
fn entries(inside: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, letter) in inside.char_indices() {
        match letter {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                let part = inside.get(start..at).unwrap_or_default().trim();
                let entry = key_and_value(part);
                found.extend(entry.map(|(key, value)| (key.to_owned(), value.to_owned())));
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = inside.get(start..).unwrap_or_default().trim_start();
    (found, last)
}

/// The mappings around the innermost one, which `levels` holds, by the lines above it.
fn around(above: &str, dash: Option<usize>, levels: &mut Vec<Level>) -> Option<()> {
    let mut dash = dash;
    let mut column = levels.last()?.column;
    for text in above.lines().rev() {
        let line = Line::new(text);
        if line.content.is_empty() && line.dash.is_none() || line.content.starts_with('#') {
            continue;
        }
        if let Some(list) = dash {
            let is_inside = line.column > list || line.dash.is_some_and(|other| other >= list);
            if is_inside && line.dash.is_none_or(|other| other >= list) {
                continue;
            }
        } else if line.column > column {
            continue;
        } else if line.column == column {
            if let Some((key, value)) = line.key_and_value() {
                let level = levels.last_mut()?;
                level.siblings.push((key.to_owned(), value.to_owned()));
                level.is_item = line.dash.is_some();
            }
            dash = line.dash;
            continue;
        }
        let (key, value) = line.key_and_value()?;
        if !value.is_empty() {
            return None;
        }
        let level = levels.last_mut()?;
        level.key = Some(key.to_owned());
        column = line.column;
        dash = line.dash;
        levels.push(Level {
            column,
            is_item: line.dash.is_some(),
            ..Level::default()
        });
    }
    // The outermost mapping has no key, and stands at the left.
    (column == 0 && dash.is_none()).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let at = TextSize::of(text.split('§').next().unwrap());
        let text = text.replace('§', "");
        let Some(place) = place(&text, at) else {
            return "nothing".to_owned();
        };
        let levels = place.levels.iter().map(|level| {
            let key = level.key.as_deref().unwrap_or("/");
            let item = if level.is_item { "-" } else { "" };
            let keys: Vec<&str> = level.siblings.iter().map(|(key, _)| key.as_str()).collect();
            format!("{key}{item}({})", keys.join(" "))
        });
        let levels: Vec<String> = levels.collect();
        let word: std::ops::Range<usize> = place.word.into();
        let word = text.get(word).unwrap();
        let typed = match place.typed {
            Typed::Key { has_colon, in_flow } => {
                let colon = if has_colon { ":" } else { "" };
                format!("key{}{colon}", if in_flow { " in flow" } else { "" })
            }
            Typed::Value(key) => format!("value of {key}"),
        };
        format!("{} {typed} {word:?}", levels.join(" "))
    }

    #[test]
    fn keys_and_values_are_found_by_indentation() {
        for (text, expected) in [
            ("§", r#"/() key """#),
            ("product: a\nde§", r#"/(product) key "de""#),
            (
                "product: a\ntables:\n  - name: t\n    §",
                r#"/(product) tables-(name) key """#,
            ),
            (
                "tables:\n- name: t\n  wh§\n",
                r#"/() tables-(name) key "wh""#,
            ),
            (
                "tables:\n  - name: t\n    columns:\n      - name: c\n        why: |\n          text\n        un§: x",
                r#"/() tables-(name) columns-(why name) key: "un""#,
            ),
            ("tables:\n  - §", r#"/() tables-() key """#),
            ("tables:\n  - name: t\n  - na§", r#"/() tables-() key "na""#),
            ("tables:\n  §", r#"/() tables() key """#),
            (
                "tables:\n  - name: t\n    columns:\n      - {name: c, nu§}",
                r#"/() tables-(name) columns-(name) key in flow "nu""#,
            ),
            (
                "amendments:\n  - id: 1\n    supersedes: [{amendment: §",
                r#"/() amendments-(id) supersedes-() value of amendment """#,
            ),
            (
                "tables: [{name: a}, {name: t, columns: [{name: c, ty§}]}]",
                r#"/() tables-(name) columns-(name) key in flow "ty""#,
            ),
            ("{pro§", "nothing"),
            (
                "amendments:\n  - id: 1\n    status: prop§",
                r#"/() amendments-(id) value of status "prop""#,
            ),
            (
                "amendments:\n  - id: 1\n    changes: [orders.a, or§",
                r#"/() amendments-(id) value of changes "or""#,
            ),
            ("product: a # x§", "nothing"),
            ("description: |\n  some text§", "nothing"),
            ("description: some\n  more§", "nothing"),
            ("description: some text§", "nothing"),
            ("a: [b] §", "nothing"),
            ("\r\nproduct: a\r\nti§", r#"/(product) key "ti""#),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
