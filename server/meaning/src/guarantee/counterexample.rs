//! Input rows for which a column has another value than was agreed.

use super::{Answer, Contradiction, Piece, Reason};
use crate::evaluate::Value;
use crate::witness::{Facts, Question, SEARCH, Verdict, Witness, find_difference};
use rust_decimal::Decimal;
use sql::relation::{Body, Case, Cast, DataType, Expression, Operator, Query};

/// A column and what was agreed of it.
pub(super) struct Comparison<'a> {
    /// The query, with what both values read.
    pub(super) query: &'a Query,
    /// Which column of it.
    pub(super) position: usize,
    /// What was agreed, as an expression in the query's `SELECT`. It counts where it is not `NULL`.
    pub(super) agreed: &'a Expression,
    /// What there is.
    pub(super) judged: &'a Expression,
    /// On which rows they are to be equal.
    pub(super) filter: Option<&'a Expression>,
    /// The type that both are rounded to.
    pub(super) data_type: Option<&'a DataType>,
    pub(super) facts: &'a Facts,
}

impl Comparison<'_> {
    /// Contradicted by rows for which the values differ, by more than the rounding of a column without a
    /// type: at a piece of the query, which gives `now`.
    pub(super) fn answer(&self, at: Piece, now: impl FnOnce() -> Option<String>) -> Answer {
        let Some(first) = self.search(None, self.facts) else {
            return Answer::Undecided(Reason::NoProof);
        };
        let witness = match self.data_type.is_none() && is_fraction_only(&first) {
            true => {
                let witness = self.search(Some(self.apart()), &self.single_rows());
                witness.filter(has_whole_inputs)
            }
            false => Some(first),
        };
        match witness {
            Some(witness) => Answer::Contradicted(Contradiction {
                at,
                now: now(),
                witness: Some(witness),
            }),
            None => Answer::Undecided(Reason::MayBeRounding),
        }
    }

    /// Rows for which the values differ and the condition holds.
    fn search(&self, condition: Option<Expression>, facts: &Facts) -> Option<Witness> {
        let (agreed, judged) = (self.cast(self.agreed), self.cast(self.judged));
        let is_null = Expression::operation(Operator::IsNull, [agreed.clone()]);
        let is_not_null = Expression::operation(Operator::Not, [is_null]);
        let conditions = self.filter.cloned().into_iter().chain(condition);
        let condition = conditions.fold(is_not_null, |all, condition| {
            Expression::operation(Operator::And, [condition, all])
        });
        let guarded = Expression::Case(Case {
            branches: vec![(condition, agreed)],
            otherwise: Box::new(judged.clone()),
        });
        let verdict = find_difference(
            &with(self.query, self.position, guarded),
            &with(self.query, self.position, judged),
            &Question::Column {
                old: self.position,
                new: self.position,
            },
            facts,
            &mut SEARCH.clone(),
        );
        match verdict {
            Verdict::Different(witness) => Some(witness),
            Verdict::NotFound => None,
        }
    }

    fn cast(&self, value: &Expression) -> Expression {
        match self.data_type {
            Some(to) => Expression::Cast(Cast {
                value: Box::new(value.clone()),
                to: to.clone(),
                or_null: false,
            }),
            None => value.clone(),
        }
    }

    /// The values are numbers that differ by one at least.
    fn apart(&self) -> Expression {
        let above = |left: &Expression, right: &Expression| {
            let gap = Expression::operation(Operator::Subtract, [left.clone(), right.clone()]);
            Expression::operation(Operator::GreaterOrEqual, [gap, Expression::number("1")])
        };
        let (agreed, judged) = (self.agreed, self.judged);
        Expression::operation(Operator::Or, [above(agreed, judged), above(judged, agreed)])
    }

    /// What is known, and that no table has two rows: what is rounded row by row may be off by any number
    /// once it is summed.
    fn single_rows(&self) -> Facts {
        let mut facts = self.facts.clone();
        for table in self.query.tables() {
            facts.forbid_second_row(table);
        }
        facts
    }
}

/// The query with another value for a column.
pub(super) fn with(query: &Query, position: usize, value: Expression) -> Query {
    let mut query = query.clone();
    let root = query.root.0 as usize;
    if let Some(Body::Select(select)) = query.relations.get_mut(root).map(|root| &mut root.body)
        && let Some(own) = select.projection.get_mut(position)
    {
        *own = value;
    }
    query
}

/// Whether all numbers of both sides differ by less than one: in a column without a declared type
/// that may be its rounding.
fn is_fraction_only(witness: &Witness) -> bool {
    let numbers = |rows: &[Vec<Value>]| -> Option<Vec<Decimal>> {
        let values = rows.iter().flatten();
        values
            .map(|value| match value {
                Value::Number(number) => Some(number.amount),
                _ => None,
            })
            .collect()
    };
    match (numbers(&witness.was), numbers(&witness.now)) {
        (Some(was), Some(now)) => was.iter().zip(&now).all(|(was, now)| {
            was.checked_sub(*now)
                .is_some_and(|gap| gap.abs() < Decimal::ONE)
        }),
        _ => false,
    }
}

/// Whether all numbers that an example starts from are whole: then no rounding of what is read has a part
/// in it.
fn has_whole_inputs(witness: &Witness) -> bool {
    let rows = witness.inputs.iter().flat_map(|table| &table.rows);
    rows.flatten().all(|value| match value {
        Value::Number(number) => number.is_whole(),
        _ => true,
    })
}
