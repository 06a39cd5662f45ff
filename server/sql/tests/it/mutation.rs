//! Half-typed text is the normal case: one edit must not cost what it does not touch.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of a test, which may"
)]

use crate::corpus::{File, Random, files};
use crate::render::options;
use sql::{Projection, analyze};
use std::collections::HashSet;
use std::ops::Range;
use syntax::{TextRange, TextSize};

/// At least this share of the untouched projections must still be known, in percent.
const BAR: f64 = 95.0;

/// One edit: what it replaces, and by what.
type Edit = (Range<usize>, &'static str);

/// A kind of edit: `None` where the text has no place for it.
type Kind = fn(&str, &mut Random) -> Option<Edit>;

const KINDS: &[(&str, Kind)] = &[
    ("cut the rest of a line", |text, random| {
        let word = word(text, random)?;
        let rest = text.get(word.end..)?;
        let length = rest.find('\n').unwrap_or(rest.len());
        Some((word.end..word.end + length, ""))
    }),
    ("insert a dangling dot", |text, random| {
        insert(text, random, " x.")
    }),
    ("insert a comma", |text, random| insert(text, random, ",")),
    ("insert an open parenthesis", |text, random| {
        insert(text, random, " f(")
    }),
    ("insert a quote", |text, random| {
        insert(text, random, " 'abc")
    }),
    ("delete a word", |text, random| {
        Some((word(text, random)?, ""))
    }),
    ("delete a closing parenthesis", |text, random| {
        let all: Vec<usize> = code(text)
            .filter(|at| text.as_bytes()[*at] == b')')
            .collect();
        let at = *all.get(random.below(all.len()))?;
        Some((at..at + 1, ""))
    }),
];

#[test]
fn one_edit_costs_only_what_it_touches() {
    let files = files();
    let mut random = Random::new();
    let mut report = Vec::new();
    let mut passed = true;
    for (name, kind) in KINDS {
        let (mut expected, mut known) = (0usize, 0usize);
        for file in &files {
            for _ in 0..3 {
                let Some((range, insert)) = kind(&file.text, &mut random) else {
                    continue;
                };
                let (own_expected, own_known) = survivors(file, &range, insert);
                expected += own_expected;
                known += own_known;
            }
        }
        let share = 100.0 * known as f64 / expected.max(1) as f64;
        passed &= expected > 100 && share >= BAR;
        report.push(format!("{name:30} {share:6.2}% of {expected}"));
    }
    assert!(passed, "{}", report.join("\n"));
    show(&report);
}

/// How many projections the edit does not touch, and how many of them are still known.
fn survivors(file: &File, range: &Range<usize>, insert: &str) -> (usize, usize) {
    let options = options(&file.dialect);
    let mut edited = file.text.clone();
    edited.replace_range(range.clone(), insert);
    let shift = |at: TextSize| {
        let moved = usize::from(at) + insert.len() - range.len();
        TextSize::new(u32::try_from(moved).unwrap())
    };
    let moved = |place: TextRange| TextRange::new(shift(place.start()), shift(place.end()));
    let before = analyze(&file.text, &options).projections;
    let untouched: Vec<Projection> = before
        .into_iter()
        .filter_map(|one| {
            if usize::from(one.item.end()) < range.start {
                Some(one)
            } else if usize::from(one.item.start()) > range.end {
                Some(Projection {
                    item: moved(one.item),
                    name: moved(one.name),
                })
            } else {
                None
            }
        })
        .collect();
    let after = analyze(&edited, &options).projections;
    let after: HashSet<Projection> = after.into_iter().collect();
    let known = untouched.iter().filter(|one| after.contains(one)).count();
    (untouched.len(), known)
}

fn insert(text: &str, random: &mut Random, inserted: &'static str) -> Option<Edit> {
    let word = word(text, random)?;
    Some((word.end..word.end, inserted))
}

/// A word outside comments and templates.
fn word(text: &str, random: &mut Random) -> Option<Range<usize>> {
    let is_word = |at: usize| {
        let byte = text.as_bytes().get(at);
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let starts: Vec<usize> = code(text)
        .filter(|at| is_word(*at) && (*at == 0 || !is_word(at - 1)))
        .collect();
    let start = *starts.get(random.below(starts.len()))?;
    let end = (start..text.len())
        .find(|at| !is_word(*at))
        .unwrap_or(text.len());
    Some(start..end)
}

/// The offsets of the bytes that stand outside comments and template tags.
fn code(text: &str) -> impl Iterator<Item = usize> {
    let mut hidden = vec![false; text.len()];
    let mut hide = |open: &str, close: &str| {
        let mut from = 0;
        while let Some(start) = text.get(from..).and_then(|rest| rest.find(open)) {
            let start = from + start;
            let end = text.get(start..).and_then(|rest| rest.find(close));
            let end = end.map_or(text.len(), |length| start + length + close.len());
            hidden[start..end].fill(true);
            from = end;
        }
    };
    for (open, close) in [
        ("--", "\n"),
        ("{{", "}}"),
        ("{%", "%}"),
        ("{#", "#}"),
        ("/*", "*/"),
    ] {
        hide(open, close);
    }
    (0..text.len()).filter(move |at| !hidden[*at])
}

/// Shows the figures to who asks for them, with `--nocapture`.
#[allow(clippy::print_stderr, reason = "a report of a test, on request")]
fn show(report: &[String]) {
    eprintln!("{}", report.join("\n"));
}
