//! Whether two queries differ on some input.

use super::models::{KnownModel, Models};
use super::shape::{Input, Shape};
use super::{Question, STEPS};
use crate::evaluate::{
    Budget, Needed, Row, Rows, Tables, Undecided, Value, run_columns, run_needed,
};
use sql::facts::TableRef;
use sql::relation::{Query, RelationId, Source};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// Two queries and what is asked of them.
pub(super) struct Judge<'q> {
    pub(super) old: &'q Query,
    pub(super) new: &'q Query,
    pub(super) old_needed: Needed,
    pub(super) new_needed: Needed,
    question: &'q Question,
    models: &'q [Models],
    /// The same over the tables, once there is something that they could rule out.
    known_models: OnceCell<Vec<KnownModel<'q>>>,
    budget: &'q mut Budget,
    has_seen_rows: bool,
}

impl<'q> Judge<'q> {
    pub(super) fn new(
        old: &'q Query,
        new: &'q Query,
        question: &'q Question,
        models: &'q [Models],
        budget: &'q mut Budget,
    ) -> Judge<'q> {
        let (old_positions, new_positions) = positions(question);
        Judge {
            old,
            new,
            old_needed: Needed::of(old, &old_positions),
            new_needed: Needed::of(new, &new_positions),
            question,
            models,
            known_models: OnceCell::new(),
            budget,
            has_seen_rows: false,
        }
    }

    /// The positions in the old and in the new query of the columns that are asked for.
    pub(super) fn positions(&self) -> (Vec<usize>, Vec<usize>) {
        positions(self.question)
    }

    /// Whether no more can be computed.
    pub(super) fn is_spent(&self) -> bool {
        self.budget.steps == 0
    }

    /// Whether either query gave a row for an input that both were known to answer.
    pub(super) fn has_seen_rows(&self) -> bool {
        self.has_seen_rows
    }

    /// What the old and the new query give, where these differ in what the question asks for.
    pub(super) fn differs(&mut self, shape: &Shape, input: &Input) -> Option<(Rows, Rows)> {
        let mut budget = Budget::of(STEPS.min(self.budget.steps));
        let before = budget.steps;
        let tables = shape.tables(input);
        let given = self.given(&tables, &mut budget);
        let outcome = given.and_then(|(old, new)| {
            self.has_seen_rows |= !old.rows.is_empty() || !new.rows.is_empty();
            self.outcome(shape, input, old, new, &mut budget)
        });
        let outcome = outcome.filter(|_| !self.is_ruled_out(&tables, &mut budget));
        // Making the tables is work, too.
        let spent = before - budget.steps + 1 + input.cells() / 4;
        self.budget.steps = self.budget.steps.saturating_sub(spent);
        outcome
    }

    /// As [`Judge::differs`], at no cost to the search: to make what was found plainer.
    pub(super) fn differs_afresh(&self, shape: &Shape, input: &Input) -> Option<(Rows, Rows)> {
        let mut budget = Budget::of(STEPS);
        let tables = shape.tables(input);
        let (old, new) = self.given(&tables, &mut budget)?;
        let outcome = self.outcome(shape, input, old, new, &mut budget);
        outcome.filter(|_| !self.is_ruled_out(&tables, &mut budget))
    }

    /// Whether both queries give a row whose values are known.
    pub(super) fn gives_rows(&mut self, shape: &Shape, input: &Input) -> bool {
        let mut budget = Budget::of(STEPS.min(self.budget.steps));
        let before = budget.steps;
        let given = self.given(&shape.tables(input), &mut budget);
        let given = given.is_some_and(|(old, new)| {
            self.has_seen_rows |= !old.rows.is_empty() || !new.rows.is_empty();
            is_told(&old) && is_told(&new)
        });
        self.budget.steps = self.budget.steps.saturating_sub(before - budget.steps);
        given
    }

    fn run_old(&self, tables: &Tables, budget: &mut Budget) -> Result<Rows, Undecided> {
        run_needed(
            self.old,
            &self.old_needed,
            &self.positions().0,
            tables,
            budget,
        )
    }

    fn run_new(&self, tables: &Tables, budget: &mut Budget) -> Result<Rows, Undecided> {
        run_needed(
            self.new,
            &self.new_needed,
            &self.positions().1,
            tables,
            budget,
        )
    }

    /// What both queries give, where that is known.
    fn given(&self, tables: &Tables, budget: &mut Budget) -> Option<(Rows, Rows)> {
        let old = self.run_old(tables, budget).ok()?;
        let new = self.run_new(tables, budget).ok()?;
        Some((old, new))
    }

    fn outcome(
        &self,
        shape: &Shape,
        input: &Input,
        old: Rows,
        new: Rows,
        budget: &mut Budget,
    ) -> Option<(Rows, Rows)> {
        match self.question {
            Question::Rows { .. } => old.differ(&new).then_some((old, new)),
            Question::Column { .. } => {
                let found = column_differs(shape, input, &old, &new)?;
                // Other values, or the same ones in other rows?
                (old.differ(&new) || self.is_seen(&shape.tables(input), budget)).then_some(found)
            }
        }
    }

    /// Whether the rows break what is known of a model that is seen through.
    fn is_ruled_out(&self, tables: &Tables, budget: &mut Budget) -> bool {
        let known = self.known_models.get_or_init(|| {
            let models = self.models.iter();
            models.flat_map(Models::over_tables).collect()
        });
        let mut known = known.iter();
        known.any(|model| model.is_broken_by(tables, budget))
    }

    /// Whether the results of the two queries can be told apart by all columns that both of them have:
    /// a value in another row is another result only where something tells the rows apart.
    fn is_seen(&self, tables: &Tables, budget: &mut Budget) -> bool {
        let columns = self.new.root().columns.iter().enumerate();
        let (old_positions, new_positions): (Vec<usize>, Vec<usize>) = columns
            .filter_map(|(position, column)| {
                Some((self.old.root().position(column.name.as_ref()?)?, position))
            })
            .unzip();
        let old = run_columns(self.old, &old_positions, tables, budget);
        let new = run_columns(self.new, &new_positions, tables, budget);
        let (Ok(old), Ok(new)) = (old, new) else {
            return true;
        };
        let mut values = old.rows.iter().flat_map(|row| row.values.iter());
        old.differ(&new) || values.any(Value::is_opaque)
    }
}

/// Whether the values of some row are known.
fn is_told(rows: &Rows) -> bool {
    let mut rows = rows.rows.iter();
    rows.any(|row| !row.values.iter().any(Value::is_opaque))
}

fn positions(question: &Question) -> (Vec<usize>, Vec<usize>) {
    match question {
        Question::Column { old, new } => (vec![*old], vec![*new]),
        Question::Rows { same } => same.iter().copied().unzip(),
    }
}

/// The values of a column for input rows for which the two queries give different ones.
fn column_differs(shape: &Shape, input: &Input, old: &Rows, new: &Rows) -> Option<(Rows, Rows)> {
    let common = shape.rows_of_common_tables(input, &|_| true);
    let (old_rows, new_rows) = (restricted(old, &common), restricted(new, &common));
    if let Some(found) = of_same_rows(&old_rows, &new_rows) {
        return Some(found);
    }
    // What the one joins, the other may look up in a subquery, whose rows are not those of the result.
    let is_part = |rows: &Rows, of: &Range<u32>| {
        let mut origins = rows.rows.iter().flat_map(|row| row.origin.iter());
        origins.any(|row| of.contains(row))
    };
    let in_both = |of: Range<u32>| is_part(old, &of) && is_part(new, &of);
    let shared = shape.rows_of_common_tables(input, &in_both);
    if !shared.is_empty() && shared.len() < common.len() {
        let found = of_same_rows(&restricted(old, &shared), &restricted(new, &shared));
        if found.is_some() {
            return found;
        }
    }
    let ([(was, _)], [(now, _)]) = (old_rows.as_slice(), new_rows.as_slice()) else {
        return None;
    };
    let within = |inner: &[u32], outer: &[u32]| inner.iter().all(|row| outer.contains(row));
    let single = input.tables.iter().all(|rows| rows.len() <= 1);
    (single && (within(was, now) || within(now, was)) && old.differ(new))
        .then(|| (old.clone(), new.clone()))
}

/// Each row with the rows of these that it is made of. Rows of a table that are equal are one here: which
/// of them a row is made of can't be seen.
fn restricted(rows: &Rows, to: &BTreeMap<u32, u32>) -> Vec<(Vec<u32>, Row)> {
    let restrict = |row: &Row| {
        let kept = row.origin.iter().filter_map(|row| to.get(row).copied());
        let mut kept: Vec<u32> = kept.collect();
        kept.sort_unstable();
        (kept, row.clone())
    };
    rows.rows.iter().map(restrict).collect()
}

/// The rows that are made of the same input rows and differ.
fn of_same_rows(old: &[(Vec<u32>, Row)], new: &[(Vec<u32>, Row)]) -> Option<(Rows, Rows)> {
    let of = |rows: &[(Vec<u32>, Row)], origin: &[u32]| {
        let rows = rows.iter().filter(|(other, _)| other == origin);
        Rows {
            rows: rows.map(|(_, row)| row.clone()).collect(),
        }
    };
    old.iter().find_map(|(origin, _)| {
        let (was, now) = (of(old, origin), of(new, origin));
        (was.rows.len() == now.rows.len() && was.differ(&now)).then_some((was, now))
    })
}

/// The tables outside a query that it reads.
pub(super) fn tables_of<'q>(query: &'q Query, needed: &Needed) -> Vec<&'q TableRef> {
    let mut found: Vec<&TableRef> = Vec::new();
    for (position, relation) in query.relations.iter().enumerate() {
        let reached = u32::try_from(position).is_ok_and(|id| needed.reaches(RelationId(id)));
        for input in relation.inputs() {
            if let (true, Source::Table(table)) = (reached, &input.source)
                && !found.contains(&table)
            {
                found.push(table);
            }
        }
    }
    found
}
