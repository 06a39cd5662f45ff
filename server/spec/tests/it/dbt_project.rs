//! `dbt_project.yml`, `packages.yml` and `profiles.yml`.

use spec::dbt::packages;
use spec::dbt::profiles::{self, dialect_of_adapter};
use spec::dbt::project::{self, DbtProject};
use spec::dbt::vars::Var;
use syntax::Name;

#[test]
fn without_a_word_a_project_is_laid_out_as_dbt_lays_it_out() {
    for text in [
        "",
        "name: shop",
        "model-paths:",
        "text",
        "- list",
        "seed-paths: {a: b}",
    ] {
        let mut project = project::decode(text).facts;
        project.name = None;
        assert_eq!(project, DbtProject::default(), "{text}");
    }
    assert!(
        project::decode("model-paths: []")
            .facts
            .model_paths
            .is_empty()
    );
}

#[test]
fn every_path_is_read() {
    let text = "\
name: 'shop'
profile: warehouse
model-paths: [models, ./more_models/]
snapshot-paths: [a]
seed-paths: [b]
macro-paths: [c]
test-paths: [d]
analysis-paths: [e]
packages-install-path: packages
target-path: out
clean-targets: [out, packages]
require-dbt-version: ['>=1.6.0', '<3.0.0']
models:
  shop:
    +materialized: table
";
    let decoded = project::decode(text);
    assert_eq!(decoded.problems, []);
    let list = |items: &[&str]| -> Vec<String> { items.iter().map(|&item| item.into()).collect() };
    assert_eq!(
        decoded.facts,
        DbtProject {
            name: Some(Name::new("shop")),
            profile: Some("warehouse".to_owned()),
            model_paths: list(&["models", "more_models"]),
            snapshot_paths: list(&["a"]),
            seed_paths: list(&["b"]),
            macro_paths: list(&["c"]),
            test_paths: list(&["d"]),
            analysis_paths: list(&["e"]),
            packages_install_path: "packages".to_owned(),
            target_path: "out".to_owned(),
            clean_targets: list(&["out", "packages"]),
            require_dbt_version: list(&[">=1.6.0", "<3.0.0"]),
            vars: Vec::new(),
            models: vec![(
                "shop".to_owned(),
                Var::Map(vec![(
                    "+materialized".to_owned(),
                    Var::Text("table".to_owned())
                )])
            )],
            dispatch: Vec::new(),
        }
    );
}

#[test]
fn variables_have_the_kind_that_yaml_gives_them() {
    let text = "\
vars:
  factor: 3
  rate: 1.5
  name: 'x'
  on: true
  none:
  days: [1, two]
  shop:
    inner: y
";
    let vars = project::decode(text).facts.vars;
    let var = |wanted: &str| {
        vars.iter()
            .find(|(name, _)| name == wanted)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(var("factor"), Var::Integer(3));
    assert_eq!(var("rate"), Var::Number("1.5".to_owned()));
    assert_eq!(var("name"), Var::Text("x".to_owned()));
    assert_eq!(var("on"), Var::Boolean(true));
    assert_eq!(var("none"), Var::Null);
    assert_eq!(
        var("days"),
        Var::List(vec![Var::Integer(1), Var::Text("two".to_owned())])
    );
    assert_eq!(
        var("shop"),
        Var::Map(vec![("inner".to_owned(), Var::Text("y".to_owned()))])
    );
}

#[test]
fn what_dbt_called_otherwise_before_1_0_is_read_too() {
    let project = project::decode("source-paths: [m]\ndata-paths: [d]\nmodules-path: p").facts;
    assert_eq!(project.model_paths, ["m"]);
    assert_eq!(project.seed_paths, ["d"]);
    assert_eq!(project.packages_install_path, "p");
}

#[test]
fn the_target_path_is_what_is_cleaned() {
    assert_eq!(
        project::decode("target-path: out").facts.clean_targets,
        ["out"]
    );
    let templated = project::decode("target-path: \"{{ env_var('T') }}\"").facts;
    assert_eq!(templated.target_path, "target");
}

#[test]
fn a_profile_tells_its_adapter() {
    for (text, expected) in [
        (
            "shop: {target: dev, outputs: {dev: {type: duckdb}, prod: {type: snowflake}}}",
            Some("duckdb"),
        ),
        (
            "shop: {outputs: {default: {type: postgres}, prod: {type: snowflake}}}",
            Some("postgres"),
        ),
        (
            "shop: {target: ci, outputs: {dev: {type: duckdb}, prod: {type: duckdb}}}",
            Some("duckdb"),
        ),
        (
            "shop: {target: ci, outputs: {dev: {type: duckdb}, prod: {type: snowflake}}}",
            None,
        ),
        (
            "shop:\n  target: \"{{ env_var('TARGET', 'prod') }}\"\n  outputs: {dev: {type: duckdb}, prod: {type: snowflake}}",
            Some("snowflake"),
        ),
        (
            "shop:\n  target: \"{{ env_var('TARGET') }}\"\n  outputs: {dev: {type: duckdb}}",
            Some("duckdb"),
        ),
        (
            "shop:\n  target: dev\n  outputs: {dev: {type: \"{{ env_var('TYPE') }}\"}}",
            None,
        ),
        ("shop: {target: dev, outputs: {}}", None),
        ("shop: {target: dev, outputs: text}", None),
    ] {
        let profiles = profiles::decode(text);
        assert_eq!(profiles.len(), 1, "{text}");
        assert_eq!(profiles[0].name, "shop");
        assert_eq!(profiles[0].adapter(), expected, "{text}");
    }
}

#[test]
fn what_is_no_profile_is_passed_over() {
    for text in [
        "",
        "text",
        "config: {send_anonymous_usage_stats: false}",
        "- a",
    ] {
        assert_eq!(profiles::decode(text), [], "{text}");
    }
}

#[test]
fn an_adapter_has_a_dialect() {
    assert_eq!(dialect_of_adapter("snowflake"), Some("snowflake"));
    assert_eq!(dialect_of_adapter("SQLServer"), Some("mssql"));
    assert_eq!(dialect_of_adapter("unheard_of"), None);
}

#[test]
fn macros_are_looked_for_in_the_order_that_a_project_gives() {
    let text = "\
dispatch:
  - macro_namespace: dbt_utils
    search_order: [trino_utils, dbt_utils]
  - macro_namespace: half_typed
  - search_order: [nothing]
";
    let of = |name: &str| name.to_owned();
    assert_eq!(
        project::decode(text).facts.dispatch,
        [(of("dbt_utils"), vec![of("trino_utils"), of("dbt_utils")])]
    );
}

#[test]
fn packages_in_folders_are_told_from_installed_ones() {
    let text = "\
packages:
  - package: dbt-labs/dbt_utils
    version: 1.3.0
  - local: ../../dbt_macros
  - local: \"{{ env_var('FOLDER') }}\"
  - local:
  - git: https://example.com/macros.git
projects:
  - name: upstream
";
    let decoded = packages::decode(text);
    assert_eq!(decoded.problems, []);
    assert_eq!(decoded.facts.local, ["../../dbt_macros"]);
    for text in [
        "",
        "packages:",
        "text",
        "packages: {local: a}",
        "- local: a",
    ] {
        assert!(packages::decode(text).facts.local.is_empty(), "{text}");
    }
}
