//! Whether what makes a table can be read as it stands. What can't, as while it is typed, is open: it has
//! not lost its conditions, nor its columns.

use crate::file::{File, FileKind, ProblemKind, SqlRole};
use crate::relations::{FileRelations, is_known};
use crate::snapshot::Snapshot;
use crate::table::{Column, ModelId, Table, TableKey};
use sql::SqlFacts;
use sql::facts::ModelKind;
use std::collections::BTreeSet;

impl Snapshot {
    /// Whether something makes a table and nothing is known of what it gives.
    pub fn is_unreadable(&self, table: &Table) -> bool {
        let mut models = table.models.iter();
        models.any(|model| self.is_unreadable_model(*model))
    }

    /// Whether a table is made by SQL that can't be read, itself or upstream.
    pub fn is_over_unreadable(&self, table: &Table) -> bool {
        let mut seen: BTreeSet<&TableKey> = BTreeSet::new();
        let mut waiting = vec![table];
        let mut is_over = self.is_unreadable(table);
        while let Some(table) = waiting.pop().filter(|_| !is_over) {
            is_over = self.is_half_typed(table);
            for (file, model) in table.models.iter().filter_map(|id| self.model(*id)) {
                let inputs = model.inputs.iter();
                let read = inputs.filter_map(|input| self.resolve(file, &input.table));
                let read = read.map(|upstream| &**upstream);
                waiting.extend(read.filter(|upstream| seen.insert(&upstream.key)));
            }
        }
        is_over
    }

    /// Whether SQL that can't be read leaves open what gives a column its value, itself or where it is taken
    /// from unchanged: what it is may be known once that is typed. Of a statement that can't be read, an
    /// entry may well be: one that computes its column, or takes it from a table that is known to have it.
    pub fn is_from_unreadable(&self, table: &Table, column: &Column) -> bool {
        let mut seen = BTreeSet::new();
        let (mut table, mut column) = (table, column);
        loop {
            if column.is_computed {
                return false;
            }
            let source = column.source.as_ref().filter(|at| seen.insert(*at));
            let above = source.and_then(|(key, name)| {
                let above = self.table(key)?;
                Some((above, above.column(name)?))
            });
            match above {
                Some((above, taken)) => (table, column) = (above, taken),
                None => return self.is_half_typed(table),
            }
        }
    }

    /// Whether a statement that makes a table does not parse. Makes no query where all of its file parses,
    /// so a template that only fails when it is rendered is not noticed.
    fn is_half_typed(&self, table: &Table) -> bool {
        let mut models = table.models.iter();
        models.any(|id| {
            let file = self.file(id.file);
            file.is_some_and(has_unread) && self.is_unreadable_model(*id)
        })
    }

    fn is_unreadable_model(&self, id: ModelId) -> bool {
        let is_data = |file: &File| file.kind == FileKind::Seed;
        if self.file(id.file).is_none_or(is_data) {
            return false;
        }
        let Some((_, model)) = self.model(id) else {
            return true;
        };
        let query = |(relations, at): (FileRelations, usize)| relations.full.get(at).cloned();
        let lowered = self.relation(id).and_then(query);
        model.kind != ModelKind::Declaration && !lowered.is_some_and(|lowered| is_known(&lowered))
    }
}

/// Whether SQL of a file can't be read: a statement does not parse, or a model has none, as where the block of a
/// template is opened before it.
pub fn has_unread(file: &File) -> bool {
    let mut problems = file.problems.iter();
    let is_model = file.kind == FileKind::Sql(SqlRole::Model);
    let is_empty = |sql: &SqlFacts| sql.models.is_empty() && !sql.is_blank;
    is_model && file.sql().is_none_or(is_empty)
        || problems.any(|problem| matches!(problem.kind, ProblemKind::Sql(_)))
}
