SELECT
    bills.number AS invoice_id,
    orders.order_id,
    orders.order_amount AS amount_due,
    bills.sent_at
FROM raw.bills AS bills
JOIN orders ON orders.order_id = bills.order_id
