//! Which files are rendered and lowered again after a change, and that what is given is never old.

use crate::support::{Fixture, path};
use index::ModelId;
use index::lineage::of_file;

fn shop() -> Fixture {
    Fixture::new(&[
        ("dbt_project.yml", "name: shop\nvars:\n  unit: cents\n"),
        (
            "macros/money.sql",
            "{% macro money(c) %}{{ c }} / 100{% endmacro %}",
        ),
        (
            "macros/other.sql",
            "{% macro other(c) %}{{ c }} + 1{% endmacro %}",
        ),
        (
            "models/a.sql",
            "select {{ money('x') }} as v from {{ ref('raw') }}",
        ),
        (
            "models/b.sql",
            "select {{ other('y') }} as v from {{ ref('raw') }}",
        ),
        (
            "models/c.sql",
            "select {{ absent('z') }} as v from {{ ref('raw') }}",
        ),
        (
            "models/d.sql",
            "select {{ var('unit') }} as v from {{ ref('raw') }}",
        ),
        (
            "models/e.sql",
            "select x as v from {{ ref('raw') }}\n\
             {% if is_incremental() %}where {{ late('happened') }}{% endif %}",
        ),
        (
            "models/raw.sql",
            "select x, y, z, cents, euros, happened from public.raw",
        ),
    ])
}

/// The columns that `v` of each model is computed from, and how many files were lowered for that.
fn asked(fixture: &Fixture) -> (String, u64) {
    let snapshot = fixture.snapshot();
    let before = snapshot.files_lowered();
    let mut said = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        let file = snapshot
            .file_at(&path(&format!("models/{name}.sql")))
            .unwrap();
        let id = ModelId {
            file: file.id,
            ordinal: 0,
        };
        let (relations, at) = snapshot.relation(id).unwrap();
        let lineage = of_file(&relations, at).unwrap();
        let sources = lineage.columns.iter().flat_map(|column| &column.sources);
        let sources: Vec<&str> = sources.map(|edge| edge.from.column.as_str()).collect();
        let rows = lineage.rows.iter().map(|row| row.column.as_str());
        let rows: Vec<&str> = rows.collect();
        said.push(format!("{name}:{}/{}", sources.join(","), rows.join(",")));
    }
    (said.join(" "), snapshot.files_lowered() - before)
}

#[test]
fn what_was_asked_is_given_again() {
    let fixture = shop();
    let first = asked(&fixture);
    assert_eq!(first, ("a:x/ b:y/ c:/ d:cents/ e:x/".to_owned(), 5));
    assert_eq!(asked(&fixture), (first.0, 0));
}

#[test]
fn a_macro_reaches_the_models_that_call_it_and_no_others() {
    let mut fixture = shop();
    asked(&fixture);
    // Typed, not saved.
    fixture.edit(
        "macros/money.sql",
        "{% macro money(c) %}{{ c }} / z{% endmacro %}",
    );
    assert_eq!(
        asked(&fixture),
        ("a:x,z/ b:y/ c:/ d:cents/ e:x/".to_owned(), 1)
    );
}

#[test]
fn a_macro_that_nobody_calls_reaches_none() {
    let mut fixture = shop();
    let before = asked(&fixture);
    fixture.write("macros/unused.sql", "{% macro unused() %}1{% endmacro %}");
    assert_eq!(asked(&fixture), (before.0, 0));
}

#[test]
fn a_macro_that_was_missing_reaches_who_looked_for_it() {
    let mut fixture = shop();
    asked(&fixture);
    fixture.write(
        "macros/absent.sql",
        "{% macro absent(c) %}abs({{ c }}){% endmacro %}",
    );
    assert_eq!(
        asked(&fixture),
        ("a:x/ b:y/ c:z/ d:cents/ e:x/".to_owned(), 1)
    );
    fixture.delete("macros/absent.sql");
    assert_eq!(
        asked(&fixture),
        ("a:x/ b:y/ c:/ d:cents/ e:x/".to_owned(), 1)
    );
}

#[test]
fn a_macro_of_the_incremental_branch_alone_counts() {
    let mut fixture = shop();
    asked(&fixture);
    fixture.write(
        "macros/late.sql",
        "{% macro late(c) %}{{ c }} > 5{% endmacro %}",
    );
    assert_eq!(
        asked(&fixture),
        ("a:x/ b:y/ c:/ d:cents/ e:x/happened".to_owned(), 1)
    );
}

#[test]
fn a_variable_has_its_effect() {
    let mut fixture = shop();
    asked(&fixture);
    fixture.edit("dbt_project.yml", "name: shop\nvars:\n  unit: euros\n");
    let (said, _) = asked(&fixture);
    assert_eq!(said, "a:x/ b:y/ c:/ d:euros/ e:x/");
}

/// The columns that those of a model are computed from.
fn sources(fixture: &Fixture, model: &str) -> String {
    let snapshot = fixture.snapshot();
    let file = snapshot.file_at(&path(model)).unwrap();
    let id = ModelId {
        file: file.id,
        ordinal: 0,
    };
    let (relations, at) = snapshot.relation(id).unwrap();
    let lineage = of_file(&relations, at).unwrap();
    let sources = lineage.columns.iter().flat_map(|column| &column.sources);
    let names = sources.map(|edge| edge.from.column.to_string());
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_configured_for_a_model_elsewhere_has_its_effect() {
    let project = "name: shop\nmodels:\n  +from: a\n  shop:\n    daily:\n      +from: b\n";
    let mut fixture = Fixture::new(&[
        ("dbt_project.yml", project),
        (
            "models/daily/m.sql",
            "select {{ config.get('from', 'x') }} as v, as_{{ config.get('materialized') }} as w from raw.t",
        ),
        ("models/daily/properties.yml", "models:\n  - name: m\n"),
    ]);
    let read = |fixture: &Fixture| sources(fixture, "models/daily/m.sql");
    assert_eq!(read(&fixture), "b as_view");
    fixture.edit(
        "models/daily/properties.yml",
        "models:\n  - name: m\n    config: {from: c, materialized: table}\n",
    );
    assert_eq!(read(&fixture), "c as_table");
    fixture.edit("models/daily/properties.yml", "models:\n  - name: m\n");
    fixture.edit("dbt_project.yml", &project.replace("daily", "weekly"));
    assert_eq!(read(&fixture), "a as_view");
    fixture.edit(
        "models/daily/m.sql",
        "{{ config(from='d') }}select {{ config.get('from') }} as v from raw.t",
    );
    assert_eq!(read(&fixture), "d");
}

#[test]
fn a_package_has_the_variables_of_the_project_that_tests_it() {
    let mut fixture = Fixture::new(&[
        ("dbt_project.yml", "name: package\nvars:\n  own: a\n"),
        (
            "models/a.sql",
            "select {{ var('own') }} as v, {{ var('left', 'none') }} as w from raw.t",
        ),
        (
            "integration_tests/dbt_project.yml",
            "name: tests\nvars:\n  own: x\n  left: y\n",
        ),
        (
            "integration_tests/packages.yml",
            "packages:\n  - local: ../\n",
        ),
    ]);
    let read = |fixture: &Fixture| sources(fixture, "models/a.sql");
    // What it says itself goes first.
    assert_eq!(read(&fixture), "a y");
    fixture.write(
        "integration_tests/dbt_project.yml",
        "name: tests\nvars:\n  package:\n    left: z\n",
    );
    assert_eq!(read(&fixture), "a z");
    fixture.delete("integration_tests/packages.yml");
    assert_eq!(read(&fixture), "a none");
}

#[test]
fn a_column_of_a_table_reaches_who_reads_it() {
    let mut fixture = shop();
    asked(&fixture);
    fixture.edit(
        "models/raw.sql",
        "select x, y, z, cents, euros, happened, more from public.raw",
    );
    assert_eq!(asked(&fixture).1, 5);
    fixture.edit(
        "models/raw.sql",
        "-- moved\nselect x, y, z, cents, euros, happened, more from public.raw",
    );
    assert_eq!(asked(&fixture).1, 0);
}

#[test]
fn a_macro_without_end_that_is_mended_has_its_effect() {
    let mut fixture = shop();
    fixture.write(
        "macros/money.sql",
        "{% macro money(c) %}{% for i in range(100000) %}{% for j in range(100000) %}{{ i }}\
         {% endfor %}{% endfor %}{% endmacro %}",
    );
    asked(&fixture);
    fixture.write(
        "macros/money.sql",
        "{% macro money(c) %}{{ c }} * y{% endmacro %}",
    );
    let (said, lowered) = asked(&fixture);
    assert_eq!(said, "a:x,y/ b:y/ c:/ d:cents/ e:x/");
    assert_eq!(lowered, 1);
}

#[test]
fn a_macro_of_a_package_in_a_folder_reaches_who_calls_it() {
    let project = |name: &str, more: &str| format!("name: {name}\n{more}");
    let mut fixture = Fixture::new(&[
        (
            "a/dbt_project.yml",
            &project("a", "macro-paths: [macros, ../shared]"),
        ),
        (
            "b/dbt_project.yml",
            &project("b", "macro-paths: [macros, ../shared]"),
        ),
        ("b/packages.yml", "packages: [{local: ../../util}]"),
        ("../util/dbt_project.yml", &project("util", "")),
        (
            "../util/macros/u.sql",
            "{% macro twice(c) %}{{ c }} * 2{% endmacro %}",
        ),
        (
            "shared/s.sql",
            "{% macro shared(c) %}{{ c }} + 1{% endmacro %}",
        ),
        ("a/models/m.sql", "select {{ shared('x') }} as v from t"),
        (
            "b/models/n.sql",
            "select {{ shared('x') }} as v, {{ util.twice('y') }} as w from t",
        ),
        ("a/models/o.sql", "select {{ util.twice('y') }} as w from t"),
    ]);
    let sources = |fixture: &Fixture, name: &str| {
        let snapshot = fixture.snapshot();
        let file = snapshot.file_at(&path(name)).unwrap().id;
        let (relations, at) = snapshot.relation(ModelId { file, ordinal: 0 }).unwrap();
        let columns = of_file(&relations, at).unwrap().columns;
        let sources = columns.into_iter().flat_map(|column| column.sources);
        let sources = sources.map(|edge| edge.from.column.to_string());
        sources.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(sources(&fixture, "a/models/m.sql"), "x");
    assert_eq!(sources(&fixture, "b/models/n.sql"), "x y");
    // Its project does not use the package.
    assert_eq!(sources(&fixture, "a/models/o.sql"), "");
    let before = fixture.snapshot().files_lowered();
    fixture.write(
        "../util/macros/u.sql",
        "{% macro twice(c) %}{{ c }} * z{% endmacro %}",
    );
    assert_eq!(sources(&fixture, "a/models/m.sql"), "x");
    assert_eq!(sources(&fixture, "b/models/n.sql"), "x y z");
    fixture.write(
        "shared/s.sql",
        "{% macro shared(c) %}{{ c }} + q{% endmacro %}",
    );
    assert_eq!(sources(&fixture, "a/models/m.sql"), "q x");
    assert_eq!(sources(&fixture, "b/models/n.sql"), "q x y z");
    assert_eq!(fixture.snapshot().files_lowered() - before, 3);
}

#[test]
fn a_project_file_reaches_the_models_that_ask_what_changed_in_it() {
    let mut fixture = shop();
    let first = asked(&fixture);
    // Everything is read anew, and nothing that a template asked is another.
    fixture.write(
        "dbt_project.yml",
        "name: shop\nvars:\n  unit: cents\n  other: 1\n",
    );
    assert_eq!(asked(&fixture), (first.0.clone(), 0));
    fixture.write("dbt_project.yml", "name: shop\nvars:\n  unit: euros\n");
    let (said, lowered) = asked(&fixture);
    assert_eq!(said, first.0.replace("d:cents", "d:euros"));
    assert_eq!(lowered, 1);
    // The macros belong to a package of another name now.
    fixture.write("dbt_project.yml", "name: store\nvars:\n  unit: euros\n");
    assert_eq!(asked(&fixture), (said, 5));
}
