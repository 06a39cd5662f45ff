//! `rationale lock`: writes down what every column means, where an amendment covers what changed.

use super::Outcome;
use super::selection::{Location, Selection, note};
use super::terminal::{BOLD, CODE, DIM, Terminal, unless_closed};
use super::write;
use anyhow::{Context, Result, bail};
use checks::{LockLine, LockOutcome, LockRequest, LockUpdate, update_locks};
use index::Snapshot;
use spec::model::{Amendment, AmendmentId};
use std::io::{self, BufWriter, Write};
use syntax::Name;

/// Write down what each column means, where an amendment covers what has changed.
#[derive(Debug, clap::Args)]
#[command(long_about = ABOUT, after_long_help = AFTER)]
#[command(after_help = "Use `--help` for exit codes and examples.")]
pub(super) struct Arguments {
    /// Only the locks of these products.
    #[arg(value_name = "PRODUCT")]
    products: Vec<String>,
    /// Write only what this amendment covers.
    #[arg(long, value_name = "ID", value_parser = amendment)]
    amendment: Option<AmendmentId>,
    /// Write the first lock: tables that no lock knows are written as they are.
    #[arg(long)]
    initial: bool,
    #[command(flatten)]
    location: Location,
}

const ABOUT: &str = "\
Write down what each column means, where an amendment covers what has changed.

`NAME.spec.lock`, beside each native spec, says what every column of its tables means and which rows \
they hold, one thing a line. Commit it: its diff is what a reviewer reads. It is compared by meaning, so \
text that was only rearranged changes no line.

A line that differs is written where an amendment names the column, or `table.rows`, in `changes` or by \
a guarantee, and is open or newer than the amendment that covered the line last. Else it stays, and \
this command says so.";

const AFTER: &str = "\
Exit codes:
  0  every lock says what the SQL means
  1  a line was refused: no amendment covers what changed
  2  the command could not run; the message on stderr says why

Examples:
  rationale lock --initial               the first lock of everything that a native spec describes
  rationale lock                         write what amendments cover
  rationale lock orders --amendment 7    one product, only what amendment 7 covers";

fn amendment(text: &str) -> Result<AmendmentId, String> {
    if let Ok(number) = text.parse::<u64>() {
        return Ok(AmendmentId::Number(number));
    }
    let is_slug =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    match !text.is_empty() && text.chars().all(is_slug) {
        true => Ok(AmendmentId::Slug(text.into())),
        false => {
            Err("an amendment has a number, or a name of small letters, digits and `-`".into())
        }
    }
}

/// Writes the locks and says what was written and what was not.
///
/// # Errors
/// The workspace can't be read, there is no such product, or a lock can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let selection = Selection::new(&arguments.location, &[])?;
    let (snapshot, _) = selection.load()?;
    let products: Vec<Name> = arguments.products.iter().map(Name::new).collect();
    for product in &products {
        if !snapshot.products().contains(&product) {
            bail!(
                "no native spec names the product {product}; {}",
                known_products(&snapshot)
            );
        }
    }
    if let Some(id) = &arguments.amendment
        && !has_amendment(&snapshot, &products, id)
    {
        bail!("no native spec of these products has an amendment {id}");
    }
    let request = LockRequest {
        products,
        amendment: arguments.amendment.clone(),
        is_initial: arguments.initial,
    };
    let updates = update_locks(&snapshot, &request);
    for update in updates.iter().filter(|update| update.is_change()) {
        write::beside(&update.path, &update.text)
            .with_context(|| format!("{} can't be written", update.path.display()))?;
    }
    let mut output = BufWriter::new(io::stdout().lock());
    let written = report(&mut output, terminal, &selection, &updates);
    unless_closed(written.and_then(|()| output.flush())).context("the report can't be written")?;
    for stray in snapshot.stray_locks() {
        note(&format!(
            "{} stands beside no spec any more: what it says of tables that a spec describes is in the lock \
             beside that one, so it can be deleted",
            selection.path_from_here(&stray.path)
        ));
    }
    Ok(match updates.iter().any(LockUpdate::is_refused) {
        true => Outcome::Failed,
        false => Outcome::Passed,
    })
}

/// Whether one of these products, or, where none is named, any, has the amendment.
fn has_amendment(snapshot: &Snapshot, products: &[Name], id: &AmendmentId) -> bool {
    let is_it = |amendment: &Amendment| amendment.id.as_ref().is_some_and(|own| own.value == *id);
    let all = snapshot.products().into_iter();
    let mut named = all.filter(|product| products.is_empty() || products.contains(product));
    named.any(|product| {
        let files = snapshot.product_files(product).into_iter();
        let mut specs = files.filter_map(|file| file.native_spec());
        specs.any(|spec| spec.amendments.iter().any(is_it))
    })
}

fn known_products(snapshot: &Snapshot) -> String {
    let names: Vec<String> = snapshot
        .products()
        .iter()
        .map(ToString::to_string)
        .collect();
    match names.is_empty() {
        true => "there is no native spec here".to_owned(),
        false => format!("there are {}", names.join(", ")),
    }
}

fn report(
    output: &mut impl Write,
    terminal: Terminal,
    selection: &Selection,
    updates: &[LockUpdate],
) -> io::Result<()> {
    if updates.is_empty() {
        return writeln!(
            output,
            "No native spec here describes a table that a model defines, so there is nothing to lock."
        );
    }
    let (mut written, mut refused) = (0, 0);
    for update in updates {
        let path = selection.path_from_here(&update.path);
        let what = match (&update.old, update.is_change()) {
            (_, false) => "unchanged",
            (None, true) => "new",
            (Some(_), true) => "written",
        };
        writeln!(
            output,
            "{}  {}",
            terminal.paint(BOLD, path),
            terminal.paint(DIM, what)
        )?;
        for line in &update.lines {
            match &line.outcome {
                LockOutcome::Written { .. } | LockOutcome::Removed { .. } => written += 1,
                LockOutcome::Refused(_) => refused += 1,
                LockOutcome::Unknown => {}
            }
            write_line(output, terminal, line)?;
        }
    }
    let lines = |count: usize| match count {
        1 => "1 line".to_owned(),
        count => format!("{count} lines"),
    };
    match refused {
        0 => writeln!(output, "{} written.", lines(written)),
        _ => {
            writeln!(
                output,
                "{} written, {} refused.",
                lines(written),
                lines(refused)
            )?;
            let has_lock = updates.iter().any(|update| update.old.is_some());
            writeln!(
                output,
                "{}",
                match has_lock {
                    true => {
                        "An amendment that lists a line in `changes`, such as `orders.order_amount` or \
                     `orders.rows`, covers it."
                    }
                    false => "`rationale lock --initial` writes the first lock.",
                }
            )
        }
    }
}

fn write_line(output: &mut impl Write, terminal: Terminal, line: &LockLine) -> io::Result<()> {
    let name = match &line.column {
        Some(column) => format!("{}.{column}", line.table),
        None => format!("{}.rows", line.table),
    };
    let name = terminal.paint(CODE, name);
    let by = |by: &Option<AmendmentId>| match by {
        Some(id) => format!("by amendment {id}"),
        None => "by no amendment yet".to_owned(),
    };
    match &line.outcome {
        LockOutcome::Written { by: id } => writeln!(output, "  {name}  written, {}", by(id)),
        LockOutcome::Removed { by: id } => writeln!(output, "  {name}  taken out, {}", by(id)),
        LockOutcome::Refused(reason) => writeln!(output, "  {name}  refused: {reason}"),
        LockOutcome::Unknown => {
            writeln!(output, "  {name}  can't be told from the SQL")
        }
    }
}
