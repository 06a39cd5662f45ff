//! Edits of the words of specs: what people read, and no answer depends on.

use index::{Facts, FileId, Reached, Snapshot};
use spec::model::{Column, Field, Table};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the specs said when they were looked at last.
#[derive(Debug, Default)]
pub(super) struct Specs {
    facts: BTreeMap<FileId, Arc<Facts>>,
}

impl Specs {
    /// Follows what was reached. Whether nothing says anything else but words: descriptions, reasons and
    /// requirements, each where there was one.
    pub(super) fn update(&mut self, snapshot: &Snapshot, reached: &Reached) -> bool {
        if reached.everything {
            let files = snapshot.files().into_iter();
            let files = files.map(|file| (file.id, Arc::clone(&file.facts)));
            self.facts = files.filter(|(_, facts)| is_spec(facts)).collect();
            return false;
        }
        // Of a SQL file the text alone may have changed, and with it what it means.
        let mut only_words = !reached.changed.is_empty() && reached.files == reached.changed;
        for id in &reached.changed {
            let was = self.facts.remove(id);
            let now = snapshot.file(*id).map(|file| &file.facts);
            let now = now.filter(|facts| is_spec(facts));
            if let Some(now) = now {
                self.facts.insert(*id, Arc::clone(now));
            }
            only_words &= match (was, now) {
                // What is the same has changed in another way: it may be excluded now.
                (Some(was), Some(now)) => was != *now && without_words(&was) == without_words(now),
                _ => false,
            };
        }
        only_words
    }
}

fn is_spec(facts: &Facts) -> bool {
    matches!(facts, Facts::NativeSpec(_) | Facts::DbtProperties(_))
}

fn without_words(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    match &mut facts {
        Facts::NativeSpec(spec) => {
            blank(&mut spec.description);
            spec.tables.iter_mut().for_each(blank_table);
            for amendment in &mut spec.amendments {
                blank(&mut amendment.requirement);
            }
        }
        Facts::DbtProperties(properties) => {
            properties.tables.iter_mut().for_each(blank_table);
            for described in &mut properties.macros {
                blank(&mut described.description);
            }
        }
        _ => {}
    }
    facts
}

fn blank_table(table: &mut Table) {
    blank(&mut table.description);
    blank(&mut table.why);
    table.columns.iter_mut().for_each(blank_column);
}

fn blank_column(column: &mut Column) {
    blank(&mut column.description);
    blank(&mut column.why);
}

fn blank(words: &mut Option<Field<String>>) {
    if let Some(words) = words {
        words.value.clear();
    }
}
