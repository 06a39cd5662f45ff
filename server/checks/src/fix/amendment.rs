//! Drafts of amendments: the requirement is left to whoever had it, unless it is at hand; the rest
//! follows from the fix.

use super::draft;
use super::sheet::{Path, Sheet};
use super::{Fix, Fixing, create_spec};
use crate::conflict;
use crate::context::{Context, product_of};
use crate::duplicate_id::next_id;
use crate::sentences::Sentences;
use index::{File, FileId, Snapshot, Table};
use spec::model::{Amendment, AmendmentId};
use syntax::yaml::{Editor, Position, Value};
use syntax::{TextEdit, TextSize, edit};

/// An amendment to be added to a product.
#[derive(Clone)]
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
    /// A person is to look at these sentences.
    pub(crate) is_guess: bool,
}

/// An item of `supersedes`: all of an amendment, or one sentence of it, where it says more.
pub(crate) fn superseded(amendment: &Amendment, sentence: &str) -> Option<Value> {
    let id = Value::literal(amendment.id.as_ref()?.value.to_string());
    Some(match amendment.guarantees.len() {
        1 => id,
        _ => Value::mapping([("amendment", id), ("guarantee", Value::text(sentence))]),
    })
}

/// What somebody wants to be different, before anything is done about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AmendmentRequest {
    /// What the draft is called, as an order.
    pub title: String,
    /// What it may change, such as `orders.order_amount`; may be empty.
    pub changes: Vec<String>,
    /// Sentences that are to hold once it is done.
    pub guarantees: Vec<String>,
    /// A word in these sentences only stands for one that a person is to choose.
    pub is_guess: bool,
    /// The need, in the words of whoever has it. Without it a placeholder is written, and the cursor goes
    /// there.
    pub requirement: Option<String>,
}

/// Drafts an amendment of the product that the native spec `spec` is a part of, at the end of that
/// spec: its change is still to be done. `None` where the file is no native spec, names no product, or
/// can't be edited without harm.
pub fn draft_amendment(
    snapshot: &Snapshot,
    spec: FileId,
    request: &AmendmentRequest,
) -> Option<Fix> {
    let fixing = Fixing::new(snapshot);
    let file = snapshot.file(spec).filter(|file| !file.quiet)?;
    let mut sheet = Sheet::open(&fixing, file)?;
    let draft = requested(request, free_id(&fixing, file)?);
    add(&fixing, &mut sheet, &draft)?;
    let next = Next::of(request);
    let fix = sheet.fix(request.title.clone(), Some(next.line));
    let cursor = fix.cursor.map(|(path, at)| (path, at + next.ahead));
    Some(Fix { cursor, ..fix })
}

/// The same for a table that no native spec describes yet: a new spec for it, with the amendment in it.
/// `None` where there is no place for one, or a file already.
pub fn draft_amendment_in_new_spec(
    snapshot: &Snapshot,
    table: &Table,
    request: &AmendmentRequest,
) -> Option<Fix> {
    let fixing = Fixing::new(snapshot);
    let context = Context::for_fixes(snapshot);
    let definition = context.definition(table)?;
    let mut fix = create_spec::in_new_file(&fixing, table, definition.file)?;
    let created = fix.edits.first_mut()?;
    let spec = edit::apply("", &created.edits)?;
    let draft = requested(request, AmendmentId::Number(1));
    let path = created.path.clone();
    let amendment = value(&fixing, &path, &draft);
    let edits = Editor::new(&spec)
        .insert_entry(
            &[],
            "amendments",
            &Value::sequence([amendment]),
            Position::Last,
        )
        .ok()?;
    let text = edit::apply(&spec, &edits)?;
    let next = Next::of(request);
    let cursor = text.find(next.line).and_then(|at| u32::try_from(at).ok());
    created.edits = vec![TextEdit::insert(TextSize::new(0), text)];
    Some(Fix {
        title: request.title.clone(),
        cursor: cursor.map(|at| (path, TextSize::new(at) + next.ahead)),
        ..fix
    })
}

fn requested(request: &AmendmentRequest, id: AmendmentId) -> Draft {
    Draft {
        id,
        requirement: request.requirement.clone(),
        change: TO_BE_DONE.to_owned(),
        changes: request.changes.clone(),
        supersedes: Vec::new(),
        guarantees: request.guarantees.clone(),
        is_guess: request.is_guess,
    }
}

/// What the person goes on with: the requirement, or what else is offered for a change that is to be done.
struct Next {
    /// What it stands in, as it is written.
    line: &'static str,
    /// How far behind the start of that.
    ahead: TextSize,
}

impl Next {
    fn of(request: &AmendmentRequest) -> Next {
        match request.requirement {
            Some(_) => Next {
                line: "change: tbd",
                ahead: TextSize::of("change: "),
            },
            None => Next {
                line: draft::REQUIREMENT,
                ahead: TextSize::new(0),
            },
        }
    }
}

/// Adds an item to what the amendment at `path` supersedes.
pub(crate) fn supersede(sheet: &mut Sheet<'_>, path: &Path, item: Value) -> Option<()> {
    if !sheet.is_blank && sheet.node(&path.key("supersedes")).is_none() {
        let behind = ["changes", "change", "requirement"];
        return sheet.put(path, &["supersedes"], Value::sequence([item]), &behind);
    }
    sheet.put_item(path, "supersedes", None, item)
}

/// Adds `item` to what the amendment at `path` may change.
pub(crate) fn change_also(sheet: &mut Sheet<'_>, path: &Path, item: Value) -> Option<()> {
    if !sheet.is_blank && sheet.node(&path.key("changes")).is_none() {
        let behind = ["change", "requirement"];
        return sheet.put(path, &["changes"], Value::sequence([item]), &behind);
    }
    sheet.put_item(path, "changes", None, item)
}

/// What stands for a change that is still to be done.
const TO_BE_DONE: &str = "tbd";

/// The next free id in the product that `file` is a part of.
pub(crate) fn free_id(fixing: &Fixing<'_>, file: &File) -> Option<AmendmentId> {
    let product = product_of(file)?;
    Some(next_id(&Context::for_fixes(fixing.snapshot), &product))
}

/// Adds `draft` behind the other amendments of a native spec. It supersedes also what can't hold beside it.
pub(crate) fn add(fixing: &Fixing<'_>, sheet: &mut Sheet<'_>, draft: &Draft) -> Option<()> {
    if sheet.is_blank {
        return Some(());
    }
    let mut alone = sheet.clone();
    append(fixing, &mut alone, draft)?;
    let conflicting = conflicting(fixing, &alone, &draft.id)?;
    if conflicting.is_empty() {
        *sheet = alone;
        return Some(());
    }
    let supersedes = draft.supersedes.iter().cloned().chain(conflicting);
    let draft = Draft {
        supersedes: supersedes.collect(),
        ..draft.clone()
    };
    append(fixing, sheet, &draft)
}

fn append(fixing: &Fixing<'_>, sheet: &mut Sheet<'_>, draft: &Draft) -> Option<()> {
    let amendment = value(fixing, &sheet.file.path, draft);
    let root = sheet.root()?;
    sheet.put_item(&root, "amendments", None, amendment)
}

/// The sentences in force that conflict with those of the amendment `id`, which `sheet` adds.
fn conflicting(fixing: &Fixing<'_>, sheet: &Sheet<'_>, id: &AmendmentId) -> Option<Vec<Value>> {
    let trial = fixing.snapshot.with_text(&sheet.file.path, sheet.text())?;
    let sentences = Sentences::of(&trial, &product_of(sheet.file)?);
    let others = conflict::beside(&Context::for_fixes(&trial), &sentences, id).into_iter();
    let items = others.filter_map(|other| {
        let entry = sentences.entry(other)?;
        superseded(entry.amendment, other.text.value.trim())
    });
    Some(items.collect())
}

/// The amendment as it is written in the spec at `path`.
fn value(fixing: &Fixing<'_>, path: &std::path::Path, draft: &Draft) -> Value {
    let mut entries = vec![("id", Value::literal(draft.id.to_string()))];
    if let Some(today) = fixing.snapshot.today() {
        entries.push(("date", Value::literal(today)));
    }
    if let Some(author) = fixing.snapshot.author(path) {
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
        let guarantees = sentences(draft.guarantees.iter().map(String::as_str));
        entries.push(match draft.is_guess {
            true => ("guarantees", draft::as_draft(guarantees)),
            false => ("guarantees", guarantees),
        });
    }
    Value::mapping(entries)
}

/// Sentences one below the other; a single one behind its key.
pub(crate) fn sentences<'t>(all: impl IntoIterator<Item = &'t str>) -> Value {
    let all: Vec<&str> = all.into_iter().collect();
    match all.as_slice() {
        [only] => Value::text(*only),
        several => Value::text(format!("{}\n", several.join("\n"))),
    }
}
