//! The lines of one table.

use super::{LockLine, LockOutcome, LockRequest, whole};
use crate::context::Context;
use crate::drift::columns::{
    RenamedColumns, difference_by_names_of_now, last_part, old_name, parts_of,
};
use crate::drift::coverage::{Called, Coverage, Part};
use crate::drift::renamed::Renamed;
use crate::drift::upstream::Upstream;
use crate::drift::{between_forms, incremental, is_half_typed};
use index::lock::{entry_of, query_of};
use index::named::NamedQuery;
use index::{File, ModelId, Table};
use meaning::difference::{Change, ColumnChange, ColumnDifference, Version, difference_of_forms};
use spec::lock::{ColumnLock, TableLock};
use spec::model::AmendmentId;
use sql::Dialect;
use sql::facts::TableRef;
use sql::relation::{Body, Query};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// What a lock is brought up to date with.
pub(super) struct Updating<'u, 's> {
    pub(super) context: &'u Context<'s>,
    /// The spec whose lock it is.
    pub(super) spec: &'u File,
    /// The names of today, of the product whose lock it is.
    pub(super) renamed: Renamed<'s>,
    pub(super) coverage: &'u Coverage<'s>,
    pub(super) request: &'u LockRequest,
    pub(super) dialect: Dialect,
    /// There is no lock yet: the first one is asked for.
    pub(super) is_first: bool,
}

/// What is to become of each part of a table.
#[derive(Default)]
struct Plan {
    /// What last covered each column that is to be as it is now.
    columns: BTreeMap<Name, Option<AmendmentId>>,
    /// Columns that stay as they were, though they differ.
    kept: BTreeSet<Name>,
    /// Columns that are taken out.
    dropped: BTreeSet<Name>,
    /// What last covered the rows.
    rows_by: Option<AmendmentId>,
    /// The rows stay as they were, though they differ.
    keeps_rows: bool,
    /// What an incremental run filters by stays as it was, though it differs.
    keeps_incremental: bool,
    /// Something changes.
    changes: bool,
    lines: Vec<LockLine>,
}

impl Updating<'_, '_> {
    /// The entry of a table, and what happens to its lines; `None` for one that is not written.
    pub(super) fn table(
        &self,
        table: &Table,
        called: &Called<'_>,
        olds: &[TableLock],
        lines: &mut Vec<LockLine>,
    ) -> Option<TableLock> {
        let model = self.context.snapshot.defining_model(table)?;
        let snapshot = self.context.snapshot;
        let name = table.key.to_string();
        let is_unknown =
            |now: &NamedQuery<'_>| matches!(now.query.root().body, Body::Unknown { .. });
        let now = snapshot.named_query(model);
        let now = now.filter(|now| olds.is_empty() || !is_unknown(now));
        let Some(now) = now.filter(|_| !is_half_typed(snapshot, model)) else {
            // What was agreed stays: nothing says that it is gone.
            let is_said = !olds.is_empty() || is_half_typed(snapshot, model);
            lines.extend(is_said.then(|| whole(&name, LockOutcome::Unknown)));
            return olds.first().cloned();
        };
        let fresh = TableLock {
            incremental: self
                .context
                .snapshot
                .incremental_filter(model, self.dialect),
            ..entry_of(&name, &now.query, self.dialect)
        };
        let Some(old) = olds.first() else {
            return self.first(called, fresh, lines);
        };
        let plan = self.plan(table, called, olds, &fresh, (model, &now));
        if olds.len() == 1 && !plan.changes {
            lines.extend(plan.lines);
            return Some(old.clone());
        }
        let (entry, said) = self.carried_out(plan, old, fresh, &now);
        lines.extend(said);
        Some(entry)
    }

    /// The entry of a table that no lock knows.
    fn first(
        &self,
        called: &Called<'_>,
        mut fresh: TableLock,
        lines: &mut Vec<LockLine>,
    ) -> Option<TableLock> {
        let only = self.request.amendment.as_ref();
        let columns = fresh.columns.iter();
        let columns: Vec<Name> = columns.map(|column| Name::new(&column.name)).collect();
        let bringing = self.coverage.bringing(called, &columns, only);
        let bringing = bringing.filter(|_| !self.is_first);
        let by = |part: &Part<'_>| match self.request.is_initial {
            true => self.coverage.naming(called, part).cloned(),
            false => {
                let covering = self.coverage.covering(called, part, None, only);
                covering.or(bringing).cloned()
            }
        };
        let mut refused = false;
        let mut own = Vec::new();
        let mut line = |column: Option<&str>, by: Option<AmendmentId>, is_known: bool| {
            let outcome = match (is_known, &by, self.request.is_initial) {
                (false, _, _) => LockOutcome::Unknown,
                (true, None, false) => {
                    refused = true;
                    LockOutcome::Refused(self.reason("It is new"))
                }
                (true, ..) => LockOutcome::Written { by: by.clone() },
            };
            own.push(LockLine {
                table: fresh.name.clone(),
                column: column.map(str::to_owned),
                outcome,
            });
            by
        };
        fresh.rows_by = line(None, by(&Part::Rows), fresh.rows.is_some());
        for column in &mut fresh.columns {
            let name = Name::new(&column.name);
            let is_known = column.means.is_some();
            column.by = line(Some(&column.name), by(&Part::Column(&name)), is_known);
        }
        if refused {
            // Half a table can't be read back.
            own.retain(|line| matches!(line.outcome, LockOutcome::Refused(_)));
            lines.extend(own);
            return None;
        }
        lines.extend(own);
        Some(fresh)
    }

    fn reason(&self, what: &str) -> String {
        match &self.request.amendment {
            Some(id) => format!(
                "{what}, and amendment `{id}` does not cover it: it does not name it, or was done when it \
                 was locked last."
            ),
            None => format!("{what}, and no amendment says so."),
        }
    }

    /// What is to become of each part, whichever of the old entries agrees with it.
    fn plan(
        &self,
        table: &Table,
        called: &Called<'_>,
        olds: &[TableLock],
        fresh: &TableLock,
        (model, now): (ModelId, &NamedQuery<'_>),
    ) -> Plan {
        let name = &fresh.name;
        let compared: Vec<Compared<'_>> = olds
            .iter()
            .map(|old| self.compared(old, model, now, table))
            .collect();
        let others = compared.iter().flat_map(|compared| &compared.others);
        let others: Vec<ColumnDifference> = others.cloned().collect();
        let renamed_columns =
            RenamedColumns::of_new(self.context.snapshot, self.spec, table, &others);
        let only = self.request.amendment.as_ref();
        let mut plan = Plan {
            changes: compared.iter().any(|compared| compared.is_renamed),
            ..Plan::default()
        };
        let line = |column: Option<&Name>, outcome| LockLine {
            table: name.clone(),
            column: column.map(ToString::to_string),
            outcome,
        };
        // The rows.
        let of_run = compared
            .iter()
            .find(|it| it.same_rows && it.same_incremental);
        let same = of_run.or_else(|| compared.iter().find(|it| it.same_rows));
        let by = olds.first().and_then(|old| old.rows_by.clone());
        let was_known = olds.iter().any(|old| old.rows.is_some());
        match same {
            Some(same) if same.same_incremental => {
                plan.rows_by = same.old.rows_by.clone();
                plan.changes |= same.old.incremental != fresh.incremental;
            }
            None if fresh.rows.is_none() => {
                plan.rows_by = by;
                plan.keeps_rows = was_known;
                plan.keeps_incremental = was_known;
                if was_known {
                    plan.lines.push(line(None, LockOutcome::Unknown));
                }
            }
            None if !was_known => {
                plan.changes = true;
                plan.lines
                    .push(line(None, LockOutcome::Written { by: by.clone() }));
                plan.rows_by = by;
            }
            _ => match self
                .coverage
                .covering(called, &Part::Rows, by.as_ref(), only)
            {
                Some(id) => {
                    plan.changes = true;
                    plan.rows_by = Some(id.clone());
                    let by = Some(id.clone());
                    plan.lines.push(line(None, LockOutcome::Written { by }));
                }
                None => {
                    plan.rows_by = by;
                    plan.keeps_rows = same.is_none();
                    plan.keeps_incremental = true;
                    let reason = self.reason(match same {
                        Some(_) => "What an incremental run filters by is something else",
                        None => "The rows are others",
                    });
                    plan.lines.push(line(None, LockOutcome::Refused(reason)));
                }
            },
        }
        // The columns.
        for column in &fresh.columns {
            let name = Name::new(&column.name);
            let old = compared
                .iter()
                .find_map(|compared| compared.old.column(&column.name));
            let same = compared
                .iter()
                .find(|compared| compared.same.contains(&name));
            if let Some(same) = same {
                let by = same.old.column(&column.name).and_then(|old| old.by.clone());
                plan.columns.insert(name, by);
                continue;
            }
            let by = old.and_then(|old| old.by.clone());
            let was_known = old.is_some_and(|old| old.means.is_some());
            let difference = compared.iter().find_map(|compared| compared.other(&name));
            let renamed = difference.and_then(old_name);
            if column.means.is_none() {
                // It can't be told now; what was agreed stays, be it under the name that it had.
                let is_known = |name: &&Name| {
                    let mut lines = olds.iter().filter_map(|old| old.column(name.as_str()));
                    lines.any(|line| line.means.is_some())
                };
                match std::iter::once(&name).chain(renamed).find(is_known) {
                    Some(agreed) => {
                        plan.kept.insert(agreed.clone());
                        plan.lines.push(line(Some(&name), LockOutcome::Unknown));
                    }
                    None => {
                        plan.columns.insert(name, by);
                    }
                }
                continue;
            }
            if old.is_some() && !was_known {
                plan.changes = true;
                plan.columns.insert(name, by);
                continue;
            }
            let last = |part: &Part<'_>| {
                let part = match difference {
                    Some(column) => last_part(&name, column, part),
                    None => part.clone(),
                };
                let (Part::Column(name) | Part::Name(name)) = part else {
                    return None;
                };
                let mut lines = olds.iter().filter_map(|lock| lock.column(name.as_str()));
                lines.find_map(|line| line.by.as_ref())
            };
            let parts = match difference {
                Some(column) => parts_of(&name, column, &renamed_columns, olds.first()),
                None => vec![Part::Column(&name)],
            };
            let mut covering = parts
                .iter()
                .filter_map(|part| self.coverage.covering(called, part, last(part), only));
            match covering.next() {
                Some(id) => {
                    plan.changes = true;
                    let by = Some(id.clone());
                    plan.lines
                        .push(line(Some(&name), LockOutcome::Written { by: by.clone() }));
                    plan.columns.insert(name, by);
                    plan.dropped.extend(renamed.cloned());
                }
                None => {
                    let change = difference.map(|column| &column.change);
                    let reason = self.reason(match (old.is_some() || renamed.is_some(), change) {
                        (_, Some(ColumnChange::Renamed(_))) => "It had another name",
                        (true, _) => "It means something else",
                        (false, _) => "It is new",
                    });
                    plan.lines
                        .push(line(Some(&name), LockOutcome::Refused(reason)));
                    plan.kept.insert(name);
                    plan.kept.extend(renamed.cloned());
                }
            }
        }
        // What is gone.
        for column in olds.iter().flat_map(|old| &old.columns) {
            let name = Name::new(&column.name);
            let is_listed = plan.columns.contains_key(&name)
                || plan.kept.contains(&name)
                || plan.dropped.contains(&name);
            if is_listed {
                continue;
            }
            let by = column.by.as_ref();
            // Of what nobody can tell the meaning of, a rename is believed.
            let part = match column.means {
                Some(_) => Part::Column(&name),
                None => Part::Name(&name),
            };
            match self.coverage.covering(called, &part, by, only) {
                Some(id) => {
                    plan.changes = true;
                    let by = Some(id.clone());
                    plan.lines
                        .push(line(Some(&name), LockOutcome::Removed { by }));
                    plan.dropped.insert(name);
                }
                None => {
                    let reason = self.reason("It is gone");
                    plan.lines
                        .push(line(Some(&name), LockOutcome::Refused(reason)));
                    plan.kept.insert(name);
                }
            }
        }
        plan
    }

    fn compared<'o>(
        &self,
        old: &'o TableLock,
        model: ModelId,
        now: &NamedQuery<'_>,
        table: &Table,
    ) -> Compared<'o> {
        let mut compared = Compared {
            old,
            is_renamed: false,
            same: BTreeSet::new(),
            same_rows: false,
            same_incremental: false,
            others: Vec::new(),
        };
        let Some(was) = query_of(old, self.dialect) else {
            return compared;
        };
        let read = self.renamed.now(&was);
        compared.is_renamed = read.is_some() || old.name != table.key.to_string();
        let was = read.unwrap_or(was);
        let upstream = Upstream {
            context: self.context,
            renamed: &self.renamed,
            was: &was,
        };
        let upstream = |name: &TableRef| upstream.query(name);
        let snapshot = self.context.snapshot;
        let compare = |was: &Query| between_forms(was, &upstream, now, snapshot);
        let difference = difference_by_names_of_now(snapshot, self.spec, table, &was, &compare);
        compared.same_rows = old.rows.is_some() && difference.rows.change == Change::Same;
        compared.same_incremental = !self.filters_otherwise(old, model, table);
        for column in difference.columns {
            match &column.name {
                Some(name) if column.change == ColumnChange::Same && has_same_type(&column) => {
                    compared.same.insert(name.clone());
                }
                _ => compared.others.push(column),
            }
        }
        compared
    }

    /// Whether an incremental run is not shown to filter by what an old entry says.
    fn filters_otherwise(&self, old: &TableLock, model: ModelId, table: &Table) -> bool {
        let snapshot = self.context.snapshot;
        let compare = |was: &Query, now: &NamedQuery<'_>| {
            let was = incremental::with_names_of_now(was, table, &self.renamed);
            let upstream = Upstream {
                context: self.context,
                renamed: &self.renamed,
                was: &was,
            };
            let of = incremental::besides_this(&upstream);
            let difference = between_forms(upstream.was, &of, now, snapshot);
            (difference.rows.change != Change::Same).then_some(())
        };
        incremental::rows(snapshot, model, old, self.dialect, compare).is_some()
    }

    /// The entry that the plan makes. What can't be written without something that is to stay is
    /// refused as well.
    fn carried_out(
        &self,
        mut plan: Plan,
        old: &TableLock,
        fresh: TableLock,
        now: &NamedQuery<'_>,
    ) -> (TableLock, Vec<LockLine>) {
        let keeps_all = plan.kept.is_empty() && !plan.keeps_rows;
        if keeps_all {
            let entry = assembled(&plan, &fresh, old, &fresh);
            return (entry, plan.lines);
        }
        let was = query_of(old, self.dialect);
        let fits = |entry: &TableLock| {
            let query = query_of(entry, self.dialect);
            query
                .zip(was.as_ref())
                .is_some_and(|(query, was)| is_as_planned(&plan, entry, &query, was, &now.query))
        };
        let mut bases = Vec::new();
        if !plan.keeps_rows {
            bases.push(&fresh);
        }
        bases.push(old);
        for rows in bases {
            let entry = assembled(&plan, rows, old, &fresh);
            if fits(&entry) {
                return (entry, plan.lines);
            }
        }
        for line in &mut plan.lines {
            if !matches!(line.outcome, LockOutcome::Refused(_) | LockOutcome::Unknown) {
                let reason = "It can't be written without the rest of the table, which no \
                              amendment covers.";
                line.outcome = LockOutcome::Refused(reason.to_owned());
            }
        }
        (old.clone(), plan.lines)
    }
}

/// How an old entry compares with what the model means.
struct Compared<'o> {
    old: &'o TableLock,
    same: BTreeSet<Name>,
    same_rows: bool,
    /// An incremental run filters by the same.
    same_incremental: bool,
    /// The columns that differ, or may.
    others: Vec<ColumnDifference>,
    /// It says names that are others today.
    is_renamed: bool,
}

impl Compared<'_> {
    /// How a column differs that is there now.
    fn other(&self, name: &Name) -> Option<&ColumnDifference> {
        let mut others = self.others.iter();
        others.find(|column| {
            column.name.as_ref() == Some(name) && column.change != ColumnChange::Removed
        })
    }
}

fn has_same_type(column: &ColumnDifference) -> bool {
    column.types().is_none()
}

/// The rows of `rows`, and the columns that the plan says, from `fresh` or from `old`.
fn assembled(plan: &Plan, rows: &TableLock, old: &TableLock, fresh: &TableLock) -> TableLock {
    let mut columns: Vec<ColumnLock> = Vec::new();
    for column in &fresh.columns {
        let name = Name::new(&column.name);
        if let Some(by) = plan.columns.get(&name) {
            columns.push(ColumnLock {
                by: by.clone(),
                ..column.clone()
            });
        } else if let Some(kept) = old.column(&column.name) {
            columns.push(kept.clone());
        }
    }
    for column in &old.columns {
        let name = Name::new(&column.name);
        let is_there = columns.iter().any(|own| Name::new(&own.name) == name);
        if plan.kept.contains(&name) && !is_there {
            columns.push(column.clone());
        }
    }
    TableLock {
        name: fresh.name.clone(),
        steps: rows.steps.clone(),
        rows: rows.rows.clone(),
        rows_by: plan.rows_by.clone(),
        rest: rows.rest.clone(),
        columns,
        names: old.names.clone(),
        incremental: match plan.keeps_incremental {
            true => old.incremental.clone(),
            false => fresh.incremental.clone(),
        },
        place: None,
        rows_place: None,
    }
}

/// Whether an entry means what the plan says: each column and the rows as they are now, or as they were.
fn is_as_planned(plan: &Plan, entry: &TableLock, query: &Query, was: &Query, now: &Query) -> bool {
    let compare = |other: &Query| {
        let none = |_: &sql::facts::TableRef| None;
        let old = Version {
            query: other,
            upstream: &none,
        };
        let new = Version {
            query,
            upstream: &none,
        };
        difference_of_forms(&old, &new)
    };
    let (from_was, from_now) = (compare(was), compare(now));
    let rows = match plan.keeps_rows {
        true => &from_was.rows,
        false => &from_now.rows,
    };
    let columns = entry.columns.iter().filter(|column| column.means.is_some());
    let mut columns = columns.map(|column| Name::new(&column.name));
    rows.change == Change::Same
        && columns.all(|name| {
            let of = match plan.kept.contains(&name) {
                true => &from_was,
                false => &from_now,
            };
            of.columns.iter().any(|column| {
                column.name.as_ref() == Some(&name)
                    && column.change == ColumnChange::Same
                    && has_same_type(column)
            })
        })
}
