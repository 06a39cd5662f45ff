//! From the parser's expressions to ours.
//!
//! Everything that only spells another form is written in that form, as [`Expression`] asks for. What
//! is not modelled becomes an [`Expression::Unknown`] over its parts, so that lineage is kept. Names
//! and subqueries are left to the query around: see [`Names`].

mod access;
mod argument;
mod binary;
mod call;
mod cast;
mod construct;
mod form;
mod interval;
mod lambda;
mod literal;
mod name;
mod predicate;
mod text;
mod unit;
mod window;

#[cfg(test)]
mod tests;

pub(super) use argument::table_function;
pub(in crate::lower) use name::lower_dotted;
pub(super) use window::sort_key;

use crate::dialect::Dialect;
use crate::relation::{
    Case, Expression, Operator, RelationId, Subquery, SubqueryKind, Unknown, UnknownReason,
};
use sqlparser::ast::{self, Expr, UnaryOperator};
use sqlparser::tokenizer::Location;

/// What expressions ask of the queries around them.
pub(super) trait Names {
    /// The dialect of the file.
    fn dialect(&self) -> Dialect;
    /// What a dotted name stands for: a column, a field of one, an alias of the projection; an
    /// `Unknown` otherwise. Also records the mention.
    fn column(&mut self, parts: &[ast::Ident]) -> Expression;
    /// Lowers a query inside an expression.
    fn subquery(&mut self, query: &ast::Query) -> RelationId;
    /// The window of that name in the `WINDOW` clause.
    fn named_window(&mut self, name: &ast::Ident) -> Option<ast::WindowSpec>;
    /// Whether the identifier stands for a template tag whose text is not known.
    fn is_hole(&self, ident: &ast::Ident) -> bool;
    /// Whether what the parser sees at `location` stands for a list that is not known.
    fn is_list_hole(&self, _location: Location) -> bool {
        false
    }
    /// All columns of a qualified or bare wildcard inside an expression; `None` where they are not
    /// fully known.
    fn wildcard(&mut self, qualifier: Option<&ast::ObjectName>) -> Option<Vec<Expression>>;
    /// The column at a position, counted from 0, of the only table in scope or of `table`; `None`
    /// where that is not known.
    fn positional(&mut self, _table: Option<&ast::Ident>, _position: usize) -> Option<Expression> {
        None
    }
    /// How many parameters of lambdas are in scope.
    fn parameters(&self) -> usize {
        0
    }
}

/// Larger operands are not written twice: a form that would do so stays a call, so that forms inside
/// forms can't grow without bounds.
const MOST_PARTS_TWICE: usize = 60;

/// What `expr` means.
pub(super) fn expression(names: &mut dyn Names, expr: &Expr) -> Expression {
    match expr {
        Expr::Identifier(ident) => name::name(names, std::slice::from_ref(ident)),
        Expr::CompoundIdentifier(parts) => name::name(names, parts),
        Expr::CompoundFieldAccess { root, access_chain } => {
            access::chain(names, root, access_chain)
        }
        Expr::JsonAccess { value, path } => access::json_path(names, value, path),
        Expr::IsFalse(value) => unary(names, Operator::IsFalse, value),
        Expr::IsNotFalse(value) => not(unary(names, Operator::IsFalse, value)),
        Expr::IsTrue(value) => unary(names, Operator::IsTrue, value),
        Expr::IsNotTrue(value) => not(unary(names, Operator::IsTrue, value)),
        Expr::IsNull(value) | Expr::IsUnknown(value) => unary(names, Operator::IsNull, value),
        Expr::IsNotNull(value) | Expr::IsNotUnknown(value) => {
            not(unary(names, Operator::IsNull, value))
        }
        Expr::IsDistinctFrom(left, right) => not(pair(names, Operator::Same, left, right)),
        Expr::IsNotDistinctFrom(left, right) => pair(names, Operator::Same, left, right),
        Expr::IsJson { .. } | Expr::IsNormalized { .. } => predicate::form_of_text(names, expr),
        Expr::In {
            expr,
            target,
            negated,
            global: _,
        } => negated_if(*negated, predicate::is_in(names, expr, target)),
        Expr::Between {
            expr,
            negated,
            low,
            high,
        } => negated_if(*negated, predicate::between(names, expr, low, high)),
        Expr::BinaryOp { .. } => binary::chain(names, expr),
        Expr::Like { .. } | Expr::ILike { .. } => predicate::like(names, expr),
        Expr::SimilarTo { .. } | Expr::RLike { .. } => predicate::matches(names, expr),
        Expr::AnyOp {
            left,
            compare_op,
            right,
            is_some: _,
        } => predicate::any(names, left, compare_op, right),
        Expr::AllOp {
            left,
            compare_op,
            right,
        } => predicate::all(names, left, compare_op, right),
        Expr::UnaryOp { op, expr } => unary_operator(names, op, expr),
        Expr::Convert { .. } => cast::convert(names, expr),
        Expr::Cast {
            kind,
            expr,
            data_type,
            format,
        } => cast::cast(names, kind, expr, data_type, format.as_ref()),
        Expr::AtTimeZone {
            timestamp,
            time_zone,
        } => call_of(names, "at_time_zone", [&**timestamp, &**time_zone]),
        Expr::Extract {
            field,
            syntax: _,
            expr,
        } => unit::extract(names, field, expr),
        Expr::Ceil { .. }
        | Expr::Floor { .. }
        | Expr::Position { .. }
        | Expr::Substring { .. }
        | Expr::Trim { .. }
        | Expr::Overlay { .. }
        | Expr::Collate { .. } => text::with_keywords(names, expr),
        Expr::Nested(inner) => expression(names, inner),
        Expr::Value(value) => {
            let column = match &value.value {
                ast::Value::Placeholder(written) => access::positional(names, None, written),
                _ => None,
            };
            column.unwrap_or_else(|| literal::value(&value.value))
        }
        Expr::Prefixed { prefix, value } => literal::prefixed(names, prefix, value),
        Expr::TypedString(typed) => cast::typed_string(names, typed),
        Expr::Function(function) => function_call(names, function),
        Expr::Case {
            operand,
            conditions,
            else_result,
            ..
        } => construct::case(
            names,
            operand.as_deref(),
            conditions,
            else_result.as_deref(),
        ),
        Expr::Exists { subquery, negated } => {
            let exists = of_query(SubqueryKind::Exists, names.subquery(subquery));
            negated_if(*negated, exists)
        }
        Expr::Subquery(query) => of_query(SubqueryKind::Scalar, names.subquery(query)),
        Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
            let parts = sets.iter().flatten();
            unsupported(all_of(names, parts))
        }
        Expr::Tuple(values) => Expression::call("tuple", all_of(names, values)),
        Expr::Struct { values, fields } => construct::structure(names, values, fields),
        Expr::Named { expr, name } => name::named_expr(names, name, expr),
        Expr::Dictionary(fields) => construct::dictionary(names, fields),
        Expr::Map(map) => construct::map(names, map),
        Expr::Array(array) => Expression::call("array", all_of(names, &array.elem)),
        Expr::Interval(interval) => interval::interval(names, interval),
        Expr::MatchAgainst { .. } => predicate::match_against(names, expr),
        Expr::Wildcard(_) => unsupported(names.wildcard(None).unwrap_or_default()),
        Expr::QualifiedWildcard(qualifier, _) => {
            unsupported(names.wildcard(Some(qualifier)).unwrap_or_default())
        }
        // `(+)` decides how tables are joined, `PRIOR` which row is meant.
        Expr::OuterJoin(inner) | Expr::Prior(inner) => {
            let inner = expression(names, inner);
            unsupported(vec![inner])
        }
        Expr::Lambda(lambda) => lambda::lambda(names, lambda),
        Expr::MemberOf(member) => call_of(names, "member_of", [&*member.value, &*member.array]),
    }
}

/// What a function call means, also one with a window.
pub(super) fn function_call(names: &mut dyn Names, function: &ast::Function) -> Expression {
    call::function(names, function)
}

fn all_of<'e>(names: &mut dyn Names, exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<Expression> {
    exprs
        .into_iter()
        .map(|expr| expression(names, expr))
        .collect()
}

fn call_of<'e>(
    names: &mut dyn Names,
    function: &str,
    arguments: impl IntoIterator<Item = &'e Expr>,
) -> Expression {
    Expression::call(function, all_of(names, arguments))
}

fn unary(names: &mut dyn Names, operator: Operator, value: &Expr) -> Expression {
    Expression::operation(operator, [expression(names, value)])
}

fn pair(names: &mut dyn Names, operator: Operator, left: &Expr, right: &Expr) -> Expression {
    let left = expression(names, left);
    Expression::operation(operator, [left, expression(names, right)])
}

fn unary_operator(names: &mut dyn Names, operator: &UnaryOperator, value: &Expr) -> Expression {
    let value = expression(names, value);
    let function = match operator {
        UnaryOperator::Plus => return value,
        UnaryOperator::Minus => return Expression::operation(Operator::Negate, [value]),
        UnaryOperator::Not | UnaryOperator::BangNot => return not(value),
        UnaryOperator::BitwiseNot => "bitnot",
        UnaryOperator::PGAbs => "abs",
        UnaryOperator::PGCubeRoot => "cbrt",
        UnaryOperator::PGSquareRoot => "sqrt",
        UnaryOperator::PGPostfixFactorial | UnaryOperator::PGPrefixFactorial => "factorial",
        UnaryOperator::AtDashAt
        | UnaryOperator::DoubleAt
        | UnaryOperator::Hash
        | UnaryOperator::QuestionDash
        | UnaryOperator::QuestionPipe => return Expression::call(operator.to_string(), [value]),
    };
    Expression::call(function, [value])
}

fn not(value: Expression) -> Expression {
    Expression::operation(Operator::Not, [value])
}

fn negated_if(negated: bool, value: Expression) -> Expression {
    if negated { not(value) } else { value }
}

fn is_null(value: Expression) -> Expression {
    Expression::operation(Operator::IsNull, [value])
}

/// Joins two conditions; chains of the same operator become one operation.
fn joined(operator: Operator, left: Expression, right: Expression) -> Expression {
    let mut operands = Vec::new();
    for side in [left, right] {
        match side {
            Expression::Operation(same) if same.operator == operator => {
                operands.extend(same.operands);
            }
            other => operands.push(other),
        }
    }
    Expression::operation(operator, operands)
}

fn case(
    branches: impl IntoIterator<Item = (Expression, Expression)>,
    otherwise: Expression,
) -> Expression {
    Expression::Case(Case {
        branches: branches.into_iter().collect(),
        otherwise: Box::new(otherwise),
    })
}

fn of_query(kind: SubqueryKind, relation: RelationId) -> Expression {
    Expression::Subquery(Box::new(Subquery { kind, relation }))
}

fn unsupported(over: Vec<Expression>) -> Expression {
    unknown(UnknownReason::Unsupported, over)
}

fn unknown(reason: UnknownReason, over: Vec<Expression>) -> Expression {
    Expression::Unknown(Unknown {
        reason,
        over,
        name: None,
    })
}

/// Whether `value` may be written more than once.
fn is_small(value: &Expression) -> bool {
    fn count(value: &Expression, left: &mut usize) {
        *left = left.saturating_sub(1);
        if *left > 0 {
            value.for_each_part(&mut |part| {
                if *left > 0 {
                    count(part, left);
                }
            });
        }
    }
    let mut left = MOST_PARTS_TWICE;
    count(value, &mut left);
    left > 0
}

/// The text of a constant.
fn text_of(value: &Expression) -> Option<&str> {
    match value {
        Expression::Literal(crate::relation::Literal::Text(text)) => Some(text),
        _ => None,
    }
}
