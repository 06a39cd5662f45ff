//! A workspace in memory in which things are renamed.

use super::product::{Files, Product};
use checks::{Findings, LockOutcome, LockRequest, Severity, update_locks};
use ide::{PastRenames, Renaming};
use index::system::MemorySystem;
use index::{Change, FileId, Snapshot, TableKey, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::{Name, TextSize};

const ROOT: &str = "/shop";

/// Something that is renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Table(TableKey),
    Column(TableKey, Name),
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Thing::Table(key) => key.fmt(f),
            Thing::Column(key, name) => write!(f, "{key}.{name}"),
        }
    }
}

impl Thing {
    pub(super) fn name(&self) -> Name {
        match self {
            Thing::Table(key) => key.name(),
            Thing::Column(_, name) => name.clone(),
        }
    }

    /// Another name, in the letters of this one.
    pub(super) fn new_name(&self) -> String {
        let name = self.name();
        let name = name.as_str();
        match name == name.to_ascii_uppercase() && name != name.to_ascii_lowercase() {
            true => format!("{name}_ANEW"),
            false => format!("{name}_anew"),
        }
    }

    pub(super) fn renamed(&self, new: &str) -> Thing {
        match self {
            Thing::Table(key) => {
                let mut key = key.clone();
                *key.parts.last_mut().unwrap() = Name::new(new);
                Thing::Table(key)
            }
            Thing::Column(key, _) => Thing::Column(key.clone(), Name::new(new)),
        }
    }
}

pub(super) struct Stage {
    system: MemorySystem,
    workspace: Workspace,
    snapshot: Snapshot,
    findings: Findings,
    files: Files,
}

impl Stage {
    pub(super) fn new(product: &Product) -> Stage {
        let mut files = product.files.clone();
        let texts = files.iter();
        let system = MemorySystem::new(texts.map(|(path, text)| (absolute(path), text.clone())));
        let mut workspace = Workspace::new(Arc::new(system.clone()), vec![ROOT.into()]);
        workspace.load();
        if product.is_to_be_locked {
            let request = LockRequest {
                is_initial: true,
                ..LockRequest::default()
            };
            for update in update_locks(&workspace.snapshot(), &request) {
                let path = update.path.strip_prefix(ROOT).unwrap();
                files.insert(path.to_string_lossy().into_owned(), update.text.clone());
                system.write(update.path, update.text);
            }
        }
        let reached = workspace.load();
        let mut findings = Findings::default();
        findings.update(&workspace.snapshot(), &reached);
        Stage {
            snapshot: workspace.snapshot(),
            system,
            workspace,
            findings,
            files,
        }
    }

    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    /// The lines that `rationale lock` would not write, as nothing says that they may change.
    pub(super) fn refused_lines(&self) -> Vec<String> {
        let has_lock = self.files.keys().any(|path| path.ends_with(".spec.lock"));
        if !has_lock {
            return Vec::new();
        }
        let updates = update_locks(&self.snapshot, &LockRequest::default());
        let lines = updates.into_iter().flat_map(|update| update.lines);
        let refused = lines.filter(|line| matches!(line.outcome, LockOutcome::Refused(_)));
        refused.map(|line| format!("{line:?}")).collect()
    }

    /// Every table and every column.
    pub(super) fn things(&self) -> Vec<Thing> {
        let mut things = Vec::new();
        for table in self.snapshot.tables() {
            things.push(Thing::Table(table.key.clone()));
            for column in &table.columns {
                things.push(Thing::Column(table.key.clone(), column.name.clone()));
            }
        }
        things
    }

    /// A place that tells of a thing, and others that name it.
    pub(super) fn places(&self, thing: &Thing) -> Vec<(FileId, TextSize)> {
        let mut places: Vec<(FileId, TextSize)> = Vec::new();
        let snapshot = &self.snapshot;
        match thing {
            Thing::Table(key) => {
                let table = snapshot.table(key).unwrap();
                for id in &table.models {
                    if let Some((file, model)) = snapshot.model(*id)
                        && model.name.is_some()
                    {
                        places.push((file.id, file.range(model.name_spot).end()));
                    }
                }
                for id in &table.descriptions {
                    let (file, described) = snapshot.description(*id).unwrap();
                    places.push((file.id, file.range(described.name.spot).start()));
                }
                for file in snapshot.readers(key) {
                    let models = &file.sql().unwrap().models;
                    let inputs = models.iter().flat_map(|model| &model.inputs);
                    let mut own =
                        inputs.filter(|input| snapshot.table_key(file, &input.table) == Some(key));
                    let text = snapshot.text(file).unwrap();
                    let at = own.find_map(|input| {
                        let range = file.range(input.spot);
                        let slice = &text[usize::from(range.start())..usize::from(range.end())];
                        let at = slice.rfind(key.name().as_str())?;
                        Some(range.start() + TextSize::new(at as u32))
                    });
                    places.extend(at.map(|at| (file.id, at)));
                }
            }
            Thing::Column(key, name) => {
                let column = snapshot.table(key).unwrap().column(name).unwrap();
                if let Some(selected) = column.selected.filter(|selected| !selected.by_star) {
                    let (file, _) = snapshot.model(selected.model).unwrap();
                    let range = file.range(selected.name);
                    let text = snapshot.text(file).unwrap();
                    let slice = &text[usize::from(range.start())..usize::from(range.end())];
                    if !slice.is_empty() && !slice.contains('{') {
                        places.push((file.id, range.end()));
                    }
                }
                for described in &column.described {
                    let (file, _) = snapshot.description(described.table).unwrap();
                    let entry = snapshot.described_column(*described).unwrap();
                    places.push((file.id, file.range(entry.name.spot).start()));
                }
            }
        }
        places.truncate(3);
        if let (Thing::Column(key, name), true) = (thing, places.is_empty()) {
            places.extend(self.place_in_sql(key, name));
        }
        places
    }

    /// A place in the SQL that makes the table or reads it where its column is named.
    fn place_in_sql(&self, key: &TableKey, name: &Name) -> Option<(FileId, TextSize)> {
        let table = self.snapshot.table(key)?;
        let models = table
            .models
            .iter()
            .filter_map(|id| self.snapshot.file(id.file));
        let readers = self.snapshot.readers(key).into_iter();
        let files = models.chain(readers).filter(|file| file.sql().is_some());
        let title = format!("`{key}.{name}` to").to_ascii_lowercase();
        for file in files {
            let text = self.snapshot.text(file)?;
            let lower = text.to_ascii_lowercase();
            let word = name.as_str().to_ascii_lowercase();
            for (at, _) in lower.match_indices(&word) {
                let offset = TextSize::new(at as u32);
                let prepared = ide::prepare_rename(&self.snapshot, file.id, offset);
                if prepared.is_ok_and(|prepared| prepared.name == *name)
                    && let Ok(renaming) = ide::rename(&self.snapshot, file.id, offset, "anew_anew")
                    && renaming.title.to_ascii_lowercase().contains(&title)
                {
                    return Some((file.id, offset));
                }
            }
        }
        None
    }

    /// All findings that ought to be mended.
    pub(super) fn findings(&self) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for finding in self.findings.all(&self.snapshot) {
            if finding.severity >= Severity::Warning {
                let file = self.snapshot.file(finding.file).unwrap();
                let path = self.snapshot.display_path(&file.path);
                let shown = format!("{path}: {} {}", finding.code, finding.message);
                *counted.entry(shown).or_default() += 1;
            }
        }
        counted
    }

    /// The findings that were not there before, but for the names.
    pub(super) fn new_findings(
        &self,
        before: &BTreeMap<String, usize>,
        thing: &Thing,
        new: &str,
    ) -> Vec<String> {
        let old = thing.name();
        let plain = |findings: &BTreeMap<String, usize>| {
            let mut plain: BTreeMap<String, usize> = BTreeMap::new();
            for (finding, count) in findings {
                let finding = finding.to_ascii_lowercase();
                // What names are near is another matter under another name.
                let finding = finding.split(" did you mean").next().unwrap();
                let finding = finding.split(" it selects ").next().unwrap();
                let finding = finding.replace(&new.to_ascii_lowercase(), "…");
                let finding = finding.replace(&old.as_str().to_ascii_lowercase(), "…");
                *plain.entry(finding).or_default() += count;
            }
            plain
        };
        let known = plain(before);
        let now = plain(&self.findings());
        let new = now
            .into_iter()
            .filter(|(finding, count)| known.get(finding).copied().unwrap_or_default() < *count);
        new.map(|(finding, _)| finding).collect()
    }

    pub(super) fn apply(&mut self, renaming: &Renaming) {
        let mut after = self.files.clone();
        for file in &renaming.files {
            let path = below(&file.path);
            let edits: Vec<_> = file.edits.iter().map(|edit| edit.edit.clone()).collect();
            let text = syntax::edit::apply(&after[&path], &edits).expect("edits fit");
            after.insert(path, text);
        }
        for (from, to) in &renaming.moved {
            let text = after.remove(&below(from)).expect("a file that is there");
            assert!(after.insert(below(to), text).is_none());
        }
        self.put(after);
    }

    pub(super) fn restore(&mut self, files: &Files) {
        self.put(files.clone());
    }

    fn put(&mut self, files: Files) {
        let paths: BTreeSet<&String> = self.files.keys().chain(files.keys()).collect();
        let mut changes = Vec::new();
        for path in paths {
            if self.files.get(path) == files.get(path) {
                continue;
            }
            match files.get(path) {
                Some(text) => self.system.write(absolute(path), text.clone()),
                None => self.system.remove(&absolute(path)),
            }
            changes.push(Change::OnDisk {
                path: absolute(path),
            });
        }
        let reached = self.workspace.apply(changes);
        self.snapshot = self.workspace.snapshot();
        self.findings.update(&self.snapshot, &reached);
        self.files = files;
    }

    /// The rename back.
    pub(super) fn back(
        &self,
        past: &PastRenames,
        renamed: &Thing,
        thing: &Thing,
    ) -> Result<Renaming, String> {
        let is_there = match renamed {
            Thing::Table(key) => self.snapshot.table(key).is_some(),
            Thing::Column(key, name) => {
                let table = self.snapshot.table(key);
                table.is_some_and(|table| table.column(name).is_some())
            }
        };
        if !is_there {
            return Err("it is not there".to_owned());
        }
        let places = self.places(renamed);
        let (file, offset) = places.first().ok_or("no place names it")?;
        let name = thing.name();
        let mut back = ide::rename(&self.snapshot, *file, *offset, name.as_str())
            .map_err(|refusal| refusal.message)?;
        past.take_back(&self.snapshot, &mut back);
        Ok(back)
    }

    /// In how many files only the case of letters is not as it was, and what else is not, but for drafted
    /// amendments.
    pub(super) fn differences(&self, original: &Files) -> (usize, String) {
        let mut recased = 0;
        let mut shown = String::new();
        let paths: BTreeSet<&String> = self.files.keys().chain(original.keys()).collect();
        for path in paths {
            let (before, after) = (original.get(path), self.files.get(path));
            if before == after {
                continue;
            }
            let (Some(before), Some(after)) = (before, after) else {
                shown.push_str(&format!("{path} is gone, or has come\n"));
                continue;
            };
            if path.ends_with(".spec.yaml") && is_but_for_amendments(before, after) {
                continue;
            }
            // What is spelled in two ways gets one of them.
            if before != after && before.eq_ignore_ascii_case(after)
                || path.ends_with(".spec.yaml")
                    && is_but_for_amendments(
                        &before.to_ascii_lowercase(),
                        &after.to_ascii_lowercase(),
                    )
            {
                recased += 1;
                continue;
            }
            shown.push_str(&difference(path, before, after));
        }
        (recased, shown)
    }

    /// The lines that are not what they were.
    pub(super) fn changed(&self, original: &Files) -> String {
        let mut shown = String::new();
        for (path, after) in &self.files {
            match original.get(path) {
                Some(before) if before != after => {
                    shown.push_str(&difference(path, before, after));
                }
                None => shown.push_str(&format!("{path} is new\n")),
                _ => {}
            }
        }
        shown
    }
}

fn absolute(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

fn below(path: &Path) -> String {
    let below = path.strip_prefix(ROOT).unwrap();
    below.to_string_lossy().into_owned()
}

fn difference(path: &str, before: &str, after: &str) -> String {
    let old: BTreeSet<&str> = before.split('\n').collect();
    let new: BTreeSet<&str> = after.split('\n').collect();
    let mut shown = format!("{path}\n");
    for line in before.split('\n').filter(|line| !new.contains(line)) {
        shown.push_str(&format!("- {line}\n"));
    }
    for line in after.split('\n').filter(|line| !old.contains(line)) {
        shown.push_str(&format!("+ {line}\n"));
    }
    shown
}

/// Whether nothing but amendments at the end has come.
fn is_but_for_amendments(before: &str, after: &str) -> bool {
    if after.starts_with(before.trim_end()) {
        return true;
    }
    // Where tables stand behind the amendments, or these in brackets.
    let plain = |text: &str| {
        let (spec, mut lines) = (text, Vec::new());
        let mut is_amendments = false;
        for line in spec.lines() {
            if !line.starts_with([' ', '-', '#']) && !line.is_empty() {
                is_amendments = line.starts_with("amendments:");
            }
            if !is_amendments {
                lines.push(line);
            }
        }
        lines.join("\n").trim_end().to_owned()
    };
    plain(before) == plain(after)
}
