//! What is told of a macro.

use super::shop;
use crate::fixture::Fixture;
use crate::hover::{check, shown};
use expect_test::expect;

#[test]
fn a_call_tells_of_the_macro() {
    check(
        &shop(&[("{{ cents('amount') }} as", "{{ ce$0nts('amount') }} as")]),
        expect![[r#"
            models/orders.sql:1
              select order_id, {{ cents('amount') }} as amount
                                  ^^^^^

            **cents** · macro

            `cents(column, digits=2)`

            Cents as units of the currency.

            Defined in `macros/money.sql`. Called by 2 models: `orders`, `report`, and in 2 other files.
        "#]],
    );
}

#[test]
fn the_definition_tells_the_same() {
    let [called, defined] = [
        ("{{ cents('amount') }} as", "{{ ce$0nts('amount') }} as"),
        ("macro cents(column, digits", "macro ce$0nts(column, digits"),
    ]
    .map(|edit| shown(&Fixture::new(&shop(&[edit]))));
    let story = |text: &str| text.split_once("**").map(|(_, story)| story.to_owned());
    assert_eq!(story(&called), story(&defined));
}

#[test]
fn a_comment_further_up_says_nothing_of_it() {
    check(
        &shop(&[("twice(cents", "twi$0ce(cents")]),
        expect![[r#"
            models/report.sql:2
              select {{ util.cents('a') }} as a, {{ twice(cents('b')) }} as b -- {{ cents('c') }}
                                                    ^^^^^

            **twice** · macro

            `twice(column)`

            Defined in `macros/money.sql`. Called by 1 model: `report`.
        "#]],
    );
}

#[test]
fn a_macro_that_only_macros_call() {
    check(
        &shop(&[
            ("{{ util.cents('a') }}", "1"),
            ("{{ cents(column) }} / 2", "{{ cents$0(column) }} / 2"),
        ]),
        expect![[r#"
            dbt_packages/util/macros/cents.sql:2
              {% macro half(column) %}{{ cents(column) }} / 2{% endmacro %}
                                         ^^^^^

            **cents** · macro

            `cents(column)`

            Defined in `dbt_packages/util/macros/cents.sql`. Called in 1 file.
        "#]],
    );
}

#[test]
fn a_macro_that_nobody_calls() {
    check(
        &shop(&[("util.half('x')", "1"), ("macro half", "macro hal$0f")]),
        expect![[r#"
            dbt_packages/util/macros/cents.sql:2
              {% macro half(column) %}{{ cents(column) }} / 2{% endmacro %}
                       ^^^^

            **half** · macro

            `half(column)`

            Defined in `dbt_packages/util/macros/cents.sql`.
        "#]],
    );
}

#[test]
fn a_macro_that_gives_a_table_is_told_of_at_its_name() {
    let text = "
=== dbt_project.yml
name: shop
=== macros/from.sql
{% macro recent(name) %}{{ ref(name) }}{% endmacro %}
=== models/orders.sql
select 1 as order_id
=== models/report.sql
select order_id from {{ rec$0ent('orders') }}
";
    check(
        text,
        expect![[r#"
            models/report.sql:1
              select order_id from {{ recent('orders') }}
                                      ^^^^^^

            **recent** · macro

            `recent(name)`

            Defined in `macros/from.sql`. Called by 1 model: `report`.
        "#]],
    );
}

#[test]
fn nothing_is_told_of_what_is_not_known() {
    for edit in [
        ("util.half('x')", "is_incr$0emental()"),
        ("util.half('x')", "dbt_utils.cen$0ts('x')"),
        ("util.half('x')", "adapter.dispatch('cen$0ts')('x')"),
        ("-- {{ cents", "-- {{ ce$0nts"),
        ("{% set kinds = util.half('x') %}", "{# ce$0nts('x') #}"),
    ] {
        assert_eq!(
            shown(&Fixture::new(&shop(&[edit]))),
            "nothing\n",
            "{edit:?}"
        );
    }
}

#[test]
fn a_description_goes_before_a_comment() {
    let text = shop(&[("{{ cents('amount') }} as", "{{ ce$0nts('amount') }} as")]);
    let yaml =
        "=== macros/macros.yml\nmacros:\n  - {name: cents, description: Cents as dollars.}\n";
    check(
        &format!("{text}{yaml}"),
        expect![[r#"
            models/orders.sql:1
              select order_id, {{ cents('amount') }} as amount
                                  ^^^^^

            **cents** · macro

            `cents(column, digits=2)`

            Cents as dollars.

            Defined in `macros/money.sql`. Called by 2 models: `orders`, `report`, and in 2 other files.
        "#]],
    );
}
