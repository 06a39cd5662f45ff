//! Edits of models whose effect is known, against the lock: every mutation is found where it was made,
//! and nothing at all is said of a refactoring.
//!
//! With `EDITS_FOLDER`, the models in that folder are taken instead; `EDITS_DIALECT` says how they are
//! read, `EDITS_MODELS`, names with commas between them, which ones are edited.

pub(crate) mod product;
mod tally;

use crate::edits_of_models::{Change, Mutation, Place, mutations, refactorings};
use product::{Found, Locked, Product, products};
use tally::{Judged, Tally};

/// So many mutations and refactorings at least are tried on what is in the repository.
const FEWEST: usize = 120;

#[test]
fn a_lock_says_nothing_of_what_it_was_written_of() {
    for product in products() {
        let locked = Locked::new(&product);
        assert_eq!(locked.drift(), [], "{}", product.name);
        assert!(locked.is_locked(), "{}", product.name);
    }
}

#[test]
fn a_refactoring_is_no_finding() {
    let tally = tally(|product, locked, tally| {
        let all = refactorings(&product.models, product.dialect, product.seed);
        for edit in product.chosen(all, |edit| edit) {
            let found = locked.with(&edit);
            tally.add(&edit, judge_refactoring(&found), &found);
        }
    });
    tally.print("refactorings");
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n\n"));
    if is_whole() {
        let all = tally.of(Judged::Right) + tally.of(Judged::Open);
        assert!(all >= FEWEST, "{all}");
        assert!(tally.of(Judged::Right) * 100 >= all * 97, "{tally:?}");
    }
}

#[test]
fn a_mutation_is_found_where_it_was_made() {
    let tally = tally(|product, locked, tally| {
        let all = mutations(&product.models, product.dialect, product.seed);
        for mutation in product.chosen(all, |mutation| &mutation.change) {
            let found = locked.with(&mutation.change);
            let judged = match judge_mutation(&mutation, &found) {
                // The edit may be an equivalent one, as the generator says.
                Judged::Wrong if !mutation.certain => Judged::Equivalent,
                Judged::Wrong if locked.is_same_over_sources(&mutation.change) => {
                    Judged::Equivalent
                }
                judged => judged,
            };
            match judged {
                Judged::Equivalent => tally.add_equivalent(&mutation),
                judged => tally.add(&mutation.change, judged, &found),
            }
        }
    });
    tally.print("mutations");
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n\n"));
    if is_whole() {
        let all = tally.of(Judged::Right) + tally.of(Judged::Open);
        assert!(all >= FEWEST, "{all}");
        assert!(tally.of(Judged::Right) * 100 >= all * 90, "{tally:?}");
    }
}

/// Whether what is in the repository is tried.
fn is_whole() -> bool {
    std::env::var_os("EDITS_FOLDER").is_none()
}

/// Tries the edits of every product.
fn tally(mut each: impl FnMut(&Product, &mut Locked, &mut Tally) + Send) -> Tally {
    let mut tally = Tally::default();
    let all = || {
        for product in products() {
            each(&product, &mut Locked::new(&product), &mut tally);
        }
    };
    // Models are nested as deep as people nest them.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(64 << 20);
        thread.spawn_scoped(scope, all).unwrap().join().unwrap();
    });
    tally
}

/// Nothing may be said; what can't be told is open.
fn judge_refactoring(found: &[Found]) -> Judged {
    match (found.is_empty(), found.iter().any(|found| found.is_proved)) {
        (true, _) => Judged::Right,
        (false, true) => Judged::Wrong,
        (false, false) => Judged::Open,
    }
}

/// It must be said of the column or of the rows; to say that it can't be told is open.
fn judge_mutation(mutation: &Mutation, found: &[Found]) -> Judged {
    let is_touched = |found: &&Found| mutation.change.touched.contains(&found.table);
    let is_here = |found: &&Found| match &mutation.place {
        Place::Column(name) => {
            let column = found.column.as_ref();
            column.is_some_and(|column| column.eq_ignore_ascii_case(name))
        }
        Place::Rows => found.column.is_none(),
        Place::Somewhere => true,
    };
    let mut here = found.iter().filter(is_touched).filter(is_here).peekable();
    match (here.peek().is_some(), here.any(|found| found.is_proved)) {
        (true, true) => Judged::Right,
        (true, false) => Judged::Open,
        (false, _) => Judged::Wrong,
    }
}

/// What came of the mutation of a macro, and of what macros are called with.
#[test]
fn a_macro_that_changed_is_found_in_the_models_that_call_it() {
    let products = products();
    let Some(shop) = products.iter().find(|product| product.name == "shop-dbt") else {
        return;
    };
    let mut locked = Locked::new(shop);
    let path = std::path::PathBuf::from("macros/cents_to_dollars.sql");
    let text = shop.other(&path).replace("100", "1000");
    let found = locked.with(&Change {
        kind: "macro changed",
        description: String::new(),
        files_after: [(path, Some(text))].into(),
        touched: Vec::new(),
    });
    let found: Vec<_> = found
        .iter()
        .map(|found| {
            (
                found.table.as_str(),
                found.column.as_deref(),
                found.is_proved,
            )
        })
        .collect();
    assert_eq!(found, [("stg_payments", Some("amount"), true)]);
}
