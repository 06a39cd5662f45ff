//! Asks a sentence of a model's query, then of the same query over what lies further upstream, until
//! it is settled.
//!
//! What holds at one level holds. What is contradicted there may be ruled out upstream, so it is asked
//! again with the queries of the tables that it reads in their place: only what no level rules out is a
//! contradiction. A table whose model can't be read rules out nothing, and proves nothing either.

use super::binding;
use crate::context::Context;
use index::declared::Declared;
use index::named::NamedQuery;
use index::relations::Run;
use index::{File, FileId, ModelId, Snapshot, Table, TableKey};
use meaning::guarantee::{Answer, Reason, Subject};
use meaning::witness::Facts;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use syntax::Name;

/// A query at some depth.
pub(super) struct Level<'s> {
    /// The query under the names of the workspace.
    pub(super) named: NamedQuery<'s>,
    /// The same, and what its inputs stand for.
    pub(super) subject: Subject,
    /// Nothing lies further upstream.
    pub(super) is_last: bool,
    declared: OnceCell<Declared<'s>>,
    facts: OnceCell<Facts>,
    is_over_unreadable: OnceCell<bool>,
    /// How many of its parts are not known.
    unknowns: OnceCell<usize>,
}

impl<'s> Level<'s> {
    fn new(snapshot: &Snapshot, named: NamedQuery<'s>, subject: Subject) -> Level<'s> {
        let is_last = binding::defined(snapshot, &named).next().is_none();
        Level {
            named,
            subject,
            is_last,
            declared: OnceCell::new(),
            facts: OnceCell::new(),
            is_over_unreadable: OnceCell::new(),
            unknowns: OnceCell::new(),
        }
    }

    /// What is declared of the tables that it reads, and of those that it has seen through.
    pub(super) fn declared(&self) -> &Declared<'s> {
        self.declared.get_or_init(|| {
            let stand_ins = self.subject.stand_ins();
            self.named.declared().with_stand_ins(stand_ins)
        })
    }

    /// The same, for examples.
    pub(super) fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| self.named.facts(self.declared()))
    }

    /// Whether it takes a table as it may be that is made by what can't be read: it may have what the
    /// sentence asks for.
    fn is_over_unreadable(&self, snapshot: &Snapshot) -> bool {
        *self.is_over_unreadable.get_or_init(|| {
            let mut tables = self.named.tables();
            tables.any(|(_, key)| {
                let table = snapshot.table(key);
                table.is_some_and(|table| snapshot.is_unreadable(table))
            })
        })
    }

    /// Whether this level, which is one deeper, tells all that `above` does: what was put in the place of
    /// tables is known, and what is declared of them it keeps.
    fn tells_all_of(&self, above: &Level<'_>) -> bool {
        let unknowns = |level: &Level<'_>| {
            let query = &level.subject.query;
            *level.unknowns.get_or_init(|| query.count_unknown())
        };
        self.subject.query.relations.len() <= MOST_RELATIONS && unknowns(self) == unknowns(above)
    }
}

/// A name in the sentences of a spec.
type Called = (FileId, Vec<Name>);

/// So many levels are gone through.
const MOST_LEVELS: usize = 10;

/// Of queries with more relations a proof may take more steps than it is given, so that what lies between
/// is asked too.
const MOST_RELATIONS: usize = 60;

/// The query of a table's model at every depth, each made when it is first asked for: all sentences
/// about the table ask the same.
pub(crate) struct Levels<'s> {
    snapshot: &'s Snapshot,
    model: Option<ModelId>,
    /// The run that the query is of.
    pub(super) run: Run,
    found: RefCell<Vec<Rc<Level<'s>>>>,
    /// The tables that sentences name, by the specs that state them.
    called: RefCell<BTreeMap<Called, Option<TableKey>>>,
    incremental: OnceCell<Box<Levels<'s>>>,
}

impl<'s> Levels<'s> {
    /// Those of a table.
    pub(crate) fn of(context: &Context<'s>, table: &Table) -> Levels<'s> {
        let model = context.snapshot.defining_model(table);
        Levels::of_run(context.snapshot, model, Run::FullRefresh)
    }

    /// Those of a query in the place of the one of a table's model.
    pub(crate) fn over(context: &Context<'s>, table: &Table, query: NamedQuery<'s>) -> Levels<'s> {
        let levels = Levels::of(context, table);
        let subject = Subject::new(query.query.clone());
        let first = Level::new(context.snapshot, query, subject);
        levels.found.borrow_mut().push(Rc::new(first));
        levels
    }

    fn of_run(snapshot: &'s Snapshot, model: Option<ModelId>, run: Run) -> Levels<'s> {
        Levels {
            snapshot,
            model,
            run,
            found: RefCell::default(),
            called: RefCell::default(),
            incremental: OnceCell::new(),
        }
    }

    /// Those of an incremental run; there are none where no template tells it from a full refresh.
    pub(super) fn incremental(&self) -> &Levels<'s> {
        self.incremental.get_or_init(|| {
            let levels = Levels::of_run(self.snapshot, self.model, Run::Incremental);
            Box::new(levels)
        })
    }

    /// Whether there is a query that makes the table.
    pub(super) fn has_query(&self) -> bool {
        self.model.is_some()
    }

    /// The table that a sentence in `file` names, which is looked for once for all depths.
    pub(super) fn table_called(&self, file: &File, parts: &[Name]) -> Option<TableKey> {
        let mut called = self.called.borrow_mut();
        let known = called.entry((file.id, parts.to_vec()));
        let find = || binding::table(self.snapshot, file, parts).map(|table| table.key.clone());
        known.or_insert_with(find).clone()
    }

    /// Whether the level after one tells all that it does.
    fn is_told_next(&self, depth: usize, level: &Level<'_>) -> bool {
        let next = self.at(depth + 1);
        next.is_some_and(|next| next.tells_all_of(level))
    }

    /// The query at a depth; `None` where nothing lies so far upstream.
    fn at(&self, depth: usize) -> Option<Rc<Level<'s>>> {
        if let Some(known) = self.found.borrow().get(depth) {
            return Some(Rc::clone(known));
        }
        let level = match depth.checked_sub(1) {
            None => {
                let named = self.snapshot.named_query_of(self.model?, self.run)?;
                let subject = Subject::new(named.query.clone());
                Level::new(self.snapshot, named, subject)
            }
            Some(above) => {
                let above = self.at(above)?;
                if above.is_last {
                    return None;
                }
                let is_whole = |key: &TableKey| {
                    let table = self.snapshot.table(key);
                    table.is_some_and(|table| !self.snapshot.is_changed_elsewhere(table))
                };
                let named = above.named.deeper(&is_whole)?;
                let subject = above.subject.deeper(named.query.clone());
                Level::new(self.snapshot, named, subject)
            }
        };
        let level = Rc::new(level);
        self.found.borrow_mut().push(Rc::clone(&level));
        Some(level)
    }
}

/// Of which levels a sentence is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depths {
    /// Of the model's query alone.
    First,
    /// Of every level: what is declared of a table counts only where the query reads it as it is.
    Each,
    /// Of the first level where its names are found, and of those after it that tell what the next one does
    /// not.
    Telling,
}

/// The answer of the model's query. `ask` says `None` where the names of the sentence are not found at
/// a level.
pub(super) fn settle<'s>(
    context: &Context<'s>,
    levels: &Levels<'s>,
    depths: Depths,
    ask: &mut dyn FnMut(&Level<'s>) -> Option<Answer>,
) -> Option<Answer> {
    let mut best: Option<Answer> = None;
    // Whether the best answer may be another one once what lies upstream can be read.
    let mut is_open = false;
    let deepens = depths != Depths::First;
    let mut is_found = false;
    for depth in 0..if deepens { MOST_LEVELS } else { 1 } {
        let Some(level) = levels.at(depth) else {
            break;
        };
        for mentioned in level.named.query.tables() {
            if let Some(name) = mentioned.last_name() {
                context.note_name(name);
            }
        }
        for (_, key) in level.named.tables() {
            if let Some(table) = context.snapshot.table(key) {
                context.note(table);
            }
        }
        let is_told_next = || depth + 1 < MOST_LEVELS && levels.is_told_next(depth, &level);
        if depths == Depths::Telling && depth > 0 && is_found && is_told_next() {
            continue;
        }
        if let Some(asked) = context.asked {
            asked.count_query();
        }
        let answer = ask(&level);
        is_found = answer.is_some();
        let is_broken = matches!(answer, Some(Answer::Contradicted(_) | Answer::AtRisk(_)));
        if is_broken || best.is_some() {
            // What is broken also with an unknown query in the place of the table is broken.
            is_open &= !is_broken;
            is_open |= deepens && level.is_over_unreadable(context.snapshot);
        }
        match (answer, &best) {
            (Some(Answer::Holds), _) => return Some(Answer::Holds),
            // Upstream something rules it out.
            (Some(answer @ Answer::Undecided(Reason::NoProof)), Some(Answer::Contradicted(_))) => {
                best = Some(answer);
            }
            // There is a difference over these tables too.
            (Some(Answer::Undecided(Reason::MayBeRounding)), Some(Answer::Contradicted(_))) => {}
            (Some(Answer::Undecided(_)) | None, Some(Answer::Contradicted(_))) => break,
            // The example over what the model itself reads is the plainer one.
            (Some(Answer::Contradicted(_)), Some(Answer::Contradicted(_))) => {}
            (Some(Answer::Undecided(_)), Some(Answer::AtRisk(_))) | (None, Some(_)) => {}
            (Some(answer), _) => best = Some(answer),
            (None, None) => {}
        }
    }
    match best {
        Some(Answer::Contradicted(_) | Answer::AtRisk(_)) if is_open => {
            Some(Answer::Undecided(Reason::UnknownSql))
        }
        best => best,
    }
}
