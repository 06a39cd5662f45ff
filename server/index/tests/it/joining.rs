//! Which specs and which SQL make up one table, and what follows for its columns.

use crate::support::{Fixture, path};
use index::{FileKind, SqlRole};

const DBT: (&str, &str) = ("dbt_project.yml", "name: shop\n");

#[test]
fn a_spec_and_a_script_of_one_name_are_one_table() {
    let fixture = Fixture::new(&[
        (
            "specs/shop.spec.yaml",
            "product: shop\ntables:\n  - name: orders\n    columns:\n      - name: id\n        why: Joins.\n      - name: gone\n",
        ),
        (
            "sql/orders.sql",
            "select o.id, o.amount from raw.orders as o\n",
        ),
    ]);
    assert_eq!(fixture.tables(), ["orders"]);
    assert_eq!(fixture.columns("orders"), "id! amount gone?");
}

#[test]
fn a_qualified_name_is_found_by_its_end_where_that_is_certain() {
    let spec = (
        "a.spec.yaml",
        "product: a\ntables:\n  - name: orders\n    columns: [{name: id}]\n",
    );
    let one = Fixture::new(&[
        spec,
        ("x.sql", "create table shop.orders as select 1 as id"),
    ]);
    assert_eq!(one.tables(), ["shop.orders"]);
    let two = Fixture::new(&[
        spec,
        ("x.sql", "create table shop.orders as select 1 as id"),
        ("y.sql", "create table hr.orders as select 1 as id"),
    ]);
    assert_eq!(two.tables(), ["hr.orders", "orders", "shop.orders"]);
}

#[test]
fn a_spec_may_name_the_sql_file() {
    let spec = "product: a\ntables:\n  - name: orders\n    model: sql/load.sql\n    columns: [{name: id}]\n";
    let mut fixture = Fixture::new(&[("specs/a.spec.yaml", spec)]);
    assert_eq!(fixture.columns("orders"), "id? open");
    fixture.write("sql/load.sql", "select 1 as id");
    assert_eq!(fixture.columns("load"), "id");
    fixture.delete("sql/load.sql");
    assert_eq!(fixture.columns("orders"), "id? open");
}

#[test]
fn a_source_and_a_model_of_one_name_are_two_tables() {
    let fixture = Fixture::new(&[
        DBT,
        (
            "models/orders.sql",
            "select id from {{ source('raw', 'orders') }}",
        ),
        (
            "models/s.yml",
            "sources:\n  - name: raw\n    tables:\n      - name: orders\n        columns:\n          - name: id\n            meta: {why: Joins.}\n",
        ),
    ]);
    assert_eq!(fixture.tables(), ["orders", "raw.orders"]);
    assert_eq!(fixture.columns("raw.orders"), "id?! open");
    assert_eq!(fixture.columns("orders"), "id!");
}

#[test]
fn a_star_brings_the_columns_of_another_model() {
    let mut fixture = Fixture::new(&[
        DBT,
        ("models/a.sql", "select 1 as x, 2 as y"),
        ("models/b.sql", "select *, 3 as z from {{ ref('a') }}"),
    ]);
    assert_eq!(fixture.columns("b"), "x y z");
    fixture.write("models/a.sql", "select 1 as x");
    assert_eq!(fixture.columns("b"), "x z");
    fixture.delete("models/a.sql");
    assert_eq!(fixture.columns("b"), "z open");
}

#[test]
fn a_why_is_inherited_along_unchanged_columns_only() {
    let fixture = Fixture::new(&[
        DBT,
        ("models/a.sql", "select 1 as x, 2 as y"),
        (
            "models/b.sql",
            "with c as (select * from {{ ref('a') }}) select x as renamed, y + 1 as y from c",
        ),
        (
            "models/s.yml",
            "models:\n  - name: a\n    columns:\n      - {name: x, meta: {why: Joins.}}\n      - {name: y, meta: {why: Counts.}}\n",
        ),
    ]);
    assert_eq!(fixture.columns("b"), "renamed! y");
}

#[test]
fn tables_that_read_each_other_claim_nothing() {
    let mut fixture = Fixture::new(&[
        DBT,
        ("models/a.sql", "select * from {{ ref('b') }}"),
        ("models/b.sql", "select *, 1 as x from {{ ref('a') }}"),
    ]);
    assert!(fixture.table("a").cyclic && fixture.table("b").cyclic);
    assert_eq!(fixture.columns("a"), "open");
    fixture.write("models/a.sql", "select 2 as y");
    assert_eq!(
        (fixture.columns("a"), fixture.columns("b")),
        ("y".into(), "y x".into())
    );
}

#[test]
fn a_seed_has_the_columns_of_its_header() {
    let fixture = Fixture::new(&[
        DBT,
        ("seeds/countries.csv", "code,\"name\"\nDE,Germany\n"),
        ("models/a.sql", "select * from {{ ref('countries') }}"),
    ]);
    assert_eq!(fixture.columns("countries"), "code name");
    assert_eq!(fixture.columns("a"), "code name");
}

#[test]
fn only_models_snapshots_and_seeds_of_a_dbt_project_define_tables() {
    let fixture = Fixture::new(&[
        DBT,
        ("models/a.sql", "select 1 as x"),
        ("models/p.py", "def model(dbt, session): ..."),
        ("analyses/b.sql", "select 1 as x"),
        ("tests/c.sql", "select 1 as x"),
        (
            "macros/d.sql",
            "{% macro d() %} select 1 as x {% endmacro %}",
        ),
        ("scripts/e.sql", "create table e as select 1 as x"),
        ("target/compiled/models/f.sql", "select 1 as x"),
    ]);
    assert_eq!(fixture.tables(), ["a", "p"]);
    assert_eq!(fixture.columns("p"), "open");
}

#[test]
fn a_project_may_name_folders_outside_of_its_own() {
    let fixture = Fixture::new(&[
        (
            "a/dbt_project.yml",
            "name: a\nmodel-paths: [./models, ../shared/models]\nmacro-paths: [macros, ../macros]\n",
        ),
        ("a/models/one.sql", "select 1 as x"),
        ("shared/models/two.sql", "select x from {{ ref('one') }}"),
        (
            "macros/m.sql",
            "{% macro m() %} {{ return([1, 2]) }} {% endmacro %}",
        ),
        ("scripts/three.sql", "select 3 as x"),
    ]);
    let snapshot = fixture.snapshot();
    let kind = |name: &str| snapshot.file_at(&path(name)).map(|file| file.kind);
    assert_eq!(
        kind("a/models/one.sql"),
        Some(FileKind::Sql(SqlRole::Model))
    );
    assert_eq!(
        kind("shared/models/two.sql"),
        Some(FileKind::Sql(SqlRole::Model))
    );
    assert_eq!(kind("macros/m.sql"), Some(FileKind::Sql(SqlRole::Macro)));
    assert_eq!(
        kind("scripts/three.sql"),
        Some(FileKind::Sql(SqlRole::Script))
    );
    let key = |name: &str| fixture.table(name).key.clone();
    assert_eq!(key("two").project, key("one").project);
}

#[test]
fn installed_packages_are_known_and_have_no_findings() {
    let fixture = Fixture::new(&[
        DBT,
        ("dbt_packages/util/dbt_project.yml", "name: util\n"),
        ("dbt_packages/util/models/days.sql", "select 1 as day"),
        ("models/a.sql", "select * from {{ ref('util', 'days') }}"),
    ]);
    assert_eq!(fixture.columns("a"), "day");
    let snapshot = fixture.snapshot();
    let quiet = |name: &str| snapshot.file_at(&crate::support::path(name)).unwrap().quiet;
    assert!(quiet("dbt_packages/util/models/days.sql") && !quiet("models/a.sql"));
}

#[test]
fn a_package_named_by_its_folder_is_known_wherever_it_lies() {
    let mut fixture = Fixture::new(&[
        DBT,
        (
            "packages.yml",
            "packages:\n  - local: ../util\n  - local: inner\n",
        ),
        (
            "../util/dbt_project.yml",
            "name: util\nmacro-paths: [macros, ../more]\n",
        ),
        (
            "../util/packages.yml",
            "packages: [{local: ../deep}, {local: ../w}]",
        ),
        ("../util/models/days.sql", "select 1 as day"),
        ("../deep/dbt_project.yml", "name: deep\n"),
        ("../deep/models/hours.sql", "select 1 as hour"),
        ("../more/m.sql", "{% macro m() %}1{% endmacro %}"),
        ("../other/dbt_project.yml", "name: other\n"),
        ("../other/models/never.sql", "select 1 as x"),
        ("inner/dbt_project.yml", "name: inner\n"),
        ("inner/models/i.sql", "select 2 as two"),
        (
            "models/a.sql",
            "select * from {{ ref('util', 'days') }}, {{ ref('hours') }}, {{ ref('i') }}",
        ),
    ]);
    assert_eq!(fixture.columns("a"), "day hour two");
    assert_eq!(fixture.tables(), ["hours", "days", "a", "i"]);
    let snapshot = fixture.snapshot();
    let quiet = |name: &str| snapshot.file_at(&path(name)).map(|file| file.quiet);
    assert_eq!(quiet("../util/models/days.sql"), Some(true));
    assert_eq!(quiet("../more/m.sql"), Some(true));
    assert_eq!(quiet("inner/models/i.sql"), Some(false));
    assert_eq!(quiet("models/a.sql"), Some(false));

    let untouched = fixture.edit(
        "packages.yml",
        "packages:\n  - local: ../util\n  - local: inner\n#\n",
    );
    assert!(!untouched.everything);
    assert!(
        fixture
            .edit("packages.yml", "packages:\n  - local: inner\n")
            .everything
    );
    assert_eq!(fixture.tables(), ["a", "i"]);
}

#[test]
fn a_package_is_not_looked_for_in_a_folder_without_a_project() {
    let fixture = Fixture::new(&[
        DBT,
        (
            "packages.yml",
            "packages: [{local: ..}, {local: /}, {local: .}, {local: ../gone}]",
        ),
        ("../stray/models/x.sql", "select 1 as x"),
        ("models/a.sql", "select 1 as x"),
    ]);
    assert_eq!(fixture.tables(), ["a"]);
    assert_eq!(fixture.snapshot().files().len(), 3);
}

#[test]
fn a_model_that_is_not_built_is_open() {
    let fixture = Fixture::new(&[
        DBT,
        ("models/a.sql", "{{ config(enabled=false) }} select 1 as x"),
    ]);
    assert!(fixture.table("a").is_disabled && fixture.table("a").open);
}

#[test]
fn a_model_is_not_built_where_the_project_says_so_and_nothing_nearer_says_otherwise() {
    let project = |models: &str| format!("name: shop\nmodels:\n  shop:\n{models}");
    let off = |models: &str, sql: &str| {
        let project = project(models);
        let fixture = Fixture::new(&[
            ("dbt_project.yml", project.as_str()),
            ("models/old/a.sql", sql),
            ("models/b.sql", "select 1 as x"),
        ]);
        assert!(!fixture.table("b").is_disabled);
        let table = fixture.table("a");
        assert_eq!(table.is_disabled, table.open);
        table.is_disabled
    };
    let (plain, on) = ("select 1 as x", "{{ config(enabled=true) }} select 1 as x");
    let template = "{{ config(enabled=var('old')) }} select 1 as x";
    for models in [
        "    old: {enabled: false}",
        "    old:\n      +enabled: false",
        "    +enabled: true\n    old:\n      +enabled: false",
        "    old:\n      +enabled: true\n      a: {+enabled: false}",
    ] {
        assert!(off(models, plain), "{models}");
        assert!(!off(models, on), "{models}");
        assert!(!off(models, template), "{models}");
    }
    for models in [
        "    old:\n      +enabled: true",
        "    old:\n      +enabled: false\n      a: {+enabled: true}",
        "    old:\n      +enabled: \"{{ var('old') }}\"",
        "    old:\n      +enabled: false\n      a: {+enabled: \"{{ var('old') }}\"}",
        "    new:\n      +enabled: false",
        "    old:\n      +materialized: view",
    ] {
        assert!(!off(models, plain), "{models}");
    }
}

#[test]
fn a_model_is_built_again_once_the_project_says_so() {
    let off = "name: shop\nmodels: {shop: {old: {+enabled: false}}}";
    let mut fixture = Fixture::new(&[
        ("dbt_project.yml", off),
        ("models/old/a.sql", "select 1 as x"),
    ]);
    assert!(fixture.table("a").is_disabled);
    fixture.edit("dbt_project.yml", &off.replace("false", "true"));
    assert!(!fixture.table("a").is_disabled);
    fixture.edit("dbt_project.yml", off);
    assert!(fixture.table("a").is_disabled);
    let properties =
        |enabled: &str| format!("models: [{{name: a, config: {{enabled: {enabled}}}}}]");
    for on in ["true", "\"{{ var('old') }}\""] {
        fixture.edit("models/schema.yml", &properties(on));
        assert!(!fixture.table("a").is_disabled, "{on}");
    }
    fixture.edit("models/schema.yml", "models: [{name: a}]");
    assert!(fixture.table("a").is_disabled);
    fixture.edit("models/schema.yml", &properties("true"));
    fixture.edit(
        "models/old/a.sql",
        "{{ config(enabled=false) }} select 1 as x",
    );
    assert!(fixture.table("a").is_disabled);
}

#[test]
fn a_statement_that_got_another_name_and_has_its_own_again_makes_its_table() {
    let first = "create table a as select x from raw.t";
    let mut fixture = Fixture::new(&[("s.sql", first)]);
    for name in ["z", "a", "b", "a"] {
        fixture.edit("s.sql", &first.replace(" a ", &format!(" {name} ")));
        let table = fixture.table(name);
        let made = fixture.snapshot().table_of_model(table.models[0]).cloned();
        assert_eq!(made.map(|made| made.key.clone()), Some(table.key.clone()));
    }
}
