//! Expressions that stand on their own, outside of any query: a guarantee's value, a predicate of a
//! test. What the names in them stand for is for whoever asks to say.

use super::expression::{Names, expression};
use crate::analysis::message;
use crate::dialect::Dialect;
use crate::lexeme::lex;
use crate::parse::Fragment;
use crate::relation::{Expression, InputId, RelationId, Unknown, UnknownReason};
use crate::template::Mask;
use sqlparser::ast::{Ident, ObjectName, Query, WindowSpec};
use syntax::Name;

/// An expression whose names are not resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeExpression {
    /// Its value. An [`Expression::Column`] in it is a name, and its input is the place in `qualifiers`
    /// of what stands before it.
    pub value: Expression,
    /// What stands before the columns, each once, in the order of the text; empty for a bare one.
    pub qualifiers: Vec<Vec<Name>>,
}

/// Reads an expression on its own.
///
/// # Errors
/// Where it does not parse, or has a query or a star in it, in words without a full stop.
pub fn free_expression(text: &str, dialect: Dialect) -> Result<FreeExpression, String> {
    let lexed = lex(&Mask::plain(text), dialect);
    let fragment = Fragment::of(&lexed.lexemes, 0, dialect);
    let parsed = fragment.expression().map_err(|failure| failure.message)?;
    let mut names = FreeNames {
        dialect,
        qualifiers: Vec::new(),
        has_query: false,
    };
    let value = expression(&mut names, &parsed);
    if names.has_query {
        return Err("A query inside of an expression is not understood here".to_owned());
    }
    Ok(FreeExpression {
        value,
        qualifiers: names.qualifiers,
    })
}

/// Why a text is no expression, in words without a full stop; `None` where it is one, be it of a kind that is
/// not understood.
pub fn expression_problem(text: &str, dialect: Dialect) -> Option<String> {
    let lexed = lex(&Mask::plain(text), dialect);
    let fragment = Fragment::of(&lexed.lexemes, 0, dialect);
    let failure = fragment.expression().err()?;
    let found = failure.token.and_then(|at| lexed.lexemes.get(at));
    Some(message(text, &failure, found))
}

/// Takes every name for a column, and notes what stands before it.
struct FreeNames {
    dialect: Dialect,
    qualifiers: Vec<Vec<Name>>,
    has_query: bool,
}

impl Names for FreeNames {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn column(&mut self, parts: &[Ident]) -> Expression {
        let Some((column, qualifier)) = parts.split_last() else {
            return Expression::Unknown(Unknown {
                reason: UnknownReason::NoSuchColumn,
                over: Vec::new(),
                name: None,
            });
        };
        let qualifier: Vec<Name> = qualifier
            .iter()
            .map(|part| Name::new(&part.value))
            .collect();
        let known = self.qualifiers.iter().position(|known| *known == qualifier);
        let place = known.unwrap_or_else(|| {
            self.qualifiers.push(qualifier);
            self.qualifiers.len() - 1
        });
        Expression::Column {
            input: InputId(u32::try_from(place).unwrap_or(u32::MAX)),
            name: Name::new(&column.value),
        }
    }

    fn subquery(&mut self, _: &Query) -> RelationId {
        self.has_query = true;
        RelationId(0)
    }

    fn named_window(&mut self, _: &Ident) -> Option<WindowSpec> {
        None
    }

    fn is_hole(&self, _: &Ident) -> bool {
        false
    }

    fn wildcard(&mut self, _: Option<&ObjectName>) -> Option<Vec<Expression>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_what_stands_before_them() {
        let free = free_expression(
            "COALESCE(SUM(order_lines.quantity * raw.lines.price), total)",
            Dialect::Postgres,
        )
        .unwrap();
        let qualifiers: Vec<String> = free
            .qualifiers
            .iter()
            .map(|parts| syntax::name::dotted(parts))
            .collect();
        assert_eq!(qualifiers, ["order_lines", "raw.lines", ""]);
        let mut aggregates = 0;
        free.value.for_each(&mut |part| {
            aggregates += usize::from(matches!(part, Expression::Aggregate(_)));
        });
        assert_eq!(aggregates, 1);
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for text in ["", "a +", "a b c", "(select 1)", "x in (select y from t)"] {
            assert!(free_expression(text, Dialect::Postgres).is_err(), "{text}");
        }
    }
}
