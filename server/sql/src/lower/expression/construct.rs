//! `CASE`, and what builds a value out of others: structures, maps, dictionaries.

use super::cast::to_known;
use super::name::{last_part, named, named_expr};
use super::{Names, case as cases, expression, is_small};
use crate::dialect::Dialect;
use crate::lower::data_type::data_type;
use crate::relation::{Expression, Operator};
use sqlparser::ast::{CaseWhen, DictionaryField, Expr, Map, StructField};

/// `CASE`; the simple one as a searched one.
pub(super) fn case(
    names: &mut dyn Names,
    operand: Option<&Expr>,
    conditions: &[CaseWhen],
    otherwise: Option<&Expr>,
) -> Expression {
    let operand = operand.map(|operand| expression(names, operand));
    let mut branches = Vec::with_capacity(conditions.len());
    for CaseWhen { condition, result } in conditions {
        let condition = expression(names, condition);
        branches.push((condition, expression(names, result)));
    }
    let otherwise = match otherwise {
        Some(otherwise) => expression(names, otherwise),
        None => Expression::NULL,
    };
    match operand {
        None => cases(branches, otherwise),
        Some(operand) if is_small(&operand) => {
            let searched = branches.into_iter().map(|(value, result)| {
                let equal = Expression::operation(Operator::Equal, [operand.clone(), value]);
                (equal, result)
            });
            cases(searched, otherwise)
        }
        Some(operand) => {
            let mut arguments = vec![operand];
            for (value, result) in branches {
                arguments.extend([value, result]);
            }
            arguments.push(otherwise);
            Expression::call("simple_case", arguments)
        }
    }
}

/// `STRUCT<a INT64>(1)`, `STRUCT(1 AS a, b)`: a column gives its name to its value.
pub(super) fn structure(
    names: &mut dyn Names,
    values: &[Expr],
    fields: &[StructField],
) -> Expression {
    let mut arguments = Vec::with_capacity(values.len());
    for (position, written) in values.iter().enumerate() {
        let field = fields.get(position);
        arguments.push(match field {
            Some(field) => {
                let value = expression(names, written);
                let value = to_known(value, data_type(&field.field_type, names.dialect()), false);
                match &field.field_name {
                    Some(name) => named(&name.value, value),
                    None => value,
                }
            }
            None => with_own_name(names, written),
        });
    }
    Expression::call("struct", arguments)
}

/// A value in a structure that does not name it.
pub(super) fn with_own_name(names: &mut dyn Names, value: &Expr) -> Expression {
    match last_part(value) {
        Some(name) if !names.is_hole(name) => named_expr(names, name, value),
        _ => expression(names, value),
    }
}

/// `{'a': 1}`: a structure in DuckDB, an object elsewhere.
pub(super) fn dictionary(names: &mut dyn Names, fields: &[DictionaryField]) -> Expression {
    let function = match names.dialect() {
        Dialect::DuckDb => "struct",
        _ => "object",
    };
    let mut arguments = Vec::with_capacity(fields.len());
    for DictionaryField { key, value } in fields {
        arguments.push(named_expr(names, key, value));
    }
    Expression::call(function, arguments)
}

/// `MAP {'a': 1}`: keys and values in turn.
pub(super) fn map(names: &mut dyn Names, map: &Map) -> Expression {
    let mut arguments = Vec::with_capacity(map.entries.len() * 2);
    for entry in &map.entries {
        arguments.push(expression(names, &entry.key));
        arguments.push(expression(names, &entry.value));
    }
    Expression::call("map", arguments)
}
