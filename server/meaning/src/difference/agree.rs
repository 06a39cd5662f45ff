//! Two versions over the same tables.
//!
//! A CTE that became a model of its own, a model under another name, or a column of a model under another
//! name changes which tables and columns a query reads and nothing that it means. So tables that only one
//! version reads, and those of which one version reads a column that there is not in the other, are
//! replaced by the models that define them, level by level, until both read the same or nothing is left to
//! replace.

use super::Version;
use crate::substitute::substitute;
use sql::facts::TableRef;
use sql::relation::{Expression, InputId, Query, Relation, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use syntax::Name;

/// So many levels are gone through at most.
const MOST_LEVELS: usize = 12;

/// Queries are not made larger than so many relations: a union of hundreds of models, each over dozens of
/// others, would take all memory there is.
const MOST_RELATIONS: usize = 600;

/// What lies upstream of both is put in their place as long as it has no more relations than these: what
/// makes two versions the same most often lies near.
const MOST_UPSTREAM: usize = 60;

/// Two versions with what only one of them reads replaced where a model defines it.
pub(super) struct Agreement {
    pub(super) old: Query,
    pub(super) new: Query,
    /// Nothing is left that only one of them reads and a model defines. Else what is the same in both may
    /// hide behind two names, and rows of the one would not be rows of the other.
    pub(super) is_whole: bool,
    /// The models that were replaced in the old version.
    pub(super) old_replaced: BTreeMap<TableRef, Arc<Query>>,
    /// Those that were in the new one.
    pub(super) new_replaced: BTreeMap<TableRef, Arc<Query>>,
}

/// Replaces what only one version reads.
pub(super) fn agree(old: &Version<'_>, new: &Version<'_>) -> Agreement {
    let mut agreement = Agreement {
        old: old.query.clone(),
        new: new.query.clone(),
        is_whole: true,
        old_replaced: BTreeMap::new(),
        new_replaced: BTreeMap::new(),
    };
    for _ in 0..MOST_LEVELS {
        let (was, now) = (tables(&agreement.old), tables(&agreement.new));
        let mut shared: BTreeSet<TableRef> = was.intersection(&now).cloned().collect();
        let changed = with_other_columns(&agreement, old, new);
        shared.retain(|table| !changed.contains(table));
        let first = replaced(&agreement.old, &was, &shared, old, MOST_RELATIONS);
        let second = replaced(&agreement.new, &now, &shared, new, MOST_RELATIONS);
        if first.is_none() && second.is_none() {
            break;
        }
        if let Some((query, models)) = first {
            agreement.old = query;
            agreement.old_replaced.extend(models);
        }
        if let Some((query, models)) = second {
            agreement.new = query;
            agreement.new_replaced.extend(models);
        }
    }
    let (was, now) = (tables(&agreement.old), tables(&agreement.new));
    let is_defined = |version: &Version<'_>, table: &TableRef| (version.upstream)(table).is_some();
    agreement.is_whole = !was.difference(&now).any(|table| is_defined(old, table))
        && !now.difference(&was).any(|table| is_defined(new, table));
    agreement
}

/// Both queries with every table replaced that a model of their version defines; `None` where there is none,
/// or too much to put in their place.
pub(super) fn upstream(
    old: (&Query, &Version<'_>),
    new: (&Query, &Version<'_>),
) -> Option<(Query, Query)> {
    let first = over_upstream(old);
    let second = over_upstream(new);
    match (first, second) {
        (None, None) => None,
        (first, second) => Some((
            first.unwrap_or_else(|| old.0.clone()),
            second.unwrap_or_else(|| new.0.clone()),
        )),
    }
}

fn over_upstream((query, version): (&Query, &Version<'_>)) -> Option<Query> {
    let mut over = None;
    for _ in 0..MOST_LEVELS {
        let query = over.as_ref().unwrap_or(query);
        match replaced(
            query,
            &tables(query),
            &BTreeSet::new(),
            version,
            MOST_UPSTREAM,
        ) {
            Some((deeper, _)) => over = Some(deeper),
            None => break,
        }
    }
    over
}

/// The tables of which one version reads a column that the other's definition has not.
fn with_other_columns(
    agreement: &Agreement,
    old: &Version<'_>,
    new: &Version<'_>,
) -> BTreeSet<TableRef> {
    let (was, now) = (columns(&agreement.old), columns(&agreement.new));
    let lacks = |version: &Version<'_>, table: &TableRef, read: &BTreeSet<&Name>| {
        let Some(definition) = (version.upstream)(table) else {
            return false;
        };
        let is_closed = !definition.root().open;
        is_closed
            && read
                .iter()
                .any(|name| definition.root().position(name).is_none())
    };
    let shared = was
        .iter()
        .filter_map(|(table, was)| Some((*table, was, now.get(table)?)));
    let others = shared.filter(|(_, was, now)| was != now);
    let others =
        others.filter(|(table, was, now)| lacks(new, table, was) || lacks(old, table, now));
    others.map(|(table, ..)| table.clone()).collect()
}

/// The columns that a query reads of each table, as far as they are called by their names.
fn columns(query: &Query) -> BTreeMap<&TableRef, BTreeSet<&Name>> {
    let inputs = query.relations.iter().flat_map(Relation::inputs);
    let tables = inputs.filter_map(|input| match &input.source {
        Source::Table(table) => Some((input.id, table)),
        _ => None,
    });
    let tables: BTreeMap<InputId, &TableRef> = tables.collect();
    let mut columns: BTreeMap<&TableRef, BTreeSet<&Name>> = BTreeMap::new();
    for table in tables.values() {
        columns.entry(table).or_default();
    }
    for relation in &query.relations {
        relation.for_each_expression(&mut |expression| {
            expression.for_each(&mut |part| {
                if let Expression::Column { input, name } = part
                    && let Some(table) = tables.get(input)
                {
                    columns.entry(table).or_default().insert(name);
                }
            });
        });
    }
    columns
}

/// The query with the tables replaced that are not the same in both versions, and what was put in their
/// place; `None` where there is none to replace, or too much to put there.
fn replaced(
    query: &Query,
    own: &BTreeSet<TableRef>,
    shared: &BTreeSet<TableRef>,
    version: &Version<'_>,
    most: usize,
) -> Option<(Query, BTreeMap<TableRef, Arc<Query>>)> {
    let only = own.difference(shared);
    let defined = only.filter_map(|table| {
        let query = (version.upstream)(table)?;
        Some((table.clone(), Arc::new(query)))
    });
    let defined: BTreeMap<TableRef, Arc<Query>> = defined.collect();
    let mut size = query.relations.len();
    for input in query.relations.iter().flat_map(Relation::inputs) {
        if let Source::Table(table) = &input.source {
            size += defined.get(table).map_or(0, |query| query.relations.len());
        }
    }
    let is_any = !defined.is_empty() && size <= most;
    is_any.then(|| {
        let query = substitute(query, &|table| defined.get(table).map(|query| &**query));
        (query, defined)
    })
}

fn tables(query: &Query) -> BTreeSet<TableRef> {
    query.tables().into_iter().cloned().collect()
}
