//! An expression of a sentence, with its names bound.

use sql::facts::TableRef;
use sql::relation::Expression;
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
}

impl Formula {
    /// What a column in it stands for.
    pub(super) fn column(&self, expression: &Expression) -> Option<&ColumnRef> {
        match expression {
            Expression::Column { input, .. } => self.columns.get(input.0 as usize),
            _ => None,
        }
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
