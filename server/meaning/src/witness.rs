//! A search for input rows on which two queries give different results: a proof by example.
//!
//! A difference of *rows* is one in their number, or in the bag of those columns that the caller knows
//! to be computed alike. A difference of a *column* must not be one of rows in disguise: a changed
//! filter alters the bag of every column. So values are compared for rows that are made of the same
//! input rows, as each evaluated row says what it is made of; tables that only one of the queries reads
//! do not count there. Where that pairs nothing, two results of a single row each, over tables of at
//! most one row, are compared, if the one is made of everything that the other is made of: so a scalar
//! subquery is compared with the join that replaces it.
//!
//! The search is deterministic and bounded. Finding nothing proves nothing, but see
//! [`equal_on_all_inputs`].

mod complete;
mod decisive;
mod generate;
mod judge;
mod kinds;
mod models;
mod never_known;
mod pool;
mod shape;
mod shrink;

pub use complete::equal_on_all_inputs;
pub use models::Models;

use crate::evaluate::{Budget, Rows, Table, Tables, Value};
use generate::Generator;
use judge::Judge;
use never_known::is_never_known;
use shape::{Input, Shape};
use sql::facts::TableRef;
use sql::relation::{DataType, Query};
use std::collections::BTreeSet;
use syntax::Name;

/// What two queries are asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether a column has other values. Where the queries read the same under different names, they
    /// are to be given the same names before.
    Column {
        /// Its position in the old query.
        old: usize,
        /// Its position in the new one.
        new: usize,
    },
    /// Whether there are other rows.
    Rows {
        /// Positions, in the old and in the new query, of columns that are known to be computed alike:
        /// where their values differ, the rows do.
        same: Vec<(usize, usize)>,
    },
}

/// What is known of the tables that queries read. Rows that break it are no example.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Each table at most once.
    pub tables: Vec<TableFacts>,
    /// Models that the queries see through, those of each version by themselves.
    pub models: Vec<Models>,
}

/// What is known of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFacts {
    /// How queries mention it.
    pub table: TableRef,
    /// What is known of its columns.
    pub columns: Vec<ColumnFacts>,
    /// Sets of columns whose values no two rows share.
    pub unique: Vec<Vec<Name>>,
    /// Foreign keys.
    pub references: Vec<Reference>,
}

/// What is known of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFacts {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub data_type: Option<DataType>,
    /// It is never `NULL`.
    pub not_null: bool,
    /// All values that it has; empty where that is not known.
    pub values: Vec<Value>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The columns that refer.
    pub columns: Vec<Name>,
    /// The table that they refer to.
    pub table: TableRef,
    /// Its columns, as many.
    pub to: Vec<Name>,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The queries differ, as this shows.
    Different(Witness),
    /// Nothing was found.
    NotFound,
}

/// Input rows on which two queries differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Each table that plays a part, with as few and as plain rows as still show the difference.
    pub inputs: Vec<WitnessTable>,
    /// What the old query gives: the values of the column, or the rows, of the columns that are the
    /// same, or of none where their number differs.
    pub was: Vec<Vec<Value>>,
    /// What the new one gives.
    pub now: Vec<Vec<Value>>,
}

/// The rows of a table on which two queries differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessTable {
    /// The table.
    pub table: TableRef,
    /// The columns that play a part, with the types that were taken for theirs.
    pub columns: Vec<(Name, DataType)>,
    /// Those of them that a condition tests or a value is computed from: the others only join rows or are
    /// handed on.
    pub decisive: BTreeSet<Name>,
    /// A value for each of them.
    pub rows: Vec<Vec<Value>>,
}

/// The steps of an evaluation of one query; examples are small.
const STEPS: u64 = 8_000;

/// The steps that a search takes where nobody says otherwise.
pub const SEARCH: Budget = Budget { steps: 200_000 };

/// Looks for input rows on which the two queries differ in what the question asks for.
pub fn find_difference(
    old: &Query,
    new: &Query,
    question: &Question,
    facts: &Facts,
    budget: &mut Budget,
) -> Verdict {
    if let Question::Column { old: was, new: now } = question
        && (is_never_known(old, *was) || is_never_known(new, *now))
    {
        return Verdict::NotFound;
    }
    if let Question::Rows { same } = question {
        // The number alone first: then fewer columns play a part, and the example is plainer.
        let mut half = Budget::of(budget.steps / 2);
        let verdict = search(
            old,
            new,
            &Question::Rows { same: Vec::new() },
            facts,
            &mut half,
        );
        budget.steps = budget.steps / 2 + half.steps;
        if same.is_empty() || verdict != Verdict::NotFound {
            return verdict;
        }
    }
    search(old, new, question, facts, budget)
}

fn search(
    old: &Query,
    new: &Query,
    question: &Question,
    facts: &Facts,
    budget: &mut Budget,
) -> Verdict {
    let mut judge = Judge::new(old, new, question, &facts.models, budget);
    let shape = Shape::of(old, new, &judge, facts);
    let mut generator = Generator::new(&shape);
    while !judge.is_spent() {
        let Some(input) = generator.next(&mut judge) else {
            break;
        };
        if judge.differs(&shape, &input).is_some() {
            let input = shrink::shrunk(&shape, &judge, input);
            if let Some((was, now)) = judge.differs_afresh(&shape, &input) {
                return Verdict::Different(witness(&judge, &shape, &input, was, now));
            }
        }
    }
    Verdict::NotFound
}

fn witness(judge: &Judge<'_>, shape: &Shape, input: &Input, was: Rows, now: Rows) -> Witness {
    let (old, new) = judge.positions();
    let mut decisive = decisive::decisive(judge.old, &old);
    decisive.extend(decisive::decisive(judge.new, &new));
    let tables = shape.tables.iter().zip(&input.tables);
    let table = |(table, rows): (&shape::TableShape, &Vec<Vec<Value>>)| WitnessTable {
        table: table.table.clone(),
        columns: table
            .names
            .iter()
            .zip(&table.columns)
            .map(|(name, column)| (name.clone(), shape.data_type(column)))
            .collect(),
        decisive: table
            .names
            .iter()
            .filter(|name| decisive.contains(&(&table.table, *name)))
            .cloned()
            .collect(),
        rows: rows.clone(),
    };
    let values = |rows: &Rows| rows.rows.iter().map(|row| row.values.to_vec()).collect();
    Witness {
        inputs: tables.map(table).collect(),
        was: values(&was),
        now: values(&now),
    }
}

impl Facts {
    fn of_table(&mut self, table: &TableRef) -> Option<&mut TableFacts> {
        let place = self.tables.iter().position(|known| known.table == *table);
        let place = place.unwrap_or_else(|| {
            self.tables.push(TableFacts {
                table: table.clone(),
                columns: Vec::new(),
                unique: Vec::new(),
                references: Vec::new(),
            });
            self.tables.len() - 1
        });
        self.tables.get_mut(place)
    }

    /// Takes a table for one that never has two rows.
    pub(crate) fn forbid_second_row(&mut self, table: &TableRef) {
        if let Some(facts) = self.of_table(table) {
            // Any two rows agree on no column.
            facts.unique.push(Vec::new());
        }
    }

    /// Takes a column for one that is never `NULL`.
    pub(crate) fn forbid_null(&mut self, table: &TableRef, column: &Name) {
        let Some(facts) = self.of_table(table) else {
            return;
        };
        match facts.columns.iter_mut().find(|own| own.name == *column) {
            Some(own) => own.not_null = true,
            None => facts.columns.push(ColumnFacts {
                name: column.clone(),
                data_type: None,
                not_null: true,
                values: Vec::new(),
            }),
        }
    }
}

impl Witness {
    /// Its inputs as tables to evaluate queries on.
    pub fn tables(&self) -> Tables {
        let table = |table: &WitnessTable| Table {
            table: table.table.clone(),
            columns: table.columns.iter().map(|(name, _)| name.clone()).collect(),
            rows: table.rows.iter().map(|row| row.as_slice().into()).collect(),
        };
        Tables {
            tables: self.inputs.iter().map(table).collect(),
        }
    }
}
