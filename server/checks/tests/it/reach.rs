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

/// Three tables in a row: `first` and `last` are handed on, `mine` is not.
fn chain() -> Vec<(String, String)> {
    let model = |from: &str, factor: u32, filter: &str| {
        format!(
            "-- What is sold.\nselect id, first * 1 as first, first + {factor} as mine from {from} where {filter}\n"
        )
    };
    let mut files = vec![
        ("a.sql".to_owned(), model("raw.things", 2, "id > 1")),
        ("b.sql".to_owned(), model("a", 3, "id > 2")),
        ("c.sql".to_owned(), model("b", 4, "id > 3")),
    ];
    for table in ["a", "b", "c"] {
        let spec = format!(
            "product: p_{table}\ntables:\n  - name: {table}\n    description: Things.\namendments:\n  - id: 1\n    change: Done.\n    guarantees:\n      - {table}.first comes from raw.things.first\n      - {table} excludes rows where id <= 1\n"
        );
        files.push((format!("{table}.spec.yaml"), spec));
    }
    files
}

/// How many sentences are answered again after each edit of a file.
fn answered(files: &[(String, String)], edits: &[(&str, &str, &str)]) -> Vec<usize> {
    let given = files
        .iter()
        .map(|(path, text)| (absolute(path), text.clone()));
    let mut workspace = Workspace::new(Arc::new(MemorySystem::new(given)), vec![ROOT.into()]);
    let reached = workspace.load();
    let mut findings = Findings::default();
    findings.update(&workspace.snapshot(), &reached);
    let edits = edits.iter().map(|(path, was, now)| {
        let (_, text) = files.iter().find(|(own, _)| own == path).unwrap();
        assert!(text.contains(was), "{was}");
        let edited = |text: String| Change::Edited {
            path: absolute(path),
            text: text.into(),
        };
        let reached = workspace.apply(vec![edited(text.replace(was, now))]);
        findings.update(&workspace.snapshot(), &reached);
        let answered = findings.work().sentences;
        let reached = workspace.apply(vec![edited(text.clone())]);
        findings.update(&workspace.snapshot(), &reached);
        answered
    });
    edits.collect()
}

#[test]
fn only_the_sentences_that_an_edit_can_change_are_answered_again() {
    let edits = [
        // Nothing is meant by it.
        ("a.sql", "What is sold.", "What is sold, and more."),
        ("a.sql", "first * 1 as", "first  *  1 as"),
        // Nobody reads it.
        ("a.sql", "first + 2", "first + 5"),
        // All hand it on.
        ("a.sql", "first * 1", "first * 5"),
        ("b.sql", "first * 1", "first * 5"),
        // It decides which rows there are.
        ("a.sql", "id > 1", "id > 0"),
        ("c.sql", "id > 3", "id > 0"),
        // Those of its own product stand in it.
        ("a.spec.yaml", "Things.", "Things that are sold."),
        ("a.spec.yaml", "Things.\n", "Things.\n    grain: [id]\n"),
    ];
    let counts = [0, 0, 2, 6, 4, 6, 2, 2, 7];
    assert_eq!(answered(&chain(), &edits), counts);
}

#[test]
fn a_product_with_many_sentences_costs_no_more_than_its_sentences() {
    let cost = |tables: usize| {
        let mut files = Vec::new();
        let mut sentences = String::new();
        for number in 0..tables {
            let sql = format!("select id, a, b + 1 as b from raw.t{number}\n");
            files.push((format!("t{number}.sql"), sql));
            sentences.push_str(&format!(
                "      - t{number}.a comes from raw.t{number}.a\n      - t{number} excludes rows where id = 0\n"
            ));
        }
        let spec = format!(
            "product: p\namendments:\n  - id: 1\n    change: Done.\n    guarantees:\n{sentences}"
        );
        files.push(("p.spec.yaml".to_owned(), spec));
        let given = files
            .iter()
            .map(|(path, text)| (absolute(path), text.clone()));
        let mut workspace = Workspace::new(Arc::new(MemorySystem::new(given)), vec![ROOT.into()]);
        let reached = workspace.load();
        let mut findings = Findings::default();
        findings.update(&workspace.snapshot(), &reached);
        let lowered = workspace.snapshot().files_lowered();
        let of_one = answered(&files, &[("t3.sql", "b + 1", "b + 2")]);
        (
            findings.work().sentences,
            findings.work().queries,
            lowered,
            of_one,
        )
    };
    assert_eq!(cost(10), (20, 20, 10, vec![2]));
    assert_eq!(cost(150), (300, 300, 150, vec![2]));
}
