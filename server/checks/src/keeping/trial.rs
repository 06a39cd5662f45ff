//! An edit of a model that is tried before it is offered.

use super::model::Model;
use crate::context::Context;
use crate::drift::between_forms;
use crate::guarantee::{Levels, verdict};
use index::{File, Snapshot, Table};
use meaning::derive::{Nullability, nullability_in};
use meaning::difference::{Change, ColumnChange, Difference};
use meaning::guarantee::Answer;
use spec::guarantee::Guarantee;
use sql::facts::TableRef;
use sql::relation::{Body, Expression, Operator, Query, RelationId};
use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;
use syntax::{Name, TextEdit};

/// So many edits are tried for one sentence.
const MOST_TRIALS: usize = 24;

/// A sentence, and the model whose SQL is to keep it.
pub(crate) struct Trial<'s> {
    pub(super) model: Model<'s>,
    guarantee: &'s Guarantee,
    tries: Cell<usize>,
    broken_before: OnceCell<BTreeSet<String>>,
}

impl<'s> Trial<'s> {
    /// Of a sentence that `spec` states, and the model of `table`.
    pub(super) fn new(
        snapshot: &'s Snapshot,
        spec: &'s File,
        table: &'s Table,
        guarantee: &'s Guarantee,
    ) -> Option<Trial<'s>> {
        Some(Trial {
            model: Model::new(snapshot, spec, table)?,
            guarantee,
            tries: Cell::new(0),
            broken_before: OnceCell::new(),
        })
    }

    /// The column that the sentence is about.
    pub(super) fn column(&self) -> Option<&'s Name> {
        let parts = &self.guarantee.subject().parts;
        let is_table = self.model.table.key.parts.ends_with(parts);
        parts.last().filter(|_| !is_table)
    }

    /// Whether the sentence holds after `edits`, no other one is broken by them, and `others` accepts what
    /// becomes of everything that the model gives.
    pub(super) fn succeeds(
        &self,
        edits: &[TextEdit],
        others: fn(&Change, &[Became<'_>]) -> bool,
    ) -> bool {
        let tried = self.tries.replace(self.tries.get() + 1);
        let attempt = || {
            let is_one_more = tried < MOST_TRIALS;
            let snapshot = is_one_more.then(|| self.model.after(edits))??;
            let context = Context::for_fixes(&snapshot);
            let spec = snapshot.file(self.model.spec.id)?;
            let table = snapshot.table(&self.model.table.key)?;
            let levels = Levels::of(&context, table);
            let is_kept = self.is_kept(&context, spec, table, &levels)?;
            let difference = is_kept.then(|| self.difference(&snapshot, table))??;
            let columns = difference.columns.iter();
            let columns: Vec<Became<'_>> = columns
                .map(|column| Became {
                    is_subject: column.name.is_some() && column.name.as_ref() == self.column(),
                    change: &column.change,
                })
                .collect();
            let breaks_more = || {
                let before = self
                    .broken_before
                    .get_or_init(|| self.model.broken_before());
                let after = self.model.broken(&context, table, &levels);
                !after.is_subset(before)
            };
            Some(others(&difference.rows.change, &columns) && !breaks_more())
        };
        attempt().unwrap_or(false)
    }

    /// Whether what the last condition of a `SELECT` negates may be `NULL` after `edits`.
    pub(super) fn last_filter_may_be_null(&self, edits: &[TextEdit], id: RelationId) -> bool {
        let is_never_null = || {
            let snapshot = self.model.after(edits)?;
            let table = snapshot.table(&self.model.table.key)?;
            let now = snapshot.named_query(snapshot.defining_model(table)?)?;
            let mut last = now.query.relation(id).select()?.filter.as_ref()?;
            while let Expression::Operation(operation) = last
                && let (Operator::And | Operator::Not, Some(inner)) =
                    (operation.operator, operation.operands.last())
            {
                last = inner;
            }
            let nullability = nullability_in(&now.query, id, last, &now.declared());
            Some(nullability == Nullability::Never)
        };
        !is_never_null().unwrap_or(false)
    }

    /// Whether the sentence holds in another state.
    pub(super) fn holds_in(&self, snapshot: &Snapshot) -> Option<bool> {
        let context = Context::for_fixes(snapshot);
        let spec = snapshot.file(self.model.spec.id)?;
        let table = snapshot.table(&self.model.table.key)?;
        self.is_kept(&context, spec, table, &Levels::of(&context, table))
    }

    fn is_kept<'t>(
        &self,
        context: &Context<'t>,
        spec: &File,
        table: &Table,
        levels: &Levels<'t>,
    ) -> Option<bool> {
        Some(match self.guarantee {
            // The table has the columns that it had: its query tells.
            Guarantee::Exists(_) => self.is_selected(context.snapshot, table)?,
            Guarantee::Absent(_) => !self.is_selected(context.snapshot, table)?,
            guarantee => {
                let verdict = verdict(context, spec, table, guarantee, levels);
                verdict.answer == Answer::Holds
            }
        })
    }

    /// Whether the query gives the column under its name; `None` where it can't be read.
    fn is_selected(&self, trial: &Snapshot, table: &Table) -> Option<bool> {
        let query = trial.named_query(trial.defining_model(table)?)?.query;
        let is_known = !matches!(query.root().body, Body::Unknown { .. });
        let column = self.column()?;
        is_known.then(|| query.root().position(column).is_some())
    }

    fn difference(&self, trial: &Snapshot, table: &Table) -> Option<Difference> {
        let now = trial.named_query(trial.defining_model(table)?)?;
        if filters_groups(&now.query) {
            return None;
        }
        let upstream = |name: &TableRef| {
            let before = self.model.snapshot;
            let table = before.table(self.model.named.key(name)?);
            let model = before.defining_model(table.filter(|table| !table.cyclic)?)?;
            Some(before.named_query(model)?.query)
        };
        Some(between_forms(
            &self.model.named.query,
            &upstream,
            &now,
            trial,
        ))
    }
}

/// Whether a `WHERE` asks for what is known only once its rows are grouped or sorted: no database runs that.
fn filters_groups(query: &Query) -> bool {
    let selects = query
        .relations
        .iter()
        .filter_map(|relation| relation.select());
    let mut filters = selects.filter_map(|select| select.filter.as_ref());
    filters.any(|filter| {
        let mut is_late = false;
        filter.for_each(&mut |part| {
            is_late |= matches!(part, Expression::Aggregate(_) | Expression::Window(_));
        });
        is_late
    })
}

/// What becomes of a column.
pub(super) struct Became<'d> {
    /// It is the one that the sentence is about.
    pub(super) is_subject: bool,
    pub(super) change: &'d ColumnChange,
}

/// Nothing but the column that the sentence is about becomes another.
pub(super) fn only_the_subject(rows: &Change, columns: &[Became<'_>]) -> bool {
    let mut others = columns.iter().filter(|column| !column.is_subject);
    *rows == Change::Same && others.all(|column| *column.change == ColumnChange::Same)
}

/// Every column means what it meant; which rows there are is another matter.
pub(super) fn only_the_rows(_: &Change, columns: &[Became<'_>]) -> bool {
    columns
        .iter()
        .all(|column| *column.change == ColumnChange::Same)
}
