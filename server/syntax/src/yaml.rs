//! YAML 1.2 as a tree of nodes with byte ranges.
//!
//! One tree, two front ends: the strict one reads the events of a conforming parser, and where that
//! reports an error, the tolerant one builds the same tree from the indentation, so that a broken
//! line costs that line only.

mod tree;

pub use tree::{Document, Entry, Node, NodeKind, Problem, Style};
