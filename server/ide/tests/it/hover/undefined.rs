//! Hover on tables that nothing defines or describes, and on their columns.

use super::check;
use expect_test::expect;

#[test]
fn a_table_that_nothing_defines_and_its_columns() {
    let text = |sql: &str| format!("=== a.sql\n{sql}\n=== b.sql\nselect sku from raw.lines\n");
    check(
        &text("select l.qu$0antity from raw.lines l"),
        expect![[r#"
        a.sql:1
          select l.quantity from raw.lines l
                   ^^^^^^^^

        **quantity** in `raw.lines`

        No SQL here makes `raw.lines` and no spec describes it. It is read in 2 files.
    "#]],
    );
    check(
        &text("select l.quantity from raw.li$0nes l"),
        expect![[r#"
        a.sql:1
          select l.quantity from raw.lines l
                                 ^^^^^^^^^

        **raw.lines**

        No SQL here makes `raw.lines` and no spec describes it. It is read in 2 files.
    "#]],
    );
}
