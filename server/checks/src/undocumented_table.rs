//! # What it says
//!
//! SQL defines a table that no spec describes.
//!
//! It speaks only where somebody has begun to ask: in a dbt project with a `rationale.toml`, and
//! outside of dbt where there is a native spec or a `rationale.toml`. A temporary table is nobody's
//! product.
//!
//! # Why it matters
//!
//! Nobody can tell what the table is for, who relies on it, or whether it may go.
//!
//! # Example
//!
//! ```sql
//! create table daily_revenue as     -- hint: daily_revenue has no spec
//! select ordered_on, sum(order_amount) as revenue
//! from orders group by ordered_on
//! ```
//!
//! # Fix
//!
//! Create a spec that describes the table, or add it to the spec of the product that it belongs to.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::{Finding, Subject};
use crate::fix::{Fix, Fixing, create_spec};
use index::Table;
use index::configuration::Level;

pub(crate) const CODE: Code = Code {
    name: "undocumented-table",
    default: Level::Hint,
    summary: "SQL defines a table that no spec describes.",
    can_be_silenced: true,
    source: include_str!("undocumented_table.rs"),
    check: Check {
        table: check,
        ..Check::NOTHING
    },
    fixes,
};

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    if !table.descriptions.is_empty() || table.is_disabled {
        return;
    }
    let Some(definition) = context.definition(table) else {
        return;
    };
    if definition.model.is_temporary {
        return;
    }
    let is_configured = context
        .snapshot
        .settings(&definition.file.path)
        .is_configured;
    let is_asked_for = is_configured || (table.key.project.is_none() && context.has_native_spec);
    if is_asked_for {
        let message = format!(
            "`{}` has no spec: nothing says what it is, or why it exists.",
            definition.name()
        );
        let subject = Subject {
            table: Some(table.key.clone()),
            ..Subject::default()
        };
        let at = definition.model.name_spot;
        findings.push(Finding::new(&CODE, definition.file, at, message).about(subject));
    }
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let table = finding
        .subject
        .table
        .as_ref()
        .and_then(|key| fixing.snapshot.table(key));
    let (Some(table), Some(file)) = (table, fixing.snapshot.file(finding.file)) else {
        return Vec::new();
    };
    let fixes = [
        create_spec::in_nearest_spec(fixing, table, file),
        create_spec::in_new_file(fixing, table, file),
    ];
    fixes.into_iter().flatten().collect()
}
