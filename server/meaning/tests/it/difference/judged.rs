//! What is said of an edit.

use super::side::{Side, between, is_same_over_sources, stem};
use crate::refactor::{Change as Edit, Mutation, Place};
use crate::refactorings::Project;
use meaning::difference::{Change, ColumnChange, Difference};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// What is said of an edit.
pub(crate) struct Verdict {
    /// Whether it is what it should be; `None` where it is undecided.
    pub(crate) right: Option<bool>,
    /// What is said of each model that is not the same.
    pub(crate) told: String,
    pub(crate) time: Duration,
}

/// A refactoring must leave everything the same.
pub(crate) fn judge_refactoring(project: &Project, old: &Side<'_>, edit: &Edit) -> Verdict {
    judge(project, old, edit, |differences, _| {
        let changed = differences.iter().any(|difference| {
            let mut columns = difference.columns.iter();
            difference.rows.change == Change::Changed
                || columns.any(|column| {
                    !matches!(column.change, ColumnChange::Same | ColumnChange::Undecided)
                })
        });
        match changed {
            true => Some(false),
            false => differences.iter().all(Difference::is_none).then_some(true),
        }
    })
}

/// A mutation must show where it was made.
pub(crate) fn judge_mutation(project: &Project, old: &Side<'_>, mutation: &Mutation) -> Verdict {
    judge(
        project,
        old,
        &mutation.change,
        |differences, is_same_over_sources| {
            let mut undecided = differences.is_empty();
            for difference in differences {
                let columns = difference.columns.iter();
                let columns = columns.filter(|column| match &mutation.place {
                    Place::Column(name) => {
                        let own = column.name.as_ref();
                        own.is_some_and(|own| own.to_string().eq_ignore_ascii_case(name))
                    }
                    Place::Rows => false,
                    Place::Somewhere => true,
                });
                for column in columns {
                    match column.change {
                        ColumnChange::Same => {}
                        ColumnChange::Undecided => undecided = true,
                        _ => return Some(true),
                    }
                }
                match difference.rows.change {
                    _ if matches!(mutation.place, Place::Column(_)) => {}
                    Change::Changed => return Some(true),
                    Change::Undecided => undecided = true,
                    Change::Same => {}
                }
            }
            // What is the same in the end is neither found nor missed.
            (!undecided && !is_same_over_sources()).then_some(false)
        },
    )
}

fn judge(
    project: &Project,
    old: &Side<'_>,
    edit: &Edit,
    verdict: impl Fn(&[Difference], &dyn Fn() -> bool) -> Option<bool>,
) -> Verdict {
    let after = edit.apply(&project.files);
    let new = Side::new(&after, project.dialect, old.schema);
    let gone = edit.files_after.iter().find(|(_, text)| text.is_none());
    let gone = gone.map(|(path, _)| stem(path));
    let was_there = |name: &String| project.files.keys().any(|path| stem(path) == *name);
    let mut told = String::new();
    let mut time = Duration::ZERO;
    let mut differences = Vec::new();
    let mut names = Vec::new();
    for (path, _) in edit.files_after.iter().filter(|(_, text)| text.is_some()) {
        let name = stem(path);
        let Some(old_name) = Some(name.clone()).filter(was_there).or(gone.clone()) else {
            continue; // a model that is new
        };
        // They are lowered before the time is taken.
        let _ = (old.query(&old_name), new.query(&name));
        let start = Instant::now();
        let difference = between((old, &old_name), (&new, &name));
        time = time.max(start.elapsed());
        let Some(difference) = difference else {
            told += &format!("{name} is no query\n");
            continue;
        };
        tell(&mut told, &difference);
        differences.push(difference);
        names.push((old_name, name));
    }
    Verdict {
        right: match differences.is_empty() {
            true => None,
            false => verdict(&differences, &|| {
                let mut names = names.iter();
                names.all(|(was, now)| is_same_over_sources((old, was), (&new, now)))
            }),
        },
        told,
        time,
    }
}

fn tell(told: &mut String, difference: &Difference) {
    for column in &difference.columns {
        if column.change != ColumnChange::Same {
            let meaning = |meaning: &Option<meaning::canonical::ColumnMeaning>| {
                meaning.as_ref().map(|column| column.meaning.to_string())
            };
            let _ = writeln!(
                told,
                "  {} {:?}\n    was {:?}\n    now {:?}\n    {:?}",
                column
                    .name
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                column.change,
                meaning(&column.was),
                meaning(&column.now),
                column.witness,
            );
        }
    }
    if difference.rows.change != Change::Same {
        let _ = writeln!(
            told,
            "  rows {:?} {:?}",
            difference.rows.change, difference.rows.witness
        );
        for (side, clauses) in [("was", &difference.rows.was), ("now", &difference.rows.now)] {
            for clause in clauses {
                let _ = writeln!(told, "    {side} {:?} {}", clause.clause, clause.meaning);
            }
        }
    }
}
