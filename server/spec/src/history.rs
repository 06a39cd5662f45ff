//! What of a product's history is in force: pure functions over the amendments of all its files.
//! What a file is, is for whoever asks to say; here it is only handed back.

use crate::model::{Amendment, AmendmentId, Status};
use std::collections::{BTreeMap, HashMap};
use syntax::Placed;

/// The amendments of one product, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<'a, File> {
    /// Ordered by date, then as they were given.
    pub entries: Vec<Entry<'a, File>>,
}

/// One amendment, and what the others make of it. Others are named by their ordinal among
/// [`History::entries`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a, File> {
    /// The file that it stands in, as it was given.
    pub file: File,
    /// Its ordinal among the amendments of that file.
    pub ordinal: usize,
    /// What it says.
    pub amendment: &'a Amendment,
    /// Where it stands.
    pub standing: Standing,
    /// Open or proposed amendments that will replace it, or one sentence of it, once they close.
    pub to_be_superseded_by: Vec<usize>,
    /// Sentences of it that are replaced while the rest stays: from the ordinal among its guarantees
    /// to the amendment that replaces it.
    pub superseded_guarantees: BTreeMap<usize, usize>,
}

/// Where an amendment stands among the others of its product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Accepted, done, and not superseded.
    InForce,
    /// Accepted, and its change is still to be done.
    Open,
    /// Not agreed yet.
    Proposed,
    /// Given up.
    Withdrawn,
    /// Replaced as a whole by the entry of this ordinal.
    Superseded {
        /// The latest that replaces it.
        by: usize,
    },
}

impl<'a, File: Clone> History<'a, File> {
    /// The history that the amendments of all files of one product make.
    ///
    /// One without a date stands with the one before it in its file. A withdrawn amendment
    /// supersedes nothing, an open or proposed one nothing yet, and none itself. Where several have
    /// one id, the first of them is meant.
    pub fn new(files: impl IntoIterator<Item = (File, &'a [Amendment])>) -> History<'a, File> {
        let mut history = History {
            entries: in_order(files),
        };
        let ordinals = history.ordinals();
        for by in 0..history.entries.len() {
            history.apply(by, &ordinals);
        }
        history
    }

    /// The amendments in force, the oldest first.
    pub fn in_force(&self) -> impl Iterator<Item = &Entry<'a, File>> {
        let entries = self.entries.iter();
        entries.filter(|entry| entry.standing == Standing::InForce)
    }

    /// The first amendment with this id.
    pub fn find(&self, id: &AmendmentId) -> Option<&Entry<'a, File>> {
        let mut entries = self.entries.iter();
        entries.find(|entry| entry.id() == Some(id))
    }

    fn ordinals(&self) -> HashMap<&'a AmendmentId, usize> {
        let mut ordinals = HashMap::new();
        for (ordinal, entry) in self.entries.iter().enumerate() {
            if let Some(id) = entry.id() {
                ordinals.entry(id).or_insert(ordinal);
            }
        }
        ordinals
    }

    /// Does to the others what the entry `by` supersedes.
    fn apply(&mut self, by: usize, ordinals: &HashMap<&'a AmendmentId, usize>) {
        let Some(amendment) = self.entries.get(by).map(|entry| entry.amendment) else {
            return;
        };
        if amendment.status() == Status::Withdrawn {
            return;
        }
        let takes_effect = amendment.status() == Status::Accepted && !amendment.is_open();
        for superseded in &amendment.supersedes {
            let ordinal = ordinals.get(&superseded.amendment.value);
            let Some(ordinal) = ordinal.filter(|other| **other != by) else {
                continue;
            };
            let Some(older) = self.entries.get_mut(*ordinal) else {
                continue;
            };
            let sentence = superseded.guarantee.as_ref().map(|field| &field.value);
            match (takes_effect, sentence) {
                (false, _) => older.note_successor(by),
                (true, Some(sentence)) => older.supersede_sentence(sentence, by),
                (true, None) => older.supersede(by),
            }
        }
    }
}

impl<'a, File> Entry<'a, File> {
    /// Its id, where it has one.
    pub fn id(&self) -> Option<&'a AmendmentId> {
        self.amendment.id.as_ref().map(|field| &field.value)
    }

    /// The guarantees of it that are in force: none, where it is not.
    pub fn guarantees_in_force(&self) -> impl Iterator<Item = &'a Placed<String>> {
        let is_in_force = self.standing == Standing::InForce;
        let guarantees = self.amendment.guarantees.iter().enumerate();
        guarantees
            .filter(move |(ordinal, _)| {
                is_in_force && !self.superseded_guarantees.contains_key(ordinal)
            })
            .map(|(_, guarantee)| guarantee)
    }

    fn new(file: File, ordinal: usize, amendment: &'a Amendment) -> Entry<'a, File> {
        let standing = match amendment.status() {
            Status::Withdrawn => Standing::Withdrawn,
            Status::Proposed => Standing::Proposed,
            Status::Accepted if amendment.is_open() => Standing::Open,
            Status::Accepted => Standing::InForce,
        };
        Entry {
            file,
            ordinal,
            amendment,
            standing,
            to_be_superseded_by: Vec::new(),
            superseded_guarantees: BTreeMap::new(),
        }
    }

    fn supersede(&mut self, by: usize) {
        if self.standing != Standing::Withdrawn {
            self.standing = Standing::Superseded { by };
        }
    }

    fn supersede_sentence(&mut self, sentence: &str, by: usize) {
        for (ordinal, guarantee) in self.amendment.guarantees.iter().enumerate() {
            // White space does not make another sentence; letter case may, in a literal.
            if guarantee
                .value
                .split_whitespace()
                .eq(sentence.split_whitespace())
            {
                self.superseded_guarantees.insert(ordinal, by);
            }
        }
    }

    fn note_successor(&mut self, by: usize) {
        if self.to_be_superseded_by.last() != Some(&by) {
            self.to_be_superseded_by.push(by);
        }
    }
}

/// The amendments by date. One without a date keeps to the one before it in its file, and what has
/// none before it comes first.
fn in_order<'a, File: Clone>(
    files: impl IntoIterator<Item = (File, &'a [Amendment])>,
) -> Vec<Entry<'a, File>> {
    let mut dated: Vec<(&str, Entry<File>)> = Vec::new();
    for (file, amendments) in files {
        let mut latest = "";
        for (ordinal, amendment) in amendments.iter().enumerate() {
            if let Some(date) = &amendment.date {
                latest = &date.value;
            }
            dated.push((latest, Entry::new(file.clone(), ordinal, amendment)));
        }
    }
    // ISO dates sort as text.
    dated.sort_by_key(|(date, _)| *date);
    dated.into_iter().map(|(_, entry)| entry).collect()
}
