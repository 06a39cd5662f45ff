//! What a template may set in `config(…)`: keys that it does not set yet, and values of those whose values can be
//! known. They are the settings that dbt's YAML has below `config`.

use super::{Completion, CompletionKind};
use index::{File, FileKind, ModelId, Snapshot, SqlRole};
use spec::dbt::keys::{Kind, Section};
use syntax::{TextRange, TextSize};

/// A place in `config(…)`.
pub(super) struct Place<'t> {
    /// The key whose value is being typed; none where a key is.
    key: Option<&'t str>,
    /// The value stands behind a quote.
    is_quoted: bool,
    /// What is typed of either.
    pub(super) word: TextRange,
    /// The keys that are set before.
    set: Vec<&'t str>,
    /// An equals sign follows.
    is_given: bool,
}

/// Where a key or a value is being typed in `config(…)`.
pub(super) fn place(text: &str, offset: TextSize) -> Option<Place<'_>> {
    let (before, behind) = text.split_at_checked(offset.into())?;
    let start = before.rfind("{{").max(before.rfind("{%"))?;
    let inner = before.get(start + 2..)?;
    let open = inner.rfind("config(")?;
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    if inner.get(..open)?.ends_with(|it| is_part(it) || it == '.') {
        return None;
    }
    let (arguments, quote) = arguments(inner.get(open + "config(".len()..)?)?;
    let (last, others) = arguments.split_last()?;
    let key = |argument: &'_ str| argument.split_once('=').map(|(key, _)| key.trim().len());
    let set = others
        .iter()
        .filter_map(|argument| argument.trim_start().get(..key(argument)?));
    let (key, typed) = match last.split_once('=') {
        None => (None, last.trim_start()),
        Some((key, value)) => {
            let typed = match quote {
                Some(quote) => value.rsplit(quote).next()?,
                None => value.trim_start(),
            };
            (Some(key.trim()), typed)
        }
    };
    let is_word = typed.chars().all(|letter| is_part(letter) || letter == '+');
    let is_sound = is_word && (key.is_some() || quote.is_none());
    is_sound.then_some(Place {
        key,
        is_quoted: quote.is_some(),
        word: TextRange::new(offset.checked_sub(TextSize::of(typed))?, offset),
        set: set.collect(),
        is_given: behind
            .trim_start_matches(is_part)
            .trim_start()
            .starts_with('='),
    })
}

/// The arguments of a call that is still open, and the quote that is; none where it is closed.
fn arguments(inside: &str) -> Option<(Vec<&str>, Option<char>)> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    for (at, letter) in inside.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.checked_sub(1)?,
            (None, ',') if depth == 0 => {
                found.push(inside.get(start..at)?);
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    found.push(inside.get(start..)?);
    Some((found, quote))
}

/// What may be written there.
pub(super) fn completions(
    snapshot: &Snapshot,
    file: &File,
    place: &Place<'_>,
    snippets: bool,
) -> Vec<Completion> {
    let section = match file.kind {
        FileKind::Sql(SqlRole::Snapshot) => Section::SnapshotConfig,
        FileKind::Sql(SqlRole::Reader) => Section::TestConfig,
        _ => Section::ModelConfig,
    };
    let Some(key) = place.key else {
        let missing = section.keys().filter(|key| !place.set.contains(&key.name));
        let keys = missing.map(|key| {
            let is_text = matches!(
                key.kind,
                Kind::OneOf(_) | Kind::Text | Kind::Columns | Kind::Date
            );
            let text = match (place.is_given, snippets && is_text) {
                (true, _) => key.name.to_owned(),
                (false, true) => format!("{}='$0'", key.name),
                (false, false) => format!("{}=", key.name),
            };
            Completion {
                label: key.name.to_owned(),
                is_snippet: text.contains('$'),
                detail: Some(key.kind.expectation()),
                documentation: Some(key.documentation.to_owned()),
                ..Completion::new(text, place.word, CompletionKind::Key)
            }
        });
        return keys.collect();
    };
    let (words, kind): (Vec<String>, _) = match section.key(key).map(|key| key.kind) {
        Some(Kind::OneOf(words)) => (
            words.iter().map(|it| (*it).to_owned()).collect(),
            CompletionKind::Constant,
        ),
        Some(Kind::Boolean) if !place.is_quoted => {
            let words = ["true", "false"].into_iter();
            let constant = |word| Completion::new(word, place.word, CompletionKind::Constant);
            return words.map(constant).collect();
        }
        Some(Kind::Columns) => (columns(snapshot, file), CompletionKind::Column),
        _ => return Vec::new(),
    };
    let completions = words.into_iter().map(|word| {
        let text = match place.is_quoted {
            true => word.clone(),
            false => format!("'{word}'"),
        };
        Completion {
            label: word,
            ..Completion::new(text, place.word, kind)
        }
    });
    completions.collect()
}

/// The columns that the file's model gives.
fn columns(snapshot: &Snapshot, file: &File) -> Vec<String> {
    let table = snapshot.table_of_model(ModelId {
        file: file.id,
        ordinal: 0,
    });
    let columns = table.map_or(&[][..], |table| table.columns.as_slice());
    columns.iter().map(|it| it.name.to_string()).collect()
}
