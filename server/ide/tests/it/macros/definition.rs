//! From a call to the macro.

use super::shop;
use crate::definition::{check, shown};
use crate::fixture::Fixture;
use expect_test::expect;

#[test]
fn a_call_leads_to_the_macro_of_its_project() {
    check(
        &shop(&[("{{ cents('amount') }} as", "{{ ce$0nts('amount') }} as")]),
        expect![[r#"
            models/orders.sql:1
              select order_id, {{ cents('amount') }} as amount
                                  ^^^^^
            -> lines 2..4 of macros/money.sql:2
              {% macro cents(column, digits=2) %}
                       ^^^^^
        "#]],
    );
}

#[test]
fn a_package_that_is_named_goes_first() {
    check(
        &shop(&[("util.cents", "ut$0il.cents")]),
        expect![[r#"
            models/report.sql:2
              select {{ util.cents('a') }} as a, {{ twice(cents('b')) }} as b -- {{ cents('c') }}
                        ^^^^^^^^^^
            -> lines 1..1 of dbt_packages/util/macros/cents.sql:1
              {% macro cents(column) %}{{ column }}{% endmacro %}
                       ^^^^^
        "#]],
    );
}

#[test]
fn a_macro_of_a_package_calls_those_of_its_package() {
    check(
        &shop(&[("{{ cents(column) }} / 2", "{{ cents$0(column) }} / 2")]),
        expect![[r#"
            dbt_packages/util/macros/cents.sql:2
              {% macro half(column) %}{{ cents(column) }} / 2{% endmacro %}
                                         ^^^^^
            -> lines 1..1 of dbt_packages/util/macros/cents.sql:1
              {% macro cents(column) %}{{ column }}{% endmacro %}
                       ^^^^^
        "#]],
    );
}

#[test]
fn calls_in_statements_and_in_arguments_lead_there_too() {
    for (edit, line) in [
        (
            ("util.half", "util.ha$0lf"),
            "dbt_packages/util/macros/cents.sql:2",
        ),
        (
            ("twice(cents('b'))", "tw$0ice(cents('b'))"),
            "macros/money.sql:8",
        ),
        (
            ("twice(cents('b'))", "twice($0cents('b'))"),
            "macros/money.sql:2",
        ),
        (
            (
                "{% set kinds = util.half('x') %}",
                "{% call $0twice('x') %}y{% endcall %}",
            ),
            "macros/money.sql:8",
        ),
        (
            ("{% set kinds = util.half('x') %}", "{% do $0half('x') %}"),
            "dbt_packages/util/macros/cents.sql:2",
        ),
        (
            ("{% set kinds = util.half('x') %}", "{{ $0twice("),
            "macros/money.sql:8",
        ),
    ] {
        let shown = shown(&Fixture::new(&shop(&[edit])));
        assert!(
            shown.contains(&format!(" of {line}\n")),
            "{edit:?}: {shown}"
        );
    }
}

#[test]
fn a_macro_of_the_model_itself_hides_that_of_the_project() {
    check(
        &shop(&[(
            "{% set kinds = util.half('x') %}",
            "{% macro cents(x) %}{{ x }}{% endmacro %}{{ $0cents(1) }}",
        )]),
        expect![[r#"
            models/report.sql:1
              {% macro cents(x) %}{{ x }}{% endmacro %}{{ cents(1) }}
                                                          ^^^^^
            -> lines 1..1 of models/report.sql:1
              {% macro cents(x) %}{{ x }}{% endmacro %}{{ cents(1) }}
                       ^^^^^
        "#]],
    );
}

#[test]
fn what_is_not_known_leads_nowhere() {
    for edit in [
        // Functions and macros of dbt itself, also where a macro here has their name.
        ("util.half('x')", "is_incr$0emental()"),
        ("util.half('x')", "generate_sc$0hema_name('x')"),
        ("util.half('x')", "adapter.disp$0atch('cents')('x')"),
        ("util.half('x')", "adapter.dispatch('cen$0ts')('x')"),
        // A package, or a macro of it, that is not there.
        ("util.half('x')", "dbt_utils.cen$0ts('x')"),
        ("util.half('x')", "util.twi$0ce('x')"),
        // Comments and texts.
        ("-- {{ cents", "-- {{ ce$0nts"),
        ("{% set kinds = util.half('x') %}", "{# ce$0nts('x') #}"),
        ("util.half('x')", "ref('cents$0(1)')"),
        // Filters, tests, and names that the file binds.
        ("util.half('x')", "1 | cen$0ts(2)"),
        (
            "{% set kinds = util.half('x') %}",
            "{% set cents = 1 %}{{ cen$0ts(1) }}",
        ),
        (
            "macro twice(column) -%}\n{{ cents",
            "macro twice(cents) -%}\n{{ cen$0ts",
        ),
        // Behind the call, and where it is defined.
        ("cents('amount') }} as", "cents('amount')$0 }} as"),
        ("macro cents(column, digits", "macro ce$0nts(column, digits"),
    ] {
        assert_eq!(
            shown(&Fixture::new(&shop(&[edit]))),
            "nothing\n",
            "{edit:?}"
        );
    }
}

#[test]
fn what_is_no_template_calls_nothing() {
    let text = "=== a.sql\nselect cents$0(1) as x\n";
    assert_eq!(shown(&Fixture::new(text)), "nothing\n");
    let text = "=== rationale.toml\n[sql]\ntemplating = \"jinja\"\n=== a.sql\nselect {{ cents$0(1) }} as x\n";
    assert_eq!(shown(&Fixture::new(text)), "nothing\n");
}

/// The project with a file that describes macros, edited.
fn described(edit: (&str, &str)) -> String {
    let yaml = "=== macros/macros.yml
macros:
  - name: cents
    description: Cents as dollars.
  - name: half
";
    shop(&[])
        .replacen("\n===", &format!("\n{yaml}==="), 1)
        .replacen(edit.0, edit.1, 1)
}

#[test]
fn a_definition_leads_to_the_entry_that_describes_it_and_back() {
    check(
        &described(("macro cents(column, digits", "macro ce$0nts(column, digits")),
        expect![[r#"
            macros/money.sql:2
              {% macro cents(column, digits=2) %}
                       ^^^^^
            -> lines 2..3 of macros/macros.yml:2
                - name: cents
                        ^^^^^
        "#]],
    );
    check(
        &described(("name: cents", "name: ce$0nts")),
        expect![[r#"
            macros/macros.yml:2
                - name: cents
                        ^^^^^
            -> lines 2..4 of macros/money.sql:2
              {% macro cents(column, digits=2) %}
                       ^^^^^
        "#]],
    );
}

#[test]
fn a_call_leads_past_the_entry_to_the_macro() {
    let text = described(("twice(cents", "twice($0cents"));
    let shown = shown(&Fixture::new(&text));
    assert!(shown.contains(" of macros/money.sql:2\n"), "{shown}");
    assert!(!shown.contains("macros.yml"), "{shown}");
}

#[test]
fn an_entry_is_about_a_macro_of_its_own_project() {
    let text = described(("name: half", "name: ha$0lf"));
    assert_eq!(shown(&Fixture::new(&text)), "nothing\n");
}
