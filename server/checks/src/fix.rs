//! Fixes: what would settle a finding, as edits of text.
//!
//! An edit of YAML is made on the tree and verified before it is offered. A text that a fix makes up
//! reads as the draft that it is.

pub(crate) mod add_column;
pub(crate) mod amendment;
pub(crate) mod create_spec;
pub(crate) mod draft;
pub(crate) mod draft_specs;
pub(crate) mod entry;
pub(crate) mod evidence;
pub(crate) mod lines;
pub(crate) mod promise;
pub(crate) mod record;
pub(crate) mod redeclare;
pub(crate) mod renaming;
pub(crate) mod repair;
pub(crate) mod restore;
pub(crate) mod sentence;
pub(crate) mod sheet;
pub(crate) mod supersede;

use crate::code::code;
use crate::finding::Finding;
use index::{File, Snapshot};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use syntax::{TextEdit, TextSize};

/// What would settle a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "Add a why to `order_amount`".
    pub title: String,
    /// The edits, at most one entry a file.
    pub edits: Vec<FileEdit>,
    /// Files that get another path once they are edited: the old one, and the new one.
    pub moved: Vec<(PathBuf, PathBuf)>,
    /// It is what nearly everybody would do.
    pub preferred: bool,
    /// Where to go on writing: a file, and an offset in its text after the edits.
    pub cursor: Option<(PathBuf, TextSize)>,
}

/// Edits of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// Its absolute path.
    pub path: PathBuf,
    /// There is no such file yet: make an empty one first.
    pub create: bool,
    /// Replacements that do not overlap, as offsets into the text before any of them.
    pub edits: Vec<TextEdit>,
}

/// What fixes are made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixing<'s> {
    /// The workspace as it was when the finding was found.
    pub(crate) snapshot: &'s Snapshot,
    /// The state that the branch was made from, where it is known.
    pub(crate) base: Option<&'s Snapshot>,
    /// Only what the fixes are called is wanted: edits of YAML are neither made nor verified.
    pub(crate) is_for_titles: bool,
}

/// How much of a fix is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What it is called and whether it is preferred, without the edits of YAML, of which each takes time with
    /// the length of its file. A text that allows no safe edit may yet refuse one.
    Title,
    /// All of it.
    Edits,
}

/// What would settle `finding`, the likeliest first.
///
/// None where a file has changed since: its next findings bring their own fixes. `base` is the state that
/// the branch was made from, where it is known: what was edited there can be restored.
pub fn fixes(
    snapshot: &Snapshot,
    base: Option<&Snapshot>,
    finding: &Finding,
    detail: Detail,
) -> Vec<Fix> {
    let fixing = Fixing {
        snapshot,
        base,
        is_for_titles: detail == Detail::Title,
    };
    made(&fixing, finding)
}

fn made(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(code) = code(finding.code) else {
        return Vec::new();
    };
    // A fix that fails is no fix; the finding stands all the same.
    let attempt = catch_unwind(AssertUnwindSafe(|| (code.fixes)(fixing, finding)));
    attempt.unwrap_or_default()
}

impl<'s> Fixing<'s> {
    /// What whole fixes are made from.
    pub(crate) fn new(snapshot: &'s Snapshot) -> Fixing<'s> {
        Fixing {
            snapshot,
            base: None,
            is_for_titles: false,
        }
    }

    /// The file that `finding` is in, and its text.
    pub(crate) fn file(&self, finding: &Finding) -> Option<(&'s File, Arc<str>)> {
        let file = self.snapshot.file(finding.file)?;
        Some((file, self.snapshot.text(file)?))
    }

    /// A fix that replaces the text at which `finding` stands.
    pub(crate) fn replacement(&self, finding: &Finding, title: String, by: String) -> Option<Fix> {
        let (file, _) = self.file(finding)?;
        let edit = TextEdit::replace(finding.range(self.snapshot), by);
        Some(Fix {
            preferred: true,
            ..Fix::of(file, title, vec![edit])
        })
    }
}

impl Fix {
    /// A fix that edits one file.
    pub(crate) fn of(file: &File, title: String, edits: Vec<TextEdit>) -> Fix {
        Fix {
            title,
            edits: vec![FileEdit {
                path: file.path.to_path_buf(),
                create: false,
                edits,
            }],
            moved: Vec::new(),
            preferred: false,
            cursor: None,
        }
    }
}
