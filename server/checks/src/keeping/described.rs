//! The entry of a column in the specs, which comes and goes with the column.

use super::besides::Besides;
use crate::context::Context;
use crate::fix::sheet::Sheet;
use crate::fix::{FileEdit, Fixing, draft};
use index::{FileId, Table, TableKey};
use spec::model::{AmendmentId, TableOrigin};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use syntax::yaml::Value;
use syntax::{Name, TextRange};

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

/// Takes the entries of some columns out of every spec that describes them, and has the amendment that asks
/// for that say `besides`; `None` where one can't be edited safely.
pub(super) fn without(
    fixing: &Fixing<'_>,
    gone: &BTreeSet<(TableKey, Name)>,
    besides: Option<&Besides<'_>>,
) -> Option<Vec<FileEdit>> {
    let context = Context::for_fixes(fixing.snapshot);
    let mut entries: BTreeMap<FileId, Vec<TextRange>> = BTreeMap::new();
    for (key, column) in gone {
        let table = fixing.snapshot.table(key)?;
        for spec in context.descriptions(table) {
            let own = spec.entry.columns.iter();
            let own = own.filter(|own| own.name.value == *column);
            let ranges = own.map(|own| spec.file.range(own.entry));
            entries.entry(spec.file.id).or_default().extend(ranges);
        }
    }
    let asking = besides.map(|besides| besides.file.id);
    if let Some(file) = asking {
        entries.entry(file).or_default();
    }
    let specs = entries.into_iter();
    let specs = specs.filter(|(file, ranges)| !ranges.is_empty() || asking == Some(*file));
    let edits = specs.map(|(file, mut ranges)| {
        // From the end of the text, so that what is still to be taken out keeps its place.
        ranges.sort_by_key(|range| Reverse(range.start()));
        let mut sheet = Sheet::open(fixing, fixing.snapshot.file(file)?)?;
        let besides = besides.filter(|besides| besides.file.id == file);
        let asking = match besides {
            Some(besides) => Some((besides, besides.path(&sheet)?)),
            None => None,
        };
        for range in ranges {
            let path = sheet.path_of(range)?;
            sheet.remove(&path)?;
        }
        if let Some((besides, path)) = asking {
            besides.put(&mut sheet, &path)?;
        }
        Some(sheet.fix(String::new(), None).edits)
    });
    let edits = edits.collect::<Option<Vec<Vec<FileEdit>>>>()?;
    let mut edits: Vec<FileEdit> = edits.into_iter().flatten().collect();
    edits.sort_by(|one, other| one.path.cmp(&other.path));
    Some(edits)
}
