//! The findings of a workspace, kept current: by unit, so that an update costs what was reached.

use crate::code::{Code, code, codes};
use crate::context::Context;
use crate::finding::{At, Finding, Severity};
use crate::unit::{self, Unit};
use crate::{fold, silence};
use index::file::FileKind;
use index::{File, FileId, Reached, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be said about a workspace. Starts empty; [`Findings::update`] follows the index.
#[derive(Debug, Default)]
pub struct Findings {
    by_unit: BTreeMap<Unit, Vec<Finding>>,
    /// The units whose findings stand in a file, or point to it.
    units_by_file: BTreeMap<FileId, BTreeSet<Unit>>,
    surroundings: Surroundings,
    base: Option<Snapshot>,
}

/// What checks want to know of the workspace as a whole, kept by what was reached.
#[derive(Debug, Default)]
struct Surroundings {
    sql_files: BTreeSet<FileId>,
    native_specs: BTreeSet<FileId>,
    was_complete: bool,
}

impl Findings {
    /// Compares with this state from here on: the one that the branch was made from. Everything is to be
    /// checked anew then.
    pub fn set_base(&mut self, base: Option<Snapshot>) {
        self.base = base;
    }

    /// Checks what was reached anew. Gives the files of which [`Findings::of_file`] may say
    /// something else than before, if only because their text has moved.
    pub fn update(&mut self, snapshot: &Snapshot, reached: &Reached) -> BTreeSet<FileId> {
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
            units.extend(drift_readers(snapshot, reached));
            units
        };
        let base = self.base.clone();
        let context = self.surroundings.context(snapshot, base.as_ref());
        for unit in units {
            let findings = unit::findings(&context, &unit, codes());
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

    fn note(&mut self, id: FileId, file: Option<&File>) {
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

    fn context<'s>(&self, snapshot: &'s Snapshot, base: Option<&'s Snapshot>) -> Context<'s> {
        Context {
            base,
            snapshot,
            has_sql: self.has_sql(),
            has_native_spec: self.has_native_spec(),
        }
    }

    fn has_sql(&self) -> bool {
        !self.sql_files.is_empty()
    }

    fn has_native_spec(&self) -> bool {
        !self.native_specs.is_empty()
    }
}

fn reached_units(reached: &Reached) -> BTreeSet<Unit> {
    let files = reached.files.iter().map(|file| Unit::File(*file));
    let tables = reached.tables.iter().cloned().map(Unit::Table);
    let products = reached.products.iter().cloned().map(Unit::Product);
    files.chain(tables).chain(products).collect()
}

/// The tables that read a reached one which their lock does not know: they are compared through it.
fn drift_readers(snapshot: &Snapshot, reached: &Reached) -> BTreeSet<Unit> {
    let mut readers = BTreeSet::new();
    for key in &reached.tables {
        for file in snapshot.readers(key) {
            let models = file.sql().map_or(0, |sql| sql.models.len()) as u32;
            let tables = (0..models).filter_map(|ordinal| {
                let file = file.id;
                snapshot.table_of_model(index::ModelId { file, ordinal })
            });
            for table in tables {
                let query = snapshot.locked(table).and_then(|locked| locked.query);
                let reads = |query: &sql::relation::Query| {
                    let name = key.to_string();
                    let mut tables = query.tables().into_iter();
                    tables.any(|table| table.to_string() == name)
                };
                if query.is_some_and(|query| !reads(&query)) {
                    readers.insert(Unit::Table(table.key.clone()));
                }
            }
        }
    }
    readers
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
