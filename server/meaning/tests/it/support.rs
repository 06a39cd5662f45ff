//! SQL text to queries.

use sql::facts::TableRef;
use sql::lower::{Catalog, Lowered, TableColumn, TableColumns, lower};
use sql::{Dialect, Options, Templating};
use syntax::Name;

/// A few tables, all of whose columns are known.
pub(crate) struct Tables(pub(crate) &'static [(&'static str, &'static [&'static str])]);

impl Catalog for Tables {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let wanted = table.to_string();
        let (_, columns) = self.0.iter().find(|(name, _)| *name == wanted)?;
        let columns = columns.iter().map(|name| TableColumn {
            name: Name::new(name),
            data_type: None,
        });
        Some(TableColumns {
            columns: columns.collect(),
            open: false,
        })
    }
}

/// The tables that most tests read.
pub(crate) const SHOP: Tables = Tables(&[
    (
        "orders",
        &["id", "customer_id", "status", "ordered_at", "is_test"],
    ),
    (
        "lines",
        &["order_id", "product_id", "quantity", "unit_price"],
    ),
    ("customers", &["id", "name", "country"]),
]);

/// The only statement of `text`.
pub(crate) fn one(text: &str, dialect: Dialect, catalog: &dyn Catalog) -> Lowered {
    let options = Options {
        dialect,
        templating: Templating::Jinja,
    };
    let mut lowered = lower(text, &options, catalog);
    assert_eq!(lowered.len(), 1, "{text}");
    lowered.remove(0)
}
