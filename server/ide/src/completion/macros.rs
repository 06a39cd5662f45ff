//! What may be called in a tag of a template: the macros of the project and of its packages, and what dbt gives.

use super::{Completion, CompletionKind, MOST};
use crate::macros;
use crate::rename::is_called_by_dbt;
use index::{File, MacroKey, Snapshot};
use syntax::{TextRange, TextSize};

/// A place in a tag where a name is being typed.
pub(super) struct Tag<'t> {
    /// The package before the dot.
    package: Option<&'t str>,
    /// What is typed of the name.
    pub(super) word: TextRange,
    /// The argument list is there already.
    is_called: bool,
    /// A table is read there: behind `from` or `join`.
    is_table: bool,
}

/// Where a name is being typed in a tag; none in texts, behind a number, and for the first word of a statement,
/// which is one of the language.
pub(super) fn tag_at(text: &str, offset: TextSize) -> Option<Tag<'_>> {
    let (before, behind) = text.split_at_checked(offset.into())?;
    let expression = before.rfind("{{");
    let start = expression.max(before.rfind("{%"))?;
    let inner = before.get(start + 2..)?;
    if inner.contains("}}") || inner.contains("%}") || is_in_text(inner) {
        return None;
    }
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let typed = inner.get(inner.trim_end_matches(is_part).len()..)?;
    let head = inner.get(..inner.len() - typed.len())?;
    let is_first = head.trim_start_matches(['-', '+']).trim().is_empty();
    if is_first && expression != Some(start) || typed.starts_with(|it: char| it.is_numeric()) {
        return None;
    }
    let package = head.strip_suffix('.').map(|path| {
        let start = path
            .trim_end_matches(|letter| is_part(letter) || letter == '.')
            .len();
        path.get(start..).unwrap_or_default()
    });
    // Behind a whole value an operator comes next.
    let last = head.trim_end();
    let is_behind_value = last.ends_with([')', ']', '\'', '"']) || last.ends_with(is_part);
    let words = [
        "in", "if", "else", "elif", "not", "and", "or", "do", "is", "call",
    ];
    let is_word = words.iter().any(|word| {
        let rest = last.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(is_part))
    });
    if package.is_none() && is_behind_value && !is_word {
        return None;
    }
    Some(Tag {
        package,
        word: TextRange::new(offset.checked_sub(TextSize::of(typed))?, offset),
        is_called: behind.trim_start_matches(is_part).starts_with('('),
        is_table: is_first && {
            let sql = before.get(..start)?.trim_end().to_lowercase();
            sql.ends_with("from") || sql.ends_with("join")
        },
    })
}

/// Whether a text is open at the end of `inner`.
fn is_in_text(inner: &str) -> bool {
    let mut quote = None;
    for letter in inner.chars() {
        match quote {
            Some(open) if open == letter => quote = None,
            Some(_) => {}
            None if matches!(letter, '\'' | '"') => quote = Some(letter),
            None => {}
        }
    }
    quote.is_some()
}

/// What may be called there: the project's own macros, those of its packages, and what dbt gives.
pub(super) fn in_tag(
    snapshot: &Snapshot,
    file: &File,
    tag: &Tag<'_>,
    snippets: bool,
) -> Vec<Completion> {
    let all = snapshot.macros_callable(file).into_iter();
    let own = snapshot.package_of(file);
    let callable = all.filter_map(|(package, key)| {
        // What `adapter.dispatch` or dbt finds nobody calls.
        let is_variant = key.name.contains("__") || is_called_by_dbt(&key.name);
        let written = match (tag.package, package) {
            _ if is_variant => return None,
            (None, None) => key.name.to_string(),
            (None, Some(package)) => format!("{package}.{}", key.name),
            (Some(named), package) => {
                let package = package.or_else(|| own.clone());
                (package.as_deref() == Some(named)).then(|| key.name.to_string())?
            }
        };
        Some((written, key))
    });
    let of_macro = |(written, key): (String, MacroKey)| {
        let signature = macros::signature(snapshot, &key);
        let parameters = macros::parameters(signature.as_deref().unwrap_or_default());
        Completion {
            detail: signature,
            documentation: macros::told(snapshot, &key),
            ..called(written, &parameters, tag, snippets)
        }
    };
    let mut found: Vec<Completion> = callable.take(MOST + 1).map(of_macro).collect();
    if tag.package.is_none() {
        let given = OF_DBT.iter().map(|given| {
            let parameters: Vec<String> =
                given.parameters.iter().map(|it| (*it).to_owned()).collect();
            let completion = match given.is_called {
                true => called(given.name.to_owned(), &parameters, tag, snippets),
                false => Completion::new(given.name, tag.word, CompletionKind::Constant),
            };
            Completion {
                documentation: Some(given.documentation.to_owned()),
                ..completion
            }
        });
        found.extend(given);
        if tag.is_table {
            found.sort_by_key(|it| !matches!(it.label.as_str(), "ref" | "source"));
        }
    }
    found
}

/// The call, with its parentheses where they are not there; with the cursor between them where it takes
/// something.
fn called(name: String, parameters: &[String], tag: &Tag<'_>, snippets: bool) -> Completion {
    let text = match (tag.is_called, parameters, snippets) {
        (true, _, _) => name.clone(),
        (false, [], _) => format!("{name}()"),
        (false, _, true) => format!("{name}($0)"),
        (false, _, false) => format!("{name}("),
    };
    Completion {
        label: name,
        is_snippet: text.contains('$'),
        ..Completion::new(text, tag.word, CompletionKind::Macro)
    }
}

/// What dbt gives to every template.
struct Given {
    name: &'static str,
    is_called: bool,
    parameters: &'static [&'static str],
    documentation: &'static str,
}

#[rustfmt::skip]
const OF_DBT: &[Given] = &[
    Given { name: "ref", is_called: true, parameters: &["model"], documentation: "The table that a model, a seed or a snapshot makes." },
    Given { name: "source", is_called: true, parameters: &["source", "table"], documentation: "A table that others load, as `sources` in a properties file describes it." },
    Given { name: "config", is_called: true, parameters: &["key"], documentation: "Settings of this model, such as `materialized='table'`." },
    Given { name: "var", is_called: true, parameters: &["name"], documentation: "The value of a variable of the project, or else a default." },
    Given { name: "env_var", is_called: true, parameters: &["name"], documentation: "The value of a variable of the environment, or else a default." },
    Given { name: "is_incremental", is_called: true, parameters: &[], documentation: "Whether only new rows are added to a table that is there." },
    Given { name: "this", is_called: false, parameters: &[], documentation: "The table that this model makes." },
    Given { name: "target", is_called: false, parameters: &[], documentation: "Where the project is built: its `name`, `schema`, `database` and `type`." },
    Given { name: "execute", is_called: false, parameters: &[], documentation: "Whether queries are run, which is not so while dbt only reads the project." },
    Given { name: "run_query", is_called: true, parameters: &["sql"], documentation: "Runs a query and gives its result." },
    Given { name: "log", is_called: true, parameters: &["message"], documentation: "Writes a message into dbt's log." },
    Given { name: "return", is_called: true, parameters: &["value"], documentation: "Gives a value from a macro, of any type." },
];
