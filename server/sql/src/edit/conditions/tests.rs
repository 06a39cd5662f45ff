use crate::Templating;
use crate::edit::QueryEditor;
use crate::edit::tests::{edited, options};
use crate::lower::Clause;

/// Without the conjuncts `gone` of the last condition.
fn without(text: &str, gone: &[usize]) -> Option<String> {
    edited(text, |editor| {
        let condition = editor.conditions().pop()?;
        editor.without_conjuncts(&condition, gone)
    })
}

#[test]
fn conjuncts_are_found_in_every_clause() {
    let text = "with a as (select x from t join u on t.i = u.i and u.ok where t.b between 1 and 2 and t.c) \
                select x, count(*) from a where x > 1 or x is null group by x \
                having count(*) > 1 and case when x and x then true end qualify row_number() over (order by x) = 1";
    let conditions = QueryEditor::new(text, &options(Templating::Jinja)).conditions();
    let shown: Vec<(Clause, Vec<&str>)> = conditions
        .iter()
        .map(|condition| {
            let ranges = condition.conjuncts.iter();
            let texts =
                ranges.map(|range| text.get(range.start().into()..range.end().into()).unwrap());
            (condition.clause, texts.collect())
        })
        .collect();
    assert_eq!(
        shown,
        [
            (Clause::On, vec!["t.i = u.i", "u.ok"]),
            (Clause::Where, vec!["t.b between 1 and 2", "t.c"]),
            (Clause::Where, vec!["x > 1 or x is null"]),
            (
                Clause::Having,
                vec!["count(*) > 1", "case when x and x then true end"]
            ),
            (Clause::Qualify, vec!["row_number() over (order by x) = 1"]),
        ]
    );
}

#[test]
fn conjuncts_are_taken_out() {
    for (before, gone, after) in [
        ("select a from t where b", &[0][..], Some("select a from t")),
        (
            "select a\nfrom t\nwhere b\norder by a",
            &[0],
            Some("select a\nfrom t\norder by a"),
        ),
        (
            "select a from t where b and c and d",
            &[0, 1],
            Some("select a from t where d"),
        ),
        (
            "select a from t where b and c and d",
            &[0, 2],
            Some("select a from t where c"),
        ),
        (
            "select a\nfrom t\nwhere b -- why b\n    and c -- why c\n    and d",
            &[1],
            Some("select a\nfrom t\nwhere b -- why b\n    -- why c\n    and d"),
        ),
        (
            "select a\nfrom t\nwhere b -- why b\n    and c",
            &[0],
            Some("select a\nfrom t\nwhere -- why b\n    c"),
        ),
        (
            "select a from t join u on t.i = u.i and u.ok",
            &[1],
            Some("select a from t join u on t.i = u.i"),
        ),
        ("select a from t join u on t.i = u.i", &[0], None),
        (
            "select a from t where b {% if c %} and c {% endif %}",
            &[0],
            None,
        ),
    ] {
        assert_eq!(without(before, gone).as_deref(), after, "{before}");
    }
}

#[test]
fn a_conjunct_is_replaced() {
    let set = |text: &str, by: &str| {
        edited(text, |editor| {
            let condition = editor.conditions().pop()?;
            editor.set_conjunct(&condition, 0, by)
        })
    };
    for (before, by, after) in [
        (
            "select a from t where b",
            "x or y",
            Some("select a from t where x or y"),
        ),
        (
            "select a from t where b and c",
            "x or y",
            Some("select a from t where (x or y) and c"),
        ),
        ("select a from t where b /* why */ > 1 and c", "x", None),
    ] {
        assert_eq!(set(before, by).as_deref(), after, "{before}");
    }
}

#[test]
fn a_clause_that_is_not_there_is_added_in_its_place() {
    for (before, clause, after) in [
        (
            "select a from t where b group by a order by a",
            Clause::Having,
            "select a from t where b group by a having x order by a",
        ),
        (
            "select a\nfrom t\nwhere b\ngroup by a -- each\norder by a",
            Clause::Qualify,
            "select a\nfrom t\nwhere b\ngroup by a -- each\nqualify x\norder by a",
        ),
        (
            "select a from t group by a having b",
            Clause::Having,
            "select a from t group by a having b and x",
        ),
        (
            "select a from t group by a having b",
            Clause::Where,
            "select a from t where x group by a having b",
        ),
    ] {
        let found = edited(before, |editor| editor.add_condition(0.into(), clause, "x"));
        assert_eq!(found.as_deref(), Some(after));
    }
}
