//! Arguments of functions.

use super::name::{lower_dotted, named};
use super::{Names, expression, lambda, unsupported};
use crate::dialect::Dialect;
use crate::functions::canonical;
use crate::relation::{Call, Expression};
use smol_str::SmolStr;
use sqlparser::ast::{FunctionArg, FunctionArgExpr, ObjectName};

/// A function that stands in `FROM`. Arguments with names come after the others, as calls of `named`,
/// sorted by name; `input =>` of `FLATTEN` is its first argument.
pub(in crate::lower) fn table_function(
    names: &mut dyn Names,
    name: &ObjectName,
    arguments: &[FunctionArg],
) -> Call {
    let function = SmolStr::new(canonical(&lower_dotted(name), names.dialect()));
    let mut arguments = match all(names, arguments) {
        Ok(arguments) => arguments,
        Err(known) => vec![unsupported(known)],
    };
    if function == "flatten" {
        let is_input = |argument: &Expression| {
            matches!(argument, Expression::Call(call)
            if call.function == "named" && call.arguments.first() == Some(&Expression::text("input")))
        };
        if let Some(at) = arguments.iter().position(is_input) {
            let input = arguments.remove(at);
            if let Expression::Call(call) = input {
                arguments.splice(0..0, call.arguments.into_iter().nth(1));
            }
        }
    }
    Call {
        function,
        arguments,
    }
}

/// All arguments, those with names last; in `Err`, those that are known, where a wildcard is not.
pub(super) fn all(
    names: &mut dyn Names,
    arguments: &[FunctionArg],
) -> Result<Vec<Expression>, Vec<Expression>> {
    let mut plain = Vec::with_capacity(arguments.len());
    let mut with_names: Vec<(String, Expression)> = Vec::new();
    let mut known = true;
    for argument in arguments {
        let (name, value) = match argument {
            FunctionArg::Unnamed(value) => (None, value),
            FunctionArg::Named { name, arg, .. } => (Some(name.value.to_ascii_lowercase()), arg),
            FunctionArg::ExprNamed { name, arg, .. } => {
                let name = match name {
                    sqlparser::ast::Expr::Value(value) => value.value.clone().into_string(),
                    sqlparser::ast::Expr::Identifier(ident) => Some(ident.value.clone()),
                    _ => None,
                };
                known &= name.is_some();
                (name, arg)
            }
        };
        let values = match value {
            FunctionArgExpr::Expr(value) => {
                let lambda = match names.dialect() {
                    // The dialects that the parser does not know to have lambdas.
                    Dialect::Trino | Dialect::Athena => lambda::misread(names, value),
                    _ => None,
                };
                vec![lambda.unwrap_or_else(|| expression(names, value))]
            }
            FunctionArgExpr::Wildcard => wildcard(names, None, &mut known),
            FunctionArgExpr::QualifiedWildcard(qualifier) => {
                wildcard(names, Some(qualifier), &mut known)
            }
            FunctionArgExpr::WildcardWithOptions(_) => {
                known = false;
                names.wildcard(None).unwrap_or_default()
            }
        };
        match name {
            None => plain.extend(values),
            Some(name) => with_names.extend(values.into_iter().map(|value| (name.clone(), value))),
        }
    }
    with_names.sort_by(|(left, _), (right, _)| left.cmp(right));
    plain.extend(
        with_names
            .into_iter()
            .map(|(name, value)| named(&name, value)),
    );
    if known { Ok(plain) } else { Err(plain) }
}

fn wildcard(
    names: &mut dyn Names,
    qualifier: Option<&ObjectName>,
    known: &mut bool,
) -> Vec<Expression> {
    let columns = names.wildcard(qualifier);
    *known &= columns.is_some();
    columns.unwrap_or_default()
}
