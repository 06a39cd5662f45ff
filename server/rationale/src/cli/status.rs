//! `rationale status`: the whole picture of a workspace on one page.

use super::Outcome;
use super::overview::{MostRead, Overview, most_read_without_why};
use super::selection::{Location, Selection};
use super::terminal::{BOLD, CODE, DIM, Terminal, unless_closed};
use anyhow::{Context, Result};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Show on one page how much of a workspace is described, and how much says why.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A folder in the workspace.
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    location: Location,
}

/// How many of the most-read columns without a why are shown.
const MOST_READ: usize = 10;

/// Reads the workspace and prints the page.
///
/// # Errors
/// The workspace can't be read, or the output can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let selection = Selection::new(&arguments.location, arguments.path.as_slice())?;
    let (snapshot, _) = selection.load()?;
    let overview = Overview::of(&snapshot);
    let most_read = most_read_without_why(&snapshot, MOST_READ);
    let mut output = BufWriter::new(io::stdout().lock());
    let root = selection.root.display().to_string();
    let written = write(&mut output, terminal, &root, &overview, &most_read);
    unless_closed(written.and_then(|()| output.flush())).context("the page can't be written")?;
    Ok(Outcome::Passed)
}

fn write(
    output: &mut impl Write,
    terminal: Terminal,
    root: &str,
    overview: &Overview,
    most_read: &[MostRead],
) -> io::Result<()> {
    let heading = |text: &str| terminal.paint(BOLD, text);
    writeln!(output, "{}", heading(root))?;
    for dialect in &overview.dialects {
        writeln!(output, "{}", terminal.paint(DIM, dialect))?;
    }
    let sql_files = overview.parsed + overview.unparsed;
    let rows = [
        ("files", overview.files.to_string()),
        ("SQL files read whole", share(overview.parsed, sql_files)),
        ("tables", overview.tables.to_string()),
        (
            "  defined by a model",
            share(overview.models, overview.tables),
        ),
        (
            "  with a description",
            share(overview.tables_with_description, overview.tables),
        ),
        (
            "  with a why",
            share(overview.tables_with_why, overview.tables),
        ),
        ("columns", overview.columns.to_string()),
        (
            "  with a description",
            share(overview.columns_with_description, overview.columns),
        ),
        (
            "  with a why",
            share(overview.columns_with_why, overview.columns),
        ),
    ];
    writeln!(output)?;
    for (name, value) in rows {
        writeln!(output, "{name:<22} {value}")?;
    }
    if most_read.is_empty() {
        return Ok(());
    }
    writeln!(
        output,
        "\n{}",
        heading("The most-read columns that say no why")
    )?;
    let names: Vec<String> = most_read
        .iter()
        .map(|read| format!("{}.{}", read.table, read.column))
        .collect();
    let width = names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or_default();
    for (name, read) in names.iter().zip(most_read) {
        let files = if read.readers == 1 { "file" } else { "files" };
        let padding = " ".repeat(width - name.chars().count());
        writeln!(
            output,
            "{}{padding}  read in {} {files}",
            terminal.paint(CODE, name),
            read.readers
        )?;
    }
    Ok(())
}

/// `12 of 40 (30.0%)`; never rounded up to all, nor down to nothing.
fn share(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "none".to_owned();
    }
    // In tenths of a percent.
    let rounded = (part * 1000 + whole / 2) / whole;
    let tenths = if part == whole {
        1000
    } else if part == 0 {
        0
    } else {
        rounded.clamp(1, 999)
    };
    format!("{part} of {whole} ({}.{}%)", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_all_or_nothing_only_when_it_is() {
        assert_eq!(share(1, 3), "1 of 3 (33.3%)");
        assert_eq!(share(9999, 10_000), "9999 of 10000 (99.9%)");
        assert_eq!(share(1, 10_000), "1 of 10000 (0.1%)");
        assert_eq!(share(7, 7), "7 of 7 (100.0%)");
        assert_eq!(share(0, 7), "0 of 7 (0.0%)");
        assert_eq!(share(0, 0), "none");
    }
}
