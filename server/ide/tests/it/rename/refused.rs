//! What is not renamed, or only once a person has confirmed it.

use super::{check, project, shop, shown};
use expect_test::expect;

#[test]
fn it_says_why_something_is_not_renamed() {
    let refused = |text: &str, name: &str| {
        let message = shown(text, name);
        assert!(!message.contains("-- "), "{message}");
        message
    };
    let shop_with = |edit: (&str, &str)| shop(&[edit]);
    let said = [
        refused(
            &shop_with(("as amount\nfrom lines", "as amount$0\nfrom lines")),
            "order_id",
        ),
        refused(
            &shop_with(("as amount\nfrom lines", "as amount$0\nfrom lines")),
            "a.b",
        ),
        refused(
            &shop_with(("as amount\nfrom lines", "as amount$0\nfrom lines")),
            "AMOUNT",
        ),
        refused(&shop_with(("from raw.lines", "from raw.lines$0")), "items"),
        refused(&shop_with(("quantity *", "quantity$0 *")), "items"),
        refused(&shop_with(("FROM orders", "FROM orders$0")), "invoices"),
        refused(&shop_with(("SELECT paid", "SEL$0ECT paid")), "x"),
        refused(&project(&[("{name: id}", "{name: i$0d}")]), "key"),
        refused(
            &project(&[("'raw', 'orders'", "'raw', 'ord$0ers'")]),
            "sales",
        ),
        refused(
            "=== a.sql\ncreate table a as select id$0, 1 as x from raw.t;\ncreate table b as select a.x from a join c using (id);\ncreate table c as select id from raw.u;\n",
            "key",
        ),
        refused(
            "=== a.sql\ncreate table a as select 1 as x$0;\ncreate table b as select 2 as y;\ncreate table c as select x, y as z from a, b;\n",
            "y",
        ),
    ];
    expect![[r#"
        `orders` has a column `order_id` already.
        `a.b` is no name: it holds '.'.
        `AMOUNT` differs from `amount` in its letters' case at most, which no name is told apart by.
        `raw.lines` is not defined in this workspace, so it can't be renamed here.
        `quantity` is a column of `raw.lines`, which is not defined in this workspace.
        There is a table `invoices` already.
        There is no table, column or alias here.
        `raw.orders` is a source: its columns get their names outside of this workspace. Rename what a model makes of `id`.
        `raw.orders` is a source: it gets its name outside of this workspace.
        In `a.sql`, `id` stands for columns of several tables, as in `USING`. Write a condition with `ON` there first.
        `a.sql` would not mean the same any more: the new name may be that of something else there, or a form is in it that can't be renamed along.
    "#]].assert_eq(&said.concat());
}

#[test]
fn what_cannot_be_read_is_left_for_a_person_to_confirm() {
    check(
        "=== dbt_project.yml\nname: a\n=== models/a.sql\nselect 1 as x$0\n=== models/b.sql\nselect x from {{ ref('a') }} where (((x > 1\n=== models/c.sql\nselect 1 as one from {{ ref('a') }} {% if var('all') %} where x > 1 {% else %} where x > 2 {% endif %}\n",
        "y",
        expect![[r#"
            Rename `a.x` to `y`
            -- models/a.sql
            - select 1 as x
            + select 1 as y
            -- models/b.sql
            - select x from {{ ref('a') }} where (((x > 1
            + select y from {{ ref('a') }} where (((y > 1
               (to be confirmed)
            -- models/c.sql
            - select 1 as one from {{ ref('a') }} {% if var('all') %} where x > 1 {% else %} where x > 2 {% endif %}
            + select 1 as one from {{ ref('a') }} {% if var('all') %} where y > 1 {% else %} where y > 2 {% endif %}
               (to be confirmed)
        "#]],
    );
}

#[test]
fn an_entry_that_two_tables_share_is_not_renamed_for_one_of_them() {
    let shared = |b: &str| {
        format!(
            "=== p.spec.yaml\nproduct: p\ntables:\n  - name: a\n    columns: &all\n      - name: id\n  - name: b\n    columns: *all\n=== a.sql\nselect id$0 from raw.t\n=== b.sql\n{b}\n"
        )
    };
    check(
        &shared("select id from raw.t"),
        "key",
        expect![[r#"
            `p.spec.yaml` describes `id` of `a` and of `b` by one entry, through a YAML anchor. Give each an entry of its own first.
        "#]],
    );
    // Where both get the new name, one entry will do.
    let both = shown(&shared("select * from a"), "key");
    assert!(both.contains("+       - name: key\n"), "{both}");
}
