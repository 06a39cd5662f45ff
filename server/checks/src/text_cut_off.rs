//! # What it says
//!
//! A text without quotes goes on after ` #`, which YAML reads as the start of a comment.
//!
//! # Why it matters
//!
//! Half of the sentence is lost, and no tool complains.
//!
//! # Example
//!
//! ```yaml
//! why: Finance asked for it in ticket #42   # warning: the text ends before #42
//! ```
//!
//! # Fix
//!
//! Put the text in quotes; the quick fix does.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::repair;
use crate::invalid_spec::of_code;
use index::File;
use index::configuration::Level;
use spec::ProblemCode;

pub(crate) const CODE: Code = Code {
    name: "text-cut-off",
    default: Level::Warning,
    summary: "YAML reads the rest of a text as a comment.",
    can_be_silenced: true,
    source: include_str!("text_cut_off.rs"),
    check: Check {
        file: check,
        ..Check::NOTHING
    },
    fixes: repair::fixes,
};

fn check(_: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    of_code(&CODE, ProblemCode::TextCutOff, file, findings);
}
