//! How much of a project a lock can tell exactly: every model is written as a lock has it, read back,
//! and compared. `cargo bench -p rationale --bench lock -- FOLDER…`

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a measurement prints what it measured, of folders that it is given"
)]

use index::Workspace;
use meaning::canonical::{canonical, written};
use rationale::system::Disk;
use sql::facts::{TableName, TableRef};
use sql::lower::{NoCatalog, lower};
use sql::{Options, STACK_SIZE, Templating};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::Name;

fn main() {
    let folders: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .map(PathBuf::from)
        .collect();
    let run = move || folders.iter().for_each(|folder| measure(folder));
    let thread = std::thread::Builder::new()
        .stack_size(STACK_SIZE)
        .spawn(run);
    thread.expect("a thread").join().expect("no panic");
}

fn measure(folder: &Path) {
    let verbose = std::env::var_os("VERBOSE").is_some();
    let root = folder.canonicalize().expect("a folder");
    let mut workspace = Workspace::new(Arc::new(Disk), vec![root]);
    workspace.load();
    let snapshot = workspace.snapshot();
    let (mut tables, mut known, mut exact) = (0, 0, 0);
    let (mut columns, mut known_columns, mut exact_columns) = (0, 0, 0);
    for table in snapshot.tables() {
        let Some(id) = table.models.first() else {
            continue;
        };
        let Some((file, _)) = snapshot.model(*id) else {
            continue;
        };
        if file.quiet {
            continue;
        }
        let Some((relations, at)) = snapshot.relation(*id) else {
            continue;
        };
        let Some(lowered) = relations.full.get(at) else {
            continue;
        };
        let mut query = lowered.query.clone();
        query.rename_tables(&|table| match table {
            TableRef::Unknown => None,
            table => Some(TableRef::Named(TableName {
                parts: snapshot
                    .table_name(file, table)
                    .split('.')
                    .map(Name::new)
                    .collect(),
            })),
        });
        let dialect = snapshot.projects().dialect(&file.path).dialect;
        let was = canonical(&query);
        let text = written(&query, dialect);
        let sql = text.sql(dialect);
        let options = Options {
            dialect,
            templating: Templating::None,
        };
        let back = lower(&sql, &options, &NoCatalog);
        let now = back.first().map(|back| canonical(&back.query));
        tables += 1;
        let is_known =
            was.rows.is_known() && was.columns.iter().all(|column| column.meaning.is_known());
        known += usize::from(is_known);
        let Some(now) = now else {
            println!("{}: nothing read back: {sql}", table.key);
            continue;
        };
        let same_rows = was.rows == now.rows;
        let mut same_columns = true;
        for column in &was.columns {
            columns += 1;
            if !column.meaning.is_known() {
                continue;
            }
            known_columns += 1;
            let other = now.columns.iter().find(|other| other.name == column.name);
            let same = other.is_some_and(|other| other.meaning == column.meaning);
            exact_columns += usize::from(same);
            same_columns &= same;
            if verbose && !same {
                println!("{}.{:?}: {}", table.key, column.name, column.meaning);
                let other = other.map(|other| other.meaning.to_string());
                println!("     now {}", other.unwrap_or_default());
            }
        }
        if verbose && is_known && !same_rows {
            println!("{}: rows", table.key);
            for clause in was.rows.beyond(&now.rows) {
                println!("     was {:?} {}", clause.clause, clause.meaning);
            }
            for clause in now.rows.beyond(&was.rows) {
                println!("     now {:?} {}", clause.clause, clause.meaning);
            }
        }
        if verbose && is_known && !(same_rows && same_columns) {
            println!("  SQL {sql}");
        }
        exact += usize::from(is_known && same_rows && same_columns);
    }
    println!(
        "{}: {exact} of {known} known tables ({tables} in all), {exact_columns} of {known_columns} known columns ({columns} in all)",
        folder.display()
    );
}
