//! The strict front end: the events of a conforming parser, built into our tree.
//!
//! The events say what a text means; where things stand they say only in part, so the gaps between
//! two events are read again here. This is the only module that knows the parser underneath.

mod message;
#[cfg(test)]
mod tests;

use super::bytes::{
    block_scalar_end, byte, is_break, property_end, range, separates, skip_blanks_and_comments,
};
use super::tree::{Document, Entry, Node, NodeKind, Problem, Style};
use super::{BLOCK_NESTING_LIMIT, FLOW_NESTING_LIMIT};
use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StructureStyle};
use smol_str::SmolStr;
use std::ops::Range;

/// The documents of `text`, or its first error. The problems beside the documents are aliases of
/// nothing: they hurt nobody but who follows them.
pub(super) fn parse(text: &str) -> Result<(Vec<Document>, Vec<Problem>), Problem> {
    let mut options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        block_nesting_limit: BLOCK_NESTING_LIMIT,
        flow_nesting_limit: FLOW_NESTING_LIMIT,
    };
    // Buffered comments have a limit of their own, which long commented-out blocks exceed.
    options.set_emit_comments(false);

    let mut builder = Builder::new(text);
    let mut parser = Parser::new_from_str_with_options(text, options);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| problem(text, &error))?;
        builder.event(event, &span);
    }
    Ok((builder.documents, builder.dangling))
}

fn problem(text: &str, error: &ScanError) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(text.len());
    let mut start = at.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let rest = text.get(start..).unwrap_or_default();
    let end = match rest.chars().next() {
        Some(character) if !character.is_ascii() || !is_break(character as u8) => {
            start + character.len_utf8()
        }
        _ => start,
    };
    Problem {
        range: range(start, end),
        message: message::sentence(error.kind()),
    }
}

/// A collection whose end has not come yet.
struct Frame {
    content: Content,
    flow: bool,
    /// Written with brackets or braces; a single pair in a flow sequence is flow without them.
    bracketed: bool,
    start: usize,
    anchor: Option<SmolStr>,
    tag: Option<SmolStr>,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<Entry>,
        key: Option<Node>,
    },
}

/// Whose anchor an anchor event names: the parser sends it right after the node.
#[derive(Clone, Copy)]
enum Last {
    Opened,
    Placed,
}

struct Builder<'a> {
    text: &'a str,
    documents: Vec<Document>,
    dangling: Vec<Problem>,
    open: Vec<Frame>,
    /// The end of what has been read: indicators and content before it are accounted for.
    read: usize,
    last: Last,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Builder<'a> {
        Builder {
            text,
            documents: Vec::new(),
            dangling: Vec::new(),
            open: Vec::new(),
            read: if text.starts_with('\u{feff}') { 3 } else { 0 },
            last: Last::Placed,
        }
    }

    fn event(&mut self, event: Event<'_>, span: &Span) {
        let bytes = span.byte_range().unwrap_or(self.read..self.read);
        match event {
            Event::DocumentStart(true, _) => self.read = self.read.max(bytes.end),
            Event::DocumentEnd if span.slice(self.text) == Some("...") => {
                self.read = self.read.max(bytes.end);
            }
            Event::MappingStart(style, ..) => {
                let content = Content::Mapping {
                    entries: Vec::new(),
                    key: None,
                };
                self.open(content, style, span, bytes.start);
            }
            Event::SequenceStart(StructureStyle::Block, anchor, tag) => {
                // The parser names the first item's content where the dash is not indented.
                let properties = usize::from(anchor != 0) + usize::from(tag.is_some());
                let start = self.first_byte(properties);
                let content = Content::Sequence(Vec::new());
                self.open(content, StructureStyle::Block, span, start);
            }
            Event::SequenceStart(style, ..) => {
                self.open(Content::Sequence(Vec::new()), style, span, bytes.start);
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(bytes.end),
            Event::Scalar(value, style, anchor, tag) => {
                let properties = usize::from(anchor != 0) + usize::from(tag.is_some());
                let node = self.scalar(value.into_owned(), style, bytes, properties);
                self.place(node, written_tag(self.text, span));
            }
            Event::Alias(_) => self.alias(bytes),
            Event::UnresolvedAlias(name) => {
                self.dangling.push(Problem {
                    range: range(bytes.start, bytes.end),
                    message: format!(
                        "`*{name}` stands for nothing: no `&{name}` is above it in this document."
                    ),
                });
                self.alias(bytes);
            }
            Event::Anchor(_, name) => self.anchor(SmolStr::new(name)),
            _ => {}
        }
    }

    fn alias(&mut self, bytes: Range<usize>) {
        let name = self.text.get(bytes.start + 1..bytes.end);
        let kind = NodeKind::Alias(name.unwrap_or_default().into());
        self.place(Node::new(kind, range(bytes.start, bytes.end)), None);
    }

    fn open(&mut self, content: Content, style: StructureStyle, span: &Span, start: usize) {
        let flow = style == StructureStyle::Flow;
        let bracketed = flow && matches!(span.slice(self.text), Some("{" | "["));
        self.read = if bracketed { start + 1 } else { start };
        self.open.push(Frame {
            content,
            flow,
            bracketed,
            start,
            anchor: None,
            tag: written_tag(self.text, span),
        });
        self.last = Last::Opened;
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.open.pop() else {
            return;
        };
        let (kind, content_end) = match frame.content {
            Content::Sequence(items) => {
                let end = items.last().map(|item| item.range.end());
                let flow = frame.flow;
                (NodeKind::Sequence { items, flow }, end)
            }
            Content::Mapping { mut entries, key } => {
                if let Some(key) = key {
                    let value = Node::new(NodeKind::Null, range(self.read, self.read));
                    entries.push(Entry { key, value });
                }
                let end = entries.last().map(|entry| entry.value.range.end());
                let flow = frame.flow;
                (NodeKind::Mapping { entries, flow }, end)
            }
        };
        let end = if frame.bracketed {
            end
        } else {
            content_end.map_or(frame.start, usize::from)
        };
        let mut node = Node::new(kind, range(frame.start, end));
        node.anchor = frame.anchor;
        self.place(node, frame.tag);
    }

    fn scalar(
        &self,
        value: String,
        style: ScalarStyle,
        bytes: Range<usize>,
        properties: usize,
    ) -> Node {
        let Range { start, end } = bytes;
        let style = match style {
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            _ => Style::Plain,
        };
        match style {
            Style::Plain if start == end => {
                let at = self.behind_indicators(properties);
                Node::new(NodeKind::Null, range(at, at))
            }
            Style::Literal | Style::Folded => {
                // The parser's span starts at the first line of text, behind the header.
                let start = self.first_byte(properties);
                let end = block_scalar_end(self.text, start, end);
                Node::new(NodeKind::Scalar { style, value }, range(start, end))
            }
            _ => Node::new(NodeKind::Scalar { style, value }, range(start, end)),
        }
    }

    /// The end of the last indicator, anchor or tag that belongs to the next node, which has as
    /// many `properties`: where it stands if it is absent.
    fn behind_indicators(&self, properties: usize) -> usize {
        let mut at = self.behind_indicator();
        for _ in 0..properties {
            let next = skip_blanks_and_comments(self.text, at);
            at = property_end(self.text, next);
        }
        at
    }

    /// Where the content of the next node starts, which has as many `properties`.
    fn first_byte(&self, properties: usize) -> usize {
        let mut at = self.behind_indicators(properties);
        loop {
            at = skip_blanks_and_comments(self.text, at);
            match self.text.get(at..at + 3) {
                Some("...") => at += 3, // ends no document, so there was no event for it
                _ => return at,
            }
        }
    }

    fn behind_indicator(&self) -> usize {
        let Some(frame) = self.open.last() else {
            return self.read;
        };
        let next = skip_blanks_and_comments(self.text, self.read);
        match &frame.content {
            Content::Sequence(_) if !frame.flow => self.behind(next, b'-').unwrap_or(self.read),
            Content::Sequence(_) => self.behind(next, b',').unwrap_or(self.read),
            Content::Mapping { key: Some(_), .. } => self.behind(next, b':').unwrap_or(self.read),
            Content::Mapping { .. } => {
                let next = match self.behind(next, b',') {
                    Some(comma) if frame.flow => skip_blanks_and_comments(self.text, comma),
                    _ => next,
                };
                match self.behind(next, b'?') {
                    Some(mark) if separates(self.text, mark) => mark,
                    _ => next,
                }
            }
        }
    }

    fn behind(&self, at: usize, indicator: u8) -> Option<usize> {
        (byte(self.text, at) == indicator).then_some(at + 1)
    }

    fn place(&mut self, mut node: Node, tag: Option<SmolStr>) {
        node.tag = tag;
        self.read = self.read.max(node.range.end().into());
        self.last = Last::Placed;
        match self.open.last_mut().map(|frame| &mut frame.content) {
            None => self.documents.push(Document { root: node }),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping { entries, key }) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push(Entry { key, value: node }),
            },
        }
    }

    fn anchor(&mut self, name: SmolStr) {
        let node = match (self.last, self.open.last_mut()) {
            (Last::Opened, Some(frame)) => {
                frame.anchor = Some(name);
                return;
            }
            (_, None) => self.documents.last_mut().map(|document| &mut document.root),
            (Last::Placed, Some(frame)) => match &mut frame.content {
                Content::Sequence(items) => items.last_mut(),
                Content::Mapping { key: Some(key), .. } => Some(key),
                Content::Mapping { entries, .. } => {
                    entries.last_mut().map(|entry| &mut entry.value)
                }
            },
        };
        if let Some(node) = node {
            node.anchor = Some(name);
        }
    }
}

fn written_tag(text: &str, span: &Span) -> Option<SmolStr> {
    span.tag_span()?.slice(text).map(SmolStr::new)
}
