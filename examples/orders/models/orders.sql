-- One row for each order that has at least one line; see amendments 1 and no-test-orders.
WITH amounts AS (
    SELECT
        order_id,
        SUM(quantity * unit_price) AS amount
    FROM raw.order_lines
    GROUP BY order_id
)

SELECT
    orders.id AS order_id,
    orders.customer_id,
    orders.ordered_at,
    CAST(COALESCE(amounts.amount, 0) AS DECIMAL(10, 2)) AS order_amount,
    orders.coupon AS coupon_code,
    orders.ship_to AS shipping_country,
    -- rationale: ignore undocumented-column because it only tells the nightly sync where to go on
    orders.updated_at AS _updated_at
FROM raw.orders AS orders
JOIN amounts ON amounts.order_id = orders.id
WHERE NOT orders.is_test
