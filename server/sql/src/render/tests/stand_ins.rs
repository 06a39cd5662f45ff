//! Macros of ours for packages that are absent.

use super::super::stand_ins as files;
use super::*;

fn on(adapter: &str) -> RenderContext {
    let mut context = context("");
    let project = Project {
        adapter: adapter.into(),
        ..Project::clone(&context.project)
    };
    context.project = Arc::new(project);
    context
}

#[test]
fn all_of_them_compile() {
    let context = context("");
    for (package, name) in files::names() {
        let template = context.macros.stand_in(package, name).expect(name);
        let environment = context.macros.environment();
        let compiled = environment.template_from_named_str("stand-in", &template.body);
        assert!(compiled.is_ok(), "{package}.{name}: {:?}", compiled.err());
    }
}

#[test]
fn types_are_the_databases() {
    for (adapter, expected) in [
        ("snowflake", "varchar timestamp_ntz int numeric(28,6)"),
        ("bigquery", "string timestamp int64 numeric"),
        (
            "postgres",
            "text timestamp without time zone int numeric(28,6)",
        ),
        ("trino", "varchar timestamp integer decimal(28,6)"),
    ] {
        let text = "{{ dbt.type_string() }} {{ type_timestamp() }} {{ dbt.type_int() }} {{ dbt.type_numeric() }}";
        check(&on(adapter), text, expected);
    }
}

#[test]
fn dates() {
    let text = "{{ dbt.dateadd('day', 1, 'a') }} / {{ dbt.datediff('a', 'b', 'day') }} / {{ dbt.date_trunc('day', 'a') }}";
    for (adapter, expected) in [
        (
            "snowflake",
            "dateadd(day, 1, a) / datediff(day, a, b) / date_trunc('day', a)",
        ),
        (
            "bigquery",
            "datetime_add(cast(a as datetime), interval 1 day) / datetime_diff(cast(b as datetime), cast(a as datetime), day) / timestamp_trunc(cast(a as timestamp), day)",
        ),
        (
            "duckdb",
            "date_add(a, interval (1) day) / date_diff('day', a, b) / date_trunc('day', a)",
        ),
    ] {
        check(&on(adapter), text, expected);
    }
}

#[test]
fn keys_and_texts() {
    let context = context("");
    check(
        &context,
        "{{ dbt.concat(['a', \"'-'\", 'b']) }}",
        "a || '-' || b",
    );
    check(
        &context,
        "{{ dbt_utils.generate_surrogate_key(['a', 'b']) }}",
        "md5(cast(coalesce(cast(a as varchar), '_dbt_utils_surrogate_key_null_') || '-' || coalesce(cast(b as varchar), '_dbt_utils_surrogate_key_null_') as varchar))",
    );
    check(&context, "{{ dbt_utils.slugify('1 A-b!') }}", "_1_a_b");
    check(&context, "{{ dbt_utils.group_by(3) }}", "group by 1,2,3");
    check(
        &context,
        "{{ dbt_utils.safe_divide('a', 'b') }}",
        "( a ) / nullif( ( b ), 0)",
    );
    check(
        &context,
        "{{ dbt_utils.pivot('c', ['x', 'y']) }}",
        "sum(case when c = 'x' then 1 else 0 end) as \"x\", sum(case when c = 'y' then 1 else 0 end) as \"y\"",
    );
}

#[test]
fn what_hangs_on_columns_is_a_hole_and_its_tables_are_told() {
    let context = context("");
    check(&context, "{{ dbt_utils.star(ref('a')) }}", "<ref a>.*");
    check(
        &context,
        "{{ dbt_utils.star(ref('a'), relation_alias='x', except=['b']) }}",
        "x.* exclude (b)",
    );
    check(
        &context,
        "{{ dbt_utils.star(ref('a'), prefix='x_') }}",
        "<? dbt_utils.star()>",
    );
    check(
        &context,
        "{{ dbt_utils.get_filtered_columns_in_relation(ref('a')) | join(', ') }}",
        "",
    );
    check(
        &context,
        "{% for v in dbt_utils.get_column_values(ref('a'), 'c') %}v{% endfor %}x",
        "x",
    );
}

#[test]
fn a_union_of_relations_pairs_their_columns_by_name() {
    let mut context = context("");
    let call = "{{ dbt_utils.union_relations([ref('a'), ref('b')], exclude=['c']) }}";
    check(
        &context,
        call,
        "( select cast('<ref a>' as varchar) as _dbt_source_relation, * exclude (c) from <ref a> ) \
         union all by name \
         ( select cast('<ref b>' as varchar) as _dbt_source_relation, * exclude (c) from <ref b> )",
    );
    for adapter in [
        "snowflake",
        "duckdb",
        "redshift",
        "bigquery",
        "databricks",
        "trino",
        "default",
    ] {
        Arc::make_mut(&mut context.project).adapter = adapter.into();
        let dialect = adapter.parse().unwrap_or(crate::Dialect::Generic);
        assert_eq!(
            render(call, &context).unwrap().problems(dialect),
            [],
            "{adapter}"
        );
    }
    Arc::make_mut(&mut context.project).adapter = "postgres".into();
    let hole = render(call, &context).unwrap();
    assert!(shown(&hole).contains("<? dbt_utils.union_relations()>"));
    let plain = render(
        "{{ dbt_utils.union_relations([ref('a')], source_column_name=none) }}",
        &context,
    );
    assert_eq!(
        shown(&plain.unwrap())
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        "( select * from <ref a> )"
    );
}

#[test]
fn fivetran_columns_are_taken_to_be_there() {
    let context = context("");
    check(
        &context,
        "{{ fivetran_utils.fill_staging_columns(source_columns=adapter.get_columns_in_relation(ref('t')), staging_columns=[{'name': 'a', 'datatype': 'int'}, {'name': 'b', 'alias': 'c'}]) }} {{ fivetran_utils.source_relation() }}",
        "a as a, b as c , cast('' as varchar) as source_relation",
    );
    check(
        &context,
        "{{ fivetran_utils.union_data('t', 'd', 's', 'x', 'raw', 'orders') }}",
        "select * from <source raw orders>",
    );
    check(
        &context,
        "{{ fivetran_utils.enabled_vars(['days', 'other']) }}",
        "True",
    );
}

#[test]
fn a_package_that_is_there_goes_before() {
    let context = context("-- in dbt_utils\n{% macro group_by(n) %}own {{ n }}{% endmacro %}");
    check(&context, "{{ dbt_utils.group_by(2) }}", "own 2");
    let mine = super::context("{% macro snowflake__type_string() %}mine{% endmacro %}");
    check(&mine, "{{ dbt.type_string() }}", "mine");
}
