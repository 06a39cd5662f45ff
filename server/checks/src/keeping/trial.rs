//! An edit of a model that is tried before it is offered.

use crate::context::{Context, product_of};
use crate::drift::between;
use crate::guarantee::{Declaration, Levels, SentenceIndex, verdict};
use index::named::NamedQuery;
use index::{File, ModelId, Snapshot, Table};
use meaning::difference::{Change, ColumnChange, Difference};
use meaning::guarantee::Answer;
use spec::guarantee::Guarantee;
use spec::history::Standing;
use sql::Options;
use sql::edit::QueryEditor;
use sql::facts::TableRef;
use sql::lower::Lowered;
use sql::relation::Body;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::{Name, TextEdit, edit};

/// So many edits are tried for one sentence.
const MOST_TRIALS: usize = 24;

/// A sentence, and the model whose SQL is to keep it.
pub(crate) struct Trial<'s> {
    pub(super) snapshot: &'s Snapshot,
    /// The spec that states the sentence.
    pub(super) spec: &'s File,
    pub(super) table: &'s Table,
    guarantee: &'s Guarantee,
    /// The file of the model.
    pub(super) file: &'s File,
    pub(super) text: Arc<str>,
    pub(super) options: Options,
    pub(super) lowered: Lowered,
    pub(super) named: NamedQuery<'s>,
    tries: Cell<usize>,
    broken_before: OnceCell<BTreeSet<String>>,
}

impl<'s> Trial<'s> {
    /// The model that alone defines `table`, in a file that may be edited.
    pub(super) fn new(
        snapshot: &'s Snapshot,
        spec: &'s File,
        table: &'s Table,
        guarantee: &'s Guarantee,
    ) -> Option<Trial<'s>> {
        let model: ModelId = snapshot.defining_model(table)?;
        let (relations, at) = snapshot.relation(model)?;
        let file = snapshot.file(model.file).filter(|file| !file.quiet)?;
        Some(Trial {
            snapshot,
            spec,
            table,
            guarantee,
            file,
            text: snapshot.text(file)?,
            options: snapshot.sql_options(file),
            lowered: relations.full.get(at)?.clone(),
            named: snapshot.named_query(model)?,
            tries: Cell::new(0),
            broken_before: OnceCell::new(),
        })
    }

    /// The text, to be edited.
    pub(super) fn editor(&self) -> QueryEditor<'_> {
        QueryEditor::new(&self.text, &self.options)
    }

    /// The column that the sentence is about.
    pub(super) fn column(&self) -> Option<&'s Name> {
        let parts = &self.guarantee.subject().parts;
        let is_table = self.table.key.parts.ends_with(parts);
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
            let text = edit::apply(&self.text, edits).filter(|_| tried < MOST_TRIALS)?;
            let snapshot = self.snapshot.with_text(&self.file.path, &text)?;
            let context = Context::for_fixes(&snapshot);
            let spec = snapshot.file(self.spec.id)?;
            let table = snapshot.table(&self.table.key)?;
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
                !self
                    .broken(&context, table, &levels)
                    .is_subset(self.broken_before())
            };
            Some(others(&difference.rows.change, &columns) && !breaks_more())
        };
        attempt().unwrap_or(false)
    }

    /// Whether the sentence holds in another state.
    pub(super) fn holds_in(&self, snapshot: &Snapshot) -> Option<bool> {
        let context = Context::for_fixes(snapshot);
        let spec = snapshot.file(self.spec.id)?;
        let table = snapshot.table(&self.table.key)?;
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

    /// What the SQL contradicts as it is.
    fn broken_before(&self) -> &BTreeSet<String> {
        self.broken_before.get_or_init(|| {
            let context = Context::for_fixes(self.snapshot);
            let levels = Levels::of(&context, self.table);
            self.broken(&context, self.table, &levels)
        })
    }

    /// The sentences in force and the declarations about the table that are contradicted.
    fn broken<'t>(
        &self,
        context: &Context<'t>,
        table: &Table,
        levels: &Levels<'t>,
    ) -> BTreeSet<String> {
        let mut index = SentenceIndex::default();
        if let Some(product) = product_of(self.spec) {
            index.note(context.snapshot, &product);
        }
        let is_broken = |file: &File, guarantee: &Guarantee| {
            let answer = verdict(context, file, table, guarantee, levels).answer;
            matches!(answer, Answer::Contradicted(_))
        };
        let agreed = index.about(context.snapshot, table).into_iter();
        let agreed = agreed
            .filter(|agreed| agreed.standing == Standing::InForce)
            .filter(|agreed| is_broken(agreed.file, &agreed.guarantee))
            .map(|agreed| agreed.text.value.clone());
        let declared = Declaration::of(context, table).into_iter();
        let declared = declared
            .filter(|declared| is_broken(declared.file, &declared.guarantee))
            .map(|declared| format!("{:?} {}", declared.column, declared.written));
        agreed.chain(declared).collect()
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
        let upstream = |name: &TableRef| {
            let table = self.snapshot.table(self.named.key(name)?);
            let model = self
                .snapshot
                .defining_model(table.filter(|table| !table.cyclic)?)?;
            Some(self.snapshot.named_query(model)?.query)
        };
        Some(between(&self.named.query, &upstream, &now, trial))
    }
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
