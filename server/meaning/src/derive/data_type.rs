//! Which type a column has.

mod call;
mod expression;
mod unify;

use super::facts::Facts;
use super::scope::{Known, Scopes, settle};
use expression::Typing;
use sql::Dialect;
use sql::relation::{Body, DataType, Expression, Query, RelationId};
use unify::unify_all;

/// The type of the column at `position` of a relation; `None` where it does not follow. A type that
/// depends on the dialect needs [`Facts::dialect`]. A decimal without precision is one whose
/// precision does not follow.
///
/// Who asks for several columns of a query asks [`Types`].
pub fn data_type(
    query: &Query,
    relation: RelationId,
    position: usize,
    facts: &dyn Facts,
) -> Option<DataType> {
    Types::new(query, facts).column(relation, position)
}

/// The types of all columns of a query.
pub struct Types<'q> {
    scopes: Scopes<'q>,
    facts: &'q dyn Facts,
    known: Known<'q, Kind>,
}

impl<'q> Types<'q> {
    /// Works out the types of all columns of `query`.
    pub fn new(query: &'q Query, facts: &'q dyn Facts) -> Types<'q> {
        let scopes = Scopes::new(query);
        let known = settle(&scopes, &Kind::Unknown, &|id, known| {
            let typing = Typing {
                scopes: &scopes,
                facts,
                known,
            };
            kinds_as_declared(&typing, id)
        });
        Types {
            scopes,
            facts,
            known,
        }
    }

    /// The type of the column at `position` of a relation.
    pub fn column(&self, relation: RelationId, position: usize) -> Option<DataType> {
        let kind = self.known.get(relation, position).clone();
        kind.data_type(self.facts.dialect())
    }

    /// The type of an expression that stands anywhere in the query.
    pub fn expression(&self, expression: &Expression) -> Option<DataType> {
        let typing = Typing {
            scopes: &self.scopes,
            facts: self.facts,
            known: &self.known,
        };
        typing.kind(expression, 0).data_type(self.facts.dialect())
    }
}

/// What is known of the type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Nothing.
    Unknown,
    /// `NULL`, which takes any type.
    Null,
    /// A constant whole number of at most 32 bits, which takes the type of the number beside it.
    Whole,
    /// It is this type.
    Of(DataType),
}

impl Kind {
    fn data_type(self, dialect: Option<Dialect>) -> Option<DataType> {
        match self {
            Kind::Of(data_type) => Some(data_type),
            Kind::Whole => match dialect? {
                Dialect::BigQuery => Some(DataType::Integer(64)),
                Dialect::Athena
                | Dialect::Databricks
                | Dialect::DuckDb
                | Dialect::Hive
                | Dialect::Postgres
                | Dialect::Redshift
                | Dialect::Spark
                | Dialect::SqlServer
                | Dialect::Trino => Some(DataType::Integer(32)),
                _ => None,
            },
            Kind::Unknown | Kind::Null => None,
        }
    }
}

/// The types of a relation's columns, and those that are declared of the table that it stands for where
/// its query does not tell.
fn kinds_as_declared(typing: &Typing<'_, '_>, id: RelationId) -> Vec<Kind> {
    let mut kinds = kinds(typing, id);
    let Some(table) = typing.facts.stands_for(id) else {
        return kinds;
    };
    let columns = &typing.scopes.query.relation(id).columns;
    for (column, kind) in columns.iter().zip(&mut kinds) {
        let declared = || typing.facts.data_type(table, column.name.as_ref()?);
        if *kind == Kind::Unknown
            && let Some(declared) = declared()
        {
            *kind = Kind::Of(declared);
        }
    }
    kinds
}

fn kinds(typing: &Typing<'_, '_>, id: RelationId) -> Vec<Kind> {
    let relation = typing.scopes.query.relation(id);
    let positions = 0..relation.columns.len();
    match &relation.body {
        Body::Select(select) => {
            let values = select.projection.iter();
            values.map(|value| typing.kind(value, 0)).collect()
        }
        Body::Set(set) => positions
            .map(|at| unify_all([set.left, set.right].map(|side| typing.known.get(side, at))))
            .collect(),
        Body::Recursive { seed, step, .. } => positions
            .map(|at| unify_all([*seed, *step].map(|side| typing.known.get(side, at))))
            .collect(),
        Body::Values(rows) => positions
            .map(|at| {
                let values = rows.iter().filter_map(|row| row.get(at));
                let kinds: Vec<Kind> = values.map(|value| typing.kind(value, 0)).collect();
                unify_all(&kinds)
            })
            .collect(),
        Body::Unknown { .. } => vec![Kind::Unknown; relation.columns.len()],
    }
}
