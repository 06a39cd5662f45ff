//! # What it says
//!
//! A column, its type, or the rows of a table mean something else than the lock says, and no amendment
//! covers it: none that is open, or newer than the one that covered it last, names it in `changes` or in
//! a guarantee. The message shows what it meant, what it means now, a row on which the two differ where
//! one was found, and what the change reaches downstream.
//!
//! It compares meaning, not text: a CTE that was renamed, a join that was moved, a column that goes
//! through another model now are no change. Where the two can't be shown to be the same, nor to differ,
//! it says so, as information. A change that an amendment covers is information too, until
//! `rationale lock` has written it.
//!
//! Of an incremental model it also compares what an incremental run filters by, which the lock tells, and,
//! with `check --base` and in editors, what such a run computes.
//!
//! What a lock reads may be called otherwise now. It is looked up under the names that amendments gave it, of
//! whatever product, then in the state that the branch was made from. What nobody knows any more proves
//! nothing. A column that only a `*` hands on is told where it was written.
//!
//! A table that no native spec describes has no lock, and nothing is said about it. Of one that its spec
//! describes, and that is not in the lock of that spec, it is said as information, once. Where there is no
//! lock yet, or none any more that can be read, `check --base` compares with the state that the branch was
//! made from.
//!
//! # Why it matters
//!
//! A change of meaning passes every test that was not written for it. Whoever reads the column believes
//! that it is still what they asked for.
//!
//! # Example
//!
//! ```sql
//! select
//!     orders.id as order_id,
//!     sum(lines.quantity) as order_amount  -- warning: order_amount changed, and no amendment says so
//! ```
//!
//! # Fix
//!
//! Write down who asked for it: an amendment that lists the column in `changes` covers it, unless it is done
//! and one of its own sentences forbids the change, or it says `change: none`. One that is done and only has
//! sentences about the column covers it where one of these did not hold before. That a column is renamed
//! covers its name, and no other meaning under the new one. What names anything of a table that the lock does
//! not know brings all of it. Then run `rationale lock`, or
//! take the quick fix, and commit the lock along. A table that the lock does not know yet is locked as it is
//! by `rationale lock --initial`, or by its quick fix. If nobody asked for it, restore the SQL: a quick fix
//! does where that is a local edit, of a column, a condition, a kind of join, or a `DISTINCT`.

mod fixes;
mod restored;
mod said;

use crate::code::{Check, Code};
use crate::context::{Context, product_of};
use crate::drift::columns::{RenamedColumns, last_part, old_name, parts_of};
use crate::drift::coverage::{Called, Coverage, Part};
use crate::drift::{self, Drift, base, downstream, incremental, place};
use crate::finding::{At, Finding, Severity, Subject};
use fixes::fixes;
use index::Table;
use index::configuration::Level;
use meaning::difference::{Change, ColumnChange, ColumnDifference, RowsDifference};
use said::Said;
use spec::model::AmendmentId;
use std::collections::BTreeSet;
use syntax::Name;

pub(crate) const CODE: Code = Code {
    name: "unrecorded-change",
    default: Level::Warning,
    summary: "The meaning of a column or of the rows drifted, and no amendment says so.",
    can_be_silenced: false,
    source: include_str!("unrecorded_change.rs"),
    check: Check {
        table: check,
        ..Check::NOTHING
    },
    fixes,
};

/// What the detail of a finding says where an amendment covers the change.
const COVERED: &str = "covered";

/// What it says where an amendment covers what may be a change, and may be none.
const COVERED_UNCLEAR: &str = "covered, if a change";

/// What the detail of a finding says where there is no line of the lock that could tell a change.
const NOT_LOCKED: &str = "not locked";

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    let mut told: BTreeSet<Subject> = BTreeSet::new();
    let drifts = [
        drift::from_lock(context, table),
        base::without_lock(context, table),
        incremental::from_lock(context, table),
        incremental::from_base(context, table),
    ];
    for drift in drifts.into_iter().flatten() {
        let mut own = Vec::new();
        of_drift(context, table, drift, &mut own);
        findings.extend(
            own.into_iter()
                .filter(|finding| told.insert(finding.subject.clone())),
        );
    }
    base::check_lines(context, table, findings);
    findings.extend(not_locked_yet(context, table));
}

/// A table that its spec's lock does not know: what becomes of it goes unseen.
fn not_locked_yet(context: &Context<'_>, table: &Table) -> Option<Finding> {
    let spec = drift::without_entry(context, table)?;
    let product = product_of(spec.file)?;
    let called = Called::through_renames(context.snapshot, table, &spec);
    let coverage = Coverage::of(context, &product);
    let selected = table.columns.iter().filter(|column| column.is_selected());
    let bringing = coverage.bringing(&called, selected.map(|column| &column.name), None);
    let name = spec.name();
    let (detail, message) = match bringing {
        Some(id) => (
            COVERED,
            format!(
                "The lock does not know `{name}` yet, which amendment `{id}` brings. `rationale lock` \
                 writes it."
            ),
        ),
        None => (
            NOT_LOCKED,
            format!(
                "The lock does not know `{name}`, so a change of what it means goes unseen. `rationale \
                 lock` writes it once an amendment lists it in `changes`, and with `--initial` as it is."
            ),
        ),
    };
    let subject = Subject {
        detail: Some(detail.to_owned()),
        ..context.subject(table, spec.file, None)
    };
    let finding = Finding::new(&CODE, spec.file, spec.entry.name.spot, message);
    Some(finding.about(subject).milder(Severity::Info))
}

fn of_drift(context: &Context<'_>, table: &Table, drift: Drift<'_>, findings: &mut Vec<Finding>) {
    if drift.is_none() {
        return;
    }
    let Some(product) = product_of(drift.spec.file) else {
        return;
    };
    let telling = Telling {
        context,
        table,
        called: Called::through_renames(context.snapshot, table, &drift.spec),
        renamed: RenamedColumns::of_new(context.snapshot, drift.spec.file, table, &drift.columns),
        coverage: Coverage::of(context, &product),
        product,
        drift: &drift,
    };
    let unclear = telling.unclear_with_rows();
    for column in &drift.columns {
        if !unclear.contains(&column) {
            findings.extend(telling.column(column));
        }
    }
    if let Some(rows) = &drift.rows {
        findings.extend(telling.rows(rows, &unclear));
    }
}

/// What is told of one table.
struct Telling<'c, 's> {
    context: &'c Context<'s>,
    table: &'c Table,
    called: Called<'c>,
    renamed: RenamedColumns,
    coverage: Coverage<'s>,
    product: Name,
    drift: &'c Drift<'s>,
}

impl Telling<'_, '_> {
    /// The columns that can't be told because the rows can't: they are named beside these, where each by
    /// itself would say the same many times. What an amendment covers is told by itself.
    fn unclear_with_rows(&self) -> Vec<&ColumnDifference> {
        const FEW: usize = 2;
        let rows = self.drift.rows.as_ref();
        if rows.is_none_or(|rows| rows.change != Change::Undecided) {
            return Vec::new();
        }
        let is_unclear = |column: &&ColumnDifference| {
            let name = column.name.as_ref();
            let covering = name.and_then(|name| self.covering_column(name, column));
            column.change == ColumnChange::Undecided && covering.is_none()
        };
        let unclear: Vec<&ColumnDifference> =
            self.drift.columns.iter().filter(is_unclear).collect();
        match unclear.len() > FEW {
            true => unclear,
            false => Vec::new(),
        }
    }

    fn column(&self, column: &ColumnDifference) -> Option<Finding> {
        let name = column.name.as_ref()?;
        let part = Part::Column(name);
        let at = place::of_column(self.context, self.table, self.drift.model, name)?;
        let said = Said::of_column(name, column).of_run(self.drift.run);
        let covering = self.covering_column(name, column);
        let finding = self.finding(&part, at, said, covering)?;
        let finding = finding.shown_by(column.witness.as_ref());
        Some(self.see_places(finding, old_name(column).unwrap_or(name)))
    }

    fn rows(&self, rows: &RowsDifference, unclear: &[&ColumnDifference]) -> Option<Finding> {
        let (file, lowered) =
            drift::places(self.context.snapshot, self.drift.model, self.drift.run)?;
        let at = place::of_rows(self.context, file, self.drift.model, &lowered, rows)?;
        let said = Said::of_rows(&self.table.key.to_string(), rows)
            .and_columns(unclear)
            .of_run(self.drift.run);
        let covering = self.covering(&Part::Rows, self.drift.by(&Part::Rows));
        let finding = self.finding(&Part::Rows, at, said, covering)?;
        let finding = finding.shown_by(rows.witness.as_ref());
        let lock = self.drift.locked.as_ref();
        let finding = match lock.and_then(|lock| Some((lock.file, lock.entry.rows_place?))) {
            Some((file, place)) => finding.see(file, place, "The lock says so."),
            None => finding,
        };
        let spec = &self.drift.spec;
        let described = format!("`{}` is described here.", spec.name());
        Some(finding.see(spec.file, spec.entry.name.spot, described))
    }

    fn covering_column(&self, name: &Name, column: &ColumnDifference) -> Option<&AmendmentId> {
        let locked = self.drift.locked.as_ref().map(|locked| locked.entry);
        let parts = parts_of(name, column, &self.renamed, locked);
        let by = |part: &Part<'_>| self.drift.by(&last_part(name, column, part));
        parts.iter().find_map(|part| self.covering(part, by(part)))
    }

    /// The amendment that covers a change of a part of the table, which `by` covered last.
    fn covering(&self, part: &Part<'_>, by: Option<&AmendmentId>) -> Option<&AmendmentId> {
        let covering = self.coverage.covering(&self.called, part, by, None)?;
        let may_cover = match self.drift.locked {
            Some(_) => base::may_cover(self.context, &self.product, self.table, part, covering),
            None => base::is_new_or_was_open(self.context, &self.product, covering),
        };
        may_cover.then_some(covering)
    }

    fn finding(
        &self,
        part: &Part<'_>,
        at: At,
        said: Said,
        covering: Option<&AmendmentId>,
    ) -> Option<Finding> {
        let file = self.context.snapshot.file(self.drift.model.file)?;
        let since = match self.drift.locked {
            Some(_) => "it was locked",
            None => "this branch was made",
        };
        let mut subject = self.context.subject(
            self.table,
            self.drift.spec.file,
            match part {
                Part::Column(name) | Part::Name(name) => Some(name),
                Part::Rows => None,
            },
        );
        if let Some(id) = covering {
            // Without a lock there is nothing left to be done.
            self.drift.locked.as_ref()?;
            let detail = match said.is_certain {
                true => COVERED,
                false => COVERED_UNCLEAR,
            };
            subject.detail = Some(detail.to_owned());
            let message = format!(
                "{} since {since}, as amendment `{id}` says; the lock does not say so yet. `rationale \
                 lock` writes it.",
                said.what
            );
            let finding = Finding::new(&CODE, file, at, message);
            return Some(finding.about(subject).milder(Severity::Info));
        }
        let mut message = format!("{} since {since}, and no amendment says so.", said.what);
        for more in [
            said.meanings,
            said.example,
            downstream::reach(self.context, self.table, part),
        ]
        .into_iter()
        .flatten()
        {
            message.push(' ');
            message.push_str(&more);
        }
        let finding = Finding::new(&CODE, file, at, message).about(subject);
        Some(match said.is_certain {
            true => finding,
            false => finding.milder(Severity::Info),
        })
    }

    /// The line of the lock and the entry of the spec that speak of a column.
    fn see_places(&self, finding: Finding, name: &Name) -> Finding {
        let lock = self.drift.locked.as_ref();
        let line = lock.and_then(|lock| {
            let column = lock.entry.column(name.as_str())?;
            Some((lock.file, column.place?))
        });
        let finding = match line {
            Some((file, place)) => finding.see(file, place, "The lock says so."),
            None => finding,
        };
        let spec = &self.drift.spec;
        let columns = spec.entry.columns.iter();
        let own = columns.filter(|column| column.name.value == *name);
        match own.map(|column| column.name.spot).next() {
            Some(spot) => finding.see(spec.file, spot, format!("`{name}` is described here.")),
            None => finding.see(
                spec.file,
                spec.entry.name.spot,
                format!("`{}` is described here.", spec.name()),
            ),
        }
    }
}

/// Whether a finding is about a change that an amendment covers.
pub(crate) fn is_covered(finding: &Finding) -> bool {
    finding.subject.detail.as_deref() == Some(COVERED)
}
