//! Whether functions of one row, casts and divisions give `NULL`.

use super::context::{Deriving, Place};
use super::{CauseKind, Nullability};
use sql::Dialect;
use sql::functions::{Nulls, function};
use sql::relation::{Call, Cast, DataType, Expression, Literal, Operator};

impl Deriving<'_, '_> {
    /// Whether a function of one row gives `NULL`.
    pub(super) fn call(&self, call: &Call, place: Place<'_>) -> Nullability {
        match call.function.as_str() {
            "coalesce" | "greatest_ignoring_nulls" | "least_ignoring_nulls" => {
                self.unless_one_is_there(&call.arguments, place)
            }
            "nullif" => {
                let value = call.arguments.first();
                let value = value.map_or(Nullability::Unknown, |value| self.value(value, place));
                value.or(place.possible(CauseKind::NullIf))
            }
            "greatest_by_dialect" | "least_by_dialect" => match self.any(&call.arguments, place) {
                Nullability::Never => Nullability::Never,
                _ => Nullability::Unknown,
            },
            name => match function(name).map(|function| function.nulls) {
                Some(Nulls::Never) => Nullability::Never,
                Some(Nulls::IfAnyNull) => self.any(&call.arguments, place),
                Some(Nulls::Maybe) => {
                    let arguments = self.any(&call.arguments, place);
                    arguments.or(place.possible(CauseKind::Function(call.function.clone())))
                }
                Some(Nulls::IfNoValue | Nulls::Unknown) | None => Nullability::Unknown,
            },
        }
    }

    /// `NULL` only if all are.
    fn unless_one_is_there(&self, values: &[Expression], place: Place<'_>) -> Nullability {
        let mut first = None;
        let mut is_unknown = false;
        for value in values {
            match self.value(value, place) {
                Nullability::Never => return Nullability::Never,
                Nullability::Unknown => is_unknown = true,
                possible @ Nullability::Possible(_) => {
                    first.get_or_insert(possible);
                }
            }
        }
        if is_unknown {
            return Nullability::Unknown;
        }
        first.unwrap_or(Nullability::Unknown)
    }

    /// Whether a change of type gives `NULL`.
    pub(super) fn cast(&self, cast: &Cast, place: Place<'_>) -> Nullability {
        let value = self.value(&cast.value, place);
        let is_text = matches!(cast.to, DataType::Text(_));
        if cast.or_null && !is_text {
            return value.or(place.possible(CauseKind::TryCast));
        }
        if value != Nullability::Never || is_text || self.fits(&cast.value) {
            return value;
        }
        match self.facts.dialect() {
            Some(
                Dialect::Athena
                | Dialect::BigQuery
                | Dialect::DuckDb
                | Dialect::Postgres
                | Dialect::Redshift
                | Dialect::Snowflake
                | Dialect::SqlServer
                | Dialect::Trino,
            ) => Nullability::Never,
            // What does not fit becomes NULL in some, and fails in others.
            _ => Nullability::Unknown,
        }
    }

    /// Whether a value has a type of which no value is `NULL` in another, in any dialect.
    fn fits(&self, value: &Expression) -> bool {
        if matches!(value, Expression::Literal(_)) {
            return true;
        }
        matches!(
            self.types.expression(value),
            Some(
                DataType::Boolean | DataType::Integer(_) | DataType::Date | DataType::Timestamp(_)
            )
        )
    }

    /// What is divided by `divisor`, neither of them `NULL`.
    pub(super) fn division(&self, divisor: &Expression, place: Place<'_>) -> Nullability {
        if is_not_zero(divisor) {
            return Nullability::Never;
        }
        match self.facts.dialect() {
            Some(
                Dialect::Athena
                | Dialect::BigQuery
                | Dialect::Postgres
                | Dialect::Redshift
                | Dialect::Snowflake
                | Dialect::SqlServer
                | Dialect::Trino,
            ) => Nullability::Never,
            Some(Dialect::MySql | Dialect::Sqlite) => place.possible(CauseKind::DivisionByZero),
            // It depends on the version or on settings.
            _ => Nullability::Unknown,
        }
    }
}

fn is_not_zero(divisor: &Expression) -> bool {
    match divisor {
        Expression::Literal(Literal::Number(written)) => {
            let digits = written.split(['e', 'E']).next().unwrap_or_default();
            digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
        }
        Expression::Operation(operation) if operation.operator == Operator::Negate => {
            operation.operands.iter().all(is_not_zero)
        }
        _ => false,
    }
}
