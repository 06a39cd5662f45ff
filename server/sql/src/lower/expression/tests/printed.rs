//! A compact form of expressions, for tests.

use crate::relation::{
    Aggregate, Expression, Literal, Operator, SortKey, SubqueryKind, UnknownReason,
};

/// Calls with square brackets are ours, columns are bare, operators stand first: `(= a 1)`.
pub(super) fn printed(value: &Expression) -> String {
    match value {
        Expression::Column { name, .. } => name.to_string(),
        Expression::Output { input, position } => format!("#{}.{position}", input.0),
        Expression::Literal(literal) => match literal {
            Literal::Null => "NULL".to_owned(),
            Literal::Boolean(value) => value.to_string(),
            Literal::Number(written) => written.to_string(),
            Literal::Text(text) => format!("'{text}'"),
            Literal::Other(written) => format!("<{written}>"),
        },
        Expression::Operation(operation) => format!(
            "({} {})",
            operator(operation.operator),
            list(&operation.operands)
        ),
        Expression::Call(call) => format!("{}[{}]", call.function, list(&call.arguments)),
        Expression::Case(case) => {
            let branches: Vec<String> = case
                .branches
                .iter()
                .map(|(condition, value)| format!("{} => {}", printed(condition), printed(value)))
                .collect();
            format!(
                "case {{{}, else {}}}",
                branches.join(", "),
                printed(&case.otherwise)
            )
        }
        Expression::Cast(cast) => {
            let word = if cast.or_null { "try_cast" } else { "cast" };
            format!("{word}[{} {}]", printed(&cast.value), cast.to)
        }
        Expression::Aggregate(function) => aggregate(function),
        Expression::Window(window) => {
            let mut parts = Vec::new();
            if !window.partition.is_empty() {
                parts.push(format!("by {}", list(&window.partition)));
            }
            if !window.order.is_empty() {
                parts.push(format!("order {}", keys(&window.order)));
            }
            parts.extend(window.frame.as_ref().map(|frame| frame.to_string()));
            parts.extend(window.ignores_nulls.then(|| "ignore nulls".to_owned()));
            format!(
                "{} over {{{}}}",
                aggregate(&window.function),
                parts.join("; ")
            )
        }
        Expression::Subquery(subquery) => {
            let kind = match &subquery.kind {
                SubqueryKind::Scalar => "scalar".to_owned(),
                SubqueryKind::Exists => "exists".to_owned(),
                SubqueryKind::In(values) => format!("in {}", list(values)),
                SubqueryKind::Any(by, value) => format!("any {} {}", operator(*by), printed(value)),
                SubqueryKind::All(by, value) => format!("all {} {}", operator(*by), printed(value)),
                SubqueryKind::Array => "array".to_owned(),
            };
            format!("query {} {{{kind}}}", subquery.relation.0)
        }
        Expression::Unknown(unknown) => {
            let reason = match unknown.reason {
                UnknownReason::Template => "template",
                UnknownReason::Ambiguous => "ambiguous",
                UnknownReason::NoSuchColumn => "no column",
                UnknownReason::Unsupported => "unsupported",
            };
            format!("?{reason}[{}]", list(&unknown.over))
        }
    }
}

fn aggregate(function: &Aggregate) -> String {
    let mut written = format!("{}{{", function.function);
    if function.distinct {
        written.push_str("distinct ");
    }
    written.push_str(&list(&function.arguments));
    if let Some(filter) = &function.filter {
        written.push_str(&format!("; where {}", printed(filter)));
    }
    if !function.order.is_empty() {
        written.push_str(&format!("; order {}", keys(&function.order)));
    }
    written.push('}');
    written
}

fn list(values: &[Expression]) -> String {
    let values: Vec<String> = values.iter().map(printed).collect();
    values.join(" ")
}

fn keys(keys: &[SortKey]) -> String {
    let keys: Vec<String> = keys
        .iter()
        .map(|key| {
            let mut written = printed(&key.value);
            if key.descending {
                written.push_str(" desc");
            }
            match key.nulls_first {
                Some(true) => written.push_str(" nulls first"),
                Some(false) => written.push_str(" nulls last"),
                None => {}
            }
            written
        })
        .collect();
    keys.join(" ")
}

fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::And => "and",
        Operator::Or => "or",
        Operator::Not => "not",
        Operator::Equal => "=",
        Operator::NotEqual => "<>",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        Operator::Same => "same",
        Operator::IsNull => "null?",
        Operator::IsTrue => "true?",
        Operator::IsFalse => "false?",
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Multiply => "*",
        Operator::Divide => "/",
        Operator::Modulo => "%",
        Operator::Negate => "neg",
        Operator::Concatenate => "||",
        Operator::In => "in",
        Operator::Like => "like",
        Operator::LikeIgnoringCase => "ilike",
    }
}
