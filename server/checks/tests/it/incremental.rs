//! Findings that follow edits are those of a fresh start, and an update names every file whose
//! findings changed.

use crate::suite::cases;
use crate::workspace::{Files, ROOT, absolute, files};
use checks::{Finding, Findings};
use index::system::MemorySystem;
use index::{Change, FileId, Snapshot, Workspace};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What happens to a file of the workspace; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Step {
    DropLine {
        file: usize,
        line: usize,
    },
    RepeatLine {
        file: usize,
        line: usize,
    },
    InsertBlankLine {
        file: usize,
        line: usize,
    },
    CutOff {
        file: usize,
        line: usize,
    },
    Restore {
        file: usize,
    },
    Delete {
        file: usize,
    },
    CopyFrom {
        file: usize,
        other: usize,
    },
    /// Another digit in the place of one: the facts of a SQL file often stay as they are.
    ChangeDigit {
        file: usize,
        digit: usize,
    },
    /// One word of the file in the place of another one.
    ChangeWord {
        file: usize,
        word: usize,
        to: usize,
    },
    /// One word in the other letter case: names stay the same, and are shown otherwise.
    ChangeCase {
        file: usize,
        word: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let (file, line) = (0usize..8, 0usize..40);
    prop_oneof![
        (file.clone(), line.clone()).prop_map(|(file, line)| Step::DropLine { file, line }),
        (file.clone(), line.clone()).prop_map(|(file, line)| Step::RepeatLine { file, line }),
        (file.clone(), line.clone()).prop_map(|(file, line)| Step::InsertBlankLine { file, line }),
        (file.clone(), line).prop_map(|(file, line)| Step::CutOff { file, line }),
        file.clone().prop_map(|file| Step::Restore { file }),
        file.clone().prop_map(|file| Step::Delete { file }),
        (file.clone(), file.clone()).prop_map(|(file, other)| Step::CopyFrom { file, other }),
        (file.clone(), 0usize..20).prop_map(|(file, digit)| Step::ChangeDigit { file, digit }),
        (file.clone(), 0usize..200, 0usize..200).prop_map(|(file, word, to)| Step::ChangeWord {
            file,
            word,
            to
        }),
        (file, 0usize..200).prop_map(|(file, word)| Step::ChangeCase { file, word }),
    ]
}

/// So many sequences of steps; `PROPTEST_CASES` asks for more.
fn count() -> u32 {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default().cases,
        None => 150,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: count(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_update_leaves_what_a_fresh_start_finds(
        case in any::<prop::sample::Index>(),
        steps in prop::collection::vec((step(), any::<bool>()), 1..6),
    ) {
        let cases = cases();
        let case = case.get(&cases);
        let original = files(case);
        let mut live = Live::new(&original);
        for (step, in_editor) in steps {
            live.take(&original, &step, in_editor);
            let fresh = Live::new(&live.files);
            // Which dialect parses most of the files is found out at the start, and kept.
            if live.dialects() != fresh.dialects() {
                continue;
            }
            prop_assert_eq!(live.shown(), fresh.shown(), "{} after {:?}", &case.name, step);
        }
    }
}

/// A workspace that changes, with its findings.
pub(crate) struct Live {
    files: Files,
    system: MemorySystem,
    pub(crate) workspace: Workspace,
    pub(crate) findings: Findings,
}

impl Live {
    pub(crate) fn new(files: &Files) -> Live {
        let contents = files
            .iter()
            .map(|(path, content)| (absolute(path), content.clone()));
        let system = MemorySystem::new(contents);
        let mut workspace = Workspace::new(Arc::new(system.clone()), vec![PathBuf::from(ROOT)]);
        let reached = workspace.load();
        let mut findings = Findings::default();
        findings.update(&workspace.snapshot(), &reached);
        Live {
            files: files.clone(),
            system,
            workspace,
            findings,
        }
    }

    fn take(&mut self, original: &Files, step: &Step, in_editor: bool) {
        let (path, after) = self.after(original, step);
        self.put(&path, after, in_editor);
    }

    /// Has a file say something else, or takes it away.
    fn put(&mut self, path: &str, after: Option<Vec<u8>>, in_editor: bool) {
        let change = match &after {
            Some(content) if in_editor && str::from_utf8(content).is_ok() => Change::Edited {
                path: absolute(path),
                text: String::from_utf8(content.clone()).unwrap().into(),
            },
            _ => Change::OnDisk {
                path: absolute(path),
            },
        };
        match after {
            Some(content) => {
                self.system.write(absolute(path), content.clone());
                self.files.insert(path.to_owned(), content);
            }
            None => {
                self.system.remove(&absolute(path));
                self.files.remove(path);
            }
        }
        let before = self.by_file();
        // What an editor holds goes before what is on disk, so a change on disk closes it first.
        let closed = Change::Closed {
            path: absolute(path),
        };
        let changes = match change {
            Change::OnDisk { .. } => vec![closed, change],
            _ => vec![change],
        };
        let reached = self.workspace.apply(changes);
        let snapshot = self.workspace.snapshot();
        let named = self.findings.update(&snapshot, &reached);
        let after = self.by_file();
        for file in before.keys().chain(after.keys()) {
            let is_same = before.get(file) == after.get(file);
            assert!(
                is_same || named.contains(file),
                "an update leaves out a file: {path}"
            );
        }
    }

    /// The file that a step is about, and what it is afterwards.
    fn after(&self, original: &Files, step: &Step) -> (String, Option<Vec<u8>>) {
        let paths: Vec<&String> = original.keys().collect();
        let path = |file: usize| paths[file % paths.len()].clone();
        let with_lines = |file: usize, line: usize, change: fn(&mut Vec<&[u8]>, usize)| {
            let path = path(file);
            let content = self.files.get(&path).or(original.get(&path)).unwrap();
            let mut lines: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
            if !lines.is_empty() {
                let line = line % lines.len();
                change(&mut lines, line);
            }
            (path, Some(lines.concat()))
        };
        match *step {
            Step::DropLine { file, line } => with_lines(file, line, |lines, line| {
                lines.remove(line);
            }),
            Step::RepeatLine { file, line } => with_lines(file, line, |lines, line| {
                lines.insert(line, lines[line]);
            }),
            Step::InsertBlankLine { file, line } => with_lines(file, line, |lines, line| {
                lines.insert(line, b"\n");
            }),
            Step::CutOff { file, line } => {
                with_lines(file, line, |lines, line| lines.truncate(line))
            }
            Step::Restore { file } => (path(file), original.get(&path(file)).cloned()),
            Step::Delete { file } => (path(file), None),
            Step::CopyFrom { file, other } => (path(file), original.get(&path(other)).cloned()),
            Step::ChangeDigit { file, digit } => {
                let (path, mut content) = self.now(original, path(file));
                let digits = content.iter().enumerate();
                let digits: Vec<usize> = digits
                    .filter(|(_, byte)| byte.is_ascii_digit())
                    .map(|(at, _)| at)
                    .collect();
                if !digits.is_empty() {
                    let byte = &mut content[digits[digit % digits.len()]];
                    *byte = b'0' + (*byte - b'0' + 1) % 10;
                }
                (path, Some(content))
            }
            Step::ChangeWord { file, word, to } => {
                let (path, content) = self.now(original, path(file));
                let words = words(&content);
                if words.is_empty() {
                    return (path, Some(content));
                }
                let to = content[words[to % words.len()].clone()].to_vec();
                let mut changed = content.clone();
                changed.splice(words[word % words.len()].clone(), to);
                (path, Some(changed))
            }
            Step::ChangeCase { file, word } => {
                let (path, mut content) = self.now(original, path(file));
                let words = words(&content);
                if !words.is_empty() {
                    for letter in &mut content[words[word % words.len()].clone()] {
                        *letter ^= if letter.is_ascii_alphabetic() {
                            0x20
                        } else {
                            0
                        };
                    }
                }
                (path, Some(content))
            }
        }
    }

    /// A file as it is, or as it was before it was deleted.
    fn now(&self, original: &Files, path: String) -> (String, Vec<u8>) {
        let content = self.files.get(&path).or(original.get(&path));
        let content = content.unwrap().clone();
        (path, content)
    }

    /// The dialect that each file is read in.
    fn dialects(&self) -> Vec<String> {
        let snapshot = self.workspace.snapshot();
        let files = snapshot.files().into_iter();
        let dialects = files.map(|file| snapshot.projects().dialect(&file.path).dialect);
        dialects.map(|dialect| format!("{dialect:?}")).collect()
    }

    /// Everything that is found, as a client would show it.
    pub(crate) fn shown(&self) -> Vec<String> {
        let snapshot = self.workspace.snapshot();
        let findings = self.findings.all(&snapshot);
        findings
            .iter()
            .map(|finding| shown(&snapshot, finding))
            .collect()
    }

    fn by_file(&self) -> BTreeMap<FileId, Vec<String>> {
        let snapshot = self.workspace.snapshot();
        let mut by_file: BTreeMap<FileId, Vec<String>> = BTreeMap::new();
        for finding in self.findings.all(&snapshot) {
            by_file
                .entry(finding.file)
                .or_default()
                .push(shown(&snapshot, &finding));
        }
        by_file
    }
}

/// Where the words of a text stand.
fn words(content: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut words: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, byte) in content.iter().enumerate() {
        let is_word = byte.is_ascii_alphanumeric() || *byte == b'_';
        match words.last_mut().filter(|word| word.end == at) {
            Some(word) if is_word => word.end = at + 1,
            _ if is_word => words.push(at..at + 1),
            _ => {}
        }
    }
    words
}

fn shown(snapshot: &Snapshot, finding: &Finding) -> String {
    let path = |file| snapshot.display_path(&snapshot.file(file).unwrap().path);
    let related: Vec<String> = finding
        .related
        .iter()
        .map(|related| {
            format!(
                "{} {:?} {}",
                path(related.file),
                related.range(snapshot),
                related.message
            )
        })
        .collect();
    format!(
        "{} {:?} {:?} {} {} {related:?}",
        path(finding.file),
        finding.range(snapshot),
        finding.severity,
        finding.code,
        finding.message
    )
}

#[test]
fn a_table_that_comes_back_settles_what_its_absence_left_open() {
    let cases = cases();
    let case = cases
        .iter()
        .find(|case| case.name.ends_with("Names that stand for nothing"));
    let original = files(case.unwrap());
    let mut live = Live::new(&original);
    for step in [
        Step::Delete { file: 0 },
        Step::InsertBlankLine { file: 0, line: 0 },
    ] {
        live.take(&original, &step, false);
        assert_eq!(live.shown(), Live::new(&live.files).shown(), "{step:?}");
    }
}

/// A workspace that was read, and then changed step by step; at each it is compared with a fresh start.
fn follow(files: &[(&str, &str)], edits: &[(&str, Option<&str>)]) -> Live {
    let content = |text: &str| text.as_bytes().to_vec();
    let given = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), content(text)));
    let mut live = Live::new(&given.collect());
    for (path, text) in edits {
        live.put(path, text.map(content), false);
        assert_eq!(
            live.shown(),
            Live::new(&live.files).shown(),
            "{path}: {text:?}"
        );
    }
    live
}

fn has(live: &Live, code: &str) -> bool {
    live.shown().iter().any(|finding| finding.contains(code))
}

const QUIET: (&str, &str) = (
    "rationale.toml",
    "[checks]\nundocumented-table = \"off\"\nmissing-why = \"off\"\nmissing-description = \"off\"\n",
);

#[test]
fn a_sentence_may_mean_a_table_once_no_other_has_its_name() {
    let spec = "product: shop\namendments:\n  - id: 1\n    requirement: Paid ones only.\n    change: Done.\n    guarantees:\n      - orders excludes rows where not paid\n";
    let one = "create table a.orders as select id, paid from raw.orders_in;\n";
    let other = "create table b.orders as select id, paid from raw.orders_in where paid;\n";
    let live = follow(
        &[
            QUIET,
            ("shop.spec.yaml", spec),
            ("a.sql", one),
            ("b.sql", other),
        ],
        &[
            ("b.sql", None),
            ("b.sql", Some(other)),
            ("a.sql", None),
            ("a.sql", Some(one)),
            ("b.sql", None),
        ],
    );
    assert!(has(&live, "contradicts-amendment"), "{:?}", live.shown());
}

#[test]
fn a_name_that_sql_begins_to_mention_is_known() {
    let spec = "product: shop\ntables:\n  - name: orders\namendments:\n  - id: 1\n    requirement: All of them.\n    change: Done.\n    guarantees:\n      - orders reads arrivals\n";
    let orders = "select id from raw_orders";
    let live = follow(
        &[QUIET, ("shop.spec.yaml", spec), ("orders.sql", orders)],
        &[
            ("other.sql", Some("select id from arrivals")),
            ("other.sql", Some("select id, 2 as two from raw.arrivals")),
            ("other.sql", None),
            ("other.sql", Some("select id from arrivals")),
        ],
    );
    assert!(has(&live, "contradicts-amendment"), "{:?}", live.shown());
}

#[test]
fn a_name_is_known_while_it_stands_in_sql_that_cannot_be_read() {
    let spec = "product: shop\ntables:\n  - name: fin\namendments:\n  - id: 1\n    requirement: Test orders are not to be paid.\n    change: Done.\n    guarantees: |\n      fin.x comes from raw.orders.x\n      fin reads raw.orders\n";
    let open = "{% set \nselect id, x from {{ source('raw', 'orders') }} where not is_test\n";
    let live = follow(
        &[
            ("dbt_project.yml", "name: shop\nmodel-paths: [models]\n"),
            ("rationale.toml", QUIET.1),
            ("specs/shop.spec.yaml", spec),
            ("models/fin.sql", "select id, x from {{ ref('stg') }}\n"),
            ("models/stg.sql", open),
        ],
        &[
            ("models/stg.sql", Some("{% set \n")),
            ("models/stg.sql", Some(open)),
            ("models/stg.sql", Some("{% set \n")),
        ],
    );
    assert!(has(&live, "unknown-name"), "{:?}", live.shown());
}

#[test]
fn a_type_is_known_while_sql_or_a_spec_names_it() {
    let toml = format!("[workspace]\ndialect = \"postgres\"\n{}", QUIET.1);
    let spec = "product: shop\namendments:\n  - id: 1\n    requirement: As the shop has it.\n    change: Done.\n    guarantees:\n      - orders.status is state\n      - orders.status is stages\n";
    let orders = "select id, status from raw.orders";
    let other =
        "product: other\ntables:\n  - name: orders\n    columns: [{name: status, type: stages}]\n";
    let live = follow(
        &[
            ("rationale.toml", toml.as_str()),
            ("shop.spec.yaml", spec),
            ("orders.sql", orders),
        ],
        &[
            ("types.sql", Some("create type stages as enum ('open')")),
            ("types.sql", Some("create domain stages as text")),
            ("types.sql", Some("create type Stage as enum ('open')")),
            ("types.sql", Some("create type STAGE as enum ('open')")),
            ("types.sql", None),
            (
                "orders.sql",
                Some("select id, status::stages as status from raw.orders"),
            ),
            (
                "orders.sql",
                Some("select id, status::text as status from raw.orders"),
            ),
            (
                "orders.sql",
                Some("select id, status from raw.orders where status = 'x'::stages"),
            ),
            ("orders.sql", Some(orders)),
            ("other.spec.yaml", Some(other)),
            ("other.spec.yaml", Some(&other.replace("stages", "text"))),
            ("other.spec.yaml", None),
        ],
    );
    assert!(has(&live, "invalid-guarantee"), "{:?}", live.shown());
}

#[test]
fn a_lock_is_compared_through_models_whose_text_alone_changes() {
    let spec = "product: shop\ntables:\n  - name: report\n";
    let lock = "tables:\n  report:\n    rows:\n      from: orders\n    columns:\n      amount:\n        means: orders.price * 2\n";
    let model = |factor: u32| format!("select price * {factor} as amount from orders");
    let (two, three) = (model(2), model(3));
    let live = follow(
        &[
            QUIET,
            ("shop.spec.yaml", spec),
            ("shop.spec.lock", lock),
            ("report.sql", "select amount from middle"),
            ("middle.sql", &two),
        ],
        &[
            ("middle.sql", Some(&three)),
            ("middle.sql", Some(&two)),
            (
                "middle.sql",
                Some("-- twice\nselect price * 2 as amount from orders"),
            ),
            ("middle.sql", Some(&three)),
        ],
    );
    assert!(has(&live, "unrecorded-change"), "{:?}", live.shown());
}

#[test]
fn what_a_name_stood_for_is_followed_in_the_lock_and_upstream() {
    let spec = "product: shop\ntables:\n  - name: orders\namendments:\n  - id: 1\n    requirement: No tests.\n    change: Done.\n    guarantees:\n      - orders excludes rows where is_test\n";
    let lock = |column: &str| format!("tables:\n  orders:\n    names:\n      is_test: {column}\n");
    let (old, other) = (lock("raw.orders.is_test"), lock("stg.is_test"));
    let own = "select id, true as is_test from stg where not is_test";
    let live = follow(
        &[
            QUIET,
            ("shop.spec.yaml", spec),
            ("shop.spec.lock", &other),
            ("orders.sql", "select id from stg where not is_test"),
            ("stg.sql", "select id, is_test from raw.orders"),
        ],
        &[
            ("orders.sql", Some(own)),
            ("shop.spec.lock", None),
            ("shop.spec.lock", Some(&old)),
            ("stg.sql", Some("select id from raw.orders")),
            ("stg.sql", Some("select id, is_test from raw.orders")),
            ("orders.sql", Some("select id from stg where not is_test")),
            (
                "stg.sql",
                Some("select id, not is_test as is_test from raw.orders"),
            ),
        ],
    );
    // What was put in between hands on another value under the name.
    assert!(has(&live, "rebound-name"), "{:?}", live.shown());
}

#[test]
fn what_a_finding_points_to_moves_with_the_text() {
    let spec = "product: shop\ntables:\n  - name: orders\namendments:\n  - id: 1\n    requirement: The total.\n    guarantees:\n      - orders.amount = SUM(lines.price)\n";
    let model = "select id, count(lines.price) as amount from lines group by id\n";
    let moved = format!("\n-- A comment.\n{model}");
    let live = follow(
        &[QUIET, ("shop.spec.yaml", spec), ("orders.sql", model)],
        &[("orders.sql", Some(&moved)), ("orders.sql", Some(model))],
    );
    assert!(has(&live, "not-yet-met"), "{:?}", live.shown());
}

#[test]
fn a_table_upstream_is_named_as_it_is_spelled_now() {
    let spec = "product: shop\ntables:\n  - name: raw.payments\n    columns:\n      - name: euros\n        unit: EUR\n  - name: payments\namendments:\n  - id: 1\n    requirement: Dollars.\n    change: Done.\n    guarantees:\n      - payments.amount is in USD\n";
    let respelled = spec.replace("raw.payments", "RAW.payments");
    let live = follow(
        &[
            QUIET,
            ("shop.spec.yaml", spec),
            ("paid.sql", "select euros as amount from raw.payments"),
            ("payments.sql", "select amount from paid"),
        ],
        &[("shop.spec.yaml", Some(&respelled))],
    );
    let shown = live.shown().join("\n");
    assert!(shown.contains("Now: RAW.payments.euros"), "{shown}");
}

#[test]
fn a_product_is_named_as_it_is_spelled_now() {
    let spec = "product: shop\namendments:\n  - id: 1\n    requirement: Dollars.\n    change: Done.\n    supersedes: [2]\n";
    let respelled = spec.replace("product: shop", "product: SHOP");
    let live = follow(
        &[QUIET, ("shop.spec.yaml", spec)],
        &[("shop.spec.yaml", Some(&respelled))],
    );
    let shown = live.shown().join("\n");
    assert!(
        shown.contains("There is no amendment `2` in `SHOP`"),
        "{shown}"
    );
}

/// The spec has a lock beside it, and describes nothing any more when it goes.
#[test]
fn what_was_agreed_of_a_table_goes_with_the_file() {
    let cases = cases();
    let named =
        |case: &&crate::suite::Case| case.name.ends_with("An inner join has no condition yet");
    let original = files(cases.iter().find(named).unwrap());
    let mut live = Live::new(&original);
    let (file, word) = (4, 71);
    for step in [Step::ChangeCase { file, word }, Step::Delete { file }] {
        live.take(&original, &step, false);
        assert_eq!(live.shown(), Live::new(&live.files).shown(), "{step:?}");
    }
}

#[test]
fn words_of_a_spec_do_not_hide_what_changes_beside_them() {
    let spec = |words: &str| {
        format!(
            "product: shop\ntables:\n  - name: orders\n    description: {words}\namendments:\n  - id: 1\n    requirement: No tests.\n    change: Done.\n    guarantees:\n      - orders excludes rows where id < 3\n"
        )
    };
    let (one, two) = (spec("One."), spec("Two."));
    let (good, bad) = (
        "select id from raw.orders where id >= 3",
        "select id from raw.orders where id >= 2",
    );
    let files = [
        QUIET,
        ("shop.spec.yaml", one.as_str()),
        ("orders.sql", good),
    ];
    let mut live = follow(
        &files,
        &[
            ("shop.spec.yaml", Some(&two)),
            ("shop.spec.yaml", Some(&one)),
        ],
    );
    assert!(!has(&live, "contradicts-amendment"), "{:?}", live.shown());
    let edited = |path: &str, text: &str| Change::Edited {
        path: absolute(path),
        text: text.into(),
    };
    let reached = live.workspace.apply(vec![
        edited("shop.spec.yaml", &two),
        edited("orders.sql", bad),
    ]);
    live.findings.update(&live.workspace.snapshot(), &reached);
    assert!(has(&live, "contradicts-amendment"), "{:?}", live.shown());
}
