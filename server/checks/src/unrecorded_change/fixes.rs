//! What settles a change: an amendment about it, the spec renamed along, the lock written, or the SQL
//! restored.

use super::{COVERED, COVERED_UNCLEAR, NOT_LOCKED, restored};
use crate::context::{Context, product_of};
use crate::drift;
use crate::finding::Finding;
use crate::fix::amendment::{self, AmendmentRequest, Draft, draft_amendment};
use crate::fix::{Fix, Fixing, draft, sheet::Sheet};
use crate::{keeping, lock_update};
use index::{File, Table};
use meaning::difference::ColumnChange;
use syntax::TextEdit;

/// What settles a finding.
pub(super) fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let snapshot = fixing.snapshot;
    let context = Context::for_fixes(snapshot);
    let key = finding.subject.table.as_ref();
    let Some(table) = key.and_then(|key| snapshot.table(key)) else {
        return Vec::new();
    };
    let Some(spec) = drift::locking_description(&context, table) else {
        return Vec::new();
    };
    let is_covered = |detail: &str| [COVERED, COVERED_UNCLEAR].contains(&detail);
    if finding.subject.detail.as_deref().is_some_and(is_covered) {
        return lock_update::fix(fixing, spec.file).into_iter().collect();
    }
    let is_locked = finding.subject.detail.as_deref() != Some(NOT_LOCKED);
    let name = match &finding.subject.column {
        Some(column) => format!("{}.{column}", spec.name()),
        None if is_locked => format!("{}.rows", spec.name()),
        None => spec.name().to_string(),
    };
    let mut fixes: Vec<Fix> = Vec::new();
    if !is_locked {
        fixes.extend(lock_update::first_lock(fixing, spec.file));
    }
    fixes.extend(rename(fixing, &context, table, finding));
    let request = AmendmentRequest {
        title: format!("Draft an amendment about `{name}`"),
        changes: vec![name.clone()],
        ..AmendmentRequest::default()
    };
    fixes.extend(draft_amendment(snapshot, spec.file.id, &request));
    fixes.extend(in_open_ones(fixing, &context, spec.file, &name));
    fixes.extend(match &finding.subject.column {
        Some(column) => restored::column(fixing, &context, table, column),
        None if is_locked => keeping::rows_as_locked(fixing, table),
        None => None,
    });
    fixes
}

/// Lists the change in an amendment that is still open.
fn in_open_ones(fixing: &Fixing<'_>, context: &Context<'_>, spec: &File, name: &str) -> Vec<Fix> {
    let Some(product) = product_of(spec) else {
        return Vec::new();
    };
    let amendments = context.amendments(&product).into_iter();
    let open = amendments.filter(|(file, amendment)| {
        let is_agreed = amendment.status() == spec::model::Status::Accepted;
        !file.quiet && amendment.is_open() && is_agreed
    });
    let fixes = open.filter_map(|(file, amendment)| {
        let id = &amendment.id.as_ref()?.value;
        let mut sheet = Sheet::open(fixing, file)?;
        let entry = sheet.path_of(file.range(amendment.entry))?;
        let item = syntax::yaml::Value::text(name);
        sheet.put_item(&entry, "changes", None, item)?;
        Some(sheet.fix(format!("Record it in amendment `{id}`"), None))
    });
    fixes.collect()
}

/// Gives the column its new name in the spec, and says in an amendment what it was called.
fn rename(
    fixing: &Fixing<'_>,
    context: &Context<'_>,
    table: &Table,
    finding: &Finding,
) -> Option<Fix> {
    let new = finding.subject.column.as_ref()?;
    let drift = drift::from_lock(context, table)?;
    let old = drift
        .columns
        .iter()
        .find_map(|column| match &column.change {
            ColumnChange::Renamed(old) if column.name.as_ref() == Some(new) => Some(old),
            _ => None,
        })?;
    let spec = drift.spec;
    let mut sheet = Sheet::open(fixing, spec.file)?;
    let mut columns = spec.entry.columns.iter();
    let own = columns.find(|column| column.name.value == *old)?;
    let range = spec.file.range(own.name.spot);
    sheet.take(vec![TextEdit::replace(range, new.to_string())])?;
    let title = format!("Rename `{old}` to `{new}` in the spec, by an amendment");
    let draft = Draft {
        id: amendment::free_id(fixing, spec.file)?,
        requirement: None,
        change: format!("Renamed {old} to {new}."),
        changes: vec![format!("{}.{new}", spec.name())],
        supersedes: Vec::new(),
        is_guess: false,
        guarantees: vec![format!("{}.{new} is renamed from {old}", spec.name())],
    };
    amendment::add(fixing, &mut sheet, &draft)?;
    Some(sheet.fix(title, Some(draft::REQUIREMENT)))
}
