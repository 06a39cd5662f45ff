//! Function calls: of one row, over a group, over a window.

mod aggregate;

use super::argument::all;
use super::form;
use super::name::{idents, lower_dotted};
use super::window::{over, sort_keys};
use super::{Names, expression, of_query, unknown, unsupported};
use crate::dialect::Dialect;
use crate::functions::{self, FunctionKind, canonical};
use crate::relation::{Aggregate, Expression, SubqueryKind, UnknownReason};
use smol_str::SmolStr;
use sqlparser::ast::{
    DuplicateTreatment, Function, FunctionArg, FunctionArgumentClause, FunctionArgumentList,
    FunctionArguments, Ident, NullTreatment, ObjectName, ObjectNamePart,
};

/// A function call, also one with a window.
pub(super) fn function(names: &mut dyn Names, function: &Function) -> Expression {
    let arguments = match &function.args {
        FunctionArguments::None => &[],
        FunctionArguments::List(list) => list.args.as_slice(),
        FunctionArguments::Subquery(query) => {
            let relation = names.subquery(query);
            let name = canonical_name(names, &function.name, 1);
            return match name.as_str() {
                "array" => of_query(SubqueryKind::Array, relation),
                _ => {
                    let value = of_query(SubqueryKind::Scalar, relation);
                    Expression::call(name, [value])
                }
            };
        }
    };
    if is_hole(names, &function.name) {
        let (Ok(parts) | Err(parts)) = all(names, arguments);
        return unknown(UnknownReason::Template, parts);
    }
    if let Some(value) = on_column(names, function) {
        return value;
    }
    let written = lower_dotted(&function.name);
    let written = written.strip_prefix("pg_catalog.").unwrap_or(&written);
    if is_plain(function)
        && let Some(value) = form::form(names, written, arguments)
    {
        return value;
    }
    let name = SmolStr::new(canonical(written, names.dialect()));
    let name = aggregate::by_count_of_arguments(names.dialect(), name, arguments.len());
    let kind = functions::function(&name).map(|function| function.kind);
    if function.over.is_none() && is_plain(function) && kind != Some(FunctionKind::Aggregate) {
        // A written name that a combinator such as ClickHouse's `-If` belongs to is an aggregate.
        let combined = aggregate::is_combined(names.dialect(), &name);
        if !combined {
            return match all(names, arguments) {
                Ok(arguments) => Expression::call(name, arguments),
                Err(known) => unsupported(known),
            };
        }
    }
    of_rows(names, name, function, arguments)
}

/// `value.function(…)`: the value is its first argument.
pub(super) fn method(names: &mut dyn Names, value: Expression, function: &Function) -> Expression {
    let arguments: &[FunctionArg] = match &function.args {
        FunctionArguments::List(list) => &list.args,
        FunctionArguments::None | FunctionArguments::Subquery(_) => &[],
    };
    let mut parts = vec![value];
    match all(names, arguments) {
        Ok(arguments) if is_plain(function) => {
            parts.extend(arguments);
            Expression::call(canonical_name(names, &function.name, parts.len()), parts)
        }
        Ok(known) | Err(known) => {
            parts.extend(known);
            unsupported(parts)
        }
    }
}

/// DuckDB's `a.lower()`, which the parser takes for a function of a schema, and its `COLUMNS(…)`, which
/// stands for several values.
fn on_column(names: &mut dyn Names, function: &Function) -> Option<Expression> {
    if names.dialect() != Dialect::DuckDb {
        return None;
    }
    let parts = idents(&function.name)?;
    let (last, before) = parts.split_last()?;
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    if before.is_empty() {
        if !last.value.eq_ignore_ascii_case("columns") {
            return None;
        }
        let (Ok(parts) | Err(parts)) = all(names, &list.args);
        return Some(unsupported(parts));
    }
    let before: Vec<Ident> = before.iter().map(|part| (*part).clone()).collect();
    let value = names.column(&before);
    if matches!(value, Expression::Unknown(_)) {
        return None;
    }
    let name = ObjectName::from(vec![(*last).clone()]);
    let method_call = Function {
        name,
        ..function.clone()
    };
    Some(method(names, value, &method_call))
}

/// An aggregate or a function over a window.
fn of_rows(
    names: &mut dyn Names,
    name: SmolStr,
    function: &Function,
    arguments: &[FunctionArg],
) -> Expression {
    let mut written = aggregate::Written {
        ignores_nulls: ignores_nulls(function.null_treatment.as_ref()),
        ..aggregate::Written::default()
    };
    let parameters = match &function.parameters {
        FunctionArguments::List(list) => list.args.as_slice(),
        FunctionArguments::None | FunctionArguments::Subquery(_) => &[],
    };
    let mut values = Vec::new();
    // `COUNT(*)` counts rows; it is not about columns.
    let counts_rows = name == "count" && !is_distinct(function) && aggregate::is_star(arguments);
    if !counts_rows {
        for arguments in [parameters, arguments] {
            match all(names, arguments) {
                Ok(more) => values.extend(more),
                Err(known) => {
                    values.extend(known);
                    written.is_open = true;
                }
            }
        }
    }
    let filter = function
        .filter
        .as_ref()
        .map(|filter| expression(names, filter));
    let mut order = sort_keys(names, &function.within_group);
    if let FunctionArguments::List(FunctionArgumentList { clauses, .. }) = &function.args {
        for clause in clauses {
            match clause {
                FunctionArgumentClause::IgnoreOrRespectNulls(treatment) => {
                    written.ignores_nulls = ignores_nulls(Some(treatment));
                }
                FunctionArgumentClause::OrderBy(keys) => order.extend(sort_keys(names, keys)),
                FunctionArgumentClause::Separator(separator) => {
                    written.separator = Some(super::literal::value(&separator.value));
                }
                FunctionArgumentClause::Having(bound) => {
                    let by = expression(names, &bound.1);
                    written.having = Some((bound.0, by));
                }
                FunctionArgumentClause::Limit(limit) => {
                    values.push(expression(names, limit));
                    written.is_open = true;
                }
                FunctionArgumentClause::Where(condition) => {
                    values.push(expression(names, condition));
                    written.is_open = true;
                }
                FunctionArgumentClause::OnOverflow(overflow) => {
                    written.is_open |= *overflow != sqlparser::ast::ListAggOnOverflow::Error;
                }
                FunctionArgumentClause::JsonNullClause(_)
                | FunctionArgumentClause::JsonReturningClause(_) => written.is_open = true,
            }
        }
    }
    written.function = Aggregate {
        function: name,
        arguments: values,
        distinct: is_distinct(function),
        filter,
        order,
    };
    let is_window = function.over.is_some();
    let (function_of_rows, ignores_nulls) =
        match aggregate::in_one_form(names.dialect(), written, is_window) {
            Ok(known) => known,
            Err(parts) => return unsupported(parts),
        };
    match &function.over {
        Some(window) => over(names, function_of_rows, window, ignores_nulls),
        None => Expression::Aggregate(Box::new(function_of_rows)),
    }
}

/// Whether nothing stands beside the arguments that only aggregates and windows have.
fn is_plain(function: &Function) -> bool {
    let clauses = match &function.args {
        FunctionArguments::List(list) => {
            list.duplicate_treatment.is_none() && list.clauses.is_empty()
        }
        FunctionArguments::None | FunctionArguments::Subquery(_) => true,
    };
    clauses
        && matches!(function.parameters, FunctionArguments::None)
        && function.within_group.is_empty()
        && function.filter.is_none()
        && function.null_treatment.is_none()
        && function.over.is_none()
}

fn is_distinct(function: &Function) -> bool {
    matches!(&function.args, FunctionArguments::List(list)
        if list.duplicate_treatment == Some(DuplicateTreatment::Distinct))
}

fn ignores_nulls(treatment: Option<&NullTreatment>) -> Option<bool> {
    treatment.map(|treatment| match treatment {
        NullTreatment::IgnoreNulls => true,
        NullTreatment::RespectNulls => false,
    })
}

fn canonical_name(names: &dyn Names, name: &ObjectName, arguments: usize) -> SmolStr {
    let written = lower_dotted(name);
    let name = SmolStr::new(canonical(&written, names.dialect()));
    aggregate::by_count_of_arguments(names.dialect(), name, arguments)
}

fn is_hole(names: &dyn Names, name: &ObjectName) -> bool {
    name.0.iter().any(|part| match part {
        ObjectNamePart::Identifier(ident) => names.is_hole(ident),
        ObjectNamePart::Function(_) => false,
    })
}
