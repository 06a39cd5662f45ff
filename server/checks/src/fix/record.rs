//! An open amendment closed with what the SQL means now: what was done, and what holds from here on.

mod locked;
mod words;

use super::sheet::{Path, Sheet};
use super::{Fix, Fixing, amendment, lines, sentence, supersede};
use crate::context::{Context, Description, product_of};
use crate::drift::columns::{RenamedColumns, last_part, parts_of};
use crate::drift::coverage::{Called, Coverage, Part};
use crate::drift::{self, Drift, base};
use crate::guarantee::{AgreedSentence, Levels, SentenceIndex, verdict};
use crate::names::{self, Kind};
use crate::sentences::Sentences;
use crate::{conflicting_amendments, unknown_name};
use index::{File, Snapshot, Table};
use meaning::difference::{ColumnChange, ColumnDifference};
use meaning::guarantee::{Answer, told};
use spec::guarantee::{Guarantee, parse};
use spec::history::Standing;
use spec::model::{Amendment, AmendmentId};
use sql::lower::Clause;
use std::sync::Arc;
use syntax::yaml::{NodeKind, Value};
use syntax::{Name, Placed};
use words::{change_of, change_of_rows, filter_sentence};

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
    for item in done.supersedes {
        amendment::supersede(&mut sheet, &path, item)?;
    }
    guarantee_also(&mut sheet, &path, &amendment.guarantees, &done.guarantees)?;
    if !sheet.is_blank {
        let trial = fixing.snapshot.with_text(&file.path, sheet.text())?;
        let product = product_of(file)?;
        if problems(&trial, &product) > problems(fixing.snapshot, &product) {
            return None;
        }
    }
    Some(sheet.fix(title, None))
}

/// How many names in sentences stand for nothing, and how many sentences can't hold with others: those of an
/// open amendment may still come.
pub(super) fn problems(snapshot: &Snapshot, product: &Name) -> usize {
    let context = Context::for_fixes(snapshot);
    let mut findings = Vec::new();
    unknown_name::in_sentences(&context, product, &mut findings);
    conflicting_amendments::check(&context, product, &mut findings);
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
    /// The older sentences that are not so any more.
    supersedes: Vec<Value>,
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
            match drift {
                Some(drift) => self.of_drift(table, &levels, &drift, &mut done),
                None => self.of_new(table, &levels, &mut done),
            }
        }
        Some(done)
    }

    /// A table that is new, all of it, where the amendment brings it.
    fn of_new(&self, table: &Table, levels: &Levels<'s>, done: &mut Done) {
        let spec = drift::without_entry(&self.context, table);
        let Some(spec) = spec.or_else(|| self.asked_for(table)) else {
            return;
        };
        let called = Called::new(table, spec.entry);
        let id = self.amendment.id.as_ref().map(|id| &id.value);
        let selected = table.columns.iter().filter(|column| column.is_selected());
        let columns: Vec<&Name> = selected.map(|column| &column.name).collect();
        let names = columns.iter().copied();
        if self.coverage.bringing(&called, names, id).is_none() {
            return;
        }
        let name = spec.name();
        done.changes.push(match columns.is_empty() {
            true => format!("Added {name}."),
            false => {
                let columns: Vec<&str> = columns.iter().map(|name| name.as_str()).collect();
                format!("Added {name}, with {}.", columns.join(", "))
            }
        });
        let exists = format!("{name} exists");
        done.guarantees
            .extend(Some(exists).filter(|sentence| self.is_new(table, sentence, levels)));
    }

    /// The entry of a table that is new, where there is no lock to tell: it was not there in the base, or, where
    /// that is not known, the amendment says that it is to exist.
    fn asked_for(&self, table: &Table) -> Option<Description<'s>> {
        let spec = drift::locking_description(&self.context, table)?;
        let snapshot = self.context.snapshot;
        if snapshot.lock_of(spec.file).is_some() {
            return None;
        }
        let is_new = match self.context.base {
            Some(base) => {
                let then = base.table(&table.key);
                then.is_none_or(|then| then.models.is_empty())
            }
            None => {
                let own = self.amendment.guarantees.iter();
                let mut own = own.filter_map(|sentence| parse(&sentence.value).ok());
                let is_it = |path: &spec::guarantee::Path| table.key.parts.ends_with(&path.parts);
                own.any(|own| matches!(&own, Guarantee::Exists(path) if is_it(path)))
            }
        };
        (is_new && snapshot.defining_model(table).is_some()).then_some(spec)
    }

    /// Whether a sentence holds that the amendment does not state yet.
    fn is_new(&self, table: &Table, sentence: &str, levels: &Levels<'s>) -> bool {
        let mut own = self.amendment.guarantees.iter();
        own.all(|own| own.value.trim() != sentence)
            && parse(sentence).is_ok_and(|own| self.answer(table, &own, levels) == Answer::Holds)
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
        let called = Called::through_renames(self.context.snapshot, table, &drift.spec);
        let renamed = RenamedColumns::of_new(
            self.context.snapshot,
            drift.spec.file,
            table,
            &drift.columns,
        );
        let locked = drift.locked.as_ref().map(|locked| locked.entry);
        let covers = |part: &Part<'_>, by: Option<&AmendmentId>| {
            let id = self.amendment.id.as_ref().map(|id| &id.value);
            self.coverage.covering(&called, part, by, id).is_some()
        };
        let covers_column = |name: &Name, column: &ColumnDifference| {
            let parts = parts_of(name, column, &renamed, locked);
            let by = |part: &Part<'_>| drift.by(&last_part(name, column, part));
            parts.iter().any(|part| covers(part, by(part)))
        };
        let holds = |sentence: &String| self.is_new(table, sentence, levels);
        let spec = drift.spec.name();
        let already = locked::by(self.context.snapshot, self.amendment, drift);
        let changed = drift.columns.iter().filter(|column| {
            let name = column.name.as_ref();
            name.is_some_and(|name| covers_column(name, column))
        });
        for column in changed.chain(&already.columns) {
            let Some(name) = &column.name else { continue };
            done.changes.push(change_of(&spec, name, column));
            let is_gone = column.change == ColumnChange::Removed;
            self.supersede(table, Some(name), is_gone, levels, done);
            let sentence = self.sentence_of(table, &spec, name, column);
            done.guarantees.extend(sentence.filter(holds));
        }
        if let Some(rows) = &already.rows {
            // Which of the conditions are its own nobody knows, so none is guaranteed.
            done.changes.push(change_of_rows(&spec, rows));
            self.supersede(table, None, false, levels, done);
        }
        let changed = drift.rows.as_ref();
        if let Some(rows) = changed.filter(|_| covers(&Part::Rows, drift.by(&Part::Rows))) {
            done.changes.push(change_of_rows(&spec, rows));
            self.supersede(table, None, false, levels, done);
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

    /// The sentences in force about a column, or about the table, that the SQL contradicts: what the amendment
    /// did takes their place. `is_gone` of a column that is not there any more.
    fn supersede(
        &self,
        table: &Table,
        column: Option<&Name>,
        is_gone: bool,
        levels: &Levels<'s>,
        done: &mut Done,
    ) {
        let replaced = self.in_force(table).into_iter().filter(|agreed| {
            let is_broken = || {
                let answer = self.answer(table, &agreed.guarantee, levels);
                is_gone || matches!(answer, Answer::Contradicted(_))
            };
            agreed.column.as_ref() == column && is_broken()
        });
        let items = replaced
            .filter_map(|agreed| amendment::superseded(agreed.amendment, agreed.text.value.trim()));
        for item in items {
            if !done.supersedes.contains(&item) {
                done.supersedes.push(item);
            }
        }
    }

    /// The sentences in force about a table that the amendment does not supersede yet.
    fn in_force(&self, table: &Table) -> Vec<AgreedSentence<'s>> {
        let Some(product) = product_of(self.file) else {
            return Vec::new();
        };
        let mut index = SentenceIndex::default();
        index.note(self.context.snapshot, &product);
        let mut about = index.about(self.context.snapshot, table);
        about.retain(|agreed| {
            agreed.standing == Standing::InForce && !supersede::is_listed(self.amendment, agreed)
        });
        about
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
