//! Names in sentences that stand for nothing, or for several things: what `unknown-name` and
//! `ambiguous-name` share. Only sentences in force are judged: what an open amendment names may still
//! be to come.

use crate::context::Context;
use crate::guarantee::is_made_inside;
use crate::sentences::{Sentence, Sentences};
use index::TableKey;
use index::binding::{
    Binder, Bound, BoundColumn, BoundName, BoundTable, NameInSentence, Renames, Role,
};
use spec::guarantee::{Guarantee, words};
use sql::Dialect;
use std::collections::BTreeSet;
use syntax::name::dotted;
use syntax::{Name, TextRange};

/// A name that does not stand for one thing.
pub(crate) struct NameProblem<'a, 's> {
    pub(crate) sentence: &'a Sentence<'s>,
    /// Where the part of it stands that is the trouble.
    pub(crate) range: TextRange,
    /// As the sentence has it.
    pub(crate) written: String,
    pub(crate) kind: Kind,
}

/// What is wrong with a name.
pub(crate) enum Kind {
    /// No table goes by that name.
    NoTable,
    /// The table has no column of that name.
    NoColumn { table: BoundTable, column: Name },
    /// Neither the table that the sentence is about nor what it reads has a column of that name.
    NoBareColumn { about: TableKey, column: Name },
    /// It may be any of these, each by its whole name.
    Several(Vec<String>),
}

/// The names in the sentences of a product that do not stand for one thing. Notes the tables that the
/// sentences depend on: those that they name, and what lies upstream of those that they are about.
pub(crate) fn problems<'a, 's>(
    context: &'a Context<'s>,
    sentences: &'a Sentences<'s>,
) -> Vec<NameProblem<'a, 's>> {
    let mut problems = Vec::new();
    let mut about: BTreeSet<TableKey> = BTreeSet::new();
    for (sentence, guarantee) in sentences.in_force() {
        let reading = Reading::new(context, sentences, sentence, guarantee);
        let names = reading.names(guarantee);
        for name in &names {
            let now = reading.now(name);
            now.iter().for_each(|part| context.note_name(part));
            if !sentence.file.quiet {
                problems.extend(reading.found(name, &now));
            }
        }
        if let Some(key) = &reading.about
            && !about.contains(key)
        {
            about.insert(key.clone());
            let levels = reading.binder.levels(key);
            for table in levels.iter().flatten().filter_map(BoundTable::key) {
                context.note_name(&table.name());
            }
        }
    }
    problems
}

/// One sentence being read.
struct Reading<'a, 's> {
    context: &'a Context<'s>,
    sentence: &'a Sentence<'s>,
    binder: Binder<'s>,
    renames: Renames,
    /// The table that it is about, as it is written.
    subject: Vec<Name>,
    /// The same, where it is known.
    about: Option<TableKey>,
    /// Where the column stands that values come from or refer to: it is named with its table.
    origin: Option<TextRange>,
    dialect: Dialect,
}

impl<'a, 's> Reading<'a, 's> {
    fn new(
        context: &'a Context<'s>,
        sentences: &Sentences<'s>,
        sentence: &'a Sentence<'s>,
        guarantee: &Guarantee,
    ) -> Reading<'a, 's> {
        let binder = context.snapshot.binder(sentence.file);
        let renames = sentences.renames(sentence);
        let path = &guarantee.subject().parts;
        let now = renames.now(path, None);
        let column = || match binder.column(&now, None) {
            Bound::To(column) => column.table.key().cloned(),
            _ => None,
        };
        let table = || match binder.table(&now) {
            Bound::To(table) => table.key().cloned(),
            _ => None,
        };
        let (about, is_column) = match NameInSentence::role_of_subject(guarantee) {
            Role::Table => (table(), false),
            Role::Column => (column(), true),
            Role::Either => match binder.table_or_column(&now) {
                Bound::To(BoundName::Column(column)) => (column.table.key().cloned(), true),
                Bound::To(BoundName::Table(table)) => (table.key().cloned(), false),
                _ => (None, false),
            },
        };
        let subject = match path.split_last() {
            Some((_, table)) if is_column => table.to_vec(),
            _ => path.clone(),
        };
        Reading {
            context,
            sentence,
            binder,
            renames,
            subject,
            about,
            origin: match guarantee {
                Guarantee::RefersTo { to: origin, .. }
                | Guarantee::ComesFrom { from: origin, .. }
                | Guarantee::ComesUnchanged { from: origin, .. } => Some(origin.range),
                _ => None,
            },
            dialect: {
                let projects = context.snapshot.projects();
                projects.dialect(&sentence.file.path).dialect
            },
        }
    }

    fn names(&self, guarantee: &Guarantee) -> Vec<NameInSentence> {
        NameInSentence::all(guarantee, self.dialect)
    }

    /// What a name is called now.
    fn now(&self, name: &NameInSentence) -> Vec<Name> {
        let now = self.renames.now(&name.parts, Some(&self.subject));
        // A bare column may have been renamed in what lies upstream.
        let bare = || match (
            now.as_slice(),
            &self.about,
            self.renames == Renames::default(),
        ) {
            ([name], Some(about), false) => {
                let levels = self.binder.levels(about);
                self.renames.bare(name, &self.binder, &levels)
            }
            _ => None,
        };
        bare().map_or(now.clone(), |bare| vec![bare])
    }

    fn found(&self, name: &NameInSentence, now: &[Name]) -> Option<NameProblem<'a, 's>> {
        let (kind, part) = self.problem(name, now)?;
        if !matches!(kind, Kind::Several(_)) && self.may_be_typed(now) {
            return None;
        }
        let range = self.part(name, part);
        let text = &self.sentence.text.value;
        let written = text.get(range.start().into()..range.end().into());
        Some(NameProblem {
            sentence: self.sentence,
            range,
            written: written.unwrap_or_default().to_owned(),
            kind,
        })
    }

    /// Whether SQL that can't be read may tell what the name stands for: its own, or that of the table which
    /// the sentence is about.
    fn may_be_typed(&self, now: &[Name]) -> bool {
        let about = self.about.iter().flat_map(|about| &about.parts);
        let names = now.iter().chain(&self.subject).chain(about);
        self.context
            .may_be_mentioned(&names.cloned().collect::<Vec<_>>())
    }

    /// Whether it is a bare column that a CTE makes.
    fn is_made_inside(&self, now: &[Name]) -> bool {
        let about = self.about.as_ref();
        let table = about.and_then(|about| self.context.snapshot.table(about));
        match (now, table) {
            ([name], Some(table)) => {
                self.context.note(table);
                is_made_inside(self.context.snapshot, table, name)
            }
            _ => false,
        }
    }

    fn problem(&self, name: &NameInSentence, now: &[Name]) -> Option<(Kind, Part)> {
        let about = self.about.as_ref();
        match name.role {
            Role::Table => match self.binder.table_near(now, about) {
                Bound::Nothing if !name.may_be_nothing => Some((Kind::NoTable, Part::Whole)),
                Bound::Ambiguous(tables) => Some((several(&tables), Part::Whole)),
                _ => None,
            },
            Role::Column => match self.binder.column(now, about) {
                Bound::Nothing | Bound::Ambiguous(_) if self.is_made_inside(now) => None,
                Bound::Nothing => self.no_column(now),
                Bound::Open => self.no_table(name, now),
                Bound::Ambiguous(columns) => Some((several_columns(&columns), Part::Whole)),
                Bound::To(_) => None,
            },
            Role::Either => match self.binder.table_or_column(now) {
                Bound::Nothing if !name.may_be_nothing => match now {
                    [_] => Some((Kind::NoTable, Part::Whole)),
                    _ => self.no_column(now),
                },
                Bound::Ambiguous(names) => {
                    let names: Vec<String> = names
                        .iter()
                        .map(|name| match name {
                            BoundName::Table(table) => table.to_string(),
                            BoundName::Column(column) => whole(column),
                        })
                        .collect();
                    Some((Kind::Several(names), Part::Whole))
                }
                _ => None,
            },
        }
    }

    /// That the table of a column is none, where the name can't be that of a field: of a column that nothing
    /// tells.
    fn no_table(&self, name: &NameInSentence, now: &[Name]) -> Option<(Kind, Part)> {
        let (_, table) = now.split_last()?;
        let is_field = self.origin != Some(name.range) && self.dialect.names_fields_by_dots();
        let is_none = || self.binder.table_near(table, self.about.as_ref()) == Bound::Nothing;
        let is_told = !is_field && !table.is_empty() && is_none();
        is_told.then_some((Kind::NoTable, Part::Table))
    }

    /// Why a column is none.
    fn no_column(&self, now: &[Name]) -> Option<(Kind, Part)> {
        let (column, table) = now.split_last()?;
        if table.is_empty() {
            // What the sentence is about is the trouble, where it is not known.
            let about = self.about.clone()?;
            let column = column.clone();
            return Some((Kind::NoBareColumn { about, column }, Part::Whole));
        }
        match self.binder.table_near(table, self.about.as_ref()) {
            Bound::To(table) => {
                let column = column.clone();
                Some((Kind::NoColumn { table, column }, Part::Column))
            }
            Bound::Nothing => Some((Kind::NoTable, Part::Table)),
            Bound::Ambiguous(_) | Bound::Open => None,
        }
    }

    /// Where a part of a name stands in the sentence.
    fn part(&self, name: &NameInSentence, part: Part) -> TextRange {
        let text = &self.sentence.text.value;
        let written = text.get(name.range.start().into()..name.range.end().into());
        let parts = words(written.unwrap_or_default()).into_iter().next();
        let ranges = parts.map(|parts| parts.ranges).unwrap_or_default();
        let found = match (part, ranges.as_slice()) {
            (Part::Table, [first, .., before, _]) => first.cover(*before),
            (Part::Table, [first, _]) => *first,
            (Part::Column, [.., last]) => *last,
            _ => return name.range,
        };
        found + name.range.start()
    }
}

/// Which part of a path is meant.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    Table,
    Column,
}

fn several(tables: &[BoundTable]) -> Kind {
    Kind::Several(tables.iter().map(ToString::to_string).collect())
}

fn several_columns(columns: &[BoundColumn]) -> Kind {
    Kind::Several(columns.iter().map(whole).collect())
}

/// The whole name of a column.
fn whole(column: &BoundColumn) -> String {
    format!(
        "{}.{}",
        column.table,
        dotted(std::slice::from_ref(&column.column))
    )
}
