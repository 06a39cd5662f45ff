//! The amendments that speak of a table or a column: those whose `changes` list it, whose sentences
//! name it, or by which it was introduced. What is in force is for [`spec::history`] to say.

use crate::lookup::ROWS;
use crate::sentence::{self, Path};
use index::{File, Snapshot, Table};
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

/// Whether an amendment speaks of a part of a table, or introduced it by `since`.
pub(crate) fn is_about(
    entry: &Entry<'_>,
    names: &TableNames,
    part: Part<'_>,
    since: Option<&AmendmentId>,
) -> bool {
    let sentences = entry
        .amendment
        .changes
        .iter()
        .chain(&entry.amendment.guarantees);
    since.is_some() && since == entry.id()
        || sentences
            .map(|text| &text.value)
            .any(|text| names.is_named_in(text, part))
}

/// What a table may be called in a sentence.
pub(crate) struct TableNames {
    names: Vec<Vec<Name>>,
}

impl TableNames {
    /// What specs call it, and what it is known by.
    pub(crate) fn of(snapshot: &Snapshot, table: &Table) -> TableNames {
        let mut names = vec![table.key.parts.clone()];
        for id in &table.descriptions {
            if let Some((_, described)) = snapshot.description(*id) {
                names.push(described.name.value.clone());
            }
        }
        TableNames { names }
    }

    /// Whether `sentence` speaks of this part of the table. A column may be named bare in a sentence
    /// that starts with its table.
    pub(crate) fn is_named_in(&self, sentence: &str, part: Part<'_>) -> bool {
        let paths = sentence::paths(sentence);
        match part {
            Part::Whole => paths.iter().any(|path| self.is_whole(path)),
            Part::Column(column) => {
                let qualified = |path: &Path| {
                    let split = path.parts.split_last();
                    split.is_some_and(|(last, table)| last == column && self.is(table))
                };
                let about_table = paths.first().is_some_and(|first| {
                    let table = first.parts.split_last().map_or(&[][..], |(_, table)| table);
                    self.is(&first.parts) || self.is(table)
                });
                let bare = |path: &Path| {
                    path.parts.as_slice() == std::slice::from_ref(column) && !is_word(column)
                };
                paths.iter().any(qualified) || about_table && paths.iter().skip(1).any(bare)
            }
        }
    }

    fn is_whole(&self, path: &Path) -> bool {
        let rows_of = path
            .parts
            .split_last()
            .filter(|(last, _)| last.as_str() == ROWS);
        self.is(&path.parts) || rows_of.is_some_and(|(_, table)| self.is(table))
    }

    fn is(&self, path: &[Name]) -> bool {
        !path.is_empty() && self.names.iter().any(|name| name.ends_with(path))
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
