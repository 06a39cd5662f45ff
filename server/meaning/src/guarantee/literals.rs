//! `orders.status is one of ('open', 'paid')`

use super::blame::blamed;
use super::output::gives;
use super::rows::keeps_out;
use super::trace::{Leaf, Made, leaves, made};
use super::value::boolean;
use super::{Answer, Contradiction, Reason};
use crate::evaluate::{Value, literal};
use crate::witness::Facts;
use sql::facts::TableRef;
use sql::relation::{Expression, Literal, Operator, Query};
use syntax::Name;

/// Whether the column at `position` holds nothing but these constants and `NULL`. Only another constant
/// that a row can have is a contradiction: what tables hold is not in the text.
pub fn is_one_of(query: &Query, position: usize, allowed: &[Literal], facts: &Facts) -> Answer {
    if is_filtered(query, position, allowed) {
        return Answer::Holds;
    }
    let values: Vec<Value> = allowed.iter().map(literal).collect();
    let mut answer = Answer::Holds;
    for leaf in leaves(query, query.root, position) {
        answer = Answer::of_all([
            answer,
            match leaf {
                Leaf::Literal(Literal::Null) => Answer::Holds,
                Leaf::Literal(given) => constant(query, position, given, &values, facts),
                Leaf::Column(table, name) => column(table, name, &values, facts),
                Leaf::Cast(_) | Leaf::Other => Answer::Undecided(Reason::NoProof),
            },
        ]);
    }
    answer
}

/// Whether conditions keep out every other value where the column is made.
fn is_filtered(query: &Query, position: usize, allowed: &[Literal]) -> bool {
    let made = made(query, query.root, position).unwrap_or_default();
    let is_kept = |made: &Made<'_>| {
        let differs = allowed.iter().map(|constant| {
            let constant = Expression::Literal(constant.clone());
            let equal = Expression::operation(Operator::Equal, [made.value.clone(), constant]);
            Expression::operation(Operator::Not, [equal])
        });
        let all = differs.chain([boolean(true)]);
        let other = Expression::operation(Operator::And, all);
        keeps_out(query, made.relation, &other)
    };
    !made.is_empty() && made.iter().all(is_kept)
}

fn constant(
    query: &Query,
    position: usize,
    given: &Literal,
    allowed: &[Value],
    facts: &Facts,
) -> Answer {
    let value = literal(given);
    let same = |other: &Value| value.identical(other);
    if allowed.iter().any(|other| same(other) == Some(true)) {
        return Answer::Holds;
    }
    // Texts that differ in case or blanks at the end are equal in some databases.
    let twin = |other: &Value| match (&value, other) {
        (Value::Text(own), Value::Text(other)) => {
            own.trim_end().to_lowercase() == other.trim_end().to_lowercase()
        }
        _ => same(other) != Some(false),
    };
    if allowed.iter().any(twin) {
        return Answer::Undecided(Reason::NoProof);
    }
    let equals = |values: &[Expression]| {
        let given = Expression::Literal(given.clone());
        Expression::operation(Operator::Equal, values.iter().cloned().chain([given]))
    };
    match gives(query, &[position], &equals, facts) {
        Some(witness) => Answer::Contradicted(Contradiction {
            at: blamed(query, position, &|branch, position| {
                let leaves = leaves(query, branch, position);
                leaves
                    .iter()
                    .any(|leaf| matches!(leaf, Leaf::Literal(own) if *own == given))
            }),
            now: Some(written(given)),
            witness: Some(witness),
        }),
        None => Answer::Undecided(Reason::NoProof),
    }
}

fn column(table: &TableRef, name: &Name, allowed: &[Value], facts: &Facts) -> Answer {
    let mut tables = facts.tables.iter();
    let table = tables.find(|known| known.table == *table);
    let column = table.and_then(|table| table.columns.iter().find(|column| column.name == *name));
    let values = column.map(|column| column.values.as_slice());
    match values.filter(|values| !values.is_empty()) {
        Some(values) => {
            let is_allowed = |value: &Value| {
                let mut allowed = allowed.iter();
                allowed.any(|other| value.identical(other) == Some(true))
            };
            match values.iter().all(is_allowed) {
                true => Answer::Holds,
                false => Answer::Undecided(Reason::NoProof),
            }
        }
        None => Answer::Undecided(Reason::NothingDeclared),
    }
}

fn written(literal: &Literal) -> String {
    match literal {
        Literal::Null => "NULL".to_owned(),
        Literal::Boolean(truth) => truth.to_string().to_uppercase(),
        Literal::Number(written) | Literal::Other(written) => written.to_string(),
        Literal::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}
