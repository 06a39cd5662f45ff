//! A column that is taken out as was agreed, together with what only hands it on: the entries of CTEs and
//! of models downstream that give it as it is. What does anything else with it keeps it.

use super::besides::Besides;
use super::trial::{Trial, only_the_subject};
use super::{bound, described, entry, gone};
use crate::drift::between_forms;
use crate::fix::{FileEdit, Fix, Fixing};
use crate::guarantee::SentenceIndex;
use gone::Gone;
use index::{File, FileId, ModelId, Snapshot, Table, TableKey};
use meaning::difference::{Change, ColumnChange};
use spec::history::Standing;
use spec::model::Amendment;
use sql::facts::TableRef;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Name, TextEdit};

/// So many tables may lose a column at once.
const MOST_TABLES: usize = 16;

/// The column of the sentence taken out of its model and of everything that only hands it on; `None` where
/// something downstream uses it, or was promised it. The amendment `by` that asks for it says what else goes, as
/// long as it is open.
pub(super) fn taken_out(
    fixing: &Fixing<'_>,
    trial: &Trial<'_>,
    by: Option<&Amendment>,
) -> Option<Fix> {
    let column = trial.column()?;
    let editor = trial.model.editor();
    let mut own = entry::entries(&trial.model, column).into_iter();
    let own = own.find_map(|entry| {
        let edits = editor.remove_column(entry.place);
        edits.filter(|edits| trial.succeeds(edits, only_the_subject))
    })?;
    let mut removal = Removal {
        snapshot: trial.model.snapshot,
        edits: BTreeMap::from([(trial.model.file.id, own)]),
        gone: BTreeSet::new(),
    };
    removal.spread(&trial.model.table.key, column)?;
    let mut gone = removal.gone.iter();
    let is_bound = gone.any(|(key, column)| bound::is_bound(trial.model.snapshot, key, column));
    if is_bound || removal.breaks_promise(&trial.model.table.key) || !removal.changes_nothing_else()
    {
        return None;
    }
    removal.fix(fixing, trial, column, by)
}

/// Columns being taken out.
struct Removal<'s> {
    snapshot: &'s Snapshot,
    /// Edits of SQL files.
    edits: BTreeMap<FileId, Vec<TextEdit>>,
    /// What is no more.
    gone: BTreeSet<(TableKey, Name)>,
}

impl<'s> Removal<'s> {
    /// Takes a column out of everything that reads it.
    fn spread(&mut self, key: &TableKey, column: &Name) -> Option<()> {
        let mut waiting = vec![(key.clone(), column.clone())];
        while let Some((key, column)) = waiting.pop() {
            if !self.gone.insert((key.clone(), column.clone())) {
                continue;
            }
            if self.gone.len() > MOST_TABLES {
                return None;
            }
            for reader in self.snapshot.readers(&key) {
                waiting.extend(self.take_out_of(reader, &key, &column)?);
            }
        }
        Some(())
    }

    /// Takes a column out of a file that reads it; gives the columns that it hands it on as.
    fn take_out_of(
        &mut self,
        reader: &'s File,
        key: &TableKey,
        column: &Name,
    ) -> Option<Vec<(TableKey, Name)>> {
        let gone = Gone::of(self.snapshot, reader, key, column)?;
        if reader.quiet && !gone.edits.is_empty() {
            return None;
        }
        let edits = self.edits.entry(reader.id).or_default();
        for edit in gone.edits {
            let is_apart = |own: &TextEdit| {
                own.range.end() < edit.range.start() || edit.range.end() < own.range.start()
            };
            if edits.contains(&edit) {
                continue;
            }
            if !edits.iter().all(is_apart) {
                return None;
            }
            edits.push(edit);
        }
        edits.sort_by_key(|edit| edit.range.start());
        let handed_on = gone.outputs.into_iter().map(|(model, column)| {
            let table = self.snapshot.table_of_model(model)?;
            let is_whole = self.snapshot.defining_model(table) == Some(model);
            is_whole.then(|| (table.key.clone(), column))
        });
        handed_on.collect()
    }

    /// Whether a sentence in force is about a column that goes, of another table than `own`: any product may
    /// have been promised something of it.
    fn breaks_promise(&self, own: &TableKey) -> bool {
        let others = self.gone.iter().filter(|(key, _)| key != own);
        let others: Vec<&(TableKey, Name)> = others.collect();
        if others.is_empty() {
            return false;
        }
        let mut index = SentenceIndex::default();
        for product in self.snapshot.products() {
            index.note(self.snapshot, product);
        }
        others.into_iter().any(|(key, column)| {
            let table = self.snapshot.table(key);
            let about = table.map(|table| index.about(self.snapshot, table));
            about.into_iter().flatten().any(|sentence| {
                let is_its = sentence.column.as_ref() == Some(column);
                is_its && sentence.standing == Standing::InForce
            })
        })
    }

    /// Whether nothing but the columns that go becomes another, in any table that loses one.
    fn changes_nothing_else(&self) -> bool {
        let mut after = self.snapshot.clone();
        for (file, edits) in &self.edits {
            let edited = || {
                let file = self.snapshot.file(*file)?;
                let text = syntax::edit::apply(&self.snapshot.text(file)?, edits)?;
                after.with_text(&file.path, &text)
            };
            let Some(edited) = edited() else {
                return false;
            };
            after = edited;
        }
        let mut tables = self.gone.iter().map(|(key, _)| key);
        tables.all(|key| self.is_same_but_for_gone(&after, key).unwrap_or(false))
    }

    fn is_same_but_for_gone(&self, after: &Snapshot, key: &TableKey) -> Option<bool> {
        let model: ModelId = self.snapshot.defining_model(self.snapshot.table(key)?)?;
        let before = self.snapshot.named_query(model)?;
        let now = after.named_query(model)?;
        let upstream = |name: &TableRef| {
            let table: &Table = self.snapshot.table(before.key(name)?)?;
            let model = self.snapshot.defining_model(table);
            let model = model.filter(|_| !table.cyclic)?;
            Some(self.snapshot.named_query(model)?.query)
        };
        let difference = between_forms(&before.query, &upstream, &now, after);
        let is_gone = |name: &Option<Name>| {
            let name = name.as_ref();
            name.is_some_and(|name| self.gone.contains(&(key.clone(), name.clone())))
        };
        let mut columns = difference.columns.iter();
        let are_same =
            columns.all(|column| column.change == ColumnChange::Same || is_gone(&column.name));
        Some(are_same && difference.rows.change == Change::Same)
    }

    fn fix(
        &self,
        fixing: &Fixing<'_>,
        trial: &Trial<'_>,
        column: &Name,
        by: Option<&Amendment>,
    ) -> Option<Fix> {
        let edited = self.edits.iter().filter(|(_, edits)| !edits.is_empty());
        let edits = edited.map(|(file, edits)| {
            Some(FileEdit {
                path: self.snapshot.file(*file)?.path.to_path_buf(),
                create: false,
                edits: edits.clone(),
            })
        });
        let mut edits = edits.collect::<Option<Vec<FileEdit>>>()?;
        // The model that gives the column comes first.
        let is_other = |edit: &FileEdit| *edit.path != *trial.model.file.path;
        edits.sort_by(|one, other| (is_other(one), &one.path).cmp(&(is_other(other), &other.path)));
        let besides = by.and_then(|by| Besides::of(fixing, trial.model.spec, by, &self.gone));
        edits.extend(described::without(fixing, &self.gone, besides.as_ref())?);
        let along = match self.gone.len() {
            1 => "",
            _ => ", also where it is only handed on",
        };
        Some(Fix {
            title: format!("Take `{column}` out of the SQL{along}"),
            edits,
            moved: Vec::new(),
            preferred: false,
            cursor: None,
        })
    }
}
