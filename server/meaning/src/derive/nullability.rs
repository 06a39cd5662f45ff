//! Whether a column can be `NULL`.

mod aggregate;
mod call;
mod context;
mod expression;
mod join;
mod outcome;
mod row;

use super::data_type::Types;
use super::facts::Facts;
use super::scope::{Known, Scopes, settle};
use context::Deriving;
use smol_str::SmolStr;
use sql::relation::{Body, Column, Expression, InputId, Query, RelationId, Select};

/// Whether the column at `position` of a relation can be `NULL`.
///
/// Who asks for several columns of a query asks [`Nullabilities`].
pub fn nullability(
    query: &Query,
    relation: RelationId,
    position: usize,
    facts: &dyn Facts,
) -> Nullability {
    Nullabilities::new(query, facts)
        .column(relation, position)
        .clone()
}

/// Whether a value in a clause of a `SELECT` that sees its tables, such as `WHERE`, can be `NULL`, of all
/// rows that these give.
pub fn nullability_in(
    query: &Query,
    relation: RelationId,
    value: &Expression,
    facts: &dyn Facts,
) -> Nullability {
    let mut query = query.clone();
    let own = query.relations.get_mut(relation.0 as usize);
    let Some((select, columns)) = own.and_then(|own| match &mut own.body {
        Body::Select(select) => Some((select, &mut own.columns)),
        _ => None,
    }) else {
        return Nullability::Unknown;
    };
    **select = Select {
        projection: vec![value.clone()],
        from: select.from.take(),
        ..Select::default()
    };
    *columns = vec![Column {
        name: None,
        implicit: false,
    }];
    query.root = relation;
    nullability(&query, relation, 0, facts)
}

/// Whether a value can be `NULL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nullability {
    /// It can't, for no data that keeps what is declared.
    Never,
    /// An operator makes it `NULL` for some data, and nothing declared rules that out.
    Possible(Cause),
    /// It does not follow.
    Unknown,
}

/// An operator that makes a value `NULL` for some data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The relation in whose clauses it stands.
    pub relation: RelationId,
    /// Which operator.
    pub kind: CauseKind,
}

/// A kind of operator that makes values `NULL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// An outer join, for rows without a partner. The input is the first one of the side whose
    /// columns are then `NULL`.
    OuterJoin(InputId),
    /// `CASE` without `ELSE`, or with `ELSE NULL`.
    CaseWithoutElse,
    /// A constant `NULL`, also as one branch of a `CASE` or a set operation.
    Null,
    /// `NULLIF`, also where it is written as a `CASE`.
    NullIf,
    /// An aggregate of a query without `GROUP BY`, or with a `FILTER`, where no row is left.
    AggregateOverNoRows,
    /// A query in an expression, that may give no row.
    EmptySubquery(RelationId),
    /// A key that some of the grouping sets do not have.
    GroupingSets,
    /// `TRY_CAST`, of a value that does not fit.
    TryCast,
    /// A division by zero, in a dialect where it gives `NULL`.
    DivisionByZero,
    /// A function that gives `NULL` for some arguments, none of which is.
    Function(SmolStr),
    /// `LAG`, `LEAD` and their like, where there is no such row.
    Window(SmolStr),
    /// A window function over a frame without rows.
    EmptyFrame,
}

/// Whether the columns of a query can be `NULL`.
pub struct Nullabilities<'q> {
    known: Known<'q, Nullability>,
}

impl<'q> Nullabilities<'q> {
    /// Works it out for all columns of `query`.
    pub fn new(query: &'q Query, facts: &'q dyn Facts) -> Nullabilities<'q> {
        let scopes = Scopes::new(query);
        let types = Types::new(query, facts);
        let known = settle(&scopes, &Nullability::Unknown, &|id, known| {
            let deriving = Deriving {
                scopes: &scopes,
                facts,
                types: &types,
                known,
            };
            deriving.columns_as_declared(id)
        });
        Nullabilities { known }
    }

    /// Whether the column at `position` of a relation can be `NULL`.
    pub fn column(&self, relation: RelationId, position: usize) -> &Nullability {
        self.known.get(relation, position)
    }
}

impl Nullability {
    /// That of a value that is `NULL` where one of these is: the first cause counts, and one that is
    /// not known counts more than those that can't be.
    fn any(parts: impl IntoIterator<Item = Nullability>) -> Nullability {
        let mut all = Nullability::Never;
        for part in parts {
            all = all.or(part);
        }
        all
    }

    fn or(self, other: Nullability) -> Nullability {
        match (&self, &other) {
            (Nullability::Possible(_), _) | (_, Nullability::Never) => self,
            _ => other,
        }
    }
}
