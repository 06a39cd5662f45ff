//! # What it says
//!
//! A spec describes a table that no SQL of the workspace defines or reads, or it names a SQL file
//! that is not there.
//!
//! It stays silent for sources and seeds, for tables that some SQL reads (they come from elsewhere),
//! for models in Python, for snapshots that dbt defines in YAML, for what is disabled, and in a
//! workspace without any SQL: there the spec is written first.
//!
//! # Why it matters
//!
//! The spec promises a table that nothing makes. It was renamed or removed, and what it was asked for
//! went with it unsaid.
//!
//! # Example
//!
//! ```yaml
//! tables:
//!   - name: legacy_orders           # warning: legacy_orders is defined by no SQL here
//!     description: Orders of the old shop.
//! ```
//!
//! # Fix
//!
//! Name the SQL file that defines it with `model`, or take the right name. If the table was meant to
//! go, say so in an amendment and remove it from the spec.

use crate::code::{Check, Code, no_fix};
use crate::context::{Context, Description};
use crate::finding::Finding;
use index::Table;
use index::configuration::Level;
use spec::model::TableOrigin;

pub(crate) const CODE: Code = Code {
    name: "phantom-table",
    default: Level::Warning,
    summary: "A spec describes a table that no SQL defines or reads.",
    can_be_silenced: true,
    source: include_str!("phantom_table.rs"),
    check: Check {
        table: check,
        ..Check::NOTHING
    },
    fixes: no_fix,
};

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    if !context.has_sql || !table.models.is_empty() {
        return;
    }
    for description in context.descriptions(table) {
        findings.extend(of_description(context, table, &description));
    }
}

fn of_description(
    context: &Context<'_>,
    table: &Table,
    description: &Description<'_>,
) -> Option<Finding> {
    let (file, entry) = (description.file, description.entry);
    let (at, message) = match (&entry.origin, &entry.model) {
        (TableOrigin::Native, Some(model)) => {
            let message = format!(
                "There is no SQL that defines `{}` at {}.",
                table.key, model.value
            );
            (model.spot, message)
        }
        (TableOrigin::Native, None) if !context.snapshot.readers(&table.key).is_empty() => {
            return None;
        }
        (TableOrigin::Native | TableOrigin::DbtModel, _) if entry.versions.is_empty() => (
            entry.name.spot,
            format!("`{}` is defined by no SQL here.", table.key),
        ),
        _ => return None,
    };
    let finding = Finding::new(&CODE, file, at, message);
    Some(finding.about(context.subject(table, file, None)))
}
