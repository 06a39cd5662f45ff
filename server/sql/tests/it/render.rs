//! Analyses as text, so that a test shows question and answer side by side.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, which may"
)]

use sql::facts::{ColumnSource, Model, Origin, Output, OutputColumn, ReadTarget, TableRef};
use sql::{Analysis, Dialect, Options, Templating, analyze};
use syntax::{Spot, TextRange};

/// Reads `text` as a template in `dialect`.
pub(crate) fn analysis(text: &str, dialect: &str) -> Analysis {
    analyze(text, &options(dialect))
}

/// Jinja in the dialect of that name.
pub(crate) fn options(dialect: &str) -> Options {
    Options {
        dialect: dialect.parse::<Dialect>().unwrap(),
        templating: Templating::Jinja,
    }
}

pub(crate) fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into()).unwrap()
}

/// The columns of the only model: `a`, `a = t.a` where it is handed on, `a: int` with a type,
/// `*t` for a star, `?Template` where more may come.
pub(crate) fn outputs(text: &str) -> String {
    outputs_in(text, "generic")
}

pub(crate) fn outputs_in(text: &str, dialect: &str) -> String {
    let analysis = analysis(text, dialect);
    let models: Vec<String> = analysis.facts.models.iter().map(model_outputs).collect();
    models.join(" | ")
}

pub(crate) fn model_outputs(model: &Model) -> String {
    let outputs = model
        .outputs
        .iter()
        .map(|output| output_text(model, output));
    let open = model.open.iter().map(|open| format!("?{:?}", open.reason));
    outputs.chain(open).collect::<Vec<_>>().join(", ")
}

fn output_text(model: &Model, output: &Output) -> String {
    match output {
        Output::Column(column) => column_text(model, column),
        Output::Star(star) => {
            let table = table(&model.inputs[star.input as usize].table);
            let except = star.except.iter().map(|name| format!(" -{name}"));
            let rename = star.rename.iter().map(|(from, to)| format!(" {from}>{to}"));
            let replace = star
                .replace
                .iter()
                .map(|column| format!(" ={}", column_text(model, column)));
            let options: String = except.chain(rename).chain(replace).collect();
            format!("*{table}{options}")
        }
    }
}

fn column_text(model: &Model, column: &OutputColumn) -> String {
    let data_type = column.data_type.as_ref().map(|text| format!(": {text}"));
    let origin = match &column.origin {
        Origin::Unchanged(source) => format!(" = {}", source_text(model, source)),
        Origin::Computed | Origin::Unknown => String::new(),
    };
    format!("{}{}{origin}", column.name, data_type.unwrap_or_default())
}

fn source_text(model: &Model, source: &ColumnSource) -> String {
    let tables: Vec<String> = source
        .inputs
        .iter()
        .map(|input| table(&model.inputs[*input as usize].table))
        .collect();
    format!("{}.{}", tables.join("/"), source.column)
}

/// The tables of each model, in order.
pub(crate) fn inputs_in(text: &str, dialect: &str) -> String {
    let analysis = analysis(text, dialect);
    let models = analysis.facts.models.iter().map(|model| {
        let tables: Vec<String> = model
            .inputs
            .iter()
            .map(|input| table(&input.table))
            .collect();
        tables.join(", ")
    });
    models.collect::<Vec<_>>().join(" | ")
}

/// Each mention of a column and where it leads: `a>t.a`, or `a>[a + 1 as b]` for a projection.
pub(crate) fn reads_in(text: &str, dialect: &str) -> String {
    let analysis = analysis(text, dialect);
    let at = |spot: Spot| slice(text, analysis.places.range(spot));
    let models = analysis.facts.models.iter().map(|model| {
        let reads = model.reads.iter().map(|read| match &read.target {
            ReadTarget::Input(source) => {
                format!("{}>{}", at(read.spot), source_text(model, source))
            }
            ReadTarget::Local(item) => format!("{}>[{}]", at(read.spot), at(*item)),
        });
        reads.collect::<Vec<_>>().join(", ")
    });
    models.collect::<Vec<_>>().join(" | ")
}

pub(crate) fn table(table: &TableRef) -> String {
    match table {
        TableRef::Named(name) => name.to_string(),
        TableRef::Ref {
            package,
            name,
            version,
        } => {
            let package = package.as_ref().map(|package| format!("{package}:"));
            let version = version.as_ref().map(|version| format!("@{version}"));
            format!(
                "{}{name}{}",
                package.unwrap_or_default(),
                version.unwrap_or_default()
            )
        }
        TableRef::Source { source, table } => format!("{source}/{table}"),
        TableRef::Unknown => "?".to_owned(),
    }
}
