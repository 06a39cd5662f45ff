//! # What it says
//!
//! The server could not read a file, or failed on it and set it aside. Everything else goes on.
//!
//! # Why it matters
//!
//! Nothing is checked there until the file changes, and silence must not be taken for a pass.
//!
//! # Example
//!
//! ```text
//! models/orders.sql: warning: the analysis of this file failed, so nothing is said about it
//! ```
//!
//! # Fix
//!
//! A file that is not UTF-8 has to be converted. Anything else is a defect of ours: please report it,
//! with the message and, if you may share it, the file.

use crate::code::{Check, Code, no_fix};
use crate::context::Context;
use crate::finding::{Finding, Subject};
use crate::unit::Unit;
use index::File;
use index::configuration::Level;
use index::file::ProblemKind;
use std::any::Any;
use syntax::TextRange;

pub(crate) const CODE: Code = Code {
    name: "analysis-failed",
    default: Level::Warning,
    summary: "The server could not read a file, or failed on it and set it aside.",
    can_be_silenced: true,
    source: include_str!("analysis_failed.rs"),
    check: Check {
        file: check,
        ..Check::NOTHING
    },
    fixes: no_fix,
};

fn check(_: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    for problem in file.problems.iter() {
        let message = match &problem.kind {
            ProblemKind::Unreadable(why) => format!("This file could not be read: {why}"),
            ProblemKind::Panicked(panic) => failure("this file", panic),
            _ => continue,
        };
        findings.push(Finding::new(&CODE, file, problem.range, message));
    }
}

/// That the checks of `unit` panicked, on the file that it is best looked for in.
pub(crate) fn of_unit(
    context: &Context<'_>,
    unit: &Unit,
    panic: &(dyn Any + Send),
) -> Option<Finding> {
    let snapshot = context.snapshot;
    let (file, what) = match unit {
        Unit::File(id) => (snapshot.file(*id)?, "this file".to_owned()),
        Unit::Table(key) => {
            let table = snapshot.table(key)?;
            let described = table
                .descriptions
                .iter()
                .map(|description| description.file);
            let defined = table.models.iter().map(|model| model.file);
            let file = described.chain(defined).find_map(|id| snapshot.file(id))?;
            (file, format!("`{key}`"))
        }
        Unit::Product(name) => {
            let file = snapshot.product_files(name).into_iter().next()?;
            (file, format!("`{name}`"))
        }
    };
    let message = panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned());
    let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
    let message = failure(&what, message.as_deref().unwrap_or("no message"));
    let subject = Subject {
        detail: Some(what),
        ..Subject::default()
    };
    Some(Finding::new(&CODE, file, TextRange::default(), message).about(subject))
}

fn failure(what: &str, panic: &str) -> String {
    format!(
        "The analysis of {what} failed, so nothing is said about it. This is a defect of ours: \
         please report it. The server's log has the details ({panic})."
    )
}
