//! Renames a column: of one table, of those that hand it on by a `*`, wherever they are read.

use super::agreed::Asking;
use super::edits::{Edits, FileEdits, Note, Renaming};
use super::in_sql::{Family, outcome};
use super::record::Renamed;
use super::verify::{World, is_same};
use super::{Refusal, affected, in_dbt, in_specs, record, refs, spelling};
use crate::columns::{Columns, Node};
use index::{File, FileId, FileKind, Snapshot, Table, TableKey};
use sql::facts::ModelKind;
use sql::relation::Source;
use std::collections::BTreeSet;
use syntax::{Name, TextRange, TextSize};

/// Whether a column can be renamed at all.
///
/// # Errors
/// Where it can't.
pub(super) fn check(snapshot: &Snapshot, key: &TableKey, name: &Name) -> Result<(), Refusal> {
    let table = known_table(snapshot, key)?;
    if key.is_source {
        return Err(Refusal::new(format!(
            "`{key}` is a source: its columns get their names outside of this workspace. Rename what a \
             model makes of `{name}`."
        )));
    }
    if table.models.is_empty() {
        return Err(Refusal::new(format!(
            "No model in this workspace makes `{key}`, so `{name}` can't be renamed here."
        )));
    }
    for id in &table.models {
        let Some(file) = snapshot.file(id.file) else {
            continue;
        };
        let path = snapshot.display_path(&file.path);
        if file.quiet {
            return Err(Refusal::new(format!(
                "`{path}` makes `{name}`, and it is not yours to change: it belongs to an installed \
                 package, or the configuration excludes it."
            )));
        }
        let kind = snapshot.model(*id).map(|(_, model)| model.kind);
        match (file.kind, kind) {
            (FileKind::PythonModel, _) => {
                return Err(Refusal::new(format!(
                    "`{path}` is Python, so it can't be told where it makes `{name}`."
                )));
            }
            (_, Some(ModelKind::Insert)) => {
                return Err(Refusal::new(format!(
                    "`{path}` fills `{key}` by an `INSERT`, which is not renamed along."
                )));
            }
            (FileKind::Seed, _) | (_, Some(_)) => {}
            (_, None) => {
                return Err(Refusal::new(format!(
                    "`{path}` can't be read as SQL, so it can't be told where it makes `{name}`."
                )));
            }
        }
    }
    super::table::refuse_versions(snapshot, table)?;
    match table.column(name) {
        Some(column) if column.is_selected() => Ok(()),
        _ if table.open => Err(Refusal::new(format!(
            "It can't be told from the SQL where `{key}` gets `{name}` from: a `*` or a template brings it."
        ))),
        _ => Err(Refusal::new(format!(
            "No SQL makes the column `{name}` of `{key}`."
        ))),
    }
}

fn known_table<'s>(snapshot: &'s Snapshot, key: &TableKey) -> Result<&'s Table, Refusal> {
    let table = snapshot.table(key);
    table
        .map(|table| &**table)
        .ok_or_else(|| Refusal::new(format!("`{key}` is not defined in this workspace.")))
}

/// Renames the column `old` of `key` to `new`. `asked` is the open amendment that asks for it, and what
/// that calls the table.
///
/// # Errors
/// Where that can't be done for certain.
pub(super) fn rename(
    snapshot: &Snapshot,
    key: &TableKey,
    old: &Name,
    new: &Name,
    asked: Option<(Asking<'_>, &[Name])>,
) -> Result<Renaming, Refusal> {
    // As the table spells it, wherever the rename starts.
    let column = known_table(snapshot, key)?.column(old);
    let old = &column.map_or_else(|| old.clone(), |column| column.name.clone());
    let mut family = Family {
        old: old.clone(),
        new: new.clone(),
        tables: BTreeSet::new(),
    };
    let mut joining = BTreeSet::from([key.clone()]);
    let (files, outcomes) = loop {
        for key in &joining {
            check(snapshot, key, old)?;
            if known_table(snapshot, key)?.column(new).is_some() {
                return Err(Refusal::new(format!(
                    "`{key}` has a column `{new}` already."
                )));
            }
        }
        family.tables.append(&mut joining);
        let files = affected::sql_files(snapshot, &family.tables)?;
        let outcomes = affected::each(&files, |file| {
            affected::text(snapshot, file)?;
            let Some(columns) = Columns::new(snapshot, file) else {
                return Ok(None);
            };
            if !reads_or_makes(&columns, &family) {
                return Ok(None);
            }
            let outcome = outcome(&columns, &family, &BTreeSet::new())?;
            if !outcome.joined.is_empty() {
                return Ok(Some(outcome));
            }
            settle(&columns, outcome, &family).map(Some)
        })?;
        let joined = outcomes.iter().flatten().flat_map(|it| &it.joined);
        joining.extend(joined.cloned());
        if joining.is_empty() {
            break (files, outcomes);
        }
    };
    let mut edits = Edits::default();
    for (file, outcome) in files.iter().zip(outcomes) {
        let Some(outcome) = outcome else { continue };
        edits.add(snapshot, file, outcome.edits)?;
    }
    for key in &family.tables {
        for id in &known_table(snapshot, key)?.models {
            if let Some(file) = snapshot.file(id.file) {
                edits.add(snapshot, file, in_model(snapshot, file, &family)?)?;
            }
        }
    }
    in_dbt::columns(snapshot, &family, &mut edits)?;
    in_specs::columns(snapshot, &family, &mut edits)?;
    let cursor = record::record(snapshot, &Renamed::Column(&family), asked, &mut edits)?;
    let mut renaming = edits.renaming(snapshot, format!("Rename `{key}.{old}` to `{new}`"))?;
    renaming.cursor = cursor;
    renaming.columns = Some(family);
    Ok(renaming)
}

/// Renames a name that only one file knows.
///
/// # Errors
/// Where that can't be done for certain.
pub(super) fn rename_locally(
    snapshot: &Snapshot,
    file: FileId,
    nodes: &BTreeSet<Node>,
    old: &Name,
    new: &Name,
) -> Result<Renaming, Refusal> {
    let gone = || Refusal::new("The file has changed meanwhile.");
    let file = snapshot.file(file).ok_or_else(gone)?;
    let columns = Columns::new(snapshot, file).ok_or_else(gone)?;
    let family = Family {
        old: old.clone(),
        new: new.clone(),
        tables: BTreeSet::new(),
    };
    let are_columns = nodes.iter().all(|node| matches!(node, Node::Given { .. }));
    let edited = if are_columns {
        let outcome = outcome(&columns, &family, nodes)?;
        if let Some(key) = outcome.joined.first() {
            return rename(snapshot, key, old, new, None);
        }
        settle(&columns, outcome, &family)?.edits
    } else {
        let dialect = snapshot.projects().dialect(&file.path).dialect;
        let mut edits = FileEdits::default();
        for (range, _) in columns.places(nodes) {
            let written = columns.slice(range);
            let spelled = spelling::in_sql(written, old, new, dialect);
            edits.replace(range, spelled, Note::Name);
        }
        verified(&columns, &edits, &World::default())?;
        edits
    };
    let mut edits = Edits::default();
    edits.add(snapshot, file, edited)?;
    let mut renaming = edits.renaming(snapshot, format!("Rename `{old}` to `{new}`"))?;
    renaming.columns = are_columns.then_some(family);
    Ok(renaming)
}

/// Whether a file has to do with the columns that are renamed.
fn reads_or_makes(columns: &Columns<'_>, family: &Family) -> bool {
    let mut made = columns.tables.iter().flatten();
    if made.any(|key| family.tables.contains(key)) {
        return true;
    }
    let is_it = |source: &Source| match source {
        Source::Table(table) => {
            let key = columns.snapshot.table_key(columns.file, table);
            key.is_some_and(|key| family.tables.contains(key))
        }
        _ => false,
    };
    let mut occurrences = columns.occurrences().iter();
    columns.all_sources().any(is_it)
        || occurrences.any(|occurrence| match &occurrence.node {
            Node::Column(crate::columns::TableId::Known(key), name) => {
                *name == family.old && family.tables.contains(key)
            }
            _ => false,
        })
}

/// The outcome with what a template makes, if the file means the same then.
fn settle(
    columns: &Columns<'_>,
    mut outcome: super::in_sql::Outcome,
    family: &Family,
) -> Result<super::in_sql::Outcome, Refusal> {
    let world = World {
        columns: Some(family.clone()),
        table: None,
    };
    if outcome.made_by.is_empty() {
        verified(columns, &outcome.edits, &world)?;
        return Ok(outcome);
    }
    // A template is given the name as a text: in the tags that make it, else anywhere.
    let written = outcome.edits.clone();
    let within = |ranges: &[TextRange]| {
        let mut edits = written.clone();
        for literal in refs::literals(&columns.text, ranges, &family.old) {
            let written = columns.slice(literal).to_owned();
            let name = spelling::in_case(&written, &family.old, &family.new);
            edits.replace(literal, name, Note::Name);
        }
        edits
    };
    let whole = TextRange::up_to(TextSize::of(&*columns.text));
    let tries = [outcome.made_by.clone(), vec![whole]];
    for ranges in tries {
        let edits = within(&ranges);
        if edits != outcome.edits && verified(columns, &edits, &world).is_ok() {
            outcome.edits = edits;
            return Ok(outcome);
        }
    }
    Err(Refusal::new(format!(
        "A template makes `{}` in `{}`, and it can't be told how to rename it there.",
        family.old,
        columns.display_path()
    )))
}

/// Makes sure that a file means the same after `edits`.
///
/// # Errors
/// Where it does not.
pub(super) fn verified(
    columns: &Columns<'_>,
    edits: &FileEdits,
    world: &World,
) -> Result<(), Refusal> {
    let text = edits.applied(&columns.text);
    let is_same = text.is_some_and(|text| is_same(columns.snapshot, columns.file, &text, world));
    if is_same {
        return Ok(());
    }
    Err(Refusal::new(format!(
        "`{}` would not mean the same any more: the new name may be that of something else there, or a \
         form is in it that can't be renamed along.",
        columns.display_path()
    )))
}

/// The settings of a model that name columns of it, and the header of a seed.
fn in_model(snapshot: &Snapshot, file: &File, family: &Family) -> Result<FileEdits, Refusal> {
    let mut edits = FileEdits::default();
    let Some(text) = affected::text(snapshot, file)? else {
        return Ok(edits);
    };
    let mut places = Vec::new();
    if file.kind == FileKind::Seed {
        places.extend(refs::header_cell(&text, &family.old));
        if places.len() != 1 {
            return Err(Refusal::new(format!(
                "The header of `{}` does not tell which column is `{}`.",
                snapshot.display_path(&file.path),
                family.old
            )));
        }
    } else {
        places.extend(refs::configured(&text, &family.old));
    }
    for range in places {
        let written = crate::lookup::slice(&text, range);
        let name = spelling::in_case(written, &family.old, &family.new);
        edits.replace(range, name, Note::Name);
    }
    Ok(edits)
}
