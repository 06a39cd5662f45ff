//! Meaning over what is further upstream: the queries of models in place of their names.

use crate::canonical::keeps_value;
use sql::facts::TableRef;
use sql::relation::{
    Body, Cast, Distinct, Expression, InputId, Query, RelationId, Rest, Source, Unknown,
    UnknownReason,
};
use std::collections::BTreeMap;
use syntax::Name;

/// Puts the query of every table that `upstream` knows in the place where it is read. Each mention has a
/// copy of its own. A column that the query does not have is not known.
///
/// A cast that only gives an upstream column its type is left out: it is no part of the value.
pub fn substitute(query: &Query, upstream: &dyn Fn(&TableRef) -> Option<Query>) -> Query {
    let mut joined = query.clone();
    let mut known: BTreeMap<InputId, Known> = BTreeMap::new();
    joined.rest = rest(query, upstream);
    let mut place = 0;
    while let Some(relation) = joined.relations.get_mut(place) {
        // What is added stands behind, and is substituted by whoever asks for it.
        if place >= query.relations.len() {
            break;
        }
        place += 1;
        let Body::Select(select) = &mut relation.body else {
            continue;
        };
        let mut found: Vec<(InputId, Query)> = Vec::new();
        if let Some(from) = &mut select.from {
            from.for_each_input_mut(&mut |input| {
                if let Source::Table(table) = &input.source
                    && let Some(query) = upstream(table)
                {
                    found.push((input.id, query));
                }
            });
        }
        let mut roots: BTreeMap<InputId, RelationId> = BTreeMap::new();
        for (input, query) in found {
            known.insert(input, Known::of(&query));
            roots.insert(input, add(&mut joined, query));
        }
        if let Some(relation) = joined.relations.get_mut(place - 1)
            && let Body::Select(select) = &mut relation.body
            && let Some(from) = &mut select.from
        {
            from.for_each_input_mut(&mut |own| {
                if let Some(root) = roots.get(&own.id) {
                    own.source = Source::Relation(*root);
                }
            });
        }
    }
    if !known.is_empty() {
        for relation in joined.relations.iter_mut().take(query.relations.len()) {
            relation.for_each_expression_mut(&mut |expression| bind(expression, &known));
        }
    }
    joined
}

/// What the columns are that are not known, with what upstream queries say of their own.
fn rest(query: &Query, upstream: &dyn Fn(&TableRef) -> Option<Query>) -> Option<Vec<Rest>> {
    let mut all = Vec::new();
    for own in query.rest.as_ref()? {
        let Some(of) = upstream(&own.table) else {
            all.push(own.clone());
            continue;
        };
        all.extend(of.rest?.into_iter().map(|mut rest| {
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

/// Adds the relations of a query, and tells what its root is then.
fn add(joined: &mut Query, mut query: Query) -> RelationId {
    drop_casts(&mut query);
    let offset = u32::try_from(joined.relations.len()).unwrap_or(u32::MAX);
    let inputs = joined.inputs;
    for relation in &mut query.relations {
        relation.shift(offset, inputs);
    }
    joined.relations.append(&mut query.relations);
    joined.inputs = joined.inputs.saturating_add(query.inputs);
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
