//! `rationale replay`: what the history of a repository did to the meaning of its data, and how much of
//! that was told anybody.

mod following;
mod json;
mod lines;
mod report;
mod text;
mod walk;
mod words;

use super::Outcome;
use super::compare::on_deep_threads;
use super::selection::{Location, Selection};
use super::terminal::{Terminal, unless_closed};
use crate::revision::History;
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::io::{self, BufWriter, Write};

/// Walk the history and show which commits changed what data means.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// How many commits to look at, the newest ones. A merge counts as one.
    #[arg(long, value_name = "COUNT", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    last: u32,
    #[command(flatten)]
    location: Location,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: one page.
    Text,
    /// For programs: every change of every commit; docs/json.md tells the shape.
    Json,
}

const AFTER: &str = "\
Nothing is needed but a git repository with SQL: no spec, no configuration, no warehouse. The history is \
followed from what is checked out, along first parents, so that a merge is one change. Nothing is checked \
out, fetched or written.

A commit counts as one that changed a meaning only where an example row proves it. What can't be told \
either way is counted apart, and so are commits that only add or remove. *No word about it* means that the \
commit left every description, why, docs block and SQL comment of the tables that it changed as they were.

Examples:
  rationale replay
  rationale replay --last 1000 --root analytics/dbt
  rationale replay --format json | jq '.commits[] | select(.outcome == \"changed\" and .words == false)'";

/// Walks and prints.
///
/// # Errors
/// There is no history or no SQL, or the output can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let selection = Selection::new(&arguments.location, &[])?;
    let last = usize::try_from(arguments.last).unwrap_or(usize::MAX);
    let history = History::open(&selection.root, last)?;
    let replay = on_deep_threads(|| walk::walk(history, &selection.root))?;
    let mut output = BufWriter::new(io::stdout().lock());
    let written = match arguments.format {
        Format::Text => text::write(&mut output, terminal, &replay),
        Format::Json => json::write(&mut output, &replay),
    };
    unless_closed(written.and_then(|()| output.flush())).context("the result can't be written")?;
    Ok(Outcome::Passed)
}
