//! Lineage for people.

use super::report::{ColumnReport, ModelReport, Place, Report, Source, word};
use crate::cli::terminal::{BOLD, CODE, DIM, Terminal};
use meaning::lineage::Confidence;
use std::io::{self, Write};

/// More columns that decide rows than this are counted, not listed.
const MOST_ROWS: usize = 12;

/// More tables than this are not named that further columns may come from.
const MOST_TABLES: usize = 3;

/// Writes a block for each model: a line for each column, then what decides the rows.
pub(super) fn write(
    output: &mut impl Write,
    terminal: Terminal,
    report: &Report,
) -> io::Result<()> {
    if report.models.is_empty() {
        return writeln!(output, "No statement here gives a table its rows.");
    }
    for (at, model) in report.models.iter().enumerate() {
        if at > 0 {
            writeln!(output)?;
        }
        write_model(output, terminal, model)?;
    }
    Ok(())
}

fn write_model(output: &mut impl Write, terminal: Terminal, model: &ModelReport) -> io::Result<()> {
    let path = terminal.paint(DIM, &model.path);
    writeln!(output, "{}  {path}", terminal.paint(BOLD, &model.name))?;
    let name = |column: &ColumnReport| {
        column
            .name
            .clone()
            .unwrap_or_else(|| "(no name)".to_owned())
    };
    let widths = model
        .columns
        .iter()
        .map(|column| name(column).chars().count());
    let width = widths.max().unwrap_or_default().min(40);
    for column in &model.columns {
        let name = name(column);
        let padding = " ".repeat(width.saturating_sub(name.chars().count()));
        let sources: Vec<String> = column.sources.iter().map(source).collect();
        let sources = if sources.is_empty() {
            terminal.paint(DIM, "nothing that is known")
        } else {
            sources.join(", ")
        };
        let sources = match (column.kind, column.sources.is_empty()) {
            ("constant", _) => terminal.paint(DIM, "constant"),
            ("aggregated", true) => terminal.paint(DIM, "rows, and no column of theirs"),
            (_, true) => sources,
            (kind, _) => format!("{sources}  {}", terminal.paint(DIM, kind)),
        };
        writeln!(
            output,
            "  {}{padding}  {sources}",
            terminal.paint(CODE, name)
        )?;
    }
    if model.open {
        let more = further(model);
        writeln!(output, "  {}", terminal.paint(DIM, more))?;
    }
    if !model.rows.is_empty() {
        let shown: Vec<String> = model.rows.iter().take(MOST_ROWS).map(place).collect();
        let more = model.rows.len().saturating_sub(MOST_ROWS);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let label = terminal.paint(DIM, "rows decided by");
        writeln!(output, "  {label} {}{more}", shown.join(", "))?;
    }
    Ok(())
}

/// What is said of columns that are not listed.
fn further(model: &ModelReport) -> String {
    let unread = model.columns.is_empty() && model.tables.is_empty();
    if unread {
        return "(this statement can't be read)".to_owned();
    }
    let known = model.tables.iter().take(MOST_TABLES);
    let known: Vec<&str> = known.map(String::as_str).collect();
    let more = if model.tables.len() > MOST_TABLES {
        " and others"
    } else {
        ""
    };
    match known.as_slice() {
        [] => "(further columns that are not known)".to_owned(),
        tables => format!(
            "(further columns that are not known, of {}{more})",
            tables.join(", ")
        ),
    }
}

fn source(source: &Source) -> String {
    match source.confidence {
        Confidence::Exact => place(&source.from),
        Confidence::Macro => format!("{} (through a macro)", place(&source.from)),
        Confidence::Unknown => format!("{} ({})", place(&source.from), word(source.confidence)),
    }
}

fn place(place: &Place) -> String {
    format!("{}.{}", place.table, place.column)
}
