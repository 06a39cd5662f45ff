//! What the tests share: fixtures, a deterministic source of choices, and trees as lists.

use syntax::yaml::{Document, Node, NodeKind};

/// Specs and dbt properties as people write them, by name. All are valid YAML.
pub(crate) const FIXTURES: &[(&str, &str)] = &[
    ("spec", SPEC),
    (
        "indented dbt",
        include_str!("../fixtures/indented.dbt.yaml"),
    ),
    (
        "zero-indented dbt",
        include_str!("../fixtures/zero_indented.dbt.yaml"),
    ),
    ("wide dbt", include_str!("../fixtures/wide.dbt.yaml")),
    (
        "corner cases",
        include_str!("../fixtures/corner_cases.yaml"),
    ),
];

/// A spec in the native format.
pub(crate) const SPEC: &str = include_str!("../fixtures/orders.spec.yaml");

/// The fixtures as other editors save them: each with its line ends, with and without a byte order
/// mark and a final line end.
pub(crate) fn variants() -> Vec<(String, String)> {
    let mut variants = Vec::new();
    for (name, text) in FIXTURES {
        let mut add = |how: &str, text: String| variants.push((format!("{name}, {how}"), text));
        add("as it is", (*text).to_owned());
        add("CRLF", text.replace('\n', "\r\n"));
        add("CR", text.replace('\n', "\r"));
        add("byte order mark", format!("\u{feff}{text}"));
        add("no final line end", text.trim_end().to_owned());
    }
    variants
}

/// Choices that are the same on every run (the generator is splitmix64).
pub(crate) struct Choices(u64);

impl Choices {
    pub(crate) fn new(seed: u64) -> Choices {
        Choices(seed)
    }

    /// A number below `limit`, or 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (mixed % limit.max(1) as u64) as usize
    }

    pub(crate) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// One line for each node, to compare trees where a reader can see the difference.
pub(crate) fn outline(documents: &[Document]) -> String {
    let mut lines = String::new();
    for document in documents {
        lines.push_str("document\n");
        outline_node(&document.root, 1, &mut lines);
    }
    lines
}

fn outline_node(node: &Node, depth: usize, lines: &mut String) {
    let what = match &node.kind {
        NodeKind::Null => "absent".to_owned(),
        NodeKind::Scalar { style, value } => format!("{style:?} {value:?}"),
        NodeKind::Alias(name) => format!("*{name}"),
        NodeKind::Sequence { flow, .. } => format!("sequence flow={flow}"),
        NodeKind::Mapping { flow, .. } => format!("mapping flow={flow}"),
    };
    let anchor = node.anchor.as_deref().unwrap_or_default();
    let tag = node.tag.as_deref().unwrap_or_default();
    let indentation = "  ".repeat(depth);
    lines.push_str(&format!(
        "{indentation}{what} {:?} &{anchor} {tag}\n",
        node.range
    ));
    for item in node.items() {
        outline_node(item, depth + 1, lines);
    }
    for entry in node.entries() {
        outline_node(&entry.key, depth + 1, lines);
        outline_node(&entry.value, depth + 2, lines);
    }
}

/// The first lines in which two outlines differ.
pub(crate) fn difference(left: &str, right: &str) -> Option<String> {
    let (left, right): (Vec<_>, Vec<_>) = (left.lines().collect(), right.lines().collect());
    let at = (0..left.len().max(right.len())).find(|at| left.get(*at) != right.get(*at))?;
    Some(format!("{:?} and {:?}", left.get(at), right.get(at)))
}

/// A leaf of a tree: where it is, what it says, and on which line (from 0).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Leaf {
    pub(crate) path: String,
    pub(crate) value: String,
    pub(crate) line: usize,
}

/// All leaves, in order. Paths are written `tables[0].columns[2].name`.
pub(crate) fn leaves(text: &str, documents: &[Document]) -> Vec<Leaf> {
    let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
    let mut leaves = Vec::new();
    for document in documents {
        let at = document.root.range.start().into();
        collect(&document.root, String::new(), at, &starts, &mut leaves);
    }
    leaves
}

fn collect(node: &Node, path: String, at: usize, starts: &[usize], leaves: &mut Vec<Leaf>) {
    let value = match &node.kind {
        NodeKind::Null => String::new(),
        NodeKind::Scalar { value, .. } => value.clone(),
        NodeKind::Alias(name) => format!("*{name}"),
        NodeKind::Sequence { items, .. } if items.is_empty() => "[]".to_owned(),
        NodeKind::Mapping { entries, .. } if entries.is_empty() => "{}".to_owned(),
        NodeKind::Sequence { items, .. } => {
            for (index, item) in items.iter().enumerate() {
                let at = item.range.start().into();
                collect(item, format!("{path}[{index}]"), at, starts, leaves);
            }
            return;
        }
        NodeKind::Mapping { entries, .. } => {
            for entry in entries {
                let key = entry.key.as_str().unwrap_or("?");
                let at = entry.key.range.start().into();
                collect(&entry.value, format!("{path}.{key}"), at, starts, leaves);
            }
            return;
        }
    };
    let line = starts.partition_point(|start| *start <= at);
    leaves.push(Leaf { path, value, line });
}

/// The spec of the fixtures with its tables and amendments repeated: at least `lines` lines.
pub(crate) fn long_spec(lines: usize) -> String {
    let (head, rest) = SPEC.split_once("tables:\n").unwrap();
    let (tables, rest) = rest.split_once("exemptions:\n").unwrap();
    let (exemptions, amendments) = rest.split_once("amendments:\n").unwrap();
    let body = tables.lines().count() + amendments.lines().count();
    let times = lines / body + 1;
    format!(
        "{head}tables:\n{}exemptions:\n{exemptions}amendments:\n{}",
        tables.repeat(times),
        amendments.repeat(times)
    )
}
