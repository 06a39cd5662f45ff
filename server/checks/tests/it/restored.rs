//! The rows of a table made what they were when they were locked: after mutations whose effect is known,
//! and where no one edit does it.

use crate::edits::product::{Found, Locked, products};
use crate::edits_of_models::{Change, mutations};
use crate::workspace::{Files, check};
use checks::{Detail, Finding, Fix, LockRequest, update_locks};
use index::Snapshot;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// So many mutations at least are taken back.
const FEWEST: usize = 30;

/// One of so many mutations is tried: each is asked for with every edit that might do.
const SHARE: usize = 3;

/// What such a fix is called starts so.
const TITLES: [&str; 5] = [
    "Filter the rows of",
    "Join the rows of",
    "Take all rows of",
    "Keep the duplicates of",
    "Leave out the duplicates of",
];

fn restoring(snapshot: &Snapshot, finding: &Finding) -> Option<Fix> {
    let fixes = checks::fixes(snapshot, None, finding, Detail::Edits);
    let mut fixes = fixes.into_iter();
    fixes.find(|fix| TITLES.iter().any(|title| fix.title.starts_with(title)))
}

/// Whatever a fix does to a mutated model, the rows are those of the lock then, and nothing has come that
/// the mutation did not bring.
#[expect(clippy::print_stdout, reason = "what is measured is read by people")]
#[test]
fn rows_that_a_mutation_changed_are_restored() {
    let work = || {
        let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
        for product in products() {
            let mut locked = Locked::new(&product);
            let all = mutations(&product.models, product.dialect, product.seed);
            let chosen = product.chosen(all, |mutation| &mutation.change).into_iter();
            for mutation in chosen.step_by(SHARE) {
                let offered = locked.during(&mutation.change, |locked| {
                    let (findings, snapshot) = locked.all();
                    let mut rows = findings.into_iter().filter(|finding| {
                        finding.code == "unrecorded-change" && finding.subject.column.is_none()
                    });
                    rows.next().map(|finding| {
                        let fix = restoring(&snapshot, &finding);
                        (finding, fix.map(|fix| applied(&snapshot, &fix)))
                    })
                });
                let Some((finding, after)) = offered else {
                    continue;
                };
                let count = counts.entry(mutation.change.kind).or_default();
                count.0 += 1;
                let Some((path, text)) = after else { continue };
                count.1 += 1;
                let before = locked.with(&mutation.change);
                let mut change = Change {
                    kind: "restored",
                    description: String::new(),
                    files_after: mutation.change.files_after.clone(),
                    touched: Vec::new(),
                };
                change.files_after.insert(path, Some(text.clone()));
                let table = finding.subject.table.unwrap().to_string();
                let about = |found: &[Found]| {
                    let found = found.iter();
                    let found = found.map(|found| (found.table.clone(), found.column.clone()));
                    found.collect::<BTreeSet<_>>()
                };
                let (before, after) = (about(&before), about(&locked.with(&change)));
                let at = format!("{}: {text}", mutation.change.description);
                assert!(!after.contains(&(table, None)), "{at}");
                assert!(after.is_subset(&before), "{after:?}\n{at}");
            }
        }
        counts
    };
    // Models are nested as deep as people nest them.
    let counts = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(64 << 20);
        thread.spawn_scoped(scope, work).unwrap().join().unwrap()
    });
    for (kind, (all, restored)) in &counts {
        println!("{kind}: {restored} of {all} restored");
    }
    let restored: usize = counts.values().map(|(_, restored)| restored).sum();
    assert!(restored >= FEWEST, "{restored}");
}

fn applied(snapshot: &Snapshot, fix: &Fix) -> (PathBuf, String) {
    let [edit] = fix.edits.as_slice() else {
        panic!("{fix:?}");
    };
    let file = snapshot.file_at(&edit.path).unwrap();
    let text = syntax::edit::apply(&snapshot.text(file).unwrap(), &edit.edits).unwrap();
    let root = snapshot.roots().first().unwrap();
    (edit.path.strip_prefix(root).unwrap().to_owned(), text)
}

fn files(sql: &str, amendments: &str) -> Files {
    let spec = format!("product: shop\ntables:\n  - name: orders\n{amendments}");
    [
        ("shop.spec.yaml".to_owned(), spec.into_bytes()),
        ("orders.sql".to_owned(), sql.as_bytes().to_vec()),
    ]
    .into()
}

/// The fix that is offered for `now`, where `then` was locked.
fn offered(then: &str, now: &str, amendments: &str) -> Option<String> {
    let request = LockRequest {
        is_initial: true,
        ..LockRequest::default()
    };
    let mut changed = files(now, amendments);
    for update in update_locks(&check(&files(then, "")).snapshot, &request) {
        let name = update.path.file_name().unwrap().to_str().unwrap();
        changed.insert(name.to_owned(), update.text.into_bytes());
    }
    let checked = check(&changed);
    let mut findings = checked.findings.iter();
    let rows = findings
        .find(|finding| finding.code == "unrecorded-change" && finding.subject.column.is_none());
    let rows = rows.expect("the rows are found to differ");
    let fix = restoring(&checked.snapshot, rows)?;
    let edits = &fix.edits[0];
    assert_eq!(
        edits.path.file_name(),
        Some(Path::new("orders.sql").as_os_str())
    );
    syntax::edit::apply(now, &edits.edits)
}

#[test]
fn rows_are_restored_by_one_edit_or_not_at_all() {
    let plain = "select o.id, o.total from raw.orders as o where not o.is_test and o.total > 0";
    let joined =
        "select o.id, s.region from raw.orders as o left join raw.shops as s on s.id = o.shop_id";
    for (then, now, restored) in [
        // Dropped, added, and another.
        (
            plain,
            "select o.id, o.total from raw.orders as o where o.total > 0",
            Some("select o.id, o.total from raw.orders as o where o.total > 0 and not is_test"),
        ),
        (
            plain,
            "select o.id, o.total from raw.orders as o where not o.is_test and o.paid and o.total > 0",
            Some(plain),
        ),
        (
            plain,
            "select o.id, o.total from raw.orders as o where not o.is_test and o.total > 100",
            Some("select o.id, o.total from raw.orders as o where not o.is_test and total > 0"),
        ),
        // All of it: as many as there were.
        (
            plain,
            "select o.id, o.total from raw.orders as o",
            Some("select o.id, o.total from raw.orders as o where (not is_test) and (total > 0)"),
        ),
        // A join that was turned, in both directions; the columns mean what they meant then, too.
        (
            joined,
            "select o.id, s.region from raw.orders as o join raw.shops as s on s.id = o.shop_id",
            Some(joined),
        ),
        // Duplicates that are kept, or not, and a number of rows.
        (
            "select id from raw.orders union all select id from raw.sales",
            "select id from raw.orders union select id from raw.sales",
            Some("select id from raw.orders union all select id from raw.sales"),
        ),
        (
            "with o as (select id from raw.orders union select id from raw.sales) select id from o",
            "with o as (select id from raw.orders union all select id from raw.sales) select id from o",
            Some(
                "with o as (select id from raw.orders union select id from raw.sales) select id from o",
            ),
        ),
        (
            "select id from raw.orders order by id",
            "select id from raw.orders order by id limit 100",
            Some("select id from raw.orders order by id"),
        ),
        // Another table, and two edits in two places.
        (
            plain,
            "select o.id, o.total from raw.sales as o where not o.is_test and o.total > 0",
            None,
        ),
        (
            joined,
            "select o.id, s.region from raw.orders as o join raw.shops as s on s.id = o.shop_id \
             where not o.is_test",
            None,
        ),
        (
            "with o as (select * from raw.orders where not is_test), \
             s as (select * from raw.shops where is_open) \
             select o.id from o join s on s.id = o.shop_id",
            "with o as (select * from raw.orders), s as (select * from raw.shops) \
             select o.id from o join s on s.id = o.shop_id",
            None,
        ),
    ] {
        assert_eq!(offered(then, now, "").as_deref(), restored, "{now}");
    }
}

/// What an amendment covers is to be locked, not taken back.
#[test]
fn rows_are_not_restored_against_an_amendment() {
    let then = "select id, total from raw.orders";
    let now = "select id, total from raw.orders where not is_test";
    let amendment = "amendments:\n  - id: 1\n    requirement: No tests.\n    change: They are left out.\n    \
                     guarantees: orders excludes rows where is_test\n";
    assert_eq!(offered(then, now, "").as_deref(), Some(then));
    assert_eq!(offered(then, now, amendment), None);
}
