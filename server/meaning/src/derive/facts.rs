//! What is declared of the tables that a query reads.

use sql::Dialect;
use sql::facts::TableRef;
use sql::relation::{DataType, RelationId};
use syntax::Name;

/// What is known of tables outside of a query, from DDL, specs and tests.
pub trait Facts {
    /// The type of a column, where it is declared.
    fn data_type(&self, table: &TableRef, column: &Name) -> Option<DataType>;

    /// A column is declared never to be `NULL`. `false` says nothing.
    fn is_not_null(&self, table: &TableRef, column: &Name) -> bool;

    /// Every value of a column is one of a column of another table, where that is declared: a foreign
    /// key. `NULL` is none. `false` says nothing.
    fn refers(&self, _from: (&TableRef, &Name), _to: (&TableRef, &Name)) -> bool {
        false
    }

    /// The lists of columns of which no two rows have equal values. As in SQL, rows with a `NULL` in
    /// a key do not count.
    fn keys(&self, table: &TableRef) -> Vec<Vec<Name>>;

    /// The table whose query a relation is, where that has been put in the table's place: what is declared
    /// of the table is declared of it.
    fn stands_for(&self, _relation: RelationId) -> Option<&TableRef> {
        None
    }

    /// The dialect, for what depends on it: whether a division by zero and a cast that fails give
    /// `NULL`, which type a constant has. What differs between dialects is not known without it.
    fn dialect(&self) -> Option<Dialect> {
        None
    }
}

/// Nothing is known of any table.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFacts;

impl Facts for NoFacts {
    fn data_type(&self, _: &TableRef, _: &Name) -> Option<DataType> {
        None
    }

    fn is_not_null(&self, _: &TableRef, _: &Name) -> bool {
        false
    }

    fn keys(&self, _: &TableRef) -> Vec<Vec<Name>> {
        Vec::new()
    }
}
