//! Drafts of amendments: the requirement is left to whoever had it, the rest follows from the fix.

use super::Fixing;
use super::draft;
use super::sheet::Sheet;
use crate::context::{Context, product_of};
use crate::duplicate_id::next_id;
use index::File;
use spec::model::AmendmentId;
use syntax::yaml::Value;

/// An amendment to be added to a product.
pub(crate) struct Draft {
    /// What it is called: the next free number.
    pub(crate) id: AmendmentId,
    /// What was done.
    pub(crate) change: String,
    /// What it may change, such as `orders.coupon_code`.
    pub(crate) changes: Vec<String>,
    /// What holds from here on, one sentence each.
    pub(crate) guarantees: Vec<String>,
}

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
    entries.push(("requirement", draft::marked(draft::REQUIREMENT)));
    entries.push(("change", Value::text(draft.change.as_str())));
    entries.push((
        "changes",
        Value::sequence(draft.changes.iter().map(Value::text)),
    ));
    let sentences: String = draft
        .guarantees
        .iter()
        .map(|sentence| format!("{sentence}\n"))
        .collect();
    entries.push(("guarantees", Value::text(sentences)));
    let root = sheet.root()?;
    sheet.put_item(&root, "amendments", None, Value::mapping(entries))
}
