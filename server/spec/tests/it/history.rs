//! What of a history is in force.

use spec::history::{Entry, History, Standing};
use spec::model::{AmendmentId, NativeSpec};
use spec::native;

/// Each amendment as `id standing`, the oldest first.
fn standings(amendments: &str) -> Vec<String> {
    shown(&[spec_of(amendments)])
}

fn spec_of(amendments: &str) -> NativeSpec {
    let mut text = "product: p\namendments:\n".to_owned();
    for line in amendments.lines().map(str::trim) {
        text.push_str(&format!("  - {{requirement: r, {line}}}\n"));
    }
    let decoded = native::decode(&text);
    assert_eq!(decoded.problems, [], "{text}");
    decoded.facts
}

fn history_of(files: &[NativeSpec]) -> History<'_, usize> {
    let files = files.iter().enumerate();
    History::new(files.map(|(file, spec)| (file, spec.amendments.as_slice())))
}

fn shown(files: &[NativeSpec]) -> Vec<String> {
    let history = history_of(files);
    let id = |ordinal: usize| id_of(&history.entries[ordinal]);
    let entries = history.entries.iter().map(|entry| {
        let standing = match entry.standing {
            Standing::InForce => "in force".to_owned(),
            Standing::Open => "open".to_owned(),
            Standing::Proposed => "proposed".to_owned(),
            Standing::Withdrawn => "withdrawn".to_owned(),
            Standing::Superseded { by } => format!("superseded by {}", id(by)),
        };
        let successors: Vec<String> = entry.to_be_superseded_by.iter().map(|&by| id(by)).collect();
        let soon = match successors.is_empty() {
            true => String::new(),
            false => format!(", soon by {}", successors.join(" and ")),
        };
        format!("{} {standing}{soon}", id_of(entry))
    });
    entries.collect()
}

fn id_of(entry: &Entry<'_, usize>) -> String {
    entry.id().unwrap().to_string()
}

#[test]
fn an_amendment_stands_where_its_status_and_change_say() {
    let standings = standings(
        "id: 1, change: done
         id: 2, change: tbd
         id: 3, change: TBD
         id: 4, change: <tbd>
         id: 5
         id: 6, change: done, status: proposed
         id: 7, status: proposed
         id: 8, change: done, status: withdrawn
         id: 9, change: done, status: accepted",
    );
    assert_eq!(
        standings,
        [
            "1 in force",
            "2 open",
            "3 open",
            "4 open",
            "5 open",
            "6 proposed",
            "7 proposed",
            "8 withdrawn",
            "9 in force"
        ]
    );
}

#[test]
fn one_that_is_done_supersedes_at_once_and_one_that_is_open_later() {
    for (newer, older) in [
        ("change: done", "1 superseded by 2"),
        ("change: tbd", "1 in force, soon by 2"),
        ("change: done, status: proposed", "1 in force, soon by 2"),
        ("change: done, status: withdrawn", "1 in force"),
    ] {
        let standings = standings(&format!(
            "id: 1, change: done\nid: 2, supersedes: [1], {newer}"
        ));
        assert_eq!(standings[0], older, "{newer}");
    }
}

#[test]
fn what_was_superseded_stays_so_when_its_successor_is_superseded_too() {
    let standings = standings(
        "id: 1, change: done
         id: 2, change: done, supersedes: [1]
         id: 3, change: done, supersedes: [2]",
    );
    assert_eq!(
        standings,
        ["1 superseded by 2", "2 superseded by 3", "3 in force"]
    );
}

#[test]
fn nothing_supersedes_itself_or_what_is_not_there() {
    assert_eq!(
        standings("id: a, change: done, supersedes: [a, b]"),
        ["a in force"]
    );
}

#[test]
fn a_withdrawn_one_stays_withdrawn() {
    let standings = standings("id: 1, status: withdrawn\nid: 2, change: done, supersedes: [1]");
    assert_eq!(standings[0], "1 withdrawn");
}

#[test]
fn dates_order_the_history_of_all_files_and_the_text_what_has_one_date() {
    let files = [
        spec_of("id: d, date: 2026-03-01\nid: e\nid: a, date: 2026-01-01"),
        spec_of("id: first\nid: b, date: 2026-01-01\nid: c, date: 2026-02-01"),
    ];
    let ids: Vec<String> = history_of(&files)
        .entries
        .iter()
        .map(|entry| entry.id().unwrap().to_string())
        .collect();
    // `e` has no date and keeps to `d`; before `first` there is none in its file.
    assert_eq!(ids, ["first", "a", "b", "c", "d", "e"]);
}

#[test]
fn a_sentence_may_be_superseded_alone() {
    let text = "\
product: p
amendments:
  - id: 1
    requirement: r
    change: done
    guarantees: |
      orders.amount is DECIMAL(10,2)
      orders.amount is never null
  - id: 2
    requirement: r
    change: done
    supersedes:
      - {amendment: 1, guarantee: \"orders.amount  is never null\"}
";
    let decoded = native::decode(text);
    assert_eq!(decoded.problems, []);
    let files = [decoded.facts];
    let history = history_of(&files);
    let first = history.find(&AmendmentId::Number(1)).unwrap();
    assert_eq!(first.standing, Standing::InForce);
    assert_eq!(first.superseded_guarantees.get(&1), Some(&1));
    let left: Vec<&str> = first
        .guarantees_in_force()
        .map(|g| g.value.as_str())
        .collect();
    assert_eq!(left, ["orders.amount is DECIMAL(10,2)"]);
    assert_eq!(history.in_force().count(), 2);
}

#[test]
fn what_is_not_in_force_guarantees_nothing() {
    for amendment in [
        "id: 1, guarantees: [a exists]",
        "id: 1, change: x, status: proposed, guarantees: [a exists]",
    ] {
        let files = [spec_of(amendment)];
        let history = history_of(&files);
        assert_eq!(history.entries[0].guarantees_in_force().count(), 0);
    }
}
