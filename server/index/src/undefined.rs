//! Tables that nothing defines or describes: all that is known of them is that SQL reads them, and which
//! columns it takes.

use crate::file::File;
use crate::snapshot::Snapshot;
use sql::facts::{Model, ReadTarget, TableRef};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use syntax::Name;

impl Snapshot {
    /// The columns that the SQL of a project takes from a table, where it is certain that they are its own.
    pub fn columns_read(&self, project: Option<&Arc<Path>>, table: &TableRef) -> BTreeSet<Name> {
        let Some(name) = table.last_name() else {
            return BTreeSet::new();
        };
        let readers = self.mentioning_anywhere(name);
        let readers = readers.filter(|file| file.project.as_ref() == project);
        let models = readers.filter_map(File::sql);
        let models = models.flat_map(|sql| &sql.models);
        models.flat_map(|model| taken(model, table)).collect()
    }

    /// The tables that the SQL of a project reads and nothing defines, and whose mentions by name or source
    /// fit. Costs a look at each name of the workspace, and at the files with those that may be such.
    pub fn tables_read(
        &self,
        project: Option<&Arc<Path>>,
        fits: impl Fn(&TableRef) -> bool,
    ) -> BTreeSet<TableRef> {
        // In all files of a project a mention leads to the same table.
        let mut mentions: BTreeMap<&TableRef, &File> = BTreeMap::new();
        for (name, files) in self.slots.perhaps_undefined() {
            let files = files.iter().filter_map(|id| self.file(*id));
            for file in files.filter(|file| file.project.as_ref() == project) {
                let models = file.sql().into_iter().flat_map(|sql| &sql.models);
                let tables = models
                    .flat_map(|model| &model.inputs)
                    .map(|input| &input.table);
                let named = tables.filter(|table| table.last_name() == Some(name));
                mentions.extend(named.filter(|table| fits(table)).map(|table| (table, file)));
            }
        }
        let mentions = mentions.into_iter();
        let undefined = mentions.filter(|(table, file)| self.resolve(file, table).is_none());
        undefined.map(|(table, _)| table.clone()).collect()
    }
}

/// The columns that a model takes from a table.
fn taken<'m>(model: &'m Model, table: &TableRef) -> impl Iterator<Item = Name> + use<'m> {
    let own: BTreeSet<u32> = (0..)
        .zip(&model.inputs)
        .filter(|(_, input)| input.table == *table)
        .map(|(ordinal, _)| ordinal)
        .collect();
    model
        .reads
        .iter()
        .filter_map(move |read| match &read.target {
            ReadTarget::Input(source) if source.inputs.iter().all(|input| own.contains(input)) => {
                Some(source.column.clone())
            }
            _ => None,
        })
}
