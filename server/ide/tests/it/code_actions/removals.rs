//! Columns that are to be absent, and what needs them: taken out only where nothing does.

use super::Fixture;
use checks::Detail;
use syntax::TextRange;

/// What is offered to take out, in the files that it would edit.
fn offered(files: &str) -> Vec<String> {
    let fixture = Fixture::new(&format!(
        "
=== open.spec.yaml
product: shop
tables:
  - name: orders
    columns:
      - name: coupon
amendments:
  - id: 1
    requirement: It must go.
    change: tbd
    guarantees: orders.coupon is $0absent
=== orders.sql
CREATE TABLE orders AS SELECT id, coupon FROM raw.orders
{files}"
    ));
    let cursor = TextRange::empty(fixture.offset);
    let actions = ide::code_actions(&fixture.place(cursor), Detail::Edits).into_iter();
    let titles = actions.map(|action| action.fix.title);
    titles.filter(|title| title.starts_with("Take")).collect()
}

#[test]
fn what_nothing_reads_is_taken_out() {
    assert_eq!(
        offered(""),
        ["Take `coupon` out of the SQL, in orders.sql, open.spec.yaml"]
    );
}

#[test]
fn what_is_only_handed_on_goes_along() {
    for reader in [
        "CREATE TABLE b AS SELECT id, coupon FROM orders",
        "CREATE TABLE b AS SELECT id, upper('x') AS x, o.coupon AS code FROM orders AS o WHERE id > 1",
        "CREATE TABLE b AS SELECT x.id, x.c FROM (SELECT id, coupon AS c FROM orders) AS x",
    ] {
        assert_eq!(
            offered(&format!("=== b.sql\n{reader}\n")),
            [
                "Take `coupon` out of the SQL, also where it is only handed on, in orders.sql, b.sql, \
                 open.spec.yaml"
            ],
            "{reader}"
        );
    }
    assert_eq!(
        offered("=== b.sql\nCREATE TABLE b AS SELECT * FROM orders\n"),
        [
            "Take `coupon` out of the SQL, also where it is only handed on, in orders.sql, open.spec.yaml"
        ],
    );
}

#[test]
fn what_is_used_stays() {
    for reader in [
        "CREATE TABLE b AS SELECT id, upper(coupon) AS coupon FROM orders",
        "CREATE TABLE b AS SELECT id FROM orders WHERE coupon IS NOT NULL",
        "CREATE TABLE b AS SELECT coupon, id FROM orders ORDER BY 1",
        "CREATE TABLE b AS SELECT coupon, count(*) AS n FROM orders GROUP BY coupon",
        "CREATE TABLE b AS SELECT DISTINCT id, coupon FROM orders",
        "CREATE TABLE b AS SELECT coupon FROM orders",
        "CREATE TABLE b AS SELECT id, coupon FROM orders UNION ALL SELECT id, code FROM raw.old",
        "CREATE TABLE b AS SELECT o.id FROM orders AS o JOIN raw.codes AS c USING (coupon)",
        "CREATE TABLE b AS SELECT o.id FROM orders AS o NATURAL JOIN raw.codes AS c",
        "INSERT INTO b SELECT id, coupon FROM orders",
        "CREATE TABLE b AS SELECT id, coupon FROM orders;\nCREATE TABLE c AS SELECT id FROM b WHERE coupon = 'x'",
        "CREATE TABLE b AS SELECT * EXCLUDE (coupon) FROM orders",
    ] {
        assert_eq!(
            offered(&format!("=== b.sql\n{reader}\n")),
            Vec::<String>::new(),
            "{reader}"
        );
    }
}

#[test]
fn what_was_promised_downstream_stays() {
    let reader = "=== b.sql\nCREATE TABLE b AS SELECT id, coupon FROM orders\n";
    let spec = |guarantee: &str| {
        format!(
            "{reader}=== b.spec.yaml
product: letters
tables:
  - name: b
amendments:
  - id: 1
    requirement: We count them.
    change: Added it.
    guarantees: {guarantee}
"
        )
    };
    assert_eq!(offered(&spec("b.coupon exists")), Vec::<String>::new());
    assert_eq!(offered(&spec("b.id exists")).len(), 1);
    let key =
        format!("{reader}=== b.spec.yaml\nproduct: b\ntables:\n  - name: b\n    grain: [coupon]\n");
    assert_eq!(offered(&key), Vec::<String>::new());
}
