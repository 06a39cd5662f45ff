//! `rationale fmt`: brings native specs into their layout.

use super::Outcome;
use super::selection::{Location, Selection};
use super::terminal::{CODE, Terminal, unless_closed};
use super::write;
use anyhow::{Context, Result};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Bring the specs of a workspace into their layout: indentation, blank lines, ends of lines. Comments,
/// quotes and the order of things stay.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  rationale fmt                          all native specs of the workspace
  rationale fmt specs --check            fail where one of them would change")]
pub(super) struct Arguments {
    /// Files or folders. Without any, all of the workspace.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing, and fail where something would change.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    location: Location,
}

/// Reads the workspace and writes what has another layout.
///
/// # Errors
/// The workspace can't be read, or a spec or the output can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let selection = Selection::new(&arguments.location, &arguments.paths)?;
    let (snapshot, _) = selection.load()?;
    let mut output = BufWriter::new(io::stdout().lock());
    let mut changed = 0;
    let files = snapshot.files().into_iter();
    for file in files.filter(|file| file.native_spec().is_some() && selection.contains(&file.path))
    {
        let Some(text) = snapshot.text(file) else {
            continue;
        };
        let path = snapshot.display_path(&file.path);
        let told = match spec::format::format(&text) {
            Ok(edits) if edits.is_empty() => continue,
            Ok(edits) => {
                let after = syntax::edit::apply(&text, &edits).unwrap_or_else(|| text.to_string());
                if !arguments.check {
                    write::beside(&file.path, &after)
                        .with_context(|| format!("{path} can't be written"))?;
                }
                changed += 1;
                if arguments.check {
                    "would change"
                } else {
                    "written"
                }
            }
            Err(_) => "left as it is: it is not valid YAML, or of a kind whose layout is not known",
        };
        let line = writeln!(output, "{}: {told}", terminal.paint(CODE, &path));
        unless_closed(line).context("the result can't be written")?;
    }
    unless_closed(output.flush()).context("the result can't be written")?;
    Ok(match arguments.check && changed > 0 {
        true => Outcome::Failed,
        false => Outcome::Passed,
    })
}
