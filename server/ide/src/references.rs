//! Every place of the workspace where a column, a table, a CTE, an alias or a macro stands: in the SQL that
//! makes it, in the SQL that reads it, and in specs.
//!
//! A column under another name is another column, and so is that of a table downstream; a CTE that
//! hands a column on under its name is followed.

use crate::columns::{Columns, Node, Reach, TableId};
use crate::rename::{all_column_places, configured};
use crate::spoken::{self, Spoken};
use crate::subject::{self, AmendmentKey, Role, Subject, subjects};
use index::{File, FileId, MacroKey, Snapshot, TableKey};
use std::collections::BTreeSet;
use syntax::{Name, TextRange, TextSize};

/// A place where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The file.
    pub file: FileId,
    /// The name.
    pub range: TextRange,
    /// It is made or described here.
    pub is_definition: bool,
}

/// Something whose places are looked for in the whole workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    Table(TableId),
    Column(TableId, Name),
}

impl From<Spoken> for Wanted {
    fn from(spoken: Spoken) -> Wanted {
        match spoken.column {
            Some(column) => Wanted::Column(spoken.table, column),
            None => Wanted::Table(spoken.table),
        }
    }
}

impl Wanted {
    /// The word that stands wherever it is named.
    fn word(&self) -> Option<Name> {
        match self {
            Wanted::Column(_, name) => Some(name.clone()),
            Wanted::Table(TableId::Known(key)) => Some(key.name()),
            Wanted::Table(TableId::Named { table, .. }) => table.last_name().cloned(),
        }
    }
}

/// Every place where what is at `offset` stands, in the order of paths and of the text. Where a name
/// stands for two columns, one that is read and the one that it becomes, the places of both.
pub fn references(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Reference> {
    let Some(here) = snapshot.file(file) else {
        return Vec::new();
    };
    let mut found = Found::new(snapshot);
    let mut wanted: BTreeSet<Wanted> = BTreeSet::new();
    if let Some(key) = subject::called_at(snapshot, here, offset) {
        found.of_macro(&key);
    } else if let Some(named) = subject::configured_at(snapshot, here, offset) {
        wanted.insert(Wanted::Column(TableId::Known(named.table), named.column));
    } else if here.sql().is_some() {
        if let Some(columns) = Columns::new(snapshot, here) {
            in_sql(&columns, offset, &mut wanted, &mut found);
        }
    } else {
        for mention in subjects(snapshot, file, offset) {
            match mention.subject {
                Subject::Table(key) => wanted.insert(Wanted::Table(TableId::Known(key))),
                Subject::Column(key, name) => {
                    wanted.insert(Wanted::Column(TableId::Known(key), name))
                }
                Subject::Amendment(key) => {
                    found.amendment(&key);
                    break;
                }
                Subject::Macro(key) => {
                    found.of_macro(&key);
                    break;
                }
                _ => continue,
            };
            break;
        }
        if wanted.is_empty() {
            wanted.extend(spoken::at(snapshot, here, offset).map(Wanted::from));
        }
    }
    for wanted in &wanted {
        found.everywhere(wanted);
    }
    found.sorted()
}

/// Finds out what is meant in SQL; what belongs to the file alone is added to `found`.
fn in_sql(
    columns: &Columns<'_>,
    offset: TextSize,
    wanted: &mut BTreeSet<Wanted>,
    found: &mut Found<'_>,
) {
    let here: Vec<Node> = columns
        .at(offset)
        .iter()
        .map(|it| it.node.clone())
        .collect();
    let links = columns.links(Reach::Statement);
    let above = links.upward(here.clone());
    let same = links.downward(above.clone());
    for node in above.iter() {
        match node {
            Node::Table(table) => {
                wanted.insert(Wanted::Table(table.clone()));
            }
            Node::Column(table, name) => {
                wanted.insert(Wanted::Column(table.clone(), name.clone()));
            }
            _ => {}
        }
    }
    // What is computed in this file may be a column of the table that it makes.
    let is_made_here = wanted.is_empty();
    for node in &same {
        if is_made_here || here.contains(node) {
            wanted.extend(output(columns, node));
        }
    }
    if is_made_here {
        found.add(columns.file, columns.places(&same));
    }
}

/// The column of the workspace that a column of a statement's root is.
fn output(columns: &Columns<'_>, node: &Node) -> Option<Wanted> {
    let (key, name) = columns.column_of_table(node)?;
    Some(Wanted::Column(TableId::Known(key), name))
}

struct Found<'s> {
    snapshot: &'s Snapshot,
    references: Vec<Reference>,
}

impl<'s> Found<'s> {
    fn new(snapshot: &'s Snapshot) -> Found<'s> {
        Found {
            snapshot,
            references: Vec::new(),
        }
    }

    fn add(&mut self, file: &File, places: Vec<(TextRange, bool)>) {
        let places = places.into_iter();
        self.references
            .extend(places.map(|(range, is_definition)| Reference {
                file: file.id,
                range,
                is_definition,
            }));
    }

    fn everywhere(&mut self, wanted: &Wanted) {
        let (Wanted::Table(table) | Wanted::Column(table, _)) = wanted;
        for file in table.readers(self.snapshot) {
            if let Some(columns) = Columns::new(self.snapshot, file) {
                let node = match wanted {
                    Wanted::Table(table) => Node::Table(table.clone()),
                    Wanted::Column(table, name) => Node::Column(table.clone(), name.clone()),
                };
                let same = columns.links(Reach::Statement).downward([node]);
                let places = columns.places(&same).into_iter();
                let is_table = matches!(wanted, Wanted::Table(_));
                // A CTE that hands a column on gives it no other name.
                let places = places.map(|(range, is_made)| (range, is_table && is_made));
                self.add(file, places.collect());
            }
        }
        if let TableId::Known(key) = table {
            self.where_it_is_made(key, wanted);
            self.in_specs(wanted);
            if let Wanted::Column(_, name) = wanted {
                for (file, places) in all_column_places(self.snapshot, key, name) {
                    let places = places.into_iter().map(|range| (range, false));
                    self.add(file, places.collect());
                }
            }
        }
        self.in_sentences(wanted);
    }

    /// Where a macro is defined and described, and where it is called.
    fn of_macro(&mut self, key: &MacroKey) {
        if let Some((file, own)) = self.snapshot.macro_of(key) {
            self.add(file, vec![(file.range(own.name_spot), true)]);
        }
        for (file, entry) in self.snapshot.macro_descriptions(key) {
            self.add(file, vec![(file.range(entry.name.spot), true)]);
        }
        for (file, call) in self.snapshot.macro_calls(key) {
            self.add(file, vec![(file.range(call.spot), false)]);
        }
    }

    /// The places of an amendment in the specs of its product.
    fn amendment(&mut self, key: &AmendmentKey) {
        let subject = Subject::Amendment(key.clone());
        for file in self.snapshot.product_files(&key.product) {
            self.in_spec(file, &subject);
        }
    }

    fn where_it_is_made(&mut self, key: &TableKey, wanted: &Wanted) {
        let models = self
            .snapshot
            .table(key)
            .map(|table| table.models.as_slice());
        let files = models.unwrap_or_default().iter().map(|model| model.file);
        let files: BTreeSet<FileId> = files.collect();
        for file in files.into_iter().filter_map(|id| self.snapshot.file(id)) {
            let Some(columns) = Columns::new(self.snapshot, file) else {
                continue;
            };
            let places = match wanted {
                Wanted::Table(table) => {
                    let nodes = BTreeSet::from([Node::Table(table.clone())]);
                    columns.places(&nodes)
                }
                Wanted::Column(_, name) => made(&columns, key, name),
            };
            self.add(file, places);
            if let Wanted::Column(_, name) = wanted {
                let named = configured(&columns.text, name).into_iter();
                self.add(file, named.map(|range| (range, false)).collect());
            }
        }
    }

    fn in_specs(&mut self, wanted: &Wanted) {
        let subject = match wanted {
            Wanted::Table(TableId::Known(key)) => Subject::Table(key.clone()),
            Wanted::Column(TableId::Known(key), name) => Subject::Column(key.clone(), name.clone()),
            _ => return,
        };
        for file in self.snapshot.files() {
            if file.native_spec().is_none() && file.described_tables().is_empty() {
                continue;
            }
            self.in_spec(file, &subject);
        }
    }

    fn in_spec(&mut self, file: &File, subject: &Subject) {
        let same = subject::everywhere(self.snapshot, file).into_iter();
        let same = same.filter(|mention| mention.subject == *subject);
        let places = same.map(|mention| (mention.range, mention.role == Role::Definition));
        let places = places.collect();
        self.add(file, places);
    }

    /// Where sentences of amendments name it.
    fn in_sentences(&mut self, wanted: &Wanted) {
        let Some(word) = wanted.word() else {
            return;
        };
        for file in self.snapshot.files() {
            if file.native_spec().is_some() {
                let spoken = spoken::all(self.snapshot, file, &word).into_iter();
                let places = spoken.filter_map(|spoken| {
                    let range = spoken.range;
                    (Wanted::from(spoken) == *wanted).then_some((range, false))
                });
                let places = places.collect();
                self.add(file, places);
            }
        }
    }

    /// In the order of paths and of the text, each place once.
    fn sorted(mut self) -> Vec<Reference> {
        let path = |file: FileId| self.snapshot.file(file).map(|file| file.path.clone());
        self.references.sort_by_key(|it| {
            let range = it.range;
            // What defines goes before what does not, so that it is the one that is kept.
            (path(it.file), range.start(), range.end(), !it.is_definition)
        });
        self.references
            .dedup_by_key(|it| (it.file, it.range.start(), it.range.end()));
        self.references
    }
}

/// Where the output column of that name is made and mentioned in the file that makes it.
fn made(columns: &Columns<'_>, key: &TableKey, name: &Name) -> Vec<(TextRange, bool)> {
    let outputs = columns.outputs(key, name);
    let links = columns.links(Reach::Statement);
    let above = links.upward(outputs.clone());
    let is_read = above.iter().any(|node| matches!(node, Node::Column(..)));
    // What it is read from is another column, and so are those that only hand that one on.
    let nodes = if is_read {
        links.branches(outputs)
    } else {
        links.downward(above)
    };
    columns.places(&nodes)
}
