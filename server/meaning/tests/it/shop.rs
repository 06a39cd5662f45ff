//! A shop's tables, with their types, and small contents for them.

use meaning::evaluate::{Date, Number, Table, Tables, Timestamp, Value};
use sql::facts::{TableName, TableRef};
use sql::lower::{Catalog, Lowered, TableColumn, TableColumns, lower};
use sql::relation::{DataType, Query};
use sql::{Dialect, Options, Templating};
use std::rc::Rc;
use syntax::Name;

/// The tables, and their columns with types as DuckDB spells them.
pub(crate) const TABLES: &[(&str, &[(&str, &str)])] = &[
    (
        "orders",
        &[
            ("id", "INTEGER"),
            ("customer_id", "INTEGER"),
            ("status", "VARCHAR"),
            ("ordered_at", "DATE"),
            ("paid_at", "TIMESTAMP"),
            ("amount", "DECIMAL(10,2)"),
            ("is_test", "BOOLEAN"),
        ],
    ),
    (
        "lines",
        &[
            ("order_id", "INTEGER"),
            ("product", "VARCHAR"),
            ("quantity", "INTEGER"),
            ("unit_price", "DECIMAL(10,2)"),
        ],
    ),
    (
        "customers",
        &[
            ("id", "INTEGER"),
            ("name", "VARCHAR"),
            ("country", "VARCHAR"),
            ("parent_id", "INTEGER"),
        ],
    ),
];

/// The catalog of the shop.
pub(crate) struct Shop;

impl Catalog for Shop {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let (_, columns) = TABLES.iter().find(|(name, _)| named(name) == *table)?;
        let column = |(name, data_type): &(&str, &str)| TableColumn {
            name: Name::new(name),
            data_type: Some(match *data_type {
                "INTEGER" => DataType::Integer(32),
                "VARCHAR" => DataType::Text(None),
                "DATE" => DataType::Date,
                "TIMESTAMP" => DataType::Timestamp(false),
                "BOOLEAN" => DataType::Boolean,
                _ => DataType::Decimal(Some(10), Some(2)),
            }),
        };
        Some(TableColumns {
            columns: columns.iter().map(column).collect(),
            open: false,
        })
    }
}

pub(crate) fn named(name: &str) -> TableRef {
    TableRef::Named(TableName {
        parts: vec![Name::new(name)],
    })
}

/// The query of a text, as DuckDB reads it.
pub(crate) fn query(text: &str) -> Query {
    let options = Options {
        dialect: Dialect::DuckDb,
        templating: Templating::None,
    };
    let mut lowered: Vec<Lowered> = lower(text, &options, &Shop);
    assert_eq!(lowered.len(), 1, "{text}");
    lowered.remove(0).query
}

/// The query of a text, if it is one.
pub(crate) fn lowered(text: &str) -> Option<Query> {
    let options = Options {
        dialect: Dialect::DuckDb,
        templating: Templating::None,
    };
    Some(lower(text, &options, &Shop).pop()?.query)
}

/// Rows as they are written here: a row on each line, its values between bars; `-` for NULL.
pub(crate) fn table(name: &str, written: &str) -> Table {
    let (_, columns) = TABLES.iter().find(|(known, _)| *known == name).unwrap();
    let row = |line: &str| -> Rc<[Value]> {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        let pairs = cells.iter().zip(columns.iter());
        pairs
            .map(|(cell, (_, data_type))| value(cell, data_type))
            .collect()
    };
    let lines = written
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    Table {
        table: named(name),
        columns: columns.iter().map(|(name, _)| Name::new(name)).collect(),
        rows: lines.map(row).collect(),
    }
}

fn value(cell: &str, data_type: &str) -> Value {
    match data_type {
        _ if cell == "-" => Value::Null,
        "INTEGER" => Value::integer(cell.parse().unwrap()),
        "VARCHAR" => Value::text(cell),
        "DATE" => Value::Date(Date::parse(cell).unwrap()),
        "TIMESTAMP" => Value::Timestamp(Timestamp::parse(cell).unwrap()),
        "BOOLEAN" => Value::Boolean(cell == "true"),
        _ => Value::Number(Number {
            integral: false,
            ..Number::parse(cell).unwrap()
        }),
    }
}

/// Contents of the shop: usual ones, ones with gaps, with equal rows, and none.
pub(crate) fn contents() -> Vec<Tables> {
    let of = |orders: &str, lines: &str, customers: &str| Tables {
        tables: vec![
            table("orders", orders),
            table("lines", lines),
            table("customers", customers),
        ],
    };
    vec![
        of(
            "1 | 1 | paid     | 2024-01-31 | 2024-01-31 10:30:00 | 10.00 | false
             2 | 1 | open     | 2024-02-29 | -                   | 20.50 | false
             3 | 2 | paid     | 2024-02-01 | 2024-02-03 00:00:00 | 30.00 | true
             4 | 3 | returned | 2023-12-15 | 2023-12-16 23:59:59 |  5.25 | false",
            "1 | tea    | 2 | 3.00
             1 | coffee | 1 | 4.00
             2 | tea    | 5 | 4.10
             3 | cup    | 3 | 10.00
             4 | coffee | 1 | 5.25",
            "1 | Ada    | DE | -
             2 | Bo     | FR | 1
             3 | Cy     | DE | 1
             4 | Di     | US | 2",
        ),
        of(
            "1 | 1 | paid | -          | -                   | -     | -
             2 | - | -    | 2024-03-01 | 2024-03-01 00:00:00 | 0.00  | true
             3 | 9 | open | 2024-03-01 | -                   | -7.50 | false",
            "1 | -   | - | 2.50
             7 | tea | 0 | -
             2 | tea | 4 | 1.00",
            "1 | - | -  | -
             9 | X | DE | 9",
        ),
        of(
            "1 | 1 | paid | 2024-01-01 | 2024-01-01 00:00:00 | 6.00 | false
             1 | 1 | paid | 2024-01-01 | 2024-01-01 00:00:00 | 6.00 | false
             2 | 1 | open | 2024-01-01 | 2024-01-02 12:00:00 | 6.00 | false",
            "1 | tea | 2 | 3.00
             1 | tea | 2 | 3.00
             2 | tea | 2 | 3.00",
            "1 | Ada | DE | 1",
        ),
        of("", "", ""),
    ]
}

/// Statements that make the tables in DuckDB.
pub(crate) fn setup(tables: &Tables) -> Vec<String> {
    let mut statements = Vec::new();
    for (name, columns) in TABLES {
        let columns: Vec<String> = columns
            .iter()
            .map(|(name, data_type)| format!("{name} {data_type}"))
            .collect();
        statements.push(format!(
            "CREATE OR REPLACE TABLE {name} ({})",
            columns.join(", ")
        ));
        let table = tables
            .tables
            .iter()
            .find(|table| table.table == named(name));
        for row in table.iter().flat_map(|table| &table.rows) {
            statements.push(format!("INSERT INTO {name} VALUES ({})", row_text(row)));
        }
    }
    statements
}

/// Values as DuckDB reads them.
pub(crate) fn row_text(row: &[Value]) -> String {
    let cells = row.iter().map(|value| match value {
        Value::Date(_) | Value::Timestamp(_) => format!("'{value}'"),
        other => other.to_string(),
    });
    cells.collect::<Vec<String>>().join(", ")
}
