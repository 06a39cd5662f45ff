//! Conditions that are written with words: `IN`, `BETWEEN`, `LIKE`, `ANY` and their like.

use super::binary::comparison;
use super::{
    Names, all_of, call_of, expression, is_small, joined, negated_if, not, of_query, unsupported,
};
use crate::relation::{Expression, Operator, SubqueryKind, Unknown, UnknownReason};
use sqlparser::ast::{self, BinaryOperator, Expr, InTarget};

/// `x BETWEEN low AND high`, as two comparisons.
pub(super) fn between(names: &mut dyn Names, value: &Expr, low: &Expr, high: &Expr) -> Expression {
    let value = expression(names, value);
    let low = expression(names, low);
    let high = expression(names, high);
    if !is_small(&value) {
        return Expression::call("between", [value, low, high]);
    }
    let least = Expression::operation(Operator::GreaterOrEqual, [value.clone(), low]);
    let most = Expression::operation(Operator::LessOrEqual, [value, high]);
    Expression::operation(Operator::And, [least, most])
}

/// `x IN …`
pub(super) fn is_in(names: &mut dyn Names, value: &Expr, target: &InTarget) -> Expression {
    match target {
        InTarget::List(list) => {
            let value = expression(names, value);
            if let [Expr::Value(only)] = list.as_slice()
                && names.is_list_hole(only.span.start)
            {
                let unknown = Expression::Unknown(Unknown {
                    reason: UnknownReason::Template,
                    over: Vec::new(),
                    name: None,
                });
                return in_list(value, vec![unknown]);
            }
            in_list(value, all_of(names, list))
        }
        InTarget::Subquery(query) => in_query(names, value, query),
        InTarget::Unnest(array) => call_of(names, "any_equal", [value, &**array]),
        InTarget::Table { .. } => {
            let value = expression(names, value);
            unsupported(vec![value])
        }
    }
}

fn in_list(value: Expression, list: Vec<Expression>) -> Expression {
    let mut operands = vec![value];
    operands.extend(list);
    Expression::operation(Operator::In, operands)
}

fn in_query(names: &mut dyn Names, value: &Expr, query: &ast::Query) -> Expression {
    let values = match without_parentheses(value) {
        Expr::Tuple(values) => all_of(names, values),
        one => vec![expression(names, one)],
    };
    of_query(SubqueryKind::In(values), names.subquery(query))
}

/// `x = ANY …`
pub(super) fn any(
    names: &mut dyn Names,
    left: &Expr,
    operator: &BinaryOperator,
    right: &Expr,
) -> Expression {
    compared_with_many(names, left, operator, right, true)
}

/// `x = ALL …`
pub(super) fn all(
    names: &mut dyn Names,
    left: &Expr,
    operator: &BinaryOperator,
    right: &Expr,
) -> Expression {
    compared_with_many(names, left, operator, right, false)
}

fn compared_with_many(
    names: &mut dyn Names,
    left: &Expr,
    operator: &BinaryOperator,
    right: &Expr,
    any: bool,
) -> Expression {
    let Some(comparison) = comparison(operator) else {
        let parts = all_of(names, [left, right]);
        return unsupported(parts);
    };
    match without_parentheses(right) {
        Expr::Subquery(query) => match (any, comparison) {
            (true, Operator::Equal) => in_query(names, left, query),
            (false, Operator::NotEqual) => not(in_query(names, left, query)),
            _ => {
                let left = Box::new(expression(names, left));
                let kind = if any {
                    SubqueryKind::Any(comparison, left)
                } else {
                    SubqueryKind::All(comparison, left)
                };
                of_query(kind, names.subquery(query))
            }
        },
        Expr::Tuple(list) => compared_with_list(names, left, comparison, list, any),
        Expr::Array(array) => compared_with_list(names, left, comparison, &array.elem, any),
        other => {
            let quantifier = if any { "any" } else { "all" };
            let function = format!("{quantifier}_{}", word(comparison));
            call_of(names, &function, [left, other])
        }
    }
}

fn compared_with_list(
    names: &mut dyn Names,
    left: &Expr,
    comparison: Operator,
    list: &[Expr],
    any: bool,
) -> Expression {
    let left = expression(names, left);
    let list = all_of(names, list);
    match (any, comparison) {
        (true, Operator::Equal) => return in_list(left, list),
        (false, Operator::NotEqual) => return not(in_list(left, list)),
        _ => {}
    }
    let quantifier = if any { "any" } else { "all" };
    if list.is_empty() || !is_small(&left) {
        let function = format!("{quantifier}_{}", word(comparison));
        return Expression::call(function, [left, Expression::call("array", list)]);
    }
    let connective = if any { Operator::Or } else { Operator::And };
    list.into_iter()
        .map(|one| Expression::operation(comparison, [left.clone(), one]))
        .reduce(|left, right| joined(connective, left, right))
        .unwrap_or(Expression::NULL)
}

fn word(comparison: Operator) -> &'static str {
    match comparison {
        Operator::Equal => "equal",
        Operator::NotEqual => "not_equal",
        Operator::Less => "less",
        Operator::LessOrEqual => "less_or_equal",
        Operator::Greater => "greater",
        Operator::GreaterOrEqual => "greater_or_equal",
        Operator::Like => "like",
        _ => "like_ignoring_case",
    }
}

/// `LIKE` and `ILIKE`, also with `ANY`.
pub(super) fn like(names: &mut dyn Names, expr: &Expr) -> Expression {
    let (negated, any, value, pattern, escape, operator) = match expr {
        Expr::Like {
            negated,
            any,
            expr,
            pattern,
            escape_char,
        } => (negated, any, expr, pattern, escape_char, Operator::Like),
        Expr::ILike {
            negated,
            any,
            expr,
            pattern,
            escape_char,
        } => (
            negated,
            any,
            expr,
            pattern,
            escape_char,
            Operator::LikeIgnoringCase,
        ),
        _ => return unsupported(Vec::new()),
    };
    if let Some(escape) = escape {
        let function = match (operator, any) {
            (Operator::Like, false) => "like_escape",
            (Operator::Like, true) => "any_like_escape",
            (_, false) => "like_ignoring_case_escape",
            (_, true) => "any_like_ignoring_case_escape",
        };
        let like = call_of(names, function, [&**value, &**pattern, &**escape]);
        return negated_if(*negated, like);
    }
    if *any {
        let compared = if operator == Operator::Like {
            BinaryOperator::PGLikeMatch
        } else {
            BinaryOperator::PGILikeMatch
        };
        let any = match without_parentheses(pattern) {
            Expr::Subquery(_) | Expr::Tuple(_) | Expr::Array(_) => {
                compared_with_many(names, value, &compared, pattern, true)
            }
            // `LIKE ANY ('a')`: the parentheses of a list of one are gone.
            one if matches!(**pattern, Expr::Nested(_)) => {
                compared_with_list(names, value, operator, std::slice::from_ref(one), true)
            }
            _ => compared_with_many(names, value, &compared, pattern, true),
        };
        return negated_if(*negated, any);
    }
    let value = expression(names, value);
    let pattern = expression(names, pattern);
    negated_if(*negated, Expression::operation(operator, [value, pattern]))
}

/// `RLIKE`, `REGEXP`, `SIMILAR TO`
pub(super) fn matches(names: &mut dyn Names, expr: &Expr) -> Expression {
    match expr {
        Expr::SimilarTo {
            negated,
            expr,
            pattern,
            escape_char,
        } => {
            let mut parts = vec![&**expr, &**pattern];
            parts.extend(escape_char.as_deref());
            negated_if(*negated, call_of(names, "similar_to", parts))
        }
        Expr::RLike {
            negated,
            expr,
            pattern,
            regexp: _,
        } => {
            let like = call_of(names, "regexp_like", [&**expr, &**pattern]);
            negated_if(*negated, like)
        }
        _ => unsupported(Vec::new()),
    }
}

/// `IS JSON`, `IS NORMALIZED`
pub(super) fn form_of_text(names: &mut dyn Names, expr: &Expr) -> Expression {
    let (value, function, options, negated) = match expr {
        Expr::IsJson {
            expr,
            kind,
            unique_keys,
            negated,
        } => {
            let kind = kind.as_ref().map(ToString::to_string);
            let unique = unique_keys.as_ref().map(ToString::to_string);
            (expr, "is_json", [kind, unique], negated)
        }
        Expr::IsNormalized {
            expr,
            form,
            negated,
        } => {
            let form = form.as_ref().map(ToString::to_string);
            (expr, "is_normalized", [form, None], negated)
        }
        _ => return unsupported(Vec::new()),
    };
    let mut arguments = vec![expression(names, value)];
    arguments.extend(options.into_iter().flatten().map(Expression::text));
    negated_if(*negated, Expression::call(function, arguments))
}

/// `MATCH (a, b) AGAINST ('text')` in MySQL.
pub(super) fn match_against(names: &mut dyn Names, expr: &Expr) -> Expression {
    let Expr::MatchAgainst {
        columns,
        match_value,
        opt_search_modifier,
    } = expr
    else {
        return unsupported(Vec::new());
    };
    let mut arguments = vec![super::literal::value(&match_value.value)];
    let modifier = opt_search_modifier.as_ref().map(ToString::to_string);
    arguments.push(Expression::text(modifier.unwrap_or_default()));
    for column in columns {
        let parts = super::name::idents(column).unwrap_or_default();
        let parts: Vec<ast::Ident> = parts.into_iter().cloned().collect();
        arguments.push(names.column(&parts));
    }
    Expression::call("match_against", arguments)
}

fn without_parentheses(expr: &Expr) -> &Expr {
    let mut inner = expr;
    while let Expr::Nested(nested) = inner {
        inner = nested;
    }
    inner
}
