use super::*;

fn sql(text: &str, range: std::ops::Range<u32>) -> Sql {
    Sql {
        text: text.to_owned(),
        range: TextRange::new(range.start.into(), range.end.into()),
    }
}

fn path(text: &str, start: u32) -> Path {
    Path {
        parts: text.split('.').map(Name::new).collect(),
        range: TextRange::at(start.into(), TextSize::of(text)),
    }
}

fn word(text: &str, start: u32) -> Word {
    Word {
        text: text.to_owned(),
        range: TextRange::at(start.into(), TextSize::of(text)),
    }
}

/// The expected, joined, and the range of the problem of a sentence.
fn problem(sentence: &str) -> (String, std::ops::Range<u32>) {
    let problem = parse(sentence).expect_err(sentence);
    let expected: Vec<String> = problem.expected.iter().map(ToString::to_string).collect();
    let range = problem.range.start().into()..problem.range.end().into();
    (expected.join(", "), range)
}

#[test]
fn a_sentence_is_taken_apart_with_the_places_of_its_parts() {
    assert_eq!(
        parse("orders.total = SUM(a.b) per order_id, month where x > 1"),
        Ok(Guarantee::Equals {
            column: path("orders.total", 0),
            value: sql("SUM(a.b)", 15..23),
            per: vec![path("order_id", 28), path("month", 38)],
            filter: Some(sql("x > 1", 50..55)),
        })
    );
    assert_eq!(
        parse("c.hash comes from c.email only through SHA2, MD5"),
        Ok(Guarantee::ComesFrom {
            column: path("c.hash", 0),
            from: path("c.email", 18),
            only_through: vec![word("SHA2", 39), word("MD5", 45)],
        })
    );
    assert_eq!(
        parse("o.status is one of ('open', 'it''s')"),
        Ok(Guarantee::OneOf {
            column: path("o.status", 0),
            values: vec![sql("'open'", 20..26), sql("'it''s'", 28..35)],
        })
    );
}

#[test]
fn what_follows_is_in_is_a_zone_or_a_unit() {
    for zone in [
        "UTC",
        "Europe/Paris",
        "America/Argentina/Buenos_Aires",
        "Etc/GMT+5",
    ] {
        let sentence = format!("o.at is in {zone}");
        assert!(
            matches!(parse(&sentence), Ok(Guarantee::InZone { .. })),
            "{zone}"
        );
    }
    for unit in ["USD", "%", "km/h", "EUR/kWh", "'US cents'", "\"m²\"", "m²"] {
        let sentence = format!("o.at is in {unit}");
        assert!(
            matches!(parse(&sentence), Ok(Guarantee::InUnit { .. })),
            "{unit}"
        );
    }
    assert!(
        matches!(parse("o.a is in 'US cents'"), Ok(Guarantee::InUnit { unit, .. }) if unit.text == "US cents")
    );
}

#[test]
fn names_may_stand_in_quotes_or_be_called_like_words_of_the_language() {
    let parts = |sentence: &str| parse(sentence).unwrap().subject().parts.clone();
    assert_eq!(
        parts("rows.unique is unique"),
        ["rows".into(), "unique".into()]
    );
    assert_eq!(parts("columns exists"), ["columns".into()]);
    assert_eq!(
        parts("\"a.b\".`c \"d` exists"),
        ["a.b".into(), "c \"d".into()]
    );
    assert_eq!(parts("\"say \"\"hi\"\"\" exists"), ["say \"hi\"".into()]);
}

#[test]
fn a_problem_stands_on_the_first_word_that_cannot_stand() {
    for (sentence, range, expected) in [
        (
            "",
            0..0,
            "`columns classified`, the name of a table or a column",
        ),
        ("orders.", 7..7, "the name of a table or a column"),
        (
            "orders.a is",
            11..11,
            "`absent`, `renamed from`, `never null`, `unique`, `one of`, `in`, `materialized as`, `merged by`, a type",
        ),
        (
            "orders keeps",
            12..12,
            "`every row of`, `the latest row per`",
        ),
        (
            "orders.a  comes form raw.b",
            16..20,
            "`from`, `unchanged from`",
        ),
        ("orders never", 12..12, "`comes from`, `leaves`, `reads`"),
        ("orders has one row for id", 19..22, "`per`"),
        (
            "orders.a refers to b.c x",
            23..24,
            "the end of the sentence, `.`",
        ),
        ("orders.a is in", 14..14, "a unit or a time zone"),
        ("orders.a = ", 11..11, "SQL"),
        ("orders.a = (1", 13..13, "`,`, `)`, SQL"),
        (
            "orders.a = 1)",
            12..13,
            "the end of the sentence, `per`, `where`, SQL",
        ),
        (
            "orders.a = 1, 2",
            12..13,
            "the end of the sentence, `per`, `where`, SQL",
        ),
        ("orders.a = 'abc", 11..12, "SQL"),
        ("a.b is one of ('x'", 18..18, "`,`, `)`, SQL"),
        ("a.b is one of 'x'", 14..15, "`(`"),
        ("orders exists.", 13..14, "the end of the sentence"),
        ("orders.a is materialized as", 27..27, "a word"),
        (
            "o.a comes from b.c only through",
            31..31,
            "the name of a function",
        ),
    ] {
        assert_eq!(
            problem(sentence),
            (expected.to_owned(), range),
            "{sentence}"
        );
    }
}

#[test]
fn other_words_and_misspelled_ones_are_no_types() {
    for sentence in [
        "orders.a is uniqe",
        "orders.a is not null",
        "orders.a is abesnt",
        "orders.a is NOT NULL",
        "orders.a is Unique",
        "orders.a is mandatory",
        "orders.a is either new or old",
        "orders.a is greater than 0",
    ] {
        let (expected, range) = problem(sentence);
        assert_eq!(range.start, 12, "{sentence}");
        assert!(expected.contains("`unique`, `one of`"), "{expected}");
    }
    for data_type in [
        "INT",
        "numeric(10, 2)",
        "TIMESTAMP WITH TIME ZONE",
        "ARRAY<STRUCT<a INT64, b STRING>>",
        "double precision",
        "date",
        "text",
        "Nullable(String)",
        "int[]",
        "uuid",
        "variant",
        "INTERVAL",
        "uniqueidentifier",
        "image",
        "inet",
        "oid",
        "bit",
        "number",
        "ENUM('a', 'b')",
    ] {
        let sentence = format!("orders.a is {data_type}");
        let parsed = parse(&sentence);
        assert!(
            matches!(&parsed, Ok(Guarantee::HasType { data_type: found, .. }) if found.text == data_type),
            "{sentence}: {parsed:?}"
        );
    }
}

#[test]
fn what_may_follow_is_known_for_every_start() {
    let expected = |start: &str| {
        let expected = super::super::expected_after(start);
        expected
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(expected("orders never comes"), "`from`");
    assert_eq!(expected("orders reads"), "the name of a table or a column");
    assert_eq!(expected("orders iss"), "");
    assert_eq!(
        expected("orders never leaves b "),
        "the end of the sentence, `except to`, `.`"
    );
}
