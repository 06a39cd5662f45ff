//! In properties files of dbt.

use super::{item, labels};

const SHOP: &str = "=== dbt_project.yml
name: shop
=== models/orders.sql
select id as order_id, cast(total as integer) as amount from {{ source('raw', 'orders') }}
=== models/spare.sql
select 1 as x
=== models/other.yml
models:
  - name: spare
sources:
  - name: raw
    tables:
      - name: orders
=== models/shop.yml
";

fn typed(text: &str) -> Vec<String> {
    labels(&format!("{SHOP}{text}"))
}

#[test]
fn names_are_those_that_are_not_described_yet() {
    assert_eq!(typed("models:\n  - name: $0"), ["orders"]);
    let columns = "models:\n  - name: orders\n    columns:\n      - name: order_id\n      - name: ";
    assert_eq!(typed(&format!("{columns}$0")), ["amount"]);
    assert_eq!(typed(&format!("{columns}zz$0")), Vec::<String>::new());
    let amount = item(&format!("{SHOP}{columns}am$0"), false, "amount");
    assert!(amount.about.is_some());
    // Of a source no SQL here tells the columns.
    let source = "sources:\n  - name: raw\n    tables:\n      - name: orders\n        columns:\n          - name: $0";
    assert_eq!(typed(source), Vec::<String>::new());
}

#[test]
fn below_meta_stands_what_is_read_there() {
    let column = "models:\n  - name: orders\n    columns:\n      - name: amount\n        config:\n          meta:\n            rationale:\n              ";
    assert_eq!(
        typed(&format!("{column}$0")),
        ["unit", "classification", "why", "deprecated"]
    );
    assert_eq!(
        typed(&format!("{column}why: x\n              $0")),
        ["unit", "classification", "deprecated"]
    );
    let why = item(&format!("{SHOP}{column}w$0"), false, "why");
    assert_eq!(why.text, "why: ");
    let known = format!(
        "{column}unit: EUR\n      - name: tax\n        meta:\n          rationale:\n            unit: $0"
    );
    assert_eq!(typed(&known), ["EUR"]);
}

#[test]
fn keys_are_those_of_their_mapping() {
    assert_eq!(typed("mod$0").first().map(String::as_str), Some("models"));
    assert_eq!(typed("models:\n  $0"), ["- name"]);
    let model = "models:\n  - name: orders\n    ";
    assert_eq!(typed(&format!("{model}desc$0")), ["description"]);
    assert_eq!(
        typed(&format!("{model}description: x\n    desc$0")),
        Vec::<String>::new()
    );
    let column = format!("{model}columns:\n      - name: amount\n        ");
    assert_eq!(
        typed(&format!("{column}data_$0")),
        ["data_type", "data_tests"]
    );
    assert_eq!(typed(&format!("{column}latest$0")), Vec::<String>::new());
    // Settings are those of what they are of.
    assert_eq!(
        typed(&format!("{model}config:\n      mater$0")),
        ["materialized"]
    );
    assert_eq!(
        typed(&format!("{column}config:\n          mater$0")),
        Vec::<String>::new()
    );
    assert_eq!(
        typed("snapshots:\n  - name: x\n    config:\n      strat$0"),
        ["strategy"]
    );
    assert_eq!(
        typed("sources:\n  - name: raw\n    tables:\n      - name: orders\n        fresh$0"),
        ["freshness"]
    );
    assert_eq!(
        typed("macros:\n  - name: x\n    arguments:\n      - name: y\n        $0"),
        ["description", "type"]
    );
    assert_eq!(typed("exposures:\n  - name: x\n    own$0"), ["owner"]);
    let semantic = "semantic_models:\n  - name: x\n    model: ref('orders')\n    dimensions:\n      - name: y\n        ";
    assert_eq!(typed(&format!("{semantic}ex$0")), ["expr"]);
    assert_eq!(
        typed(&format!("{semantic}type: $0")),
        ["categorical", "time"]
    );
    assert_eq!(typed(&format!("{semantic}expr: am$0")), ["amount"]);
    // An item between braces.
    assert_eq!(
        typed("models:\n  - name: orders\n    columns:\n      - {name: amount, quo$0}"),
        ["quote"]
    );
    let why = item(&format!("{SHOP}{model}desc$0"), false, "description");
    assert_eq!(why.text, "description: ");
    assert!(why.documentation.is_some());
}

#[test]
fn below_an_item_its_own_keys_are_offered_too_with_the_blanks_that_they_need() {
    let model = "models:\n  - name: orders\n    columns:\n      - name: amount\n      ";
    let found = typed(&format!("{model}$0"));
    assert_eq!(
        found.iter().take(2).collect::<Vec<_>>(),
        ["- name", "description"]
    );
    assert_eq!(typed(&format!("{model}data_ty$0")), ["data_type"]);
    let key = item(&format!("{SHOP}{model}data_te$0\n"), true, "data_tests");
    assert_eq!(key.text, "  data_tests:\n          - $0");
    // There is no item yet.
    assert_eq!(typed("models:\n  $0"), ["- name"]);
}

#[test]
fn tests_are_offered_by_name_and_then_what_they_are_given() {
    let tests = "models:\n  - name: orders\n    columns:\n      - name: amount\n        data_tests:\n          ";
    let all = ["unique", "not_null", "accepted_values", "relationships"];
    assert_eq!(typed(&format!("{tests}- $0")), all);
    assert_eq!(
        typed(&format!("{tests}$0")),
        all.map(|it| format!("- {it}"))
    );
    let bare = item(&format!("{SHOP}{tests}- uni$0"), true, "unique");
    assert_eq!(bare.text, "unique");
    let given = item(&format!("{SHOP}{tests}- rel$0"), true, "relationships");
    assert_eq!(given.text, "relationships:\n              $0");
    let related = format!("{tests}- relationships:\n              ");
    assert_eq!(
        typed(&format!("{related}$0")),
        [
            "name",
            "description",
            "config",
            "arguments",
            "to",
            "field",
            "where"
        ]
    );
    assert_eq!(
        typed(&format!(
            "{related}to: ref('spare')\n              field: $0"
        )),
        ["x"]
    );
    assert_eq!(
        typed(&format!(
            "{related}arguments:\n                to: ref('spare')\n                field: $0"
        )),
        ["x"]
    );
    assert_eq!(
        typed(&format!(
            "{tests}- not_null:\n              config:\n                sever$0"
        )),
        ["severity"]
    );
    assert_eq!(
        typed(&format!(
            "{tests}- not_null:\n              config:\n                severity: $0"
        )),
        ["error", "warn"]
    );
    // What stands beside the name of a test is no other one.
    assert_eq!(
        typed(&format!("{tests}- unique:\n            $0")),
        Vec::<String>::new()
    );
}

#[test]
fn values_are_those_that_can_be_known() {
    let model = "models:\n  - name: orders\n    ";
    assert_eq!(
        typed(&format!("{model}config:\n      materialized: $0")),
        [
            "view",
            "table",
            "incremental",
            "ephemeral",
            "materialized_view"
        ]
    );
    assert_eq!(
        typed(&format!("{model}config:\n      enabled: $0")),
        ["true", "false"]
    );
    assert_eq!(
        typed(&format!("{model}config:\n      unique_key: $0")),
        ["order_id", "amount"]
    );
    assert_eq!(
        typed(&format!(
            "{model}config:\n      cluster_by: [order_id, am$0]"
        )),
        ["amount"]
    );
    assert_eq!(
        typed(&format!(
            "{model}config:\n      cluster_by:\n        - am$0"
        )),
        ["amount"]
    );
    assert_eq!(
        typed(&format!(
            "{model}config:\n      partition_by:\n        field: am$0"
        )),
        ["amount"]
    );
    let constraint =
        format!("{model}columns:\n      - name: amount\n        constraints:\n          - type: ");
    assert_eq!(
        typed(&format!("{constraint}$0")),
        [
            "not_null",
            "unique",
            "primary_key",
            "foreign_key",
            "check",
            "custom"
        ]
    );
    assert_eq!(
        typed("exposures:\n  - name: x\n    depends_on:\n      - spa$0"),
        ["ref('spare')"]
    );
    assert_eq!(
        typed("exposures:\n  - name: x\n    depends_on:\n      - ref('sp$0')"),
        ["spare"]
    );
    assert_eq!(
        typed("exposures:\n  - name: x\n    depends_on:\n      - source('raw', '$0')"),
        ["orders"]
    );
}

#[test]
fn names_of_macros_and_of_what_they_take() {
    let text = "=== macros/cents.sql
{% macro cents(amount, digits=2) %}{{ amount }}{% endmacro %}
{% macro known() %}1{% endmacro %}
=== macros/known.yml
macros:
  - name: known
=== macros/shop.yml
macros:
  - name: ";
    let typed = |more: &str| labels(&format!("=== dbt_project.yml\nname: shop\n{text}{more}"));
    assert_eq!(typed("$0"), ["cents"]);
    assert_eq!(
        typed("cents\n    arguments:\n      - name: $0"),
        ["amount", "digits"]
    );
}

#[test]
fn sources_are_those_that_sql_reads() {
    let text = "=== dbt_project.yml
name: shop
=== models/orders.sql
select id from {{ source('raw', 'orders') }} join {{ source('raw', 'lines') }} using (id)
=== models/shop.yml
sources:
  - name: ";
    assert_eq!(labels(&format!("{text}$0")), ["raw"]);
    assert_eq!(
        labels(&format!(
            "{text}raw\n    tables:\n      - name: orders\n      - name: $0"
        )),
        ["lines"]
    );
}

#[test]
fn nothing_is_offered_in_prose_and_comments() {
    for text in [
        "models:\n  - name: orders\n    description: or$0",
        "models:\n  - name: orders # or$0",
        "# mod$0",
        "nothing:\n  - $0",
        "analyses:\n  - name: x\n    $0",
        "models:\n  - name: orders\n    config:\n      meta:\n        owner: $0",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}
