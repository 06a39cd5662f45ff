//! # What it says
//!
//! A spec describes a table that no SQL of the workspace defines or reads, or it names a SQL file
//! that is not there.
//!
//! It stays silent for sources and seeds, for tables that some SQL reads (they come from elsewhere),
//! for models in Python, for snapshots that dbt defines in YAML, for what is disabled, for what an
//! amendment is to bring that is still open or proposed, and in a workspace without any SQL: there the
//! spec is written first.
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

use crate::code::{Check, Code};
use crate::context::{Context, Description, product_of};
use crate::drift::coverage::{Called, Coverage};
use crate::finding::{At, Finding};
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing};
use index::configuration::Level;
use index::{File, Table, TableKey};
use spec::model::TableOrigin;
use spec::nearest;
use syntax::Name;
use syntax::yaml::Value;

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
    fixes,
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
                description.name(),
                model.value
            );
            (model.spot, message)
        }
        (TableOrigin::Native, None) if !context.snapshot.readers(&table.key).is_empty() => {
            return None;
        }
        (TableOrigin::Native | TableOrigin::DbtModel, _) if entry.versions.is_empty() => (
            entry.name.spot,
            format!("`{}` is defined by no SQL here.", description.name()),
        ),
        _ => return None,
    };
    let mut names = table.key.parts.clone();
    names.extend(entry.name.value.iter().cloned());
    if context.may_be_mentioned(&names) || is_awaited(context, table, description) {
        return None;
    }
    let finding = Finding::new(&CODE, file, at, message);
    Some(finding.about(context.subject(table, file, None)))
}

/// Whether an amendment that is not done yet is to bring the table.
fn is_awaited(context: &Context<'_>, table: &Table, description: &Description<'_>) -> bool {
    let called = Called::new(table, description.entry);
    product_of(description.file)
        .is_some_and(|product| Coverage::of(context, &product).is_awaited(&called, None))
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let name_model = || {
        let file = fixing.snapshot.file(finding.file)?;
        let key = finding.subject.table.as_ref()?;
        let entry = file.described_tables().iter().find(|entry| {
            let model = entry.model.as_ref().map(|model| At::Spot(model.spot));
            finding.at == At::Spot(entry.name.spot) || Some(finding.at) == model
        })?;
        if entry.origin != TableOrigin::Native {
            return None;
        }
        let meant = nearest_model(fixing, key)?;
        let mut sheet = Sheet::open(fixing, file)?;
        let path = sheet.path_of(file.range(entry.entry))?;
        let model = Value::text(meant.as_str());
        sheet.put(&path, &["model"], model, &["why", "description", "name"])?;
        Some(sheet.fix(format!("Say that {meant} defines `{key}`"), None))
    };
    name_model().into_iter().collect()
}

/// The SQL file that defines the undescribed table whose name is nearest to that of `key`.
fn nearest_model(fixing: &Fixing<'_>, key: &TableKey) -> Option<String> {
    let context = Context::for_fixes(fixing.snapshot);
    let tables = fixing.snapshot.tables().into_iter();
    let undescribed =
        tables.filter(|table| table.descriptions.is_empty() && table.key.project == key.project);
    let candidates: Vec<(Name, &File)> = undescribed
        .filter_map(|table| Some((table.key.name(), context.definition(table)?.file)))
        .collect();
    let name = key.name();
    let meant = nearest(
        name.as_str(),
        candidates.iter().map(|(name, _)| name.as_str()),
    )?;
    let (_, file) = candidates.iter().find(|(name, _)| name.as_str() == meant)?;
    Some(fixing.snapshot.display_path(&file.path))
}
