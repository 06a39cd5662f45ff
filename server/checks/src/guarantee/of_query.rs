//! The sentences that the query of a table's model answers.

mod every_row;

use super::binding::{self, Scope};
use super::levels::{Level, Levels, settle};
use super::{Verdict, place};
use crate::context::{Context, product_of};
use index::binding::{Bound, BoundName, BoundTable};
use index::relations::Run;
use index::{Column, File, Table, TableKey};
use meaning::derive::Facts as _;
use meaning::guarantee::{self, Answer, Contradiction, Definition, Formula, Known, Origin, Reason};
use spec::guarantee::{Guarantee, Path, Sql};
use sql::Dialect;
use sql::lower::{data_type_of, free_expression};
use sql::relation::{DataType, Expression, Literal, Query};
use std::collections::BTreeSet;
use syntax::Name;

/// The answer; `None` where the table has no query that can be read.
pub(super) fn verdict<'s>(
    context: &Context<'s>,
    file: &File,
    table: &Table,
    guarantee: &Guarantee,
    levels: &Levels<'s>,
) -> Option<Verdict<'s>> {
    let snapshot = context.snapshot;
    context.note(table);
    let definition = context.definition(table).filter(|_| !table.cyclic)?;
    let model = snapshot.defining_model(table)?;
    let dialect = snapshot.projects().dialect(&definition.file.path).dialect;
    let asking = Asking {
        context,
        file,
        table,
        guarantee,
        levels,
        dialect,
        column: guarantee.subject().parts.last(),
    };
    let (answer, run) = match asking.settled()? {
        answer @ Answer::Contradicted(_) => (answer, levels.run),
        answer => match asking.broken_by_increment() {
            Some(broken) => (Answer::Contradicted(broken), Run::Incremental),
            None => (answer, levels.run),
        },
    };
    let place = place::of(context, table, (model, run), guarantee, &answer);
    Some(Verdict { answer, place })
}

#[derive(Clone, Copy)]
struct Asking<'a, 's> {
    context: &'a Context<'s>,
    file: &'a File,
    table: &'a Table,
    guarantee: &'a Guarantee,
    levels: &'a Levels<'s>,
    dialect: Dialect,
    /// The column that the sentence is about, if it is about one.
    column: Option<&'a Name>,
}

impl<'s> Asking<'_, 's> {
    fn settled(&self) -> Option<Answer> {
        match self.guarantee {
            Guarantee::Equals {
                value, per, filter, ..
            } => self.value(value, per, filter.as_ref()),
            Guarantee::ExcludesRows { condition, .. } => self.rows(condition, guarantee::lets_in),
            Guarantee::OnlyHasRows { condition, .. } => {
                self.rows(condition, guarantee::allows_only)
            }
            Guarantee::HasType { data_type, .. } => {
                let wanted = data_type_of(&data_type.text, self.dialect)?;
                // What lies upstream is known by its types, not by how they came about.
                settle(self.context, self.levels, false, &mut |level| {
                    let declared = level.named.declared();
                    let query = &level.subject.query;
                    let position = self.position(query)?;
                    Some(guarantee::has_type(query, position, &wanted, &declared))
                })
            }
            Guarantee::NeverNull(_) => settle(self.context, self.levels, true, &mut |level| {
                let declared = level.named.declared();
                let query = &level.subject.query;
                let position = self.position(query)?;
                Some(guarantee::never_null(
                    query,
                    position,
                    &declared,
                    &level.facts,
                ))
            }),
            Guarantee::Unique(column) => self.unique(std::slice::from_ref(column)),
            Guarantee::OneRowPer { columns, .. } => self.unique(columns),
            Guarantee::OneOf { values, .. } => {
                let allowed: Option<Vec<Literal>> = values
                    .iter()
                    .map(|value| literal(value, self.dialect))
                    .collect();
                let allowed = allowed?;
                settle(self.context, self.levels, true, &mut |level| {
                    let query = &level.subject.query;
                    let position = self.position(query)?;
                    Some(guarantee::is_one_of(
                        query,
                        position,
                        &allowed,
                        &level.facts,
                    ))
                })
            }
            Guarantee::CountsOnce { of, .. } => self.about_table(of, true, &|level, table| {
                let declared = level.named.declared();
                guarantee::counts_once(&level.subject, table, &declared)
            }),
            Guarantee::KeepsEveryRow { of, .. } => self.every_row(of),
            Guarantee::InUnit { unit, .. } => {
                settle(self.context, self.levels, true, &mut |level| {
                    let query = &level.subject.query;
                    let position = self.position(query)?;
                    let unit_of = |table: &sql::facts::TableRef, column: &Name| {
                        self.declared_unit(level, table, column)
                    };
                    Some(guarantee::is_in_unit(query, position, &unit.text, &unit_of))
                })
            }
            Guarantee::InZone { zone, .. } => {
                settle(self.context, self.levels, true, &mut |level| {
                    let query = &level.subject.query;
                    let position = self.position(query)?;
                    Some(guarantee::is_in_zone(query, position, &zone.text))
                })
            }
            Guarantee::KeepsLatest { per, by, .. } => {
                let (per, by) = (last_names(per), last_names(by));
                settle(self.context, self.levels, true, &mut |level| {
                    Some(guarantee::keeps_latest(&level.subject.query, &per, &by))
                })
            }
            Guarantee::ExcludesMatching { other, on, .. } => {
                self.matching(other, on, guarantee::excludes_matching)
            }
            Guarantee::OnlyHasMatching { other, on, .. } => {
                self.matching(other, on, guarantee::only_has_matching)
            }
            Guarantee::ComesFrom {
                from, only_through, ..
            } => {
                let functions: Vec<String> =
                    only_through.iter().map(|word| word.text.clone()).collect();
                self.origin(from, &|level, position, origin| {
                    let is_last = level.is_last;
                    guarantee::comes_from(&level.subject, position, origin, &functions, is_last)
                })
            }
            Guarantee::ComesUnchanged { from, .. } => {
                self.origin(from, &|level, position, origin| {
                    let declared = level.named.declared();
                    let is_last = level.is_last;
                    guarantee::comes_unchanged(&level.subject, position, origin, is_last, &declared)
                })
            }
            Guarantee::RefersTo { to, .. } => self.refers(to),
            Guarantee::NeverComesFrom { from, .. } => self.never_from(from),
            _ => None,
        }
    }

    /// What breaks the sentence in an incremental run alone, which is to give columns the same values.
    fn broken_by_increment(&self) -> Option<Contradiction> {
        let Guarantee::Equals { .. } = self.guarantee else {
            return None;
        };
        let levels = self.levels.incremental();
        match (Asking { levels, ..*self }).settled()? {
            Answer::Contradicted(broken) => Some(Contradiction {
                now: broken.now.map(|now| format!("{now} in an incremental run")),
                ..broken
            }),
            _ => None,
        }
    }

    fn position(&self, query: &Query) -> Option<usize> {
        query.root().position(self.column?)
    }

    fn scope<'l>(&'l self, level: &'l Level<'s>, defined: Option<&'l Name>) -> Scope<'l, 's> {
        Scope {
            snapshot: self.context.snapshot,
            file: self.file,
            table: self.table,
            named: &level.named,
            defined,
            dialect: self.dialect,
        }
    }

    fn value(&self, value: &Sql, per: &[Path], filter: Option<&Sql>) -> Option<Answer> {
        let declared = self
            .column
            .and_then(|name| self.table.column(name)?.data_type.as_deref())
            .and_then(|written| data_type_of(written, self.dialect));
        let mut bound: Option<Vec<Definition>> = None;
        settle(self.context, self.levels, true, &mut |level| {
            let position = self.position(&level.subject.query)?;
            if bound.is_none() {
                let scope = self.scope(level, self.column);
                bound = definitions(&scope, value, per, filter, declared.as_ref());
            }
            let definitions = bound.as_ref()?;
            let declared = level.named.declared();
            Some(agreed(definitions.iter().map(|definition| {
                let known = Known {
                    declared: &declared,
                    facts: &level.facts,
                    may_leave_out: &|name| self.may_leave_out(level, &definition.value, name),
                };
                guarantee::has_value(&level.subject, position, definition, &known)
            })))
        })
    }

    fn rows(
        &self,
        condition: &Sql,
        ask: fn(&guarantee::Subject, &Formula, &meaning::witness::Facts) -> Answer,
    ) -> Option<Answer> {
        let mut bound: Option<Vec<Formula>> = None;
        settle(self.context, self.levels, true, &mut |level| {
            if bound.is_none() {
                bound = self.scope(level, None).formulas(condition);
            }
            let formulas = bound.as_ref()?;
            let answers = formulas
                .iter()
                .map(|formula| ask(&level.subject, formula, &level.facts));
            Some(agreed(answers))
        })
    }

    fn unique(&self, columns: &[Path]) -> Option<Answer> {
        let names = last_names(columns);
        settle(self.context, self.levels, true, &mut |level| {
            let query = &level.subject.query;
            let positions: Option<Vec<usize>> = names
                .iter()
                .map(|name| query.root().position(name))
                .collect();
            let declared = level.named.declared();
            Some(guarantee::is_unique(
                query,
                &positions?,
                &declared,
                &level.facts,
            ))
        })
    }

    /// Asks about a table that is read, at the level where it is found, and deeper where that helps.
    fn about_table(
        &self,
        path: &Path,
        deepens: bool,
        ask: &dyn Fn(&Level<'s>, &sql::facts::TableRef) -> Answer,
    ) -> Option<Answer> {
        let mut found = None;
        settle(self.context, self.levels, true, &mut |level| {
            if found.is_some() && !deepens {
                return None;
            }
            if found.is_none() {
                found = self.mention(level, path);
            }
            Some(ask(level, found.as_ref()?))
        })
    }

    fn mention(&self, level: &Level<'s>, path: &Path) -> Option<sql::facts::TableRef> {
        let snapshot = self.context.snapshot;
        binding::mention(&level.named, self.file, snapshot, &path.parts)
    }

    fn matching(
        &self,
        other: &Path,
        on: &[Path],
        ask: fn(
            &guarantee::Subject,
            &sql::facts::TableRef,
            &[Name],
            &meaning::witness::Facts,
        ) -> Answer,
    ) -> Option<Answer> {
        let names = last_names(on);
        let mut found: Option<sql::facts::TableRef> = None;
        settle(self.context, self.levels, true, &mut |level| {
            if found.is_none() {
                found = self.mention(level, other);
            }
            // One that is read under several names is not told.
            if found.is_none() && binding::is_perhaps_mentioned(&level.named, &other.parts) {
                return Some(Answer::Undecided(Reason::OutOfReach));
            }
            // Only a query over everything upstream tells that nothing keeps such rows out.
            let other = found.clone().unwrap_or_else(|| {
                sql::facts::TableRef::Named(sql::facts::TableName {
                    parts: other.parts.clone(),
                })
            });
            match ask(&level.subject, &other, &names, &level.facts) {
                Answer::Contradicted(_) if !level.is_last => {
                    Some(Answer::Undecided(Reason::NoProof))
                }
                answer => Some(answer),
            }
        })
    }

    fn origin(
        &self,
        from: &Path,
        ask: &dyn Fn(&Level<'s>, usize, &Origin) -> Answer,
    ) -> Option<Answer> {
        let (column, parts) = from.parts.split_last()?;
        let mut origin: Option<Origin> = None;
        settle(self.context, self.levels, true, &mut |level| {
            let position = self.position(&level.subject.query)?;
            if origin.is_none() {
                origin = self.mentioned(level, parts).map(|table| Origin {
                    table,
                    column: Some(column.clone()),
                });
            }
            match &origin {
                Some(origin) => Some(ask(level, position, origin)),
                // One that is read under several names is not told.
                None if level.is_last
                    && self.is_known(parts)
                    && !binding::is_perhaps_mentioned(&level.named, parts) =>
                {
                    Some(ask(level, position, &self.nowhere(parts, column)))
                }
                None => None,
            }
        })
    }

    fn is_known(&self, parts: &[Name]) -> bool {
        binding::is_known(self.context.snapshot, self.file, parts)
    }

    fn mentioned(&self, level: &Level<'s>, parts: &[Name]) -> Option<sql::facts::TableRef> {
        binding::mention(&level.named, self.file, self.context.snapshot, parts)
    }

    /// A table that the query does not read.
    fn nowhere(&self, parts: &[Name], column: &Name) -> Origin {
        Origin {
            table: sql::facts::TableRef::Named(sql::facts::TableName {
                parts: parts.to_vec(),
            }),
            column: Some(column.clone()),
        }
    }

    fn never_from(&self, from: &Path) -> Option<Answer> {
        let binder = self.context.snapshot.binder(self.file);
        let (parts, column) = match binder.table_or_column(&from.parts) {
            Bound::To(BoundName::Table(_)) => (from.parts.as_slice(), None),
            // Which field of a column a value comes from is not followed, nor which of several is meant.
            Bound::To(BoundName::Column(column)) if !column.fields.is_empty() => {
                return Some(Answer::Undecided(Reason::OutOfReach));
            }
            Bound::Ambiguous(_) => return Some(Answer::Undecided(Reason::OutOfReach)),
            Bound::To(BoundName::Column(_)) | Bound::Nothing | Bound::Open => {
                let (column, parts) = from.parts.split_last()?;
                (parts, Some(column))
            }
        };
        let is_whole = self.is_about_whole_table();
        let mut origin: Option<Origin> = None;
        settle(self.context, self.levels, true, &mut |level| {
            if origin.is_none() {
                origin = self.mentioned(level, parts).map(|table| Origin {
                    table,
                    column: column.cloned(),
                });
            }
            let query = &level.subject.query;
            let position = match is_whole {
                true => None,
                false => Some(self.position(query)?),
            };
            let answer = match &origin {
                Some(origin) => guarantee::never_comes_from(&level.subject, position, origin),
                // Nothing reads it, so nothing comes from it.
                None if level.is_last && !binding::is_perhaps_mentioned(&level.named, parts) => {
                    let origin = Origin {
                        table: sql::facts::TableRef::Unknown,
                        column: None,
                    };
                    guarantee::never_comes_from(&level.subject, position, &origin)
                }
                None => return None,
            };
            // A second way may come through a table that is not looked into yet.
            match answer {
                Answer::Holds if !level.is_last => Some(Answer::Undecided(Reason::NoProof)),
                answer => Some(answer),
            }
        })
    }

    /// Whether the sentence is about all columns of the table, not about one.
    fn is_about_whole_table(&self) -> bool {
        let path = self.guarantee.subject();
        binding::table(self.context.snapshot, self.file, &path.parts)
            .is_some_and(|table| table.key == self.table.key)
    }

    /// `refers to`: it is taken unchanged from another entity's key.
    fn refers(&self, to: &Path) -> Option<Answer> {
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

    fn declared_unit(
        &self,
        level: &Level<'s>,
        table: &sql::facts::TableRef,
        column: &Name,
    ) -> Option<String> {
        let snapshot = self.context.snapshot;
        let table = snapshot.table(level.named.key(table)?)?;
        let described = table.column(column)?.described.iter();
        let mut units = described.filter_map(|described| {
            let entry = snapshot.described_column(*described)?;
            Some(entry.unit.as_ref()?.value.clone())
        });
        units.next()
    }

    /// Whether a sentence about the table, or about one whose columns are named, asks for rows to be kept
    /// out by a column of this name.
    fn may_leave_out(&self, level: &Level<'s>, value: &Formula, name: &Name) -> bool {
        // An incremental run leaves out what is there already.
        if self.levels.run == Run::Incremental {
            return true;
        }
        let named = value.tables().into_iter().filter_map(|table| {
            let key = level.named.key(table)?;
            self.context.snapshot.table(key).map(|table| &**table)
        });
        let mut tables = [self.table].into_iter().chain(named);
        tables.any(|table| self.agreed_columns(table).contains(name))
    }

    /// The columns by which sentences ask rows of a table to be kept out. Of another table than the one that
    /// is asked about only those of the same product: with these, its sentences are answered anew.
    fn agreed_columns(&self, table: &Table) -> BTreeSet<Name> {
        let product = product_of(self.file);
        let mut sentences = self.context.sentences_about(table);
        sentences.retain(|sentence| {
            table.key == self.table.key || product.as_ref() == Some(&sentence.product)
        });
        let mut names = BTreeSet::new();
        for sentence in sentences {
            if let Guarantee::ExcludesRows { condition, .. }
            | Guarantee::OnlyHasRows { condition, .. } = &*sentence.guarantee
                && let Ok(free) = free_expression(&condition.text, self.dialect)
            {
                free.value.for_each(&mut |part| {
                    if let Expression::Column { name, .. } = part {
                        names.insert(name.clone());
                    }
                });
            }
        }
        names
    }
}

/// The definitions that a sentence may mean, one for each table that a bare name may belong to.
fn definitions(
    scope: &Scope<'_, '_>,
    value: &Sql,
    per: &[Path],
    filter: Option<&Sql>,
    data_type: Option<&DataType>,
) -> Option<Vec<Definition>> {
    let filters: Vec<Option<Formula>> = match filter {
        None => vec![None],
        Some(filter) => scope.formulas(filter)?.into_iter().map(Some).collect(),
    };
    let values = scope.formulas(value)?;
    let mut definitions = Vec::new();
    for value in &values {
        for filter in &filters {
            definitions.push(Definition {
                value: value.clone(),
                per: last_names(per),
                filter: filter.clone(),
                data_type: data_type.cloned(),
            });
        }
    }
    Some(definitions)
}

/// What all readings of a sentence agree on.
fn agreed(answers: impl Iterator<Item = Answer>) -> Answer {
    let mut all: Vec<Answer> = answers.collect();
    let is_broken = |answer: &Answer| matches!(answer, Answer::Contradicted(_));
    let is_same = all.iter().all(is_broken) || all.iter().all(|answer| *answer == Answer::Holds);
    if all.is_empty() || all.len() > 1 && !is_same {
        return Answer::Undecided(Reason::OutOfReach);
    }
    all.swap_remove(0)
}

fn last_names(paths: &[Path]) -> Vec<Name> {
    paths
        .iter()
        .filter_map(|path| path.parts.last().cloned())
        .collect()
}

fn literal(sql: &Sql, dialect: Dialect) -> Option<Literal> {
    match free_expression(&sql.text, dialect).ok()?.value {
        Expression::Literal(literal) => Some(literal),
        _ => None,
    }
}
