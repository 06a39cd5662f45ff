//! What each kind of tag leaves behind.

use super::*;
use crate::facts::ConfigGiven;

fn masked(text: &str) -> String {
    let mask = Mask::of_template(text, &mut Places::default());
    assert_eq!(mask.text.len(), text.len(), "{text}");
    mask.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn tags_leave_what_sql_can_stand() {
    for (template, expected) in [
        ("a {# b #} c", "a c"),
        ("a {{ config(x='y') }} b", "a b"),
        ("from {{ ref('a') }}as b", "from ____________ as b"),
        ("{{ p }}_name", "________name"),
        ("limit {{ '10' }}", "limit 10"),
        ("{% set a = 'x' %}b", "b"),
        ("{% set a %}x{% endset %}b", "b"),
        (
            "{% macro m(a) %}x{{ a }}{% if b %}y{% else %}z{% endif %}{% endmacro %}b",
            "b",
        ),
        ("{% raw %}{{ a }}{% endraw %}", "{{ a }}"),
        ("é{{ 'ü' }}é", "éü é"),
    ] {
        assert_eq!(masked(template), expected, "{template}");
    }
}

#[test]
fn branches_agree() {
    for (template, expected) in [
        ("{% if a %}x{% else %}y{% endif %}", "x"),
        ("{% if not a %}x{% else %}y{% endif %}", "y"),
        ("{% if not a %}x{% elif b %}y{% else %}z{% endif %}", "y"),
        (
            "{% if is_incremental() %}x{% endif %} {% if not is_incremental() %}y{% endif %}",
            "x",
        ),
        ("{% if not a %}x{% if b %}y{% endif %}z{% endif %}", ""),
        (
            "{% for a in b %}x{% if not loop.last %},{% endif %}{% else %}y{% endfor %}",
            "x",
        ),
        ("x{{ ',' if not loop.last }}", "x"),
        ("x{{ 'y' if a else 'z' }}", "xy"),
    ] {
        assert_eq!(masked(template), expected, "{template}");
    }
}

#[test]
fn text_that_is_not_read_is_noted() {
    let text = "{% if not a %}hidden{% endif %}{% macro m() %}defined{% endmacro %}";
    let mask = Mask::of_template(text, &mut Places::default());
    let hidden: Vec<&str> = mask
        .hidden
        .iter()
        .map(|range| slice(text, *range))
        .collect();
    assert_eq!(hidden, ["hidden"]);
}

#[test]
fn a_snapshot_names_its_query() {
    let text = "{% snapshot orders %}select 1{% endsnapshot %} rest";
    let mask = Mask::of_template(text, &mut Places::default());
    let snapshot = mask.snapshots[0];
    assert_eq!(slice(text, snapshot.name), "orders");
    assert_eq!(slice(text, snapshot.body), "{% snapshot orders %}select 1");
}

#[test]
fn references_are_read_with_their_arguments() {
    let text = "{{ ref('a') }} {{ ref('p', \"b\", v=2) }} {{- source(\n 's', 't') -}} {{ ref(x) }} {{ this }} {{ m(ref('c')) }}";
    let mask = Mask::of_template(text, &mut Places::default());
    let rendered: Vec<String> = mask
        .holes
        .iter()
        .map(|hole| match &hole.meaning {
            Meaning::Table(table) => show(table),
            _ => hole
                .tables
                .iter()
                .map(|(table, range)| format!("{} in {}", show(table), slice(text, *range)))
                .collect(),
        })
        .collect();
    assert_eq!(rendered, ["a", "p.b v2", "s/t", "?", "?", "c in ref('c')"]);
}

#[test]
fn what_config_is_given_is_read() {
    let text = "{{ config(materialized='table', enabled=var('x'), alias=\"a\", flag=false, \
                tags=['b', \"c\",], key=('d', e), {'f': 'g'}) }}";
    let mut places = Places::default();
    let mask = Mask::of_template(text, &mut places);
    let rendered: Vec<_> = mask
        .config
        .iter()
        .map(|entry| {
            let key = entry.key.as_deref().unwrap_or("?");
            let given = match &entry.given {
                ConfigGiven::Literal(literal) => literal.to_string(),
                ConfigGiven::List(items) => items.join(" and "),
                ConfigGiven::Computed => "?".to_owned(),
            };
            (key, given, slice(text, places.range(entry.spot)))
        })
        .collect();
    let expected = [
        ("materialized", "table", "materialized='table'"),
        ("enabled", "?", "enabled=var('x')"),
        ("alias", "a", "alias=\"a\""),
        ("flag", "false", "flag=false"),
        ("tags", "b and c", "tags=['b', \"c\",]"),
        ("key", "?", "key=('d', e)"),
        ("?", "?", "{'f': 'g'}"),
    ];
    let expected = expected.map(|(key, given, written)| (key, given.to_owned(), written));
    assert_eq!(rendered, expected);
}

fn show(table: &TableRef) -> String {
    match table {
        TableRef::Named(name) => name.to_string(),
        TableRef::Ref {
            package,
            name,
            version,
        } => format!(
            "{}{name}{}",
            package
                .as_ref()
                .map(|package| format!("{package}."))
                .unwrap_or_default(),
            version
                .as_ref()
                .map(|version| format!(" v{version}"))
                .unwrap_or_default(),
        ),
        TableRef::Source { source, table } => format!("{source}/{table}"),
        TableRef::Unknown => "?".to_owned(),
    }
}
