//! Lineage through the models upstream, to the tables that no model defines.

use super::report::{ColumnReport, ModelReport, Place, Report, Source};
use meaning::lineage::Confidence;
use std::collections::{BTreeMap, BTreeSet};

/// `report` with every source that a model defines replaced by what that model computes it from.
/// Models are looked for in `report` and in `others`.
pub(super) fn deep(report: Report, others: &Report) -> Report {
    let mut models: BTreeMap<&str, &ModelReport> = BTreeMap::new();
    for model in others.models.iter().chain(&report.models) {
        models.insert(&model.name, model);
    }
    let deeper = |model: &ModelReport| ModelReport {
        columns: model
            .columns
            .iter()
            .map(|column| of_column(column, &models))
            .collect(),
        rows: of_rows(model.rows.iter().cloned(), &tables(model), &models),
        ..model.clone()
    };
    let deeper = report.models.iter().map(deeper).collect();
    Report {
        models: deeper,
        ..report.clone()
    }
}

fn of_column(column: &ColumnReport, models: &BTreeMap<&str, &ModelReport>) -> ColumnReport {
    let mut reached: BTreeMap<Place, Confidence> = BTreeMap::new();
    let mut rows: BTreeSet<Place> = column.rows.iter().cloned().collect();
    let mut seen = BTreeSet::new();
    let mut waiting = column.sources.clone();
    while let Some(source) = waiting.pop() {
        if !seen.insert(source.clone()) {
            continue;
        }
        let model = models.get(source.from.table.as_str());
        let Some(upstream) = model.and_then(|model| find(model, &source.from.column)) else {
            let known = reached.entry(source.from).or_insert(source.confidence);
            *known = source.confidence.min(*known);
            continue;
        };
        rows.extend(upstream.rows.iter().cloned());
        waiting.extend(upstream.sources.iter().map(|further| Source {
            from: further.from.clone(),
            confidence: source.confidence.max(further.confidence),
        }));
    }
    let sources = reached.into_iter();
    ColumnReport {
        sources: sources
            .map(|(from, confidence)| Source { from, confidence })
            .collect(),
        rows: of_rows(rows, &BTreeSet::new(), models),
        means: None,
        ..column.clone()
    }
}

/// The columns of tables that no model defines which decide what `rows` and the rows of `tables`
/// decide.
fn of_rows(
    rows: impl IntoIterator<Item = Place>,
    tables: &BTreeSet<String>,
    models: &BTreeMap<&str, &ModelReport>,
) -> Vec<Place> {
    let mut reached = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<Place> = rows.into_iter().collect();
    let mut seen_tables = BTreeSet::new();
    let mut waiting_tables: Vec<String> = tables.iter().cloned().collect();
    while let Some(table) = waiting_tables.pop() {
        if let (true, Some(model)) = (
            seen_tables.insert(table.clone()),
            models.get(table.as_str()),
        ) {
            waiting.extend(model.rows.iter().cloned());
            waiting_tables.extend(self::tables(model));
        }
    }
    while let Some(place) = waiting.pop() {
        if !seen.insert(place.clone()) {
            continue;
        }
        let model = models.get(place.table.as_str());
        match model.and_then(|model| find(model, &place.column)) {
            Some(upstream) => {
                waiting.extend(upstream.sources.iter().map(|source| source.from.clone()));
            }
            None => {
                reached.insert(place);
            }
        }
    }
    reached.into_iter().collect()
}

/// The tables whose rows have a say in those of the model.
fn tables(model: &ModelReport) -> BTreeSet<String> {
    model.tables.iter().cloned().collect()
}

fn find<'m>(model: &'m ModelReport, column: &str) -> Option<&'m ColumnReport> {
    model.columns.iter().find(|own| {
        own.name
            .as_ref()
            .is_some_and(|name| name.eq_ignore_ascii_case(column))
    })
}
