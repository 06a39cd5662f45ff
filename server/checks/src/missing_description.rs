//! # What it says
//!
//! A table or a column has an entry in a spec, and the entry does not say what it is. A column needs
//! no description of its own where it comes unchanged from a column that has one.
//!
//! # Why it matters
//!
//! A name is a guess. `amount` may be before or after tax, of the order or of the line; whoever reads
//! it decides by the description, or by luck.
//!
//! # Example
//!
//! ```yaml
//! columns:
//!   - name: order_amount            # hint: order_amount has no description
//!     why: Printed on the invoice.
//! ```
//!
//! # Fix
//!
//! Add a `description` that says what one row of the table is, or what one value of the column is.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::entry::Entry;
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing, draft};
use crate::unsaid::Unsaid;
use index::Table;
use index::configuration::Level;
use syntax::yaml::Value;

pub(crate) const CODE: Code = Code {
    name: "missing-description",
    default: Level::Hint,
    summary: "A table or column has no description.",
    can_be_silenced: true,
    source: include_str!("missing_description.rs"),
    check: Check {
        table: check,
        ..Check::NOTHING
    },
    fixes,
};

const UNSAID: Unsaid = Unsaid {
    code: &CODE,
    of_table: |entry| &entry.description,
    is_known_of: |column| column.has_description,
    table: "has no description: say what one row of it is.",
    column: "has no description: say what it is.",
};

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    UNSAID.find(context, table, findings);
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let add = || {
        let entry = Entry::at(fixing, finding)?;
        let mut sheet = Sheet::open(fixing, entry.file)?;
        let path = sheet.path_of(entry.range())?;
        let description = Value::text(draft::DESCRIPTION);
        sheet.put(&path, &["description"], description, &["name"])?;
        let title = format!("Add a description to `{}`", entry.name());
        Some(Fix {
            preferred: true,
            ..sheet.fix(title, Some(draft::DESCRIPTION))
        })
    };
    add().into_iter().collect()
}
