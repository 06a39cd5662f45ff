//! `rationale meaning`.

use crate::program::{Folder, repository, run};

#[test]
fn meanings_are_told_over_the_tables_that_a_model_reads() {
    let run = run(
        &repository(),
        &["meaning", "examples/orders/models/orders.sql"],
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.starts_with("orders  models/orders.sql\n"),
        "{}",
        run.stdout
    );
    let line = "  order_amount = COALESCE((SELECT SUM(order_lines.quantity * order_lines.unit_price) \
                FROM raw.order_lines WHERE order_lines.order_id = orders.id), 0)  DECIMAL(10,2)\n";
    assert!(run.stdout.contains(line), "{}", run.stdout);
    assert!(
        run.stdout.contains("  where     NOT orders.is_test\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_name_asks_for_a_table_or_a_column() {
    let folder = Folder::with(&[
        ("rationale.toml", ""),
        ("a.sql", "select x.id, x.n + 1 as m from x"),
        ("b.sql", "select a.m from a"),
    ]);
    let one = folder.run(&["meaning", "a.m"]);
    assert_eq!(one.stdout, "a  a.sql\n  m = x.n + 1\n");
    let table = folder.run(&["meaning", "--of", "b"]);
    assert_eq!(table.stdout, "b  b.sql\n  from      a\n  m = a.m\n");
    let none = folder.run(&["meaning", "c.m"]);
    assert_eq!(none.code, Some(2));
    assert_eq!(none.stderr, "error: no model here defines c.m\n");
}
