//! Renames a macro: its definition, its calls in SQL, in templates and in YAML, the entry that describes it,
//! and, where it leads on by `adapter.dispatch`, its variants for adapters.

use super::edits::{Edits, FileEdits, Note, Renaming};
use super::in_specs::mentions;
use super::{Refusal, affected};
use crate::lookup;
use index::{File, FileKind, MacroKey, Snapshot};
use smol_str::SmolStr;
use syntax::jinja::{PieceKind, calls, literal, pieces};
use syntax::{Name, TextRange, TextSize};

/// Whether a macro can be renamed at all.
///
/// # Errors
/// Where it can't.
pub(super) fn check(snapshot: &Snapshot, key: &MacroKey) -> Result<(), Refusal> {
    family(snapshot, key).map(|_| ())
}

/// Whether dbt itself calls a macro of that name.
pub(crate) fn is_called_by_dbt(name: &str) -> bool {
    CALLED_BY_DBT.contains(&name)
}

/// Renames the macro to `new`.
///
/// # Errors
/// Where that can't be done for certain.
pub(super) fn rename(snapshot: &Snapshot, key: &MacroKey, new: &str) -> Result<Renaming, Refusal> {
    let old = &key.name;
    let family = family(snapshot, key)?;
    refuse_taken(snapshot, key, new)?;
    let mut files = snapshot.files();
    files.retain(|file| {
        let kinds = [FileKind::DbtProperties, FileKind::DbtProject];
        file.project.is_some() && (file.sql().is_some() || kinds.contains(&file.kind))
    });
    let found = affected::each(&files, |file| {
        affected::text(snapshot, file)?;
        let text = snapshot.whole_text(file);
        let text = text.filter(|text| mentions(text, &Name::new(old)));
        let mut edits = FileEdits::default();
        if let Some(text) = text {
            for own in &family {
                let name = format!("{}{new}", own.prefix(old));
                in_file(snapshot, file, &text, own, &name, &mut edits);
            }
            if family.len() > 1 && family.iter().any(|own| own.key.file == file.id) {
                dispatched(&text, old, new, &mut edits);
            }
        }
        Ok(edits)
    })?;
    let mut edits = Edits::default();
    for (file, found) in files.into_iter().zip(found) {
        edits.add(snapshot, file, found)?;
    }
    edits.renaming(snapshot, format!("Rename the macro `{old}` to `{new}`"))
}

/// A macro that is renamed along.
struct Own {
    key: MacroKey,
    /// The name of the project that it is of.
    package: Option<SmolStr>,
}

impl Own {
    /// What stands before the name that `old` is of: the adapter of a variant.
    fn prefix(&self, old: &str) -> &str {
        self.key.name.strip_suffix(old).unwrap_or_default()
    }
}

/// The macro, and its variants for adapters.
fn family(snapshot: &Snapshot, key: &MacroKey) -> Result<Vec<Own>, Refusal> {
    let name = &key.name;
    let gone = || {
        Refusal::new(format!(
            "The macro `{name}` is not defined in this workspace."
        ))
    };
    let (file, _) = snapshot.macro_of(key).ok_or_else(gone)?;
    if file.quiet {
        return Err(Refusal::new(format!(
            "`{}` defines `{name}`, and it is not yours to change: it belongs to an installed package, or the \
             configuration excludes it.",
            snapshot.display_path(&file.path)
        )));
    }
    if is_called_by_dbt(name) {
        return Err(Refusal::new(format!(
            "dbt itself calls `{name}`, by this name: under another one it would not find it."
        )));
    }
    let all = snapshot.macros_callable(file);
    let is_there = |name: &str| all.iter().any(|(_, other)| other.name == name);
    if let Some((adapter, dispatched)) = name.split_once("__")
        && (adapter == "default" || is_there(dispatched))
    {
        return Err(Refusal::new(format!(
            "`adapter.dispatch` finds `{name}` by its name, as what `{dispatched}` is on `{adapter}`. Rename \
             `{dispatched}`, and its variants go along."
        )));
    }
    let variant = format!("__{name}");
    let mut family = Vec::new();
    for (package, other) in all {
        let is_it = other.name == *name;
        if !is_it && !other.name.ends_with(&variant) {
            continue;
        }
        match package {
            None if !is_it || other == *key => family.push(Own {
                key: other,
                package: snapshot.package_of(file),
            }),
            None => {
                return Err(Refusal::new(format!(
                    "The project defines `{name}` in several files. Leave one of them first."
                )));
            }
            // One of the same name in a package is another macro.
            Some(_) if is_it => {}
            Some(package) => {
                return Err(Refusal::new(format!(
                    "The package `{package}` defines `{}`, which `adapter.dispatch` finds by the name `{name}`.",
                    other.name
                )));
            }
        }
    }
    for own in &family {
        let defining = snapshot.file(own.key.file).and_then(File::sql);
        let defined = defining.into_iter().flat_map(|sql| &sql.macros);
        if defined.filter(|it| it.name == own.key.name).count() > 1 {
            return Err(Refusal::new(format!(
                "A file defines `{}` twice. Leave one of them first.",
                own.key.name
            )));
        }
    }
    Ok(family)
}

/// Refuses a name that is none, or is that of another macro.
fn refuse_taken(snapshot: &Snapshot, key: &MacroKey, new: &str) -> Result<(), Refusal> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let starts = new.starts_with(|first: char| first.is_alphabetic() || first == '_');
    if !starts || !new.chars().all(is_part) {
        return Err(Refusal::new(format!(
            "`{new}` is no name of a macro: it has letters, digits and `_`, and starts with no digit."
        )));
    }
    if new == key.name {
        return Err(Refusal::new("That is its name already."));
    }
    let Some((file, _)) = snapshot.macro_of(key) else {
        return Ok(());
    };
    let all = snapshot.macros_callable(file);
    let is_taken = all.iter().any(|(_, other)| other.name == new);
    let is_called = || {
        let files = snapshot.files().into_iter();
        let mut files = files.filter(|other| other.project == file.project && !other.quiet);
        files.any(|other| {
            let calls = other.sql().map_or(&[][..], |sql| &sql.calls);
            calls
                .iter()
                .any(|call| call.package.is_none() && call.name == new)
        })
    };
    match is_taken || is_called_by_dbt(new) || OF_DBT.contains(&new) || is_called() {
        true => Err(Refusal::new(format!(
            "There is a macro `{new}` already: calls could not be told apart."
        ))),
        false => Ok(()),
    }
}

/// Edits what stands in one file for one macro.
fn in_file(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    own: &Own,
    new: &str,
    edits: &mut FileEdits,
) {
    if let Some((defining, own)) = snapshot.macro_of(&own.key)
        && defining.id == file.id
    {
        edits.replace(file.range(own.name_spot), new, Note::Name);
    }
    for entry in file.described_macros() {
        if snapshot.macro_described(file, entry).as_ref() == Some(&own.key)
            && let Some(range) =
                super::named_part(text, file.range(entry.name.spot), &Name::new(&own.key.name))
        {
            edits.replace(range, new, Note::Name);
        }
    }
    let known = file.sql().map_or(&[][..], |sql| &sql.calls);
    for word in words_in_tags(text, &own.key.name) {
        let is_own = match &word.package {
            Some(package) => Some(package) == own.package.as_ref(),
            None => true,
        };
        let meant = || snapshot.macro_named(file, word.package.as_ref(), &own.key.name);
        if !is_own || meant().as_ref() != Some(&own.key) {
            continue;
        }
        let is_told = known
            .iter()
            .any(|call| file.range(call.spot).contains_range(word.range));
        // The facts know all calls but those in comments of SQL, which dbt renders as well, and those of names
        // that the file binds itself.
        let note = match word.is_called && (is_told || !binds(text, &own.key.name)) {
            true => Note::Name,
            false => Note::Unsure,
        };
        edits.replace(word.range, new, note);
    }
}

/// The texts in calls of `adapter.dispatch` that are `old`.
fn dispatched(text: &str, old: &str, new: &str, edits: &mut FileEdits) {
    for piece in tags(text) {
        for call in calls(text, piece, &["adapter.dispatch"]) {
            let mut named = call.arguments.iter();
            let named = named.find(|it| matches!(it.keyword, None | Some("macro_name")));
            let Some(argument) = named.filter(|it| literal(it.value) == Some(old)) else {
                continue;
            };
            let written = lookup::slice(text, argument.range);
            if let Some(at) = written.rfind(old) {
                let start = argument.range.start() + lookup::offset(at);
                let range = TextRange::at(start, TextSize::of(old));
                edits.replace(range, new, Note::Name);
            }
        }
    }
}

/// A word in a tag of a template.
struct Word {
    range: TextRange,
    /// What stands before a dot before it.
    package: Option<SmolStr>,
    /// An argument list follows.
    is_called: bool,
}

/// Where `name` stands in the tags of a template, but for texts, keywords of arguments and what is set.
fn words_in_tags(text: &str, name: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for piece in tags(text) {
        let inner = lookup::slice(text, piece);
        let mut quote = None;
        let mut before = 0;
        for (at, letter) in inner.char_indices() {
            match quote {
                Some(open) if letter == open => quote = None,
                Some(_) => {}
                None if matches!(letter, '\'' | '"') => quote = Some(letter),
                None if at >= before && inner.get(at..).is_some_and(|it| it.starts_with(name)) => {
                    found.extend(word(inner, at, name).map(|word| Word {
                        range: word.range + piece.start(),
                        ..word
                    }));
                    before = at + name.len();
                }
                None => {}
            }
        }
    }
    found
}

fn word(inner: &str, at: usize, name: &str) -> Option<Word> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let (before, behind) = (inner.get(..at)?, inner.get(at + name.len()..)?);
    if before.ends_with(is_part) || behind.starts_with(is_part) {
        return None;
    }
    let behind = behind.trim_start();
    let is_given = behind.starts_with('=') && !behind.starts_with("==");
    // `{% macro name(` is no call, and `{% set name %}` binds another name.
    let leading = before.trim_start_matches(['-', '+']).trim();
    if is_given || matches!(leading, "macro" | "set" | "for") {
        return None;
    }
    let package = before.strip_suffix('.').map(|path| {
        let start = path
            .trim_end_matches(|letter| is_part(letter) || letter == '.')
            .len();
        SmolStr::new(path.get(start..).unwrap_or_default())
    });
    Some(Word {
        range: TextRange::at(lookup::offset(at), TextSize::of(name)),
        package,
        is_called: behind.starts_with('('),
    })
}

/// Whether a template may bind `name` itself, by `set`, `for` or as a parameter.
fn binds(text: &str, name: &str) -> bool {
    let binding = [
        "macro",
        "test",
        "data_test",
        "materialization",
        "set",
        "for",
        "call",
        "with",
    ];
    let mut tags = tags(text).into_iter();
    tags.any(|tag| {
        let inner = lookup::slice(text, tag).trim_start_matches(['-', '+', ' ', '\t']);
        let (word, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        // The first word of a header is the name of what it defines.
        let rest = match word {
            "set" | "for" | "with" => rest,
            _ => rest.split_once('(').map_or("", |(_, rest)| rest),
        };
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        binding.contains(&word) && rest.split(|it| !is_part(it)).any(|it| it == name)
    })
}

fn tags(text: &str) -> Vec<TextRange> {
    let tags = pieces(text).into_iter();
    let tags = tags.filter(|it| matches!(it.kind, PieceKind::Expression | PieceKind::Statement));
    tags.map(|piece| piece.inner).collect()
}

/// Macros that dbt calls by their names, and a project may define.
const CALLED_BY_DBT: &[&str] = &[
    "generate_schema_name",
    "generate_alias_name",
    "generate_database_name",
    "ref",
    "source",
    "is_incremental",
    "current_timestamp",
    "should_full_refresh",
    "should_store_failures",
    "create_schema",
    "drop_schema",
    "set_sql_header",
    "set_query_tag",
    "unset_query_tag",
    "get_where_subquery",
];

/// What a template has without anybody defining it.
const OF_DBT: &[&str] = &[
    "adapter",
    "api",
    "builtins",
    "config",
    "dbt",
    "doc",
    "env_var",
    "exceptions",
    "execute",
    "flags",
    "fromjson",
    "fromyaml",
    "graph",
    "invocation_id",
    "local_md5",
    "log",
    "model",
    "modules",
    "print",
    "return",
    "run_query",
    "run_started_at",
    "schema",
    "selected_resources",
    "set",
    "statement",
    "target",
    "this",
    "tojson",
    "toyaml",
    "var",
    "zip",
    "range",
    "dict",
    "namespace",
    "caller",
    "loop",
    "self",
    "super",
];
