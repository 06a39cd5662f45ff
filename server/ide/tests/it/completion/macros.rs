//! In the tags of templates: macros, and what dbt gives.

use super::{item, labels};
use ide::CompletionKind;

const SHOP: &str = "=== dbt_project.yml
name: shop
=== macros/money.sql
{# Cents as units of the currency. #}
{% macro cents(column, digits=2) %}round({{ column }} / 100.0, {{ digits }}){% endmacro %}
{% macro default__cents(column) %}1{% endmacro %}
{% macro today() %}now(){% endmacro %}
=== dbt_packages/util/dbt_project.yml
name: util
=== dbt_packages/util/macros/half.sql
{% macro half(column) %}{{ column }} / 2{% endmacro %}
=== models/a.sql
";

fn typed(text: &str) -> Vec<String> {
    labels(&format!("{SHOP}{text}"))
}

#[test]
fn macros_are_offered_where_something_may_be_called() {
    for tag in [
        "{{ $0 }}",
        "{{ $0",
        "{%- set x = $0 %}",
        "{% if $0 %}",
        "{{ ref('a') if $0 }}",
    ] {
        let found = typed(&format!("select {tag}"));
        let first: Vec<&str> = found.iter().take(4).map(String::as_str).collect();
        assert_eq!(first, ["cents", "today", "util.half", "ref"], "{tag}");
    }
    assert_eq!(
        typed("select {{ ce$0 }}").first().map(String::as_str),
        Some("cents")
    );
    assert_eq!(typed("select {{ util.$0 }}"), ["half"]);
    assert_eq!(typed("select {{ util.ha$0 }}"), ["half"]);
    assert_eq!(typed("select {{ shop.$0 }}"), ["cents", "today"]);
    assert_eq!(
        typed("select {{ cents($0) }}").first().map(String::as_str),
        Some("cents")
    );
}

#[test]
fn where_a_table_is_read_its_call_comes_first_and_what_dbt_calls_is_not_offered() {
    let found = typed("select * from {{ $0 }}");
    assert_eq!(found.iter().take(2).collect::<Vec<_>>(), ["ref", "source"]);
    let own = "=== dbt_project.yml\nname: s\n=== macros/m.sql\n{% macro generate_schema_name(a, b) %}1{% endmacro %}\n=== models/a.sql\nselect {{ gen$0 }}";
    assert_eq!(labels(own), Vec::<String>::new());
}

#[test]
fn a_macro_says_how_it_is_called_and_what_it_does() {
    let cents = item(&format!("{SHOP}select {{{{ ce$0 }}}}"), true, "cents");
    assert_eq!(cents.text, "cents($0)");
    assert_eq!(cents.detail.as_deref(), Some("cents(column, digits=2)"));
    assert_eq!(
        cents.documentation.as_deref(),
        Some("Cents as units of the currency.")
    );
    assert!(cents.is_snippet && cents.kind == CompletionKind::Macro);
    let plain = item(&format!("{SHOP}select {{{{ ce$0 }}}}"), false, "cents");
    assert_eq!(plain.text, "cents(");
    let there = item(&format!("{SHOP}select {{{{ ce$0('a') }}}}"), true, "cents");
    assert_eq!(there.text, "cents");
    let today = item(&format!("{SHOP}select {{{{ $0 }}}}"), true, "today");
    assert_eq!(today.text, "today()");
}

#[test]
fn nothing_is_called_in_texts_behind_values_and_at_the_start_of_statements() {
    for tag in [
        "{{ '$0' }}",
        "{{ x $0 }}",
        "{% $0 %}",
        "{% se$0",
        "{# $0 #}",
        "{{ x }} $0",
    ] {
        assert_eq!(
            typed(&format!("select {tag}")),
            Vec::<String>::new(),
            "{tag}"
        );
    }
}
