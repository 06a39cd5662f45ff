//! The sentences of amendments, each with where it stands and whether it is in force. What they are
//! compared with is for each check to say.

use crate::finding::{At, Subject};
use index::binding::Renames;
use index::{File, Snapshot};
use spec::guarantee::Guarantee;
use spec::history::{Entry, History, Standing};
use spec::model::AmendmentId;
use syntax::{Name, Placed, TextRange};

/// A sentence of an amendment.
#[derive(Debug)]
pub(crate) struct Sentence<'s> {
    /// The ordinal of its amendment among the entries of the history.
    pub(crate) entry: usize,
    /// Its ordinal among the guarantees of its amendment.
    pub(crate) ordinal: usize,
    /// The spec that it stands in.
    pub(crate) file: &'s File,
    /// As it is written.
    pub(crate) text: &'s Placed<String>,
    /// What it says; `None` where it does not parse.
    pub(crate) guarantee: Option<&'s Guarantee>,
    /// It is in force: nothing supersedes it, and its amendment is accepted and done.
    pub(crate) is_in_force: bool,
}

/// The amendments of a product, and their sentences.
pub(crate) struct Sentences<'s> {
    snapshot: &'s Snapshot,
    pub(crate) history: History<'s, &'s File>,
    /// In the order of the history.
    pub(crate) all: Vec<Sentence<'s>>,
    /// The sentences that rename something, and the ordinals of their amendments: few, if any.
    renames: Vec<(usize, &'s Guarantee)>,
}

impl<'s> Sentences<'s> {
    /// The sentences of `product`, the oldest first.
    pub(crate) fn of(snapshot: &'s Snapshot, product: &Name) -> Sentences<'s> {
        let files = snapshot.product_files(product).into_iter();
        let history = History::new(
            files.filter_map(|file| Some((file, file.native_spec()?.amendments.as_slice()))),
        );
        let entries = history.entries.iter().enumerate();
        let all: Vec<Sentence<'s>> = entries
            .flat_map(|(ordinal, entry)| of_entry(ordinal, entry))
            .collect();
        let is_rename = |guarantee: &&Guarantee| matches!(guarantee, Guarantee::RenamedFrom { .. });
        let made = all.iter().filter_map(|sentence| {
            let entry = history.entries.get(sentence.entry)?;
            let guarantee = sentence.guarantee.filter(is_rename)?;
            Renames::is_made(entry.standing).then_some((sentence.entry, guarantee))
        });
        let renames = made.collect();
        Sentences {
            snapshot,
            history,
            all,
            renames,
        }
    }

    /// Those in force, with what they guarantee.
    pub(crate) fn in_force(&self) -> impl Iterator<Item = (&Sentence<'s>, &'s Guarantee)> {
        let in_force = self.all.iter().filter(|sentence| sentence.is_in_force);
        in_force.filter_map(|sentence| Some((sentence, sentence.guarantee?)))
    }

    /// The amendment of a sentence.
    pub(crate) fn entry(&self, sentence: &Sentence<'_>) -> Option<&Entry<'s, &'s File>> {
        self.history.entries.get(sentence.entry)
    }

    /// The amendment that will supersede a sentence once it closes.
    pub(crate) fn successor(&self, sentence: &Sentence<'_>) -> Option<&AmendmentId> {
        let entry = self.entry(sentence)?;
        let words = || sentence.text.value.split_whitespace();
        let by = entry.to_be_superseded_by.iter();
        let mut by = by.filter_map(|by| self.history.entries.get(*by));
        let by = by.find(|by| {
            by.amendment.supersedes.iter().any(|own| {
                let one = own.guarantee.as_ref();
                Some(&own.amendment.value) == entry.id()
                    && one.is_none_or(|one| one.value.split_whitespace().eq(words()))
            })
        })?;
        by.id()
    }

    /// What was renamed after a sentence was written.
    pub(crate) fn renames(&self, sentence: &Sentence<'_>) -> Renames {
        let later = self.renames.iter();
        let later = later.filter(|(entry, _)| *entry > sentence.entry);
        let renames = Renames::new(later.map(|(_, guarantee)| *guarantee));
        match renames == Renames::default() {
            true => renames,
            false => renames.beside(&self.snapshot.binder(sentence.file)),
        }
    }

    /// Whether anything was renamed: what a sentence says depends on which tables there are then.
    pub(crate) fn has_renames(&self) -> bool {
        !self.renames.is_empty()
    }

    /// What findings about a sentence are about.
    pub(crate) fn subject(&self, product: &Name, sentence: &Sentence<'_>) -> Subject {
        let id = self.entry(sentence).and_then(Entry::id);
        Subject {
            product: Some(product.clone()),
            amendment: id.cloned(),
            detail: Some(sentence.text.value.clone()),
            ..Subject::default()
        }
    }
}

impl Sentence<'_> {
    /// The place of a part of it.
    pub(crate) fn part(&self, range: TextRange) -> At {
        At::Part {
            whole: self.text.spot,
            part: range,
        }
    }
}

fn of_entry<'s>(at: usize, entry: &Entry<'s, &'s File>) -> Vec<Sentence<'s>> {
    let is_in_force = entry.standing == Standing::InForce;
    let file = entry.file;
    let texts = entry.amendment.guarantees.iter();
    let parsed = file.guarantees(entry.ordinal);
    let superseded = &entry.superseded_guarantees;
    let sentences = texts.zip(parsed).enumerate();
    let sentences = sentences.map(|(ordinal, (text, parsed))| Sentence {
        entry: at,
        ordinal,
        file,
        text,
        guarantee: parsed.as_ref().ok(),
        is_in_force: is_in_force && !superseded.contains_key(&ordinal),
    });
    sentences.collect()
}
