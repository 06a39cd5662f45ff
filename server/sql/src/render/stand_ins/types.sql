{# Names of types in the database's dialect. #}

{% macro type_string() %}{{ adapter.dispatch('type_string', 'dbt')() }}{% endmacro %}
{% macro default__type_string() -%}
{{ {'bigquery': 'string', 'spark': 'string', 'databricks': 'string', 'clickhouse': 'String', 'trino': 'varchar', 'athena': 'varchar', 'duckdb': 'varchar', 'sqlserver': 'varchar(8000)', 'fabric': 'varchar(8000)', 'redshift': 'varchar', 'snowflake': 'varchar'}.get(target.type, 'text') }}
{%- endmacro %}

{% macro type_timestamp() %}{{ adapter.dispatch('type_timestamp', 'dbt')() }}{% endmacro %}
{% macro default__type_timestamp() -%}
{{ {'snowflake': 'timestamp_ntz', 'sqlserver': 'datetime2(6)', 'fabric': 'datetime2(6)', 'postgres': 'timestamp without time zone', 'redshift': 'timestamp without time zone', 'clickhouse': 'DateTime'}.get(target.type, 'timestamp') }}
{%- endmacro %}

{% macro type_float() %}{{ adapter.dispatch('type_float', 'dbt')() }}{% endmacro %}
{% macro default__type_float() -%}
{{ {'bigquery': 'float64', 'trino': 'double', 'athena': 'double', 'clickhouse': 'Float64'}.get(target.type, 'float') }}
{%- endmacro %}

{% macro type_numeric() %}{{ adapter.dispatch('type_numeric', 'dbt')() }}{% endmacro %}
{% macro default__type_numeric() -%}
{{ {'bigquery': 'numeric', 'spark': 'decimal(28,6)', 'databricks': 'decimal(28,6)', 'trino': 'decimal(28,6)', 'athena': 'decimal(28,6)', 'clickhouse': 'Decimal(28,6)'}.get(target.type, 'numeric(28,6)') }}
{%- endmacro %}

{% macro type_bigint() %}{{ adapter.dispatch('type_bigint', 'dbt')() }}{% endmacro %}
{% macro default__type_bigint() -%}
{{ {'bigquery': 'int64', 'clickhouse': 'Int64'}.get(target.type, 'bigint') }}
{%- endmacro %}

{% macro type_int() %}{{ adapter.dispatch('type_int', 'dbt')() }}{% endmacro %}
{% macro default__type_int() -%}
{{ {'bigquery': 'int64', 'trino': 'integer', 'clickhouse': 'Int32'}.get(target.type, 'int') }}
{%- endmacro %}

{% macro type_boolean() %}{{ adapter.dispatch('type_boolean', 'dbt')() }}{% endmacro %}
{% macro default__type_boolean() -%}
{{ {'bigquery': 'bool', 'sqlserver': 'bit', 'fabric': 'bit', 'clickhouse': 'Bool'}.get(target.type, 'boolean') }}
{%- endmacro %}
