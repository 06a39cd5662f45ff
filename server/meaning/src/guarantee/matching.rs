//! `customers excludes rows that match erasure_requests on customer_id`

use super::output::Output;
use super::rows::{example, says_already};
use super::{Answer, Contradiction, Piece, Reason};
use crate::witness::Facts;
use sql::facts::TableRef;
use sql::relation::{
    Body, Column, Expression, From, Input, InputId, Operator, Query, Relation, RelationId, Select,
    Source, Subquery, SubqueryKind,
};
use syntax::Name;

/// Whether no row of the query has the same values in the columns `on` as a row of the other table.
/// Ask it of a query over everything upstream: the rows may be kept out anywhere.
pub fn excludes_matching(query: &Query, other: &TableRef, on: &[Name], facts: &Facts) -> Answer {
    of(query, other, on, false, facts)
}

/// Whether every row of the query has the same values in the columns `on` as a row of the other table.
pub fn only_has_matching(query: &Query, other: &TableRef, on: &[Name], facts: &Facts) -> Answer {
    of(query, other, on, true, facts)
}

fn of(query: &Query, other: &TableRef, on: &[Name], wanted: bool, facts: &Facts) -> Answer {
    let positions: Option<Vec<usize>> = on.iter().map(|name| query.root().position(name)).collect();
    let Some(positions) = positions else {
        return Answer::Undecided(Reason::OutOfReach);
    };
    let mut over = query.clone();
    let output = Output::over(&mut over);
    let input = InputId(over.inputs);
    over.inputs += 1;
    let pairs = on.iter().zip(&positions).map(|(name, position)| {
        let of_other = Expression::Column {
            input,
            name: name.clone(),
        };
        Expression::operation(Operator::Equal, [of_other, output.column(*position)])
    });
    let mut pairs: Vec<Expression> = pairs.collect();
    let condition = match pairs.len() {
        1 => pairs.pop(),
        _ => Some(Expression::operation(Operator::And, pairs)),
    };
    let relation = RelationId(u32::try_from(over.relations.len()).unwrap_or(u32::MAX));
    over.relations.push(matching(input, other, condition));
    let exists = Expression::Subquery(Box::new(Subquery {
        kind: SubqueryKind::Exists,
        relation,
    }));
    let exists_not = Expression::operation(Operator::Not, [exists.clone()]);
    let (forbidden, allowed) = match wanted {
        false => (exists, exists_not),
        true => (exists_not, exists),
    };
    if says_already(&over, output.relation, allowed) {
        return Answer::Holds;
    }
    match example(&over, output.relation, &forbidden, facts) {
        Some(witness) => Answer::Contradicted(Contradiction {
            at: Piece::Whole,
            now: None,
            witness: Some(witness),
        }),
        None => Answer::Undecided(Reason::NoProof),
    }
}

/// `SELECT 1 FROM other WHERE condition`
fn matching(input: InputId, other: &TableRef, condition: Option<Expression>) -> Relation {
    Relation {
        columns: vec![Column {
            name: None,
            implicit: false,
        }],
        open: false,
        body: Body::Select(Box::new(Select {
            projection: vec![Expression::number("1")],
            from: Some(From::Input(Input {
                id: input,
                source: Source::Table(other.clone()),
            })),
            filter: condition,
            ..Select::default()
        })),
        order: Vec::new(),
        limit: None,
    }
}
