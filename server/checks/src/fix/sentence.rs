//! SQL as a sentence of an amendment says it, from SQL as the meaning of a column has it.

use index::{Snapshot, Table};
use sql::edit::requalified;
use sql::facts::TableRef;

/// `meaning`, over the tables that the model of `table` reads, with a longer name for those that are called
/// as `table` itself: in a sentence about `orders`, `orders` is that table and not `raw.orders`.
pub(crate) fn about(snapshot: &Snapshot, table: &Table, meaning: &str) -> String {
    let requalified = || {
        let model = snapshot.defining_model(table)?;
        let (file, _) = snapshot.model(model)?;
        let query = snapshot.named_query(model)?.query;
        let own = table.key.name();
        let called_so = |name: &TableRef| match name {
            TableRef::Named(name) if name.parts.len() > 1 && name.last() == Some(&own) => {
                Some(name.to_string())
            }
            _ => None,
        };
        let mut longer = query.tables().into_iter().filter_map(called_so);
        let longer = longer.next()?;
        requalified(
            meaning,
            snapshot.sql_options(file).dialect,
            &|parts| match parts {
                [name] if own.as_str().eq_ignore_ascii_case(name) => Some(longer.clone()),
                parts => Some(parts.join(".")),
            },
        )
    };
    requalified().unwrap_or_else(|| meaning.to_owned())
}
