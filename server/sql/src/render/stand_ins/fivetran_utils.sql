{# fivetran_utils. The columns that a connector delivers are taken to be there as they are. #}

{% macro fill_staging_columns(source_columns, staging_columns) -%}
{%- for column in staging_columns %}
{{ adapter.quote(column.name) if column.quote else column.name }} as {{ column.alias if column.alias else column.name }}{{ ',' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{% macro source_relation(union_schema_variable='union_schemas', union_database_variable='union_databases') -%}
{%- if var(union_schema_variable, none) or var(union_database_variable, none) -%}
, {{ __unknown('fivetran_utils.source_relation()') }} as source_relation
{%- else -%}
, cast('' as {{ dbt.type_string() }}) as source_relation
{%- endif -%}
{%- endmacro %}

{% macro add_dbt_source_relation() -%}
{{ ', _dbt_source_relation' if var('union_schemas', none) or var('union_databases', none) }}
{%- endmacro %}

{% macro union_data(table_identifier, database_variable, schema_variable, default_database, default_schema, default_variable, union_schema_variable='union_schemas', union_database_variable='union_databases') -%}
{%- if var(union_schema_variable, none) or var(union_database_variable, none) -%}
select * from {{ __unknown('fivetran_utils.union_data()') }}
{%- else -%}
select * from {{ var(default_variable, none) or source(default_schema, table_identifier) }}
{%- endif -%}
{%- endmacro %}

{% macro json_parse(string, string_path) %}{{ adapter.dispatch('json_parse', 'fivetran_utils')(string, string_path) }}{% endmacro %}
{% macro default__json_parse(string, string_path) -%}
{%- if target.type == 'bigquery' -%} json_extract_scalar({{ string }}, '$.{{ string_path | join('.') }}')
{%- elif target.type == 'postgres' -%} {{ string }}::json #>> '{ {{- string_path | join(',') -}} }'
{%- elif target.type in ('spark', 'databricks') -%} {{ string }}:{{ string_path | join('.') }}
{%- elif target.type == 'snowflake' -%} parse_json({{ string }}){% for part in string_path %}[{{ part if part is number else "'" ~ part ~ "'" }}]{% endfor %}
{%- else -%} json_extract_path_text({{ string }}{% for part in string_path %}, '{{ part }}'{% endfor %})
{%- endif -%}
{%- endmacro %}

{% macro json_extract(string, string_path) %}{{ adapter.dispatch('json_extract', 'fivetran_utils')(string, string_path) }}{% endmacro %}
{% macro default__json_extract(string, string_path) -%}
{%- if target.type == 'bigquery' -%} json_extract_scalar({{ string }}, '$.{{ string_path }}')
{%- elif target.type == 'postgres' -%} {{ string }}::json ->> '{{ string_path }}'
{%- elif target.type == 'snowflake' -%} json_extract_path_text(try_parse_json({{ string }}), '{{ string_path }}')
{%- else -%} json_extract_path_text({{ string }}, '{{ string_path }}')
{%- endif -%}
{%- endmacro %}

{% macro pivot_json_extract(string, list_of_properties) -%}
{%- for property in list_of_properties -%}
{%- set name = property.name if property is mapping else property -%}
, replace({{ fivetran_utils.json_extract(string, name) }}, '"', '') as {{ (property.alias if property is mapping and property.alias else name) | replace(' ', '_') | replace('.', '_') | lower }}
{%- endfor -%}
{%- endmacro %}

{% macro string_agg(field_to_agg, delimiter) %}{{ adapter.dispatch('string_agg', 'fivetran_utils')(field_to_agg, delimiter) }}{% endmacro %}
{% macro default__string_agg(field_to_agg, delimiter) -%}
{%- if target.type in ('snowflake', 'redshift', 'trino', 'athena') -%} listagg({{ field_to_agg }}, {{ delimiter }})
{%- elif target.type in ('spark', 'databricks') -%} concat_ws({{ delimiter }}, collect_list({{ field_to_agg }}))
{%- else -%} string_agg({{ field_to_agg }}, {{ delimiter }})
{%- endif -%}
{%- endmacro %}

{% macro array_agg(field_to_agg) %}{{ adapter.dispatch('array_agg', 'fivetran_utils')(field_to_agg) }}{% endmacro %}
{% macro default__array_agg(field_to_agg) -%}
{{ "listagg(" ~ field_to_agg ~ ", ',')" if target.type == 'redshift' else 'array_agg(' ~ field_to_agg ~ ')' }}
{%- endmacro %}

{% macro max_bool(boolean_field) %}{{ adapter.dispatch('max_bool', 'fivetran_utils')(boolean_field) }}{% endmacro %}
{% macro default__max_bool(boolean_field) -%}
{{ 'max' if target.type in ('snowflake', 'bigquery') else 'bool_or' }}({{ boolean_field }})
{%- endmacro %}

{% macro timestamp_diff(first_date, second_date, datepart) %}{{ adapter.dispatch('timestamp_diff', 'fivetran_utils')(first_date, second_date, datepart) }}{% endmacro %}
{% macro default__timestamp_diff(first_date, second_date, datepart) -%}
{%- if target.type == 'bigquery' -%} timestamp_diff({{ second_date }}, {{ first_date }}, {{ datepart }})
{%- else -%} {{ dbt.datediff(first_date, second_date, datepart) }}
{%- endif -%}
{%- endmacro %}

{% macro timestamp_add(datepart, interval, from_timestamp) %}{{ adapter.dispatch('timestamp_add', 'fivetran_utils')(datepart, interval, from_timestamp) }}{% endmacro %}
{% macro default__timestamp_add(datepart, interval, from_timestamp) -%}
{%- if target.type == 'bigquery' -%} timestamp_add({{ from_timestamp }}, interval {{ interval }} {{ datepart }})
{%- else -%} {{ dbt.dateadd(datepart, interval, from_timestamp) }}
{%- endif -%}
{%- endmacro %}

{% macro try_cast(field, type) %}{{ dbt.safe_cast(field, type) }}{% endmacro %}

{% macro ceiling(num) -%} {{ 'ceil' if target.type in ('bigquery', 'snowflake') else 'ceiling' }}({{ num }}) {%- endmacro %}

{% macro first_value(first_value_field, partition_field, order_by_field, order='asc') -%}
{%- if target.type in ('postgres', 'duckdb') -%}
first_value({{ first_value_field }}) over (partition by {{ partition_field }} order by {{ order_by_field }} {{ order }} rows between unbounded preceding and unbounded following)
{%- else -%}
first_value({{ first_value_field }} ignore nulls) over (partition by {{ partition_field }} order by {{ order_by_field }} {{ order }} rows between unbounded preceding and unbounded following)
{%- endif -%}
{%- endmacro %}

{% macro percentile(percentile_field, partition_field, percent) %}{{ adapter.dispatch('percentile', 'fivetran_utils')(percentile_field, partition_field, percent) }}{% endmacro %}
{% macro default__percentile(percentile_field, partition_field, percent) -%}
{%- if target.type == 'bigquery' -%} percentile_cont({{ percentile_field }}, {{ percent }}) over (partition by {{ partition_field }})
{%- elif target.type == 'postgres' -%} percentile_cont({{ percent }}) within group (order by {{ percentile_field }})
{%- elif target.type in ('spark', 'databricks') -%} percentile({{ percentile_field }}, {{ percent }}) over (partition by {{ partition_field }})
{%- else -%} percentile_cont({{ percent }}) within group (order by {{ percentile_field }}) over (partition by {{ partition_field }})
{%- endif -%}
{%- endmacro %}

{% macro extract_url_parameter(field, url_parameter) %}{{ dbt_utils.get_url_parameter(field, url_parameter) }}{% endmacro %}

{% macro fill_pass_through_columns(pass_through_variable) -%}
{%- for field in var(pass_through_variable, none) or [] %}
{%- if field is not mapping %}
, {{ field }}
{%- elif field.transform_sql %}
, {{ field.transform_sql }} as {{ field.alias if field.alias else field.name }}
{%- else %}
, {{ field.alias if field.alias else field.name }}
{%- endif -%}
{%- endfor -%}
{%- endmacro %}

{% macro add_pass_through_columns(base_columns, pass_through_var) -%}
{%- for column in pass_through_var or [] -%}
{%- if column is mapping -%}
{%- do base_columns.append({'name': column.name, 'alias': column.alias if column.alias else column.name, 'datatype': column.datatype if column.datatype else dbt.type_string()}) -%}
{%- else -%}
{%- do base_columns.append({'name': column, 'datatype': dbt.type_string()}) -%}
{%- endif -%}
{%- endfor -%}
{%- endmacro %}

{% macro persist_pass_through_columns(pass_through_variable, identifier=none, transform='', append_string='') -%}
{%- for field in var(pass_through_variable, none) or [] %}
{%- set name = (field.alias if field.alias else field.name) if field is mapping else field %}
, {{ transform ~ '(' if transform }}{{ identifier ~ '.' if identifier }}{{ name }}{{ ')' if transform }}{{ ' as ' ~ name ~ append_string if transform or append_string }}
{%- endfor -%}
{%- endmacro %}

{% macro calculated_fields(variable) -%}
{%- for field in var(variable, none) or [] %}
, {{ field.transform_sql }} as {{ field.name }}
{%- endfor -%}
{%- endmacro %}

{% macro remove_prefix_from_columns(columns, prefix='', exclude=[]) -%} {{ __unknown('fivetran_utils.remove_prefix_from_columns()') }} {%- endmacro %}
{% macro union_relations(relations, aliases=none, column_override=none, include=[], exclude=[], source_column_name=none) %}{{ dbt_utils.union_relations(relations, column_override, include, exclude, source_column_name or '_dbt_source_relation') }}{% endmacro %}

{% macro dummy_coalesce_value(column) %}
{%- set kind = column.dtype | lower -%}
{{ return('null' if kind == 'boolean' else '999999999' if 'int' in kind or 'num' in kind or 'float' in kind else "'DUMMY_STRING'" if 'char' in kind or kind in ('string', 'text') else 'null') }}
{% endmacro %}

{% macro enabled_vars(vars) %}
{%- for name in vars -%}
{%- if var(name, true) == false -%}{{ return(false) }}{%- endif -%}
{%- endfor -%}
{{ return(true) }}
{% endmacro %}

{% macro enabled_vars_one_true(vars) %}
{%- for name in vars -%}
{%- if var(name, false) == true -%}{{ return(true) }}{%- endif -%}
{%- endfor -%}
{{ return(false) }}
{% endmacro %}

{% macro wrap_in_quotes(object_to_quote) %}{{ return(adapter.quote(object_to_quote)) }}{% endmacro %}
{% macro seed_data_helper(seed_name, warehouses) %}{{ return(seed_name ~ '_' ~ target.type if target.type in warehouses else seed_name) }}{% endmacro %}
{% macro snowflake_seed_data(seed_name) %}{{ return(seed_name ~ '_snowflake' if target.type == 'snowflake' else seed_name) }}{% endmacro %}
{% macro get_columns_for_macro(table_name, schema_name, database_name=none) %}{{ return(__unknown('fivetran_utils.get_columns_for_macro()')) }}{% endmacro %}
