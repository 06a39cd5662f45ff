//! Reading a YAML tree: aliases and merge keys followed, places noted, problems collected. Shared by
//! all formats; knows the keys of none.

use crate::problem::{Decoded, Problem, ProblemCode, Repair};
use syntax::yaml::{
    CutOff, Document, Entry, Node, NodeKind, Parse, Resolver, Style, cut_off_texts,
    yaml_1_1_reads_otherwise,
};
use syntax::{Places, Spot, TextRange, TextSize};

/// The state of reading one document of a file.
pub(crate) struct Reader<'t> {
    /// The whole text.
    pub(crate) text: &'t str,
    resolver: Option<Resolver<'t>>,
    /// Plain texts that a comment may cut off, in the order of the text.
    cut_off: Vec<CutOff>,
    places: Places,
    problems: Vec<Problem>,
    /// How many more bytes may be read through aliases, so that a bomb ends.
    fuel: u32,
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

/// How many bytes may be read through aliases, each as often as it is read: far more than anybody
/// writes.
const FUEL: u32 = 2 << 20;

static NOTHING: Node = Node {
    kind: NodeKind::Null,
    range: TextRange::empty(TextSize::new(0)),
    anchor: None,
    tag: None,
};

impl<'t> Reader<'t> {
    /// Starts to read `document`, one of those in `parse`, which is the tree of `text`.
    pub(crate) fn new(
        text: &'t str,
        parse: &'t Parse,
        document: Option<&'t Document>,
    ) -> Reader<'t> {
        let problems = parse.problems.iter().map(|problem| Problem {
            code: ProblemCode::InvalidYaml,
            range: problem.range,
            message: problem.message.clone(),
            repairs: Vec::new(),
        });
        Reader {
            text,
            resolver: document.map(Resolver::new),
            cut_off: document.map_or(Vec::new(), |document| cut_off_texts(text, document)),
            places: Places::default(),
            problems: problems.collect(),
            fuel: FUEL,
        }
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

    /// Reports prose of which YAML reads the rest of the line as a comment.
    pub(crate) fn check_cut_off(&mut self, value: Value<'t>) {
        let at = value.content.range;
        let found = self
            .cut_off
            .binary_search_by_key(&at.start(), |cut_off| cut_off.value.start());
        let Some(cut_off) = found.ok().and_then(|found| self.cut_off.get(found)) else {
            return;
        };
        let whole = cut_off.value.cover(cut_off.comment);
        let comment = cut_off.comment;
        let spelled = self
            .text
            .get(comment.start().into()..comment.end().into())
            .unwrap_or_default();
        let message = format!(
            "YAML reads `{spelled}` as a comment, so the text ends before it. Put the whole text \
             in quotes."
        );
        // In brackets, where the text was meant to end is for people to say.
        let repair = (!cut_off.in_flow).then_some(Repair::Quote { text: whole });
        let repairs = repair.into_iter().collect();
        self.report(ProblemCode::TextCutOff, comment, message, repairs);
    }

    /// Reports a value that YAML 1.1, which dbt reads, takes otherwise than YAML 1.2.
    pub(crate) fn check_yaml_1_1(&mut self, value: Value<'t>) {
        let node = value.content;
        let NodeKind::Scalar {
            style: Style::Plain,
            value: written,
        } = &node.kind
        else {
            return;
        };
        // The parser of dbt (PyYAML) leaves `y` and `n` what they are.
        if written.len() < 2 || node.tag.is_some() {
            return;
        }
        if let Some(reading) = yaml_1_1_reads_otherwise(written) {
            let message = format!(
                "dbt reads YAML 1.1, in which `{written}` is {reading}. Put it in quotes if the \
                 text is meant."
            );
            let repair = Repair::Quote { text: node.range };
            self.report(ProblemCode::Yaml11Value, node.range, message, vec![repair]);
        }
    }

    /// The value that `node` stands for, its alias followed. One that leads nowhere, which the parser
    /// reports, says nothing.
    pub(crate) fn value(&mut self, node: &'t Node) -> Value<'t> {
        let content = match &node.kind {
            NodeKind::Alias(_) => self.target(node),
            _ => node,
        };
        Value {
            range: node.range,
            content,
        }
    }

    /// What the alias `node` leads to.
    fn target(&mut self, node: &'t Node) -> &'t Node {
        let resolver = self.resolver.as_ref();
        match resolver.and_then(|resolver| resolver.resolve(node)) {
            Some(target) if self.burn(target.range, node.range) => target,
            _ => &NOTHING,
        }
    }

    /// The items of a sequence, their aliases followed.
    pub(crate) fn items(&mut self, list: Value<'t>) -> Vec<Value<'t>> {
        let items = list.content.items().iter();
        items.map(|item| self.value(item)).collect()
    }

    /// The entries of a mapping, aliases followed, and after them what its merge keys bring in: the
    /// keys that it has not itself.
    pub(crate) fn pairs(&mut self, mapping: Value<'t>) -> Vec<Pair<'t>> {
        let entries = match &self.resolver {
            Some(resolver) if self.fuel > 0 => resolver.entries(mapping.content),
            _ => own_entries(mapping.content),
        };
        let is_own = |entry: &Entry| mapping.content.range.contains_range(entry.key.range);
        let mut pairs = Vec::with_capacity(entries.len());
        for entry in entries {
            let whole = entry.key.range.cover(entry.value.range);
            if is_own(entry) || self.burn(whole, mapping.range) {
                pairs.push(Pair {
                    key: &entry.key,
                    value: self.value(&entry.value),
                });
            }
        }
        pairs
    }

    /// Spends the fuel that it takes to read `what` once more, at `range`; `false` when there is
    /// none left, which is said once.
    fn burn(&mut self, what: TextRange, range: TextRange) -> bool {
        // Even what is empty costs something.
        let cost = u32::from(what.len()).saturating_add(1);
        if self.fuel > 0 && self.fuel <= cost {
            self.report(
                ProblemCode::InvalidYaml,
                range,
                "The aliases of this file stand for too much text, so the rest is not read. \
                 Write the values out."
                    .to_owned(),
                Vec::new(),
            );
        }
        self.fuel = self.fuel.saturating_sub(cost);
        self.fuel > 0
    }
}

/// The entries of a mapping without what it merges.
fn own_entries(mapping: &Node) -> Vec<&Entry> {
    let entries = mapping.entries().iter();
    let own = entries.filter(|entry| entry.key.as_str() != Some("<<"));
    own.collect()
}

impl Value<'_> {
    /// No value, at the start of a text that holds none.
    pub(crate) const NOTHING: Value<'static> = Value {
        range: TextRange::empty(TextSize::new(0)),
        content: &NOTHING,
    };

    /// Whether it is an alias that leads nowhere.
    pub(crate) fn is_dangling(&self) -> bool {
        std::ptr::eq(self.content, &raw const NOTHING) && !self.range.is_empty()
    }
}
