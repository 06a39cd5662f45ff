//! What a change reaches downstream: columns that are computed from a column, tables that read a table.

use super::coverage::{Called, Coverage, Part};
use crate::context::Context;
use crate::words::{count, listed};
use index::{Snapshot, Table, TableKey};
use spec::model::AmendmentId;
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// So many tables are followed at most.
const MOST_TABLES: usize = 300;

/// So many guaranteed columns are named at most.
const MOST_NAMED: usize = 3;

/// The columns of other tables that are computed from `column`, through any number of tables.
fn columns(snapshot: &Snapshot, table: &TableKey, column: &Name) -> BTreeSet<(TableKey, Name)> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![(table.clone(), column.clone())];
    let mut looked_at: BTreeMap<TableKey, Vec<(TableKey, Vec<Computed>)>> = BTreeMap::new();
    while let Some((key, column)) = waiting.pop() {
        if !looked_at.contains_key(&key) {
            if looked_at.len() >= MOST_TABLES {
                break;
            }
            let readers = readers(snapshot, &key);
            looked_at.insert(key.clone(), readers);
        }
        let readers = looked_at.get(&key).into_iter().flatten();
        for (reader, computed) in readers {
            for own in computed.iter().filter(|own| own.from.contains(&column)) {
                let found = (reader.clone(), own.name.clone());
                if reached.insert(found.clone()) {
                    waiting.push(found);
                }
            }
        }
    }
    reached
}

/// A column, and the columns of the table in question that it is computed from.
struct Computed {
    name: Name,
    from: BTreeSet<Name>,
}

/// The tables that read `key`, and which of their columns come from which of its.
fn readers(snapshot: &Snapshot, key: &TableKey) -> Vec<(TableKey, Vec<Computed>)> {
    let mut readers = Vec::new();
    for file in snapshot.readers(key) {
        let models = file.sql().map_or(0, |sql| sql.models.len()) as u32;
        for ordinal in 0..models {
            let id = index::ModelId {
                file: file.id,
                ordinal,
            };
            let (Some(table), Some(lineage)) = (snapshot.table_of_model(id), snapshot.lineage(id))
            else {
                continue;
            };
            let of = |edge: &meaning::lineage::Edge| {
                let read = snapshot.table_key(file, &edge.from.table);
                (read == Some(key)).then(|| edge.from.column.clone())
            };
            let computed = lineage.columns.iter().filter_map(|column| {
                let from: BTreeSet<Name> = column.sources.iter().filter_map(of).collect();
                let name = column.name.clone()?;
                (!from.is_empty()).then_some(Computed { name, from })
            });
            readers.push((table.key.clone(), computed.collect()));
        }
    }
    readers
}

/// The tables that read `table`, through any number of tables.
fn tables(snapshot: &Snapshot, table: &TableKey) -> BTreeSet<TableKey> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![table.clone()];
    while let Some(key) = waiting.pop() {
        if reached.len() >= MOST_TABLES {
            break;
        }
        for file in snapshot.readers(&key) {
            let models = file.sql().map_or(0, |sql| sql.models.len()) as u32;
            for ordinal in 0..models {
                let id = index::ModelId {
                    file: file.id,
                    ordinal,
                };
                if let Some(reader) = snapshot.table_of_model(id)
                    && reader.key != *table
                    && reached.insert(reader.key.clone())
                {
                    waiting.push(reader.key.clone());
                }
            }
        }
    }
    reached
}

/// What a change of a part of `table` reaches, as a sentence: guaranteed columns first, then a count.
/// `None` where it reaches nothing.
pub(crate) fn reach(context: &Context<'_>, table: &Table, part: &Part<'_>) -> Option<String> {
    let snapshot = context.snapshot;
    match part {
        Part::Rows => {
            let reached: Vec<String> = tables(snapshot, &table.key)
                .iter()
                .map(ToString::to_string)
                .collect();
            (!reached.is_empty()).then(|| format!("It reaches {}.", listed(&reached, MOST_NAMED)))
        }
        Part::Column(name) => {
            let reached = columns(snapshot, &table.key, name);
            let mut guaranteed = Vec::new();
            let mut others = Vec::new();
            for (key, column) in reached {
                let text = format!("{key}.{column}");
                match guaranteed_by(context, &key, &column) {
                    Some(id) => {
                        guaranteed.push(format!("`{text}`, which amendment `{id}` guarantees"))
                    }
                    None => others.push(text),
                }
            }
            let more = guaranteed.len().saturating_sub(MOST_NAMED);
            guaranteed.truncate(MOST_NAMED);
            let rest = others.len() + more;
            let said = match (guaranteed.is_empty(), rest) {
                (true, 0) => return None,
                (true, _) => listed(&others, MOST_NAMED),
                (false, 0) => guaranteed.join("; "),
                (false, rest) => {
                    format!(
                        "{}; and {} more",
                        guaranteed.join("; "),
                        count(rest, "column")
                    )
                }
            };
            Some(format!("It reaches {said}."))
        }
    }
}

/// The amendment in force that guarantees something of a column.
fn guaranteed_by(context: &Context<'_>, key: &TableKey, column: &Name) -> Option<AmendmentId> {
    let table = context.snapshot.table(key)?;
    let descriptions = context.descriptions(table).into_iter();
    let mut products: Vec<&Name> = descriptions
        .filter_map(|description| {
            let product = description.file.native_spec()?.product.as_ref()?;
            Some(&product.value)
        })
        .collect();
    products.dedup();
    let called = Called::by_name(&key.to_string());
    products.into_iter().find_map(|product| {
        let coverage = Coverage::of(context, product);
        coverage
            .guaranteeing(&called, &Part::Column(column))
            .cloned()
    })
}
