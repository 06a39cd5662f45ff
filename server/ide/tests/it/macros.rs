//! Macros of dbt projects: definition, hover, references, highlights, symbols.

mod definition;
mod hover;
mod references;
mod rename;

/// A project with two macros, a package with one of the same name, and models that call them.
fn shop(edit: &[(&str, &str)]) -> String {
    let mut text = r#"
=== dbt_project.yml
name: shop
=== macros/money.sql
{# Cents as units of the currency. #}
{% macro cents(column, digits=2) %}
round({{ column }} / 100.0, {{ digits }})
{% endmacro %}

{# About nothing in particular. #}

{% macro twice(column) -%}
{{ cents(column) }} * 2
{%- endmacro %}
=== dbt_packages/util/dbt_project.yml
name: util
=== dbt_packages/util/macros/cents.sql
{% macro cents(column) %}{{ column }}{% endmacro %}
{% macro half(column) %}{{ cents(column) }} / 2{% endmacro %}
=== models/orders.sql
select order_id, {{ cents('amount') }} as amount
from raw.orders
=== models/report.sql
{% set kinds = util.half('x') %}
select {{ util.cents('a') }} as a, {{ twice(cents('b')) }} as b -- {{ cents('c') }}
from {{ ref('orders') }}
=== tests/positive.sql
select * from {{ ref('orders') }} where {{ cents('amount') }} < 0
"#
    .to_owned();
    for (from, to) in edit {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}
