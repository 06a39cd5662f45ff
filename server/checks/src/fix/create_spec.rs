//! A spec for a table that has none: a file of its own, or an entry in one that is there.

use super::sheet::Sheet;
use super::{FileEdit, Fix, Fixing, draft};
use index::file::FileKind;
use index::{File, Table};
use spec::model::TableOrigin;
use std::cmp::Reverse;
use std::path::PathBuf;
use syntax::yaml::{Editor, Position, Value};
use syntax::{TextEdit, TextSize, edit};

/// A new file with a spec for `table`, which is defined in `definition`.
pub(crate) fn in_new_file(fixing: &Fixing<'_>, table: &Table, definition: &File) -> Option<Fix> {
    let path = path_of_new(table, definition)?;
    let is_spec = fixing.snapshot.settings(&path).is_spec(&path);
    if fixing.snapshot.file_at(&path).is_some() || !is_spec {
        return None;
    }
    let name = table.key.name();
    let mut text = String::new();
    for (key, value) in [
        ("product", Value::text(name.as_str())),
        ("tables", Value::sequence([entry(fixing, table)])),
    ] {
        let edits = Editor::new(&text)
            .insert_entry(&[], key, &value, Position::Last)
            .ok()?;
        text = edit::apply(&text, &edits)?;
    }
    let cursor = text
        .find(draft::DESCRIPTION)
        .and_then(|at| u32::try_from(at).ok());
    Some(Fix {
        title: format!("Create a spec for `{}`", table.key),
        edits: vec![FileEdit {
            path: path.clone(),
            create: true,
            edits: vec![TextEdit::insert(TextSize::new(0), text)],
        }],
        preferred: false,
        cursor: cursor.map(|at| (path, TextSize::new(at))),
    })
}

/// An entry for `table` in the native spec whose folder is nearest to `definition`.
pub(crate) fn in_nearest_spec(
    fixing: &Fixing<'_>,
    table: &Table,
    definition: &File,
) -> Option<Fix> {
    let specs = fixing.snapshot.files().into_iter().filter(|file| {
        file.kind == FileKind::NativeSpec && !file.quiet && file.project == definition.project
    });
    let shared = |file: &File| {
        let folders = file.path.ancestors().skip(1);
        let mut lengths = folders.filter(|folder| definition.path.starts_with(folder));
        lengths
            .next()
            .map_or(0, |folder| folder.components().count())
    };
    let with_tables = specs.filter(|file| !file.described_tables().is_empty());
    // Of equally near ones the first by path.
    let nearest = with_tables.min_by_key(|file| Reverse(shared(file)))?;
    let mut sheet = Sheet::open(fixing, nearest)?;
    let root = sheet.root()?;
    sheet.put_item(&root, "tables", None, entry(fixing, table))?;
    let path = fixing.snapshot.display_path(&nearest.path);
    let title = format!("Add `{}` to {path}", table.key);
    Some(Fix {
        preferred: true,
        ..sheet.fix(title, Some(draft::DESCRIPTION))
    })
}

/// Beside the SQL; in a dbt project in `specs`, for dbt warns of what it does not know in its own
/// folders.
fn path_of_new(table: &Table, definition: &File) -> Option<PathBuf> {
    let name = format!("{}.spec.yaml", table.key.name());
    let folder = match &definition.project {
        Some(project) => project.join("specs"),
        None => definition.path.parent()?.to_path_buf(),
    };
    Some(folder.join(name))
}

fn entry(fixing: &Fixing<'_>, table: &Table) -> Value {
    let snapshot = fixing.snapshot;
    let selected = table
        .columns
        .iter()
        .filter(|column| column.selected.is_some());
    let columns =
        selected.map(|column| draft::column(snapshot, table, column, &TableOrigin::Native, None));
    let columns: Vec<Value> = columns.collect();
    let mut entries = vec![
        ("name", Value::text(table.key.to_string())),
        ("description", Value::text(draft::DESCRIPTION)),
        ("why", draft::marked(&draft::why(snapshot, table, None))),
    ];
    if !columns.is_empty() {
        entries.push(("columns", Value::sequence(columns)));
    }
    Value::mapping(entries)
}
