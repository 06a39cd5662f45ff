//! # What it says
//!
//! An amendment that the branch started from was edited or removed. Amendments are append-only: what may
//! change is an amendment that is still open or only proposed, its `status` as it moves on, and a `link`
//! that is added. They are compared by what they say, so other quotes or another order of keys is no
//! change.
//!
//! A product that got another name keeps its history, and one of which no spec is left is said to be gone.
//!
//! It needs something to compare with: `rationale check --base BRANCH`, or in an editor the branch that
//! `base` in `rationale.toml` names.
//!
//! # Why it matters
//!
//! An amendment is what somebody agreed to. Who relies on it has to be able to read what it said, and
//! why it no longer holds.
//!
//! # Example
//!
//! ```yaml
//! amendments:
//!   - id: 1
//!     requirement: We want the gross value of each order.  # warning: it was "the total value"
//!     change: Added order_amount.
//! ```
//!
//! # Fix
//!
//! Restore it, and write a new amendment that says what is wanted now; if that replaces the old one,
//! it lists it in `supersedes`. Quick fixes do the one, or both.

use crate::code::{Check, Code};
use crate::context::{Context, product_of};
use crate::finding::{At, Finding, Severity, Subject};
use crate::fix::{Fix, Fixing, restore};
use crate::since::predecessors::{self, predecessors};
use crate::words::listed;
use index::configuration::Level;
use index::{File, Snapshot};
use spec::history::History;
use spec::model::{Amendment, AmendmentId, Field, Status};
use syntax::{Name, Placed, Spot, TextRange};

pub(crate) const CODE: Code = Code {
    name: "rewritten-history",
    default: Level::Warning,
    summary: "An amendment that the branch started from was edited or removed.",
    can_be_silenced: false,
    source: include_str!("rewritten_history.rs"),
    check: Check {
        product: check,
        ..Check::NOTHING
    },
    fixes,
};

/// So many amendments are named of a product that is gone.
const MOST_NAMED: usize = 3;

fn check(context: &Context<'_>, product: &Name, findings: &mut Vec<Finding>) {
    let Some(base) = context.base else { return };
    // A product that got another name has the history that it had.
    let before = predecessors(context.snapshot, base, product);
    let files = before.iter().flat_map(|name| base.product_files(name));
    let before = files
        .filter_map(|file| file.native_spec())
        .flat_map(|spec| &spec.amendments);
    let now = context.amendments(product);
    let mut seen: Vec<&AmendmentId> = Vec::new();
    for old in before {
        let Some(id) = old.id.as_ref().map(|id| &id.value) else {
            continue;
        };
        // Of several with one id the first is meant.
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let is = |amendment: &Amendment| amendment.id.as_ref().is_some_and(|own| own.value == *id);
        let subject = Subject {
            product: Some(product.clone()),
            amendment: Some(id.clone()),
            ..Subject::default()
        };
        match now.iter().find(|(_, amendment)| is(amendment)) {
            Some((file, new)) if !file.quiet => {
                findings.extend(edited(file, id, old, new).map(|finding| finding.about(subject)));
            }
            Some(_) => {}
            None => findings.extend(removed(context, product, id, old, subject)),
        }
    }
}

/// The products of the base of which no spec is left, with what is in force of them: an amendment is given up
/// by its status, and keeps what it said.
pub(crate) fn of_ended_products(snapshot: &Snapshot, base: &Snapshot) -> Vec<Finding> {
    let ended = predecessors::ended(snapshot, base).into_iter();
    let findings = ended.filter_map(|product| {
        let files = base.product_files(product).into_iter();
        let files: Vec<(&File, &[Amendment])> = files
            .filter_map(|file| Some((file, file.native_spec()?.amendments.as_slice())))
            .collect();
        let history = History::new(files);
        let in_force = history.in_force().filter_map(|entry| entry.id());
        let ids: Vec<&AmendmentId> = in_force.collect();
        let first = ids.first()?;
        let (file, at) = place_of_ended(snapshot, base, product)?;
        let level = snapshot.settings(&file.path).level(CODE.name, &file.path);
        let message = format!(
            "The product `{product}` has no spec any more, where {} in force. `status: withdrawn` gives an \
             amendment up and keeps what it said.",
            match ids.as_slice() {
                [id] => format!("amendment `{id}` was"),
                ids => format!("amendments {} were", listed(ids, MOST_NAMED)),
            }
        );
        let subject = Subject {
            product: Some(product.clone()),
            amendment: Some((*first).clone()),
            ..Subject::default()
        };
        let finding = Finding::new(&CODE, file, at, message).about(subject);
        match level {
            Some(level) => Some(Finding {
                severity: Severity::of_level(level)?,
                ..finding
            }),
            None => Some(finding),
        }
    });
    findings.collect()
}

/// Where something is said of a product without a spec: at the SQL of a table that it described, else in the
/// first file that may have findings.
fn place_of_ended<'s>(
    snapshot: &'s Snapshot,
    base: &Snapshot,
    product: &Name,
) -> Option<(&'s File, At)> {
    let files = base.product_files(product).into_iter();
    let described = files.flat_map(|file| {
        let ordinals = 0..u32::try_from(file.described_tables().len()).unwrap_or(0);
        ordinals.map(|ordinal| index::DescriptionId {
            file: file.id,
            ordinal,
        })
    });
    let mut tables = described.filter_map(|id| base.table_of_description(id));
    let at_model = tables.find_map(|table| {
        let table = snapshot.table(&table.key)?;
        let (file, model) = snapshot.model(snapshot.defining_model(table)?)?;
        (!file.quiet).then_some((file, At::Spot(model.name_spot)))
    });
    at_model.or_else(|| {
        let mut files = snapshot.files().into_iter();
        let file = files.find(|file| !file.quiet)?;
        Some((file, At::Range(TextRange::default())))
    })
}

fn removed(
    context: &Context<'_>,
    product: &Name,
    id: &AmendmentId,
    old: &Amendment,
    subject: Subject,
) -> Option<Finding> {
    let files = context.snapshot.product_files(product).into_iter();
    let mut files = files.filter(|file| !file.quiet);
    let file = files.next()?;
    let at = file.native_spec()?.product.as_ref()?.spot;
    let requirement = old.requirement.as_ref().map(|text| quoted(&text.value));
    let message = format!(
        "Amendment `{id}` was removed{}. `status: withdrawn` gives it up and keeps what it said.",
        requirement.map_or(String::new(), |text| format!(": {text}"))
    );
    Some(Finding::new(&CODE, file, at, message).about(subject))
}

/// What of an amendment is not as it was, the first such thing.
fn edited(file: &File, id: &AmendmentId, old: &Amendment, new: &Amendment) -> Option<Finding> {
    if old.is_open() || old.status() == Status::Proposed {
        return None;
    }
    let whole = new.id.as_ref().map_or(new.entry, |id| id.spot);
    let (what, at, was) = first_edit(old, new, whole)?;
    let message = format!(
        "Amendment `{id}` was edited: its `{what}` was {was}. Amendments are only added to: restore \
         it, and write a new one that says what is wanted now."
    );
    Some(Finding::new(&CODE, file, At::Spot(at), message))
}

fn first_edit(
    old: &Amendment,
    new: &Amendment,
    whole: Spot,
) -> Option<(&'static str, Spot, String)> {
    let texts = [
        ("date", &old.date, &new.date),
        ("author", &old.author, &new.author),
        ("requirement", &old.requirement, &new.requirement),
    ];
    for (key, was, now) in texts {
        if told(was) != told(now) {
            return Some((key, spot(now, whole), said(told(was))));
        }
    }
    if old.link.is_some() && told(&old.link) != told(&new.link) {
        return Some(("link", spot(&new.link, whole), said(told(&old.link))));
    }
    let done = |amendment: &Amendment| match &amendment.change {
        Some(Field {
            value: spec::model::Change::Done(text),
            ..
        }) => Some(text.trim().to_owned()),
        _ => None,
    };
    if done(old) != done(new) {
        return Some((
            "change",
            spot(&new.change, whole),
            said(done(old).as_deref()),
        ));
    }
    let lists = [
        ("changes", &old.changes, &new.changes),
        ("guarantees", &old.guarantees, &new.guarantees),
        ("promises", &old.promises, &new.promises),
    ];
    for (key, was, now) in lists {
        if let Some((at, was)) = first_difference(was, now, whole) {
            return Some((key, at, was));
        }
    }
    let supersedes = |amendment: &Amendment| -> Vec<(AmendmentId, Option<String>)> {
        let all = amendment.supersedes.iter();
        let all = all.map(|one| {
            let sentence = one.guarantee.as_ref();
            let sentence = sentence.map(|field| words(&field.value));
            (one.amendment.value.clone(), sentence)
        });
        all.collect()
    };
    if supersedes(old) != supersedes(new) {
        let at = new.supersedes.first().map(|one| one.amendment.spot);
        let was = old.supersedes.iter();
        let was: Vec<String> = was
            .map(|one| format!("`{}`", one.amendment.value))
            .collect();
        let was = match was.is_empty() {
            true => "absent".to_owned(),
            false => was.join(", "),
        };
        return Some(("supersedes", at.unwrap_or(whole), was));
    }
    let moves_on = old.status() == new.status() || new.status() == Status::Withdrawn;
    (!moves_on).then(|| {
        let was = match old.status() {
            Status::Proposed => "`proposed`",
            Status::Accepted => "`accepted`",
            Status::Withdrawn => "`withdrawn`",
        };
        ("status", spot(&new.status, whole), was.to_owned())
    })
}

/// The first item that is not as it was, and what it was. White space does not count.
fn first_difference(
    old: &[Placed<String>],
    new: &[Placed<String>],
    whole: Spot,
) -> Option<(Spot, String)> {
    let same =
        |(old, new): &(&Placed<String>, &Placed<String>)| words(&old.value) == words(&new.value);
    let together = old.iter().zip(new).take_while(same).count();
    if together == old.len() && together == new.len() {
        return None;
    }
    let at = new.get(together).or(new.last()).map(|item| item.spot);
    let was = old.get(together).map(|item| item.value.as_str());
    Some((at.unwrap_or(whole), said(was)))
}

fn told(field: &Option<Field<String>>) -> Option<&str> {
    field.as_ref().map(|field| field.value.trim())
}

fn spot<T>(field: &Option<Field<T>>, whole: Spot) -> Spot {
    field.as_ref().map_or(whole, |field| field.spot)
}

fn said(text: Option<&str>) -> String {
    text.map_or("absent".to_owned(), quoted)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", words(text))
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The amendment as the branch started from it, alone or with what was edited as a new one.
fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let restored = || {
        let subject = &finding.subject;
        let (product, id) = (subject.product.as_ref()?, subject.amendment.as_ref()?);
        let file = fixing.snapshot.file(finding.file)?;
        // Of a product that is gone there is no spec to restore it in.
        if product_of(file).as_ref() != Some(product) {
            return None;
        }
        let history = restore::Rewritten::find(fixing, file, product, id)?;
        Some([
            restore::as_it_was(&history),
            restore::as_a_new_one(&history),
        ])
    };
    restored().into_iter().flatten().flatten().collect()
}
