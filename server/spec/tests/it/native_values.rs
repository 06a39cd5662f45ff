//! What each key of a native spec is read as, and where it stands.

use crate::native::{ORDERS, at, shown};
use spec::model::{Amendment, AmendmentId, Change, Column, NativeSpec, Status, Table};
use spec::{Decoded, native};
use syntax::{Name, Placed};

fn decode(text: &str) -> Decoded<NativeSpec> {
    let decoded = native::decode(text);
    assert_eq!(shown(text, &decoded.problems), [] as [&str; 0], "{text}");
    decoded
}

fn column(entries: &str) -> Column {
    let text = format!("product: p\ntables: [{{name: t, columns: [{{name: c, {entries}}}]}}]");
    decode(&text).facts.tables.remove(0).columns.remove(0)
}

fn table(entries: &str) -> Table {
    let text = format!("product: p\ntables: [{{{entries}}}]");
    decode(&text).facts.tables.remove(0)
}

fn amendment(entries: &str) -> Amendment {
    let text = format!("product: p\namendments: [{{requirement: r, {entries}}}]");
    decode(&text).facts.amendments.remove(0)
}

fn values<T: Clone>(list: &[Placed<T>]) -> Vec<T> {
    list.iter().map(|item| item.value.clone()).collect()
}

#[test]
fn every_key_of_a_product_is_read() {
    let text = "\
product: Orders
description: d
owner: o
links: [https://example.com, 'b']
dialect: snowflake
tables: [{name: t}]
amendments: [{id: 1, requirement: r}]
exemptions: [{rule: audit-columns, why: w, until: 2026-12-31}]
";
    let spec = decode(text).facts;
    assert_eq!(spec.product.unwrap().value.as_str(), "Orders");
    assert_eq!(spec.description.unwrap().value, "d");
    assert_eq!(spec.owner.unwrap().value, "o");
    assert_eq!(values(&spec.links), ["https://example.com", "b"]);
    assert_eq!(spec.dialect.unwrap().value, "snowflake");
    assert_eq!((spec.tables.len(), spec.amendments.len()), (1, 1));
    let exemption = &spec.exemptions[0];
    assert_eq!(exemption.rule.value, "audit-columns");
    assert_eq!(exemption.why.as_ref().unwrap().value, "w");
    assert_eq!(exemption.until.as_ref().unwrap().value, "2026-12-31");
}

#[test]
fn every_key_of_a_table_is_read() {
    let table = table(
        "name: raw.\"Order Lines\", description: d, why: w, model: models/orders.sql, grain: [a, b], columns: [{name: a}]",
    );
    let parts: Vec<&str> = table.name.value.iter().map(Name::as_str).collect();
    assert_eq!(parts, ["raw", "Order Lines"]);
    assert_eq!(table.description.unwrap().value, "d");
    assert_eq!(table.why.unwrap().value, "w");
    assert_eq!(table.model.unwrap().value, "models/orders.sql");
    assert_eq!(values(&table.grain), [Name::new("a"), Name::new("b")]);
    assert_eq!(table.columns[0].name.value, Name::new("a"));
}

#[test]
fn every_key_of_a_column_is_read() {
    let column = column(
        "type: 'DECIMAL(10,2)', description: d, why: w, unit: USD, values: [a, 1, true, 'null'], nullable: false, unique: true, references: t.id, classification: [pii], since: 7, deprecated: use other",
    );
    assert_eq!(column.data_type.unwrap().value, "DECIMAL(10,2)");
    assert_eq!(column.description.unwrap().value, "d");
    assert_eq!(column.why.unwrap().value, "w");
    assert_eq!(column.unit.unwrap().value, "USD");
    assert_eq!(values(&column.values), ["a", "1", "true", "null"]);
    assert!(!column.nullable.unwrap().value);
    assert!(column.unique.unwrap().value);
    assert_eq!(column.references.unwrap().value, "t.id");
    assert_eq!(values(&column.classification), ["pii"]);
    assert_eq!(column.since.unwrap().value, AmendmentId::Number(7));
    assert_eq!(column.deprecated.unwrap().value, "use other");
}

#[test]
fn every_key_of_an_amendment_is_read() {
    let amendment = amendment(
        "id: no-test-orders, date: 2026-02-14, author: Finance, link: T-1, change: Done., changes: [orders.rows, orders], supersedes: [1, {amendment: b, guarantee: orders exists}], status: proposed, guarantees: [orders exists], promises: [All is well.]",
    );
    let slug = |slug: &str| AmendmentId::Slug(slug.into());
    assert_eq!(amendment.id.as_ref().unwrap().value, slug("no-test-orders"));
    assert_eq!(amendment.date.as_ref().unwrap().value, "2026-02-14");
    assert_eq!(amendment.author.as_ref().unwrap().value, "Finance");
    assert_eq!(amendment.link.as_ref().unwrap().value, "T-1");
    assert_eq!(amendment.requirement.as_ref().unwrap().value, "r");
    assert_eq!(
        amendment.change.as_ref().unwrap().value,
        Change::Done("Done.".to_owned())
    );
    assert_eq!(values(&amendment.changes), ["orders.rows", "orders"]);
    let [whole, sentence] = amendment.supersedes.as_slice() else {
        panic!("two are superseded");
    };
    assert_eq!(whole.amendment.value, AmendmentId::Number(1));
    assert_eq!(whole.guarantee, None);
    assert_eq!(sentence.amendment.value, slug("b"));
    assert_eq!(sentence.guarantee.as_ref().unwrap().value, "orders exists");
    assert_eq!(amendment.status(), Status::Proposed);
    assert_eq!(values(&amendment.guarantees), ["orders exists"]);
    assert_eq!(values(&amendment.promises), ["All is well."]);
}

#[test]
fn an_id_is_a_number_or_a_slug() {
    for (written, expected) in [
        ("1", "Number(1)"),
        ("'1'", "Number(1)"),
        ("007", "Number(7)"),
        ("a-1", "Slug(\"a-1\")"),
        ("2026-01-10", "Slug(\"2026-01-10\")"),
    ] {
        let id = amendment(&format!("id: {written}")).id.unwrap().value;
        assert_eq!(format!("{id:?}"), expected, "{written}");
    }
}

#[test]
fn a_change_is_open_until_somebody_says_what_was_done() {
    for (change, is_open) in [
        ("tbd", true),
        ("TBD", true),
        ("<tbd>", true),
        ("' tbd '", true),
        ("", true),
        ("TODO", true),
        ("'TODO: what was done?'", true),
        ("TODO lists are tables now.", false),
        ("Tbd", false),
        ("tbd later", false),
        ("Done.", false),
    ] {
        let amendment = amendment(&format!("id: 1, change: {change}"));
        assert_eq!(amendment.is_open(), is_open, "{change}");
    }
    assert!(amendment("id: 1").is_open());
}

#[test]
fn prose_loses_the_white_space_round_it_and_keeps_what_is_inside() {
    for (description, expected) in [
        ("|\n  one\n  two\n", "one\ntwo"),
        (">\n  one\n  two\n", "one two"),
        ("one\n  two\n", "one two"),
        ("\" one  two \"\n", "one  two"),
    ] {
        let spec = decode(&format!("product: p\ndescription: {description}")).facts;
        assert_eq!(spec.description.unwrap().value, expected, "{description:?}");
    }
}

/// The guarantees of the only amendment, each with what stands at its place.
fn sentences(text: &str) -> Vec<(String, &str)> {
    let decoded = decode(text);
    let guarantees = &decoded.facts.amendments[0].guarantees;
    let placed = guarantees.iter().map(|sentence| {
        let place = at(text, decoded.places.range(sentence.spot));
        (sentence.value.clone(), place)
    });
    placed.collect()
}

#[test]
fn each_sentence_of_a_block_stands_where_it_is_written() {
    let head = "product: p\namendments:\n  - id: 1\n    requirement: r\n    guarantees:";
    for block in [
        " |\n      a exists\n      b = COALESCE(x, 'ä')\n",
        " |-\n      a exists\n\n      b = COALESCE(x, 'ä')\n\n\n",
        " |2+\n      a exists\n          b = COALESCE(x, 'ä')   \n",
        " |  # sentences\n       a exists\n       b = COALESCE(x, 'ä')",
        "\n      - a exists\n      - b = COALESCE(x, 'ä')\n",
        " [a exists, \"b = COALESCE(x, 'ä')\"]\n",
        "\n      - |\n        a exists\n      - |\n        b = COALESCE(x, 'ä')\n",
    ] {
        for text in [
            format!("{head}{block}"),
            format!("{head}{block}").replace('\n', "\r\n"),
        ] {
            let expected = ["a exists", "b = COALESCE(x, 'ä')"];
            let expected: Vec<(String, &str)> =
                expected.into_iter().map(|s| (s.to_owned(), s)).collect();
            assert_eq!(sentences(&text), expected, "{text:?}");
        }
    }
}

#[test]
fn a_sentence_that_yaml_folds_or_escapes_stands_where_its_value_stands() {
    let head = "product: p\namendments:\n  - id: 1\n    requirement: r\n    guarantees:";
    for (value, sentence, place) in [
        (" a exists", "a exists", "a exists"),
        (
            " 'a is one of (''b'')'",
            "a is one of ('b')",
            "'a is one of (''b'')'",
        ),
        (" a\n      exists", "a exists", "a\n      exists"),
        (
            " >\n      a\n      exists\n",
            "a exists",
            ">\n      a\n      exists",
        ),
    ] {
        let text = format!("{head}{value}");
        let found = sentences(&text);
        let [(found, at)] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((found.as_str(), at.trim_end()), (sentence, place));
    }
}

#[test]
fn aliases_and_merge_keys_are_followed() {
    let text = "\
x-id: &id
  name: id
  type: INT
  why: Identifies the row.
x-tags: &tags [pii]
product: p
tables:
  - name: a
    columns:
      - *id
      - <<: *id
        name: other_id
        classification: *tags
  - name: b
    columns: &columns [{name: x}]
  - name: c
    columns: *columns
";
    let decoded = decode(text);
    let [a, b, c] = decoded.facts.tables.as_slice() else {
        panic!("three tables");
    };
    assert_eq!(a.columns[0].name.value, Name::new("id"));
    assert_eq!(at(text, decoded.places.range(a.columns[0].entry)), "*id");
    assert_eq!(a.columns[1].name.value, Name::new("other_id"));
    let data_type = a.columns[1].data_type.as_ref().unwrap();
    assert_eq!(data_type.value, "INT");
    assert_eq!(at(text, decoded.places.range(data_type.spot)), "INT");
    assert_eq!(values(&a.columns[1].classification), ["pii"]);
    assert_eq!(b.columns[0].name.value, c.columns[0].name.value);
}

#[test]
fn an_alias_bomb_ends_with_one_problem() {
    let prose = "why ".repeat(500);
    let column = format!("{{name: c, why: {prose}}}");
    let columns = vec![column.as_str(); 100].join(", ");
    let merging = "{<<: *column, name: d}, ".repeat(1_000);
    for text in [
        // A list of columns, a table that holds one, a merged column.
        format!(
            "x-c: &columns [{columns}]\nproduct: p\ntables: [{}]",
            "{name: t, columns: *columns}, ".repeat(1_000)
        ),
        format!(
            "x-t: &table {{name: t, columns: [{columns}]}}\nproduct: p\ntables: [{}]",
            "*table , ".repeat(1_000)
        ),
        format!(
            "x-c: &column {column}\nproduct: p\ntables: [{{name: t, columns: [{merging}]}}, {{name: u, columns: [{merging}]}}]"
        ),
    ] {
        let decoded = native::decode(&text);
        let [problem] = decoded.problems.as_slice() else {
            panic!("{:#?}", decoded.problems);
        };
        assert!(problem.message.contains("stand for too much text"));
        let tables = decoded.facts.tables.iter();
        let columns = tables.flat_map(|table| &table.columns);
        let read = columns.filter(|column| column.why.is_some()).count();
        assert!((500..2_000).contains(&read), "{read}");
    }
}

#[test]
fn text_that_only_moves_changes_no_fact() {
    let moved = ORDERS
        .replace("tables:", "# A comment.\n\ntables:")
        .replace("    grain: [order_id]", "    grain:   [ order_id ]");
    let (before, after) = (native::decode(ORDERS), native::decode(&moved));
    assert_eq!(before.facts, after.facts);
    assert_ne!(before.places, after.places);
}
