{{ config(materialized='incremental', unique_key='paid_on') }}

select
    cast(paid_at as date) as paid_on,
    count(*) as payment_count,
    sum(amount) as amount
from {{ ref('stg_payments') }}
{% if is_incremental() %}
where paid_at >= (select max(paid_on) from {{ this }})
{% endif %}
group by 1
