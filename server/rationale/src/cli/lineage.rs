//! `rationale lineage`: which columns each column is computed from, and which decide the rows.

mod deep;
mod graph;
mod report;
mod text;

use super::Outcome;
use super::models::{self, Models};
use super::terminal::{Terminal, unless_closed};
use anyhow::{Context, Result};
use clap::ValueEnum;
use report::Report;
use std::io::{self, BufWriter, Write};

/// Show which columns each column is computed from, and which ones decide the rows.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    #[command(flatten)]
    models: models::Chosen,
    /// Go on through the models upstream, to the tables that no model defines.
    #[arg(long)]
    deep: bool,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; docs/json.md tells the shape.
    Json,
    /// For Graphviz.
    Dot,
    /// For Mermaid, which Markdown on many sites shows as a picture.
    Mermaid,
}

const AFTER: &str = "\
Examples:
  rationale lineage models/orders.sql
  rationale lineage --deep --format mermaid models/orders.sql
  echo 'select a + b as c from t' | rationale lineage -
  rationale lineage query.sql --dialect snowflake --schema tables.json --format json";

/// Prints the lineage.
///
/// # Errors
/// The models can't be read, or the output can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let Models { asked, others } = models::read(&arguments.models)?;
    let mut report = Report::of(&asked);
    if arguments.deep {
        let others = Report::of(&others);
        report = deep::deep(report, &others);
    }
    let mut output = BufWriter::new(io::stdout().lock());
    let written = match arguments.format {
        Format::Text => text::write(&mut output, terminal, &report),
        Format::Json => report.write(&mut output),
        Format::Dot => graph::write_dot(&mut output, &report),
        Format::Mermaid => graph::write_mermaid(&mut output, &report),
    };
    unless_closed(written.and_then(|()| output.flush())).context("the lineage can't be written")?;
    Ok(Outcome::Passed)
}
