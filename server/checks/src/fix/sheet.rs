//! A YAML file being edited step by step, each step verified on the tree.

use super::{Fix, Fixing};
use index::File;
use std::sync::Arc;
use syntax::yaml::{Editor, Node, NodeKind, Parse, Position, Refusal, Step, Value, parse};
use syntax::{TextEdit, TextRange, TextSize, edit};

/// A file's text, and what it has become so far.
#[derive(Clone)]
pub(crate) struct Sheet<'s> {
    /// The file.
    pub(crate) file: &'s File,
    original: Arc<str>,
    /// What was done so far, as edits of the original text.
    edits: Vec<TextEdit>,
    text: String,
    parse: Parse,
    /// Every step is taken to succeed, and none is made.
    pub(crate) is_blank: bool,
}

/// The way to a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path {
    document: usize,
    steps: Vec<OwnStep>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum OwnStep {
    Key(String),
    Item(usize),
}

impl<'s> Sheet<'s> {
    /// The text of `file`; `None` where it has changed since it was read. Blank where only titles are
    /// wanted.
    pub(crate) fn open(fixing: &Fixing<'_>, file: &'s File) -> Option<Sheet<'s>> {
        let is_blank = fixing.is_for_titles;
        let original = match is_blank {
            true => Arc::from(""),
            false => fixing.snapshot.text(file)?,
        };
        Some(Sheet {
            file,
            edits: Vec::new(),
            text: original.to_string(),
            parse: parse(&original),
            original,
            is_blank,
        })
    }

    /// The text so far.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The way to the node that takes up exactly `range` now.
    pub(crate) fn path_of(&self, range: TextRange) -> Option<Path> {
        if self.is_blank {
            return Some(Path::default());
        }
        let documents = self.parse.documents.iter().enumerate();
        documents.into_iter().find_map(|(document, tree)| {
            let steps = steps_to(&tree.root, range)?;
            Some(Path { document, steps })
        })
    }

    /// The start of the first document that says anything.
    pub(crate) fn root(&self) -> Option<Path> {
        if self.is_blank {
            return Some(Path::default());
        }
        let mut documents = self.parse.documents.iter();
        let document = documents.position(|tree| tree.root.kind != NodeKind::Null)?;
        Some(Path {
            document,
            steps: Vec::new(),
        })
    }

    /// The node at `path`.
    pub(crate) fn node(&self, path: &Path) -> Option<&Node> {
        let mut node = &self.parse.documents.get(path.document)?.root;
        for step in &path.steps {
            node = match step {
                OwnStep::Key(key) => &node.entry(key)?.value,
                OwnStep::Item(item) => node.items().get(*item)?,
            };
        }
        Some(node)
    }

    /// The value of the entry whose key stands at `key`.
    pub(crate) fn value_of_key(&self, key: TextRange) -> Option<&Node> {
        let mut roots = self.parse.documents.iter().map(|document| &document.root);
        roots.find_map(|root| value_of_key(root, key))
    }

    /// Puts `value` under `keys`, one below the other, in the mapping at `path`; those that are
    /// there already are entered. What is new goes behind the first of `behind` that there is.
    pub(crate) fn put(
        &mut self,
        path: &Path,
        keys: &[&str],
        value: Value,
        behind: &[&str],
    ) -> Option<()> {
        if self.is_blank {
            return Some(());
        }
        let (key, below) = keys.split_first()?;
        let inner = path.key(key);
        match self.node(&inner).map(|node| &node.kind) {
            Some(NodeKind::Null | NodeKind::Scalar { .. }) if below.is_empty() => {
                self.edit(&inner, |editor, steps| editor.set(steps, &value))
            }
            Some(_) if below.is_empty() => None,
            Some(_) => self.put(&inner, below, value, &[]),
            None => {
                let below = below.iter().rev();
                let nested = below.fold(value, |value, key| Value::mapping([(*key, value)]));
                let node = self.node(path)?;
                let behind = behind.iter().find(|key| node.entry(key).is_some());
                let position = behind.map_or(Position::Last, |key| Position::After(key));
                self.edit(path, |editor, steps| {
                    editor.insert_entry(steps, key, &nested, position)
                })
            }
        }
    }

    /// Puts `item` into the list `key` of the mapping at `path`, before the item that has the number
    /// `at` now or at the end; makes the list where there is none.
    pub(crate) fn put_item(
        &mut self,
        path: &Path,
        key: &str,
        at: Option<usize>,
        item: Value,
    ) -> Option<()> {
        let list = path.key(key);
        if self.node(&list).is_none() {
            return self.put(path, &[key], Value::sequence([item]), &[]);
        }
        self.edit(&list, |editor, steps| editor.insert_item(steps, at, &item))
    }

    /// Takes out the entry or item at `path`.
    pub(crate) fn remove(&mut self, path: &Path) -> Option<()> {
        self.edit(path, |editor, steps| editor.remove(steps))
    }

    /// One verified step.
    pub(crate) fn edit(
        &mut self,
        path: &Path,
        make: impl FnOnce(&Editor<'_>, &[Step<'_>]) -> Result<Vec<TextEdit>, Refusal>,
    ) -> Option<()> {
        if self.is_blank {
            return Some(());
        }
        let editor = Editor::new(&self.text).in_document(path.document);
        let edits = make(&editor, &path.steps()).ok()?;
        self.take(edits)
    }

    /// One step that is only verified to leave the text no more broken than it was.
    pub(crate) fn take(&mut self, edits: Vec<TextEdit>) -> Option<()> {
        if self.is_blank {
            return Some(());
        }
        let text = edit::apply(&self.text, &edits)?;
        let parse = parse(&text);
        if parse.problems.len() > self.parse.problems.len() {
            return None;
        }
        self.edits = composed(&self.edits, &edits)
            .filter(|edits| edit::apply(&self.original, edits).as_deref() == Some(&text))
            .unwrap_or_else(|| vec![difference(&self.original, &text)]);
        (self.text, self.parse) = (text, parse);
        Some(())
    }

    /// All steps as one fix; the cursor goes to where `draft` now stands in what was written.
    pub(crate) fn fix(self, title: String, draft: Option<&str>) -> Fix {
        let cursor = draft.and_then(|draft| cursor(&self.edits, draft));
        Fix {
            cursor: cursor.map(|offset| (self.file.path.to_path_buf(), offset)),
            ..Fix::of(self.file, title, self.edits)
        }
    }
}

impl Path {
    /// The value of the entry `key` below.
    pub(crate) fn key(&self, key: &str) -> Path {
        let mut steps = self.steps.clone();
        steps.push(OwnStep::Key(key.to_owned()));
        Path { steps, ..*self }
    }

    /// The item of that number below.
    pub(crate) fn item(&self, item: usize) -> Path {
        let mut steps = self.steps.clone();
        steps.push(OwnStep::Item(item));
        Path { steps, ..*self }
    }

    fn steps(&self) -> Vec<Step<'_>> {
        let steps = self.steps.iter().map(|step| match step {
            OwnStep::Key(key) => Step::Key(key),
            OwnStep::Item(item) => Step::Item(*item),
        });
        steps.collect()
    }
}

fn steps_to(node: &Node, range: TextRange) -> Option<Vec<OwnStep>> {
    if node.range == range {
        return Some(Vec::new());
    }
    let items = node.items().iter().enumerate();
    let mut below = items
        .map(|(item, node)| (OwnStep::Item(item), node))
        .chain(node.entries().iter().filter_map(|entry| {
            let key = entry.key.as_str()?.to_owned();
            Some((OwnStep::Key(key), &entry.value))
        }))
        .filter(|(_, node)| node.range.contains_range(range));
    below.find_map(|(step, node)| {
        let mut steps = steps_to(node, range)?;
        steps.insert(0, step);
        Some(steps)
    })
}

fn value_of_key(node: &Node, key: TextRange) -> Option<&Node> {
    let mut entries = node.entries().iter();
    if let Some(entry) = entries.find(|entry| entry.key.range == key) {
        return Some(&entry.value);
    }
    let values = node.entries().iter().map(|entry| &entry.value);
    let mut below = values.chain(node.items());
    below.find_map(|node| value_of_key(node, key))
}

/// `then`, which are edits of the text after `first`, and `first`, as edits of the text before both.
/// `None` where they touch the same text.
fn composed(first: &[TextEdit], then: &[TextEdit]) -> Option<Vec<TextEdit>> {
    let mut composed = first.to_vec();
    for next in then {
        let start = i64::from(u32::from(next.range.start()));
        let end = i64::from(u32::from(next.range.end()));
        let mut shift = 0;
        let mut at = 0;
        for earlier in first {
            let stands = i64::from(u32::from(earlier.range.start())) + shift;
            let written = i64::from(u32::from(TextSize::of(&earlier.insert)));
            if end <= stands {
                break;
            }
            if start < stands + written {
                return None;
            }
            shift += written - i64::from(u32::from(earlier.range.len()));
            at += 1;
        }
        let moved = |offset: i64| Some(TextSize::new(u32::try_from(offset - shift).ok()?));
        let range = TextRange::new(moved(start)?, moved(end)?);
        let later = composed.iter().take(at + composed.len() - first.len());
        let behind = later
            .filter(|other| other.range.start() <= range.start())
            .count();
        composed.insert(behind, TextEdit::replace(range, next.insert.clone()));
    }
    Some(composed)
}

/// The one edit that turns `before` into `after`.
fn difference(before: &str, after: &str) -> TextEdit {
    let same = |(left, right): &(char, char)| left == right;
    let letters = before.chars().zip(after.chars());
    let start: TextSize = letters
        .take_while(same)
        .map(|(left, _)| TextSize::of(left))
        .sum();
    let rest = |text: &str| text.get(start.into()..).unwrap_or_default().to_owned();
    let (before_rest, after_rest) = (rest(before), rest(after));
    let letters = before_rest.chars().rev().zip(after_rest.chars().rev());
    let end: TextSize = letters
        .take_while(same)
        .map(|(left, _)| TextSize::of(left))
        .sum();
    let kept = TextSize::of(after_rest.as_str()) - end;
    let range = TextRange::new(start, TextSize::of(before) - end);
    TextEdit::replace(range, after_rest.get(..kept.into()).unwrap_or_default())
}

/// Where `draft` stands in the text after `edits`, which do not overlap and are in order.
fn cursor(edits: &[TextEdit], draft: &str) -> Option<TextSize> {
    let mut before = TextSize::new(0);
    let mut removed = TextSize::new(0);
    for edit in edits {
        let stands = (edit.range.start() + before).checked_sub(removed)?;
        if let Some(at) = edit.insert.find(draft) {
            return Some(stands + TextSize::new(u32::try_from(at).ok()?));
        }
        before += TextSize::of(&edit.insert);
        removed += edit.range.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(start: u32, end: u32, insert: &str) -> TextEdit {
        TextEdit::replace(TextRange::new(start.into(), end.into()), insert)
    }

    #[test]
    fn steps_one_after_the_other_are_edits_of_the_first_text() {
        let text = "one two three";
        let first = [replace(4, 7, "2")];
        let after = edit::apply(text, &first).unwrap();
        assert_eq!(after, "one 2 three");
        for (then, expected) in [
            (replace(6, 11, "3"), "one 2 3"),
            (replace(0, 3, "1"), "1 2 three"),
            (replace(5, 5, "!"), "one 2! three"),
            (replace(4, 4, "="), "one =2 three"),
        ] {
            let both = composed(&first, &[then]).unwrap();
            assert_eq!(edit::apply(text, &both).as_deref(), Some(expected));
        }
        assert_eq!(composed(&first, &[replace(3, 6, "")]), None);
    }

    #[test]
    fn a_difference_is_as_small_as_can_be() {
        assert_eq!(difference("añb", "añxb"), replace(3, 3, "x"));
        assert_eq!(difference("aab", "ab"), replace(1, 2, ""));
        assert_eq!(difference("same", "same"), replace(4, 4, ""));
    }

    #[test]
    fn the_cursor_is_where_the_draft_stands_afterwards() {
        let edits = [replace(0, 3, "x"), replace(4, 4, "why: TODO")];
        assert_eq!(cursor(&edits, "TODO"), Some(TextSize::new(7)));
        assert_eq!(cursor(&edits, "nothing"), None);
    }
}
