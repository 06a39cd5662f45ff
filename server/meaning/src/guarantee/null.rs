//! `orders.order_amount is never null`

use super::blame::blamed;
use super::output::gives;
use super::trace::{Leaf, leaves};
use super::{Answer, Contradiction, Piece, Reason, Risk, RiskyOperator};
use crate::derive::{self, CauseKind, Nullability, nullability};
use crate::witness::{Facts, Witness};
use sql::relation::{Expression, From, JoinKind, Operator, Query, Relation};

/// Whether the column at `position` is never `NULL`. Only a constant `NULL` that a row can have is a
/// contradiction; other operators that give `NULL` for some data are a risk.
pub fn never_null(
    query: &Query,
    position: usize,
    declared: &dyn derive::Facts,
    facts: &Facts,
) -> Answer {
    match nullability(query, query.root, position, declared) {
        Nullability::Never => Answer::Holds,
        Nullability::Unknown => Answer::Undecided(Reason::NothingDeclared),
        Nullability::Possible(cause) => {
            let is_cause = |branch, position| {
                let of_branch = nullability(query, branch, position, declared);
                matches!(of_branch, Nullability::Possible(own) if own.kind == cause.kind)
            };
            let at = blamed(query, position, &is_cause);
            let witness = match cause.kind {
                CauseKind::Null => by_constant(query, position, facts),
                _ => None,
            };
            if witness.is_some() {
                return Answer::Contradicted(Contradiction {
                    at,
                    now: Some("NULL".to_owned()),
                    witness,
                });
            }
            let at = match cause.kind {
                CauseKind::OuterJoin(input) => Piece::Input(input),
                _ => at,
            };
            Answer::AtRisk(Risk {
                at,
                operator: RiskyOperator::Null(cause.kind),
            })
        }
    }
}

/// Rows for which the column is `NULL` by a constant, not because something that it is computed from
/// is.
fn by_constant(query: &Query, position: usize, facts: &Facts) -> Option<Witness> {
    let pads = |from: &From| {
        let mut waiting = vec![from];
        while let Some(from) = waiting.pop() {
            if let From::Join(join) = from {
                if matches!(join.kind, JoinKind::Left | JoinKind::Right | JoinKind::Full) {
                    return true;
                }
                waiting.extend([&join.left, &join.right]);
            }
        }
        false
    };
    let mut selects = query.relations.iter().filter_map(Relation::select);
    if selects.any(|select| select.from.as_ref().is_some_and(pads)) {
        return None;
    }
    let mut facts = facts.clone();
    for leaf in leaves(query, query.root, position) {
        rule_out(&leaf, &mut facts)?;
    }
    let is_null =
        |values: &[Expression]| Expression::operation(Operator::IsNull, values.first().cloned());
    gives(query, &[position], &is_null, &facts)
}

/// Forbids the column that a leaf is to be `NULL`; `None` where something else may make it so.
fn rule_out(leaf: &Leaf<'_>, facts: &mut Facts) -> Option<()> {
    match leaf {
        Leaf::Literal(_) => Some(()),
        Leaf::Column(table, name) => {
            facts.forbid_null(table, name);
            Some(())
        }
        Leaf::Cast(inner) => rule_out(inner, facts),
        Leaf::Other => None,
    }
}
