//! Two versions over the same tables.
//!
//! A CTE that became a model of its own, or a model under another name, changes which tables a query
//! reads and nothing that it means. So tables that only one version reads are replaced by the models
//! that define them, level by level, until both read the same or nothing is left to replace.

use super::Version;
use crate::substitute::substitute;
use sql::facts::TableRef;
use sql::relation::Query;
use std::collections::BTreeSet;

/// So many levels are gone through at most.
const MOST_LEVELS: usize = 12;

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
/// none to replace.
fn replaced(
    query: &Query,
    own: &BTreeSet<TableRef>,
    other: &BTreeSet<TableRef>,
    version: &Version<'_>,
) -> Option<Query> {
    let only: BTreeSet<&TableRef> = own.difference(other).collect();
    let defined = |table: &TableRef| match only.contains(table) {
        true => (version.upstream)(table),
        false => None,
    };
    let any = only.iter().any(|table| (version.upstream)(table).is_some());
    any.then(|| substitute(query, &defined))
}

fn tables(query: &Query) -> BTreeSet<TableRef> {
    query.tables().into_iter().cloned().collect()
}
