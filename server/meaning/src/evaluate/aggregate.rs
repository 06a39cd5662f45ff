//! Functions over the rows of a group or of a window's frame.

use super::expression::Scope;
use super::group::Group;
use super::number::Number;
use super::relation::{Machine, same};
use super::sort::{order as order_of, sort};
use super::value::Value;
use super::{Undecided, undecided};
use rust_decimal::Decimal;
use sql::relation::{Aggregate, SortKey};
use std::cmp::Ordering;

/// What an aggregate takes from a row.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    arguments: Vec<Value>,
    keys: Vec<Value>,
}

impl<'q> Machine<'q> {
    pub(super) fn aggregate_of_group(
        &mut self,
        aggregate: &'q Aggregate,
        group: &Group<'q>,
        outer: Option<&Scope<'_, 'q>>,
    ) -> Result<Value, Undecided> {
        let mut taken = Vec::new();
        for row in &group.rows {
            taken.extend(self.taken(aggregate, &Scope::rows(outer, &row.bindings))?);
        }
        self.aggregate(aggregate, taken)
    }

    /// What an aggregate takes from a row; nothing where its filter drops it.
    pub(super) fn taken(
        &mut self,
        aggregate: &'q Aggregate,
        scope: &Scope<'_, 'q>,
    ) -> Result<Option<Taken>, Undecided> {
        if let Some(filter) = &aggregate.filter
            && !self.holds(filter, scope)?
        {
            return Ok(None);
        }
        Ok(Some(Taken {
            arguments: self.values_of(&aggregate.arguments, scope)?,
            keys: self.values_of(aggregate.order.iter().map(|key| &key.value), scope)?,
        }))
    }

    /// The value of an aggregate over what it took.
    pub(super) fn aggregate(
        &mut self,
        aggregate: &Aggregate,
        mut taken: Vec<Taken>,
    ) -> Result<Value, Undecided> {
        self.budget.spend(taken.len() as u64)?;
        let function = aggregate.function.as_str();
        if function == "count" && aggregate.arguments.is_empty() {
            return Ok(Value::integer(taken.len().try_into().unwrap_or(i64::MAX)));
        }
        let separated = function == "string_agg";
        if !matches!(function, "array_agg" | "first_value" | "last_value") {
            taken.retain(|row| !row.arguments.contains(&Value::Null));
        }
        if taken
            .iter()
            .any(|row| row.arguments.iter().any(Value::is_opaque))
        {
            return Ok(self.unknown(aggregate, &taken));
        }
        if aggregate.distinct {
            let mut kept: Vec<Taken> = Vec::new();
            for row in taken {
                let mut found = false;
                for other in &kept {
                    found |= same(&row.arguments, &other.arguments)?;
                }
                if !found {
                    kept.push(row);
                }
            }
            taken = kept;
        }
        let first: Vec<&Value> = taken
            .iter()
            .filter_map(|row| row.arguments.first())
            .collect();
        let known = match function {
            "count" => Some(Value::integer(taken.len().try_into().unwrap_or(i64::MAX))),
            "count_if" => truths(&first).map(|truths| {
                let count = truths.iter().filter(|truth| **truth).count();
                Value::integer(count.try_into().unwrap_or(i64::MAX))
            }),
            _ if taken.is_empty() && is_known(function) => Some(Value::Null),
            "sum" => sum(&first)?.map(Value::Number),
            "avg" => sum(&first)?.and_then(|sum| {
                let count = Number::integer(first.len().try_into().ok()?);
                Some(Value::Number(sum.divide(&count)?))
            }),
            "min" => extreme(&first, Ordering::Less),
            "max" => extreme(&first, Ordering::Greater),
            "bool_and" => {
                truths(&first).map(|truths| Value::Boolean(truths.iter().all(|truth| *truth)))
            }
            "bool_or" => {
                truths(&first).map(|truths| Value::Boolean(truths.iter().any(|truth| *truth)))
            }
            "any_value" => all_same(&first),
            "array_agg" | "string_agg" => {
                if !in_order(&mut taken, &aggregate.order)? {
                    None
                } else if separated {
                    joined(&taken)
                } else {
                    let values = taken.iter().filter_map(|row| row.arguments.first());
                    // Whether NULLs are dropped differs.
                    let whole = !values.clone().any(|value| *value == Value::Null);
                    whole.then(|| Value::Array(values.cloned().collect()))
                }
            }
            _ => None,
        };
        Ok(known.unwrap_or_else(|| self.unknown(aggregate, &taken)))
    }

    /// The value of an aggregate that is not known: the same for the same rows, where their order
    /// plays no part.
    fn unknown(&mut self, aggregate: &Aggregate, taken: &[Taken]) -> Value {
        if !is_known(&aggregate.function) && taken.len() > 1 {
            return self.symbol();
        }
        let ordered = matches!(
            aggregate.function.as_str(),
            "array_agg" | "string_agg" | "any_value"
        );
        if ordered && taken.len() > 1 {
            return self.symbol();
        }
        // A symbol for each row, sorted, stands for the bag of them.
        let mut symbols: Vec<u64> = taken
            .iter()
            .filter_map(|row| match Value::opaque("row", &row.arguments) {
                Value::Opaque(symbol) => Some(symbol),
                _ => None,
            })
            .collect();
        symbols.sort_unstable();
        let symbols: Vec<Value> = symbols.into_iter().map(Value::Opaque).collect();
        let name = format!("aggregate {} {}", aggregate.function, aggregate.distinct);
        Value::opaque(&name, &symbols)
    }
}

/// Whether the function is one of these; without rows they are `NULL`, but for those that count.
fn is_known(function: &str) -> bool {
    matches!(
        function,
        "sum"
            | "avg"
            | "min"
            | "max"
            | "bool_and"
            | "bool_or"
            | "any_value"
            | "array_agg"
            | "string_agg"
            | "count"
            | "count_if"
    )
}

fn sum(values: &[&Value]) -> Result<Option<Number>, Undecided> {
    let mut total = Number::integer(0);
    for value in values {
        match value {
            Value::Number(number) => match total.combine(number, Decimal::checked_add) {
                Some(sum) => total = sum,
                None => return undecided("a sum does not fit"),
            },
            Value::Interval(_) => return Ok(None),
            _ => return undecided("a sum of something that is no number"),
        }
    }
    Ok(Some(total))
}

fn extreme(values: &[&Value], wanted: Ordering) -> Option<Value> {
    let (first, rest) = values.split_first()?;
    let mut best = *first;
    for value in rest {
        if value.order(best)? == wanted {
            best = value;
        }
    }
    Some(best.clone())
}

fn truths(values: &[&Value]) -> Option<Vec<bool>> {
    let truth = |value: &&Value| match value {
        Value::Boolean(value) => Some(*value),
        _ => None,
    };
    values.iter().map(truth).collect()
}

fn all_same(values: &[&Value]) -> Option<Value> {
    let (first, rest) = values.split_first()?;
    let same = rest
        .iter()
        .all(|value| value.identical(first) == Some(true));
    same.then(|| (*first).clone())
}

/// Sorts the rows; `false` where their order is not the same everywhere.
fn in_order(taken: &mut Vec<Taken>, by: &[SortKey]) -> Result<bool, Undecided> {
    sort(taken, |row| &row.keys, by)?;
    for pair in taken.windows(2) {
        if let [left, right] = pair {
            let tied = order_of(&left.keys, &right.keys, by)?.is_eq();
            if tied && !same(&left.arguments, &right.arguments)? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn joined(taken: &[Taken]) -> Option<Value> {
    let mut text = String::new();
    for (position, row) in taken.iter().enumerate() {
        let (Some(Value::Text(part)), separator) = (row.arguments.first(), row.arguments.get(1))
        else {
            return None;
        };
        // Which separator stands where none is said differs.
        let Some(Value::Text(separator)) = separator else {
            return (taken.len() == 1).then(|| Value::Text(part.clone()));
        };
        if position > 0 {
            text.push_str(separator);
        }
        text.push_str(part);
    }
    Some(Value::text(text))
}
