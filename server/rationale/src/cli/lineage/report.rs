//! Lineage with names for people. `docs/json.md` describes its shape as JSON; every change of it that
//! a reader could notice is a new [`VERSION`].

use crate::cli::models::Model;
use meaning::canonical::canonical;
use meaning::lineage::{Confidence, Kind, TableColumn};
use serde::Serialize;
use std::io::{self, Write};

/// The version of the shape.
const VERSION: u32 = 1;

/// The lineage of models.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    pub(super) version: u32,
    pub(super) models: Vec<ModelReport>,
}

/// The lineage of a model.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ModelReport {
    /// The table's name.
    pub(super) name: String,
    /// The file.
    pub(super) path: String,
    /// Its columns in order.
    pub(super) columns: Vec<ColumnReport>,
    /// The columns that decide its rows.
    pub(super) rows: Vec<Place>,
    /// The tables that it reads.
    pub(super) tables: Vec<String>,
    /// It may have other columns.
    pub(super) open: bool,
}

/// The lineage of a column.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ColumnReport {
    /// Its name; `None` where the database makes one up.
    pub(super) name: Option<String>,
    /// What its value is computed from.
    pub(super) sources: Vec<Source>,
    /// What decides from which rows.
    pub(super) rows: Vec<Place>,
    /// How it is computed.
    pub(super) kind: &'static str,
    /// What it means, over the tables that the model reads; `None` where lineage goes further.
    pub(super) means: Option<String>,
}

/// A column that a value is computed from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Source {
    #[serde(flatten)]
    pub(super) from: Place,
    /// How sure that is.
    #[serde(serialize_with = "said")]
    pub(super) confidence: Confidence,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Place {
    pub(super) table: String,
    pub(super) column: String,
}

impl Report {
    /// The lineage of `models`.
    pub(super) fn of(models: &[Model]) -> Report {
        Report {
            version: VERSION,
            models: models.iter().filter_map(of_model).collect(),
        }
    }

    /// Writes it as one JSON object on one line.
    pub(super) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *output, self)?;
        writeln!(output)
    }
}

fn of_model(model: &Model) -> Option<ModelReport> {
    let lineage = model.lineage()?;
    let place = |column: &TableColumn| Place {
        table: model.name_of(&column.table),
        column: column.column.to_string(),
    };
    let canonical = canonical(&model.query()?);
    let listed = model.lowered()?.query.root().columns.iter();
    let meanings = canonical.columns.iter().zip(listed);
    let meanings = meanings.filter(|(_, column)| !column.implicit);
    let mut meanings = meanings.map(|(meaning, _)| meaning.meaning.to_string());
    let columns = lineage.columns.iter().map(|column| ColumnReport {
        means: meanings.next(),
        name: column.name.as_ref().map(ToString::to_string),
        sources: column
            .sources
            .iter()
            .map(|edge| Source {
                from: place(&edge.from),
                confidence: edge.confidence,
            })
            .collect(),
        rows: column.rows.iter().map(place).collect(),
        kind: kind(column.kind),
    });
    Some(ModelReport {
        name: model.name.clone(),
        path: model.path.clone(),
        columns: columns.collect(),
        rows: lineage.rows.iter().map(place).collect(),
        tables: lineage
            .tables
            .iter()
            .map(|table| model.name_of(table))
            .collect(),
        open: lineage.open,
    })
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Unchanged => "unchanged",
        Kind::Renamed => "renamed",
        Kind::Derived => "derived",
        Kind::Aggregated => "aggregated",
        Kind::Constant => "constant",
        Kind::Unknown => "unknown",
    }
}

/// How sure something is, in a word.
pub(super) fn word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Exact => "exact",
        Confidence::Macro => "macro",
        Confidence::Unknown => "unknown",
    }
}

fn said<S: serde::Serializer>(confidence: &Confidence, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(word(*confidence))
}
