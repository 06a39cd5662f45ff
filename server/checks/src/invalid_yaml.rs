//! # What it says
//!
//! A place in a spec is not YAML: a quote that never ends, a tab that indents, a key where none can be.
//! Only the broken entry is lost; the rest of the file is read. A lock that is not YAML, or in which a merge
//! was not finished, is not read at all: nothing is compared with it.
//!
//! # Why it matters
//!
//! Other tools refuse the whole file.
//!
//! # Example
//!
//! ```yaml
//! description: "One row for each order    # error: this quote is never closed
//! ```
//!
//! # Fix
//!
//! Correct the place that the message names. The mistake may stand a little before it.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::repair;
use crate::invalid_spec::of_code;
use index::File;
use index::configuration::Level;
use spec::ProblemCode;

pub(crate) const CODE: Code = Code {
    name: "invalid-yaml",
    default: Level::Error,
    summary: "A spec is not YAML.",
    can_be_silenced: true,
    source: include_str!("invalid_yaml.rs"),
    check: Check {
        file: check,
        ..Check::NOTHING
    },
    fixes: repair::fixes,
};

fn check(_: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    of_code(&CODE, ProblemCode::InvalidYaml, file, findings);
}
