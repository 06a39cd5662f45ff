//! A spec for a table that has none: a file of its own, or an entry in one that is there. What other specs
//! say of it is taken over; the rest is drafted from what the SQL tells, and marked as a draft.

use super::sheet::Sheet;
use super::{Detail, FileEdit, Fix, Fixing, draft};
use crate::context::Context;
use index::file::FileKind;
use index::{Column, File, Snapshot, Table};
use meaning::derive::data_type;
use smol_str::SmolStr;
use spec::model::{self, Field};
use sql::Dialect;
use sql::lower::data_type_of;
use sql::relation::DataType;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use syntax::yaml::{Editor, Position, Value};
use syntax::{Name, TextEdit, TextSize, edit};

/// A new file with a spec for `table`, which is defined in `definition`.
pub(crate) fn in_new_file(fixing: &Fixing<'_>, table: &Table, definition: &File) -> Option<Fix> {
    let path = path_of_new(table, definition)?;
    let is_spec = fixing.snapshot.settings(&path).is_spec(&path);
    if fixing.snapshot.file_at(&path).is_some() || !is_spec {
        return None;
    }
    let text = match fixing.is_for_titles {
        true => String::new(),
        false => written(table.key.name().as_str(), vec![entry(fixing, table)])?,
    };
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
        moved: Vec::new(),
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
    if !sheet.is_blank {
        let root = sheet.root()?;
        sheet.put_item(&root, "tables", None, entry(fixing, table))?;
    }
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

/// Drafts of a spec for a table that no native spec describes: an entry in the nearest one, or a file.
pub fn spec_drafts(snapshot: &Snapshot, table: &Table, detail: Detail) -> Vec<Fix> {
    let context = Context::for_fixes(snapshot);
    let is_described = table.descriptions.iter().any(|id| {
        let entry = snapshot.description(*id);
        entry.is_some_and(|(file, _)| file.native_spec().is_some())
    });
    let Some(definition) = context.definition(table).filter(|_| !is_described) else {
        return Vec::new();
    };
    let fixing = Fixing {
        is_for_titles: detail == Detail::Title,
        ..Fixing::new(snapshot)
    };
    let drafts = [
        in_nearest_spec(&fixing, table, definition.file),
        in_new_file(&fixing, table, definition.file),
    ];
    let drafts = drafts.into_iter().flatten().map(|fix| Fix {
        preferred: false,
        ..fix
    });
    drafts.collect()
}

/// The text of the spec of a product with these entries of tables.
pub(super) fn written(product: &str, tables: Vec<Value>) -> Option<String> {
    let entries = [
        ("product", Value::text(product)),
        ("tables", Value::sequence(tables)),
    ];
    entries
        .iter()
        .try_fold(String::new(), |text, (key, value)| {
            let editor = Editor::new(&text);
            let edits = editor.insert_entry(&[], key, value, Position::Last).ok()?;
            edit::apply(&text, &edits)
        })
}

/// What is known of a table, as an entry of a spec.
pub(super) fn entry(fixing: &Fixing<'_>, table: &Table) -> Value {
    entry_and_columns(fixing, table).0
}

/// What is known of a table, as an entry of a spec, and how many columns that has.
pub(super) fn entry_and_columns(fixing: &Fixing<'_>, table: &Table) -> (Value, usize) {
    let snapshot = fixing.snapshot;
    let said = Said::of(snapshot, table);
    let mut entries = vec![("name", Value::text(table.key.to_string()))];
    entries.push((
        "description",
        or_todo(said.of_table(|entry| entry.description.as_ref())),
    ));
    entries.push(match said.of_table(|entry| entry.why.as_ref()) {
        Some(why) => ("why", Value::text(why)),
        None => ("why", draft::marked(&draft::why(snapshot, table, None))),
    });
    let grain = said
        .entries
        .iter()
        .map(|entry| &entry.grain)
        .find(|grain| !grain.is_empty());
    if let Some(grain) = grain {
        let names = grain.iter().map(|name| Value::text(name.value.as_str()));
        entries.push(("grain", Value::sequence(names)));
    }
    let columns = said.columns(table);
    let count = columns.len();
    if count > 0 {
        entries.push(("columns", Value::sequence(columns)));
    }
    (Value::mapping(entries), count)
}

/// What specs of other formats say of a table.
struct Said<'s> {
    snapshot: &'s Snapshot,
    entries: Vec<&'s model::Table>,
    /// The columns that the query of its model gives, with their types as far as the SQL tells.
    given: Vec<(Name, Option<DataType>)>,
    dialect: Dialect,
}

impl<'s> Said<'s> {
    fn of(snapshot: &'s Snapshot, table: &Table) -> Said<'s> {
        let entries = table
            .descriptions
            .iter()
            .filter_map(|id| snapshot.description(*id));
        Said {
            snapshot,
            entries: entries.map(|(_, entry)| entry).collect(),
            given: given(snapshot, table).unwrap_or_default(),
            dialect: dialect(snapshot, table),
        }
    }

    fn of_table(
        &self,
        of: impl Fn(&'s model::Table) -> Option<&'s Field<String>>,
    ) -> Option<&'s str> {
        let field = self.entries.iter().find_map(|entry| of(entry))?;
        Some(field.value.trim()).filter(|text| !text.is_empty())
    }

    fn of_column(
        &self,
        name: &Name,
        of: impl Fn(&'s model::Column) -> Option<&'s Field<String>>,
    ) -> Option<&'s str> {
        let columns = self.entries.iter().flat_map(|entry| &entry.columns);
        let mut own = columns.filter(|column| column.name.value == *name);
        let field = own.find_map(of)?;
        Some(field.value.trim()).filter(|text| !text.is_empty())
    }

    /// The columns that are selected, and those that only a template tells, which it writes in a loop.
    fn columns(&self, table: &Table) -> Vec<Value> {
        let types: BTreeMap<&Name, &DataType> = self
            .given
            .iter()
            .filter_map(|(name, data_type)| Some((name, data_type.as_ref()?)))
            .collect();
        let is_selected = |column: &&Column| column.selected.is_some();
        let selected: Vec<&Column> = table.columns.iter().filter(is_selected).collect();
        let known: BTreeSet<&Name> = selected.iter().map(|column| &column.name).collect();
        let from_template = self.given.iter().map(|(name, _)| name);
        let from_template = from_template.filter(|name| !known.contains(name));
        let all = selected.iter().map(|column| (&column.name, Some(*column)));
        all.chain(from_template.map(|name| (name, None)))
            .map(|(name, column)| self.column(table, name, column, types.get(name)))
            .collect()
    }

    /// What comes unchanged with its column need not be said again.
    fn column(
        &self,
        table: &Table,
        name: &Name,
        column: Option<&Column>,
        given: Option<&&DataType>,
    ) -> Value {
        let mut entries = vec![("name", Value::text(name.as_str()))];
        let written = column.and_then(|column| column.data_type.as_ref());
        // What the SQL gives goes before what was once written about it.
        let is_given = |written: &&SmolStr| {
            let read = data_type_of(written, self.dialect);
            given.is_none_or(|given| read.as_ref() == Some(*given))
        };
        let written = written.filter(is_given).map(ToString::to_string);
        if let Some(data_type) = written.or_else(|| given.map(ToString::to_string)) {
            entries.push(("type", Value::text(data_type)));
        }
        for (key, of) in FACTS {
            if let Some(fact) = self.of_column(name, of) {
                entries.push((key, Value::text(fact)));
            }
        }
        let description = self.of_column(name, |column| column.description.as_ref());
        let is_inherited = column.is_some_and(|column| column.has_description);
        if description.is_some() || !is_inherited {
            entries.push(("description", or_todo(description)));
        }
        match self.of_column(name, |column| column.why.as_ref()) {
            Some(why) => entries.push(("why", Value::text(why))),
            None if column.is_none_or(|column| column.why.is_none()) => {
                let why = draft::why(self.snapshot, table, Some(name));
                entries.push(("why", draft::marked(&why)));
            }
            None => {}
        }
        Value::mapping(entries)
    }
}

type Fact = fn(&model::Column) -> Option<&Field<String>>;

/// Facts that are taken over as they are written.
const FACTS: [(&str, Fact); 2] = [
    ("unit", |column| column.unit.as_ref()),
    ("references", |column| column.references.as_ref()),
];

fn or_todo(description: Option<&str>) -> Value {
    match description {
        Some(description) => Value::text(description),
        None => Value::text(draft::DESCRIPTION),
    }
}

/// The columns that the query of the model of a table gives, as far as they have names; `None` without one.
fn given(snapshot: &Snapshot, table: &Table) -> Option<Vec<(Name, Option<DataType>)>> {
    let model = snapshot.defining_model(table)?;
    let (file, _) = snapshot.model(model)?;
    let (relations, at) = snapshot.relation(model)?;
    let query = &relations.full.get(at)?.query;
    let declared = snapshot.declared(file);
    let columns = query.root().columns.iter().enumerate();
    let named = columns.filter(|(_, column)| !column.implicit);
    let given = named.filter_map(|(position, column)| {
        let data_type = data_type(query, query.root, position, &declared);
        Some((column.name.clone()?, data_type))
    });
    Some(given.collect())
}

fn dialect(snapshot: &Snapshot, table: &Table) -> Dialect {
    let model = snapshot.defining_model(table);
    let file = model.and_then(|model| snapshot.file(model.file));
    file.map_or(Dialect::Generic, |file| {
        snapshot.projects().dialect(&file.path).dialect
    })
}
