//! What a rename changes in native specs, and in what is read of dbt's YAML: whatever tells of a table or
//! a column but the amendments.

use super::edits::{Edits, FileEdits, Note};
use super::in_sql::Family;
use super::target::named_part;
use super::{Moved, Refusal, affected, spelling, yaml};
use crate::lookup;
use crate::subject::{self, Subject};
use index::project::without_parents;
use index::table::DescriptionId;
use index::{File, Snapshot, TableKey};
use spec::model::Column;
use std::path::{Path, PathBuf};
use syntax::name::dotted;
use syntax::{Name, TextRange, TextSize};

/// Edits the names of columns.
///
/// # Errors
/// Where a file can't be edited safely.
pub(super) fn columns(
    snapshot: &Snapshot,
    family: &Family,
    edits: &mut Edits,
) -> Result<(), Refusal> {
    let is_it = |subject: &Subject| match subject {
        Subject::Column(key, name) => {
            // A field of it is described as `address.city`.
            let first = name.as_str().split('.').next().unwrap_or_default();
            Name::new(first) == family.old && family.tables.contains(key)
        }
        _ => false,
    };
    refuse_shared(snapshot, family)?;
    names(snapshot, &is_it, &family.old, &family.new, edits)
}

/// Refuses where YAML has one entry, by an anchor, for a column that is renamed and one that is not.
fn refuse_shared(snapshot: &Snapshot, family: &Family) -> Result<(), Refusal> {
    let is_old = |column: &&Column| {
        let first = column.name.value.as_str().split('.').next();
        Name::new(first.unwrap_or_default()) == family.old
    };
    let tables = family.tables.iter().filter_map(|key| snapshot.table(key));
    for id in tables.flat_map(|table| &table.descriptions) {
        let Some((file, entry)) = snapshot.description(*id) else {
            continue;
        };
        let own: Vec<TextRange> = entry
            .columns
            .iter()
            .filter(is_old)
            .map(|column| file.range(column.name.spot))
            .collect();
        for (ordinal, other) in (0..).zip(file.described_tables()) {
            let id = DescriptionId {
                file: file.id,
                ordinal,
            };
            let described = snapshot.table_of_description(id);
            if described.is_some_and(|table| family.tables.contains(&table.key)) {
                continue;
            }
            let mut columns = other.columns.iter().filter(is_old);
            if columns.any(|column| own.contains(&file.range(column.name.spot))) {
                return Err(Refusal::new(format!(
                    "`{}` describes `{}` of `{}` and of `{}` by one entry, through a YAML anchor. Give \
                     each an entry of its own first.",
                    snapshot.display_path(&file.path),
                    family.old,
                    dotted(&entry.name.value),
                    dotted(&other.name.value),
                )));
            }
        }
    }
    Ok(())
}

/// Edits the names of a table, and the paths of its file where that moves.
///
/// # Errors
/// Where a file can't be edited safely.
pub(super) fn table(
    snapshot: &Snapshot,
    key: &TableKey,
    new: &Name,
    moved: &[Moved],
    edits: &mut Edits,
) -> Result<(), Refusal> {
    let is_it = |subject: &Subject| matches!(subject, Subject::Table(own) if own == key);
    for file in affected::native_specs(snapshot) {
        paths(snapshot, file, moved, edits)?;
    }
    names(snapshot, &is_it, &key.name(), new, edits)
}

/// Edits what stands in `model:` of a native spec, where the file that it leads to has moved, the spec
/// itself, or a folder of either.
///
/// # Errors
/// Where the spec can't be edited safely.
pub(super) fn paths(
    snapshot: &Snapshot,
    file: &File,
    moved: &[Moved],
    edits: &mut Edits,
) -> Result<(), Refusal> {
    let models = file.described_tables().iter();
    let models = models.filter_map(|table| table.model.as_ref());
    let mut own = FileEdits::default();
    for model in models {
        let Some(path) = path_after(snapshot, file, &model.value, moved) else {
            continue;
        };
        let Some(text) = affected::text(snapshot, file)? else {
            continue;
        };
        let range = unquoted(&text, file.range(model.spot));
        own.replace(range, path, Note::Name);
    }
    edits.add(snapshot, file, own)
}

/// What a spec has to say once files have moved, to lead to the file that `written` leads to now; `None`
/// where it leads there as it is, or leads nowhere.
fn path_after(snapshot: &Snapshot, spec: &File, written: &str, moved: &[Moved]) -> Option<String> {
    let target = &snapshot.file_named(spec, written)?.path;
    let mut folders = spec.path.ancestors().skip(1);
    let base = folders.find(|folder| without_parents(&folder.join(written)) == **target)?;
    let (spec, target) = (after(&spec.path, moved), after(target, moved));
    let bases = [base.to_path_buf(), after(base, moved)];
    let base = bases.iter().find(|base| spec.starts_with(base));
    let base = base.map(PathBuf::as_path).or_else(|| spec.parent())?;
    let leads_there = without_parents(&base.join(written)) == target;
    (!leads_there).then(|| relative(base, &target))?
}

/// The path that a file or folder has once others have moved.
fn after(path: &Path, moved: &[Moved]) -> PathBuf {
    let mut known = moved.iter().filter_map(|(from, to)| {
        let below = path.strip_prefix(from).ok()?;
        // Joined with nothing, a path would end in a slash.
        Some(match below.as_os_str().is_empty() {
            true => to.clone(),
            false => to.join(below),
        })
    });
    known.next().unwrap_or_else(|| path.to_path_buf())
}

fn names(
    snapshot: &Snapshot,
    is_it: &(dyn Fn(&Subject) -> bool + Sync),
    old: &Name,
    new: &Name,
    edits: &mut Edits,
) -> Result<(), Refusal> {
    let mut files = affected::dbt_files(snapshot);
    files.extend(affected::native_specs(snapshot));
    files.retain(|file| !file.described_tables().is_empty());
    let found = affected::each(&files, |file| in_file(snapshot, file, is_it, old, new))?;
    for (file, found) in files.into_iter().zip(found) {
        edits.add(snapshot, file, found)?;
    }
    Ok(())
}

fn in_file(
    snapshot: &Snapshot,
    file: &File,
    is_it: &dyn Fn(&Subject) -> bool,
    old: &Name,
    new: &Name,
) -> Result<FileEdits, Refusal> {
    let mut edits = FileEdits::default();
    let Some(text) = affected::text(snapshot, file)? else {
        return Ok(edits);
    };
    // Most files speak of other things.
    if !mentions(&text, old) {
        return Ok(edits);
    }
    let history = amendments(file);
    let models: Vec<TextRange> = file
        .described_tables()
        .iter()
        .filter_map(|table| Some(file.range(table.model.as_ref()?.spot)))
        .collect();
    for mention in subject::everywhere(snapshot, file) {
        let is_told_apart = history
            .iter()
            .any(|range| range.contains_range(mention.range));
        if !is_it(&mention.subject) || is_told_apart || models.contains(&mention.range) {
            continue;
        }
        let Some(range) = named_part(&text, mention.range, old) else {
            continue;
        };
        let written = lookup::slice(&text, range);
        let name = spelling::in_case(written, old, new);
        let is_whole = range == mention.range;
        let name = match is_whole {
            true => yaml::plain(&name),
            false => name,
        };
        edits.replace(range, name, Note::Name);
    }
    if !edits.is_empty() {
        yaml::verified(&snapshot.display_path(&file.path), &text, &edits, new)?;
    }
    Ok(edits)
}

/// Where the amendments of a native spec stand: what was is left as it is.
pub(super) fn amendments(file: &File) -> Vec<TextRange> {
    let spec = file.native_spec();
    let amendments = spec.map(|spec| spec.amendments.as_slice());
    let amendments = amendments.unwrap_or_default().iter();
    amendments
        .map(|amendment| file.range(amendment.entry))
        .collect()
}

/// Whether a name stands anywhere in a text, in any letters.
pub(crate) fn mentions(text: &str, name: &Name) -> bool {
    let name = name.as_str().as_bytes();
    let mut windows = text.as_bytes().windows(name.len().max(1));
    windows.any(|window| window.eq_ignore_ascii_case(name))
}

fn unquoted(text: &str, range: TextRange) -> TextRange {
    let slice = lookup::slice(text, range);
    let is_quoted = slice.len() >= 2
        && (slice.starts_with('"') && slice.ends_with('"')
            || slice.starts_with('\'') && slice.ends_with('\''));
    let one = TextSize::new(1);
    match is_quoted {
        true => TextRange::new(range.start() + one, range.end() - one),
        false => range,
    }
}

/// The way from a folder to a file, with forward slashes.
fn relative(folder: &Path, file: &Path) -> Option<String> {
    let mut up = 0;
    let mut above = folder;
    loop {
        if let Ok(below) = file.strip_prefix(above) {
            let steps = std::iter::repeat_n("..".to_owned(), up);
            let names = below
                .components()
                .map(|part| part.as_os_str().to_string_lossy().into_owned());
            return Some(steps.chain(names).collect::<Vec<_>>().join("/"));
        }
        above = above.parent()?;
        up += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_from_the_spec_to_the_model() {
        let found = relative(Path::new("/w/specs/a"), Path::new("/w/models/b.sql"));
        assert_eq!(found.as_deref(), Some("../../models/b.sql"));
        let found = relative(Path::new("/w"), Path::new("/w/b.sql"));
        assert_eq!(found.as_deref(), Some("b.sql"));
    }
}
