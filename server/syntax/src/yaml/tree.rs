//! The node tree that both front ends build.

use crate::text::TextRange;
use smol_str::SmolStr;

/// One document of a YAML stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its only node; [`NodeKind::Null`] where the document is empty.
    pub root: Node,
}

/// A value, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// From its first byte of content to its last: without anchor and tag, with quotes, with the
    /// header of a block scalar. Empty for an absent value, then where it would stand.
    pub range: TextRange,
    /// The name in `&name`.
    pub anchor: Option<SmolStr>,
    /// The tag as written, such as `!!str`.
    pub tag: Option<SmolStr>,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// No value at all: `key:` with nothing behind it.
    Null,
    /// A single value.
    Scalar {
        /// How it is written.
        style: Style,
        /// What it says: escapes resolved, lines folded.
        value: String,
    },
    /// `*name`, not followed: aliases are resolved by who reads the tree, so a bomb costs nothing.
    Alias(SmolStr),
    /// A list, and whether it is written as `[a, b]`.
    Sequence {
        /// The items in order.
        items: Vec<Node>,
        /// Written in brackets.
        flow: bool,
    },
    /// A mapping, and whether it is written as `{a: b}`. A key may occur twice.
    Mapping {
        /// The entries in order.
        entries: Vec<Entry>,
        /// Written in braces.
        flow: bool,
    },
}

/// One `key: value` of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, mostly a scalar.
    pub key: Node,
    /// The value; [`NodeKind::Null`] where nothing is written.
    pub value: Node,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// Something that is not YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub range: TextRange,
    /// What is wrong, as a sentence to a person.
    pub message: String,
}

impl Node {
    /// A node without anchor and tag.
    pub fn new(kind: NodeKind, range: TextRange) -> Node {
        Node {
            kind,
            range,
            anchor: None,
            tag: None,
        }
    }

    /// The text of a scalar.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The first entry with this key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()
            .iter()
            .find(|entry| entry.key.as_str() == Some(key))
    }

    /// The entries of a mapping; of anything else, none.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; of anything else, none.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Sequence { items, .. } => items,
            _ => &[],
        }
    }
}
