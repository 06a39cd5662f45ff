//! What is declared of a table counts also where its query has taken its place.

use super::{Declared, shop};
use meaning::derive::{Facts, NoFacts, Nullability, data_type, grain, nullability};
use sql::facts::{TableName, TableRef};
use sql::relation::{DataType, Query, RelationId, Source};
use std::collections::BTreeMap;
use syntax::Name;

/// The shop's tables, in whose place queries over tables of the name with a `raw_` before it stand.
struct SeenThrough(BTreeMap<RelationId, TableRef>);

impl SeenThrough {
    fn in_query(query: &Query) -> SeenThrough {
        let mut stand_ins = BTreeMap::new();
        for (at, relation) in (0..).zip(&query.relations) {
            for input in relation.inputs() {
                if let Source::Table(table) = &input.source
                    && let Some(name) = table.to_string().strip_prefix("raw_")
                {
                    let parts = vec![Name::new(name)];
                    stand_ins.insert(RelationId(at), TableRef::Named(TableName { parts }));
                }
            }
        }
        SeenThrough(stand_ins)
    }
}

impl Facts for SeenThrough {
    fn data_type(&self, table: &TableRef, column: &Name) -> Option<DataType> {
        Declared(None).data_type(table, column)
    }

    fn is_not_null(&self, table: &TableRef, column: &Name) -> bool {
        Declared(None).is_not_null(table, column)
    }

    fn refers(&self, from: (&TableRef, &Name), to: (&TableRef, &Name)) -> bool {
        let written = [from, to].map(|(table, column)| format!("{table}.{column}"));
        written == ["lines.order_id", "orders.id"]
    }

    fn keys(&self, table: &TableRef) -> Vec<Vec<Name>> {
        Declared(None).keys(table)
    }

    fn stands_for(&self, relation: RelationId) -> Option<&TableRef> {
        self.0.get(&relation)
    }
}

const ORDERS: &str = "with orders as (select id, status, customer_id from raw_orders) ";

#[test]
fn keys() {
    let query = shop(&format!("{ORDERS} select status, id from orders")).query;
    let seen = SeenThrough::in_query(&query);
    assert!(grain(&query, query.root, &NoFacts).is_empty());
    assert_eq!(grain(&query, query.root, &seen), [[1]]);
}

#[test]
fn a_key_that_the_query_does_not_give() {
    let query =
        shop("with orders as (select status from raw_orders) select status from orders").query;
    let seen = SeenThrough::in_query(&query);
    assert!(grain(&query, query.root, &seen).is_empty());
}

#[test]
fn what_is_never_null() {
    let query = shop(&format!("{ORDERS} select status, customer_id from orders")).query;
    let seen = SeenThrough::in_query(&query);
    let of = |at| nullability(&query, query.root, at, &seen);
    assert_eq!(of(0), Nullability::Never);
    assert_eq!(of(1), Nullability::Unknown);
}

#[test]
fn types() {
    let query = shop(&format!("{ORDERS} select status from orders")).query;
    let seen = SeenThrough::in_query(&query);
    let found = data_type(&query, query.root, 0, &seen);
    assert_eq!(found, Some(DataType::Text(Some(10))));
}

#[test]
fn a_foreign_key() {
    let lines = "lines as (select order_id from raw_lines) ";
    let joined = "select orders.status from lines left join orders on lines.order_id = orders.id";
    let query = shop(&format!("{ORDERS}, {lines} {joined}")).query;
    let seen = SeenThrough::in_query(&query);
    assert_eq!(
        nullability(&query, query.root, 0, &seen),
        Nullability::Never
    );
    let without = Declared(None);
    assert_ne!(
        nullability(&query, query.root, 0, &without),
        Nullability::Never
    );
}
