//! Which inputs of a `SELECT` an outer join may fill up with `NULL`, after its conditions.

use super::context::{Verdict, verdict};
use super::outcome::{Nulled, TRUE};
use crate::derive::facts::Facts;
use crate::derive::scope::{Scopes, conjuncts};
use sql::facts::TableRef;
use sql::relation::{
    Expression, From, Input, InputId, Join, JoinKind, Operator, Query, Select, Source,
};
use std::cell::Cell;
use syntax::Name;

/// So many full joins of a select are looked at one by one: each doubles the work.
const MOST_FULL_JOINS: u32 = 3;
/// So many expressions are looked at to find out what conditions reject.
const MOST_STEPS: u32 = 200_000;

/// The rows that a `SELECT` has after `WHERE`.
#[derive(Default)]
pub(super) struct Rows<'q> {
    /// What is true of each of them.
    pub(super) conditions: Vec<&'q Expression>,
    /// Sides of outer joins whose columns may all be `NULL`, the outermost first.
    pub(super) pads: Vec<Pad>,
    /// Inputs of joins that are not modelled.
    pub(super) unsure: Vec<InputId>,
    /// How many full joins there are that are looked at one by one.
    pub(super) full_joins: u32,
    /// The query, and what is declared of its tables.
    declared: Option<(&'q Query, &'q dyn Facts)>,
}

/// A side of an outer join whose columns may all be `NULL`.
pub(super) struct Pad {
    /// The inputs on that side.
    pub(super) inputs: Vec<InputId>,
    /// No condition may rule it out.
    pub(super) certain: bool,
    /// One of the sides of a full join: which join, and which side. Not both are `NULL`.
    pub(super) full_join: Option<(u32, bool)>,
}

impl Pad {
    /// Whether it is not there, in rows that have the chosen side of each full join.
    pub(super) fn is_whole_in(&self, sides: u32) -> bool {
        let chosen = |join: u32| sides >> join & 1 == 1;
        self.full_join
            .is_some_and(|(join, is_right)| chosen(join) == is_right)
    }
}

impl<'q> Rows<'q> {
    /// The rows of `select`.
    pub(super) fn of(select: &'q Select, scopes: &Scopes<'q>, facts: &'q dyn Facts) -> Rows<'q> {
        let mut rows = Rows {
            conditions: conjuncts(&select.filter),
            declared: Some((scopes.query, facts)),
            ..Rows::default()
        };
        if let Some(from) = &select.from {
            let steps = Cell::new(MOST_STEPS);
            rows.enter(from, false, &|rows, inputs| {
                let is = |expression: &Expression| is_column_of(expression, inputs);
                let nulled = Nulled {
                    scopes,
                    is: &is,
                    steps: &steps,
                };
                verdict(rows.conditions.iter().map(|own| (*own, TRUE)), &nulled)
            });
        }
        rows
    }

    fn enter(
        &mut self,
        from: &'q From,
        is_padded: bool,
        rejects: &dyn Fn(&Rows<'q>, &[InputId]) -> Verdict,
    ) {
        let From::Join(join) = from else {
            return;
        };
        match join.kind {
            JoinKind::Inner | JoinKind::Semi => self.both(join, is_padded, rejects),
            JoinKind::Anti => self.enter(&join.left, is_padded, rejects),
            JoinKind::Left => self.one(join, false, is_padded, rejects),
            JoinKind::Right => self.one(join, true, is_padded, rejects),
            JoinKind::Full => {
                let left = rejects(self, &ids(&join.left));
                let right = rejects(self, &ids(&join.right));
                match (left, right) {
                    (Verdict::Rejected, Verdict::Rejected) => self.both(join, is_padded, rejects),
                    (Verdict::Rejected, _) => self.one(join, false, is_padded, rejects),
                    (_, Verdict::Rejected) => self.one(join, true, is_padded, rejects),
                    (left, right) => {
                        let number = (self.full_joins < MOST_FULL_JOINS).then_some(self.full_joins);
                        self.full_joins += u32::from(number.is_some());
                        for (side, verdict, is_right) in
                            [(&join.left, left, false), (&join.right, right, true)]
                        {
                            self.pads.push(Pad {
                                inputs: ids(side),
                                certain: verdict == Verdict::Allowed
                                    && number.is_some()
                                    && !is_padded,
                                full_join: number.map(|number| (number, is_right)),
                            });
                            self.enter(side, true, rejects);
                        }
                    }
                }
            }
            JoinKind::Unknown => {
                self.unsure.extend(ids(&join.left));
                self.unsure.extend(ids(&join.right));
            }
        }
    }

    /// Rows that have both sides, and for which the condition is true.
    fn both(
        &mut self,
        join: &'q Join,
        is_padded: bool,
        rejects: &dyn Fn(&Rows<'q>, &[InputId]) -> Verdict,
    ) {
        // On a side that may be missing as a whole, it is not true of all rows.
        if !is_padded {
            self.conditions.extend(conjuncts(&join.on));
        }
        self.enter(&join.left, is_padded, rejects);
        if join.kind != JoinKind::Semi {
            self.enter(&join.right, is_padded, rejects);
        }
    }

    /// Rows of which one side may be missing.
    fn one(
        &mut self,
        join: &'q Join,
        is_left_missing: bool,
        is_padded: bool,
        rejects: &dyn Fn(&Rows<'q>, &[InputId]) -> Verdict,
    ) {
        let (kept, missing) = if is_left_missing {
            (&join.right, &join.left)
        } else {
            (&join.left, &join.right)
        };
        let inputs = ids(missing);
        let verdict = rejects(self, &inputs);
        let has_partner = !is_padded && self.has_partner(join, kept, missing);
        if verdict == Verdict::Rejected || has_partner {
            return self.both(join, is_padded, rejects);
        }
        self.pads.push(Pad {
            inputs,
            certain: verdict == Verdict::Allowed && !is_padded,
            full_join: None,
        });
        self.enter(kept, is_padded, rejects);
        self.enter(missing, true, rejects);
    }
}

impl Rows<'_> {
    /// Whether every row of the side that is kept has a partner: it is joined by nothing but a foreign
    /// key that is never `NULL`.
    fn has_partner(&self, join: &Join, kept: &From, missing: &From) -> bool {
        let (Some((query, facts)), Some(Expression::Operation(on))) = (self.declared, &join.on)
        else {
            return false;
        };
        let ([left, right], Operator::Equal) = (on.operands.as_slice(), on.operator) else {
            return false;
        };
        let table = |side: &'_ From, expression: &Expression| -> Option<(TableRef, Name)> {
            let (Expression::Column { input, .. } | Expression::Output { input, .. }) = expression
            else {
                return None;
            };
            let source = &side.input(*input)?.source;
            let (table, name) = match (source, expression) {
                (Source::Table(table), Expression::Column { name, .. }) => (table, name),
                (Source::Relation(relation), Expression::Output { position, .. }) => {
                    let column = query.relation(*relation).columns.get(*position as usize)?;
                    (facts.stands_for(*relation)?, column.name.as_ref()?)
                }
                _ => return None,
            };
            is_always_there(side, *input).then(|| (table.clone(), name.clone()))
        };
        let pair = [(left, right), (right, left)]
            .into_iter()
            .find_map(|(own, other)| Some((table(kept, own)?, table(missing, other)?)));
        matches!(missing, From::Input(_))
            && pair.is_some_and(|((from, key), (to, to_key))| {
                facts.is_not_null(&from, &key) && facts.refers((&from, &key), (&to, &to_key))
            })
    }
}

/// Whether an expression is a column of one of these inputs.
pub(super) fn is_column_of(expression: &Expression, inputs: &[InputId]) -> bool {
    match expression {
        Expression::Column { input, .. } | Expression::Output { input, .. } => {
            inputs.contains(input)
        }
        _ => false,
    }
}

/// Whether an input of `from` stands on no side that an outer join may fill up.
pub(super) fn is_always_there(from: &From, input: InputId) -> bool {
    match from {
        From::Input(own) => own.id == input,
        From::Join(join) => {
            let left = || is_always_there(&join.left, input);
            let right = || is_always_there(&join.right, input);
            match join.kind {
                JoinKind::Inner | JoinKind::Semi | JoinKind::Anti => left() || right(),
                JoinKind::Left => left(),
                JoinKind::Right => right(),
                JoinKind::Full | JoinKind::Unknown => false,
            }
        }
    }
}

fn ids(from: &From) -> Vec<InputId> {
    from.inputs()
        .into_iter()
        .map(|input: &Input| input.id)
        .collect()
}
