//! What tables have: columns for who lowers, and rows at random for who evaluates.

use super::random::Random;
use meaning::evaluate::{Date, Number, Table, Tables, Timestamp, Value};
use sql::facts::TableRef;
use sql::lower::{Catalog, TableColumn, TableColumns};
use sql::relation::{Expression, InputId, Query, Source};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// The tables that the fixtures read.
pub(crate) struct Known(BTreeMap<String, Vec<String>>);

impl Known {
    pub(crate) fn new() -> Known {
        let text = include_str!("../../server/meaning/tests/fixtures/tables.json");
        let tables: BTreeMap<String, BTreeMap<String, String>> =
            serde_json::from_str(text).unwrap();
        let columns = |columns: BTreeMap<String, String>| columns.into_keys().collect();
        let mut known: BTreeMap<String, Vec<String>> = tables
            .into_iter()
            .map(|(table, own)| (table, columns(own)))
            .collect();
        for (table, own) in [
            (
                "orders",
                "id customer_id status amount ordered_at paid_at is_test",
            ),
            ("lines", "order_id product quantity unit_price"),
            ("customers", "id name country parent_id"),
        ] {
            known.insert(
                table.to_owned(),
                own.split(' ').map(str::to_owned).collect(),
            );
        }
        Known(known)
    }
}

impl Catalog for Known {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let columns = self
            .0
            .get(&table.to_string())?
            .iter()
            .map(|name| TableColumn {
                name: Name::new(name),
                data_type: None,
            });
        Some(TableColumns {
            columns: columns.collect(),
            open: false,
        })
    }
}

/// Every part of every expression of a query.
pub(crate) fn each_part(query: &Query, visit: &mut dyn FnMut(&Expression)) {
    for relation in &query.relations {
        let mut relation = relation.clone();
        relation.for_each_expression_mut(&mut |expression| expression.for_each(&mut *visit));
    }
}

/// A few rows for each table that the query reads, with a value in each column that it mentions. The
/// kind of value hangs on the name alone, so that joined columns meet.
pub(crate) fn contents(query: &Query, random: &mut Random) -> Tables {
    let mut of_inputs: BTreeMap<InputId, &TableRef> = BTreeMap::new();
    let mut columns: BTreeMap<&TableRef, BTreeSet<Name>> = BTreeMap::new();
    for relation in &query.relations {
        let from = relation.select().and_then(|select| select.from.as_ref());
        for input in from.iter().flat_map(|from| from.inputs()) {
            if let Source::Table(table) = &input.source {
                of_inputs.insert(input.id, table);
                columns.entry(table).or_default();
            }
        }
    }
    each_part(query, &mut |part| {
        if let Expression::Column { input, name } = part
            && let Some(table) = of_inputs.get(input)
        {
            columns.entry(table).or_default().insert(name.clone());
        }
    });
    let tables = columns.into_iter().map(|(table, names)| {
        let columns: Vec<Name> = names.into_iter().collect();
        let rows =
            (0..random.below(4)).map(|_| columns.iter().map(|name| value(name, random)).collect());
        Table {
            rows: rows.collect(),
            table: table.clone(),
            columns: columns.into(),
        }
    });
    Tables {
        tables: tables.collect(),
    }
}

fn value(name: &Name, random: &mut Random) -> Value {
    if random.one_in(5) {
        return Value::Null;
    }
    let name = name.to_string().to_lowercase();
    let number = random.below(4) as i64;
    let is = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if random.one_in(40) {
        return odd(random);
    }
    if is(&["_at"]) {
        Value::Timestamp(Timestamp((19_722 + 30 * number) * 86_400_000_000))
    } else if is(&["date", "day"]) {
        Value::Date(Date(19_722 + 30 * number))
    } else if name.starts_with("is_") {
        Value::Boolean(number > 1)
    } else if is(&[
        "name", "status", "country", "kind", "type", "email", "coupon", "page",
    ]) {
        Value::text(random.of_these(&["paid", "open", "DE", ""]))
    } else {
        Value::integer(number)
    }
}

/// Values at the edges of what can be held.
fn odd(random: &mut Random) -> Value {
    match random.below(8) {
        0 => Value::integer(i64::MAX),
        1 => Value::integer(i64::MIN),
        2 => Number::parse("79228162514264337593543950335").map_or(Value::Null, Value::Number),
        3 => Number::parse("0.0000000000000000000000000001").map_or(Value::Null, Value::Number),
        4 => Date::new(9999, 12, 31).map_or(Value::Null, Value::Date),
        5 => Date::new(1, 1, 1).map_or(Value::Null, Value::Date),
        6 => Value::text("%_\\é𝒳İ"),
        _ => Value::Array(vec![Value::Null, Value::integer(1)]),
    }
}
