//! Any text is lowered, and its lineage told, soon and without overflowing the stack.

use meaning::lineage::lineage;
use sql::lower::{Lowered, NoCatalog, lower};
use sql::relation::{Expression, Grouping, Unknown};
use sql::{Dialect, Options, Templating};

/// As large as the stack of the threads that read files.
const STACK: usize = 64 << 20;

fn lowered(text: String, dialect: Dialect) -> Vec<Lowered> {
    let read = move || {
        let options = Options {
            dialect,
            templating: Templating::None,
        };
        let lowered = lower(&text, &options, &NoCatalog);
        for one in lowered.iter().take(3) {
            lineage(&one.query, &|_, _| false);
        }
        lowered
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(read);
    thread.unwrap().join().unwrap()
}

/// How many parts all expressions of the query have together.
fn size(lowered: &Lowered) -> usize {
    let mut parts = 0;
    for relation in &lowered.query.relations {
        if let Some(select) = relation.select() {
            select.for_each_expression(&mut |expression| expression.for_each(&mut |_| parts += 1));
        }
    }
    parts
}

#[test]
fn deep_and_long_texts() {
    let parts = [
        ("select 1 where a=1", " and a=1", ""),
        ("select 1", "+1", ""),
        ("select 1", "*a", ""),
        ("select 1", " union all select 1", ""),
        ("select * from a", " union all select * from a", ""),
        ("select ", "(", ""),
        ("select ", "case when a then ", ""),
        ("select ", "not ", "a"),
        ("select ", "- ", "a"),
        ("select a", ".a", ""),
        ("select a", "[1]", ""),
        ("select a:b", ".b", ""),
        ("select a", "::int", ""),
        ("select a", ", a", " from t"),
        ("select a as b", ", a as b", " from t"),
        ("select * from a", " join b on true", ""),
        ("select * from a", " full join b using (x)", ""),
        ("select * from a", ", a", ""),
        (
            "with a as (select 1 as x)",
            ", a as (select * from a)",
            " select * from a",
        ),
        ("select a from t group by rollup (a", ", a", ")"),
        ("", "select 1;", ""),
        ("create procedure p() begin ", "begin insert ", ""),
    ];
    for (before, part, after) in parts {
        for (count, dialect) in [
            (20_000, Dialect::Generic),
            (1_900, Dialect::Snowflake),
            (90, Dialect::BigQuery),
        ] {
            lowered(format!("{before}{}{after}", part.repeat(count)), dialect);
        }
    }
}

#[test]
fn pairs_that_nest() {
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("f(", "1", ")"),
        ("(select * from (", "select 1", ") x)"),
        ("case when a then ", "1", " end"),
        ("coalesce(a, ", "b", ")"),
    ] {
        for count in [30, 49, 90, 110] {
            let text = format!(
                "select {}{middle}{} as a from t",
                open.repeat(count),
                close.repeat(count)
            );
            lowered(text, Dialect::Generic);
        }
    }
}

#[test]
fn aliases_of_aliases_do_not_double_without_end() {
    let mut text = String::from("select q + q as a0");
    for level in 1..60 {
        text.push_str(&format!(", a{0} + a{0} as a{level}", level - 1));
    }
    text.push_str(" from t");
    let lowered = lowered(text, Dialect::Snowflake);
    assert!(size(&lowered[0]) < 1_000_000);
    // What is not written out is undecided, and still known to come from the column.
    let select = lowered[0].query.root().select().unwrap();
    let mut columns = 0;
    let mut undecided = 0;
    select.projection[59].for_each(&mut |part| match part {
        Expression::Column { .. } => columns += 1,
        Expression::Unknown(Unknown { .. }) => undecided += 1,
        _ => {}
    });
    assert!(columns > 0 && undecided > 0);
}

#[test]
fn grouping_sets_are_written_out_or_unknown_and_never_cut_off() {
    let columns = |count: usize| {
        let names = (0..count).map(|at| format!("c{at}"));
        names.collect::<Vec<_>>().join(", ")
    };
    let written = [
        (format!("cube ({})", columns(8)), 256),
        (format!("rollup ({})", columns(200)), 201),
        (format!("{}, rollup (a, b)", columns(3_000)), 3),
    ];
    for (by, sets) in written {
        let grouping = grouping(&by);
        assert_eq!(grouping.sets.len(), sets, "{by}");
        assert!(!grouping.keys.iter().any(is_unknown), "{by}");
    }
    let too_many = [
        format!("cube ({})", columns(30)),
        format!("rollup ({})", columns(3_000)),
        ["rollup (a, b)"; 40].join(", "),
        format!("cube ({}), cube (a, b, c, d)", columns(12)),
        format!("rollup ({}) with cube", columns(20)),
    ];
    for by in too_many {
        let grouping = grouping(&by);
        assert_eq!(grouping.sets.len(), 1, "{by}");
        assert!(grouping.keys.iter().any(is_unknown), "{by}");
    }
}

fn grouping(by: &str) -> Grouping {
    let text = format!("select 1 as x from t group by {by}");
    let lowered = lowered(text, Dialect::ClickHouse);
    let select = lowered[0].query.root().select().unwrap();
    select.grouping.clone().unwrap()
}

fn is_unknown(key: &Expression) -> bool {
    matches!(key, Expression::Unknown(_))
}

#[test]
fn stars_over_stars_do_not_double_without_end() {
    let mut text = String::from("with a0 as (select 1 as x, 2 as y)");
    for level in 1..60 {
        text.push_str(&format!(
            ", a{level} as (select p.*, q.* from a{0} p, a{0} q)",
            level - 1
        ));
    }
    text.push_str(" select * from a59");
    let lowered = lowered(text, Dialect::Generic);
    assert!(lowered[0].query.root().open);
    assert!(size(&lowered[0]) < 1_000_000);
}

#[test]
fn a_column_is_looked_for_behind_doubled_stars_once() {
    let mut text = String::from("with a0 as (select * exclude (x) from t)");
    for level in 1..60 {
        text.push_str(&format!(
            ", a{level} as (select p.*, q.* from a{0} p join a{0} q on p.k = q.k)",
            level - 1
        ));
    }
    text.push_str(" select x, y from a59");
    let lowered = lowered(text, Dialect::Generic);
    assert_eq!(lowered[0].query.root().columns.len(), 2);
}

#[test]
fn common_table_expressions_that_each_mention_the_one_before_twice() {
    let mut text = String::from("with a0 as (select k, v from t)");
    for level in 1..500 {
        text.push_str(&format!(
            ", a{level} as (select p.k, p.v + q.v as v from a{0} p join a{0} q on p.k = q.k)",
            level - 1
        ));
    }
    text.push_str(" select * from a499");
    let lowered = lowered(text, Dialect::Generic);
    assert_eq!(lowered[0].query.root().columns.len(), 2);
    assert!(size(&lowered[0]) < 10_000);
}
