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
//! A table that no native spec describes has no lock, and nothing is said about it. Of one that its spec
//! describes, and that is not in the lock of that spec, it is said as information, once. Where there is no
//! lock yet, `check --base` compares with the state that the branch was made from.
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
//! Write down who asked for it: an amendment that lists the column in `changes` covers it. Then run
//! `rationale lock`, or take the quick fix, and commit the lock along. If nobody asked for it, restore
//! the SQL: a quick fix does where that is a local edit of a column.

use crate::code::{Check, Code};
use crate::context::{Context, Description, product_of};
use crate::drift::coverage::{Called, Coverage, Part};
use crate::drift::renamed::Renamed;
use crate::drift::{self, Drift, base, downstream, example, place};
use crate::finding::{At, Finding, Severity, Subject};
use crate::fix::amendment::{self, AmendmentRequest, Draft, draft_amendment};
use crate::fix::{Fix, Fixing, draft, sentence, sheet::Sheet};
use crate::words::listed;
use crate::{keeping, lock_update};
use index::configuration::Level;
use index::{File, Snapshot, Table};
use meaning::difference::{Change, ColumnChange, ColumnDifference, RowsDifference};
use spec::model::AmendmentId;
use std::collections::BTreeSet;
use syntax::{Name, TextEdit};

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

/// What the detail of a finding says where there is no line of the lock that could tell a change.
const NOT_LOCKED: &str = "not locked";

/// So many columns are named that can't be told.
const MOST_NAMED: usize = 3;

/// Longer meanings are cut off in messages.
const MOST_LETTERS: usize = 240;

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    let mut told: BTreeSet<Subject> = BTreeSet::new();
    let drifts = [
        drift::from_lock(context, table),
        base::without_lock(context, table),
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
    let called = called(context.snapshot, table, &spec);
    let coverage = Coverage::of(context, &product);
    let covering = coverage.covering(&called, &Part::Rows, None, None);
    let name = spec.name();
    let (detail, message) = match covering {
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
        called: called(context.snapshot, table, &drift.spec),
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

/// What a table is called, and was called before it was renamed.
fn called(snapshot: &Snapshot, table: &Table, spec: &Description<'_>) -> Called {
    let renamed = Renamed::of(snapshot, spec.file);
    let earlier = renamed.map(|renamed| renamed.earlier(&table.key.parts));
    Called::new(table, spec.entry).and_earlier(earlier.iter().flatten())
}

/// What is told of one table.
struct Telling<'c, 's> {
    context: &'c Context<'s>,
    table: &'c Table,
    called: Called,
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
            let covering = name.and_then(|name| self.covering(&Part::Column(name)));
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
        let said = Said::of_column(name, column);
        let old = match &column.change {
            ColumnChange::Renamed(old) => Some(old),
            _ => None,
        };
        let by_old = old.and_then(|old| self.covering(&Part::Column(old)));
        let covering = self.covering(&part).or(by_old);
        let finding = self.finding(&part, at, said, covering)?;
        let finding = finding.shown_by(column.witness.as_ref());
        Some(self.see_places(finding, old.unwrap_or(name)))
    }

    fn rows(&self, rows: &RowsDifference, unclear: &[&ColumnDifference]) -> Option<Finding> {
        let (file, lowered) = drift::places(self.context.snapshot, self.drift.model)?;
        let at = place::of_rows(self.context, file, self.drift.model, &lowered, rows)?;
        let said = Said::of_rows(&self.table.key.to_string(), rows).and_columns(unclear);
        let covering = self.covering(&Part::Rows);
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

    fn covering(&self, part: &Part<'_>) -> Option<&AmendmentId> {
        let by = self.drift.by(part);
        let covering = self.coverage.covering(&self.called, part, by, None)?;
        let is_compared_with_base = self.drift.locked.is_none();
        let is_new = || base::is_new_or_was_open(self.context, &self.product, covering);
        (!is_compared_with_base || is_new()).then_some(covering)
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
                Part::Column(name) => Some(name),
                Part::Rows => None,
            },
        );
        if let Some(id) = covering {
            // Without a lock there is nothing left to be done.
            self.drift.locked.as_ref()?;
            subject.detail = Some(COVERED.to_owned());
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

/// What is so, as sentences.
struct Said {
    /// The start of a sentence: what happened to what.
    what: String,
    /// What it meant, and means.
    meanings: Option<String>,
    /// A row on which the two differ.
    example: Option<String>,
    /// It is proved.
    is_certain: bool,
}

impl Said {
    fn of_column(name: &Name, column: &ColumnDifference) -> Said {
        let was = column.was.as_ref().map(|was| cut(&was.meaning.to_string()));
        let now = column.now.as_ref().map(|now| cut(&now.meaning.to_string()));
        let meanings = match (was, now) {
            (Some(was), Some(now)) => Some(format!("Was: `{was}`. Now: `{now}`.")),
            (Some(was), None) => Some(format!("It was `{was}`.")),
            (None, Some(now)) => Some(format!("It is `{now}`.")),
            (None, None) => None,
        };
        let (what, meanings) = match &column.change {
            ColumnChange::Added => (format!("`{name}` has come"), meanings),
            ColumnChange::Removed => (format!("`{name}` is gone"), meanings),
            ColumnChange::Renamed(old) => {
                let meanings = Some("It means the same.".to_owned());
                (format!("`{old}` is called `{name}`"), meanings)
            }
            ColumnChange::Same => {
                let types = column.types();
                let types = types.map(|(was, now)| format!("Was: `{was}`. Now: `{now}`."));
                (format!("`{name}` has another type"), types)
            }
            ColumnChange::Changed => (format!("`{name}` means something else"), meanings),
            ColumnChange::Undecided => (
                format!("`{name}` can't be shown to mean the same"),
                meanings,
            ),
        };
        Said {
            what,
            meanings,
            example: column.witness.as_ref().map(example::of_column),
            is_certain: column.change != ColumnChange::Undecided,
        }
    }

    /// Also says that these columns can't be told.
    fn and_columns(mut self, columns: &[&ColumnDifference]) -> Said {
        let names = columns.iter().filter_map(|column| column.name.as_ref());
        let names: Vec<&Name> = names.collect();
        if !names.is_empty() {
            let named = listed(&names, MOST_NAMED);
            let too = format!("Nor can {named} be shown to mean the same.");
            let before = self.meanings.take().into_iter();
            let all: Vec<String> = before.chain([too]).collect();
            self.meanings = Some(all.join(" "));
        }
        self
    }

    fn of_rows(table: &str, rows: &RowsDifference) -> Said {
        let is_certain = rows.change == Change::Changed;
        let what = match is_certain {
            true => format!("`{table}` holds other rows"),
            false => format!("`{table}` can't be shown to hold the same rows"),
        };
        let lines = |clauses: &[meaning::canonical::ClauseMeaning]| {
            let lines = clauses.iter().map(|clause| {
                let word = clause_word(clause.clause);
                format!("`{}`", cut(&format!("{word}{}", clause.meaning)))
            });
            lines.collect::<Vec<_>>().join(", ")
        };
        let meanings = match (rows.was.is_empty(), rows.now.is_empty()) {
            (true, true) => None,
            (false, true) => Some(format!("Gone: {}.", lines(&rows.was))),
            (true, false) => Some(format!("New: {}.", lines(&rows.now))),
            (false, false) => Some(format!(
                "Was: {}. Now: {}.",
                lines(&rows.was),
                lines(&rows.now)
            )),
        };
        Said {
            what,
            meanings,
            example: rows.witness.as_ref().map(example::of_rows),
            is_certain,
        }
    }
}

/// The word before what a clause says, where it does not say it itself.
fn clause_word(clause: sql::lower::Clause) -> &'static str {
    use sql::lower::Clause;
    match clause {
        Clause::From => "FROM ",
        Clause::On => "ON ",
        Clause::Where => "WHERE ",
        Clause::GroupBy => "GROUP BY ",
        Clause::Having => "HAVING ",
        Clause::Qualify => "QUALIFY ",
        Clause::Distinct | Clause::Set | Clause::Limit => "",
    }
}

/// Whether a finding is about a change that an amendment covers.
pub(crate) fn is_covered(finding: &Finding) -> bool {
    finding.subject.detail.as_deref() == Some(COVERED)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let snapshot = fixing.snapshot;
    let context = Context::for_fixes(snapshot);
    let key = finding.subject.table.as_ref();
    let Some(table) = key.and_then(|key| snapshot.table(key)) else {
        return Vec::new();
    };
    let Some(spec) = drift::locking_description(&context, table) else {
        return Vec::new();
    };
    if finding.subject.detail.as_deref() == Some(COVERED) {
        return lock_update::fix(fixing, spec.file).into_iter().collect();
    }
    let is_locked = finding.subject.detail.as_deref() != Some(NOT_LOCKED);
    let name = match &finding.subject.column {
        Some(column) => format!("{}.{column}", spec.name()),
        None if is_locked => format!("{}.rows", spec.name()),
        None => spec.name().to_string(),
    };
    let mut fixes: Vec<Fix> = rename(fixing, &context, table, finding)
        .into_iter()
        .collect();
    let request = AmendmentRequest {
        title: format!("Draft an amendment about `{name}`"),
        changes: vec![name.clone()],
        ..AmendmentRequest::default()
    };
    fixes.extend(draft_amendment(snapshot, spec.file.id, &request));
    fixes.extend(in_open_ones(fixing, &context, spec.file, &name));
    if let Some(column) = &finding.subject.column {
        fixes.extend(restored(fixing, &context, table, column));
    }
    fixes
}

/// The SQL made to compute a column as the lock says, where a local edit does that.
fn restored(
    fixing: &Fixing<'_>,
    context: &Context<'_>,
    table: &Table,
    column: &Name,
) -> Option<Fix> {
    let drift = drift::from_lock(context, table)?;
    let locked = drift.locked.as_ref()?.entry.column(column.as_str())?;
    let means = sentence::about(fixing.snapshot, table, locked.means.as_ref()?);
    let sentence = format!("{}.{column} = {means}", drift.spec.name());
    let guarantee = spec::guarantee::parse(&sentence).ok()?;
    let kept = keeping::kept(fixing, drift.spec.file, table, &guarantee, None);
    let is_as_locked = |fix: &Fix| {
        let [edit] = fix.edits.as_slice() else {
            return false;
        };
        let after = || {
            let file = fixing.snapshot.file_at(&edit.path)?;
            let text = syntax::edit::apply(&fixing.snapshot.text(file)?, &edit.edits)?;
            let after = fixing.snapshot.with_text(&edit.path, &text)?;
            let drift = drift::from_lock(&Context::for_fixes(&after), table)?;
            let mut columns = drift.columns.iter();
            Some(!columns.any(|own| own.name.as_ref() == Some(column)))
        };
        after().unwrap_or(false)
    };
    let fix = kept.into_iter().find(is_as_locked)?;
    Some(Fix {
        title: format!("Compute `{column}` as it was locked"),
        preferred: false,
        ..fix
    })
}

/// Lists the change in an amendment that is still open.
fn in_open_ones(fixing: &Fixing<'_>, context: &Context<'_>, spec: &File, name: &str) -> Vec<Fix> {
    let Some(product) = product_of(spec) else {
        return Vec::new();
    };
    let amendments = context.amendments(&product).into_iter();
    let open = amendments.filter(|(file, amendment)| {
        let is_agreed = amendment.status() == spec::model::Status::Accepted;
        !file.quiet && amendment.is_open() && is_agreed
    });
    let fixes = open.filter_map(|(file, amendment)| {
        let id = &amendment.id.as_ref()?.value;
        let mut sheet = Sheet::open(fixing, file)?;
        let entry = sheet.path_of(file.range(amendment.entry))?;
        let item = syntax::yaml::Value::text(name);
        sheet.put_item(&entry, "changes", None, item)?;
        Some(sheet.fix(format!("Record it in amendment `{id}`"), None))
    });
    fixes.collect()
}

/// Gives the column its new name in the spec, and says in an amendment what it was called.
fn rename(
    fixing: &Fixing<'_>,
    context: &Context<'_>,
    table: &Table,
    finding: &Finding,
) -> Option<Fix> {
    let new = finding.subject.column.as_ref()?;
    let drift = drift::from_lock(context, table)?;
    let old = drift
        .columns
        .iter()
        .find_map(|column| match &column.change {
            ColumnChange::Renamed(old) if column.name.as_ref() == Some(new) => Some(old),
            _ => None,
        })?;
    let spec = drift.spec;
    let mut sheet = Sheet::open(fixing, spec.file)?;
    let mut columns = spec.entry.columns.iter();
    let own = columns.find(|column| column.name.value == *old)?;
    let range = spec.file.range(own.name.spot);
    sheet.take(vec![TextEdit::replace(range, new.to_string())])?;
    let title = format!("Rename `{old}` to `{new}` in the spec, by an amendment");
    let draft = Draft {
        id: amendment::free_id(fixing, spec.file)?,
        requirement: None,
        change: format!("Renamed {old} to {new}."),
        changes: vec![format!("{}.{new}", spec.name())],
        supersedes: Vec::new(),
        is_guess: false,
        guarantees: vec![format!("{}.{new} is renamed from {old}", spec.name())],
    };
    amendment::add(fixing, &mut sheet, &draft)?;
    Some(sheet.fix(title, Some(draft::REQUIREMENT)))
}
