//! # What it says
//!
//! Nothing says why a table or a column that a spec describes exists. A column needs no why of its
//! own where `since` names the amendment that introduced it, or where it comes unchanged from a
//! column that has one.
//!
//! # Why it matters
//!
//! What a column is can be read from the SQL. Why it exists can't. Whoever changes it next, a person
//! or an agent, has to know what it must go on being good for.
//!
//! # Example
//!
//! ```yaml
//! tables:
//!   - name: orders
//!     why: Invoicing and revenue reporting both start from single orders.
//!     columns:
//!       - name: order_amount        # warning: order_amount has no why
//!         description: Total monetary value of the order.
//! ```
//!
//! # Fix
//!
//! Add a `why` that says who needs it, and for what. In a dbt file it stands under
//! `config.meta.rationale`, before dbt 1.10 under `meta.rationale`. The quick fix drafts it from
//! what the SQL shows: who reads the column. Or name the amendment that introduced the column with
//! `since`.

use crate::code::{Check, Code};
use crate::context::{Context, column_place};
use crate::finding::Finding;
use crate::fix::entry::Entry;
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing, draft};
use index::Table;
use index::configuration::Level;
use spec::model::Field;

pub(crate) const CODE: Code = Code {
    name: "missing-why",
    default: Level::Warning,
    summary: "A table or column has no why, own or inherited.",
    can_be_silenced: true,
    source: include_str!("missing_why.rs"),
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
        .any(|description| says_something(&description.entry.why))
    {
        let message = format!(
            "`{}` has no why: say who needs this table, and for what.",
            leading.name()
        );
        let finding = Finding::new(&CODE, leading.file, leading.entry.name.spot, message)
            .about(context.subject(table, leading.file, None));
        findings.push(Finding {
            is_counted_only,
            ..finding
        });
    }
    for column in table.columns.iter().filter(|column| column.why.is_none()) {
        let entries = column
            .described
            .iter()
            .filter_map(|described| context.column_entry(*described));
        let Some((file, entry)) = entries.into_iter().find(|(file, _)| !file.quiet) else {
            continue;
        };
        let message = format!(
            "`{}` has no why: say who needs it, and for what.",
            entry.name.value
        );
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
        let table = entry.joined(fixing)?;
        let mut sheet = Sheet::open(fixing, entry.file)?;
        let path = sheet.path_of(entry.range())?;
        let why = draft::why(
            fixing.snapshot,
            table,
            entry.column.map(|column| &column.name.value),
        );
        let keys = entry.why_keys(fixing, &sheet, &path);
        sheet.put(&path, keys, draft::marked(&why), &["description", "name"])?;
        let title = format!("Add a why to `{}`", entry.name());
        Some(Fix {
            preferred: true,
            ..sheet.fix(title, Some(&why))
        })
    };
    add().into_iter().collect()
}
