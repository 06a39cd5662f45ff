//! What an answer depends on, and what it was, noted while it is found: it is found anew when one of the
//! files changes that were asked.

use crate::answers::SentenceAnswer;
use index::{FileId, Table};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use syntax::Name;

/// The notes of one unit while it is checked.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    notes: RefCell<Notes>,
    answered: Cell<Answered>,
}

/// How much was asked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Answered {
    /// Sentences.
    pub(crate) sentences: usize,
    /// Queries that they were asked of.
    pub(crate) queries: usize,
}

/// What was noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// The files that were asked.
    pub(crate) files: BTreeSet<FileId>,
    /// What the tables are called that were asked for, those that there are not too: one may come.
    pub(crate) names: BTreeSet<Name>,
    /// Any SQL file may change the answer: who reads a table was asked.
    pub(crate) everything: bool,
    /// What SQL casts to and columns are declared with was asked.
    pub(crate) types: bool,
    /// The words of SQL that can't be read were asked.
    pub(crate) broken_sql: bool,
    /// What became of the sentences in force.
    pub(crate) answers: Vec<SentenceAnswer>,
}

impl Asked {
    /// Notes the files that make a table, and those that describe it.
    pub(crate) fn note(&self, table: &Table) {
        self.note_name(&table.key.name());
        let mut notes = self.notes.borrow_mut();
        notes
            .files
            .extend(table.models.iter().map(|model| model.file));
        let descriptions = table.descriptions.iter();
        notes
            .files
            .extend(descriptions.map(|description| description.file));
    }

    /// Notes that a table of this name was asked for.
    pub(crate) fn note_name(&self, name: &Name) {
        self.notes.borrow_mut().names.insert(name.clone());
    }

    /// Notes that any SQL file may change the answer.
    pub(crate) fn note_everything(&self) {
        self.notes.borrow_mut().everything = true;
    }

    /// Notes that any table and any SQL file may change the answer, by the types that it names.
    pub(crate) fn note_types(&self) {
        self.notes.borrow_mut().types = true;
    }

    /// Notes that the words of any SQL that can't be read may change the answer.
    pub(crate) fn note_broken_sql(&self) {
        self.notes.borrow_mut().broken_sql = true;
    }

    /// Notes what became of a sentence in force.
    pub(crate) fn answered(&self, answer: SentenceAnswer) {
        self.notes.borrow_mut().answers.push(answer);
    }

    /// Counts a sentence that is answered.
    pub(crate) fn count_sentence(&self) {
        let mut answered = self.answered.get();
        answered.sentences += 1;
        self.answered.set(answered);
    }

    /// Counts a query that a sentence is asked of.
    pub(crate) fn count_query(&self) {
        let mut answered = self.answered.get();
        answered.queries += 1;
        self.answered.set(answered);
    }

    /// What was noted and counted since the last time.
    pub(crate) fn take(&self) -> (Notes, Answered) {
        (self.notes.take(), self.answered.take())
    }
}
