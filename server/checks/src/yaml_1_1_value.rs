//! # What it says
//!
//! A value without quotes is text in YAML 1.2 and something else in YAML 1.1, which dbt and many other
//! tools read: `no` and `on` are booleans there, `017` is 15.
//!
//! # Why it matters
//!
//! The same file says one thing to one tool and another thing to the next.
//!
//! # Example
//!
//! ```yaml
//! values: [yes, no]                 # hint: dbt reads true and false
//! ```
//!
//! # Fix
//!
//! Put the value in quotes if it is text, or write `true` or `false`; the quick fix quotes it.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::repair;
use crate::invalid_spec::of_code;
use index::File;
use index::configuration::Level;
use spec::ProblemCode;

pub(crate) const CODE: Code = Code {
    name: "yaml-1.1-value",
    default: Level::Hint,
    summary: "YAML 1.1, which dbt reads, takes a value otherwise than YAML 1.2.",
    can_be_silenced: true,
    source: include_str!("yaml_1_1_value.rs"),
    check: Check {
        file: check,
        ..Check::NOTHING
    },
    fixes: repair::fixes,
};

fn check(_: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    of_code(&CODE, ProblemCode::Yaml11Value, file, findings);
}
