//! # What it says
//!
//! A guarantee in force, or the grain of a table, names a table or a column that there is not.
//!
//! # Why it matters
//!
//! A sentence about something that does not exist can't be checked, and nobody is protected by it.
//!
//! A table is known when a model defines it, a spec or a source declares it, or any SQL reads it. A column
//! is unknown only where all columns of its table are known. What a sentence calls absent, or forbids to
//! read, need not exist. While an open amendment supersedes the sentence, it is said as information.
//!
//! # Example
//!
//! ```yaml
//! guarantees: |
//!   orders excludes rows where is_tset    # error: neither orders nor what it reads has that column
//! ```
//!
//! # Fix
//!
//! Take the nearest name; the quick fix does.

use crate::ambiguous_name;
use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::{At, Finding, Severity, Subject};
use crate::fix::{Fix, Fixing};
use crate::names::{self, Kind, NameProblem};
use crate::sentences::Sentences;
use index::binding::{Bound, BoundTable};
use index::configuration::Level;
use index::{Snapshot, Table};
use spec::nearest;
use syntax::Name;
use syntax::name::dotted;

pub(crate) const CODE: Code = Code {
    name: "unknown-name",
    default: Level::Error,
    summary: "A guarantee or a grain names a table or a column that there is not.",
    can_be_silenced: false,
    source: include_str!("unknown_name.rs"),
    check: Check {
        product: in_sentences,
        table: grain,
        ..Check::NOTHING
    },
    fixes,
};

/// Among how many names the nearest one is looked for.
const CANDIDATES: usize = 500;

/// Names in the sentences of a product: every one is looked up once, for this code and for
/// [`crate::ambiguous_name`].
pub(crate) fn in_sentences(context: &Context<'_>, product: &Name, findings: &mut Vec<Finding>) {
    let sentences = Sentences::of(context.snapshot, product);
    for problem in names::problems(context, &sentences) {
        let Some(said) = said(&problem) else {
            findings.extend(ambiguous_name::finding(product, &sentences, &problem));
            continue;
        };
        let meant = meant(context.snapshot, &problem);
        let advice = meant.map_or_else(String::new, |meant| format!(" Did you mean `{meant}`?"));
        let sentence = problem.sentence;
        let at = sentence.part(problem.range);
        let subject = sentences.subject(product, sentence);
        let by = sentences.successor(sentence);
        let replaced = by.map_or_else(String::new, |by| {
            format!(" It is being superseded by amendment {by}.")
        });
        let message = format!("{said}{replaced}{advice}");
        let finding = Finding::new(&CODE, sentence.file, at, message).about(subject);
        findings.push(match by {
            // Its name may be what goes.
            Some(_) => finding.milder(Severity::Info),
            None => finding,
        });
    }
}

fn said(problem: &NameProblem<'_, '_>) -> Option<String> {
    Some(match &problem.kind {
        Kind::NoTable => format!(
            "There is no table `{}`: no model defines it, no spec or source declares it, and no SQL reads it.",
            problem.written
        ),
        Kind::NoColumn { table, column } => format!("`{table}` has no column `{column}`."),
        Kind::NoBareColumn { about, column } => {
            format!("Neither `{about}` nor what it reads has a column `{column}`.")
        }
        Kind::Several(_) => return None,
    })
}

/// The name that is likeliest meant.
fn meant(snapshot: &Snapshot, problem: &NameProblem<'_, '_>) -> Option<String> {
    let columns = |table: &Table| -> Vec<String> {
        let columns = table.columns.iter().take(CANDIDATES);
        columns.map(|column| column.name.to_string()).collect()
    };
    let (word, candidates) = match &problem.kind {
        Kind::NoTable => (&problem.written, tables(snapshot, problem)),
        Kind::NoColumn { table, .. } => {
            let table = table.key().and_then(|key| snapshot.table(key))?;
            (&problem.written, columns(table))
        }
        Kind::NoBareColumn { about, .. } => {
            let levels = snapshot.binder(problem.sentence.file).levels(about);
            let keys = levels.iter().flatten().filter_map(BoundTable::key);
            let tables = keys.filter_map(|key| snapshot.table(key));
            (
                &problem.written,
                tables.flat_map(|table| columns(table)).collect(),
            )
        }
        Kind::Several(_) => return None,
    };
    nearest(word, candidates.iter().take(CANDIDATES).map(String::as_str)).map(str::to_owned)
}

/// What the tables are called: those of the spec first.
fn tables(snapshot: &Snapshot, problem: &NameProblem<'_, '_>) -> Vec<String> {
    let described = problem.sentence.file.described_tables().iter();
    let own = described.map(|table| dotted(&table.name.value));
    let all = snapshot
        .tables()
        .into_iter()
        .map(|table| table.key.to_string());
    own.chain(all).collect()
}

/// The columns of a grain that the table does not have.
fn grain(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    for description in context.descriptions(table) {
        let file = description.file;
        if file.native_spec().is_none() {
            continue;
        }
        for column in &description.entry.grain {
            let path: Vec<Name> = table
                .key
                .parts
                .iter()
                .chain([&column.value])
                .cloned()
                .collect();
            let is_known = table.column(&column.value).is_some();
            let binder = context.snapshot.binder(file);
            if is_known || binder.column(&path, Some(&table.key)) != Bound::Nothing {
                continue;
            }
            let columns = table.columns.iter().take(CANDIDATES);
            let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
            let advice = match nearest(column.value.as_str(), names) {
                Some(meant) => format!(" Did you mean `{meant}`?"),
                None => String::new(),
            };
            let message = format!("`{}` has no column `{}`.{advice}", table.key, column.value);
            let subject = Subject {
                detail: Some("grain".to_owned()),
                ..context.subject(table, file, Some(&column.value))
            };
            findings.push(Finding::new(&CODE, file, column.spot, message).about(subject));
        }
    }
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    // The message ends with the nearest name, found among all that were known then.
    let meant = finding.message.rsplit_once("Did you mean `");
    let Some(meant) = meant.and_then(|(_, meant)| meant.strip_suffix("`?")) else {
        return Vec::new();
    };
    rewrite(fixing, finding, meant).into_iter().collect()
}

/// The name replaced, where the file has it as the sentence does.
pub(crate) fn rewrite(fixing: &Fixing<'_>, finding: &Finding, name: &str) -> Option<Fix> {
    if let At::Part { part, .. } = finding.at
        && part.len() != finding.range(fixing.snapshot).len()
    {
        return None;
    }
    fixing.replacement(finding, format!("Write `{name}`"), name.to_owned())
}
