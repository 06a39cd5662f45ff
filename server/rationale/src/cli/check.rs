//! `rationale check`: everything that is to be said about a workspace, for people or for machines.

mod base;
mod excerpt;
mod json;
mod report;
mod sources;

use super::Outcome;
use super::overview::Overview;
use super::selection::{Location, Selection};
use super::terminal::{Terminal, unless_closed};
use anyhow::{Context, Result};
use base::Base;
use checks::{Coverage, Finding, Findings, Severity};
use clap::ValueEnum;
use index::Snapshot;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Report where specs and SQL have parted, and what says no why.
#[derive(Debug, clap::Args)]
#[command(long_about = ABOUT, after_long_help = AFTER)]
#[command(after_help = "Use `--help` for exit codes and examples.")]
pub(super) struct Arguments {
    /// Report findings in these files and folders only. The whole workspace is read all the same.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The least severity that makes the exit code 1.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    /// How to print the findings. The JSON is described in docs/json.md.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Report only what is new since BRANCH and what is checked out parted; without a name, since the
    /// branch that `base` in rationale.toml names, or the default one of `origin`.
    #[arg(long, value_name = "BRANCH", num_args = 0..=1, default_missing_value = base::AUTO)]
    base: Option<String>,
    #[command(flatten)]
    location: Location,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Info,
    Hint,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

const ABOUT: &str = "\
Report where specs and SQL have parted, and what says no why.

Every `*.spec.yaml`, dbt properties file and SQL file of the workspace is read; files that \
`.gitignore` names are left out, but for installed dbt packages. The SQL dialect is taken from \
`rationale.toml` or `profiles.yml`, or found out from the files; the report says which it is.

A dbt table that no native spec names is not nagged about: what a file leaves undescribed is one \
finding.

With `--base`, only what the branch brings is reported, and a change of meaning that no amendment \
covers, and an amendment that was edited or removed, are errors. The amendments that are new, the \
requirements that no longer hold, new ignore comments, and settings by which less is said are listed.";

const AFTER: &str = "\
Exit codes:
  0  no finding is as severe as `--fail-on`
  1  at least one finding is
  2  the check could not run; the message on stderr says why

Examples:
  rationale check                          everything around the current folder
  rationale check models/marts specs       findings in two folders
  rationale check --fail-on warning        in a pipeline that is to stay clean
  rationale check --base main              in a pipeline: only what this branch brings
  rationale check --format json | jq -r '.findings[].code' | sort | uniq -c

To silence one finding, say why in a comment, on its line or alone on the line before:
  -- rationale: ignore undocumented-column because it leaves with the next release
To change the level of a code everywhere, set it below `[checks]` in rationale.toml.";

/// Checks the workspace and prints the findings.
///
/// # Errors
/// The workspace can't be read, or the output can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let selection = Selection::new(&arguments.location, &arguments.paths)?;
    let (snapshot, reached) = selection.load()?;
    let base = arguments.base.as_deref();
    let base = base.map(|branch| Base::load(branch, &selection, &snapshot));
    let base = base.transpose()?;
    let mut findings = Findings::default();
    findings.set_base(base.as_ref().map(|base| base.snapshot.clone()));
    findings.update(&snapshot, &reached);
    let coverage = Coverage::of(&findings, &snapshot);
    let all = match &base {
        Some(base) => base.new_findings(&snapshot, findings.all(&snapshot)),
        None => findings.all(&snapshot),
    };
    let findings = selected(&snapshot, &selection, all);
    let overview = Overview::of(&snapshot);

    let mut output = BufWriter::new(io::stdout().lock());
    let written = match arguments.format {
        Format::Text => {
            let report = report::Report {
                terminal,
                selection: &selection,
                overview: &overview,
                coverage: &coverage,
                base: base.as_ref(),
            };
            report.write(&mut output, &snapshot, &findings)
        }
        Format::Json => {
            let base = base
                .as_ref()
                .map(|base| (&base.snapshot, base.report(&selection)));
            json::write(&mut output, &snapshot, &findings, &overview, coverage, base)
        }
    };
    unless_closed(written.and_then(|()| output.flush()))
        .context("the findings can't be written")?;

    let fails = |finding: &Finding| arguments.fail_on.includes(finding.severity);
    Ok(if findings.iter().any(fails) {
        Outcome::Failed
    } else {
        Outcome::Passed
    })
}

/// The findings asked for, in the order of paths, then of the text.
fn selected(snapshot: &Snapshot, selection: &Selection, findings: Vec<Finding>) -> Vec<Finding> {
    let mut placed: Vec<_> = findings
        .into_iter()
        .filter_map(|finding| {
            let path = snapshot.file(finding.file)?.path.clone();
            let range = finding.range(snapshot);
            selection
                .contains(&path)
                .then_some((path, range.start(), range.end(), finding))
        })
        .collect();
    // Findings of one code at one place keep the order of `Findings::all`.
    placed.sort_by(
        |(left_path, left_start, left_end, left), (path, start, end, right)| {
            (left_path, left_start, left_end, left.code).cmp(&(path, start, end, right.code))
        },
    );
    placed
        .into_iter()
        .map(|(_, _, _, finding)| finding)
        .collect()
}

impl FailOn {
    fn includes(self, severity: Severity) -> bool {
        let least = match self {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Info => Severity::Info,
            FailOn::Hint => Severity::Hint,
            FailOn::Never => return false,
        };
        severity >= least
    }
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
struct Tally {
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
}

impl Tally {
    fn of(findings: &[Finding]) -> Tally {
        let mut tally = Tally::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => tally.error += 1,
                Severity::Warning => tally.warning += 1,
                Severity::Info => tally.info += 1,
                Severity::Hint => tally.hint += 1,
            }
        }
        tally
    }
}
