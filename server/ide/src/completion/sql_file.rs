//! What may be typed next in SQL: tables and common table expressions, columns of what is read around the
//! place, and names in `ref` and `source`. Its own words SQL has, and other tools offer them.

use super::arguments::{arguments, called, others, takes_names};
use super::config;
use super::macros::{in_tag, tag_at};
use super::{About, Completion, CompletionKind, Completions, are_in, names, narrowed};
use crate::letters::Letters;
use crate::lookup;
use index::{File, Snapshot, Table, TableKey};
use sql::cursor::{Given, Input, Place, Typed, place};
use sql::facts::TableRef;
use sql::{Dialect, Options, Templating};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Name, TextRange, TextSize};

pub(super) fn completions(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    offset: TextSize,
    snippets: bool,
) -> Completions {
    let options = snapshot.sql_options(file);
    let place = place(text, &options, offset);
    let is_named =
        matches!(&place, Some(Place::Argument { function, .. }) if takes_names(function));
    let is_template = options.templating == Templating::Jinja && !is_named;
    if is_template && let Some(place) = config::place(text, offset) {
        let items = config::completions(snapshot, file, &place, snippets);
        return narrowed(items, lookup::slice(text, place.word));
    }
    if is_template && let Some(tag) = tag_at(text, offset) {
        let items = in_tag(snapshot, file, &tag, snippets);
        return narrowed(items, lookup::slice(text, tag.word));
    }
    let here = Here {
        snapshot,
        file,
        options,
        half_typed: word_at(text, offset),
    };
    let (items, word) = match place {
        Some(Place::Table { typed, ctes }) => {
            let word = lookup::slice(text, typed.word).to_lowercase();
            let (items, has_more) = here.tables(&typed, &ctes, Letters::new(&word));
            let found = narrowed(items, lookup::slice(text, typed.word));
            return Completions {
                has_more: found.has_more || has_more,
                ..found
            };
        }
        Some(Place::Column { typed, inputs }) => (here.columns(&typed, &inputs), typed.word),
        Some(Place::Argument {
            function,
            before,
            word,
            is_quoted,
        }) => {
            let typed = lookup::slice(text, word).to_lowercase();
            let wanted = Letters::new(&typed);
            let (mut items, has_more) = arguments(snapshot, file, &function, &before, word, wanted);
            for item in items.iter_mut().filter(|_| !is_quoted) {
                item.text = format!("'{}'", item.text);
            }
            return Completions { items, has_more };
        }
        None => return Completions::default(),
    };
    narrowed(items, lookup::slice(text, word))
}

struct Here<'s> {
    snapshot: &'s Snapshot,
    file: &'s File,
    options: Options,
    /// The word at the place: the file reads it, but nobody else may.
    half_typed: Name,
}

impl<'s> Here<'s> {
    /// The common table expressions, and the tables of the workspace, those of the own project first.
    fn tables(&self, typed: &Typed, ctes: &[Name], wanted: Letters<'_>) -> (Vec<Completion>, bool) {
        let mut found: Vec<Completion> = Vec::new();
        if typed.qualifier.is_empty() {
            let ctes = ctes.iter();
            found.extend(ctes.map(|name| self.alias(name, typed.word)));
        }
        let is_template = self.options.templating == Templating::Jinja;
        let depth = typed.qualifier.len();
        let (tables, has_more) = others(self.snapshot, self.file, |key| {
            // What stands behind a dot is a name of SQL, whatever the project prefers.
            let is_behind = key.parts.len() > depth && key.parts.starts_with(&typed.qualifier);
            (depth == 0 || is_behind) && names(key, wanted)
        });
        for table in tables {
            let key = &table.key;
            if depth > 0 {
                let rest = key.parts.iter().skip(depth);
                let rest: Vec<String> = rest.map(|part| self.name(part)).collect();
                found.push(self.of_table(key, rest.join("."), typed.word));
            } else if is_template && key.project.is_some() {
                let call = called(key);
                found.push(Completion {
                    label: key.to_string(),
                    detail: Some(call.clone()),
                    ..self.of_table(key, format!("{{{{ {call} }}}}"), typed.word)
                });
            } else {
                let parts: Vec<String> = key.parts.iter().map(|part| self.name(part)).collect();
                found.push(self.of_table(key, parts.join("."), typed.word));
            }
        }
        // Those that come last are cut off first.
        if !has_more {
            found.extend(self.undefined_tables(typed, wanted));
        }
        (found, has_more)
    }

    /// Tables that other SQL reads and nothing defines.
    fn undefined_tables(&self, typed: &Typed, wanted: Letters<'_>) -> Vec<Completion> {
        let depth = typed.qualifier.len();
        let fits = |table: &TableRef| match table {
            TableRef::Named(name) => {
                let is_behind =
                    name.parts.len() > depth && name.parts.starts_with(&typed.qualifier);
                let is_typed =
                    name.parts.get(depth..) == Some(std::slice::from_ref(&self.half_typed));
                is_behind && !is_typed && are_in(&name.parts, wanted)
            }
            _ => false,
        };
        let tables = self.snapshot.tables_read(self.file.project.as_ref(), fits);
        let names = tables.iter().filter_map(|table| match table {
            TableRef::Named(name) => Some(name.parts.iter().skip(depth)),
            _ => None,
        });
        let texts = names.map(|parts| {
            let parts: Vec<String> = parts.map(|part| self.name(part)).collect();
            Completion::new(parts.join("."), typed.word, CompletionKind::Table)
        });
        texts.collect()
    }

    fn columns(&self, typed: &Typed, inputs: &[Input]) -> Vec<Completion> {
        let fits = |input: &&Input| {
            let name = input.name.as_ref();
            match typed.qualifier.as_slice() {
                [] => true,
                [only] => name == Some(only),
                // `raw.orders.amount`, where the table has no alias.
                longer => longer.last() == name,
            }
        };
        let inputs: Vec<&Input> = inputs.iter().filter(fits).collect();
        let given: Vec<(&Input, Vec<Offered<'s>>)> = inputs
            .into_iter()
            .map(|input| {
                let mut offered = Vec::new();
                self.expand(&input.given, &mut offered);
                (input, offered)
            })
            .collect();
        let mut found = Vec::new();
        if !typed.qualifier.is_empty() {
            // An inner name hides the same one further out.
            let level = given.iter().map(|(input, _)| input.level).min();
            let nearest = given
                .into_iter()
                .filter(|(input, _)| Some(input.level) == level);
            let mut seen = BTreeSet::new();
            for offered in nearest.flat_map(|(_, offered)| offered) {
                if seen.insert(offered.name.clone()) {
                    found.push(offered.completion(self.options.dialect, typed.word));
                }
            }
            return found;
        }
        let mut counts: BTreeMap<(usize, &Name), usize> = BTreeMap::new();
        for (input, offered) in &given {
            let names: BTreeSet<&Name> = offered.iter().map(|offered| &offered.name).collect();
            for name in names {
                *counts.entry((input.level, name)).or_default() += 1;
            }
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for (input, offered) in &given {
            for offered in offered {
                let mut completion = offered.completion(self.options.dialect, typed.word);
                let is_ambiguous = counts.get(&(input.level, &offered.name)) != Some(&1);
                if let Some(name) = input.name.as_ref().filter(|_| is_ambiguous) {
                    let text = format!("{}.{}", self.name(name), completion.text);
                    completion.label.clone_from(&text);
                    completion.text = text;
                }
                if seen.insert(completion.label.clone()) {
                    found.push(completion);
                }
            }
        }
        for (input, _) in &given {
            if let Some(name) = input.name.as_ref()
                && seen.insert(format!("{name}."))
            {
                found.push(self.alias(name, typed.word));
            }
        }
        found
    }

    /// The columns that an input gives, in order.
    fn expand(&self, given: &Given, found: &mut Vec<Offered<'s>>) {
        match given {
            Given::Column(name) => found.push(Offered {
                name: name.clone(),
                of: None,
            }),
            Given::All(all) => {
                for given in all {
                    self.expand(given, found);
                }
            }
            Given::Table(table) => match self.snapshot.resolve(self.file, table) {
                Some(table) => found.extend(table.columns.iter().map(|column| Offered {
                    name: column.name.clone(),
                    of: Some((table, column)),
                })),
                None => {
                    let project = self.file.project.as_ref();
                    let read = self.snapshot.columns_read(project, table).into_iter();
                    let read = read.filter(|name| *name != self.half_typed);
                    found.extend(read.map(|name| Offered { name, of: None }));
                }
            },
        }
    }

    fn name(&self, name: &Name) -> String {
        sql_name(name, self.options.dialect)
    }

    fn alias(&self, name: &Name, word: TextRange) -> Completion {
        Completion::new(self.name(name), word, CompletionKind::Alias)
    }

    fn of_table(&self, key: &TableKey, text: String, word: TextRange) -> Completion {
        Completion {
            about: Some(About {
                table: key.clone(),
                column: None,
            }),
            ..Completion::new(text, word, CompletionKind::Table)
        }
    }
}

/// The word around a place.
fn word_at(text: &str, offset: TextSize) -> Name {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let (before, behind) = text.split_at_checked(offset.into()).unwrap_or_default();
    let start = before.trim_end_matches(is_part).len();
    let end = text.len() - behind.trim_start_matches(is_part).len();
    Name::new(text.get(start..end).unwrap_or_default())
}

/// A column that is offered.
struct Offered<'s> {
    name: Name,
    /// Whose it is, where it is one of a table.
    of: Option<(&'s Table, &'s index::Column)>,
}

impl Offered<'_> {
    fn completion(&self, dialect: Dialect, word: TextRange) -> Completion {
        let data_type = self.of.and_then(|(_, column)| column.data_type.as_ref());
        Completion {
            detail: data_type.map(ToString::to_string),
            about: self.of.map(|(table, column)| About {
                table: table.key.clone(),
                column: Some(column.name.clone()),
            }),
            ..Completion::new(sql_name(&self.name, dialect), word, CompletionKind::Column)
        }
    }
}

/// A name as SQL has it: in the quotes of the dialect where it is no plain word.
fn sql_name(name: &Name, dialect: Dialect) -> String {
    let name = name.as_str();
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let is_plain =
        name.chars().all(is_part) && !name.starts_with(|first: char| first.is_ascii_digit());
    match dialect {
        _ if is_plain => name.to_owned(),
        // To these a text in double quotes is no name.
        Dialect::BigQuery
        | Dialect::Databricks
        | Dialect::Hive
        | Dialect::MySql
        | Dialect::Spark => format!("`{}`", name.replace('`', "``")),
        Dialect::SqlServer => format!("[{name}]"),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}
