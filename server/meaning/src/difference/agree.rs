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

/// Two versions with what only one of them reads replaced where a model defines it.
pub(super) struct Agreement {
    pub(super) old: Query,
    pub(super) new: Query,
    /// Nothing is left that only one of them reads and a model defines. Else what is the same in both may
    /// hide behind two names, and rows of the one would not be rows of the other.
    pub(super) is_whole: bool,
}

/// Replaces what only one version reads.
pub(super) fn agree(old: &Version<'_>, new: &Version<'_>) -> Agreement {
    let mut agreement = Agreement {
        old: old.query.clone(),
        new: new.query.clone(),
        is_whole: true,
    };
    for _ in 0..MOST_LEVELS {
        let (was, now) = (tables(&agreement.old), tables(&agreement.new));
        let first = replaced(&agreement.old, &was, &now, old);
        let second = replaced(&agreement.new, &now, &was, new);
        if first.is_none() && second.is_none() {
            break;
        }
        if let Some(first) = first {
            agreement.old = first;
        }
        if let Some(second) = second {
            agreement.new = second;
        }
    }
    let (was, now) = (tables(&agreement.old), tables(&agreement.new));
    let is_defined = |version: &Version<'_>, table: &TableRef| (version.upstream)(table).is_some();
    agreement.is_whole = !was.difference(&now).any(|table| is_defined(old, table))
        && !now.difference(&was).any(|table| is_defined(new, table));
    agreement
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
