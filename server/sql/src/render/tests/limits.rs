//! No template hangs, takes much memory, or panics.

use super::*;

#[track_caller]
fn limited(text: &str) {
    let failure = render(text, &context("")).map(|rendered| rendered.text.len());
    let failure = failure.expect_err(text);
    assert_eq!(failure.kind, FailureKind::Limit, "{text} {failure:?}");
}

#[test]
fn work_has_an_end() {
    limited("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}");
    limited(
        "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    );
    limited("{% set l = [1] %}{% for a in range(99) %}{% do l.extend(l) %}{% endfor %}");
    limited("{{ 'x' * 5000000 }}");
    limited("{{ [0] * 100000000 }}");
    limited("{{ [[0] * 99999] * 99999 }}");
    assert!(render("{% for a in range(10 ** 9) %}{% endfor %}", &context("")).is_err());
}

#[test]
fn macros_together_have_an_end() {
    let context = context(
        "{% macro again(x) %}{{ again(x) }}{% endmacro %}
         {% macro double(n) %}{% if n %}{{ double(n - 1) }}{{ double(n - 1) }}{% endif %}{% endmacro %}
         {% macro leave() %}{% for a in range(90000) %}{% endfor %}{{ return(1) }}{% endmacro %}
         {% macro burn() %}{% for a in range(90000) %}{% endfor %}{{ 1 + none }}{% endmacro %}",
    );
    for text in [
        "{{ again(1) }}",
        "{{ double(30) }}",
        "{% for a in range(1000) %}{{ leave() }}{% endfor %}",
    ] {
        let failure = render(text, &context).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Limit, "{text} {failure:?}");
    }
    let text = "{% for a in range(1000) %}{{ burn() }}{% endfor %}";
    let rendered = render(text, &context).unwrap();
    assert_eq!((rendered.holes.len(), rendered.failed.len()), (1000, 2));
}

#[test]
fn depth_has_an_end() {
    let context = context("");
    let grow = |value: &str| {
        format!(
            "{{% set ns = namespace(x=1, y=1) %}}{{% for a in range(99999) %}}{{% set ns.x = {value} %}}{{% endfor %}}"
        )
    };
    for value in ["[ns.x]", "(ns.x,)", "{'a': ns.x}", "dict(a=ns.x)"] {
        // As deep as it gets, then gone through in every way that there is.
        let deep = grow(value).replace("99999", "500");
        for text in [
            grow(value),
            format!("{deep}{{{{ ns.x }}}}"),
            format!("{deep}{{{{ {{ns.x: 1}} }}}}"),
            format!(
                "{deep}{}{{{{ ns.x == ns.y }}}}",
                deep.replace("ns", "other")
            ),
            format!("{deep}{{{{ ns.x | tojson }}}}"),
            format!("{deep}{{{{ [ns.x, ns.x] | sort | unique | list | join(',') }}}}"),
        ] {
            let _ = render(&text, &context);
        }
    }
    for text in [
        format!("{{{{ {}1{} }}}}", "(".repeat(50_000), ")".repeat(50_000)),
        format!("{{{{ {}1{} }}}}", "[".repeat(50_000), "]".repeat(50_000)),
        format!("{{{{ 1{} }}}}", " + 1".repeat(50_000)),
        format!("{{{{ 1{} }}}}", " + 1".repeat(2_400)),
        format!("{{{{ a{} }}}}", "|list".repeat(2_400)),
        format!("{{{{ a{} }}}}", ".b()".repeat(1_000)),
        format!("{{{{ {}a }}}}", "not ".repeat(4_900)),
        format!("{{{{ a{} }}}}", " if b else c".repeat(1_200)),
        format!("{{{{ {}a }}}}", "-".repeat(4_900)),
        "{% if a %}".repeat(20_000),
        format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}".repeat(50_000)),
        format!("{}{}", "{% set a = (a,) %}".repeat(40_000), "{{ a }}"),
        format!("{}{}", "{% set a = (a,) %}".repeat(40_000), "{{ {a: 1} }}"),
        format!(
            "{}{}",
            "{% set a = (a,) %}{% set b = (b,) %}".repeat(20_000),
            "{{ a == b }}{{ a < b }}"
        ),
    ] {
        let _ = render(&text, &context);
    }
}

const TEMPLATES: &[&str] = &[
    "{{ config(materialized='incremental', tags=['a', {'b': [1]}]) }}select {{ dbt_utils.star(ref('a'), except=['é']) }} from {{ ref('p', 'a') }}{% if is_incremental() %} where a > (select max(a) from {{ this }}){% endif %}",
    "{%- set xs = ['a', 'b'] -%}{% for x in xs if x != 'b' %}{{ x | upper }}{{ ',' if not loop.last }}{% else %}-{% endfor %}{% do xs.append(xs[0][1:]) %}{{ xs.pop(0) }}",
    "{% macro m(a, b=[1], *c) %}{{ caller() }}{{ varargs }}{% endmacro %}{% call m(1) %}é{% endcall %}{{ dict(a=1, **{'b': 2}).items() | list | tojson }}",
    "{% snapshot s %}{{ adapter.dispatch('x', 'dbt')(var('days') + 1) }}{% endsnapshot %}{% docs d %}{{ x }}{% enddocs %}{# c #}{% raw %}{{ é }}{% endraw %}",
    "{% set q %}select {{ dbt.datediff('a', \"b\", 'day') }}{% endset %}{{ q.format(1).split(' ')[::-1] | join('é') }}{{ '%s %d' % ('a', 1) }}{{ fromjson('{\"a\": 1}') }}{{ dbt_utils.pivot('a', ['x']) }}",
];

/// Numbers that look random and are the same each time.
fn next(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

#[test]
fn mutated_templates_never_panic() {
    let context = context("{% macro m(a) %}{{ return(a) }}{% endmacro %}");
    let pieces = [
        "{{", "}}", "{%", "%}", "-%}", "'", "\"", "[", "]", "(", ")", "{", "}", "é", "\\", " if ",
        "+", "**", "|", ".", "endmacro", "\u{a0}", "#}",
    ];
    let mut state = 7;
    let mut rendered = 0;
    for round in 0..3_000 {
        let mut text: Vec<char> = TEMPLATES[round % TEMPLATES.len()].chars().collect();
        for _ in 0..=next(&mut state) % 3 {
            let at = next(&mut state) % (text.len() + 1);
            match next(&mut state) % 3 {
                0 => text.truncate(at),
                1 => text.splice(at..(at + 1).min(text.len()), []).for_each(drop),
                _ => {
                    let piece = pieces[next(&mut state) % pieces.len()];
                    text.splice(at..at, piece.chars()).for_each(drop);
                }
            }
        }
        let text: String = text.into_iter().collect();
        macros_in(&text);
        if let Ok(result) = render(&text, &context) {
            rendered += 1;
            for piece in &result.pieces {
                assert!(
                    text.get(piece.source.start().into()..piece.source.end().into())
                        .is_some()
                );
                assert!(
                    result
                        .text
                        .get(piece.rendered.start().into()..piece.rendered.end().into())
                        .is_some()
                );
            }
        }
    }
    assert!(rendered > 300, "{rendered}");
}

#[test]
fn lists_that_were_repeated_are_not_gone_through() {
    let long = "([0] * 99000000)";
    for text in [
        "{{ L | join }}",
        "{{ L | sort }}",
        "{{ L | tojson }}",
        "{{ zip(L, L) }}",
        "{{ set(L) }}",
        "{{ [1].extend(L) }}",
        "{{ {}.update(L) }}",
        "{{ {L: 1} }}",
        "{{ dict(L) }}",
        "{{ L is eq L }}",
        "{{ [1, L] == [1, L] }}",
        "{{ [L, L] | unique | list }}",
        "{{ (L + L) | list }}",
        "{{ toyaml({'a': L}) }}",
        "{% set x = L %}{{ zip(x, x) }}",
    ] {
        limited(&text.replace('L', long));
    }
    for text in [
        "{{ T | join(',') }}",
        "{{ ','.join(T) }}",
        "{{ [T] | as_text }}",
        "{{ '{}'.format(T) }}",
        "{{ config(T) }}{{ T | list }}",
    ] {
        limited(&text.replace('T', "((0,) * 99000000)"));
    }
    // What is asked of a driver, or written to a log, is nothing to begin with.
    assert!(render(&format!("{{{{ adapter.dispatch({long}) }}}}"), &context("")).is_ok());
}

#[test]
fn texts_that_grow_at_once_are_not_made() {
    for text in [
        "{{ (['x' * 4000000] * 1000) | join }}",
        "{{ ','.join(['x' * 4000000] * 1000) }}",
        "{{ ([range(99999) | list] * 99999) | join }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ '{0:999999999}'.format('a') }}",
        "{{ ('{0}' * 1000000).format('a' * 100000) }}",
    ] {
        limited(text);
    }
    check(&context(""), "{{ '{:>5}|{}'.format(1, 'é') }}", "1|é");
    check(
        &context(""),
        "{{ [1, 'a', none] | join(', ') }}",
        "1, a, None",
    );
    check(
        &context(""),
        "{{ [{'n': 1}, {'n': 2}] | join('-', attribute='n') }}",
        "1-2",
    );
    check(
        &context(""),
        "{{ '-'.join(['a', 'b']) }}{{ 'abc' | join('.') }}",
        "a-ba.b.c",
    );
}

#[test]
fn each_look_at_a_long_list_or_text_is_paid_for() {
    for step in [
        "{{ L | reverse | list | length }}",
        "{{ set(L) | length }}",
        "{{ zip(L, L) | length }}",
        "{{ L[1:] is eq L[1:] }}",
        "{{ L | join | length }}",
        "{{ L | tojson | length }}",
        "{{ fromjson(T) | length }}",
        "{{ ref(S) }}",
        "{{ source(S, S) }}",
        "{{ var(S, 1) }}",
        "{{ env_var(S, 1) }}",
        "{{ adapter.dispatch(S) }}",
        "{{ config(**{S: 1}) }}",
        "{{ config.get(S) }}",
    ] {
        limited(&format!(
            "{{% set L = range(90000) | list %}}{{% set T = L | tojson %}}{{% set S = 'a' * 1000000 %}}\
             {{% for i in range(9999) %}}{step}{{% endfor %}}"
        ));
    }
    // What costs nothing is done as often as one likes.
    let text = "{% set L = range(90000) | list %}{% for i in range(9999) %}{{ L | first }}{{ L[1:][0] }}{{ L[1:] | length }}{% endfor %}";
    assert!(render(text, &context("")).is_ok());
}

#[test]
fn a_list_that_changes_while_it_is_gone_through_has_an_end() {
    check(
        &context(""),
        "{% set l = [1, 2] %}{% for x in l %}{% do l.append(x) %}{% endfor %}{{ l }}",
        "[1, 2, 1, 2]",
    );
    check(
        &context(""),
        "{% set l = [1, 2, 3] %}{% for x in l %}{% do l.clear() %}{{ x }}{% endfor %}{{ l }}",
        "1[]",
    );
}
