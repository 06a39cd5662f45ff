with source as (

    select * from {{ source('raw', 'payments') }}

)

select
    id as payment_id,
    order_id,
    {{ cents_to_dollars('amount_cents') }} as amount,
    paid_at
from source
