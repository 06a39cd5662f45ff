//! `orders keeps every row of raw.orders`

use super::agreed::{Agreed, Agreement, OnTheWay};
use super::formula::has_aggregate;
use super::linked::mentioned;
use super::once::find;
use super::subject::{DEEPEST, Subject};
use super::{Answer, Contradiction, Piece, Reason, Risk, RiskyOperator};
use crate::derive::{self, Grain};
use sql::facts::TableRef;
use sql::relation::{
    Body, Column, Distinct, Expression, From, Grouping, InputId, JoinKind, Query, RelationId,
    Select, SetOperator, Source,
};

/// Whether every row of the table has its part in the result, but for those that other sentences ask to
/// keep out.
pub fn keeps_every_row(
    subject: &Subject,
    of: &TableRef,
    agreed: &Agreed,
    declared: &dyn derive::Facts,
) -> Answer {
    let mut ways = Vec::new();
    find(subject, subject.query.root, of, &mut Vec::new(), &mut ways);
    let [way] = ways.as_slice() else {
        return Answer::Undecided(Reason::OutOfReach);
    };
    Answer::of_all(way.iter().enumerate().map(|(at, (relation, input))| {
        let root = subject.query.relation(*relation);
        let Some(select) = root.select() else {
            return Answer::Undecided(Reason::UnknownSql);
        };
        let on_the_way = OnTheWay {
            subject,
            agreed,
            declared,
            way,
            at,
        };
        let filtered = match select.filter.as_ref().map(|it| on_the_way.agreement(it)) {
            None | Some(Agreement::Agreed) => Answer::Holds,
            Some(Agreement::Perhaps) => Answer::Undecided(Reason::NoProof),
            Some(Agreement::No) => broken(Piece::Filter(*relation), "a WHERE that drops rows"),
        };
        let of_select = of_select(&subject.query, *relation, select, *input);
        let distinct = distinct(&subject.query, *relation, *input, declared);
        Answer::of_all([filtered, of_select, distinct])
    }))
}

fn broken(at: Piece, now: &str) -> Answer {
    Answer::Contradicted(Contradiction {
        at,
        now: Some(now.to_owned()),
        witness: None,
    })
}

fn of_select(query: &Query, relation: RelationId, select: &Select, input: InputId) -> Answer {
    let broken = |now: &str| broken(Piece::Filter(relation), now);
    if select.qualify.is_some() {
        return broken("a QUALIFY that drops rows");
    }
    if query.relation(relation).limit.is_some() {
        return broken("a LIMIT that drops rows");
    }
    if select.having.is_some() || matches!(select.distinct, Distinct::On(_)) {
        return broken("a condition that drops rows");
    }
    let dropping = |from| dropping(query, from, input);
    match select.from.as_ref().and_then(dropping) {
        Some(at) => Answer::AtRisk(Risk {
            at: Piece::Input(at),
            operator: RiskyOperator::InnerJoin,
        }),
        None => Answer::Holds,
    }
}

/// Whether `DISTINCT`, or a `GROUP BY` with nothing to say of a group, leaves each row of an input: it does where a key of the input tells them apart. Of
/// an input that is joined to others and has no known key it can't be told: it may drop only what the
/// join has repeated.
fn distinct(query: &Query, id: RelationId, input: InputId, declared: &dyn derive::Facts) -> Answer {
    let Some(select) = query.relation(id).select() else {
        return Answer::Holds;
    };
    let is_grouped = is_grouped_only(select);
    if !is_grouped && select.distinct != Distinct::All || has_key(query, id, declared, &|_| {}) {
        return Answer::Holds;
    }
    let only_of_input = |select: &mut Select| {
        let own = select.input(input).cloned();
        select.from = own.map(From::Input);
        select.grouping = None;
        select.projection.iter_mut().for_each(|value| {
            if !mentions_only(value, input) {
                *value = Expression::NULL;
            }
        });
    };
    if has_key(query, id, declared, &only_of_input) {
        return Answer::Holds;
    }
    let is_keyed = select
        .input(input)
        .is_some_and(|input| match &input.source {
            Source::Table(table) => !declared.keys(table).is_empty(),
            Source::Relation(inner) => !derive::grain(query, *inner, declared).is_empty(),
            Source::Function(_) | Source::Unknown { .. } => false,
        });
    match is_keyed || select.inputs().len() == 1 {
        true if is_grouped => broken(Piece::Filter(id), "a GROUP BY that drops rows"),
        true => broken(Piece::Distinct(id), "a DISTINCT that drops rows"),
        false => Answer::Undecided(Reason::NothingDeclared),
    }
}

/// Whether the rows of a select have a key without its `DISTINCT`, after a change.
fn has_key(
    query: &Query,
    id: RelationId,
    declared: &dyn derive::Facts,
    change: &dyn Fn(&mut Select),
) -> bool {
    let mut query = query.clone();
    let relation = query.relations.get_mut(id.0 as usize);
    if let Some(Body::Select(select)) = relation.map(|relation| &mut relation.body) {
        select.distinct = Distinct::Keep;
        if is_grouped_only(select) {
            let grouping = select.grouping.take().unwrap_or_default();
            select.projection = grouping.keys;
        }
        change(select);
    }
    if let Some(relation) = query.relations.get_mut(id.0 as usize) {
        let count = relation
            .select()
            .map_or(0, |select| select.projection.len());
        // Without names: what is declared of the table is declared with its `DISTINCT`.
        let unnamed = Column {
            name: None,
            implicit: false,
        };
        relation.columns = vec![unnamed; count];
    }
    !Grain::new(&query, declared).keys(id).is_empty()
}

/// Whether rows are grouped and nothing is computed from the rows of a group: what `DISTINCT` does.
fn is_grouped_only(select: &Select) -> bool {
    let is_keyed = |grouping: &Grouping| grouping.sets.len() == 1 && !grouping.keys.is_empty();
    select.grouping.as_ref().is_some_and(is_keyed) && !select.projection.iter().any(has_aggregate)
}

fn mentions_only(value: &Expression, wanted: InputId) -> bool {
    let mut only = true;
    value.for_each(&mut |part| match part {
        Expression::Column { input, .. } | Expression::Output { input, .. } => {
            only &= *input == wanted;
        }
        _ => {}
    });
    only
}

/// What an input is joined to in a way that drops its rows without a partner.
fn dropping(query: &Query, from: &From, input: InputId) -> Option<InputId> {
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
        JoinKind::Inner => join.on.is_none() && has_rows(query, other, 0),
        JoinKind::Semi | JoinKind::Anti | JoinKind::Unknown => false,
    };
    match keeps {
        true => dropping(query, own, input),
        false => other.inputs().first().map(|input| input.id),
    }
}

/// Whether something in `FROM` has a row in any case, as far as can be told: what is not known is not taken
/// for empty.
fn has_rows(query: &Query, from: &From, depth: usize) -> bool {
    match from {
        From::Join(join) => {
            let (left, right) = (
                has_rows(query, &join.left, depth),
                has_rows(query, &join.right, depth),
            );
            match join.kind {
                JoinKind::Inner => join.on.is_none() && left && right,
                JoinKind::Left => left,
                JoinKind::Right => right,
                JoinKind::Full => left || right,
                JoinKind::Semi | JoinKind::Anti => false,
                JoinKind::Unknown => true,
            }
        }
        From::Input(input) => match &input.source {
            Source::Table(_) => false,
            // A list of a row may be empty; one that is written down is not.
            Source::Function(call) => call.arguments.iter().all(|it| mentioned(it).is_empty()),
            Source::Unknown { .. } => true,
            Source::Relation(relation) => gives_a_row(query, *relation, depth),
        },
    }
}

fn gives_a_row(query: &Query, relation: RelationId, depth: usize) -> bool {
    if depth > DEEPEST {
        return true;
    }
    match &query.relation(relation).body {
        Body::Select(select) => {
            let is_total = |grouping: &Grouping| grouping.sets.iter().any(Vec::is_empty);
            let drops = select.having.is_some() || select.qualify.is_some();
            match (&select.grouping, &select.from) {
                _ if drops => false,
                (Some(grouping), _) if is_total(grouping) => true,
                _ if select.filter.is_some() => false,
                (_, Some(from)) => has_rows(query, from, depth + 1),
                (_, None) => true,
            }
        }
        Body::Set(set) if set.operator == SetOperator::Union => [set.left, set.right]
            .into_iter()
            .any(|branch| gives_a_row(query, branch, depth + 1)),
        Body::Set(_) => false,
        Body::Values(rows) => !rows.is_empty(),
        Body::Recursive { seed, .. } => gives_a_row(query, *seed, depth + 1),
        Body::Unknown { .. } => true,
    }
}
