//! What only templates can get wrong.

use super::random::Random;

/// Tags, whole and broken.
const TAGS: &[&str] = &[
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{{ x }}",
    "{{ ref('orders') }}",
    "{{ ref(",
    "{{ ref(ref('a')) }}",
    "{{ source('raw', 'orders') }}",
    "{{ source('raw' }}",
    "{{ this }}",
    "{{ this.schema }}",
    "{{ config(materialized='table') }}",
    "{{ var('days', 3) }}",
    "{{ var(var('a')) }}",
    "{{ env_var('HOME') }}",
    "{{ '{{' }}",
    "{{ \"}}\" }}",
    "{{ 'a }}",
    "{{ x | upper | join(',') }}",
    "{{ x.y.z() }}",
    "{{ [1, 2][5] }}",
    "{{ {'a': 1}['b'] }}",
    "{{ 1 / 0 }}",
    "{{ 2 ** 1000 }}",
    "{{ 9223372036854775807 + 1 }}",
    "{{ -9223372036854775807 - 2 }}",
    "{{ 'a' * 1000000000 }}",
    "{{ [0] * 100000000 }}",
    "{{ range(1000000000) | list | length }}",
    "{{ range(10, 0, 0) }}",
    "{{ dbt_utils.star(ref('orders')) }}",
    "{{ dbt_utils.surrogate_key(['id', 'x']) }}",
    "{{ dbt_utils.date_spine(datepart='day', start_date=\"'2020-01-01'\", end_date=\"'2020-02-01'\") }}",
    "{{ dbt_utils.pivot('status', ['a', 'b']) }}",
    "{{ dbt_utils.union_relations([ref('a'), ref('b')]) }}",
    "{{ dbt.date_trunc('month', 'd') }}",
    "{{ dbt_utils.generate_series(100000000) }}",
    "{{ dbt_utils.generate_series(5) }}",
    "{{ dbt.datediff('a', 'b', 'day') }}",
    "{{ deep(1) }}",
    "{{ twice('id') }}",
    "{{ grow('x') }}",
    "{{ columns_of('orders') }}",
    "{{ caller() }}",
    "{{ loop.index }}",
    "{{ adapter.dispatch('twice')('id') }}",
    "{{ adapter.get_columns_in_relation(ref('orders')) }}",
    "{{ return(1) }}",
    "{{ exceptions.raise_compiler_error('x') }}",
    "{{ run_query('select 1').columns[0].values() }}",
    "{{ context['x'] }}",
    "{{ builtins.ref('orders') }}",
    "{{ modules.datetime.datetime.now() }}",
    "{{ fromjson('[[[[') }}",
    "{{ tojson(ref) }}",
    "{% if x %}",
    "{% if is_incremental() %}",
    "{% elif %}",
    "{% else %}",
    "{% endif %}",
    "{% for a in b %}",
    "{% for a in [1, 2, 3] %}",
    "{% for a in range(100000) %}",
    "{% endfor %}",
    "{% set x = 1 %}",
    "{% set x %}",
    "{% endset %}",
    "{% set x = [] %}{% do x.append(x) %}{{ x }}",
    "{% do x.append(1) %}",
    "{% macro m(a) %}",
    "{% endmacro %}",
    "{% raw %}",
    "{% endraw %}",
    "{% call m() %}",
    "{% endcall %}",
    "{% set ns = namespace(a=[]) %}",
    "{% filter upper %}",
    "{% endfilter %}",
    "{% macro again(n) %}{{ again(n) }}{{ again(n) }}{% endmacro %}{{ again(1) }}",
    "{%- set x = 'select 1' -%}",
    "{{ x ~ x ~ x }}",
    "{{- 'a' -}}",
    "{% set x = 'a' %}{% for i in range(40) %}{% set x = x ~ x %}{% endfor %}",
    "{% set ns = namespace(x='a') %}{% for i in range(40) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
    "{% snapshot s %}",
    "{% endsnapshot %}",
    "{% materialization m %}",
    "{% test t(model) %}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% break %}",
    "{% ünder %}",
    "{{ é }}",
];

/// What stands round a part of the text: `{}`.
const AROUND: &[&str] = &[
    "{% if x %}{}{% endif %}",
    "{% if x %}{}{% else %}{}{% endif %}",
    "{% if is_incremental() %}{}{% endif %}",
    "{% for a in [1, 2] %}{}{% endfor %}",
    "{% for a in range(1000) %}{}{% endfor %}",
    "{% for a in x %}{}{% if not loop.last %},{% endif %}{% endfor %}",
    "{% for a in range(100) %}{% for b in range(100) %}{% for c in range(100) %}{}{% endfor %}{% endfor %}{% endfor %}",
    "{% set x %}{}{% endset %}{{ x }}",
    "{% set x %}{}{% endset %}{{ x }}{{ x }}",
    "{% macro m(a) %}{}{{ a }}{% endmacro %}{{ m(1) }}",
    "{% raw %}{}{% endraw %}",
    "{# {} #}",
    "{{ '{}' }}",
    "{{ {} }}",
    "{% macro r(n) %}{}{{ r(n - 1) if n > 0 }}{% endmacro %}{{ r(300) }}",
    "{% call twice('a') %}{}{% endcall %}",
    "{%- {} -%}",
    "{{ \"{}\" | replace('a', 'aa') }}",
];

/// Changes the text by a tag at `place`.
pub(crate) fn change(all: &mut Vec<String>, place: usize, random: &mut Random) {
    match random.below(4) {
        0 | 1 => all.insert(place, random.of_these(TAGS).to_owned()),
        2 => {
            let end = (place + 1 + random.below(20)).min(all.len());
            let part = all[place..end].concat();
            let times = if random.one_in(6) {
                1 + random.below(130)
            } else {
                1
            };
            let (before, after) = parts(random.of_these(AROUND));
            let nested = match times {
                1 => random.of_these(AROUND).replace("{}", &part),
                _ => format!("{}{part}{}", before.repeat(times), after.repeat(times)),
            };
            all.splice(place..end, [nested]);
        }
        _ => cut_tag(all, random),
    }
}

fn parts(around: &str) -> (&str, &str) {
    let (before, after) = around.split_once("{}").unwrap();
    (before, after.rsplit("{}").next().unwrap())
}

/// Takes a token out of a tag, or one of its ends.
fn cut_tag(all: &mut Vec<String>, random: &mut Random) {
    let opens: Vec<usize> = (0..all.len())
        .filter(|place| matches!(all[*place].as_str(), "{{" | "{%" | "}}" | "%}"))
        .collect();
    if let Some(open) = opens.get(random.below(opens.len())) {
        let place = (open + random.below(4)).min(all.len() - 1);
        all.remove(place);
    }
}

/// Macros that a project might have, and some that it should not.
const MACROS: &[&str] = &[
    "{% macro twice(a) %}({{ a }} + {{ a }}){% endmacro %}",
    "{% macro twice(a, b=none) %}{{ return(a ~ '*2') }}{% endmacro %}",
    "{% macro deep(n) %}{% if n < 500 %}({{ deep(n + 1) }}){% else %}1{% endif %}{% endmacro %}",
    "{% macro deep(n) %}{{ deep(n) }}{{ deep(n) }}{% endmacro %}",
    "{% macro deep(n) %}{{ grow(n) }}{% endmacro %}",
    "{% macro grow(x) %}{% set ns = namespace(x=x) %}{% for i in range(64) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}{% endmacro %}",
    "{% macro grow(x) %}{% for i in range(1000000000) %}{{ x }}{% endfor %}{% endmacro %}",
    "{% macro grow(x) %}{{ deep(x) }}{% endmacro %}",
    "{% macro columns_of(t) %}{% for c in ['id', 'status'] %}{{ c }}{{ ',' if not loop.last }}{% endfor %}{% endmacro %}",
    "{% macro columns_of(t) %}{{ t.a.b.c }}{% endmacro %}",
    "{% macro cents_to_dollars(c) %}({{ c }} / 100){% endmacro %}",
    "{% macro star(from) %}*{% endmacro %}",
    "{% macro ref(x) %}{{ builtins.ref(x) }}{% endmacro %}",
    "{% macro x() %}{% set a = [] %}{% do a.append(a) %}{{ a }}{% endmacro %}",
    "{% macro broken(a %}x{% endmacro %}",
    "{% macro ends_late() %}{% if a %}{% endmacro %}",
];

/// Some of the macros.
pub(crate) fn macros(random: &mut Random) -> Vec<&'static str> {
    let all = MACROS.iter().copied();
    all.filter(|_| !random.one_in(3)).collect()
}
