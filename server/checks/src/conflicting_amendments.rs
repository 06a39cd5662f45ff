//! # What it says
//!
//! Two guarantees in force can't both hold, whatever the SQL does. It is said of the later one.
//!
//! # Why it matters
//!
//! A newer requirement has withdrawn an older one without saying so. Whoever had the older one is to
//! know.
//!
//! # Example
//!
//! ```yaml
//! amendments:
//!   - id: 1
//!     guarantees: orders.coupon_code is absent
//!   - id: 2
//!     guarantees: orders.coupon_code exists   # error: amendment 1 says the opposite
//! ```
//!
//! # Fix
//!
//! Say that the later amendment supersedes the older one, or that sentence of it; the quick fix does. If
//! both are meant, change one of them.

use crate::code::{Check, Code};
use crate::conflict::{self, Claim};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing, amendment};
use crate::sentences::Sentences;
use index::configuration::Level;
use spec::history::Entry;
use spec::model::{Amendment, AmendmentId};
use syntax::Name;

pub(crate) const CODE: Code = Code {
    name: "conflicting-amendments",
    default: Level::Error,
    summary: "Two guarantees in force can't both hold.",
    can_be_silenced: false,
    source: include_str!("conflicting_amendments.rs"),
    check: Check {
        product: check,
        ..Check::NOTHING
    },
    fixes,
};

/// The sentences of a product that can't hold together with older ones.
pub(crate) fn check(context: &Context<'_>, product: &Name, findings: &mut Vec<Finding>) {
    let sentences = Sentences::of(context.snapshot, product);
    let claims = conflict::claims(context, &sentences);
    let earlier = conflict::earlier(&claims);
    for (newer, earlier) in claims.iter().zip(&earlier) {
        if newer.sentence.file.quiet {
            continue;
        }
        for older in earlier.iter().filter_map(|at| claims.get(*at)) {
            let Some(why) = conflict::between(context, older, newer) else {
                continue;
            };
            let subject = sentences.subject(product, newer.sentence);
            let message = message(&sentences, older, newer, &why);
            let finding = Finding::new(
                &CODE,
                newer.sentence.file,
                newer.sentence.text.spot,
                message,
            );
            let finding = finding.about(subject);
            findings.push(finding.see(
                older.sentence.file,
                older.sentence.text.spot,
                "The older sentence.",
            ));
        }
    }
}

fn message(
    sentences: &Sentences<'_>,
    older: &Claim<'_, '_>,
    newer: &Claim<'_, '_>,
    why: &str,
) -> String {
    let entry = sentences.entry(older.sentence);
    let of = entry.map_or_else(String::new, |entry| said(entry.amendment));
    let is_same = older.sentence.entry == newer.sentence.entry;
    let whose = if is_same {
        "the same amendment".to_owned()
    } else {
        let id = entry.and_then(Entry::id).map(ToString::to_string);
        format!("amendment {}{of}", id.unwrap_or_default())
    };
    format!(
        "`{}` can't keep this and what {whose} says: `{}`; {why}.",
        newer.subject_name(),
        older.sentence.text.value
    )
}

/// Who asked for it, when, and in which words.
fn said(amendment: &Amendment) -> String {
    let author = amendment
        .author
        .as_ref()
        .map(|author| author.value.as_str());
    let date = amendment.date.as_ref().map(|date| date.value.as_str());
    let by: Vec<&str> = author.into_iter().chain(date).collect();
    let by = match by.is_empty() {
        true => String::new(),
        false => format!(" ({})", by.join(", ")),
    };
    let words = amendment.requirement.as_ref();
    let words = words.map_or_else(String::new, |requirement| {
        format!(", \"{}\",", requirement.value.trim())
    });
    format!("{by}{words}")
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    supersede(fixing, finding).into_iter().collect()
}

/// Adds to the later amendment that it supersedes the older one: the sentence alone, where the older one
/// says more.
fn supersede(fixing: &Fixing<'_>, finding: &Finding) -> Option<Fix> {
    let file = fixing.snapshot.file(finding.file)?;
    let related = finding.related.first()?;
    let older_file = fixing.snapshot.file(related.file)?;
    let older_range = related.range(fixing.snapshot);
    let mut amendments = older_file.native_spec()?.amendments.iter();
    let (older, sentence) = amendments.find_map(|amendment| {
        let mut sentences = amendment.guarantees.iter();
        let is_it = |spot| older_file.range(spot) == older_range;
        Some((amendment, sentences.find(|sentence| is_it(sentence.spot))?))
    })?;
    let id: &AmendmentId = &older.id.as_ref()?.value;
    let newer_id = finding.subject.amendment.as_ref()?;
    let mut amendments = file.native_spec()?.amendments.iter();
    let newer = amendments.find(|amendment| {
        amendment
            .id
            .as_ref()
            .is_some_and(|id| id.value == *newer_id)
    })?;
    if newer_id == id {
        return None;
    }
    let is_whole = older.guarantees.len() == 1;
    let title = match is_whole {
        true => format!("Supersede amendment `{id}`"),
        false => format!("Supersede this sentence of amendment `{id}`"),
    };
    let mut sheet = Sheet::open(fixing, file)?;
    if !sheet.is_blank {
        let path = sheet.path_of(file.range(newer.entry))?;
        let item = amendment::superseded(older, &sentence.value)?;
        amendment::supersede(&mut sheet, &path, item)?;
    }
    let fix = sheet.fix(title, None);
    Some(Fix {
        preferred: true,
        ..fix
    })
}
