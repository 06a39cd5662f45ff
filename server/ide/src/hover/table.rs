//! The story of a table: what it holds, why it exists, what one row of it is, what was decided about
//! it and who reads it.

use super::{amendment, counted, listed};
use crate::history::Part;
use crate::{lookup, markdown};
use checks::Answers;
use index::{Facts, Snapshot, Table, TableKey};
use spec::model;

/// The story; `None` where nothing is known but the name.
pub(super) fn story(snapshot: &Snapshot, answers: &Answers, key: &TableKey) -> Option<Vec<String>> {
    let table = snapshot.table(key)?;
    let entries = table
        .descriptions
        .iter()
        .filter_map(|id| snapshot.description(*id));
    let entries: Vec<&model::Table> = entries.map(|(_, entry)| entry).collect();
    let mut head = format!("**{}**", markdown::line(&key.to_string(), 200));
    if let Some(kind) = kind(snapshot, table) {
        head.push_str(" · ");
        head.push_str(kind);
    }
    let told = [
        entries
            .iter()
            .find_map(|entry| entry.description.as_ref())
            .map(|field| markdown::prose(&field.value)),
        entries
            .iter()
            .find_map(|entry| entry.why.as_ref())
            .map(|field| format!("**Why:** {}", markdown::prose(&field.value))),
        entries.iter().find_map(|entry| grain(entry)),
        amendment::list(snapshot, answers, table, Part::Whole, None),
        columns(table),
        place_and_readers(snapshot, table),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    (!told.is_empty()).then(|| std::iter::once(head).chain(told).collect())
}

fn kind(snapshot: &Snapshot, table: &Table) -> Option<&'static str> {
    if table.key.is_source {
        return Some("source");
    }
    let model = snapshot.file(table.models.first()?.file)?;
    match &*model.facts {
        Facts::Seed(_) => Some("seed"),
        Facts::Sql(_) => Some("model"),
        _ => None,
    }
}

fn grain(entry: &model::Table) -> Option<String> {
    let names: Vec<String> = entry
        .grain
        .iter()
        .map(|name| name.value.to_string())
        .collect();
    (!names.is_empty()).then(|| format!("One row per {}.", listed(&names)))
}

fn columns(table: &Table) -> Option<String> {
    let count = table.columns.len();
    if count == 0 {
        return None;
    }
    let known = if table.open { " known" } else { "" };
    let whys = table
        .columns
        .iter()
        .filter(|column| column.why.is_some())
        .count();
    let plural = if count == 1 { "" } else { "s" };
    let whys = if whys == 0 {
        String::new()
    } else {
        format!(", {whys} with a why")
    };
    Some(format!("{count}{known} column{plural}{whys}."))
}

fn place_and_readers(snapshot: &Snapshot, table: &Table) -> Option<String> {
    let mut sentences = Vec::new();
    let files = table.models.iter().filter_map(|id| snapshot.file(id.file));
    let paths: Vec<String> = files
        .map(|file| snapshot.display_path(&file.path))
        .collect();
    if !paths.is_empty() {
        sentences.push(format!("Defined in {}.", listed(&paths)));
    }
    let readers = lookup::tables_reading(snapshot, &table.key);
    if !readers.is_empty() {
        let names: Vec<String> = readers.iter().map(ToString::to_string).collect();
        sentences.push(format!(
            "Read by {}: {}.",
            counted(names.len(), "table"),
            listed(&names)
        ));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
