//! Where an expression stands, and what is true there.

use super::join::Rows;
use super::outcome::{FALSE, NULL, Nulled, TRUE};
use super::{Nullability, row};
use crate::derive::data_type::Types;
use crate::derive::facts::Facts;
use crate::derive::scope::{Known, Scopes, conjuncts};
use sql::relation::{Body, Expression, RelationId, Select, SetOperator};
use std::cell::Cell;

/// So many expressions are looked at for one column to find out what conditions reject.
const MOST_STEPS: u32 = 200_000;

/// What nullability is told from.
pub(super) struct Deriving<'d, 'q> {
    pub(super) scopes: &'d Scopes<'q>,
    pub(super) facts: &'d dyn Facts,
    pub(super) types: &'d Types<'q>,
    pub(super) known: &'d Known<'q, Nullability>,
}

/// A relation's own conditions.
pub(super) struct Level<'q> {
    pub(super) relation: RelationId,
    pub(super) select: Option<&'q Select>,
    pub(super) rows: Rows<'q>,
    having: Vec<&'q Expression>,
    qualify: Vec<&'q Expression>,
    steps: Cell<u32>,
}

/// Where in a relation an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) level: &'p Level<'p>,
    pub(super) stage: Stage,
    /// In which branch of a `CASE`.
    pub(super) branch: Option<&'p Assumed<'p>>,
    /// The side of each full join that is there.
    pub(super) sides: u32,
    /// How deep below the column that is asked for.
    pub(super) depth: u32,
}

/// After which clauses an expression is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// After `WHERE`: in an aggregate.
    Rows,
    /// After `HAVING`: in a window function.
    Groups,
    /// After `QUALIFY`.
    Output,
}

/// What conditions came out as, in a branch of a `CASE`.
pub(super) struct Assumed<'p> {
    pub(super) conditions: &'p [&'p Expression],
    /// Each as one of these.
    pub(super) outcome: u8,
    pub(super) outer: Option<&'p Assumed<'p>>,
}

/// Of conditions that hold, whether they can with something taken for `NULL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// They can't.
    Rejected,
    /// They can, for some data.
    Allowed,
    /// It is not known.
    Unsure,
}

/// Whether all of `conditions` can come out so, with something taken for `NULL`.
pub(super) fn verdict<'e>(
    conditions: impl Iterator<Item = (&'e Expression, u8)>,
    nulled: &Nulled<'_>,
) -> Verdict {
    let mut verdict = Verdict::Allowed;
    for (condition, outcome) in conditions {
        let found = nulled.outcome(condition, 0);
        if found.may & outcome == 0 {
            return Verdict::Rejected;
        }
        if found.vague {
            verdict = Verdict::Unsure;
        }
    }
    verdict
}

impl<'d> Deriving<'d, '_> {
    /// Whether each column of a relation can be `NULL`, also by what is declared of the table that it stands
    /// for.
    pub(super) fn columns_as_declared(&self, id: RelationId) -> Vec<Nullability> {
        let mut columns = self.columns(id);
        let Some(table) = self.facts.stands_for(id) else {
            return columns;
        };
        for (column, own) in self
            .scopes
            .query
            .relation(id)
            .columns
            .iter()
            .zip(&mut columns)
        {
            if let Some(name) = &column.name
                && self.facts.is_not_null(table, name)
            {
                *own = Nullability::Never;
            }
        }
        columns
    }

    /// Whether each column of a relation can be `NULL`.
    fn columns(&self, id: RelationId) -> Vec<Nullability> {
        let relation = self.scopes.query.relation(id);
        let positions = 0..relation.columns.len();
        let of = |side: RelationId, at: usize| self.known.get(side, at).clone();
        match &relation.body {
            Body::Select(select) => {
                let level = Level {
                    relation: id,
                    select: Some(select),
                    rows: Rows::of(select, self.scopes, self.facts),
                    having: conjuncts(&select.having),
                    qualify: conjuncts(&select.qualify),
                    steps: Cell::new(MOST_STEPS),
                };
                let values = select.projection.iter();
                values.map(|value| self.column(value, &level)).collect()
            }
            Body::Values(rows) => {
                let level = Level {
                    relation: id,
                    select: None,
                    rows: Rows::default(),
                    having: Vec::new(),
                    qualify: Vec::new(),
                    steps: Cell::new(MOST_STEPS),
                };
                let column = |at: usize| {
                    let values = rows.iter().map(|row| match row.get(at) {
                        Some(value) => self.column(value, &level),
                        None => Nullability::Unknown,
                    });
                    Nullability::any(values)
                };
                positions.map(column).collect()
            }
            Body::Set(set) => positions
                .map(|at| match set.operator {
                    SetOperator::Union => of(set.left, at).or(of(set.right, at)),
                    SetOperator::Except => of(set.left, at),
                    // In both, so it has the best of both.
                    SetOperator::Intersect => match (of(set.left, at), of(set.right, at)) {
                        (Nullability::Never, _) | (_, Nullability::Never) => Nullability::Never,
                        (Nullability::Possible(cause), Nullability::Possible(_)) => {
                            Nullability::Possible(cause)
                        }
                        _ => Nullability::Unknown,
                    },
                })
                .collect(),
            Body::Recursive { seed, step, .. } => positions
                .map(|at| of(*seed, at).or(of(*step, at)))
                .collect(),
            Body::Unknown { .. } => vec![Nullability::Unknown; relation.columns.len()],
        }
    }

    fn column(&self, value: &Expression, level: &Level<'_>) -> Nullability {
        level.steps.set(MOST_STEPS);
        // Each row has at least one side of each full join.
        let sides = 0..1_u32 << level.rows.full_joins;
        Nullability::any(sides.map(|sides| {
            let place = Place {
                level,
                stage: Stage::Output,
                branch: None,
                sides,
                depth: 0,
            };
            self.value(value, place)
        }))
    }

    /// Whether the conditions that hold at `place` can hold with something taken for `NULL`.
    pub(super) fn verdict(&self, place: Place<'_>, is: &dyn Fn(&Expression) -> bool) -> Verdict {
        let level = place.level;
        let nulled = Nulled {
            scopes: self.scopes,
            is,
            steps: &level.steps,
        };
        let rows = level.rows.conditions.iter();
        let rows = rows.filter(|_| place.stage == Stage::Rows || !level.has_empty_group());
        let having = level.having.iter().filter(|_| place.stage >= Stage::Groups);
        let qualify = level
            .qualify
            .iter()
            .filter(|_| place.stage >= Stage::Output);
        let clauses = rows.chain(having).chain(qualify);
        let clauses = clauses.map(|condition| (*condition, TRUE));
        let branches = std::iter::successors(place.branch, |assumed| assumed.outer);
        let branches = branches.flat_map(|assumed| {
            let conditions = assumed.conditions.iter();
            conditions.map(|condition| (*condition, assumed.outcome))
        });
        verdict(clauses.chain(branches), &nulled)
    }

    /// Whether `condition` can come out as true at `place`, as far as it only asks for `NULL`.
    pub(super) fn can_be_true(&self, condition: &Expression, place: Place<'_>) -> bool {
        row::tested(condition).is_none_or(|value| self.value(value, place) != Nullability::Never)
    }
}

impl Level<'_> {
    /// Whether the query is grouped, and if so, whether all of its groups have a row.
    pub(super) fn groups(&self) -> Option<bool> {
        let grouping = self.select?.grouping.as_ref()?;
        Some(grouping.sets.iter().all(|set| !set.is_empty()))
    }

    /// One of the groups may have no row: what is true of all rows says nothing of it.
    pub(super) fn has_empty_group(&self) -> bool {
        self.groups() == Some(false)
    }

    /// `HAVING` may drop groups.
    pub(super) fn has_having(&self) -> bool {
        !self.having.is_empty()
    }
}

impl<'p> Place<'p> {
    /// The same place, one level deeper.
    pub(super) fn inside(self) -> Place<'p> {
        Place {
            depth: self.depth + 1,
            ..self
        }
    }

    /// Inside of an aggregate or a window function, which sees all rows.
    pub(super) fn at(self, stage: Stage) -> Place<'p> {
        Place {
            stage,
            branch: None,
            ..self.inside()
        }
    }
}

/// What came out otherwise than true.
pub(super) const NOT_TRUE: u8 = FALSE | NULL;
