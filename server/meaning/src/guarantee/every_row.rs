//! `orders keeps every row of raw.orders`

use super::once::find;
use super::subject::Subject;
use super::{Answer, Contradiction, Piece, Reason, Risk, RiskyOperator};
use sql::facts::TableRef;
use sql::relation::{Distinct, From, InputId, JoinKind, RelationId, Select};

/// Whether every row of the table has its part in the result. `is_agreed` tells of a relation whether
/// its filter only keeps out rows that other sentences ask to keep out.
pub fn keeps_every_row(
    subject: &Subject,
    of: &TableRef,
    is_agreed: &dyn Fn(RelationId) -> bool,
) -> Answer {
    let mut ways = Vec::new();
    find(subject, subject.query.root, of, &mut Vec::new(), &mut ways);
    let [way] = ways.as_slice() else {
        return Answer::Undecided(Reason::OutOfReach);
    };
    Answer::of_all(way.iter().map(|(relation, input)| {
        let root = subject.query.relation(*relation);
        let Some(select) = root.select() else {
            return Answer::Undecided(Reason::UnknownSql);
        };
        of_select(*relation, select, *input, root.limit.is_some(), is_agreed)
    }))
}

fn of_select(
    relation: RelationId,
    select: &Select,
    input: InputId,
    has_limit: bool,
    is_agreed: &dyn Fn(RelationId) -> bool,
) -> Answer {
    let broken = |now: &str| {
        Answer::Contradicted(Contradiction {
            at: Piece::Filter(relation),
            now: Some(now.to_owned()),
            witness: None,
        })
    };
    if select.filter.is_some() && !is_agreed(relation) {
        return broken("a WHERE that drops rows");
    }
    if select.qualify.is_some() {
        return broken("a QUALIFY that drops rows");
    }
    if has_limit {
        return broken("a LIMIT that drops rows");
    }
    if select.having.is_some() || matches!(select.distinct, Distinct::On(_)) {
        return broken("a condition that drops rows");
    }
    match select.from.as_ref().and_then(|from| dropping(from, input)) {
        Some(at) => Answer::AtRisk(Risk {
            at: Piece::Input(at),
            operator: RiskyOperator::InnerJoin,
        }),
        None => Answer::Holds,
    }
}

/// What an input is joined to in a way that drops its rows without a partner.
fn dropping(from: &From, input: InputId) -> Option<InputId> {
    let From::Join(join) = from else {
        return None;
    };
    let has = |side: &From| side.input(input).is_some();
    let (own, other) = match has(&join.left) {
        true => (&join.left, &join.right),
        false => (&join.right, &join.left),
    };
    let keeps = match join.kind {
        JoinKind::Full => true,
        JoinKind::Left => has(&join.left),
        JoinKind::Right => has(&join.right),
        // Pairs of all rows: dropped only where the other side has none.
        JoinKind::Inner => join.on.is_none(),
        JoinKind::Semi | JoinKind::Anti | JoinKind::Unknown => false,
    };
    match keeps {
        true => dropping(own, input),
        false => other.inputs().first().map(|input| input.id),
    }
}
