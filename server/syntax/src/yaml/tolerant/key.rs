//! Implicit keys: what makes a line a `key: value`, and the key's own node.

use super::source::Source;
use super::{Owner, Parser, Properties, absent};
use crate::yaml::bytes::{is_blank, is_break, property_end, range, separates};
use crate::yaml::tree::{Node, NodeKind, Style};

impl Source<'_> {
    /// The `:` of the key that starts at `at`, if one does. A key ends on its own line.
    pub(super) fn key_colon(&self, at: usize) -> Option<usize> {
        let start = self.behind_properties(at);
        let end = match self.byte(start) {
            b'"' | b'\'' => self.quoted_key_end(start)?,
            b'[' | b'{' => self.flow_key_end(start)?,
            b'*' => {
                let rest = self.slice(start, self.line_end(start));
                start + rest.find([' ', '\t']).unwrap_or(rest.len())
            }
            b'|' | b'>' | b'#' | b'%' | b'@' | b'`' => return None,
            _ => return self.plain_key_colon(start),
        };
        let colon = self.behind_blanks(end);
        self.is_indicator(colon, b':').then_some(colon)
    }

    fn behind_properties(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), b'&' | b'!') {
            at = self.behind_blanks(property_end(self.text(), at));
        }
        at
    }

    fn behind_blanks(&self, mut at: usize) -> usize {
        while is_blank(self.byte(at)) {
            at += 1;
        }
        at
    }

    fn plain_key_colon(&self, start: usize) -> Option<usize> {
        let end = self.line_end(start);
        let line = self.slice(start, end).as_bytes();
        let mut before = 0;
        for (offset, byte) in line.iter().enumerate() {
            match byte {
                b':' if separates(self.text(), start + offset + 1) => return Some(start + offset),
                b'#' if is_blank(before) => return None,
                _ => before = *byte,
            }
        }
        None
    }

    /// Behind the closing quote of a quoted text on one line.
    fn quoted_key_end(&self, start: usize) -> Option<usize> {
        let quote = self.byte(start);
        let mut at = start + 1;
        loop {
            let byte = self.byte(at);
            if self.is_end(at) || is_break(byte) {
                return None;
            }
            at += match byte {
                b'\\' if quote == b'"' => 2,
                b'\'' if quote == b'\'' && self.byte(at + 1) == b'\'' => 2,
                _ if byte == quote => return Some(at + 1),
                _ => 1,
            };
        }
    }

    /// Behind the closing bracket of a flow collection on one line.
    fn flow_key_end(&self, start: usize) -> Option<usize> {
        let (mut at, mut depth) = (start, 0usize);
        loop {
            let byte = self.byte(at);
            if self.is_end(at) || is_break(byte) {
                return None;
            }
            at = match byte {
                b'"' | b'\'' => self.quoted_key_end(at)?,
                _ => at + 1,
            };
            match byte {
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(at);
            }
        }
    }
}

impl Parser<'_> {
    /// Whether an item or an entry of a block collection starts at `at`.
    pub(super) fn starts_entry(&self, at: usize) -> bool {
        self.source.is_dash(at)
            || self.source.is_indicator(at, b'?')
            || self.source.key_colon(at).is_some()
    }

    /// The key that starts here and ends before `colon`; goes on behind the colon.
    pub(super) fn key(&mut self, colon: usize) -> Node {
        let properties = self.properties();
        let start = self.at;
        let end = self.source.trimmed(start, colon);
        let mut node = match self.peek() {
            _ if end <= start => absent(properties.end),
            b'"' | b'\'' => self.quoted(Owner::Root),
            b'[' | b'{' => self.flow(Owner::Root, 0),
            b'*' => {
                let name = self.source.slice(start + 1, end).into();
                Node::new(NodeKind::Alias(name), range(start, end))
            }
            _ => self.plain_on_line(start, end),
        };
        properties.give_to(&mut node);
        self.at = colon + 1;
        node
    }

    pub(super) fn plain_on_line(&self, start: usize, end: usize) -> Node {
        let kind = NodeKind::Scalar {
            style: Style::Plain,
            value: self.source.slice(start, end).to_owned(),
        };
        Node::new(kind, range(start, end))
    }

    /// Reads the anchor and the tag that stand here, on this line.
    pub(super) fn properties(&mut self) -> Properties {
        let mut properties = Properties {
            anchor: None,
            tag: None,
            end: self.at,
        };
        loop {
            let slot = match self.peek() {
                b'&' => &mut properties.anchor,
                b'!' => &mut properties.tag,
                _ => return properties,
            };
            if slot.is_some() {
                return properties;
            }
            let end = property_end(self.source.text(), self.at);
            let property = self.source.slice(self.at, end);
            *slot = Some(property.strip_prefix('&').unwrap_or(property).into());
            if property == "&" {
                let message = "A name is missing behind `&`.";
                self.report(self.at, end, message);
            }
            properties.end = end;
            self.at = end;
            self.skip_blanks();
        }
    }
}

impl Properties {
    /// Puts them on `node`, unless it has some of its own.
    pub(super) fn give_to(self, node: &mut Node) {
        node.anchor = node.anchor.take().or(self.anchor);
        node.tag = node.tag.take().or(self.tag);
    }
}
