//! What one `{{ … }}` stands for.

use crate::facts::{ConfigGiven, ConfigValue, TableRef};
use smol_str::SmolStr;
use syntax::jinja::{self, Call, Piece};
use syntax::{Name, Places, TextRange};

/// A `{{ … }}` in the text.
#[derive(Clone, Debug)]
pub(crate) struct Hole {
    /// The whole tag.
    pub(crate) range: TextRange,
    /// What it stands for.
    pub(crate) meaning: Meaning,
    /// Tables named inside it where it does not stand for one itself: arguments of a macro.
    pub(crate) tables: Vec<(TableRef, TextRange)>,
}

/// What a `{{ … }}` stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Nothing: a call that only configures or logs.
    Nothing,
    /// This text.
    Literal(SmolStr),
    /// A table.
    Table(TableRef),
    /// Not known.
    Unknown,
}

/// Calls that leave no text behind.
const SILENT: &[&str] = &[
    "config",
    "log",
    "print",
    "exceptions.warn",
    "exceptions.raise_compiler_error",
];

/// Calls that name a table.
const TABLES: &[&str] = &["ref", "source", "builtins.ref", "builtins.source"];

/// Reads the tag `piece`. `chosen` is the expression that counts, where the tag is a conditional
/// expression; empty where it gives nothing.
pub(crate) fn read(text: &str, piece: &Piece, chosen: Option<&str>) -> Hole {
    let meaning = meaning(text, piece, chosen);
    let tables = match meaning {
        Meaning::Table(_) | Meaning::Nothing => Vec::new(),
        _ => tables_in(text, piece.inner),
    };
    Hole {
        range: piece.range,
        meaning,
        tables,
    }
}

/// The tables that calls in `range` name.
pub(crate) fn tables_in(text: &str, range: TextRange) -> Vec<(TableRef, TextRange)> {
    jinja::calls(text, range, TABLES)
        .iter()
        .filter_map(|call| Some((table(call)?, call.range)))
        .collect()
}

/// What a `config(…)` call is given.
pub(crate) fn config(text: &str, piece: &Piece, places: &mut Places) -> Vec<ConfigValue> {
    let Some(call) = jinja::call(text, piece.inner).filter(|call| call.function == "config") else {
        return Vec::new();
    };
    let values = call.arguments.iter().map(|argument| ConfigValue {
        key: argument.keyword.map(SmolStr::new),
        given: given(argument.value),
        spot: places.add(argument.range),
    });
    values.collect()
}

fn given(expression: &str) -> ConfigGiven {
    match (jinja::literal(expression), jinja::literals(expression)) {
        (Some(literal), _) => ConfigGiven::Literal(SmolStr::new(literal)),
        (None, Some(items)) => ConfigGiven::List(items.into_iter().map(SmolStr::new).collect()),
        (None, None) => ConfigGiven::Computed,
    }
}

fn meaning(text: &str, piece: &Piece, chosen: Option<&str>) -> Meaning {
    let inner = text
        .get(piece.inner.start().into()..piece.inner.end().into())
        .unwrap_or_default();
    if let Some(call) = jinja::call(text, piece.inner) {
        if SILENT.contains(&call.function) {
            return Meaning::Nothing;
        }
        if TABLES.contains(&call.function) {
            return Meaning::Table(table(&call).unwrap_or(TableRef::Unknown));
        }
    }
    if inner == "this" {
        return Meaning::Table(TableRef::Unknown);
    }
    match chosen.unwrap_or(inner) {
        "" if chosen.is_some() => Meaning::Nothing,
        expression => match jinja::literal(expression) {
            Some(literal) => Meaning::Literal(SmolStr::new(literal)),
            None => Meaning::Unknown,
        },
    }
}

/// The table a `ref` or `source` names; `None` where its name is not a literal.
fn table(call: &Call<'_>) -> Option<TableRef> {
    let mut names = call
        .positional()
        .map(|argument| jinja::literal(argument.value));
    let first = Name::new(names.next()??);
    let second = names.next().map(|name| name.map(Name::new));
    if call.function.ends_with("source") {
        return Some(TableRef::Source {
            source: first,
            table: second??,
        });
    }
    let version = call.keyword("v").or_else(|| call.keyword("version"));
    let version = match version {
        Some(argument) => Some(SmolStr::new(jinja::literal(argument.value)?)),
        None => None,
    };
    Some(match second {
        Some(name) => TableRef::Ref {
            package: Some(first),
            name: name?,
            version,
        },
        None => TableRef::Ref {
            package: None,
            name: first,
            version,
        },
    })
}
