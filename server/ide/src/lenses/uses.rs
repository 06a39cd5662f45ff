//! The places in SQL that read a table or a column of it, as the facts of the files that read it tell.

use crate::lookup;
use index::{FileId, Snapshot, TableKey};
use sql::facts::ReadTarget;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Name, Spot, TextRange};

/// The places that read a table, and those that read each of its columns by name.
#[derive(Debug, Default)]
pub(super) struct Uses {
    whole: BTreeSet<(FileId, Spot)>,
    columns: BTreeMap<Name, BTreeSet<(FileId, Spot)>>,
}

impl Uses {
    pub(super) fn of(snapshot: &Snapshot, key: &TableKey) -> Uses {
        let mut uses = Uses::default();
        for file in snapshot.readers(key) {
            let models = file.sql().map_or(&[][..], |sql| &sql.models);
            for model in models {
                let inputs = model.inputs.iter();
                let leading = inputs.filter(|input| {
                    let table = snapshot.resolve(file, &input.table);
                    table.is_some_and(|table| table.key == *key)
                });
                let before = uses.whole.len();
                uses.whole
                    .extend(leading.map(|input| (file.id, input.spot)));
                if uses.whole.len() == before {
                    continue;
                }
                for read in &model.reads {
                    let ReadTarget::Input(source) = &read.target else {
                        continue;
                    };
                    let table = lookup::table_of_source(snapshot, file, model, source);
                    if table.is_some_and(|table| table.key == *key) {
                        let places = uses.columns.entry(source.column.clone());
                        places.or_default().insert((file.id, read.spot));
                    }
                }
            }
        }
        uses
    }

    /// How many places read the column, or the table.
    pub(super) fn count(&self, column: Option<&Name>) -> usize {
        self.set(column).map_or(0, BTreeSet::len)
    }

    /// These places, in the order of paths and of the text.
    pub(super) fn places(
        &self,
        snapshot: &Snapshot,
        column: Option<&Name>,
    ) -> Vec<(FileId, TextRange)> {
        let set = self.set(column).into_iter().flatten();
        let mut places: Vec<_> = set
            .filter_map(|(file, spot)| {
                let file = snapshot.file(*file)?;
                Some((&file.path, file.id, file.range(*spot)))
            })
            .collect();
        places.sort_by_key(|(path, _, range)| (path.to_path_buf(), range.start(), range.end()));
        let places = places.into_iter();
        places.map(|(_, file, range)| (file, range)).collect()
    }

    fn set(&self, column: Option<&Name>) -> Option<&BTreeSet<(FileId, Spot)>> {
        match column {
            Some(column) => self.columns.get(column),
            None => Some(&self.whole),
        }
    }
}
