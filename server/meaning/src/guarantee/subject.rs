//! The query that a sentence is asked of, at some depth: tables that models define may have been
//! replaced by their queries, and are still known by their names.

use super::formula::Home;
use sql::facts::TableRef;
use sql::relation::{
    Expression, From, Input, InputId, JoinKind, Query, Relation, RelationId, Select, Source,
};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// A query, and which of its inputs stand for tables whose queries have taken their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The query.
    pub query: Query,
    /// The tables that inputs stood for before.
    pub(super) replaced: BTreeMap<InputId, TableRef>,
}

impl Subject {
    /// A query as it stands in its file.
    pub fn new(query: Query) -> Subject {
        Subject {
            query,
            replaced: BTreeMap::new(),
        }
    }

    /// The same query after the queries of some of its tables were put in their place: nothing else has
    /// changed in it.
    #[must_use]
    pub fn deeper(&self, query: Query) -> Subject {
        let mut replaced = self.replaced.clone();
        let relations = self.query.relations.iter().zip(&query.relations);
        for (before, after) in relations {
            for (before, after) in before.inputs().into_iter().zip(after.inputs()) {
                if let (Source::Table(table), Source::Relation(_)) = (&before.source, &after.source)
                {
                    replaced.insert(before.id, table.clone());
                }
            }
        }
        Subject { query, replaced }
    }

    /// The relations that are in the place of tables.
    pub fn stand_ins(&self) -> BTreeMap<RelationId, TableRef> {
        let inputs = self.query.relations.iter().flat_map(Relation::inputs);
        let stand_in = |input: &Input| match &input.source {
            Source::Relation(relation) => Some((*relation, self.replaced.get(&input.id)?.clone())),
            _ => None,
        };
        inputs.filter_map(stand_in).collect()
    }

    /// Whether an input is this table.
    pub(super) fn is(&self, input: &Input, table: &TableRef) -> bool {
        match &input.source {
            Source::Table(own) => own == table,
            _ => self.replaced.get(&input.id) == Some(table),
        }
    }

    /// The table that an input is.
    pub(super) fn table_of<'s>(&'s self, input: &'s Input) -> Option<&'s TableRef> {
        match &input.source {
            Source::Table(own) => Some(own),
            _ => self.replaced.get(&input.id),
        }
    }

    /// The inputs of a select that are this table.
    pub(super) fn reads(&self, select: &Select, table: &TableRef) -> Vec<InputId> {
        let all = select.inputs().into_iter();
        all.filter(|input| self.is(input, table))
            .map(|input| input.id)
            .collect()
    }

    /// The inputs of a select that are this table, CTE or subquery.
    pub(super) fn reads_of(&self, select: &Select, home: Home<'_>) -> Vec<InputId> {
        match home {
            Home::Table(table) => self.reads(select, table),
            Home::Relation(relation) => {
                let all = select.inputs().into_iter();
                all.filter(|input| input.source == Source::Relation(relation))
                    .map(|input| input.id)
                    .collect()
            }
        }
    }

    /// The first input that is this table.
    pub(super) fn source_of(&self, table: &TableRef) -> Option<&Source> {
        let relations = self.query.relations.iter();
        let mut all = relations.flat_map(Relation::inputs);
        all.find(|input| self.is(input, table))
            .map(|input| &input.source)
    }

    /// Whether a query that is in the place of this table may have further columns.
    pub(super) fn is_open(&self, table: &TableRef) -> bool {
        let relations = self.query.relations.iter();
        let mut all = relations.flat_map(Relation::inputs);
        all.any(|input| match &input.source {
            Source::Relation(relation) => {
                self.is(input, table) && self.query.relation(*relation).open
            }
            _ => false,
        })
    }

    /// A column of an input; `None` where the query that is in its place has no such column.
    pub(super) fn column(
        &self,
        input: InputId,
        source: &Source,
        name: &Name,
    ) -> Option<Expression> {
        match source {
            Source::Relation(relation) => {
                let position = self.query.relation(*relation).position(name)?;
                Some(Expression::Output {
                    input,
                    position: u32::try_from(position).ok()?,
                })
            }
            _ => Some(Expression::Column {
                input,
                name: name.clone(),
            }),
        }
    }

    /// A column of an input of a select.
    pub(super) fn column_in(
        &self,
        select: &Select,
        input: InputId,
        name: &Name,
    ) -> Option<Expression> {
        self.column(input, &select.input(input)?.source, name)
    }

    /// All tables that a relation reads, through others too.
    pub(super) fn tables_below<'s>(
        &'s self,
        relation: RelationId,
        found: &mut BTreeSet<&'s TableRef>,
        depth: usize,
    ) {
        for Input { id, source } in self.query.relation(relation).inputs() {
            found.extend(self.replaced.get(id));
            match source {
                Source::Table(table) => {
                    found.insert(table);
                }
                Source::Relation(inner) if depth < DEEPEST => {
                    self.tables_below(*inner, found, depth + 1);
                }
                Source::Relation(_) | Source::Function(_) | Source::Unknown { .. } => {}
            }
        }
    }
}

/// Relations are looked into so deep.
pub(super) const DEEPEST: usize = 60;

/// Whether rows of an input are part of the result: it is not only looked into by a semi or anti join.
pub(super) fn gives_rows(select: &Select, wanted: InputId) -> bool {
    fn gives(from: &From, wanted: InputId) -> bool {
        match from {
            From::Input(input) => input.id == wanted,
            From::Join(join) => {
                let looks_only = matches!(
                    join.kind,
                    JoinKind::Semi | JoinKind::Anti | JoinKind::Unknown
                );
                gives(&join.left, wanted) || !looks_only && gives(&join.right, wanted)
            }
        }
    }
    select.from.as_ref().is_some_and(|from| gives(from, wanted))
}
