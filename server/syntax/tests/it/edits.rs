//! Every kind of edit at every place of the fixtures: none is refused, and each changes what it
//! names and nothing else. That the tree is the one expected the editor checks itself; here we look
//! at the bytes.

use crate::support::{SPEC, variants};
use std::collections::BTreeSet;
use syntax::edit::{TextEdit, apply};
use syntax::yaml::{Editor, Node, NodeKind, Position, Refusal, Step, Value, parse, parse_strict};

#[derive(Clone, Copy, Debug)]
enum Operation<'a> {
    InsertEntry(Position<'a>),
    InsertItem(Option<usize>),
    Set(&'a str),
    Remove,
    Rename,
}

type Target<'a> = (Vec<Step<'a>>, Operation<'a>);

/// All edits that `node` and what is in it allow.
fn targets<'a>(text: &str, node: &'a Node, path: &mut Vec<Step<'a>>, found: &mut Vec<Target<'a>>) {
    // `[a: b]`: a pair without braces has room for one entry only.
    let braced = text
        .get(node.range.start().into()..)
        .unwrap()
        .starts_with('{');
    let is_pair = matches!(node.kind, NodeKind::Mapping { flow: true, .. }) && !braced;
    let mut add = |path: &[Step<'a>], operation| found.push((path.to_vec(), operation));
    match &node.kind {
        NodeKind::Mapping { .. } if is_pair => {}
        NodeKind::Mapping { entries, .. } => {
            add(path, Operation::InsertEntry(Position::Last));
            let keys: BTreeSet<&str> = entries
                .iter()
                .filter_map(|entry| entry.key.as_str())
                .collect();
            for key in keys {
                add(path, Operation::InsertEntry(Position::After(key)));
                add(path, Operation::InsertEntry(Position::Before(key)));
            }
        }
        NodeKind::Sequence { items, .. } => {
            add(path, Operation::InsertItem(None));
            for at in 0..items.len() {
                add(path, Operation::InsertItem(Some(at)));
            }
        }
        NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::Alias(_) => {
            add(path, Operation::Set("changed: text"));
            add(path, Operation::Set("changed\n\ntext\n"));
        }
    }
    let mut steps: Vec<(Step<'a>, &Node)> = Vec::new();
    for (index, item) in node.items().iter().enumerate() {
        steps.push((Step::Item(index), item));
    }
    for entry in node.entries() {
        if let Some(key) = entry.key.as_str().filter(|key| *key != "<<") {
            steps.push((Step::Key(key), &entry.value));
        }
    }
    for (step, child) in steps {
        path.push(step);
        // Whoever is named by an alias cannot be taken away.
        if child.anchor.is_none() && !is_pair {
            found.push((path.clone(), Operation::Remove));
        }
        if matches!(step, Step::Key(_)) {
            found.push((path.clone(), Operation::Rename));
        }
        targets(text, child, path, found);
        path.pop();
    }
}

fn edited(editor: &Editor<'_>, (path, operation): &Target<'_>) -> Result<Vec<TextEdit>, Refusal> {
    let value = Value::mapping([
        ("id", Value::text("A-9").with_comment("draft: confirm")),
        ("why", Value::text("Because:\nof this")),
    ]);
    match operation {
        Operation::InsertEntry(position) => editor.insert_entry(path, "added", &value, *position),
        Operation::InsertItem(at) => editor.insert_item(path, *at, &value),
        Operation::Set(text) => editor.set(path, &Value::text(*text)),
        Operation::Remove => editor.remove(path),
        Operation::Rename => editor.rename_key(path, "renamed"),
    }
}

/// What is wrong with the bytes after an edit.
fn complaint(text: &str, edits: &[TextEdit], operation: Operation<'_>) -> Option<String> {
    let after = apply(text, edits)?;
    let may_lose = matches!(operation, Operation::Remove | Operation::Rename);
    let comments = |text: &str| text.matches(" #").count();
    if !may_lose && comments(&after) < comments(text) {
        return Some("lost a comment".to_owned());
    }
    let inserts = matches!(
        operation,
        Operation::InsertEntry(_) | Operation::InsertItem(_)
    );
    let replaced = |edit: &TextEdit| {
        let range = edit.range;
        text.get(range.start().into()..range.end().into())
            .unwrap()
            .trim()
            .to_owned()
    };
    let only_adds = |edit: &TextEdit| matches!(replaced(edit).as_str(), "" | "[]" | "{}");
    if inserts && !edits.iter().all(only_adds) {
        return Some(format!(
            "replaced {:?}",
            edits.iter().map(replaced).collect::<Vec<_>>()
        ));
    }
    for (line_end, others) in [
        ("\r\n", ["\r", "\n"]),
        ("\r", ["\n", "\r\n"]),
        ("\n", ["\r", "\r\n"]),
    ] {
        let uses = |text: &str, end: &str| text.replace(line_end, "").contains(end);
        let only = text.contains(line_end) && !others.iter().any(|other| uses(text, other));
        if only && others.iter().any(|other| uses(&after, other)) {
            return Some("mixed line ends".to_owned());
        }
    }
    if !text.ends_with(['\n', '\r']) && after.ends_with(['\n', '\r']) {
        return Some("added a line end".to_owned());
    }
    None
}

/// Tries every `step`th edit of the documents of `text`; the number tried, and the failures.
fn failures(name: &str, text: &str, step: usize) -> (usize, Vec<String>) {
    let parse = parse(text);
    let (mut count, mut failures) = (0, Vec::new());
    for (number, document) in parse.documents.iter().enumerate() {
        let mut all = Vec::new();
        targets(text, &document.root, &mut Vec::new(), &mut all);
        let editor = Editor::new(text).in_document(number);
        // Of the broken line itself nothing is asked.
        all.retain(|(path, _)| !path.contains(&Step::Key("zzq")));
        for target in all.iter().skip(step / 2).step_by(step) {
            count += 1;
            let complaint = match edited(&editor, target) {
                Err(refusal) => Some(refusal.to_string()),
                Ok(edits) => complaint(text, &edits, target.1),
            };
            failures.extend(complaint.map(|complaint| format!("{name}: {target:?}: {complaint}")));
        }
    }
    (count, failures)
}

#[test]
fn every_edit_of_the_fixtures_is_right() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, text) in variants() {
        let step = if name.ends_with("as it is") { 2 } else { 13 };
        let (more, failed) = failures(&name, &text, step);
        count += more;
        wrong.extend(failed);
    }
    assert!(count > 500, "only {count} edits");
    assert!(
        wrong.is_empty(),
        "{} of {count} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn edits_work_where_another_line_is_broken() {
    const BROKEN: [&str; 8] = [
        "zzq",
        "zzq: \"unterminated",
        "zzq: 'it is",
        "zzq: [a, b",
        "zzq: {a: 1, b",
        "zzq: v: x",
        "zzq: @x",
        "zzq: \"a\" b",
    ];
    let (mut count, mut wrong) = (0, Vec::new());
    for (number, broken) in BROKEN.iter().enumerate() {
        let unit = "        unit: USD\n";
        let text = SPEC.replacen(unit, &format!("{unit}        {broken}\n"), 1);
        assert!(parse_strict(&text).is_err());
        let (more, failed) = failures(broken, &text, 17 + number);
        count += more;
        wrong.extend(failed);
    }
    assert!(count > 100, "only {count} edits");
    assert!(
        wrong.is_empty(),
        "{} of {count} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
