//! A table of the workspace: everything that specs and SQL say about it, joined by name.

use crate::file::FileId;
use smol_str::SmolStr;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use syntax::name::dotted;
use syntax::{Name, Spot};

/// What a table is known by. Two tables of one workspace never share it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableKey {
    /// The dbt project that it belongs to, by its folder; `None` outside of one.
    pub project: Option<Arc<Path>>,
    /// Whether it is a table of a dbt source.
    pub is_source: bool,
    /// Its name, the outermost part first; for a source, the source's name and the table's. Never
    /// empty.
    pub parts: Vec<Name>,
}

/// Everything that is known of a table. Compared to find out whether anything that depends on it
/// must be computed anew, so it holds spots, not positions.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it is known by.
    pub key: TableKey,
    /// The statements and seeds that define it: one, as a rule. In the order of paths.
    pub models: Vec<ModelId>,
    /// The entries of specs that describe it: native ones first, then in the order of paths.
    pub descriptions: Vec<DescriptionId>,
    /// Its columns: those that its model selects, in order, then those that only specs name.
    pub columns: Vec<Column>,
    /// None of its models is built: `enabled=false`.
    pub is_disabled: bool,
    /// It may have more columns than those.
    pub open: bool,
    /// It reads itself, through any number of tables; nothing is derived through it.
    pub cyclic: bool,
}

/// One statement that defines a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelId {
    /// The file.
    pub file: FileId,
    /// Its place in [`sql::SqlFacts::models`]; 0 for a seed.
    pub ordinal: u32,
}

/// One entry of a spec that describes a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DescriptionId {
    /// The file.
    pub file: FileId,
    /// Its place in [`crate::File::described_tables`].
    pub ordinal: u32,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// Where a model selects it; `None` where only specs name it.
    pub selected: Option<Selected>,
    /// The seed whose header names it.
    pub in_seed: Option<ModelId>,
    /// Where specs describe it, in the order of [`Table::descriptions`].
    pub described: Vec<Described>,
    /// The column of another table that it is, unchanged, where that is certain.
    pub source: Option<(TableKey, Name)>,
    /// Whether its model computes it, by an expression that can be read even where the rest of the statement
    /// can't: it is no column of another table.
    pub is_computed: bool,
    /// Why it exists; `None` where nobody says.
    pub why: Option<Why>,
    /// Whether a description says what it is: its own, or that of the column it is, unchanged.
    pub has_description: bool,
    /// Its type: as a spec declares it, else as the SQL does.
    pub data_type: Option<SmolStr>,
}

/// Where a model selects a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The model.
    pub model: ModelId,
    /// The alias or column name, or the `*` that brings it.
    pub name: Spot,
    /// The whole entry of the projection.
    pub item: Spot,
    /// It comes by a `*`.
    pub by_star: bool,
}

/// Where a spec describes a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described {
    /// The table's entry.
    pub table: DescriptionId,
    /// The column's place in [`spec::model::Table::columns`].
    pub ordinal: u32,
}

/// Where the why of a column is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// In its own entry.
    Own(Described),
    /// By the amendment that `since` of its entry names.
    Since(Described),
    /// By the column of another table that it is, unchanged: the first one up the chain that has a
    /// why of its own.
    Inherited {
        /// That table.
        table: TableKey,
        /// Its column.
        column: Name,
    },
}

impl TableKey {
    /// The name's own part, without source, schema and database.
    pub fn name(&self) -> Name {
        self.parts.last().cloned().unwrap_or_default()
    }
}

impl fmt::Display for TableKey {
    /// The name as people write it: `orders`, `shop.orders`, `raw.orders`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&dotted(&self.parts))
    }
}

impl Column {
    /// A column of which nothing but the name is known.
    pub(crate) fn new(name: Name) -> Column {
        Column {
            name,
            selected: None,
            in_seed: None,
            described: Vec::new(),
            source: None,
            is_computed: false,
            why: None,
            has_description: false,
            data_type: None,
        }
    }

    /// Whether a model or a seed has it, not only a spec.
    pub fn is_selected(&self) -> bool {
        self.selected.is_some() || self.in_seed.is_some()
    }
}

impl Table {
    /// Its column of that name.
    pub fn column(&self, name: &Name) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }
}
