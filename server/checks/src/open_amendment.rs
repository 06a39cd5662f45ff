//! # What it says
//!
//! An amendment says what is needed, and its `change` is still to be done.
//!
//! # Why it matters
//!
//! A requirement has been agreed to and not been met. It is easy to forget, and its guarantees do not
//! hold before it is closed.
//!
//! # Example
//!
//! ```yaml
//! amendments:
//!   - id: item-count
//!     requirement: The number of items in each order must be visible.
//!     change: tbd                   # info: item-count is still to be done
//! ```
//!
//! # Fix
//!
//! Make the change in the SQL, by a quick fix where it is a local edit, then say in `change` what was done: a
//! quick fix fills it in from what the SQL means now, and what holds from here on, once something that the
//! amendment names has changed. What was so already gets `change: none`. An amendment that is not wanted any
//! more gets `status: withdrawn`, by a code action.

use crate::code::{Check, Code};
use crate::context::{Context, product_of};
use crate::finding::{Finding, Subject};
use crate::fix::sheet::Sheet;
use crate::fix::{Detail, Fix, Fixing, record};
use crate::keeping;
use index::configuration::Level;
use index::{File, Snapshot};
use spec::model::{Amendment, Status};
use syntax::yaml::Value;

pub(crate) const CODE: Code = Code {
    name: "open-amendment",
    default: Level::Info,
    summary: "The change of an amendment is still to be done.",
    can_be_silenced: true,
    source: include_str!("open_amendment.rs"),
    check: Check {
        file: check,
        ..Check::NOTHING
    },
    fixes,
};

fn check(_: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    let Some(spec) = file.native_spec() else {
        return;
    };
    let open = spec.amendments.iter();
    for amendment in open.filter(|amendment| amendment.is_open()) {
        // What is missing besides is said by `invalid-spec`.
        if let (Some(id), true) = (&amendment.id, amendment.status() != Status::Withdrawn) {
            let at = amendment
                .change
                .as_ref()
                .map_or(id.spot, |change| change.spot);
            let message = format!("`{}` is still to be done{}", id.value, quoted(amendment));
            let subject = Subject {
                product: product_of(file),
                amendment: Some(id.value.clone()),
                ..Subject::default()
            };
            findings.push(Finding::new(&CODE, file, at, message).about(subject));
        }
    }
}

/// The requirement, in the words of whoever had it.
fn quoted(amendment: &Amendment) -> String {
    match &amendment.requirement {
        Some(requirement) => format!(": \"{}\"", requirement.value),
        None => ".".to_owned(),
    }
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let recorded = || {
        let (file, amendment) = amendment_of(fixing.snapshot, finding)?;
        record::closed(fixing, file, amendment)
    };
    recorded().into_iter().collect()
}

/// The open amendment that a finding is about, and the spec that it stands in.
fn amendment_of<'s>(
    snapshot: &'s Snapshot,
    finding: &Finding,
) -> Option<(&'s File, &'s Amendment)> {
    let file = snapshot.file(finding.file)?;
    let id = finding.subject.amendment.as_ref()?;
    let mut amendments = file.native_spec()?.amendments.iter();
    let is_it = |own: &&Amendment| own.id.as_ref().is_some_and(|own| own.value == *id);
    let amendment = amendments.find(|own| own.is_open() && is_it(own))?;
    Some((file, amendment))
}

/// Gives up the open amendment that a finding is about: it stays in the history, as withdrawn. Whether the need
/// is gone is for people to say, so it is none of the fixes.
pub fn withdrawal(snapshot: &Snapshot, finding: &Finding, detail: Detail) -> Option<Fix> {
    let found = amendment_of(snapshot, finding).filter(|_| finding.code == CODE.name);
    let (file, amendment) = found?;
    let fixing = Fixing {
        is_for_titles: detail == Detail::Title,
        ..Fixing::new(snapshot)
    };
    let mut sheet = Sheet::open(&fixing, file)?;
    let path = sheet.path_of(file.range(amendment.entry))?;
    let behind = ["supersedes", "changes", "change", "requirement"];
    sheet.put(&path, &["status"], Value::text("withdrawn"), &behind)?;
    let id = &amendment.id.as_ref()?.value;
    Some(sheet.fix(format!("Withdraw amendment `{id}`"), None))
}

/// What the open amendment that a finding is about asks for and the SQL does not do, or can't be told to do,
/// made in the SQL: steps that do not settle the finding, for the amendment stays open.
pub fn steps(snapshot: &Snapshot, finding: &Finding) -> Vec<Fix> {
    let subject = &finding.subject;
    match (&subject.product, &subject.amendment) {
        (Some(product), Some(id)) if finding.code == CODE.name => {
            keeping::of_amendment(&Fixing::new(snapshot), product, id)
        }
        _ => Vec::new(),
    }
}
