//! What is shown by an example, judged by DuckDB: the rows of the example become tables of it, the models
//! above them are run as they stand in their files, and the outcome must be what the finding says. So
//! neither our reading of the SQL nor our evaluation of it is taken on trust.

mod broken;
mod claim;
mod drift;
mod filled;
mod promise;
mod sentences;
mod world;

use crate::edits::product::{Locked, Product, products};
use crate::edits_of_models::mutations;
use crate::suite::cases;
use crate::workspace::{check, check_case, files};
use checks::Finding;
use claim::Verdicts;
use index::Snapshot;
use syntax::Name;

#[test]
fn every_sentence_that_is_broken_by_an_example_is_broken_in_duckdb() {
    let mut claims = Vec::new();
    let mut silent = Vec::new();
    for (name, files) in broken::workspaces() {
        let checked = check(&files);
        let found = checked.findings.iter();
        let own: Vec<_> = found
            .filter_map(|finding| promise::claim(&checked.snapshot, finding))
            .collect();
        if own.is_empty() {
            silent.push(name);
        }
        claims.extend(own);
    }
    for case in cases() {
        let checked = check_case(&case);
        let found = checked.findings.iter();
        claims.extend(found.filter_map(|finding| promise::claim(&checked.snapshot, finding)));
    }
    let verdicts = Verdicts::of(claims);
    verdicts.print("sentences");
    assert!(silent.is_empty(), "nothing is said: {}", silent.join("\n"));
    verdicts.assert(65);
}

#[test]
fn every_change_that_is_shown_by_an_example_is_one_in_duckdb() {
    let mut claims = Vec::new();
    for case in cases().iter().filter(|case| !case.locked.is_empty()) {
        let checked = check_case(case);
        let mut then = files(case);
        for given in &case.locked {
            then.insert(given.path.clone(), given.content.clone());
        }
        let was = check(&then).snapshot;
        let changes: Vec<_> = changes(&checked.findings);
        let others: Vec<Name> = columns(&changes);
        claims.extend(changes.into_iter().filter_map(|finding| {
            let now = drift::half(&checked.snapshot, finding, &others)?;
            Some(drift::claim(drift::half(&was, finding, &others)?, now))
        }));
    }
    let verdicts = Verdicts::of(claims);
    verdicts.print("changes");
    verdicts.assert(10);
}

/// Of every mutation: what breaks a sentence that the SQL kept before, and what has another meaning.
#[test]
fn what_a_mutation_breaks_and_changes_is_broken_and_changed_in_duckdb() {
    let all = || {
        let (mut broken, mut changed) = (Vec::new(), Vec::new());
        for mut product in products() {
            of_mutations(&mut product, &mut broken, &mut changed);
        }
        (Verdicts::of(broken), Verdicts::of(changed))
    };
    let (broken, changed) = on_large_stack(all);
    broken.print("sentences that a mutation breaks");
    changed.print("changes of mutations");
    let denied: Vec<&String> = broken.denied.iter().chain(&changed.denied).collect();
    assert!(denied.is_empty(), "{denied:#?}");
    if std::env::var_os("EDITS_FOLDER").is_none() {
        broken.assert(75);
        changed.assert(270);
    }
}

/// Where nothing is said of a mutation, it changes nothing.
#[test]
fn a_mutation_that_is_passed_over_gives_the_same_rows_in_duckdb() {
    let all = || {
        let mut claims = Vec::new();
        for product in products() {
            of_silence(&product, &mut claims);
        }
        Verdicts::of(claims)
    };
    let verdicts = on_large_stack(all);
    verdicts.print("mutations that are passed over");
    let is_given = std::env::var_os("EDITS_FOLDER").is_some();
    assert!(is_given || verdicts.count() >= 12, "{verdicts:?}");
    assert!(
        verdicts.denied.is_empty(),
        "{}",
        verdicts.denied.join("\n\n")
    );
}

fn of_silence(product: &Product, claims: &mut Claims) {
    let mut locked = Locked::new(product);
    let all = mutations(&product.models, product.dialect, product.seed);
    for mutation in product.chosen(all, |mutation| &mutation.change) {
        let touched = |locked: &Locked| {
            let (_, snapshot) = locked.all();
            let tables = snapshot.tables().into_iter();
            let touched: Vec<_> = tables
                .filter(|table| {
                    mutation
                        .change
                        .touched
                        .contains(&table.key.name().to_string())
                })
                .map(|table| filled::outcomes(&snapshot, table))
                .collect();
            touched
        };
        let now = locked.during(&mutation.change, |locked| {
            locked.drift().is_empty().then(|| touched(locked))
        });
        let Some(now) = now else { continue };
        let (kind, says) = (mutation.change.kind, &mutation.change.description);
        for (was, now) in touched(&locked).into_iter().zip(now) {
            claims.push((kind.to_owned(), filled::same(says.clone(), was, now)));
        }
    }
}

/// Models are nested as deep as people nest them.
fn on_large_stack<T: Send>(all: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(64 << 20);
        thread.spawn_scoped(scope, all).unwrap().join().unwrap()
    })
}

type Claims = Vec<(String, Result<claim::Claim, world::Unportable>)>;

fn of_mutations(product: &mut Product, broken: &mut Claims, changed: &mut Claims) {
    let agreed = sentences::spec(&Locked::new(product).locks);
    product.add("specs/agreed.spec.yaml", agreed);
    let mut locked = Locked::new(product);
    let (findings, _) = locked.all();
    // As it stands, the SQL keeps what was taken from it.
    for finding in &findings {
        assert!(
            finding.code != "contradicts-amendment",
            "{}: {}",
            product.name,
            finding.message
        );
    }
    let all = mutations(&product.models, product.dialect, product.seed);
    for mutation in product.chosen(all, |mutation| &mutation.change) {
        let (findings, now) = locked.during(&mutation.change, |locked| {
            let (findings, now) = locked.all();
            let found = findings.iter();
            broken.extend(found.filter_map(|finding| promise::claim(&now, finding)));
            let halves: Vec<_> = halves(&findings, &now);
            (findings.clone(), halves)
        });
        // A state reads its files when it is asked: this one is as it was again.
        let (_, was) = locked.all();
        let was = halves(&findings, &was);
        changed.extend(
            was.into_iter()
                .zip(now)
                .map(|(was, now)| drift::claim(was, now)),
        );
    }
}

/// What DuckDB is to give of each change that is shown.
fn halves(findings: &[Finding], snapshot: &Snapshot) -> Vec<drift::Half> {
    let changes = changes(findings);
    let others = columns(&changes);
    let changes = changes.into_iter();
    changes
        .filter_map(|finding| drift::half(snapshot, finding, &others))
        .collect()
}

fn changes(findings: &[Finding]) -> Vec<&Finding> {
    let findings = findings.iter();
    findings
        .filter(|finding| finding.code == "unrecorded-change")
        .collect()
}

fn columns(changes: &[&Finding]) -> Vec<Name> {
    let changes = changes.iter();
    changes
        .filter_map(|finding| finding.subject.column.clone())
        .collect()
}
