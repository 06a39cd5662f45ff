//! The entry of a column in the specs, which comes and goes with the column.

use crate::context::Context;
use crate::fix::sheet::Sheet;
use crate::fix::{FileEdit, Fixing, draft};
use index::Table;
use spec::model::{AmendmentId, TableOrigin};
use syntax::Name;
use syntax::yaml::Value;

/// Describes `column` where the leading spec of the table lists columns and not this one. What the
/// amendment `by` asks for has its requirement as a why.
pub(super) fn with(
    fixing: &Fixing<'_>,
    table: &Table,
    column: &Name,
    by: Option<&AmendmentId>,
) -> Vec<FileEdit> {
    let context = Context::for_fixes(fixing.snapshot);
    let descriptions = context.descriptions(table);
    let is_column = |own: &spec::model::Column| own.name.value == *column;
    let is_described = descriptions
        .iter()
        .any(|own| own.entry.columns.iter().any(is_column));
    let mut listing = descriptions
        .iter()
        .filter(|own| !own.entry.columns.is_empty());
    let (false, Some(spec)) = (is_described, listing.next()) else {
        return Vec::new();
    };
    let added = || {
        let mut sheet = Sheet::open(fixing, spec.file)?;
        let path = sheet.path_of(spec.file.range(spec.entry.entry))?;
        let mut entries = vec![("name", Value::text(column.as_str()))];
        let is_native = spec.entry.origin == TableOrigin::Native;
        if let Some(by) = by.filter(|_| is_native) {
            entries.push(("since", Value::literal(by.to_string())));
        }
        entries.push(("description", draft::marked(draft::DESCRIPTION)));
        sheet.put_item(&path, "columns", None, Value::mapping(entries))?;
        Some(sheet.fix(String::new(), None).edits)
    };
    added().unwrap_or_default()
}

/// Takes the entries of `column` out of every spec of the table.
pub(super) fn without(fixing: &Fixing<'_>, table: &Table, column: &Name) -> Vec<FileEdit> {
    let context = Context::for_fixes(fixing.snapshot);
    let mut edits = Vec::new();
    for spec in context.descriptions(table) {
        let mut columns = spec.entry.columns.iter();
        let Some(own) = columns.find(|own| own.name.value == *column) else {
            continue;
        };
        let removed = || {
            let mut sheet = Sheet::open(fixing, spec.file)?;
            let path = sheet.path_of(spec.file.range(own.entry))?;
            sheet.remove(&path)?;
            Some(sheet.fix(String::new(), None).edits)
        };
        edits.extend(removed().unwrap_or_default());
    }
    edits
}
