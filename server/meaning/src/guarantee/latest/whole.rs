//! Whether what is first of each group is so for all rows, and is one row of the result.

use super::{At, Scope, Search, Wanted, casts, conjuncts};
use crate::guarantee::cast::{keeps_apart, keeps_order};
use crate::guarantee::subject::DEEPEST;
use crate::guarantee::{Answer, Piece, Reason, Risk, RiskyOperator};
use sql::relation::{
    Body, Cast, DataType, Expression, From, InputId, JoinKind, Operator, Query, RelationId, Select,
    SetOperator, Source,
};

impl Search<'_> {
    /// The answer where the first row of each of the groups is kept, in the order that is asked for.
    pub(super) fn of_all_rows(
        &self,
        scope: &Scope<'_, '_>,
        per: &[Wanted<'_>],
        by: &[Wanted<'_>],
    ) -> Answer {
        let kept = scope.kept;
        let comes_first = |nulls_first: Option<bool>| nulls_first == Some(true);
        let mut order = kept.order.iter();
        if kept.keeps_ties || order.any(|key| comes_first(key.nulls_first)) {
            return Answer::Undecided(Reason::NoProof);
        }
        if !self.are_cast(scope, per, keeps_apart) || !self.are_cast(scope, by, keeps_order) {
            return Answer::Undecided(Reason::NothingDeclared);
        }
        let mut ways = self.way.iter().chain(&kept.through);
        match ways.find_map(|(relation, input)| self.repeats(*relation, *input)) {
            Some(answer) => answer,
            None if has_all(
                self.query,
                kept.home,
                &|condition| is_of_group(scope, condition),
                0,
            ) =>
            {
                Answer::Holds
            }
            None => Answer::Undecided(Reason::NoProof),
        }
    }

    /// Whether the casts between columns and what rows are ranked by are such as are asked for.
    fn are_cast(
        &self,
        scope: &Scope<'_, '_>,
        wanted: &[Wanted<'_>],
        is_such: fn(&DataType, &Cast, Option<sql::Dialect>) -> Option<bool>,
    ) -> bool {
        let dialect = self.declared.dialect();
        wanted.iter().all(|wanted| {
            let At::Position(position) = wanted.at else {
                return true;
            };
            let own = scope.select.projection.get(position);
            let casts = own.map(|own| casts(self.query, scope.id, own));
            casts.unwrap_or_default().into_iter().all(|cast| {
                let from = self.types.expression(&cast.value);
                from.and_then(|from| is_such(&from, cast, dialect)) == Some(true)
            })
        })
    }

    /// What repeats the rows of an input, if anything may.
    fn repeats(&self, relation: RelationId, input: InputId) -> Option<Answer> {
        match self.grain.repeated_by(relation, input) {
            None => Some(Answer::Undecided(Reason::UnknownSql)),
            Some(by) => by.into_iter().find(|other| *other != input).map(|other| {
                Answer::AtRisk(Risk {
                    at: Piece::Input(other),
                    operator: RiskyOperator::FanOut,
                })
            }),
        }
    }
}

/// Whether a relation leaves out no row of what it reads, but for conditions that `is_harmless` names.
fn has_all(
    query: &Query,
    id: RelationId,
    is_harmless: &dyn Fn(&Expression) -> bool,
    depth: usize,
) -> bool {
    let relation = query.relation(id);
    if depth > DEEPEST || relation.limit.is_some() && depth > 0 {
        return false;
    }
    let nothing_is = |_: &Expression| false;
    match &relation.body {
        Body::Select(select) => {
            let mut conditions = select.filter.iter().flat_map(conjuncts);
            let keeps = conditions.all(is_harmless) && (depth == 0 || gives_all(select));
            keeps
                && select.from.as_ref().is_some_and(|from| {
                    reads_all(from, &|inner| has_all(query, inner, &nothing_is, depth + 1))
                })
        }
        Body::Set(set) => {
            set.operator == SetOperator::Union
                && set
                    .giving()
                    .all(|branch| has_all(query, branch, &nothing_is, depth + 1))
        }
        Body::Values(_) | Body::Recursive { .. } | Body::Unknown { .. } => false,
    }
}

/// Whether nothing behind the `WHERE` leaves rows out.
fn gives_all(select: &Select) -> bool {
    select.grouping.is_none()
        && select.qualify.is_none()
        && !matches!(select.distinct, sql::relation::Distinct::On(_))
}

/// Whether no row is left out of those that a `FROM` starts with.
fn reads_all(from: &From, has_all: &dyn Fn(RelationId) -> bool) -> bool {
    match from {
        From::Input(input) => match input.source {
            Source::Table(_) => true,
            Source::Relation(relation) => has_all(relation),
            Source::Function(_) | Source::Unknown { .. } => false,
        },
        From::Join(join) => match join.kind {
            JoinKind::Left | JoinKind::Full => reads_all(&join.left, has_all),
            _ => false,
        },
    }
}

/// Whether a condition leaves out whole groups, or rows that are never the first: those without what they are
/// ordered by.
fn is_of_group(scope: &Scope<'_, '_>, condition: &Expression) -> bool {
    let kept = scope.kept;
    if let Expression::Operation(not) = condition
        && not.operator == Operator::Not
        && let [Expression::Operation(is_null)] = not.operands.as_slice()
        && is_null.operator == Operator::IsNull
        && let [value] = is_null.operands.as_slice()
        && kept.order.iter().any(|key| key.value == *value)
    {
        return true;
    }
    let mut only = true;
    condition.for_each(&mut |part| match part {
        Expression::Column { .. } | Expression::Output { .. } => {
            only &= kept.groups.contains(&part)
        }
        Expression::Subquery(_) | Expression::Unknown(_) => only = false,
        _ => {}
    });
    only
}
