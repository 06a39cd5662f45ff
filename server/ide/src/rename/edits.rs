//! What a rename changes, collected file by file.

use super::Refusal;
use super::in_sql::Family;
use index::{File, Snapshot};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use syntax::{TextEdit, TextRange, TextSize};

/// Everything that a rename changes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Renaming {
    /// What it does, as an order: "Rename `orders.amount` to `total`".
    pub title: String,
    /// The edits, one entry a file, in the order of paths.
    pub files: Vec<EditedFile>,
    /// Files that get another path once they are edited: the old one, and the new one.
    pub moved: Vec<(PathBuf, PathBuf)>,
    /// Where to go on writing: a file, and an offset in its text after the edits.
    pub cursor: Option<(PathBuf, TextSize)>,
    /// The columns that get another name.
    pub(super) columns: Option<Family>,
}

/// Edits of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditedFile {
    /// Its absolute path.
    pub path: PathBuf,
    /// In the order of the text; they do not overlap.
    pub edits: Vec<NotedEdit>,
}

/// An edit, and what kind of edit it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotedEdit {
    /// The edit, as offsets into the text before any of them.
    pub edit: TextEdit,
    /// What is to be known of it.
    pub note: Note,
}

/// What is to be known of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Note {
    /// The name stands there.
    Name,
    /// A model downstream goes on giving the column under its old name.
    HandedOn,
    /// An amendment is drafted, whose requirement a person must write.
    Amendment,
    /// It is probably the name, but nothing proves it: a person must look.
    Unsure,
}

impl Note {
    /// What it is called, for a list of edits.
    pub fn label(self) -> &'static str {
        match self {
            Note::Name => "The name",
            Note::HandedOn => "Downstream goes on under the old name",
            Note::Amendment => "Draft of an amendment",
            Note::Unsure => "Probably the name",
        }
    }

    /// More about it, as a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Note::Name => "The name stands here.",
            Note::HandedOn => {
                "Only the one table's column changes: what reads it gives it as before."
            }
            Note::Amendment => {
                "Older sentences are read through it. The requirement is yours to write."
            }
            Note::Unsure => "The word stands where it can't be told what it means.",
        }
    }

    /// Whether a person has to look before it is made.
    pub fn is_unsure(self) -> bool {
        self == Note::Unsure
    }
}

impl Renaming {
    /// Its edits that nobody can be sure of: a file, and where.
    pub fn unsure(&self) -> impl Iterator<Item = (&Path, TextRange)> {
        self.files.iter().flat_map(|file| {
            let unsure = file.edits.iter().filter(|edit| edit.note.is_unsure());
            unsure.map(|edit| (file.path.as_path(), edit.edit.range))
        })
    }
}

/// Edits being collected.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    files: BTreeMap<PathBuf, FileEdits>,
}

/// Edits of one file being collected, by the range that each replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileEdits {
    by_range: BTreeMap<(TextSize, TextSize), (String, Note)>,
}

impl FileEdits {
    /// Replaces `range`. What is said first holds.
    pub(super) fn replace(&mut self, range: TextRange, by: impl Into<String>, note: Note) {
        let at = (range.start(), range.end());
        self.by_range.entry(at).or_insert((by.into(), note));
    }

    /// What is replaced, without what is only put in.
    pub(super) fn replaced(&self) -> impl Iterator<Item = TextRange> {
        let ranges = self.by_range.keys();
        let ranges = ranges.map(|(start, end)| TextRange::new(*start, *end));
        ranges.filter(|range| !range.is_empty())
    }

    /// Whether something in `range` is replaced.
    pub(super) fn touches(&self, range: TextRange) -> bool {
        let mut all = self.by_range.keys();
        all.any(|(start, end)| *start < range.end() && range.start() < *end)
    }

    /// Whether nothing is replaced.
    pub(super) fn is_empty(&self) -> bool {
        self.by_range.is_empty()
    }

    /// As edits of the text; `None` where they overlap.
    pub(super) fn text_edits(&self) -> Option<Vec<TextEdit>> {
        let mut edits = Vec::new();
        let mut before = TextSize::new(0);
        for ((start, end), (by, _)) in &self.by_range {
            if *start < before {
                return None;
            }
            before = *end;
            edits.push(TextEdit::replace(TextRange::new(*start, *end), by.as_str()));
        }
        Some(edits)
    }

    /// The text after them; `None` where they do not fit.
    pub(super) fn applied(&self, text: &str) -> Option<String> {
        syntax::edit::apply(text, &self.text_edits()?)
    }

    /// Adds others; what is there already holds.
    pub(super) fn extend(&mut self, other: FileEdits) {
        for (at, edit) in other.by_range {
            self.by_range.entry(at).or_insert(edit);
        }
    }
}

impl Edits {
    /// Adds edits of a file.
    ///
    /// # Errors
    /// Where the file is not to be changed.
    pub(super) fn add(
        &mut self,
        snapshot: &Snapshot,
        file: &File,
        edits: FileEdits,
    ) -> Result<(), Refusal> {
        if edits.is_empty() {
            return Ok(());
        }
        if file.quiet {
            return Err(Refusal::new(format!(
                "`{}` would have to change, and it is not yours to change: it belongs to an installed \
                 package, or the configuration excludes it.",
                snapshot.display_path(&file.path)
            )));
        }
        let own = self.files.entry(file.path.to_path_buf()).or_default();
        own.extend(edits);
        Ok(())
    }

    /// What is edited of a file so far.
    pub(super) fn take(&mut self, path: &Path) -> FileEdits {
        self.files.remove(path).unwrap_or_default()
    }

    /// Everything, in order.
    ///
    /// # Errors
    /// Where two edits are at odds.
    pub(super) fn renaming(self, snapshot: &Snapshot, title: String) -> Result<Renaming, Refusal> {
        let mut renaming = Renaming {
            title,
            ..Renaming::default()
        };
        for (path, edits) in self.files {
            if edits.text_edits().is_none() {
                return Err(Refusal::new(format!(
                    "Two edits of `{}` are at odds with each other.",
                    snapshot.display_path(&path)
                )));
            }
            let edits = edits.by_range.into_iter();
            let edits = edits.map(|((start, end), (by, note))| NotedEdit {
                edit: TextEdit::replace(TextRange::new(start, end), by),
                note,
            });
            renaming.files.push(EditedFile {
                path,
                edits: edits.collect(),
            });
        }
        Ok(renaming)
    }
}
