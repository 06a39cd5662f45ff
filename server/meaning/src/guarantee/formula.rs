//! An expression of a sentence, with its names bound.

use super::rows::and;
use crate::evaluate::is_volatile;
use sql::facts::TableRef;
use sql::relation::{Expression, RelationId};
use std::collections::BTreeSet;
use syntax::Name;

/// An expression over columns that a sentence names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    /// Its value. The input of an [`Expression::Column`] in it is a place in `columns`.
    pub value: Expression,
    /// The columns.
    pub columns: Vec<ColumnRef>,
}

/// A column that a sentence names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnRef {
    /// A column of the table that the sentence is about.
    Own(Name),
    /// A column of a table that is read.
    Of(TableRef, Name),
    /// A column that a CTE or a subquery of the query makes.
    Inside(RelationId, Name),
}

/// What has columns that a sentence names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home<'f> {
    /// A table that is read.
    Table(&'f TableRef),
    /// A CTE or a subquery.
    Relation(RelationId),
}

impl ColumnRef {
    /// What has it, and its name there; `None` for a column of the table that the sentence is about.
    pub(super) fn home(&self) -> Option<(Home<'_>, &Name)> {
        match self {
            ColumnRef::Own(_) => None,
            ColumnRef::Of(table, name) => Some((Home::Table(table), name)),
            ColumnRef::Inside(relation, name) => Some((Home::Relation(*relation), name)),
        }
    }
}

impl Formula {
    /// What a column in it stands for.
    pub(super) fn column(&self, expression: &Expression) -> Option<&ColumnRef> {
        match expression {
            Expression::Column { input, .. } => self.columns.get(input.0 as usize),
            _ => None,
        }
    }

    /// Whether it may have another value each time.
    pub(super) fn is_volatile(&self) -> bool {
        let mut found = false;
        self.value.for_each(&mut |part| {
            found |= matches!(part, Expression::Call(call) if is_volatile(&call.function));
        });
        found
    }

    /// The tables whose columns `part` of it mentions.
    pub(super) fn tables_in<'f>(&'f self, part: &'f Expression) -> BTreeSet<&'f TableRef> {
        let mut tables = BTreeSet::new();
        part.for_each(&mut |part| {
            if let Some(ColumnRef::Of(table, _)) = self.column(part) {
                tables.insert(table);
            }
        });
        tables
    }

    /// The tables whose columns it mentions.
    pub fn tables(&self) -> BTreeSet<&TableRef> {
        self.tables_in(&self.value)
    }

    /// The same with its aggregates taken only over the rows for which `condition` is true.
    pub(super) fn over(&self, condition: &Formula) -> Formula {
        let mut over = self.clone();
        let first = u32::try_from(over.columns.len()).unwrap_or(u32::MAX);
        over.columns.extend(condition.columns.iter().cloned());
        let mut condition = condition.value.clone();
        condition.for_each_mut(&mut |part| {
            if let Expression::Column { input, .. } = part {
                input.0 = input.0.saturating_add(first);
            }
        });
        over.value.for_each_mut(&mut |part| {
            if let Expression::Aggregate(aggregate) = part {
                aggregate.filter = Some(and(aggregate.filter.take(), condition.clone()));
            }
        });
        over
    }

    /// Whether it mentions a column of this name.
    pub(super) fn names(&self, wanted: &Name) -> bool {
        let mut columns = self.columns.iter();
        columns.any(|column| match column {
            ColumnRef::Own(name) | ColumnRef::Of(_, name) | ColumnRef::Inside(_, name) => {
                name == wanted
            }
        })
    }

    /// Whether it mentions columns of the table that the sentence is about.
    pub(super) fn has_own(&self) -> bool {
        let mut columns = self.columns.iter();
        columns.any(|column| matches!(column, ColumnRef::Own(_)))
    }

    /// Whether an aggregate is part of it, outside of a window.
    pub(super) fn has_aggregate(&self) -> bool {
        has_aggregate(&self.value)
    }
}

/// Whether an aggregate is part of an expression, outside of a window.
pub(super) fn has_aggregate(expression: &Expression) -> bool {
    let mut found = false;
    expression.for_each(&mut |part| found |= matches!(part, Expression::Aggregate(_)));
    found
}
