//! # What it says
//!
//! A name in a guarantee in force stands for several tables, or for columns of several tables, and
//! nothing tells which.
//!
//! # Why it matters
//!
//! Checked against the wrong one, the sentence would protect nobody.
//!
//! A short name means the product's own table, then a model, then whatever longer name ends in it. A bare
//! column is looked for in the table that the sentence is about, then in the CTEs of its query and in what it
//! reads, the nearest level first: only several within one level are ambiguous.
//!
//! # Example
//!
//! ```yaml
//! guarantees: |
//!   orders excludes rows where is_test    # error: stg_orders and stg_customers both have it
//! ```
//!
//! # Fix
//!
//! Say which is meant by its whole name; the quick fixes do.

use crate::code::{Check, Code};
use crate::finding::Finding;
use crate::fix::{Fix, Fixing};
use crate::names::{Kind, NameProblem};
use crate::sentences::Sentences;
use crate::unknown_name::rewrite;
use index::configuration::Level;
use syntax::Name;

/// Found while the names of a product are looked up, see [`crate::unknown_name`].
pub(crate) const CODE: Code = Code {
    name: "ambiguous-name",
    default: Level::Error,
    summary: "A name in a guarantee stands for several things.",
    can_be_silenced: false,
    source: include_str!("ambiguous_name.rs"),
    check: Check::NOTHING,
    fixes,
};

/// How many candidates are listed.
const MOST_LISTED: usize = 4;

/// What is said of a name that may stand for several things.
pub(crate) fn finding(
    product: &Name,
    sentences: &Sentences<'_>,
    problem: &NameProblem<'_, '_>,
) -> Option<Finding> {
    let Kind::Several(candidates) = &problem.kind else {
        return None;
    };
    let listed = candidates.iter().take(MOST_LISTED);
    let listed: Vec<String> = listed.map(|name| format!("`{name}`")).collect();
    let message = format!(
        "`{}` can be several things: {}. Which is meant?",
        problem.written,
        listed.join(", ")
    );
    let subject = sentences.subject(product, problem.sentence);
    let at = problem.sentence.part(problem.range);
    let finding = Finding::new(&CODE, problem.sentence.file, at, message);
    Some(finding.about(subject))
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let names = finding.message.split('`').skip(3).step_by(2);
    names
        .filter_map(|name| {
            let fix = rewrite(fixing, finding, name)?;
            Some(Fix {
                preferred: false,
                ..fix
            })
        })
        .collect()
}
