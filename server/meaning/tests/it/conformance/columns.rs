//! Sources of the columns of single queries: sqlglot's `qualify_columns`, TPC-H and TPC-DS.

use super::disagreements::Comparison;
use super::{Case, cases, lineage_of, name, on_large_stack};
use meaning::lineage::{ColumnLineage, Confidence, Kind, Lineage};
use serde_json::Value;
use sql::facts::ModelKind;
use sql::lower::script;
use std::collections::BTreeSet;
use syntax::Name;

/// A column of a table; the table is `None` where it is not known.
pub(super) type Source = (Option<String>, String);

#[test]
fn qualify_columns() {
    on_large_stack(|| compare("qualify_columns", 0.92));
}

#[test]
fn tpch() {
    on_large_stack(|| compare("tpch", 1.0));
}

#[test]
fn tpcds() {
    on_large_stack(|| compare("tpcds", 1.0));
}

fn compare(suite: &'static str, at_least: f64) {
    let mut comparison = Comparison::new(suite);
    for case in cases(suite) {
        compare_case(&case, &mut comparison);
    }
    comparison.assert(at_least);
}

fn compare_case(case: &Case, comparison: &mut Comparison) {
    let lowered = script(&case.sql, &case.options, &case.schema);
    let lineage = lowered.last().map(lineage_of);
    let expected = case.json["columns"].as_array().unwrap();
    // `INSERT` gives its query's columns no names of their own.
    let named = lowered
        .last()
        .is_none_or(|lowered| lowered.kind != ModelKind::Insert);
    for (position, column) in expected.iter().enumerate() {
        let called = name(&column["name"]);
        let what = format!(
            "{} {}",
            position + 1,
            called.as_deref().unwrap_or("without a name")
        );
        let theirs = sources(&column["sources"]);
        let told = match &lineage {
            Some(lineage) => {
                let called = called.as_deref().filter(|_| named);
                let told = same(lineage, position, called, &theirs);
                told.or_else(|how| elsewhere(lineage, called, &theirs).ok_or(how))
            }
            None => Err("no query".to_owned()),
        };
        match told {
            Ok(()) => comparison.agreed(1),
            Err(how) => comparison.differs(&case.id, what, how),
        }
    }
}

/// The sources in an expectation.
pub(super) fn sources(json: &Value) -> BTreeSet<Source> {
    let sources = json.as_array().unwrap().iter();
    sources
        .map(|source| (name(&source[0]), name(&source[1]).unwrap()))
        .collect()
}

/// Whether the column at `position` is called so and comes from there; how it differs, if it does.
fn same(
    lineage: &Lineage,
    position: usize,
    called: Option<&str>,
    theirs: &BTreeSet<Source>,
) -> Result<(), String> {
    if called == Some("*") {
        return same_star(lineage, theirs);
    }
    let column = lineage.columns.get(position).ok_or("no such column")?;
    let own = column.name.as_ref().map(|own| own.as_str().to_lowercase());
    if called.is_some() && own.as_deref() != called {
        return Err(format!("ours is called {own:?}"));
    }
    same_sources(column, theirs)
}

/// Whether another column of that name, which several have, comes from there: they order the columns
/// of a star by their own rules.
fn elsewhere(lineage: &Lineage, called: Option<&str>, theirs: &BTreeSet<Source>) -> Option<()> {
    let called = Name::new(called?);
    let mut named = lineage.columns.iter();
    let same = |column: &ColumnLineage| same_sources(column, theirs).is_ok();
    named
        .any(|column| column.name.as_ref() == Some(&called) && same(column))
        .then_some(())
}

/// A star that is not written out: it reads those tables, and there are columns that are not known.
fn same_star(lineage: &Lineage, theirs: &BTreeSet<Source>) -> Result<(), String> {
    let tables = lineage.tables.iter();
    let tables: BTreeSet<String> = tables
        .map(|table| table.to_string().to_lowercase())
        .collect();
    let stars: BTreeSet<String> = theirs
        .iter()
        .filter_map(|(table, _)| table.clone())
        .collect();
    if !lineage.open {
        return Err("ours is written out".to_owned());
    }
    // Others may decide which rows there are.
    if !tables.is_superset(&stars) {
        return Err(format!("ours reads {tables:?}"));
    }
    Ok(())
}

/// Whether the column comes from there; how it differs, if it does.
pub(super) fn same_sources(
    column: &ColumnLineage,
    theirs: &BTreeSet<Source>,
) -> Result<(), String> {
    let sure = column.sources.iter();
    let sure = sure.filter(|edge| edge.confidence != Confidence::Unknown);
    let ours: BTreeSet<Source> = sure
        .map(|edge| {
            let table = edge.from.table.to_string().to_lowercase();
            (Some(table), edge.from.column.as_str().to_lowercase())
        })
        .collect();
    let stars = theirs.iter().filter(|(_, column)| column == "*");
    let stars: BTreeSet<&Option<String>> = stars.map(|(table, _)| table).collect();
    // A column behind a star is one of its table, which we call by its name.
    let is_plain = |(table, _): &&Source| table.is_some() && !stars.contains(table);
    let own: BTreeSet<&Source> = ours.iter().filter(is_plain).collect();
    let other: BTreeSet<&Source> = theirs.iter().filter(is_plain).collect();
    let all_read = stars
        .iter()
        .all(|star| ours.iter().any(|(table, _)| table == *star));
    let unknown = theirs.iter().any(|(table, _)| table.is_none());
    let told = !unknown || column.kind == Kind::Unknown || column.sources.is_empty();
    if own == other && all_read && told {
        return Ok(());
    }
    let ours = column.sources.iter();
    let ours = ours.map(|edge| format!("{}.{}", edge.from.table, edge.from.column));
    Err(format!(
        "ours: {} ({:?})",
        ours.collect::<Vec<_>>().join(" "),
        column.kind
    ))
}
