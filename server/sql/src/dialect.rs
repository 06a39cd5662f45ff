//! The SQL dialects by name.
//!
//! Our own enumeration, so that the parser's types stay inside this crate. Where the parser has no
//! dialect of that name, the nearest one stands in and says so here.

use sqlparser::dialect as parser;
use std::fmt;
use std::str::FromStr;

/// A dialect of SQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// Accepts what most dialects have in common, and much besides.
    #[default]
    Generic,
    /// The standard alone.
    Ansi,
    /// Amazon Athena, read as Trino.
    Athena,
    /// Google BigQuery.
    BigQuery,
    /// ClickHouse.
    ClickHouse,
    /// Databricks SQL.
    Databricks,
    /// DuckDB.
    DuckDb,
    /// Apache Hive.
    Hive,
    /// Microsoft SQL Server and its relatives.
    SqlServer,
    /// MySQL and MariaDB.
    MySql,
    /// Oracle.
    Oracle,
    /// PostgreSQL.
    Postgres,
    /// Amazon Redshift.
    Redshift,
    /// Snowflake.
    Snowflake,
    /// Apache Spark.
    Spark,
    /// SQLite.
    Sqlite,
    /// Teradata.
    Teradata,
    /// Trino and Presto: the generic dialect, with their own words taken out before parsing.
    Trino,
}

/// Every dialect with its names; the first one is how we write it.
const NAMES: &[(Dialect, &[&str])] = &[
    (Dialect::Ansi, &["ansi"]),
    (Dialect::Athena, &["athena"]),
    (Dialect::BigQuery, &["bigquery"]),
    (Dialect::ClickHouse, &["clickhouse"]),
    (Dialect::Databricks, &["databricks"]),
    (Dialect::DuckDb, &["duckdb", "motherduck"]),
    (Dialect::Generic, &["generic"]),
    (Dialect::Hive, &["hive", "impala"]),
    (Dialect::MySql, &["mysql", "mariadb", "singlestore"]),
    (Dialect::Oracle, &["oracle"]),
    (
        Dialect::Postgres,
        &[
            "postgres",
            "postgresql",
            "greenplum",
            "materialize",
            "risingwave",
        ],
    ),
    (Dialect::Redshift, &["redshift"]),
    (Dialect::Snowflake, &["snowflake"]),
    (Dialect::Spark, &["spark", "sparksql"]),
    (Dialect::Sqlite, &["sqlite"]),
    (Dialect::Teradata, &["teradata"]),
    (Dialect::Trino, &["trino", "presto", "starburst"]),
    (
        Dialect::SqlServer,
        &["tsql", "mssql", "sqlserver", "synapse", "fabric"],
    ),
];

impl Dialect {
    /// All dialects, ordered by name.
    pub const ALL: [Dialect; 18] = [
        Dialect::Ansi,
        Dialect::Athena,
        Dialect::BigQuery,
        Dialect::ClickHouse,
        Dialect::Databricks,
        Dialect::DuckDb,
        Dialect::Generic,
        Dialect::Hive,
        Dialect::MySql,
        Dialect::Oracle,
        Dialect::Postgres,
        Dialect::Redshift,
        Dialect::Snowflake,
        Dialect::Spark,
        Dialect::Sqlite,
        Dialect::Teradata,
        Dialect::Trino,
        Dialect::SqlServer,
    ];

    /// Its name as we write it.
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(dialect, _)| *dialect == self)
            .and_then(|(_, names)| names.first())
            .copied()
            .unwrap_or_default()
    }

    /// Whether an unaliased function or cast gets a name that the manual promises: the function's
    /// name, or that of the column that is cast (PostgreSQL 17, 4.3 and `FigureColname`).
    pub(crate) fn names_expressions(self) -> bool {
        matches!(self, Dialect::Postgres | Dialect::Redshift)
    }

    /// Whether an entry of a projection may mention the aliases of those before it (lateral column
    /// aliases; the manuals of Snowflake, Redshift, Databricks, DuckDB, ClickHouse and Teradata).
    pub(crate) fn has_lateral_aliases(self) -> bool {
        matches!(
            self,
            Dialect::Generic
                | Dialect::Snowflake
                | Dialect::Redshift
                | Dialect::Databricks
                | Dialect::Spark
                | Dialect::DuckDb
                | Dialect::ClickHouse
                | Dialect::Teradata
        )
    }

    /// Whether `WHERE` may mention the aliases of the projection.
    pub(crate) fn has_aliases_everywhere(self) -> bool {
        matches!(
            self,
            Dialect::Snowflake
                | Dialect::DuckDb
                | Dialect::ClickHouse
                | Dialect::Teradata
                | Dialect::Sqlite
        )
    }

    /// Whether the alias of a function in `FROM` that gives one column is that column's name
    /// (PostgreSQL 17, 7.2.1.4; BigQuery, `UNNEST` operator).
    pub(crate) fn names_values_by_alias(self) -> bool {
        matches!(
            self,
            Dialect::Generic | Dialect::BigQuery | Dialect::Postgres | Dialect::Redshift
        )
    }

    /// Whether names without quotes are kept in capitals.
    pub(crate) fn folds_to_capitals(self) -> bool {
        matches!(self, Dialect::Snowflake | Dialect::Oracle)
    }

    /// Whether `QUALIFY` filters by the values of window functions (the manuals of BigQuery, ClickHouse,
    /// Databricks, DuckDB, Redshift, Snowflake and Teradata).
    pub fn has_qualify(self) -> bool {
        matches!(
            self,
            Dialect::BigQuery
                | Dialect::ClickHouse
                | Dialect::Databricks
                | Dialect::DuckDb
                | Dialect::Redshift
                | Dialect::Snowflake
                | Dialect::Teradata
        )
    }

    /// Whether `a JOIN b` without a condition gives every pair of rows; elsewhere it is an error.
    pub(crate) fn joins_without_condition(self) -> bool {
        matches!(
            self,
            Dialect::Generic
                | Dialect::Snowflake
                | Dialect::Databricks
                | Dialect::Spark
                | Dialect::Hive
                | Dialect::MySql
                | Dialect::Sqlite
                | Dialect::ClickHouse
        )
    }

    /// Whether `a.b` may be a field of a column `a`; in the others what stands before the dot is a table.
    pub fn names_fields_by_dots(self) -> bool {
        !matches!(
            self,
            Dialect::MySql
                | Dialect::Postgres
                | Dialect::Snowflake
                | Dialect::Sqlite
                | Dialect::SqlServer
        )
    }

    /// Whether a path of several names may stand in one pair of quotes.
    pub(crate) fn quotes_whole_paths(self) -> bool {
        self == Dialect::BigQuery
    }

    /// What the column of `VALUES` at a position, counted from 0, is called.
    pub(crate) fn name_of_value(self, position: usize) -> Option<String> {
        match self {
            Dialect::Postgres
            | Dialect::Redshift
            | Dialect::Snowflake
            | Dialect::Sqlite
            | Dialect::Generic => Some(format!("column{}", position + 1)),
            Dialect::Databricks | Dialect::Spark => Some(format!("col{}", position + 1)),
            Dialect::DuckDb => Some(format!("col{position}")),
            _ => None,
        }
    }

    /// Whether a common table expression may mention itself without the word `RECURSIVE`.
    pub(crate) fn recurses_unasked(self) -> bool {
        matches!(
            self,
            Dialect::SqlServer | Dialect::Oracle | Dialect::Teradata
        )
    }

    /// Whether the words that only Trino knows are taken out before parsing.
    pub(crate) fn is_trino(self) -> bool {
        matches!(self, Dialect::Trino | Dialect::Athena)
    }

    pub(crate) fn parser(self) -> &'static dyn parser::Dialect {
        match self {
            Dialect::Generic | Dialect::Athena | Dialect::Trino => &parser::GenericDialect,
            Dialect::Ansi => &parser::AnsiDialect {},
            Dialect::BigQuery => &parser::BigQueryDialect,
            Dialect::ClickHouse => &parser::ClickHouseDialect {},
            Dialect::Databricks => &parser::DatabricksDialect,
            Dialect::DuckDb => &parser::DuckDbDialect,
            Dialect::Hive => &parser::HiveDialect {},
            Dialect::SqlServer => &parser::MsSqlDialect {},
            Dialect::MySql => &parser::MySqlDialect {},
            Dialect::Oracle => &parser::OracleDialect,
            Dialect::Postgres => &parser::PostgreSqlDialect {},
            Dialect::Redshift => &parser::RedshiftSqlDialect {},
            Dialect::Snowflake => &parser::SnowflakeDialect,
            Dialect::Spark => &parser::SparkSqlDialect,
            Dialect::Sqlite => &parser::SQLiteDialect {},
            Dialect::Teradata => &parser::TeradataDialect,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no dialect's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownDialect;

impl FromStr for Dialect {
    type Err = UnknownDialect;

    /// The dialect of a name, in any case, also by the names of dbt's adapters.
    fn from_str(name: &str) -> Result<Dialect, UnknownDialect> {
        NAMES
            .iter()
            .find(|(_, names)| names.iter().any(|known| known.eq_ignore_ascii_case(name)))
            .map(|(dialect, _)| *dialect)
            .ok_or(UnknownDialect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_has_a_name_that_leads_back_to_it() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.name().parse(), Ok(dialect));
        }
        assert_eq!("PostgreSQL".parse(), Ok(Dialect::Postgres));
        assert_eq!("cobol".parse::<Dialect>(), Err(UnknownDialect));
    }

    #[test]
    fn names_are_in_order() {
        let names: Vec<_> = Dialect::ALL.into_iter().map(Dialect::name).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(names.len(), NAMES.len());
    }
}
