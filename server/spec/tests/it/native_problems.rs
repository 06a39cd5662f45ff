//! Each problem of a native spec: its place, its words and its repairs; and silence where nothing is
//! wrong.

use crate::native::at;
use spec::{Problem, ProblemCode, Repair, native};

/// The problems of `text`, each as ``"`place`: message"``.
fn problems(text: &str) -> Vec<String> {
    let problems = native::decode(text).problems;
    let shown = problems.iter().map(|problem| {
        assert_eq!(problem.code, ProblemCode::InvalidSpec, "{text}");
        format!("`{}`: {}", at(text, problem.range), problem.message)
    });
    shown.collect()
}

/// A spec whose only column is written as `lines`.
fn column(lines: &str) -> String {
    within(
        "product: p\ntables:\n  - name: t\n    columns:\n      - ",
        lines,
    )
}

/// A spec whose only table is written as `lines`.
fn table(lines: &str) -> String {
    within("product: p\ntables:\n  - ", lines)
}

/// A spec whose only amendment is written as `lines`.
fn amendment(lines: &str) -> String {
    within("product: p\namendments:\n  - ", lines)
}

/// `head`, and `lines` indented so that they go on where it ends.
fn within(head: &str, lines: &str) -> String {
    let indentation = head.rsplit('\n').next().unwrap().len();
    let lines: Vec<&str> = lines.lines().collect();
    format!(
        "{head}{}\n",
        lines.join(&format!("\n{}", " ".repeat(indentation)))
    )
}

fn assert_problems(cases: &[(String, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(problems(text), *expected, "\n{text}");
    }
}

#[test]
fn a_missing_key_is_said_where_its_mapping_starts() {
    assert_problems(&[
        (
            String::new(),
            &[
                "``: This spec has no `product`. Add it: the product's name, unique in the workspace.",
            ],
        ),
        (
            "owner: o".to_owned(),
            &[
                "`owner`: This spec has no `product`. Add it: the product's name, unique in the workspace.",
            ],
        ),
        (
            table("why: w"),
            &[
                "`why`: This table has no `name`. Add it: the table's name as SQL gives it, unique in its product.",
            ],
        ),
        (
            table(""),
            &[
                "`-`: This table has no `name`. Add it: the table's name as SQL gives it, unique in its product.",
            ],
        ),
        (
            column("{type: INT}"),
            &["`type`: This column has no `name`. Add it: the column's name as SQL gives it."],
        ),
        (
            amendment("id: 1"),
            &[
                "`id`: This amendment has no `requirement`. Add it: the need, in the words of whoever had it.",
            ],
        ),
        (
            amendment("requirement: r"),
            &[
                "`requirement`: This amendment has no `id`. Add it: a positive integer, or a slug such as `no-test-orders`; unique in the product.",
            ],
        ),
        (
            amendment("id: 2\nrequirement: r\nsupersedes: [{guarantee: g}]"),
            &[
                "`guarantee`: This superseded sentence has no `amendment`. Add it: the id of the older amendment.",
            ],
        ),
        (
            "product: p\nexemptions: [{}]".to_owned(),
            &[
                "`{}`: This exemption has no `rule`. Add it: the name of the rule.",
                "`{}`: This exemption has no `why`. Add it: why the product need not keep it.",
            ],
        ),
    ]);
}

#[test]
fn a_required_key_without_a_value_is_said_on_the_key() {
    for value in ["", " null", " ''", " \"  \"", " ~"] {
        assert_problems(&[
            (
                format!("product:{value}"),
                &[
                    "`product`: `product` of this spec is empty. Fill in the product's name, unique in the workspace.",
                ],
            ),
            (
                amendment(&format!("id: 1\nrequirement:{value}")),
                &[
                    "`requirement`: `requirement` of this amendment is empty. Fill in the need, in the words of whoever had it.",
                ],
            ),
        ]);
    }
}

#[test]
fn an_unknown_key_is_said_with_what_was_likely_meant() {
    assert_problems(&[
        (
            "prodct: p".to_owned(),
            &["`prodct`: `prodct` is not a key of a spec. Did you mean `product`?"],
        ),
        (
            column("name: c\nnulable: true"),
            &["`nulable`: `nulable` is not a key of a column. Did you mean `nullable`?"],
        ),
        (
            "product: p\nwhy: w".to_owned(),
            &[
                "`why`: `why` is a key of a table, a column and an exemption, not of a spec. Is it indented as it should be?",
            ],
        ),
        (
            "product: p\nexemptions: [{rule: r, why: w, colour: red}]".to_owned(),
            &[
                "`colour`: `colour` is not a key of an exemption. The keys of an exemption are `rule`, `why` and `until`. A key of your own starts with `x-`.",
            ],
        ),
        (
            "product: p\n? [a]\n: b".to_owned(),
            &[
                "`[a]`: A key must be a word. The keys of a spec are `product`, `description`, `owner`, `links`, `dialect`, `tables`, `amendments` and `exemptions`.",
            ],
        ),
    ]);
}

#[test]
fn a_key_given_twice_is_said_on_the_second() {
    let text = table("name: t\nwhy: one\nwhy: two");
    let decoded = native::decode(&text);
    let why = decoded.facts.tables[0].why.as_ref().unwrap();
    assert_eq!(why.value, "one");
    let [problem] = decoded.problems.as_slice() else {
        panic!("{:?}", decoded.problems);
    };
    assert_eq!(
        problem.message,
        "`why` is given twice in this table, and only the first is read. Remove one of them."
    );
    assert_eq!(
        usize::from(problem.range.start()),
        text.rfind("why").unwrap()
    );
    assert_eq!(problem.repairs, [Repair::RemoveKey { key: problem.range }]);
}

#[test]
fn a_value_of_another_kind_is_said_on_the_value() {
    assert_problems(&[
        (
            "text".to_owned(),
            &[
                "`text`: A spec is written as keys and values, starting with `product:`, but this is text.",
            ],
        ),
        (
            "- product: p".to_owned(),
            &[
                "`- product: p`: A spec is written as keys and values, starting with `product:`, but this is a list.",
            ],
        ),
        (
            "product: true".to_owned(),
            &[
                "`true`: `product` must be a name, but YAML reads `true` as a boolean. Put it in quotes.",
            ],
        ),
        (
            "product: [p]".to_owned(),
            &["`[p]`: `product` must be a name, but this is a list."],
        ),
        (
            "product: p\ntables: orders".to_owned(),
            &[
                "`orders`: `tables` must be a list of tables, each starting with `- name:`, not `orders`.",
            ],
        ),
        (
            "product: p\ntables:\n  orders:\n    why: w".to_owned(),
            &[
                "`orders:`: `tables` must be a list of tables, each starting with `- name:`, but this is a mapping of keys and values.",
            ],
        ),
        (
            table("orders"),
            &[
                "`orders`: A table is written as keys and values, starting with `name:`, but this is text.",
            ],
        ),
        (
            table("name: t\ngrain: id"),
            &["`id`: `grain` must be a list of columns, not `id`. Put it in brackets."],
        ),
        (
            column("name: c\nnullable: no"),
            &["`no`: `nullable` must be `true` or `false`, not `no`."],
        ),
        (
            column("name: c\nvalues: [a, null, {b: c}]"),
            &[
                "`null`: An item of `values` must be text, but it is empty.",
                "`{b: c}`: An item of `values` must be text, but this is a mapping of keys and values.",
            ],
        ),
        (
            column("name: c\nsince: First One"),
            &[
                "`First One`: `since` must be a positive integer, or a slug of lower-case letters, digits and hyphens, not `First One`.",
            ],
        ),
        (
            amendment("id: 0\nrequirement: r"),
            &[
                "`0`: `id` must be a positive integer, or a slug of lower-case letters, digits and hyphens, not `0`.",
            ],
        ),
        (
            amendment("id: 1\nrequirement: r\nstatus: acepted"),
            &["`acepted`: `status` must be `proposed`, `accepted` or `withdrawn`, not `acepted`."],
        ),
        (
            amendment("id: 1\nrequirement: r\nguarantees:\n  - t.c is: DATE"),
            &[
                "`t.c is: DATE`: An item of `guarantees` must be text, but this is a mapping of keys and values. Put it in quotes.",
            ],
        ),
        (
            amendment("id: 2\nrequirement: r\nsupersedes: 1"),
            &["`1`: `supersedes` must be a list of amendment ids, not `1`. Put it in brackets."],
        ),
        (
            amendment("id: 2\nrequirement: r\nsupersedes: [1, []]"),
            &[
                "`[]`: An item of `supersedes` must be a positive integer, or a slug of lower-case letters, digits and hyphens, but this is a list.",
            ],
        ),
    ]);
}

#[test]
fn a_long_value_is_not_repeated_and_only_its_first_line_marked() {
    let text =
        column("name: c\nnullable: |\n  It may be, or it may not be, nobody knows for\n  certain.");
    let expected = "`|`: `nullable` must be `true` or `false`, but this is text.";
    assert_eq!(problems(&text), [expected]);
}

#[test]
fn a_date_must_be_a_day_of_the_calendar() {
    for day in [
        "2026-02-30",
        "2025-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-04-31",
        "2026-1-1",
        "10.1.2026",
        "20260110",
        "2026-01-10T00:00:00",
    ] {
        let text = amendment(&format!("id: 1\nrequirement: r\ndate: {day}"));
        let expected =
            format!("`{day}`: `{day}` is no day. Write `date` as YYYY-MM-DD, such as 2026-01-31.");
        assert_eq!(problems(&text), [expected]);
    }
    for day in [
        "2026-02-28",
        "2024-02-29",
        "2000-02-29",
        "2026-12-31",
        "'2026-01-10'",
    ] {
        let text = amendment(&format!("id: 1\nrequirement: r\ndate: {day}"));
        assert_eq!(problems(&text), [] as [&str; 0]);
    }
}

#[test]
fn a_second_document_is_said_and_not_read() {
    let text = "---\n---\nproduct: p\n---\nproduct: q\nowner: o\n";
    let expected = "`product: q`: A file holds one spec, so this document, after `---`, is not read. Move it to a file of its own; files that name the same product add up.";
    assert_eq!(problems(text), [expected]);
    assert_eq!(
        native::decode(text).facts.product.unwrap().value.as_str(),
        "p"
    );
}

#[test]
fn prose_and_sentences_that_a_comment_cuts_off_are_said() {
    let text = "\
product: orders #no prose
description: What #sales wants # and more
amendments:
  - id: 1 #no prose
    requirement: See ticket #12
    change: Done #later
    guarantees:
      - orders excludes rows where tag = #test
    promises: |
      This is text #12
";
    let decoded = native::decode(text);
    let shown: Vec<(ProblemCode, &str, String)> = decoded
        .problems
        .iter()
        .map(|problem| {
            let repair = rendered(text, &problem.repairs[0]);
            (problem.code, at(text, problem.range), repair)
        })
        .collect();
    let cut_off = |comment, whole: &str| {
        let repair = format!("quote `{whole}`");
        (ProblemCode::TextCutOff, comment, repair)
    };
    assert_eq!(
        shown,
        [
            cut_off("#sales wants # and more", "What #sales wants # and more"),
            cut_off("#12", "See ticket #12"),
            cut_off("#later", "Done #later"),
            cut_off("#test", "orders excludes rows where tag = #test"),
        ]
    );
}

#[test]
fn an_alias_that_leads_nowhere_is_one_problem() {
    for text in [
        "product: *a".to_owned(),
        table("*a"),
        table("name: t\ngrain: [*a]"),
        table("name: t\nwhy: *a"),
    ] {
        let problems = native::decode(&text).problems;
        assert_eq!(problems.len(), 1, "{text}\n{problems:#?}");
        assert_eq!(problems[0].code, ProblemCode::InvalidYaml);
        assert_eq!(at(&text, problems[0].range), "*a");
    }
}

#[test]
fn a_repair_has_what_a_quick_fix_needs() {
    for (text, expected) in [
        ("prodct: p".to_owned(), "rename `prodct` to `product`"),
        ("product: p\nfoo: 1".to_owned(), "rename `foo` to `x-foo`"),
        (table("why: w"), "insert `name` in `why: w`"),
        (table("orders"), "replace `orders` by `name: orders`"),
        (column("name: c\nunique: yes"), "replace `yes` by `true`"),
        (column("name: c\nunique: Off"), "replace `Off` by `false`"),
        (
            column("name: c\nsince: The 1st!"),
            "replace `The 1st!` by `the-1st`",
        ),
        (
            amendment("id: 1\nrequirement: r\nstatus: acepted"),
            "replace `acepted` by `accepted`",
        ),
        (table("name: t\ngrain: id"), "make a list of `id`"),
        (table("name: t\nwhy: w\nwhy: v"), "remove `why`"),
        ("product: true".to_owned(), "quote `true`"),
        (
            amendment("id: 1\nrequirement: r\npromises:\n  - a is: b"),
            "quote `a is: b`",
        ),
        (column("name: c\nunique: maybe"), "none"),
        (column("name: c\nsince: '!'"), "none"),
        (amendment("id: 1\nrequirement: r\nstatus: done"), "none"),
    ] {
        let problems: Vec<Problem> = native::decode(&text).problems;
        assert_eq!(problems.len(), 1, "{text}\n{problems:#?}");
        let repairs: Vec<String> = problems[0]
            .repairs
            .iter()
            .map(|repair| rendered(&text, repair))
            .collect();
        let rendered = repairs.first().map_or("none", String::as_str);
        assert_eq!(rendered, expected, "{text}");
    }
}

fn rendered(text: &str, repair: &Repair) -> String {
    match repair {
        Repair::RenameKey { key, to } => format!("rename `{}` to `{to}`", at(text, *key)),
        Repair::InsertKey { mapping, key } => format!("insert `{key}` in `{}`", at(text, *mapping)),
        Repair::RemoveKey { key } => format!("remove `{}`", at(text, *key)),
        Repair::Quote { text: value } => format!("quote `{}`", at(text, *value)),
        Repair::Replace { value, by } => format!("replace `{}` by `{by}`", at(text, *value)),
        Repair::MakeList { value } => format!("make a list of `{}`", at(text, *value)),
    }
}

#[test]
fn nothing_is_said_where_nothing_is_wrong() {
    for text in [
        "product: p".to_owned(),
        "product: 2024".to_owned(),
        "product: p\ntables:\namendments:\nexemptions:\nlinks:\n".to_owned(),
        "product: p\ntables: []\n".to_owned(),
        "x-anchors: {a: &a text}\nproduct: p\nowner: *a\n".to_owned(),
        "# yaml-language-server: $schema=x\n---\nproduct: p\n...\n".to_owned(),
        "\u{feff}product: p\r\ntables:\r\n  - name: t\r\n    why: w\r\n".to_owned(),
        table("name: t\nx-owner: me\ndescription:\nwhy: ''"),
        column("name: c\nnullable: TRUE\nunique: False"),
        column("name: c\nvalues: [open, 1, 1.5, true, 'yes', 2026-01-01]"),
        column("name: c\nvalues: []\nclassification:\n- pii\n- financial"),
        column("name: c\nsince: no-test-orders"),
        column("name: c\nsince: '1'"),
        amendment("id: 2026-01-10\nrequirement: r"),
        amendment("id: 1\nrequirement: >\n  folded\n  text\nchange: <tbd>"),
        amendment("id: 1\nrequirement: r\nguarantees: t.c exists\npromises: []"),
        amendment("id: 1\nrequirement: r\nguarantees: [t.c exists, 't.c is one of (''a'')']"),
        amendment(
            "id: 2\nrequirement: r\nsupersedes: [1, slug, {amendment: 1}, {amendment: 1, guarantee: g}]",
        ),
    ] {
        assert_eq!(problems(&text), [] as [&str; 0], "{text}");
    }
}
