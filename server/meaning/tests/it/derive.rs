//! What follows from queries: types, nullability, grain.

mod data_type;
mod fan_out;
mod grain;
mod nullability;
mod sound;
mod stand_ins;

use crate::support::{SHOP, one};
use meaning::derive::Facts;
use sql::Dialect;
use sql::facts::TableRef;
use sql::lower::Lowered;
use sql::relation::DataType;
use syntax::Name;

/// What is declared of the shop's tables.
pub(crate) struct Declared(pub(crate) Option<Dialect>);

/// Table, column, type, and whether it is never `NULL`.
const COLUMNS: &[(&str, &str, Option<DataType>, bool)] = &[
    ("orders", "id", Some(DataType::Integer(64)), true),
    ("orders", "customer_id", Some(DataType::Integer(32)), false),
    ("orders", "status", Some(DataType::Text(Some(10))), true),
    (
        "orders",
        "ordered_at",
        Some(DataType::Timestamp(false)),
        true,
    ),
    ("orders", "is_test", Some(DataType::Boolean), true),
    ("lines", "order_id", Some(DataType::Integer(64)), true),
    ("lines", "product_id", Some(DataType::Integer(64)), true),
    ("lines", "quantity", Some(DataType::Integer(32)), true),
    (
        "lines",
        "unit_price",
        Some(DataType::Decimal(Some(10), Some(2))),
        false,
    ),
    ("customers", "id", Some(DataType::Integer(64)), true),
    ("customers", "name", Some(DataType::Text(None)), true),
];

const KEYS: &[(&str, &[&str])] = &[
    ("orders", &["id"]),
    ("lines", &["order_id", "product_id"]),
    ("customers", &["id"]),
];

impl Facts for Declared {
    fn data_type(&self, table: &TableRef, column: &Name) -> Option<DataType> {
        declared(table, column).and_then(|(_, _, data_type, _)| data_type.clone())
    }

    fn is_not_null(&self, table: &TableRef, column: &Name) -> bool {
        declared(table, column).is_some_and(|(_, _, _, is_not_null)| *is_not_null)
    }

    fn keys(&self, table: &TableRef) -> Vec<Vec<Name>> {
        let table = table.to_string();
        let keys = KEYS.iter().filter(|(own, _)| *own == table);
        keys.map(|(_, columns)| columns.iter().map(|column| Name::from(*column)).collect())
            .collect()
    }

    fn dialect(&self) -> Option<Dialect> {
        self.0
    }
}

fn declared(
    table: &TableRef,
    column: &Name,
) -> Option<&'static (&'static str, &'static str, Option<DataType>, bool)> {
    let table = table.to_string();
    COLUMNS
        .iter()
        .find(|(own, name, ..)| *own == table && Name::from(*name) == *column)
}

/// The query of `text`, over the shop's tables.
pub(crate) fn shop(text: &str) -> Lowered {
    one(text, Dialect::DuckDb, &SHOP)
}

/// Asserts a table of texts and what is expected of each; tells of all that are wrong.
pub(crate) fn all(cases: &[(&str, &str)], found: impl Fn(&str) -> String) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let found = found(text);
        if found != *expected {
            wrong.push_str(&format!(
                "{text}\n  expected {expected}\n  found    {found}\n"
            ));
        }
    }
    assert_eq!(wrong, "", "\n{wrong}");
}
