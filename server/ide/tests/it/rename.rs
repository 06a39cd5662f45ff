//! Renames: the lines that change, before and after, and the files that move.

mod files;
mod selections;

use crate::fixture::Fixture;
use expect_test::{Expect, expect};

fn check(text: &str, name: &str, expected: Expect) {
    expected.assert_eq(&shown(text, name));
}

fn shown(text: &str, name: &str) -> String {
    let fixture = Fixture::new(text);
    let renaming = ide::rename(&fixture.snapshot, fixture.file, fixture.offset, name);
    match renaming {
        Ok(renaming) => rendered(&fixture, &renaming),
        Err(refusal) => format!("{}\n", refusal.message),
    }
}

fn rendered(fixture: &Fixture, renaming: &ide::Renaming) -> String {
    let mut shown = format!("{}\n", renaming.title);
    for file in &renaming.files {
        let before = fixture.text_at(&file.path, false);
        let edits: Vec<_> = file.edits.iter().map(|edit| edit.edit.clone()).collect();
        let after = syntax::edit::apply(&before, &edits).expect("edits fit");
        shown.push_str(&format!(
            "-- {}\n",
            fixture.snapshot.display_path(&file.path)
        ));
        shown.push_str(&changed_lines(&before, &after));
        if file.edits.iter().any(|edit| edit.note.is_unsure()) {
            shown.push_str("   (to be confirmed)\n");
        }
    }
    for (from, to) in &renaming.moved {
        let path = |path| fixture.snapshot.display_path(path);
        shown.push_str(&format!("-- {} -> {}\n", path(from), path(to)));
    }
    shown
}

/// The lines that go, and those that come.
fn changed_lines(before: &str, after: &str) -> String {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = match old[i] == new[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut gone, mut come) = (String::new(), String::new());
    let mut shown = String::new();
    loop {
        match (old.get(i), new.get(j)) {
            (Some(one), Some(other)) if one == other => {
                shown.push_str(&std::mem::take(&mut gone));
                shown.push_str(&std::mem::take(&mut come));
                (i, j) = (i + 1, j + 1);
            }
            (Some(line), other) if other.is_none() || common[i + 1][j] >= common[i][j + 1] => {
                gone.push_str(&format!("- {line}\n"));
                i += 1;
            }
            (_, Some(line)) => {
                come.push_str(&format!("+ {line}\n"));
                j += 1;
            }
            _ => break,
        }
    }
    shown + &gone + &come
}

/// Two models and a spec with history, in plain SQL.
fn shop(edit: &[(&str, &str)]) -> String {
    let mut text = r#"
=== specs/shop.spec.yaml
product: shop
tables:
  - name: orders
    grain: [order_id]
    columns:
      - name: order_id # the shop's own
      - {name: "amount", type: INT}
  - name: invoices
    columns:
      - {name: order_id, references: orders.order_id}
amendments:
  - id: 1
    date: 2026-01-10
    requirement: We want the amount on the invoice.
    change: Added amount.
    changes: [orders.amount]
    guarantees: |
      orders.amount is never null
=== sql/orders.sql
create table orders as
with lines as (select order_id, quantity * price as amount from raw.lines)
select order_id, sum(amount) as amount
from lines group by order_id
=== sql/invoices.sql
CREATE TABLE invoices AS
WITH paid AS (SELECT order_id, amount FROM orders WHERE orders.amount > 0)
SELECT paid.order_id, amount, amount * 2 AS twice
FROM paid
ORDER BY amount
"#
    .to_owned();
    for (from, to) in edit {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

#[test]
fn a_column_is_renamed_and_goes_on_downstream_under_its_old_name() {
    check(
        &shop(&[("as amount\nfrom lines", "as amount$0\nfrom lines")]),
        "total",
        expect![[r#"
            Rename `orders.amount` to `total`
            -- specs/shop.spec.yaml
            -       - {name: "amount", type: INT}
            +       - {name: "total", type: INT}
            +   - id: 2
            +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
            +     change: Renamed amount of orders to total.
            +     changes:
            +       - orders.total
            +     guarantees: orders.total is renamed from amount
            -- sql/invoices.sql
            - WITH paid AS (SELECT order_id, amount FROM orders WHERE orders.amount > 0)
            - SELECT paid.order_id, amount, amount * 2 AS twice
            + WITH paid AS (SELECT order_id, total FROM orders WHERE orders.total > 0)
            + SELECT paid.order_id, total AS amount, total * 2 AS twice
            -- sql/orders.sql
            - select order_id, sum(amount) as amount
            + select order_id, sum(amount) as total
        "#]],
    );
}

#[test]
fn from_every_place_that_names_it_the_rename_is_the_same() {
    let from = |edit: &[(&str, &str)]| shown(&shop(edit), "total");
    let expected = from(&[("as amount\nfrom lines", "as amount$0\nfrom lines")]);
    for edit in [
        ("{name: \"amount\"", "{name: \"amo$0unt\""),
        ("[orders.amount]", "[orders.$0amount]"),
        ("orders.amount is never", "orders.amount$0 is never"),
        ("orders.amount > 0", "orders.amount$0 > 0"),
        ("order_id, amount FROM", "order_id, $0amount FROM"),
        ("amount * 2", "am$0ount * 2"),
    ] {
        assert_eq!(from(&[edit]), expected, "{edit:?}");
    }
}

#[test]
fn the_model_that_hands_it_on_gives_it_another_name() {
    check(
        &shop(&[("paid.order_id", "paid.order_id$0")]),
        "\"Order No\"",
        expect![[r#"
            Rename `invoices.order_id` to `Order No`
            -- specs/shop.spec.yaml
            -       - {name: order_id, references: orders.order_id}
            +       - {name: Order No, references: orders.order_id}
            +   - id: 2
            +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
            +     change: Renamed order_id of invoices to Order No.
            +     changes:
            +       - invoices."Order No"
            +     guarantees: invoices."Order No" is renamed from order_id
            -- sql/invoices.sql
            - SELECT paid.order_id, amount, amount * 2 AS twice
            + SELECT paid.order_id AS "Order No", amount, amount * 2 AS twice
        "#]],
    );
}

#[test]
fn what_only_the_file_knows_changes_there_alone() {
    check(
        &shop(&[("AS twice", "AS twice$0")]),
        "double",
        expect![[r#"
        Rename `invoices.twice` to `double`
        -- specs/shop.spec.yaml
        +   - id: 2
        +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
        +     change: Renamed twice of invoices to double.
        +     changes:
        +       - invoices.double
        +     guarantees: invoices.double is renamed from twice
        -- sql/invoices.sql
        - SELECT paid.order_id, amount, amount * 2 AS twice
        + SELECT paid.order_id, amount, amount * 2 AS double
    "#]],
    );
    check(
        &shop(&[("WITH paid", "WITH paid$0")]),
        "settled",
        expect![[r#"
        Rename `paid` to `settled`
        -- sql/invoices.sql
        - WITH paid AS (SELECT order_id, amount FROM orders WHERE orders.amount > 0)
        - SELECT paid.order_id, amount, amount * 2 AS twice
        - FROM paid
        + WITH settled AS (SELECT order_id, amount FROM orders WHERE orders.amount > 0)
        + SELECT settled.order_id, amount, amount * 2 AS twice
        + FROM settled
    "#]],
    );
    check(
        "=== a.sql\ncreate table a as select o.id, o.x from raw.orders as o$0 where o.x > 1\n",
        "orders",
        expect![[r#"
            Rename `o` to `orders`
            -- a.sql
            - create table a as select o.id, o.x from raw.orders as o where o.x > 1
            + create table a as select orders.id, orders.x from raw.orders as orders where orders.x > 1
        "#]],
    );
    check(
        "=== a.sql\ncreate table a as with c as (select id + 1 as next$0 from raw.t) select next * 2 as y from c order by next\n",
        "later",
        expect![[r#"
            Rename `next` to `later`
            -- a.sql
            - create table a as with c as (select id + 1 as next from raw.t) select next * 2 as y from c order by next
            + create table a as with c as (select id + 1 as later from raw.t) select later * 2 as y from c order by later
        "#]],
    );
}

#[test]
fn a_table_is_renamed_in_statements_qualifiers_and_specs() {
    check(
        &shop(&[("FROM orders", "FROM orders$0")]),
        "sales",
        expect![[r#"
        Rename `orders` to `sales`
        -- specs/shop.spec.yaml
        -   - name: orders
        +   - name: sales
        -       - {name: order_id, references: orders.order_id}
        +       - {name: order_id, references: sales.order_id}
        +   - id: 2
        +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
        +     change: Renamed the table orders to sales.
        +     guarantees: sales is renamed from orders
        -- sql/invoices.sql
        - WITH paid AS (SELECT order_id, amount FROM orders WHERE orders.amount > 0)
        + WITH paid AS (SELECT order_id, amount FROM sales WHERE sales.amount > 0)
        -- sql/orders.sql
        - create table orders as
        + create table sales as
    "#]],
    );
}

/// A dbt project in which a `*` hands columns on.
fn project(edit: &[(&str, &str)]) -> String {
    let mut text = r#"
=== dbt_project.yml
name: shop
models:
  shop:
    staging:
      stg_orders:
        +materialized: view
=== models/staging/stg_orders.sql
{{ config(unique_key='order_id', alias='order_id') }}
with source as (select * from {{ source('raw', 'orders') }}),
renamed as (select id as order_id, {{ cents('amount_cents') }} as amount from source)
select * from renamed
=== models/orders.sql
{{ config(materialized='incremental', unique_key=['order_id']) }}
with orders as (select * from {{ ref('stg_orders') }}),
final as (select orders.*, row_number() over (order by order_id) as nr from orders)
select * from final
{% if is_incremental() %} where order_id > (select max(order_id) from {{ this }}) {% endif %}
=== models/totals.sql
select order_id, sum(amount) as amount from {{ ref("orders") }} group by order_id
=== macros/cents.sql
{% macro cents(column) %}{{ column }} / 100{% endmacro %}
=== macros/latest.sql
{% macro latest() %}select max(amount) from {{ ref('stg_orders') }}{% endmacro %}
=== models/schema.yml
sources:
  - name: raw
    tables:
      - name: orders
        columns: [{name: id}, {name: amount_cents}]
models:
  - name: stg_orders
    data_tests:
      - dbt_utils.expression_is_true:
          expression: "order_id > 0 and amount >= 0"
    columns:
      - name: order_id
        data_tests: [unique]
  - name: orders
    columns:
      - name: order_id
        data_tests:
          - relationships:
              to: ref('stg_orders')
              field: order_id
unit_tests:
  - name: sums
    model: totals
    given:
      - input: ref('orders')
        rows:
          - {order_id: 1, amount: 2}
    expect:
      rows: [{order_id: 1, amount: 2}]
semantic_models:
  - name: orders
    model: ref('orders')
    entities:
      - name: order_id
        type: primary
"#
    .to_owned();
    for (from, to) in edit {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

#[test]
fn a_column_that_a_star_hands_on_is_renamed_in_all_tables_that_have_it() {
    check(
        &project(&[("as order_id,", "as order_id$0,")]),
        "order_key",
        expect![[r#"
        Rename `stg_orders.order_id` to `order_key`
        -- models/orders.sql
        - {{ config(materialized='incremental', unique_key=['order_id']) }}
        + {{ config(materialized='incremental', unique_key=['order_key']) }}
        - final as (select orders.*, row_number() over (order by order_id) as nr from orders)
        + final as (select orders.*, row_number() over (order by order_key) as nr from orders)
        - {% if is_incremental() %} where order_id > (select max(order_id) from {{ this }}) {% endif %}
        + {% if is_incremental() %} where order_key > (select max(order_key) from {{ this }}) {% endif %}
        -- models/schema.yml
        -           expression: "order_id > 0 and amount >= 0"
        +           expression: "order_key > 0 and amount >= 0"
        -       - name: order_id
        +       - name: order_key
        -       - name: order_id
        +       - name: order_key
        -               field: order_id
        +               field: order_key
        -           - {order_id: 1, amount: 2}
        +           - {order_key: 1, amount: 2}
        +         expr: "order_key"
        -- models/staging/stg_orders.sql
        - {{ config(unique_key='order_id', alias='order_id') }}
        + {{ config(unique_key='order_key', alias='order_id') }}
        - renamed as (select id as order_id, {{ cents('amount_cents') }} as amount from source)
        + renamed as (select id as order_key, {{ cents('amount_cents') }} as amount from source)
        -- models/totals.sql
        - select order_id, sum(amount) as amount from {{ ref("orders") }} group by order_id
        + select order_key as order_id, sum(amount) as amount from {{ ref("orders") }} group by order_key
    "#]],
    );
}

#[test]
fn a_table_of_dbt_takes_its_file_its_refs_and_its_settings_along() {
    check(
        &project(&[("ref('stg_orders') }}),", "ref('stg_$0orders') }}),")]),
        "stg_sales",
        expect![[r#"
        Rename `stg_orders` to `stg_sales`
        -- dbt_project.yml
        -       stg_orders:
        +       stg_sales:
        -- macros/latest.sql
        - {% macro latest() %}select max(amount) from {{ ref('stg_orders') }}{% endmacro %}
        + {% macro latest() %}select max(amount) from {{ ref('stg_sales') }}{% endmacro %}
        -- models/orders.sql
        - with orders as (select * from {{ ref('stg_orders') }}),
        + with orders as (select * from {{ ref('stg_sales') }}),
        -- models/schema.yml
        -   - name: stg_orders
        +   - name: stg_sales
        -               to: ref('stg_orders')
        +               to: ref('stg_sales')
        -- models/staging/stg_orders.sql -> models/staging/stg_sales.sql
    "#]],
    );
}

#[test]
fn a_seed_is_renamed_in_its_header() {
    check(
        "=== dbt_project.yml\nname: a\n=== seeds/rates.csv\nday,\"rate\"\n2026-01-01,1\n=== models/a.sql\nselect rate$0 * 2 as twice from {{ ref('rates') }}\n",
        "price",
        expect![[r#"
            Rename `rates.rate` to `price`
            -- models/a.sql
            - select rate * 2 as twice from {{ ref('rates') }}
            + select price * 2 as twice from {{ ref('rates') }}
            -- seeds/rates.csv
            - day,"rate"
            + day,"price"
        "#]],
    );
}

#[test]
fn of_several_tables_in_one_tag_the_one_under_the_cursor_is_renamed() {
    let text = "=== dbt_project.yml\nname: shop\n=== models/a.sql\nselect 1 as x\n\
                === models/ab.sql\nselect 2 as x\n=== models/b.sql\nselect 3 as x\n\
                === models/all.sql\nwith every as ({{ dbt_utils.union_relations(relations=[\n  \
                ref('a'),\n  ref('ab'),\n  ref('b')\n]) }})\nselect x from every\n";
    check(
        &text.replace("ref('ab')", "ref('a$0b')"),
        "c",
        expect![[r#"
            Rename `ab` to `c`
            -- models/all.sql
            -   ref('ab'),
            +   ref('c'),
            -- models/ab.sql -> models/c.sql
        "#]],
    );
    check(
        &text.replace("relations=", "rela$0tions="),
        "c",
        expect![[r#"
            Several tables are mentioned here: put the cursor on the name of one of them.
        "#]],
    );
}

/// The branches of a `UNION` keep their names, so it is the model's own list that says `x as y`, and nothing
/// but `x` once that is renamed back.
#[test]
fn what_a_union_hands_on_gets_an_alias_that_goes_again() {
    let text = "=== a.sql\nwith every as (\n    select 1 as kind union all select 2 as kind\n)\n\
                select\n    kind$0\nfrom every\n";
    check(
        text,
        "sort",
        expect![[r#"
            Rename `a.kind` to `sort`
            -- a.sql
            -     kind
            +     kind as sort
        "#]],
    );
    check(
        &text.replace("    kind$0\nfrom", "    kind as sort$0\nfrom"),
        "kind",
        expect![[r#"
            Rename `a.sort` to `kind`
            -- a.sql
            -     kind as sort
            +     kind
        "#]],
    );
}

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
fn crlf_tabs_and_emoji_stay() {
    let text = "=== shop.spec.yaml\nproduct: s\ntables:\n- name: a\n  columns:\n  - name: x # 😀\n=== a.sql\ncreate table a as select\t'😀' as s,\t1 as x$0\n=== b.sql\ncreate table b as select x from a\n";
    let fixture = Fixture::with_crlf(text);
    let renaming = ide::rename(&fixture.snapshot, fixture.file, fixture.offset, "y").unwrap();
    for file in &renaming.files {
        let before = fixture.text_at(&file.path, false);
        let edits: Vec<_> = file.edits.iter().map(|edit| edit.edit.clone()).collect();
        let after = syntax::edit::apply(&before, &edits).unwrap();
        assert_eq!(
            after.matches('\n').count(),
            after.matches("\r\n").count(),
            "{after:?}"
        );
        assert_eq!(before.matches('😀').count(), after.matches('😀').count());
    }
    expect![[r#"
        Rename `a.x` to `y`
        -- a.sql
        - create table a as select	'😀' as s,	1 as x
        + create table a as select	'😀' as s,	1 as y
        -- b.sql
        - create table b as select x from a
        + create table b as select y as x from a
        -- shop.spec.yaml
        -   - name: x # 😀
        +   - name: "y" # 😀
        + amendments:
        + - id: 1
        +   requirement: "TODO: who needs this, and for what?"  # draft: confirm
        +   change: Renamed x of a to y.
        +   changes:
        +   - a.y
        +   guarantees: a.y is renamed from x
    "#]]
    .assert_eq(&rendered(&fixture, &renaming));
}

#[test]
fn half_typed_specs_and_sql_cost_no_more_than_themselves() {
    check(
        "=== s.spec.yaml\nproduct: s\ntables:\n  - name: a\n    columns:\n      - name: x\n      - nam\n    grain: [x\n=== a.sql\ncreate table a as select 1 as x$0\n=== b.sql\ncreate table b as select x, from a where\n",
        "y",
        expect![[r#"
            Rename `a.x` to `y`
            -- a.sql
            - create table a as select 1 as x
            + create table a as select 1 as y
            -- b.sql
            - create table b as select x, from a where
            + create table b as select y, from a where
               (to be confirmed)
            -- s.spec.yaml
            -       - name: x
            +       - name: "y"
            -     grain: [x
            +     grain: ["y"
            + amendments:
            +   - id: 1
            +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
            +     change: Renamed x of a to y.
            +     changes:
            +       - a.y
            +     guarantees: a.y is renamed from x
        "#]],
    );
}
