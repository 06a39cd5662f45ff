//! Lambdas: their parameters are names of their own, and no columns.

use super::{Names, expression};
use crate::dialect::Dialect;
use crate::relation::{Expression, RelationId};
use sqlparser::ast::{self, BinaryOperator, Expr, LambdaFunction, OneOrManyWithParens};
use sqlparser::tokenizer::Location;

/// `x -> x + 1`: a call of `lambda` with how many parameters it has and its body, in which they are
/// calls of `parameter` with their number, the outermost ones first. So their names do not matter.
pub(super) fn lambda(names: &mut dyn Names, lambda: &LambdaFunction) -> Expression {
    let parameters = match &lambda.params {
        OneOrManyWithParens::One(one) => vec![&one.name],
        OneOrManyWithParens::Many(many) => many.iter().map(|one| &one.name).collect(),
    };
    bound(names, &parameters, &lambda.body)
}

/// A lambda that the parser took for an arrow between two values, in a dialect that it does not
/// know to have them.
pub(super) fn misread(names: &mut dyn Names, argument: &Expr) -> Option<Expression> {
    let Expr::BinaryOp {
        left,
        op: BinaryOperator::Arrow,
        right,
    } = argument
    else {
        return misread_to_the_left(names, argument);
    };
    let parameters = parameters(left)?;
    Some(bound(names, &parameters, right))
}

/// `x -> x + 1` read as `(x -> x) + 1`: what stands behind the arrow goes on to the end.
fn misread_to_the_left(names: &mut dyn Names, argument: &Expr) -> Option<Expression> {
    let mut first = argument;
    loop {
        if let Expr::BinaryOp { left, op, .. } = first
            && *op == BinaryOperator::Arrow
        {
            let parameters = parameters(left)?;
            return Some(bound(names, &parameters, &without_arrow(argument)));
        }
        first = leftmost(first)?;
    }
}

/// `x + 1` of `(x -> x) + 1`.
fn without_arrow(argument: &Expr) -> Expr {
    let mut body = argument.clone();
    let mut first = &mut body;
    loop {
        match first {
            Expr::BinaryOp { op, right, .. } if *op == BinaryOperator::Arrow => {
                let behind = std::mem::replace(right.as_mut(), Expr::Tuple(Vec::new()));
                *first = behind;
                return body;
            }
            Expr::BinaryOp { left: next, .. }
            | Expr::IsNull(next)
            | Expr::IsNotNull(next)
            | Expr::Between { expr: next, .. }
            | Expr::In { expr: next, .. }
            | Expr::Like { expr: next, .. } => first = next,
            _ => return body,
        }
    }
}

/// What an expression begins with, where that is an expression.
fn leftmost(expression: &Expr) -> Option<&Expr> {
    match expression {
        Expr::BinaryOp { left: first, .. }
        | Expr::IsNull(first)
        | Expr::IsNotNull(first)
        | Expr::Between { expr: first, .. }
        | Expr::In { expr: first, .. }
        | Expr::Like { expr: first, .. } => Some(first),
        _ => None,
    }
}

/// The names before an arrow.
fn parameters(left: &Expr) -> Option<Vec<&ast::Ident>> {
    match left {
        Expr::Identifier(one) => Some(vec![one]),
        Expr::Nested(inner) => parameters(inner),
        Expr::Tuple(many) => many
            .iter()
            .map(|one| match one {
                Expr::Identifier(one) => Some(one),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

fn bound(names: &mut dyn Names, parameters: &[&ast::Ident], body: &Expr) -> Expression {
    let mut scope = Scope::new(names, parameters);
    let body = expression(&mut scope, body);
    let count = Expression::number(parameters.len().to_string());
    Expression::call("lambda", [count, body])
}

/// The names around a lambda, with its parameters in front of them.
struct Scope<'n> {
    names: &'n mut dyn Names,
    /// How many parameters there are around it.
    first: usize,
    parameters: Vec<String>,
}

impl<'n> Scope<'n> {
    fn new(names: &'n mut dyn Names, parameters: &[&ast::Ident]) -> Scope<'n> {
        Scope {
            first: names.parameters(),
            parameters: parameters.iter().map(|name| name.value.clone()).collect(),
            names,
        }
    }
}

impl Names for Scope<'_> {
    fn dialect(&self) -> Dialect {
        self.names.dialect()
    }

    fn column(&mut self, parts: &[ast::Ident]) -> Expression {
        let own = parts.split_first().and_then(|(name, fields)| {
            let is_own = |own: &String| own.eq_ignore_ascii_case(&name.value);
            Some((self.parameters.iter().position(is_own)?, fields))
        });
        let Some((position, fields)) = own else {
            return self.names.column(parts);
        };
        let number = Expression::number((self.first + position).to_string());
        let parameter = Expression::call("parameter", [number]);
        fields.iter().fold(parameter, |value, field| {
            let name = Expression::text(field.value.as_str());
            Expression::call("field", [value, name])
        })
    }

    fn subquery(&mut self, query: &ast::Query) -> RelationId {
        self.names.subquery(query)
    }

    fn named_window(&mut self, name: &ast::Ident) -> Option<ast::WindowSpec> {
        self.names.named_window(name)
    }

    fn is_hole(&self, ident: &ast::Ident) -> bool {
        self.names.is_hole(ident)
    }

    fn is_list_hole(&self, location: Location) -> bool {
        self.names.is_list_hole(location)
    }

    fn wildcard(&mut self, qualifier: Option<&ast::ObjectName>) -> Option<Vec<Expression>> {
        self.names.wildcard(qualifier)
    }

    fn parameters(&self) -> usize {
        self.first + self.parameters.len()
    }
}
