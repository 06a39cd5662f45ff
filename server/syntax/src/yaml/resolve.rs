//! Following aliases and merge keys, on demand.
//!
//! The tree holds aliases as they are written. Whoever reads a value follows them here, one at a
//! time and with a limit, so that a text in which each alias stands for ten others costs nothing,
//! and one that contains itself ends.

use super::tree::{Document, Entry, Node, NodeKind, Style};
use std::collections::{BTreeMap, BTreeSet};

/// How many entries one mapping may take over from others.
const MERGED_ENTRIES_LIMIT: usize = 10_000;

/// The anchors of one document.
#[derive(Clone, Debug)]
pub struct Resolver<'a> {
    /// The nodes that carry each name, in the order of the text.
    anchors: BTreeMap<&'a str, Vec<&'a Node>>,
}

impl<'a> Resolver<'a> {
    /// Reads the anchors of `document`. Aliases never reach another one (YAML 1.2.2, 3.2.2.2).
    pub fn new(document: &'a Document) -> Resolver<'a> {
        let mut resolver = Resolver {
            anchors: BTreeMap::new(),
        };
        resolver.collect(&document.root);
        resolver
    }

    fn collect(&mut self, node: &'a Node) {
        if let Some(name) = &node.anchor {
            self.anchors.entry(name).or_default().push(node);
        }
        for item in node.items() {
            self.collect(item);
        }
        for entry in node.entries() {
            self.collect(&entry.key);
            self.collect(&entry.value);
        }
    }

    /// What `node` stands for: the node that an alias names, anything else itself. `None` where an
    /// alias names nothing above it.
    pub fn resolve(&self, node: &'a Node) -> Option<&'a Node> {
        let NodeKind::Alias(name) = &node.kind else {
            return Some(node);
        };
        let anchored = self.anchors.get(name.as_str())?;
        let above = |other: &&Node| other.range.start() < node.range.start();
        let target = anchored.get(anchored.partition_point(above).checked_sub(1)?)?;
        // An anchor on an alias is no YAML, but may be in the tree of a broken text.
        (!matches!(target.kind, NodeKind::Alias(_))).then_some(*target)
    }

    /// The value that a mapping has for `key`, its own or a merged one, with aliases followed.
    pub fn value(&self, mapping: &'a Node, key: &str) -> Option<&'a Node> {
        let mapping = self.resolve(mapping)?;
        if let Some(entry) = mapping.entry(key) {
            return self.resolve(&entry.value);
        }
        let merged = self.merged_entries(mapping);
        let entry = merged
            .into_iter()
            .find(|entry| entry.key.as_str() == Some(key))?;
        self.resolve(&entry.value)
    }

    /// The entries of a mapping or of an alias of one: its own in their order, without `<<`, then
    /// those that `<<` takes over from other mappings and that it does not have itself
    /// (<https://yaml.org/type/merge.html>). Of a key that occurs twice both entries are there.
    pub fn entries(&self, mapping: &'a Node) -> Vec<&'a Entry> {
        let Some(mapping) = self.resolve(mapping) else {
            return Vec::new();
        };
        let own = mapping.entries().iter().filter(|entry| !is_merge(entry));
        let mut entries: Vec<&Entry> = own.collect();
        entries.extend(self.merged_entries(mapping));
        entries
    }

    fn merged_entries(&self, mapping: &'a Node) -> Vec<&'a Entry> {
        let mut merge = Merge {
            resolver: self,
            seen: BTreeSet::new(),
            keys: mapping.entries().iter().filter_map(key_text).collect(),
            entries: Vec::new(),
        };
        merge.sources_of(mapping);
        merge.entries
    }
}

/// Whether `entry` is `<<: …`, which takes over the entries of other mappings.
fn is_merge(entry: &Entry) -> bool {
    matches!(&entry.key.kind, NodeKind::Scalar { style: Style::Plain, value } if value == "<<")
}

fn key_text(entry: &Entry) -> Option<&str> {
    entry.key.as_str()
}

struct Merge<'a, 'r> {
    resolver: &'r Resolver<'a>,
    /// Where the mappings start that have been merged: each counts once, whatever names it.
    seen: BTreeSet<usize>,
    keys: BTreeSet<&'a str>,
    entries: Vec<&'a Entry>,
}

impl<'a> Merge<'a, '_> {
    fn sources_of(&mut self, mapping: &'a Node) {
        // A stack of our own: chains of merges may be long, and the first source goes first.
        let mut sources: Vec<&Node> = Vec::new();
        push_sources(mapping, &mut sources);
        while let Some(source) = sources.pop() {
            let Some(source) = self.resolver.resolve(source) else {
                continue;
            };
            if !self.seen.insert(source.range.start().into()) {
                continue;
            }
            match &source.kind {
                NodeKind::Sequence { items, .. } => sources.extend(items.iter().rev()),
                NodeKind::Mapping { entries, .. } => {
                    if !self.take(entries) {
                        return;
                    }
                    push_sources(source, &mut sources);
                }
                _ => {}
            }
        }
    }

    /// Takes over the entries that are not there yet; `false` at the limit.
    fn take(&mut self, entries: &'a [Entry]) -> bool {
        for entry in entries.iter().filter(|entry| !is_merge(entry)) {
            if self.entries.len() >= MERGED_ENTRIES_LIMIT {
                return false;
            }
            let Some(key) = entry.key.as_str() else {
                continue;
            };
            if self.keys.insert(key) {
                self.entries.push(entry);
            }
        }
        true
    }
}

fn push_sources<'a>(mapping: &'a Node, sources: &mut Vec<&'a Node>) {
    let merges = mapping
        .entries()
        .iter()
        .rev()
        .filter(|entry| is_merge(entry));
    sources.extend(merges.map(|entry| &entry.value));
}

#[cfg(test)]
mod tests;
