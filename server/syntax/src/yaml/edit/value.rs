//! What an edit writes.

use crate::yaml::bytes::range;
use crate::yaml::tree::{Entry, Node, NodeKind, Style};

/// A value to be written, perhaps with a comment behind its first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub(super) content: Content,
    pub(super) comment: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    Literal(String),
    Sequence(Vec<Value>),
    Mapping(Vec<(String, Value)>),
}

impl Value {
    /// A text: in quotes where it would else be read as something else, by any version of YAML; of
    /// several lines, as a block below its key.
    pub fn text(text: impl Into<String>) -> Value {
        Value::new(Content::Text(text.into()))
    }

    /// A number, a boolean, a date or another word that is written as it is.
    pub fn literal(word: impl Into<String>) -> Value {
        Value::new(Content::Literal(word.into()))
    }

    /// A list.
    pub fn sequence(items: impl IntoIterator<Item = Value>) -> Value {
        Value::new(Content::Sequence(items.into_iter().collect()))
    }

    /// Keys with their values, in this order.
    pub fn mapping<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
        let entries = entries.into_iter();
        let entries = entries.map(|(key, value)| (key.to_owned(), value));
        Value::new(Content::Mapping(entries.collect()))
    }

    /// The value with ` # comment` behind its first line, such as `draft: confirm`. Line breaks in
    /// it become spaces; inside of brackets, which may go on behind it, it is left out.
    pub fn with_comment(mut self, comment: &str) -> Value {
        let words: Vec<&str> = comment.split_whitespace().collect();
        self.comment = Some(words.join(" "));
        self
    }

    fn new(content: Content) -> Value {
        Value {
            content,
            comment: None,
        }
    }

    /// The node that it will be. Ranges and styles are none of its own.
    pub(super) fn node(&self) -> Node {
        let kind = match &self.content {
            Content::Text(value) | Content::Literal(value) => NodeKind::Scalar {
                style: Style::Plain,
                value: value.clone(),
            },
            Content::Sequence(items) => NodeKind::Sequence {
                items: items.iter().map(Value::node).collect(),
                flow: false,
            },
            Content::Mapping(entries) => NodeKind::Mapping {
                entries: entries
                    .iter()
                    .map(|(key, value)| Entry {
                        key: Value::text(key).node(),
                        value: value.node(),
                    })
                    .collect(),
                flow: false,
            },
        };
        Node::new(kind, range(0, 0))
    }
}
