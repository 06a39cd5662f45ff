{# dbt_utils. What depends on the columns of a table is unknown here: no database is asked. #}

{% macro star(from, relation_alias=none, except=[], prefix='', suffix='', quote_identifiers=true) %}
{{ return(adapter.dispatch('star', 'dbt_utils')(from, relation_alias, except, prefix, suffix, quote_identifiers)) }}
{% endmacro %}
{% macro default__star(from, relation_alias=none, except=[], prefix='', suffix='', quote_identifiers=true) -%}
{#- Without an alias it is the table's own star, whatever else is joined. -#}
{%- set all = (relation_alias or from) ~ '.*' -%}
{%- if prefix or suffix -%} {{ __unknown('dbt_utils.star()') }}
{%- else -%} {{ dbt_utils.__star_without(all, except, 'dbt_utils.star()') }}
{%- endif -%}
{%- endmacro %}

{#- Trino has no word for it, but what reads its SQL here does. -#}
{% macro __star_without(all, except, label) -%}
{%- if not except -%} {{ all }}
{%- elif target.type in ('bigquery', 'databricks', 'spark', 'clickhouse', 'trino', 'athena', 'default') -%} {{ all }} except ({{ except | join(', ') }})
{%- elif target.type in ('snowflake', 'duckdb', 'redshift') -%} {{ all }} exclude ({{ except | join(', ') }})
{%- else -%} {{ __unknown(label) }}
{%- endif -%}
{%- endmacro %}

{% macro get_filtered_columns_in_relation(from, except=[]) %}{{ return(__unknown('dbt_utils.get_filtered_columns_in_relation()')) }}{% endmacro %}
{% macro get_column_values(table, column, order_by='', max_records=none, default=none, where=none) %}{{ return(__unknown('dbt_utils.get_column_values()')) }}{% endmacro %}
{% macro get_single_value(sql_statement, default=none) %}{{ return(__unknown('dbt_utils.get_single_value()')) }}{% endmacro %}
{% macro get_query_results_as_dict(query) %}{{ return(__unknown('dbt_utils.get_query_results_as_dict()')) }}{% endmacro %}
{% macro get_relations_by_pattern(schema_pattern, table_pattern, exclude='', database='') %}{{ return(__unknown('dbt_utils.get_relations_by_pattern()')) }}{% endmacro %}
{% macro get_relations_by_prefix(schema, prefix, exclude='', database='') %}{{ return(__unknown('dbt_utils.get_relations_by_prefix()')) }}{% endmacro %}

{% macro generate_surrogate_key(field_list) %}{{ adapter.dispatch('generate_surrogate_key', 'dbt_utils')(field_list) }}{% endmacro %}
{% macro default__generate_surrogate_key(field_list) -%}
{%- set absent = '' if var('surrogate_key_treat_nulls_as_empty_strings', false) else '_dbt_utils_surrogate_key_null_' -%}
{%- set parts = [] -%}
{%- for field in field_list -%}
{%- if not loop.first -%}{%- do parts.append("'-'") -%}{%- endif -%}
{%- do parts.append("coalesce(cast(" ~ field ~ " as " ~ dbt.type_string() ~ "), '" ~ absent ~ "')") -%}
{%- endfor -%}
{{ dbt.hash(dbt.concat(parts)) }}
{%- endmacro %}
{% macro surrogate_key(field_list) %}{{ dbt_utils.generate_surrogate_key(field_list) }}{% endmacro %}

{% macro union_relations(relations, column_override=none, include=[], exclude=[], source_column_name='_dbt_source_relation', where=none) %}
{{ adapter.dispatch('union_relations', 'dbt_utils')(relations, column_override, include, exclude, source_column_name, where) }}
{% endmacro %}
{% macro default__union_relations(relations, column_override=none, include=[], exclude=[], source_column_name='_dbt_source_relation', where=none) -%}
{%- for relation in relations %}
(
    select
        {% if source_column_name %}cast('{{ relation }}' as {{ dbt.type_string() }}) as {{ source_column_name }},
        {% endif -%}
        {%- if include %}{{ include | join(', ') }}{% else %}{{ dbt_utils.__star_without('*', exclude, 'dbt_utils.union_relations()') }}{% endif %}
    from {{ relation }}
    {% if where -%} where {{ where }} {%- endif %}
)
{# It pairs columns by name, and fills those that a table lacks with nulls. -#}
{% if not loop.last -%} union all by name {%- endif -%}
{%- endfor -%}
{%- endmacro %}

{% macro group_by(n) -%}
group by {% for position in range(1, n + 1) -%} {{ position }}{{ ',' if not loop.last }} {%- endfor -%}
{%- endmacro %}

{% macro pivot(column, values, alias=true, agg='sum', cmp='=', prefix='', suffix='', then_value=1, else_value=0, quote_identifiers=true, distinct=false) %}
{{ adapter.dispatch('pivot', 'dbt_utils')(column, values, alias, agg, cmp, prefix, suffix, then_value, else_value, quote_identifiers, distinct) }}
{% endmacro %}
{% macro default__pivot(column, values, alias=true, agg='sum', cmp='=', prefix='', suffix='', then_value=1, else_value=0, quote_identifiers=true, distinct=false) -%}
{%- if __is_unknown(values) -%}
{{ __unknown('dbt_utils.pivot()') }}
{%- else -%}
{%- for value in values %}
{{ agg }}({{ 'distinct ' if distinct }}case when {{ column }} {{ cmp }} '{{ dbt.escape_single_quotes(value) }}' then {{ then_value }} else {{ else_value }} end)
{%- if alias %} as {{ adapter.quote(prefix ~ value ~ suffix) if quote_identifiers else dbt_utils.slugify(prefix ~ value ~ suffix) }}{% endif %}
{{- ',' if not loop.last }}
{%- endfor -%}
{%- endif -%}
{%- endmacro %}

{% macro unpivot(relation=none, cast_to='varchar', exclude=none, remove=none, field_name='field_name', value_name='value', quote_identifiers=false, table=none) -%}
select
    {% for column in exclude or [] %}{{ column }}, {% endfor %}
    {{ __unknown('dbt_utils.unpivot()') }} as {{ field_name }},
    cast({{ __unknown('dbt_utils.unpivot()') }} as {{ cast_to }}) as {{ value_name }}
from {{ relation or table }}
{%- endmacro %}

{% macro safe_add(values) -%} {% for value in __list(values) %}coalesce({{ value }}, 0){{ ' + ' if not loop.last }}{% endfor %} {%- endmacro %}
{% macro safe_subtract(values) -%} {% for value in __list(values) %}coalesce({{ value }}, 0){{ ' - ' if not loop.last }}{% endfor %} {%- endmacro %}
{% macro safe_divide(numerator, denominator) -%} ( {{ numerator }} ) / nullif( ( {{ denominator }} ), 0) {%- endmacro %}

{% macro deduplicate(relation, partition_by, order_by) %}{{ adapter.dispatch('deduplicate', 'dbt_utils')(relation, partition_by, order_by) }}{% endmacro %}
{% macro default__deduplicate(relation, partition_by, order_by) -%}
{%- if target.type in ('postgres', 'redshift') -%}
select distinct on ({{ partition_by }}) * from {{ relation }} order by {{ partition_by }}{{ ', ' ~ order_by if order_by }}
{%- elif target.type in ('trino', 'athena', 'sqlserver', 'fabric') -%}
{{ __unknown('dbt_utils.deduplicate()') }}
{%- else -%}
select * from {{ relation }}
qualify row_number() over (partition by {{ partition_by }} order by {{ order_by }}) = 1
{%- endif -%}
{%- endmacro %}

{% macro date_spine(datepart, start_date, end_date) %}{{ adapter.dispatch('date_spine', 'dbt_utils')(datepart, start_date, end_date) }}{% endmacro %}
{% macro default__date_spine(datepart, start_date, end_date) %}{{ dbt.date_spine(datepart, start_date, end_date) }}{% endmacro %}
{% macro generate_series(upper_bound) %}{{ dbt.generate_series(upper_bound) }}{% endmacro %}

{% macro width_bucket(expr, min_value, max_value, num_buckets) %}{{ adapter.dispatch('width_bucket', 'dbt_utils')(expr, min_value, max_value, num_buckets) }}{% endmacro %}
{% macro default__width_bucket(expr, min_value, max_value, num_buckets) -%}
{%- if target.type in ('snowflake', 'postgres', 'databricks', 'trino') -%}
width_bucket({{ expr }}, {{ min_value }}, {{ max_value }}, {{ num_buckets }})
{%- else -%}
least(greatest(floor(({{ expr }} - {{ min_value }}) * {{ num_buckets }} / ({{ max_value }} - {{ min_value }})) + 1, 0), {{ num_buckets }} + 1)
{%- endif -%}
{%- endmacro %}

{% macro haversine_distance(lat1, lon1, lat2, lon2, unit='mi') -%}
2 * {{ 6371 if unit == 'km' else 3961 }} * asin(sqrt(power(sin(radians(({{ lat2 }} - {{ lat1 }}) / 2)), 2)
    + cos(radians({{ lat1 }})) * cos(radians({{ lat2 }})) * power(sin(radians(({{ lon2 }} - {{ lon1 }}) / 2)), 2)))
{%- endmacro %}

{% macro nullcheck(cols) -%}
{%- for col in cols %}
{{ "nullif(" ~ col.name ~ ", '')" if col.is_string() else col.name }} as {{ col.name }}{{ ',' if not loop.last }}
{%- endfor -%}
{%- endmacro %}
{% macro nullcheck_table(relation) -%} select {{ __unknown('dbt_utils.nullcheck_table()') }} from {{ relation }} {%- endmacro %}

{% macro slugify(string) %}
{%- set letters = [] -%}
{%- for letter in string | lower -%}
{%- if letter in 'abcdefghijklmnopqrstuvwxyz0123456789_' -%}{%- do letters.append(letter) -%}
{%- elif letter in ' -' -%}{%- do letters.append('_') -%}
{%- endif -%}
{%- endfor -%}
{%- set slug = letters | join -%}
{{ return('_' ~ slug if slug and slug[0] in '0123456789' else slug) }}
{% endmacro %}

{% macro pretty_time(format='%H:%M:%S') %}{{ return('') }}{% endmacro %}
{% macro pretty_log_format(message) %}{{ return('') }}{% endmacro %}
{% macro log_info(message) %}{% endmacro %}
{% macro get_url_host(field) %}{{ dbt.split_part(dbt.replace(dbt.replace(field, "'https://'", "''"), "'http://'", "''"), "'/'", 1) }}{% endmacro %}
{% macro get_url_path(field) %}{{ __unknown('dbt_utils.get_url_path()') }}{% endmacro %}
{% macro get_url_parameter(field, url_parameter) -%}
nullif({{ dbt.split_part(dbt.split_part(field, "'" ~ url_parameter ~ "='", 2), "'&'", 1) }}, '')
{%- endmacro %}
{% macro current_timestamp() %}{{ dbt.current_timestamp() }}{% endmacro %}
{% macro dateadd(datepart, interval, from_date_or_timestamp) %}{{ dbt.dateadd(datepart, interval, from_date_or_timestamp) }}{% endmacro %}
{% macro datediff(first_date, second_date, datepart) %}{{ dbt.datediff(first_date, second_date, datepart) }}{% endmacro %}
{% macro date_trunc(datepart, date) %}{{ dbt.date_trunc(datepart, date) }}{% endmacro %}
{% macro last_day(date, datepart) %}{{ dbt.last_day(date, datepart) }}{% endmacro %}
{% macro safe_cast(field, type) %}{{ dbt.safe_cast(field, type) }}{% endmacro %}
{% macro concat(fields) %}{{ dbt.concat(fields) }}{% endmacro %}
{% macro hash(field) %}{{ dbt.hash(field) }}{% endmacro %}
{% macro split_part(string_text, delimiter_text, part_number) %}{{ dbt.split_part(string_text, delimiter_text, part_number) }}{% endmacro %}
{% macro type_string() %}{{ dbt.type_string() }}{% endmacro %}
{% macro type_timestamp() %}{{ dbt.type_timestamp() }}{% endmacro %}
{% macro type_int() %}{{ dbt.type_int() }}{% endmacro %}
{% macro type_bigint() %}{{ dbt.type_bigint() }}{% endmacro %}
{% macro type_float() %}{{ dbt.type_float() }}{% endmacro %}
{% macro type_numeric() %}{{ dbt.type_numeric() }}{% endmacro %}
