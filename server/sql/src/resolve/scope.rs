//! What a column's name means at one place in a query.

use super::relation::{Relation, column_source, target};
use crate::facts::{Origin, OutputColumn, ReadTarget};
use std::rc::Rc;
use syntax::Name;

/// The tables that can be mentioned at one place.
#[derive(Debug, Default)]
pub(crate) struct Scope<'p> {
    /// Those of the query itself, in order.
    pub(crate) tables: Vec<Table>,
    /// Names that the projection gives, for clauses that may use them.
    pub(crate) projected: Vec<Projected>,
    /// The query around it.
    pub(crate) outer: Option<&'p Scope<'p>>,
}

/// A table in a scope.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// Its alias, or the parts of its name; empty where it has neither.
    pub(crate) name: Vec<Name>,
    /// Its columns.
    pub(crate) relation: Rc<Relation>,
    /// Whether `*` includes it.
    pub(crate) in_star: bool,
    /// Whether its alias can stand for its only column: `UNNEST(x) AS y`.
    pub(crate) is_value: bool,
    /// Columns that another table gives already, by `USING`.
    pub(crate) merged: Vec<Name>,
}

/// A name that the projection gives.
#[derive(Clone, Debug)]
pub(crate) struct Projected {
    /// The column.
    pub(crate) column: OutputColumn,
    /// Whether its own expression mentions a column of that name, so that a table has one too.
    pub(crate) shadows: bool,
}

/// What a mention of a column means.
#[derive(Clone, Debug)]
pub(crate) struct Meaning {
    /// What it leads to; `None` where that is not known.
    pub(crate) target: Option<ReadTarget>,
    /// Where the value comes from, if the mention is all of an expression.
    pub(crate) origin: Origin,
    /// Which of the parts of a dotted mention is the column.
    pub(crate) part: usize,
    /// Whether further parts name a field inside the column.
    pub(crate) has_fields: bool,
}

impl Scope<'_> {
    /// What the dotted name `parts` means. `projected_first` for sort keys, where the names of the
    /// projection come before those of the tables.
    pub(crate) fn meaning(&self, parts: &[Name], projected_first: bool) -> Meaning {
        if let Some((table, column)) = self.qualified(parts) {
            let name = parts.get(column);
            let meaning = name.map(|name| within(&[table], name));
            return meaning
                .unwrap_or(UNKNOWN)
                .at(column, column + 1 < parts.len());
        }
        let has_fields = parts.len() > 1;
        match parts.first() {
            Some(name) => self.unqualified(name, projected_first).at(0, has_fields),
            None => UNKNOWN,
        }
    }

    /// The table that the first parts name, and the index of the part that is its column.
    fn qualified(&self, parts: &[Name]) -> Option<(&Table, usize)> {
        let qualifiers = parts.len().checked_sub(1)?;
        // `schema.table.column` before `table.column.field`.
        for length in (1..=qualifiers.min(4)).rev() {
            let qualifier = parts.get(..length)?;
            let found = self
                .tables
                .iter()
                .find(|table| !table.name.is_empty() && table.name.ends_with(qualifier));
            if let Some(table) = found {
                return Some((table, length));
            }
        }
        self.outer?.qualified(parts)
    }

    fn unqualified(&self, name: &Name, projected_first: bool) -> Meaning {
        let projected = self.projected.iter().find(|own| own.column.name == *name);
        if let (Some(own), true) = (projected, projected_first) {
            return of_column(&own.column);
        }
        let tables: Vec<&Table> = self.tables.iter().collect();
        let is_value = |table: &&Table| table.is_value && table.name.as_slice() == [name.clone()];
        if tables.iter().any(is_value) {
            return UNKNOWN;
        }
        if let Some(own) = projected
            && !own.shadows
            && !has_column(&tables, name)
        {
            return of_column(&own.column);
        }
        let own = within(&tables, name);
        let closed = tables.iter().all(|table| is_certainly_absent(table, name));
        match self.outer {
            Some(outer) if closed => outer.unqualified(name, false),
            Some(outer) if !has_column(&tables, name) => {
                either(own, outer.unqualified(name, false))
            }
            _ => own,
        }
    }
}

const UNKNOWN: Meaning = Meaning {
    target: None,
    origin: Origin::Unknown,
    part: 0,
    has_fields: false,
};

impl Meaning {
    fn at(mut self, part: usize, has_fields: bool) -> Meaning {
        self.part = part;
        self.has_fields = has_fields;
        // What stands before the dot may be a table as well that is not read yet.
        if has_fields && self.origin != Origin::Computed {
            self.origin = Origin::Unknown;
        }
        self
    }
}

fn within(tables: &[&Table], name: &Name) -> Meaning {
    let mut sources = Vec::new();
    let mut open = false;
    for table in tables {
        if table.merged.contains(name) {
            continue;
        }
        let found = table.relation.find(name);
        if let Some(column) = found.column {
            return of_column(column);
        }
        sources.extend(found.sources);
        open |= found.open;
    }
    let source = if open { None } else { column_source(sources) };
    match source {
        Some(source) => Meaning {
            target: Some(ReadTarget::Input(source.clone())),
            origin: Origin::Unchanged(source),
            ..UNKNOWN
        },
        None => UNKNOWN,
    }
}

fn of_column(column: &OutputColumn) -> Meaning {
    Meaning {
        target: Some(target(column)),
        origin: column.origin.clone(),
        ..UNKNOWN
    }
}

fn has_column(tables: &[&Table], name: &Name) -> bool {
    tables
        .iter()
        .any(|table| table.relation.find(name).column.is_some())
}

fn is_certainly_absent(table: &Table, name: &Name) -> bool {
    let found = table.relation.find(name);
    found.column.is_none() && found.sources.is_empty() && !found.open
}

/// A column of the query's own tables, or of those around it.
fn either(own: Meaning, outer: Meaning) -> Meaning {
    match (own.origin, outer.origin) {
        (Origin::Unchanged(mut own), Origin::Unchanged(outer)) if own.column == outer.column => {
            for input in outer.inputs {
                if !own.inputs.contains(&input) {
                    own.inputs.push(input);
                }
            }
            Meaning {
                target: Some(ReadTarget::Input(own.clone())),
                origin: Origin::Unchanged(own),
                ..UNKNOWN
            }
        }
        (own @ Origin::Unchanged(_), _) => Meaning {
            target: own_target(&own),
            origin: own,
            ..UNKNOWN
        },
        _ => UNKNOWN,
    }
}

fn own_target(origin: &Origin) -> Option<ReadTarget> {
    match origin {
        Origin::Unchanged(source) => Some(ReadTarget::Input(source.clone())),
        Origin::Computed | Origin::Unknown => None,
    }
}
