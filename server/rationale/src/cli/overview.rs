//! What a workspace holds, in numbers: how much of it there is, how much could be read, and how much
//! of it is described and says why.

mod reads;

pub(super) use reads::{MostRead, most_read_without_why};

use index::{File, FileId, FileKind, Snapshot, SqlRole, Table};
use std::collections::BTreeMap;

/// A workspace in numbers. Files without findings of their own (installed packages, what is
/// excluded) and the tables that only they define do not count.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Overview {
    /// Specs, SQL files, seeds and configuration.
    pub(super) files: usize,
    /// Tables that a model defines or a spec describes.
    pub(super) tables: usize,
    /// Their columns.
    pub(super) columns: usize,
    /// How many of those tables say why.
    pub(super) tables_with_why: usize,
    /// How many of those columns say why.
    pub(super) columns_with_why: usize,
    /// How many of those columns have a description.
    pub(super) columns_with_description: usize,
    /// How many of those tables have a description.
    pub(super) tables_with_description: usize,
    /// SQL files that define tables, every statement of which was read.
    pub(super) parsed: usize,
    /// SQL files that define tables, in which something could not be read.
    pub(super) unparsed: usize,
    /// How many of those tables a model or a seed defines.
    pub(super) models: usize,
    /// Which dialects the SQL is read in and how that was found out, a sentence each.
    pub(super) dialects: Vec<String>,
}

impl Overview {
    /// Counts what there is.
    pub(super) fn of(snapshot: &Snapshot) -> Overview {
        let mut overview = Overview::default();
        let mut dialects: BTreeMap<(String, String), usize> = BTreeMap::new();
        for file in snapshot.files().into_iter().filter(|file| !file.quiet) {
            // A lock says again what the others say.
            overview.files += usize::from(file.kind != FileKind::Lock);
            if let Some(sql) = file.sql().filter(|_| defines_tables(file)) {
                let is_parsed = sql.statements.parsed == sql.statements.total;
                overview.parsed += usize::from(is_parsed);
                overview.unparsed += usize::from(!is_parsed);
            }
            if matches!(file.kind, FileKind::Sql(_)) {
                let found = snapshot.projects().dialect(&file.path);
                *dialects
                    .entry((found.dialect.name().to_owned(), found.how.clone()))
                    .or_default() += 1;
            }
        }
        overview.dialects = said(dialects);
        for table in snapshot
            .tables()
            .into_iter()
            .filter(|table| counts(snapshot, table))
        {
            overview.add_table(snapshot, table);
        }
        overview
    }

    /// How many tables and columns together say why, by themselves or by inheritance.
    pub(super) fn whys(&self) -> usize {
        self.tables_with_why + self.columns_with_why
    }

    /// How many tables and columns together say no why.
    pub(super) fn missing_whys(&self) -> usize {
        (self.tables + self.columns).saturating_sub(self.whys())
    }

    fn add_table(&mut self, snapshot: &Snapshot, table: &Table) {
        self.tables += 1;
        self.models += usize::from(!table.models.is_empty());
        let described = || {
            table
                .descriptions
                .iter()
                .filter_map(|id| snapshot.description(*id))
        };
        self.tables_with_why += usize::from(described().any(|(_, entry)| entry.why.is_some()));
        self.tables_with_description +=
            usize::from(described().any(|(_, entry)| entry.description.is_some()));
        for column in &table.columns {
            self.columns += 1;
            self.columns_with_why += usize::from(column.why.is_some());
            self.columns_with_description += usize::from(column.has_description);
        }
    }
}

/// Whether a file that may have findings defines or describes the table.
fn counts(snapshot: &Snapshot, table: &Table) -> bool {
    let is_ours = |id: FileId| snapshot.file(id).is_some_and(|file| !file.quiet);
    table.models.iter().any(|model| is_ours(model.file))
        || table
            .descriptions
            .iter()
            .any(|description| is_ours(description.file))
}

/// Whether the SQL file is one whose queries define tables.
fn defines_tables(file: &File) -> bool {
    matches!(
        file.kind,
        FileKind::Sql(SqlRole::Model | SqlRole::Snapshot | SqlRole::Script)
    )
}

/// Each dialect and how it was found out, that of the most files first.
fn said(dialects: BTreeMap<(String, String), usize>) -> Vec<String> {
    let is_only_one = dialects.len() == 1;
    let mut counted: Vec<((String, String), usize)> = dialects.into_iter().collect();
    counted.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    let sentence = |((dialect, how), count): ((String, String), usize)| {
        if is_only_one {
            format!("SQL dialect: {dialect} ({how})")
        } else {
            format!("SQL dialect of {count} files: {dialect} ({how})")
        }
    };
    counted.into_iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_dialect_is_said_without_a_count_and_several_with_one() {
        let dialect = |name: &str, how: &str| (name.to_owned(), how.to_owned());
        let one = BTreeMap::from([(dialect("duckdb", "given"), 3)]);
        assert_eq!(said(one), ["SQL dialect: duckdb (given)"]);
        let two = BTreeMap::from([
            (dialect("duckdb", "given"), 3),
            (dialect("snowflake", "found"), 5),
        ]);
        assert_eq!(
            said(two),
            [
                "SQL dialect of 5 files: snowflake (found)",
                "SQL dialect of 3 files: duckdb (given)"
            ]
        );
    }
}
