//! # What it says
//!
//! `since` or `supersedes` names an amendment that the product does not have.
//!
//! # Why it matters
//!
//! `since` gives a column its why: the requirement of that amendment. `supersedes` decides which
//! guarantees are in force. An id that leads nowhere leaves both open.
//!
//! # Example
//!
//! ```yaml
//! columns:
//!   - name: order_amount
//!     since: 11                     # error: there is no amendment 11
//! amendments:
//!   - id: 1
//!     requirement: We want the total value of each order on the invoice.
//! ```
//!
//! # Fix
//!
//! Take the id of the amendment that is meant, or write that amendment down.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::{Finding, Subject};
use crate::fix::{Fix, Fixing};
use index::File;
use index::configuration::Level;
use spec::model::AmendmentId;
use spec::nearest;
use std::collections::BTreeSet;
use syntax::{Name, Spot};

pub(crate) const CODE: Code = Code {
    name: "unknown-amendment",
    default: Level::Error,
    summary: "`since` or `supersedes` names an amendment that there is not.",
    can_be_silenced: false,
    source: include_str!("unknown_amendment.rs"),
    check: Check {
        product: check,
        ..Check::NOTHING
    },
    fixes,
};

/// Among how many ids the nearest one is looked for.
const CANDIDATES: usize = 200;

fn check(context: &Context<'_>, product: &Name, findings: &mut Vec<Finding>) {
    let known = ids(context, product);
    let spelled = spelled(&known);
    for (file, id, spot) in mentions(context, product) {
        if known.contains(id) || file.quiet {
            continue;
        }
        let meant = nearest(&id.to_string(), spelled.iter().map(String::as_str));
        let advice = match meant {
            Some(meant) => format!(" Did you mean `{meant}`?"),
            None => String::new(),
        };
        let subject = Subject {
            product: Some(product.clone()),
            amendment: Some(id.clone()),
            ..Subject::default()
        };
        let message = format!("There is no amendment `{id}` in `{product}`.{advice}");
        findings.push(Finding::new(&CODE, file, spot, message).about(subject));
    }
}

fn ids<'s>(context: &Context<'s>, product: &Name) -> BTreeSet<&'s AmendmentId> {
    let amendments = context.amendments(product).into_iter();
    amendments
        .filter_map(|(_, amendment)| Some(&amendment.id.as_ref()?.value))
        .collect()
}

/// The ids among which the nearest one is looked for.
fn spelled(ids: &BTreeSet<&AmendmentId>) -> Vec<String> {
    ids.iter()
        .take(CANDIDATES)
        .map(|id| id.to_string())
        .collect()
}

/// Every place that names an amendment of `product`.
fn mentions<'s>(context: &Context<'s>, product: &Name) -> Vec<(&'s File, &'s AmendmentId, Spot)> {
    let mut mentions = Vec::new();
    for file in context.snapshot.product_files(product) {
        let Some(spec) = file.native_spec() else {
            continue;
        };
        let columns = spec.tables.iter().flat_map(|table| &table.columns);
        let since = columns.filter_map(|column| column.since.as_ref());
        mentions.extend(since.map(|since| (file, &since.value, since.spot)));
        let superseded = spec
            .amendments
            .iter()
            .flat_map(|amendment| &amendment.supersedes);
        mentions.extend(
            superseded
                .map(|superseded| (file, &superseded.amendment.value, superseded.amendment.spot)),
        );
    }
    mentions
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let nearest_id = || {
        let id = finding.subject.amendment.as_ref()?.to_string();
        let context = Context::for_fixes(fixing.snapshot);
        let known = ids(&context, finding.subject.product.as_ref()?);
        let spelled = spelled(&known);
        let meant = nearest(&id, spelled.iter().map(String::as_str))?;
        fixing.replacement(
            finding,
            format!("Take amendment `{meant}`"),
            meant.to_owned(),
        )
    };
    nearest_id().into_iter().collect()
}
