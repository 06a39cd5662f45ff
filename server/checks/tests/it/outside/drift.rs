//! Changes of meaning that are shown by an example: whether DuckDB gives the same two outcomes, by the SQL
//! as it was and as it is.

use super::claim::Claim;
use super::world::{Unportable, World, quoted};
use checks::Finding;
use index::Snapshot;
use meaning::evaluate::{Row, Rows, Value};
use meaning::witness::Witness;
use std::rc::Rc;
use syntax::Name;

/// A finding that shows an example, and the outcome that DuckDB is to give of it in one state of the
/// workspace. `others` are the columns that are said to have changed.
pub(super) struct Half {
    finding: Finding,
    job: Result<Job, Unportable>,
}

/// Statements, and the query behind them.
type Job = (Vec<String>, Vec<String>);

/// The outcome in this state; `None` where there is no example, or the column has another name in it.
pub(super) fn half(snapshot: &Snapshot, finding: &Finding, others: &[Name]) -> Option<Half> {
    let witness = finding.example.as_deref()?;
    let table = finding.subject.table.as_ref();
    let table = table.and_then(|table| snapshot.table(table));
    if let (Some(table), Some(column)) = (table, &finding.subject.column) {
        table.column(column).filter(|own| own.is_selected())?;
    }
    let job = job(snapshot, finding, witness, others);
    let finding = finding.clone();
    Some(Half { finding, job })
}

/// The claim that a finding makes of both states.
pub(super) fn claim(was: Half, now: Half) -> (String, Result<Claim, Unportable>) {
    let kind = match now.finding.subject.column {
        Some(_) => "another value",
        None => "other rows",
    };
    (kind.to_owned(), made(was, now))
}

fn job(
    snapshot: &Snapshot,
    finding: &Finding,
    witness: &Witness,
    others: &[Name],
) -> Result<Job, Unportable> {
    let key = finding.subject.table.as_ref().ok_or("no table")?;
    let table = snapshot.table(key).ok_or("a new table")?;
    let columns = match &finding.subject.column {
        Some(column) => quoted(std::slice::from_ref(column)),
        None if is_counted(witness) => "NULL".to_owned(),
        None => {
            let names = table.columns.iter().filter(|column| column.is_selected());
            let names = names.filter(|column| !others.contains(&column.name));
            let names: Vec<String> = names
                .map(|column| quoted(std::slice::from_ref(&column.name)))
                .collect();
            names.join(", ")
        }
    };
    let all = table.columns.iter().filter(|column| column.is_selected());
    let all: Vec<String> = all
        .map(|column| quoted(std::slice::from_ref(&column.name)))
        .collect();
    let setup = World::new(snapshot, witness).of(table)?;
    let name = quoted(&key.parts);
    let query = |columns: &str| format!("SELECT {columns} FROM {name}");
    Ok((setup, vec![query(&columns), query(&all.join(", "))]))
}

fn made(was: Half, now: Half) -> Result<Claim, Unportable> {
    let finding = &now.finding;
    let witness = finding.example.as_deref().ok_or("no example")?;
    let told = finding.subject.column.is_some().then(|| {
        let rows = |rows: &[Vec<Value>]| Rows {
            rows: rows.iter().map(|row| row_of(row)).collect(),
        };
        (rows(&witness.was), rows(&witness.now))
    });
    let is_of_column = told.is_some();
    let jobs = [was.job?, now.job?];
    let has_same_columns = jobs[0].1 == jobs[1].1;
    Ok(Claim::new(finding.message.clone(), jobs, move |given| {
        let (Ok(was), Ok(now)) = (&given[0][0], &given[1][0]) else {
            return false;
        };
        // What the message shows is what comes out: of all rows, where none came or went.
        let as_told =
            |told: &Rows, given: &Rows| told.rows.len() != given.rows.len() || !told.differ(given);
        let as_told = told
            .as_ref()
            .is_none_or(|(told_was, told_now)| as_told(told_was, was) && as_told(told_now, now));
        // The same values may be in other rows.
        let in_other_rows = match (&given[0][1], &given[1][1]) {
            (Ok(was), Ok(now)) => is_of_column && has_same_columns && was.differ(now),
            _ => false,
        };
        (was.differ(now) || in_other_rows) && as_told
    }))
}

fn is_counted(witness: &Witness) -> bool {
    let mut rows = witness.was.iter().chain(&witness.now);
    rows.all(Vec::is_empty)
}

fn row_of(values: &[Value]) -> Row {
    Row {
        values: values.into(),
        origin: Rc::from([]),
    }
}
