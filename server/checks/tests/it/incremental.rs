//! Findings that follow edits are those of a fresh start, and an update names every file whose
//! findings changed.

mod live;
mod step;

pub(crate) use live::Live;

use crate::suite::cases;
use crate::workspace::{absolute, files};
use index::Change;
use proptest::prelude::*;
use step::{Step, step};

/// So many sequences of steps; `PROPTEST_CASES` asks for more.
fn count() -> u32 {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default().cases,
        None => 150,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: count(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_update_leaves_what_a_fresh_start_finds(
        case in any::<prop::sample::Index>(),
        steps in prop::collection::vec((step(), any::<bool>()), 1..6),
    ) {
        let cases = cases();
        let case = case.get(&cases);
        let original = files(case);
        let mut live = Live::new(&original);
        for (step, in_editor) in steps {
            live.take(&original, &step, in_editor);
            let fresh = Live::new(&live.files);
            // Which dialect parses most of the files is found out at the start, and kept.
            if live.dialects() != fresh.dialects() {
                continue;
            }
            prop_assert_eq!(live.shown(), fresh.shown(), "{} after {:?}", &case.name, step);
        }
    }
}

#[test]
fn a_table_that_comes_back_settles_what_its_absence_left_open() {
    let cases = cases();
    let case = cases
        .iter()
        .find(|case| case.name.ends_with("Names that stand for nothing"));
    let original = files(case.unwrap());
    let mut live = Live::new(&original);
    for step in [
        Step::Delete { file: 0 },
        Step::InsertBlankLine { file: 0, line: 0 },
    ] {
        live.take(&original, &step, false);
        assert_eq!(live.shown(), Live::new(&live.files).shown(), "{step:?}");
    }
}

/// A workspace that was read, and then changed step by step; at each it is compared with a fresh start.
fn follow(files: &[(&str, &str)], edits: &[(&str, Option<&str>)]) -> Live {
    let content = |text: &str| text.as_bytes().to_vec();
    let given = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), content(text)));
    let mut live = Live::new(&given.collect());
    for (path, text) in edits {
        live.put(path, text.map(content), false);
        assert_eq!(
            live.shown(),
            Live::new(&live.files).shown(),
            "{path}: {text:?}"
        );
    }
    live
}

fn has(live: &Live, code: &str) -> bool {
    live.shown().iter().any(|finding| finding.contains(code))
}

const QUIET: (&str, &str) = (
    "rationale.toml",
    "[checks]\nundocumented-table = \"off\"\nmissing-why = \"off\"\nmissing-description = \"off\"\n",
);

#[test]
fn a_sentence_may_mean_a_table_once_no_other_has_its_name() {
    let spec = "product: shop\namendments:\n  - id: 1\n    requirement: Paid ones only.\n    change: Done.\n    guarantees:\n      - orders excludes rows where not paid\n";
    let one = "create table a.orders as select id, paid from raw.orders_in;\n";
    let other = "create table b.orders as select id, paid from raw.orders_in where paid;\n";
    let live = follow(
        &[
            QUIET,
            ("shop.spec.yaml", spec),
            ("a.sql", one),
            ("b.sql", other),
        ],
        &[
            ("b.sql", None),
            ("b.sql", Some(other)),
            ("a.sql", None),
            ("a.sql", Some(one)),
            ("b.sql", None),
        ],
    );
    assert!(has(&live, "contradicts-amendment"), "{:?}", live.shown());
}

#[test]
fn a_name_that_sql_begins_to_mention_is_known() {
    let spec = "product: shop\ntables:\n  - name: orders\namendments:\n  - id: 1\n    requirement: All of them.\n    change: Done.\n    guarantees:\n      - orders reads arrivals\n";
    let orders = "select id from raw_orders";
    let live = follow(
        &[QUIET, ("shop.spec.yaml", spec), ("orders.sql", orders)],
        &[
            ("other.sql", Some("select id from arrivals")),
            ("other.sql", Some("select id, 2 as two from raw.arrivals")),
            ("other.sql", None),
            ("other.sql", Some("select id from arrivals")),
        ],
    );
    assert!(has(&live, "contradicts-amendment"), "{:?}", live.shown());
}

#[test]
fn a_name_is_known_while_it_stands_in_sql_that_cannot_be_read() {
    let spec = "product: shop\ntables:\n  - name: fin\namendments:\n  - id: 1\n    requirement: Test orders are not to be paid.\n    change: Done.\n    guarantees: |\n      fin.x comes from raw.orders.x\n      fin reads raw.orders\n";
    let open = "{% set \nselect id, x from {{ source('raw', 'orders') }} where not is_test\n";
    let live = follow(
        &[
            ("dbt_project.yml", "name: shop\nmodel-paths: [models]\n"),
            ("rationale.toml", QUIET.1),
            ("specs/shop.spec.yaml", spec),
            ("models/fin.sql", "select id, x from {{ ref('stg') }}\n"),
            ("models/stg.sql", open),
        ],
        &[
            ("models/stg.sql", Some("{% set \n")),
            ("models/stg.sql", Some(open)),
            ("models/stg.sql", Some("{% set \n")),
        ],
    );
    assert!(has(&live, "unknown-name"), "{:?}", live.shown());
}

#[test]
fn a_type_is_known_while_sql_or_a_spec_names_it() {
    let toml = format!("[workspace]\ndialect = \"postgres\"\n{}", QUIET.1);
    let spec = "product: shop\namendments:\n  - id: 1\n    requirement: As the shop has it.\n    change: Done.\n    guarantees:\n      - orders.status is state\n      - orders.status is stages\n";
    let orders = "select id, status from raw.orders";
    let other =
        "product: other\ntables:\n  - name: orders\n    columns: [{name: status, type: stages}]\n";
    let live = follow(
        &[
            ("rationale.toml", toml.as_str()),
            ("shop.spec.yaml", spec),
            ("orders.sql", orders),
        ],
        &[
            ("types.sql", Some("create type stages as enum ('open')")),
            ("types.sql", Some("create domain stages as text")),
            ("types.sql", Some("create type Stage as enum ('open')")),
            ("types.sql", Some("create type STAGE as enum ('open')")),
            ("types.sql", None),
            (
                "orders.sql",
                Some("select id, status::stages as status from raw.orders"),
            ),
            (
                "orders.sql",
                Some("select id, status::text as status from raw.orders"),
            ),
            (
                "orders.sql",
                Some("select id, status from raw.orders where status = 'x'::stages"),
            ),
            ("orders.sql", Some(orders)),
            ("other.spec.yaml", Some(other)),
            ("other.spec.yaml", Some(&other.replace("stages", "text"))),
            ("other.spec.yaml", None),
        ],
    );
    assert!(has(&live, "invalid-guarantee"), "{:?}", live.shown());
}

#[test]
fn a_lock_is_compared_through_models_whose_text_alone_changes() {
    let spec = "product: shop\ntables:\n  - name: report\n";
    let lock = "tables:\n  report:\n    rows:\n      from: orders\n    columns:\n      amount:\n        means: orders.price * 2\n";
    let model = |factor: u32| format!("select price * {factor} as amount from orders");
    let (two, three) = (model(2), model(3));
    let live = follow(
        &[
            QUIET,
            ("shop.spec.yaml", spec),
            ("shop.spec.lock", lock),
            ("report.sql", "select amount from middle"),
            ("middle.sql", &two),
        ],
        &[
            ("middle.sql", Some(&three)),
            ("middle.sql", Some(&two)),
            (
                "middle.sql",
                Some("-- twice\nselect price * 2 as amount from orders"),
            ),
            ("middle.sql", Some(&three)),
        ],
    );
    assert!(has(&live, "unrecorded-change"), "{:?}", live.shown());
}

#[test]
fn what_a_name_stood_for_is_followed_in_the_lock_and_upstream() {
    let spec = "product: shop\ntables:\n  - name: orders\namendments:\n  - id: 1\n    requirement: No tests.\n    change: Done.\n    guarantees:\n      - orders excludes rows where is_test\n";
    let lock = |column: &str| format!("tables:\n  orders:\n    names:\n      is_test: {column}\n");
    let (old, other) = (lock("raw.orders.is_test"), lock("stg.is_test"));
    let own = "select id, true as is_test from stg where not is_test";
    let live = follow(
        &[
            QUIET,
            ("shop.spec.yaml", spec),
            ("shop.spec.lock", &other),
            ("orders.sql", "select id from stg where not is_test"),
            ("stg.sql", "select id, is_test from raw.orders"),
        ],
        &[
            ("orders.sql", Some(own)),
            ("shop.spec.lock", None),
            ("shop.spec.lock", Some(&old)),
            ("stg.sql", Some("select id from raw.orders")),
            ("stg.sql", Some("select id, is_test from raw.orders")),
            ("orders.sql", Some("select id from stg where not is_test")),
            (
                "stg.sql",
                Some("select id, not is_test as is_test from raw.orders"),
            ),
        ],
    );
    // What was put in between hands on another value under the name.
    assert!(has(&live, "rebound-name"), "{:?}", live.shown());
}

#[test]
fn what_a_finding_points_to_moves_with_the_text() {
    let spec = "product: shop\ntables:\n  - name: orders\namendments:\n  - id: 1\n    requirement: The total.\n    guarantees:\n      - orders.amount = SUM(lines.price)\n";
    let model = "select id, count(lines.price) as amount from lines group by id\n";
    let moved = format!("\n-- A comment.\n{model}");
    let live = follow(
        &[QUIET, ("shop.spec.yaml", spec), ("orders.sql", model)],
        &[("orders.sql", Some(&moved)), ("orders.sql", Some(model))],
    );
    assert!(has(&live, "not-yet-met"), "{:?}", live.shown());
}

#[test]
fn a_table_upstream_is_named_as_it_is_spelled_now() {
    let spec = "product: shop\ntables:\n  - name: raw.payments\n    columns:\n      - name: euros\n        unit: EUR\n  - name: payments\namendments:\n  - id: 1\n    requirement: Dollars.\n    change: Done.\n    guarantees:\n      - payments.amount is in USD\n";
    let respelled = spec.replace("raw.payments", "RAW.payments");
    let live = follow(
        &[
            QUIET,
            ("shop.spec.yaml", spec),
            ("paid.sql", "select euros as amount from raw.payments"),
            ("payments.sql", "select amount from paid"),
        ],
        &[("shop.spec.yaml", Some(&respelled))],
    );
    let shown = live.shown().join("\n");
    assert!(shown.contains("Now: RAW.payments.euros"), "{shown}");
}

#[test]
fn a_product_is_named_as_it_is_spelled_now() {
    let spec = "product: shop\namendments:\n  - id: 1\n    requirement: Dollars.\n    change: Done.\n    supersedes: [2]\n";
    let respelled = spec.replace("product: shop", "product: SHOP");
    let live = follow(
        &[QUIET, ("shop.spec.yaml", spec)],
        &[("shop.spec.yaml", Some(&respelled))],
    );
    let shown = live.shown().join("\n");
    assert!(
        shown.contains("There is no amendment `2` in `SHOP`"),
        "{shown}"
    );
}

/// The spec has a lock beside it, and describes nothing any more when it goes.
#[test]
fn what_was_agreed_of_a_table_goes_with_the_file() {
    let cases = cases();
    let named =
        |case: &&crate::suite::Case| case.name.ends_with("An inner join has no condition yet");
    let original = files(cases.iter().find(named).unwrap());
    let mut live = Live::new(&original);
    let (file, word) = (4, 71);
    for step in [Step::ChangeCase { file, word }, Step::Delete { file }] {
        live.take(&original, &step, false);
        assert_eq!(live.shown(), Live::new(&live.files).shown(), "{step:?}");
    }
}

#[test]
fn words_of_a_spec_do_not_hide_what_changes_beside_them() {
    let spec = |words: &str| {
        format!(
            "product: shop\ntables:\n  - name: orders\n    description: {words}\namendments:\n  - id: 1\n    requirement: No tests.\n    change: Done.\n    guarantees:\n      - orders excludes rows where id < 3\n"
        )
    };
    let (one, two) = (spec("One."), spec("Two."));
    let (good, bad) = (
        "select id from raw.orders where id >= 3",
        "select id from raw.orders where id >= 2",
    );
    let files = [
        QUIET,
        ("shop.spec.yaml", one.as_str()),
        ("orders.sql", good),
    ];
    let mut live = follow(
        &files,
        &[
            ("shop.spec.yaml", Some(&two)),
            ("shop.spec.yaml", Some(&one)),
        ],
    );
    assert!(!has(&live, "contradicts-amendment"), "{:?}", live.shown());
    let edited = |path: &str, text: &str| Change::Edited {
        path: absolute(path),
        text: text.into(),
    };
    let reached = live.workspace.apply(vec![
        edited("shop.spec.yaml", &two),
        edited("orders.sql", bad),
    ]);
    live.findings.update(&live.workspace.snapshot(), &reached);
    assert!(has(&live, "contradicts-amendment"), "{:?}", live.shown());
}
