//! The findings of a workspace, kept current: by unit, so that an update costs what was reached.

use crate::answers::Answers;
use crate::code::{Code, code, codes};
use crate::context::Context;
use crate::finding::{At, Finding, Severity};
use crate::guarantee::{Asked, Notes, SentenceIndex};
use crate::sentences::Sentences;
use crate::unit::{self, Unit};
use crate::{fold, names, silence, unknown_name};
use index::file::{FileKind, SqlRole};
use index::{File, FileId, Reached, Snapshot, TableKey};
use sql::facts::TableRef;
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// What is to be said about a workspace. Starts empty; [`Findings::update`] follows the index.
#[derive(Debug, Default)]
pub struct Findings {
    by_unit: BTreeMap<Unit, Vec<Finding>>,
    /// The units whose findings stand in a file, or point to it.
    units_by_file: BTreeMap<FileId, BTreeSet<Unit>>,
    /// What the answers of units depend on besides what they are about.
    notes: BTreeMap<Unit, Notes>,
    answers: Answers,
    /// The products whose sentences depend on a table of that name.
    products_by_table: BTreeMap<Name, BTreeSet<Name>>,
    /// The tables that each SQL file mentions, by the last part of their names.
    mentions: BTreeMap<FileId, BTreeSet<Name>>,
    surroundings: Surroundings,
    base: Option<Snapshot>,
}

/// What checks want to know of the workspace as a whole, kept by what was reached.
#[derive(Debug, Default)]
struct Surroundings {
    sql_files: BTreeSet<FileId>,
    native_specs: BTreeSet<FileId>,
    sentences: SentenceIndex,
    was_complete: bool,
}

impl Findings {
    /// Compares with this state from here on: the one that the branch was made from. Everything is to be
    /// checked anew then.
    pub fn set_base(&mut self, base: Option<Snapshot>) {
        self.base = base;
    }

    /// The state to compare with, where there is one.
    pub fn base(&self) -> Option<&Snapshot> {
        self.base.as_ref()
    }

    /// Checks what was reached anew. Gives the files of which [`Findings::of_file`] may say
    /// something else than before, if only because their text has moved.
    pub fn update(&mut self, snapshot: &Snapshot, reached: &Reached) -> BTreeSet<FileId> {
        let guaranteed = self.surroundings.guaranteed(snapshot, reached);
        let mentioned = self.note_mentions(snapshot, reached);
        let everything = self.surroundings.update(snapshot, reached) || reached.everything;
        let mut changed = reached.files.clone();
        for id in &reached.files {
            changed.extend(self.files_pointing_to(*id));
        }
        let units = if everything {
            changed.extend(self.units_by_file.keys());
            changed.extend(files_with_ignores(snapshot));
            let mut units = all_units(snapshot);
            units.extend(self.by_unit.keys().cloned());
            units
        } else {
            let mut units = reached_units(reached);
            units.extend(self.units_by_range(&reached.files));
            units.extend(tables_made_by(snapshot, reached));
            units.extend(locked_readers(snapshot, reached));
            units.extend(guaranteed);
            units.extend(self.surroundings.guaranteed(snapshot, reached));
            units.extend(self.depending_on(snapshot, reached));
            units.extend(self.products_depending_on(reached, &mentioned));
            units
        };
        let base = self.base.clone();
        let asked = Asked::default();
        for unit in units {
            let context = Context {
                asked: Some(&asked),
                ..self.surroundings.context(snapshot, base.as_ref())
            };
            let findings = unit::findings(&context, &unit, codes());
            let mut notes = asked.take();
            if let Unit::Table(key) = &unit {
                let answers = std::mem::take(&mut notes.answers);
                self.answers.set(key, answers);
            }
            if notes == Notes::default() {
                self.notes.remove(&unit);
            } else {
                self.notes.insert(unit.clone(), notes);
            }
            if let Unit::Product(product) = &unit {
                self.note_tables(snapshot, product);
            }
            self.replace(unit, findings, &mut changed);
        }
        changed
    }

    /// What is to be said about one file, in the order of its text: without what is silenced or
    /// switched off, at the levels that were asked for, and folded where nobody asked.
    pub fn of_file(&self, snapshot: &Snapshot, file: FileId) -> Vec<Finding> {
        let Some(file) = snapshot.file(file).filter(|file| !file.quiet) else {
            return Vec::new();
        };
        let units = self.units_by_file.get(&file.id).into_iter().flatten();
        let findings = units
            .filter_map(|unit| self.by_unit.get(unit))
            .flatten()
            .filter(|finding| finding.file == file.id)
            .cloned()
            .collect();
        let findings = silence::silence(snapshot, file, findings);
        let findings = at_level(snapshot, file, findings);
        let context = self.surroundings.context(snapshot, self.base.as_ref());
        let mut findings = fold::fold(&context, file, findings);
        findings.sort_by_cached_key(|finding| {
            let range = finding.range(snapshot);
            (
                range.start(),
                range.end(),
                finding.code,
                finding.subject.clone(),
            )
        });
        findings
    }

    /// What is to be said about all files, in the order of their paths.
    pub fn all(&self, snapshot: &Snapshot) -> Vec<Finding> {
        let files = snapshot.files().into_iter();
        files
            .flat_map(|file| self.of_file(snapshot, file.id))
            .collect()
    }

    /// What became of the sentences in force. A clone copies a pointer.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The units whose answers depend on a file that was reached.
    fn depending_on(&self, snapshot: &Snapshot, reached: &Reached) -> BTreeSet<Unit> {
        let is_sql = |id: &FileId| {
            let file = snapshot.file(*id);
            file.is_none_or(|file| matches!(file.kind, FileKind::Sql(_)))
        };
        let is_macro = |id: &FileId| {
            let file = snapshot.file(*id);
            file.is_some_and(|file| file.kind == FileKind::Sql(SqlRole::Macro))
        };
        let any_sql = reached.files.iter().any(is_sql);
        let any_macro = reached.files.iter().any(is_macro);
        let tables: BTreeSet<Name> = reached.tables.iter().map(TableKey::name).collect();
        let depends = |notes: &Notes| {
            any_macro
                || !notes.names.is_disjoint(&tables)
                || notes.everything && any_sql
                || !notes.files.is_disjoint(&reached.files)
        };
        let noted = self.notes.iter().filter(|(_, notes)| depends(notes));
        noted.map(|(unit, _)| unit.clone()).collect()
    }

    fn replace(&mut self, unit: Unit, findings: Vec<Finding>, changed: &mut BTreeSet<FileId>) {
        let old = self.by_unit.remove(&unit).unwrap_or_default();
        if old != findings {
            changed.extend(old.iter().chain(&findings).map(|finding| finding.file));
        }
        for file in old.iter().flat_map(files_of) {
            if let Some(units) = self.units_by_file.get_mut(&file) {
                units.remove(&unit);
                if units.is_empty() {
                    self.units_by_file.remove(&file);
                }
            }
        }
        for file in findings.iter().flat_map(files_of) {
            self.units_by_file
                .entry(file)
                .or_default()
                .insert(unit.clone());
        }
        if !findings.is_empty() {
            self.by_unit.insert(unit, findings);
        }
    }

    /// The units whose findings stand at a range, not at a spot, of a file whose text has changed.
    fn units_by_range(&self, files: &BTreeSet<FileId>) -> BTreeSet<Unit> {
        let units = files.iter().filter_map(|file| self.units_by_file.get(file));
        let by_range = |unit: &&Unit| {
            let findings = self.by_unit.get(*unit).into_iter().flatten();
            let mut places = findings.map(|finding| finding.at);
            places.any(|at| matches!(at, At::Range(_)))
        };
        units.flatten().filter(by_range).cloned().collect()
    }

    /// Notes which tables the sentences of a product depend on.
    fn note_tables(&mut self, snapshot: &Snapshot, product: &Name) {
        let context = &Context::for_fixes(snapshot);
        for products in self.products_by_table.values_mut() {
            products.remove(product);
        }
        if context.snapshot.is_complete() {
            let sentences = Sentences::of(context, product);
            for table in names::depends_on(context, &sentences) {
                let products = self.products_by_table.entry(table).or_default();
                products.insert(product.clone());
            }
        }
        self.products_by_table
            .retain(|_, products| !products.is_empty());
    }

    /// The products whose sentences depend on what was reached, or on what the files reached mention or
    /// did mention before.
    fn products_depending_on(&self, reached: &Reached, mentioned: &BTreeSet<Name>) -> Vec<Unit> {
        let tables = reached.tables.iter().map(TableKey::name);
        let tables: BTreeSet<Name> = tables.chain(mentioned.iter().cloned()).collect();
        let products = tables
            .iter()
            .filter_map(|table| self.products_by_table.get(table));
        let mut units: Vec<Unit> = products.flatten().cloned().map(Unit::Product).collect();
        // The nearest name of a wrong one may be that of any table.
        if !tables.is_empty() {
            let products = self.by_unit.range(Unit::Product(Name::default())..);
            let wrong = products.filter(|(_, findings)| {
                let mut codes = findings.iter().map(|finding| finding.code);
                codes.any(|code| code == unknown_name::CODE.name)
            });
            units.extend(wrong.map(|(unit, _)| unit.clone()));
        }
        units
    }

    /// Follows what SQL files mention. Gives the tables that the files reached mention or did mention.
    fn note_mentions(&mut self, snapshot: &Snapshot, reached: &Reached) -> BTreeSet<Name> {
        let mut mentioned = BTreeSet::new();
        let files: Vec<FileId> = if reached.everything {
            self.mentions.clear();
            snapshot.files().into_iter().map(|file| file.id).collect()
        } else {
            reached.files.iter().copied().collect()
        };
        for id in files {
            mentioned.extend(self.mentions.remove(&id).unwrap_or_default());
            let models = snapshot.file(id).and_then(|file| file.sql());
            let inputs = models.into_iter().flat_map(|sql| &sql.models);
            let inputs = inputs.flat_map(|model| &model.inputs);
            let now: BTreeSet<Name> = inputs
                .filter_map(|input| name_of(&input.table).cloned())
                .collect();
            mentioned.extend(now.iter().cloned());
            if !now.is_empty() {
                self.mentions.insert(id, now);
            }
        }
        mentioned
    }

    /// The files with a finding that has a related place in `file`, which may have moved.
    fn files_pointing_to(&self, file: FileId) -> BTreeSet<FileId> {
        let units = self.units_by_file.get(&file).into_iter().flatten();
        let findings = units.filter_map(|unit| self.by_unit.get(unit)).flatten();
        findings
            .filter(|finding| finding.related.iter().any(|related| related.file == file))
            .map(|finding| finding.file)
            .collect()
    }
}

impl Surroundings {
    /// Follows what was reached; whether that changes what must be said of files it did not reach.
    fn update(&mut self, snapshot: &Snapshot, reached: &Reached) -> bool {
        let before = (self.has_sql(), self.has_native_spec(), self.was_complete);
        if reached.everything {
            *self = Surroundings::default();
            for file in snapshot.files() {
                self.note(file.id, Some(file));
            }
        }
        for id in &reached.files {
            self.note(*id, snapshot.file(*id));
        }
        self.was_complete = snapshot.is_complete();
        before != (self.has_sql(), self.has_native_spec(), self.was_complete)
    }

    /// The tables that the sentences of reached specs, and of their products, are about.
    fn guaranteed(&self, snapshot: &Snapshot, reached: &Reached) -> BTreeSet<Unit> {
        let products = reached.products.iter();
        let files = products.flat_map(|product| snapshot.product_files(product));
        let files = files
            .map(|file| file.id)
            .chain(reached.files.iter().copied());
        let tables = files.flat_map(|file| self.sentences.tables(snapshot, file));
        tables.map(Unit::Table).collect()
    }

    fn note(&mut self, id: FileId, file: Option<&File>) {
        self.sentences.note(id, file.filter(|file| !file.quiet));
        let kind = file.filter(|file| !file.quiet).map(|file| file.kind);
        let sets = [
            (&mut self.sql_files, matches!(kind, Some(FileKind::Sql(_)))),
            (&mut self.native_specs, kind == Some(FileKind::NativeSpec)),
        ];
        for (set, belongs) in sets {
            if belongs {
                set.insert(id);
            } else {
                set.remove(&id);
            }
        }
    }

    fn context<'s>(&'s self, snapshot: &'s Snapshot, base: Option<&'s Snapshot>) -> Context<'s> {
        Context {
            base,
            snapshot,
            has_sql: self.has_sql(),
            has_native_spec: self.has_native_spec(),
            sentences: Some(&self.sentences),
            asked: None,
        }
    }

    fn has_sql(&self) -> bool {
        !self.sql_files.is_empty()
    }

    fn has_native_spec(&self) -> bool {
        !self.native_specs.is_empty()
    }
}

/// The last part of the name of a table that SQL mentions.
fn name_of(table: &TableRef) -> Option<&Name> {
    match table {
        TableRef::Named(name) => name.last(),
        TableRef::Ref { name, .. } | TableRef::Source { table: name, .. } => Some(name),
        TableRef::Unknown => None,
    }
}

fn reached_units(reached: &Reached) -> BTreeSet<Unit> {
    let files = reached.files.iter().map(|file| Unit::File(*file));
    let tables = reached.tables.iter().cloned().map(Unit::Table);
    let products = reached.products.iter().cloned().map(Unit::Product);
    files.chain(tables).chain(products).collect()
}

/// The tables that a reached file makes: where its text changed and no name in it, nothing was joined anew,
/// but they may mean something else. Of a macro, or what macros are called with: all that have a lock.
fn tables_made_by(snapshot: &Snapshot, reached: &Reached) -> BTreeSet<Unit> {
    let files = reached.files.iter().map(|id| snapshot.file(*id));
    let files: Vec<Option<&File>> = files.collect();
    let may_be_macro =
        |file: &Option<&File>| file.is_none_or(|file| file.kind == FileKind::Sql(SqlRole::Macro));
    if files.iter().any(may_be_macro) {
        let tables = snapshot.tables().into_iter();
        let locked = tables.filter(|table| snapshot.locked(table).is_some());
        return locked.map(|table| Unit::Table(table.key.clone())).collect();
    }
    let mut tables = BTreeSet::new();
    for file in files.into_iter().flatten() {
        let models = file.sql().map_or(0, |sql| sql.models.len()) as u32;
        let made = (0..models).filter_map(|ordinal| {
            let file = file.id;
            snapshot.table_of_model(index::ModelId { file, ordinal })
        });
        tables.extend(made.map(|table| Unit::Table(table.key.clone())));
    }
    tables
}

/// The tables with a lock that read a reached one: their queries may name its columns. Further downstream,
/// those that do not mean just what their lock says: they may be compared through it.
fn locked_readers(snapshot: &Snapshot, reached: &Reached) -> BTreeSet<Unit> {
    let has_lock = snapshot.has_locks();
    let mut units = BTreeSet::new();
    let mut seen: BTreeSet<TableKey> = BTreeSet::new();
    let mut waiting: Vec<(TableKey, bool)> = reached
        .tables
        .iter()
        .cloned()
        .map(|key| (key, true))
        .collect();
    while let Some((key, is_first)) = waiting.pop().filter(|_| has_lock) {
        for file in snapshot.readers(&key) {
            let models = file.sql().map_or(0, |sql| sql.models.len()) as u32;
            let tables = (0..models).filter_map(|ordinal| {
                let file = file.id;
                snapshot.table_of_model(index::ModelId { file, ordinal })
            });
            for table in tables {
                let is_wanted = is_first || !snapshot.was_as_locked(&table.key);
                if is_wanted && snapshot.locked(table).is_some() {
                    units.insert(Unit::Table(table.key.clone()));
                }
                if seen.insert(table.key.clone()) {
                    waiting.push((table.key.clone(), false));
                }
            }
        }
    }
    units
}

fn all_units(snapshot: &Snapshot) -> BTreeSet<Unit> {
    let files = snapshot.files().into_iter().map(|file| Unit::File(file.id));
    let tables = snapshot
        .tables()
        .into_iter()
        .map(|table| Unit::Table(table.key.clone()));
    let products = snapshot.products().into_iter().cloned().map(Unit::Product);
    files.chain(tables).chain(products).collect()
}

fn files_with_ignores(snapshot: &Snapshot) -> Vec<FileId> {
    let files = snapshot.files().into_iter();
    files
        .filter(|file| !file.ignores.is_empty())
        .map(|file| file.id)
        .collect()
}

fn files_of(finding: &Finding) -> impl Iterator<Item = FileId> {
    let related = finding.related.iter().map(|related| related.file);
    std::iter::once(finding.file).chain(related)
}

/// The findings that are reported at all, each with the severity that holds for the file.
fn at_level(snapshot: &Snapshot, file: &File, findings: Vec<Finding>) -> Vec<Finding> {
    let settings = snapshot.settings(&file.path);
    let reported = findings.into_iter().filter_map(|mut finding| {
        let default = code(finding.code).map(|code: &Code| code.default);
        match settings.level(finding.code, &file.path) {
            Some(asked) => finding.severity = Severity::of_level(asked)?,
            // Of a code that is off by default nothing is reported; else the check has chosen.
            None => {
                Severity::of_level(default?)?;
            }
        }
        Some(finding)
    });
    reported.collect()
}
