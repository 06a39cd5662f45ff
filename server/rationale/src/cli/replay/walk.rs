//! From commit to commit: what each one changed, and how far that reaches.

use super::following::{Followed, Following};
use super::report::{Change, Changed, Counts, Effect, Replay, Replayed};
use super::words::Words;
use crate::cli::compare::{ModelChange, ModelDifference, Sides, compare};
use crate::revision::{History, Step};
use anyhow::{Result, bail};
use index::Snapshot;
use index::reach::{Downstream, Node};
use meaning::difference::{self, ColumnChange, Difference};
use std::io::{self, IsTerminal, Write};
use std::path::Path;

/// How far that reaches is looked at for so many changes of one commit, the first ones.
const MOST_REACHED: usize = 400;

/// Walks over a history of the workspace in the folder `root`.
///
/// # Errors
/// There is no SQL that makes a table, or this clone lacks a part of the history.
pub(super) fn walk(mut history: History, root: &Path) -> Result<Replay> {
    let progress = Progress::new(history.ahead());
    let mut following = Following::new(&history, root)?;
    let mut has_models = following.has_models();
    let mut commits = Vec::new();
    while let Some(step) = history.advance()? {
        progress.show(commits.len());
        let followed = following.follow(&step);
        has_models |= following.has_models();
        commits.push(replayed(&history, step, &followed));
    }
    drop(progress);
    if !has_models {
        bail!(
            "there is no SQL that makes a table in {}, in none of the last {} commits: `--root` names \
             the folder of a dbt project or of SQL files",
            root.display(),
            commits.len()
        );
    }
    let snapshot = following.snapshot();
    Ok(Replay {
        commits,
        cut_off: history.cut_off,
        dialects: dialects(&snapshot),
        lacks_packages: lacks_packages(&snapshot, root),
    })
}

fn replayed(history: &History, step: Step, followed: &Followed) -> Replayed {
    let sides = &followed.sides;
    let differences = compare(sides);
    let tally = Tally::of(&differences);
    let mut changes: Vec<Change> = differences.iter().flat_map(changes).collect();
    if let Some(snapshot) = &sides.new.snapshot {
        measure(&mut changes, snapshot, sides);
    }
    // Stable: of equals the first table, and its rows before its columns.
    changes.sort_by_key(|change| std::cmp::Reverse(change.reach));
    let words = !changes.is_empty() && {
        let words = Words::of(history, &step, sides);
        changes
            .iter()
            .any(|change| words.are_about(sides, &change.table))
    };
    Replayed {
        commit: step.commit,
        effect: match (changes.is_empty(), tally, followed.touches_sql) {
            (false, _, _) => Effect::Changed,
            (_, tally, _) if tally.undecided > 0 => Effect::Undecided,
            (_, tally, _) if tally.shape > 0 => Effect::Shape,
            (_, _, true) => Effect::Same,
            (_, _, false) => Effect::NoSql,
        },
        changes,
        undecided: tally.undecided,
        words,
    }
}

/// What there is besides proved changes.
#[derive(Clone, Copy, Default)]
struct Tally {
    undecided: usize,
    /// What came, went, or got another name or type.
    shape: usize,
}

impl Tally {
    fn of(differences: &[ModelDifference]) -> Tally {
        let mut tally = Tally::default();
        for model in differences {
            let ModelChange::Compared { difference, .. } = &model.change else {
                tally.shape += 1;
                continue;
            };
            tally.undecided += usize::from(difference.rows.change == difference::Change::Undecided);
            for column in &difference.columns {
                match column.change {
                    ColumnChange::Undecided => tally.undecided += 1,
                    ColumnChange::Same if column.types().is_none() => {}
                    ColumnChange::Changed => {}
                    _ => tally.shape += 1,
                }
            }
        }
        tally
    }
}

/// The proved changes of a model: of its rows, then of its columns.
fn changes(model: &ModelDifference) -> Vec<Change> {
    let ModelChange::Compared { difference, .. } = &model.change else {
        return Vec::new();
    };
    let Difference { rows, columns } = &**difference;
    let change = |what, witness: &meaning::witness::Witness| Change {
        table: model.name.clone(),
        path: model.path.clone(),
        what,
        witness: witness.clone(),
        reach: Counts::default(),
    };
    let of_rows = rows
        .witness
        .as_ref()
        .filter(|_| rows.change == difference::Change::Changed);
    let of_rows = of_rows.map(|witness| {
        let what = Changed::Rows {
            was: rows.was.clone(),
            now: rows.now.clone(),
        };
        change(what, witness)
    });
    let changed = columns
        .iter()
        .filter(|column| column.change == ColumnChange::Changed);
    let of_columns = changed.filter_map(|column| {
        let (was, now) = column.was.as_ref().zip(column.now.as_ref())?;
        let what = Changed::Column {
            name: column.name.as_ref()?.to_string(),
            was: was.meaning.to_string(),
            now: now.meaning.to_string(),
        };
        Some(change(what, column.witness.as_ref()?))
    });
    of_rows.into_iter().chain(of_columns).collect()
}

/// Finds out how far changes reach.
fn measure(changes: &mut [Change], snapshot: &Snapshot, sides: &Sides) {
    let mut downstream = Downstream::new(snapshot);
    for change in changes.iter_mut().take(MOST_REACHED) {
        let model = sides.new.by_name.get(change.table.as_str());
        let Some(table) = model.and_then(|model| model.table(snapshot)) else {
            continue;
        };
        let node = match &change.what {
            Changed::Rows { .. } => Node::Rows(table.key.clone()),
            Changed::Column { name, .. } => {
                Node::Column(table.key.clone(), syntax::Name::new(name))
            }
        };
        let reach = downstream.reach([node]);
        change.reach = Counts {
            tables: reach.tables.len(),
            columns: reach.columns.len(),
        };
    }
}

/// The dialects of the projects in a workspace, and how each was found out.
fn dialects(snapshot: &Snapshot) -> Vec<String> {
    let own = snapshot
        .projects()
        .all()
        .filter(|project| !project.is_package);
    let mut dialects: Vec<String> = own
        .map(|project| project.dialect.dialect.name().to_owned())
        .collect();
    if dialects.is_empty() {
        dialects.extend(snapshot.roots().iter().map(|root| {
            snapshot
                .projects()
                .dialect(&root.join("any.sql"))
                .dialect
                .name()
                .to_owned()
        }));
    }
    dialects.sort_unstable();
    dialects.dedup();
    dialects
}

/// Whether a project names packages and has none installed.
fn lacks_packages(snapshot: &Snapshot, root: &Path) -> bool {
    let names_some = ["packages.yml", "dependencies.yml"]
        .iter()
        .any(|name| root.join(name).is_file());
    names_some && !snapshot.projects().all().any(|project| project.is_package)
}

/// A line that tells how far it is, where somebody sits at a terminal.
struct Progress {
    total: usize,
    is_shown: bool,
}

impl Progress {
    fn new(total: usize) -> Progress {
        let progress = Progress {
            total,
            is_shown: io::stderr().is_terminal(),
        };
        progress.write(&format!("\rreading the oldest of {total} commits …"));
        progress
    }

    fn show(&self, done: usize) {
        self.write(&format!(
            "\r\u{1b}[Kcommit {} of {} …",
            done + 1,
            self.total
        ));
    }

    fn write(&self, text: &str) {
        if self.is_shown {
            // Nothing is left to be done where even this can't be written.
            let _ = write!(io::stderr(), "{text}");
            let _ = io::stderr().flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.write("\r\u{1b}[K");
    }
}
