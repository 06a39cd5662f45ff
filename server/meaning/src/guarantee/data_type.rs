//! `orders.order_amount is DECIMAL(10,2)`

use super::cast::has_length_of_its_own;
use super::trace::made;
use super::{Answer, Contradiction, Piece, Reason};
use crate::derive::{Facts, data_type};
use sql::Dialect;
use sql::lower::data_type_of;
use sql::relation::{DataType, Expression, Query};

/// The type that a sentence asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedType {
    data_type: DataType,
    /// It is one that never has a length, so that any with a length is another.
    has_no_length: bool,
}

impl WantedType {
    /// The type that a sentence names; `None` where that can't be read.
    pub fn named(written: &str, dialect: Dialect) -> Option<WantedType> {
        // Elsewhere it is another word for `VARCHAR`.
        let knows_text = matches!(dialect, Dialect::Postgres | Dialect::MySql);
        Some(WantedType {
            data_type: data_type_of(written, dialect)?,
            has_no_length: knows_text && written.trim().eq_ignore_ascii_case("text"),
        })
    }
}

/// Whether the column at `position` has the type. Only a cast is a contradiction: what a function or an
/// operator gives is the database's to say.
pub fn has_type(
    query: &Query,
    position: usize,
    wanted: &WantedType,
    declared: &dyn Facts,
) -> Answer {
    let Some(made) = made(query, query.root, position) else {
        return Answer::Undecided(Reason::UnknownSql);
    };
    let dialect = declared.dialect();
    Answer::of_all(made.into_iter().map(|made| match made.value {
        Expression::Cast(cast) if fits(&cast.to, wanted, dialect) => Answer::Holds,
        // What length a text has that is given none, the database says.
        Expression::Cast(cast)
            if cast.to == DataType::Text(None)
                && matches!(wanted.data_type, DataType::Text(_))
                && has_length_of_its_own(dialect) =>
        {
            Answer::Undecided(Reason::NoProof)
        }
        // It may be half-typed, or another name of the same.
        Expression::Cast(cast) if !cast.to.is_known() => Answer::Undecided(Reason::UnknownSql),
        Expression::Cast(cast) => Answer::Contradicted(Contradiction {
            at: Piece::Column(made.relation, made.position),
            now: Some(cast.to.to_string()),
            witness: None,
        }),
        _ => match data_type(query, made.relation, made.position, declared) {
            Some(derived) if fits(&derived, wanted, dialect) => Answer::Holds,
            Some(_) => Answer::Undecided(Reason::NoProof),
            None => Answer::Undecided(Reason::NothingDeclared),
        },
    }))
}

/// Whether a type is the wanted one. A wanted one without length or precision is any of its kind.
fn fits(given: &DataType, wanted: &WantedType, dialect: Option<Dialect>) -> bool {
    match (given, &wanted.data_type) {
        (DataType::Text(Some(_)), DataType::Text(None)) => !wanted.has_no_length,
        (DataType::Decimal(..), DataType::Decimal(None, _))
        | (DataType::Array(_), DataType::Array(None)) => true,
        (DataType::Text(None), DataType::Text(Some(length))) => {
            dialect == Some(Dialect::Snowflake) && *length == LONGEST_OF_SNOWFLAKE
        }
        (DataType::Decimal(given, scale), DataType::Decimal(wanted, wanted_scale)) => {
            given == wanted && scale.unwrap_or(0) == wanted_scale.unwrap_or(0)
        }
        (given, wanted) => given == wanted,
    }
}

/// The length of a text of Snowflake that is given none.
const LONGEST_OF_SNOWFLAKE: u64 = 16_777_216;
