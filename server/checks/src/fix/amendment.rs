//! Drafts of amendments: the requirement is left to whoever had it, unless it is at hand; the rest
//! follows from the fix.

use super::draft;
use super::sheet::{Path, Sheet};
use super::{Fix, Fixing};
use crate::context::{Context, product_of};
use crate::duplicate_id::next_id;
use index::{File, FileId, Snapshot};
use spec::model::{Amendment, AmendmentId};
use syntax::yaml::Value;

/// An amendment to be added to a product.
pub(crate) struct Draft {
    /// What it is called: the next free number.
    pub(crate) id: AmendmentId,
    /// The need, where somebody has said it.
    pub(crate) requirement: Option<String>,
    /// What was done, or that it is still to be done.
    pub(crate) change: String,
    /// What it may change, such as `orders.coupon_code`.
    pub(crate) changes: Vec<String>,
    /// What it replaces, see [`superseded`].
    pub(crate) supersedes: Vec<Value>,
    /// What holds from here on, one sentence each.
    pub(crate) guarantees: Vec<String>,
}

/// An item of `supersedes`: all of an amendment, or one sentence of it, where it says more.
pub(crate) fn superseded(amendment: &Amendment, sentence: &str) -> Option<Value> {
    let id = Value::literal(amendment.id.as_ref()?.value.to_string());
    Some(match amendment.guarantees.len() {
        1 => id,
        _ => Value::mapping([("amendment", id), ("guarantee", Value::text(sentence))]),
    })
}

/// Drafts an amendment of the product that the native spec `spec` is a part of, at the end of that
/// spec: its change is still to be done.
///
/// `changes` is what it may change, such as `orders.order_amount`; it may be empty. Without a
/// `requirement` a placeholder is written, and the cursor goes there. `None` where the file is no
/// native spec, names no product, or can't be edited without harm.
pub fn draft_amendment(
    snapshot: &Snapshot,
    spec: FileId,
    changes: Vec<String>,
    requirement: Option<&str>,
) -> Option<Fix> {
    let fixing = Fixing::new(snapshot);
    let file = snapshot.file(spec).filter(|file| !file.quiet)?;
    let mut sheet = Sheet::open(&fixing, file)?;
    let title = match changes.as_slice() {
        [] => "Draft an amendment".to_owned(),
        changes => format!("Draft an amendment about `{}`", changes.join("`, `")),
    };
    let requirement = requirement.map(str::trim).filter(|text| !text.is_empty());
    let draft = Draft {
        id: free_id(&fixing, file)?,
        requirement: requirement.map(str::to_owned),
        change: TO_BE_DONE.to_owned(),
        changes,
        supersedes: Vec::new(),
        guarantees: Vec::new(),
    };
    add(&fixing, &mut sheet, &draft)?;
    let next = match requirement {
        Some(_) => "change: ",
        None => draft::REQUIREMENT,
    };
    Some(sheet.fix(title, Some(next)))
}

/// Adds an item to what the amendment at `path` supersedes.
pub(crate) fn supersede(sheet: &mut Sheet<'_>, path: &Path, item: Value) -> Option<()> {
    if !sheet.is_blank && sheet.node(&path.key("supersedes")).is_none() {
        let behind = ["changes", "change", "requirement"];
        return sheet.put(path, &["supersedes"], Value::sequence([item]), &behind);
    }
    sheet.put_item(path, "supersedes", None, item)
}

/// What stands for a change that is still to be done.
const TO_BE_DONE: &str = "tbd";

/// The next free id in the product that `file` is a part of.
pub(crate) fn free_id(fixing: &Fixing<'_>, file: &File) -> Option<AmendmentId> {
    let product = product_of(file)?;
    Some(next_id(&Context::for_fixes(fixing.snapshot), &product))
}

/// Adds `draft` behind the other amendments of a native spec.
pub(crate) fn add(fixing: &Fixing<'_>, sheet: &mut Sheet<'_>, draft: &Draft) -> Option<()> {
    let mut entries = vec![("id", Value::literal(draft.id.to_string()))];
    if let Some(today) = fixing.snapshot.today() {
        entries.push(("date", Value::literal(today)));
    }
    if let Some(author) = fixing.snapshot.author(&sheet.file.path) {
        entries.push(("author", Value::text(author)));
    }
    entries.push(match &draft.requirement {
        Some(requirement) => ("requirement", Value::text(requirement.as_str())),
        None => ("requirement", draft::marked(draft::REQUIREMENT)),
    });
    entries.push(("change", Value::text(draft.change.as_str())));
    if !draft.changes.is_empty() {
        let changes = draft.changes.iter().map(Value::text);
        entries.push(("changes", Value::sequence(changes)));
    }
    if !draft.supersedes.is_empty() {
        let items = draft.supersedes.iter().cloned();
        entries.push(("supersedes", Value::sequence(items)));
    }
    if !draft.guarantees.is_empty() {
        entries.push(("guarantees", Value::text(draft.guarantees.join("\n"))));
    }
    let root = sheet.root()?;
    sheet.put_item(&root, "amendments", None, Value::mapping(entries))
}
