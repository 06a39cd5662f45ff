//! `orders counts each row of order_lines once`

use super::subject::{DEEPEST, Subject, gives_rows};
use super::{Answer, Piece, Reason, Risk, RiskyOperator};
use crate::derive::{Facts, Grain};
use sql::facts::TableRef;
use sql::relation::{Body, From, Input, InputId, JoinKind, Query, RelationId, Source};

/// Whether no join on the way to the result may repeat a row of the table.
pub fn counts_once(subject: &Subject, of: &TableRef, declared: &dyn Facts) -> Answer {
    let mut ways = Vec::new();
    find(subject, subject.query.root, of, &mut Vec::new(), &mut ways);
    if ways.is_empty() {
        return Answer::Undecided(Reason::OutOfReach);
    }
    Answer::of_all(ways.into_iter().map(|way| {
        let met = as_met(&subject.query, &way);
        let grain = Grain::new(&met, declared);
        for (relation, input) in way {
            // Each grouping set counts all rows again.
            if has_several_groupings(&met, relation) {
                return Answer::Undecided(Reason::NoProof);
            }
            match grain.repeated_by(relation, input) {
                None => return Answer::Undecided(Reason::UnknownSql),
                Some(by) => {
                    if let Some(first) = by.into_iter().find(|other| *other != input) {
                        return Answer::AtRisk(Risk {
                            at: Piece::Input(first),
                            operator: RiskyOperator::FanOut,
                        });
                    }
                }
            }
        }
        Answer::Holds
    }))
}

fn has_several_groupings(query: &Query, relation: RelationId) -> bool {
    let select = query.relation(relation).select();
    let grouping = select.and_then(|select| select.grouping.as_ref());
    grouping.is_some_and(|grouping| grouping.sets.len() > 1)
}

/// The query as rows that come this way meet it: a row that is there is not what an outer join puts in
/// the place of a missing one.
pub(super) fn as_met(query: &Query, way: &[(RelationId, InputId)]) -> Query {
    let mut met = query.clone();
    for (relation, input) in way {
        let relation = met.relations.get_mut(relation.0 as usize);
        if let Some(Body::Select(select)) = relation.map(|relation| &mut relation.body)
            && let Some(from) = &mut select.from
        {
            keep(from, *input);
        }
    }
    met
}

/// Makes joins of those that may leave out the input such that do not.
fn keep(from: &mut From, input: InputId) {
    let From::Join(join) = from else {
        return;
    };
    let has = |side: &From| side.input(input).is_some();
    let (on_left, on_right) = (has(&join.left), has(&join.right));
    join.kind = match join.kind {
        JoinKind::Left if on_right => JoinKind::Inner,
        JoinKind::Right if on_left => JoinKind::Inner,
        JoinKind::Full if on_left => JoinKind::Left,
        JoinKind::Full if on_right => JoinKind::Right,
        kind => kind,
    };
    keep(&mut join.left, input);
    keep(&mut join.right, input);
}

type Way = Vec<(RelationId, InputId)>;

/// The ways from a relation to the table, through inputs whose rows are given on.
pub(super) fn find(
    subject: &Subject,
    relation: RelationId,
    table: &TableRef,
    way: &mut Way,
    found: &mut Vec<Way>,
) {
    let select = subject.query.relation(relation).select();
    let Some(select) = select.filter(|_| way.len() < DEEPEST) else {
        return;
    };
    for input in select.inputs() {
        let Input { id, source } = input;
        if !gives_rows(select, *id) {
            continue;
        }
        way.push((relation, *id));
        if subject.is(input, table) {
            found.push(way.clone());
        } else if let Source::Relation(inner) = source {
            find(subject, *inner, table, way, found);
        }
        way.pop();
    }
}
