//! Sentences that promise something of a column which the SQL does not give.

use super::Verdict;
use super::binding::names_column;
use crate::context::Context;
use crate::finding::At;
use crate::undocumented_column::folded;
use index::Table;
use index::file::{FileKind, SqlRole};
use meaning::guarantee::{Answer, Contradiction, Piece};
use spec::guarantee::Guarantee;

/// `verdict`, or, where that could not be told because the column is not there at all, that the sentence is
/// contradicted: nothing of it can be so. `is_agreed` of a sentence in force. Where the text does not tell all columns, it stays as it is.
pub(crate) fn or_gone<'s>(
    context: &Context<'s>,
    table: &Table,
    guarantee: &Guarantee,
    is_agreed: bool,
    verdict: Verdict<'s>,
) -> Verdict<'s> {
    let is_open = match guarantee {
        // What was renamed long ago may be gone since; what is to be renamed has its old name yet.
        Guarantee::RenamedFrom { what, .. } => {
            !is_agreed && !table.key.parts.ends_with(&what.parts)
        }
        _ => matches!(verdict.answer, Answer::Undecided(_)) && needs_column(guarantee),
    };
    let definition = context.closed_definition(table).filter(|_| is_open);
    let (Some(definition), Some(name)) = (definition, guarantee.subject().parts.last()) else {
        return verdict;
    };
    // A name that nothing knows is told as `unknown-name`, unless what it names is still to come.
    if is_agreed && table.column(name).is_none() {
        return verdict;
    }
    let wanted = folded(name.as_str());
    let mut selected = table.columns.iter().filter(|column| column.is_selected());
    let is_there = selected.any(|column| folded(column.name.as_str()) == wanted);
    // A snapshot has columns of dbt's own.
    if is_there || definition.file.kind == FileKind::Sql(SqlRole::Snapshot) {
        return verdict;
    }
    Verdict {
        answer: Answer::Contradicted(Contradiction {
            at: Piece::Whole,
            now: Some("no such column".to_owned()),
            witness: None,
        }),
        place: Some((definition.file, At::Spot(definition.model.name_spot))),
    }
}

/// Whether a sentence is about a column that must be there for it to be true: one that is gone never leaves.
fn needs_column(guarantee: &Guarantee) -> bool {
    let is_kept_in = matches!(guarantee, Guarantee::NeverLeaves { .. });
    names_column(guarantee) == Some(true) && !is_kept_in
}
