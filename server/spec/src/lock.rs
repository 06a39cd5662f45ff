//! The lock: what every column and the rows of a table meant when they were last reviewed.
//!
//! `NAME.spec.lock` stands beside `NAME.spec.yaml`. It is written by the program and read in review, so
//! there is one thing a line, in a stable order. What stands in it is SQL, which is text here.

mod read;
mod write;

pub use read::{decode, sides};
pub use write::text;

use crate::model::AmendmentId;
use syntax::Spot;

/// The version of the format that is written.
pub const VERSION: u64 = 1;

/// What a lock says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The version of its format.
    pub version: Option<u64>,
    /// The dialect of the SQL in it, as written.
    pub dialect: Option<String>,
    /// Its tables, in the order of the text.
    pub tables: Vec<TableLock>,
    /// It can't be read, as a merge was not finished or it is not of its form. Then it has no tables.
    pub is_broken: bool,
}

/// What a table meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableLock {
    /// Its name, as people call it.
    pub name: String,
    /// What is read that has no name of its own, each after what it reads in turn.
    pub steps: Vec<StepLock>,
    /// Which rows it holds; `None` where it can't be told.
    pub rows: Option<RowsLock>,
    /// The amendment that last covered its rows.
    pub rows_by: Option<AmendmentId>,
    /// The tables all of whose other columns it has; `None` where it can't be told which these are.
    pub rest: Option<Vec<String>>,
    /// Its columns, in the order of the text.
    pub columns: Vec<ColumnLock>,
    /// What bare names in the sentences about it stand for, where that lies upstream: the whole name of
    /// each.
    pub names: Vec<(String, String)>,
    /// Which rows an incremental run adds, where these are others than of a full refresh.
    pub incremental: Vec<String>,
    /// Where its name stands, in a lock that was read.
    pub place: Option<Spot>,
    /// Where its rows are told.
    pub rows_place: Option<Spot>,
}

/// What a column meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnLock {
    /// Its name.
    pub name: String,
    /// Its value; `None` where it can't be told.
    pub means: Option<String>,
    /// Its type, where a cast gives it one.
    pub data_type: Option<String>,
    /// The amendment that last covered it.
    pub by: Option<AmendmentId>,
    /// Where it stands, in a lock that was read.
    pub place: Option<Spot>,
}

/// A query under a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepLock {
    /// Its name.
    pub name: String,
    /// Which rows it has.
    pub rows: RowsLock,
    /// Its columns and their values; of a set operation or of constants, without values.
    pub columns: Vec<(String, String)>,
}

/// What decides rows, a conjunct, key or input each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsLock {
    /// The first input.
    pub from: Option<String>,
    /// `JOIN … ON …`
    pub joins: Vec<String>,
    /// Conjuncts of `WHERE`.
    pub filter: Vec<String>,
    /// Keys.
    pub group: Vec<String>,
    /// Conjuncts of `HAVING`.
    pub having: Vec<String>,
    /// Conjuncts of `QUALIFY`.
    pub qualify: Vec<String>,
    /// `DISTINCT` or `DISTINCT ON (…)`.
    pub distinct: Option<String>,
    /// `ORDER BY`, where it decides rows.
    pub order: Vec<String>,
    /// `LIMIT`
    pub limit: Option<String>,
    /// `OFFSET`
    pub offset: Option<String>,
    /// `UNION ALL` and its like, of `branches`.
    pub set: Option<String>,
    /// The steps whose rows are put together.
    pub branches: Vec<String>,
    /// Rows of constants.
    pub values: Vec<String>,
    /// The branches are run again until they give no more rows.
    pub recursive: bool,
}

impl Lock {
    /// What it says of the table that people call `name`.
    pub fn table(&self, name: &str) -> Option<&TableLock> {
        let mut tables = self.tables.iter();
        tables.find(|table| table.name.eq_ignore_ascii_case(name))
    }
}

impl TableLock {
    /// What it says of the column `name`.
    pub fn column(&self, name: &str) -> Option<&ColumnLock> {
        let mut columns = self.columns.iter();
        columns.find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

impl RowsLock {
    /// Its lists and their keys, in the order in which they are written.
    fn lists(&self) -> [(&'static str, &Vec<String>); 8] {
        [
            ("joins", &self.joins),
            ("where", &self.filter),
            ("group", &self.group),
            ("having", &self.having),
            ("qualify", &self.qualify),
            ("order", &self.order),
            ("branches", &self.branches),
            ("values", &self.values),
        ]
    }

    /// Its single values and their keys, in the order in which they are written.
    fn singles(&self) -> [(&'static str, &Option<String>); 5] {
        [
            ("set", &self.set),
            ("from", &self.from),
            ("distinct", &self.distinct),
            ("limit", &self.limit),
            ("offset", &self.offset),
        ]
    }
}

#[cfg(test)]
mod tests;
