//! The findings of a workspace, kept current: by unit, so that an update costs what was reached.

mod dependencies;
mod impact;
mod mentions;
mod prose;
mod reached;
mod surroundings;

use crate::answers::Answers;
use crate::code::{Code, code, codes};
use crate::context::Context;
use crate::finding::{At, Finding, Severity};
use crate::guarantee::Asked;
use crate::unit::{self, Unit};
use crate::{fold, silence, unknown_name};
use dependencies::Dependencies;
use impact::{Impact, tables_with};
use index::file::{FileKind, SqlRole};
use index::{File, FileId, Reached, Snapshot, TableKey};
use mentions::Mentions;
use prose::Specs;
use reached::{all_units, locked_readers, locked_tables, reached_units, tables_made_by};
use std::collections::{BTreeMap, BTreeSet};
use surroundings::Surroundings;
use syntax::Name;

/// What is to be said about a workspace. Starts empty; [`Findings::update`] follows the index.
#[derive(Debug, Default)]
pub struct Findings {
    by_unit: BTreeMap<Unit, Vec<Finding>>,
    /// The units whose findings stand in a file, or point to it.
    units_by_file: BTreeMap<FileId, BTreeSet<Unit>>,
    /// The products with a wrong name: the nearest one may be that of any table.
    wrong_names: BTreeSet<Unit>,
    answers: Answers,
    dependencies: Dependencies,
    mentions: Mentions,
    specs: Specs,
    surroundings: Surroundings,
    base: Option<Snapshot>,
    work: Work,
}

/// What an update had to do, for tests and benchmarks that hold it to the size of the change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Files, tables and products that were checked.
    pub units: usize,
    /// Guarantees and declarations that were answered.
    pub sentences: usize,
    /// Queries that these were asked of, at every depth.
    pub queries: usize,
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

    /// What the last update had to do.
    pub fn work(&self) -> Work {
        self.work
    }

    /// Checks what was reached anew. Gives the files of which [`Findings::of_file`] may say
    /// something else than before, if only because their text has moved.
    pub fn update(&mut self, snapshot: &Snapshot, reached: &Reached) -> BTreeSet<FileId> {
        let mut guaranteed = self.surroundings.guaranteed(snapshot, reached);
        if self.surroundings.reaches_lock(snapshot, reached) {
            // What a lock knows may be gone.
            let products = snapshot.products().into_iter().cloned();
            guaranteed.extend(products.map(Unit::Product));
        }
        let was_broken = self.surroundings.reaches_broken_sql(reached);
        let mentioned = self.mentions.update(snapshot, reached);
        let only_words = self.specs.update(snapshot, reached);
        let everything =
            self.surroundings.update(snapshot, reached, &mentioned) || reached.everything;
        let is_broken = self.surroundings.reaches_broken_sql(reached);
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
            guaranteed.extend(self.surroundings.guaranteed(snapshot, reached));
            if !only_words {
                units.extend(self.depending_on(snapshot, reached, mentioned, &guaranteed));
            }
            if was_broken || is_broken {
                units.extend(self.dependencies.on_broken_sql().cloned());
            }
            units.extend(guaranteed);
            units
        };
        let base = self.base.clone();
        let asked = Asked::default();
        self.work = Work {
            units: units.len(),
            ..Work::default()
        };
        self.dependencies.begin();
        for unit in units {
            let context = Context {
                asked: Some(&asked),
                ..self.surroundings.context(snapshot, base.as_ref())
            };
            let findings = unit::findings(&context, &unit, codes());
            let (mut notes, answered) = asked.take();
            if let Unit::Table(key) = &unit {
                self.answers.set(key, std::mem::take(&mut notes.answers));
            }
            self.work.sentences += answered.sentences;
            self.work.queries += answered.queries;
            self.dependencies.note(snapshot, &unit, notes);
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

    /// The units whose answers depend on what was reached, or on what is mentioned or no more, or on a
    /// name that a table of which something is guaranteed was given.
    fn depending_on(
        &mut self,
        snapshot: &Snapshot,
        reached: &Reached,
        mentioned: BTreeSet<Name>,
        guaranteed: &BTreeSet<Unit>,
    ) -> BTreeSet<Unit> {
        let mut changed = reached.changed.clone();
        let mut other_values: BTreeMap<FileId, BTreeSet<TableKey>> = BTreeMap::new();
        let may_be_macro = |id: &FileId| {
            let file = snapshot.file(*id);
            file.is_none_or(|file| file.kind == FileKind::Sql(SqlRole::Macro))
        };
        let is_macro = reached.files.iter().any(may_be_macro);
        let looked_at = match is_macro {
            true => self.dependencies.files(),
            false => BTreeSet::new(),
        };
        for id in reached.files.iter().chain(&looked_at) {
            let is_sql = snapshot.file(*id).is_some_and(|file| file.sql().is_some());
            if !is_sql || changed.contains(id) || other_values.contains_key(id) {
                continue;
            }
            let impact = self.dependencies.impact(snapshot, *id);
            let tables = match &impact {
                Impact::None => continue,
                Impact::Values(columns) => tables_with(snapshot, columns),
                Impact::Anything => None,
            };
            match tables {
                Some(tables) => {
                    other_values.insert(*id, tables);
                }
                None => {
                    changed.insert(*id);
                }
            }
        }
        let other: BTreeSet<FileId> = changed.iter().chain(other_values.keys()).copied().collect();
        let made = tables_made_by(snapshot, &other);
        let mut names: BTreeSet<Name> = reached.tables.iter().map(TableKey::name).collect();
        names.extend(mentioned);
        let dependencies = &self.dependencies;
        let mut units: BTreeSet<Unit> = dependencies.on_names(&names).cloned().collect();
        units.extend(dependencies.on_files(&changed).cloned());
        for (file, tables) in &other_values {
            let asked = dependencies.on_files([file]);
            let reads = |unit: &&Unit| match unit {
                Unit::Table(key) => tables.contains(key),
                Unit::File(_) | Unit::Product(_) => true,
            };
            units.extend(asked.filter(reads).cloned());
        }
        let is_sql = |id: &FileId| {
            let file = snapshot.file(*id);
            file.is_none_or(|file| matches!(file.kind, FileKind::Sql(_)))
        };
        let is_sql = other.iter().any(is_sql);
        if is_sql {
            units.extend(dependencies.on_everything().cloned());
        }
        if is_sql || !reached.tables.is_empty() {
            units.extend(dependencies.on_types().cloned());
        }
        if !names.is_empty() {
            units.extend(self.wrong_names.iter().cloned());
        }
        if self.surroundings.has_lock() {
            let tables = guaranteed.iter().filter_map(|unit| match unit {
                Unit::Table(key) => Some(key),
                Unit::File(_) | Unit::Product(_) => None,
            });
            let changed = made.iter().chain(tables).cloned().collect();
            units.extend(locked_readers(snapshot, &reached.tables, &changed));
            if is_macro {
                units.extend(locked_tables(snapshot));
            }
        }
        units.extend(made.into_iter().map(Unit::Table));
        units
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
        let mut codes = findings.iter().map(|finding| finding.code);
        if matches!(unit, Unit::Product(_)) && codes.any(|code| code == unknown_name::CODE.name) {
            self.wrong_names.insert(unit.clone());
        } else {
            self.wrong_names.remove(&unit);
        }
        if !findings.is_empty() {
            self.by_unit.insert(unit, findings);
        }
    }

    /// The units whose findings stand at a range, not at a spot, of a file whose text has changed, or
    /// point to one.
    fn units_by_range(&self, files: &BTreeSet<FileId>) -> BTreeSet<Unit> {
        let units = files.iter().filter_map(|file| self.units_by_file.get(file));
        let by_range = |unit: &&Unit| {
            let findings = self.by_unit.get(*unit).into_iter().flatten();
            let mut places = findings.flat_map(|finding| {
                let related = finding.related.iter();
                let related = related.map(|related| (related.file, related.at));
                std::iter::once((finding.file, finding.at)).chain(related)
            });
            places.any(|(file, at)| matches!(at, At::Range(_)) && files.contains(&file))
        };
        units.flatten().filter(by_range).cloned().collect()
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
