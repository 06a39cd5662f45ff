//! `rationale check --base`: what is new since a branch was made, and what it does to the history.

use super::Finding;
use crate::cli::selection::Selection;
use crate::cli::terminal::{BOLD, CODE, DIM, Terminal};
use crate::cli::workspace_pair::{Side, State};
use crate::revision::{Revision, default_branch, merge_base};
use anyhow::Result;
use checks::{Amended, Findings, HistoryChanges, history_changes, new_findings};
use index::configuration::Overrides;
use index::{Reached, Snapshot};
use serde::Serialize;
use std::io::{self, Write};
use std::path::Path;

/// The state that the branch was made from.
pub(super) struct Base {
    /// What it was asked for by, and which commit it is.
    revision: Revision,
    /// The branch that was named, or found.
    branch: String,
    pub(super) snapshot: Snapshot,
    changes: HistoryChanges,
}

/// The branch to compare with where nobody names one.
pub(super) const AUTO: &str = "auto";

impl Base {
    /// Reads the state in which `branch` and what is checked out parted.
    ///
    /// # Errors
    /// There is no such branch, or no such state is to be had. The message says what to do.
    pub(super) fn load(branch: &str, selection: &Selection, now: &Snapshot) -> Result<Base> {
        let branch = match branch {
            AUTO => {
                let configuration = selection.root.join("rationale.toml");
                match now.settings(&configuration).base.clone() {
                    Some(branch) => branch,
                    None => default_branch(&selection.root)?,
                }
            }
            named => named.to_owned(),
        };
        let revision = merge_base(&selection.root, &branch)?;
        let state = State::Revision {
            folder: selection.root.clone(),
            revision: revision.commit.clone(),
        };
        let side = Side::load(&state, &Overrides::default())?;
        Ok(Base {
            changes: history_changes(now, &side.snapshot),
            revision,
            branch,
            snapshot: side.snapshot,
        })
    }

    /// The findings of `now` that are new.
    pub(super) fn new_findings(&self, now: &Snapshot, findings: Vec<Finding>) -> Vec<Finding> {
        let mut before = Findings::default();
        let everything = Reached {
            everything: true,
            ..Reached::default()
        };
        before.update(&self.snapshot, &everything);
        let before = before.all(&self.snapshot);
        new_findings(now, findings, &self.snapshot, &before)
    }

    /// Writes what the branch does to the history.
    pub(super) fn write(
        &self,
        output: &mut impl Write,
        terminal: Terminal,
        selection: &Selection,
    ) -> io::Result<()> {
        let heading =
            |output: &mut dyn Write, text: &str| writeln!(output, "{}", terminal.paint(BOLD, text));
        let id = |amended: &Amended| {
            terminal.paint(CODE, format!("{} of {}", amended.id, amended.product))
        };
        let HistoryChanges {
            added,
            withdrawn,
            ignores,
            settings,
        } = &self.changes;
        if !added.is_empty() {
            heading(output, "New amendments")?;
        }
        for amended in added {
            writeln!(output, "  {}{}", id(amended), quoted(amended))?;
        }
        if !withdrawn.is_empty() {
            heading(output, "Requirements that no longer hold")?;
        }
        for of in withdrawn {
            let how = match (&of.by, of.sentences.is_empty()) {
                _ if of.is_removed => "gone, with all of the product".to_owned(),
                (Some(by), true) => format!("superseded by {by}"),
                (Some(by), false) => format!("superseded by {by} in part"),
                (None, _) => "withdrawn".to_owned(),
            };
            let amended = &of.amendment;
            writeln!(output, "  {}  {how}{}", id(amended), quoted(amended))?;
            for sentence in &of.sentences {
                writeln!(output, "    {sentence}")?;
            }
        }
        if !ignores.is_empty() {
            heading(output, "New ignore comments")?;
        }
        for ignore in ignores {
            let path = selection.path_from_here(&ignore.path);
            let code = terminal.paint(CODE, &ignore.code);
            let because = match &ignore.because {
                Some(because) => format!(" because {because}"),
                None => String::new(),
            };
            writeln!(output, "  {path}  {code}{because}")?;
        }
        if !settings.is_empty() {
            heading(output, "New settings by which less is said")?;
        }
        for new in settings {
            let path = selection.path_from_here(&new.path);
            let setting = terminal.paint(CODE, &new.setting);
            writeln!(output, "  {path}  {setting}")?;
        }
        let is_quiet = added.is_empty() && withdrawn.is_empty();
        if !(is_quiet && ignores.is_empty() && settings.is_empty()) {
            writeln!(output)?;
        }
        let commit = self.revision.commit.get(..10).unwrap_or_default();
        let compared = format!("Compared with {}, at {commit}", self.branch);
        writeln!(output, "{}", terminal.paint(DIM, compared))
    }

    /// The same for machines.
    pub(super) fn report(&self, selection: &Selection) -> BaseReport {
        let amended = |amended: &Amended| AmendedReport {
            product: amended.product.to_string(),
            amendment: amended.id.to_string(),
            requirement: amended.requirement.clone(),
        };
        let withdrawn = self.changes.withdrawn.iter().map(|of| WithdrawnReport {
            amendment: amended(&of.amendment),
            by: of.by.as_ref().map(ToString::to_string),
            sentences: of.sentences.clone(),
        });
        let path_of = |path: &Path| {
            let path = path.strip_prefix(&selection.root).unwrap_or(path);
            path.to_string_lossy().replace('\\', "/")
        };
        let settings = self.changes.settings.iter().map(|new| SettingReport {
            path: path_of(&new.path),
            setting: new.setting.clone(),
        });
        let ignores = self.changes.ignores.iter().map(|ignore| IgnoreReport {
            path: path_of(&ignore.path),
            code: ignore.code.clone(),
            because: ignore.because.clone(),
        });
        BaseReport {
            branch: self.branch.clone(),
            commit: self.revision.commit.clone(),
            added: self.changes.added.iter().map(amended).collect(),
            withdrawn: withdrawn.collect(),
            ignores: ignores.collect(),
            settings: settings.collect(),
        }
    }
}

fn quoted(amended: &Amended) -> String {
    match &amended.requirement {
        Some(requirement) => {
            let words: Vec<&str> = requirement.split_whitespace().collect();
            format!("  \"{}\"", words.join(" "))
        }
        None => String::new(),
    }
}

/// What a branch does to the history, for machines.
#[derive(Serialize)]
pub(super) struct BaseReport {
    branch: String,
    commit: String,
    added: Vec<AmendedReport>,
    withdrawn: Vec<WithdrawnReport>,
    ignores: Vec<IgnoreReport>,
    settings: Vec<SettingReport>,
}

#[derive(Serialize)]
struct AmendedReport {
    product: String,
    amendment: String,
    requirement: Option<String>,
}

#[derive(Serialize)]
struct WithdrawnReport {
    #[serde(flatten)]
    amendment: AmendedReport,
    by: Option<String>,
    sentences: Vec<String>,
}

#[derive(Serialize)]
struct SettingReport {
    path: String,
    setting: String,
}

#[derive(Serialize)]
struct IgnoreReport {
    path: String,
    code: String,
    because: Option<String>,
}
