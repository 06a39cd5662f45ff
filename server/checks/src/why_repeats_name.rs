//! # What it says
//!
//! A why holds no word that is not already in the name or in the description, or it is still a note
//! to be written (`TODO`).
//!
//! # Why it matters
//!
//! It looks answered and is not. "Needed for the order amount" keeps nobody from changing what
//! `order_amount` is.
//!
//! # Example
//!
//! ```yaml
//! - name: order_amount
//!   description: Total monetary value of the order.
//!   why: The amount of the order.   # hint: this why only repeats the name
//! ```
//!
//! # Fix
//!
//! Say who needs it, and for what: "Printed on the invoice, which must show what the customer pays."

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::entry::Entry;
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing, draft, evidence};
use crate::words::telling_words;
use index::configuration::Level;
use index::{File, Table};
use spec::model::Field;
use syntax::Name;

pub(crate) const CODE: Code = Code {
    name: "why-repeats-name",
    default: Level::Hint,
    summary: "A why only repeats the name or the description.",
    can_be_silenced: true,
    source: include_str!("why_repeats_name.rs"),
    check: Check {
        table: check,
        ..Check::NOTHING
    },
    fixes,
};

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    for description in context.descriptions(table) {
        let (file, entry) = (description.file, description.entry);
        let name = description.name();
        let mut judge = |why, name: &str, description, column: Option<&Name>| {
            findings.extend(
                judged(why, name, description, file)
                    .map(|finding| finding.about(context.subject(table, file, column))),
            );
        };
        judge(&entry.why, &name, &entry.description, None);
        for column in &entry.columns {
            let name = &column.name.value;
            judge(&column.why, name.as_str(), &column.description, Some(name));
        }
    }
}

fn judged(
    why: &Option<Field<String>>,
    name: &str,
    description: &Option<Field<String>>,
    file: &File,
) -> Option<Finding> {
    let why = why.as_ref().filter(|why| !why.value.trim().is_empty())?;
    let told = telling_words(&why.value);
    let of_name = telling_words(name);
    let of_description = description
        .as_ref()
        .map(|description| telling_words(&description.value));
    let repeats = if told.is_empty() {
        "says nothing yet"
    } else if told.is_subset(&of_name) {
        "only repeats the name"
    } else if of_description
        .is_some_and(|description| told.is_subset(&description.union(&of_name).cloned().collect()))
    {
        "only repeats the description"
    } else {
        return None;
    };
    let message = format!("The why of `{name}` {repeats}: say who needs it, and for what.");
    Some(Finding::new(&CODE, file, why.spot, message))
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let replace = || {
        let entry = Entry::at(fixing, finding)?;
        let table = entry.joined(fixing)?;
        let column = entry.column.map(|column| &column.name.value);
        let why = evidence::evidence(fixing.snapshot, table, column)?;
        let mut sheet = Sheet::open(fixing, entry.file)?;
        let path = sheet.path_of(entry.range())?;
        let keys = entry.why_keys(fixing, &sheet, &path);
        sheet.put(&path, keys, draft::marked(&why), &[])?;
        let title = format!("Say who reads `{}` instead", entry.name());
        Some(Fix {
            preferred: true,
            ..sheet.fix(title, Some(&why))
        })
    };
    replace().into_iter().collect()
}
