//! Which rows a query lets in: `orders excludes rows where is_test`.
//!
//! A row is let in where a row of the table that the predicate is about passes, and something of the
//! result depends on it. Where the same table is read several times, a row is let in for certain only
//! if every one of the mentions that are joined lets it in.

use super::formula::{ColumnRef, Formula, Home};
use super::output::Output;
use super::subject::{DEEPEST, Subject, gives_rows};
use super::value::boolean;
use super::{Answer, Contradiction, Piece, Reason};
use crate::canonical::{Sameness, canonical};
use crate::witness::{
    Facts, Question, SEARCH, Verdict, Witness, equal_on_all_inputs, find_difference,
};
use sql::relation::{
    Body, Expression, InputId, Operator, Query, RelationId, Select, SetOperation, SetOperator,
    Source,
};
use std::collections::BTreeMap;

/// What rows a sentence allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowRule {
    /// None for which the predicate is true.
    Excludes,
    /// Only those for which it is true: not where it is `NULL`.
    OnlyHas,
}

/// Whether the query lets in no row for which the predicate is true.
pub fn lets_in(subject: &Subject, predicate: &Formula, facts: &Facts) -> Answer {
    judged(subject, predicate, RowRule::Excludes, facts)
}

/// Whether the query lets in only rows for which the predicate is true.
pub fn allows_only(subject: &Subject, predicate: &Formula, facts: &Facts) -> Answer {
    judged(subject, predicate, RowRule::OnlyHas, facts)
}

fn judged(subject: &Subject, predicate: &Formula, rule: RowRule, facts: &Facts) -> Answer {
    let is_own = |column: &ColumnRef| matches!(column, ColumnRef::Own(_));
    if !predicate.columns.is_empty() && predicate.columns.iter().all(is_own) {
        return of_output(&subject.query, predicate, rule, facts);
    }
    if predicate.columns.iter().any(is_own) {
        return Answer::Undecided(Reason::OutOfReach);
    }
    if predicate.columns.is_empty() {
        return Answer::Undecided(Reason::OutOfReach);
    }
    let judge = Judge {
        subject,
        predicate,
        rule,
        facts,
    };
    judge.relation(subject.query.root, 0)
}

/// Of a predicate over the columns that the query gives.
fn of_output(query: &Query, predicate: &Formula, rule: RowRule, facts: &Facts) -> Answer {
    let mut over = query.clone();
    let output = Output::over(&mut over);
    let mut missing = false;
    let mut value = predicate.value.clone();
    value.for_each_mut(&mut |part| {
        if let Some(ColumnRef::Own(name)) = predicate.column(part) {
            match query.root().position(name) {
                Some(position) => *part = output.column(position),
                None => missing = true,
            }
        }
    });
    if missing {
        return Answer::Undecided(Reason::OutOfReach);
    }
    let at = match predicate.columns.as_slice() {
        [ColumnRef::Own(name)] => match query.root().position(name) {
            Some(position) => Piece::Column(query.root, position),
            None => Piece::Whole,
        },
        _ => Piece::Whole,
    };
    answer(&over, output.relation, &forbidden(value, rule), at, facts)
}

/// When a row is forbidden.
fn forbidden(predicate: Expression, rule: RowRule) -> Expression {
    match rule {
        RowRule::Excludes => predicate,
        RowRule::OnlyHas => Expression::operation(
            Operator::Not,
            [Expression::operation(Operator::IsTrue, [predicate])],
        ),
    }
}

struct Judge<'j> {
    subject: &'j Subject,
    predicate: &'j Formula,
    rule: RowRule,
    facts: &'j Facts,
}

impl Judge<'_> {
    /// What a relation lets in, by every mention of the table.
    fn relation(&self, id: RelationId, depth: usize) -> Answer {
        let none = Answer::Undecided(Reason::OutOfReach);
        if depth > DEEPEST {
            return none;
        }
        match &self.subject.query.relation(id).body {
            Body::Select(select) => {
                let own = self.select(id, select);
                let inner = rows_from(select).into_iter();
                let inner = inner.map(|relation| self.relation(relation, depth + 1));
                let found = own.into_iter().chain(inner);
                joined(found.filter(|answer| *answer != none)).unwrap_or(none)
            }
            Body::Set(set) => self.set(*set, depth).unwrap_or(none),
            Body::Unknown { .. } => Answer::Undecided(Reason::UnknownSql),
            Body::Values(_) | Body::Recursive { .. } => none,
        }
    }

    /// What the branches of a set operation let in; `None` where none reads the tables of the predicate.
    fn set(&self, set: SetOperation, depth: usize) -> Option<Answer> {
        let none = Answer::Undecided(Reason::OutOfReach);
        let of = |branch| Some(self.relation(branch, depth + 1)).filter(|answer| *answer != none);
        match set.operator {
            SetOperator::Union => {
                let found: Vec<Answer> = set.giving().filter_map(of).collect();
                (!found.is_empty()).then(|| Answer::of_all(found))
            }
            // What the right branch lets in is what is left out.
            SetOperator::Except => of(set.left),
            SetOperator::Intersect => joined([set.left, set.right].into_iter().filter_map(of)),
        }
    }

    /// What a select lets in of the tables of the predicate, where it reads all of them itself.
    fn select(&self, id: RelationId, select: &Select) -> Option<Answer> {
        let mut inputs: BTreeMap<Home<'_>, InputId> = BTreeMap::new();
        for (home, _) in self.predicate.columns.iter().filter_map(ColumnRef::home) {
            let reads = self.subject.reads_of(select, home).into_iter();
            let reads: Vec<InputId> = reads.filter(|input| gives_rows(select, *input)).collect();
            match reads.as_slice() {
                [] => return None,
                [only] => inputs.insert(home, *only),
                [..] => return Some(Answer::Undecided(Reason::OutOfReach)),
            };
        }
        let mut value = self.predicate.value.clone();
        let mut bound: Vec<(InputId, Expression)> = Vec::new();
        let mut missing = false;
        value.for_each_mut(&mut |part| {
            let column = self.predicate.column(part);
            if let Some((home, name)) = column.and_then(ColumnRef::home) {
                let input = inputs.get(&home).copied();
                let column = input.and_then(|input| self.subject.column_in(select, input, name));
                match input.zip(column) {
                    Some((input, column)) => {
                        *part = column.clone();
                        bound.push((input, column));
                    }
                    None => missing = true,
                }
            }
        });
        if missing {
            return Some(Answer::Undecided(Reason::OutOfReach));
        }
        let at = match bound.first() {
            Some((_, column)) if filters_by(select, column) => Piece::Filter(id),
            Some((input, _)) => Piece::Input(*input),
            None => Piece::Whole,
        };
        let forbidden = forbidden(value, self.rule);
        Some(answer(&self.subject.query, id, &forbidden, at, self.facts))
    }
}

/// What all mentions of a table that are joined say together.
fn joined(answers: impl Iterator<Item = Answer>) -> Option<Answer> {
    let answers: Vec<Answer> = answers.collect();
    let holds = answers.contains(&Answer::Holds);
    let all_broken = answers
        .iter()
        .all(|answer| matches!(answer, Answer::Contradicted(_)));
    match answers.len() {
        0 => None,
        1 => answers.into_iter().next(),
        _ if all_broken => answers.into_iter().next(),
        // One mention keeps them out of what is joined; the others may be there for other ends.
        _ if holds => Some(Answer::Undecided(Reason::NoProof)),
        _ => answers
            .into_iter()
            .find(|answer| matches!(answer, Answer::Undecided(_))),
    }
}

/// Whether rows for which `forbidden` is true, in the `WHERE` of a relation, reach the result.
fn answer(
    query: &Query,
    id: RelationId,
    forbidden: &Expression,
    at: Piece,
    facts: &Facts,
) -> Answer {
    if keeps_out(query, id, forbidden) {
        return Answer::Holds;
    }
    match example(query, id, forbidden, facts) {
        Some(witness) => Answer::Contradicted(Contradiction {
            at,
            now: None,
            witness: Some(witness),
        }),
        None => Answer::Undecided(Reason::NoProof),
    }
}

/// Whether the conditions that are there keep such rows out, on all data.
pub(super) fn keeps_out(query: &Query, id: RelationId, forbidden: &Expression) -> bool {
    let Some(select) = query.relation(id).select() else {
        return false;
    };
    // The filter alone tells most often, and its values are tried at once.
    if let Some(filter) = &select.filter {
        let both = Expression::operation(
            Operator::And,
            [related(filter, forbidden), forbidden.clone()],
        );
        let is_true = Expression::operation(Operator::IsTrue, [both]);
        if equal_on_all_inputs(&is_true, &boolean(false)) == Some(true) {
            return true;
        }
    }
    // What stays where the rows that are not allowed are left out is what there is.
    let allowed = match forbidden {
        Expression::Operation(operation) if operation.operator == Operator::Not => {
            match operation.operands.as_slice() {
                [Expression::Operation(inner)] if inner.operator == Operator::IsTrue => {
                    inner.operands.first().cloned()
                }
                _ => None,
            }
        }
        _ => None,
    };
    let allowed =
        allowed.unwrap_or_else(|| Expression::operation(Operator::Not, [forbidden.clone()]));
    says_already(query, id, allowed)
}

/// Whether a further condition in the `WHERE` of a relation would change no rows.
pub(super) fn says_already(query: &Query, id: RelationId, condition: Expression) -> bool {
    let before = canonical(query).rows;
    let after = canonical(&filtered(query, id, condition)).rows;
    before.compare(&after) == Sameness::Same
}

/// The conjuncts of a filter that speak of nothing but the columns of an expression.
fn related(filter: &Expression, expression: &Expression) -> Expression {
    let mut columns = Vec::new();
    expression.for_each(&mut |part| {
        if matches!(part, Expression::Column { .. } | Expression::Output { .. }) {
            columns.push(part);
        }
    });
    let speaks_only = |conjunct: &&Expression| {
        let mut only = true;
        conjunct.for_each(&mut |part| {
            if matches!(part, Expression::Column { .. } | Expression::Output { .. }) {
                only &= columns.contains(&part);
            }
        });
        only
    };
    let kept: Vec<Expression> = conjuncts(filter)
        .into_iter()
        .filter(speaks_only)
        .cloned()
        .collect();
    match kept.len() {
        0 => boolean(true),
        1 => kept.into_iter().next().unwrap_or(Expression::NULL),
        _ => Expression::operation(Operator::And, kept),
    }
}

pub(super) fn conjuncts(filter: &Expression) -> Vec<&Expression> {
    match filter {
        Expression::Operation(operation) if operation.operator == Operator::And => {
            operation.operands.iter().flat_map(conjuncts).collect()
        }
        _ => vec![filter],
    }
}

/// Rows on which something of the result depends on a row for which `forbidden` is true.
pub(super) fn example(
    query: &Query,
    id: RelationId,
    forbidden: &Expression,
    facts: &Facts,
) -> Option<Witness> {
    let with = filtered(query, id, forbidden.clone());
    let without = filtered(query, id, boolean(false));
    let same = (0..query.root().columns.len()).map(|position| (position, position));
    let question = Question::Rows {
        same: same.collect(),
    };
    match find_difference(&without, &with, &question, facts, &mut SEARCH.clone()) {
        Verdict::Different(witness) => Some(witness),
        Verdict::NotFound => None,
    }
}

/// The query with a further condition in the `WHERE` of a relation.
fn filtered(query: &Query, id: RelationId, condition: Expression) -> Query {
    let mut query = query.clone();
    let relation = query.relations.get_mut(id.0 as usize);
    if let Some(Body::Select(select)) = relation.map(|relation| &mut relation.body) {
        select.filter = Some(and(select.filter.take(), condition));
    }
    query
}

pub(super) fn and(first: Option<Expression>, second: Expression) -> Expression {
    match first {
        Some(first) => Expression::operation(Operator::And, [first, second]),
        None => second,
    }
}

/// The relations in the `FROM` of a select whose rows it gives on.
fn rows_from(select: &Select) -> Vec<RelationId> {
    let all = select.inputs().into_iter();
    let giving = all.filter(|input| gives_rows(select, input.id));
    giving
        .filter_map(|input| match &input.source {
            Source::Relation(relation) => Some(*relation),
            _ => None,
        })
        .collect()
}

/// Whether the conditions of a select mention a column.
fn filters_by(select: &Select, column: &Expression) -> bool {
    let mut found = false;
    if let Some(filter) = &select.filter {
        filter.for_each(&mut |part| found |= part == column);
    }
    found
}
