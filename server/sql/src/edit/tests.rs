use super::*;
use crate::lower::Clause;
use crate::{Dialect, Templating, analyze};
use syntax::edit::apply;

pub(super) fn options(templating: Templating) -> Options {
    Options {
        dialect: Dialect::Snowflake,
        templating,
    }
}

/// The entry that gives the column `name`, the last one in the text.
fn entry(text: &str, name: &str) -> Projection {
    let analysis = analyze(text, &options(Templating::Jinja));
    let named = |entry: &&Projection| {
        text.get(entry.name.start().into()..entry.name.end().into()) == Some(name)
    };
    let entries = analysis.projections.iter().filter(named);
    *entries
        .max_by_key(|entry| entry.item.start())
        .expect("such a column")
}

/// The text after the edits that `make` makes, if it makes any.
pub(super) fn edited(
    text: &str,
    make: impl FnOnce(&QueryEditor<'_>) -> Option<Vec<TextEdit>>,
) -> Option<String> {
    let editor = QueryEditor::new(text, &options(Templating::Jinja));
    let edits = make(&editor)?;
    Some(apply(text, &edits).expect("edits that fit the text"))
}

fn removed(text: &str, name: &str) -> Option<String> {
    edited(text, |editor| editor.remove_column(entry(text, name)))
}

/// Adds to the `SELECT` around the last one that begins in the text.
fn added(text: &str, item: &str) -> Option<String> {
    let at = TextSize::try_from(text.to_lowercase().rfind("select")?).ok()?;
    edited(text, |editor| editor.add_column(at, item))
}

fn filtered(text: &str, condition: &str) -> Option<String> {
    let at = TextSize::try_from(text.to_lowercase().rfind("select")?).ok()?;
    edited(text, |editor| {
        editor.add_condition(at, Clause::Where, condition)
    })
}

#[test]
fn a_value_is_replaced_and_its_name_stays() {
    for (before, name, after) in [
        (
            "select sum(q) as amount from t",
            "amount",
            "select NEW as amount from t",
        ),
        (
            "select sum(q) amount from t",
            "amount",
            "select NEW amount from t",
        ),
        (
            "select amount from t",
            "amount",
            "select NEW as amount from t",
        ),
        (
            "SELECT o.amount, b FROM o",
            "amount",
            "SELECT NEW AS amount, b FROM o",
        ),
        ("select a::int as n from t", "n", "select NEW as n from t"),
        (
            "select {{ cents('x') }} as amount from t",
            "amount",
            "select NEW as amount from t",
        ),
    ] {
        let made = edited(before, |editor| {
            editor.set_value(entry(before, name), "NEW")
        });
        assert_eq!(made.as_deref(), Some(after));
    }
}

#[test]
fn a_name_is_replaced_or_given() {
    for (before, name, after) in [
        (
            "select sum(q) as amount from t",
            "amount",
            "select sum(q) as total from t",
        ),
        (
            "select t.amount from t",
            "amount",
            "select t.amount as total from t",
        ),
        (
            "SELECT amount FROM t",
            "amount",
            "SELECT amount AS total FROM t",
        ),
    ] {
        let made = edited(before, |editor| {
            editor.set_name(entry(before, name), "total")
        });
        assert_eq!(made.as_deref(), Some(after));
    }
}

#[test]
fn the_type_of_a_cast_is_found_where_it_is_all_of_the_value() {
    for (text, name, expected) in [
        (
            "select cast(a as numeric(10, 2)) as n from t",
            "n",
            Some("numeric(10, 2)"),
        ),
        (
            "select (a + 1)::numeric(10, 2) as n from t",
            "n",
            Some("numeric(10, 2)"),
        ),
        ("select a + b::int as n from t", "n", None),
        ("select cast(a as int) + 1 as n from t", "n", None),
        ("select a as n from t", "n", None),
    ] {
        let editor = QueryEditor::new(text, &options(Templating::None));
        let found = editor.cast_type(entry(text, name));
        assert_eq!(
            found.and_then(|range| text.get(range.start().into()..range.end().into())),
            expected,
            "{text}"
        );
    }
}

#[test]
fn a_column_is_added_in_the_layout_of_the_others() {
    for (before, after) in [
        ("select a, b from t", "select a, b, c from t"),
        (
            "select\n    a,\n    b\nfrom t",
            "select\n    a,\n    b,\n    c\nfrom t",
        ),
        (
            "select\r\n  a,\r\n  b\r\nfrom t",
            "select\r\n  a,\r\n  b,\r\n  c\r\nfrom t",
        ),
        (
            "select a\n     , b\nfrom t",
            "select a\n     , b\n     , c\nfrom t",
        ),
        (
            "select\n  a, -- first\n  b -- second\nfrom t",
            "select\n  a, -- first\n  b, -- second\n  c\nfrom t",
        ),
        (
            "select\n  a,\n  b,\nfrom t",
            "select\n  a,\n  b,\n  c,\nfrom t",
        ),
        (
            "with x as (select a from t) select * from x",
            "with x as (select a from t) select *, c from x",
        ),
    ] {
        assert_eq!(added(before, "c").as_deref(), Some(after));
    }
}

#[test]
fn nothing_is_added_where_it_can_not_be_told_how() {
    for text in [
        "select a from t union all select b from u",
        "select a {% for x in y %}, {{ x }}{% endfor %} from t",
        "from t",
    ] {
        assert_eq!(added(text, "c"), None, "{text}");
    }
}

#[test]
fn a_column_is_taken_out_with_its_comma_and_no_comment() {
    for (before, name, after) in [
        ("select a, b, c from t", "a", "select b, c from t"),
        ("select a, b, c from t", "b", "select a, c from t"),
        ("select a, b, c from t", "c", "select a, b from t"),
        (
            "select\n    a,\n    b\nfrom t",
            "b",
            "select\n    a\nfrom t",
        ),
        (
            "select\n    a,\n    b\nfrom t",
            "a",
            "select\n    b\nfrom t",
        ),
        (
            "select a\n     , b\n     , c\nfrom t",
            "b",
            "select a\n     , c\nfrom t",
        ),
        (
            "select\r\n    a, -- the first\r\n    b\r\nfrom t",
            "a",
            "select\r\n    -- the first\r\n    b\r\nfrom t",
        ),
        (
            "select\n    a,\n    -- about b\n    b\nfrom t",
            "b",
            "select\n    a\n    -- about b\nfrom t",
        ),
    ] {
        assert_eq!(removed(before, name).as_deref(), Some(after), "{before}");
    }
}

#[test]
fn nothing_is_taken_out_where_positions_count() {
    for (text, name) in [
        ("select a from t", "a"),
        ("select a, sum(b) as s from t group by 1", "s"),
        ("select a, b from t order by 2", "a"),
        ("select a, b from t union all select c, d from u", "b"),
    ] {
        assert_eq!(removed(text, name), None, "{text}");
    }
}

#[test]
fn a_condition_is_added_in_the_layout_of_the_others() {
    for (before, after) in [
        ("select a from t", "select a from t where x"),
        (
            "SELECT a\nFROM t\nGROUP BY a",
            "SELECT a\nFROM t\nWHERE x\nGROUP BY a",
        ),
        (
            "select a\nfrom t\nleft join u on u.a = t.a -- all\norder by a",
            "select a\nfrom t\nleft join u on u.a = t.a -- all\nwhere x\norder by a",
        ),
        ("select a from t where b", "select a from t where b and x"),
        (
            "select a from t where b or c limit 1",
            "select a from t where (b or c) and x limit 1",
        ),
        (
            "select a\nfrom t\nwhere b\n  and c",
            "select a\nfrom t\nwhere b\n  and c\n  and x",
        ),
        (
            "select\n  a\nfrom t\nwhere b",
            "select\n  a\nfrom t\nwhere b\n  and x",
        ),
        (
            "select a\nfrom t\nwhere\n    b",
            "select a\nfrom t\nwhere\n    b\n    and x",
        ),
    ] {
        assert_eq!(filtered(before, "x").as_deref(), Some(after));
    }
}

#[test]
fn no_condition_is_added_around_blocks_or_without_tables() {
    for text in [
        "select 1",
        "select a from t {% if is_incremental() %} where b {% endif %}",
    ] {
        assert_eq!(filtered(text, "x"), None, "{text}");
    }
}

#[test]
fn names_before_columns_are_replaced_and_calls_are_not() {
    let called = |parts: &[&str]| (parts == ["orders"]).then(|| "o".to_owned());
    for (before, after) in [
        (
            "SUM(orders.quantity * lines.price)",
            "SUM(o.quantity * price)",
        ),
        ("my.schema_function(orders.id)", "my.schema_function(o.id)"),
        ("quantity + raw.orders.id", "quantity + id"),
        ("'orders.id'", "'orders.id'"),
    ] {
        let made = requalified(before, Dialect::Snowflake, &called);
        assert_eq!(made.as_deref(), Some(after));
    }
}

#[test]
fn the_outermost_aggregates_are_found() {
    let text = "COALESCE(SUM(a * MAX(b)), 0) + count(*) - round(c)";
    let found = aggregates(text, Dialect::Snowflake);
    assert_eq!(found, ["SUM(a * MAX(b))", "count(*)"]);
}

#[test]
fn bare_columns_get_a_name_before_them() {
    for (before, after) in [
        ("is_test and not o.closed", "l.is_test and not o.closed"),
        (
            "round(a, 2) > 'a' or b is null",
            "round(l.a, 2) > 'a' or l.b is null",
        ),
        (
            "case when x then 1 else y end",
            "case when l.x then 1 else l.y end",
        ),
    ] {
        let made = qualified(before, Dialect::Snowflake, "l");
        assert_eq!(made.as_deref(), Some(after));
    }
}
