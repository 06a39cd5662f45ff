//! What the names in the sentences of a native spec stand for: also bare ones, which are columns of what
//! the table of the sentence reads, and those of tables that nothing defines.

use crate::columns::TableId;
use crate::rename::{mentions, named_part};
use crate::sentence::{self, SentenceInFile};
use index::binding::{Bound, BoundColumn, BoundName, BoundTable, NameInSentence, Role};
use index::{File, Snapshot, TableKey};
use spec::guarantee::parse;
use syntax::{Name, TextRange, TextSize};

/// A name in a sentence, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spoken {
    /// The name, without that of the table before it.
    pub(crate) range: TextRange,
    /// The table, or that of the column.
    pub(crate) table: TableId,
    /// The column.
    pub(crate) column: Option<Name>,
}

/// Those of a file in sentences that have this word.
pub(crate) fn all(snapshot: &Snapshot, file: &File, word: &Name) -> Vec<Spoken> {
    let Some(text) = snapshot.text(file) else {
        return Vec::new();
    };
    let sentences = sentence::all(file).into_iter();
    sentences
        .filter(|sentence| mentions(sentence.text, word))
        .flat_map(|sentence| in_sentence(snapshot, file, &text, &sentence))
        .collect()
}

/// The one at `offset`.
pub(crate) fn at(snapshot: &Snapshot, file: &File, offset: TextSize) -> Option<Spoken> {
    let text = snapshot.text(file)?;
    let sentence = sentence::at(file, offset)?;
    let mut spoken = in_sentence(snapshot, file, &text, &sentence).into_iter();
    spoken.find(|spoken| spoken.range.contains_inclusive(offset))
}

fn in_sentence(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    sentence: &SentenceInFile<'_>,
) -> Vec<Spoken> {
    let Ok(guarantee) = parse(sentence.text) else {
        return Vec::new();
    };
    let binder = snapshot.binder(file);
    let about = binder.table_or_column(&guarantee.subject().parts);
    let about: Option<TableKey> = match about {
        Bound::To(BoundName::Table(table)) => table.key().cloned(),
        Bound::To(BoundName::Column(column)) => column.table.key().cloned(),
        _ => None,
    };
    let bound = |name: &NameInSentence| {
        let parts = &name.parts;
        let found = match name.role {
            Role::Table => match binder.table_near(parts, about.as_ref()) {
                Bound::To(table) => BoundName::Table(table),
                _ => return None,
            },
            Role::Column => match binder.column(parts, about.as_ref()) {
                Bound::To(column) => BoundName::Column(column),
                _ => return None,
            },
            Role::Either => match binder.table_or_column(parts) {
                Bound::To(found) => found,
                _ => return None,
            },
        };
        Some(found)
    };
    let dialect = snapshot.projects().dialect(&file.path).dialect;
    let names = NameInSentence::all(&guarantee, dialect).into_iter();
    let spoken = names.filter_map(|name| {
        let (table, column) = match bound(&name)? {
            BoundName::Table(table) => (table, None),
            BoundName::Column(BoundColumn { table, column, .. }) => (table, Some(column)),
        };
        let last = column.as_ref().or(name.parts.last())?;
        let whole = sentence.part(text, name.range)?;
        Some(Spoken {
            range: named_part(text, whole, last).unwrap_or(whole),
            table: id(file, table),
            column,
        })
    });
    spoken.collect()
}

fn id(file: &File, table: BoundTable) -> TableId {
    match table {
        BoundTable::Known(key) => TableId::Known(key),
        BoundTable::Read(table) => TableId::Named {
            table,
            project: file.project.clone(),
        },
    }
}
