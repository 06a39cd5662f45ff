//! `rationale status`: the whole picture of a workspace on one page.

use super::Outcome;
use super::overview::{MostRead, Overview, most_read_without_why};
use super::selection::{Location, Selection};
use super::terminal::{BOLD, CODE, DIM, Terminal, unless_closed};
use anyhow::{Context, Result};
use checks::{Coverage, Findings, Outcome as Answer};
use index::Snapshot;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use syntax::LineIndex;

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
    let (snapshot, reached) = selection.load()?;
    let mut findings = Findings::default();
    findings.update(&snapshot, &reached);
    let page = Page {
        root: selection.root.display().to_string(),
        overview: Overview::of(&snapshot),
        coverage: Coverage::of(&findings, &snapshot),
        most_read: most_read_without_why(&snapshot, MOST_READ),
        untold: untold(&snapshot, &findings),
    };
    let mut output = BufWriter::new(io::stdout().lock());
    let written = page.write(&mut output, terminal);
    unless_closed(written.and_then(|()| output.flush())).context("the page can't be written")?;
    Ok(Outcome::Passed)
}

/// What stands on the page.
struct Page {
    root: String,
    overview: Overview,
    coverage: Coverage,
    most_read: Vec<MostRead>,
    untold: Vec<Untold>,
}

/// A guarantee in force of which it can't be told whether it holds.
struct Untold {
    /// `specs/orders.spec.yaml:12`
    place: String,
    sentence: String,
    reason: String,
}

/// The guarantees that can't be told, in the order of their places.
fn untold(snapshot: &Snapshot, findings: &Findings) -> Vec<Untold> {
    let mut found: Vec<(String, usize, Untold)> = Vec::new();
    for answer in findings.answers().all() {
        let told = || {
            let Answer::Undecided(reason) = answer.outcome else {
                return None;
            };
            let file = snapshot.file(answer.file)?;
            let text = snapshot.text(file)?;
            let range = file.range(answer.sentence);
            let sentence = text.get(range.start().into()..range.end().into())?;
            let line = LineIndex::new(&text).line(range.start()) as usize + 1;
            let path = snapshot.display_path(&file.path);
            let told = Untold {
                place: format!("{path}:{line}"),
                sentence: sentence.split_whitespace().collect::<Vec<_>>().join(" "),
                reason: reason.to_string(),
            };
            Some((path, line, told))
        };
        found.extend(told());
    }
    found.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
    found.into_iter().map(|(_, _, told)| told).collect()
}

impl Page {
    fn write(&self, output: &mut impl Write, terminal: Terminal) -> io::Result<()> {
        self.write_counts(output, terminal)?;
        self.write_untold(output, terminal)?;
        self.write_most_read(output, terminal)
    }

    fn write_untold(&self, output: &mut impl Write, terminal: Terminal) -> io::Result<()> {
        if self.untold.is_empty() {
            return Ok(());
        }
        let heading = terminal.paint(BOLD, "Guarantees that can't be told from the SQL");
        writeln!(output, "\n{heading}")?;
        for untold in &self.untold {
            writeln!(output, "{}", terminal.paint(CODE, &untold.sentence))?;
            let why = format!("  {}: {}", untold.place, untold.reason);
            writeln!(output, "{}", terminal.paint(DIM, &why))?;
        }
        Ok(())
    }

    fn write_counts(&self, output: &mut impl Write, terminal: Terminal) -> io::Result<()> {
        let overview = &self.overview;
        writeln!(output, "{}", terminal.paint(BOLD, &self.root))?;
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
        let told = &self.coverage;
        let guarantees = told.hold + told.contradicted + told.at_risk + told.cant_be_told;
        let of_guarantees = [
            ("guarantees", guarantees.to_string()),
            ("  that hold", share(told.hold, guarantees)),
        ];
        let of_guarantees = of_guarantees.into_iter().filter(|_| guarantees > 0);
        for (name, value) in rows.into_iter().chain(of_guarantees) {
            writeln!(output, "{name:<22} {value}")?;
        }
        Ok(())
    }

    fn write_most_read(&self, output: &mut impl Write, terminal: Terminal) -> io::Result<()> {
        let most_read = &self.most_read;
        if most_read.is_empty() {
            return Ok(());
        }
        let heading = terminal.paint(BOLD, "The most-read columns that say no why");
        writeln!(output, "\n{heading}")?;
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
