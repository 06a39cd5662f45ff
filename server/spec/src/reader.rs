//! Reading a YAML tree: aliases and merge keys followed, places noted, problems collected. Shared by
//! all formats; knows the keys of none.

use crate::problem::{Decoded, Problem, ProblemCode, Repair};
use std::collections::{HashMap, HashSet};
use syntax::yaml::{Entry, Node, NodeKind, Parse};
use syntax::{Places, Spot, TextRange, TextSize};

/// The state of reading one file.
pub(crate) struct Reader<'t> {
    /// The whole text.
    pub(crate) text: &'t str,
    places: Places,
    problems: Vec<Problem>,
    anchors: HashMap<&'t str, Vec<&'t Node>>,
    /// How many more nodes may be read through aliases, so that a bomb ends.
    fuel: usize,
}

/// A value: as it stands in the text, and what it says once its alias is followed.
#[derive(Clone, Copy)]
pub(crate) struct Value<'t> {
    /// Where it stands.
    pub(crate) range: TextRange,
    /// What it says.
    pub(crate) content: &'t Node,
}

/// A key of a mapping and its value.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'t> {
    /// The key.
    pub(crate) key: &'t Node,
    /// The value.
    pub(crate) value: Value<'t>,
}

/// How many nodes may be read through aliases: far more than anybody writes.
const FUEL: usize = 100_000;

static NOTHING: Node = Node {
    kind: NodeKind::Null,
    range: TextRange::empty(TextSize::new(0)),
    anchor: None,
    tag: None,
};

impl<'t> Reader<'t> {
    /// Starts to read `text`, of which `parse` is the tree.
    pub(crate) fn new(text: &'t str, parse: &'t Parse) -> Reader<'t> {
        let mut reader = Reader {
            text,
            places: Places::default(),
            problems: Vec::new(),
            anchors: HashMap::new(),
            fuel: FUEL,
        };
        for problem in &parse.problems {
            reader.report(
                ProblemCode::InvalidYaml,
                problem.range,
                problem.message.clone(),
                Vec::new(),
            );
        }
        for document in &parse.documents {
            reader.note_anchors(&document.root);
        }
        reader
    }

    /// What was read, with everything that was found on the way.
    pub(crate) fn finish<T>(mut self, facts: T) -> Decoded<T> {
        self.problems
            .sort_by_key(|problem| (problem.range.start(), problem.range.end(), problem.code));
        // What several aliases lead to is read several times, and wrong only once.
        self.problems.dedup();
        Decoded {
            facts,
            places: self.places,
            problems: self.problems,
        }
    }

    /// Notes where something stands.
    pub(crate) fn spot(&mut self, range: TextRange) -> Spot {
        self.places.add(range)
    }

    /// Notes something wrong.
    pub(crate) fn report(
        &mut self,
        code: ProblemCode,
        range: TextRange,
        message: String,
        repairs: Vec<Repair>,
    ) {
        self.problems.push(Problem {
            code,
            range,
            message,
            repairs,
        });
    }

    /// The value that `node` stands for, its alias followed. One that leads nowhere is reported and
    /// says nothing.
    pub(crate) fn value(&mut self, node: &'t Node) -> Value<'t> {
        let mut content = node;
        while let NodeKind::Alias(name) = &content.kind {
            let target = self
                .anchors
                .get(name.as_str())
                .and_then(|anchored| nearest_before(anchored, content.range.start()));
            content = match target {
                Some(target) if self.burn(node.range) => target,
                Some(_) => &NOTHING,
                None => {
                    let message = format!(
                        "`*{name}` refers to no anchor above it. Write `&{name}` before the value \
                         that is meant."
                    );
                    self.report(ProblemCode::InvalidYaml, node.range, message, Vec::new());
                    &NOTHING
                }
            };
        }
        Value {
            range: node.range,
            content,
        }
    }

    /// The items of a sequence, their aliases followed.
    pub(crate) fn items(&mut self, list: Value<'t>) -> Vec<Value<'t>> {
        let through_alias = list.is_alias();
        let mut items = Vec::with_capacity(list.content.items().len());
        for item in list.content.items() {
            if through_alias && !self.burn(list.range) {
                break;
            }
            items.push(self.value(item));
        }
        items
    }

    /// The entries of a mapping, aliases followed, and after them what its merge keys bring in: the
    /// keys that it has not itself.
    pub(crate) fn pairs(&mut self, mapping: Value<'t>) -> Vec<Pair<'t>> {
        let mut pairs = Vec::new();
        let mut merged = Vec::new();
        self.collect(mapping, &mut pairs, &mut merged);
        let mut known: HashSet<&str> = pairs.iter().filter_map(|pair| pair.key.as_str()).collect();
        let mut depth = 0;
        while !merged.is_empty() && depth < MERGE_DEPTH {
            depth += 1;
            let mut next = Vec::new();
            for source in std::mem::take(&mut merged) {
                let mut found = Vec::new();
                self.collect(source, &mut found, &mut next);
                pairs.extend(
                    found
                        .into_iter()
                        .filter(|pair| pair.key.as_str().is_some_and(|key| known.insert(key))),
                );
            }
            merged = next;
        }
        pairs
    }

    /// Puts the entries of one mapping into `pairs`, and the mappings that it merges into `merged`.
    fn collect(
        &mut self,
        mapping: Value<'t>,
        pairs: &mut Vec<Pair<'t>>,
        merged: &mut Vec<Value<'t>>,
    ) {
        let through_alias = mapping.is_alias();
        for Entry { key, value } in mapping.content.entries() {
            if through_alias && !self.burn(mapping.range) {
                return;
            }
            let value = self.value(value);
            if key.as_str() != Some("<<") {
                pairs.push(Pair { key, value });
            } else if value.content.items().is_empty() {
                merged.push(value);
            } else {
                merged.extend(self.items(value));
            }
        }
    }

    /// Spends fuel; `false` when there is none left, which is said once, at `range`.
    fn burn(&mut self, range: TextRange) -> bool {
        match self.fuel {
            0 => return false,
            1 => self.report(
                ProblemCode::InvalidYaml,
                range,
                "The aliases of this file stand for too many values, so the rest is not read. \
                 Write the values out."
                    .to_owned(),
                Vec::new(),
            ),
            _ => {}
        }
        self.fuel -= 1;
        self.fuel > 0
    }

    fn note_anchors(&mut self, root: &'t Node) {
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            if let Some(name) = &node.anchor {
                self.anchors.entry(name).or_default().push(node);
            }
            pending.extend(node.items().iter().rev());
            for entry in node.entries().iter().rev() {
                pending.extend([&entry.value, &entry.key]);
            }
        }
    }
}

/// How many merge keys may lead from one to the next.
const MERGE_DEPTH: usize = 16;

impl Value<'_> {
    /// No value, at the start of a text that holds none.
    pub(crate) const NOTHING: Value<'static> = Value {
        range: TextRange::empty(TextSize::new(0)),
        content: &NOTHING,
    };

    /// Whether it stands elsewhere than where it is read.
    fn is_alias(&self) -> bool {
        self.range != self.content.range
    }
}

/// The last of the anchored nodes, which are in the order of the text, that starts before `offset`.
fn nearest_before<'t>(anchored: &[&'t Node], offset: TextSize) -> Option<&'t Node> {
    let count = anchored.partition_point(|node| node.range.start() < offset);
    anchored.get(count.checked_sub(1)?).copied()
}
