//! Which amendment covers a change: one that names what changed, in `changes` or by a guarantee, and
//! that is still open, or newer than the one that covered it last. One that is done covers nothing that
//! its own sentences forbid, nothing that it names only by sentences which held already, and nothing at all
//! where it says that it changed nothing.

use super::renamed::Renamed;
use crate::context::{Context, Description};
use crate::guarantee::{self, Levels, verdict};
use index::{File, Snapshot, Table};
use meaning::guarantee::Answer;
use spec::guarantee::Guarantee;
use spec::history::{Entry, History, Standing};
use spec::model::AmendmentId;
use syntax::Name;
use syntax::name::dotted;

/// A part of a table that can change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part<'n> {
    /// Which rows it holds.
    Rows,
    /// A column.
    Column(&'n Name),
    /// What a column is called.
    Name(&'n Name),
}

/// The amendments of a product that may cover changes.
pub(crate) struct Coverage<'s> {
    snapshot: &'s Snapshot,
    history: History<'s, &'s File>,
}

/// What a table is called, in every way that a spec may call it.
#[derive(Clone, Debug)]
pub(crate) struct Called<'t> {
    /// The table, as long as there is one.
    table: Option<&'t Table>,
    names: Vec<String>,
    /// Columns, and the amendments that introduced them.
    since: Vec<(Name, AmendmentId)>,
}

impl<'t> Called<'t> {
    /// As the index knows it, and as an entry of a spec spells it.
    pub(crate) fn new(table: &'t Table, entry: &spec::model::Table) -> Called<'t> {
        let parts = &entry.name.value;
        let mut names = vec![table.key.to_string(), dotted(parts)];
        names.extend(parts.last().map(ToString::to_string));
        names.push(table.key.name().to_string());
        let since = entry.columns.iter().filter_map(|column| {
            let since = column.since.as_ref()?;
            Some((column.name.value.clone(), since.value.clone()))
        });
        Called {
            table: Some(table),
            names,
            since: since.collect(),
        }
    }

    /// By the names that it has and had, as its spec and the renames of the product tell.
    pub(crate) fn through_renames(
        snapshot: &Snapshot,
        table: &'t Table,
        spec: &Description<'_>,
    ) -> Called<'t> {
        let earlier = Renamed::of(snapshot, spec.file).earlier(&table.key.parts);
        Called::new(table, spec.entry).and_earlier(&earlier)
    }

    /// Also by the names that it had.
    pub(crate) fn and_earlier<'n>(
        mut self,
        names: impl IntoIterator<Item = &'n Vec<Name>>,
    ) -> Called<'t> {
        self.names
            .extend(names.into_iter().map(|name| dotted(name)));
        self
    }

    /// By this name alone.
    pub(crate) fn by_name(name: &str) -> Called<'static> {
        let last = name.rsplit('.').next().unwrap_or(name);
        Called {
            table: None,
            names: vec![name.to_owned(), last.to_owned()],
            since: Vec::new(),
        }
    }

    fn is(&self, written: &str) -> bool {
        self.names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(written))
    }

    /// Whether `written`, such as `orders.order_amount`, is this part of the table, or all of it.
    pub(crate) fn is_part(&self, written: &str, part: &Part<'_>) -> bool {
        let written = written.trim();
        if self.is(written) {
            return true;
        }
        let Some((table, own)) = written.rsplit_once('.') else {
            return false;
        };
        let own = own.trim_matches(['"', '`']);
        self.is(table)
            && match part {
                Part::Rows => own.eq_ignore_ascii_case("rows"),
                Part::Column(name) | Part::Name(name) => name.as_str().eq_ignore_ascii_case(own),
            }
    }

    /// Whether a guarantee is about this part of the table. What is said of the table as a whole is
    /// about its rows.
    pub(crate) fn is_guaranteed(&self, guarantee: &Guarantee, part: &Part<'_>) -> bool {
        let subject = dotted(&guarantee.subject().parts);
        if self.is(&subject) {
            return *part == Part::Rows;
        }
        // A column that got another name was there under the old one.
        if let Guarantee::RenamedFrom { what, from } = guarantee
            && let Part::Column(name) | Part::Name(name) = part
            && let Some((_, table)) = what.parts.split_last()
            && self.is(&dotted(table))
            && from.parts.last() == Some(*name)
        {
            return true;
        }
        self.is_part(&subject, part)
    }

    /// Whether an amendment names this part of the table.
    pub(crate) fn is_named(&self, entry: &Entry<'_, &File>, part: &Part<'_>) -> bool {
        let mut guarantees = entry.file.guarantees(entry.ordinal).flatten();
        self.is_changed(entry, part)
            || guarantees.any(|guarantee| self.is_guaranteed(guarantee, part))
    }

    /// Whether an amendment asks for a change of this part of the table. A rename asks for another name,
    /// and for nothing else.
    fn is_asked(&self, entry: &Entry<'_, &File>, part: &Part<'_>) -> bool {
        let mut guarantees = entry.file.guarantees(entry.ordinal).flatten();
        self.is_changed(entry, part)
            || guarantees.any(|guarantee| {
                let is_rename = matches!(guarantee, Guarantee::RenamedFrom { .. });
                let is_of_kind = matches!(part, Part::Name(_)) || !is_rename;
                is_of_kind && self.is_guaranteed(guarantee, part)
            })
    }

    /// Whether an amendment takes the table away, changes it as a whole, or gives it another name.
    fn is_taken_away(&self, entry: &Entry<'_, &File>) -> bool {
        let mut changes = entry.amendment.changes.iter();
        let mut guarantees = entry.file.guarantees(entry.ordinal).flatten();
        changes.any(|change| self.is_part(&change.value, &Part::Rows))
            || guarantees.any(|guarantee| match guarantee {
                Guarantee::Absent(path) => self.is(&dotted(&path.parts)),
                Guarantee::RenamedFrom { what, from } => {
                    let above = what.parts.split_last().map(|(_, above)| above);
                    let was = above.into_iter().flatten().chain(&from.parts);
                    self.is(&dotted(&was.cloned().collect::<Vec<_>>()))
                }
                _ => false,
            })
    }

    /// Whether an amendment names this part of the table, other than to take it away.
    fn is_to_come(&self, entry: &Entry<'_, &File>, part: &Part<'_>) -> bool {
        let guarantees = || entry.file.guarantees(entry.ordinal).flatten();
        let about = || guarantees().filter(|own| self.is_part(&dotted(&own.subject().parts), part));
        let is_gone = about().any(|own| matches!(own, Guarantee::Absent(_)));
        !is_gone && (self.is_changed(entry, part) || about().next().is_some())
    }

    /// Whether an amendment names the table or anything of it, other than to take it away.
    fn is_mentioned(&self, entry: &Entry<'_, &File>) -> bool {
        let is_it = |written: &str| {
            let table = written.rsplit_once('.').map(|(table, _)| table);
            self.is(written) || table.is_some_and(|table| self.is(table))
        };
        let mut changes = entry.amendment.changes.iter();
        let mut guarantees = entry.file.guarantees(entry.ordinal).flatten();
        let mut since = self.since.iter();
        since.any(|(_, id)| entry.id() == Some(id))
            || changes.any(|change| is_it(change.value.trim()))
            || guarantees.any(|guarantee| {
                let is_gone = matches!(guarantee, Guarantee::Absent(_));
                !is_gone && is_it(&dotted(&guarantee.subject().parts))
            })
    }

    /// Whether an amendment says that it changed or introduced this part of the table.
    fn is_changed(&self, entry: &Entry<'_, &File>, part: &Part<'_>) -> bool {
        let mut changes = entry.amendment.changes.iter();
        let mut since = self.since.iter();
        let introduced = match part {
            Part::Column(name) | Part::Name(name) => {
                since.any(|(column, id)| column == *name && entry.id() == Some(id))
            }
            Part::Rows => false,
        };
        introduced || changes.any(|change| self.is_part(&change.value, part))
    }
}

impl<'s> Coverage<'s> {
    /// The amendments of `product`.
    pub(crate) fn of(context: &Context<'s>, product: &Name) -> Coverage<'s> {
        let files = context.snapshot.product_files(product).into_iter();
        let files =
            files.filter_map(|file| Some((file, file.native_spec()?.amendments.as_slice())));
        Coverage {
            snapshot: context.snapshot,
            history: History::new(files),
        }
    }

    /// The latest amendment that covers a change of a part of a table which the amendment `by` covered
    /// last. With `only`, no other than that one.
    pub(crate) fn covering(
        &self,
        called: &Called<'_>,
        part: &Part<'_>,
        by: Option<&AmendmentId>,
        only: Option<&AmendmentId>,
    ) -> Option<&AmendmentId> {
        let last = by.and_then(|by| self.position(by));
        let entries = self.history.entries.iter().enumerate().rev();
        let mut covering = entries.filter(|(at, entry)| {
            let is_open = entry.standing == Standing::Open;
            let is_agreed = !matches!(entry.standing, Standing::Withdrawn | Standing::Proposed);
            let is_new = last.is_none_or(|last| *at > last);
            is_agreed
                && (is_open || is_new)
                && !entry.amendment.changed_nothing()
                && only.is_none_or(|only| entry.id() == Some(only))
                && called.is_asked(entry, part)
                && (is_open || !self.was_kept(entry, called, part))
        });
        let (_, entry) = covering.find(|(_, entry)| entry.id().is_some())?;
        let is_done = entry.standing != Standing::Open;
        entry
            .id()
            .filter(|_| !(is_done && self.is_contradicted(entry, called, part)))
    }

    /// The latest amendment that covers any part of a table that no lock knows: it brings all of it.
    pub(crate) fn bringing<'n>(
        &self,
        called: &Called<'_>,
        columns: impl IntoIterator<Item = &'n Name>,
        only: Option<&AmendmentId>,
    ) -> Option<&AmendmentId> {
        let columns = columns.into_iter().map(Part::Name);
        let parts = std::iter::once(Part::Rows).chain(columns);
        let covering = parts.filter_map(|part| self.covering(called, &part, None, only));
        covering.max_by_key(|id| self.position(id))
    }

    /// The latest amendment that takes a table away or gives it another name, and that is open, or newer
    /// than `by`, which covered it last. With `only`, no other than that one.
    pub(crate) fn taking_away(
        &self,
        called: &Called<'_>,
        by: Option<&AmendmentId>,
        only: Option<&AmendmentId>,
    ) -> Option<&AmendmentId> {
        let last = by.and_then(|by| self.position(by));
        let entries = self.history.entries.iter().enumerate().rev();
        let mut taking = entries.filter(|(at, entry)| {
            let is_agreed = !matches!(entry.standing, Standing::Withdrawn | Standing::Proposed);
            let is_new = last.is_none_or(|last| *at > last);
            is_agreed
                && (entry.standing == Standing::Open || is_new)
                && !entry.amendment.changed_nothing()
                && only.is_none_or(|only| entry.id() == Some(only))
                && called.is_taken_away(entry)
        });
        taking.find_map(|(_, entry)| entry.id())
    }

    /// Whether an amendment that is not done yet, or only proposed, is to bring a table, or a column of it.
    pub(crate) fn is_awaited(&self, called: &Called<'_>, column: Option<&Name>) -> bool {
        let entries = self.history.entries.iter();
        let mut open =
            entries.filter(|entry| matches!(entry.standing, Standing::Open | Standing::Proposed));
        open.any(|entry| match column {
            Some(column) => called.is_to_come(entry, &Part::Column(column)),
            None => called.is_mentioned(entry),
        })
    }

    /// Whether the amendment of that id asks for a change of a part of a table.
    pub(crate) fn is_asked_by(
        &self,
        id: &AmendmentId,
        called: &Called<'_>,
        part: &Part<'_>,
    ) -> bool {
        let mut entries = self.history.entries.iter();
        entries.any(|entry| entry.id() == Some(id) && called.is_asked(entry, part))
    }

    /// Whether the SQL contradicts what an amendment says of a part of a table.
    fn is_contradicted(
        &self,
        entry: &Entry<'_, &File>,
        called: &Called<'_>,
        part: &Part<'_>,
    ) -> bool {
        let about = sentences_in_force(entry).filter(|own| called.is_guaranteed(own, part));
        let about: Vec<&Guarantee> = about.collect();
        let Some(table) = called.table.filter(|_| !about.is_empty()) else {
            return false;
        };
        let context = Context::for_fixes(self.snapshot);
        let levels = Levels::of(&context, table);
        about.into_iter().any(|sentence| {
            let verdict = verdict(&context, entry.file, table, sentence, &levels);
            matches!(verdict.answer, Answer::Contradicted(_))
        })
    }

    /// Whether an amendment names a part of a table only by sentences that held when it was locked: it asks
    /// for no change.
    fn was_kept(&self, entry: &Entry<'_, &File>, called: &Called<'_>, part: &Part<'_>) -> bool {
        let is_kept = || {
            let table = called.table.filter(|_| !called.is_changed(entry, part))?;
            let context = Context::for_fixes(self.snapshot);
            let was = super::when_locked(&context, table)?;
            let mut about = sentences_in_force(entry).filter(|own| called.is_guaranteed(own, part));
            Some(about.all(|sentence| {
                guarantee::was_kept(&context, entry.file, table, sentence, was.clone())
            }))
        };
        is_kept().unwrap_or(false)
    }

    /// The latest amendment that names a part of a table, whenever that was. What an open one asks for is
    /// not done yet.
    pub(crate) fn naming(&self, called: &Called<'_>, part: &Part<'_>) -> Option<&AmendmentId> {
        let mut entries = self.history.entries.iter().rev();
        let naming = entries.find(|entry| {
            let is_done = !matches!(
                entry.standing,
                Standing::Open | Standing::Withdrawn | Standing::Proposed
            );
            is_done && called.is_named(entry, part)
        });
        naming.and_then(Entry::id)
    }

    /// The first amendment in force that names a part of a table, other than to take it away.
    pub(crate) fn introducing(&self, called: &Called<'_>, part: &Part<'_>) -> Option<&AmendmentId> {
        let mut in_force = self.history.in_force();
        let found = in_force.find(|entry| {
            let mut sentences = entry.file.guarantees(entry.ordinal).flatten();
            let is_gone = sentences.any(|guarantee| {
                matches!(guarantee, Guarantee::Absent(_)) && called.is_guaranteed(guarantee, part)
            });
            called.is_named(entry, part) && !is_gone
        });
        found.and_then(Entry::id)
    }

    /// The amendment in force that guarantees something of a part of a table.
    pub(crate) fn guaranteeing(
        &self,
        called: &Called<'_>,
        part: &Part<'_>,
    ) -> Option<&AmendmentId> {
        let mut in_force = self.history.in_force();
        let found = in_force.find(|entry| {
            sentences_in_force(entry).any(|guarantee| called.is_guaranteed(guarantee, part))
        });
        found.and_then(Entry::id)
    }

    fn position(&self, id: &AmendmentId) -> Option<usize> {
        let mut entries = self.history.entries.iter();
        entries.position(|entry| entry.id() == Some(id))
    }
}

/// The sentences of an amendment that no later one replaces.
fn sentences_in_force<'e>(entry: &'e Entry<'_, &File>) -> impl Iterator<Item = &'e Guarantee> {
    let sentences = entry.file.guarantees(entry.ordinal).enumerate();
    sentences.filter_map(|(ordinal, parsed)| {
        let is_replaced = entry.superseded_guarantees.contains_key(&ordinal);
        parsed.as_ref().ok().filter(|_| !is_replaced)
    })
}
