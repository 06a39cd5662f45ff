//! An open amendment closed with what the SQL means now: what was done, and what holds from here on.

use super::sheet::{Path, Sheet};
use super::{Fix, Fixing, amendment, lines, sentence};
use crate::context::{Context, product_of};
use crate::drift::coverage::{Called, Coverage, Part};
use crate::drift::{self, Drift, base};
use crate::guarantee::{Levels, verdict};
use crate::names::{self, Kind};
use crate::sentences::Sentences;
use crate::unknown_name;
use index::{File, Snapshot, Table};
use meaning::canonical::ClauseMeaning;
use meaning::difference::{ColumnChange, ColumnDifference, RowsDifference};
use meaning::guarantee::{Answer, told};
use spec::guarantee::{Guarantee, parse};
use spec::model::Amendment;
use sql::lower::Clause;
use std::sync::Arc;
use syntax::yaml::{NodeKind, Value};
use syntax::{Name, Placed};

/// Fills in `change` of `amendment`, which `file` states, and what it guarantees. `None` while the SQL
/// contradicts something that it guarantees already, and where it covers nothing that changed: whether
/// anything was done is then for people to say.
pub(crate) fn closed(fixing: &Fixing<'_>, file: &File, amendment: &Amendment) -> Option<Fix> {
    let id = &amendment.id.as_ref()?.value;
    let title = format!("Record in amendment `{id}` what the SQL does now");
    let recording = Recording::new(fixing, file, amendment)?;
    let done = recording.done().filter(|done| !done.changes.is_empty())?;
    if recording.names_nothing(fixing.snapshot) {
        return None;
    }
    let mut sheet = Sheet::open(fixing, file)?;
    let path = sheet.path_of(file.range(amendment.entry))?;
    let change = Value::text(done.changes.join(" "));
    sheet.put(&path, &["change"], change, &["requirement"])?;
    guarantee_also(&mut sheet, &path, &amendment.guarantees, &done.guarantees)?;
    if !sheet.is_blank {
        let trial = fixing.snapshot.with_text(&file.path, sheet.text())?;
        let product = product_of(file)?;
        if unknown_names(&trial, &product) > unknown_names(fixing.snapshot, &product) {
            return None;
        }
    }
    Some(sheet.fix(title, None))
}

/// How many names in sentences stand for nothing: those of an open amendment may still come.
fn unknown_names(snapshot: &Snapshot, product: &Name) -> usize {
    let mut findings = Vec::new();
    unknown_name::in_sentences(&Context::for_fixes(snapshot), product, &mut findings);
    findings.len()
}

/// Adds sentences to those of the amendment at `path`.
pub(super) fn guarantee_also(
    sheet: &mut Sheet<'_>,
    path: &Path,
    stated: &[Placed<String>],
    more: &[String],
) -> Option<()> {
    if more.is_empty() {
        return Some(());
    }
    let list = path.key("guarantees");
    if let Some(NodeKind::Sequence { .. }) = sheet.node(&list).map(|node| &node.kind) {
        for sentence in more {
            sheet.put_item(path, "guarantees", None, Value::text(sentence.as_str()))?;
        }
        return Some(());
    }
    if !stated.is_empty() && lines::is_block(sheet, &list) {
        let mut more = more.iter();
        return more.try_for_each(|sentence| lines::append(sheet, &list, sentence));
    }
    let stated = stated.iter().map(|sentence| sentence.value.as_str());
    let all = stated.chain(more.iter().map(String::as_str));
    let behind = ["supersedes", "changes", "change"];
    sheet.put(path, &["guarantees"], amendment::sentences(all), &behind)
}

/// What was done, in words and in sentences that hold.
#[derive(Default)]
struct Done {
    changes: Vec<String>,
    guarantees: Vec<String>,
}

struct Recording<'a, 's> {
    context: Context<'s>,
    file: &'a File,
    amendment: &'a Amendment,
    coverage: Coverage<'s>,
    tables: Vec<&'s Arc<Table>>,
}

impl<'a, 's> Recording<'a, 's> {
    fn new(fixing: &Fixing<'s>, file: &'a File, amendment: &'a Amendment) -> Option<Self> {
        let context = Context {
            base: fixing.base,
            ..Context::for_fixes(fixing.snapshot)
        };
        let product = product_of(file)?;
        let snapshot = fixing.snapshot;
        let specs = snapshot.product_files(&product).into_iter();
        let entries = specs.flat_map(|spec| {
            let ordinals = 0..u32::try_from(spec.described_tables().len()).unwrap_or(u32::MAX);
            ordinals.map(|ordinal| index::DescriptionId {
                file: spec.id,
                ordinal,
            })
        });
        let tables = entries.filter_map(|entry| snapshot.table_of_description(entry));
        Some(Recording {
            coverage: Coverage::of(&context, &product),
            context,
            file,
            amendment,
            tables: tables.collect(),
        })
    }

    /// What the amendment covers of what changed.
    fn done(&self) -> Option<Done> {
        let mut done = Done::default();
        for table in &self.tables {
            let levels = Levels::of(&self.context, table);
            let own = self.amendment.guarantees.iter();
            let own = own.filter_map(|sentence| parse(&sentence.value).ok());
            let about = own.filter(|guarantee| self.is_about(guarantee, table));
            for guarantee in about {
                if let Answer::Contradicted(_) = self.answer(table, &guarantee, &levels) {
                    return None;
                }
            }
            let drift = drift::from_lock(&self.context, table);
            let drift = drift.or_else(|| base::without_lock(&self.context, table));
            if let Some(drift) = drift {
                self.of_drift(table, &levels, &drift, &mut done);
            }
        }
        Some(done)
    }

    /// Whether a name in its own sentences stands for nothing: what it names may still come.
    fn names_nothing(&self, snapshot: &'s Snapshot) -> bool {
        let Some(product) = product_of(self.file) else {
            return false;
        };
        let mut sentences = Sentences::of(snapshot, &product);
        let id = self.amendment.id.as_ref().map(|id| &id.value);
        let mut entries = sentences.history.entries.iter();
        let own = entries.position(|entry| entry.id() == id);
        // No other is judged.
        for sentence in &mut sentences.all {
            sentence.is_in_force = Some(sentence.entry) == own;
        }
        let problems = names::problems(&self.context, &sentences);
        let mut kinds = problems.iter().map(|problem| &problem.kind);
        kinds.any(|kind| !matches!(kind, Kind::Several(_)))
    }

    fn of_drift(&self, table: &Table, levels: &Levels<'s>, drift: &Drift<'_>, done: &mut Done) {
        let called = Called::new(table, drift.spec.entry);
        let covers = |part: &Part<'_>| {
            let by = drift.by(part);
            let id = self.amendment.id.as_ref().map(|id| &id.value);
            self.coverage.covering(&called, part, by, id).is_some()
        };
        let holds = |sentence: &String| {
            let parsed = parse(sentence);
            let is_new = self
                .amendment
                .guarantees
                .iter()
                .all(|own| own.value.trim() != sentence);
            is_new && parsed.is_ok_and(|own| self.answer(table, &own, levels) == Answer::Holds)
        };
        let spec = drift.spec.name();
        for column in &drift.columns {
            let Some(name) = column
                .name
                .as_ref()
                .filter(|name| covers(&Part::Column(name)))
            else {
                continue;
            };
            done.changes.push(change_of(&spec, name, column));
            let sentence = self.sentence_of(table, &spec, name, column);
            done.guarantees.extend(sentence.filter(holds));
        }
        if let Some(rows) = drift.rows.as_ref().filter(|_| covers(&Part::Rows)) {
            done.changes.push(change_of_rows(&spec, rows));
            let filters = rows
                .now
                .iter()
                .filter(|clause| clause.clause == Clause::Where);
            let snapshot = self.context.snapshot;
            let sentences = filters.map(|clause| {
                let condition = clause.meaning.to_string();
                filter_sentence(&spec, &sentence::about(snapshot, table, &condition))
            });
            done.guarantees.extend(sentences.filter(holds));
        }
    }

    /// What could be guaranteed of a column that changed.
    fn sentence_of(
        &self,
        table: &Table,
        spec: &str,
        name: &Name,
        column: &ColumnDifference,
    ) -> Option<String> {
        match &column.change {
            ColumnChange::Added => Some(format!("{spec}.{name} exists")),
            ColumnChange::Removed => Some(format!("{spec}.{name} is absent")),
            ColumnChange::Renamed(old) => Some(format!("{spec}.{name} is renamed from {old}")),
            ColumnChange::Same => {
                let (_, now) = column.types()?;
                now.map(|now| format!("{spec}.{name} is {now}"))
            }
            ColumnChange::Changed | ColumnChange::Undecided => {
                let snapshot = self.context.snapshot;
                let query = snapshot.named_query(snapshot.defining_model(table)?)?.query;
                let value = told(&query, query.root().position(name)?)?;
                let value = sentence::about(snapshot, table, &value);
                Some(format!("{spec}.{name} = {value}"))
            }
        }
    }

    fn is_about(&self, guarantee: &Guarantee, table: &Table) -> bool {
        let parts = &guarantee.subject().parts;
        let above = parts.split_last().map(|(_, above)| above);
        let is_it = |parts: &[Name]| !parts.is_empty() && table.key.parts.ends_with(parts);
        is_it(parts) || above.is_some_and(is_it)
    }

    fn answer(&self, table: &Table, guarantee: &Guarantee, levels: &Levels<'s>) -> Answer {
        verdict(&self.context, self.file, table, guarantee, levels).answer
    }
}

fn change_of(table: &str, name: &Name, column: &ColumnDifference) -> String {
    let meaning = |side: &Option<meaning::canonical::ColumnMeaning>| {
        side.as_ref()
            .map(|side| side.meaning.to_string())
            .unwrap_or_default()
    };
    match &column.change {
        ColumnChange::Added => format!("Added {name} to {table}: {}.", meaning(&column.now)),
        ColumnChange::Removed => format!("Removed {name} from {table}."),
        ColumnChange::Renamed(old) => format!("Renamed {old} to {name}."),
        ColumnChange::Same => match column.types() {
            Some((Some(was), Some(now))) => format!("{name} is {now}, was {was}."),
            Some((Some(was), None)) => format!("{name} is not cast to {was} any more."),
            Some((None, Some(now))) => format!("{name} is cast to {now}."),
            Some((None, None)) | None => format!("{name} means what it meant."),
        },
        ColumnChange::Changed | ColumnChange::Undecided => {
            let (was, now) = (meaning(&column.was), meaning(&column.now));
            format!("{name} is {now}, was {was}.")
        }
    }
}

fn change_of_rows(table: &str, rows: &RowsDifference) -> String {
    let told = |clauses: &[ClauseMeaning]| {
        let clauses: Vec<String> = clauses
            .iter()
            .map(|clause| clause.meaning.to_string())
            .collect();
        clauses.join(", ")
    };
    match (rows.was.is_empty(), rows.now.is_empty()) {
        (true, _) => format!("The rows of {table} are chosen by {}.", told(&rows.now)),
        (false, true) => format!(
            "The rows of {table} are no longer chosen by {}.",
            told(&rows.was)
        ),
        (false, false) => {
            let (was, now) = (told(&rows.was), told(&rows.now));
            format!("The rows of {table} are chosen by {now}, were by {was}.")
        }
    }
}

fn filter_sentence(table: &str, condition: &str) -> String {
    match condition.strip_prefix("NOT ") {
        Some(condition) => format!("{table} excludes rows where {condition}"),
        None => format!("{table} only has rows where {condition}"),
    }
}
