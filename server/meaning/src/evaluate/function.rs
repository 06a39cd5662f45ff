//! Functions of one row, as far as dialects agree on them. Any other is an uninterpreted symbol.

use super::function_of_time;
use super::number::Number;
use super::value::Value;
use rust_decimal::Decimal;
use smol_str::SmolStr;

/// The most characters that a function may make.
const LONGEST: usize = 1_000;

/// The value of a function; an opaque one where it is not known.
pub(super) fn call(function: &str, arguments: &[Value]) -> Value {
    known(function, arguments).unwrap_or_else(|| Value::opaque(function, arguments))
}

/// Whether two mentions of the function with equal arguments may give different values. What is the
/// same for all of a query, such as the current day, is not meant.
pub(crate) fn is_volatile(function: &str) -> bool {
    let steady = function.starts_with("current_") || function.starts_with("session_");
    !steady && sql::functions::function(function).is_some_and(|known| known.volatile)
}

fn known(function: &str, arguments: &[Value]) -> Option<Value> {
    if function == "coalesce" {
        return coalesce(arguments);
    }
    if let "concat" | "greatest_ignoring_nulls" | "least_ignoring_nulls" = function {
        let present: Vec<Value> = arguments
            .iter()
            .filter(|value| **value != Value::Null)
            .cloned()
            .collect();
        if present.is_empty() {
            return Some(if function == "concat" {
                Value::text("")
            } else {
                Value::Null
            });
        }
        let function = function.trim_end_matches("_ignoring_nulls");
        return known_of_values(
            if function == "concat" {
                "concat_by_dialect"
            } else {
                function
            },
            &present,
        );
    }
    known_of_values(function, arguments)
}

fn known_of_values(function: &str, arguments: &[Value]) -> Option<Value> {
    if arguments.iter().any(Value::is_opaque) {
        return None;
    }
    if arguments.contains(&Value::Null) {
        // Functions whose NULL is not simply NULL are not in this list.
        return yields_null(function).then_some(Value::Null);
    }
    match arguments {
        [Value::Text(text)] => of_text(function, text),
        [Value::Number(number)] => of_number(function, number),
        [Value::Text(text), rest @ ..] => of_text_and(function, text, rest)
            .or_else(|| function_of_time::call(function, arguments)),
        [Value::Number(number), rest @ ..] => of_number_and(function, number, rest),
        _ => function_of_time::call(function, arguments),
    }
}

/// Whether the function gives `NULL` for `NULL`.
fn yields_null(function: &str) -> bool {
    sql::functions::function(function)
        .is_some_and(|known| known.nulls == sql::functions::Nulls::IfAnyNull)
        || matches!(function, "substring" | "power" | "split_part" | "mod")
}

/// The first that is not `NULL`, as far as that is known.
fn coalesce(arguments: &[Value]) -> Option<Value> {
    let first = arguments.iter().position(|value| *value != Value::Null);
    let rest = arguments.get(first.unwrap_or(arguments.len())..)?;
    match rest {
        [] => Some(Value::Null),
        [Value::Opaque(_)] => rest.first().cloned(),
        [Value::Opaque(_), ..] => Some(Value::opaque("coalesce", rest)),
        [value, ..] => Some(value.clone()),
    }
}

fn of_text(function: &str, text: &SmolStr) -> Option<Value> {
    // Other letters than ASCII's change case, length and order in their own ways.
    if !text.is_ascii() {
        return None;
    }
    let blank = |character: char| character == ' ';
    Some(match function {
        "lower" => Value::text(text.to_ascii_lowercase()),
        "upper" => Value::text(text.to_ascii_uppercase()),
        "trim" => Value::text(text.trim_matches(blank)),
        "trim_leading" => Value::text(text.trim_start_matches(blank)),
        "trim_trailing" => Value::text(text.trim_end_matches(blank)),
        // Whether blanks at the end count differs.
        "length" if !text.ends_with(' ') => Value::integer(i64::try_from(text.len()).ok()?),
        "reverse" => Value::text(text.chars().rev().collect::<String>()),
        "concat_by_dialect" => Value::Text(text.clone()),
        _ => return None,
    })
}

/// Whether a text is found in another, where it makes no difference whether small and capital letters
/// are taken as the same.
fn found(text: &str, part: &str, is_found: fn(&str, &str) -> bool) -> Option<Value> {
    let exactly = is_found(text, part);
    let folded = is_found(&text.to_lowercase(), &part.to_lowercase());
    (exactly == folded).then_some(Value::Boolean(exactly))
}

fn of_text_and(function: &str, text: &SmolStr, rest: &[Value]) -> Option<Value> {
    if !text.is_ascii() {
        return None;
    }
    let characters = || text.chars();
    let count = |value: &Value| match value {
        Value::Number(number) => usize::try_from(number.whole()?).ok(),
        _ => None,
    };
    Some(match (function, rest) {
        ("concat_by_dialect", _) => {
            let mut joined = text.to_string();
            for part in rest {
                match part {
                    Value::Text(part) => joined.push_str(part),
                    Value::Number(number) if super::operator::is_plain(number) => {
                        joined.push_str(&number.to_string());
                    }
                    _ => return None,
                }
            }
            Value::text(joined)
        }
        ("substring", [start]) => {
            let skipped = count(start)?.checked_sub(1)?;
            Value::text(characters().skip(skipped).collect::<String>())
        }
        ("substring", [start, length]) => {
            let skipped = count(start)?.checked_sub(1)?;
            Value::text(
                characters()
                    .skip(skipped)
                    .take(count(length)?)
                    .collect::<String>(),
            )
        }
        ("left", [length]) => Value::text(characters().take(count(length)?).collect::<String>()),
        ("right", [length]) => {
            let skipped = text.len().saturating_sub(count(length)?);
            Value::text(characters().skip(skipped).collect::<String>())
        }
        ("replace", [Value::Text(old), Value::Text(new)]) if !old.is_empty() => {
            Value::text(text.replace(old.as_str(), new))
        }
        ("starts_with", [Value::Text(start)]) => {
            found(text, start, |text, start| text.starts_with(start))?
        }
        ("ends_with", [Value::Text(end)]) => found(text, end, |text, end| text.ends_with(end))?,
        ("contains", [Value::Text(part)]) => found(text, part, |text, part| text.contains(part))?,
        ("split_part", [Value::Text(separator), position]) if !separator.is_empty() => {
            let position = count(position)?.checked_sub(1)?;
            Value::text(
                text.split(separator.as_str())
                    .nth(position)
                    .unwrap_or_default(),
            )
        }
        ("repeat", [times]) if count(times)? * text.len() <= LONGEST => {
            Value::text(text.repeat(count(times)?))
        }
        ("lpad" | "rpad", [length, Value::Text(fill)]) if !fill.is_empty() => {
            let length = count(length).filter(|length| *length <= LONGEST)?;
            let missing = length.saturating_sub(text.len());
            let filling: String = fill.chars().cycle().take(missing).collect();
            let text: String = characters().take(length).collect();
            Value::text(match function {
                "lpad" => format!("{filling}{text}"),
                _ => format!("{text}{filling}"),
            })
        }
        ("greatest" | "least" | "greatest_by_dialect" | "least_by_dialect", _) => {
            extreme(function, &Value::Text(text.clone()), rest)?
        }
        _ => return None,
    })
}

fn of_number(function: &str, number: &Number) -> Option<Value> {
    let with = |amount: Decimal| Value::Number(Number { amount, ..*number });
    // A rounded number may be on either side of a step.
    let stepped = |step: fn(&Decimal) -> Decimal| {
        let steady = number.exact || {
            let nudge = Decimal::new(1, 6);
            step(&(number.amount.checked_add(nudge)?)) == step(&(number.amount.checked_sub(nudge)?))
        };
        steady.then(|| {
            Value::Number(Number {
                amount: step(&number.amount),
                exact: true,
                ..*number
            })
        })
    };
    match function {
        "abs" => Some(with(number.amount.abs())),
        "round" => Some(Value::Number(Number {
            exact: true,
            ..number.round(0)?
        })),
        "floor" => stepped(Decimal::floor),
        "ceil" => stepped(Decimal::ceil),
        "trunc" | "truncate" => stepped(Decimal::trunc),
        "sign" if number.exact => Some(if number.amount.is_zero() {
            Value::integer(0)
        } else {
            with(if number.amount.is_sign_negative() {
                -Decimal::ONE
            } else {
                Decimal::ONE
            })
        }),
        _ => None,
    }
}

fn of_number_and(function: &str, number: &Number, rest: &[Value]) -> Option<Value> {
    match (function, rest) {
        ("round", [Value::Number(digits)]) => {
            let digits = u32::try_from(digits.whole()?)
                .ok()
                .filter(|digits| *digits <= 12)?;
            let rounded = number.round(digits)?;
            Some(Value::Number(Number {
                exact: number.exact || digits <= 6,
                ..rounded
            }))
        }
        ("integer_divide", [Value::Number(divisor)]) => {
            // How a negative quotient is cut differs.
            let plain = number.exact
                && divisor.exact
                && !number.amount.is_sign_negative()
                && !divisor.amount.is_sign_negative();
            let quotient = number.amount.checked_div(divisor.amount)?.trunc();
            plain.then_some(Value::Number(Number {
                amount: quotient,
                exact: true,
                integral: true,
            }))
        }
        ("mod", [divisor]) => {
            let operands = [Value::Number(*number), divisor.clone()];
            super::operator::operate(sql::relation::Operator::Modulo, &operands).ok()
        }
        ("power", [Value::Number(exponent)]) => {
            let exponent = u32::try_from(exponent.whole()?)
                .ok()
                .filter(|exponent| *exponent <= 8)?;
            let mut power = Number {
                integral: false,
                ..Number::integer(1)
            };
            for _ in 0..exponent {
                power = power.combine(number, Decimal::checked_mul)?;
            }
            Some(Value::Number(power))
        }
        ("greatest" | "least" | "greatest_by_dialect" | "least_by_dialect", _) => {
            extreme(function, &Value::Number(*number), rest)
        }
        _ => None,
    }
}

/// `greatest` or `least` of values none of which is `NULL`.
pub(super) fn extreme(function: &str, first: &Value, rest: &[Value]) -> Option<Value> {
    let mut best = first;
    for value in rest {
        let order = value.order(best)?;
        let better = if function.starts_with("greatest") {
            order.is_gt()
        } else {
            order.is_lt()
        };
        if better {
            best = value;
        }
    }
    Some(best.clone())
}
