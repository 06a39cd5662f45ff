//! Any sequence of changes leaves the same state as a fresh start.

use crate::support::{Fixture, path};
use index::Change;
use proptest::prelude::*;

/// Where files may come and go. Names clash, wait for each other and form circles on purpose.
const PATHS: [&str; 12] = [
    "dbt_project.yml",
    "rationale.toml",
    "models/a.sql",
    "models/b.sql",
    "models/deep/a.sql",
    "models/s.yml",
    "seeds/b.csv",
    "specs/one.spec.yaml",
    "specs/two.spec.yaml",
    "scripts/a.sql",
    "scripts/c.sql",
    "dbt_packages/p/models/c.sql",
];

/// What they may hold, whether it fits or not.
const TEXTS: [&str; 22] = [
    "",
    "name: shop\n",
    "name: shop\nmodel-paths: [models, scripts]\n",
    "[checks]\nmissing-why = \"error\"\n",
    "[workspace]\nexclude = [\"models/**\"]\n",
    "[workspace\n",
    "select 1 as x, 2 as y",
    "select * from {{ ref('a') }}",
    "select * from {{ ref('b') }}",
    "select *, 1 as z from {{ source('raw', 'a') }}",
    "select c.x from c join shop.a on true",
    "create table shop.a as select * from c; create view b as select x from shop.a",
    "create table c (x int, y text)",
    "{{ config(enabled=false) }} select 3 as x",
    "select x, from",
    "x,y\n1,2\n",
    "models:\n  - name: a\n    columns: [{name: x, meta: {why: Joins.}}]\n  - name: b\n    versions: [{v: 1}, {v: 2, defined_in: c}]\n",
    "sources:\n  - name: raw\n    tables:\n      - name: a\n        columns: [{name: x, description: d}]\n",
    "product: one\ntables:\n  - name: a\n    columns: [{name: x, why: w}, {name: q}]\n  - {name: shop.a, model: scripts/a.sql}\n",
    "product: one\ntables:\n  - name: b\n    model: models/deep/a.sql\n    columns: [{name: y, since: 1}]\namendments: [{id: 1, requirement: r}]\n",
    "product: two\ntables:\n  - name: c\n    description: d\n  - name\n",
    "product: [",
];

#[derive(Clone, Debug)]
enum Step {
    Write(usize, usize),
    Delete(usize),
    Edit(usize, usize),
    Close(usize),
    Untold(usize, usize),
    Folder,
}

fn step() -> impl Strategy<Value = Step> {
    let (file, text) = (0..PATHS.len(), 0..TEXTS.len());
    prop_oneof![
        4 => (file.clone(), text.clone()).prop_map(|(file, text)| Step::Write(file, text)),
        2 => file.clone().prop_map(Step::Delete),
        3 => (file.clone(), text.clone()).prop_map(|(file, text)| Step::Edit(file, text)),
        1 => file.clone().prop_map(Step::Close),
        1 => (file, text).prop_map(|(file, text)| Step::Untold(file, text)),
        1 => Just(Step::Folder),
    ]
}

fn take(fixture: &mut Fixture, step: &Step) {
    match step {
        Step::Write(file, text) => {
            fixture.write(PATHS[*file], TEXTS[*text]);
        }
        Step::Delete(file) => {
            fixture.delete(PATHS[*file]);
        }
        Step::Edit(file, text) => {
            fixture.edit(PATHS[*file], TEXTS[*text]);
        }
        Step::Close(file) => {
            fixture.workspace.apply(vec![Change::Closed {
                path: path(PATHS[*file]),
            }]);
        }
        // Two changes told at once, the second of them by its folder.
        Step::Untold(file, text) => {
            fixture.system.write(path(PATHS[*file]), TEXTS[*text]);
            fixture.workspace.apply(vec![
                Change::OnDisk {
                    path: path("specs"),
                },
                Change::OnDisk {
                    path: path(PATHS[*file]),
                },
            ]);
        }
        Step::Folder => {
            fixture
                .workspace
                .apply(vec![Change::OnDisk { path: path("") }]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_history_of_changes_leaves_what_a_fresh_start_finds(steps in prop::collection::vec(step(), 1..25)) {
        let mut fixture = Fixture::new(&[("dbt_project.yml", "name: shop\n"), ("models/a.sql", "select 1 as x")]);
        for step in &steps {
            take(&mut fixture, step);
        }
        prop_assert_eq!(fixture.workspace.differences_from_fresh_start(), Vec::<String>::new());
    }
}
