//! YAML 1.2 as a tree of nodes with byte ranges.
//!
//! One tree, two front ends: the strict one reads the events of a conforming parser, and where that
//! reports an error, the tolerant one builds the same tree from the indentation, so that a broken
//! line costs that line only. What a key means is none of this module's business.

mod bytes;
mod edit;
mod hints;
mod resolve;
mod strict;
mod tolerant;
mod tree;

pub use edit::{Editor, Position, Refusal, Step, Value};
pub use hints::{CutOff, cut_off_texts, yaml_1_1_reads_otherwise};
pub use resolve::Resolver;
pub use tree::{Document, Entry, Node, NodeKind, Problem, Style};

/// How deep block collections may nest. Deeper ones are a problem, not a crash.
const BLOCK_NESTING_LIMIT: usize = 128;

/// How deep flow collections may nest.
const FLOW_NESTING_LIMIT: usize = 64;

/// What a text says as YAML, and where it is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parse {
    /// The documents of the stream; none where the text holds only blanks and comments.
    pub documents: Vec<Document>,
    /// At most one for each broken place, in the order of the text. Without any, the text is valid.
    pub problems: Vec<Problem>,
}

impl Parse {
    /// The value of the first document.
    pub fn root(&self) -> Option<&Node> {
        self.documents.first().map(|document| &document.root)
    }
}

/// Parses `text`, which may be broken anywhere. Takes time linear in its length.
pub fn parse(text: &str) -> Parse {
    if u32::try_from(text.len()).is_err() {
        return Parse {
            documents: Vec::new(),
            problems: vec![Problem {
                range: bytes::range(0, 0),
                message: "This file is larger than 4 GiB, which is more than is read.".to_owned(),
            }],
        };
    }
    let error = match strict::parse(text) {
        Ok((documents, problems)) => {
            return Parse {
                documents,
                problems,
            };
        }
        Err(error) => error,
    };
    let mut parse = parse_tolerant(text);
    if parse.problems.is_empty() {
        parse.problems.push(error);
    }
    parse
}

/// Whether two lists of documents say the same: their values, anchors and tags, wherever these stand and
/// however they are written.
pub fn say_the_same(left: &[Document], right: &[Document]) -> bool {
    edit::say_the_same(left, right)
}

/// The strict front end alone: the documents of valid YAML, or its first error. Aliases may dangle.
///
/// # Errors
/// Where the text is no YAML 1.2, or is nested too deeply.
pub fn parse_strict(text: &str) -> Result<Vec<Document>, Problem> {
    strict::parse(text).map(|(documents, _)| documents)
}

/// The tolerant front end alone. On valid YAML its documents equal those of [`parse_strict`]; what
/// is not valid it may miss, so use [`parse`].
pub fn parse_tolerant(text: &str) -> Parse {
    let (documents, problems) = tolerant::parse(text);
    Parse {
        documents,
        problems,
    }
}
