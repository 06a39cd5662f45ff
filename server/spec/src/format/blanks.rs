//! Blank lines: one before `tables` and `amendments` and between the entries of these, where they go over
//! several lines; nowhere two in a row, none at the start and the end.

use super::indent::{Indents, LineRole};
use super::{Lines, Output};
use std::collections::BTreeMap;
use syntax::yaml::{Node, NodeKind};

/// The lists of a spec whose entries stand apart.
const APART: [&str; 3] = ["tables", "amendments", "exemptions"];

/// Whether a line has a blank one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    One,
    None,
}

/// The lines with the blank ones between them that belong there.
pub(super) fn between(
    lines: &Lines<'_>,
    indents: &Indents,
    root: &Node,
    laid_out: Vec<Output>,
) -> Vec<Output> {
    let wanted = wanted(lines, root);
    let mut found: Vec<Output> = Vec::new();
    let is_blank = |output: &Output| match output.line.and_then(|line| indents.roles.get(line)) {
        Some(role) => *role == LineRole::Blank,
        None => true,
    };
    for output in laid_out {
        if is_blank(&output) {
            if found.last().is_some_and(|last| !is_blank(last)) {
                found.push(output);
            }
            continue;
        }
        let before = output.line.and_then(|line| wanted.get(&line));
        if let Some(before) = before {
            // The comment above a line belongs to it.
            let column = output.text.len() - output.text.trim_start().len();
            let is_own = |output: &&Output| {
                let role = output.line.and_then(|line| indents.roles.get(line));
                role == Some(&LineRole::Comment(column))
            };
            let comments = found.iter().rev().take_while(is_own).count();
            let at = found.len() - comments;
            let has_blank = at > 0 && found.get(at - 1).is_some_and(is_blank);
            match before {
                Before::One if !has_blank && at > 0 => {
                    let text = String::new();
                    found.insert(at, Output { line: None, text });
                }
                Before::None if has_blank => {
                    found.remove(at - 1);
                }
                _ => {}
            }
        }
        found.push(output);
    }
    while found.last().is_some_and(is_blank) {
        found.pop();
    }
    found
}

/// The lines of which it is known whether a blank one stands before them.
fn wanted(lines: &Lines<'_>, root: &Node) -> BTreeMap<usize, Before> {
    let mut wanted = BTreeMap::new();
    for (ordinal, entry) in root.entries().iter().enumerate() {
        let is_apart = entry.key.as_str().is_some_and(|key| APART.contains(&key));
        let NodeKind::Sequence { items, flow: false } = &entry.value.kind else {
            continue;
        };
        if !is_apart {
            continue;
        }
        if ordinal > 0 {
            wanted.insert(lines.of(entry.key.range.start()), Before::One);
        }
        let goes_on = |item: &Node| {
            let last = item.range.end();
            lines.of(item.range.start()) < lines.of(last)
        };
        let mut previous: Option<&Node> = None;
        for item in items {
            let line = lines.of(item.range.start());
            match previous {
                None => {
                    wanted.insert(line, Before::None);
                }
                Some(previous) if goes_on(previous) || goes_on(item) => {
                    wanted.insert(line, Before::One);
                }
                Some(_) => {}
            }
            previous = Some(item);
        }
    }
    wanted
}
