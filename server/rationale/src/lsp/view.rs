//! What a request reads from: one consistent state of the workspace, and how the client knows it.

use super::capabilities::Abilities;
use super::configuration::Shown;
use super::documents::Open;
use super::uri;
use checks::{Answers, Finding};
use ide::PastRenames;
use index::{File, FileId, Snapshot, Workspace};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use syntax::{LineIndex, TextRange, TextSize};
use tower_lsp::ls_types::{Position, Range, Uri};

/// One consistent state of the workspace. Lives as long as one answer is worked out.
pub(super) struct View {
    /// The workspace.
    pub(super) snapshot: Snapshot,
    /// What the client can.
    pub(super) abilities: Abilities,
    /// The documents that are open there.
    pub(super) open: Arc<Open>,
    /// What became of the sentences that are in force.
    pub(super) answers: Answers,
    /// What the person wants to be shown besides findings.
    pub(super) shown: Shown,
    /// The state that the branch was made from, where it is known and the request needs it.
    pub(super) base: Option<Snapshot>,
    /// The findings of the file that was asked about, where the request needs them.
    pub(super) findings: Vec<Finding>,
    /// The workspace, where the request tries what changes would come to.
    pub(super) workspace: Option<Workspace>,
    /// Why the file that was asked about is set aside, if it is.
    pub(super) failure: Option<String>,
    /// The renames that were answered before.
    pub(super) past_renames: Arc<Mutex<PastRenames>>,
    texts: RefCell<BTreeMap<FileId, Option<Text>>>,
}

/// A text and where its lines start.
#[derive(Clone)]
pub(super) struct Text {
    /// The text.
    pub(super) text: Arc<str>,
    /// Its lines.
    pub(super) lines: Arc<LineIndex>,
}

impl View {
    /// A view of `snapshot` for such a client, with these documents open.
    pub(super) fn new(snapshot: Snapshot, abilities: Abilities, open: Arc<Open>) -> View {
        View {
            snapshot,
            abilities,
            open,
            answers: Answers::default(),
            shown: Shown::default(),
            base: None,
            findings: Vec::new(),
            workspace: None,
            failure: None,
            past_renames: Arc::default(),
            texts: RefCell::default(),
        }
    }

    /// The file at an address, if it is part of the workspace.
    pub(super) fn file(&self, uri: &Uri) -> Option<&File> {
        self.snapshot.file_at(&uri::path(uri)?)
    }

    /// The address of the file at `path`, spelled as the client spells it where it has it open.
    pub(super) fn uri(&self, path: &Path) -> Option<Uri> {
        match self.open.get(path) {
            Some(open) => Some(open.uri.clone()),
            None => uri::of_path(path),
        }
    }

    /// The offset of a position in a file.
    pub(super) fn offset(&self, file: &File, position: Position) -> Option<TextSize> {
        let text = self.text(file)?;
        let position = syntax::text::Position {
            line: position.line,
            column: position.character,
        };
        Some(
            text.lines
                .offset(&text.text, position, self.abilities.encoding),
        )
    }

    /// The offsets of a range in a file; an end before the start is moved to it.
    pub(super) fn text_range(&self, file: &File, range: Range) -> Option<TextRange> {
        let start = self.offset(file, range.start)?;
        Some(TextRange::new(
            start,
            self.offset(file, range.end)?.max(start),
        ))
    }

    /// The positions of a range in a file.
    pub(super) fn range(&self, file: &File, range: TextRange) -> Option<Range> {
        let text = self.text(file)?;
        Some(text.range(range, self.abilities))
    }

    /// The text of a file; `None` if it can't be read any more.
    pub(super) fn text(&self, file: &File) -> Option<Text> {
        let mut texts = self.texts.borrow_mut();
        texts
            .entry(file.id)
            .or_insert_with(|| self.snapshot.text(file).map(Text::new))
            .clone()
    }
}

impl Text {
    /// `text` and where its lines start.
    pub(super) fn new(text: Arc<str>) -> Text {
        let lines = Arc::new(LineIndex::new(&text));
        Text { text, lines }
    }

    /// The position of an offset.
    pub(super) fn position(&self, offset: TextSize, abilities: Abilities) -> Position {
        let position = self.lines.position(&self.text, offset, abilities.encoding);
        Position::new(position.line, position.column)
    }

    /// The positions of a range.
    pub(super) fn range(&self, range: TextRange, abilities: Abilities) -> Range {
        Range::new(
            self.position(range.start(), abilities),
            self.position(range.end(), abilities),
        )
    }
}
