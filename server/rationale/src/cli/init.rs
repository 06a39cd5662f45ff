//! `rationale init`: drafts the specs of models that have none, and writes the first lock.

use super::Outcome;
use super::example::plural;
use super::selection::{Location, Selection};
use super::terminal::{BOLD, DIM, Terminal, unless_closed};
use super::write;
use anyhow::{Context, Result, anyhow};
use checks::{LockRequest, NoSpecs, SpecDraft, SpecRequest, draft_specs, is_draft, update_locks};
use index::Snapshot;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Draft a spec of models that have none, with the first lock.
#[derive(Debug, clap::Args)]
#[command(long_about = ABOUT, after_long_help = AFTER)]
#[command(after_help = "Use `--help` for exit codes and examples.")]
pub(super) struct Arguments {
    /// SQL files, and folders of them. Without any: all models of the workspace.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Put all of them into one product of this name, instead of one for each folder.
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Say what would be written, and write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    location: Location,
}

const ABOUT: &str = "\
Draft a spec of models that have none, with the first lock.

For each folder of models a file `FOLDER.spec.yaml` is written: its tables, their columns with the types that \
the SQL gives, and what dbt's properties files say of them. A why that nobody has said is drafted from who \
joins on the column, groups by it or reads it, and carries the comment `# draft: confirm`. The lock beside it says \
what every column means as of now; commit both.

In a dbt project specs go into `specs`, beside `models`: dbt warns of what it does not know in its own folders. A \
table that a native spec describes already is left out, and no file is written over.";

const AFTER: &str = "\
Exit codes:
  0  specs were written, or there is nothing to write
  2  the command could not run; the message on stderr says why

Examples:
  rationale init                              a spec for each folder of models
  rationale init models/marts/orders.sql      one model
  rationale init models/marts --product shop  one product of a folder and those below";

/// Writes the specs and the locks, and says what was written.
///
/// # Errors
/// The workspace can't be read, a spec is there already, or a file can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let selection = Selection::new(&arguments.location, &arguments.paths)?;
    let (snapshot, _) = selection.load()?;
    let drafted = drafted(&snapshot, &selection, arguments.product.as_deref())?;
    if !arguments.dry_run {
        for spec in &drafted {
            let folder = spec.path.parent().unwrap_or(&selection.root);
            write::folder(folder)
                .and_then(|()| write::beside(&spec.path, &spec.text))
                .with_context(|| format!("{} can't be written", spec.path.display()))?;
        }
    }
    let locks = match arguments.dry_run || drafted.is_empty() {
        true => Vec::new(),
        false => locked(&selection, &drafted)?,
    };
    let mut output = BufWriter::new(io::stdout().lock());
    let written = report(
        &mut output,
        terminal,
        &selection,
        &drafted,
        &locks,
        arguments.dry_run,
    );
    unless_closed(written.and_then(|()| output.flush())).context("the report can't be written")?;
    Ok(Outcome::Passed)
}

/// The specs of the models asked about, by where they go.
fn drafted(
    snapshot: &Snapshot,
    selection: &Selection,
    product: Option<&str>,
) -> Result<Vec<SpecDraft>> {
    let request = SpecRequest {
        is_wanted: &|file| selection.contains(&file.path),
        product,
        root: &selection.root,
    };
    let drafted = draft_specs(snapshot, &request, &mut |_, _| ControlFlow::Continue(()));
    drafted.map_err(|error| match error {
        NoSpecs::FileExists(path) => anyhow!(
            "{} is there already: give its new tables another product with --product, or add them by the \
             quick fix in an editor",
            selection.path_from_here(&path)
        ),
        error @ NoSpecs::ProductExists(_) => {
            anyhow!("{error}: give another name with --product")
        }
        error => error.into(),
    })
}

/// Writes the locks of what was drafted.
fn locked(selection: &Selection, drafted: &[SpecDraft]) -> Result<Vec<PathBuf>> {
    let (snapshot, _) = selection.load()?;
    let request = LockRequest {
        is_initial: true,
        ..LockRequest::default()
    };
    let mut written = Vec::new();
    for update in update_locks(&snapshot, &request) {
        let is_own = drafted
            .iter()
            .any(|spec| spec.path.with_extension("lock") == update.path);
        if is_own && update.is_change() {
            write::beside(&update.path, &update.text)
                .with_context(|| format!("{} can't be written", update.path.display()))?;
            written.push(update.path);
        }
    }
    Ok(written)
}

fn report(
    output: &mut impl Write,
    terminal: Terminal,
    selection: &Selection,
    drafted: &[SpecDraft],
    locks: &[PathBuf],
    is_dry: bool,
) -> io::Result<()> {
    if drafted.is_empty() {
        return writeln!(
            output,
            "Every model here has a spec already, so there is nothing to draft."
        );
    }
    let path = |path: &Path| terminal.paint(BOLD, selection.path_from_here(path));
    let mut drafts = 0;
    for spec in drafted {
        drafts += spec.text.lines().filter(|line| is_draft(line)).count();
        writeln!(
            output,
            "{}  {}, {}",
            path(&spec.path),
            plural(spec.tables, "table"),
            plural(spec.columns, "column")
        )?;
    }
    for lock in locks {
        writeln!(output, "{}", path(lock))?;
    }
    let next = match is_dry {
        true => "Nothing was written.",
        false => "Confirm them one by one, then commit the specs with their locks.",
    };
    let whys = plural(drafts, "text");
    let told = format!("{whys} drafted, marked `# draft: confirm`. {next}");
    writeln!(output, "{}", terminal.paint(DIM, &told))
}
