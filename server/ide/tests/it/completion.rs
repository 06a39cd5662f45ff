//! Completion: in sentences, in the rest of a spec, and in SQL.

mod config;
mod dbt_files;
mod macros;
mod sentences;
mod spec_files;
mod sql_files;

use crate::fixture::Fixture;
use ide::{Completion, Completions};

/// What is offered at the cursor.
fn at(text: &str, snippets: bool) -> Completions {
    let fixture = Fixture::new(text);
    let found = ide::completions(&fixture.snapshot, fixture.file, fixture.offset, snippets);
    for item in &found.items {
        assert_eq!(item.range.end(), fixture.offset, "{item:?}");
    }
    found
}

fn labels(text: &str) -> Vec<String> {
    let items = at(text, false).items.into_iter();
    items.map(|item| item.label).collect()
}

fn item(text: &str, snippets: bool, label: &str) -> Completion {
    let found = at(text, snippets).items.into_iter();
    let mut found = found.filter(|item| item.label == label);
    found.next().expect("it is offered")
}
