//! The names in a sentence, its SQL included: where each stands, and what it may stand for.

use spec::guarantee::{Guarantee, Path, Sql, words};
use sql::Dialect;
use sql::lower::free_expression;
use sql::relation::Expression;
use std::collections::BTreeSet;
use syntax::{Name, TextRange};

/// A name in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameInSentence {
    /// Its parts, the outermost first; never empty.
    pub parts: Vec<Name>,
    /// Where it stands, counted from the start of the sentence.
    pub range: TextRange,
    /// What it may stand for.
    pub role: Role,
    /// It may well stand for nothing: the sentence says that it is absent, or is never read.
    pub may_be_nothing: bool,
}

/// What a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A table.
    Table,
    /// A column: with its table, or bare, and then of the table that the sentence is about or of what
    /// that reads.
    Column,
    /// A table or a column.
    Either,
}

impl NameInSentence {
    /// The names in a sentence, in the order of its text. SQL that does not parse in `dialect` names
    /// nothing.
    pub fn all(guarantee: &Guarantee, dialect: Dialect) -> Vec<NameInSentence> {
        let mut names = Names {
            dialect: Some(dialect),
            found: Vec::new(),
        };
        names.of(guarantee);
        names.found.sort_by_key(|name| name.range.start());
        names.found
    }

    /// What the subject of a sentence may stand for.
    pub fn role_of_subject(guarantee: &Guarantee) -> Role {
        let subject = guarantee.subject().range;
        // Types and predicates are no names, so no SQL is read for it.
        let mut names = Names {
            dialect: None,
            found: Vec::new(),
        };
        names.of(guarantee);
        let mut found = names.found.into_iter();
        let own = found.find(|name| name.range == subject);
        own.map_or(Role::Either, |name| name.role)
    }
}

struct Names {
    /// That of the SQL; without one none is read.
    dialect: Option<Dialect>,
    found: Vec<NameInSentence>,
}

impl Names {
    fn of(&mut self, guarantee: &Guarantee) {
        match guarantee {
            Guarantee::Exists(what) | Guarantee::Absent(what) => {
                self.push(what, Role::Either, true);
            }
            Guarantee::RenamedFrom { what, .. } => self.push(what, Role::Either, false),
            Guarantee::HasType { column, .. }
            | Guarantee::NeverNull(column)
            | Guarantee::Unique(column)
            | Guarantee::OneOf { column, .. }
            | Guarantee::InUnit { column, .. }
            | Guarantee::InZone { column, .. } => self.column(column),
            Guarantee::RefersTo { column, to: from }
            | Guarantee::ComesFrom { column, from, .. }
            | Guarantee::ComesUnchanged { column, from } => {
                self.column(column);
                self.column(from);
            }
            Guarantee::Equals {
                column,
                value,
                per,
                filter,
            } => {
                self.column(column);
                self.sql(value);
                self.columns(per);
                filter.iter().for_each(|filter| self.sql(filter));
            }
            Guarantee::NeverComesFrom { what, from } => {
                self.push(what, Role::Either, false);
                self.push(from, Role::Either, true);
            }
            Guarantee::NeverLeaves {
                column,
                table,
                except,
            } => {
                self.column(column);
                self.table(table);
                except
                    .iter()
                    .for_each(|table| self.push(table, Role::Table, true));
            }
            Guarantee::ClassifiedNeverLeave { table, except, .. } => {
                self.table(table);
                except
                    .iter()
                    .for_each(|table| self.push(table, Role::Table, true));
            }
            Guarantee::ExcludesRows { table, condition }
            | Guarantee::OnlyHasRows { table, condition } => {
                self.table(table);
                self.sql(condition);
            }
            Guarantee::ExcludesMatching { table, other, on }
            | Guarantee::OnlyHasMatching { table, other, on } => {
                self.table(table);
                self.table(other);
                self.columns(on);
            }
            Guarantee::OneRowPer { table, columns } | Guarantee::MergedBy { table, columns } => {
                self.table(table);
                self.columns(columns);
            }
            Guarantee::KeepsLatest { table, per, by } => {
                self.table(table);
                self.columns(per);
                self.columns(by);
            }
            Guarantee::CountsOnce { table, of: other }
            | Guarantee::KeepsEveryRow { table, of: other }
            | Guarantee::Reads { table, other } => {
                self.table(table);
                self.table(other);
            }
            Guarantee::NeverReads { table, other } => {
                self.table(table);
                self.push(other, Role::Table, true);
            }
            Guarantee::MaterializedAs { table, .. } | Guarantee::ListsColumns(table) => {
                self.table(table);
            }
        }
    }

    fn table(&mut self, path: &Path) {
        self.push(path, Role::Table, false);
    }

    fn column(&mut self, path: &Path) {
        self.push(path, Role::Column, false);
    }

    fn columns(&mut self, paths: &[Path]) {
        paths.iter().for_each(|path| self.column(path));
    }

    fn push(&mut self, path: &Path, role: Role, may_be_nothing: bool) {
        self.found.push(NameInSentence {
            parts: path.parts.clone(),
            range: path.range,
            role,
            may_be_nothing,
        });
    }

    /// The columns in a piece of SQL, each where it is named first.
    fn sql(&mut self, sql: &Sql) {
        let Some(dialect) = self.dialect else {
            return;
        };
        let Ok(free) = free_expression(&sql.text, dialect) else {
            return;
        };
        let mut named: BTreeSet<Vec<Name>> = BTreeSet::new();
        free.value.for_each(&mut |part| {
            if let Expression::Column { input, name } = part {
                let qualifier = free.qualifiers.get(input.0 as usize);
                let mut parts = qualifier.cloned().unwrap_or_default();
                parts.push(name.clone());
                named.insert(parts);
            }
        });
        for found in words(&sql.text) {
            let is_word = found.parts.len() == 1 && is_word_of_sql(&found.parts);
            if is_word || !named.remove(&found.parts) {
                continue;
            }
            let (Some(first), Some(last)) = (found.ranges.first(), found.ranges.last()) else {
                continue;
            };
            self.found.push(NameInSentence {
                parts: found.parts.clone(),
                range: TextRange::new(first.start(), last.end()) + sql.range.start(),
                role: Role::Column,
                may_be_nothing: false,
            });
        }
    }
}

/// Whether a bare name may be a word of SQL that parsers take for a column: a part of a date, or a value
/// that is written without parentheses.
fn is_word_of_sql(parts: &[Name]) -> bool {
    parts.iter().any(|name| {
        WORDS_OF_SQL
            .iter()
            .any(|word| word.eq_ignore_ascii_case(name.as_str()))
    })
}

/// From the manuals of the dialects: arguments of `DATE_TRUNC`, `DATEDIFF` and their like, and functions
/// without parentheses.
const WORDS_OF_SQL: &[&str] = &[
    "century",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "date",
    "day",
    "dayofweek",
    "dayofyear",
    "days",
    "decade",
    "default",
    "dow",
    "doy",
    "epoch",
    "hour",
    "hours",
    "infinity",
    "isoweek",
    "isoyear",
    "localtime",
    "localtimestamp",
    "microsecond",
    "millisecond",
    "minute",
    "minutes",
    "month",
    "months",
    "nan",
    "nanosecond",
    "quarter",
    "quarters",
    "rownum",
    "second",
    "seconds",
    "sysdate",
    "systimestamp",
    "time",
    "timestamp",
    "user",
    "week",
    "weeks",
    "year",
    "years",
];
