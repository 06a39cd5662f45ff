//! The names of models in `selectors.yml`: of the method `fqn`, or of no method, and the files of the methods
//! `file` and `path`.

use crate::lookup;
use crate::rename::edits::{FileEdits, Note};
use crate::rename::yaml;
use index::{File, Snapshot, TableKey};
use std::collections::BTreeSet;
use std::path::Path;
use syntax::yaml::{Node, NodeKind};
use syntax::{Name, TextRange, TextSize};

/// Edits the mentions of a table in one file of selectors.
pub(super) fn table(
    snapshot: &Snapshot,
    file: &File,
    (text, root): (&str, &Node),
    key: &TableKey,
    new: &Name,
    edits: &mut FileEdits,
) {
    if !super::is_called(snapshot, file, &key.name(), key) {
        return;
    }
    let table = snapshot.table(key);
    let model = table.and_then(|table| table.models.first());
    let path = model.and_then(|id| Some(snapshot.file(id.file)?.path.clone()));
    let Some(path) = path else { return };
    let steps = path.iter().map(|step| step.to_string_lossy().into_owned());
    let mut qualifiers: BTreeSet<String> = steps.collect();
    let project = key.project.as_deref();
    let project = project.and_then(|folder| snapshot.projects().project(folder));
    qualifiers
        .extend(project.and_then(|project| Some(project.definition.name.as_ref()?.to_string())));
    let mut found = Found {
        text,
        old: key.name(),
        new,
        path: &path,
        qualifiers,
        edits,
    };
    for selector in super::items(root, "selectors") {
        if let Some(definition) = selector.entry("definition") {
            found.definition(&definition.value);
        }
    }
}

struct Found<'f> {
    text: &'f str,
    old: Name,
    new: &'f Name,
    /// The model's file.
    path: &'f Path,
    /// What may stand before the name: its project and its folders.
    qualifiers: BTreeSet<String>,
    edits: &'f mut FileEdits,
}

impl Found<'_> {
    /// A definition: as on the command line, or by keys; or a list of such.
    fn definition(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Scalar { .. } => self.criteria(node),
            NodeKind::Sequence { items, .. } => items.iter().for_each(|item| self.definition(item)),
            NodeKind::Mapping { entries, .. } => {
                if let (Some(method), Some(value)) = (node.entry("method"), node.entry("value")) {
                    let method = method.value.as_str().unwrap_or_default();
                    self.criterion(&value.value, method);
                }
                for entry in entries {
                    match entry.key.as_str() {
                        Some("union" | "intersection" | "exclude") => self.definition(&entry.value),
                        // `fqn: orders`
                        Some(method @ ("fqn" | "file" | "path")) => {
                            self.criterion(&entry.value, method);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// A scalar that is one criterion of `method`.
    fn criterion(&mut self, node: &Node, method: &str) {
        if let Some(range) = yaml::content(node) {
            self.value(range, method);
        }
    }

    /// Criteria as on the command line: `+orders+ tag:nightly,fqn:orders`.
    fn criteria(&mut self, node: &Node) {
        let Some(range) = yaml::content(node) else {
            return;
        };
        let written = lookup::slice(self.text, range);
        let is_between = |letter: char| letter == ',' || letter.is_whitespace();
        let mut at = 0;
        for part in written.split(is_between) {
            let own = core(part);
            let (method, value) = match own.split_once(':') {
                Some((method, value)) => (method, value),
                None => ("fqn", own),
            };
            // The value is the end of its criterion, but for the signs behind it.
            let start = at + part.len() - behind(part).len() - value.len();
            let start = range.start() + lookup::offset(start);
            self.value(TextRange::at(start, TextSize::of(value)), method);
            at += part.len() + 1;
        }
    }

    fn value(&mut self, range: TextRange, method: &str) {
        let old = self.old.as_str();
        let value = lookup::slice(self.text, range);
        let own = match method {
            "fqn" => {
                let (before, own) = value.rsplit_once('.').unwrap_or(("", value));
                let mut before = before.split('.').filter(|step| !step.is_empty());
                let is_known = |step: &str| step == "*" || self.qualifiers.contains(step);
                (own == old && before.all(is_known)).then_some(0)
            }
            "file" | "path" => {
                let file = self.path.file_name().and_then(|name| name.to_str());
                let is_it = match value.rsplit_once('/') {
                    Some(_) => method == "path" && self.path.ends_with(value),
                    None => file == Some(value),
                };
                let stem = self.path.file_stem().and_then(|stem| stem.to_str());
                let behind = file.zip(stem).map(|(file, stem)| file.len() - stem.len());
                let without = method == "file" && stem == Some(value);
                match (is_it && stem == Some(old), without && value == old) {
                    (true, _) => behind,
                    (_, true) => Some(0),
                    _ => None,
                }
            }
            _ => None,
        };
        let Some(behind) = own else { return };
        let end = range.end() - lookup::offset(behind);
        let start = end - TextSize::of(old);
        // A folder of that name is selected by it as well.
        let mut folders = self.path.parent().into_iter().flat_map(Path::iter);
        let note = match method == "fqn" && folders.any(|folder| folder.to_str() == Some(old)) {
            true => Note::Unsure,
            false => Note::Name,
        };
        self.edits
            .replace(TextRange::new(start, end), self.new.as_str(), note);
    }
}

/// A criterion without the signs around it: `2+orders+` is `orders`.
fn core(part: &str) -> &str {
    let part = part.strip_suffix(behind(part)).unwrap_or(part);
    let part = part.strip_prefix('@').unwrap_or(part);
    match part.split_once('+') {
        Some((depth, rest)) if depth.chars().all(|letter| letter.is_ascii_digit()) => rest,
        _ => part,
    }
}

/// The signs behind a criterion: `+`, or `+2`.
fn behind(part: &str) -> &str {
    let signs = part.rfind('+').and_then(|at| part.get(at..));
    let is_depth = |signs: &&str| {
        let depth = signs.strip_prefix('+').unwrap_or_default();
        depth.chars().all(|letter| letter.is_ascii_digit())
    };
    let is_alone = |signs: &&str| signs.len() < part.len();
    signs.filter(is_depth).filter(is_alone).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_around_a_criterion() {
        for (part, expected) in [
            ("orders", "orders"),
            ("+orders", "orders"),
            ("orders+", "orders"),
            ("2+orders+3", "orders"),
            ("@orders", "orders"),
            ("+fqn:shop.orders+", "fqn:shop.orders"),
            ("", ""),
        ] {
            assert_eq!(core(part), expected, "{part}");
        }
    }
}
