//! What a check found, and where.

use crate::code::Code;
use index::configuration::Level;
use index::{File, FileId, Snapshot, TableKey};
use meaning::witness::Witness;
use spec::guarantee::part_of_source;
use spec::model::AmendmentId;
use std::sync::Arc;
use syntax::{Name, Spot, TextRange};

/// Something to be said about the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of its [`Code`].
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is so, and what to do about it, as sentences to a person; Markdown with code spans only.
    pub message: String,
    /// The file that it is about.
    pub file: FileId,
    /// The place in that file.
    pub at: At,
    /// What it is about: a finding is the same one by code and subject, wherever it stands.
    pub subject: Subject,
    /// Other places that help to understand it, in the order in which to read them.
    pub related: Vec<Related>,
    /// The input rows that prove it, where the message tells of some.
    pub example: Option<Arc<Witness>>,
    /// It is about a table of which nobody asked to be told everything: it is counted, not shown.
    pub(crate) is_counted_only: bool,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a thought.
    Hint,
    /// Worth knowing.
    Info,
    /// Ought to be mended.
    Warning,
    /// Must be mended.
    Error,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// A spot of the file's facts, which stays the same when the text only moves.
    Spot(Spot),
    /// A range of the text.
    Range(TextRange),
    /// A part of a sentence of a spec.
    Part {
        /// Where the sentence stands.
        whole: Spot,
        /// The part, counted from the start of the sentence.
        part: TextRange,
    },
}

/// What a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The product.
    pub product: Option<Name>,
    /// The table.
    pub table: Option<TableKey>,
    /// The column of that table.
    pub column: Option<Name>,
    /// The amendment of that product.
    pub amendment: Option<AmendmentId>,
    /// What else tells it from others of its code.
    pub detail: Option<String>,
}

/// Another place that helps to understand a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub file: FileId,
    /// The place in that file.
    pub at: At,
    /// What is to be seen there.
    pub message: String,
}

impl Finding {
    /// A finding of `code` at the level that holds where nobody asked for another.
    pub(crate) fn new(code: &Code, file: &File, at: impl Into<At>, message: String) -> Finding {
        Finding {
            code: code.name,
            severity: Severity::of_level(code.default).unwrap_or(Severity::Hint),
            message,
            file: file.id,
            at: at.into(),
            subject: Subject::default(),
            related: Vec::new(),
            example: None,
            is_counted_only: false,
        }
    }

    /// The same, about `subject`.
    pub(crate) fn about(self, subject: Subject) -> Finding {
        Finding { subject, ..self }
    }

    /// The same, at `severity` where nobody asked for another level: it matters less than others of
    /// its code.
    pub(crate) fn milder(self, severity: Severity) -> Finding {
        Finding { severity, ..self }
    }

    /// The same, proved by these input rows.
    pub(crate) fn shown_by(self, witness: Option<&Witness>) -> Finding {
        Finding {
            example: witness.cloned().map(Arc::new),
            ..self
        }
    }

    /// The same, with one more related place.
    pub(crate) fn see(
        mut self,
        file: &File,
        at: impl Into<At>,
        message: impl Into<String>,
    ) -> Finding {
        self.related.push(Related {
            file: file.id,
            at: at.into(),
            message: message.into(),
        });
        self
    }

    /// Where it stands in the text of its file; the start of the text where the file is gone.
    pub fn range(&self, snapshot: &Snapshot) -> TextRange {
        self.at.range(snapshot, self.file)
    }
}

impl Related {
    /// Where it stands in the text of its file; the start of the text where the file is gone.
    pub fn range(&self, snapshot: &Snapshot) -> TextRange {
        self.at.range(snapshot, self.file)
    }
}

impl At {
    fn range(self, snapshot: &Snapshot, file: FileId) -> TextRange {
        match self {
            At::Spot(spot) => snapshot
                .file(file)
                .map(|file| file.range(spot))
                .unwrap_or_default(),
            At::Range(range) => range,
            At::Part { whole, part } => {
                let range = At::Spot(whole).range(snapshot, file);
                let within = || part_of_sentence(snapshot, file, range, whole, part);
                within().map_or(range, |part| part + range.start())
            }
        }
    }
}

/// The part of a sentence, counted from where the sentence stands in its file; none where YAML folds it.
fn part_of_sentence(
    snapshot: &Snapshot,
    file: FileId,
    range: TextRange,
    whole: Spot,
    part: TextRange,
) -> Option<TextRange> {
    let file = snapshot.file(file)?;
    let amendments = file.native_spec()?.amendments.iter();
    let mut sentences = amendments.flat_map(|amendment| &amendment.guarantees);
    let sentence = sentences.find(|sentence| sentence.spot == whole)?;
    let text = snapshot.text(file)?;
    let source = text.get(range.start().into()..range.end().into())?;
    part_of_source(source, &sentence.value, part)
}

impl From<Spot> for At {
    fn from(spot: Spot) -> At {
        At::Spot(spot)
    }
}

impl From<TextRange> for At {
    fn from(range: TextRange) -> At {
        At::Range(range)
    }
}

impl Severity {
    /// The severity of findings at `level`; `None` where they are not reported.
    pub fn of_level(level: Level) -> Option<Severity> {
        match level {
            Level::Off => None,
            Level::Hint => Some(Severity::Hint),
            Level::Info => Some(Severity::Info),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }

    /// `hint`, `info`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}
