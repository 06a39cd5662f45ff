//! Which tables a statement reads.

use crate::render::{analysis, inputs_in, slice};

#[test]
fn every_mention_counts_in_the_order_of_the_text() {
    for (text, expected) in [
        ("select a from t", "t"),
        (
            "select (select max(a) from u) as m from s.t join d.s.v on true",
            "u, s.t, d.s.v",
        ),
        ("with t as (select * from t) select * from t", "t"),
        (
            "with a as (select * from t), b as (select * from a) select * from b, u",
            "t, u",
        ),
        ("with unused as (select * from t) select 1 as a", "t"),
        (
            "select a from t where b in (select c from u where exists (select 1 from v))",
            "t, u, v",
        ),
        ("select a from t union all select a from t", "t, t"),
        ("select a from (t join u on t.x = u.x)", "t, u"),
        ("select a from generate_series(1, 2) as g, t", "?, t"),
        (
            "select a from {{ ref('x') }}, {{ ref('p', 'y', v=2) }}, {{ source('s', 'z') }}",
            "x, p:y@2, s/z",
        ),
        (
            "select a from {{ ref(name) }} join {{ this }} on true",
            "?, ?",
        ),
        (
            "select a, {{ m(ref('y')) }} as b from {{ ref('x') }}",
            "y, x",
        ),
        ("select a from {{ ref('x') }}_suffix", "?"),
        ("create table n as select a from t", "t"),
        ("insert into n (a) select b from t", "t"),
        ("create table n (a int)", ""),
        ("delete from t", ""),
        ("select a from t; select b from u", "t | u"),
        ("select a from (select from t", "t"),
    ] {
        assert_eq!(inputs_in(text, "snowflake"), expected, "{text}");
    }
}

#[test]
fn a_mention_is_the_name_or_the_whole_tag() {
    let text = "select é from {{ ref('x') }} join s . t on true";
    let analysis = analysis(text, "generic");
    let mentions: Vec<&str> = analysis.facts.models[0]
        .inputs
        .iter()
        .map(|input| slice(text, analysis.places.range(input.spot)))
        .collect();
    assert_eq!(mentions, ["{{ ref('x') }}", "s . t"]);
}

#[test]
fn a_path_in_one_pair_of_quotes_is_a_path() {
    assert_eq!(inputs_in("select a from `p-x.d.t`", "bigquery"), "p-x.d.t");
    assert_eq!(inputs_in("select a from p-x.d.t", "bigquery"), "p-x.d.t");
}

#[test]
fn names_come_from_the_statement_or_the_snapshot() {
    for (text, expected) in [
        ("create view s.v as select 1 as a", "s.v"),
        ("select 1 as a", "-"),
        ("{% snapshot s %} select 1 as a {% endsnapshot %}", "s"),
        ("create table {{ x }} as select 1 as a", "-"),
        ("create table x (a int); create table y (b int)", "x y"),
    ] {
        let analysis = analysis(text, "generic");
        let names: Vec<String> = analysis
            .facts
            .models
            .iter()
            .map(|model| {
                model
                    .name
                    .as_ref()
                    .map_or("-".to_owned(), ToString::to_string)
            })
            .collect();
        assert_eq!(names.join(" "), expected, "{text}");
    }
}

#[test]
fn tables_that_are_altered_are_named() {
    let analysis = analysis("alter table if exists s.t add column a int", "postgres");
    assert_eq!(analysis.facts.altered[0].to_string(), "s.t");
    assert!(analysis.facts.models.is_empty());
}

#[test]
fn comments_of_both_languages_are_found() {
    let text = "-- one\nselect /* two */ 1 as a {# three #} # not one";
    let analysis = analysis(text, "generic");
    let comments: Vec<&str> = analysis
        .comments
        .iter()
        .map(|range| slice(text, *range).trim_end())
        .collect();
    assert_eq!(comments, ["-- one", "/* two */", "{# three #}"]);
}

#[test]
fn problems_are_said_in_the_words_of_the_text() {
    for (text, message, place) in [
        (
            "select a from t where",
            "expected an expression, found the end of the statement",
            "where",
        ),
        ("select a from t where {{ x }} )", "", ""),
        ("select a from t; selec b; select c from u", "", ""),
    ] {
        let analysis = analysis(text, "postgres");
        assert_eq!(analysis.problems.len(), 1, "{text}");
        let problem = &analysis.problems[0];
        assert!(!problem.message.contains("____"), "{}", problem.message);
        if !message.is_empty() {
            assert_eq!(problem.message, message);
            assert_eq!(slice(text, problem.range), place);
        }
    }
}
