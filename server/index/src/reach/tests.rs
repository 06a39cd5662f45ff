use super::{Downstream, Node, Reach};
use crate::{Snapshot, TableKey, Workspace, system::MemorySystem};
use std::sync::Arc;
use syntax::Name;

fn shop() -> Snapshot {
    let files = [
        (
            "/w/a.sql",
            "select id, amount, state from raw.a where not is_test",
        ),
        (
            "/w/b.sql",
            "select id, amount * 2 as twice from a where state = 'open'",
        ),
        (
            "/w/c.sql",
            "with s as (select id, sum(twice) as total from b group by id) select id, total, 1 as one from s",
        ),
        ("/w/d.sql", "select count(*) as n from b"),
        ("/w/e.sql", "select id from other"),
    ];
    let system = MemorySystem::new(files);
    let mut workspace = Workspace::new(Arc::new(system), vec!["/w".into()]);
    workspace.load();
    workspace.snapshot()
}

fn key(snapshot: &Snapshot, name: &str) -> TableKey {
    let tables = snapshot.tables().into_iter();
    let mut keys = tables.map(|table| table.key.clone());
    keys.find(|key| key.to_string() == name).unwrap()
}

fn shown(reach: &Reach) -> (Vec<String>, Vec<String>) {
    let columns = reach
        .columns
        .iter()
        .map(|(key, name)| format!("{key}.{name}"));
    (
        columns.collect(),
        reach.tables.iter().map(ToString::to_string).collect(),
    )
}

#[test]
fn values_are_followed_through_models_and_ctes() {
    let snapshot = shop();
    let origin = Node::Column(key(&snapshot, "a"), Name::new("amount"));
    let reach = Downstream::new(&snapshot).reach([origin]);
    let (columns, tables) = shown(&reach);
    assert_eq!(columns, ["b.twice", "c.total"]);
    assert_eq!(tables, ["b", "c"]);
}

#[test]
fn a_column_in_a_filter_reaches_the_rows_and_so_who_reads_them() {
    let snapshot = shop();
    let origin = Node::Column(key(&snapshot, "a"), Name::new("state"));
    let (columns, tables) = shown(&Downstream::new(&snapshot).reach([origin]));
    assert_eq!(columns, Vec::<String>::new());
    assert_eq!(tables, ["b", "c", "d"]);
}

#[test]
fn the_rows_of_a_table_reach_every_table_that_reads_it() {
    let snapshot = shop();
    let origin = Node::Rows(key(&snapshot, "b"));
    let (_, tables) = shown(&Downstream::new(&snapshot).reach([origin]));
    assert_eq!(tables, ["c", "d"]);
}

#[test]
fn nothing_lies_downstream_of_what_nobody_reads() {
    let snapshot = shop();
    let origin = Node::Column(key(&snapshot, "c"), Name::new("one"));
    assert_eq!(Downstream::new(&snapshot).reach([origin]), Reach::default());
}
