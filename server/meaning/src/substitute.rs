//! Meaning over what is further upstream: the queries of models in place of their names.

use crate::canonical::keeps_value;
use sql::facts::TableRef;
use sql::relation::{
    Body, Cast, Distinct, Expression, InputId, Query, Relation, RelationId, Rest, Source, Unknown,
    UnknownReason,
};
use std::collections::BTreeMap;
use syntax::Name;

/// How many relations, columns, inputs and expressions a query may grow to; a table whose query is beyond
/// is not known. The canonical form looks at fewer.
const MOST: usize = 100_000;

/// Puts the query of every table that `upstream` knows in the place where it is read. Each mention has a
/// copy of its own. A column that the query does not have is not known, nor is a table whose query would
/// make the whole too large.
///
/// A cast that only gives an upstream column its type is left out: it is no part of the value.
pub fn substitute<'u>(query: &Query, upstream: &dyn Fn(&TableRef) -> Option<&'u Query>) -> Query {
    let mut joined = query.clone();
    joined.rest = rest(query, upstream);
    let mut room = MOST.saturating_sub(query.size());
    let mut known: BTreeMap<InputId, Known> = BTreeMap::new();
    // What is added stands behind, and is substituted by whoever asks for it.
    for place in 0..query.relations.len() {
        let mut added: Vec<Relation> = Vec::new();
        let (first, inputs) = (joined.relations.len(), &mut joined.inputs);
        let Some(Body::Select(select)) = joined.relations.get_mut(place).map(|own| &mut own.body)
        else {
            continue;
        };
        let Some(from) = &mut select.from else {
            continue;
        };
        from.for_each_input_mut(&mut |input| {
            let Source::Table(table) = &input.source else {
                return;
            };
            let Some(of) = upstream(table) else {
                return;
            };
            match room.checked_sub(of.size()) {
                Some(left) => {
                    room = left;
                    known.insert(input.id, Known::of(of));
                    let root = add(of, first, &mut added, inputs);
                    input.source = Source::Relation(root);
                }
                None => {
                    let reads = vec![input.source.clone()];
                    input.source = Source::Unknown { reads };
                }
            }
        });
        joined.relations.append(&mut added);
    }
    if !known.is_empty() {
        for relation in joined.relations.iter_mut().take(query.relations.len()) {
            relation.for_each_expression_mut(&mut |expression| bind(expression, &known));
        }
    }
    joined
}

/// What the columns are that are not known, with what upstream queries say of their own.
fn rest<'u>(query: &Query, upstream: &dyn Fn(&TableRef) -> Option<&'u Query>) -> Option<Vec<Rest>> {
    let mut all = Vec::new();
    for own in query.rest.as_ref()? {
        let Some(of) = upstream(&own.table) else {
            all.push(own.clone());
            continue;
        };
        all.extend(of.rest.as_ref()?.iter().map(|rest| {
            let mut rest = rest.clone();
            rest.changes.extend(own.changes.iter().cloned());
            rest
        }));
    }
    all.sort();
    Some(all)
}

/// What is known of the columns of a query.
struct Known {
    names: Vec<Option<Name>>,
    open: bool,
}

impl Known {
    fn of(query: &Query) -> Known {
        let columns = &query.root().columns;
        Known {
            names: columns.iter().map(|column| column.name.clone()).collect(),
            open: query.root().open,
        }
    }
}

/// Adds the relations of a query to those that stand from `first` on, and tells what its root is then.
fn add(query: &Query, first: usize, added: &mut Vec<Relation>, inputs: &mut u32) -> RelationId {
    let mut query = query.clone();
    drop_casts(&mut query);
    let offset = u32::try_from(first + added.len()).unwrap_or(u32::MAX);
    for relation in &mut query.relations {
        relation.shift(offset, *inputs);
    }
    added.append(&mut query.relations);
    *inputs = inputs.saturating_add(query.inputs);
    RelationId(query.root.0.saturating_add(offset))
}

/// Leaves out what gives a column only its type, where no other clause mentions the value.
fn drop_casts(query: &mut Query) {
    let root = query.root.0 as usize;
    let Some(Body::Select(select)) = query.relations.get_mut(root).map(|root| &mut root.body)
    else {
        return;
    };
    if select.distinct != Distinct::Keep || select.grouping.is_some() {
        return;
    }
    for value in &mut select.projection {
        if let Expression::Cast(Cast {
            value: inner,
            to,
            or_null: false,
        }) = value
            && keeps_value(inner, to)
        {
            *value = std::mem::replace(inner, Expression::NULL);
        }
    }
}

/// Makes a mention of a table's column one of the query's that has taken its place.
fn bind(expression: &mut Expression, known: &BTreeMap<InputId, Known>) {
    expression.for_each_mut(&mut |part| {
        let Expression::Column { input, name } = part else {
            return;
        };
        let Some(columns) = known.get(input) else {
            return;
        };
        let position = (0..)
            .zip(&columns.names)
            .find(|(_, of)| of.as_ref() == Some(name))
            .map(|(position, _)| position);
        *part = match position {
            Some(position) => Expression::Output {
                input: *input,
                position,
            },
            None => Expression::Unknown(Unknown {
                reason: if columns.open {
                    UnknownReason::Unsupported
                } else {
                    UnknownReason::NoSuchColumn
                },
                over: Vec::new(),
                name: None,
            }),
        };
    });
}
