//! In `config(…)` of a template: keys, and values that can be known.

use super::{item, labels};

const SHOP: &str = "=== dbt_project.yml
name: shop
=== models/a.sql
";

fn typed(text: &str) -> Vec<String> {
    labels(&format!("{SHOP}{text}"))
}

#[test]
fn keys_are_those_of_a_model_that_are_not_set_yet() {
    assert_eq!(
        typed("{{ config(mater$0) }} select 1 as x"),
        ["materialized"]
    );
    assert_eq!(
        typed("{{ config(materialized='view', $0) }} select 1 as x")
            .first()
            .map(String::as_str),
        Some("incremental_strategy")
    );
    assert_eq!(
        typed("{{ config(strat$0) }} select 1 as x"),
        ["incremental_strategy"]
    );
    let key = item(
        &format!("{SHOP}{{{{ config(\n    uni$0\n) }}}} select 1 as x"),
        true,
        "unique_key",
    );
    assert_eq!(key.text, "unique_key='$0'");
    assert!(key.is_snippet && key.documentation.is_some());
    let plain = item(
        &format!("{SHOP}{{{{ config(uni$0) }}}} select 1 as x"),
        false,
        "unique_key",
    );
    assert_eq!(plain.text, "unique_key=");
    let given = item(
        &format!("{SHOP}{{{{ config(uni$0='x') }}}} select 1 as x"),
        true,
        "unique_key",
    );
    assert_eq!(given.text, "unique_key");
}

#[test]
fn values_are_words_and_columns_of_the_model() {
    let on_change = "{{ config(on_schema_change=$0) }} select 1 as x";
    assert_eq!(
        typed(on_change),
        ["ignore", "fail", "append_new_columns", "sync_all_columns"]
    );
    assert_eq!(
        item(&format!("{SHOP}{on_change}"), true, "fail").text,
        "'fail'"
    );
    assert_eq!(
        typed("{{ config(materialized='inc$0') }} select 1 as x"),
        ["incremental"]
    );
    assert_eq!(
        typed("{{ config(unique_key=['x', '$0']) }} select 1 as x, 2 as y"),
        ["x", "y"]
    );
    assert_eq!(
        typed("{{ config(enabled=$0) }} select 1 as x"),
        ["true", "false"]
    );
    for text in [
        "{{ config('$0') }} select 1 as x",
        "{{ config(alias='$0') }} select 1 as x",
        "{{ my_config($0",
    ] {
        assert!(!typed(text).contains(&"materialized".to_owned()), "{text}");
    }
}
