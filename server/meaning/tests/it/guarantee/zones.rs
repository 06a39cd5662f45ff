//! `orders.paid_at is in UTC`

use super::{position, word};
use meaning::derive;
use meaning::guarantee::is_in_zone;
use sql::Dialect;
use sql::facts::TableRef;
use sql::relation::DataType;
use syntax::Name;

/// All columns are of a type, in a dialect.
struct Typed(Option<DataType>, Dialect);

impl derive::Facts for Typed {
    fn data_type(&self, _: &TableRef, _: &Name) -> Option<DataType> {
        self.0.clone()
    }

    fn is_not_null(&self, _: &TableRef, _: &Name) -> bool {
        false
    }

    fn keys(&self, _: &TableRef) -> Vec<Vec<Name>> {
        Vec::new()
    }

    fn dialect(&self) -> Option<Dialect> {
        Some(self.1)
    }
}

/// Whether a value of orders is in UTC.
fn zone(value: &str, declared: Option<DataType>, dialect: Dialect) -> &'static str {
    let text = format!("select {value} as x from orders");
    let query = crate::support::one(&text, dialect, &crate::shop::Shop).query;
    let declared = Typed(declared, dialect);
    word(&is_in_zone(&query, position(&query, "x"), "UTC", &declared))
}

#[test]
fn the_last_conversion_tells_the_zone() {
    for (value, wanted) in [
        ("paid_at at time zone 'UTC'", "holds"),
        ("cast(paid_at at time zone 'Etc/UTC' as date)", "holds"),
        ("paid_at at time zone 'Europe/Paris'", "contradicted"),
        ("paid_at", "can't be told"),
    ] {
        let moment = Some(DataType::Timestamp(true));
        assert_eq!(zone(value, moment, Dialect::Postgres), wanted, "{value}");
        assert_eq!(zone(value, None, Dialect::Trino), wanted, "{value}");
    }
}

#[test]
fn a_time_without_a_zone_is_converted_the_other_way() {
    let local = || Some(DataType::Timestamp(false));
    for (value, wanted) in [
        ("paid_at at time zone 'UTC'", "can't be told"),
        ("paid_at at time zone 'Europe/Paris'", "can't be told"),
        (
            "paid_at at time zone 'Europe/Paris' at time zone 'UTC'",
            "holds",
        ),
        (
            "paid_at at time zone 'UTC' at time zone 'Europe/Paris'",
            "contradicted",
        ),
    ] {
        assert_eq!(zone(value, local(), Dialect::Postgres), wanted, "{value}");
        assert_eq!(
            zone(value, None, Dialect::Postgres),
            "can't be told",
            "{value}"
        );
    }
}
