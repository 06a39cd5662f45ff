//! One version of a folder of models, each lowered when it is asked for.

use crate::refactor::{Files, may_be_model};
use meaning::difference::{
    Change, ColumnChange, Difference, Version, difference, difference_of_forms,
};
use meaning::substitute::substitute;
use meaning::witness::Facts;
use sql::facts::{TableName, TableRef};
use sql::lower::{Catalog, TableColumn, TableColumns, lower};
use sql::relation::Query;
use sql::{Dialect, Options, Templating};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use syntax::Name;

/// The columns of tables that no model defines, by their full names.
pub(crate) type Schema = BTreeMap<String, Vec<Name>>;

/// The tables that the fixtures read.
fn schema() -> Schema {
    let told: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(include_str!("../../fixtures/tables.json")).unwrap();
    let names = |columns: BTreeMap<String, String>| columns.keys().map(Name::new).collect();
    told.into_iter()
        .map(|(table, columns)| (table, names(columns)))
        .collect()
}

/// What is known of the tables that a project reads: of the fixtures, all; of others, what their
/// models tell.
pub(crate) fn schema_of(files: &Files) -> Schema {
    match files.keys().any(|path| path.starts_with("models")) {
        true => Schema::new(),
        false => schema(),
    }
}

/// So many models are over each other at most.
const DEEPEST: usize = 12;

/// A version of all models.
pub(crate) struct Side<'s> {
    texts: BTreeMap<String, &'s str>,
    dialect: Dialect,
    pub(crate) schema: &'s Schema,
    lowered: RefCell<BTreeMap<String, Option<Rc<Query>>>>,
    /// The models that are being lowered, of which nothing is known till then.
    waiting: RefCell<BTreeSet<String>>,
}

impl<'s> Side<'s> {
    pub(crate) fn new(files: &'s Files, dialect: Dialect, schema: &'s Schema) -> Side<'s> {
        let models = files.iter().filter(|(path, _)| {
            may_be_model(path) && path.extension().is_some_and(|ending| ending == "sql")
        });
        Side {
            texts: models
                .map(|(path, text)| (stem(path), text.as_str()))
                .collect(),
            dialect,
            schema,
            lowered: RefCell::default(),
            waiting: RefCell::default(),
        }
    }

    /// The query of a model, with tables by the names that people give them.
    pub(crate) fn query(&self, name: &str) -> Option<Rc<Query>> {
        if let Some(known) = self.lowered.borrow().get(name) {
            return known.clone();
        }
        let text = self.texts.get(name)?;
        if !self.waiting.borrow_mut().insert(name.to_owned()) {
            return None;
        }
        let options = Options {
            dialect: self.dialect,
            templating: if text.contains("{{") || text.contains("{%") {
                Templating::Jinja
            } else {
                Templating::None
            },
        };
        let query = lower(text, &options, self).pop().map(|lowered| {
            let mut query = lowered.query;
            query.rename_tables(&|table| match table {
                TableRef::Unknown => None,
                table => Some(named(&name_of(table))),
            });
            Rc::new(query)
        });
        self.waiting.borrow_mut().remove(name);
        self.lowered
            .borrow_mut()
            .insert(name.to_owned(), query.clone());
        query
    }

    /// The query of a model over what no model defines.
    pub(crate) fn query_over_sources(&self, name: &str) -> Option<Query> {
        let mut query = (*self.query(name)?).clone();
        for _ in 0..DEEPEST {
            let models = query
                .tables()
                .into_iter()
                .filter_map(|table| Some((table.clone(), self.upstream(table)?)));
            let models: BTreeMap<TableRef, Query> = models.collect();
            if models.is_empty() {
                break;
            }
            query = substitute(&query, &|table| models.get(table));
        }
        Some(query)
    }

    fn upstream(&self, table: &TableRef) -> Option<Query> {
        Some((*self.query(&name_of(table))?).clone())
    }
}

impl Catalog for Side<'_> {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let name = name_of(table);
        let of = |name: &Name| TableColumn {
            name: name.clone(),
            data_type: None,
        };
        if let Some(query) = self.query(&name) {
            let columns = &query.root().columns;
            let named = columns.iter().filter(|column| !column.implicit);
            let named = named.filter_map(|column| column.name.as_ref());
            return Some(TableColumns {
                columns: named.map(of).collect(),
                open: query.root().open,
            });
        }
        let columns = self.schema.get(&name)?;
        Some(TableColumns {
            columns: columns.iter().map(of).collect(),
            open: false,
        })
    }
}

/// How a model of one version differs from one of the other; `None` where one of them is no query. The
/// canonical forms alone must tell the same, but for what only an example can prove.
pub(crate) fn between(old: (&Side<'_>, &str), new: (&Side<'_>, &str)) -> Option<Difference> {
    let (was, now) = (old.0.query(old.1)?, new.0.query(new.1)?);
    let name = new.1;
    let old = Version {
        query: &was,
        upstream: &|table| old.0.upstream(table),
    };
    let new = Version {
        query: &now,
        upstream: &|table| new.0.upstream(table),
    };
    let difference = difference(&old, &new, &Facts::default());
    let unproved = unproved(difference.clone());
    assert_eq!(difference_of_forms(&old, &new), unproved, "{name}");
    Some(difference)
}

/// Whether a model of one version means what one of the other does, over what no model defines: a filter
/// that is there already further up changes nothing.
pub(crate) fn is_same_over_sources(old: (&Side<'_>, &str), new: (&Side<'_>, &str)) -> bool {
    let both = old
        .0
        .query_over_sources(old.1)
        .zip(new.0.query_over_sources(new.1));
    both.is_some_and(|(was, now)| {
        let version = |query| Version {
            query,
            upstream: &|_| None,
        };
        let difference = difference(&version(&was), &version(&now), &Facts::default());
        let mut columns = difference.columns.iter();
        difference.rows.change == Change::Same
            && columns.all(|column| column.change == ColumnChange::Same)
    })
}

/// What is left of a difference without its examples.
fn unproved(mut difference: Difference) -> Difference {
    if difference.rows.witness.take().is_some() {
        difference.rows.change = Change::Undecided;
    }
    for column in &mut difference.columns {
        if column.witness.take().is_some() {
            column.change = ColumnChange::Undecided;
        }
    }
    difference
}

/// What a file's model is called.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn name_of(table: &TableRef) -> String {
    match table {
        TableRef::Ref { name, .. } => name.to_string(),
        TableRef::Source { source, table } => format!("{source}.{table}"),
        other => other.to_string(),
    }
}

fn named(name: &str) -> TableRef {
    TableRef::Named(TableName {
        parts: name.split('.').map(Name::new).collect(),
    })
}
