//! Ways into a value: subscripts, fields, paths into JSON.

use super::call::method;
use super::{Names, expression, text_of, unsupported};
use crate::dialect::Dialect;
use crate::relation::Expression;
use sqlparser::ast::{
    AccessExpr, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, JsonPath,
    JsonPathElem, ObjectNamePart, Subscript,
};

/// Longer ways are not followed: each step is one deeper.
const MOST_LINKS: usize = 100;

/// `a.b[0].c`: dots right after the name belong to it.
pub(super) fn chain(names: &mut dyn Names, root: &Expr, links: &[AccessExpr]) -> Expression {
    let mut parts: Vec<Ident> = match root {
        Expr::Identifier(ident) => vec![ident.clone()],
        Expr::CompoundIdentifier(idents) => idents.clone(),
        _ => Vec::new(),
    };
    let mut rest = links;
    let mut value = if parts.is_empty() {
        expression(names, root)
    } else {
        while let Some((AccessExpr::Dot(Expr::Identifier(ident)), after)) = rest.split_first() {
            parts.push(ident.clone());
            rest = after;
        }
        super::name::name(names, &parts)
    };
    if rest.len() > MOST_LINKS {
        return unsupported(vec![value]);
    }
    for link in rest {
        value = match link {
            AccessExpr::Dot(Expr::Identifier(field)) => {
                if names.is_hole(field) {
                    super::unknown(crate::relation::UnknownReason::Template, vec![value])
                } else {
                    Expression::call("field", [value, Expression::text(field.value.as_str())])
                }
            }
            AccessExpr::Dot(Expr::Function(function)) => method(names, value, function),
            // `tuple.1`
            AccessExpr::Dot(Expr::Value(position)) => {
                let position = super::literal::value(&position.value);
                Expression::call("element_from_one", [value, position])
            }
            AccessExpr::Dot(other) => {
                let other = expression(names, other);
                unsupported(vec![value, other])
            }
            AccessExpr::Subscript(subscript) => subscripted(names, value, subscript),
        };
    }
    value
}

/// `$1`, `t.$1`: a column by its position, in Snowflake.
pub(super) fn positional(
    names: &mut dyn Names,
    table: Option<&Ident>,
    written: &str,
) -> Option<Expression> {
    if names.dialect() != Dialect::Snowflake {
        return None;
    }
    let position = written.strip_prefix('$')?.parse::<usize>().ok()?;
    names.positional(table, position.checked_sub(1)?)
}

fn subscripted(names: &mut dyn Names, value: Expression, subscript: &Subscript) -> Expression {
    match subscript {
        Subscript::Index { index } => {
            if let Some((function, index)) = counted(names.dialect(), index) {
                return Expression::call(function, [value, expression(names, index)]);
            }
            let index = expression(names, index);
            reached(value, index)
        }
        Subscript::Slice {
            lower_bound,
            upper_bound,
            stride,
        } => {
            let mut arguments = vec![value];
            for bound in [lower_bound, upper_bound] {
                arguments.push(match bound {
                    Some(bound) => expression(names, bound),
                    None => Expression::NULL,
                });
            }
            arguments.extend(stride.as_ref().map(|stride| expression(names, stride)));
            Expression::call("slice", arguments)
        }
    }
}

/// BigQuery's words for how an index counts. `OFFSET` is how one without a word counts.
fn counted(dialect: Dialect, index: &Expr) -> Option<(&'static str, &Expr)> {
    let Expr::Function(function) = index else {
        return None;
    };
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else {
        return None;
    };
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let [FunctionArg::Unnamed(FunctionArgExpr::Expr(inner))] = list.args.as_slice() else {
        return None;
    };
    if !matches!(dialect, Dialect::BigQuery | Dialect::Generic) {
        return None;
    }
    let element = match name.value.to_ascii_lowercase().as_str() {
        "offset" => "element",
        "ordinal" => "element_from_one",
        "safe_offset" => "element_or_null",
        "safe_ordinal" => "element_from_one_or_null",
        _ => return None,
    };
    Some((element, inner))
}

/// A field where the key is a text, an element otherwise.
pub(super) fn reached(value: Expression, key: Expression) -> Expression {
    let function = match text_of(&key) {
        Some(_) => "field",
        None => "element",
    };
    Expression::call(function, [value, key])
}

/// `a:b.c[0]`
pub(super) fn json_path(names: &mut dyn Names, value: &Expr, path: &JsonPath) -> Expression {
    let mut value = expression(names, value);
    if path.path.len() > MOST_LINKS {
        return unsupported(vec![value]);
    }
    for element in &path.path {
        value = match element {
            JsonPathElem::Dot { key, quoted: _ } => {
                Expression::call("field", [value, Expression::text(key.as_str())])
            }
            JsonPathElem::Bracket { key } | JsonPathElem::ColonBracket { key } => {
                let key = expression(names, key);
                reached(value, key)
            }
        };
    }
    value
}
