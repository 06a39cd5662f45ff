//! `rationale check --base`, in repositories that git made.

use crate::program::{Folder, Run, git};

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
    orders.quantity * orders.unit_price as order_amount,
    orders.coupon
from raw.orders as orders
where not orders.is_test
";

const DISCOUNT: &str = "
  - id: discount
    date: 2026-02-01
    requirement: The unit price is not ours to tell.
    change: The amount is the quantity.
    changes: [orders.order_amount]
    supersedes: [1]
";

/// A repository with a branch `work`, made from `main`, with a lock or without.
fn branch(is_locked: bool) -> Folder {
    let folder = Folder::with(&[
        ("rationale.toml", "[workspace]\ndialect = \"postgres\"\n"),
        ("specs/orders.spec.yaml", SPEC),
        ("models/orders.sql", ORDERS),
    ]);
    if is_locked {
        assert_eq!(folder.run(&["lock", "--initial"]).code, Some(0));
    }
    git(&folder.0, &["init", "-q", "-b", "main"]);
    git(&folder.0, &["add", "."]);
    git(&folder.0, &["commit", "-q", "-m", "one"]);
    git(&folder.0, &["checkout", "-q", "-b", "work"]);
    folder
}

fn write(folder: &Folder, path: &str, text: &str) {
    std::fs::write(folder.0.join(path), text).unwrap();
}

fn check(folder: &Folder) -> Run {
    folder.run(&["check", "--base", "main", "--format", "json"])
}

fn found(run: &Run) -> Vec<String> {
    let json = run.json();
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            let about = [text("column"), text("amendment")].concat();
            format!("{} {} {about}", text("severity"), text("code"))
                .trim_end()
                .to_owned()
        })
        .collect()
}

#[test]
fn what_the_base_has_already_is_not_told() {
    let folder = branch(true);
    let all = folder.run(&["check", "--format", "json"]);
    assert_eq!(found(&all), ["warning undocumented-column coupon"]);
    let run = check(&folder);
    assert_eq!(found(&run), [""; 0]);
    assert_eq!(run.code, Some(0));
    // It moved, and another one came.
    let more = ORDERS.replace("select\n", "-- moved\nselect\n    orders.channel,\n");
    write(&folder, "models/orders.sql", &more);
    let run = check(&folder);
    let expected = [
        "error unrecorded-change channel",
        "warning undocumented-column channel",
    ];
    assert_eq!(found(&run), expected);
}

#[test]
fn a_change_of_meaning_wants_an_amendment_with_a_lock_and_without() {
    for is_locked in [true, false] {
        let folder = branch(is_locked);
        write(
            &folder,
            "models/orders.sql",
            &ORDERS.replace(" * orders.unit_price", ""),
        );
        let run = check(&folder);
        assert_eq!(
            found(&run),
            ["error unrecorded-change order_amount"],
            "{is_locked}"
        );
        assert_eq!(run.code, Some(1));

        write(
            &folder,
            "specs/orders.spec.yaml",
            &format!("{SPEC}{DISCOUNT}"),
        );
        let run = check(&folder);
        // The lock is still to be written.
        let expected: &[&str] = match is_locked {
            true => &["error unrecorded-change order_amount"],
            false => &[],
        };
        assert_eq!(found(&run), expected, "{is_locked}");
        if is_locked {
            assert_eq!(folder.run(&["lock"]).code, Some(0));
            assert_eq!(found(&check(&folder)), [""; 0]);
        }
        let base = &check(&folder).json()["base"];
        assert_eq!(base["branch"], "main");
        assert_eq!(base["added"][0]["amendment"], "discount");
        assert_eq!(base["withdrawn"][0]["amendment"], "1");
        assert_eq!(base["withdrawn"][0]["by"], "discount");
    }
}

#[test]
fn what_cant_be_told_is_information_and_passes() {
    for is_locked in [true, false] {
        let folder = branch(is_locked);
        let amount = "net_value(orders.quantity, orders.unit_price)";
        let sql = ORDERS.replace("orders.quantity * orders.unit_price", amount);
        write(&folder, "models/orders.sql", &sql);
        let run = check(&folder);
        let expected = ["info unrecorded-change order_amount"];
        assert_eq!(found(&run), expected, "{is_locked}");
        assert_eq!(run.code, Some(0));
    }
}

#[test]
fn a_table_that_is_new_to_the_lock_wants_it_written_once_an_amendment_brings_it() {
    let folder = branch(true);
    let refunds =
        "  - name: refunds\n    description: One row for each refund.\n    why: Revenue is net.\n";
    let spec = SPEC.replace("amendments:\n", &format!("{refunds}amendments:\n"));
    write(&folder, "specs/orders.spec.yaml", &spec);
    write(
        &folder,
        "models/refunds.sql",
        "select 1 as one from raw.refunds",
    );
    let run = check(&folder);
    assert!(
        found(&run).contains(&"info unrecorded-change".to_owned()),
        "{:?}",
        found(&run)
    );
    assert_eq!(run.code, Some(0));
    let amendment = DISCOUNT
        .replace("orders.order_amount", "refunds")
        .replace("    supersedes: [1]\n", "");
    write(
        &folder,
        "specs/orders.spec.yaml",
        &format!("{spec}{amendment}"),
    );
    let run = check(&folder);
    assert!(
        found(&run).contains(&"error unrecorded-change".to_owned()),
        "{:?}",
        found(&run)
    );
    assert_eq!(folder.run(&["lock"]).code, Some(0));
    assert_eq!(check(&folder).code, Some(0));
}

#[test]
fn a_lock_that_was_edited_by_hand_does_not_pass() {
    let folder = branch(true);
    write(
        &folder,
        "models/orders.sql",
        &ORDERS.replace(" * orders.unit_price", ""),
    );
    let path = folder.0.join("specs/orders.spec.lock");
    let lock = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, lock.replace(" * orders.unit_price", "")).unwrap();
    let run = check(&folder);
    assert_eq!(found(&run), ["error unrecorded-change order_amount"]);
    assert!(
        run.stdout
            .contains("by amendment `1`, which was closed there already"),
        "{}",
        run.stdout
    );
    assert_eq!(run.code, Some(1));
}

#[test]
fn history_is_only_added_to() {
    let folder = branch(true);
    let edited = SPEC.replace(
        "the total value of each order.\n    change",
        "the gross value.\n    change",
    );
    assert_ne!(edited, SPEC);
    write(&folder, "specs/orders.spec.yaml", &edited);
    let run = check(&folder);
    assert_eq!(found(&run), ["error rewritten-history 1"]);
    assert_eq!(run.code, Some(1));
}

#[test]
fn what_was_committed_on_the_base_meanwhile_is_not_held_against_the_branch() {
    let folder = branch(true);
    write(&folder, "notes.md", "a commit of its own\n");
    git(&folder.0, &["add", "."]);
    git(&folder.0, &["commit", "-q", "-m", "on the branch"]);
    git(&folder.0, &["checkout", "-q", "main"]);
    write(
        &folder,
        "specs/orders.spec.yaml",
        &format!("{SPEC}{DISCOUNT}"),
    );
    git(&folder.0, &["commit", "-q", "-a", "-m", "on main"]);
    git(&folder.0, &["checkout", "-q", "work"]);
    let run = check(&folder);
    assert_eq!(found(&run), [""; 0]);
    assert_eq!(run.json()["base"]["added"], serde_json::json!([]));
}

#[test]
fn new_ignores_are_listed_for_people() {
    let folder = branch(true);
    let ignored = ORDERS.replace(
        "    orders.coupon\n",
        "    -- rationale: ignore undocumented-column because it leaves soon\n    orders.coupon\n",
    );
    write(&folder, "models/orders.sql", &ignored);
    let run = folder.run(&["check", "--base", "main"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let line = "  models/orders.sql  undocumented-column because it leaves soon\n";
    assert!(run.stdout.contains(line), "{}", run.stdout);
}

#[test]
fn the_default_branch_of_origin_is_found_and_a_shallow_clone_says_what_to_fetch() {
    let origin = branch(true);
    git(&origin.0, &["checkout", "-q", "main"]);
    let clone = Folder::with::<&str>(&[]);
    let from = format!("file://{}", origin.0.display());
    git(&clone.0, &["clone", "-q", &from, "whole"]);
    let whole = clone.0.join("whole");
    git(&whole, &["checkout", "-q", "-b", "more"]);
    let run = crate::program::run(&whole, &["check", "--base", "--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.json()["base"]["branch"], "origin/main");

    // Both branches go on, and the clone knows only their ends.
    for (branch, text) in [("main", "one\n"), ("work", "two\n")] {
        git(&origin.0, &["checkout", "-q", branch]);
        write(&origin, "notes.md", text);
        git(&origin.0, &["add", "."]);
        git(&origin.0, &["commit", "-q", "-m", branch]);
    }
    let arguments = [
        "clone",
        "-q",
        "--depth",
        "1",
        "--no-single-branch",
        &from,
        "shallow",
    ];
    git(&clone.0, &arguments);
    let shallow = clone.0.join("shallow");
    let run = crate::program::run(&shallow, &["check", "--base", "origin/main"]);
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    assert!(
        run.stderr.contains("git fetch --unshallow"),
        "{}",
        run.stderr
    );
}

/// The lines of the lock name the column anew, also those of the tables that read it; they say the same.
#[test]
fn a_rename_that_an_amendment_tells_passes_also_where_the_column_is_read() {
    let spec = SPEC.replace(
        "amendments:",
        "  - name: report
    description: One row for each coupon.
    why: Marketing compares coupons.
    columns:
      - name: coupon
        description: The coupon.
        why: Marketing compares them.
      - name: total
        description: What was sold with it.
        why: Marketing compares them.
amendments:",
    );
    let report = "select coupon, sum(order_amount) as total from orders group by coupon";
    let folder = Folder::with(&[
        ("rationale.toml", "[workspace]\ndialect = \"postgres\"\n"),
        ("specs/orders.spec.yaml", &spec),
        ("models/orders.sql", ORDERS),
        ("models/report.sql", report),
    ]);
    assert_eq!(folder.run(&["lock", "--initial"]).code, Some(0));
    git(&folder.0, &["init", "-q", "-b", "main"]);
    git(&folder.0, &["add", "."]);
    git(&folder.0, &["commit", "-q", "-m", "one"]);
    git(&folder.0, &["checkout", "-q", "-b", "work"]);
    let renamed = |text: &str| text.replace("order_amount", "order_total");
    let history = spec.find("amendments:").unwrap();
    let (tables, amendments) = spec.split_at(history);
    let spec = format!(
        "{}{amendments}  - id: total\n    date: 2026-02-01\n    requirement: It is a total.\n    \
         change: Renamed.\n    guarantees: orders.order_total is renamed from order_amount\n",
        renamed(tables)
    );
    write(&folder, "specs/orders.spec.yaml", &spec);
    write(&folder, "models/orders.sql", &renamed(ORDERS));
    write(&folder, "models/report.sql", &renamed(report));
    assert_eq!(folder.run(&["lock"]).code, Some(0));
    let run = check(&folder);
    assert_eq!(found(&run), [""; 0]);
    assert_eq!(run.code, Some(0));

    // What it means is another matter.
    let other = renamed(report).replace("sum(", "max(");
    write(&folder, "models/report.sql", &other);
    let run = check(&folder);
    assert_eq!(found(&run), ["error unrecorded-change total"]);
}

/// It is compared with what the model was, not taken for a table that was never locked.
#[test]
fn a_lock_that_is_gone_or_cant_be_read_hides_no_change() {
    let unreadable = |lock: &str| lock.replace("means: orders.quantity *", "means: quantity((");
    let states = ["gone", "no YAML", "no SQL"];
    for state in states {
        let folder = branch(true);
        let path = folder.0.join("specs/orders.spec.lock");
        let lock = std::fs::read_to_string(&path).unwrap();
        match state {
            "gone" => std::fs::remove_file(&path).unwrap(),
            "no YAML" => std::fs::write(&path, ":::: {").unwrap(),
            _ => {
                assert_ne!(unreadable(&lock), lock);
                std::fs::write(&path, unreadable(&lock)).unwrap();
            }
        }
        // A lock that is no YAML is an error by itself.
        let code = Some(i32::from(state == "no YAML"));
        let changes = |run: &Run| -> Vec<String> {
            let found = found(run).into_iter();
            found.filter(|line| line.contains("unrecorded")).collect()
        };
        let run = check(&folder);
        assert_eq!(changes(&run), [""; 0]);
        assert_eq!(run.code, code, "{}", run.stdout);
        let changed = ORDERS.replace(" * orders.unit_price", "");
        write(&folder, "models/orders.sql", &changed);
        let run = check(&folder);
        assert_eq!(changes(&run), ["error unrecorded-change order_amount"]);
        // Who asked for it is told as without any lock.
        let spec = format!("{SPEC}{DISCOUNT}");
        write(&folder, "specs/orders.spec.yaml", &spec);
        assert_eq!(check(&folder).code, code);
    }
}

#[test]
fn a_line_of_the_lock_wants_an_amendment_that_names_it() {
    let folder = branch(true);
    let changed = ORDERS.replace(" * orders.unit_price", "");
    write(&folder, "models/orders.sql", &changed);
    let other = DISCOUNT.replace("order_amount", "order_id");
    let spec = format!("{SPEC}{other}");
    write(&folder, "specs/orders.spec.yaml", &spec);
    let path = folder.0.join("specs/orders.spec.lock");
    let lock = std::fs::read_to_string(&path).unwrap();
    let edited = lock.replace(" * orders.unit_price, by: 1", ", by: discount");
    assert_ne!(edited, lock);
    std::fs::write(&path, edited).unwrap();
    let run = check(&folder);
    assert_eq!(found(&run), ["error unrecorded-change order_amount"]);
    let why = "by amendment `discount`, which does not name it";
    assert!(run.stdout.contains(why), "{}", run.stdout);
}

#[test]
fn a_rename_covers_no_other_meaning() {
    let folder = branch(true);
    let rename = "  - id: total\n    date: 2026-02-01\n    requirement: It is a total.\n    \
                  change: Renamed.\n    guarantees: orders.total is renamed from order_amount\n";
    let spec = SPEC.replace("name: order_amount", "name: total");
    write(
        &folder,
        "specs/orders.spec.yaml",
        &format!("{spec}{rename}"),
    );
    let changed = ORDERS.replace(" * orders.unit_price as order_amount", " as total");
    write(&folder, "models/orders.sql", &changed);
    assert_eq!(folder.run(&["lock"]).code, Some(1));
    let run = check(&folder);
    assert_eq!(found(&run), ["error unrecorded-change total"]);
    let changed = ORDERS.replace("as order_amount", "as total");
    write(&folder, "models/orders.sql", &changed);
    assert_eq!(folder.run(&["lock"]).code, Some(0));
    assert_eq!(found(&check(&folder)), [""; 0]);
}

#[test]
fn what_cant_be_told_passes_also_where_an_amendment_covers_it() {
    let folder = branch(true);
    let amount = "net_value(orders.quantity, orders.unit_price)";
    let sql = ORDERS.replace("orders.quantity * orders.unit_price", amount);
    write(&folder, "models/orders.sql", &sql);
    let spec = format!("{SPEC}{DISCOUNT}");
    write(&folder, "specs/orders.spec.yaml", &spec);
    let run = check(&folder);
    assert_eq!(found(&run), ["info unrecorded-change order_amount"]);
    assert!(run.stdout.contains("as amendment `discount` says"));
    assert_eq!(run.code, Some(0));
}

#[test]
fn a_product_keeps_its_history_under_another_name_and_does_not_go_unsaid() {
    let folder = branch(true);
    let renamed = SPEC.replace("product: orders", "product: sales");
    write(&folder, "specs/orders.spec.yaml", &renamed);
    let run = check(&folder);
    assert_eq!(found(&run), [""; 0]);
    assert_eq!(run.json()["base"]["added"], serde_json::json!([]));

    let rewritten = renamed.replace("the total value", "the gross value");
    write(&folder, "specs/orders.spec.yaml", &rewritten);
    assert_eq!(found(&check(&folder)), ["error rewritten-history 1"]);

    std::fs::remove_file(folder.0.join("specs/orders.spec.yaml")).unwrap();
    std::fs::remove_file(folder.0.join("specs/orders.spec.lock")).unwrap();
    let run = check(&folder);
    assert!(
        found(&run).contains(&"error rewritten-history 1".to_owned()),
        "{:?}",
        found(&run)
    );
    assert_eq!(run.code, Some(1));
    assert_eq!(run.json()["base"]["withdrawn"][0]["amendment"], "1");
}

#[test]
fn a_product_without_anything_in_force_may_go() {
    let folder = branch(false);
    let withdrawn = SPEC.replace("    change: ", "    status: withdrawn\n    change: ");
    write(&folder, "specs/orders.spec.yaml", &withdrawn);
    git(&folder.0, &["commit", "-q", "-a", "-m", "withdrawn"]);
    git(&folder.0, &["branch", "-q", "-f", "main", "work"]);
    std::fs::remove_file(folder.0.join("specs/orders.spec.yaml")).unwrap();
    let run = check(&folder);
    let mut found = found(&run).into_iter();
    assert!(!found.any(|found| found.contains("rewritten-history")));
}

#[test]
fn settings_by_which_less_is_said_are_listed() {
    let folder = branch(true);
    let less = "[workspace]\ndialect = \"postgres\"\nspecs = [\"nowhere/**\"]\n\
                exclude = [\"**/*.sql\"]\n[checks]\nunrecorded-change = \"off\"\n\
                missing-why = \"error\"\n";
    write(&folder, "rationale.toml", less);
    let run = check(&folder);
    let listed = run.json()["base"]["settings"].clone();
    let listed: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|new| new["setting"].as_str().unwrap_or_default())
        .collect();
    let expected = [
        "specs = [\"nowhere/**\"]",
        "exclude = [\"**/*.sql\"]",
        "unrecorded-change = \"off\"",
    ];
    assert_eq!(listed, expected);
    let run = folder.run(&["check", "--base", "main"]);
    let line = "  rationale.toml  unrecorded-change = \"off\"\n";
    assert!(run.stdout.contains(line), "{}", run.stdout);

    let more = "[workspace]\ndialect = \"postgres\"\n[checks]\nmissing-why = \"error\"\n";
    write(&folder, "rationale.toml", more);
    let listed = check(&folder).json()["base"]["settings"].clone();
    assert_eq!(listed, serde_json::json!([]));
}

#[test]
fn a_table_that_is_gone_breaks_what_was_agreed_of_it() {
    let spec = format!("{SPEC}    guarantees: orders.order_amount is never null\n");
    let folder = Folder::with(&[
        ("rationale.toml", "[workspace]\ndialect = \"postgres\"\n"),
        ("specs/orders.spec.yaml", &spec),
        ("models/orders.sql", ORDERS),
        ("models/shops.sql", "select shops.id from raw.shops"),
    ]);
    git(&folder.0, &["init", "-q", "-b", "main"]);
    git(&folder.0, &["add", "."]);
    git(&folder.0, &["commit", "-q", "-m", "one"]);
    git(&folder.0, &["checkout", "-q", "-b", "work"]);
    std::fs::remove_file(folder.0.join("models/orders.sql")).unwrap();
    let run = check(&folder);
    assert!(
        found(&run).contains(&"error contradicts-amendment 1".to_owned()),
        "{:?}",
        found(&run)
    );
    let gone = DISCOUNT.replace("[orders.order_amount]", "[orders]");
    let gone = gone.replace("    supersedes: [1]\n", "");
    write(&folder, "specs/orders.spec.yaml", &format!("{spec}{gone}"));
    let mut found = found(&check(&folder)).into_iter();
    assert!(!found.any(|found| found.contains("contradicts-amendment")));
}
