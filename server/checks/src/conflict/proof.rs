//! What can be proved of the SQL in two sentences: that two types differ, that two values differ on some
//! row, that no row passes two conditions. The proofs are those of `meaning`; here queries are made that
//! ask for them.

use super::{Claim, RowRule};
use crate::context::Context;
use meaning::difference::{Change, ColumnChange, Version, difference};
use meaning::witness::Facts;
use spec::guarantee::Sql;
use sql::facts::TableRef;
use sql::lower::{Catalog, TableColumns, data_type_of, free_expression, lower};
use sql::relation::{DataType, Query};
use sql::{Dialect, Options};
use std::collections::BTreeSet;
use syntax::Name;
use syntax::name::dotted;

/// What is asked of the SQL of two sentences.
pub(super) struct Proof {
    dialect: Dialect,
    /// Columns were renamed between the two: their SQL is not of the same names.
    is_renamed: bool,
}

/// Nothing is known of any table: the proofs are to hold for all.
struct NoCatalog;

impl Catalog for NoCatalog {
    fn columns(&self, _: &TableRef) -> Option<TableColumns> {
        None
    }
}

impl Proof {
    pub(super) fn new(
        context: &Context<'_>,
        older: &Claim<'_, '_>,
        newer: &Claim<'_, '_>,
    ) -> Proof {
        let path = &newer.sentence.file.path;
        Proof {
            dialect: context.snapshot.projects().dialect(path).dialect,
            is_renamed: older.has_renames() || newer.has_renames(),
        }
    }

    /// Whether no column can have both types.
    pub(super) fn types_differ(&self, old: &Sql, new: &Sql) -> bool {
        let of = |sql: &Sql| data_type_of(&sql.text, self.dialect);
        match (of(old), of(new)) {
            // What is given in one and left to a default in the other may be the same.
            (Some(DataType::Decimal(a, b)), Some(DataType::Decimal(c, d))) => {
                let differ = |old: Option<i32>, new: Option<i32>| {
                    old.zip(new).is_some_and(|(old, new)| old != new)
                };
                differ(a.map(i32::from), c.map(i32::from))
                    || differ(b.map(i32::from), d.map(i32::from))
            }
            (Some(DataType::Text(a)), Some(DataType::Text(b))) => {
                a.zip(b).is_some_and(|(old, new)| old != new)
            }
            (Some(DataType::Array(_)), Some(DataType::Array(_)))
            | (Some(DataType::Other(_)), _)
            | (_, Some(DataType::Other(_))) => false,
            (Some(old), Some(new)) => old != new,
            _ => false,
        }
    }

    /// An example where both values are there and differ, as the end of a sentence; none where there is
    /// none, or none is found.
    pub(super) fn values_differ(&self, old: &Sql, new: &Sql) -> Option<String> {
        let from = self.sources(&[old, new])?;
        let (old, new) = (&old.text, &new.text);
        // A value is free where the guaranteed one is NULL.
        let query = |value: &str| {
            format!(
                "SELECT CASE WHEN ({old}) IS NOT NULL AND ({new}) IS NOT NULL THEN ({value}) END AS v FROM {from}"
            )
        };
        let change = self.change(&query(old), &query(new))?;
        (change == ColumnChange::Changed)
            .then(|| "the two are not always worth the same".to_owned())
    }

    /// Whether no row passes both rules: it is proved that none can.
    pub(super) fn leave_no_row(&self, old: RowRule<'_>, new: RowRule<'_>) -> bool {
        // Leaving out rows leaves room for all others.
        if !old.0 && !new.0 {
            return false;
        }
        let proved = || {
            let from = self.sources(&[old.1, new.1])?;
            let passes = |(asked, condition): RowRule<'_>| match asked {
                true => format!("({})", condition.text),
                false => format!("NOT COALESCE(({}), FALSE)", condition.text),
            };
            let select = |value: &str| format!("SELECT {value} AS v FROM {from}");
            let is_same = |old: &str, new: &str| Some(self.change(old, new)? == ColumnChange::Same);
            // The one asks for what the other leaves out: the same condition, or its opposite.
            let second = match old.0 == new.0 {
                true => format!("NOT ({})", new.1.text),
                false => format!("({})", new.1.text),
            };
            let first = format!("({})", old.1.text);
            if is_same(&select(&first), &select(&second))? {
                return Some(true);
            }
            let both = format!(
                "CASE WHEN {} AND {} THEN 1 ELSE 0 END",
                passes(old),
                passes(new)
            );
            is_same(&select(&both), &select("0"))
        };
        proved().unwrap_or(false)
    }

    /// The tables that the columns in some pieces of SQL are of: one that has no name, where no column
    /// is qualified.
    fn sources(&self, pieces: &[&Sql]) -> Option<String> {
        if self.is_renamed {
            return None;
        }
        let mut tables: BTreeSet<Vec<Name>> = BTreeSet::new();
        for piece in pieces {
            let free = free_expression(&piece.text, self.dialect).ok()?;
            tables.extend(free.qualifiers);
        }
        let is_bare = tables.remove(&Vec::new());
        match (is_bare, tables.is_empty()) {
            (true, false) => None,
            (_, true) => Some("this_table".to_owned()),
            (false, false) => {
                let names: Vec<String> = tables.iter().map(|table| dotted(table)).collect();
                Some(names.join(", "))
            }
        }
    }

    /// How the only column of a query changes.
    fn change(&self, old: &str, new: &str) -> Option<ColumnChange> {
        let (old, new) = (self.query(old)?, self.query(new)?);
        let none = |_: &TableRef| None;
        let version = |query| Version {
            query,
            upstream: &none,
        };
        let difference = difference(&version(&old), &version(&new), &Facts::default());
        let [column] = difference.columns.as_slice() else {
            return None;
        };
        (difference.rows.change == Change::Same).then(|| column.change.clone())
    }

    fn query(&self, text: &str) -> Option<Query> {
        let options = Options {
            dialect: self.dialect,
            ..Options::default()
        };
        let mut lowered = lower(text, &options, &NoCatalog);
        let only = lowered.pop()?;
        lowered.is_empty().then_some(only.query)
    }
}
