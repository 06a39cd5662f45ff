//! The amendments that speak of a table or a column: those whose `changes` list it, whose sentences
//! name it, or by which it was introduced. What is in force is for [`spec::history`] to say.

use crate::lookup::{self, ROWS};
use index::binding::Renames;
use index::{File, Snapshot, Table};
use spec::guarantee::{Guarantee, Words, parse, words};
use spec::history;
use spec::model::AmendmentId;
use syntax::Name;

/// The amendments of one product, the oldest first.
pub(crate) type History<'s> = history::History<'s, &'s File>;

/// One of them.
pub(crate) type Entry<'s> = history::Entry<'s, &'s File>;

/// A column of a table, or the table as a whole.
#[derive(Clone, Copy)]
pub(crate) enum Part<'s> {
    /// The table itself, or its rows.
    Whole,
    /// Its column of this name.
    Column(&'s Name),
}

/// The history of `product`, from all files that name it.
pub(crate) fn of_product<'s>(snapshot: &'s Snapshot, product: &Name) -> History<'s> {
    let files = snapshot.product_files(product).into_iter();
    History::new(files.filter_map(|file| Some((file, file.native_spec()?.amendments.as_slice()))))
}

/// The products whose specs describe a table, each once, in the order of its descriptions.
pub(crate) fn products<'s>(snapshot: &'s Snapshot, table: &Table) -> Vec<&'s Name> {
    let mut products = Vec::new();
    for description in &table.descriptions {
        let spec = snapshot
            .file(description.file)
            .and_then(|file| file.native_spec());
        if let Some(product) = spec.and_then(|spec| spec.product.as_ref())
            && !products.contains(&&product.value)
        {
            products.push(&product.value);
        }
    }
    products
}

/// A part of a table, to be looked for in sentences.
pub(crate) struct Topic<'s> {
    snapshot: &'s Snapshot,
    table: &'s Table,
    part: Part<'s>,
    /// What was renamed after the sentences in question were written.
    renames: Renames,
}

impl<'s> Topic<'s> {
    /// This part of this table.
    pub(crate) fn new(snapshot: &'s Snapshot, table: &'s Table, part: Part<'s>) -> Topic<'s> {
        Topic {
            snapshot,
            table,
            part,
            renames: Renames::default(),
        }
    }

    /// The same, for the sentences of the entry of that ordinal: they are read through later renames.
    pub(crate) fn in_the_words_of(&self, history: &History<'_>, ordinal: usize) -> Topic<'s> {
        let later = history.entries.iter().skip(ordinal + 1);
        let made = later.filter(|entry| Renames::is_made(entry.standing));
        let sentences = made.flat_map(|entry| &entry.amendment.guarantees);
        let renames: Vec<Guarantee> = sentences
            .filter(|sentence| sentence.value.contains("renamed"))
            .filter_map(|sentence| parse(&sentence.value).ok())
            .collect();
        Topic {
            renames: Renames::new(&renames),
            ..*self
        }
    }

    /// Whether an amendment speaks of it, or introduced it by `since`.
    pub(crate) fn is_of(&self, entry: &Entry<'_>, since: Option<&AmendmentId>) -> bool {
        let mut sentences = entry
            .amendment
            .changes
            .iter()
            .chain(&entry.amendment.guarantees);
        since.is_some() && since == entry.id()
            || sentences.any(|text| self.is_named_in(&text.value, entry.file))
    }

    /// Whether a sentence in `file` speaks of it. A column may be named bare in a sentence that
    /// starts with its table.
    pub(crate) fn is_named_in(&self, sentence: &str, file: &File) -> bool {
        let mut paths = words(sentence);
        let about = paths.first().map(|first| match first.parts.split_last() {
            Some((_, table)) if !table.is_empty() => table.to_vec(),
            _ => first.parts.clone(),
        });
        for path in &mut paths {
            path.parts = self.renames.now(&path.parts, about.as_deref());
        }
        match self.part {
            Part::Whole => paths.iter().any(|path| self.is_whole(path, file)),
            Part::Column(column) => {
                let is_qualified = |path: &Words| {
                    let split = path.parts.split_last();
                    split.is_some_and(|(last, table)| last == column && self.is(table, file))
                };
                let is_bare = |path: &Words| {
                    path.parts.as_slice() == std::slice::from_ref(column) && !is_word(column)
                };
                paths.iter().any(is_qualified)
                    || paths.iter().skip(1).any(is_bare) && self.starts(&paths, file)
            }
        }
    }

    /// Whether a sentence is about the table: starts with its name, or with that of a column of it.
    fn starts(&self, paths: &[Words], file: &File) -> bool {
        let Some(first) = paths.first() else {
            return false;
        };
        let table = first.parts.split_last().map_or(&[][..], |(_, table)| table);
        self.is(&first.parts, file) || self.is(table, file)
    }

    fn is_whole(&self, path: &Words, file: &File) -> bool {
        let rows_of = path
            .parts
            .split_last()
            .filter(|(last, _)| last.as_str() == ROWS);
        self.is(&path.parts, file) || rows_of.is_some_and(|(_, table)| self.is(table, file))
    }

    /// Whether `path`, as a sentence in `file` means it, is the table.
    fn is(&self, path: &[Name], file: &File) -> bool {
        !path.is_empty()
            && lookup::table_named(self.snapshot, file, path)
                .is_some_and(|table| table.key == self.table.key)
    }
}

/// Words of the guarantee language, which are taken for columns only where they are qualified.
const WORDS: [&str; 34] = [
    "absent",
    "as",
    "by",
    "columns",
    "comes",
    "counts",
    "each",
    "every",
    "except",
    "excludes",
    "exists",
    "from",
    "has",
    "in",
    "is",
    "keeps",
    "latest",
    "leaves",
    "lists",
    "match",
    "materialized",
    "merged",
    "never",
    "null",
    "of",
    "once",
    "one",
    "only",
    "per",
    "reads",
    "row",
    "rows",
    "unique",
    "where",
];

fn is_word(name: &Name) -> bool {
    WORDS
        .iter()
        .any(|word| name.as_str().eq_ignore_ascii_case(word))
}
