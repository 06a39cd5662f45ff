{# Functions over text. #}

{% macro concat(fields) %}{{ adapter.dispatch('concat', 'dbt')(fields) }}{% endmacro %}
{% macro default__concat(fields) -%}
{%- if target.type in ('bigquery', 'spark', 'databricks', 'clickhouse', 'sqlserver', 'fabric') -%}
concat({{ fields | join(', ') }})
{%- else -%}
{{ fields | join(' || ') }}
{%- endif -%}
{%- endmacro %}

{% macro hash(field) %}{{ adapter.dispatch('hash', 'dbt')(field) }}{% endmacro %}
{% macro default__hash(field) -%}
{%- if target.type == 'bigquery' -%} to_hex(md5(cast({{ field }} as string)))
{%- elif target.type in ('trino', 'athena') -%} lower(to_hex(md5(to_utf8(cast({{ field }} as varchar)))))
{%- else -%} md5(cast({{ field }} as {{ dbt.type_string() }}))
{%- endif -%}
{%- endmacro %}

{% macro split_part(string_text, delimiter_text, part_number) %}{{ adapter.dispatch('split_part', 'dbt')(string_text, delimiter_text, part_number) }}{% endmacro %}
{% macro default__split_part(string_text, delimiter_text, part_number) -%}
{%- if target.type == 'bigquery' and part_number >= 0 -%} split({{ string_text }}, {{ delimiter_text }})[safe_offset({{ part_number - 1 }})]
{%- elif target.type == 'bigquery' -%} array_reverse(split({{ string_text }}, {{ delimiter_text }}))[safe_offset({{ -part_number - 1 }})]
{%- else -%} split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endif -%}
{%- endmacro %}

{% macro length(expression) %}{{ adapter.dispatch('length', 'dbt')(expression) }}{% endmacro %}
{% macro default__length(expression) -%}
{{ 'len' if target.type in ('redshift', 'sqlserver', 'fabric') else 'length' }}({{ expression }})
{%- endmacro %}

{% macro position(substring_text, string_text) %}{{ adapter.dispatch('position', 'dbt')(substring_text, string_text) }}{% endmacro %}
{% macro default__position(substring_text, string_text) -%}
{%- if target.type == 'bigquery' -%} strpos({{ string_text }}, {{ substring_text }})
{%- elif target.type in ('sqlserver', 'fabric') -%} charindex({{ substring_text }}, {{ string_text }})
{%- else -%} position({{ substring_text }} in {{ string_text }})
{%- endif -%}
{%- endmacro %}

{% macro replace(field, old_chars, new_chars) %}{{ adapter.dispatch('replace', 'dbt')(field, old_chars, new_chars) }}{% endmacro %}
{% macro default__replace(field, old_chars, new_chars) -%}
replace({{ field }}, {{ old_chars }}, {{ new_chars }})
{%- endmacro %}

{% macro right(string_text, length_expression) %}{{ adapter.dispatch('right', 'dbt')(string_text, length_expression) }}{% endmacro %}
{% macro default__right(string_text, length_expression) -%}
{%- if target.type in ('bigquery', 'trino', 'athena') -%} substr({{ string_text }}, -1 * {{ length_expression }})
{%- else -%} right({{ string_text }}, {{ length_expression }})
{%- endif -%}
{%- endmacro %}

{% macro string_literal(value) %}{{ adapter.dispatch('string_literal', 'dbt')(value) }}{% endmacro %}
{% macro default__string_literal(value) -%} '{{ value }}' {%- endmacro %}

{% macro escape_single_quotes(expression) %}{{ adapter.dispatch('escape_single_quotes', 'dbt')(expression) }}{% endmacro %}
{% macro default__escape_single_quotes(expression) -%}
{{ expression | replace("'", "\\'") if target.type in ('bigquery', 'spark', 'databricks') else expression | replace("'", "''") }}
{%- endmacro %}

{% macro listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) %}{{ adapter.dispatch('listagg', 'dbt')(measure, delimiter_text, order_by_clause, limit_num) }}{% endmacro %}
{% macro default__listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
{%- if target.type in ('bigquery', 'postgres', 'duckdb', 'sqlserver') -%}
string_agg({{ measure }}, {{ delimiter_text }}{{ ' ' ~ order_by_clause if order_by_clause }})
{%- elif target.type in ('spark', 'databricks') -%}
array_join(collect_list({{ measure }}), {{ delimiter_text }})
{%- else -%}
listagg({{ measure }}, {{ delimiter_text }}){{ ' within group (' ~ order_by_clause ~ ')' if order_by_clause }}
{%- endif -%}
{%- endmacro %}
