//! # What it says
//!
//! The SQL of a table selects a column that no spec of the table describes. Where the spec lists no
//! column at all, that is said once, at the table's name.
//!
//! It stays silent where the text does not tell all columns: a `*` over a table that is not known, a
//! template that stands for columns, several statements that define the same table.
//!
//! # Why it matters
//!
//! A column that nobody has described is used all the same, by whoever finds it, for whatever its
//! name suggests.
//!
//! # Example
//!
//! ```sql
//! select
//!     order_id,
//!     coupon_code                   -- warning: coupon_code is not described in the spec of orders
//! from raw.orders
//! ```
//!
//! # Fix
//!
//! Add the column to the spec, with what it is and why it exists. If somebody asked for it, draft an
//! amendment: the requirement is then the column's why.

use crate::code::{Check, Code};
use crate::context::{Context, Definition, Description, product_of};
use crate::finding::{At, Finding, Subject};
use crate::fix::{Fix, Fixing, add_column};
use crate::words::listed;
use index::Table;
use index::configuration::Level;
use index::table::{Column, Selected};
use std::collections::HashSet;
use syntax::Name;

pub(crate) const CODE: Code = Code {
    name: "undocumented-column",
    default: Level::Warning,
    summary: "The SQL selects a column that the spec does not describe.",
    can_be_silenced: true,
    source: include_str!("undocumented_column.rs"),
    check: Check {
        table: check,
        ..Check::NOTHING
    },
    fixes,
};

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    let descriptions = context.descriptions(table);
    let (Some(spec), Some(definition)) = (descriptions.first(), context.closed_definition(table))
    else {
        return;
    };
    let undocumented = undocumented(table);
    if undocumented.is_empty() {
        return;
    }
    let is_asked_for = context.is_asked_for(table);
    let lists_columns = descriptions
        .iter()
        .any(|description| !description.entry.columns.is_empty());
    match (is_asked_for, lists_columns) {
        (true, true) => {
            let by_place = undocumented.chunk_by(|(_, one), (_, next)| one.name == next.name);
            for columns in by_place {
                findings.extend(finding(context, table, spec, definition, columns));
            }
        }
        (true, false) => {
            findings.push(none_listed(context, table, spec, definition, &undocumented))
        }
        (false, true) => {
            let each = undocumented.chunks(1);
            let each = each.filter_map(|column| finding(context, table, spec, definition, column));
            findings.extend(each.map(|finding| Finding {
                is_counted_only: true,
                ..finding
            }));
        }
        (false, false) => {}
    }
}

/// The columns that the SQL selects and no spec describes, in the order of the SQL.
pub(crate) fn undocumented(table: &Table) -> Vec<(&Column, Selected)> {
    let described = table
        .columns
        .iter()
        .filter(|column| !column.described.is_empty());
    let described: HashSet<String> = described
        .flat_map(|column| named(column.name.as_str()))
        .collect();
    let columns = table
        .columns
        .iter()
        .filter(|column| column.described.is_empty());
    let columns = columns.filter(|column| !described.contains(&folded(column.name.as_str())));
    columns
        .filter_map(|column| Some((column, column.selected?)))
        .collect()
}

/// What a spec may mean by a name, folded: the column itself, or, field by field (`address.city`),
/// the column that holds the field.
pub(crate) fn named(described: &str) -> Vec<String> {
    let whole = folded(described);
    let first = described.split(['.', '[']).next().map(folded);
    first
        .filter(|first| *first != whole)
        .into_iter()
        .chain([whole])
        .collect()
}

/// A column's name without quotes, and with the case of all letters made the same.
pub(crate) fn folded(name: &str) -> String {
    name.trim_matches(['"', '`', '\'', '[', ']']).to_lowercase()
}

type Undocumented<'t> = (&'t Column, Selected);

/// A finding for the columns that one entry of the projection brings: one, or all of a `*`.
fn finding(
    context: &Context<'_>,
    table: &Table,
    spec: &Description<'_>,
    definition: Definition<'_>,
    columns: &[Undocumented<'_>],
) -> Option<Finding> {
    let (first, selected) = columns.first()?;
    let names: Vec<&Name> = columns.iter().map(|(column, _)| &column.name).collect();
    let by_star = if selected.by_star {
        ", which `*` brings,"
    } else {
        ""
    };
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!(
        "{}{by_star} {verb} not described in the spec of `{}`.",
        listed(&names, 5),
        spec.name()
    );
    let is_one = names.len() == 1;
    let subject = Subject {
        product: product_of(spec.file),
        detail: (!is_one).then(|| {
            names
                .iter()
                .map(|name| name.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        }),
        ..context.subject(table, spec.file, is_one.then_some(&first.name))
    };
    let finding = Finding::new(&CODE, definition.file, selected.name, message)
        .about(subject)
        .see(
            spec.file,
            spec.entry.name.spot,
            format!("`{}` is described here.", spec.name()),
        );
    Some(finding)
}

/// One finding for a spec that lists no column at all.
fn none_listed(
    context: &Context<'_>,
    table: &Table,
    spec: &Description<'_>,
    definition: Definition<'_>,
    undocumented: &[Undocumented<'_>],
) -> Finding {
    let names: Vec<&Name> = undocumented
        .iter()
        .map(|(column, _)| &column.name)
        .collect();
    let message = match names.as_slice() {
        [name] => format!(
            "The only column of `{}` is not described: `{name}`.",
            spec.name()
        ),
        _ => format!(
            "None of the {} columns of `{}` is described: {}.",
            names.len(),
            spec.name(),
            listed(&names, 5)
        ),
    };
    Finding::new(&CODE, spec.file, spec.entry.name.spot, message)
        .about(context.subject(table, spec.file, None))
        .see(
            definition.file,
            definition.model.name_spot,
            "They are selected here.",
        )
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let context = Context::for_fixes(fixing.snapshot);
    let table = finding
        .subject
        .table
        .as_ref()
        .and_then(|key| fixing.snapshot.table(key));
    let Some(table) = table else {
        return Vec::new();
    };
    let descriptions = context.descriptions(table);
    let with_columns = descriptions
        .iter()
        .find(|description| !description.entry.columns.is_empty());
    let Some(description) = with_columns.or(descriptions.first()) else {
        return Vec::new();
    };
    let undocumented = undocumented(table);
    let columns = undocumented
        .into_iter()
        .filter(|(_, selected)| is_about(finding, selected));
    let columns: Vec<&Column> = columns.map(|(column, _)| column).collect();
    if columns.is_empty() {
        return Vec::new();
    }
    let fixes = [
        add_column::to_spec(fixing, table, description, &columns),
        add_column::by_amendment(fixing, table, description, &columns),
    ];
    fixes.into_iter().flatten().collect()
}

/// Whether `finding` is about a column that is selected so: it stands there, or it is about all.
fn is_about(finding: &Finding, selected: &Selected) -> bool {
    let is_about_all = finding.file != selected.model.file;
    is_about_all || finding.at == At::Spot(selected.name)
}
