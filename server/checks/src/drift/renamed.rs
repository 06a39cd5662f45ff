//! What a lock or another state calls tables and columns, read through the renames that amendments of the
//! product tell: under its new name a column of a table upstream is still the same one.

use index::binding::Renames;
use index::{File, Snapshot, Table};
use spec::guarantee::{Guarantee, parse};
use spec::history::History;
use sql::facts::{TableName, TableRef};
use sql::relation::{Expression, InputId, Query, Relation, Source};
use std::collections::BTreeMap;
use syntax::Name;

/// The renames of a product.
pub(crate) struct Renamed<'s> {
    snapshot: &'s Snapshot,
    spec: &'s File,
    renames: Renames,
}

impl<'s> Renamed<'s> {
    /// Those of the product that `spec` is a part of; `None` where it renames nothing.
    pub(crate) fn of(snapshot: &'s Snapshot, spec: &'s File) -> Option<Renamed<'s>> {
        let product = spec.native_spec()?.product.as_ref()?;
        let files = snapshot.product_files(&product.value).into_iter();
        let files: Vec<(&File, &[spec::model::Amendment])> = files
            .filter_map(|file| Some((file, file.native_spec()?.amendments.as_slice())))
            .collect();
        let mut texts = files
            .iter()
            .flat_map(|(_, amendments)| amendments.iter())
            .flat_map(|amendment| &amendment.guarantees);
        // Most products rename nothing, and then no sentence is taken apart.
        if !texts.any(|text| text.value.contains("renamed")) {
            return None;
        }
        let history = History::new(files);
        let made = history
            .entries
            .iter()
            .filter(|entry| Renames::is_made(entry.standing));
        let sentences: Vec<Guarantee> = made
            .flat_map(|entry| &entry.amendment.guarantees)
            .filter(|text| text.value.contains("renamed"))
            .filter_map(|text| parse(&text.value).ok())
            .collect();
        let renames = Renames::new(&sentences);
        if renames == Renames::default() {
            return None;
        }
        Some(Renamed {
            snapshot,
            spec,
            renames: renames.beside(&snapshot.binder(spec)),
        })
    }

    /// The query under the names of today; `None` where it has no others. What is there under its old name
    /// has been made anew since.
    pub(crate) fn now(&self, query: &Query) -> Option<Query> {
        let mut tables: BTreeMap<TableRef, (TableRef, Vec<Name>)> = BTreeMap::new();
        for table in query.tables() {
            let TableRef::Named(TableName { parts }) = table else {
                continue;
            };
            let now = match self.table(parts) {
                Some(_) => parts.clone(),
                None => self.renames.now(parts, None),
            };
            let named = TableRef::Named(TableName { parts: now });
            tables.insert(table.clone(), (named, parts.clone()));
        }
        let mut is_other = tables.iter().any(|(old, (new, _))| old != new);
        let mut now = query.clone();
        let mut inputs: BTreeMap<InputId, &[Name]> = BTreeMap::new();
        for input in query.relations.iter().flat_map(Relation::inputs) {
            if let Source::Table(table) = &input.source
                && let Some((_, parts)) = tables.get(table)
            {
                inputs.insert(input.id, parts);
            }
        }
        for relation in &mut now.relations {
            relation.for_each_expression_mut(&mut |expression| {
                expression.for_each_mut(&mut |part| {
                    if let Expression::Column { input, name } = part
                        && let Some(table) = inputs.get(input)
                        && let Some(renamed) = self.column(table, name)
                    {
                        *name = renamed;
                        is_other = true;
                    }
                });
            });
        }
        now.rename_tables(&|table| tables.get(table).map(|(named, _)| named.clone()));
        is_other.then_some(now)
    }

    /// The query of a table upstream that was called `table`, with all names of today.
    pub(crate) fn upstream(&self, table: &[Name], query: Query) -> Query {
        let mut query = self.now(&query).unwrap_or(query);
        let root = query.root.0 as usize;
        if let Some(root) = query.relations.get_mut(root) {
            for column in &mut root.columns {
                if let Some(name) = &mut column.name
                    && let Some(renamed) = self.column(table, name)
                {
                    *name = renamed;
                }
            }
        }
        query
    }

    /// What a table was called before, the latest name first.
    pub(crate) fn earlier(&self, table: &[Name]) -> Vec<Vec<Name>> {
        self.renames.earlier(table)
    }

    /// What a column of `table` is called now, where the table has none of that name any more.
    fn column(&self, table: &[Name], name: &Name) -> Option<Name> {
        let path: Vec<Name> = table.iter().chain([name]).cloned().collect();
        let now = self.renames.now(&path, None);
        let (column, table) = now.split_last()?;
        if column == name {
            return None;
        }
        let table = self.table(table)?;
        let is_renamed = table.column(name).is_none() && table.column(column).is_some();
        is_renamed.then(|| column.clone())
    }

    /// The table that is called exactly so.
    fn table(&self, parts: &[Name]) -> Option<&'s Table> {
        let table = TableRef::Named(TableName {
            parts: parts.to_vec(),
        });
        let table = self.snapshot.resolve(self.spec, &table)?;
        (table.key.parts == parts).then_some(&**table)
    }
}
