//! `orders.customer_id refers to customers.id`.

use super::Asking;
use crate::guarantee::binding;
use index::binding::BoundTable;
use index::{Column, TableKey};
use meaning::derive::Facts as _;
use meaning::guarantee::{self, Answer, Contradiction, Reason};
use spec::guarantee::Path;
use syntax::Name;

impl Asking<'_, '_> {
    /// `refers to`: it is taken unchanged from another entity's key.
    pub(super) fn refers(&self, to: &Path) -> Option<Answer> {
        let snapshot = self.context.snapshot;
        let (table, column) = binding::column(snapshot, self.file, to)?;
        self.context.note(table);
        let is_meant = |at: &(TableKey, Name)| at.0 == table.key && at.1 == column;
        let declared = snapshot.declared(self.file);
        let to = BoundTable::Known(table.key.clone()).reference();
        let same = self.chain(table.column(&column));
        let own = self.column.and_then(|name| self.table.column(name))?;
        for at in self.chain(Some(own)) {
            let (key, name) = &at;
            let from = BoundTable::Known(key.clone()).reference();
            if is_meant(&at) || declared.refers((&from, name), (&to, &column)) {
                return Some(Answer::Holds);
            }
            // What the column that is meant is itself: it may leave rows out.
            if same.contains(&at) {
                break;
            }
            if *name != column && self.is_entity_key(key, name) {
                let message = format!("{key}.{name}, the key of {key}");
                return Some(Answer::Contradicted(Contradiction {
                    at: guarantee::Piece::Whole,
                    now: Some(message),
                    witness: None,
                }));
            }
        }
        Some(Answer::Undecided(Reason::NothingDeclared))
    }

    /// The columns of other tables that a column is, unchanged, the nearest first.
    fn chain(&self, column: Option<&Column>) -> Vec<(TableKey, Name)> {
        let snapshot = self.context.snapshot;
        let mut chain: Vec<(TableKey, Name)> = Vec::new();
        let mut next = column.and_then(|column| column.source.clone());
        while let Some(at) = next.filter(|at| !chain.contains(at)) {
            let table = snapshot.table(&at.0);
            if let Some(table) = table {
                self.context.note(table);
            }
            let column = table.and_then(|table| table.column(&at.1));
            next = column.and_then(|column| column.source.clone());
            chain.push(at);
        }
        chain
    }

    /// Whether a column is the key of an entity: of its table, and no other table's column. The key under
    /// the name of another table's key may be of the same entity.
    fn is_entity_key(&self, key: &TableKey, name: &Name) -> bool {
        let snapshot = self.context.snapshot;
        snapshot.table(key).is_some_and(|table| {
            let is_made_here = table
                .column(name)
                .is_some_and(|column| column.source.is_none());
            let mut described = table.descriptions.iter();
            is_made_here
                && described.any(|id| {
                    snapshot.description(*id).is_some_and(|(_, described)| {
                        matches!(described.grain.as_slice(), [only] if only.value == *name)
                    })
                })
        })
    }
}
