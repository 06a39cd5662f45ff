//! Which columns of the tables that a query reads its columns are computed from, and which ones
//! decide its rows.
//!
//! The two are kept apart: a column in a filter changes which rows there are, never a value in them.
//! CTEs, subqueries and set operations are seen through.

mod kind;
mod rows;
mod value;

pub use kind::Kind;

use sql::facts::TableRef;
use sql::relation::{InputId, Query, Relation, RelationId, Source};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use syntax::Name;

/// The lineage of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// Of its columns, in order, without those that nothing lists.
    pub columns: Vec<ColumnLineage>,
    /// There are columns that are not known.
    pub open: bool,
    /// The columns that decide its rows, sorted.
    pub rows: Vec<TableColumn>,
    /// Every table that it reads, sorted.
    pub tables: Vec<TableRef>,
}

/// The lineage of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnLineage {
    /// Its name; `None` where the database makes one up.
    pub name: Option<Name>,
    /// The columns that its value is computed from, sorted.
    pub sources: Vec<Edge>,
    /// The columns that decide from which rows its value is computed: in the filters, joins and
    /// groupings of the CTEs and subqueries that it comes through. Sorted.
    pub rows: Vec<TableColumn>,
    /// How it is computed.
    pub kind: Kind,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableColumn {
    /// The table.
    pub table: TableRef,
    /// The column.
    pub column: Name,
}

/// A column that a value is computed from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Which column.
    pub from: TableColumn,
    /// How sure that is.
    pub confidence: Confidence,
}

/// How sure it is that a value is computed from a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The text says so.
    Exact,
    /// A macro made a part of the way.
    Macro,
    /// It may be: the name fits several inputs, or stands for something that is not understood.
    Unknown,
}

/// The lineage of `query`. `by_macro` tells whether a macro made a column of a relation.
pub fn lineage(query: &Query, by_macro: &dyn Fn(RelationId, usize) -> bool) -> Lineage {
    let graph = Graph::new(query, by_macro);
    let root = query.root();
    let listed = root.columns.iter().enumerate();
    let listed = listed.filter(|(_, column)| !column.implicit);
    let columns = listed.map(|(position, column)| {
        column_lineage(&graph, (query.root, position), column.name.as_ref())
    });
    Lineage {
        columns: columns.collect(),
        open: root.open,
        rows: rows::rows(&graph, [query.root]).into_iter().collect(),
        tables: graph.tables(),
    }
}

/// The lineage of the column at `position` of any relation of `query`, be it a CTE; `None` where there
/// is no such column.
pub fn of_column(
    query: &Query,
    by_macro: &dyn Fn(RelationId, usize) -> bool,
    relation: RelationId,
    position: usize,
) -> Option<ColumnLineage> {
    let column = query.relation(relation).columns.get(position)?;
    let graph = Graph::new(query, by_macro);
    let node = (relation, position);
    Some(column_lineage(&graph, node, column.name.as_ref()))
}

/// The columns of `query`, by their positions, that are computed from the one at `position` of a
/// relation. Not those that nothing lists.
pub fn computed_from(
    query: &Query,
    by_macro: &dyn Fn(RelationId, usize) -> bool,
    relation: RelationId,
    position: usize,
) -> Vec<usize> {
    let graph = Graph::new(query, by_macro);
    let listed = query.root().columns.iter().enumerate();
    let listed = listed.filter(|(_, column)| !column.implicit);
    let computed =
        listed.filter(|(at, _)| value::passes(&graph, (query.root, *at), (relation, position)));
    computed.map(|(at, _)| at).collect()
}

/// The columns of tables that decide which rows a relation of `query` gives, sorted.
pub fn rows_of(query: &Query, relation: RelationId) -> Vec<TableColumn> {
    let graph = Graph::new(query, &|_, _| false);
    rows::rows(&graph, [relation]).into_iter().collect()
}

fn column_lineage(graph: &Graph<'_>, node: value::Node, name: Option<&Name>) -> ColumnLineage {
    let found = value::value(graph, node);
    ColumnLineage {
        name: name.cloned(),
        kind: kind::kind(graph, node, name, &found),
        sources: found.sources(),
        rows: found.rows(graph),
    }
}

impl Lineage {
    /// This lineage and that of another way in which the same table is filled: what its columns are
    /// computed from in either. Columns are paired by name; this one says which there are, and how
    /// they are computed.
    pub fn united(mut self, other: Lineage) -> Lineage {
        for column in &mut self.columns {
            let Some(also) = other.columns.iter().find(|also| also.name == column.name) else {
                continue;
            };
            let mut sources: BTreeMap<TableColumn, Confidence> = BTreeMap::new();
            for edge in column.sources.iter().chain(&also.sources) {
                let known = sources.entry(edge.from.clone()).or_insert(edge.confidence);
                *known = edge.confidence.min(*known);
            }
            let sources = sources.into_iter();
            column.sources = sources
                .map(|(from, confidence)| Edge { from, confidence })
                .collect();
            column.rows = sorted(column.rows.iter().chain(&also.rows).cloned());
        }
        self.rows = sorted(self.rows.into_iter().chain(other.rows));
        self.tables = sorted(self.tables.into_iter().chain(other.tables));
        self
    }
}

fn sorted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.collect::<BTreeSet<T>>().into_iter().collect()
}

/// A query with its inputs by their ids.
struct Graph<'q> {
    query: &'q Query,
    inputs: HashMap<InputId, &'q Source>,
    by_macro: &'q dyn Fn(RelationId, usize) -> bool,
    /// What decides the rows of several relations together: columns that come through the same ones
    /// share it.
    rows: RefCell<HashMap<BTreeSet<RelationId>, Vec<TableColumn>>>,
}

impl<'q> Graph<'q> {
    fn new(query: &'q Query, by_macro: &'q dyn Fn(RelationId, usize) -> bool) -> Graph<'q> {
        let inputs = query.relations.iter().flat_map(Relation::inputs);
        let inputs = inputs.map(|input| (input.id, &input.source));
        Graph {
            query,
            inputs: inputs.collect(),
            by_macro,
            rows: RefCell::default(),
        }
    }

    /// The columns that decide the rows of `relations`, sorted.
    fn rows_of(&self, relations: &BTreeSet<RelationId>) -> Vec<TableColumn> {
        if let Some(known) = self.rows.borrow().get(relations) {
            return known.clone();
        }
        let rows = rows::rows(self, relations.iter().copied());
        let rows: Vec<TableColumn> = rows.into_iter().collect();
        self.rows
            .borrow_mut()
            .insert(relations.clone(), rows.clone());
        rows
    }

    fn source(&self, input: InputId) -> Option<&'q Source> {
        self.inputs.get(&input).copied()
    }

    /// Every table that the root's rows or columns come from.
    fn tables(&self) -> Vec<TableRef> {
        let mut tables = BTreeSet::new();
        for relation in rows::reached(self, [self.query.root], rows::Through::Everything) {
            rows::tables_of(self.query.relation(relation), &mut tables);
        }
        tables.into_iter().collect()
    }
}
