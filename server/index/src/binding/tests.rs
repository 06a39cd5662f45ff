use super::*;
use crate::Workspace;
use crate::system::MemorySystem;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    let files: Vec<(String, &str)> = files
        .iter()
        .map(|(path, text)| (format!("/w/{path}"), *text))
        .collect();
    let system = MemorySystem::new(files.iter().map(|(path, text)| (path.as_str(), *text)));
    let mut workspace = Workspace::new(Arc::new(system), vec![PathBuf::from("/w")]);
    workspace.load();
    workspace.snapshot()
}

fn parts(path: &str) -> Vec<Name> {
    path.split('.').map(Name::new).collect()
}

fn shown<T>(bound: Bound<T>, show: impl Fn(&T) -> String) -> String {
    match bound {
        Bound::To(one) => show(&one),
        Bound::Ambiguous(several) => several.iter().map(show).collect::<Vec<_>>().join(" or "),
        Bound::Nothing => "nothing".to_owned(),
        Bound::Open => "open".to_owned(),
    }
}

fn column(column: &BoundColumn) -> String {
    format!("{} of {} at {}", column.column, column.table, column.level)
}

const SPEC: &str = "product: shop\ntables:\n  - name: orders\n  - name: lines\n";

const FILES: &[(&str, &str)] = &[
    ("shop.spec.yaml", SPEC),
    (
        "orders.sql",
        "create view orders as select s.id, s.amount from stg_orders s",
    ),
    (
        "stg_orders.sql",
        "create view stg_orders as select o.id, o.amount, o.note from raw.orders o where not o.is_test",
    ),
    ("lines.sql", "create view lines as select * from raw.lines"),
    (
        "both.sql",
        "create view both as select a.id, b.x from stg_orders a join stg_b b on a.id = b.id",
    ),
    (
        "stg_b.sql",
        "create view stg_b as select id, x, note from stg_orders",
    ),
];

#[test]
fn a_short_name_is_the_own_table_then_a_model_then_what_ends_in_it() {
    let snapshot = snapshot(FILES);
    let file = snapshot.file_at(Path::new("/w/shop.spec.yaml")).unwrap();
    let binder = snapshot.binder(file);
    for (path, expected) in [
        ("orders", "orders"),
        ("raw.orders", "raw.orders"),
        ("stg_orders", "stg_orders"),
        ("lines", "lines"),
        ("raw.lines", "raw.lines"),
        ("ordrs", "nothing"),
        ("other.orders", "nothing"),
    ] {
        assert_eq!(
            shown(binder.table(&parts(path)), ToString::to_string),
            expected,
            "{path}"
        );
    }
}

#[test]
fn a_bare_column_is_looked_for_upstream_the_nearest_level_first() {
    let snapshot = snapshot(FILES);
    let file = snapshot.file_at(Path::new("/w/shop.spec.yaml")).unwrap();
    let binder = snapshot.binder(file);
    let key = |name: &str| match binder.table(&parts(name)) {
        Bound::To(BoundTable::Known(key)) => key,
        other => panic!("{other:?}"),
    };
    for (about, name, expected) in [
        ("orders", "amount", "amount of orders at 0"),
        ("orders", "note", "note of stg_orders at 1"),
        ("orders", "is_test", "is_test of raw.orders at 2"),
        // The columns of `raw.orders` are not all known.
        ("orders", "nowhere", "open"),
        ("lines", "anything", "open"),
        (
            "both",
            "note",
            "note of stg_b at 1 or note of stg_orders at 1",
        ),
    ] {
        let found = binder.bare_column(&Name::new(name), &key(about));
        assert_eq!(shown(found, column), expected, "{about} {name}");
    }
}

#[test]
fn a_column_with_its_table_is_unknown_only_where_all_columns_are_known() {
    let snapshot = snapshot(FILES);
    let file = snapshot.file_at(Path::new("/w/shop.spec.yaml")).unwrap();
    let binder = snapshot.binder(file);
    for (path, expected) in [
        ("orders.amount", "amount of orders at 0"),
        ("orders.amont", "nothing"),
        ("lines.whatever", "whatever of lines at 0"),
        ("raw.orders.whatever", "whatever of raw.orders at 0"),
        ("nowhere.amount", "nothing"),
    ] {
        assert_eq!(
            shown(binder.column(&parts(path), None), column),
            expected,
            "{path}"
        );
    }
}

#[test]
fn a_path_is_a_column_where_it_starts_with_a_table_of_the_product() {
    let snapshot = snapshot(FILES);
    let file = snapshot.file_at(Path::new("/w/shop.spec.yaml")).unwrap();
    let binder = snapshot.binder(file);
    let either = |path: &str| {
        shown(binder.table_or_column(&parts(path)), |bound| match bound {
            BoundName::Table(table) => format!("table {table}"),
            BoundName::Column(found) => column(found),
        })
    };
    assert_eq!(either("orders.amount"), "amount of orders at 0");
    assert_eq!(either("raw.orders"), "table raw.orders");
    assert_eq!(either("raw.orders.x"), "x of raw.orders at 0");
    assert_eq!(either("orders"), "table orders");
    assert_eq!(either("legacy"), "nothing");
}

#[test]
fn among_several_longer_names_what_the_sentence_is_about_reads_goes_first() {
    let snapshot = snapshot(&[
        ("shop.spec.yaml", SPEC),
        (
            "orders.sql",
            "create view orders as select i.n from shop.items i",
        ),
        (
            "other.sql",
            "create view other as select i.n from legacy.items i",
        ),
    ]);
    let file = snapshot.file_at(Path::new("/w/shop.spec.yaml")).unwrap();
    let binder = snapshot.binder(file);
    let found = binder.table(&parts("items"));
    assert_eq!(
        shown(found, ToString::to_string),
        "legacy.items or shop.items"
    );
    let Bound::To(BoundTable::Known(orders)) = binder.table(&parts("orders")) else {
        panic!("no orders");
    };
    let near = binder.table_near(&parts("items"), Some(&orders));
    assert_eq!(shown(near, ToString::to_string), "shop.items");
}

#[test]
fn an_older_sentence_is_read_through_later_renames() {
    let renamed = [
        "orders.amount is renamed from total",
        "orders.amount is never null",
        "sales.orders is renamed from purchases",
    ];
    let guarantees = renamed.map(|sentence| spec::guarantee::parse(sentence).unwrap());
    let renames = Renames::new(&guarantees);
    let now = |path: &str, about: Option<&str>| {
        let about = about.map(parts);
        syntax::name::dotted(&renames.now(&parts(path), about.as_deref()))
    };
    assert_eq!(now("orders.total", None), "orders.amount");
    assert_eq!(now("shop.orders.total", None), "shop.orders.amount");
    assert_eq!(now("total", Some("orders")), "amount");
    assert_eq!(now("total", Some("lines")), "total");
    assert_eq!(now("sales.purchases.x", None), "sales.orders.x");
}

#[test]
fn a_bare_column_upstream_is_read_through_later_renames_of_its_table_too() {
    let snapshot = snapshot(FILES);
    let file = snapshot.file_at(Path::new("/w/shop.spec.yaml")).unwrap();
    let binder = snapshot.binder(file);
    let Bound::To(BoundTable::Known(orders)) = binder.table(&parts("orders")) else {
        panic!("orders is known");
    };
    let called = |renamed: &[&str]| {
        let parsed = renamed.iter();
        let guarantees = parsed.map(|sentence| spec::guarantee::parse(sentence).unwrap());
        let renames = Renames::new(&guarantees.collect::<Vec<_>>());
        let now = renames.bare(&Name::new("remark"), &binder, &binder.levels(&orders));
        now.map(|name| name.to_string())
    };
    let column = "raw_orders.note is renamed from remark";
    let table = "stg_orders is renamed from raw_orders";
    assert_eq!(called(&[column, table]).as_deref(), Some("note"));
    assert_eq!(called(&[column]), None);
    assert_eq!(called(&[table, column]), None);
}
