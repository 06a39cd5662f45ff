//! Adding columns that the SQL selects to a spec that lists others, each at its place in the order
//! of the SQL.

use super::amendment::{self, Draft};
use super::sheet::{Path, Sheet};
use super::{Fix, Fixing, draft};
use crate::context::Description;
use crate::words::count;
use index::{Column, Table};
use spec::model::{AmendmentId, TableOrigin};
use syntax::Name;
use syntax::yaml::Value;

/// Adds `columns` of `table` to the entry `description`.
pub(crate) fn to_spec(
    fixing: &Fixing<'_>,
    table: &Table,
    description: &Description<'_>,
    columns: &[&Column],
) -> Option<Fix> {
    let mut sheet = Sheet::open(fixing, description.file)?;
    put(fixing, &mut sheet, table, description, columns, None)?;
    let title = format!("Add {} to the spec of `{}`", named(columns), table.key);
    Some(Fix {
        preferred: true,
        ..sheet.fix(title, Some(draft::DESCRIPTION))
    })
}

/// Adds `columns` of `table` to the entry `description`, introduced by an amendment.
pub(crate) fn by_amendment(
    fixing: &Fixing<'_>,
    table: &Table,
    description: &Description<'_>,
    columns: &[&Column],
) -> Option<Fix> {
    if description.entry.origin != TableOrigin::Native {
        return None;
    }
    let id = amendment::free_id(fixing, description.file)?;
    let mut sheet = Sheet::open(fixing, description.file)?;
    put(fixing, &mut sheet, table, description, columns, Some(&id))?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let qualified = names.iter().map(|name| format!("{}.{name}", table.key));
    let changes: Vec<String> = qualified.collect();
    let draft = Draft {
        id,
        requirement: None,
        change: format!("Added {} to {}.", names.join(", "), table.key),
        guarantees: changes
            .iter()
            .map(|column| format!("{column} exists"))
            .collect(),
        supersedes: Vec::new(),
        is_guess: false,
        changes,
    };
    amendment::add(fixing, &mut sheet, &draft)?;
    let title = format!("Draft an amendment that adds {}", named(columns));
    Some(sheet.fix(title, Some(draft::REQUIREMENT)))
}

fn put(
    fixing: &Fixing<'_>,
    sheet: &mut Sheet<'_>,
    table: &Table,
    description: &Description<'_>,
    columns: &[&Column],
    since: Option<&AmendmentId>,
) -> Option<()> {
    let entry = sheet.path_of(description.file.range(description.entry.entry))?;
    let item = |column: &Column| {
        let origin = &description.entry.origin;
        draft::column(fixing.snapshot, table, column, origin, since)
    };
    if sheet.node(&entry.key("columns")).is_none() {
        let items = columns.iter().map(|column| item(column));
        return sheet.put(&entry, &["columns"], Value::sequence(items), &[]);
    }
    for column in columns {
        let at = place(sheet, &entry, table, &column.name);
        sheet.put_item(&entry, "columns", at, item(column))?;
    }
    Some(())
}

/// The number that `column` is to have in the list: behind the nearest column before it in the SQL
/// that is listed, else before the nearest one after it.
fn place(sheet: &Sheet<'_>, entry: &Path, table: &Table, column: &Name) -> Option<usize> {
    let items = sheet.node(&entry.key("columns"))?.items();
    let listed = |name: &Name| {
        items.iter().position(|item| {
            let given = item.entry("name").and_then(|entry| entry.value.as_str());
            given.is_some_and(|given| Name::new(given.trim()) == *name)
        })
    };
    let selected: Vec<&Name> = table.columns.iter().map(|column| &column.name).collect();
    let own = selected.iter().position(|name| *name == column)?;
    let (before, after) = selected.split_at_checked(own)?;
    let before = before.iter().rev().find_map(|name| listed(name));
    let after = after.iter().find_map(|name| listed(name));
    before.map(|before| before + 1).or(after)
}

fn named(columns: &[&Column]) -> String {
    match columns {
        [only] => format!("`{}`", only.name),
        _ => count(columns.len(), "column"),
    }
}
