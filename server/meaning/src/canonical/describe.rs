//! From relations in their one form to terms, in which inputs are called by what they read.

use super::arena::Arena;
use super::inputs::Scope;
use super::set;
use super::simplify::{self, conjuncts};
use super::term::{Asked, Fold, Head, Rows, Shared, Term};
use super::tree::{Part, Tree};
use sql::lower::Clause;
use sql::relation::{
    Aggregate, Body, Distinct, Expression, Grouping, Operator, Relation, RelationId, Select,
    SetOperation, SetOperator, SortKey, Subquery, SubqueryKind, UnknownReason,
};

/// What a relation gives.
#[derive(Clone)]
pub(super) struct Described {
    /// What each column is.
    pub(super) columns: Vec<Term>,
    /// Which rows there are.
    pub(super) rows: Rows,
}

/// Describes a relation that stands in a scope.
pub(super) fn relation(arena: &mut Arena, id: RelationId, scope: &Scope) -> Described {
    let relation = arena.take(id);
    if arena.is_described_enough() {
        let described = unknown(&relation);
        arena.put(id, relation);
        return described;
    }
    let scope = scope.inside(id);
    arena.describe(scope.size());
    let mut described = match &relation.body {
        Body::Select(select) => self::select(arena, select, &relation, &scope),
        Body::Set(operation) => self::set(arena, operation, &relation, &scope),
        Body::Values(rows) => values(arena, rows, &relation, &scope),
        Body::Recursive {
            seed,
            step,
            distinct,
        } => recursive(arena, [*seed, *step], *distinct, &scope),
        Body::Unknown { .. } => unknown(&relation),
    };
    if let Some(limit) = &relation.limit {
        // The order is told of the columns of a set operation, or of what a select reads.
        let mut parts = Vec::new();
        for part in [&limit.count, &limit.offset] {
            parts.push(match part {
                Some(part) => term(arena, part, &scope),
                None => Term::leaf(Head::Nothing),
            });
        }
        let scope = match &relation.body {
            Body::Select(select) => scope.of_select(arena, select).0,
            _ => scope.clone(),
        };
        parts.extend(sorted_by(arena, &relation.order, &scope));
        let limit = Term::new(Head::Limit(limit.unknown), parts);
        described.rows.clauses.push((Clause::Limit, limit));
    }
    arena.put(id, relation);
    described
}

fn select(arena: &mut Arena, select: &Select, relation: &Relation, scope: &Scope) -> Described {
    let (scope, tree) = scope.of_select(arena, select);
    let mut clauses = Vec::new();
    joins(arena, &tree, &scope, &mut clauses);
    for conjunct in scope.equalities() {
        clauses.push((Clause::Where, conjunct));
    }
    for conjunct in &tree.conjuncts {
        if !scope.is_equality(conjunct) {
            clauses.push((Clause::Where, term(arena, conjunct, &scope)));
        }
    }
    if let Some(grouping) = &select.grouping {
        group(arena, grouping, &scope, &mut clauses);
    }
    for (clause, condition) in [
        (Clause::Having, &select.having),
        (Clause::Qualify, &select.qualify),
    ] {
        for conjunct in condition.clone().map(conjuncts).unwrap_or_default() {
            clauses.push((clause, term(arena, &conjunct, &scope)));
        }
    }
    let columns: Vec<Term> = select
        .projection
        .iter()
        .map(|value| term(arena, value, &scope))
        .collect();
    match &select.distinct {
        Distinct::Keep => {}
        Distinct::All => {
            let mut parts = columns.clone();
            parts.sort();
            if relation.open {
                parts.push(Term::leaf(Head::Unknown(UnknownReason::Unsupported)));
            }
            clauses.push((Clause::Distinct, Term::new(Head::Distinct(false), parts)));
        }
        Distinct::On(keys) => {
            let mut parts: Vec<Term> = keys.iter().map(|key| term(arena, key, &scope)).collect();
            parts.sort();
            parts.dedup();
            parts.extend(sorted_by(arena, &relation.order, &scope));
            clauses.push((Clause::Distinct, Term::new(Head::Distinct(true), parts)));
        }
    }
    Described {
        columns,
        rows: rows(clauses),
    }
}

/// The clauses in order. What is asked twice is asked once.
fn rows(mut clauses: Vec<(Clause, Term)>) -> Rows {
    clauses.sort();
    clauses.dedup();
    Rows { clauses }
}

fn joins(arena: &mut Arena, tree: &Tree, scope: &Scope, clauses: &mut Vec<(Clause, Term)>) {
    if tree.parts.is_empty() {
        clauses.push((Clause::From, Term::leaf(Head::OneRow)));
    }
    for part in &tree.parts {
        match part {
            Part::Input(input) => {
                clauses.push((Clause::From, Term::leaf(Head::Input(scope.label(input.id)))));
            }
            Part::Padded { right, on } => {
                let side = side(arena, right, scope);
                let joined = Term::new(
                    Head::Joined(sql::relation::JoinKind::Left),
                    vec![side.clone()],
                );
                clauses.push((Clause::From, joined));
                for conjunct in on {
                    let parts = vec![side.clone(), term(arena, conjunct, scope)];
                    clauses.push((Clause::On, Term::new(Head::On, parts)));
                }
            }
            Part::Other(other) => {
                let mut sides = vec![
                    side(arena, &other.left, scope),
                    side(arena, &other.right, scope),
                ];
                if other.kind == sql::relation::JoinKind::Full {
                    sides.sort();
                }
                let joined = Term::new(Head::Joined(other.kind), sides);
                for conjunct in &other.on {
                    let parts = vec![joined.clone(), term(arena, conjunct, scope)];
                    clauses.push((Clause::On, Term::new(Head::On, parts)));
                }
                clauses.push((Clause::From, joined));
            }
        }
    }
}

/// What stands on one side of a join.
fn side(arena: &mut Arena, tree: &Tree, scope: &Scope) -> Term {
    let mut clauses = Vec::new();
    joins(arena, tree, scope, &mut clauses);
    for conjunct in &tree.conjuncts {
        clauses.push((Clause::Where, term(arena, conjunct, scope)));
    }
    let mut parts: Vec<Term> = rows(clauses)
        .clauses
        .into_iter()
        .map(|(_, term)| term)
        .collect();
    match parts.len() {
        1 => parts.pop().unwrap_or(Term::leaf(Head::OneRow)),
        _ => Term::new(Head::Side, parts),
    }
}

fn group(arena: &mut Arena, grouping: &Grouping, scope: &Scope, clauses: &mut Vec<(Clause, Term)>) {
    let mut sets = Vec::new();
    for set in &grouping.sets {
        let keys = set
            .iter()
            .filter_map(|place| grouping.keys.get(*place as usize));
        let mut keys: Vec<Term> = keys.map(|key| term(arena, key, scope)).collect();
        keys.sort();
        keys.dedup();
        sets.push(keys);
    }
    sets.sort();
    match <[Vec<Term>; 1]>::try_from(sets) {
        Ok([keys]) if keys.is_empty() => {
            clauses.push((Clause::GroupBy, Term::leaf(Head::OneGroup)));
        }
        Ok([keys]) => clauses.extend(keys.into_iter().map(|key| (Clause::GroupBy, key))),
        Err(sets) => {
            let sets = sets.into_iter().map(|keys| Term::new(Head::Sets, keys));
            let sets = Term::new(Head::Sets, sets.collect());
            clauses.push((Clause::GroupBy, sets));
        }
    }
}

fn set(
    arena: &mut Arena,
    operation: &SetOperation,
    relation: &Relation,
    scope: &Scope,
) -> Described {
    let SetOperation { operator, all, .. } = *operation;
    let mut branches: Vec<Described> = set::branches(arena, operation)
        .into_iter()
        .map(|branch| {
            let inner = scope.for_child(arena, branch);
            self::relation(arena, branch, &inner)
        })
        .collect();
    if operator != SetOperator::Except {
        branches
            .sort_by(|left, right| (&left.rows, &left.columns).cmp(&(&right.rows, &right.columns)));
        if !all {
            branches
                .dedup_by(|left, right| left.rows == right.rows && left.columns == right.columns);
        }
    }
    let columns = (0..relation.columns.len()).map(|place| {
        let values = branches.iter().map(|branch| {
            branch
                .columns
                .get(place)
                .cloned()
                .unwrap_or(Term::leaf(Head::Unknown(UnknownReason::NoSuchColumn)))
        });
        Term::new(Head::Branches(operator, all), values.collect())
    });
    let columns = columns.collect();
    let counts_columns = operator != SetOperator::Union || !all;
    let mut clauses = Vec::new();
    for (place, branch) in branches.into_iter().enumerate() {
        let shared = Shared::new(branch.rows);
        let head = if operator == SetOperator::Except && place > 0 {
            Head::Without(shared)
        } else {
            Head::Branch(operator, all, shared)
        };
        let mut parts = if counts_columns {
            branch.columns
        } else {
            Vec::new()
        };
        if counts_columns && relation.open {
            parts.push(Term::leaf(Head::Unknown(UnknownReason::Unsupported)));
        }
        clauses.push((Clause::Set, Term::new(head, parts)));
    }
    clauses.sort();
    Described {
        columns,
        rows: Rows { clauses },
    }
}

fn values(
    arena: &mut Arena,
    rows: &[Vec<Expression>],
    relation: &Relation,
    scope: &Scope,
) -> Described {
    let mut terms: Vec<Vec<Term>> = Vec::new();
    for row in rows {
        terms.push(row.iter().map(|value| term(arena, value, scope)).collect());
    }
    terms.sort();
    let columns = (0..relation.columns.len()).map(|place| {
        let values = terms.iter().map(|row| {
            row.get(place)
                .cloned()
                .unwrap_or(Term::leaf(Head::Unknown(UnknownReason::NoSuchColumn)))
        });
        Term::new(Head::Values, values.collect())
    });
    let columns = columns.collect();
    let rows = terms.into_iter().map(|row| Term::new(Head::Values, row));
    Described {
        columns,
        rows: Rows {
            clauses: rows.map(|row| (Clause::From, row)).collect(),
        },
    }
}

/// The rows are those of both branches; each column is computed from both.
fn recursive(
    arena: &mut Arena,
    branches: [RelationId; 2],
    distinct: bool,
    scope: &Scope,
) -> Described {
    let [seed, step] = branches.map(|branch| self::relation(arena, branch, scope));
    let all = !distinct;
    let columns = seed.columns.iter().zip(&step.columns);
    let columns = columns.map(|(seed, step)| {
        let parts = vec![seed.clone(), step.clone()];
        Term::new(Head::Branches(SetOperator::Union, all), parts)
    });
    let columns = columns.collect();
    let mut clauses = Vec::new();
    for branch in [seed, step] {
        let head = Head::Branch(SetOperator::Union, all, Shared::new(branch.rows));
        // What the next round reads decides its rows.
        clauses.push((Clause::Set, Term::new(head, branch.columns)));
    }
    Described {
        columns,
        rows: Rows { clauses },
    }
}

fn unknown(relation: &Relation) -> Described {
    let columns = (0..).zip(&relation.columns);
    let unknown = Term::leaf(Head::Unknown(UnknownReason::Unsupported));
    Described {
        columns: columns
            .map(|(place, _)| Term::leaf(Head::Place(place)))
            .collect(),
        rows: Rows {
            clauses: vec![(Clause::From, unknown)],
        },
    }
}

fn sorted_by(arena: &mut Arena, keys: &[SortKey], scope: &Scope) -> Vec<Term> {
    let sort =
        |key: &SortKey, value| Term::new(Head::Sort(key.descending, key.nulls_first), vec![value]);
    keys.iter()
        .map(|key| {
            let value = term(arena, &key.value, scope);
            sort(key, value)
        })
        .collect()
}

/// What an expression means in a scope.
pub(super) fn term(arena: &mut Arena, expression: &Expression, scope: &Scope) -> Term {
    arena.describe(1);
    let mut each = |expressions: &[Expression]| -> Vec<Term> {
        expressions
            .iter()
            .map(|expression| term(arena, expression, scope))
            .collect()
    };
    match expression {
        Expression::Column { .. } | Expression::Output { .. } => scope.mention(expression),
        Expression::Literal(literal) => Term::leaf(Head::Literal(literal.clone())),
        Expression::Operation(operation) => {
            let mut parts = each(&operation.operands);
            let operator = operation.operator;
            match operator {
                Operator::And | Operator::Or => {
                    parts.sort();
                    parts.dedup();
                    if parts.len() == 1 {
                        return parts.remove(0);
                    }
                }
                Operator::Multiply | Operator::Equal | Operator::NotEqual | Operator::Same => {
                    parts.sort();
                }
                Operator::Add if simplify::is_sum(operation) => parts.sort(),
                Operator::In => {
                    let mut list = parts.split_off(parts.len().min(1));
                    list.sort();
                    list.dedup();
                    parts.append(&mut list);
                }
                _ => {}
            }
            Term::new(Head::Operation(operator), parts)
        }
        Expression::Call(call) => {
            let mut parts = each(&call.arguments);
            if matches!(call.function.as_str(), "greatest" | "least") {
                parts.sort();
            }
            if call.function == "coalesce"
                && let [one, other] = call.arguments.as_slice()
                && scope.is_either(one, other)
            {
                parts.sort();
            }
            Term::new(Head::Call(call.function.clone()), parts)
        }
        Expression::Case(case) => {
            let mut parts = Vec::new();
            for (when, then) in &case.branches {
                parts.push(term(arena, when, scope));
                parts.push(term(arena, then, scope));
            }
            parts.push(term(arena, &case.otherwise, scope));
            Term::new(Head::Case, parts)
        }
        Expression::Cast(cast) => {
            let parts = each(std::slice::from_ref(&*cast.value));
            Term::new(Head::Cast(cast.to.clone(), cast.or_null), parts)
        }
        Expression::Aggregate(aggregate) => self::aggregate(arena, aggregate, scope),
        Expression::Window(window) => {
            let mut parts = vec![aggregate(arena, &window.function, scope)];
            let mut partition: Vec<Term> = window
                .partition
                .iter()
                .map(|key| term(arena, key, scope))
                .collect();
            partition.sort();
            partition.dedup();
            let count = partition.len();
            parts.extend(partition);
            parts.extend(sorted_by(arena, &window.order, scope));
            let head = Head::Window {
                partition: count,
                frame: window.frame.clone(),
                ignores_nulls: window.ignores_nulls,
            };
            Term::new(head, parts)
        }
        Expression::Subquery(subquery) => self::subquery(arena, subquery, scope),
        Expression::Unknown(unknown) => {
            let mut parts = each(&unknown.over);
            match (unknown.reason, &unknown.name) {
                (UnknownReason::NoSuchColumn, Some(name)) => {
                    Term::new(Head::Unresolved(Some(name.clone())), parts)
                }
                (UnknownReason::Ambiguous, _) if !parts.is_empty() => {
                    parts.sort();
                    Term::new(Head::Unresolved(None), parts)
                }
                (reason, _) => Term::new(Head::Unknown(reason), parts),
            }
        }
    }
}

fn aggregate(arena: &mut Arena, aggregate: &Aggregate, scope: &Scope) -> Term {
    let mut parts: Vec<Term> = aggregate
        .arguments
        .iter()
        .map(|argument| term(arena, argument, scope))
        .collect();
    let fold = Fold {
        function: aggregate.function.clone(),
        arguments: parts.len(),
        distinct: aggregate.distinct,
        filtered: aggregate.filter.is_some(),
    };
    if let Some(filter) = &aggregate.filter {
        parts.push(term(arena, filter, scope));
    }
    parts.extend(sorted_by(arena, &aggregate.order, scope));
    Term::new(Head::Aggregate(fold), parts)
}

fn subquery(arena: &mut Arena, subquery: &Subquery, scope: &Scope) -> Term {
    let (asked, compared): (Asked, &[Expression]) = match &subquery.kind {
        SubqueryKind::Scalar => (Asked::Scalar, &[]),
        SubqueryKind::Exists => (Asked::Exists, &[]),
        SubqueryKind::In(values) => (Asked::In, values),
        SubqueryKind::Any(operator, value) => (Asked::Any(*operator), std::slice::from_ref(value)),
        SubqueryKind::All(operator, value) => (Asked::All(*operator), std::slice::from_ref(value)),
        SubqueryKind::Array => (Asked::Array, &[]),
    };
    let mut parts: Vec<Term> = compared
        .iter()
        .map(|value| term(arena, value, scope))
        .collect();
    let count = parts.len();
    let inner = scope.for_child(arena, subquery.relation);
    let described = relation(arena, subquery.relation, &inner);
    if asked != Asked::Exists {
        parts.extend(described.columns);
    }
    Term::new(
        Head::Query(asked, count, Shared::new(described.rows)),
        parts,
    )
}
