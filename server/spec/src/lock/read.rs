//! Reading a lock. What is not of its form is not known, and nothing is made of it.

use super::{ColumnLock, Lock, RowsLock, StepLock, TableLock};
use crate::model::AmendmentId;
use crate::problem::{Decoded, Problem, ProblemCode};
use smol_str::SmolStr;
use syntax::yaml::{self, Node, NodeKind, Style};
use syntax::{Places, TextRange, TextSize};

/// What a lock says, where its tables and columns stand, and why nothing of it can be read. Where a merge
/// left its marks, neither side is read.
pub fn decode(text: &str) -> Decoded<Lock> {
    let parse = yaml::parse(text);
    let conflicts = conflicts(text);
    let problems = match conflicts.is_empty() {
        false => conflicts,
        true => problems(text, &parse),
    };
    let mut decoded: Decoded<Lock> = Decoded {
        problems,
        ..Decoded::default()
    };
    if !decoded.problems.is_empty() {
        decoded.facts.is_broken = true;
        return decoded;
    }
    let Some(root) = parse.root() else {
        return decoded;
    };
    let (lock, places) = (&mut decoded.facts, &mut decoded.places);
    let entry = |key: &str| root.entry(key).map(|entry| &entry.value);
    lock.version = entry("version")
        .and_then(Node::as_str)
        .and_then(|version| version.parse().ok());
    lock.dialect = entry("dialect").and_then(Node::as_str).map(str::to_owned);
    for entry in entry("tables").map(Node::entries).unwrap_or_default() {
        if let Some(name) = entry.key.as_str() {
            let mut table = table(name, &entry.value, places);
            table.place = Some(places.add(entry.key.range));
            lock.tables.push(table);
        }
    }
    decoded
}

/// Where a merge was not finished.
fn conflicts(text: &str) -> Vec<Problem> {
    let mut start = TextSize::default();
    let mut conflicts = Vec::new();
    for line in text.split_inclusive('\n') {
        if mark(line) == Some(Mark::Ours) {
            conflicts.push(Problem {
                code: ProblemCode::InvalidYaml,
                range: TextRange::at(start, TextSize::of(line.trim_end())),
                message: "A merge was not finished here, so nothing is compared with this lock. Take a \
                          side, or run `rationale lock`, which takes the side that says what the SQL \
                          means."
                    .to_owned(),
                repairs: Vec::new(),
            });
        }
        start += TextSize::of(line);
    }
    conflicts
}

/// Why a text is no lock.
fn problems(text: &str, parse: &yaml::Parse) -> Vec<Problem> {
    let problem = |code, range, message: &str| Problem {
        code,
        range,
        message: message.to_owned(),
        repairs: Vec::new(),
    };
    let broken = parse.problems.iter();
    let broken: Vec<Problem> = broken
        .map(|broken| problem(ProblemCode::InvalidYaml, broken.range, &broken.message))
        .collect();
    let tables = parse.root().map(|root| root.entry("tables"));
    let has_tables = |entry: &yaml::Entry| {
        let value = &entry.value.kind;
        matches!(value, NodeKind::Mapping { .. } | NodeKind::Null)
    };
    // An empty text is a lock without tables.
    if !broken.is_empty() || tables.is_none_or(|tables| tables.is_some_and(has_tables)) {
        return broken;
    }
    let first = text
        .lines()
        .next()
        .map_or(TextSize::default(), TextSize::of);
    let message = "This is no lock: it has no `tables`. Restore it, or delete it and have it written by \
                   `rationale lock --initial`.";
    vec![problem(
        ProblemCode::InvalidSpec,
        TextRange::up_to(first),
        message,
    )]
}

/// The texts of both sides of a merge that was not finished; the text alone where it was.
pub fn sides(text: &str) -> Vec<String> {
    let mut ours = String::new();
    let mut theirs = String::new();
    let mut inside = None;
    let mut any = false;
    for line in text.split_inclusive('\n') {
        match (mark(line), inside) {
            (Some(Mark::Ours), _) => {
                any = true;
                inside = Some(Mark::Ours);
            }
            (Some(Mark::Base), Some(Mark::Ours)) => inside = Some(Mark::Base),
            (Some(Mark::Theirs), Some(_)) => inside = Some(Mark::Theirs),
            (Some(Mark::End), Some(_)) => inside = None,
            (_, Some(Mark::Ours)) => ours.push_str(line),
            (_, Some(Mark::Theirs)) => theirs.push_str(line),
            (_, Some(Mark::Base)) => {}
            (_, _) => {
                ours.push_str(line);
                theirs.push_str(line);
            }
        }
    }
    match any {
        true => vec![ours, theirs],
        false => vec![text.to_owned()],
    }
}

/// What git leaves in a text where two branches changed the same lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Ours,
    Base,
    Theirs,
    End,
}

fn mark(line: &str) -> Option<Mark> {
    let line = line.trim_end_matches(['\n', '\r']);
    [
        ("<<<<<<<", Mark::Ours),
        ("|||||||", Mark::Base),
        ("=======", Mark::Theirs),
        (">>>>>>>", Mark::End),
    ]
    .into_iter()
    .find(|(sign, _)| {
        line.strip_prefix(sign)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
    .map(|(_, mark)| mark)
}

/// What names stand for.
fn names(node: &Node) -> Vec<(String, String)> {
    let entries = node.entries().iter();
    let pairs = entries.filter_map(|entry| {
        let (name, column) = (entry.key.as_str()?, entry.value.as_str()?);
        Some((name.to_owned(), column.to_owned()))
    });
    pairs.collect()
}

fn table(name: &str, node: &Node, places: &mut Places) -> TableLock {
    let mut table = TableLock {
        name: name.to_owned(),
        rest: Some(Vec::new()),
        ..TableLock::default()
    };
    for entry in node.entries() {
        let value = &entry.value;
        match entry.key.as_str() {
            Some("with") => table.steps = value.entries().iter().filter_map(step).collect(),
            Some("rows") => {
                table.rows_place = Some(places.add(entry.key.range));
                table.rows_by = value.entry("by").and_then(|by| amendment(&by.value));
                let known = matches!(value.kind, NodeKind::Mapping { .. })
                    && value.entry("means").is_none();
                table.rows = known.then(|| rows(value));
            }
            Some("incremental") => table.incremental = texts(value),
            Some("names") => table.names = names(value),
            Some("rest") => {
                table.rest = match &value.kind {
                    NodeKind::Sequence { .. } => Some(texts(value)),
                    _ => None,
                };
            }
            Some("columns") => {
                for column in value.entries() {
                    let Some(name) = column.key.as_str() else {
                        continue;
                    };
                    let of = |key: &str| column.value.entry(key).map(|entry| &entry.value);
                    let data_type = of("type").and_then(Node::as_str);
                    table.columns.push(ColumnLock {
                        name: name.to_owned(),
                        means: of("means").and_then(known_text),
                        data_type: data_type.map(str::to_owned),
                        by: of("by").and_then(amendment),
                        place: Some(places.add(column.key.range)),
                    });
                }
            }
            _ => {}
        }
    }
    table
}

fn step(entry: &yaml::Entry) -> Option<StepLock> {
    let columns = entry.value.entry("columns").map(|entry| &entry.value);
    let columns = columns.map(Node::entries).unwrap_or_default().iter();
    Some(StepLock {
        name: entry.key.as_str()?.to_owned(),
        rows: rows(&entry.value),
        columns: columns
            .filter_map(|column| {
                let value = column.value.as_str().unwrap_or_default();
                Some((column.key.as_str()?.to_owned(), value.to_owned()))
            })
            .collect(),
    })
}

fn rows(node: &Node) -> RowsLock {
    let single = |key: &str| {
        let value = &node.entry(key)?.value;
        Some(value.as_str()?.to_owned())
    };
    let list = |key: &str| {
        node.entry(key)
            .map(|entry| texts(&entry.value))
            .unwrap_or_default()
    };
    RowsLock {
        from: single("from"),
        joins: list("joins"),
        filter: list("where"),
        group: list("group"),
        having: list("having"),
        qualify: list("qualify"),
        distinct: single("distinct"),
        order: list("order"),
        limit: single("limit"),
        offset: single("offset"),
        set: single("set"),
        branches: list("branches"),
        values: list("values"),
        recursive: single("recursive").is_some_and(|value| value == "true"),
    }
}

fn texts(node: &Node) -> Vec<String> {
    let items = node.items().iter();
    items.filter_map(Node::as_str).map(str::to_owned).collect()
}

/// A text, unless it is the word for what is not known.
fn known_text(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Scalar {
            style: Style::Plain,
            value,
        } if value == "unknown" => None,
        NodeKind::Scalar { value, .. } => Some(value.clone()),
        _ => None,
    }
}

fn amendment(node: &Node) -> Option<AmendmentId> {
    let text = node.as_str()?;
    Some(match text.parse::<u64>() {
        Ok(number) => AmendmentId::Number(number),
        Err(_) => AmendmentId::Slug(SmolStr::new(text)),
    })
}
