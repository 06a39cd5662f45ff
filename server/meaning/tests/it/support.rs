//! SQL text to queries.

use meaning::canonical::Canonical;
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

/// The statements of `text` that give rows.
pub(crate) fn all(text: &str, dialect: Dialect, catalog: &dyn Catalog) -> Vec<Lowered> {
    let options = Options {
        dialect,
        templating: Templating::Jinja,
    };
    lower(text, &options, catalog)
}

/// The only statement of `text`.
pub(crate) fn one(text: &str, dialect: Dialect, catalog: &dyn Catalog) -> Lowered {
    let mut lowered = all(text, dialect, catalog);
    assert_eq!(lowered.len(), 1, "{text}");
    lowered.remove(0)
}

/// A canonical form in one line.
pub(crate) fn told(canonical: &Canonical) -> String {
    let columns: Vec<String> = canonical
        .columns
        .iter()
        .map(|column| match &column.data_type {
            Some(data_type) => format!("{}::{data_type}", column.meaning),
            None => column.meaning.to_string(),
        })
        .collect();
    let clauses: Vec<String> = canonical
        .rows
        .clauses
        .iter()
        .map(|clause| format!("{:?} {}", clause.clause, clause.meaning))
        .collect();
    let open = if canonical.open { ", *" } else { "" };
    format!("{}{open} | {}", columns.join(", "), clauses.join("; "))
}
