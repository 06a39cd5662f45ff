{# Points in time, and what is counted from them. #}

{% macro current_timestamp() %}{{ adapter.dispatch('current_timestamp', 'dbt')() }}{% endmacro %}
{% macro default__current_timestamp() -%}
{%- if target.type in ('bigquery', 'spark', 'databricks') -%} current_timestamp()
{%- elif target.type == 'snowflake' -%} convert_timezone('UTC', current_timestamp())
{%- elif target.type in ('postgres', 'duckdb', 'clickhouse') -%} now()
{%- elif target.type == 'redshift' -%} getdate()
{%- elif target.type in ('sqlserver', 'fabric') -%} sysdatetime()
{%- else -%} current_timestamp
{%- endif -%}
{%- endmacro %}
{% macro current_timestamp_backcompat() %}{{ dbt.current_timestamp() }}{% endmacro %}
{% macro current_timestamp_in_utc_backcompat() %}{{ dbt.current_timestamp() }}{% endmacro %}

{% macro dateadd(datepart, interval, from_date_or_timestamp) %}{{ adapter.dispatch('dateadd', 'dbt')(datepart, interval, from_date_or_timestamp) }}{% endmacro %}
{% macro default__dateadd(datepart, interval, from_date_or_timestamp) -%}
{%- if target.type == 'bigquery' -%}
datetime_add(cast({{ from_date_or_timestamp }} as datetime), interval {{ interval }} {{ datepart }})
{%- elif target.type in ('trino', 'athena') -%}
date_add('{{ datepart }}', {{ interval }}, {{ from_date_or_timestamp }})
{%- elif target.type in ('postgres', 'spark') -%}
{{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))
{%- elif target.type == 'duckdb' -%}
date_add({{ from_date_or_timestamp }}, interval ({{ interval }}) {{ datepart }})
{%- else -%}
dateadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endif -%}
{%- endmacro %}

{% macro datediff(first_date, second_date, datepart) %}{{ adapter.dispatch('datediff', 'dbt')(first_date, second_date, datepart) }}{% endmacro %}
{% macro default__datediff(first_date, second_date, datepart) -%}
{%- if target.type == 'bigquery' -%}
datetime_diff(cast({{ second_date }} as datetime), cast({{ first_date }} as datetime), {{ datepart }})
{%- elif target.type in ('trino', 'athena', 'duckdb') -%}
date_diff('{{ datepart }}', {{ first_date }}, {{ second_date }})
{%- elif target.type == 'postgres' and datepart == 'day' -%}
(({{ second_date }})::date - ({{ first_date }})::date)
{%- elif target.type == 'postgres' -%}
date_diff('{{ datepart }}', ({{ first_date }})::timestamp, ({{ second_date }})::timestamp)
{%- else -%}
datediff({{ datepart }}, {{ first_date }}, {{ second_date }})
{%- endif -%}
{%- endmacro %}

{% macro date_trunc(datepart, date) %}{{ adapter.dispatch('date_trunc', 'dbt')(datepart, date) }}{% endmacro %}
{% macro default__date_trunc(datepart, date) -%}
{%- if target.type == 'bigquery' -%}
timestamp_trunc(cast({{ date }} as timestamp), {{ datepart }})
{%- elif target.type in ('sqlserver', 'fabric') -%}
datetrunc({{ datepart }}, {{ date }})
{%- else -%}
date_trunc('{{ datepart }}', {{ date }})
{%- endif -%}
{%- endmacro %}

{% macro last_day(date, datepart) %}{{ adapter.dispatch('last_day', 'dbt')(date, datepart) }}{% endmacro %}
{% macro default__last_day(date, datepart) -%}
cast({{ dbt.dateadd('day', '-1', dbt.dateadd(datepart, '1', dbt.date_trunc(datepart, date))) }} as date)
{%- endmacro %}

{% macro date(year, month, day) -%}
{%- if target.type in ('bigquery', 'spark', 'databricks') -%} {{ 'date' if target.type == 'bigquery' else 'make_date' }}({{ year }}, {{ month }}, {{ day }})
{%- elif target.type == 'snowflake' -%} date_from_parts({{ year }}, {{ month }}, {{ day }})
{%- else -%} cast('{{ '%04d-%02d-%02d' | format(year, month, day) }}' as date)
{%- endif -%}
{%- endmacro %}

{% macro get_powers_of_two(upper_bound) %}
{%- for power in range(1, 100) if 2 ** power >= upper_bound and 2 ** (power - 1) < upper_bound -%}
{{ return(power) }}
{%- endfor -%}
{{ return(1) }}
{% endmacro %}

{% macro generate_series(upper_bound) %}{{ adapter.dispatch('generate_series', 'dbt')(upper_bound) }}{% endmacro %}
{% macro default__generate_series(upper_bound) %}
select row_number() over (order by 1) as generated_number from {{ __unknown('numbers') }}
{% endmacro %}

{% macro get_intervals_between(start_date, end_date, datepart) %}{{ return(__unknown('get_intervals_between()')) }}{% endmacro %}

{% macro date_spine(datepart, start_date, end_date) %}{{ adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date) }}{% endmacro %}
{% macro default__date_spine(datepart, start_date, end_date) %}
with numbers as (
    select row_number() over (order by 1) as generated_number from {{ __unknown('numbers') }}
),
all_periods as (
    select ({{ dbt.dateadd(datepart, 'generated_number - 1', start_date) }}) as date_{{ datepart }}
    from numbers
)
select date_{{ datepart }} from all_periods where date_{{ datepart }} <= {{ end_date }}
{% endmacro %}
