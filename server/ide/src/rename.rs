//! Renames a column, a table, a macro, or a name of one SQL file, wherever it stands: in SQL, in templates, in
//! specs, in the names of files.
//!
//! The column of one table is renamed, and of those that hand it on by a `*`. A model downstream that
//! hands it on by its name goes on giving it under the old one, `y AS x`, so that nothing but the table
//! changes. Every SQL text is lowered again before it is offered: but for the names its queries must be
//! what they were, else there is no rename. History is left as it is: an amendment says what was renamed.

mod affected;
mod agreed;
mod column;
mod edits;
mod in_dbt;
mod in_specs;
mod in_sql;
mod moved;
mod of_macro;
mod past;
mod record;
mod refs;
mod spelling;
mod table;
mod target;
mod verify;
mod yaml;

pub use edits::{EditedFile, Note, NotedEdit, Renaming};
pub use moved::rename_files;
pub use past::PastRenames;
pub(crate) use spelling::as_in_sentence;
pub use target::Prepared;

pub(crate) use agreed::AgreedRename;
pub(crate) use in_dbt::{all_column_places, column_places, refs_to};
pub(crate) use in_specs::mentions;
pub(crate) use of_macro::is_called_by_dbt;
pub(crate) use refs::configured;
pub(crate) use target::named_part;

use index::{FileId, Snapshot};
use std::path::PathBuf;
use syntax::TextSize;
use target::Target;

/// Why something is not renamed, or no amendment drafted, as sentences to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What stands in the way, and what to do about it.
    pub message: String,
}

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Refusal {
        Refusal {
            message: message.into(),
        }
    }
}

/// What would be renamed at `offset`, and what it is called now.
///
/// # Errors
/// Where nothing there can be renamed.
pub fn prepare_rename(
    snapshot: &Snapshot,
    file: FileId,
    offset: TextSize,
) -> Result<Prepared, Refusal> {
    refuse_half(snapshot)?;
    let (prepared, target) = target::at(snapshot, file, offset)?;
    if let Target::Table(key) = &target {
        table::check(snapshot, key)?;
    }
    if let Target::Column(key, name) = &target {
        column::check(snapshot, key, name)?;
    }
    if let Target::Macro(key) = &target {
        of_macro::check(snapshot, key)?;
    }
    Ok(prepared)
}

/// Renames what stands at `offset`.
///
/// # Errors
/// Where it can't be renamed, where `name` is no name or is taken, and where it can't be told what the
/// rename would change.
pub fn rename(
    snapshot: &Snapshot,
    file: FileId,
    offset: TextSize,
    name: &str,
) -> Result<Renaming, Refusal> {
    refuse_half(snapshot)?;
    let (prepared, target) = target::at(snapshot, file, offset)?;
    if let Target::Macro(key) = &target {
        // In a template letters count as they are.
        return of_macro::rename(snapshot, key, name.trim());
    }
    let name = spelling::name(name)?;
    if name == prepared.name {
        return Err(Refusal::new(format!(
            "`{name}` differs from `{}` in its letters' case at most, which no name is told apart by.",
            prepared.name
        )));
    }
    match target {
        Target::Macro(key) => of_macro::rename(snapshot, &key, name.as_str()),
        Target::Table(key) => table::rename(snapshot, &key, &name, None, None),
        Target::Column(key, old) => column::rename(snapshot, &key, &old, &name, None),
        Target::Local(nodes) => {
            column::rename_locally(snapshot, file, &nodes, &prepared.name, &name)
        }
    }
}

/// What has not been read yet might be missed.
fn refuse_half(snapshot: &Snapshot) -> Result<(), Refusal> {
    match snapshot.is_complete() {
        true => Ok(()),
        false => Err(Refusal::new(
            "The workspace is still being read. Try again in a moment.",
        )),
    }
}

/// A file that gets another path: the old one, and the new one.
pub type Moved = (PathBuf, PathBuf);
