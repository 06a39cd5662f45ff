//! `rationale meaning`: what each column and the rows of each model mean.

use super::Outcome;
use super::models::{self, Model, Models};
use super::terminal::{BOLD, CODE, DIM, Terminal, unless_closed};
use ::meaning::canonical::{Canonical, ClauseMeaning, canonical};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde::Serialize;
use sql::lower::Clause;
use std::io::{self, BufWriter, Write};

/// Show what each column and the rows of each model mean, over the tables that the model reads.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    #[command(flatten)]
    models: models::Chosen,
    /// Only these tables, or these columns of tables.
    #[arg(long = "of", value_name = "TABLE[.COLUMN]")]
    of: Vec<String>,
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
}

const AFTER: &str = "\
Two queries that only spell the same in another way have the same meaning here: CTEs and subqueries \
are seen through, joins and conditions are put in order, and every function has one name.

A name that is no file is that of a table, or of a table and a column.

Examples:
  rationale meaning models/orders.sql
  rationale meaning orders.order_amount
  echo 'select a from t where not (b > 1 or c)' | rationale meaning -";

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
    columns: Vec<ColumnReport>,
    rows: Vec<ClauseReport>,
    open: bool,
}

#[derive(Serialize)]
struct ColumnReport {
    name: Option<String>,
    means: String,
    #[serde(rename = "type")]
    data_type: Option<String>,
}

/// What a clause says.
#[derive(Serialize)]
pub(super) struct ClauseReport {
    clause: &'static str,
    means: String,
}

/// Prints the meanings.
///
/// # Errors
/// The models can't be read, a name is none of theirs, or the output can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let (chosen, mut names) = arguments.models.split_names();
    names.extend(arguments.of.iter().cloned());
    let Models { asked, .. } = models::read(&chosen)?;
    let report = Report {
        version: VERSION,
        models: asked.iter().filter_map(|model| of(model, &names)).collect(),
    };
    if report.models.is_empty() && !names.is_empty() {
        bail!("no model here defines {}", names.join(", "));
    }
    let mut output = BufWriter::new(io::stdout().lock());
    let written = match arguments.format {
        Format::Text => write(&mut output, terminal, &report),
        Format::Json => serde_json::to_writer(&mut output, &report)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(output)),
    };
    unless_closed(written.and_then(|()| output.flush()))
        .context("the meanings can't be written")?;
    Ok(Outcome::Passed)
}

/// What a model means, as far as `names` ask; `None` where they don't.
fn of(model: &Model, names: &[String]) -> Option<ModelReport> {
    let is = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    let whole = names.is_empty() || names.iter().any(|name| is(name, &model.name));
    let column_of = |name: &str| -> Option<String> {
        let (table, column) = name.rsplit_once('.')?;
        is(table, &model.name).then(|| column.to_owned())
    };
    let wanted: Vec<String> = names.iter().filter_map(|name| column_of(name)).collect();
    if !whole && wanted.is_empty() {
        return None;
    }
    let Canonical {
        columns,
        open,
        rows,
    } = canonical(&model.query()?);
    let columns = columns.into_iter().map(|column| ColumnReport {
        name: column.name.as_ref().map(ToString::to_string),
        means: column.meaning.to_string(),
        data_type: column.data_type.as_ref().map(ToString::to_string),
    });
    let asked = |column: &ColumnReport| {
        let name = column.name.as_deref().unwrap_or_default();
        whole || wanted.iter().any(|wanted| is(name, wanted))
    };
    let columns: Vec<ColumnReport> = columns.filter(asked).collect();
    if !whole && columns.is_empty() {
        return None;
    }
    let clauses = clause_reports(&rows.clauses);
    Some(ModelReport {
        name: model.name.clone(),
        path: model.path.clone(),
        columns,
        rows: if whole { clauses } else { Vec::new() },
        open,
    })
}

/// What clauses say, each with its word.
pub(super) fn clause_reports(clauses: &[ClauseMeaning]) -> Vec<ClauseReport> {
    let clauses = clauses.iter();
    clauses
        .map(|clause| ClauseReport {
            clause: word(clause.clause),
            means: clause.meaning.to_string(),
        })
        .collect()
}

/// A clause in a word, as the lock has it.
pub(super) fn word(clause: Clause) -> &'static str {
    match clause {
        Clause::From => "from",
        Clause::On => "join",
        Clause::Where => "where",
        Clause::GroupBy => "group",
        Clause::Having => "having",
        Clause::Qualify => "qualify",
        Clause::Distinct => "distinct",
        Clause::Set => "set",
        Clause::Limit => "limit",
    }
}

fn write(output: &mut impl Write, terminal: Terminal, report: &Report) -> io::Result<()> {
    if report.models.is_empty() {
        return writeln!(output, "No statement here gives a table its rows.");
    }
    for (at, model) in report.models.iter().enumerate() {
        if at > 0 {
            writeln!(output)?;
        }
        let path = terminal.paint(DIM, &model.path);
        writeln!(output, "{}  {path}", terminal.paint(BOLD, &model.name))?;
        for clause in &model.rows {
            let label = terminal.paint(DIM, format!("{:<8}", clause.clause));
            writeln!(output, "  {label}  {}", clause.means)?;
        }
        for column in &model.columns {
            let name = column.name.as_deref().unwrap_or("(no name)");
            let data_type = match &column.data_type {
                Some(data_type) => format!("  {}", terminal.paint(DIM, data_type)),
                None => String::new(),
            };
            let name = terminal.paint(CODE, name);
            writeln!(output, "  {name} = {}{data_type}", column.means)?;
        }
        if model.open {
            let more = "(further columns that are not known)";
            writeln!(output, "  {}", terminal.paint(DIM, more))?;
        }
    }
    Ok(())
}
