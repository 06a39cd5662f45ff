//! What became of each sentence in force, by the table that it is about: for whoever shows it. It is noted
//! while findings are made, and never found out for the showing.

use crate::guarantee::AgreedSentence;
use index::{FileId, TableKey};
use meaning::guarantee::{Answer, Reason};
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::{Name, Spot};

/// What became of the sentences of the workspace that are in force. A clone copies a pointer.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    by_table: Arc<BTreeMap<TableKey, Arc<[SentenceAnswer]>>>,
    /// The same by the place of the sentence, with the table that it was last about.
    by_sentence: Arc<BTreeMap<(FileId, Spot), (TableKey, Outcome)>>,
    changes: u64,
}

/// What became of one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceAnswer {
    /// The spec that it stands in.
    pub file: FileId,
    /// Where it stands there.
    pub sentence: Spot,
    /// The column of the table that it is about, where it is about one.
    pub column: Option<Name>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What becomes of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// The SQL contradicts it.
    Contradicted,
    /// An operator lets data break it.
    AtRisk,
    /// It can't be told from the SQL, for this reason.
    Undecided(Reason),
}

impl Answers {
    /// The answers to the sentences about a table, those of each product in the order of its history.
    pub fn about(&self, table: &TableKey) -> &[SentenceAnswer] {
        self.by_table.get(table).map(|it| &**it).unwrap_or_default()
    }

    /// What became of the sentence that stands there; `None` where it is not in force.
    pub fn of(&self, file: FileId, sentence: Spot) -> Option<Outcome> {
        let (_, outcome) = self.by_sentence.get(&(file, sentence))?;
        Some(*outcome)
    }

    /// All answers, in the order of the tables.
    pub fn all(&self) -> impl Iterator<Item = &SentenceAnswer> {
        self.by_table.values().flat_map(|answers| answers.iter())
    }

    /// How often they have changed: two states of one workspace with the same count are the same.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Takes note of the answers about a table.
    pub(crate) fn set(&mut self, table: &TableKey, answers: Vec<SentenceAnswer>) {
        if self.about(table) == answers.as_slice() {
            return;
        }
        self.changes += 1;
        let by_sentence = Arc::make_mut(&mut self.by_sentence);
        let old = self.by_table.get(table).map(|old| old.to_vec());
        for old in old.unwrap_or_default() {
            // It may be about another table by now.
            let key = (old.file, old.sentence);
            if by_sentence
                .get(&key)
                .is_some_and(|(about, _)| about == table)
            {
                by_sentence.remove(&key);
            }
        }
        for new in &answers {
            let told = (table.clone(), new.outcome);
            by_sentence.insert((new.file, new.sentence), told);
        }
        let all = Arc::make_mut(&mut self.by_table);
        if answers.is_empty() {
            all.remove(table);
        } else {
            all.insert(table.clone(), answers.into());
        }
    }
}

impl SentenceAnswer {
    /// The answer to a sentence about a table.
    pub(crate) fn new(sentence: &AgreedSentence<'_>, answer: &Answer) -> Self {
        SentenceAnswer {
            file: sentence.file.id,
            sentence: sentence.text.spot,
            column: sentence.column.clone(),
            outcome: match answer {
                Answer::Holds => Outcome::Holds,
                Answer::Contradicted(_) => Outcome::Contradicted,
                Answer::AtRisk(_) => Outcome::AtRisk,
                Answer::Undecided(reason) => Outcome::Undecided(*reason),
            },
        }
    }
}
