{# Arrays. #}

{% macro array_construct(inputs=[], data_type=none) %}{{ adapter.dispatch('array_construct', 'dbt')(inputs, data_type) }}{% endmacro %}
{% macro default__array_construct(inputs, data_type) -%}
{%- if target.type == 'snowflake' -%} array_construct({{ inputs | join(', ') }})
{%- elif target.type in ('spark', 'databricks', 'redshift') -%} array({{ inputs | join(', ') }})
{%- elif target.type in ('bigquery', 'duckdb', 'clickhouse') -%} [{{ inputs | join(', ') }}]
{%- else -%} array[{{ inputs | join(', ') }}]
{%- endif -%}
{%- endmacro %}

{% macro array_append(array, new_element) %}{{ adapter.dispatch('array_append', 'dbt')(array, new_element) }}{% endmacro %}
{% macro default__array_append(array, new_element) -%}
{%- if target.type in ('bigquery', 'spark', 'redshift') -%} {{ dbt.array_concat(array, dbt.array_construct([new_element])) }}
{%- else -%} array_append({{ array }}, {{ new_element }})
{%- endif -%}
{%- endmacro %}

{% macro array_concat(array_1, array_2) %}{{ adapter.dispatch('array_concat', 'dbt')(array_1, array_2) }}{% endmacro %}
{% macro default__array_concat(array_1, array_2) -%}
{{ {'bigquery': 'array_concat', 'redshift': 'array_concat', 'spark': 'concat', 'databricks': 'concat', 'trino': 'concat', 'duckdb': 'list_concat'}.get(target.type, 'array_cat') }}({{ array_1 }}, {{ array_2 }})
{%- endmacro %}
