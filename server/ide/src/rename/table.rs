//! Renames a table: in the statement or the file that makes it, and wherever it is mentioned.

use super::agreed::Asking;
use super::edits::{Edits, FileEdits, Note, Renaming};
use super::in_sql::sql_words;
use super::record::Renamed;
use super::target::named_part;
use super::verify::World;
use super::{Refusal, affected, in_dbt, in_specs, record, spelling};
use crate::columns::{Columns, Node, TableId, is_this};
use crate::lookup;
use index::relations::Reading;
use index::{File, FileKind, Snapshot, SqlRole, Table, TableKey};
use sql::Dialect;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use syntax::{Name, TextRange};

/// Whether a table can be renamed at all.
///
/// # Errors
/// Where it can't.
pub(super) fn check(snapshot: &Snapshot, key: &TableKey) -> Result<(), Refusal> {
    let table = snapshot.table(key);
    let table =
        table.ok_or_else(|| Refusal::new(format!("`{key}` is not defined in this workspace.")))?;
    if key.is_source {
        return Err(Refusal::new(format!(
            "`{key}` is a source: it gets its name outside of this workspace."
        )));
    }
    if table.models.is_empty() {
        return Err(Refusal::new(format!(
            "No model in this workspace makes `{key}`, so it can't be renamed here."
        )));
    }
    let files = table.models.iter().filter_map(|id| snapshot.file(id.file));
    for file in files {
        if file.quiet {
            return Err(Refusal::new(format!(
                "`{}` makes `{key}`, and it is not yours to change: it belongs to an installed package, or \
                 the configuration excludes it.",
                snapshot.display_path(&file.path)
            )));
        }
    }
    refuse_versions(snapshot, table)
}

/// Versions of a model share one entry, so what is told of one is told of all.
///
/// # Errors
/// Where a table is a version.
pub(super) fn refuse_versions(snapshot: &Snapshot, table: &Table) -> Result<(), Refusal> {
    let mut descriptions = table
        .descriptions
        .iter()
        .filter_map(|id| snapshot.description(*id));
    if descriptions.any(|(_, described)| !described.versions.is_empty()) {
        return Err(Refusal::new(format!(
            "`{}` has versions, which share what dbt's properties say of them: rename it by hand.",
            table.key
        )));
    }
    Ok(())
}

/// Renames the table `key` to `new`. With `moved`, its file has got another path already, or is about to.
/// `asked` is the open amendment that asks for it, and what that calls the table.
///
/// # Errors
/// Where that can't be done for certain.
pub(super) fn rename(
    snapshot: &Snapshot,
    key: &TableKey,
    new: &Name,
    moved: Option<&(PathBuf, PathBuf)>,
    asked: Option<(Asking<'_>, &[Name])>,
) -> Result<Renaming, Refusal> {
    check(snapshot, key)?;
    let mut renamed = key.clone();
    if let Some(last) = renamed.parts.last_mut() {
        *last = new.clone();
    }
    let is_moved = moved.is_some_and(|moved| is_moved_already(snapshot, moved));
    if snapshot.table(&renamed).is_some() && !is_moved {
        return Err(Refusal::new(format!(
            "There is a table `{renamed}` already."
        )));
    }
    let moves = match moved {
        Some(moved) => vec![moved.clone()],
        None => moves(snapshot, key, new)?,
    };
    let mut edits = Edits::default();
    let tables = BTreeSet::from([key.clone()]);
    let mut files = affected::sql_files(snapshot, &tables)?;
    let macros = snapshot.files();
    let macros = macros
        .into_iter()
        .filter(|file| file.kind == FileKind::Sql(SqlRole::Macro));
    files.extend(macros);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    let found = affected::each(&files, |file| in_file(snapshot, file, key, new))?;
    for (file, found) in files.iter().zip(found) {
        edits.add(snapshot, file, found)?;
    }
    in_dbt::table(snapshot, key, new, &mut edits)?;
    in_specs::table(snapshot, key, new, &moves, &mut edits)?;
    let cursor = record::record(snapshot, &Renamed::Table(key, new), asked, &mut edits)?;
    let mut renaming = edits.renaming(snapshot, format!("Rename `{key}` to `{new}`"))?;
    renaming.cursor = cursor;
    if moved.is_none() {
        renaming.moved = moves;
    }
    Ok(renaming)
}

/// Whether a file has been read at its new path too, and so makes the table of the new name.
fn is_moved_already(snapshot: &Snapshot, (from, to): &(PathBuf, PathBuf)) -> bool {
    match (snapshot.file_at(from), snapshot.file_at(to)) {
        (Some(from), Some(to)) => from.text_hash == to.text_hash,
        _ => false,
    }
}

/// The files that are named after the table, and their new paths.
fn moves(
    snapshot: &Snapshot,
    key: &TableKey,
    new: &Name,
) -> Result<Vec<(PathBuf, PathBuf)>, Refusal> {
    let Some(table) = snapshot.table(key) else {
        return Ok(Vec::new());
    };
    let mut moves = Vec::new();
    for id in &table.models {
        let Some(file) = snapshot.file(id.file) else {
            continue;
        };
        let is_named_inside = snapshot
            .model(*id)
            .is_some_and(|(_, model)| model.name.is_some());
        let is_snapshot = file.kind == FileKind::Sql(SqlRole::Snapshot);
        if is_named_inside || is_snapshot {
            continue;
        }
        if !spelling::is_plain(new) {
            return Err(Refusal::new(format!(
                "`{}` is named after the table, and `{new}` is no good name for a file.",
                snapshot.display_path(&file.path)
            )));
        }
        let to = renamed_path(&file.path, &key.name(), new).ok_or_else(|| {
            Refusal::new(format!(
                "`{}` is not named after the table.",
                snapshot.display_path(&file.path)
            ))
        })?;
        if snapshot.file_at(&to).is_some() {
            return Err(Refusal::new(format!(
                "There is a file `{}` already.",
                snapshot.display_path(&to)
            )));
        }
        moves.push((file.path.to_path_buf(), to));
    }
    Ok(moves)
}

/// The path with another name before its ending: `shop.orders.sql` is called `orders`.
fn renamed_path(path: &Path, old: &Name, new: &Name) -> Option<PathBuf> {
    let stem = path.file_stem()?.to_str()?;
    let before = stem.get(..stem.len().checked_sub(old.as_str().len())?)?;
    let is_it = stem.get(before.len()..)?.eq_ignore_ascii_case(old.as_str());
    let is_part = before.is_empty() || before.ends_with('.');
    let ending = path.extension()?.to_str()?;
    (is_it && is_part).then(|| path.with_file_name(format!("{before}{new}.{ending}")))
}

fn in_file(
    snapshot: &Snapshot,
    file: &File,
    key: &TableKey,
    new: &Name,
) -> Result<FileEdits, Refusal> {
    let old = key.name();
    let mut edits = FileEdits::default();
    let Some(text) = affected::text(snapshot, file)? else {
        return Ok(edits);
    };
    if !in_specs::mentions(&text, &old) {
        return Ok(edits);
    }
    let is_template = file.project.is_some();
    if is_template {
        for range in in_dbt::refs_to(snapshot, file, &text, key) {
            edits.replace(range, new.as_str(), Note::Name);
        }
    }
    if file.kind == FileKind::Sql(SqlRole::Macro) {
        return Ok(edits);
    }
    let Some(columns) = Columns::new(snapshot, file) else {
        return Ok(edits);
    };
    let dialect = snapshot.projects().dialect(&file.path).dialect;
    let nodes = BTreeSet::from([Node::Table(TableId::Known(key.clone()))]);
    for (range, _) in columns.places(&nodes) {
        mention(&columns, range, &old, new, dialect, &mut edits)?;
    }
    if edits.is_empty() {
        return Ok(edits);
    }
    leftover(&columns, &old, new, dialect, &mut edits);
    let world = World {
        columns: None,
        table: Some((key.clone(), new.clone())),
    };
    super::column::verified(&columns, &edits, &world)?;
    Ok(edits)
}

/// A mention in SQL, which may be qualified, or a tag of a template.
fn mention(
    columns: &Columns<'_>,
    range: TextRange,
    old: &Name,
    new: &Name,
    dialect: Dialect,
    edits: &mut FileEdits,
) -> Result<(), Refusal> {
    if edits.touches(range) {
        return Ok(());
    }
    let written = columns.slice(range);
    if is_this(written) {
        return Ok(());
    }
    if written.starts_with('{') {
        return Err(Refusal::new(format!(
            "A template makes the name `{old}` in `{}`, and it can't be told how to rename it there: `{written}`.",
            columns.display_path()
        )));
    }
    let Some(name) = named_part(&columns.text, range, old) else {
        return Ok(());
    };
    // With its quotes.
    let before = TextRange::new(range.start(), name.start());
    let quote = columns.slice(before).chars().next_back();
    let is_quoted = quote.is_some_and(|quote| "\"`[".contains(quote));
    let spelled = match is_quoted {
        true => spelling::in_case(columns.slice(name), old, new),
        false => spelling::in_sql(columns.slice(name), old, new, dialect),
    };
    edits.replace(name, spelled, Note::Name);
    Ok(())
}

/// The name in statements that are no queries, such as `DROP TABLE`: nothing tells whether it is the
/// table's.
fn leftover(
    columns: &Columns<'_>,
    old: &Name,
    new: &Name,
    dialect: Dialect,
    edits: &mut FileEdits,
) {
    let statements: Vec<TextRange> = columns
        .statements()
        .map(|(_, lowered)| lowered.places.statement)
        .collect();
    let known: Vec<TextRange> = columns.occurrences().iter().map(|it| it.range).collect();
    let words = sql_words(&columns.text, old, columns.reading() != Reading::Plain);
    for word in words {
        let is_in_query = statements.iter().any(|range| range.contains_range(word));
        let is_known = known.iter().any(|range| range.contains_range(word));
        if !is_in_query && !is_known && !edits.touches(word) {
            let written = lookup::slice(&columns.text, word);
            let spelled = spelling::in_sql(written, old, new, dialect);
            edits.replace(word, spelled, Note::Unsure);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_folder_and_its_ending() {
        let to = |path: &str| {
            let found = renamed_path(Path::new(path), &Name::new("orders"), &Name::new("sales"));
            found.map(|path| path.to_string_lossy().into_owned())
        };
        assert_eq!(to("/w/orders.sql").as_deref(), Some("/w/sales.sql"));
        assert_eq!(
            to("/w/shop.orders.sql").as_deref(),
            Some("/w/shop.sales.sql")
        );
        assert_eq!(to("/w/all_orders.sql"), None);
    }
}
