//! What dbt gives to templates.

use super::*;

#[test]
fn tables_are_named_and_the_same_one_has_one_name() {
    let context = context("");
    check(
        &context,
        "{{ ref('a') }} {{ ref('p', 'b', v=2) }}",
        "<ref a> <ref b>",
    );
    check(
        &context,
        "{{ source('s', 't') }} {{ this }}",
        "<source s t> <this>",
    );
    check(&context, "{{ builtins.ref('a') }}", "<ref a>");
    check(
        &context,
        "{{ ref('a').identifier }} {{ this.name }}",
        "a daily",
    );
    check(&context, "{{ ref(nobody) }}", "<table>");
    check(
        &context,
        "{{ ref('a') == ref('a') }} {{ ref('a') == ref('b') }}",
        "True False",
    );
    let twice = rendered("{{ ref('a') }} {{ ref('A') }}");
    let names: Vec<&str> = twice.text.split(' ').collect();
    assert_eq!(names[0], names[1]);
}

#[test]
fn a_relation_of_a_sources_schema_is_its_table() {
    check(
        &context(""),
        "{% set s = source('raw', 't') %}{% set r = adapter.get_relation(database=s.database, schema=s.schema, identifier='t') %}{{ r if r is not none }}",
        "<source raw t>",
    );
    check(
        &context(""),
        "{{ api.Relation.create(schema='a', identifier='b') }}",
        "a.b",
    );
}

#[test]
fn variables_have_their_value_and_templates_in_them_run() {
    let context = context("");
    check(&context, "{{ var('days') + 1 }}", "4");
    check(&context, "{{ var('orders') }}", "<source raw orders>");
    check(&context, "{{ var('names') | join('-') }}", "a-b");
    check(
        &context,
        "{{ var('none', 'x') }} {{ var('other') }}",
        "x <? var('other')>",
    );
    check(
        &context,
        "{{ env_var('A', 'b') }} {{ env_var('A') }}",
        "b <? env_var('A')>",
    );
    check(
        &context,
        "{{ var.has_var('days') }} {{ var.has_var('x') }}",
        "True False",
    );
}

#[test]
fn configuration_prints_nothing_and_is_remembered() {
    let context = context("");
    check(
        &context,
        "{{ config(tags=['a']) }}{{ config.get('tags')[0] }}",
        "a",
    );
    check(
        &context,
        "{{ config.get('x', 'y') }}{{ config.get('x', default='z') }}",
        "yz",
    );
    check(
        &context,
        "{{ model.name }} {{ target.type }} {{ project_name }}",
        "daily snowflake shop",
    );
}

#[test]
fn configuration_from_elsewhere_stands_below_the_models_own_or_above() {
    let mut context = context("");
    let text = |text: &str| VarValue::Text(text.into());
    context.configured = Arc::new(Configured {
        below: BTreeMap::from([
            ("schema".into(), text("raw")),
            ("grain".into(), text("{{ var('days') * 2 }}")),
            ("tags".into(), VarValue::List(vec![text("a")])),
        ]),
        above: BTreeMap::from([("owner".into(), text("us"))]),
    });
    check(&context, "{{ config.get('schema', 'x') }}", "raw");
    check(&context, "{{ config.get('grain') + 1 }}", "7");
    check(&context, "{{ config.tags[0] }}{{ config.schema }}", "araw");
    check(
        &context,
        "{{ config(schema='own', owner='me') }}{{ config.get('schema') }} {{ config.get('owner') }}",
        "own us",
    );
    check(&context, "{{ config.get('other', 'x') }}", "x");
}

#[test]
fn both_incremental_branches_are_had() {
    let text = "{% if is_incremental() %}new{% else %}all{% endif %}";
    let mut context = context("");
    let full = render(text, &context).unwrap();
    assert_eq!((full.text.as_str(), full.asked_incremental), ("all", true));
    context.is_incremental = true;
    assert_eq!(render(text, &context).unwrap().text, "new");
    assert!(!render("select 1", &context).unwrap().asked_incremental);
}

#[test]
fn no_database_is_asked() {
    let context = context("");
    check(&context, "{% if execute %}yes{% else %}no{% endif %}", "no");
    check(
        &context,
        "{% call statement('s', fetch_result=true) %}select 1{% endcall %}x",
        "x",
    );
    check(
        &context,
        "{% for c in adapter.get_columns_in_relation(ref('a')) %}c{% endfor %}x",
        "x",
    );
    check(
        &context,
        "{{ log('a', info=true) }}{{ print('b') }}{{ exceptions.warn('c') }}x",
        "x",
    );
    check(
        &context,
        "{{ run_query('select 1').columns[0].values()[0] }}x",
        "x",
    );
    check(&context, "{{ adapter.quote('a') }}", "\"a\"");
    check(
        &context,
        "{{ api.Column.translate_type('string') }} {{ api.Column.translate_type('date') }}",
        "TEXT date",
    );
    assert!(rendered("{% for r in run_query('q') %}{% endfor %}").guessed);
    assert!(rendered("{% if env_var('A') %}{% endif %}").guessed);
    assert!(!rendered("{% if var('days') > 1 %}{{ what() }}{% endif %}").guessed);
}

#[test]
fn what_nobody_knows_is_a_hole() {
    let context = context("");
    check(&context, "select {{ what(1) }}", "select <? what()>");
    check(&context, "{{ pkg.what(ref('a')) }}", "<? pkg.what()>");
    check(&context, "{{ what }}", "<? what>");
    check(
        &context,
        "{{ ref }} {{ adapter }}",
        "<? a function> <? adapter>",
    );
    check(
        &context,
        "{{ what().a[0].b('x') }}_c",
        "<? what().a.0.b()>_c",
    );
    check(
        &context,
        "{{ what is defined }}{{ what | default('d') }}",
        "Falsed",
    );
    check(&context, "{% if what %}a{% else %}b{% endif %}", "b");
    check(
        &context,
        "{{ modules.datetime.datetime.now() }} {{ run_started_at.strftime('%Y') }}",
        "<? modules.datetime.datetime.now()> <? run_started_at.strftime()>",
    );
}

#[test]
fn everything_looked_up_is_told_once() {
    let rendered = rendered(
        "{{ config(a=1) }}{{ var('v', 1) }}{{ m() }}{{ ref('a') }}{{ ref('a') }}{{ env_var('E') }}{{ config.get('c') }}",
    );
    let told: Vec<String> = rendered
        .looked_up
        .iter()
        .map(|lookup| match lookup {
            Lookup::Table(_) => "table".to_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    let expected = [
        "Macro(\"m\")",
        "Var(\"v\")",
        "Environment(\"E\")",
        "Config(\"c\")",
        "table",
    ];
    assert_eq!(told, expected);
}

#[test]
fn blocks_of_dbts_own() {
    let context = context("");
    check(&context, "{% docs x %}{{ broken\n{% enddocs %}a", "a");
    check(&context, "{% test t(model) %}{{ no }}{% endtest %}a", "a");
    check(
        &context,
        "{% snapshot s %}{{ ref('a') }}{% endsnapshot %}",
        "<ref a>",
    );
    check(
        &context,
        "{% materialization m, default %}x{% endmaterialization %}a",
        "a",
    );
}
