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
//! Take the right name, or name the SQL file that defines it with `model`. Where exactly one table that no
//! spec describes is called nearly so, a quick fix writes its name, unless something was agreed under the
//! name that stands there. If the table was meant to go, say so in an amendment and remove it from the spec.

use crate::code::{Check, Code};
use crate::context::{Context, Description, product_of};
use crate::drift::coverage::{Called, Coverage};
use crate::finding::{At, Finding};
use crate::fix::entry::Entry;
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing};
use index::binding::NameInSentence;
use index::configuration::Level;
use index::file::{FileKind, SqlRole};
use index::{File, Table, TableKey};
use spec::model::TableOrigin;
use spec::nearest;
use syntax::Name;
use syntax::name::dotted;
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
    respelled(fixing, finding)
        .into_iter()
        .chain(with_model(fixing, finding))
        .collect()
}

/// The name of the only table that is called nearly so.
fn respelled(fixing: &Fixing<'_>, finding: &Finding) -> Option<Fix> {
    let entry = Entry::at(fixing, finding).filter(|entry| entry.column.is_none())?;
    let table = entry.joined(fixing)?;
    if finding.at != At::Spot(entry.table.name.spot) || is_agreed(fixing, &entry, table) {
        return None;
    }
    let written = &entry.table.name.value;
    let near = undescribed(fixing, &table.key).filter(|(key, _)| {
        let (own, other) = (table.key.parts.split_last(), key.parts.split_last());
        own.zip(other)
            .is_some_and(|((own, around), (other, beside))| {
                beside.ends_with(around) && nearest(own.as_str(), [other.as_str()]).is_some()
            })
    });
    let near: Vec<&TableKey> = near.map(|(key, _)| key).collect();
    let [meant] = near.as_slice() else {
        return None;
    };
    // As many parts as the entry has.
    let left_out = meant.parts.len().checked_sub(written.len())?;
    let meant = dotted(meant.parts.get(left_out..)?);
    let mut sheet = Sheet::open(fixing, entry.file)?;
    let path = sheet.path_of(entry.range())?;
    sheet.put(&path, &["name"], Value::text(meant.as_str()), &[])?;
    Some(Fix {
        preferred: true,
        ..sheet.fix(format!("Call it `{meant}`, as the SQL does"), None)
    })
}

/// Whether an amendment, a key of another table or a lock knows the table by its name. It is no slip then,
/// and another name would leave them behind.
fn is_agreed(fixing: &Fixing<'_>, entry: &Entry<'_>, table: &Table) -> bool {
    let snapshot = fixing.snapshot;
    if snapshot.locked(table).is_some() {
        return true;
    }
    let name = table.key.name();
    let in_text = |text: &str| text.split('.').any(|part| Name::new(part) == name);
    let dialect = snapshot.projects().dialect(&entry.file.path).dialect;
    let in_sentences = |file: &File, ordinal: usize| {
        let stated = file.guarantees(ordinal).filter_map(|own| own.as_ref().ok());
        stated
            .flat_map(|guarantee| NameInSentence::all(guarantee, dialect))
            .any(|own| own.parts.contains(&name))
    };
    let specs = snapshot.files().into_iter();
    let specs = specs.filter_map(|file| Some((file, file.native_spec()?)));
    specs.into_iter().any(|(file, spec)| {
        let mut amendments = spec.amendments.iter().enumerate();
        amendments.any(|(ordinal, amendment)| {
            let mut changes = amendment.changes.iter();
            changes.any(|changed| in_text(&changed.value)) || in_sentences(file, ordinal)
        }) || spec.tables.iter().any(|table| {
            let mut references = table
                .columns
                .iter()
                .filter_map(|own| own.references.as_ref());
            references.any(|references| in_text(&references.value))
        })
    })
}

/// The SQL file that defines it, named by its path.
fn with_model(fixing: &Fixing<'_>, finding: &Finding) -> Option<Fix> {
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
}

/// The SQL file that defines the undescribed table whose name is nearest to that of `key`.
fn nearest_model(fixing: &Fixing<'_>, key: &TableKey) -> Option<String> {
    // A path tells which table is meant only where the file makes no other.
    let makes_one = |file: &File| {
        let models = file.sql().map_or(1, |sql| sql.models.len());
        models == 1 || file.kind == FileKind::Sql(SqlRole::Model)
    };
    let undescribed = undescribed(fixing, key).filter(|(_, file)| makes_one(file));
    let candidates: Vec<(Name, &File)> = undescribed
        .map(|(table, file)| (table.name(), file))
        .collect();
    let name = key.name();
    let meant = nearest(
        name.as_str(),
        candidates.iter().map(|(name, _)| name.as_str()),
    )?;
    let (_, file) = candidates.iter().find(|(name, _)| name.as_str() == meant)?;
    Some(fixing.snapshot.display_path(&file.path))
}

/// The tables beside `key` that no spec describes, each with the file that defines it.
fn undescribed<'s>(
    fixing: &Fixing<'s>,
    key: &TableKey,
) -> impl Iterator<Item = (&'s TableKey, &'s File)> {
    let context = Context::for_fixes(fixing.snapshot);
    let tables = fixing.snapshot.tables().into_iter();
    let tables = tables
        .filter(move |table| table.descriptions.is_empty() && table.key.project == key.project);
    tables.filter_map(move |table| Some((&table.key, context.definition(table)?.file)))
}
