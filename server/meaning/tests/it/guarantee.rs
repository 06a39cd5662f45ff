//! Whether queries keep what sentences guarantee, told from SQL text.

mod columns;
mod provenance;
mod rows;
mod value;

use crate::shop::{Shop, TABLES, named};
use meaning::guarantee::{Answer, ColumnRef, Formula};
use meaning::witness::Facts;
use sql::Dialect;
use sql::lower::free_expression;
use sql::relation::{Expression, Query};
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
