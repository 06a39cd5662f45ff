//! `orders counts each row of order_lines once`

use super::subject::{DEEPEST, Subject, gives_rows, inputs};
use super::{Answer, Piece, Reason, Risk, RiskyOperator};
use crate::derive::{Facts, Grain};
use sql::facts::TableRef;
use sql::relation::{Input, InputId, RelationId, Source};

/// Whether no join on the way to the result may repeat a row of the table.
pub fn counts_once(subject: &Subject, of: &TableRef, declared: &dyn Facts) -> Answer {
    let grain = Grain::new(&subject.query, declared);
    let mut ways = Vec::new();
    find(subject, subject.query.root, of, &mut Vec::new(), &mut ways);
    if ways.is_empty() {
        return Answer::Undecided(Reason::OutOfReach);
    }
    Answer::of_all(ways.into_iter().map(|way| {
        for (relation, input) in way {
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
    for input in inputs(select) {
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
