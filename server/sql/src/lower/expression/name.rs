//! Names in expressions: columns, and the words that look like columns but are none.

use super::{Names, expression, unsupported};
use crate::dialect::Dialect;
use crate::functions::canonical;
use crate::relation::Expression;
use sqlparser::ast::{Expr, Ident, ObjectName, ObjectNamePart};

/// Words that are calls without parentheses, unless they are quoted. Sorted.
const CALLS: &[&str] = &[
    "current_catalog",
    "current_database",
    "current_date",
    "current_datetime",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
];

/// The same in Oracle (SQL Language Reference 23, functions). Sorted.
const CALLS_OF_ORACLE: &[&str] = &["sysdate", "systimestamp"];

/// Words that stand for something about the row or the statement, not for a column. Sorted.
const PSEUDOCOLUMNS_OF_ORACLE: &[&str] = &["level", "rownum"];

/// What a dotted name stands for.
pub(super) fn name(names: &mut dyn Names, parts: &[Ident]) -> Expression {
    if let [table, word] = parts
        && let Some(column) = super::access::positional(names, Some(table), &word.value)
    {
        return column;
    }
    let [word] = parts else {
        return names.column(parts);
    };
    if word.quote_style == Some('\'') {
        return Expression::text(word.value.as_str());
    }
    if word.quote_style.is_some() || names.is_hole(word) {
        return names.column(parts);
    }
    let lower = word.value.to_ascii_lowercase();
    let is_in = |words: &[&str]| words.binary_search(&lower.as_str()).is_ok();
    let oracle = names.dialect() == Dialect::Oracle;
    if is_in(CALLS) || (oracle && is_in(CALLS_OF_ORACLE)) {
        return Expression::call(canonical(&lower, names.dialect()), []);
    }
    if lower == "default" || (oracle && is_in(PSEUDOCOLUMNS_OF_ORACLE)) {
        return unsupported(Vec::new());
    }
    names.column(parts)
}

/// The parts of a plain name: one without calls in it.
pub(super) fn idents(name: &ObjectName) -> Option<Vec<&Ident>> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Some(ident),
            ObjectNamePart::Function(_) => None,
        })
        .collect()
}

/// A name that is written with dots, in lower case.
pub(in crate::lower) fn lower_dotted(name: &ObjectName) -> String {
    let parts: Vec<String> = name
        .0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => ident.value.to_ascii_lowercase(),
            ObjectNamePart::Function(_) => part.to_string().to_ascii_lowercase(),
        })
        .collect();
    parts.join(".")
}

/// The name by which a structure knows a value that is given without one: the column's.
pub(super) fn last_part(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Identifier(ident) => Some(ident),
        Expr::CompoundIdentifier(parts) => parts.last(),
        _ => None,
    }
}

/// A value that goes by a name inside a structure or among arguments.
pub(super) fn named(name: &str, value: Expression) -> Expression {
    Expression::call("named", [Expression::text(name), value])
}

/// The same for one that is yet to be lowered.
pub(super) fn named_expr(names: &mut dyn Names, name: &Ident, value: &Expr) -> Expression {
    let value = expression(names, value);
    named(&name.value, value)
}
