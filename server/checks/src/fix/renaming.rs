//! The amendment that says that something has another name: what was agreed under the old one is read
//! through it, and nothing of history is edited.

use super::amendment::{self, Draft};
use super::sheet::{Path, Sheet};
use super::{Fix, Fixing, draft, record};
use index::{File, FileId, Snapshot};
use spec::guarantee::{Guarantee, parse};
use spec::model::{Amendment, AmendmentId};
use syntax::TextEdit;
use syntax::yaml::Value;

/// What an amendment says of a rename.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The open amendment that asked for it; without one, one is drafted.
    pub asked_by: Option<AmendmentId>,
    /// What was done, as a sentence.
    pub change: String,
    /// What it changes, such as `orders.total`.
    pub changes: Vec<String>,
    /// The sentences, such as `orders.total is renamed from amount`.
    pub sentences: Vec<String>,
}

/// Makes `edits` in the native spec `spec`, and drafts the amendment of its product that says why behind
/// its other amendments. The cursor goes to the requirement, which is left to whoever has it. An amendment
/// that asked for just this rename is closed instead.
///
/// `None` where the file is no native spec, names no product, or can't be edited without harm.
pub fn record_rename(
    snapshot: &Snapshot,
    spec: FileId,
    edits: Vec<TextEdit>,
    rename: &Rename,
) -> Option<Fix> {
    let fixing = Fixing::new(snapshot);
    let file = snapshot.file(spec).filter(|file| !file.quiet)?;
    let mut sheet = Sheet::open(&fixing, file)?;
    let asking = match &rename.asked_by {
        Some(id) => Some(asking(&sheet, file, id)?),
        None => None,
    };
    if !edits.is_empty() {
        sheet.take(edits)?;
    }
    if let Some((path, amendment)) = asking {
        meet(&mut sheet, &path, amendment, rename)?;
        return Some(sheet.fix(rename.change.clone(), None));
    }
    let draft = Draft {
        id: amendment::free_id(&fixing, file)?,
        requirement: None,
        change: rename.change.clone(),
        changes: rename.changes.clone(),
        supersedes: Vec::new(),
        guarantees: rename.sentences.clone(),
        is_guess: false,
    };
    amendment::add(&fixing, &mut sheet, &draft)?;
    Some(sheet.fix(rename.change.clone(), Some(draft::REQUIREMENT)))
}

/// The amendment of that id, and the way to it: which stays what it is, whatever is edited besides.
fn asking<'s>(
    sheet: &Sheet<'_>,
    file: &'s File,
    id: &AmendmentId,
) -> Option<(Path, &'s Amendment)> {
    let mut amendments = file.native_spec()?.amendments.iter();
    let is_it = |own: &&Amendment| own.id.as_ref().is_some_and(|own| own.value == *id);
    let amendment = amendments.find(is_it)?;
    let path = sheet.path_of(file.range(amendment.entry))?;
    Some((path, amendment))
}

/// Says in an amendment what else was renamed, and, if nothing else is asked for in it, what was done.
fn meet(sheet: &mut Sheet<'_>, path: &Path, amendment: &Amendment, rename: &Rename) -> Option<()> {
    if amendment.guarantees.len() == 1 {
        let change = Value::text(rename.change.as_str());
        sheet.put(path, &["change"], change, &["requirement"])?;
    }
    let stated: Vec<Guarantee> = amendment
        .guarantees
        .iter()
        .filter_map(|sentence| parse(&sentence.value).ok())
        .collect();
    let is_new = |sentence: &&String| {
        let parsed = parse(sentence).ok();
        !stated.iter().any(|own| says_same(own, parsed.as_ref()))
    };
    let more: Vec<String> = rename.sentences.iter().filter(is_new).cloned().collect();
    record::guarantee_also(sheet, path, &amendment.guarantees, &more)
}

/// Whether both tell of one rename, by more or fewer parts of the table's name.
fn says_same(one: &Guarantee, other: Option<&Guarantee>) -> bool {
    match (one, other) {
        (
            Guarantee::RenamedFrom { what, from },
            Some(Guarantee::RenamedFrom {
                what: other,
                from: old,
            }),
        ) => {
            let (what, other) = (&what.parts, &other.parts);
            from.parts == old.parts && (what.ends_with(other) || other.ends_with(what))
        }
        _ => false,
    }
}
