//! Renames of macros, and why some are refused.

use super::shop;
use crate::rename::{check, shown};
use expect_test::expect;

/// A project whose macro leads on to variants for adapters.
fn dispatching(edit: (&str, &str)) -> String {
    let text = r#"
=== dbt_project.yml
name: shop
on-run-end: "{{ grant() }}"
=== macros/money.sql
{% macro cents(column) -%}
    {{ return(adapter.dispatch('cents')(column)) }}
{%- endmacro %}
{% macro default__cents(column) %}({{ column }} / 100){% endmacro %}
{% macro postgres__cents(column) %}({{ column }}::numeric / 100){% endmacro %}
=== macros/others.sql
{% macro grant() %}grant{% endmacro %}
{% macro generate_schema_name(name, node) %}{{ name }}{% endmacro %}
=== macros/schema.yml
macros:
  - name: cents
    description: Cents as units, not {{ doc('cents') }}.
  - name: grant
=== models/orders.sql
{% set cents_of = 'cents' %}
select {{ shop.cents('cents') }} as cents, {{ f(cents=1) }} as x
-- {{ cents('b') }}
from raw.orders
"#;
    assert!(text.contains(edit.0), "{}", edit.0);
    text.replacen(edit.0, edit.1, 1)
}

#[test]
fn its_definition_its_calls_and_its_entry() {
    check(
        &shop(&[("{{ cents('amount') }} as", "{{ ce$0nts('amount') }} as")]),
        "units",
        expect![[r#"
            Rename the macro `cents` to `units`
            -- macros/money.sql
            - {% macro cents(column, digits=2) %}
            + {% macro units(column, digits=2) %}
            - {{ cents(column) }} * 2
            + {{ units(column) }} * 2
            -- models/orders.sql
            - select order_id, {{ cents('amount') }} as amount
            + select order_id, {{ units('amount') }} as amount
            -- models/report.sql
            - select {{ util.cents('a') }} as a, {{ twice(cents('b')) }} as b -- {{ cents('c') }}
            + select {{ util.cents('a') }} as a, {{ twice(units('b')) }} as b -- {{ units('c') }}
            -- tests/positive.sql
            - select * from {{ ref('orders') }} where {{ cents('amount') }} < 0
            + select * from {{ ref('orders') }} where {{ units('amount') }} < 0
        "#]],
    );
}

#[test]
fn variants_for_adapters_go_along_and_so_does_what_dbt_renders_in_comments() {
    check(
        &dispatching(("macro cents", "macro ce$0nts")),
        "units",
        expect![[r#"
            Rename the macro `cents` to `units`
            -- macros/money.sql
            - {% macro cents(column) -%}
            -     {{ return(adapter.dispatch('cents')(column)) }}
            + {% macro units(column) -%}
            +     {{ return(adapter.dispatch('units')(column)) }}
            - {% macro default__cents(column) %}({{ column }} / 100){% endmacro %}
            - {% macro postgres__cents(column) %}({{ column }}::numeric / 100){% endmacro %}
            + {% macro default__units(column) %}({{ column }} / 100){% endmacro %}
            + {% macro postgres__units(column) %}({{ column }}::numeric / 100){% endmacro %}
            -- macros/schema.yml
            -   - name: cents
            +   - name: units
            -- models/orders.sql
            - select {{ shop.cents('cents') }} as cents, {{ f(cents=1) }} as x
            - -- {{ cents('b') }}
            + select {{ shop.units('cents') }} as cents, {{ f(cents=1) }} as x
            + -- {{ units('b') }}
               (to be confirmed)
        "#]],
    );
    check(
        &dispatching(("- name: grant", "- name: gr$0ant")),
        "allow",
        expect![[r#"
            Rename the macro `grant` to `allow`
            -- dbt_project.yml
            - on-run-end: "{{ grant() }}"
            + on-run-end: "{{ allow() }}"
            -- macros/others.sql
            - {% macro grant() %}grant{% endmacro %}
            + {% macro allow() %}grant{% endmacro %}
            -- macros/schema.yml
            -   - name: grant
            +   - name: allow
        "#]],
    );
}

#[test]
fn what_may_be_a_name_of_the_file_s_own_is_to_be_confirmed() {
    check(
        &dispatching((
            "{% set cents_of = 'cents' %}",
            "{% set cents = 1 %}{{ gr$0ant() }}{{ cents }}{% set x = grant %}",
        )),
        "allow",
        expect![[r#"
            Rename the macro `grant` to `allow`
            -- dbt_project.yml
            - on-run-end: "{{ grant() }}"
            + on-run-end: "{{ allow() }}"
            -- macros/others.sql
            - {% macro grant() %}grant{% endmacro %}
            + {% macro allow() %}grant{% endmacro %}
            -- macros/schema.yml
            -   - name: grant
            +   - name: allow
            -- models/orders.sql
            - {% set cents = 1 %}{{ grant() }}{{ cents }}{% set x = grant %}
            + {% set cents = 1 %}{{ allow() }}{{ cents }}{% set x = allow %}
               (to be confirmed)
        "#]],
    );
}

#[test]
fn it_says_why_a_macro_is_not_renamed() {
    let at = |from: &str, to: &str, name: &str| shown(&dispatching((from, to)), name);
    let said = [
        at("macro default__cents", "macro default__ce$0nts", "x"),
        at("generate_schema", "gener$0ate_schema", "x"),
        at("macro cents", "macro ce$0nts", "grant"),
        at("macro cents", "macro ce$0nts", "a b"),
        at("macro cents", "macro ce$0nts", "cents"),
        at("macro cents", "macro ce$0nts", "ref"),
        at("macro grant", "macro gr$0ant", "f"),
        shown(&shop(&[("util.half", "util.ha$0lf")]), "x"),
        shown(&shop(&[("macro half", "macro ha$0lf")]), "x"),
    ];
    expect![[r#"
        `adapter.dispatch` finds `default__cents` by its name, as what `cents` is on `default`. Rename `cents`, and its variants go along.
        dbt itself calls `generate_schema_name`, by this name: under another one it would not find it.
        There is a macro `grant` already: calls could not be told apart.
        `a b` is no name of a macro: it has letters, digits and `_`, and starts with no digit.
        That is its name already.
        There is a macro `ref` already: calls could not be told apart.
        There is a macro `f` already: calls could not be told apart.
        `dbt_packages/util/macros/cents.sql` defines `half`, and it is not yours to change: it belongs to an installed package, or the configuration excludes it.
        `dbt_packages/util/macros/cents.sql` defines `half`, and it is not yours to change: it belongs to an installed package, or the configuration excludes it.
    "#]].assert_eq(&said.concat());
}

#[test]
fn the_name_is_prepared_without_that_of_its_package() {
    let fixture = crate::fixture::Fixture::new(&dispatching(("shop.cents", "shop.ce$0nts")));
    let prepared = ide::prepare_rename(&fixture.snapshot, fixture.file, fixture.offset);
    let prepared = prepared.expect("it can be renamed");
    expect![[r#"
        models/orders.sql:2
          select {{ shop.cents('cents') }} as cents, {{ f(cents=1) }} as x
                         ^^^^^
    "#]]
    .assert_eq(&fixture.rendered(fixture.file, prepared.range));
}
