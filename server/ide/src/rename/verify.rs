//! Whether a SQL text means what it meant, but for the names: it is lowered again as the workspace will
//! be, and its queries are compared with what they were.

use super::in_sql::Family;
use crate::columns::{all_of, defined, is_this};
use crate::lookup;
use index::{File, Snapshot, TableKey};
use sql::facts::{TableName, TableRef};
use sql::lower::{Catalog, Lowered, TableColumns};
use sql::relation::{Expression, InputId, Query, Source, StarChange};
use std::collections::BTreeMap;
use syntax::Name;

/// What the workspace calls otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    /// The columns that are renamed.
    pub(super) columns: Option<Family>,
    /// The table that is renamed, and what it is called then.
    pub(super) table: Option<(TableKey, Name)>,
}

/// Whether the queries of `file` are with `text` what they were.
pub(super) fn is_same(snapshot: &Snapshot, file: &File, text: &str, world: &World) -> bool {
    let Some(before) = snapshot.relations(file) else {
        return false;
    };
    let made = all_of(&before).map(|lowered| defined(snapshot, file, lowered));
    let makes_renamed = made.map(|table| {
        let family = world.columns.as_ref().zip(table);
        family.is_some_and(|(family, table)| family.tables.contains(&table))
    });
    let view = View {
        snapshot,
        file,
        world,
        makes_renamed: makes_renamed.collect(),
    };
    let after = snapshot.relations_of(file, text, &view);
    if before.reading != after.reading
        || before.full.len() != after.full.len()
        || before.incremental.is_some() != after.incremental.is_some()
    {
        return false;
    }
    let pairs = all_of(&before).zip(all_of(&after));
    let is_as_long = all_of(&before).count() == all_of(&after).count();
    let Some(old) = snapshot.text(file) else {
        return false;
    };
    let mut pairs = pairs.enumerate();
    is_as_long
        && pairs.all(|(at, (before, after))| {
            let before = Side {
                lowered: before,
                text: &old,
                is_before: true,
            };
            let after = Side {
                lowered: after,
                text,
                is_before: false,
            };
            view.is_same(at, &before, &after)
        })
}

/// A statement before or after the rename.
struct Side<'l> {
    lowered: &'l Lowered,
    text: &'l str,
    is_before: bool,
}

/// The workspace as one file will see it.
struct View<'s> {
    snapshot: &'s Snapshot,
    file: &'s File,
    world: &'s World,
    /// For each statement, whether it makes one of the columns that are renamed.
    makes_renamed: Vec<bool>,
}

impl Catalog for View<'_> {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let mut columns = self.snapshot.columns_in(self.file, &self.before(table))?;
        if let Some(family) = self.family_of(table) {
            for column in &mut columns.columns {
                if column.name == family.old {
                    column.name = family.new.clone();
                }
            }
        }
        Some(columns)
    }
}

impl View<'_> {
    /// A mention as it was before the table was renamed.
    fn before(&self, table: &TableRef) -> TableRef {
        let Some((key, new)) = &self.world.table else {
            return table.clone();
        };
        let with = |mention: &TableRef, name: &Name| {
            let mut mention = mention.clone();
            match &mut mention {
                TableRef::Named(TableName { parts }) => {
                    if let Some(last) = parts.last_mut() {
                        *last = name.clone();
                    }
                }
                TableRef::Ref { name: own, .. } => *own = name.clone(),
                TableRef::Source { .. } | TableRef::Unknown => {}
            }
            mention
        };
        let last = match table {
            TableRef::Named(name) => name.last(),
            TableRef::Ref { name, .. } => Some(name),
            _ => None,
        };
        let old = with(table, &key.name());
        let leads_there = self.snapshot.table_key(self.file, &old) == Some(key);
        match last == Some(new) && leads_there {
            true => old,
            false => table.clone(),
        }
    }

    fn family_of(&self, table: &TableRef) -> Option<&Family> {
        let family = self.world.columns.as_ref()?;
        let key = self.snapshot.table_key(self.file, table)?;
        family.tables.contains(key).then_some(family)
    }

    fn is_same(&self, at: usize, before: &Side<'_>, after: &Side<'_>) -> bool {
        let name = |side: &Side<'_>| {
            let name = side.lowered.name.as_ref()?;
            let table = TableRef::Named(name.clone());
            Some(self.called(&table))
        };
        before.lowered.kind == after.lowered.kind
            && name(before) == name(after)
            && self.plain(at, before) == self.plain(at, after)
    }

    /// A query without what a rename may change: the names of its own relations' columns, and with one
    /// name for what is renamed.
    fn plain(&self, at: usize, side: &Side<'_>) -> Query {
        let mut query = side.lowered.query.clone();
        let renamed = |name: &mut Name, family: &Family| {
            if side.is_before && *name == family.old {
                *name = family.new.clone();
            }
        };
        let root = query.root;
        let makes_it = self.makes_renamed.get(at) == Some(&true);
        let mut families: BTreeMap<InputId, &Family> = BTreeMap::new();
        for (id, relation) in (0..).zip(&mut query.relations) {
            for column in &mut relation.columns {
                let Some(name) = &mut column.name else {
                    continue;
                };
                if id != root.0 {
                    column.name = None;
                } else if makes_it && let Some(family) = &self.world.columns {
                    renamed(name, family);
                }
            }
            for input in relation.inputs() {
                let Source::Table(table) = &input.source else {
                    continue;
                };
                let tag = lookup::slice(side.text, side.lowered.places.input(input.id));
                let own = self.world.columns.as_ref();
                let own = own.filter(|_| makes_it && is_this(tag));
                if let Some(family) = self.family_of(table).or(own) {
                    families.insert(input.id, family);
                }
            }
        }
        for relation in &mut query.relations {
            relation.for_each_expression_mut(&mut |expression| {
                expression.for_each_mut(&mut |part| {
                    if let Expression::Column { input, name } = part
                        && let Some(family) = families.get(input)
                    {
                        renamed(name, family);
                    }
                });
            });
        }
        for rest in query.rest.iter_mut().flatten() {
            if let Some(family) = self.family_of(&rest.table) {
                for change in &mut rest.changes {
                    match change {
                        StarChange::Except(names) => {
                            names.iter_mut().for_each(|name| renamed(name, family));
                        }
                        StarChange::Rename(names) => {
                            names.iter_mut().for_each(|(name, _)| renamed(name, family));
                        }
                        StarChange::Like(_) | StarChange::Branch(_) => {}
                    }
                }
            }
        }
        query.rename_tables(&|table| Some(self.called(table)));
        query
    }

    /// A name for a table that it has before and after.
    fn called(&self, table: &TableRef) -> TableRef {
        let before = self.before(table);
        let Some((key, _)) = &self.world.table else {
            return before;
        };
        match self.snapshot.table_key(self.file, &before) == Some(key) {
            true => TableRef::Named(TableName {
                parts: key.parts.clone(),
            }),
            false => before,
        }
    }
}
