use super::*;
use syntax::TextRange;

fn lock() -> Lock {
    let rows = RowsLock {
        from: Some("raw.orders".to_owned()),
        joins: vec!["LEFT JOIN step_1 ON step_1.order_id = orders.id".to_owned()],
        filter: vec![
            "NOT orders.is_test".to_owned(),
            "orders.note <> 'a: \"b\" # c'".to_owned(),
        ],
        group: vec!["orders.id".to_owned()],
        ..RowsLock::default()
    };
    let step = StepLock {
        name: "step_1".to_owned(),
        rows: RowsLock {
            from: Some("raw.order_lines".to_owned()),
            group: vec!["order_lines.order_id".to_owned()],
            ..RowsLock::default()
        },
        columns: vec![("order_id".to_owned(), "order_lines.order_id".to_owned())],
    };
    let column = |name: &str, means: Option<&str>, by| ColumnLock {
        name: name.to_owned(),
        means: means.map(str::to_owned),
        data_type: None,
        by,
        place: None,
    };
    Lock {
        version: Some(1),
        dialect: Some("snowflake".to_owned()),
        tables: vec![TableLock {
            name: "orders".to_owned(),
            steps: vec![step],
            rows: Some(rows),
            rows_by: Some(AmendmentId::Slug("no-test-orders".into())),
            rest: Some(Vec::new()),
            columns: vec![
                column("order_id", Some("orders.id"), Some(AmendmentId::Number(1))),
                ColumnLock {
                    data_type: Some("DECIMAL(10,2)".to_owned()),
                    ..column("amount", Some("COALESCE(SUM(a.b), 0)"), None)
                },
                column("odd name", Some("'unknown'"), None),
                column("true", None, None),
                column("n", Some("unknown"), None),
            ],
            ..TableLock::default()
        }],
        is_broken: false,
    }
}

fn without_places(mut lock: Lock) -> Lock {
    for table in &mut lock.tables {
        table.place = None;
        table.rows_place = None;
        for column in &mut table.columns {
            column.place = None;
        }
    }
    lock
}

#[test]
fn what_is_written_is_read() {
    let text = text(&lock());
    assert_eq!(without_places(decode(&text).facts), lock(), "{text}");
    assert!(
        text.contains("\n      order_id: { means: orders.id, by: 1 }\n"),
        "{text}"
    );
    assert!(text.contains("\n        - NOT orders.is_test\n"), "{text}");
    assert!(
        text.contains("amount: { means: \"COALESCE(SUM(a.b), 0)\", type: \"DECIMAL(10,2)\" }"),
        "{text}"
    );
}

#[test]
fn both_sides_of_a_merge_are_told_apart() {
    let text = "a\n<<<<<<< ours\nb\n||||||| base\nx\n=======\nc\n>>>>>>> theirs\nd\n";
    assert_eq!(sides(text), ["a\nb\nd\n", "a\nc\nd\n"]);
    assert_eq!(sides("a\nb\n"), ["a\nb\n"]);
    let decoded = decode(text);
    assert!(decoded.facts.is_broken);
    let at = decoded.problems.iter().map(|problem| problem.range);
    assert_eq!(at.collect::<Vec<_>>(), [TextRange::at(2.into(), 12.into())]);
}

#[test]
fn what_is_no_lock_says_nothing() {
    for text in [
        "",
        "tables: 3",
        "- a\n- b",
        "tables:\n  orders:\n    columns: [a, b]\n",
        "{{{",
    ] {
        let lock = decode(text).facts;
        assert!(
            lock.tables.iter().all(|table| table.columns.is_empty()),
            "{text}"
        );
    }
}
