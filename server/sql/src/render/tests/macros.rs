//! Macros: how they are found, called and left.

use super::*;

#[test]
fn macros_are_found_in_a_file() {
    let text = "-- top\n{% macro a(x) %}1{% endmacro %}\n{% test t(m) %}{% macro no() %}{% endmacro %}{% endtest %}{%- macro\n  b() -%}{{ a(1) }}{%- endmacro -%}{% macro open() %}";
    let found: Vec<_> = macros_in(text)
        .iter()
        .map(|found| {
            assert_eq!(slice(text, found.name_range), found.name.as_str());
            slice(text, found.range).to_owned()
        })
        .collect();
    assert_eq!(
        found,
        [
            "{% macro a(x) %}1{% endmacro %}",
            "{%- macro\n  b() -%}{{ a(1) }}{%- endmacro -%}"
        ]
    );
}

#[test]
fn the_comment_right_above_a_macro_is_its_own() {
    let text = "{# a #}\n{% macro a(x, y=1) -%}{# no #}{% endmacro %}
{# far #}

{% macro b() %}{% endmacro %}
{#- c -#} {% macro c() %}{% endmacro %}{% macro d() %}{% endmacro %}";
    let found = macros_in(text).into_iter().map(|found| {
        let comment = found.comment.map(|range| slice(text, range));
        (slice(text, found.signature), comment)
    });
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            ("a(x, y=1)", Some("a")),
            ("b()", None),
            ("c()", Some("c")),
            ("d()", None)
        ]
    );
}

#[test]
fn arguments_are_bound_as_python_does() {
    let context = context(
        "{% macro m(a, b=var('days'), c=[]) %}{{ a }}{{ b }}{{ c }}{{ varargs }}{{ kwargs }}{% endmacro %}",
    );
    check(&context, "{{ m(1) }}", "13[][]{}");
    check(&context, "{{ m(c=[2], a=1) }}", "13[2][]{}");
    check(&context, "{{ m(1, 2, 3, 4, d=5) }}", "123[4]{'d': 5}");
    check(&context, "{{ m(1, none) }}", "1None[][]{}");
}

#[test]
fn macros_return_values_of_any_kind() {
    let context = context(
        "{% macro list() %}text{{ return(['a', {'b': 1}]) }}{% endmacro %}
         {% macro outer() %}{% for x in [1, 2] %}{% do return(list()) %}{% endfor %}{% endmacro %}",
    );
    check(
        &context,
        "{{ outer()[1].b }}{% for x in list() %}{{ x }},{% endfor %}",
        "1a,{'b': 1},",
    );
}

#[test]
fn the_block_of_a_call_is_had_by_caller() {
    let context = context("{% macro wrap(x) %}<{{ caller() }}{{ x }}>{% endmacro %}");
    check(
        &context,
        "{% set y = 2 %}{% call wrap(1) %}a{{ y }}{% endcall %}",
        "<a21>",
    );
}

#[test]
fn dispatch_takes_the_adapters_own_first() {
    let context = context(
        "{% macro f() %}{{ return(adapter.dispatch('f', 'other')()) }}{% endmacro %}
         {% macro default__g() %}own{% endmacro %}
-- in other
{% macro default__f() %}default{% endmacro %}{% macro snowflake__f() %}snow{% endmacro %}
{% macro redshift__f() %}red{% endmacro %}{% macro default__g() %}other{% endmacro %}",
    );
    check(&context, "{{ f() }}", "snow");
    check(
        &context,
        "{{ adapter.dispatch('g', macro_namespace='other')() }}",
        "own",
    );
    check(
        &context,
        "{{ adapter.dispatch('h', 'other')(1) }}",
        "<? h()>",
    );
}

#[test]
fn where_the_adapter_is_not_known_one_that_has_the_macro_is_taken() {
    let mut context = context(
        "{% macro postgres__only() %}postgres{% endmacro %}
         {% macro default__both() %}default{% endmacro %}{% macro snowflake__both() %}snow{% endmacro %}
         {% macro default__refused() %}
           {# Not everywhere. #}{{ exceptions.warn('not implemented') }}
         {% endmacro %}
         {% macro snowflake__refused() %}snow{% endmacro %}
         {% macro default__refused_by_all() %}{% do exceptions.raise_compiler_error('no') %}{% endmacro %}
         {% macro default__warned() %}{{ exceptions.warn('old') }}default{% endmacro %}
         {% macro snowflake__warned() %}snow{% endmacro %}",
    );
    Arc::make_mut(&mut context.project).adapter = "default".into();
    for (name, expected) in [
        ("only", "postgres"),
        ("both", "default"),
        ("refused", "snow"),
        ("refused_by_all", ""),
        ("warned", "default"),
        ("absent", "<? absent()>"),
    ] {
        let call = format!("{{{{ adapter.dispatch('{name}')() }}}}");
        check(&context, &call, expected);
    }
    // A known adapter has what it has.
    Arc::make_mut(&mut context.project).adapter = "bigquery".into();
    check(&context, "{{ adapter.dispatch('refused')() }}", "");
    check(&context, "{{ adapter.dispatch('only')() }}", "<? only()>");
}

#[test]
fn dispatch_looks_where_the_project_says() {
    let context = context(
        "{% macro default__f() %}project{% endmacro %}
-- in utils
{% macro default__f() %}utils{% endmacro %}{% macro default__g() %}only here{% endmacro %}
-- in utils_for_us
{% macro default__f() %}ours{% endmacro %}
-- in other
{% macro default__h() %}elsewhere{% endmacro %}",
    );
    let f = "{{ adapter.dispatch('f', 'utils')() }}";
    check(&context, f, "ours");
    check(
        &context,
        "{{ adapter.dispatch('g', 'utils')() }}",
        "only here",
    );
    check(
        &context,
        "{{ adapter.dispatch('h', 'utils')() }}",
        "<? h()>",
    );
    check(&context, "{{ adapter.dispatch('f', 'any')() }}", "project");
}

#[test]
fn bare_names_mean_the_own_package_first() {
    let context = context(
        "{% macro same() %}project{% endmacro %}
-- in other
{% macro same() %}other{% endmacro %}{% macro call() %}{{ same() }}{% endmacro %}",
    );
    check(
        &context,
        "{{ same() }} {{ other.same() }} {{ other.call() }} {{ shop.same() }}",
        "project other other project",
    );
    check(
        &context,
        "{{ context['same']() }} {{ context.get('none', 'x') }}",
        "project x",
    );
}

#[test]
fn a_macro_that_fails_is_a_hole() {
    let context = context(
        "{% macro broken() %}{{ 1 + none }}{% endmacro %}{% macro syntax() %}{{ ( }}{% endmacro %}",
    );
    check(&context, "select {{ broken() }}", "select <? broken()>");
    check(&context, "select {{ syntax() }}", "select <? syntax()>");
    let failed = render("{{ broken() }}", &context).unwrap().failed;
    assert_eq!(failed[0].name, "broken");
}

#[test]
fn macros_in_the_model_itself_work() {
    let text = "{% macro two(x) %}{{ x }}{{ ref('a') }}{% endmacro %}{{ two(1) }}";
    check(&context(""), text, "1<ref a>");
}

#[test]
fn compiled_macros_are_shared() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    struct Counting(AtomicUsize);
    impl MacroSource for Counting {
        fn text(&self, _: &str, name: &str) -> Option<Arc<str>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            (name == "m").then(|| Arc::from("{% macro m() %}x{% endmacro %}"))
        }
        fn has_package(&self, _: &str) -> bool {
            false
        }
    }
    let source = Arc::new(Counting(AtomicUsize::new(0)));
    let mut context = context("");
    context.macros = Macros::new(source.clone());
    for _ in 0..10 {
        check(&context, "{{ m() }}", "x");
    }
    assert_eq!(source.0.load(Ordering::Relaxed), 1);
}
