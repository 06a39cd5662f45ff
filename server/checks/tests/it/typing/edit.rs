//! The edits that are typed, as `tests/typing` gives them.

use crate::suite::{Case, cases_in};
use crate::workspace::{Files, files};

/// What the edits are typed in, one after the other.
const DIALECTS: [&str; 4] = ["snowflake", "postgres", "bigquery", "duckdb"];

/// An edit of one file of a workspace.
pub(super) struct Edit {
    /// The workspace, the edit and the dialect.
    pub(super) name: String,
    /// The workspace as it is, locked.
    pub(super) files: Files,
    /// The file that is typed into.
    pub(super) path: String,
    /// Its text, piece by piece.
    pub(super) pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// It stays.
    Kept(String),
    /// It is deleted, and something else is typed in its place.
    Typed { before: String, after: String },
}

/// The edits of a file there, one dialect of its workspace after the other.
pub(super) fn edits(file: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut workspace: Option<Case> = None;
    let cases = cases_in("typing").into_iter();
    for mut case in cases.filter(|case| case.name.starts_with(file)) {
        let is_edit = matches!(case.files.as_slice(), [file] if file.content.contains(&b'\xe2'));
        match workspace.as_ref().filter(|_| is_edit) {
            Some(workspace) => edits.push(of(workspace, &case, edits.len())),
            None => {
                case.locked = std::mem::take(&mut case.files);
                case.files
                    .extend(case.locked.iter().map(crate::suite::Given::clone));
                workspace = Some(case);
            }
        }
    }
    edits
}

fn of(workspace: &Case, edit: &Case, ordinal: usize) -> Edit {
    let [file] = edit.files.as_slice() else {
        panic!("{}: an edit is of one file", edit.name);
    };
    let marked = String::from_utf8(file.content.clone()).unwrap();
    let dialect = DIALECTS[ordinal % DIALECTS.len()];
    let mut case = workspace.clone();
    for given in case.files.iter_mut().chain(&mut case.locked) {
        if given.path == "rationale.toml" {
            given.content = format!("[workspace]\ndialect = \"{dialect}\"\n").into_bytes();
        }
    }
    Edit {
        name: format!("{}, {dialect}", edit.name),
        files: files(&case),
        path: file.path.clone(),
        pieces: pieces(&marked),
    }
}

/// The pieces of a text in which `‹what is typed›` and `‹what was there⇒what is typed›` are marked.
fn pieces(marked: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = marked;
    while let Some((kept, typed)) = rest.split_once('‹') {
        let (typed, after) = typed.split_once('›').expect("a mark without its end");
        let (before, typed) = typed.split_once('⇒').unwrap_or(("", typed));
        pieces.push(Piece::Kept(kept.to_owned()));
        pieces.push(Piece::Typed {
            before: before.to_owned(),
            after: typed.to_owned(),
        });
        rest = after;
    }
    pieces.push(Piece::Kept(rest.to_owned()));
    open_lines(&mut pieces);
    pieces
}

/// Nobody types a line in front of the text of the next one: they open a line first. So `‹a⏎  ›b` at the
/// start of a line is typed as `⏎  a` behind the line before.
fn open_lines(pieces: &mut [Piece]) {
    for at in 1..pieces.len().saturating_sub(1) {
        let [
            Piece::Kept(head),
            Piece::Typed { before, after },
            Piece::Kept(tail),
        ] = &mut pieces[at - 1..=at + 1]
        else {
            continue;
        };
        let start = head.rfind('\n').unwrap_or_default();
        let opened = head[start..].to_owned();
        let is_start = opened.starts_with('\n') && opened.trim().is_empty();
        if before.is_empty() && is_start && after.ends_with(opened.as_str()) {
            head.truncate(start);
            after.truncate(after.len() - opened.len());
            after.insert_str(0, &opened);
            tail.insert_str(0, &opened);
        }
    }
}
