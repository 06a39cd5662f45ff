//! What lies downstream of a column or of the rows of a table: the columns that are computed from it,
//! and the tables that have other values or rows when it changes, through any number of models.

use crate::file::File;
use crate::snapshot::Snapshot;
use crate::table::{ModelId, TableKey};
use meaning::lineage::{Lineage, TableColumn};
use sql::facts::TableRef;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use syntax::Name;

/// Something that can change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// The values of a column.
    Column(TableKey, Name),
    /// Which rows a table has.
    Rows(TableKey),
}

/// What a change reaches downstream, without what changed itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The columns whose values it can change. Where it changes which rows a table has, the columns of
    /// that table and of what reads it are not listed for that.
    pub columns: BTreeSet<(TableKey, Name)>,
    /// The tables of which it can change a value, or which rows they have.
    pub tables: BTreeSet<TableKey>,
}

/// The edges downstream, found when they are asked for and kept as long as this is.
#[derive(Debug)]
pub struct Downstream<'s> {
    snapshot: &'s Snapshot,
    readers: HashMap<TableKey, Arc<[Reader]>>,
}

/// A model that reads a table.
#[derive(Debug)]
struct Reader {
    /// The table that it makes.
    key: TableKey,
    /// Its columns, by the columns of the table read that their values come from.
    values: BTreeMap<Name, BTreeSet<Name>>,
    /// The columns of the table read that decide its rows.
    rows: BTreeSet<Name>,
}

impl<'s> Downstream<'s> {
    /// Of the models of a snapshot.
    pub fn new(snapshot: &'s Snapshot) -> Downstream<'s> {
        Downstream {
            snapshot,
            readers: HashMap::new(),
        }
    }

    /// What lies downstream of all of `origins` together.
    pub fn reach(&mut self, origins: impl IntoIterator<Item = Node>) -> Reach {
        let origins: BTreeSet<Node> = origins.into_iter().collect();
        let mut ahead: Vec<Node> = origins.iter().cloned().collect();
        let mut seen = origins.clone();
        while let Some(node) = ahead.pop() {
            let (Node::Column(key, _) | Node::Rows(key)) = &node;
            let readers = self.readers(key);
            for reader in readers.iter() {
                let rows = || Node::Rows(reader.key.clone());
                let mut reached = Vec::new();
                match &node {
                    Node::Column(_, name) => {
                        let columns = reader.values.get(name).into_iter().flatten();
                        reached.extend(
                            columns.map(|column| Node::Column(reader.key.clone(), column.clone())),
                        );
                        reached.extend(reader.rows.contains(name).then(rows));
                    }
                    Node::Rows(_) => reached.push(rows()),
                }
                for node in reached {
                    if seen.insert(node.clone()) {
                        ahead.push(node);
                    }
                }
            }
        }
        let mut reach = Reach::default();
        let of_origins: BTreeSet<&TableKey> = origins.iter().map(Node::table).collect();
        for node in seen.iter().filter(|node| !origins.contains(node)) {
            if let Node::Column(key, name) = node {
                reach.columns.insert((key.clone(), name.clone()));
            }
            if !of_origins.contains(node.table()) {
                reach.tables.insert(node.table().clone());
            }
        }
        reach
    }

    fn readers(&mut self, key: &TableKey) -> Arc<[Reader]> {
        if let Some(known) = self.readers.get(key) {
            return known.clone();
        }
        let files = self.snapshot.readers(key).into_iter();
        let readers: Arc<[Reader]> = files
            .flat_map(|file| readers_in(self.snapshot, file, key))
            .collect();
        self.readers.insert(key.clone(), readers.clone());
        readers
    }
}

impl Node {
    /// The table that it is of.
    pub fn table(&self) -> &TableKey {
        match self {
            Node::Column(key, _) | Node::Rows(key) => key,
        }
    }
}

/// The models in a file that read a table.
fn readers_in(snapshot: &Snapshot, file: &File, key: &TableKey) -> Vec<Reader> {
    let count = file.sql().map_or(0, |facts| facts.models.len()) as u32;
    let models = (0..count).map(|ordinal| ModelId {
        file: file.id,
        ordinal,
    });
    let readers = models.filter_map(|id| {
        let lineage = snapshot.lineage(id)?;
        let own: BTreeSet<&TableRef> = lineage
            .tables
            .iter()
            .filter(|table| snapshot.table_key(file, table) == Some(key))
            .collect();
        let made = &snapshot.table_of_model(id)?.key;
        (!own.is_empty()).then(|| Reader::new(made.clone(), &lineage, &own))
    });
    readers.collect()
}

impl Reader {
    /// `own` is what the table read is called.
    fn new(key: TableKey, lineage: &Lineage, own: &BTreeSet<&TableRef>) -> Reader {
        let mut values: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
        let is_own = |column: &&TableColumn| own.contains(&column.table);
        for column in &lineage.columns {
            let Some(name) = &column.name else { continue };
            let sources = column.sources.iter().map(|edge| &edge.from);
            for from in sources.chain(&column.rows).filter(is_own) {
                let reached = values.entry(from.column.clone()).or_default();
                reached.insert(name.clone());
            }
        }
        let rows = lineage.rows.iter().filter(is_own);
        Reader {
            key,
            values,
            rows: rows.map(|column| column.column.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
