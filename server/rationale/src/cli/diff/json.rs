//! Differences for machines. `docs/json.md` describes the shape; every change of it that a reader
//! could notice is a new [`VERSION`].

use crate::cli::compare::{ModelChange, ModelDifference};
use crate::cli::example::WitnessReport;
use crate::cli::meaning::{ClauseReport, clause_reports};
use index::relations::Run;
use meaning::difference::{Change, ColumnChange, ColumnDifference, Difference};
use serde::Serialize;
use std::io::{self, Write};

/// The version of the shape.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report {
    version: u32,
    models: Vec<ModelReport>,
}

#[derive(Serialize)]
struct ModelReport {
    name: String,
    path: String,
    change: &'static str,
    run: &'static str,
    old_name: Option<String>,
    rows: RowsReport,
    columns: Vec<ColumnReport>,
}

#[derive(Serialize)]
struct RowsReport {
    change: &'static str,
    clauses: Vec<&'static str>,
    was: Vec<ClauseReport>,
    now: Vec<ClauseReport>,
    witness: Option<WitnessReport>,
}

#[derive(Serialize)]
struct ColumnReport {
    name: Option<String>,
    change: &'static str,
    was: Option<String>,
    now: Option<String>,
    old_name: Option<String>,
    witness: Option<WitnessReport>,
}

/// Writes all of it as one JSON object on one line.
pub(super) fn write(output: &mut impl Write, models: &[ModelDifference]) -> io::Result<()> {
    let report = Report {
        version: VERSION,
        models: models.iter().map(of_model).collect(),
    };
    serde_json::to_writer(&mut *output, &report)?;
    writeln!(output)
}

fn of_model(model: &ModelDifference) -> ModelReport {
    let listed = |names: &[String], change| names.iter().map(|name| only(name, change)).collect();
    let (change, old_name, rows, columns) = match &model.change {
        ModelChange::Compared { difference, .. } => {
            let change = if difference.is_none() {
                "same"
            } else {
                "changed"
            };
            let columns = difference.columns.iter().map(of_column).collect();
            (change, None, rows(difference), columns)
        }
        ModelChange::Added(names) => ("added", None, no_rows("undecided"), listed(names, "added")),
        ModelChange::Removed(names) => {
            let columns = listed(names, "removed");
            ("removed", None, no_rows("undecided"), columns)
        }
        ModelChange::Renamed(old) => ("renamed", Some(old.clone()), no_rows("same"), Vec::new()),
    };
    ModelReport {
        name: model.name.clone(),
        path: model.path.clone(),
        change,
        run: match &model.change {
            ModelChange::Compared {
                run: Run::Incremental,
                ..
            } => "incremental",
            _ => "full_refresh",
        },
        old_name,
        rows,
        columns,
    }
}

/// A column of a model that is in one version only.
fn only(name: &str, change: &'static str) -> ColumnReport {
    ColumnReport {
        name: Some(name.to_owned()),
        change,
        was: None,
        now: None,
        old_name: None,
        witness: None,
    }
}

fn no_rows(change: &'static str) -> RowsReport {
    RowsReport {
        change,
        clauses: Vec::new(),
        was: Vec::new(),
        now: Vec::new(),
        witness: None,
    }
}

fn rows(difference: &Difference) -> RowsReport {
    let rows = &difference.rows;
    let witness = rows.witness.as_ref();
    RowsReport {
        change: match rows.change {
            Change::Same => "same",
            Change::Changed => "changed",
            Change::Undecided => "undecided",
        },
        clauses: rows
            .clauses
            .iter()
            .map(|clause| crate::cli::meaning::word(*clause))
            .collect(),
        was: clause_reports(&rows.was),
        now: clause_reports(&rows.now),
        witness: witness.map(WitnessReport::of_rows),
    }
}

fn of_column(column: &ColumnDifference) -> ColumnReport {
    let old_name = match &column.change {
        ColumnChange::Renamed(old) => Some(old.to_string()),
        _ => None,
    };
    let witness = column.witness.as_ref();
    ColumnReport {
        name: column.name.as_ref().map(ToString::to_string),
        change: match &column.change {
            ColumnChange::Same => "same",
            ColumnChange::Added => "added",
            ColumnChange::Removed => "removed",
            ColumnChange::Renamed(_) => "renamed",
            ColumnChange::Changed => "changed",
            ColumnChange::Undecided => "undecided",
        },
        was: column.was.as_ref().map(|was| was.meaning.to_string()),
        now: column.now.as_ref().map(|now| now.meaning.to_string()),
        old_name,
        witness: witness.map(WitnessReport::of_column),
    }
}
