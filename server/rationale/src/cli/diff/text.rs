//! Differences for people.

use crate::cli::compare::{ModelChange, ModelDifference};
use crate::cli::example::{Example, plural};
use crate::cli::meaning::word;
use crate::cli::terminal::{BOLD, CODE, DIM, Terminal};
use annotate_snippets::renderer::{AnsiColor, Style};
use index::relations::Run;
use meaning::difference::{Change, ColumnChange, ColumnDifference, Difference, RowsDifference};
use std::io::{self, Write};

const GONE: Style = AnsiColor::Red.on_default();
const COME: Style = AnsiColor::Green.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();

/// How many of each kind of change there are.
#[derive(Default)]
struct Tally {
    models: usize,
    columns: usize,
    rows: usize,
    undecided: usize,
}

/// Writes a block for each model that differs, and a line that sums up.
pub(super) fn write(
    output: &mut impl Write,
    terminal: Terminal,
    models: &[ModelDifference],
) -> io::Result<()> {
    let mut tally = Tally::default();
    let told = models
        .iter()
        .filter(|model| !model.is_same() || matches!(model.change, ModelChange::Renamed(_)));
    for model in told {
        tally.models += 1;
        write_model(output, terminal, model, &mut tally)?;
        writeln!(output)?;
    }
    write_respelled(output, terminal, models)?;
    let compared = plural(models.len(), "model");
    if tally.models == 0 {
        return writeln!(output, "{compared} compared: every one means the same.");
    }
    let changed = plural(tally.columns, "column");
    let rows = plural(tally.rows, "table");
    let undecided = match tally.undecided {
        0 => String::new(),
        count => format!("; {count} can't be told"),
    };
    writeln!(
        output,
        "{compared} compared, {} differ: the meaning of {changed} and the rows of {rows} \
         changed{undecided}.",
        tally.models
    )
}

/// More models that are only written differently than this are counted, not listed.
const MOST_RESPELLED: usize = 12;

fn write_respelled(
    output: &mut impl Write,
    terminal: Terminal,
    models: &[ModelDifference],
) -> io::Result<()> {
    let respelled = models.iter().filter(|model| {
        model.is_same()
            && matches!(
                model.change,
                ModelChange::Compared {
                    respelled: true,
                    ..
                }
            )
    });
    let names: Vec<&str> = respelled.map(|model| model.name.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let listed: Vec<&str> = names.iter().copied().take(MOST_RESPELLED).collect();
    let more = match names.len() - listed.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let label = terminal.paint(DIM, "only written differently:");
    writeln!(output, "{label} {}{more}\n", listed.join(", "))
}

fn write_model(
    output: &mut impl Write,
    terminal: Terminal,
    model: &ModelDifference,
    tally: &mut Tally,
) -> io::Result<()> {
    let name = terminal.paint(BOLD, &model.name);
    let path = terminal.paint(DIM, &model.path);
    match &model.change {
        ModelChange::Added(columns) => {
            let mark = terminal.paint(COME, "+");
            let columns = plural(columns.len(), "column");
            writeln!(output, "{mark} {name}  {path}  new, with {columns}")
        }
        ModelChange::Removed(columns) => {
            let mark = terminal.paint(GONE, "-");
            let columns = plural(columns.len(), "column");
            writeln!(output, "{mark} {name}  {path}  gone, with {columns}")
        }
        ModelChange::Renamed(old) => {
            writeln!(output, "{name}  {path}  was {old}, and means the same")
        }
        ModelChange::Compared {
            difference, run, ..
        } => {
            let run = match run {
                Run::FullRefresh => "",
                Run::Incremental => "  in an incremental run",
            };
            writeln!(output, "{name}  {path}{run}")?;
            write_difference(output, terminal, difference, tally)
        }
    }
}

fn write_difference(
    output: &mut impl Write,
    terminal: Terminal,
    difference: &Difference,
    tally: &mut Tally,
) -> io::Result<()> {
    for column in &difference.columns {
        write_column(output, terminal, column, tally)?;
    }
    write_rows(output, terminal, &difference.rows, tally)
}

fn write_column(
    output: &mut impl Write,
    terminal: Terminal,
    column: &ColumnDifference,
    tally: &mut Tally,
) -> io::Result<()> {
    if column.was.is_none() && column.now.is_none() {
        tally.undecided += 1;
        let said = terminal.paint(OPEN, "can't be told to be the same");
        return writeln!(output, "  further columns of `*`  {said}");
    }
    let name = column
        .name
        .as_ref()
        .map_or("(no name)", |name| name.as_str());
    let name = terminal.paint(CODE, name);
    let was = column.was.as_ref().map(|was| was.meaning.to_string());
    let now = column.now.as_ref().map(|now| now.meaning.to_string());
    let (was, now) = (was.unwrap_or_default(), now.unwrap_or_default());
    match &column.change {
        ColumnChange::Same => match column.types() {
            Some((Some(was), Some(now))) => {
                writeln!(output, "  {name}  has the type {now}, was {was}")
            }
            Some((Some(was), None)) => {
                writeln!(
                    output,
                    "  {name}  is not cast to {was} any more, which rounds"
                )
            }
            Some((None, Some(now))) => writeln!(output, "  {name}  is cast to {now}, which rounds"),
            Some((None, None)) | None => Ok(()),
        },
        ColumnChange::Added => {
            writeln!(output, "  {} {name} = {now}", terminal.paint(COME, "+"))
        }
        ColumnChange::Removed => {
            writeln!(output, "  {} {name} = {was}", terminal.paint(GONE, "-"))
        }
        ColumnChange::Renamed(old) => {
            writeln!(output, "  {name}  was called {old}, and means the same")
        }
        ColumnChange::Changed | ColumnChange::Undecided => {
            let is_changed = column.change == ColumnChange::Changed;
            let said = if is_changed {
                tally.columns += 1;
                "means something else".to_owned()
            } else {
                tally.undecided += 1;
                terminal.paint(OPEN, "can't be told to mean the same")
            };
            writeln!(output, "  {name}  {said}")?;
            writeln!(output, "    {}  {was}", terminal.paint(GONE, "was"))?;
            writeln!(output, "    {}  {now}", terminal.paint(COME, "now"))?;
            match &column.witness {
                Some(witness) => write_example(output, terminal, &Example::of_column(witness)),
                None => Ok(()),
            }
        }
    }
}

fn write_rows(
    output: &mut impl Write,
    terminal: Terminal,
    rows: &RowsDifference,
    tally: &mut Tally,
) -> io::Result<()> {
    let said = match rows.change {
        Change::Same => return Ok(()),
        Change::Changed => {
            tally.rows += 1;
            "are others".to_owned()
        }
        Change::Undecided => {
            tally.undecided += 1;
            terminal.paint(OPEN, "can't be told to be the same")
        }
    };
    writeln!(output, "  {}  {said}", terminal.paint(CODE, "rows"))?;
    for clause in &rows.was {
        let mark = terminal.paint(GONE, "-");
        writeln!(
            output,
            "    {mark} {} {}",
            word(clause.clause),
            clause.meaning
        )?;
    }
    for clause in &rows.now {
        let mark = terminal.paint(COME, "+");
        writeln!(
            output,
            "    {mark} {} {}",
            word(clause.clause),
            clause.meaning
        )?;
    }
    match &rows.witness {
        Some(witness) => write_example(output, terminal, &Example::of_rows(witness)),
        None => Ok(()),
    }
}

fn write_example(output: &mut impl Write, terminal: Terminal, example: &Example) -> io::Result<()> {
    let label = terminal.paint(DIM, "for example");
    writeln!(output, "    {label}: {example}")
}
