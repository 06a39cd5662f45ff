use super::*;
use sqlparser::parser::Parser;

fn name(sql: &str, dialect: Dialect) -> String {
    let mut parser = Parser::new(dialect.parser()).try_with_sql(sql).unwrap();
    let written = parser
        .parse_data_type()
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    data_type(&written, dialect).to_string()
}

#[track_caller]
fn check(dialect: Dialect, types: &[(&str, &str)]) {
    let wrong: Vec<String> = types
        .iter()
        .filter_map(|(sql, expected)| {
            let found = name(sql, dialect);
            (found != *expected).then(|| format!("{sql}: expected {expected}, found {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "in {dialect}: {wrong:#?}");
}

#[test]
fn types_are_what_the_dialect_says() {
    check(
        Dialect::BigQuery,
        &[
            ("INT64", "BIGINT"),
            ("INTEGER", "BIGINT"),
            ("FLOAT64", "DOUBLE PRECISION"),
            ("NUMERIC", "DECIMAL(38,9)"),
            ("BIGNUMERIC", "DECIMAL(76,38)"),
            ("STRING", "TEXT"),
            ("BYTES", "BINARY"),
            ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
            ("DATETIME", "TIMESTAMP"),
            ("ARRAY<INT64>", "ARRAY<BIGINT>"),
            ("STRUCT<x INT64, y STRING>", "STRUCT<X BIGINT, Y TEXT>"),
        ],
    );
    check(
        Dialect::Snowflake,
        &[
            ("NUMBER", "DECIMAL(38,0)"),
            ("NUMBER(10,2)", "DECIMAL(10,2)"),
            ("NUMBER(10)", "DECIMAL(10,0)"),
            ("INT", "DECIMAL(38,0)"),
            ("FLOAT", "DOUBLE PRECISION"),
            ("REAL", "DOUBLE PRECISION"),
            ("VARIANT", "JSON"),
            ("OBJECT", "JSON"),
            ("ARRAY", "ARRAY"),
            ("TIMESTAMP", "TIMESTAMP"),
            ("TIMESTAMP_NTZ", "TIMESTAMP"),
            ("TIMESTAMP_NTZ(9)", "TIMESTAMP"),
            ("TIMESTAMP_LTZ", "TIMESTAMP WITH TIME ZONE"),
            ("TIMESTAMP_TZ(0)", "TIMESTAMP(0) WITH TIME ZONE"),
            ("CHAR", "VARCHAR(1)"),
            ("VARCHAR", "TEXT"),
        ],
    );
    check(
        Dialect::Postgres,
        &[
            ("TEXT", "TEXT"),
            ("JSON", "JSON"),
            ("JSONB", "JSONB"),
            ("NUMERIC", "DECIMAL"),
            ("timestamptz", "TIMESTAMP WITH TIME ZONE"),
            ("timestamp with time zone", "TIMESTAMP WITH TIME ZONE"),
            ("timestamp(0)", "TIMESTAMP(0)"),
            ("FLOAT", "DOUBLE PRECISION"),
            ("float(10)", "REAL"),
            ("int8", "BIGINT"),
            ("int2", "SMALLINT"),
            ("char(3)", "CHAR(3)"),
            ("int[]", "ARRAY<INTEGER>"),
            ("uuid", "UUID"),
            ("serial", "INTEGER"),
        ],
    );
    check(
        Dialect::DuckDb,
        &[
            ("HUGEINT", "INT128"),
            ("UTINYINT", "UINT8"),
            ("VARCHAR(10)", "TEXT"),
            ("FLOAT", "REAL"),
            ("DECIMAL", "DECIMAL(18,3)"),
        ],
    );
    check(
        Dialect::Spark,
        &[
            ("STRING", "TEXT"),
            ("LONG", "BIGINT"),
            ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
            ("TIMESTAMP_NTZ", "TIMESTAMP"),
            ("FLOAT", "REAL"),
        ],
    );
    check(
        Dialect::MySql,
        &[
            ("INT UNSIGNED", "UINT32"),
            ("UNSIGNED", "UINT64"),
            ("SIGNED", "BIGINT"),
            ("DATETIME", "TIMESTAMP"),
            ("DATETIME(6)", "TIMESTAMP(6)"),
        ],
    );
    check(
        Dialect::SqlServer,
        &[
            ("NVARCHAR(MAX)", "TEXT"),
            ("NVARCHAR(10)", "VARCHAR(10)"),
            ("DATETIME2", "TIMESTAMP"),
            ("DATETIME", "DATETIME"),
            ("BIT", "BOOLEAN"),
            ("TINYINT", "UINT8"),
            ("DATETIMEOFFSET", "TIMESTAMP WITH TIME ZONE"),
        ],
    );
    check(
        Dialect::Oracle,
        &[
            ("NUMBER", "DECIMAL"),
            ("VARCHAR2(10)", "VARCHAR(10)"),
            ("DATE", "TIMESTAMP"),
        ],
    );
    check(
        Dialect::ClickHouse,
        &[
            ("Int8", "TINYINT"),
            ("Nullable(UInt64)", "UINT64"),
            ("LowCardinality(String)", "TEXT"),
        ],
    );
    check(
        Dialect::Trino,
        &[
            ("timestamp(6)", "TIMESTAMP(6)"),
            ("timestamp(3)", "TIMESTAMP"),
        ],
    );
}
