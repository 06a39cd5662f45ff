//! Queries as people might write them, only more so: each is answered in a bounded time.

use super::random::Random;
use super::tables::contents;
use meaning::canonical::{canonical, normalized};
use meaning::derive::{Grain, NoFacts, Nullabilities, Types};
use meaning::difference::{Version, difference};
use meaning::evaluate::{Budget, run};
use meaning::lineage::lineage;
use meaning::witness::Facts;
use sql::lower::{NoCatalog, lower};
use sql::relation::Query;
use sql::{Dialect, Options, Templating};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Parts of a text, one for each number, put together.
fn each(count: usize, between: &str, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(between)
}

fn columns(count: usize) -> String {
    each(count, ", ", |number| format!("c{number}"))
}

/// CTEs, each over the ones before.
fn ctes(count: usize, first: &str, part: impl Fn(usize) -> String) -> String {
    let others = each(count - 1, ", ", |number| {
        format!("q{} as ({})", number + 1, part(number + 1))
    });
    format!(
        "with q0 as ({first}), {others} select * from q{}",
        count - 1
    )
}

/// The queries with their names.
pub(crate) fn queries() -> Vec<(&'static str, String)> {
    let two_before = |number: usize| (number - 1, number.saturating_sub(2));
    vec![
        ("60 CTEs, each joins the two before", ctes(60, "select id, v, w from t", |number| {
            let (one, two) = two_before(number);
            format!("select a.id, a.v + b.w as v, b.w from q{one} a join q{two} b on a.id = b.id where a.v > {number}")
        })),
        ("60 CTEs, each left joins the two before", ctes(60, "select id, v, w from t", |number| {
            let (one, two) = two_before(number);
            format!("select a.id, coalesce(a.v, b.v) as v, case when b.w > 1 then a.w else b.w end as w from q{one} a left join q{two} b on a.id = b.id")
        })),
        ("60 CTEs, each unites the two before", ctes(60, "select id, v from t", |number| {
            let (one, two) = two_before(number);
            format!("select id, v from q{one} union all select id, v + {number} from q{two} where v > 0")
        })),
        ("60 CTEs, each groups the join of the two before", ctes(60, "select id, v from t", |number| {
            let (one, two) = two_before(number);
            format!("select a.id, sum(b.v) as v from q{one} a join q{two} b on a.id = b.id group by a.id")
        })),
        ("60 CTEs, each asks the two before", ctes(60, "select id, v from t", |number| {
            let (one, two) = two_before(number);
            format!("select id, v from q{one} where id in (select id from q{two}) and exists (select 1 from q{two} x where x.v = q{one}.v)")
        })),
        ("60 CTEs, each takes a scalar from the two before", ctes(60, "select id, v from t", |number| {
            let (one, two) = two_before(number);
            format!("select id, (select max(v) from q{two} x where x.id = q{one}.id) + v as v from q{one}")
        })),
        ("60 CTEs, each distinct over the two before", ctes(60, "select id, v from t", |number| {
            let (one, two) = two_before(number);
            format!("select distinct a.id, b.v from q{one} a full join q{two} b using (id)")
        })),
        ("60 CTEs with a window over the one before", ctes(60, "select id, v from t", |number| {
            format!("select id, sum(v) over (partition by id order by v) as v from q{} qualify row_number() over (partition by id order by v) = 1", number - 1)
        })),
        ("200 branches of 100 columns", each(200, " union all ", |number| format!("select {} from t{number}", columns(100)))),
        ("200 branches of 100 columns, as a CTE read by another", format!(
            "with u as ({}) select {}, count(*) as n from u where c0 > 1 group by {}",
            each(200, " union all ", |number| format!("select {} from t{number}", columns(100))), columns(50), columns(50)
        )),
        ("200 distinct branches of 100 columns", each(200, " union ", |number| format!("select {} from t{number} where c1 = {number}", columns(100)))),
        ("500 columns through 20 stars", ctes(20, &format!("select {} from t", columns(500)), |number| {
            format!("select * from q{} where c{number} > {number}", number - 1)
        })),
        ("500 computed columns through 20 stars", ctes(20, &format!("select {} from t", each(500, ", ", |number| format!("coalesce(a{number}, b{number}) + {number} as c{number}"))), |number| {
            format!("select *, c1 + c2 as d{number} from q{} where c{number} > {number}", number - 1)
        })),
        ("500 columns through 20 left joins", ctes(20, &format!("select id, {} from t", columns(500)), |number| {
            format!("select q{0}.*, j.x{number} from q{0} left join j on j.id = q{0}.id", number - 1)
        })),
        ("500 columns grouped and joined 20 times", ctes(20, &format!("select id, {} from t", columns(500)), |number| {
            format!("select id, {} from q{} group by id", each(500, ", ", |column| format!("max(c{column}) as c{column}")), number - 1)
        })),
        ("30 joins", format!("select {} from t t0 {}", each(30, ", ", |number| format!("t{number}.v as v{number}")), each(29, " ", |number| format!("join t t{0} on t{0}.id = t{number}.id and t{0}.w > {number}", number + 1)))),
        ("30 left joins", format!("select {} from t t0 {}", each(30, ", ", |number| format!("t{number}.v as v{number}")), each(29, " ", |number| format!("left join t t{0} on t{0}.id = t{number}.id and t{0}.w > {number}", number + 1)))),
        ("30 full joins using", format!("select id, {} from t t0 {}", each(30, ", ", |number| format!("t{number}.v as v{number}")), each(29, " ", |number| format!("full join t t{} using (id)", number + 1)))),
        ("200 table functions over what is before", format!("select o.id, c.name from orders as o, {}", each(200, ", ", |number| format!("f{number}(xn{number}) as g{number}")))),
        ("60 table functions, each of the one before twice", format!("select g59.x from t as g, lateral f(g.x) as g0, {}", each(59, ", ", |number| format!("lateral f(g{number}.x, g{number}.x) as g{}", number + 1)))),
        ("30 inner and left joins in turn", format!("select {} from t t0 {} where t3.v = t9.v and t4.v > 1", each(30, ", ", |number| format!("t{number}.v as v{number}")), each(29, " ", |number| format!("{} join u{0} t{1} on t{1}.id = t{0}.id and t0.w = t{1}.w", number, number + 1).replacen(&number.to_string(), if number % 2 == 0 { "left" } else { "inner" }, 1)))),
        ("30 tables by comma", format!("select t0.v from {} where {}", each(30, ", ", |number| format!("t t{number}")), each(29, " and ", |number| format!("t{number}.id = t{}.id", number + 1)))),
        ("12 aliases that double by CASE", format!("select v as a0, {} from t", each(12, ", ", |number| format!("case when a{number} > {number} then a{number} + 1 else a{number} - 1 end as a{}", number + 1)))),
        ("9 nested CASE that double", (0..9).fold("v".to_owned(), |inner, number| format!("case when w = {number} then {inner} when x > {number} then y else {inner} end")).replacen("case", "select case", 1) + " as c from t"),
        ("40 CTEs that double by CASE", ctes(40, "select id, v from t", |number| {
            format!("select id, case when v > {number} then v + 1 when v < 0 then v * 2 else v end as v from q{}", number - 1)
        })),
        ("30 levels of OR and AND", {
            let condition = (0..30).fold("v = 0".to_owned(), |inner, number| format!("(v = {number} and ({inner} or w = {number}))"));
            format!("select v from t where {condition}")
        }),
        ("16 disjunctions of conjunctions", format!("select v from t where {}", each(16, " and ", |number| format!("(a{number} = 1 and b{number} = 2 or c{number} = 3 and d{number} is null)")))),
        ("1500 values in a list", format!("select v from t where w in ({}) or x not in ({})", each(1500, ", ", |number| number.to_string()), each(1500, ", ", |number| format!("'{number}'")))),
        ("1500 conjuncts", format!("select v from t where {}", each(1500, " and ", |number| format!("c{number} <> {number}")))),
        ("1500 disjuncts", format!("select v from t where {}", each(1500, " or ", |number| format!("(c{} = {number} and d > {number})", number % 7)))),
        ("1500 branches of CASE", format!("select case {} end as c from t", each(1500, " ", |number| format!("when v = {number} then 'x{number}'")))),
        ("a sum of 1500", format!("select {} as c from t", each(1500, " + ", |number| format!("coalesce(c{number}, {number})")))),
        ("1000 columns pivoted by CASE", format!("select id, {} from t group by id", each(1000, ", ", |number| format!("sum(case when k = {number} then v else 0 end) as k{number}")))),
        ("300 windows", format!("select {} from t", each(300, ", ", |number| format!("lag(c{number}) over (partition by id order by at, c{number}) as c{number}")))),
        ("cube of 12", format!("select {0}, count(*) as n from t group by cube ({0})", columns(12))),
        ("rollup of 60", format!("select {0}, count(*) as n from t group by rollup ({0})", columns(60))),
        ("1000 rows of values", format!("select * from (values {}) as v (a, b, c, d)", each(1000, ", ", |number| format!("({number}, 'x{number}', null, {number}.5)")))),
        ("30 levels of subqueries in FROM", (0..30).fold("select id, v, w from t".to_owned(), |inner, number| format!("select s.id, s.v + {number} as v, s.w from ({inner}) s join t u on u.id = s.id where s.w > {number}"))),
        ("25 levels of IN", (0..25).fold("select id from t".to_owned(), |inner, number| format!("select id from t where v = {number} and id in ({inner})"))),
        ("12 levels of two IN each", (0..9).fold("select id from t".to_owned(), |inner, number| format!("select id from t where v = {number} and id in ({inner}) and w not in ({inner})"))),
        ("9 levels of EXISTS over two derived tables each", (0..9).fold("select id from t".to_owned(), |inner, number| format!("select a.id from ({inner}) a, ({inner}) b where a.v = {number} and exists (select 1 from u where u.id = b.id)"))),
        ("60 left joins, each of all that follows", format!("select t0.v from t t0 {} {}", each(60, " ", |number| format!("left join t t{}", number + 1)), each(60, " ", |number| format!("on t{}.id = t{}.id", 60 - number, 59 - number)))),
        ("700 tables by comma, and one beside each", format!("select o.id, l.n from orders o, {}, lateral (select * from (select count(*) as n from lines where lines.order_id = o.id) x) as l", each(700, ", ", |number| format!("t n{number}")))),
        ("30 recursive CTEs", format!("with recursive {} select * from r29", each(30, ", ", |number| {
            let before = if number == 0 { "t".to_owned() } else { format!("r{}", number - 1) };
            format!("r{number} as (select id, p from {before} union all select x.id, r.p from {before} x join r{number} r on x.p = r.id)")
        }))),
    ]
}

/// What each step takes for a query.
pub(crate) fn measured(text: &str) -> Vec<(&'static str, Duration)> {
    let options = Options {
        dialect: Dialect::Snowflake,
        templating: Templating::None,
    };
    let mut times = Vec::new();
    let query: Query = time("lower", &mut times, || lower(text, &options, &NoCatalog))
        .remove(0)
        .query;
    time("lineage", &mut times, || lineage(&query, &|_, _| false));
    time("nullability", &mut times, || {
        drop(Nullabilities::new(&query, &NoFacts))
    });
    time("types", &mut times, || drop(Types::new(&query, &NoFacts)));
    time("grain", &mut times, || {
        Grain::new(&query, &NoFacts).fan_out(query.root)
    });
    let form = time("canonical", &mut times, || canonical(&query));
    time("normalized", &mut times, || normalized(&query));
    time("print", &mut times, || {
        for column in &form.columns {
            assert!(!column.meaning.to_string().is_empty());
        }
        for clause in &form.rows.clauses {
            assert!(!clause.meaning.to_string().is_empty());
        }
    });
    let none = |_: &_| None;
    let version = |query| Version {
        query,
        upstream: &none,
    };
    time("difference", &mut times, || {
        difference(&version(&query), &version(&query), &Facts::default())
    });
    let tables = contents(&query, &mut Random::of(1, 1));
    time("evaluate", &mut times, || {
        run(&query, &tables, &mut Budget::of(100_000)).is_ok()
    });
    times
}

fn time<T>(
    name: &'static str,
    times: &mut Vec<(&'static str, Duration)>,
    step: impl FnOnce() -> T,
) -> T {
    let start = clock();
    let result = step();
    times.push((name, clock().saturating_sub(start)));
    result
}

/// What this thread has computed so far, where the system tells: others may keep the machine busy.
fn clock() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let own = std::fs::read_to_string("/proc/thread-self/schedstat");
    let nanos = own.ok().and_then(|own| own.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}
