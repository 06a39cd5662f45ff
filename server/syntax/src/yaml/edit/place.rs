//! Finding the node that a path names, with what is around it.

use super::layout::{Layout, column};
use super::{Refusal, Step};
use crate::yaml::bytes::{byte, property_end, skip_blanks_and_comments};
use crate::yaml::tree::{Entry, Node, NodeKind};

/// A node, and who owns it.
pub(super) struct Place<'a> {
    pub(super) node: &'a Node,
    owner: Owner<'a>,
    /// Whether a collection around it is written with brackets.
    pub(super) in_flow: bool,
}

enum Owner<'a> {
    Document,
    Entry { mapping: &'a Node, entry: &'a Entry },
    Item { sequence: &'a Node },
}

impl<'a> Place<'a> {
    pub(super) fn find(root: &'a Node, path: &[Step<'_>]) -> Option<Place<'a>> {
        let mut place = Place {
            node: root,
            owner: Owner::Document,
            in_flow: false,
        };
        for step in path {
            let parent = place.node;
            let (node, owner) = match step {
                Step::Key(key) => {
                    let entry = parent.entry(key)?;
                    let mapping = parent;
                    (&entry.value, Owner::Entry { mapping, entry })
                }
                Step::Item(index) => {
                    let sequence = parent;
                    (parent.items().get(*index)?, Owner::Item { sequence })
                }
            };
            place = Place {
                node,
                owner,
                in_flow: place.in_flow || is_flow(parent),
            };
        }
        Some(place)
    }

    pub(super) fn start(&self) -> usize {
        self.node.range.start().into()
    }

    pub(super) fn end(&self) -> usize {
        self.node.range.end().into()
    }

    /// The members of the collection: where each starts and ends.
    pub(super) fn members(&self) -> Vec<(usize, usize)> {
        let items = self.node.items().iter().map(|item| (item, item));
        let entries = self.node.entries().iter();
        let entries = entries.map(|entry| (&entry.key, &entry.value));
        items
            .chain(entries)
            .map(|(first, last)| (first.range.start().into(), last.range.end().into()))
            .collect()
    }

    /// The last node of the member with this number.
    pub(super) fn member(&self, index: usize) -> Option<&'a Node> {
        let entry = self.node.entries().get(index).map(|entry| &entry.value);
        entry.or_else(|| self.node.items().get(index))
    }

    /// The number of the member that `step` names, and how many there are.
    pub(super) fn position_of(&self, step: Step<'_>) -> Result<(usize, usize), Refusal> {
        match (step, &self.node.kind) {
            (Step::Key(key), NodeKind::Mapping { entries, .. }) => {
                let mut keys = entries.iter().map(|entry| entry.key.as_str());
                let index = keys.position(|found| found == Some(key));
                Ok((index.ok_or(Refusal::NoSuchPlace)?, entries.len()))
            }
            (Step::Item(index), NodeKind::Sequence { items, .. }) if index < items.len() => {
                Ok((index, items.len()))
            }
            _ => Err(Refusal::NoSuchPlace),
        }
    }

    /// Whether new members go between its brackets: empty ones outside of others give way to a
    /// block, unless there is a comment in them.
    pub(super) fn is_written_in_flow(&self, text: &str) -> bool {
        let inner = text.get(self.start() + 1..self.end().saturating_sub(1));
        let empty = inner.is_some_and(|inner| inner.trim().is_empty());
        is_flow(self.node) && (self.in_flow || !empty)
    }

    /// Whether this is `[key: value]`, a mapping of one entry without braces.
    pub(super) fn is_pair(&self, text: &str) -> bool {
        is_flow(self.node)
            && matches!(self.node.kind, NodeKind::Mapping { .. })
            && byte(text, self.start()) != b'{'
    }

    /// Whether this is the absent value of a key that has no `:` either.
    pub(super) fn lacks_colon(&self, text: &str) -> bool {
        matches!(self.owner, Owner::Entry { .. })
            && self.node.kind == NodeKind::Null
            && self.behind_key(text).is_none()
    }

    /// Where the keys of a mapping stand that is not there yet.
    pub(super) fn mapping_column(&self, text: &str, layout: &Layout) -> usize {
        match &self.owner {
            Owner::Document => 0,
            Owner::Entry { mapping, .. } => column_of(text, mapping) + layout.mapping_indent,
            Owner::Item { sequence } => column_of(text, sequence) + layout.dash_width,
        }
    }

    /// Where the dashes of a sequence stand that is not there yet.
    pub(super) fn sequence_column(&self, text: &str, layout: &Layout) -> usize {
        match &self.owner {
            Owner::Document => 0,
            Owner::Entry { mapping, .. } => column_of(text, mapping) + layout.sequence_indent,
            Owner::Item { sequence } => column_of(text, sequence) + layout.dash_width,
        }
    }

    /// The column that text of several lines must stand deeper than.
    pub(super) fn owner_column(&self, text: &str) -> Option<usize> {
        match &self.owner {
            Owner::Document => None,
            Owner::Entry { mapping, .. } => Some(column_of(text, mapping)),
            Owner::Item { sequence } => Some(column_of(text, sequence)),
        }
    }

    /// Behind the `:` of its key, and behind its anchor and tag: where its value starts, wherever
    /// that is. `None` where a `-` or nothing owns it.
    pub(super) fn behind_key(&self, text: &str) -> Option<usize> {
        let Owner::Entry { entry, .. } = &self.owner else {
            return None;
        };
        let colon = skip_blanks_and_comments(text, entry.key.range.end().into());
        if byte(text, colon) != b':' {
            return None;
        }
        let mut at = colon + 1;
        let properties =
            usize::from(self.node.anchor.is_some()) + usize::from(self.node.tag.is_some());
        for _ in 0..properties {
            at = property_end(text, skip_blanks_and_comments(text, at));
        }
        Some(at)
    }
}

pub(super) fn is_flow(node: &Node) -> bool {
    matches!(
        node.kind,
        NodeKind::Mapping { flow: true, .. } | NodeKind::Sequence { flow: true, .. }
    )
}

fn column_of(text: &str, node: &Node) -> usize {
    column(text, node.range.start().into())
}
