//! Both front ends build the same tree.

use crate::support::{difference, outline, variants};
use syntax::yaml::{parse_strict, parse_tolerant};

/// What differs between the two trees of a valid text, positions included.
pub(crate) fn disagreement(text: &str) -> Option<String> {
    let strict = parse_strict(text).ok()?;
    let tolerant = parse_tolerant(text);
    if let Some(problem) = tolerant.problems.first() {
        return Some(format!("false problem: {problem:?}"));
    }
    difference(&outline(&strict), &outline(&tolerant.documents))
}

#[test]
fn on_every_fixture() {
    for (name, text) in variants() {
        assert_eq!(parse_strict(&text).err(), None, "{name} is not valid");
        assert_eq!(disagreement(&text), None, "{name}");
    }
}
