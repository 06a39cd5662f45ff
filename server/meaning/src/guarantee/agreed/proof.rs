//! Whether a query keeps out all rows that match a table, or all that match none, by the forms in which people
//! write it: `NOT EXISTS`, `NOT IN`, a left join that found nobody; `EXISTS`, `IN`, an inner join.

use super::reading::Reading;
use super::{Agreed, OnTheWay, Pairs, condition_of_padding, conjuncts, equalities, negated};
use crate::derive::NoFacts;
use crate::guarantee::subject::{DEEPEST, Subject, gives_rows};
use sql::facts::TableRef;
use sql::relation::{
    Expression, From, InputId, JoinKind, Operator, RelationId, Select, Source, Subquery,
    SubqueryKind,
};
use syntax::Name;

/// Which rows are to be kept out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::guarantee) enum Match {
    /// Those that match a row of the other table.
    Excluded,
    /// Those that match none.
    Required,
}

/// Whether rows are kept out for certain by what they have in the columns `on`.
pub(in crate::guarantee) fn is_kept_out(
    subject: &Subject,
    other: &TableRef,
    on: &[Name],
    rule: Match,
) -> bool {
    let proof = Proof {
        subject,
        agreed: &Agreed::default(),
        other,
        on,
        rule,
    };
    proof.relation(subject.query.root, &mut Vec::new())
}

struct Proof<'p> {
    subject: &'p Subject,
    agreed: &'p Agreed,
    other: &'p TableRef,
    on: &'p [Name],
    rule: Match,
}

impl Proof<'_> {
    /// Whether it is done in a relation, or further in; `way` leads there from the result.
    fn relation(&self, id: RelationId, way: &mut Vec<(RelationId, InputId)>) -> bool {
        let select = self.subject.query.relation(id).select();
        let Some(select) = select.filter(|_| way.len() < DEEPEST) else {
            return false;
        };
        let path: Vec<InputId> = way.iter().map(|(_, input)| *input).collect();
        let filter = select.filter.iter().flat_map(conjuncts);
        if filter
            .into_iter()
            .any(|it| self.condition(select, it, &path))
            || self.rule == Match::Required && self.is_joined(select, &path)
        {
            return true;
        }
        for input in select.inputs() {
            let Source::Relation(inner) = input.source else {
                continue;
            };
            let from = select.from.as_ref();
            // What is padded has no values that match.
            let is_there = self.rule == Match::Excluded
                || from.is_some_and(|from| is_always_there(from, input.id));
            if gives_rows(select, input.id) && is_there {
                way.push((id, input.id));
                let found = self.relation(inner, way);
                way.pop();
                if found {
                    return true;
                }
            }
        }
        false
    }

    fn condition(&self, select: &Select, condition: &Expression, path: &[InputId]) -> bool {
        let mut reading = Reading::new(self.subject);
        match (self.rule, condition) {
            (Match::Required, Expression::Subquery(subquery)) => {
                let pairs = self.over().compared(subquery, path, &mut reading);
                pairs.is_some_and(|pairs| self.is_on(&pairs, &mut reading))
            }
            (Match::Required, _) => false,
            (Match::Excluded, _) => match negated(condition) {
                Some(Expression::Subquery(subquery)) => {
                    let pairs = self.over().compared(subquery, path, &mut reading);
                    let pairs = pairs.filter(|pairs| self.is_plain(subquery, pairs));
                    pairs.is_some_and(|pairs| self.is_on(&pairs, &mut reading))
                }
                _ => self.is_missed(select, condition, path, &mut reading),
            },
        }
    }

    /// Whether it says that a left join on nothing but these columns has found nobody.
    fn is_missed(
        &self,
        select: &Select,
        condition: &Expression,
        path: &[InputId],
        reading: &mut Reading<'_>,
    ) -> bool {
        let Expression::Operation(is_null) = condition else {
            return false;
        };
        let (Operator::IsNull, [Expression::Column { input, .. }]) =
            (is_null.operator, is_null.operands.as_slice())
        else {
            return false;
        };
        let tested = is_null.operands.first();
        let is_other = select
            .input(*input)
            .is_some_and(|input| self.subject.is(input, self.other));
        let Some(on) = condition_of_padding(select, *input).filter(|_| is_other) else {
            return false;
        };
        // Of a row that was found, the column that is compared is not NULL.
        let compares = |condition: &&Expression| match condition {
            Expression::Operation(equal) => {
                equal.operator == Operator::Equal
                    && equal.operands.iter().any(|it| Some(it) == tested)
            }
            _ => false,
        };
        let pairs = equalities(on, path, reading);
        conjuncts(on).iter().any(compares)
            && conjuncts(on).len() == self.on.len()
            && self.is_on(&pairs, reading)
    }

    /// Whether a query in an expression finds every row of the other table that is equal in these columns.
    fn is_plain(&self, subquery: &Subquery, pairs: &Pairs) -> bool {
        let relation = self.subject.query.relation(subquery.relation);
        let inputs = relation.inputs();
        let (Some(select), [input]) = (relation.select(), inputs.as_slice()) else {
            return false;
        };
        let filter = select.filter.as_ref().map_or(0, |it| conjuncts(it).len());
        let compared = match &subquery.kind {
            SubqueryKind::In(values) => filter + values.len(),
            _ => filter,
        };
        relation.limit.is_none()
            && select.qualify.is_none()
            && self.subject.is(input, self.other)
            && compared == self.on.len()
            && pairs.len() == compared
    }

    /// Whether the rows are those of a join on these columns.
    fn is_joined(&self, select: &Select, path: &[InputId]) -> bool {
        let mut conditions = Vec::new();
        if let Some(from) = &select.from {
            add_conditions(from, &mut conditions);
        }
        conditions.extend(&select.filter);
        let mut reading = Reading::new(self.subject);
        let pairs = conditions.into_iter();
        let pairs: Pairs = pairs
            .flat_map(|condition| equalities(condition, path, &mut reading))
            .collect();
        self.is_on(&pairs, &mut reading)
    }

    fn is_on(&self, pairs: &Pairs, reading: &mut Reading<'_>) -> bool {
        self.over().is_on(self.other, self.on, pairs, reading)
    }

    fn over(&self) -> OnTheWay<'_> {
        OnTheWay {
            subject: self.subject,
            agreed: self.agreed,
            declared: &NoFacts,
            way: &[],
            at: 0,
        }
    }
}

/// Whether no join may leave out an input and give rows all the same.
fn is_always_there(from: &From, wanted: InputId) -> bool {
    let From::Join(join) = from else {
        return true;
    };
    let on_left = join.left.input(wanted).is_some();
    let (side, kinds) = match on_left {
        true => (&join.left, [JoinKind::Right, JoinKind::Full]),
        false => (&join.right, [JoinKind::Left, JoinKind::Full]),
    };
    !kinds.contains(&join.kind) && join.kind != JoinKind::Unknown && is_always_there(side, wanted)
}

/// The conditions that every row meets.
fn add_conditions<'q>(from: &'q From, found: &mut Vec<&'q Expression>) {
    let From::Join(join) = from else {
        return;
    };
    let (left, right) = match join.kind {
        JoinKind::Inner | JoinKind::Semi => (true, join.kind == JoinKind::Inner),
        JoinKind::Left | JoinKind::Anti => (true, false),
        JoinKind::Right => (false, true),
        JoinKind::Full | JoinKind::Unknown => (false, false),
    };
    if matches!(join.kind, JoinKind::Inner | JoinKind::Semi) {
        found.extend(&join.on);
    }
    if left {
        add_conditions(&join.left, found);
    }
    if right {
        add_conditions(&join.right, found);
    }
}
