//! What a lock or another state calls tables and columns, read through the renames that amendments tell:
//! under its new name a column of a table upstream is still the same one. What another product describes
//! was renamed by an amendment of that product.

use crate::context::product_of;
use index::binding::{Bound, BoundTable, Renames};
use index::{File, Snapshot, Table};
use spec::guarantee::{Guarantee, parse};
use spec::history::History;
use sql::facts::{TableName, TableRef};
use sql::relation::{Expression, InputId, Query, Relation, Source};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use syntax::Name;

/// The renames of a product, and those of others, whose tables it reads.
pub(crate) struct Renamed<'s> {
    snapshot: &'s Snapshot,
    spec: &'s File,
    own: Renames,
    /// Looked for where a name is not known: that takes reading all specs.
    others: OnceCell<Vec<Renames>>,
}

impl<'s> Renamed<'s> {
    /// Those of the product that `spec` is a part of, and of all others.
    pub(crate) fn of(snapshot: &'s Snapshot, spec: &'s File) -> Renamed<'s> {
        let product = spec.native_spec().and_then(|spec| spec.product.as_ref());
        let sentences = product.map(|product| sentences(snapshot, &product.value));
        let own = Renames::new(&sentences.unwrap_or_default());
        Renamed {
            snapshot,
            spec,
            own: match own == Renames::default() {
                true => own,
                false => own.beside(&snapshot.binder(spec)),
            },
            others: OnceCell::new(),
        }
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
                None => self.renamed(parts),
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
        let all = std::iter::once(&self.own).chain(self.others());
        all.flat_map(|renames| renames.earlier(table)).collect()
    }

    /// What a column of `table` is called now, where the table has none of that name any more.
    fn column(&self, table: &[Name], name: &Name) -> Option<Name> {
        if self.table(table).is_some_and(|it| has(it, name)) {
            return None;
        }
        let path: Vec<Name> = table.iter().chain([name]).cloned().collect();
        let now = self.renamed(&path);
        let (column, table) = now.split_last()?;
        if column == name {
            return None;
        }
        let table = self.table(table)?;
        let is_renamed = !has(table, name) && has(table, column);
        is_renamed.then(|| column.clone())
    }

    /// What a path is called today: as the own product says, else as the one does that renamed it.
    fn renamed(&self, path: &[Name]) -> Vec<Name> {
        let now = self.own.now(path, None);
        let others = || self.others().iter();
        match now == path {
            true => others().fold(now, |path, renames| renames.now(&path, None)),
            false => now,
        }
    }

    /// The renames of other products.
    fn others(&self) -> &[Renames] {
        self.others.get_or_init(|| {
            let own = self.spec.native_spec();
            let own = own.and_then(|spec| spec.product.as_ref().map(|product| &product.value));
            let products = self.snapshot.products().into_iter();
            let others = products.filter(|product| Some(*product) != own);
            others
                .filter_map(|product| of_other(self.snapshot, product))
                .collect()
        })
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

/// Whether the table has the column.
fn has(table: &Table, column: &Name) -> bool {
    table.column(column).is_some()
}

/// The renames of a product, as far as they are about tables that it describes.
fn of_other(snapshot: &Snapshot, product: &Name) -> Option<Renames> {
    let mut sentences = sentences(snapshot, product);
    let spec = *snapshot.product_files(product).first()?;
    let binder = snapshot.binder(spec);
    let describes = |parts: &[Name]| match binder.table(parts) {
        Bound::To(BoundTable::Known(key)) => snapshot.table(&key).is_some_and(|table| {
            let described = table.descriptions.iter();
            let mut files = described.filter_map(|id| snapshot.description(*id));
            files.any(|(file, _)| product_of(file).as_ref() == Some(product))
        }),
        _ => false,
    };
    sentences.retain(|sentence| {
        let subject = &sentence.subject().parts;
        let table = subject.split_last().map(|(_, table)| table);
        describes(subject) || table.is_some_and(describes)
    });
    (!sentences.is_empty()).then(|| Renames::new(&sentences).beside(&binder))
}

/// The sentences by which amendments of a product have renamed something, in their order.
fn sentences(snapshot: &Snapshot, product: &Name) -> Vec<Guarantee> {
    let files = snapshot.product_files(product).into_iter();
    let files: Vec<(&File, &[spec::model::Amendment])> = files
        .filter_map(|file| Some((file, file.native_spec()?.amendments.as_slice())))
        .collect();
    let mut texts = files
        .iter()
        .flat_map(|(_, amendments)| amendments.iter())
        .flat_map(|amendment| &amendment.guarantees);
    // Most products rename nothing, and then no sentence is taken apart.
    if !texts.any(|text| text.value.contains("renamed")) {
        return Vec::new();
    }
    let history = History::new(files);
    let made = history
        .entries
        .iter()
        .filter(|entry| Renames::is_made(entry.standing));
    let sentences = made
        .flat_map(|entry| &entry.amendment.guarantees)
        .filter(|text| text.value.contains("renamed"))
        .filter_map(|text| parse(&text.value).ok());
    sentences
        .filter(|sentence| matches!(sentence, Guarantee::RenamedFrom { .. }))
        .collect()
}
