//! Flow collections: `[a, b]` and `{a: b}`.
//!
//! A bracket that is never closed is the usual state while one is typed, so a line that stands left
//! of the collection's owner, or that looks like a block entry, ends it.

use super::plain::fold;
use super::{Owner, Parser, absent, end_of};
use crate::yaml::FLOW_NESTING_LIMIT;
use crate::yaml::bytes::{
    is_blank, is_break, is_flow_indicator, range, separates, skip_blanks_and_comments,
};
use crate::yaml::tree::{Entry, Node, NodeKind, Style};

impl Parser<'_> {
    /// The flow collection whose bracket stands here, inside of `depth` others.
    pub(super) fn flow(&mut self, owner: Owner, depth: usize) -> Node {
        let start = self.at;
        if depth >= FLOW_NESTING_LIMIT {
            self.report(start, start + 1, "This is nested too deeply to be read.");
            self.at = self.source.line_end(start);
            return absent(start);
        }
        let mut collection = Collection::new(self.peek());
        self.at += 1;
        let end = loop {
            if !self.flow_gap(owner) || self.looks_like_an_item(&collection) {
                break self.unclosed(start, &collection);
            }
            let found = self.peek();
            if matches!(found, b']' | b'}') {
                if found != collection.closing {
                    let message = format!(
                        "The wrong bracket closes this: write `{}`.",
                        char::from(collection.closing)
                    );
                    self.report(self.at, self.at + 1, message);
                }
                self.at += 1;
                break self.at;
            }
            if found == b',' {
                self.at += 1;
                continue;
            }
            self.flow_entry(owner, depth, &mut collection);
            if self.flow_gap(owner) && !matches!(self.peek(), b',' | b']' | b'}') {
                if self.source.starts_line(self.at) {
                    break self.unclosed(start, &collection);
                }
                self.report(
                    self.at,
                    self.at + 1,
                    "A `,` or the closing bracket is missing here.",
                );
            }
        };
        Node::new(collection.kind(), range(start, end))
    }

    /// Ends a collection whose closing bracket is missing, behind the last content.
    fn unclosed(&mut self, start: usize, collection: &Collection) -> usize {
        let end = self.source.trimmed(start, self.at).max(start + 1);
        let message = format!(
            "This bracket is never closed: add `{}`.",
            char::from(collection.closing)
        );
        self.report(start, end, message);
        self.at = end;
        end
    }

    /// A dash at the start of a line: the next item of a block sequence, not of this one.
    fn looks_like_an_item(&self, collection: &Collection) -> bool {
        collection.closing == b']'
            && self.source.is_dash(self.at)
            && self.source.starts_line(self.at)
    }

    /// Reads an item, an entry or a pair. Always goes on by at least one character.
    fn flow_entry(&mut self, owner: Owner, depth: usize, collection: &mut Collection) {
        let start = self.at;
        let explicit = self.source.is_indicator(self.at, b'?');
        let mut behind = self.at;
        if explicit {
            self.at += 1;
            behind = self.at;
            self.flow_gap(owner);
        }
        let key = match (self.is_flow_colon(self.at), explicit) {
            (true, true) => absent(behind),
            (true, false) => absent(self.at),
            _ if matches!(self.peek(), b',' | b']' | b'}') => absent(behind),
            _ => self.flow_node(owner, depth),
        };
        let colon_needs_space = !is_json_like(&key);
        let value = if self.flow_gap(owner)
            && self.peek() == b':'
            && (!colon_needs_space || self.is_flow_colon(self.at))
        {
            self.at += 1;
            let behind = self.at;
            if self.flow_gap(owner) && !matches!(self.peek(), b',' | b']' | b'}') {
                Some(self.flow_node(owner, depth))
            } else {
                Some(absent(behind))
            }
        } else {
            None
        };
        if self.at == start {
            self.report(
                start,
                start + 1,
                "This cannot stand here: put it in quotes.",
            );
            self.at = self.source.char_boundary(start + 1);
        }
        collection.add(start, key, value, explicit);
    }

    /// A `:` that separates key and value inside of brackets.
    fn is_flow_colon(&self, at: usize) -> bool {
        self.source.byte(at) == b':'
            && (separates(self.source.text(), at + 1)
                || is_flow_indicator(self.source.byte(at + 1)))
    }

    fn flow_node(&mut self, owner: Owner, depth: usize) -> Node {
        let mut properties = self.properties();
        // Anchor and tag may stand on different lines.
        while properties.end < self.at || is_break(self.peek()) || self.peek() == b'#' {
            let before = self.at;
            if !self.flow_gap(owner) || !matches!(self.peek(), b'&' | b'!') {
                break;
            }
            let more = self.properties();
            properties.anchor = properties.anchor.or(more.anchor);
            properties.tag = properties.tag.or(more.tag);
            properties.end = more.end;
            if self.at == before {
                break;
            }
        }
        let mut node = match self.peek() {
            b'[' | b'{' => self.flow(owner, depth + 1),
            b'"' | b'\'' => self.quoted(owner),
            b'*' => self.alias(is_flow_indicator),
            byte if is_flow_indicator(byte) || self.is_done() || self.is_flow_colon(self.at) => {
                absent(properties.end)
            }
            _ => self.flow_plain(owner),
        };
        properties.give_to(&mut node);
        node
    }

    /// A plain text inside of brackets, which may go on on the next lines.
    fn flow_plain(&mut self, owner: Owner) -> Node {
        let start = self.at;
        let mut end = start;
        let mut value = String::new();
        loop {
            let stop = self.flow_plain_stop(self.at);
            let line_text = self.source.trimmed(self.at, stop);
            value.push_str(self.source.slice(self.at, line_text));
            end = end.max(line_text);
            self.at = stop;
            if !is_break(self.peek()) {
                break;
            }
            let (next, breaks) = self.source.next_content(stop);
            if !self.flow_gap(owner)
                || self.at != next
                || is_flow_indicator(self.peek())
                || self.is_flow_colon(next)
            {
                self.at = stop;
                break;
            }
            fold(&mut value, breaks);
        }
        if value.is_empty() {
            return absent(start);
        }
        let style = Style::Plain;
        Node::new(NodeKind::Scalar { style, value }, range(start, end))
    }

    /// Where the plain text at `start` ends on its line.
    fn flow_plain_stop(&self, start: usize) -> usize {
        // Not by way of the line's end: a line may hold a great many items.
        let mut at = start;
        let mut before = 0;
        loop {
            let byte = self.source.byte(at);
            if self.source.is_end(at)
                || is_break(byte)
                || is_flow_indicator(byte)
                || self.is_flow_colon(at)
                || (byte == b'#' && is_blank(before))
            {
                return at;
            }
            before = byte;
            at += 1;
        }
    }

    /// Skips blanks, comments and line breaks inside of brackets. `false` where the collection ends
    /// unclosed; nothing is skipped then but blanks.
    fn flow_gap(&mut self, owner: Owner) -> bool {
        self.skip_blanks();
        if !self.at_line_end() {
            return true;
        }
        let next = skip_blanks_and_comments(self.source.text(), self.at);
        let closes = matches!(self.source.byte(next), b']' | b'}')
            && !self.source.is_end(next)
            && Owner::Column(self.source.column(next)) >= owner;
        if closes || self.may_continue(next, owner) {
            self.at = next;
            return true;
        }
        false
    }
}

/// What has been read of a flow collection.
struct Collection {
    closing: u8,
    items: Vec<Node>,
    entries: Vec<Entry>,
}

impl Collection {
    fn new(opening: u8) -> Collection {
        Collection {
            closing: if opening == b'[' { b']' } else { b'}' },
            items: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Adds `key` alone, or with its value; in a sequence that is a mapping of one entry.
    fn add(&mut self, start: usize, key: Node, value: Option<Node>, explicit: bool) {
        if self.closing == b']' && value.is_none() && !explicit {
            self.items.push(key);
            return;
        }
        let value = value.unwrap_or_else(|| absent(end_of(&key)));
        let end = end_of(&value);
        let entry = Entry { key, value };
        if self.closing == b'}' {
            self.entries.push(entry);
            return;
        }
        let kind = NodeKind::Mapping {
            entries: vec![entry],
            flow: true,
        };
        self.items.push(Node::new(kind, range(start, end)));
    }

    fn kind(self) -> NodeKind {
        match self.closing {
            b']' => NodeKind::Sequence {
                items: self.items,
                flow: true,
            },
            _ => NodeKind::Mapping {
                entries: self.entries,
                flow: true,
            },
        }
    }
}

/// A key behind which a `:` needs no space.
fn is_json_like(key: &Node) -> bool {
    match &key.kind {
        NodeKind::Scalar { style, .. } => *style != Style::Plain,
        NodeKind::Sequence { .. } | NodeKind::Mapping { .. } => true,
        NodeKind::Null | NodeKind::Alias(_) => false,
    }
}
