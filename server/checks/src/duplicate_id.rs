//! # What it says
//!
//! Two amendments of one product have the same id, in one file or in two.
//!
//! # Why it matters
//!
//! Amendments are cited by their ids: in `since`, in `supersedes`, in the lock, in tickets. With two
//! of one id nobody can tell which requirement is meant. It happens when two branches each add "the
//! next" amendment.
//!
//! # Example
//!
//! ```yaml
//! amendments:
//!   - id: 1
//!     requirement: We want the total value of each order on the invoice.
//!   - id: 1                         # error: there are two amendments 1
//!     requirement: Revenue must not count test orders.
//! ```
//!
//! # Fix
//!
//! Give the later one an id of its own; the quick fix takes the next free number. An id that says
//! what it is about, such as `no-test-orders`, does not clash in the first place.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::{Finding, Subject};
use crate::fix::{Fix, Fixing};
use index::File;
use index::configuration::Level;
use spec::model::{Amendment, AmendmentId, Field};
use std::collections::BTreeMap;
use syntax::Name;

pub(crate) const CODE: Code = Code {
    name: "duplicate-id",
    default: Level::Error,
    summary: "Two amendments of one product have the same id.",
    can_be_silenced: false,
    source: include_str!("duplicate_id.rs"),
    check: Check {
        product: check,
        ..Check::NOTHING
    },
    fixes,
};

fn check(context: &Context<'_>, product: &Name, findings: &mut Vec<Finding>) {
    let mut first: BTreeMap<&AmendmentId, (&File, &Field<AmendmentId>)> = BTreeMap::new();
    for (file, amendment) in context.amendments(product) {
        let Some(id) = &amendment.id else { continue };
        let Some((first_file, first_id)) = first.get(&id.value) else {
            first.insert(&id.value, (file, id));
            continue;
        };
        if file.quiet {
            continue;
        }
        let place = if first_file.id == file.id {
            String::new()
        } else {
            format!(
                " The other is in {}.",
                context.snapshot.display_path(&first_file.path)
            )
        };
        let message = format!(
            "There are two amendments `{}` in `{product}`.{place}",
            id.value
        );
        let subject = Subject {
            product: Some(product.clone()),
            amendment: Some(id.value.clone()),
            ..Subject::default()
        };
        findings.push(
            Finding::new(&CODE, file, id.spot, message)
                .about(subject)
                .see(first_file, first_id.spot, "It is taken here."),
        );
    }
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let renumbered = || {
        let context = Context::for_fixes(fixing.snapshot);
        let id = next_id(&context, finding.subject.product.as_ref()?);
        fixing.replacement(finding, format!("Renumber to `{id}`"), id.to_string())
    };
    renumbered().into_iter().collect()
}

/// The number after the greatest one that an amendment of `product` has.
pub(crate) fn next_id(context: &Context<'_>, product: &Name) -> AmendmentId {
    let amendments = context.amendments(product).into_iter();
    id_after(amendments.map(|(_, amendment)| amendment))
}

/// The number after the greatest one of some amendments.
pub(crate) fn id_after<'a>(amendments: impl IntoIterator<Item = &'a Amendment>) -> AmendmentId {
    let amendments = amendments.into_iter();
    let numbers = amendments.filter_map(|amendment| match amendment.id.as_ref()?.value {
        AmendmentId::Number(number) => Some(number),
        AmendmentId::Slug(_) => None,
    });
    AmendmentId::Number(numbers.max().unwrap_or(0).saturating_add(1))
}
