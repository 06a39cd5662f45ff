//! Queries over the tables of the workspace: each table is called by the name that it is known by, so
//! that queries of several files speak of the same tables, and upstream ones can be put in their place.

use crate::declared::Declared;
use crate::file::File;
use crate::relations::Run;
use crate::snapshot::Snapshot;
use crate::table::{ModelId, Table, TableKey};
use meaning::substitute::substitute;
use meaning::witness::{Facts, Models};
use sql::facts::{ModelKind, TableName, TableRef};
use sql::relation::Query;
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::Name;

/// The query of a model, with its tables under the names that they are known by.
#[derive(Clone)]
pub struct NamedQuery<'s> {
    snapshot: &'s Snapshot,
    /// The model's file.
    pub file: &'s File,
    /// The query. What stands in the file comes first among its relations and inputs, under the same
    /// ids as in [`crate::relations::FileRelations`].
    pub query: Query,
    /// The tables that it mentions and the workspace knows, and those that it has seen through.
    keys: BTreeMap<TableRef, TableKey>,
    /// The models that it has seen through.
    replaced: BTreeMap<TableRef, Arc<Query>>,
}

/// Queries with more relations are not made larger.
const MOST_RELATIONS: usize = 2_000;

impl Snapshot {
    /// The query of a model; `None` for a seed, and where the text can't be read.
    pub fn named_query(&self, model: ModelId) -> Option<NamedQuery<'_>> {
        self.named_query_of(model, Run::FullRefresh)
    }

    /// The query of a model in a run; `None` also where no template tells that run from the other.
    pub fn named_query_of(&self, model: ModelId, run: Run) -> Option<NamedQuery<'_>> {
        let (relations, at) = self.relation(model)?;
        let file = self.file(model.file)?;
        let query = relations.of(run)?.get(at)?.query.clone();
        Some(self.named_as_in(file, query))
    }

    /// A query whose tables are called as in `file`.
    pub fn named_as_in<'s>(&'s self, file: &'s File, mut query: Query) -> NamedQuery<'s> {
        let mut keys = BTreeMap::new();
        let mut names: BTreeMap<TableRef, TableRef> = BTreeMap::new();
        for table in query.tables() {
            if let Some(key) = self.table_key(file, table) {
                // As it is spelled now.
                let key = self.table(key).map_or(key, |table| &table.key);
                let mut name = called(key);
                // Of two tables of one name, each in its project, the second is told apart.
                if keys.get(&name).is_some_and(|known| known != key) {
                    name = called_in_project(key);
                }
                keys.insert(name.clone(), key.clone());
                names.insert(table.clone(), name);
            }
        }
        query.rename_tables(&|table| names.get(table).cloned());
        NamedQuery {
            snapshot: self,
            file,
            query,
            keys,
            replaced: BTreeMap::new(),
        }
    }

    /// The first table of which this is the whole name.
    pub fn table_named(&self, parts: &[Name]) -> Option<&Arc<Table>> {
        let mut tables = self.tables_called(parts.last()?);
        tables.find(|table| table.key.parts == parts)
    }

    /// The only statement that defines a table. What only fills it defines none.
    pub fn defining_model(&self, table: &Table) -> Option<ModelId> {
        let defines = |id: &&ModelId| {
            let model = self.model(**id);
            model.is_some_and(|(_, model)| {
                !matches!(model.kind, ModelKind::Insert | ModelKind::Declaration)
            })
        };
        let mut defining = table.models.iter().filter(defines);
        let model = defining.next()?;
        defining.next().is_none().then_some(*model)
    }
}

impl<'s> NamedQuery<'s> {
    /// The table of the workspace that the query mentions by this name.
    pub fn key(&self, table: &TableRef) -> Option<&TableKey> {
        self.keys.get(table)
    }

    /// The tables that it mentions and the workspace knows, by the names that it has for them.
    pub fn tables(&self) -> impl Iterator<Item = (&TableRef, &TableKey)> {
        let mentioned = self.query.tables();
        let known = self.keys.iter();
        known.filter(move |(name, _)| mentioned.contains(name))
    }

    /// The same over what lies a level further upstream: the queries of the models that define the
    /// chosen tables are put in their place. `None` where there is none.
    pub fn deeper(&self, chosen: &dyn Fn(&TableKey) -> bool) -> Option<NamedQuery<'s>> {
        if self.query.relations.len() > MOST_RELATIONS {
            return None;
        }
        let mut keys = self.keys.clone();
        let mut upstream: BTreeMap<TableRef, Arc<Query>> = BTreeMap::new();
        for (name, key) in self.keys.iter().filter(|(_, key)| chosen(key)) {
            let table = self.snapshot.table(key).filter(|table| !table.cyclic);
            let model = table.and_then(|table| self.snapshot.defining_model(table));
            let Some(of) = model.and_then(|model| self.snapshot.named_query(model)) else {
                continue;
            };
            let mut query = of.query;
            let mut names: BTreeMap<TableRef, TableRef> = BTreeMap::new();
            for (name, key) in of.keys {
                let mut unlike = name.clone();
                if keys.get(&name).is_some_and(|known| *known != key) {
                    unlike = called_in_project(&key);
                }
                keys.insert(unlike.clone(), key);
                names.insert(name, unlike);
            }
            query.rename_tables(&|table| names.get(table).cloned());
            upstream.insert(name.clone(), Arc::new(query));
        }
        if upstream.is_empty() {
            return None;
        }
        let of = |table: &TableRef| upstream.get(table).map(|query| &**query);
        let query = substitute(&self.query, &of);
        let mut replaced = self.replaced.clone();
        replaced.extend(upstream);
        Some(NamedQuery {
            snapshot: self.snapshot,
            file: self.file,
            query,
            keys,
            replaced,
        })
    }

    /// What an example for it must keep to: what `declared` says of the tables that it mentions, and of the
    /// models that it has seen through.
    pub fn facts(&self, declared: &Declared<'_>) -> Facts {
        let replaced = self.replaced.keys();
        let models = Models {
            known: replaced.map(|model| declared.of_table(model)).collect(),
            queries: self.replaced.clone(),
        };
        Facts {
            models: vec![models],
            ..declared.for_search(&self.query, &TableRef::clone)
        }
    }

    /// What is declared of the tables that it mentions.
    pub fn declared(&self) -> Declared<'s> {
        let snapshot = self.snapshot;
        let keys = self.keys.clone();
        Declared::new(snapshot, self.file, move |table| {
            let table: &Arc<Table> = snapshot.table(keys.get(table)?)?;
            Some(&**table)
        })
    }

    /// The same, and what is declared of tables that it does not mention itself: the models that it reads
    /// do, or it did before.
    pub fn declared_upstream(&self) -> Declared<'s> {
        let snapshot = self.snapshot;
        let keys = self.keys.clone();
        Declared::new(snapshot, self.file, move |table| {
            let known = keys.get(table).and_then(|key| snapshot.table(key));
            let named = || match table {
                TableRef::Named(name) => snapshot.table_named(&name.parts),
                _ => None,
            };
            known.or_else(named).map(|table| &**table)
        })
    }
}

fn called(key: &TableKey) -> TableRef {
    TableRef::Named(TableName {
        parts: key.parts.clone(),
    })
}

fn called_in_project(key: &TableKey) -> TableRef {
    let project = key.project.as_deref();
    let project = project.map(|folder| Name::new(folder.to_string_lossy()));
    TableRef::Named(TableName {
        parts: project.into_iter().chain(key.parts.clone()).collect(),
    })
}
