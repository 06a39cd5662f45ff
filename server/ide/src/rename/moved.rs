//! Files and folders that get another path: a table that is named after its file is renamed along.

use super::edits::{Edits, Renaming};
use super::{Moved, affected, in_specs, spelling, table};
use index::{FileKind, Snapshot, SqlRole, TableKey};
use std::path::Path;
use syntax::Name;

/// What has to be edited when files get other paths: mentions of the tables that are named after them,
/// and the paths in specs. `None` where there is nothing to be done. What can't be renamed for certain,
/// such as two files at once whose tables stand in one text, is left as it is.
pub fn rename_files(snapshot: &Snapshot, moved: &[Moved]) -> Option<Renaming> {
    let has_folder = moved.iter().any(|(from, _)| is_folder(snapshot, from));
    if has_folder {
        // The files in it keep their names, and tables are named after those.
        return paths(snapshot, moved).filter(|renaming| !renaming.files.is_empty());
    }
    let mut all = Renaming::default();
    for moved in moved {
        let renaming = match renamed_table(snapshot, moved) {
            Some((key, name)) => table::rename(snapshot, &key, &name, Some(moved), None).ok()?,
            None => paths(snapshot, std::slice::from_ref(moved))?,
        };
        if all.title.is_empty() {
            all.title.clone_from(&renaming.title);
        }
        all.cursor = all.cursor.or(renaming.cursor);
        for file in renaming.files {
            // Edits of one text by two renames are not edits of the text that there is.
            if all.files.iter().any(|known| known.path == file.path) {
                return None;
            }
            all.files.push(file);
        }
    }
    all.files.sort_by(|one, other| one.path.cmp(&other.path));
    (!all.files.is_empty()).then_some(all)
}

/// The table that is named after a file, and the name that it gets with the path.
fn renamed_table(snapshot: &Snapshot, (from, to): &Moved) -> Option<(TableKey, Name)> {
    let file = snapshot.file_at(from)?;
    let is_named_after = matches!(
        file.kind,
        FileKind::Sql(SqlRole::Model | SqlRole::Script) | FileKind::PythonModel | FileKind::Seed
    );
    if !is_named_after || from.extension() != to.extension() {
        return None;
    }
    let models = snapshot.tables().into_iter();
    let mut own = models.filter(|table| {
        let mut models = table.models.iter();
        models.any(|model| model.file == file.id)
    });
    let table = own.next()?;
    if own.next().is_some() {
        return None;
    }
    let is_named_inside = table.models.iter().any(|id| {
        let model = snapshot.model(*id);
        model.is_some_and(|(_, model)| model.name.is_some())
    });
    let stem = |path: &Path| Some(path.file_stem()?.to_str()?.rsplit('.').next()?.to_owned());
    let name = spelling::name(&stem(to)?).ok()?;
    let is_other = name != table.key.name() && spelling::is_plain(&name);
    (is_other && !is_named_inside).then(|| (table.key.clone(), name))
}

/// Whether files of the workspace are below a path.
fn is_folder(snapshot: &Snapshot, path: &Path) -> bool {
    let mut files = snapshot.files().into_iter();
    files.any(|file| *file.path != *path && file.path.starts_with(path))
}

/// The paths in specs that lead to what moved, or from there.
fn paths(snapshot: &Snapshot, moved: &[Moved]) -> Option<Renaming> {
    let mut edits = Edits::default();
    for file in affected::native_specs(snapshot) {
        in_specs::paths(snapshot, file, moved, &mut edits).ok()?;
    }
    edits.renaming(snapshot, "Follow the file".to_owned()).ok()
}
