//! Files that are renamed, moved, changed or gone while a name is.

use super::{project, rendered, shown};
use crate::fixture::Fixture;
use expect_test::expect;

#[test]
fn a_file_that_is_renamed_takes_its_table_along() {
    let fixture = Fixture::new(&project(&[(
        "select * from renamed",
        "select * from renamed$0",
    )]));
    let root = std::path::Path::new("/shop/models/staging");
    let moved = [(root.join("stg_orders.sql"), root.join("stg_sales.sql"))];
    let renaming = ide::rename_files(&fixture.snapshot, &moved).expect("edits");
    let by_name = shown(
        &project(&[("ref('stg_orders') }}),", "ref('stg_$0orders') }}),")]),
        "stg_sales",
    );
    let by_file = rendered(&fixture, &renaming);
    assert!(by_name.starts_with(&by_file), "{by_file}\n{by_name}");
    assert_eq!(renaming.moved, []);
}

#[test]
fn a_file_that_moves_to_another_folder_is_followed_by_the_path_in_the_spec() {
    let fixture = Fixture::new(
        "=== specs/s.spec.yaml\nproduct: s\ntables:\n  - name: a$0\n    model: ../sql/first.sql\n=== sql/first.sql\nselect 1 as x\n",
    );
    let root = std::path::Path::new("/shop/");
    let moved = [(root.join("sql/first.sql"), root.join("models/first.sql"))];
    let renaming = ide::rename_files(&fixture.snapshot, &moved).expect("edits");
    expect![[r#"
        Follow the file
        -- specs/s.spec.yaml
        -     model: ../sql/first.sql
        +     model: ../models/first.sql
    "#]]
    .assert_eq(&rendered(&fixture, &renaming));
}

#[test]
fn a_folder_that_moves_is_followed_by_the_paths_that_lead_into_it_and_out_of_it() {
    let fixture = Fixture::new(
        "=== specs/s.spec.yaml
product: s
tables:
  - name: a$0
    model: ../sql/first.sql
  - name: b
    model: sql/deep/second.sql # from the root
=== sql/own.spec.yaml
product: own
tables:
  - name: c
    model: third.sql
  - name: d
    model: '../other/fourth.sql'
=== sql/first.sql
select 1 as x
=== sql/deep/second.sql
select 1 as x
=== sql/third.sql
select 1 as x
=== other/fourth.sql
select 1 as x
",
    );
    let root = std::path::Path::new("/shop");
    let shown = |from: &str, to: &str| {
        let moved = [(root.join(from), root.join(to))];
        let renaming = ide::rename_files(&fixture.snapshot, &moved);
        renaming.map_or("nothing".to_owned(), |it| rendered(&fixture, &it))
    };
    expect![[r#"
        Follow the file
        -- specs/s.spec.yaml
        -     model: ../sql/first.sql
        +     model: ../models/sql/first.sql
        -     model: sql/deep/second.sql # from the root
        +     model: models/sql/deep/second.sql # from the root
        -- sql/own.spec.yaml
        -     model: '../other/fourth.sql'
        +     model: '../../other/fourth.sql'
    "#]]
    .assert_eq(&shown("sql", "models/sql"));
    // A spec that moves alone still leads to its models.
    expect![[r#"
        Follow the file
        -- specs/s.spec.yaml
        -     model: ../sql/first.sql
        +     model: sql/first.sql
    "#]]
    .assert_eq(&shown("specs/s.spec.yaml", "s.spec.yaml"));
    assert_eq!(
        shown("other", "sql/other"),
        "Follow the file\n-- sql/own.spec.yaml\n-     model: '../other/fourth.sql'\n+     model: 'other/fourth.sql'\n"
    );
    assert_eq!(shown("elsewhere", "there"), "nothing");
}

/// A workspace whose files can change behind it.
fn workspace(files: &[(&str, &str)]) -> (index::system::MemorySystem, index::Snapshot) {
    let root = std::path::Path::new("/shop");
    let files = files.iter().map(|(path, text)| (root.join(path), *text));
    let system = index::system::MemorySystem::new(files);
    let mut workspace =
        index::Workspace::new(std::sync::Arc::new(system.clone()), vec![root.into()]);
    workspace.load();
    (system, workspace.snapshot())
}

fn renamed_at(
    snapshot: &index::Snapshot,
    path: &str,
    offset: u32,
    name: &str,
) -> Result<ide::Renaming, String> {
    let path = std::path::Path::new("/shop").join(path);
    let file = snapshot.file_at(&path).expect("a file").id;
    let renaming = ide::rename(snapshot, file, offset.into(), name);
    renaming.map_err(|refusal| refusal.message)
}

#[test]
fn a_file_that_has_changed_behind_it_is_not_edited_and_one_that_is_gone_is_not_missed() {
    let files = [
        ("a.sql", "create table a as select 1 as x"),
        ("b.sql", "create table b as select x from a"),
    ];
    let (system, snapshot) = workspace(&files);
    system.write("/shop/b.sql", "create table b as select x + 1 as x from a");
    let refused = renamed_at(&snapshot, "a.sql", 30, "y");
    assert_eq!(
        refused,
        Err("`b.sql` has changed just now. Try again in a moment.".to_owned())
    );
    system.remove(std::path::Path::new("/shop/b.sql"));
    let renaming = renamed_at(&snapshot, "a.sql", 30, "y").expect("a rename");
    assert_eq!(renaming.files.len(), 1);
}

#[test]
fn a_model_in_python_is_told_of_the_table() {
    let python =
        "def model(dbt, session):\n    return dbt.ref(\"orders\").join(dbt.ref('orders_2'))\n";
    let files = [
        ("dbt_project.yml", "name: a\n"),
        ("models/orders.sql", "select 1 as x"),
        ("models/b.sql", "select x from {{ ref('orders') }}"),
        ("models/c.py", python),
    ];
    let (_, snapshot) = workspace(&files);
    let renaming = renamed_at(&snapshot, "models/b.sql", 25, "sales").expect("a rename");
    let own = renaming
        .files
        .iter()
        .find(|file| file.path.ends_with("c.py"));
    let edits: Vec<_> = own
        .expect("edits")
        .edits
        .iter()
        .map(|edit| edit.edit.clone())
        .collect();
    let after = syntax::edit::apply(python, &edits).expect("edits fit");
    assert_eq!(after, python.replace("\"orders\"", "\"sales\""));
}

#[test]
fn a_file_that_would_take_the_name_of_another_table_takes_nothing_along() {
    let fixture = Fixture::new(
        "\
=== rationale.toml
=== models/orders.sql
select 1 as x
=== models/invoices.sql
select x from orders$0
",
    );
    let root = std::path::Path::new("/shop");
    let renamed = |to: &str| {
        let moved = [(root.join("models/orders.sql"), root.join(to))];
        ide::rename_files(&fixture.snapshot, &moved).is_some()
    };
    assert!(!renamed("models/sub/invoices.sql"));
    assert!(renamed("models/sub/bills.sql"));
}
