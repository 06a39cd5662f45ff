//! Lineage against the expectations that sqlglot and sqllineage have of their own.
//!
//! `tests/conformance/sql/README.md` says what the cases are and where they come from. Where we
//! disagree, `disagreements.txt` beside it has a judgement; one that is not listed fails, and so does
//! one that is listed and does not occur.

mod columns;
mod disagreements;
mod edges;
mod models;
mod whole;

use meaning::lineage::{Lineage, lineage};
use serde_json::Value;
use sql::facts::TableRef;
use sql::lower::{Catalog, Lowered, TableColumn, TableColumns};
use sql::relation::DataType;
use sql::{Dialect, Options, Templating};
use std::collections::BTreeMap;
use syntax::Name;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/conformance/sql");

/// Enough for expressions as deep as the parser allows, in a build that is not optimised.
const STACK: usize = 64 << 20;

/// A case of a suite.
struct Case {
    id: String,
    sql: String,
    options: Options,
    schema: Schema,
    /// The rest of what it says.
    json: Value,
}

/// The cases of `FILE.jsonl`.
#[expect(
    clippy::disallowed_methods,
    reason = "the suite is fetched, not part of the repository"
)]
fn cases(file: &str) -> Vec<Case> {
    let missing = "the cases are not here: run tests/conformance/sql/fetch";
    let text = std::fs::read_to_string(format!("{FOLDER}/{file}.jsonl")).expect(missing);
    let cases = text.lines().map(|line| {
        let json: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| json[key].as_str().unwrap().to_owned();
        Case {
            id: text("id"),
            sql: text("sql"),
            options: Options {
                dialect: dialect(&text("dialect")),
                templating: Templating::None,
            },
            schema: Schema::of(&json["schema"]),
            json,
        }
    });
    cases.collect()
}

fn dialect(name: &str) -> Dialect {
    name.parse().unwrap_or_else(|_| panic!("{name}"))
}

/// The tables of a case, by their names in lower case.
#[derive(Default)]
struct Schema(BTreeMap<String, Vec<String>>);

impl Schema {
    fn of(json: &Value) -> Schema {
        let tables = json.as_object().into_iter().flatten();
        let tables = tables.map(|(table, columns)| {
            let columns: Vec<String> = match columns {
                Value::Array(columns) => columns.iter().map(text).collect(),
                columns => columns.as_object().unwrap().keys().cloned().collect(),
            };
            (table.to_lowercase(), columns)
        });
        Schema(tables.collect())
    }
}

impl Catalog for Schema {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let columns = self.0.get(&table.to_string().to_lowercase())?;
        let columns = columns.iter().map(|name| TableColumn {
            name: Name::new(name),
            data_type: None::<DataType>,
        });
        Some(TableColumns {
            columns: columns.collect(),
            open: false,
        })
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A name as it is compared.
fn name(value: &Value) -> Option<String> {
    value.as_str().map(str::to_lowercase)
}

fn lineage_of(lowered: &Lowered) -> Lineage {
    lineage(&lowered.query, &|_, _| false)
}

/// Runs `test` with a large stack.
fn on_large_stack(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(test);
    if let Err(panic) = thread.unwrap().join() {
        std::panic::resume_unwind(panic);
    }
}
