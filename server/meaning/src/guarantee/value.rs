//! Whether a column has the value that a sentence gives it: `orders.amount = SUM(lines.price)`.

use super::exposure::Exposure;
use super::formula::{ColumnRef, Formula};
use super::subject::Subject;
use super::told::told;
use super::{Answer, Contradiction, Piece, Reason};
use crate::canonical::{Sameness, canonical};
use crate::evaluate::Value;
use crate::lineage::{self, TableColumn};
use crate::witness::{Facts, Question, SEARCH, Verdict, Witness, find_difference};
use rust_decimal::Decimal;
use sql::facts::TableRef;
use sql::relation::{
    Body, Case, Cast, Column, Distinct, Expression, From, Grouping, Input, InputId, Literal,
    Operator, Query, Relation, RelationId, Select, Source, Subquery, SubqueryKind,
};
use std::collections::BTreeSet;
use syntax::Name;

/// What a column is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its value.
    pub value: Formula,
    /// The columns by which the rows of aggregates belong to a row: columns of the table that the
    /// aggregates are taken over and of the judged table, of the same names. None: as the SQL groups them.
    pub per: Vec<Name>,
    /// The rows on which it is so; all without one.
    pub filter: Option<Formula>,
    /// The type that both sides are rounded to, where the column declares one.
    pub data_type: Option<sql::relation::DataType>,
}

/// Whether the column at `position` of the query has this value on every row where the value is not
/// `NULL`.
pub fn has_value(
    subject: &Subject,
    position: usize,
    definition: &Definition,
    facts: &Facts,
) -> Answer {
    let branches = branches(&subject.query).into_iter();
    Answer::of_all(branches.map(|branch| {
        let mut of_branch = subject.clone();
        of_branch.query.root = branch;
        of_select(&of_branch, position, definition, facts)
    }))
}

/// The relations whose rows the query gives, all together: the branches of unions.
pub(super) fn branches(query: &Query) -> Vec<RelationId> {
    let mut found = Vec::new();
    let mut waiting = vec![query.root];
    while let Some(id) = waiting.pop() {
        match &query.relation(id).body {
            Body::Set(set) if set.operator == sql::relation::SetOperator::Union => {
                waiting.push(set.right);
                waiting.push(set.left);
            }
            _ => found.push(id),
        }
    }
    found
}

fn of_select(subject: &Subject, position: usize, definition: &Definition, facts: &Facts) -> Answer {
    let query = &subject.query;
    let relation = query.root;
    let at = Piece::Column(relation, position);
    let Some(judged) = query
        .root()
        .select()
        .and_then(|select| select.projection.get(position))
        .cloned()
    else {
        return Answer::Undecided(Reason::UnknownSql);
    };
    let mut exposure = Exposure::new(subject);
    let as_grouped = definition.per.is_empty()
        || !definition.value.has_aggregate()
        || is_grouped_by(subject, &definition.value, &definition.per);
    let agreed = match as_grouped {
        true => exposure.expose(relation, &definition.value, &judged),
        false => per(&mut exposure.subject, &definition.value, &definition.per),
    };
    let filter = match &definition.filter {
        None => Some(None),
        Some(filter) => exposure.expose(relation, filter, &judged).map(Some),
    };
    let (Some(agreed), Some(filter)) = (agreed, filter) else {
        return Answer::Undecided(Reason::OutOfReach);
    };
    let facts = counted_once(subject, &definition.value, facts);
    let actual = exposure.subject.query;
    let own = canonical(&actual);
    let Some(own) = own.columns.get(position) else {
        return Answer::Undecided(Reason::UnknownSql);
    };
    let promised = with(&actual, position, agreed.clone());
    let same = canonical(&promised)
        .columns
        .get(position)
        .map(|agreed| own.meaning.compare(&agreed.meaning));
    if same == Some(Sameness::Same) {
        return Answer::Holds;
    }
    if !own.meaning.is_known() {
        return Answer::Undecided(Reason::UnknownSql);
    }
    if is_from_elsewhere(&actual, &promised, position) {
        return Answer::Undecided(Reason::OtherColumns);
    }
    let typed = definition.data_type.clone().or(own.data_type.clone());
    let cast = |value: Expression| match &typed {
        Some(to) => Expression::Cast(Cast {
            value: Box::new(value),
            to: to.clone(),
            or_null: false,
        }),
        None => value,
    };
    let guarded = guarded(cast(agreed), filter, cast(judged.clone()));
    let verdict = find_difference(
        &with(&actual, position, guarded),
        &with(&actual, position, cast(judged)),
        &Question::Column {
            old: position,
            new: position,
        },
        &facts,
        &mut SEARCH.clone(),
    );
    match verdict {
        Verdict::Different(witness) if typed.is_some() || !is_fraction_only(&witness) => {
            Answer::Contradicted(Contradiction {
                at,
                now: told(&actual, position),
                witness: Some(witness),
            })
        }
        Verdict::Different(_) | Verdict::NotFound => Answer::Undecided(Reason::NoProof),
    }
}

/// What is known, and for a formula with aggregates that no other table than its own has two rows: that
/// these may repeat what is counted is a risk of the join, and proves nothing of the value.
fn counted_once(subject: &Subject, formula: &Formula, facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    if formula.has_aggregate() {
        let mut own: BTreeSet<&TableRef> = formula.tables();
        for table in formula.tables() {
            if let Some(Source::Relation(relation)) = subject.source_of(table) {
                subject.tables_below(*relation, &mut own, 0);
            }
        }
        for other in subject.query.tables() {
            if !own.contains(other) {
                facts.forbid_second_row(other);
            }
        }
    }
    facts
}

/// The query with another value for a column.
fn with(query: &Query, position: usize, value: Expression) -> Query {
    let mut query = query.clone();
    let root = query.root.0 as usize;
    if let Some(Body::Select(select)) = query.relations.get_mut(root).map(|root| &mut root.body)
        && let Some(own) = select.projection.get_mut(position)
    {
        *own = value;
    }
    query
}

/// What was agreed where that is not `NULL` and the filter holds, else what there is.
fn guarded(agreed: Expression, filter: Option<Expression>, judged: Expression) -> Expression {
    let is_null = Expression::operation(Operator::IsNull, [agreed.clone()]);
    let is_not_null = Expression::operation(Operator::Not, [is_null]);
    let condition = match filter {
        Some(filter) => Expression::operation(Operator::And, [filter, is_not_null]),
        None => is_not_null,
    };
    Expression::Case(Case {
        branches: vec![(condition, agreed)],
        otherwise: Box::new(judged),
    })
}

/// Whether the column is computed from any column that it is not to be computed from.
fn is_from_elsewhere(actual: &Query, promised: &Query, position: usize) -> bool {
    let sources = |query: &Query| -> Option<BTreeSet<TableColumn>> {
        let column = lineage::of_column(query, &|_, _| false, query.root, position)?;
        Some(column.sources.into_iter().map(|edge| edge.from).collect())
    };
    match (sources(actual), sources(promised)) {
        (Some(actual), Some(promised)) => !actual.is_subset(&promised),
        _ => true,
    }
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

/// Whether the query does nothing but group all rows of the formula's table by these columns.
fn is_grouped_by(subject: &Subject, formula: &Formula, keys: &[Name]) -> bool {
    let Some(select) = subject.query.root().select() else {
        return false;
    };
    let (Some(From::Input(input)), Some(grouping), None) =
        (&select.from, &select.grouping, &select.filter)
    else {
        return false;
    };
    let tables: Vec<&TableRef> = formula.tables().into_iter().collect();
    let is_only = matches!(tables.as_slice(), [table] if subject.is(input, table));
    let wanted = keys
        .iter()
        .filter_map(|name| subject.column(input.id, &input.source, name));
    let wanted: BTreeSet<Expression> = wanted.collect();
    let given: BTreeSet<Expression> = grouping.keys.iter().cloned().collect();
    is_only && grouping.sets.len() == 1 && wanted.len() == keys.len() && wanted == given
}

/// A formula whose aggregates are taken over the rows of their table that have the same keys as the
/// row: each is a query of its own. `None` where its table or a key is not to be had.
fn per(subject: &mut Subject, formula: &Formula, keys: &[Name]) -> Option<Expression> {
    let mut failed = false;
    let mut value = formula.value.clone();
    per_part(subject, formula, keys, &mut value, &mut failed);
    (!failed).then_some(value)
}

fn per_part(
    subject: &mut Subject,
    formula: &Formula,
    keys: &[Name],
    part: &mut Expression,
    failed: &mut bool,
) {
    let replaced = match part {
        Expression::Aggregate(_) => scoped(subject, formula, keys, part),
        Expression::Column { .. } | Expression::Subquery(_) | Expression::Unknown(_) => None,
        _ => {
            part.for_each_part_mut(&mut |own| per_part(subject, formula, keys, own, failed));
            return;
        }
    };
    match replaced {
        Some(replaced) => *part = replaced,
        None => *failed = true,
    }
}

fn scoped(
    subject: &mut Subject,
    formula: &Formula,
    keys: &[Name],
    aggregate: &Expression,
) -> Option<Expression> {
    let tables = formula.tables_in(aggregate);
    let table = (*tables.first()?).clone();
    if tables.len() > 1 || has_own(formula, aggregate) {
        return None;
    }
    let source = subject.source_of(&table)?.clone();
    let input = InputId(subject.query.inputs);
    subject.query.inputs += 1;
    let mut missing = false;
    let mut value = aggregate.clone();
    value.for_each_mut(&mut |part| {
        if let Some(ColumnRef::Of(_, name)) = formula.column(part) {
            match subject.column(input, &source, name) {
                Some(column) => *part = column,
                None => missing = true,
            }
        }
    });
    if missing {
        return None;
    }
    let root = subject.query.root();
    let mut conditions = Vec::new();
    for key in keys {
        let own = root.select()?.projection.get(root.position(key)?)?.clone();
        let of_table = subject.column(input, &source, key)?;
        conditions.push(Expression::operation(Operator::Equal, [of_table, own]));
    }
    let filter = match conditions.len() {
        1 => conditions.pop(),
        _ => Some(Expression::operation(Operator::And, conditions)),
    };
    let relation = RelationId(u32::try_from(subject.query.relations.len()).ok()?);
    subject.query.relations.push(Relation {
        columns: vec![Column {
            name: None,
            implicit: false,
        }],
        open: false,
        body: Body::Select(Box::new(Select {
            projection: vec![value],
            from: Some(From::Input(Input { id: input, source })),
            filter,
            grouping: Some(Grouping {
                keys: Vec::new(),
                sets: vec![Vec::new()],
            }),
            having: None,
            qualify: None,
            distinct: Distinct::Keep,
        })),
        order: Vec::new(),
        limit: None,
    });
    Some(Expression::Subquery(Box::new(Subquery {
        kind: SubqueryKind::Scalar,
        relation,
    })))
}

fn has_own(formula: &Formula, part: &Expression) -> bool {
    let mut found = false;
    part.for_each(&mut |part| {
        found |= matches!(formula.column(part), Some(ColumnRef::Own(_)));
    });
    found
}

/// A constant.
pub(super) fn boolean(truth: bool) -> Expression {
    Expression::Literal(Literal::Boolean(truth))
}
