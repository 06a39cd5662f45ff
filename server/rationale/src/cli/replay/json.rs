//! A replay for machines. `docs/json.md` describes the shape; every change of it that a reader could
//! notice is a new [`VERSION`].

use super::report::{Change, Changed, Effect, Replay, Replayed};
use crate::cli::example::WitnessReport;
use crate::cli::meaning::{ClauseReport, clause_reports};
use serde::Serialize;
use std::io::{self, Write};

/// The version of the shape.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'r> {
    version: u32,
    summary: Summary,
    commits: Vec<CommitReport<'r>>,
}

#[derive(Serialize)]
struct Summary {
    commits: usize,
    changed: usize,
    without_words: usize,
    undecided: usize,
    shape: usize,
    same: usize,
}

#[derive(Serialize)]
struct CommitReport<'r> {
    commit: &'r str,
    date: &'r str,
    author: &'r str,
    subject: &'r str,
    outcome: &'static str,
    words: Option<bool>,
    undecided: usize,
    changes: Vec<ChangeReport<'r>>,
}

#[derive(Serialize)]
struct ChangeReport<'r> {
    table: &'r str,
    path: &'r str,
    column: Option<&'r str>,
    was: Option<&'r str>,
    now: Option<&'r str>,
    rows: Option<RowsReport>,
    witness: WitnessReport,
    reach: ReachReport,
}

#[derive(Serialize)]
struct RowsReport {
    was: Vec<ClauseReport>,
    now: Vec<ClauseReport>,
}

#[derive(Serialize)]
struct ReachReport {
    tables: usize,
    columns: usize,
}

/// Writes all of it as one JSON object on one line.
pub(super) fn write(output: &mut impl Write, replay: &Replay) -> io::Result<()> {
    let count = |effect| replay.with(effect).count();
    let without_words = replay
        .with(Effect::Changed)
        .filter(|replayed| !replayed.words);
    let report = Report {
        version: VERSION,
        summary: Summary {
            commits: replay.commits.len(),
            changed: count(Effect::Changed),
            without_words: without_words.count(),
            undecided: count(Effect::Undecided),
            shape: count(Effect::Shape),
            same: count(Effect::Same),
        },
        commits: replay.commits.iter().map(of_commit).collect(),
    };
    serde_json::to_writer(&mut *output, &report)?;
    writeln!(output)
}

fn of_commit(replayed: &Replayed) -> CommitReport<'_> {
    let commit = &replayed.commit;
    CommitReport {
        commit: &commit.id,
        date: &commit.date,
        author: &commit.author,
        subject: &commit.subject,
        outcome: match replayed.effect {
            Effect::NoSql => "no-sql",
            Effect::Same => "same",
            Effect::Shape => "shape",
            Effect::Undecided => "undecided",
            Effect::Changed => "changed",
        },
        words: (replayed.effect == Effect::Changed).then_some(replayed.words),
        undecided: replayed.undecided,
        changes: replayed.changes.iter().map(of_change).collect(),
    }
}

fn of_change(change: &Change) -> ChangeReport<'_> {
    let (column, was, now, rows) = match &change.what {
        Changed::Column { name, was, now } => (
            Some(name.as_str()),
            Some(was.as_str()),
            Some(now.as_str()),
            None,
        ),
        Changed::Rows { was, now } => {
            let rows = RowsReport {
                was: clause_reports(was),
                now: clause_reports(now),
            };
            (None, None, None, Some(rows))
        }
    };
    ChangeReport {
        table: &change.table,
        path: &change.path,
        column,
        was,
        now,
        witness: match rows {
            Some(_) => WitnessReport::of_rows(&change.witness),
            None => WitnessReport::of_column(&change.witness),
        },
        rows,
        reach: ReachReport {
            tables: change.reach.tables,
            columns: change.reach.columns,
        },
    }
}
