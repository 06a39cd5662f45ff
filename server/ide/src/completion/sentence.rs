//! What may be typed next in a sentence of an amendment: the names of tables and columns, where the
//! grammar's tables allow one, and behind a name the forms that the sentence may have.

use super::names::{Names, Subject};
use super::place::Place;
use super::{Completion, CompletionKind, Completions};
use index::{File, Snapshot};
use spec::guarantee::{Expected, Fit, FormPartKind, Slot, expected_after, fitting};
use syntax::TextRange;

pub(super) fn completions(
    snapshot: &Snapshot,
    file: &File,
    place: &Place,
    snippets: bool,
) -> Completions {
    let names = Names::new(snapshot, file, place);
    if !place.qualifier.is_empty() {
        return names.found(names.behind_a_dot());
    }
    let expected = expected_after(&place.start);
    let has = |kind: &Expected| expected.contains(kind);
    let mut found = Vec::new();
    // Where a column stands in, the words that end it come behind.
    if has(&Expected::Name) {
        found.extend(names.all());
    }
    if has(&Expected::Sql) {
        found.extend(names.for_sql());
    }
    if has(&Expected::Unit) {
        found.extend(names.units());
    }
    if has(&Expected::Term) {
        found.extend(names.terms());
    }
    let forms = if snippets {
        forms(place, names.subject())
    } else {
        Vec::new()
    };
    if forms.is_empty() {
        found.extend(words(&expected, place.word));
    } else {
        found.extend(forms);
    }
    names.found(found)
}

/// The words of the language that may come next, with those that must follow.
fn words(expected: &[Expected], range: TextRange) -> impl Iterator<Item = Completion> {
    let words = expected.iter().filter_map(|expected| match expected {
        Expected::Words(words) if words.starts_with(char::is_alphabetic) || words == "=" => {
            Some(words.clone())
        }
        _ => None,
    });
    words.map(move |text| Completion::new(text, range, CompletionKind::Keyword))
}

/// The rest of each form that a sentence about `subject` may have, where words of the language come next.
fn forms(place: &Place, subject: Option<Subject>) -> Vec<Completion> {
    if place.start.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Completion> = Vec::new();
    let fits = fitting(&format!("{} ", place.start)).into_iter();
    for fit in fits.filter(|fit| is_about(fit, subject)) {
        let Some((label, snippet)) = rest(&fit) else {
            continue;
        };
        if !found.iter().any(|other| other.label == label) {
            found.push(Completion {
                label,
                is_snippet: true,
                documentation: Some(format!("Such as `{}`.", fit.form.example)),
                ..Completion::new(snippet, place.word, CompletionKind::Form)
            });
        }
    }
    found
}

/// Whether sentences of a form are about what this one is about, as far as that is known. Who has written more
/// of one goes on with it.
fn is_about(fit: &Fit, subject: Option<Subject>) -> bool {
    let first = fit.form.parts.first();
    let first = first.and_then(|first| fit.form.text.get(first.range.clone()));
    match first {
        _ if fit.part > 1 => true,
        Some("COLUMN") => subject != Some(Subject::Table),
        Some("TABLE") => subject != Some(Subject::Column),
        _ => true,
    }
}

/// What is still to be typed of a form, to be read and to be filled in; none where no word of the
/// language comes next. What may be left out is.
fn rest(fit: &Fit) -> Option<(String, String)> {
    let parts = fit.form.parts.get(fit.part..)?;
    let FormPartKind::Words(first) = &parts.first()?.kind else {
        return None;
    };
    let (mut label, mut snippet) = (Vec::new(), Vec::new());
    let mut stops = 0;
    let words = first.get(fit.words_of_part..).filter(|it| !it.is_empty())?;
    label.push(words.join(" "));
    snippet.push(words.join(" "));
    let group = parts.first()?.optional;
    for part in parts.iter().skip(1) {
        if part.optional != group && part.optional.is_some() {
            continue;
        }
        match &part.kind {
            FormPartKind::Words(words) => {
                label.push(words.join(" "));
                snippet.push(words.join(" "));
            }
            FormPartKind::Slot(slot) => {
                stops += 1;
                let name = fit.form.text.get(part.range.clone())?;
                label.push(name.to_owned());
                snippet.push(match slot {
                    Slot::List => format!("(${{{stops}:{}}})", name.trim_matches(['(', ')'])),
                    _ => format!("${{{stops}:{name}}}"),
                });
            }
        }
    }
    Some((label.join(" "), snippet.join(" ")))
}
