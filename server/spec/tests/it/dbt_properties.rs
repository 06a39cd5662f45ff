//! Properties files of dbt: what is read, what is left to dbt, and which files are none.

use crate::native::{at, shown};
use spec::dbt::properties::{decode, is_properties};
use spec::model::{ClaimKind, Column, Field, Inherited, Table, TableOrigin};
use syntax::{Name, Placed};

/// The tables that `text` describes, which must have no problem.
fn tables(text: &str) -> Vec<Table> {
    let decoded = decode(text);
    assert_eq!(shown(text, &decoded.problems), Vec::<String>::new());
    decoded.facts.tables
}

/// The only column of the only table, written as `properties` of a column `c`.
fn column(properties: &str) -> Column {
    let mut text = "models:\n  - name: t\n    columns:\n      - name: c\n".to_owned();
    for line in properties.lines() {
        text.push_str(&format!("        {line}\n"));
    }
    tables(&text).remove(0).columns.remove(0)
}

/// The only table, written as `properties` of a model `t` with the columns `a` and `b`.
fn model(properties: &str) -> Table {
    let mut text = "models:\n  - name: t\n    columns: [{name: a}, {name: b}]\n".to_owned();
    for line in properties.lines() {
        text.push_str(&format!("    {line}\n"));
    }
    tables(&text).remove(0)
}

fn value<T: Clone>(field: &Option<Field<T>>) -> Option<T> {
    field.as_ref().map(|field| field.value.clone())
}

fn names(list: &[Placed<Name>]) -> Vec<&str> {
    list.iter().map(|name| name.value.as_str()).collect()
}

#[test]
fn models_sources_seeds_and_snapshots_are_read_in_their_order() {
    let text = "\
version: 2
sources:
  - name: shop
    schema: raw
    database: lake
    tables:
      - name: orders
        identifier: Orders_v1
        description: Orders as the shop sends them.
      - name: order_lines
models:
  - name: orders
    config: {alias: orders_all, schema: marts}
seeds:
  - name: countries
snapshots:
  - name: orders_history
exposures:
  - name: report
";
    let tables = tables(text);
    let shown: Vec<(String, &TableOrigin)> = tables
        .iter()
        .map(|table| (table.name.value[0].to_string(), &table.origin))
        .collect();
    let source = TableOrigin::DbtSource {
        source: Name::new("shop"),
    };
    assert_eq!(
        shown,
        [
            ("orders".to_owned(), &source),
            ("order_lines".to_owned(), &source),
            ("orders".to_owned(), &TableOrigin::DbtModel),
            ("countries".to_owned(), &TableOrigin::DbtSeed),
            ("orders_history".to_owned(), &TableOrigin::DbtSnapshot),
        ]
    );
    let first = &tables[0].relation;
    assert_eq!(value(&first.database), Some(Name::new("lake")));
    assert_eq!(value(&first.schema), Some(Name::new("raw")));
    assert_eq!(value(&first.identifier), Some(Name::new("Orders_v1")));
    let model = &tables[2].relation;
    assert_eq!(value(&model.schema), Some(Name::new("marts")));
    assert_eq!(value(&model.identifier), Some(Name::new("orders_all")));
}

#[test]
fn every_fact_stands_where_it_is_written() {
    let text =
        "models:\n  - name: orders\n    columns:\n      - name: id\n        data_type: int\n";
    let decoded = decode(text);
    let table = &decoded.facts.tables[0];
    let column = &table.columns[0];
    let data_type = column.data_type.as_ref().unwrap();
    for (spot, expected) in [
        (table.name.spot, "orders"),
        (column.entry, "name: id\n        data_type: int"),
        (column.name.spot, "id"),
        (data_type.key, "data_type"),
        (data_type.spot, "int"),
    ] {
        assert_eq!(at(text, decoded.places.range(spot)), expected);
    }
}

#[test]
fn a_why_and_a_unit_are_read_from_meta_wherever_dbt_lets_it_stand() {
    for (properties, why, unit) in [
        (
            "config: {meta: {rationale: {why: A., unit: USD}}}",
            Some("A."),
            Some("USD"),
        ),
        (
            "meta: {rationale: {why: A., unit: USD}}",
            Some("A."),
            Some("USD"),
        ),
        (
            "config: {meta: {why: A., unit: USD}}",
            Some("A."),
            Some("USD"),
        ),
        ("meta: {why: A., unit: USD}", Some("A."), Some("USD")),
        ("meta: {rationale: A.}", Some("A."), None),
        (
            "meta: {why: old}\nconfig: {meta: {why: new}}",
            Some("new"),
            None,
        ),
        (
            "meta: {rationale: {why: ours}, why: bare}",
            Some("ours"),
            None,
        ),
        (
            "meta: {rationale: {unit: USD}, why: bare}",
            Some("bare"),
            Some("USD"),
        ),
        ("meta: {owner: A.}", None, None),
        ("meta: text", None, None),
        ("why: not a place for it", None, None),
    ] {
        let column = column(properties);
        assert_eq!(value(&column.why).as_deref(), why, "{properties}");
        assert_eq!(value(&column.unit).as_deref(), unit, "{properties}");
        assert_eq!(
            value(&model(properties).why).as_deref(),
            why,
            "{properties}"
        );
    }
}

#[test]
fn a_description_from_a_doc_block_is_a_description() {
    let column = column("description: \"{{ doc('orders_id') }}\"");
    assert_eq!(
        value(&column.description).as_deref(),
        Some("{{ doc('orders_id') }}")
    );
    assert_eq!(value(&self::column("description: ''").description), None);
}

#[test]
fn constraints_of_a_column_are_declarations() {
    for (constraint, nullable, unique, references) in [
        ("{type: not_null}", Some(false), None, None),
        ("{type: unique}", None, Some(true), None),
        (
            "{type: foreign_key, to: ref('customers'), to_columns: [id]}",
            None,
            None,
            Some("customers.id"),
        ),
        (
            "{type: foreign_key, to: \"source('shop', 'customers')\", to_columns: [id]}",
            None,
            None,
            Some("shop.customers.id"),
        ),
        (
            "{type: foreign_key, expression: raw.customers (id)}",
            None,
            None,
            Some("raw.customers.id"),
        ),
        (
            "{type: foreign_key, to: ref('customers')}",
            None,
            None,
            None,
        ),
        ("{type: check, expression: c > 0}", None, None, None),
        ("{}", None, None, None),
        ("text", None, None, None),
    ] {
        let column = column(&format!(
            "constraints: [{}]",
            constraint.replace("ref('customers')", "\"ref('customers')\"")
        ));
        assert_eq!(value(&column.nullable), nullable, "{constraint}");
        assert_eq!(value(&column.unique), unique, "{constraint}");
        assert_eq!(
            value(&column.references).as_deref(),
            references,
            "{constraint}"
        );
    }
}

#[test]
fn constraints_of_a_table_reach_the_columns_they_name() {
    let table = model(
        "constraints:
  - {type: primary_key, columns: [a, b]}
  - {type: unique, columns: [b, a]}
  - {type: unique, columns: [b]}
  - {type: not_null, columns: [a, missing]}
  - {type: foreign_key, columns: [b], to: other, to_columns: [id]}
  - {type: check, columns: [a], expression: a > b}",
    );
    assert_eq!(names(&table.grain), ["a", "b"]);
    assert_eq!(table.keys.len(), 1);
    assert_eq!(names(&table.keys[0]), ["b", "a"]);
    let [a, b] = table.columns.as_slice() else {
        panic!("two columns")
    };
    assert_eq!((value(&a.nullable), value(&a.unique)), (Some(false), None));
    assert_eq!((value(&b.nullable), value(&b.unique)), (None, Some(true)));
    assert_eq!(value(&b.references).as_deref(), Some("other.id"));
}

#[test]
fn a_primary_key_of_a_column_is_the_grain() {
    let text = "models: [{name: t, columns: [{name: a, constraints: [{type: primary_key}]}]}]";
    assert_eq!(names(&tables(text)[0].grain), ["a"]);
}

#[test]
fn tests_of_a_column_are_claims_and_no_declarations() {
    use ClaimKind::{AcceptedValues, NotNull, Relationships, Unique};
    let accepted = || AcceptedValues(vec!["a".to_owned(), "2".to_owned()]);
    let customers = |to: &str| Relationships {
        to: to.to_owned(),
        field: Name::new("id"),
    };
    for (test, claims) in [
        ("- unique", vec![Unique]),
        ("- not_null\n- unique", vec![NotNull, Unique]),
        ("- not_null:", vec![NotNull]),
        ("- not_null: {config: {severity: error}}", vec![NotNull]),
        ("- dbt.not_null", vec![NotNull]),
        ("- {name: is_there, test_name: not_null}", vec![NotNull]),
        ("- accepted_values: {values: [a, 2]}", vec![accepted()]),
        (
            "- accepted_values: {arguments: {values: [a, 2]}}",
            vec![accepted()],
        ),
        ("- accepted_values: {values: []}", vec![]),
        ("- accepted_values", vec![]),
        (
            "- relationships: {to: \"ref('customers')\", field: id}",
            vec![customers("customers")],
        ),
        (
            "- relationships: {arguments: {to: \"source('s', 'c')\", field: id}}",
            vec![customers("s.c")],
        ),
        ("- relationships: {to: \"ref('customers')\"}", vec![]),
        ("- dbt_utils.not_empty_string", vec![]),
        ("- my_package.unique", vec![]),
        ("- []\n- unique", vec![Unique]),
    ] {
        for key in ["data_tests", "tests"] {
            let column = column(&format!("{key}:\n{}", indented(test)));
            let found: Vec<ClaimKind> = column.claims.into_iter().map(|c| c.kind).collect();
            assert_eq!(found, claims, "{key}: {test}");
            assert!(
                column.nullable.is_none() && column.unique.is_none() && column.values.is_empty()
            );
        }
    }
}

fn indented(lines: &str) -> String {
    let lines: Vec<String> = lines.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

#[test]
fn a_test_that_lets_rows_pass_claims_nothing() {
    for settings in [
        "where: not deleted",
        "severity: warn",
        "severity: WARN",
        "severity: \"{{ 'error' if target.name == 'prod' else 'warn' }}\"",
        "enabled: false",
        "enabled: no",
        "enabled: \"{{ target.name == 'prod' }}\"",
        "error_if: '>10'",
    ] {
        for test in [
            format!("- unique: {{{settings}}}"),
            format!("- unique: {{config: {{{settings}}}}}"),
            format!("- {{unique: , config: {{{settings}}}}}"),
            format!("- {{test_name: unique, config: {{{settings}}}}}"),
        ] {
            assert!(
                column(&format!("tests:\n  {test}")).claims.is_empty(),
                "{test}"
            );
        }
    }
}

#[test]
fn tests_of_a_table_claim_something_of_it_or_of_a_column() {
    let table = model(
        "data_tests:
  - dbt_utils.unique_combination_of_columns:
      arguments: {combination_of_columns: [a, b]}
  - dbt_utils.unique_combination_of_columns: {combination_of_columns: [b, a], where: a > 0}
  - unique: {column_name: b}
  - unique: {column_name: \"a || b\"}
  - unique: {column_name: missing}",
    );
    let combination = ClaimKind::UniqueCombination(vec![Name::new("a"), Name::new("b")]);
    let claims: Vec<&ClaimKind> = table.claims.iter().map(|claim| &claim.kind).collect();
    assert_eq!(claims, [&combination]);
    assert_eq!(table.columns[0].claims, []);
    assert_eq!(table.columns[1].claims[0].kind, ClaimKind::Unique);
}

#[test]
fn a_contract_makes_the_columns_all_there_are() {
    for (config, exhaustive, disabled) in [
        ("{contract: {enforced: true}}", true, false),
        ("{contract: {enforced: yes}}", true, false),
        ("{contract: {enforced: false}}", false, false),
        ("{contract: {enforced: \"{{ true }}\"}}", false, false),
        ("{enabled: false}", false, true),
        ("{enabled: off}", false, true),
        ("{enabled: true}", false, false),
        ("{enabled: \"{{ var('on') }}\"}", false, false),
        ("{}", false, false),
        ("text", false, false),
    ] {
        let table = model(&format!("config: {config}"));
        assert_eq!(
            (table.exhaustive, table.disabled),
            (exhaustive, disabled),
            "{config}"
        );
    }
}

#[test]
fn a_disabled_source_disables_its_tables() {
    let text = "sources: [{name: s, config: {enabled: false}, tables: [{name: t}]}]";
    assert!(tables(text)[0].disabled);
}

#[test]
fn versions_have_their_columns() {
    let table = model(
        "latest_version: 2
versions:
  - v: 1
    defined_in: t_first
  - v: 2
    columns:
      - include: all
        exclude: [a]
      - name: c
  - v: three
    columns: [{include: [a, b], exclude: b}]
  - v: 4
    columns: [{include: '*'}]
  - defined_in: nameless",
    );
    assert_eq!(value(&table.latest_version).as_deref(), Some("2"));
    let versions: Vec<(&str, Option<String>, &Inherited, usize)> = table
        .versions
        .iter()
        .map(|version| {
            let name = version.version.value.as_str();
            let defined_in = value(&version.defined_in);
            (name, defined_in, &version.inherited, version.columns.len())
        })
        .collect();
    assert_eq!(
        versions,
        [
            ("1", Some("t_first".to_owned()), &Inherited::All, 0),
            ("2", None, &Inherited::AllBut(vec![Name::new("a")]), 1),
            ("three", None, &Inherited::Only(vec![Name::new("a")]), 0),
            ("4", None, &Inherited::All, 0),
        ]
    );
}

#[test]
fn of_a_key_given_twice_dbt_takes_the_last() {
    let column =
        decode("models: [{name: t, columns: [{name: c, description: one, description: two}]}]");
    let column = &column.facts.tables[0].columns[0];
    assert_eq!(value(&column.description).as_deref(), Some("two"));
}

#[test]
fn anchors_and_merge_keys_are_followed() {
    let text = "\
anchors: &id
  name: id
  description: Identifies the row.
models:
  - name: a
    columns: [*id]
  - name: b
    columns:
      - <<: *id
        description: Its own.
";
    let tables = tables(text);
    let description = |table: &Table| value(&table.columns[0].description).unwrap();
    assert_eq!(description(&tables[0]), "Identifies the row.");
    assert_eq!(description(&tables[1]), "Its own.");
}

#[test]
fn what_dbt_may_know_and_we_do_not_is_no_problem() {
    let text = "\
version: 2
models:
  - name: orders
    access: public
    docs: {show: false}
    columns:
      - name: id
        quote: true
        tags: [key]
        policy_tags: [x]
      - description: nameless
      - text
      -
  - description: nameless
  - text
groups:
  - {name: finance}
";
    assert_eq!(tables(text).len(), 1);
}

#[test]
fn files_that_are_no_properties_say_nothing() {
    for (text, expected) in [
        ("models:\n  - name: orders\n", true),
        ("sources:\n  - name: shop\n    tables: []\n", true),
        ("models:\n  -\n", true),
        ("models: []\n", false),
        ("models:\n", false),
        (
            "name: shop\nmodels:\n  shop:\n    +materialized: table\n",
            false,
        ),
        ("packages:\n  - package: dbt-labs/dbt_utils\n", false),
        ("on: push\njobs:\n  build:\n    steps: [{name: x}]\n", false),
        ("apiVersion: v2\nsources:\n  - https://example.com\n", false),
        ("macros:\n  - name: cents_to_dollars\n", true),
        ("product: orders\ntables:\n  - name: orders\n", false),
        ("- models\n", false),
        ("", false),
        ("text", false),
        ("key: [unclosed\n  other: }", false),
    ] {
        assert_eq!(is_properties(text), expected, "{text}");
        if !expected {
            assert_eq!(decode(text), spec::Decoded::default(), "{text}");
        }
    }
}

#[test]
fn a_value_that_yaml_1_1_reads_otherwise_is_hinted_at() {
    let accepted = |values: &str| {
        format!(
            "models: [{{name: t, columns: [{{name: c, tests: [accepted_values: {{values: [{values}]}}]}}]}}]"
        )
    };
    let no = "yaml-1.1-value at `no`: dbt reads YAML 1.1, in which `no` is the boolean `false`. Put it in quotes if the text is meant.";
    let octal = "yaml-1.1-value at `017`: dbt reads YAML 1.1, in which `017` is the number 15. Put it in quotes if the text is meant.";
    for (text, expected) in [
        (accepted("no, 017"), vec![no, octal]),
        (accepted("'no', \"017\""), vec![]),
        // The parser of dbt leaves single letters alone.
        (accepted("y, n, none, 17, true"), vec![]),
        (
            "models: [{name: no, columns: [{name: t}]}]".to_owned(),
            vec![no],
        ),
        (
            "models: [{name: t, config: {enabled: no}, docs: {show: no}}]".to_owned(),
            vec![],
        ),
        ("models: [{name: t, description: no}]".to_owned(), vec![]),
    ] {
        assert_eq!(shown(&text, &decode(&text).problems), expected, "{text}");
    }
}

#[test]
fn prose_that_a_comment_cuts_off_is_said() {
    let text = "\
models:
  - name: orders #no prose
    description: Orders, see ticket #12
    meta: {why: 'Quoted #12'} #a comment
    columns:
      - name: id
        data_type: int #no prose
        description: Identifies # the order
";
    let expected = "text-cut-off at `#12`: YAML reads `#12` as a comment, so the text ends before it. Put the whole text in quotes.";
    assert_eq!(shown(text, &decode(text).problems), [expected]);
}

#[test]
fn macros_are_read_by_name_and_description() {
    let text = "\
macros:
  - name: cents
    description: Cents as units.
    arguments: [{name: column, type: string}]
  - name: bare
  - description: Without a name.
  - 1
";
    let decoded = decode(text);
    assert_eq!(shown(text, &decoded.problems), Vec::<String>::new());
    let macros = decoded.facts.macros.iter();
    let read: Vec<_> = macros
        .map(|it| (it.name.value.as_str(), value(&it.description)))
        .collect();
    let description = Some("Cents as units.".to_owned());
    assert_eq!(read, [("cents", description), ("bare", None)]);
    assert!(is_properties(text));
    assert!(!is_properties("macros:\n  cents: 1\n"));
}
