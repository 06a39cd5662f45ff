//! # What it says
//!
//! A SQL statement could not be read, so nothing is claimed about it.
//!
//! # Why it matters
//!
//! Silence must not be taken for a pass: what such a statement selects is not compared with its spec.
//!
//! # Example
//!
//! ```sql
//! select order_id from from orders  -- info: this statement could not be read
//! ```
//!
//! # Fix
//!
//! Correct the statement. If the database takes it as it stands, see whether `dialect` in
//! `rationale.toml` names the right one, and report it: a form that is not known yet is our defect.

use crate::code::{Check, Code, no_fix};
use crate::context::Context;
use crate::finding::Finding;
use index::File;
use index::configuration::Level;
use index::file::ProblemKind;

pub(crate) const CODE: Code = Code {
    name: "unparsable-sql",
    default: Level::Info,
    summary: "A statement could not be read, so nothing is claimed about it.",
    can_be_silenced: true,
    source: include_str!("unparsable_sql.rs"),
    check: Check {
        file: check,
        ..Check::NOTHING
    },
    fixes: no_fix,
};

fn check(_: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    for problem in file.problems.iter() {
        if let ProblemKind::Sql(why) = &problem.kind {
            let message = format!("This could not be read, so nothing is claimed about it: {why}.");
            findings.push(Finding::new(&CODE, file, problem.range, message));
        }
    }
}
