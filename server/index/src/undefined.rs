//! Tables that nothing defines or describes: all that is known of them is that SQL reads them, and which
//! columns it takes.

use crate::snapshot::Snapshot;
use sql::facts::{Model, ReadTarget, TableRef};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use syntax::Name;

/// So many mentions are looked at to list such tables.
const MOST_MENTIONS: usize = 4_000;

impl Snapshot {
    /// The columns that the SQL of a project takes from a table, where it is certain that they are its own.
    pub fn columns_read(&self, project: Option<&Arc<Path>>, table: &TableRef) -> BTreeSet<Name> {
        let Some(name) = table.last_name() else {
            return BTreeSet::new();
        };
        let mut readers = self.mentioning(name);
        readers.retain(|file| file.project.as_ref() == project);
        let models = readers.into_iter().filter_map(|file| file.sql());
        let models = models.flat_map(|sql| &sql.models);
        models.flat_map(|model| taken(model, table)).collect()
    }

    /// The tables that the SQL of a project reads and nothing defines, and whose mentions fit; not all of
    /// them where there are very many.
    pub fn tables_read(
        &self,
        project: Option<&Arc<Path>>,
        fits: impl Fn(&TableRef) -> bool,
    ) -> BTreeSet<TableRef> {
        let files = self.files().into_iter();
        let files = files.filter(|file| file.project.as_ref() == project);
        let mentions = files.flat_map(|file| {
            let models = file.sql().into_iter().flat_map(|sql| &sql.models);
            let inputs = models.flat_map(|model| &model.inputs);
            inputs.map(move |input| (file, &input.table))
        });
        let fitting = mentions
            .filter(|(_, table)| fits(table))
            .take(MOST_MENTIONS);
        let undefined = fitting.filter(|(file, table)| self.resolve(file, table).is_none());
        undefined.map(|(_, table)| table.clone()).collect()
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
