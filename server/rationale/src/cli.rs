//! The command line: its words and its exit codes. What a command finds out comes from the crates
//! below; here it is only asked for and printed.

mod check;
mod compare;
mod diff;
mod example;
mod explain;
mod fmt;
mod init;
mod lineage;
mod lock;
mod markdown;
mod meaning;
mod models;
mod overview;
mod replay;
mod schema;
mod selection;
mod status;
mod terminal;
pub mod workspace_pair;
mod write;

use crate::lsp;
use crate::system::Disk;
use clap::{ColorChoice, Parser, Subcommand};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use terminal::Terminal;

/// Reads the command line, does what it says, and gives the exit code: 0 for a clean result, 1 for
/// findings at or above the level that fails, 2 where the command could not run.
pub fn main() -> ExitCode {
    // Wrong arguments end the process here, with a message and the exit code 2.
    let arguments = Arguments::parse();
    let terminal = Terminal::of_stdout(arguments.color);
    let result = match &arguments.command {
        Command::Lock(arguments) => lock::run(arguments, terminal),
        Command::Lsp => return lsp::run(Arc::new(Disk)),
        Command::Check(arguments) => check::run(arguments, terminal),
        Command::Diff(arguments) => diff::run(arguments, terminal),
        Command::Explain(arguments) => explain::run(arguments, terminal),
        Command::Fmt(arguments) => fmt::run(arguments, terminal),
        Command::Init(arguments) => init::run(arguments, terminal),
        Command::Lineage(arguments) => lineage::run(arguments, terminal),
        Command::Meaning(arguments) => meaning::run(arguments, terminal),
        Command::Replay(arguments) => replay::run(arguments, terminal),
        Command::Schema => schema::run(),
        Command::Status(arguments) => status::run(arguments, terminal),
    };
    match result {
        Ok(Outcome::Passed) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(error) => {
            // Nothing is left to be done where even this can't be written.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Rationale knows why data is the way it is.
#[derive(Debug, Parser)]
#[command(name = "rationale", version, long_about = ABOUT, after_long_help = AFTER)]
#[command(after_help = "Use `--help` for exit codes and examples.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to print colors. With `auto`: on a terminal, unless NO_COLOR is set.
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Arguments),
    Diff(diff::Arguments),
    Explain(explain::Arguments),
    Fmt(fmt::Arguments),
    Init(init::Arguments),
    Lineage(lineage::Arguments),
    Lock(lock::Arguments),
    Meaning(meaning::Arguments),
    /// Speak the Language Server Protocol over standard input and output.
    ///
    /// Editors start this by themselves. RATIONALE_LOG filters the log, which goes to stderr and to
    /// the editor's log window: `debug`, or `info,index=trace`.
    Lsp,
    Replay(replay::Arguments),
    /// Print the JSON Schema of `*.spec.yaml`, for editors that validate YAML by one.
    Schema,
    Status(status::Arguments),
}

/// How a command that could run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing speaks against going on.
    Passed,
    /// There are findings that fail.
    Failed,
}

const ABOUT: &str = "\
Rationale knows why data is the way it is.

It reads the specs of data products and the SQL that implements them as one body of text, and says \
where the two have parted. A dbt project is read as it stands. Nothing is executed but its \
templates, in a sandbox, and nothing leaves this machine.";

const AFTER: &str = "\
Exit codes:
  0  the command ran, and found nothing that fails
  1  `check` found something at or above `--fail-on`, `diff --exit-code` a difference, `lock`
     refused a line, or `fmt --check` found a spec that would change
  2  the command could not run; the message on stderr says why

Examples:
  rationale check                       check the workspace around the current folder
  rationale check models/marts          the same, findings below one folder only
  rationale explain missing-why         what a finding means and what to do about it
  rationale init models/marts           draft a spec of the models in a folder, with the first lock
  rationale status                      how much of the workspace is described, and says why
  rationale lineage models/orders.sql   which columns each column is computed from
  rationale diff --base main            what changed in meaning since a branch
  rationale lock                        write down what each column means
  rationale replay                      which commits of the history changed a meaning";
