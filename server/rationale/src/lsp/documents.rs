//! The documents that are open in the editor, exactly as the editor has them.

use ropey::{Rope, RopeSlice};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::Encoding;
use tower_lsp::ls_types::{Position, TextDocumentContentChangeEvent, Uri};

/// Open documents by path: an editor may spell one file's address in several ways.
#[derive(Debug, Default)]
pub(super) struct Documents {
    by_path: BTreeMap<PathBuf, Document>,
    /// What readers need of them; made anew when one of them has changed.
    open: Option<Arc<Open>>,
}

/// The open documents' addresses and versions, by path.
pub(super) type Open = BTreeMap<PathBuf, OpenDocument>;

/// How the client knows an open document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OpenDocument {
    /// Its address, as the client spells it.
    pub(super) uri: Uri,
    /// The version that the client gave it; any number, and the next one may be any other.
    pub(super) version: i32,
}

#[derive(Debug)]
struct Document {
    open: OpenDocument,
    text: Rope,
}

impl Documents {
    /// A document is opened, or sent whole once more.
    pub(super) fn open(&mut self, path: PathBuf, uri: Uri, version: i32, text: &str) {
        let document = Document {
            open: OpenDocument { uri, version },
            text: Rope::from_str(text),
        };
        self.by_path.insert(path, document);
        self.open = None;
    }

    /// A document is edited; each change applies to what the one before it left (LSP 3.17,
    /// `DidChangeTextDocumentParams`). False if it is not open.
    pub(super) fn change(
        &mut self,
        path: &Path,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> bool {
        let Some(document) = self.by_path.get_mut(path) else {
            return false;
        };
        for change in changes {
            apply(&mut document.text, change, encoding);
        }
        document.open.version = version;
        self.open = None;
        true
    }

    /// A document is closed. False if it was not open.
    pub(super) fn close(&mut self, path: &Path) -> bool {
        self.open = None;
        self.by_path.remove(path).is_some()
    }

    /// How the client knows the open document at `path`.
    pub(super) fn get(&self, path: &Path) -> Option<&OpenDocument> {
        self.by_path.get(path).map(|document| &document.open)
    }

    /// The text of the open document at `path`.
    pub(super) fn text(&self, path: &Path) -> Option<String> {
        self.by_path
            .get(path)
            .map(|document| document.text.to_string())
    }

    /// The paths of all open documents.
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.by_path.keys()
    }

    /// All open documents, for readers.
    pub(super) fn open_documents(&mut self) -> Arc<Open> {
        let by_path = &self.by_path;
        let list = || {
            Arc::new(
                by_path
                    .iter()
                    .map(|(path, document)| (path.clone(), document.open.clone()))
                    .collect(),
            )
        };
        self.open.get_or_insert_with(list).clone()
    }
}

fn apply(text: &mut Rope, change: TextDocumentContentChangeEvent, encoding: Encoding) {
    let Some(range) = change.range else {
        *text = Rope::from_str(&change.text);
        return;
    };
    let start = char_index(text, range.start, encoding);
    // An end before the start is an empty range at the start.
    let end = char_index(text, range.end, encoding).max(start);
    // Both lie inside the text, so neither call can fail.
    let _ = text.try_remove(start..end);
    let _ = text.try_insert(start, &change.text);
}

/// The index of the character at a position. What lies beyond the end of a line or of the text is
/// moved back to that end, what lies inside a character to its start.
fn char_index(text: &Rope, position: Position, encoding: Encoding) -> usize {
    let line = position.line as usize;
    if line >= text.len_lines() {
        return text.len_chars();
    }
    let content = without_line_end(text.line(line));
    text.line_to_char(line) + char_in_line(content, position.character as usize, encoding)
}

fn char_in_line(line: RopeSlice<'_>, column: usize, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => line.byte_to_char(column.min(line.len_bytes())),
        Encoding::Utf16 => line.utf16_cu_to_char(column.min(line.len_utf16_cu())),
        Encoding::Utf32 => column.min(line.len_chars()),
    }
}

fn without_line_end(line: RopeSlice<'_>) -> RopeSlice<'_> {
    let mut end = line.len_chars();
    while end > 0 && matches!(line.get_char(end - 1), Some('\n' | '\r')) {
        end -= 1;
    }
    line.slice(..end)
}

#[cfg(test)]
mod tests;
