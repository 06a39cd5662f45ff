//! All sentences of the workspace's amendments, by the names of the tables that they are about.

use index::binding::Renames;
use index::{File, FileId, Snapshot, Table, TableKey};
use spec::guarantee::{Guarantee, parse};
use spec::history::{Entry, History, Standing};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use syntax::{Name, Placed};

use super::binding;

/// The sentences of all native specs.
#[derive(Debug, Default)]
pub(crate) struct SentenceIndex {
    by_file: BTreeMap<FileId, Arc<[Parsed]>>,
    files_by_name: BTreeMap<Name, BTreeSet<FileId>>,
}

/// A sentence of a file.
#[derive(Debug)]
struct Parsed {
    /// The ordinal of its amendment in the file.
    amendment: usize,
    /// Its ordinal among the amendment's guarantees.
    ordinal: usize,
    guarantee: Guarantee,
}

/// A sentence of an amendment about a table.
pub(crate) struct AgreedSentence<'s> {
    /// The spec.
    pub(crate) file: &'s File,
    /// The product that it is a part of.
    pub(crate) product: Name,
    /// The amendment.
    pub(crate) entry: Entry<'s, FileId>,
    /// The amendment that supersedes it once that closes.
    pub(crate) successor: Option<String>,
    /// The column of the table that it is about, where it is about one.
    pub(crate) column: Option<Name>,
    /// The sentence as it is written.
    pub(crate) text: &'s Placed<String>,
    /// The sentence taken apart.
    pub(crate) guarantee: Guarantee,
}

impl SentenceIndex {
    /// Reads the sentences of a file anew; the tables that it is and was about may have other answers.
    pub(crate) fn note(&mut self, id: FileId, file: Option<&File>) {
        for files in self.files_by_name.values_mut() {
            files.remove(&id);
        }
        self.by_file.remove(&id);
        let Some(spec) = file.and_then(File::native_spec) else {
            return;
        };
        let mut parsed = Vec::new();
        for (amendment, entry) in spec.amendments.iter().enumerate() {
            for (ordinal, text) in entry.guarantees.iter().enumerate() {
                if let Ok(guarantee) = parse(&text.value) {
                    for name in &guarantee.subject().parts {
                        let files = self.files_by_name.entry(name.clone()).or_default();
                        files.insert(id);
                    }
                    parsed.push(Parsed {
                        amendment,
                        ordinal,
                        guarantee,
                    });
                }
            }
        }
        if !parsed.is_empty() {
            self.by_file.insert(id, parsed.into());
        }
    }

    /// The tables that the sentences of a file are about.
    pub(crate) fn tables(&self, snapshot: &Snapshot, file: FileId) -> BTreeSet<TableKey> {
        let Some(file) = snapshot.file(file) else {
            return BTreeSet::new();
        };
        let parsed = self.by_file.get(&file.id);
        let parsed = parsed.map(|parsed| &**parsed).unwrap_or_default();
        let subjects = parsed.iter().filter_map(|parsed| {
            let subject = binding::subject(snapshot, file, &parsed.guarantee)?;
            Some(subject.key.clone())
        });
        subjects.collect()
    }

    /// The sentences about a table, those of each product in the order of its history.
    pub(crate) fn about<'s>(
        &self,
        snapshot: &'s Snapshot,
        table: &Table,
    ) -> Vec<AgreedSentence<'s>> {
        let named = self.files_by_name.get(&table.key.name());
        let files: Vec<&File> = named
            .into_iter()
            .flatten()
            .filter_map(|file| snapshot.file(*file))
            .filter(|file| !file.quiet)
            .collect();
        let products: BTreeSet<&Name> = files
            .iter()
            .filter_map(|file| Some(&file.native_spec()?.product.as_ref()?.value))
            .collect();
        let mut found = Vec::new();
        for product in products {
            self.of_product(snapshot, product, table, &mut found);
        }
        found
    }

    /// What the sentences of an amendment guarantee.
    fn of_entry<'i>(
        &'i self,
        entry: &Entry<'_, FileId>,
    ) -> impl Iterator<Item = &'i Guarantee> + use<'i> {
        let ordinal = entry.ordinal;
        let parsed = self.by_file.get(&entry.file);
        let parsed = parsed.map(|parsed| &**parsed).unwrap_or_default().iter();
        parsed
            .filter(move |parsed| parsed.amendment == ordinal)
            .map(|parsed| &parsed.guarantee)
    }

    fn of_product<'s>(
        &self,
        snapshot: &'s Snapshot,
        product: &Name,
        table: &Table,
        found: &mut Vec<AgreedSentence<'s>>,
    ) {
        let files = snapshot.product_files(product).into_iter();
        let history = History::new(
            files.filter_map(|file| Some((file.id, file.native_spec()?.amendments.as_slice()))),
        );
        let is_rename = |guarantee: &Guarantee| matches!(guarantee, Guarantee::RenamedFrom { .. });
        let mut entries = history.entries.iter();
        let has_renames = entries.any(|entry| self.of_entry(entry).any(is_rename));
        let name = table.key.name();
        for (at, entry) in history.entries.iter().enumerate() {
            let Some(file) = snapshot.file(entry.file) else {
                continue;
            };
            let later = history.entries.iter().skip(at + 1);
            let made = later.filter(|later| has_renames && Renames::is_made(later.standing));
            let mut renames = Renames::new(made.flat_map(|later| self.of_entry(later)));
            if renames != Renames::default() {
                renames = renames.beside(&snapshot.binder(file));
            }
            let parsed = self.by_file.get(&entry.file);
            let parsed = parsed.map(|parsed| &**parsed).unwrap_or_default();
            for parsed in parsed
                .iter()
                .filter(|parsed| parsed.amendment == entry.ordinal)
            {
                let is_replaced = entry.superseded_guarantees.contains_key(&parsed.ordinal);
                let is_void = matches!(
                    entry.standing,
                    Standing::Withdrawn | Standing::Superseded { .. }
                );
                let mut guarantee = parsed.guarantee.clone();
                let about = guarantee.subject().parts.clone();
                guarantee.for_each_path(&mut |path| {
                    path.parts = renames.now(&path.parts, Some(&about));
                });
                // Most are about other tables, as their names tell.
                if !guarantee.subject().parts.contains(&name) {
                    continue;
                }
                let subject = binding::subject(snapshot, file, &guarantee);
                let is_about = subject.is_some_and(|subject| subject.key == table.key);
                if is_about && renames != Renames::default() {
                    let dialect = snapshot.projects().dialect(&file.path).dialect;
                    let binder = snapshot.binder(file);
                    renames.read_columns(&mut guarantee, &binder, &table.key, dialect);
                }
                let text = entry.amendment.guarantees.get(parsed.ordinal);
                if let (false, false, true, Some(text)) = (is_replaced, is_void, is_about, text) {
                    found.push(AgreedSentence {
                        file,
                        product: product.clone(),
                        successor: successor(&history, entry, &text.value),
                        entry: entry.clone(),
                        column: binding::subject_column(snapshot, file, &guarantee),
                        text,
                        guarantee,
                    });
                }
            }
        }
    }
}

/// The amendment that will supersede a sentence once it closes.
fn successor(
    history: &History<'_, FileId>,
    entry: &Entry<'_, FileId>,
    sentence: &str,
) -> Option<String> {
    let mut successors = entry
        .to_be_superseded_by
        .iter()
        .filter_map(|by| history.entries.get(*by));
    let replaces = |by: &&Entry<'_, FileId>| {
        let mut superseded = by.amendment.supersedes.iter();
        superseded.any(|superseded| {
            let is_it = Some(&superseded.amendment.value) == entry.id();
            let words = |text: &str| {
                text.split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            let own = superseded.guarantee.as_ref();
            is_it && own.is_none_or(|own| words(&own.value) == words(sentence))
        })
    };
    let by = successors.find(replaces)?;
    by.id().map(ToString::to_string)
}
