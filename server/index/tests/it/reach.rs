//! Exactly what a change reaches: counted, not timed.

use crate::support::{Fixture, path};
use index::{Change, Reached};

fn chain() -> Fixture {
    Fixture::new(&[
        ("dbt_project.yml", "name: shop\n"),
        ("models/a.sql", "select 1 as x"),
        ("models/b.sql", "select * from {{ ref('a') }}"),
        ("models/c.sql", "select x from {{ ref('b') }}"),
        ("models/other.sql", "select 1 as y"),
    ])
}

fn names(reached: &index::Reached) -> Vec<String> {
    reached.tables.iter().map(ToString::to_string).collect()
}

#[test]
fn moved_text_reaches_its_file_and_no_table() {
    let mut fixture = chain();
    let reached = fixture.edit("models/a.sql", "\n\n-- moved\nselect 1 as x");
    assert_eq!(
        (
            reached.files.len(),
            reached.facts_computed,
            reached.tables_resolved
        ),
        (1, 1, 0)
    );
    assert!(names(&reached).is_empty());
}

#[test]
fn a_new_column_reaches_those_that_take_all_columns() {
    let mut fixture = chain();
    let reached = fixture.edit("models/a.sql", "select 1 as x, 2 as y");
    assert_eq!(names(&reached), ["a", "b"]);
    // c reads b, is looked at, and stays as it was.
    assert_eq!((reached.facts_computed, reached.tables_resolved), (1, 3));
}

#[test]
fn a_definition_finds_those_who_wait_for_it() {
    let mut fixture = chain();
    fixture.delete("models/b.sql");
    let reached = fixture.write("models/b.sql", "select 5 as x");
    assert_eq!(names(&reached), ["b", "c"]);
}

#[test]
fn the_same_text_reaches_nothing() {
    let mut fixture = chain();
    fixture.edit("models/a.sql", "select 3 as x");
    assert_eq!(
        fixture.edit("models/a.sql", "select 3 as x"),
        index::Reached::default()
    );
}

#[test]
fn a_folder_that_is_gone_takes_its_files_along() {
    let mut fixture = chain();
    for name in ["a", "b", "c", "other"] {
        fixture.system.remove(&path(&format!("models/{name}.sql")));
    }
    fixture.workspace.apply(vec![Change::OnDisk {
        path: path("models"),
    }]);
    assert!(fixture.tables().is_empty());
    assert_eq!(
        fixture.workspace.differences_from_fresh_start(),
        Vec::<String>::new()
    );
}

#[test]
fn a_level_is_changed_without_reading_a_file_again() {
    let mut fixture = chain();
    fixture.write("rationale.toml", "[checks]\nmissing-why = \"error\"\n");
    let reached = fixture.edit("rationale.toml", "[checks]\nmissing-why = \"hint\"\n");
    assert!(reached.everything);
    assert_eq!((reached.facts_computed, reached.tables_resolved), (1, 0));
}

#[test]
fn a_snapshot_stays_as_it_was() {
    let mut fixture = chain();
    let before = fixture.snapshot();
    fixture.edit("models/a.sql", "select 1 as changed");
    let columns = |snapshot: &index::Snapshot| {
        let table = snapshot
            .tables()
            .into_iter()
            .find(|table| table.key.to_string() == "b")
            .cloned();
        table
            .unwrap()
            .columns
            .iter()
            .map(|column| column.name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(columns(&before), ["x"]);
    assert_eq!(columns(&fixture.snapshot()), ["changed"]);
}

#[test]
fn what_is_edited_while_files_are_read_is_not_lost() {
    let mut fixture = chain();
    let loading = fixture.workspace.begin_loading();
    let loaded: Vec<_> = loading
        .batches
        .iter()
        .flatten()
        .filter_map(|path| loading.reader.read(path))
        .collect();
    fixture.edit("models/a.sql", "select 1 as typed");
    fixture.write("models/other.sql", "select 1 as written");
    assert!(!fixture.snapshot().is_complete());
    fixture.workspace.admit(loaded);
    fixture.workspace.finish_loading();
    assert_eq!(
        (fixture.columns("b"), fixture.columns("other")),
        ("typed".into(), "written".into())
    );
    assert_eq!(
        fixture.workspace.differences_from_fresh_start(),
        Vec::<String>::new()
    );
}

#[test]
fn a_file_that_is_opened_from_elsewhere_is_no_part_of_the_workspace() {
    let mut fixture = Fixture::new(&[("orders.sql", "select 1 as id")]);
    let reached = fixture.edit("../elsewhere/orders.sql", "select 2 as other");
    assert_eq!(reached, Reached::default());
    assert!(
        fixture
            .snapshot()
            .file_at(&path("../elsewhere/orders.sql"))
            .is_none()
    );
    let columns = &fixture.table("orders").columns;
    let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id"]);
}
