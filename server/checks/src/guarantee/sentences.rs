//! What was agreed, by the names of the tables that it is about: the sentences of all products that are
//! not void, read through later renames.

use super::binding;
use crate::sentences::{Sentence, Sentences};
use index::binding::Renames;
use index::{File, FileId, Snapshot, Table, TableKey};
use spec::guarantee::Guarantee;
use spec::history::Standing;
use spec::model::{Amendment, AmendmentId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use syntax::{Name, Placed};

/// The sentences of all products.
#[derive(Debug, Default)]
pub(crate) struct SentenceIndex {
    /// Only products with a sentence.
    by_product: BTreeMap<Name, Agreed>,
    /// The products with a sentence about something of that name.
    products_by_name: BTreeMap<Name, BTreeSet<Name>>,
    /// The products in which something was renamed: what a sentence says depends on the tables then.
    renaming: BTreeSet<Name>,
}

/// The sentences of a product, in the order of its history.
#[derive(Debug, Default)]
struct Agreed {
    sentences: Vec<Parsed>,
    /// The ordinals of those that have a name among the words for what they are about.
    by_name: BTreeMap<Name, Vec<usize>>,
}

/// A sentence of a file.
#[derive(Debug)]
struct Parsed {
    file: FileId,
    /// The ordinal of its amendment in the file.
    amendment: usize,
    /// Its ordinal among the amendment's guarantees.
    ordinal: usize,
    standing: Standing,
    successor: Option<String>,
    /// As it is read through renames.
    guarantee: Arc<Guarantee>,
    /// What was renamed after it was written.
    renames: Renames,
}

/// A sentence of an amendment about a table.
pub(crate) struct AgreedSentence<'s> {
    /// The spec.
    pub(crate) file: &'s File,
    /// The product that it is a part of.
    pub(crate) product: Name,
    /// The amendment.
    pub(crate) amendment: &'s Amendment,
    /// Where that stands in the history of the product.
    pub(crate) standing: Standing,
    /// The amendment that supersedes it once that closes.
    pub(crate) successor: Option<String>,
    /// The column of the table that it is about, where it is about one.
    pub(crate) column: Option<Name>,
    /// The sentence as it is written.
    pub(crate) text: &'s Placed<String>,
    /// The sentence taken apart.
    pub(crate) guarantee: Arc<Guarantee>,
    /// It is read through renames of what lies upstream too.
    pub(crate) is_renamed: bool,
}

impl AgreedSentence<'_> {
    /// The id of the amendment.
    pub(crate) fn id(&self) -> Option<&AmendmentId> {
        Some(&self.amendment.id.as_ref()?.value)
    }
}

impl SentenceIndex {
    /// Reads the sentences of a product anew; the tables that they are and were about may have other
    /// answers.
    pub(crate) fn note(&mut self, snapshot: &Snapshot, product: &Name) {
        if let Some(old) = self.by_product.remove(product) {
            for name in old.by_name.keys() {
                if let Some(products) = self.products_by_name.get_mut(name) {
                    products.remove(product);
                    if products.is_empty() {
                        self.products_by_name.remove(name);
                    }
                }
            }
        }
        let sentences = Sentences::of(snapshot, product);
        if sentences.has_renames() {
            self.renaming.insert(product.clone());
        } else {
            self.renaming.remove(product);
        }
        let agreed = Agreed::of(&sentences);
        if agreed.sentences.is_empty() {
            return;
        }
        for name in agreed.by_name.keys() {
            let products = self.products_by_name.entry(name.clone()).or_default();
            products.insert(product.clone());
        }
        self.by_product.insert(product.clone(), agreed);
    }

    /// Reads the sentences anew that depend on which tables there are.
    pub(crate) fn note_tables(&mut self, snapshot: &Snapshot) {
        for product in self.renaming.clone() {
            self.note(snapshot, &product);
        }
    }

    /// The tables that the sentences of a product are about, or may have been.
    pub(crate) fn tables(&self, snapshot: &Snapshot, product: &Name) -> BTreeSet<TableKey> {
        let agreed = self.by_product.get(product);
        let sentences = agreed.into_iter().flat_map(|agreed| &agreed.sentences);
        let subjects = sentences.flat_map(|sentence| -> Vec<TableKey> {
            match snapshot.file(sentence.file) {
                Some(file) => {
                    let subject = binding::subject(snapshot, file, &sentence.guarantee);
                    subject.map(|table| table.key.clone()).into_iter().collect()
                }
                // What it was about can't be looked up any more where its file is gone.
                None => {
                    let names = sentence.guarantee.subject().parts.iter();
                    let tables = names.flat_map(|name| snapshot.tables_called(name));
                    tables.map(|table| table.key.clone()).collect()
                }
            }
        });
        subjects.collect()
    }

    /// Whether any sentence may be about a table of that name.
    pub(crate) fn speaks_of(&self, name: &Name) -> bool {
        self.products_by_name.contains_key(name)
    }

    /// The sentences about a table, those of each product in the order of its history.
    pub(crate) fn about<'s>(
        &self,
        snapshot: &'s Snapshot,
        table: &Table,
    ) -> Vec<AgreedSentence<'s>> {
        let name = table.key.name();
        let mut found = Vec::new();
        for product in self.products_by_name.get(&name).into_iter().flatten() {
            let Some(agreed) = self.by_product.get(product) else {
                continue;
            };
            let named = agreed.by_name.get(&name).into_iter().flatten();
            let sentences = named.filter_map(|at| agreed.sentences.get(*at));
            found.extend(
                sentences.filter_map(|parsed| parsed.agreed_about(snapshot, product, table)),
            );
        }
        found
    }
}

impl Agreed {
    fn of(sentences: &Sentences<'_>) -> Agreed {
        let mut agreed = Agreed::default();
        for sentence in &sentences.all {
            let Some(parsed) = Parsed::of(sentences, sentence) else {
                continue;
            };
            let names: BTreeSet<&Name> = parsed.guarantee.subject().parts.iter().collect();
            for name in names {
                let ordinals = agreed.by_name.entry(name.clone()).or_default();
                ordinals.push(agreed.sentences.len());
            }
            agreed.sentences.push(parsed);
        }
        agreed
    }
}

impl Parsed {
    /// `None` for a sentence that is void, or in a file that may have no findings.
    fn of(sentences: &Sentences<'_>, sentence: &Sentence<'_>) -> Option<Parsed> {
        let entry = sentences.entry(sentence)?;
        let is_replaced = entry.superseded_guarantees.contains_key(&sentence.ordinal);
        let is_void = matches!(
            entry.standing,
            Standing::Withdrawn | Standing::Superseded { .. }
        );
        if is_replaced || is_void || sentence.file.quiet {
            return None;
        }
        let mut guarantee = sentence.guarantee?.clone();
        let about = guarantee.subject().parts.clone();
        let renames = sentences.renames(sentence);
        guarantee.for_each_path(&mut |path| {
            path.parts = renames.now(&path.parts, Some(&about));
        });
        Some(Parsed {
            file: sentence.file.id,
            amendment: entry.ordinal,
            ordinal: sentence.ordinal,
            standing: entry.standing,
            successor: sentences.successor(sentence).map(ToString::to_string),
            guarantee: Arc::new(guarantee),
            renames,
        })
    }

    /// The sentence, if it is about that table.
    fn agreed_about<'s>(
        &self,
        snapshot: &'s Snapshot,
        product: &Name,
        table: &Table,
    ) -> Option<AgreedSentence<'s>> {
        let file = snapshot.file(self.file)?;
        let subject = binding::subject(snapshot, file, &self.guarantee)?;
        if subject.key != table.key {
            return None;
        }
        let amendment = file.native_spec()?.amendments.get(self.amendment)?;
        let is_renamed = self.renames != Renames::default();
        let mut guarantee = Arc::clone(&self.guarantee);
        if is_renamed {
            let dialect = snapshot.projects().dialect(&file.path).dialect;
            let read = Arc::make_mut(&mut guarantee);
            self.renames
                .read_columns(read, &snapshot.binder(file), &table.key, dialect);
        }
        Some(AgreedSentence {
            file,
            product: product.clone(),
            amendment,
            standing: self.standing,
            successor: self.successor.clone(),
            column: binding::subject_column(snapshot, file, &guarantee),
            text: amendment.guarantees.get(self.ordinal)?,
            guarantee,
            is_renamed,
        })
    }
}
