//! Joins: their kinds, and the columns that `USING` and `NATURAL` make one of two.

use super::Clause;
use super::context::Lowering;
use super::scope::{Alias, Binding, Found, Has, Merged};
use crate::relation::{
    Expression, From, Join, JoinKind, Operator, RelationId, Unknown, UnknownReason,
};
use sqlparser::ast::{Expr, Ident, JoinConstraint, JoinOperator};
use std::rc::Rc;
use syntax::Name;

/// How the two sides of a join are written.
pub(super) struct JoinForm<'j> {
    pub(super) kind: JoinKind,
    pub(super) constraint: Option<&'j JoinConstraint>,
    /// The right side may mention the left one: `APPLY`.
    pub(super) lateral: bool,
    /// The right side's columns can be mentioned and are in `*`.
    pub(super) adds_columns: bool,
    /// A condition besides the constraint: `ASOF … MATCH_CONDITION`.
    pub(super) further: Option<&'j Expr>,
}

impl Lowering<'_> {
    /// `USING`: equal columns of both sides, and from then on one of the two.
    pub(super) fn using(
        &mut self,
        id: RelationId,
        kind: JoinKind,
        left: std::ops::Range<usize>,
        names: &[Ident],
    ) -> Vec<Expression> {
        let mut conditions = Vec::new();
        for ident in names {
            if let Some(range) = self.range_of(ident.span) {
                self.note_clause(id, Clause::On, range);
            }
            let name = Name::new(&ident.value);
            let one = self.side(left.clone(), &name);
            let other = self.side(left.end..usize::MAX, &name);
            // The name stands for both.
            self.note(ident, &Found::value(one.clone()));
            self.note(ident, &Found::value(other.clone()));
            conditions.push(Expression::operation(
                Operator::Equal,
                [one.clone(), other.clone()],
            ));
            self.merge(kind, left.clone(), name, one, other);
        }
        conditions
    }

    pub(super) fn natural(
        &mut self,
        id: RelationId,
        kind: JoinKind,
        left: std::ops::Range<usize>,
    ) -> Vec<Expression> {
        let Some(scope) = self.scopes.last() else {
            return Vec::new();
        };
        let bindings = scope.bindings.clone();
        let listed = |bindings: &[Rc<Binding>]| {
            let mut names = Vec::new();
            let mut open = false;
            for binding in bindings {
                let (columns, more) = self.columns_of(binding);
                open |= more;
                names.extend(columns.into_iter().filter_map(|(name, _)| name));
            }
            (names, open)
        };
        let (own, own_open) = listed(bindings.get(left.clone()).unwrap_or_default());
        let (others, others_open) = listed(bindings.get(left.end..).unwrap_or_default());
        if own_open || others_open {
            return vec![Expression::Unknown(Unknown {
                reason: UnknownReason::Unsupported,
                over: Vec::new(),
                name: None,
            })];
        }
        let shared = own.into_iter().filter(|name| others.contains(name));
        let shared: Vec<Ident> = shared.map(|name| Ident::new(name.as_str())).collect();
        self.using(id, kind, left, &shared)
    }

    /// The column of that name that some of the bindings of the innermost scope have.
    fn side(&mut self, bindings: std::ops::Range<usize>, name: &Name) -> Expression {
        let Some(scope) = self.scopes.last() else {
            return super::star::nothing();
        };
        if bindings.start == 0 || bindings.end != usize::MAX {
            let merged = scope.merged.iter().rfind(|merged| merged.name == *name);
            if let Some(merged) = merged {
                return merged.value.clone();
            }
        }
        let end = bindings.end.min(scope.bindings.len());
        let own = scope.bindings.get(bindings.start..end);
        let own: Vec<Rc<Binding>> = own.unwrap_or_default().to_vec();
        let sure = own
            .iter()
            .find(|binding| self.has(binding, name) == Has::Yes);
        if let Some(binding) = sure.cloned() {
            return self.column_of(&binding, name);
        }
        let unsure = own.iter().filter(|own| self.has(own, name) == Has::Perhaps);
        let unsure: Vec<Rc<Binding>> = unsure.cloned().collect();
        let mut values: Vec<Expression> = unsure
            .iter()
            .map(|binding| self.column_of(binding, name))
            .collect();
        match values.len() {
            0 => super::star::nothing(),
            1 => values.remove(0),
            _ => super::scope::ambiguous(values),
        }
    }

    fn merge(
        &mut self,
        kind: JoinKind,
        left: std::ops::Range<usize>,
        name: Name,
        one: Expression,
        other: Expression,
    ) {
        let value = match kind {
            JoinKind::Right => other,
            // Each further join would put all of it into one more.
            JoinKind::Full => {
                Alias::new(&name, 0, &Expression::call("coalesce", [one, other])).value
            }
            _ => one,
        };
        if let Some(scope) = self.scopes.last_mut() {
            for binding in scope.bindings.iter_mut().skip(left.end) {
                Rc::make_mut(binding).hidden.push(name.clone());
            }
            scope.merged.retain(|merged| merged.name != name);
            scope.merged.push(Merged { name, value });
        }
    }
}

/// Every pair of rows.
pub(super) fn crossed(left: From, right: From) -> From {
    From::Join(Box::new(Join {
        kind: JoinKind::Inner,
        left,
        right,
        on: None,
    }))
}

pub(super) fn form(operator: &JoinOperator) -> JoinForm<'_> {
    let plain = |kind, constraint| JoinForm {
        kind,
        constraint: Some(constraint),
        lateral: false,
        adds_columns: true,
        further: None,
    };
    let half = |kind, constraint| JoinForm {
        adds_columns: false,
        ..plain(kind, constraint)
    };
    let applied = |kind| JoinForm {
        kind,
        constraint: None,
        lateral: true,
        adds_columns: true,
        further: None,
    };
    match operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::CrossJoin(constraint)
        | JoinOperator::StraightJoin(constraint) => plain(JoinKind::Inner, constraint),
        JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => {
            plain(JoinKind::Left, constraint)
        }
        JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
            plain(JoinKind::Right, constraint)
        }
        JoinOperator::FullOuter(constraint) => plain(JoinKind::Full, constraint),
        JoinOperator::Semi(constraint) | JoinOperator::LeftSemi(constraint) => {
            half(JoinKind::Semi, constraint)
        }
        JoinOperator::Anti(constraint) | JoinOperator::LeftAnti(constraint) => {
            half(JoinKind::Anti, constraint)
        }
        // Which side is kept is the other one; no dialect that people use for models has them.
        JoinOperator::RightSemi(constraint) | JoinOperator::RightAnti(constraint) => {
            plain(JoinKind::Unknown, constraint)
        }
        JoinOperator::CrossApply | JoinOperator::ArrayJoin | JoinOperator::InnerArrayJoin => {
            applied(JoinKind::Inner)
        }
        JoinOperator::OuterApply | JoinOperator::LeftArrayJoin => applied(JoinKind::Left),
        JoinOperator::AsOf {
            match_condition,
            constraint,
        } => JoinForm {
            further: Some(match_condition),
            ..plain(JoinKind::Unknown, constraint)
        },
    }
}
