//! What an update says and costs: only what was reached, and only what can be told.

use crate::workspace::{ROOT, absolute};
use checks::Findings;
use index::system::MemorySystem;
use index::{Change, Workspace};
use std::path::PathBuf;
use std::sync::Arc;

fn spec(number: usize, description: &str) -> String {
    format!(
        "product: p{number}\ntables:\n  - name: t{number}\n    description: {description}\n    columns:\n      - name: a\n"
    )
}

fn workspace(tables: usize) -> Workspace {
    let specs = (0..tables).map(|number| {
        let path = absolute(&format!("t{number}.spec.yaml"));
        (path, spec(number, "One row for each thing."))
    });
    let sql = (0..tables).map(|number| {
        let path = absolute(&format!("t{number}.sql"));
        (path, "select a, b from raw.things".to_owned())
    });
    let system = MemorySystem::new(specs.chain(sql));
    Workspace::new(Arc::new(system), vec![PathBuf::from(ROOT)])
}

#[test]
fn an_edit_names_the_files_that_it_reaches_and_no_others() {
    let mut workspace = workspace(100);
    let mut findings = Findings::default();
    let reached = workspace.load();
    let named = findings.update(&workspace.snapshot(), &reached);
    assert_eq!(named.len(), 200);

    let path = absolute("t7.spec.yaml");
    let text = spec(7, "One row for each thing, and a half.").into();
    let reached = workspace.apply(vec![Change::Edited {
        path: path.clone(),
        text,
    }]);
    let snapshot = workspace.snapshot();
    let named = findings.update(&snapshot, &reached);
    let id = |path: &str| snapshot.file_at(&absolute(path)).unwrap().id;
    // The SQL file has a finding that points to the spec, whose text has moved.
    assert_eq!(
        Vec::from_iter(named),
        Vec::from_iter([id("t7.spec.yaml"), id("t7.sql")])
    );
}

#[test]
fn while_files_are_still_to_be_read_only_what_one_text_tells_is_said() {
    let mut workspace = workspace(2);
    let mut findings = Findings::default();
    let broken = "product: p\ntables:\n  - nmae: t\n    why: [\n".to_owned();
    workspace.apply(vec![Change::Edited {
        path: absolute("t0.spec.yaml"),
        text: broken.into(),
    }]);
    let loading = workspace.begin_loading();
    let batches = loading.batches.iter().flatten();
    let read = batches
        .filter_map(|path| loading.reader.read(path))
        .collect();
    let reached = workspace.admit(read);
    findings.update(&workspace.snapshot(), &reached);
    let codes = |findings: &Findings, workspace: &Workspace| {
        let all = findings.all(&workspace.snapshot());
        let mut codes: Vec<&str> = all.iter().map(|finding| finding.code).collect();
        codes.dedup();
        codes
    };
    assert_eq!(
        codes(&findings, &workspace),
        ["invalid-spec", "invalid-yaml"]
    );

    let reached = workspace.finish_loading();
    findings.update(&workspace.snapshot(), &reached);
    let codes = codes(&findings, &workspace);
    assert!(
        codes.contains(&"invalid-spec") && codes.contains(&"missing-why"),
        "{codes:?}"
    );
}
