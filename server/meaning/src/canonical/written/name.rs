//! Names, constants and types as a dialect spells them.

use super::Unsaid;
use sql::Dialect;
use sql::lower::data_type_of;
use sql::relation::{DataType, Literal};
use std::collections::BTreeSet;

/// Words that are not taken for a name where one may stand. In lower case, sorted.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "all", "and", "anti", "any", "array", "as", "asc", "asof", "between", "both", "by", "case",
    "cast", "check", "cluster", "collate", "column", "connect", "constraint", "convert", "create",
    "cross", "cube", "current", "current_date", "current_time", "current_timestamp",
    "current_user", "date", "datetime", "default", "delete", "desc", "describe", "distinct",
    "distribute", "drop", "else", "end", "escape", "except", "exclude", "exists", "extract",
    "false", "fetch", "filter", "final", "for", "foreign", "format", "from", "full", "global",
    "grant", "group", "grouping", "having", "if", "in", "inner", "insert", "intersect",
    "interval", "into", "is", "join", "lateral", "leading", "left", "like", "limit", "localtime",
    "localtimestamp", "lock", "map", "match", "match_recognize", "minus", "natural", "not",
    "null", "nulls", "offset", "on", "or", "order", "outer", "over", "overlaps", "partition",
    "pivot", "position", "preceding", "prewhere", "primary", "prior", "qualify", "range",
    "recursive", "references", "replace", "right", "rollup", "row", "rows", "sample", "select",
    "semi", "set", "settings", "some", "sort", "start", "struct", "substring", "symmetric",
    "table", "tablesample", "then", "time", "timestamp", "to", "top", "trailing", "trim", "true",
    "truncate", "unbounded", "union", "unique", "unknown", "unnest", "unpivot", "update", "use",
    "user", "using", "values", "view", "when", "where", "window", "with", "within",
];

/// A name, in lower case where its letters are plain, in quotes where it would not be read as one.
pub(super) fn identifier(name: &str, dialect: Dialect) -> String {
    let mut letters = name.chars();
    let plain = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let lower = name.to_ascii_lowercase();
    if plain && RESERVED.binary_search(&lower.as_str()).is_err() {
        return lower;
    }
    let name = if plain { lower } else { name.to_owned() };
    match dialect {
        Dialect::BigQuery
        | Dialect::ClickHouse
        | Dialect::Databricks
        | Dialect::Hive
        | Dialect::MySql
        | Dialect::Spark => format!("`{}`", name.replace('`', "``")),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// The first name of its kind that nothing else has.
pub(super) fn step_name(taken: &[&str], tables: &BTreeSet<String>) -> String {
    let mut number = 1;
    loop {
        let name = format!("step_{number}");
        if !taken.contains(&name.as_str()) && !tables.contains(&name) {
            return name;
        }
        number += 1;
    }
}

/// A constant.
pub(super) fn literal(literal: &Literal, dialect: Dialect) -> String {
    match literal {
        Literal::Null => "NULL".to_owned(),
        Literal::Boolean(true) => "TRUE".to_owned(),
        Literal::Boolean(false) => "FALSE".to_owned(),
        Literal::Number(number) => number.to_string(),
        Literal::Text(text) => quoted(text, dialect),
        Literal::Other(written) => written.to_string(),
    }
}

fn quoted(text: &str, dialect: Dialect) -> String {
    let escapes = matches!(
        dialect,
        Dialect::BigQuery
            | Dialect::ClickHouse
            | Dialect::Databricks
            | Dialect::Hive
            | Dialect::MySql
            | Dialect::Snowflake
            | Dialect::Spark
    );
    let text = match escapes {
        true => text.replace('\\', "\\\\"),
        false => text.to_owned(),
    };
    let quote = if dialect == Dialect::BigQuery {
        "\\'"
    } else {
        "''"
    };
    format!("'{}'", text.replace('\'', quote))
}

/// Other spellings of types, where the first is another type in a dialect.
const SPELLINGS: &[&str] = &[
    "BIGINT",
    "BYTES",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "DOUBLE PRECISION",
    "FLOAT",
    "FLOAT4",
    "FLOAT64",
    "FLOAT8",
    "INT",
    "INT64",
    "INTEGER",
    "JSON",
    "NUMBER",
    "NUMERIC",
    "OBJECT",
    "REAL",
    "SMALLINT",
    "STRING",
    "SUPER",
    "TEXT",
    "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP WITHOUT TIME ZONE",
    "TIMESTAMPTZ",
    "TIMESTAMP_NTZ",
    "TIMESTAMP_TZ",
    "TINYINT",
    "VARBINARY",
    "VARCHAR",
    "VARIANT",
];

/// A type as the dialect spells it.
pub(super) fn data_type(data_type: &DataType, dialect: Dialect) -> Result<String, Unsaid> {
    let means = |written: &str| data_type_of(written, dialect).as_ref() == Some(data_type);
    let usual = data_type.to_string();
    if means(&usual) {
        return Ok(usual);
    }
    let parameters = usual.find('(').and_then(|at| usual.get(at..)).unwrap_or("");
    let others = SPELLINGS
        .iter()
        .flat_map(|word| [(*word).to_owned(), format!("{word}{parameters}")]);
    let mut fitting = others.filter(|written| means(written));
    fitting.next().ok_or(Unsaid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }
}
