//! What one spec file alone shows to be wrong with it: a code, a place, a message and the data of a
//! quick fix. Which severity a problem has, whether it is silenced, and how a repair becomes an edit
//! of the text is for others to know.

use syntax::{Places, TextRange};

/// What a file says, where it says so, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Decoded<T> {
    /// What it says, without positions.
    pub facts: T,
    /// Where the spots of the facts stand.
    pub places: Places,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Something wrong in one spec file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which diagnostic it is.
    pub code: ProblemCode,
    /// Where it is.
    pub range: TextRange,
    /// What is wrong and what to do, as sentences to a person.
    pub message: String,
    /// What would settle it, the likeliest first.
    pub repairs: Vec<Repair>,
}

/// The diagnostics that one spec file alone can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemCode {
    /// It is not YAML.
    InvalidYaml,
    /// A key is missing, unknown, given twice, or its value is not of its kind.
    InvalidSpec,
    /// YAML reads the rest of a line as a comment.
    TextCutOff,
    /// YAML 1.1, which dbt reads, takes a value otherwise than YAML 1.2.
    Yaml11Value,
}

/// What would settle a problem. Ranges are those of nodes of the file's YAML tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Call the key something else.
    RenameKey {
        /// The key.
        key: TextRange,
        /// Its right name.
        to: String,
    },
    /// Add a key to a mapping.
    InsertKey {
        /// The mapping.
        mapping: TextRange,
        /// The key.
        key: &'static str,
    },
    /// Take out a key and its value.
    RemoveKey {
        /// The key.
        key: TextRange,
    },
    /// Write the text of a value, which YAML reads as something else, in quotes.
    Quote {
        /// What is to stand in quotes, to its end on the line.
        text: TextRange,
    },
    /// Write another value.
    Replace {
        /// The value.
        value: TextRange,
        /// What it should be, as YAML.
        by: String,
    },
    /// Write a single value as a list of one.
    MakeList {
        /// The value.
        value: TextRange,
    },
}

impl ProblemCode {
    /// The stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemCode::InvalidYaml => "invalid-yaml",
            ProblemCode::InvalidSpec => "invalid-spec",
            ProblemCode::TextCutOff => "text-cut-off",
            ProblemCode::Yaml11Value => "yaml-1.1-value",
        }
    }
}
