{# Conversions, aggregates and set operations. #}

{% macro cast(field, type) %}{{ adapter.dispatch('cast', 'dbt')(field, type) }}{% endmacro %}
{% macro default__cast(field, type) -%} cast({{ field }} as {{ type }}) {%- endmacro %}

{% macro safe_cast(field, type) %}{{ adapter.dispatch('safe_cast', 'dbt')(field, type) }}{% endmacro %}
{% macro default__safe_cast(field, type) -%}
{%- if target.type == 'bigquery' -%} safe_cast({{ field }} as {{ type }})
{%- elif target.type in ('snowflake', 'duckdb', 'trino', 'athena', 'databricks', 'sqlserver', 'fabric') -%} try_cast({{ field }} as {{ type }})
{%- else -%} cast({{ field }} as {{ type }})
{%- endif -%}
{%- endmacro %}

{% macro any_value(expression) %}{{ adapter.dispatch('any_value', 'dbt')(expression) }}{% endmacro %}
{% macro default__any_value(expression) -%}
{{ {'postgres': 'min', 'sqlserver': 'max', 'fabric': 'max', 'spark': 'first', 'trino': 'arbitrary', 'athena': 'arbitrary'}.get(target.type, 'any_value') }}({{ expression }})
{%- endmacro %}

{% macro bool_or(expression) %}{{ adapter.dispatch('bool_or', 'dbt')(expression) }}{% endmacro %}
{% macro default__bool_or(expression) -%}
{{ {'snowflake': 'boolor_agg', 'bigquery': 'logical_or'}.get(target.type, 'bool_or') }}({{ expression }})
{%- endmacro %}

{% macro cast_bool_to_text(field) %}{{ adapter.dispatch('cast_bool_to_text', 'dbt')(field) }}{% endmacro %}
{% macro default__cast_bool_to_text(field) -%}
{%- if target.type in ('redshift', 'sqlserver', 'fabric') -%} case when {{ field }} is true then 'true' when {{ field }} is false then 'false' end
{%- else -%} cast({{ field }} as {{ dbt.type_string() }})
{%- endif -%}
{%- endmacro %}

{% macro except() %}{{ adapter.dispatch('except', 'dbt')() }}{% endmacro %}
{% macro default__except() -%} {{ 'except distinct' if target.type == 'bigquery' else 'except' }} {%- endmacro %}

{% macro intersect() %}{{ adapter.dispatch('intersect', 'dbt')() }}{% endmacro %}
{% macro default__intersect() -%} {{ 'intersect distinct' if target.type == 'bigquery' else 'intersect' }} {%- endmacro %}
