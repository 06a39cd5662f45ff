//! # What it says
//!
//! A key of a spec is missing, unknown or given twice, or its value is not of its kind; a lock has no tables.
//!
//! # Why it matters
//!
//! What is not understood would otherwise be ignored in silence: a `nulable: false` promises nothing.
//!
//! # Example
//!
//! ```yaml
//! columns:
//!   - name: order_amount
//!     nulable: false                # error: did you mean nullable?
//! ```
//!
//! # Fix
//!
//! Take the nearest key, add the missing one, or remove the second one; the quick fix does. A key of
//! your own may stand anywhere if it starts with `x-`.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::repair;
use index::File;
use index::configuration::Level;
use index::file::ProblemKind;
use spec::{Problem, ProblemCode};
use syntax::TextRange;

pub(crate) const CODE: Code = Code {
    name: "invalid-spec",
    default: Level::Error,
    summary: "A key is missing, unknown, or its value is of the wrong kind.",
    can_be_silenced: true,
    source: include_str!("invalid_spec.rs"),
    check: Check {
        file: check,
        ..Check::NOTHING
    },
    fixes: repair::fixes,
};

fn check(_: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    // What a line that is not YAML seems to say is not worth a second error.
    let is_broken = |range: TextRange| {
        let broken = problems(file, ProblemCode::InvalidYaml);
        broken
            .into_iter()
            .any(|other| other.range.intersect(range).is_some())
    };
    let problems = problems(file, ProblemCode::InvalidSpec);
    let problems = problems.filter(|problem| !is_broken(problem.range));
    findings.extend(problems.map(|problem| finding(&CODE, file, problem)));
}

/// Adds the problems of `file` that are findings of `code`: what the decode of the spec reported.
pub(crate) fn of_code(code: &Code, kind: ProblemCode, file: &File, findings: &mut Vec<Finding>) {
    findings.extend(problems(file, kind).map(|problem| finding(code, file, problem)));
}

fn problems(file: &File, kind: ProblemCode) -> impl Iterator<Item = &Problem> {
    let problems = file
        .problems
        .iter()
        .filter_map(|problem| match &problem.kind {
            ProblemKind::Spec(problem) => Some(problem),
            _ => None,
        });
    problems.filter(move |problem| problem.code == kind)
}

fn finding(code: &Code, file: &File, problem: &Problem) -> Finding {
    Finding::new(code, file, problem.range, problem.message.clone())
}
