//! `rationale diff`: what changed in meaning between two versions, and what only in spelling.

mod json;
mod sides;
mod text;

use super::Outcome;
use super::compare::{compare, on_deep_threads};
use super::models::{SchemaFile, dialect};
use super::selection::Location;
use super::terminal::{Terminal, unless_closed};
use anyhow::{Context, Result};
use clap::ValueEnum;
use sql::Dialect;
use std::io::{self, BufWriter, Write};

/// Show what changed in meaning between two files, two folders or two revisions.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// Two files, two folders, two revisions, or one range of revisions such as `main...HEAD`. With
    /// `--base`: the files and folders that are compared; all of the workspace without any.
    #[arg(value_name = "OLD NEW")]
    versions: Vec<String>,
    /// Compare this revision with the files as they are now.
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// The SQL dialect of both.
    #[arg(long, value_name = "DIALECT", value_parser = dialect)]
    dialect: Option<Dialect>,
    /// For two files: the columns of tables, as JSON: `{"table": ["column", …]}` or
    /// `{"table": {"column": "TYPE"}}`.
    #[arg(long, value_name = "FILE")]
    schema: Option<SchemaFile>,
    #[command(flatten)]
    location: Location,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 where a meaning changed or can't be told.
    #[arg(long)]
    exit_code: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; docs/json.md tells the shape.
    Json,
}

const AFTER: &str = "\
Models are paired by name. A column or the rows of a table have *changed* only where an example row \
proves it, and the example is shown. What is only written in another way is not listed. What can't be \
told either way is listed with a question mark.

A CTE that became a model of its own, and a model that has another name, change no meaning. Where a \
full refresh of an incremental model is the same, its incremental run is compared.

Examples:
  rationale diff old.sql new.sql --dialect snowflake
  rationale diff --base main                what this branch changes, with what is not committed
  rationale diff v1.2...HEAD --format json
  rationale diff before/ after/";

/// Compares and prints.
///
/// # Errors
/// A version can't be read, or the output can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let sides = sides::read(arguments)?;
    let differences = on_deep_threads(|| compare(&sides));
    let mut output = BufWriter::new(io::stdout().lock());
    let written = match arguments.format {
        Format::Text => text::write(&mut output, terminal, &differences),
        Format::Json => json::write(&mut output, &differences),
    };
    unless_closed(written.and_then(|()| output.flush())).context("the result can't be written")?;
    let differs = differences.iter().any(|model| !model.is_same());
    Ok(if arguments.exit_code && differs {
        Outcome::Failed
    } else {
        Outcome::Passed
    })
}
