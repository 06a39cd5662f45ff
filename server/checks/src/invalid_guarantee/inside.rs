//! What a sentence has in it that the guarantee language itself does not read: SQL, and types.

use crate::guarantee::Asked;
use index::Snapshot;
use spec::guarantee::Guarantee;
use sql::Dialect;
use sql::lower::{data_type_of, expression_problem};
use sql::relation::DataType;
use syntax::TextRange;

/// What of a sentence that parses says nothing: where it stands, and why, as a sentence to a person.
pub(super) fn problem(
    snapshot: &Snapshot,
    asked: Option<&Asked>,
    guarantee: &Guarantee,
    dialect: Dialect,
) -> Option<(TextRange, String)> {
    if let Guarantee::HasType { data_type, .. } = guarantee
        && !is_type(snapshot, asked, &data_type.text, dialect)
    {
        let message = format!(
            "`{}` is no type that {dialect} has, and no column is declared with it.",
            data_type.text
        );
        return Some((data_type.range, message));
    }
    let mut found = None;
    guarantee.clone().for_each_sql(&mut |sql| {
        // What a dialect of its own takes is no mistake for certain.
        let readings = [dialect, Dialect::Generic];
        let mut problems = readings.map(|dialect| expression_problem(&sql.text, dialect));
        if found.is_none()
            && problems.iter().all(Option::is_some)
            && let Some(why) = problems.first_mut().and_then(Option::take)
        {
            let message = format!("`{}` can't be read as SQL: {why}.", sql.text.trim());
            found = Some((sql.range, message));
        }
    });
    found
}

/// Whether a sentence may mean a type by these words: one that SQL has, or one of the database's own, which a
/// declaration or a cast of the workspace names.
fn is_type(snapshot: &Snapshot, asked: Option<&Asked>, written: &str, dialect: Dialect) -> bool {
    let readings = [dialect, Dialect::Generic];
    let mut types = readings.iter().filter_map(|it| data_type_of(written, *it));
    let Some(data_type) = types.next() else {
        return false;
    };
    if data_type.is_known() {
        return true;
    }
    if let Some(asked) = asked {
        asked.note_everything();
    }
    let tables = snapshot.tables().into_iter();
    let mut columns = tables.flat_map(|table| &table.columns);
    columns.any(|column| {
        let declared = column.data_type.as_deref();
        declared.is_some_and(|declared| is_same(declared, written, &data_type, dialect))
    })
}

fn is_same(declared: &str, written: &str, data_type: &DataType, dialect: Dialect) -> bool {
    declared.eq_ignore_ascii_case(written)
        || data_type_of(declared, dialect).as_ref() == Some(data_type)
}
