//! The sentences of amendments, parsed, each with where it stands and whether it is in force. What they
//! are compared with is for each check to say.

use crate::context::Context;
use crate::finding::{At, Subject};
use index::binding::Renames;
use index::{File, Snapshot};
use spec::guarantee::{Guarantee, SentenceProblem, parse};
use spec::history::{Entry, History, Standing};
use syntax::{Name, Placed, TextRange};

/// A sentence of an amendment.
#[derive(Debug)]
pub(crate) struct Sentence<'s> {
    /// The ordinal of its amendment among the entries of the history.
    pub(crate) entry: usize,
    /// The spec that it stands in.
    pub(crate) file: &'s File,
    /// As it is written.
    pub(crate) text: &'s Placed<String>,
    /// What it says.
    pub(crate) guarantee: Result<Guarantee, SentenceProblem>,
    /// It is in force: nothing supersedes it, and its amendment is accepted and done.
    pub(crate) is_in_force: bool,
}

/// The amendments of a product, and their sentences.
pub(crate) struct Sentences<'s> {
    snapshot: &'s Snapshot,
    pub(crate) history: History<'s, &'s File>,
    /// In the order of the history.
    pub(crate) all: Vec<Sentence<'s>>,
}

impl<'s> Sentences<'s> {
    /// The sentences of `product`, the oldest first.
    pub(crate) fn of(context: &Context<'s>, product: &Name) -> Sentences<'s> {
        let files = context.snapshot.product_files(product).into_iter();
        let history = History::new(
            files.filter_map(|file| Some((file, file.native_spec()?.amendments.as_slice()))),
        );
        let all = history
            .entries
            .iter()
            .enumerate()
            .flat_map(|(ordinal, entry)| of_entry(ordinal, entry))
            .collect();
        Sentences {
            snapshot: context.snapshot,
            history,
            all,
        }
    }

    /// Those in force, with what they guarantee.
    pub(crate) fn in_force(&self) -> impl Iterator<Item = (&Sentence<'s>, &Guarantee)> {
        let in_force = self.all.iter().filter(|sentence| sentence.is_in_force);
        in_force.filter_map(|sentence| Some((sentence, sentence.guarantee.as_ref().ok()?)))
    }

    /// The amendment of a sentence.
    pub(crate) fn entry(&self, sentence: &Sentence<'_>) -> Option<&Entry<'s, &'s File>> {
        self.history.entries.get(sentence.entry)
    }

    /// What was renamed after a sentence was written.
    pub(crate) fn renames(&self, sentence: &Sentence<'_>) -> Renames {
        let later = self.all.iter().filter(|other| {
            let entry = self.entry(other);
            other.entry > sentence.entry
                && entry.is_some_and(|entry| Renames::is_made(entry.standing))
        });
        let renames = Renames::new(later.filter_map(|other| other.guarantee.as_ref().ok()));
        match renames == Renames::default() {
            true => renames,
            false => renames.beside(&self.snapshot.binder(sentence.file)),
        }
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

fn of_entry<'s>(ordinal: usize, entry: &Entry<'s, &'s File>) -> Vec<Sentence<'s>> {
    let is_in_force = entry.standing == Standing::InForce;
    let guarantees = entry.amendment.guarantees.iter().enumerate();
    let file = entry.file;
    let superseded = &entry.superseded_guarantees;
    let sentences = guarantees.map(|(at, text)| Sentence {
        entry: ordinal,
        file,
        text,
        guarantee: parse(&text.value),
        is_in_force: is_in_force && !superseded.contains_key(&at),
    });
    sentences.collect()
}
