//! What a key of the native format means, in the words of the table that the format is made from.

use spec::keys::Key;

/// The key, what its value is, and its documentation, which is Markdown already.
pub(super) fn story(key: &Key) -> Vec<String> {
    let required = if key.required { " · required" } else { "" };
    let head = format!("**{}** · {}{required}", key.name, key.kind.expectation());
    vec![head, key.documentation.to_owned()]
}
