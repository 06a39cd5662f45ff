//! # What it says
//!
//! One product describes a table twice, one dbt project has two entries for a model, or an entry
//! lists a column twice. Letter case makes no difference. A column listed twice in a dbt file is a
//! warning only: dbt itself takes the last one and goes on.
//!
//! # Why it matters
//!
//! Two descriptions of one thing part sooner or later, and then nobody knows which is right. dbt
//! refuses a project with two entries for one model.
//!
//! # Example
//!
//! ```yaml
//! columns:
//!   - name: order_id
//!     description: Identifies the order.
//!   - name: order_id                # error: order_id is listed twice
//!     description: The order's number.
//! ```
//!
//! # Fix
//!
//! Remove one of the two, or correct the name of the one that is another thing.

use crate::code::{Check, Code, no_fix};
use crate::context::{Context, Description, column_place, product_of};
use crate::finding::{Finding, Severity, Subject};
use index::configuration::Level;
use index::{File, Table};
use spec::model::{Column, TableOrigin};
use std::collections::HashMap;
use std::mem::discriminant;
use syntax::Name;

pub(crate) const CODE: Code = Code {
    name: "duplicate-name",
    default: Level::Error,
    summary: "A product describes a table twice, or a table a column.",
    can_be_silenced: true,
    source: include_str!("duplicate_name.rs"),
    check: Check {
        file: check_columns,
        table: check_table,
        ..Check::NOTHING
    },
    fixes: no_fix,
};

fn check_columns(_: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    for table in file.described_tables() {
        let versions = table.versions.iter().map(|version| &version.columns);
        for columns in std::iter::once(&table.columns).chain(versions) {
            let name = table.name.value.last().cloned().unwrap_or_default();
            check_list(file, &name, columns, findings);
        }
    }
}

fn check_list(file: &File, table: &Name, columns: &[Column], findings: &mut Vec<Finding>) {
    let mut first: HashMap<&Name, &Column> = HashMap::new();
    for column in columns {
        let name = &column.name.value;
        if let Some(first) = first.get(name) {
            let subject = Subject {
                product: product_of(file),
                column: Some(name.clone()),
                detail: Some(table.to_string()),
                ..Subject::default()
            };
            let message = format!("`{name}` is listed twice in `{table}`.");
            let finding = Finding::new(&CODE, file, column_place(file, column), message)
                .about(subject)
                .see(
                    file,
                    column_place(file, first),
                    "It is listed here already.",
                );
            findings.push(match file.native_spec() {
                Some(_) => finding,
                // dbt takes it, and reads the last one only.
                None => finding.milder(Severity::Warning),
            });
        } else {
            first.insert(name, column);
        }
    }
}

fn check_table(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    // The first entry of each list that describes the table; there are few lists.
    let mut firsts: Vec<Description<'_>> = Vec::new();
    for later in context.descriptions(table) {
        let Some(first) = firsts.iter().find(|first| is_same_place(first, &later)) else {
            firsts.push(later);
            continue;
        };
        let place = match later.entry.origin {
            TableOrigin::Native => "product",
            _ => "dbt project",
        };
        let message = format!("`{}` is described twice in this {place}.", later.name());
        findings.push(
            Finding::new(&CODE, later.file, later.entry.name.spot, message)
                .about(context.subject(table, later.file, None))
                .see(
                    first.file,
                    first.entry.name.spot,
                    "It is described here already.",
                ),
        );
    }
}

/// Whether two entries for one table belong to one list: of a product, or of a kind in dbt.
fn is_same_place(one: &Description<'_>, other: &Description<'_>) -> bool {
    discriminant(&one.entry.origin) == discriminant(&other.entry.origin)
        && product_of(one.file) == product_of(other.file)
}
