//! An interpreter of queries over small tables in memory, in SQL's three-valued logic.
//!
//! It answers only what every dialect would answer alike. Where dialects differ (integer division, the
//! place of `NULL` in an order, ties), where an operation fails, or where it does not know a function
//! whose value decides which rows there are, it says [`Undecided`]. A value that nothing decides on may
//! be unknown: it is a [`Value::Opaque`] symbol, equal for the same function of equal arguments, and is
//! carried on. [`Rows::differ`] never takes such a value, or a rounded one, for a difference.

mod aggregate;
mod bag;
mod calendar;
mod cast;
mod expression;
mod from;
mod function;
mod function_of_time;
mod group;
mod needed;
mod number;
mod operator;
mod relation;
mod select;
mod sort;
mod value;
mod window;

pub(crate) use function::is_volatile;

pub use calendar::{Date, Timestamp};
pub use number::Number;
pub use value::{Interval, Value};

pub(crate) use expression::literal;
pub(crate) use needed::{Needed, expressions, relations_of_inputs};
pub(crate) use operator::operate;

use std::rc::Rc;

use relation::Machine;
use sql::facts::TableRef;
use sql::relation::Query;
use syntax::Name;

/// The rows of the tables that queries read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// Each table once.
    pub tables: Vec<Table>,
}

/// A table outside the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// How queries mention it.
    pub table: TableRef,
    /// The names of its columns.
    pub columns: Rc<[Name]>,
    /// Its rows: a value for each column.
    pub rows: Vec<Rc<[Value]>>,
}

/// What a query gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// In no order that means anything.
    pub rows: Vec<Row>,
}

/// A row that a query gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A value for each column.
    pub values: Rc<[Value]>,
    /// The rows of tables that it is made of, counted through all [`Tables`] in order; sorted.
    pub origin: Rc<[u32]>,
}

/// How much may be computed before the answer is [`Undecided`], in steps; about one for each part of an
/// expression and each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many steps are left.
    pub steps: u64,
}

/// The result is not known, or not the same in every dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// Why, for a log.
    pub reason: &'static str,
}

/// The rows that a query gives.
///
/// # Errors
/// Where they are not known, or differ between dialects, or the query fails.
pub fn run(query: &Query, tables: &Tables, budget: &mut Budget) -> Result<Rows, Undecided> {
    let positions: Vec<usize> = (0..query.root().columns.len()).collect();
    run_columns(query, &positions, tables, budget)
}

/// The rows that a query gives, of some of its columns only. What the others are computed from plays no
/// part.
///
/// # Errors
/// As [`run`].
pub fn run_columns(
    query: &Query,
    positions: &[usize],
    tables: &Tables,
    budget: &mut Budget,
) -> Result<Rows, Undecided> {
    let needed = Needed::of(query, positions);
    run_needed(query, &needed, positions, tables, budget)
}

/// As [`run_columns`], where it is known already what they need.
pub(crate) fn run_needed(
    query: &Query,
    needed: &Needed,
    positions: &[usize],
    tables: &Tables,
    budget: &mut Budget,
) -> Result<Rows, Undecided> {
    budget.spend(1 + query.relations.len() as u64)?;
    let rows = Machine::new(query, needed, tables, budget).rows(query.root)?;
    let picked = |row: &Row| Row {
        values: positions
            .iter()
            .map(|position| row.values.get(*position).cloned().unwrap_or(Value::Null))
            .collect(),
        origin: row.origin.clone(),
    };
    Ok(Rows {
        rows: rows.iter().map(picked).collect(),
    })
}

impl Budget {
    /// So many steps.
    pub fn of(steps: u64) -> Budget {
        Budget { steps }
    }

    /// Takes some steps.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), Undecided> {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                undecided("it takes too long")
            }
        }
    }
}

impl Tables {
    /// The table of that name, and the number of its first row among all rows.
    pub(crate) fn find(&self, table: &TableRef) -> Option<(&Table, u32)> {
        let mut first = 0;
        for candidate in &self.tables {
            if candidate.table == *table {
                return Some((candidate, first));
            }
            first += u32::try_from(candidate.rows.len()).ok()?;
        }
        None
    }
}

impl Rows {
    /// Whether the two differ for certain, as bags: whatever the opaque values stand for, and however
    /// rounded ones were rounded.
    pub fn differ(&self, other: &Rows) -> bool {
        let values = |rows: &Rows| -> Vec<Rc<[Value]>> {
            rows.rows.iter().map(|row| row.values.clone()).collect()
        };
        bag::differ(&values(self), &values(other))
    }
}

pub(crate) fn undecided<T>(reason: &'static str) -> Result<T, Undecided> {
    Err(Undecided { reason })
}
