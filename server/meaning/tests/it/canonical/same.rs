//! Pairs that mean the same on all data.

use super::each;
use sql::Dialect;

#[test]
fn expressions() {
    each(EXPRESSIONS, Dialect::Snowflake, true);
}

#[test]
fn conditions() {
    each(CONDITIONS, Dialect::Postgres, true);
}

#[test]
fn joins() {
    each(JOINS, Dialect::Postgres, true);
}

#[test]
fn subqueries() {
    each(SUBQUERIES, Dialect::Snowflake, true);
}

#[test]
fn grouping() {
    each(GROUPING, Dialect::Snowflake, true);
}

#[test]
fn sets() {
    each(SETS, Dialect::Postgres, true);
}

/// All pairs.
pub(super) const ALL: &[&str] = &[EXPRESSIONS, CONDITIONS, JOINS, SUBQUERIES, GROUPING, SETS];

const EXPRESSIONS: &str = "
select quantity * unit_price as a from lines
--
select l.unit_price * l.quantity as b from lines l

select (quantity * unit_price) * 2 from lines
--
select quantity * (2 * unit_price) from lines

select nvl(status, 'none') from orders
--
select coalesce(status, 'none') from orders

select ifnull(status, 'none') from orders
--
select case when status is null then 'none' else status end from orders

select coalesce(coalesce(status, 'a'), 'b') from orders
--
select coalesce(status, 'a') from orders

select iff(id > 1, 'x', 'y') from orders
--
select case when 1 < id then 'x' else 'y' end from orders

select case status when 'a' then 1 when 'b' then 2 end from orders
--
select case when status = 'a' then 1 when status = 'b' then 2 else null end from orders

select case when id = 1 then 'x' when id = 2 then 'x' else 'y' end from orders
--
select case when id in (1, 2) then 'x' else 'y' end from orders

select count(1) from orders
--
select count(*) from orders

select count_if(status = 'a') from orders
--
select count(case when status = 'a' then 1 end) from orders

select cast(id as varchar) from orders
--
select id::string from orders

select 2 + 3 * 4 from orders
--
select 14 from orders

select case when status = 'a' then null else status end from orders
--
select nullif(status, 'a') from orders

select case when id > 1 then 1 else case when id > 0 then 2 else 3 end end from orders
--
select case when id > 1 then 1 when id > 0 then 2 else 3 end from orders

select sum(quantity) over (partition by order_id, product_id order by order_id, unit_price) from lines
--
select sum(quantity) over (partition by product_id, order_id order by unit_price) from lines

select greatest(id, customer_id) from orders
--
select greatest(customer_id, id) from orders

select id as \"ID\" from orders
--
select ID from ORDERS
";

const CONDITIONS: &str = "
select id from orders where not (status = 'a' or is_test)
--
select id from orders where not is_test and status <> 'a'

select id from orders where id between 1 and 5
--
select id from orders where id <= 5 and id >= 1

select id from orders where status in ('a')
--
select id from orders where 'a' = status

select id from orders where status = 'a' or status = 'b'
--
select id from orders where status in ('b', 'a', 'b')

select id from orders where status <> 'a' and status <> 'b'
--
select id from orders where status not in ('a', 'b')

select id from orders where is_test = true and true
--
select id from orders where is_test

select id from orders where is_test is true
--
select id from orders where is_test

select id from orders where coalesce(is_test, false)
--
select id from orders where is_test

select id from orders where is_test = false
--
select id from orders where not is_test

select id from orders where id > 1 and id > 2 and id > 1
--
select id from orders where 2 < id

select id from orders where id = 1 and id is not null
--
select id from orders where id = 1

select sum(case when status = 'a' then id end) from orders
--
select sum(id) filter (where status = 'a') from orders

select id from orders where not (id < 3)
--
select id from orders where id >= 3

select id from orders where id = 1.0
--
select id from orders where id = 1

select id from orders where id + 1 = 3
--
select id from orders where id = 2

select id from orders where case when id > 1 then true else false end
--
select id from orders where id > 1

select id from orders where ordered_at >= date '2024-01-01' + interval '1 month'
--
select id from orders where ordered_at >= date '2024-02-01'

select id from orders where (id = 1 or status = 'a') and (status = 'a' or id = 1 or is_test)
--
select id from orders where status = 'a' or id = 1
";

const JOINS: &str = "
select o.id from orders o join lines l on l.order_id = o.id and l.quantity > 1
--
select o.id from lines as l, orders as o where o.id = l.order_id and 1 < l.quantity

select o.id, c.name from orders o left join customers c on c.id = o.customer_id
--
select o.id, c.name from customers c right join orders o on o.customer_id = c.id

select o.id, c.name, l.quantity from orders o left join customers c on c.id = o.customer_id join lines l on l.order_id = o.id
--
select o.id, c.name, l.quantity from lines l join orders o on l.order_id = o.id left join customers c on o.customer_id = c.id

select a.id from orders a join orders b on a.id = b.customer_id where a.status = 'x'
--
select z.id from orders y cross join orders z where z.id = y.customer_id and z.status = 'x'

with parts as (select id, status from orders union all select id, name from customers), whole as (select count(id) as n from parts) select status, id / n as share from parts cross join whole
--
with parts as (select id, status from orders union all select id, name from customers) select status, id / (select count(id) from parts) as share from parts

select o.id from orders o left join customers c on c.id = o.customer_id where c.country = 'NL'
--
select o.id from orders o join customers c on c.id = o.customer_id where c.country = 'NL'

select id, o.status, c.name from orders o join customers c using (id)
--
select o.id, o.status, c.name from orders o join customers c on o.id = c.id

select coalesce(o.id, c.id) as id from orders o full join customers c on o.id = c.id
--
select id from customers c full outer join orders o using (id) where true

select l.order_id from orders o join lines l on l.order_id = o.id
--
select o.id from orders o join lines l on l.order_id = o.id

select o.id from orders o where exists (select 1 from lines l where l.order_id = o.id)
--
select id from orders where id in (select order_id from lines)

select o.id from orders o where exists (select * from lines l where l.order_id = o.id limit 1)
--
select o.id from orders o where exists (select distinct product_id from lines l where o.id = l.order_id)

select o.id, t.total from orders o left join (select order_id, sum(quantity) as total from lines group by order_id) t on t.order_id = o.id
--
select o.id, (select sum(quantity) from lines l where l.order_id = o.id) as total from orders o

select o.id, coalesce(t.n, 0) as n from orders o left join (select order_id, count(*) as n from lines group by 1) t on t.order_id = o.id
--
select o.id, (select count(*) from lines l where l.order_id = o.id) as n from orders o

select o.id from orders o left join (select order_id, sum(quantity) as total from lines group by order_id) t on t.order_id = o.id
--
select id from orders

select a.id, b.id from orders a join orders b on a.customer_id = b.customer_id and a.id < b.id
--
select x.id, y.id from orders y join orders x on y.customer_id = x.customer_id and y.id > x.id
";

const SUBQUERIES: &str = "
with o as (select id, status from orders where not is_test) select id from o where status = 'a'
--
select id from orders where status = 'a' and not is_test

with o as (select * from orders), final as (select id, status from o) select * from final
--
select id, status from orders

with l as (select order_id, quantity * unit_price as amount from lines) select order_id, sum(amount) as amount from l group by 1
--
select order_id, sum(unit_price * quantity) as amount from lines group by order_id

with l as (select order_id, sum(quantity) as q from lines group by 1) select * from l where q > 10
--
select order_id, sum(quantity) as q from lines group by order_id having sum(quantity) > 10

with l as (select order_id, sum(quantity) as q from lines group by 1) select order_id, q from l where order_id = 5
--
select order_id, sum(quantity) as q from lines where order_id = 5 group by order_id

with r as (select *, row_number() over (partition by customer_id order by ordered_at desc) as rn from orders) select id, status from r where rn = 1
--
select id, status from orders qualify row_number() over (partition by customer_id order by ordered_at desc) = 1

with r as (select id, status, row_number() over (partition by customer_id order by ordered_at desc) as rn from orders) select id from r where rn <= 1
--
select id from (select *, row_number() over (partition by customer_id order by ordered_at desc) as n from orders) where 1 = n

with c as (select id, upper(name) as name from customers where country = 'NL') select o.id, c.name from orders o left join c on c.id = o.customer_id
--
select o.id, upper(c.name) as name from orders o left join customers c on c.id = o.customer_id and c.country = 'NL'

with a as (select id from orders), b as (select id from a) select x.id, y.id as other from b x join b y on x.id = y.id
--
select o.id, p.id as other from orders o, orders p where o.id = p.id

select id from (select id, ordered_at, sum(id) over (order by ordered_at) as unused from orders)
--
select id from orders

select id from (select * from orders order by ordered_at) order by id
--
select id from orders

select * from (select id, status from orders limit 5)
--
select id, status from orders limit 5
";

const GROUPING: &str = "
select distinct status, customer_id from orders
--
select status, customer_id from orders group by customer_id, status

select status, count(*) from orders group by 1 having status = 'a' and count(*) > 1
--
select status, count(*) from orders where status = 'a' group by status having 1 < count(*)

select distinct status, count(*) from orders group by status
--
select status, count(*) from orders group by status

select status, customer_id, count(*) from orders group by all
--
select status, customer_id, count(*) from orders group by customer_id, 1

select id from orders qualify row_number() over (partition by customer_id order by id) = 1 and customer_id > 3
--
select id from orders where customer_id > 3 qualify row_number() over (partition by customer_id order by id) < 2

select count(distinct status), max(id), max(distinct id) from orders
--
select count(distinct status), max(distinct id), max(id) from orders
";

const SETS: &str = "
select id, name from customers union all select id, status from orders
--
select id as x, status as y from orders union all select id, name from customers

select id from customers union all (select id from orders union all select order_id from lines)
--
(select order_id from lines union all select id from customers) union all select id from orders

select distinct * from (select id from customers union all select id from orders) u
--
select id from orders union select distinct id from customers

select u.id from (select id, name from customers union all select id, status from orders) u where u.id > 3
--
select id from customers where id > 3 union all select id from orders where id > 3

select id from customers intersect select id from orders
--
select id from orders intersect select id from customers
";
