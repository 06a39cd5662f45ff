//! Aggregates, windows and set operations.

use super::check;

#[test]
fn aggregates() {
    check(&[
        ("select count(customer_id) from orders", "never"),
        ("select sum(quantity) from lines", "AggregateOverNoRows"),
        ("select sum(quantity) from lines group by order_id", "never"),
        (
            "select sum(unit_price) from lines group by order_id",
            "unknown",
        ),
        ("select coalesce(sum(unit_price), 0) from lines", "never"),
        (
            "select sum(case when quantity > 1 then 1 end) from lines group by order_id",
            "CaseWithoutElse",
        ),
        (
            "select sum(quantity) filter (where quantity > 1) from lines group by order_id",
            "AggregateOverNoRows",
        ),
        (
            "select count(*) filter (where quantity > 1) from lines group by order_id",
            "never",
        ),
        (
            "select max(l.quantity) from orders o left join lines l on l.order_id = o.id group by o.id",
            "join of lines",
        ),
        (
            "select max(l.quantity) from orders o left join lines l on l.order_id = o.id group by o.id having count(l.order_id) > 0",
            "unknown",
        ),
        (
            "select max(l.quantity) from orders o left join lines l on l.order_id = o.id group by o.id having max(l.quantity) > 0",
            "never",
        ),
        (
            "select sum(quantity) from lines having count(*) > 0",
            "unknown",
        ),
        ("select max(x) from (select 1 as x)", "never"),
        // What is true of all rows is not true of no row.
        (
            "select sum(quantity) from lines where null",
            "AggregateOverNoRows",
        ),
        (
            "select sum(quantity) from lines where quantity > 1 and 1 = 2",
            "AggregateOverNoRows",
        ),
        (
            "select -sum(unit_price) from lines where unit_price is not null",
            "AggregateOverNoRows",
        ),
        (
            "select array_agg(quantity) from lines group by order_id",
            "never",
        ),
        ("select array_agg(quantity) from lines", "unknown"),
        (
            "select string_agg(unit_price, ',') from lines group by order_id",
            "unknown",
        ),
        (
            "select nobody_knows(quantity) from lines group by order_id",
            "unknown",
        ),
        // Keys.
        ("select status from orders group by status", "never"),
        (
            "select customer_id from orders group by customer_id",
            "unknown",
        ),
        (
            "select customer_id from orders group by customer_id having customer_id > 1",
            "never",
        ),
        (
            "select status from orders group by rollup (status)",
            "GroupingSets",
        ),
        (
            "select status from orders group by grouping sets ((status), (is_test))",
            "GroupingSets",
        ),
        (
            "select status from orders group by grouping sets ((status), (status, is_test))",
            "never",
        ),
        (
            "select status from orders group by rollup (status) having status is not null",
            "never",
        ),
        (
            "select sum(quantity) from lines group by rollup (order_id)",
            "unknown",
        ),
    ]);
}

#[test]
fn windows() {
    check(&[
        (
            "select row_number() over (order by id) from orders",
            "never",
        ),
        ("select lag(id) over (order by id) from orders", "lag"),
        (
            "select lag(id, 1, 0) over (order by id) from orders",
            "never",
        ),
        (
            "select lag(id, 1, customer_id) over (order by id) from orders",
            "unknown",
        ),
        (
            "select first_value(id) over (order by id) from orders",
            "never",
        ),
        (
            "select first_value(customer_id) over (order by id) from orders",
            "unknown",
        ),
        (
            "select nth_value(id, 2) over (order by id) from orders",
            "nth_value",
        ),
        (
            "select sum(quantity) over (partition by order_id) from lines",
            "never",
        ),
        (
            "select sum(unit_price) over (partition by order_id) from lines",
            "unknown",
        ),
        (
            "select sum(quantity) over (order by order_id rows between 3 preceding and 1 preceding) from lines",
            "EmptyFrame",
        ),
        (
            "select sum(quantity) over (order by order_id rows between 3 preceding and current row) from lines",
            "never",
        ),
        (
            "select count(*) over (order by order_id rows between 3 preceding and 1 preceding) from lines",
            "never",
        ),
        (
            "select max(customer_id) over (partition by status) from orders where customer_id > 1",
            "never",
        ),
        (
            "select max(customer_id) over (partition by status) from orders qualify customer_id > 1",
            "unknown",
        ),
        (
            "select sum(sum(quantity)) over () from lines group by order_id",
            "never",
        ),
    ]);
}

#[test]
fn set_operations() {
    check(&[
        (
            "select id from orders union all select id from customers",
            "never",
        ),
        ("select id from orders union all select null", "Null"),
        (
            "select id from orders union all select customer_id from orders",
            "unknown",
        ),
        (
            "select customer_id from orders union all select nullif(id, 1) from orders",
            "NullIf",
        ),
        (
            "select id from orders except select customer_id from orders",
            "never",
        ),
        (
            "select customer_id from orders except select id from orders",
            "unknown",
        ),
        (
            "select customer_id from orders intersect select id from orders",
            "never",
        ),
        ("select * from (values (1), (2)) as t(x)", "never"),
        ("select * from (values (1), (null)) as t(x)", "Null"),
        (
            "with recursive n as (select 1 as i union all select i + 1 from n where i < 9) select i from n",
            "never",
        ),
        (
            "with recursive n as (select 1 as i union all select nullif(i, 3) from n) select i from n",
            "NullIf",
        ),
        (
            "with recursive n as (select 1 as i, 2 as j union all select j, nobody_knows(i) from n) select i from n",
            "unknown",
        ),
    ]);
}

#[test]
fn the_larger_one_of_several_is_no_aggregate_that_is_known() {
    check(&[(
        "select max('a', customer_id) from orders group by id",
        "unknown",
    )]);
}
