//! What an open amendment is to say besides, where what it asks for takes columns away: which these are, and
//! which earlier sentences that ends.

use crate::context::{Context, product_of};
use crate::drift::coverage::{Called, Part};
use crate::drift::locking_description;
use crate::fix::sheet::{Path, Sheet};
use crate::fix::{Fixing, amendment, supersede};
use index::{File, TableKey};
use spec::guarantee::{Guarantee, parse};
use spec::model::Amendment;
use std::collections::BTreeSet;
use syntax::Name;
use syntax::yaml::Value;

/// What is to be added to an amendment.
pub(super) struct Besides<'a> {
    /// The spec that it stands in.
    pub(super) file: &'a File,
    amendment: &'a Amendment,
    changes: Vec<String>,
    supersedes: Vec<Value>,
}

impl<'a> Besides<'a> {
    /// What is missing in `amendment`, which `file` states, once some columns are gone. `None` where nothing
    /// is, and where it is done: what it says is history then.
    pub(super) fn of(
        fixing: &Fixing<'_>,
        file: &'a File,
        amendment: &'a Amendment,
        gone: &BTreeSet<(TableKey, Name)>,
    ) -> Option<Besides<'a>> {
        if !amendment.is_open() {
            return None;
        }
        let context = Context::for_fixes(fixing.snapshot);
        let product = product_of(file)?;
        let sentences = amendment.guarantees.iter();
        let sentences = sentences.filter_map(|sentence| parse(&sentence.value).ok());
        let sentences: Vec<Guarantee> = sentences.collect();
        let mut besides = Besides {
            file,
            amendment,
            changes: Vec::new(),
            supersedes: Vec::new(),
        };
        for (key, column) in gone {
            let table = fixing.snapshot.table(key)?;
            let ended = supersede::in_force_about(fixing, &product, table, column).into_iter();
            let ended = ended.filter(|agreed| !supersede::is_listed(amendment, agreed));
            let items = ended
                .map(|agreed| amendment::superseded(agreed.amendment, agreed.text.value.trim()));
            besides
                .supersedes
                .extend(items.collect::<Option<Vec<Value>>>()?);
            let spec = locking_description(&context, table);
            let spec = spec.filter(|spec| product_of(spec.file).as_ref() == Some(&product));
            let Some(spec) = spec else {
                continue;
            };
            let (called, part) = (Called::new(table, spec.entry), Part::Column(column));
            let mut changes = amendment.changes.iter();
            let is_named = changes.any(|change| called.is_part(&change.value, &part))
                || sentences.iter().any(|own| called.is_guaranteed(own, &part));
            if !is_named {
                besides.changes.push(format!("{}.{column}", spec.name()));
            }
        }
        let is_needed = !besides.changes.is_empty() || !besides.supersedes.is_empty();
        is_needed.then_some(besides)
    }

    /// The way to the amendment in `sheet`, before anything else of that is edited.
    pub(super) fn path(&self, sheet: &Sheet<'_>) -> Option<Path> {
        sheet.path_of(self.file.range(self.amendment.entry))
    }

    /// Adds what is missing to the amendment at `path`.
    pub(super) fn put(&self, sheet: &mut Sheet<'_>, path: &Path) -> Option<()> {
        for change in &self.changes {
            amendment::change_also(sheet, path, Value::text(change.as_str()))?;
        }
        for item in &self.supersedes {
            amendment::supersede(sheet, path, item.clone())?;
        }
        Some(())
    }
}
