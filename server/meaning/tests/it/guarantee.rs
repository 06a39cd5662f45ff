//! Whether queries keep what sentences guarantee, told from SQL text.

mod columns;
mod kept;
mod keys;
mod provenance;
mod rows;
mod value;

use crate::shop::{Shop, TABLES, named};
use meaning::derive;
use meaning::guarantee::{Answer, ColumnRef, Formula};
use meaning::witness::{Facts, TableFacts};
use sql::Dialect;
use sql::facts::TableRef;
use sql::lower::free_expression;
use sql::relation::{DataType, Expression, Query};
use syntax::Name;

/// The query of a text over the shop.
fn query(text: &str) -> Query {
    crate::support::one(text, Dialect::Postgres, &Shop).query
}

/// An expression over the shop's tables. A bare name is a column of `query`, else of the first table
/// that has one.
fn formula(text: &str, query: &Query) -> Formula {
    let free = free_expression(text, Dialect::Postgres).unwrap();
    let mut columns = Vec::new();
    let mut value = free.value.clone();
    value.for_each_mut(&mut |part| {
        let Expression::Column { input, name } = part else {
            return;
        };
        let column = match free.qualifiers[input.0 as usize].as_slice() {
            [] if query.root().position(name).is_some() => ColumnRef::Own(name.clone()),
            [] => ColumnRef::Of(named(table_with(name)), name.clone()),
            [table] => ColumnRef::Of(named(table.as_str()), name.clone()),
            _ => panic!("{text}"),
        };
        input.0 = u32::try_from(columns.len()).unwrap();
        columns.push(column);
    });
    Formula { value, columns }
}

fn table_with(column: &Name) -> &'static str {
    let has = |columns: &[(&str, &str)]| columns.iter().any(|(name, _)| *name == column.as_str());
    let table = TABLES.iter().find(|(_, columns)| has(columns));
    table.unwrap_or_else(|| panic!("{column}")).0
}

/// An answer in a word.
fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Holds => "holds",
        Answer::Contradicted(_) => "contradicted",
        Answer::AtRisk(_) => "at risk",
        Answer::Undecided(_) => "can't be told",
    }
}

fn no_facts() -> Facts {
    Facts::default()
}

/// `orders.id` and `lines.(order_id, product)` are keys, and `orders.id` is never `NULL`.
struct Declared;

impl derive::Facts for Declared {
    fn data_type(&self, _: &TableRef, _: &Name) -> Option<DataType> {
        None
    }

    fn is_not_null(&self, table: &TableRef, column: &Name) -> bool {
        *table == named("orders") && column.as_str() == "id"
    }

    fn keys(&self, table: &TableRef) -> Vec<Vec<Name>> {
        facts()
            .tables
            .into_iter()
            .filter(|known| known.table == *table)
            .flat_map(|known| known.unique)
            .collect()
    }
}

fn facts() -> Facts {
    let keyed = |table: &str, key: &[&str]| TableFacts {
        table: named(table),
        columns: Vec::new(),
        unique: vec![key.iter().map(Name::new).collect()],
        references: Vec::new(),
    };
    Facts {
        tables: vec![
            keyed("orders", &["id"]),
            keyed("lines", &["order_id", "product"]),
        ],
        ..Facts::default()
    }
}

fn position(query: &Query, name: &str) -> usize {
    query.root().position(&Name::new(name)).unwrap()
}
