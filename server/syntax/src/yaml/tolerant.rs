//! The tolerant front end: a recursive descent that trusts the indentation.
//!
//! It builds the same tree as the strict one from any text. People break YAML one line at a time, and the
//! columns of the other lines still say what belongs together; so whatever fits nowhere is
//! reported once and given to the nearest open collection, and nothing below it is lost. It must know
//! nothing of the strict parser: tests hold the two trees equal.

mod block_scalar;
mod flow;
mod key;
mod mapping;
mod node;
mod plain;
mod quoted;
mod repair;
mod sequence;
mod source;
#[cfg(test)]
mod tests;

use super::bytes::{is_blank, is_break, range};
use super::tree::{Document, Node, NodeKind, Problem};
use smol_str::SmolStr;
use source::Source;

/// A text with more broken places than this is not YAML at all; naming them all helps nobody.
const PROBLEM_LIMIT: usize = 200;

/// The documents of `text`, and one problem for each broken line.
pub(super) fn parse(text: &str) -> (Vec<Document>, Vec<Problem>) {
    let mut parser = Parser {
        source: Source::new(text),
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        problems: Vec::new(),
        open: Vec::new(),
        depth: 0,
    };
    let documents = parser.stream();
    let mut problems = parser.problems;
    problems.sort_by_key(|problem| problem.range.start());
    (documents, problems)
}

/// The column that owns a value, in bytes from the start of its line; the root has no owner.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Root,
    Column(usize),
}

impl Owner {
    /// Whether what stands at `column` lies deeper, so that it can belong to this owner.
    fn owns(self, column: usize) -> bool {
        Owner::Column(column) > self
    }

    /// The owner of what stands at `column`, wherever that is.
    fn left_of(column: usize) -> Owner {
        column.checked_sub(1).map_or(Owner::Root, Owner::Column)
    }
}

/// A block collection whose end has not come yet.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Open {
    column: usize,
    sequence: bool,
    /// The dash of the last item, in a sequence.
    last: Option<usize>,
}

/// The anchor and the tag in front of a value.
struct Properties {
    anchor: Option<SmolStr>,
    tag: Option<SmolStr>,
    /// Behind the last of them; without any, where the reading began.
    end: usize,
}

struct Parser<'a> {
    source: Source<'a>,
    /// What is read next.
    at: usize,
    problems: Vec<Problem>,
    open: Vec<Open>,
    /// How many block nodes are open, to stop before the stack does.
    depth: usize,
}

impl Parser<'_> {
    fn stream(&mut self) -> Vec<Document> {
        let mut documents = Vec::new();
        loop {
            self.skip_blank_lines();
            while self.peek() == b'%' && self.source.column(self.at) == 0 {
                self.skip_line();
                self.skip_blank_lines();
            }
            if self.is_done() {
                return documents;
            }
            if self.source.is_marker(self.at, "...") {
                self.skip_line();
                continue;
            }
            let mut root = if self.source.is_marker(self.at, "---") {
                self.at += 3;
                self.value_behind_indicator(Owner::Root)
            } else {
                self.node(Owner::Root)
            };
            self.leftovers(&mut root);
            documents.push(Document { root });
        }
    }

    /// Lines that the root value does not own, up to the end of the document.
    fn leftovers(&mut self, root: &mut Node) {
        loop {
            self.skip_blank_lines();
            if self.is_done() || self.source.is_marker(self.at, "---") {
                return;
            }
            if self.source.is_marker(self.at, "...") {
                self.at += 3;
                self.expect_line_end();
                return;
            }
            let before = self.at;
            self.adopt(root);
            if self.at == before {
                self.skip_line();
            }
        }
    }

    // What every part of the parser asks of the text.

    fn peek(&self) -> u8 {
        self.source.byte(self.at)
    }

    fn is_done(&self) -> bool {
        self.source.is_end(self.at)
    }

    fn ends_document(&self) -> bool {
        self.is_done()
            || self.source.is_marker(self.at, "---")
            || self.source.is_marker(self.at, "...")
    }

    fn skip_blanks(&mut self) {
        while is_blank(self.peek()) {
            self.at += 1;
        }
    }

    fn skip_line(&mut self) {
        self.at = self.source.next_line(self.at);
    }

    /// Whether nothing but a comment follows on this line, with all blanks before `at` skipped.
    fn at_line_end(&self) -> bool {
        let blank_before = self.at > 0 && {
            let before = self.source.byte(self.at - 1);
            is_blank(before) || is_break(before)
        };
        self.is_done() || is_break(self.peek()) || (self.peek() == b'#' && blank_before)
    }

    /// Skips blank lines and comments up to the next content, whose indentation may hold no tab.
    fn skip_blank_lines(&mut self) {
        loop {
            let start = self.at;
            self.skip_blanks();
            if self.is_done() {
                return;
            }
            if is_break(self.peek())
                || (self.peek() == b'#' && (start < self.at || self.source.starts_line(start)))
            {
                self.skip_line();
                continue;
            }
            let tabbed = self.source.slice(start, self.at).contains('\t');
            if tabbed && self.source.starts_line(start) && self.starts_entry(self.at) {
                self.report(
                    start,
                    self.at,
                    "A tab indents this line: YAML allows spaces only.",
                );
            }
            return;
        }
    }

    /// After a value that is closed: only a comment may follow on its line.
    fn expect_line_end(&mut self) {
        let behind = self.at;
        self.skip_blanks();
        if !(self.is_done() || is_break(self.peek()) || (self.peek() == b'#' && self.at > behind)) {
            let end = self.source.trimmed(self.at, self.source.line_end(self.at));
            self.report(
                self.at,
                end,
                "Nothing but a comment may follow this value: put the whole of it in quotes.",
            );
        }
        self.skip_line();
    }

    // Problems.

    /// Reports `start..end`, unless its line is known to be broken already.
    fn report(&mut self, start: usize, end: usize, message: impl Into<String>) {
        if self.problems.len() >= PROBLEM_LIMIT {
            return;
        }
        let line = self.source.line_start(start);
        let known =
            |problem: &Problem| self.source.line_start(problem.range.start().into()) == line;
        if self.problems.last().is_some_and(known) {
            return;
        }
        let end = self.source.char_boundary(end.max(start));
        self.problems.push(Problem {
            range: range(start, end),
            message: message.into(),
        });
    }

    /// Reports the content of the line from here on.
    fn report_line(&mut self, message: &str) {
        let end = self.source.trimmed(self.at, self.source.line_end(self.at));
        let line = self.source.slice(self.at, end);
        let conflict = ["<<<<<<< ", "=======", ">>>>>>> ", "||||||| "];
        let message = match conflict.iter().any(|marker| line.starts_with(marker)) {
            true => "A merge conflict is left here: keep one side, and remove this line.",
            false => message,
        };
        self.report(self.at, end, message);
    }
}

/// A node for a value that is not there.
fn absent(at: usize) -> Node {
    Node::new(NodeKind::Null, range(at, at))
}

fn start_of(node: &Node) -> usize {
    node.range.start().into()
}

fn end_of(node: &Node) -> usize {
    node.range.end().into()
}
