//! The tree that an edit must lead to.
//!
//! The old tree is changed as the edit says and compared with the new one, but for positions and
//! styles. Whether the bytes are right is thereby asked of the parser, not of who placed them.

use super::{Step, Value};
use crate::yaml::tree::{Document, Entry, Node, NodeKind, Problem};

pub(super) fn text(value: &str) -> Node {
    Value::text(value).node()
}

/// The node at `path`, to be changed.
pub(super) fn node_at<'a>(
    documents: &'a mut [Document],
    document: usize,
    path: &[Step<'_>],
) -> Option<&'a mut Node> {
    let mut node = &mut documents.get_mut(document)?.root;
    for step in path {
        node = match (step, &mut node.kind) {
            (Step::Key(key), NodeKind::Mapping { entries, .. }) => {
                let mut entries = entries.iter_mut();
                let entry = entries.find(|entry| entry.key.as_str() == Some(key))?;
                &mut entry.value
            }
            (Step::Item(index), NodeKind::Sequence { items, .. }) => items.get_mut(*index)?,
            _ => return None,
        };
    }
    Some(node)
}

/// The only document of a text that had none.
pub(super) fn first_entry(documents: &mut Vec<Document>, key: &str, value: &Value) -> Option<()> {
    let root = Value::mapping([(key, value.clone())]).node();
    documents.push(Document { root });
    Some(())
}

pub(super) fn insert_entry(node: &mut Node, at: usize, entry: Entry) -> Option<()> {
    if node.kind == NodeKind::Null {
        node.kind = Value::mapping([]).node().kind;
    }
    match &mut node.kind {
        NodeKind::Mapping { entries, .. } if at <= entries.len() => entries.insert(at, entry),
        _ => return None,
    }
    Some(())
}

pub(super) fn insert_item(node: &mut Node, at: usize, item: Node) -> Option<()> {
    if node.kind == NodeKind::Null {
        node.kind = Value::sequence([]).node().kind;
    }
    match &mut node.kind {
        NodeKind::Sequence { items, .. } if at <= items.len() => items.insert(at, item),
        _ => return None,
    }
    Some(())
}

pub(super) fn remove(node: &mut Node, index: usize) -> Option<()> {
    match &mut node.kind {
        NodeKind::Mapping { entries, .. } if index < entries.len() => drop(entries.remove(index)),
        NodeKind::Sequence { items, .. } if index < items.len() => drop(items.remove(index)),
        _ => return None,
    }
    Some(())
}

/// Whether two lists of documents say the same.
pub(super) fn is_met(expected: &[Document], found: &[Document]) -> bool {
    expected.len() == found.len()
        && expected
            .iter()
            .zip(found)
            .all(|(expected, found)| says_the_same(&expected.root, &found.root))
}

/// Whether all problems `after` an edit were there before it. One may go: with an entry that is
/// removed, or a key that gets its value.
pub(super) fn has_no_new_problem(before: &[Problem], after: &[Problem]) -> bool {
    let mut before = before.iter();
    after
        .iter()
        .all(|problem| before.any(|known| known.message == problem.message))
}

fn says_the_same(left: &Node, right: &Node) -> bool {
    if left.anchor != right.anchor || left.tag != right.tag {
        return false;
    }
    match (&left.kind, &right.kind) {
        (NodeKind::Null, NodeKind::Null) => true,
        (NodeKind::Alias(left), NodeKind::Alias(right)) => left == right,
        (NodeKind::Scalar { value: left, .. }, NodeKind::Scalar { value: right, .. }) => {
            left == right
        }
        (NodeKind::Sequence { items: left, .. }, NodeKind::Sequence { items: right, .. }) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| says_the_same(left, right))
        }
        (NodeKind::Mapping { entries: left, .. }, NodeKind::Mapping { entries: right, .. }) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| {
                    says_the_same(&left.key, &right.key) && says_the_same(&left.value, &right.value)
                })
        }
        _ => false,
    }
}
