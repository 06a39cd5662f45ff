//! Tables that SQL reads and nothing defines.

use crate::support::Fixture;
use sql::facts::TableRef;

/// Those that are read, as people call them.
fn read(fixture: &Fixture) -> Vec<String> {
    let snapshot = fixture.snapshot();
    let is_named = |table: &TableRef| matches!(table, TableRef::Named(_));
    let tables = snapshot.tables_read(None, is_named);
    tables.iter().map(ToString::to_string).collect()
}

#[test]
fn a_table_behind_a_schema_is_another_than_the_one_of_its_name() {
    let mut fixture = Fixture::new(&[
        (
            "orders.sql",
            "create table orders as select id from raw.orders",
        ),
        (
            "report.sql",
            "create table report as select id from orders join people using (id)",
        ),
    ]);
    assert_eq!(read(&fixture), ["people", "raw.orders"]);
    fixture.write("people.sql", "create table people as select 1 as id");
    assert_eq!(read(&fixture), ["raw.orders"]);
    fixture.delete("orders.sql");
    assert_eq!(read(&fixture), ["orders"]);
    fixture.write("report.sql", "create table report as select id from people");
    assert_eq!(read(&fixture), [""; 0]);
}
