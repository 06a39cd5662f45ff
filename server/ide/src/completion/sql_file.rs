//! What may be typed next in SQL: tables and common table expressions, columns of what is read around the
//! place, and names in `ref` and `source`. Its own words SQL has, and other tools offer them.

use super::{About, Completion, CompletionKind, Completions, MOST, are_in, names, narrowed};
use crate::letters::Letters;
use crate::lookup;
use index::{File, Snapshot, Table, TableKey};
use sql::cursor::{Given, Input, Place, Typed, place};
use sql::facts::TableRef;
use sql::{Dialect, Options, Templating};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use syntax::{Name, TextRange, TextSize};

pub(super) fn completions(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    offset: TextSize,
) -> Completions {
    let options = snapshot.sql_options(file);
    let place = place(text, &options, offset);
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
            let (mut items, has_more) = here.arguments(&function, &before, word, wanted);
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
        let (tables, has_more) = self.others(|key| {
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
        found.extend(self.undefined_tables(typed, wanted));
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

    /// The tables whose keys fit, but for those that this file makes; those of its project first.
    fn others(&self, fits: impl Fn(&TableKey) -> bool + 's) -> (Vec<&'s Arc<Table>>, bool) {
        let is_own = |table: &Table| {
            let mut models = table.models.iter();
            models.any(|model| model.file == self.file.id) && table.models.len() == 1
        };
        let project = self.file.project.as_ref();
        let tables = self.snapshot.tables_near(project, fits);
        let mut others = tables.filter(|table| !is_own(table));
        let found = others.by_ref().take(MOST).collect();
        (found, others.next().is_some())
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

    /// The names that `ref` and `source` take.
    fn arguments(
        &self,
        function: &str,
        before: &[String],
        word: TextRange,
        wanted: Letters<'_>,
    ) -> (Vec<Completion>, bool) {
        let function = function.strip_prefix("builtins.").unwrap_or(function);
        let source = before.first().map(Name::new);
        // What is not in a project is no model.
        let is_it = |key: &TableKey| match (function, &source) {
            ("ref", None) => !key.is_source,
            ("source", None) => key.is_source,
            ("source", source) => key.is_source && key.parts.first() == source.as_ref(),
            _ => false,
        };
        let fits = |key: &TableKey| key.project.is_some() && is_it(key) && names(key, wanted);
        let (tables, has_more) = self.others(fits);
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for table in tables {
            let key = &table.key;
            let name = match (function, &source) {
                ("source", None) => key.parts.first().cloned().unwrap_or_default(),
                _ => key.name(),
            };
            if !wanted.are_in(name.as_str()) || !seen.insert(name.clone()) {
                continue;
            }
            let text = name.to_string();
            found.push(match (function, &source) {
                ("source", None) => Completion::new(text, word, CompletionKind::Constant),
                _ => self.of_table(key, text, word),
            });
        }
        (found, has_more)
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

/// How a template calls a table.
fn called(key: &TableKey) -> String {
    let name = key.name();
    match key.parts.first().filter(|_| key.is_source) {
        Some(source) => format!("source('{source}', '{name}')"),
        None => format!("ref('{name}')"),
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
