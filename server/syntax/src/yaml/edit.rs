//! Changes to a YAML text that leave every other byte alone.
//!
//! An edit names its place by a path and what shall stand there by a [`Value`]; where the bytes go,
//! and in which style, follows the file. Each edit is applied and parsed again before it is given
//! out: if the tree is not the one expected, or a problem is there that was not, it is refused.
//! That holds in a text that is broken elsewhere, too.

mod block;
mod expectation;
mod flow;
mod layout;
mod place;
mod scalar;
mod value;
mod write;

pub use value::Value;

use super::tree::{Entry, Node, NodeKind};
use super::{Parse, parse};
use crate::edit::{TextEdit, apply};
use layout::Layout;
use place::Place;
use write::Writer;

/// One step of a path into a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step<'a> {
    /// The value of the first entry with this key.
    Key(&'a str),
    /// The item with this number, from 0.
    Item(usize),
}

/// Where among its siblings a new entry goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position<'a> {
    /// Behind all others.
    Last,
    /// Right behind the entry with this key.
    After(&'a str),
    /// Right before the entry with this key, and before the comments above it unless it is the first.
    Before(&'a str),
}

/// Why there is no edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The path leads nowhere.
    #[error("there is no such place in the document")]
    NoSuchPlace,
    /// What stands there is of another kind than the edit needs.
    #[error("what stands there is of another kind")]
    WrongKind,
    /// A mapping cannot have a key twice.
    #[error("the key is there already")]
    KeyExists,
    /// The edit would have changed something else as well, or would not have been YAML.
    #[error("the text around it does not allow a safe edit")]
    Unsafe,
}

/// A text that is to be edited.
#[derive(Clone, Debug)]
pub struct Editor<'a> {
    text: &'a str,
    parse: Parse,
    document: usize,
    layout: Layout,
}

impl<'a> Editor<'a> {
    /// Edits the first document of `text`.
    pub fn new(text: &'a str) -> Editor<'a> {
        let parse = parse(text);
        let layout = Layout::of(text, &parse.documents);
        Editor {
            text,
            parse,
            document: 0,
            layout,
        }
    }

    /// The same text, edited in its document with this number, from 0.
    pub fn in_document(self, document: usize) -> Editor<'a> {
        Editor { document, ..self }
    }

    /// Adds `key: value` to the mapping at `mapping`, which may also be absent or `{}`.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn insert_entry(
        &self,
        mapping: &[Step<'_>],
        key: &str,
        value: &Value,
        position: Position<'_>,
    ) -> Result<Vec<TextEdit>, Refusal> {
        self.in_either_style(|editor| editor.inserted_entry(mapping, key, value, position))
    }

    fn inserted_entry(
        &self,
        mapping: &[Step<'_>],
        key: &str,
        value: &Value,
        position: Position<'_>,
    ) -> Result<Vec<TextEdit>, Refusal> {
        let Some(place) = self.place_or_empty(mapping)? else {
            return self.checked(vec![self.first_entry(key, value)], |documents| {
                expectation::first_entry(documents, key, value)
            });
        };
        if place.node.entry(key).is_some() {
            return Err(Refusal::KeyExists);
        }
        if place.is_pair(self.text) {
            return Err(Refusal::WrongKind);
        }
        let entries = place.node.entries();
        let find = |key: &str| {
            let found = entries
                .iter()
                .position(|entry| entry.key.as_str() == Some(key));
            found.ok_or(Refusal::NoSuchPlace)
        };
        let at = match position {
            Position::Last => entries.len(),
            Position::After(other) => find(other)? + 1,
            Position::Before(other) => find(other)?,
        };
        let edits = match &place.node.kind {
            NodeKind::Mapping { flow: true, .. } if place.is_written_in_flow(self.text) => {
                self.insert_into_flow(&place, at, &write::flow_entry(key, value), value)?
            }
            NodeKind::Mapping { entries, .. } if !entries.is_empty() => {
                let column = layout::column(self.text, place.start());
                let written = self.writer().entry(column, key, value);
                self.insert_block(&place, at, column, &written)
            }
            NodeKind::Null | NodeKind::Mapping { .. } => {
                let column = place.mapping_column(self.text, &self.layout);
                let written = self.writer().entry(column, key, value);
                self.fill(&place, column, &written)?
            }
            _ => return Err(Refusal::WrongKind),
        };
        self.checked(edits, |documents| {
            let node = expectation::node_at(documents, self.document, mapping)?;
            let entry = Entry {
                key: expectation::text(key),
                value: value.node(),
            };
            expectation::insert_entry(node, at, entry)
        })
    }

    /// Adds an item to the sequence at `sequence`, which may also be absent or `[]`: before the
    /// item that has the number `at` now, or at the end.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn insert_item(
        &self,
        sequence: &[Step<'_>],
        at: Option<usize>,
        value: &Value,
    ) -> Result<Vec<TextEdit>, Refusal> {
        self.in_either_style(|editor| editor.inserted_item(sequence, at, value))
    }

    fn inserted_item(
        &self,
        sequence: &[Step<'_>],
        at: Option<usize>,
        value: &Value,
    ) -> Result<Vec<TextEdit>, Refusal> {
        let place = self.place(sequence)?;
        let count = place.node.items().len();
        let at = at.unwrap_or(count);
        if at > count {
            return Err(Refusal::NoSuchPlace);
        }
        let edits = match &place.node.kind {
            NodeKind::Sequence { flow: true, .. } if place.is_written_in_flow(self.text) => {
                self.insert_into_flow(&place, at, &write::flow(value), value)?
            }
            NodeKind::Sequence { items, .. } if !items.is_empty() => {
                let column = layout::column(self.text, place.start());
                let written = self.writer().item(column, value);
                self.insert_block(&place, at, column, &written)
            }
            NodeKind::Null | NodeKind::Sequence { .. } => {
                let column = place.sequence_column(self.text, &self.layout);
                let written = self.writer().item(column, value);
                self.fill(&place, column, &written)?
            }
            _ => return Err(Refusal::WrongKind),
        };
        self.checked(edits, |documents| {
            let node = expectation::node_at(documents, self.document, sequence)?;
            expectation::insert_item(node, at, value.node())
        })
    }

    /// Replaces the scalar, the alias or the absent value at `path` by a scalar. A scalar keeps its
    /// quotes, its anchor and its comment.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn set(&self, path: &[Step<'_>], value: &Value) -> Result<Vec<TextEdit>, Refusal> {
        self.in_either_style(|editor| editor.replaced(path, value))
    }

    fn replaced(&self, path: &[Step<'_>], value: &Value) -> Result<Vec<TextEdit>, Refusal> {
        let place = self.place(path)?;
        let edits = match &place.node.kind {
            NodeKind::Scalar { .. } | NodeKind::Null | NodeKind::Alias(_) => {
                self.replace_scalar(&place, value)?
            }
            _ => return Err(Refusal::WrongKind),
        };
        self.checked(edits, |documents| {
            let node = expectation::node_at(documents, self.document, path)?;
            node.kind = value.node().kind;
            Some(())
        })
    }

    /// Removes the entry or the item at `path`, with the comment on its own last line. A
    /// collection that loses its last member is written `{}` or `[]`.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn remove(&self, path: &[Step<'_>]) -> Result<Vec<TextEdit>, Refusal> {
        let (last, parent) = path.split_last().ok_or(Refusal::WrongKind)?;
        let parent_place = self.place(parent)?;
        let (index, count) = parent_place.position_of(*last)?;
        if parent_place.is_pair(self.text) {
            return Err(Refusal::WrongKind);
        }
        let edits = match &parent_place.node.kind {
            NodeKind::Mapping { flow: true, .. } | NodeKind::Sequence { flow: true, .. } => {
                self.remove_from_flow(&parent_place, index)
            }
            _ if count == 1 => self.empty_block(&parent_place)?,
            _ => self.remove_block(&parent_place, index),
        };
        self.checked(edits, |documents| {
            let node = expectation::node_at(documents, self.document, parent)?;
            expectation::remove(node, index)
        })
    }

    /// Gives the entry at `path` the key `name`.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn rename_key(&self, path: &[Step<'_>], name: &str) -> Result<Vec<TextEdit>, Refusal> {
        let (last, parent) = path.split_last().ok_or(Refusal::WrongKind)?;
        let parent_place = self.place(parent)?;
        let (index, _) = parent_place.position_of(*last)?;
        let mapping = parent_place.node;
        if mapping.entry(name).is_some() {
            return Err(Refusal::KeyExists);
        }
        let entry = mapping.entries().get(index).ok_or(Refusal::WrongKind)?;
        let style = match &entry.key.kind {
            NodeKind::Scalar { style, .. } => *style,
            _ => return Err(Refusal::WrongKind),
        };
        let in_flow = parent_place.in_flow || place::is_flow(mapping);
        let key = scalar::inline(name, style, in_flow);
        let edit = TextEdit::replace(entry.key.range, key);
        self.checked(vec![edit], |documents| {
            let node = expectation::node_at(documents, self.document, parent)?;
            let NodeKind::Mapping { entries, .. } = &mut node.kind else {
                return None;
            };
            entries.get_mut(index)?.key.kind = expectation::text(name).kind;
            Some(())
        })
    }

    /// Blanks that stand below a block, such as the indentation an editor leaves behind, would be
    /// taken for its text. There the same edit is tried with quotes.
    fn in_either_style(
        &self,
        edit: impl Fn(&Editor<'a>) -> Result<Vec<TextEdit>, Refusal>,
    ) -> Result<Vec<TextEdit>, Refusal> {
        match edit(self) {
            Err(Refusal::Unsafe) => {
                let mut quoting = self.clone();
                quoting.layout.blocks = false;
                edit(&quoting)
            }
            result => result,
        }
    }

    fn writer(&self) -> Writer<'_> {
        Writer::new(&self.layout)
    }

    fn root(&self) -> Option<&Node> {
        let document = self.parse.documents.get(self.document)?;
        Some(&document.root)
    }

    fn place(&self, path: &[Step<'_>]) -> Result<Place<'_>, Refusal> {
        let root = self.root().ok_or(Refusal::NoSuchPlace)?;
        Place::find(root, path).ok_or(Refusal::NoSuchPlace)
    }

    /// The place, or `None` for the root of a text that has no document yet.
    fn place_or_empty(&self, path: &[Step<'_>]) -> Result<Option<Place<'_>>, Refusal> {
        if self.parse.documents.is_empty() && self.document == 0 && path.is_empty() {
            return Ok(None);
        }
        self.place(path).map(Some)
    }

    /// `edits`, if they turn the documents into what `expect` makes of them, and nothing else.
    fn checked(
        &self,
        edits: Vec<TextEdit>,
        expect: impl FnOnce(&mut Vec<super::Document>) -> Option<()>,
    ) -> Result<Vec<TextEdit>, Refusal> {
        let mut expected = self.parse.documents.clone();
        expect(&mut expected).ok_or(Refusal::NoSuchPlace)?;
        let text = apply(self.text, &edits).ok_or(Refusal::Unsafe)?;
        let found = parse(&text);
        let safe = expectation::is_met(&expected, &found.documents)
            && expectation::has_no_new_problem(&self.parse.problems, &found.problems);
        safe.then_some(edits).ok_or(Refusal::Unsafe)
    }
}

/// Whether two lists of documents say the same.
pub(super) fn say_the_same(left: &[super::Document], right: &[super::Document]) -> bool {
    expectation::is_met(left, right)
}

#[cfg(test)]
mod tests;
