//! What the names in a sentence of an amendment stand for: tables and columns of the workspace, by the
//! rules of the guarantee language. Whether the sentence holds is for others to say.
//!
//! A table is known when a model defines it, a spec or a source declares it, or any SQL reads it. A
//! short name means the product's own table, then a model, then whatever longer name ends in it. A bare
//! column is looked for in the table that the sentence is about, then in what that reads, the nearest
//! level first.

mod names;
mod renames;
mod upstream;

pub use names::{NameInSentence, Role};
pub use renames::Renames;

use crate::file::File;
use crate::snapshot::Snapshot;
use crate::table::{DescriptionId, Table, TableKey};
use sql::facts::{TableName, TableRef};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;
use syntax::Name;
use upstream::Levels;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound<T> {
    /// This.
    To(T),
    /// One of these, and nothing tells which; in a fixed order, at least two.
    Ambiguous(Vec<T>),
    /// Nothing: everything that it could be is known.
    Nothing,
    /// It can't be told: a table that it could be in may have columns that nothing names.
    Open,
}

/// A table that a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoundTable {
    /// One that a model defines or a spec declares.
    Known(TableKey),
    /// One that nothing defines or declares, and SQL reads, by what one of its readers calls it.
    Read(TableRef),
}

/// A column that a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoundColumn {
    /// Its table.
    pub table: BoundTable,
    /// Its name there.
    pub column: Name,
    /// What of it is meant, where it is a struct: the names behind its own.
    pub fields: Vec<Name>,
    /// How far upstream of the table that the sentence is about it was found, for a bare name.
    pub level: usize,
}

/// A table or a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoundName {
    /// A table.
    Table(BoundTable),
    /// A column.
    Column(BoundColumn),
}

/// Finds what names stand for in the sentences of one native spec.
#[derive(Clone, Copy, Debug)]
pub struct Binder<'s> {
    snapshot: &'s Snapshot,
    file: &'s File,
}

impl Snapshot {
    /// What names stand for in the sentences of `file`, a native spec.
    pub fn binder<'s>(&'s self, file: &'s File) -> Binder<'s> {
        Binder {
            snapshot: self,
            file,
        }
    }
}

impl<'s> Binder<'s> {
    /// The table of that name. Never [`Bound::Open`].
    pub fn table(&self, parts: &[Name]) -> Bound<BoundTable> {
        self.table_near(parts, None)
    }

    /// The table of that name in a sentence about `about`: what lies upstream of it goes before what
    /// lies anywhere, where only the end of a longer name is given. Never [`Bound::Open`].
    pub fn table_near(&self, parts: &[Name], about: Option<&TableKey>) -> Bound<BoundTable> {
        let exact = |known: &[Name]| known == parts;
        let ends = |known: &[Name]| known.ends_with(parts);
        let own = self.own_tables(parts);
        let all = self.tables_called(parts);
        let models: Vec<&Table> = all
            .iter()
            .copied()
            .filter(|table| !table.models.is_empty())
            .collect();
        let of = |tables: &[&Table], fits: &dyn Fn(&[Name]) -> bool| {
            let fitting = tables.iter().filter(|table| fits(&table.key.parts));
            self.own_project(fitting.map(|table| table.key.clone()).collect())
        };
        let steps: [&dyn Fn() -> Vec<BoundTable>; 7] = [
            &|| known(described(&own, &exact)),
            &|| known(described(&own, &ends)),
            &|| known(of(&models, &exact)),
            &|| known(of(&all, &exact)),
            &|| self.read(parts, &exact),
            &|| about.map_or_else(Vec::new, |about| Levels::new(self, about).ending_in(parts)),
            &|| {
                let mut found = known(of(&models, &ends));
                if found.is_empty() {
                    found = known(of(&all, &ends));
                    found.extend(self.read(parts, &ends));
                }
                found
            },
        ];
        let mut found = steps.into_iter().map(|step| step());
        found
            .find(|found| !found.is_empty())
            .map_or(Bound::Nothing, one_of)
    }

    /// The column that a path stands for in a sentence about `about`: of the table that the path names,
    /// else, for a bare name, of that table or of what it reads.
    pub fn column(&self, parts: &[Name], about: Option<&TableKey>) -> Bound<BoundColumn> {
        if let [name] = parts {
            return about.map_or(Bound::Nothing, |about| self.bare_column(name, about));
        }
        // The longest table that the path can start with.
        for length in (1..parts.len()).rev() {
            let (Some(table), Some([column, fields @ ..])) =
                (parts.get(..length), parts.get(length..))
            else {
                continue;
            };
            let found = match self.table_near(table, about) {
                Bound::Nothing | Bound::Open => continue,
                Bound::To(table) => self.column_of(table, column, fields),
                Bound::Ambiguous(tables) => {
                    let columns = tables
                        .into_iter()
                        .map(|table| bound(table, column, fields, 0));
                    Bound::Ambiguous(columns.collect())
                }
            };
            // `orders.address` may be no table, and `address.city` a field of a column.
            if found != Bound::Nothing || length == 1 {
                return found;
            }
        }
        // A field of a bare column.
        match (parts, about) {
            ([column, fields @ ..], Some(about)) => match self.bare_column(column, about) {
                Bound::To(mut found) => {
                    found.fields = fields.to_vec();
                    Bound::To(found)
                }
                other => other,
            },
            _ => Bound::Nothing,
        }
    }

    /// The column of that name of `about`, or of what it reads, the nearest level first.
    pub fn bare_column(&self, name: &Name, about: &TableKey) -> Bound<BoundColumn> {
        Levels::new(self, about).column(name)
    }

    /// What a path stands for that may be a table or a column: a column, if it starts with a table of
    /// the product; else a table, and a column of any other table last.
    pub fn table_or_column(&self, parts: &[Name]) -> Bound<BoundName> {
        let column = || match self.column(parts, None) {
            Bound::To(column) => Bound::To(BoundName::Column(column)),
            Bound::Ambiguous(columns) => {
                Bound::Ambiguous(columns.into_iter().map(BoundName::Column).collect())
            }
            Bound::Nothing => Bound::Nothing,
            Bound::Open => Bound::Open,
        };
        let starts_with_own = parts.split_last().is_some_and(|(_, table)| {
            let mut own = self.own_tables(table).into_iter();
            !table.is_empty() && own.any(|(name, _)| name.ends_with(table))
        });
        if starts_with_own {
            return column();
        }
        match self.table(parts) {
            Bound::To(table) => Bound::To(BoundName::Table(table)),
            Bound::Ambiguous(tables) => {
                Bound::Ambiguous(tables.into_iter().map(BoundName::Table).collect())
            }
            Bound::Nothing | Bound::Open => column(),
        }
    }

    /// The tables that a bare column in a sentence about `about` is looked for in, level by level: the
    /// table itself, then what it reads, and so on.
    pub fn levels(&self, about: &TableKey) -> Vec<Vec<BoundTable>> {
        Levels::new(self, about).all()
    }

    /// A column of a table, if the table has it or may have it.
    fn column_of(&self, table: BoundTable, column: &Name, fields: &[Name]) -> Bound<BoundColumn> {
        let lacks = match &table {
            BoundTable::Known(key) => self.lacks(key, column),
            BoundTable::Read(_) => false,
        };
        if lacks {
            Bound::Nothing
        } else {
            Bound::To(bound(table, column, fields, 0))
        }
    }

    /// Whether a table certainly has no column of that name.
    fn lacks(&self, key: &TableKey, column: &Name) -> bool {
        self.snapshot.table(key).is_some_and(|table| {
            let is_closed = !table.open && !table.cyclic && !table.models.is_empty();
            is_closed && table.column(column).is_none()
        })
    }

    /// The tables that the product's specs describe by a name with this last part, each with the name
    /// that a spec gives it.
    fn own_tables(&self, parts: &[Name]) -> Vec<(&'s [Name], TableKey)> {
        let last = parts.last();
        let product = self
            .file
            .native_spec()
            .and_then(|spec| spec.product.as_ref());
        let files = match product {
            Some(product) => self.snapshot.product_files(&product.value),
            None => vec![self.file],
        };
        let described = files.into_iter().flat_map(|file| {
            (0..).zip(file.described_tables()).map(|(ordinal, table)| {
                let id = DescriptionId {
                    file: file.id,
                    ordinal,
                };
                (id, table)
            })
        });
        let called = described.filter(|(_, table)| table.name.value.last() == last);
        let own = called.filter_map(|(id, table)| {
            let known = self.snapshot.table_of_description(id)?;
            Some((table.name.value.as_slice(), known.key.clone()))
        });
        own.collect()
    }

    /// All tables with that last name.
    fn tables_called(&self, parts: &[Name]) -> Vec<&'s Table> {
        let Some(last) = parts.last() else {
            return Vec::new();
        };
        let tables = self.snapshot.tables_called(last);
        tables.map(|table| &**table).collect()
    }

    /// The longer names of tables, known or read, that end in `parts`.
    fn ending_in(&self, parts: &[Name]) -> Vec<Vec<Name>> {
        let is_longer = |name: &[Name]| name.len() > parts.len() && name.ends_with(parts);
        let known = self.tables_called(parts).into_iter();
        let known = known.map(|table| table.key.parts.clone());
        let read = self.read(parts, &is_longer).into_iter();
        let read = read.filter_map(|table| names_of(&table.reference()));
        known.filter(|name| is_longer(name)).chain(read).collect()
    }

    /// Of several tables those of the spec's own project, if there are any.
    fn own_project(&self, keys: BTreeSet<TableKey>) -> BTreeSet<TableKey> {
        let own: BTreeSet<TableKey> = keys
            .iter()
            .filter(|key| key.project == self.file.project)
            .cloned()
            .collect();
        if own.is_empty() { keys } else { own }
    }

    /// The tables that SQL reads and nothing defines, by their names.
    fn read(&self, parts: &[Name], fits: &dyn Fn(&[Name]) -> bool) -> Vec<BoundTable> {
        let Some(last) = parts.last() else {
            return Vec::new();
        };
        // What a mention leads to is the same in all files of a project, and there may be many of them. Of
        // several spellings it is that of the first file.
        let mut mentions: BTreeMap<(Option<&OsStr>, &TableRef), (&File, &TableRef)> =
            BTreeMap::new();
        for file in self.snapshot.mentioning_anywhere(last) {
            let models = file.sql().map_or(&[][..], |sql| &sql.models);
            let inputs = models.iter().flat_map(|model| &model.inputs);
            for input in inputs.filter(|input| input.table.last_name() == Some(last)) {
                let project = file.project.as_deref().map(Path::as_os_str);
                let first = mentions.entry((project, &input.table));
                let first = first.or_insert((file, &input.table));
                if file.path.as_os_str() < first.0.path.as_os_str() {
                    *first = (file, &input.table);
                }
            }
        }
        let fitting = mentions
            .into_values()
            .filter(|(_, table)| names_of(table).is_some_and(|names| fits(&names)));
        let mut undefined: Vec<(&File, &TableRef)> = fitting
            .filter(|(file, table)| self.snapshot.resolve(file, table).is_none())
            .collect();
        undefined.sort_by_key(|(file, _)| file.path.as_os_str());
        let found = undefined.into_iter().map(|(_, table)| table.clone());
        let found: BTreeSet<TableRef> = found.collect();
        shortest(found).into_iter().map(BoundTable::Read).collect()
    }
}

impl BoundTable {
    /// What queries of the workspace call it, see [`crate::named`].
    pub fn reference(&self) -> TableRef {
        match self {
            BoundTable::Known(key) => TableRef::Named(TableName {
                parts: key.parts.clone(),
            }),
            BoundTable::Read(table) => table.clone(),
        }
    }

    /// What it is known by, if anything defines or declares it.
    pub fn key(&self) -> Option<&TableKey> {
        match self {
            BoundTable::Known(key) => Some(key),
            BoundTable::Read(_) => None,
        }
    }
}

impl std::fmt::Display for BoundTable {
    /// Its whole name, as people write it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BoundTable::Known(key) => key.fmt(f),
            BoundTable::Read(table) => {
                let names = names_of(table).unwrap_or_default();
                f.write_str(&syntax::name::dotted(&names))
            }
        }
    }
}

fn bound(table: BoundTable, column: &Name, fields: &[Name], level: usize) -> BoundColumn {
    BoundColumn {
        table,
        column: column.clone(),
        fields: fields.to_vec(),
        level,
    }
}

/// The tables among the product's own whose name in a spec fits.
fn described(own: &[(&[Name], TableKey)], fits: &dyn Fn(&[Name]) -> bool) -> BTreeSet<TableKey> {
    own.iter()
        .filter(|(name, _)| fits(name))
        .map(|(_, key)| key.clone())
        .collect()
}

fn known(keys: BTreeSet<TableKey>) -> Vec<BoundTable> {
    keys.into_iter().map(BoundTable::Known).collect()
}

fn one_of<T>(mut found: Vec<T>) -> Bound<T> {
    match (found.pop(), found.is_empty()) {
        (None, _) => Bound::Nothing,
        (Some(only), true) => Bound::To(only),
        (Some(last), false) => {
            found.push(last);
            Bound::Ambiguous(found)
        }
    }
}

/// The name of a table that SQL mentions, the outermost part first; `None` where a template hides it.
fn names_of(table: &TableRef) -> Option<Vec<Name>> {
    match table {
        TableRef::Named(name) => Some(name.parts.clone()),
        TableRef::Source { source, table } => Some(vec![source.clone(), table.clone()]),
        TableRef::Ref { name, .. } => Some(vec![name.clone()]),
        TableRef::Unknown => None,
    }
}

/// Of several names of a table the shortest: `shop.raw.orders` and `raw.orders` are one table, as far as
/// anybody can tell.
fn shortest(found: BTreeSet<TableRef>) -> Vec<TableRef> {
    let names: Vec<(Vec<Name>, &TableRef)> = found
        .iter()
        .filter_map(|table| Some((names_of(table)?, table)))
        .collect();
    let is_longer = |name: &[Name]| {
        names
            .iter()
            .any(|(other, _)| other.len() < name.len() && name.ends_with(other))
    };
    let mut kept: Vec<(Vec<Name>, TableRef)> = Vec::new();
    for (name, table) in &names {
        if !is_longer(name) && !kept.iter().any(|(known, _)| known == name) {
            kept.push((name.clone(), (*table).clone()));
        }
    }
    kept.into_iter().map(|(_, table)| table).collect()
}

#[cfg(test)]
mod tests;
