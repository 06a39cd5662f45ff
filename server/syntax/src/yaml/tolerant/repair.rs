//! Lines that fit nowhere: who gets them.
//!
//! Each decision here is about one line that is no YAML where it stands. The rule throughout: the
//! line itself may be misread, but the levels that are open stay open, for the lines below are fine.

use super::node::stretch;
use super::{Open, Owner, Parser, absent, end_of, start_of};
use crate::yaml::bytes::range;
use crate::yaml::tree::{Entry, Node, NodeKind};

const TOO_DEEP: &str =
    "This line is indented deeper than the one it follows: align it with its neighbours.";
const NO_LEVEL: &str =
    "This line's indentation fits none of the lines above it: align it with its neighbours.";
const NO_COLON: &str = "This key has no `:` behind it: write `key: value`.";
const NO_DASH: &str = "This stands among list items: start it with `- `, or indent it.";
const NO_OWNER: &str = "This line belongs to nothing above it: check its indentation.";
const DASH: &str = "This list item does not line up with a list: check its indentation.";

/// Where a line belongs that stands left of the innermost open collection.
pub(super) enum Dedent {
    /// Nowhere: a word typed in passing.
    Stray,
    /// To the innermost collection, though it does not line up.
    Here,
    /// To one of the others.
    FurtherOut,
}

impl Parser<'_> {
    /// Decides about the line here, in column `here`.
    pub(super) fn dedent(&mut self, here: usize) -> Dedent {
        if self.is_stray_word(here) {
            self.report_line(NO_COLON);
            return Dedent::Stray;
        }
        if self.is_open_further_out(here) || !self.is_nearest_to_innermost(here) {
            return Dedent::FurtherOut;
        }
        self.report_line(NO_LEVEL);
        Dedent::Here
    }

    /// Whether a collection around the innermost one stands at `column`.
    pub(super) fn is_open_further_out(&self, column: usize) -> bool {
        let outer = self.open.iter().rev().skip(1);
        outer.into_iter().any(|open| open.column == column)
    }

    /// A word without a colon, left of lines that go on where they were: it was typed in passing,
    /// and must not end what is open.
    fn is_stray_word(&self, here: usize) -> bool {
        let structural = matches!(
            self.peek(),
            b'?' | b':' | b'[' | b'{' | b']' | b'}' | b'"' | b'\''
        );
        if structural || self.starts_entry(self.at) {
            return false;
        }
        let mut at = self.source.line_end(self.at);
        loop {
            (at, _) = self.source.next_content(at);
            match self.source.byte(at) {
                b'#' => at = self.source.line_end(at),
                _ => break,
            }
        }
        let column = self.source.column(at);
        let sequence = self.source.is_dash(at);
        let goes_on = |open: &Open| open.column == column && open.sequence == sequence;
        let Some(level) = self.open.iter().position(goes_on).filter(|_| column > here) else {
            return false;
        };
        // Right above the list of a sibling, the word may also be a key without its colon: then the
        // items below it are of another kind.
        let sibling = level.checked_sub(1).and_then(|outer| self.open.get(outer));
        let is_sibling = sibling.is_some_and(|open| !open.sequence && open.column == here);
        let item = self.open.get(level).and_then(|open| open.last);
        !(sequence && is_sibling && item.is_some_and(|item| !self.are_alike(item, at)))
    }

    /// Whether two items start with the same key, or are both no mapping.
    fn are_alike(&self, one: usize, other: usize) -> bool {
        let key = |dash: usize| {
            let start = dash + 1;
            let colon = self.source.key_colon(start)?;
            Some(self.source.slice(start, colon).trim())
        };
        key(one) == key(other)
    }

    /// Whether the innermost collection is the best home for a line in column `here`, which lines
    /// up with none: the nearest column counts, and whether it is a list.
    fn is_nearest_to_innermost(&self, here: usize) -> bool {
        let dash = self.source.is_dash(self.at);
        let nearest = self.open.iter().enumerate().rev().min_by_key(|(_, open)| {
            open.column.abs_diff(here) * 2 + if open.sequence == dash { 0 } else { 3 }
        });
        nearest.is_some_and(|(level, _)| level + 1 == self.open.len())
    }

    /// A line without a dash where items stand: a mapping makes an item, a word does not.
    pub(super) fn entry_among_items(&mut self) -> Option<Node> {
        self.report_line(NO_DASH);
        if self.starts_entry(self.at) {
            return Some(self.node(Owner::left_of(self.source.column(self.at))));
        }
        self.skip_line();
        None
    }

    /// A line deeper than the dashes that the last item has not taken: it is its continuation.
    pub(super) fn deeper_than_items(&mut self, here: usize, items: &mut [Node]) {
        self.report_deeper(items.last());
        let node = self.node(Owner::left_of(here));
        let Some(last) = items.last_mut() else {
            return;
        };
        if is_word_above(last, &node) {
            return self.make_key(last, node, here);
        }
        match (&mut last.kind, node.kind) {
            (NodeKind::Mapping { entries, .. }, NodeKind::Mapping { entries: more, .. }) => {
                entries.extend(more);
                stretch(last, node.range.end().into());
            }
            (NodeKind::Null, kind) => {
                last.kind = kind;
                last.range = node.range;
            }
            _ => {}
        }
    }

    /// A line deeper than the keys that the last value has not taken.
    pub(super) fn deeper_than_entries(&mut self, here: usize, entries: &mut Vec<Entry>) {
        let word = entries.last().map(|entry| &entry.value);
        let word = word.filter(|value| self.is_word_below(value, here));
        self.report_deeper(word);
        let takes_key = word.is_some();
        let node = self.node(Owner::left_of(here));
        if let Some(last) = entries.last_mut().filter(|_| takes_key)
            && is_word_above(&last.value, &node)
        {
            return self.make_key(&mut last.value, node, here);
        }
        match node.kind {
            NodeKind::Mapping { entries: more, .. } => entries.extend(more),
            NodeKind::Sequence { .. } => give_items(node, entries.last_mut()),
            _ => {}
        }
    }

    /// Makes a mapping of `word`, which was to be its first key but has no colon yet. What stands
    /// below it in column `here` is its value, or the next entries.
    fn make_key(&self, word: &mut Node, below: Node, here: usize) {
        let (start, behind) = (start_of(word), end_of(word));
        let end = end_of(&below).max(behind);
        let is_child = here > self.source.column(start);
        let key = std::mem::replace(word, absent(behind));
        let value = absent(behind);
        let entries = match below.kind {
            NodeKind::Mapping { entries, .. } if !is_child => {
                let first = std::iter::once(Entry { key, value });
                first.chain(entries).collect()
            }
            _ => vec![Entry { key, value: below }],
        };
        let flow = false;
        *word = Node::new(NodeKind::Mapping { entries, flow }, range(start, end));
    }

    /// Reports a line that is too deep; where `word` is a text that was to be the first key of a
    /// mapping, that text is what is wrong.
    fn report_deeper(&mut self, word: Option<&Node>) {
        match word {
            Some(Node {
                kind: NodeKind::Scalar { .. },
                range,
                ..
            }) if self.starts_entry(self.at) => {
                self.report(range.start().into(), range.end().into(), NO_COLON);
            }
            _ => self.report_line(TOO_DEEP),
        }
    }

    /// Whether `value` is a text that starts its line in column `here`: a key without its colon.
    fn is_word_below(&self, value: &Node, here: usize) -> bool {
        matches!(value.kind, NodeKind::Scalar { .. })
            && self.source.starts_line(start_of(value))
            && self.source.column(start_of(value)) == here
    }

    /// A dash where keys stand. It may be the list of the last key, or belong further out: then
    /// nothing is read and the answer is `false`.
    pub(super) fn item_among_entries(&mut self, column: usize, entries: &mut [Entry]) -> bool {
        let last = entries.last_mut();
        let takes_items = last.as_ref().is_some_and(|entry| match &entry.value.kind {
            NodeKind::Null => entry.value.anchor.is_none(),
            NodeKind::Sequence { flow, .. } => !flow,
            _ => false,
        });
        let mut outer = self.open.iter().rev().skip(1);
        if !takes_items && outer.any(|open| open.sequence && open.column == column) {
            return false;
        }
        // Of a key without a value that is the list, and its own line has said so.
        let unfinished = last
            .as_ref()
            .is_some_and(|entry| entry.value.kind == NodeKind::Null);
        if !unfinished {
            self.report_line(DASH);
        }
        let sequence = self.sequence(column);
        if takes_items {
            give_items(sequence, last);
        }
        true
    }

    /// A line that the root value does not own: collections take it, and a scalar becomes the key
    /// of one.
    pub(super) fn adopt(&mut self, root: &mut Node) {
        let column = self.source.column(self.at);
        if matches!(root.kind, NodeKind::Scalar { .. }) && self.starts_entry(self.at) {
            self.report(start_of(root), end_of(root), NO_COLON);
            let node = self.node(Owner::Root);
            return self.make_key(root, node, column);
        }
        self.report_line(NO_OWNER);
        match &mut root.kind {
            NodeKind::Mapping { entries, .. } => {
                self.within(column, false, |parser| {
                    parser.mapping_entries(column, entries);
                });
                let end = entries.last().map_or(0, |entry| end_of(&entry.value));
                stretch(root, end);
            }
            NodeKind::Sequence { items, .. } if self.source.is_dash(self.at) => {
                self.within(column, true, |parser| parser.sequence_items(column, items));
                let end = items.last().map_or(0, end_of);
                stretch(root, end);
            }
            NodeKind::Sequence { .. } => self.skip_line(),
            _ if self.starts_entry(self.at) => *root = self.node(Owner::Root),
            _ => self.skip_line(),
        }
    }
}

/// Whether `word` can be a key without its colon, to which the collection `below` belongs.
fn is_word_above(word: &Node, below: &Node) -> bool {
    let collection = matches!(
        below.kind,
        NodeKind::Mapping { .. } | NodeKind::Sequence { .. }
    );
    collection && matches!(word.kind, NodeKind::Scalar { .. })
}

/// Adds the items of `sequence` to the list that `entry` has, or makes it its list.
fn give_items(sequence: Node, entry: Option<&mut Entry>) {
    let Some(entry) = entry else {
        return;
    };
    match (&mut entry.value.kind, sequence.kind) {
        (NodeKind::Sequence { items, .. }, NodeKind::Sequence { items: more, .. }) => {
            items.extend(more);
            stretch(&mut entry.value, sequence.range.end().into());
        }
        (NodeKind::Null, kind) => {
            entry.value.kind = kind;
            entry.value.range = sequence.range;
        }
        _ => {}
    }
}
