//! Pairs that look alike and differ on some data.

use super::each;
use sql::Dialect;

#[test]
fn expressions() {
    each(EXPRESSIONS, Dialect::Snowflake, false);
}

#[test]
fn conditions() {
    each(CONDITIONS, Dialect::Postgres, false);
}

#[test]
fn joins() {
    each(JOINS, Dialect::Postgres, false);
}

#[test]
fn subqueries() {
    each(SUBQUERIES, Dialect::Snowflake, false);
}

#[test]
fn grouping() {
    each(GROUPING, Dialect::Snowflake, false);
}

#[test]
fn sets() {
    each(SETS, Dialect::Postgres, false);
}

#[test]
fn queries_handed_to_table_functions() {
    each(TABLE_FUNCTIONS, Dialect::Trino, false);
}

const EXPRESSIONS: &str = "
select quantity - unit_price from lines
--
select unit_price - quantity from lines

select quantity / unit_price from lines
--
select unit_price / quantity from lines

select status + country from orders, customers
--
select country + status from orders, customers

select coalesce(status, 'a') from orders
--
select coalesce('a', status) from orders

select case when id > 1 then 1 when id > 0 then 2 end from orders
--
select case when id > 0 then 2 when id > 1 then 1 end from orders

select case when id > 1 then 'x' else 'y' end from orders
--
select case when not id > 1 then 'y' else 'x' end from orders

select sum(case when status = 'a' then id else 0 end) from orders
--
select sum(case when status = 'a' then id end) from orders

select count(status) from orders
--
select count(*) from orders

select sum(distinct id) from orders
--
select sum(id) from orders

select cast(id as integer) from orders
--
select try_cast(id as integer) from orders

select id / 2 from orders
--
select id / 2.0 from orders

select is_test from orders
--
select coalesce(is_test, false) from orders

select status = 'a' or not status = 'a' from orders
--
select true from orders

select upper(status) from orders
--
select lower(status) from orders

select row_number() over (partition by customer_id order by id) from orders
--
select row_number() over (partition by customer_id order by id desc) from orders

select sum(id) over (partition by customer_id) from orders
--
select sum(id) over (order by customer_id) from orders

select 'A' from orders
--
select 'a' from orders

select id, status from orders
--
select status, id from orders
";

const CONDITIONS: &str = "
select id from orders where id > 1
--
select id from orders where id >= 1

select id from orders where not is_test
--
select id from orders where is_test is not true

select id from orders where status <> 'a'
--
select id from orders where status is distinct from 'a'

select id from orders where status = 'a' and is_test or id = 1
--
select id from orders where status = 'a' and (is_test or id = 1)

select id from orders where status not in ('a', 'b')
--
select id from orders where not (status = 'a' and status = 'b')

select id from orders where id > 1 or id > 2
--
select id from orders where id > 2

select id from orders where status is null
--
select id from orders where status = null

select id from orders where status like 'a%'
--
select id from orders where status ilike 'a%'

select id from orders where is_test or not is_test
--
select id from orders

select id from orders where coalesce(id, 1) = 1
--
select id from orders where id = 1

select id from orders where ordered_at >= date '2024-01-31' + interval '1 month'
--
select id from orders where ordered_at >= date '2024-03-02'

select id from orders where id in (select order_id from lines)
--
select id from orders where id not in (select order_id from lines)

select id from orders where (status = 'a' and is_test) or (status = 'a' and not is_test)
--
select id from orders where status = 'a'
";

const JOINS: &str = "
select o.id from orders o join customers c on c.id = o.customer_id
--
select o.id from orders o left join customers c on c.id = o.customer_id

select o.id, c.name from orders o left join customers c on c.id = o.customer_id and c.country = 'NL'
--
select o.id, c.name from orders o left join customers c on c.id = o.customer_id where c.country = 'NL'

select o.id, c.name from orders o left join customers c on c.id = o.customer_id
--
select o.id, c.name from customers c left join orders o on c.id = o.customer_id

select c.id from orders o left join customers c on c.id = o.customer_id
--
select o.customer_id from orders o left join customers c on c.id = o.customer_id

select a.id from orders a join orders b on a.id = b.customer_id where a.status = 'x'
--
select a.id from orders a join orders b on a.id = b.customer_id where b.status = 'x'

select a.id from orders a join orders b on a.id = b.customer_id
--
select b.id from orders a join orders b on a.id = b.customer_id

select o.id from orders o where exists (select 1 from orders p where p.customer_id = o.id)
--
select o.id from orders o where exists (select 1 from orders p where o.customer_id = p.id)

select o.id from orders o join lines l on l.order_id = o.id
--
select o.id from orders o where exists (select 1 from lines l where l.order_id = o.id)

select o.id from orders o join lines l on l.order_id = o.id
--
select o.id from orders o

select o.id from orders o where not exists (select 1 from lines l where l.order_id = o.id)
--
select o.id from orders o where o.id not in (select l.order_id from lines l)

select o.id, t.n from orders o left join (select order_id, count(*) as n from lines group by 1) t on t.order_id = o.id
--
select o.id, (select count(*) from lines l where l.order_id = o.id) as n from orders o

select o.id, t.total from orders o left join (select order_id, sum(quantity) as total from lines group by order_id) t on t.order_id = o.id
--
select o.id, t.total from orders o join (select order_id, sum(quantity) as total from lines group by order_id) t on t.order_id = o.id

select o.id from orders o left join (select order_id, product_id, sum(quantity) as total from lines group by 1, 2) t on t.order_id = o.id
--
select id from orders

select o.id from orders o full join customers c on o.id = c.id
--
select o.id from orders o left join customers c on o.id = c.id

select a.id, b.id from orders a join orders b on a.customer_id = b.customer_id and a.id < b.id
--
select b.id, a.id from orders a join orders b on a.customer_id = b.customer_id and a.id < b.id

select o.id, coalesce(c.id, o.customer_id) as k from orders o left join customers c on c.name = o.status
--
select o.id, o.customer_id as k from orders o left join customers c on c.name = o.status
";

const SUBQUERIES: &str = "
with c as (select id, 1 as flag from customers) select o.id, c.flag from orders o left join c on c.id = o.customer_id
--
select o.id, 1 as flag from orders o left join customers c on c.id = o.customer_id

with c as (select id, coalesce(name, 'none') as name from customers) select o.id, c.name from orders o left join c on c.id = o.customer_id
--
select o.id, coalesce(c.name, 'none') as name from orders o left join customers c on c.id = o.customer_id

select id from (select id, row_number() over (partition by customer_id order by id) as rn from orders) where rn = 1 and id > 3
--
select id from (select id, row_number() over (partition by customer_id order by id) as rn from orders where id > 3) where rn = 1

select id from (select * from orders limit 5) where id > 3
--
select id from orders where id > 3 limit 5

select id from (select distinct id, status from orders)
--
select distinct id from orders

select sum(n) from (select count(*) as n from lines group by order_id)
--
select count(*) from lines group by order_id

select max(total) from (select sum(quantity) as total from lines group by order_id)
--
select max(total) from (select sum(quantity) as total from lines group by product_id)

select id from orders order by id limit 5
--
select id from orders order by id desc limit 5

select a.id from (select id from orders qualify row_number() over (partition by status order by id) = 1) a
--
select a.id from (select id from orders qualify row_number() over (partition by status order by id) = 2) a

select order_id, q from (select order_id, sum(quantity) as q from lines group by 1) where q > 1
--
select order_id, sum(quantity) as q from lines where quantity > 1 group by order_id

select x.r, x.r as s from (select random() as r from orders) x
--
select random() as r, random() as s from orders

select id from (select id, sum(id) over (order by id) as s from orders) where s > 10
--
select id from (select id, sum(id) over (order by status) as s from orders) where s > 10
";

const GROUPING: &str = "
select status from orders
--
select distinct status from orders

select status, count(*) from orders group by status
--
select status, count(*) from orders group by status, customer_id

select count(*) from orders
--
select count(*) from orders group by status

select count(*) from orders group by 'x'
--
select count(*) from orders

select status, count(*) from orders group by status having count(*) > 1
--
select status, count(*) from orders group by status having count(*) >= 1

select status, count(*) from orders group by rollup (status, customer_id)
--
select status, count(*) from orders group by cube (status, customer_id)

select status, sum(id) from orders where id > 1 group by status
--
select status, sum(id) from orders group by status having sum(id) > 1

select id from orders qualify row_number() over (partition by customer_id order by id) = 1 and status = 'a'
--
select id from orders where status = 'a' qualify row_number() over (partition by customer_id order by id) = 1

select id from orders qualify rank() over (partition by customer_id order by ordered_at) = 1
--
select id from orders qualify row_number() over (partition by customer_id order by ordered_at) = 1
";

const SETS: &str = "
select id from customers union all select id from orders
--
select id from customers union select id from orders

select id from customers except select id from orders
--
select id from orders except select id from customers

select id from customers union all select id from customers
--
select id from customers

select id, name from customers union all select id, status from orders
--
select id, name from customers union all select customer_id, status from orders

select id, name from customers union all select id, status from orders
--
select id, status from orders union all select name, id from customers

select u.id from (select id, name from customers union select id, status from orders) u
--
select id from customers union select id from orders

select id from customers union (select id from orders union all select order_id from lines)
--
select id from customers union all (select id from orders union select order_id from lines)
";

const TABLE_FUNCTIONS: &str = "
select * from table(decode(kind => 'x', input => table(select id, status from orders)))
--
select * from table(decode(kind => 'x', input => table(select id, status as state from orders)))

select * from table(decode(kind => 'x', input => table(select id from orders)))
--
select * from table(decode(kind => 'x', input => table(select id from orders where id > 1)))

select * from table(decode(input => table(select id, status from orders)))
--
select * from table(decode(input => table(select id, customer_id as status from orders)))
";
