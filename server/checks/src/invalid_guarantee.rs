//! # What it says
//!
//! A sentence among the guarantees of an amendment does not parse: what was expected, and where. So does one
//! whose SQL does not, or whose type is none: neither SQL has it, nor does a column, a cast, a `CREATE TYPE` or
//! a `CREATE DOMAIN` of the workspace name it. A name with a `_` in it, near to nothing that is known, is
//! taken for a type that is made elsewhere, in dialects that have such types.
//!
//! # Why it matters
//!
//! A guarantee that is not understood is not checked, and would look as if it held.
//!
//! # Example
//!
//! ```yaml
//! guarantees: |
//!   orders.order_id is not null     # error: did you mean `orders.order_id is never null`?
//! ```
//!
//! # Fix
//!
//! Take the nearest form; the quick fixes do. What no machine can check belongs among the `promises`,
//! for people to judge.

mod inside;
mod own_type;

use crate::code::{Check, Code};
use crate::context::{Context, product_of};
use crate::finding::{At, Finding, Subject};
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing, promise};
use index::configuration::Level;
use index::{File, Snapshot};
use spec::guarantee::{nearest_forms, parse};
use spec::model::{Amendment, Status};
use syntax::{Placed, TextEdit};

pub(crate) const CODE: Code = Code {
    name: "invalid-guarantee",
    default: Level::Error,
    summary: "A sentence among the guarantees does not parse.",
    can_be_silenced: false,
    source: include_str!("invalid_guarantee.rs"),
    check: Check {
        file: check,
        ..Check::NOTHING
    },
    fixes,
};

/// Why a sentence that `file` is to state says nothing; `None` where it says something.
pub fn sentence_problem(snapshot: &Snapshot, file: &File, sentence: &str) -> Option<String> {
    let dialect = snapshot.projects().dialect(&file.path).dialect;
    match parse(sentence) {
        Err(problem) => Some(problem.message(sentence)),
        Ok(guarantee) => {
            let problem = inside::problem(snapshot, None, &guarantee, dialect);
            problem.map(|(_, message)| message)
        }
    }
}

fn check(context: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    let Some(spec) = file.native_spec() else {
        return;
    };
    let snapshot = context.snapshot;
    let dialect = snapshot.projects().dialect(&file.path).dialect;
    let amendments = spec.amendments.iter().enumerate();
    for (ordinal, amendment) in
        amendments.filter(|(_, amendment)| amendment.status() != Status::Withdrawn)
    {
        let parsed = file.guarantees(ordinal);
        for (sentence, parsed) in amendment.guarantees.iter().zip(parsed) {
            let problem = match parsed {
                Ok(guarantee) => inside::problem(snapshot, context.asked, guarantee, dialect),
                Err(problem) => {
                    let advice = match nearest_forms(&sentence.value).first() {
                        Some(form) => format!(" Did you mean `{form}`?"),
                        None => String::new(),
                    };
                    let message = format!("{}{advice}", problem.message(&sentence.value));
                    Some((problem.range, message))
                }
            };
            let Some((part, message)) = problem else {
                continue;
            };
            let at = At::Part {
                whole: sentence.spot,
                part,
            };
            let subject = Subject {
                product: product_of(file),
                amendment: amendment.id.as_ref().map(|id| id.value.clone()),
                detail: Some(sentence.value.clone()),
                ..Subject::default()
            };
            findings.push(Finding::new(&CODE, file, at, message).about(subject));
        }
    }
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(file) = fixing.snapshot.file(finding.file) else {
        return Vec::new();
    };
    let Some((amendment, ordinal)) = sentence_of(file, finding) else {
        return Vec::new();
    };
    let Some(sentence) = amendment.guarantees.get(ordinal) else {
        return Vec::new();
    };
    let forms = nearest_forms(&sentence.value);
    let mut fixes: Vec<Fix> = forms
        .iter()
        .filter_map(|form| rewrite(fixing, file, sentence, form))
        .collect();
    if let [only] = fixes.as_mut_slice() {
        only.preferred = true;
    }
    fixes.extend(promise::moved(fixing, file, amendment, ordinal));
    fixes
}

/// The amendment and the ordinal of the sentence that a finding is about.
fn sentence_of<'s>(file: &'s File, finding: &Finding) -> Option<(&'s Amendment, usize)> {
    let At::Part { whole, .. } = finding.at else {
        return None;
    };
    let mut amendments = file.native_spec()?.amendments.iter();
    amendments.find_map(|amendment| {
        let mut sentences = amendment.guarantees.iter();
        let is_it = |sentence: &Placed<String>| {
            sentence.spot == whole && finding.subject.detail.as_ref() == Some(&sentence.value)
        };
        Some((amendment, sentences.position(is_it)?))
    })
}

/// The sentence in another form, where the file has it as it is.
fn rewrite(fixing: &Fixing<'_>, file: &File, sentence: &Placed<String>, form: &str) -> Option<Fix> {
    let mut sheet = Sheet::open(fixing, file)?;
    if !sheet.is_blank {
        let range = file.range(sentence.spot);
        let text = fixing.snapshot.text(file)?;
        let stands = text.get(range.start().into()..range.end().into())?;
        if stands != sentence.value {
            return None;
        }
        sheet.take(vec![TextEdit::replace(range, form)])?;
    }
    Some(sheet.fix(format!("Write `{form}`"), None))
}
