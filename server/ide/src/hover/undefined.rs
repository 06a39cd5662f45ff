//! The story of a table that nothing defines or describes, and of its columns: who reads them.

use super::counted;
use crate::columns::TableId;
use crate::markdown;
use index::Snapshot;
use syntax::Name;

/// What is known of the table, or of `column` of it: a head and the rest.
pub(super) fn story(
    snapshot: &Snapshot,
    table: &TableId,
    column: Option<&Name>,
) -> (String, String) {
    let called = markdown::code(&table.to_string());
    let head = match column {
        Some(name) => format!(
            "**{}** in {called}",
            markdown::line(name.as_str(), LONGEST_NAME)
        ),
        None => format!("**{}**", markdown::line(&table.to_string(), LONGEST_NAME)),
    };
    let files = counted(table.readers(snapshot).len(), "file");
    let told =
        format!("No SQL here makes {called} and no spec describes it. It is read in {files}.");
    (head, told)
}

/// How much of a name is shown, in characters.
const LONGEST_NAME: usize = 80;
