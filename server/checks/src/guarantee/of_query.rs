//! The sentences that the query of a table's model answers.

mod every_row;
mod increment;
mod matching;
mod origin;
mod reference;
mod value;

use super::binding::{self, Scope};
use super::levels::{Depths, Level, Levels, settle};
use super::{Verdict, place};
use crate::context::Context;
use index::{File, Table};
use meaning::guarantee::{self, Answer, Formula, Reason, WantedType};
use spec::guarantee::{Guarantee, Path, Sql};
use sql::Dialect;
use sql::facts::TableRef;
use sql::lower::free_expression;
use sql::relation::{Expression, Literal, Query};
use syntax::Name;

/// The answer; `None` where the table has no query that can be read.
pub(super) fn verdict<'s>(
    context: &Context<'s>,
    file: &File,
    table: &Table,
    guarantee: &Guarantee,
    levels: &Levels<'s>,
) -> Option<Verdict<'s>> {
    let model = context.snapshot.defining_model(table)?;
    let asking = Asking::new(context, file, table, guarantee, levels)?;
    let (answer, run) = asking.with_increment(asking.settled()?);
    let place = place::of(context, table, (model, run), guarantee, &answer);
    Some(Verdict { answer, place })
}

/// Whether a query tells that it keeps a sentence: the first of `levels`, in the place of the one of the
/// table's model.
pub(super) fn is_kept<'s>(
    context: &Context<'s>,
    file: &File,
    table: &Table,
    guarantee: &Guarantee,
    levels: &Levels<'s>,
) -> bool {
    let asking = Asking::new(context, file, table, guarantee, levels);
    asking.and_then(|asking| asking.settled()) == Some(Answer::Holds)
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

impl<'a, 's> Asking<'a, 's> {
    fn new(
        context: &'a Context<'s>,
        file: &'a File,
        table: &'a Table,
        guarantee: &'a Guarantee,
        levels: &'a Levels<'s>,
    ) -> Option<Asking<'a, 's>> {
        context.note(table);
        let definition = context.definition(table).filter(|_| !table.cyclic)?;
        let projects = context.snapshot.projects();
        Some(Asking {
            context,
            file,
            table,
            guarantee,
            levels,
            dialect: projects.dialect(&definition.file.path).dialect,
            column: guarantee.subject().parts.last(),
        })
    }

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
                let wanted = WantedType::named(&data_type.text, self.dialect)?;
                // What lies upstream is known by its types, not by how they came about.
                settle(self.context, self.levels, Depths::First, &mut |level| {
                    let query = &level.subject.query;
                    let position = self.position(query)?;
                    Some(guarantee::has_type(
                        query,
                        position,
                        &wanted,
                        level.declared(),
                    ))
                })
            }
            Guarantee::NeverNull(_) => {
                settle(self.context, self.levels, Depths::Telling, &mut |level| {
                    let query = &level.subject.query;
                    let position = self.position(query)?;
                    Some(guarantee::never_null(
                        query,
                        position,
                        level.declared(),
                        level.facts(),
                    ))
                })
            }
            Guarantee::Unique(column) => self.unique(std::slice::from_ref(column)),
            Guarantee::OneRowPer { columns, .. } => self.unique(columns),
            Guarantee::OneOf { values, .. } => {
                let allowed: Option<Vec<Literal>> = values
                    .iter()
                    .map(|value| literal(value, self.dialect))
                    .collect();
                let allowed = allowed?;
                settle(self.context, self.levels, Depths::Each, &mut |level| {
                    let query = &level.subject.query;
                    let position = self.position(query)?;
                    Some(guarantee::is_one_of(
                        query,
                        position,
                        &allowed,
                        level.facts(),
                    ))
                })
            }
            Guarantee::CountsOnce { of, .. } => self.about_table(of, &|level, table| {
                guarantee::counts_once(&level.subject, table, level.declared())
            }),
            Guarantee::KeepsEveryRow { of, .. } => self.every_row(of),
            Guarantee::InUnit { unit, .. } => {
                settle(self.context, self.levels, Depths::Each, &mut |level| {
                    let query = &level.subject.query;
                    let position = self.position(query)?;
                    let unit_of =
                        |table: &TableRef, column: &Name| self.declared_unit(level, table, column);
                    Some(guarantee::is_in_unit(query, position, &unit.text, &unit_of))
                })
            }
            Guarantee::InZone { zone, .. } => {
                settle(self.context, self.levels, Depths::Each, &mut |level| {
                    let query = &level.subject.query;
                    let position = self.position(query)?;
                    Some(guarantee::is_in_zone(
                        query,
                        position,
                        &zone.text,
                        level.declared(),
                    ))
                })
            }
            Guarantee::KeepsLatest { per, by, .. } => {
                let (per, by) = (last_names(per), last_names(by));
                settle(self.context, self.levels, Depths::Each, &mut |level| {
                    Some(guarantee::keeps_latest(
                        &level.subject.query,
                        &per,
                        &by,
                        level.declared(),
                    ))
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
                    let is_last = level.is_last;
                    guarantee::comes_unchanged(
                        &level.subject,
                        position,
                        origin,
                        is_last,
                        level.declared(),
                    )
                })
            }
            Guarantee::RefersTo { to, .. } => self.refers(to),
            Guarantee::NeverComesFrom { from, .. } => self.never_from(from),
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
            subject: &level.subject,
            defined,
        }
    }

    fn rows(
        &self,
        condition: &Sql,
        ask: fn(&guarantee::Subject, &Formula, &meaning::witness::Facts) -> Answer,
    ) -> Option<Answer> {
        let condition = free_expression(&condition.text, self.dialect).ok()?;
        let mut bound: Option<Vec<Formula>> = None;
        settle(self.context, self.levels, Depths::Each, &mut |level| {
            if bound.is_none() {
                bound = self.scope(level, None).formulas(&condition);
            }
            let formulas = bound.as_ref()?;
            let answers = formulas
                .iter()
                .map(|formula| ask(&level.subject, formula, level.facts()));
            Some(agreed(answers))
        })
    }

    fn unique(&self, columns: &[Path]) -> Option<Answer> {
        let names = last_names(columns);
        settle(self.context, self.levels, Depths::Telling, &mut |level| {
            let query = &level.subject.query;
            let positions: Option<Vec<usize>> = names
                .iter()
                .map(|name| query.root().position(name))
                .collect();
            Some(guarantee::is_unique(
                query,
                &positions?,
                level.declared(),
                level.facts(),
            ))
        })
    }

    /// Asks about a table that is read, from the level on where it is found.
    fn about_table(
        &self,
        path: &Path,
        ask: &dyn Fn(&Level<'s>, &TableRef) -> Answer,
    ) -> Option<Answer> {
        let mut found = None;
        settle(self.context, self.levels, Depths::Telling, &mut |level| {
            if found.is_none() {
                found = self.mention(level, &path.parts);
            }
            Some(ask(level, found.as_ref()?))
        })
    }

    fn mention(&self, level: &Level<'s>, parts: &[Name]) -> Option<TableRef> {
        let key = self.levels.table_called(self.file, parts);
        binding::mention(&level.named, key.as_ref(), parts)
    }

    fn declared_unit(&self, level: &Level<'s>, table: &TableRef, column: &Name) -> Option<String> {
        let snapshot = self.context.snapshot;
        let table = snapshot.table(level.named.key(table)?)?;
        let described = table.column(column)?.described.iter();
        let mut units = described.filter_map(|described| {
            let entry = snapshot.described_column(*described)?;
            Some(entry.unit.as_ref()?.value.clone())
        });
        units.next()
    }
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
