//! Two versions over the same tables.
//!
//! A CTE that became a model of its own, or a model under another name, changes which tables a query
//! reads and nothing that it means. So tables that only one version reads are replaced by the models
//! that define them, level by level, until both read the same or nothing is left to replace.

use super::Version;
use crate::substitute::substitute;
use sql::facts::TableRef;
use sql::relation::{Query, Relation, Source};
use std::collections::{BTreeMap, BTreeSet};

/// So many levels are gone through at most.
const MOST_LEVELS: usize = 12;

/// Queries are not made larger than so many relations: a union of hundreds of models, each over dozens of
/// others, would take all memory there is.
const MOST_RELATIONS: usize = 600;

/// Both versions, with what only one of them reads replaced where a model defines it.
pub(super) fn agree(old: &Version<'_>, new: &Version<'_>) -> (Query, Query) {
    let mut queries = (old.query.clone(), new.query.clone());
    for _ in 0..MOST_LEVELS {
        let (was, now) = (tables(&queries.0), tables(&queries.1));
        let first = replaced(&queries.0, &was, &now, old);
        let second = replaced(&queries.1, &now, &was, new);
        if first.is_none() && second.is_none() {
            break;
        }
        if let Some(first) = first {
            queries.0 = first;
        }
        if let Some(second) = second {
            queries.1 = second;
        }
    }
    queries
}

/// The query with the tables replaced that the other version does not read; `None` where there is
/// none to replace, or too much to put in their place.
fn replaced(
    query: &Query,
    own: &BTreeSet<TableRef>,
    other: &BTreeSet<TableRef>,
    version: &Version<'_>,
) -> Option<Query> {
    let only = own.difference(other);
    let defined = only.filter_map(|table| Some((table, (version.upstream)(table)?)));
    let defined: BTreeMap<&TableRef, Query> = defined.collect();
    let mut size = query.relations.len();
    for input in query.relations.iter().flat_map(Relation::inputs) {
        if let Source::Table(table) = &input.source {
            size += defined.get(table).map_or(0, |query| query.relations.len());
        }
    }
    let is_any = !defined.is_empty() && size <= MOST_RELATIONS;
    is_any.then(|| substitute(query, &|table| defined.get(table)))
}

fn tables(query: &Query) -> BTreeSet<TableRef> {
    query.tables().into_iter().cloned().collect()
}
