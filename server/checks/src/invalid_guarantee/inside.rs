//! What a sentence has in it that the guarantee language itself does not read: SQL, and types.

use super::own_type::{is_own_type, own_part};
use crate::guarantee::Asked;
use index::Snapshot;
use spec::guarantee::Guarantee;
use spec::nearest;
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
        let own = own_part(&data_type.text);
        // Whoever names it may spell it in any case.
        let types: Vec<String> = snapshot
            .types()
            .map(|name| name.as_str().to_lowercase())
            .collect();
        let types = types.iter().map(String::as_str);
        let advice = match own.and_then(|own| nearest(own.as_str(), types).map(str::to_owned)) {
            Some(meant) => format!(" Did you mean `{meant}`?"),
            None => String::new(),
        };
        let message = format!(
            "`{}` is no type that {dialect} has, and none that SQL or a column here names.{advice}",
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
/// statement or a declaration of the workspace names, or which can be nothing else.
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
        asked.note_types();
    }
    if own_part(written).is_some_and(|own| snapshot.has_type(&own)) {
        return true;
    }
    let tables = snapshot.tables().into_iter();
    let mut columns = tables.flat_map(|table| &table.columns);
    let is_declared = columns.any(|column| {
        let declared = column.data_type.as_deref();
        declared.is_some_and(|declared| is_same(declared, written, &data_type, dialect))
    });
    is_declared || is_own_type(snapshot, written, dialect)
}

fn is_same(declared: &str, written: &str, data_type: &DataType, dialect: Dialect) -> bool {
    declared.eq_ignore_ascii_case(written)
        || data_type_of(declared, dialect).as_ref() == Some(data_type)
}
