//! All calls of a macro, and its definition.

use super::shop;
use crate::fixture::Fixture;
use crate::references::{check, shown};
use expect_test::expect;

#[test]
fn calls_in_all_files_and_the_definition() {
    check(
        &shop(&[("{{ cents('amount') }} as", "{{ ce$0nts('amount') }} as")]),
        expect![[r#"
            -- macros/money.sql
            {% macro cents(column, digits=2) %}
                     =====
            {{ cents(column) }} * 2
               ^^^^^
            -- models/orders.sql
            select order_id, {{ cents('amount') }} as amount
                                ^^^^^
            -- models/report.sql
            select {{ util.cents('a') }} as a, {{ twice(cents('b')) }} as b -- {{ cents('c') }}
                                                        ^^^^^
            -- tests/positive.sql
            select * from {{ ref('orders') }} where {{ cents('amount') }} < 0
                                                       ^^^^^
        "#]],
    );
}

#[test]
fn from_every_place_the_same() {
    let from_call = shown(&Fixture::new(&shop(&[(
        "{{ cents('amount') }} as",
        "{{ ce$0nts('amount') }} as",
    )])));
    for edit in [
        ("macro cents(column, digits", "macro $0cents(column, digits"),
        ("{{ cents(column) }} * 2", "{{ $0cents(column) }} * 2"),
        ("twice(cents", "twice(cents$0"),
    ] {
        assert_eq!(shown(&Fixture::new(&shop(&[edit]))), from_call, "{edit:?}");
    }
}

#[test]
fn one_of_the_same_name_in_a_package_is_another() {
    check(
        &shop(&[("util.cents", "util.ce$0nts")]),
        expect![[r#"
            -- dbt_packages/util/macros/cents.sql
            {% macro cents(column) %}{{ column }}{% endmacro %}
                     =====
            {% macro half(column) %}{{ cents(column) }} / 2{% endmacro %}
                                       ^^^^^
            -- models/report.sql
            select {{ util.cents('a') }} as a, {{ twice(cents('b')) }} as b -- {{ cents('c') }}
                      ^^^^^^^^^^
        "#]],
    );
}

#[test]
fn what_is_not_known_stands_nowhere() {
    for edit in [
        ("util.half('x')", "dbt_utils.cen$0ts('x')"),
        ("-- {{ cents", "-- {{ ce$0nts"),
        ("{% set kinds = util.half('x') %}", "{# ce$0nts('x') #}"),
        ("util.half('x')", "adapter.dispatch('cen$0ts')('x')"),
    ] {
        assert_eq!(shown(&Fixture::new(&shop(&[edit]))), "", "{edit:?}");
    }
}

#[test]
fn an_entry_that_describes_it_is_among_them() {
    let text = shop(&[]);
    let yaml = "=== macros/macros.yml\nmacros:\n  - {name: tw$0ice, description: Twice cents.}\n";
    check(
        &format!("{text}{yaml}"),
        expect![[r#"
            -- macros/macros.yml
              - {name: twice, description: Twice cents.}
                       =====
            -- macros/money.sql
            {% macro twice(column) -%}
                     =====
            -- models/report.sql
            select {{ util.cents('a') }} as a, {{ twice(cents('b')) }} as b -- {{ cents('c') }}
                                                  ^^^^^
        "#]],
    );
}

#[test]
fn a_table_stands_where_its_model_says_this() {
    check(
        "
=== dbt_project.yml
name: shop
=== models/orders.sql
select order_id, day from raw.orders
{% if is_incremental() %}
where day > (select max(day) from {{ this }})
{% endif %}
=== models/report.sql
select order_id from {{ ref('ord$0ers') }}
",
        expect![[r#"
            -- models/orders.sql
            where day > (select max(day) from {{ this }})
                                              ^^^^^^^^^^
            -- models/report.sql
            select order_id from {{ ref('orders') }}
                                 ^^^^^^^^^^^^^^^^^^^
        "#]],
    );
}
