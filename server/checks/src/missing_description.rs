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
use crate::context::{Context, column_place};
use crate::finding::Finding;
use crate::fix::entry::Entry;
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing, draft};
use index::Table;
use index::configuration::Level;
use spec::model::Field;
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

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    let descriptions = context.descriptions(table);
    let Some(leading) = descriptions.first() else {
        return;
    };
    let is_counted_only = !context.is_asked_for(table);
    if !descriptions
        .iter()
        .any(|description| says_something(&description.entry.description))
    {
        let message = format!(
            "`{}` has no description: say what one row of it is.",
            leading.name()
        );
        let finding = Finding::new(&CODE, leading.file, leading.entry.name.spot, message)
            .about(context.subject(table, leading.file, None));
        findings.push(Finding {
            is_counted_only,
            ..finding
        });
    }
    for column in table
        .columns
        .iter()
        .filter(|column| !column.has_description)
    {
        let entries = column
            .described
            .iter()
            .filter_map(|described| context.column_entry(*described));
        let Some((file, entry)) = entries.into_iter().find(|(file, _)| !file.quiet) else {
            continue;
        };
        let message = format!("`{}` has no description: say what it is.", entry.name.value);
        let finding = Finding::new(&CODE, file, column_place(file, entry), message)
            .about(context.subject(table, file, Some(&column.name)));
        findings.push(Finding {
            is_counted_only,
            ..finding
        });
    }
}

fn says_something(field: &Option<Field<String>>) -> bool {
    field
        .as_ref()
        .is_some_and(|field| !field.value.trim().is_empty())
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
