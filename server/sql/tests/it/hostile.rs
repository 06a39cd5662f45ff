//! Any text gives an answer, soon and without overflowing the stack.

use crate::corpus::{Random, files};
use crate::render::{analysis, options};
use sql::lower::{NoCatalog, QueryPlaces, lower};
use sql::{Analysis, analyze};
use syntax::TextRange;

const DIALECTS: &[&str] = &[
    "generic",
    "snowflake",
    "bigquery",
    "postgres",
    "duckdb",
    "clickhouse",
];

/// A text around `count` repetitions of a part.
fn repeated(before: &str, part: &str, after: &str, count: usize) -> String {
    format!("{before}{}{after}", part.repeat(count))
}

#[test]
fn deep_and_long_texts() {
    let parts = [
        ("select 1 where a=1", " and a=1", ""),
        ("select 1", "+1", ""),
        ("select 1", "*a", ""),
        ("select 1", " union all select 1", ""),
        ("select ", "(", ""),
        ("select ", "f(", ""),
        ("select ", "[", ""),
        ("select ", "case when a then ", ""),
        ("select ", "not ", "a"),
        ("select ", "- ", "a"),
        ("select a", ".a", ""),
        ("select a", "::int", ""),
        ("select a", ", a", " from t"),
        ("select a", " b", ""),
        ("select * from ", "(", "a"),
        ("select * from a", " join b on true", ""),
        ("", "select * from (", ""),
        ("", "with a as (", ""),
        (
            "with a as (select 1 as x)",
            ", a as (select * from a)",
            " select * from a",
        ),
        ("", "(", ""),
        ("", ")", ""),
        ("", ";", ""),
        ("", "select 1;", ""),
        ("", "{{", ""),
        ("", "{{ ref(", ""),
        ("", "{{ x }} ", ""),
        ("select ", "{{ x }}", ""),
        ("", "{% if a %}", ""),
        ("", "{% if a %}x{% else %}", ""),
        ("select '", "a", ""),
        ("select ", "'a", ""),
        ("/*", "/*", ""),
        ("create table t (", "a int, ", ""),
        ("select cast(a as ", "array<", ""),
    ];
    for (before, part, after) in parts {
        let text = repeated(before, part, after, 20_000);
        analysis(&text, "generic");
    }
    for (before, part, after) in parts {
        for dialect in DIALECTS {
            analysis(&repeated(before, part, after, 300), dialect);
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
        ("[", "1", "]"),
    ] {
        for count in [50, 90, 110, 10_000] {
            let text = format!(
                "select {}{middle}{} as a",
                open.repeat(count),
                close.repeat(count)
            );
            analysis(&text, "generic");
        }
    }
}

#[test]
fn chains_just_below_the_limit_are_dropped_safely() {
    for part in ["+1", " and a", " or a", " || a", " union select 1"] {
        let text = repeated("select 1 as a", "", "", 0)
            .replace("1 as a", &format!("1{}", part.repeat(1_990)));
        assert!(analysis(&text, "generic").problems.is_empty(), "{part}");
    }
}

#[test]
fn stars_that_double_stay_small() {
    let mut text = String::from("with a0 as (select 1 as x, 2 as y)");
    for level in 1..40 {
        text.push_str(&format!(
            ", a{level} as (select p.*, q.* from a{0} p, a{0} q)",
            level - 1
        ));
    }
    text.push_str(" select * from a39");
    let analysis = analysis(&text, "generic");
    assert!(analysis.facts.models[0].open.is_some());
}

#[test]
fn forms_that_are_written_out_stay_small() {
    let columns: Vec<String> = (0..2_000).map(|n| format!("last(c{n}) as m{n}")).collect();
    let pattern = format!(
        "select * from t match_recognize (order by a measures {} one row per match \
         pattern ({}a{} b+) define b as x = 1)",
        columns.join(", "),
        "(".repeat(400),
        ")".repeat(400)
    );
    let unions: Vec<String> = (1..150)
        .map(|n| format!(" union all by name select *, {n} as k{n} from a{n}"))
        .collect();
    let excepted: Vec<String> = (0..5_000).map(|n| format!("t.c{n}")).collect();
    for text in [
        pattern,
        format!("select * from a0{}", unions.join("")),
        format!("select filter(a, x -> x {}) from t", "and x ".repeat(1_900)),
        format!(
            "select {}1{} from t",
            "transform(a, x -> x > ".repeat(90),
            ")".repeat(90)
        ),
        format!(
            "select * except ({}) from t join u on true",
            excepted.join(", ")
        ),
    ] {
        lower(&text, &options("generic"), &NoCatalog);
        analysis(&text, "generic");
    }
}

#[test]
fn random_edits_of_real_text_never_panic() {
    let pieces = [
        "(",
        ")",
        ",",
        "'",
        "\"",
        "`",
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "--",
        "/*",
        "*/",
        ";",
        " select ",
        " from ",
        " as ",
        ".",
        "*",
        " union ",
        " with ",
        "é",
        "\r\n",
        "\0",
        "$$",
        "::",
        "{% endif %}",
        " join ",
        " on ",
        " over (",
        "[",
        "]",
        "@",
        "|>",
        "0",
    ];
    let mut random = Random::new();
    for file in files() {
        for _ in 0..12 {
            let mut text = file.text.clone();
            for _ in 0..1 + random.below(6) {
                let mut at = random.below(text.len() + 1);
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                if random.below(3) == 0 {
                    text.truncate(at);
                } else {
                    text.insert_str(at, pieces[random.below(pieces.len())]);
                }
            }
            let dialect = DIALECTS[random.below(DIALECTS.len())];
            check_places(&text, &analyze(&text, &options(dialect)));
            for lowered in lower(&text, &options(dialect), &NoCatalog) {
                check_lowered(&text, &lowered.places);
            }
        }
    }
}

/// Every place lies within the text and between its characters.
fn check_places(text: &str, analysis: &Analysis) {
    let whole = |range: TextRange| text.get(range.start().into()..range.end().into()).is_some();
    assert!(
        analysis.problems.iter().all(|problem| whole(problem.range)),
        "{text}"
    );
    assert!(
        analysis.comments.iter().all(|range| whole(*range)),
        "{text}"
    );
    assert!(
        analysis
            .projections
            .iter()
            .all(|one| whole(one.item) && whole(one.name)),
        "{text}"
    );
    for model in &analysis.facts.models {
        assert!(whole(analysis.places.range(model.statement)), "{text}");
        assert!(
            model
                .reads
                .iter()
                .all(|read| whole(analysis.places.range(read.spot))),
            "{text}"
        );
    }
}

/// Every place of a query lies within the text and between its characters, and mentions are in order.
fn check_lowered(text: &str, places: &QueryPlaces) {
    let whole = |range: TextRange| text.get(range.start().into()..range.end().into()).is_some();
    assert!(whole(places.statement), "{text}");
    assert!(places.inputs.iter().all(|range| whole(*range)), "{text}");
    let mentions = places.mentions.iter().map(|mention| mention.range);
    assert!(mentions.clone().all(whole), "{text}");
    assert!(mentions.is_sorted_by_key(|range| range.start()), "{text}");
    for relation in &places.relations {
        assert!(whole(relation.range) && whole(relation.name), "{text}");
        let mut columns = relation.columns.iter();
        assert!(columns.all(|place| whole(place.item) && whole(place.name)));
        let mut clauses = relation.clauses.iter();
        assert!(clauses.all(|place| whole(place.range)), "{text}");
    }
}
