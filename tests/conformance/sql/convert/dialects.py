"""Their names of dialects, as `server/sql/src/dialect.rs` spells them."""

KNOWN = {
    "ansi", "athena", "bigquery", "clickhouse", "databricks", "duckdb", "generic", "greenplum", "hive",
    "impala", "mariadb", "materialize", "mysql", "oracle", "postgres", "redshift", "snowflake", "spark",
    "sparksql", "sqlite", "teradata", "trino", "presto", "tsql",
}
OTHERS = {
    "": "generic",
    "db2": "generic",
    "exasol": "generic",
    "non-validating": "generic",
    "spark2": "spark",
    "starrocks": "mysql",
    "vertica": "generic",
}  # fmt: skip


def ours(name):
    """The dialect for theirs, which may be None, or carry settings after a comma."""
    name = (name or "").split(",")[0].strip().lower()
    return name if name in KNOWN else OTHERS[name]
