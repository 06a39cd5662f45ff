//! What a key of the native format means, in the words of the table that the format is made from.

use spec::dbt::keys as dbt;
use spec::keys::Key;

/// The same of a key of dbt's.
pub(super) fn story_of_dbt(key: &dbt::Key, section: dbt::Section) -> Vec<String> {
    let head = format!("**{}** · {}", key.name, key.kind_in(section).expectation());
    vec![head, key.documentation.to_owned()]
}

/// The key, what its value is, and its documentation, which is Markdown already.
pub(super) fn story(key: &Key) -> Vec<String> {
    let required = if key.required { " · required" } else { "" };
    let head = format!("**{}** · {}{required}", key.name, key.kind.expectation());
    vec![head, key.documentation.to_owned()]
}
