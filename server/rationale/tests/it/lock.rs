//! `rationale lock`.

use crate::program::{Folder, Run};

const SPEC: &str = "\
product: orders
tables:
  - name: orders
    description: One row for each order.
    why: Invoices start from single orders.
    columns:
      - name: order_id
        description: Identifies the order.
        why: Joins orders to their lines.
      - name: order_amount
        description: The total value of the order.
        since: 1
amendments:
  - id: 1
    date: 2026-01-10
    requirement: We want the total value of each order.
    change: Added order_amount.
    changes: [orders.order_amount]
";

const ORDERS: &str = "\
select
    orders.id as order_id,
    orders.quantity * orders.unit_price as order_amount
from raw.orders as orders
where not orders.is_test
";

const LOCK: &str = "\
# What each column means. Written by `rationale lock`; review it like code.
version: 1
dialect: postgres
tables:
  orders:
    rows:
      from: raw.orders
      where:
        - NOT orders.is_test
    columns:
      order_id: { means: orders.id }
      order_amount: { means: orders.quantity * orders.unit_price, by: 1 }
";

const DISCOUNT: &str = "
  - id: discount
    date: 2026-02-01
    requirement: The unit price is not ours to tell.
    change: tbd
    changes: [orders.order_amount]
";

fn folder(spec: &str, sql: &str) -> Folder {
    Folder::with(&[
        ("rationale.toml", "[workspace]\ndialect = \"postgres\"\n"),
        ("specs/orders.spec.yaml", spec),
        ("models/orders.sql", sql),
    ])
}

fn lock(folder: &Folder) -> String {
    std::fs::read_to_string(folder.0.join("specs/orders.spec.lock")).unwrap_or_default()
}

fn write(folder: &Folder, path: &str, text: &str) {
    std::fs::write(folder.0.join(path), text).unwrap();
}

fn unrecorded(run: &Run) -> Vec<String> {
    let json = run.json();
    let findings = json["findings"].as_array().unwrap().iter();
    let of = findings.filter(|finding| finding["code"] == "unrecorded-change");
    of.map(|finding| {
        let column = finding["column"].as_str().unwrap_or("rows");
        format!("{} {column}", finding["severity"].as_str().unwrap())
    })
    .collect()
}

#[test]
fn the_first_lock_says_what_everything_means() {
    let folder = folder(SPEC, ORDERS);
    let run = folder.run(&["lock"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(
        run.stdout.contains("rationale lock --initial"),
        "{}",
        run.stdout
    );
    assert_eq!(lock(&folder), "");
    let run = folder.run(&["lock", "--initial"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(lock(&folder), LOCK);
    assert!(!folder.0.join("specs/orders.spec.lock.new").exists());
    let run = folder.run(&["lock"]);
    assert_eq!(
        run.stdout,
        "specs/orders.spec.lock  unchanged\n0 lines written.\n"
    );
    assert_eq!(run.code, Some(0));
    assert_eq!(
        unrecorded(&folder.run(&["check", "--format", "json"])),
        [""; 0]
    );
}

#[test]
fn a_line_is_written_where_an_amendment_covers_it_and_stays_where_none_does() {
    let folder = folder(SPEC, ORDERS);
    write(&folder, "specs/orders.spec.lock", LOCK);
    let changed = ORDERS
        .replace(" * orders.unit_price", "")
        .replace("where not orders.is_test\n", "");
    write(&folder, "models/orders.sql", &changed);
    let run = folder.run(&["lock"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(lock(&folder), LOCK);
    assert!(
        run.stdout
            .contains("orders.order_amount  refused: It means something else, and no amendment"),
        "{}",
        run.stdout
    );
    let expected = ["warning order_amount", "warning rows"];
    assert_eq!(
        unrecorded(&folder.run(&["check", "--format", "json"])),
        expected
    );

    // The amount is covered now, the rows are not.
    write(
        &folder,
        "specs/orders.spec.yaml",
        &format!("{SPEC}{DISCOUNT}"),
    );
    let expected = ["info order_amount", "warning rows"];
    assert_eq!(
        unrecorded(&folder.run(&["check", "--format", "json"])),
        expected
    );
    let other = folder.run(&["lock", "--amendment", "1"]);
    assert_eq!(other.code, Some(1));
    assert_eq!(lock(&folder), LOCK);
    let run = folder.run(&["lock", "orders", "--amendment", "discount"]);
    assert_eq!(run.code, Some(1));
    let amount = "means: orders.quantity, by: discount";
    let expected = LOCK.replace("means: orders.quantity * orders.unit_price, by: 1", amount);
    assert_eq!(lock(&folder), expected, "{}", run.stdout);
    assert_eq!(
        unrecorded(&folder.run(&["check", "--format", "json"])),
        ["warning rows"]
    );
}

#[test]
fn what_only_reads_differently_is_left_as_it_is() {
    let folder = folder(SPEC, ORDERS);
    let by_hand = LOCK
        .replace("NOT orders.is_test", "\"(not Orders.IS_TEST)\"")
        .replace(
            "orders.quantity * orders.unit_price",
            "orders.unit_price*orders.quantity",
        );
    write(&folder, "specs/orders.spec.lock", &by_hand);
    let run = folder.run(&["lock"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert_eq!(
        lock(&folder),
        by_hand.clone(),
        "only the text of its head is ours"
    );
    assert_eq!(
        unrecorded(&folder.run(&["check", "--format", "json"])),
        [""; 0]
    );
}

#[test]
fn a_merge_that_was_not_finished_is_written_anew() {
    let ours = "      order_amount: { means: orders.quantity * orders.unit_price, by: 1 }\n";
    let theirs = "      order_amount: { means: orders.quantity, by: discount }\n";
    let marks = format!("<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n");
    let merged = LOCK.replace(ours, &marks);
    let spec = format!("{SPEC}{DISCOUNT}");
    let folder = folder(&spec, &ORDERS.replace(" * orders.unit_price", ""));
    write(&folder, "specs/orders.spec.lock", &merged);
    let run = folder.run(&["lock"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert_eq!(lock(&folder), LOCK.replace(ours, theirs));
}

#[test]
fn a_column_that_has_come_and_one_that_is_gone_want_an_amendment_too() {
    let folder = folder(SPEC, ORDERS);
    write(&folder, "specs/orders.spec.lock", LOCK);
    let changed = ORDERS.replace("orders.id as order_id", "orders.coupon as coupon");
    write(&folder, "models/orders.sql", &changed);
    let run = folder.run(&["lock"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(lock(&folder), LOCK);
    let amendment = "
  - id: 2
    date: 2026-02-02
    requirement: Marketing counts coupons, and nobody needs the number.
    change: tbd
    changes: [orders.coupon, orders.order_id]
";
    write(
        &folder,
        "specs/orders.spec.yaml",
        &format!("{SPEC}{amendment}"),
    );
    let run = folder.run(&["lock"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("orders.order_id  taken out, by amendment 2"),
        "{}",
        run.stdout
    );
    let expected = LOCK.replace(
        "order_id: { means: orders.id }",
        "coupon: { means: orders.coupon, by: 2 }",
    );
    assert_eq!(lock(&folder), expected);
}

#[test]
fn what_is_not_there_is_said() {
    let folder = folder(SPEC, ORDERS);
    let run = folder.run(&["lock", "invoices"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr
            .contains("no native spec names the product invoices"),
        "{}",
        run.stderr
    );
    let none = Folder::with(&[("orders.sql", ORDERS)]);
    let run = none.run(&["lock", "--initial"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("nothing to lock"), "{}", run.stdout);
}

#[test]
fn a_spec_with_another_path_takes_its_lock_along() {
    let folder = folder(SPEC, ORDERS);
    write(&folder, "specs/orders.spec.lock", LOCK);
    std::fs::remove_file(folder.0.join("specs/orders.spec.yaml")).unwrap();
    write(&folder, "specs/sales.spec.yaml", SPEC);
    let run = folder.run(&["lock"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let moved = std::fs::read_to_string(folder.0.join("specs/sales.spec.lock")).unwrap();
    assert_eq!(moved, LOCK);
    assert!(
        run.stderr
            .contains("specs/orders.spec.lock stands beside no spec any more"),
        "{}",
        run.stderr
    );
}
