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

/// Whether two mentions of the function with equal arguments may give different values.
pub(super) fn is_volatile(function: &str) -> bool {
    matches!(
        function,
        "random"
            | "rand"
            | "uuid"
            | "gen_random_uuid"
            | "generate_uuid"
            | "newid"
            | "uuid_string"
            | "uniform"
            | "randn"
            | "normal"
            | "nextval"
            | "seq1"
            | "seq2"
            | "seq4"
            | "seq8"
            | "monotonically_increasing_id"
            | "clock_timestamp"
            | "sysdate"
            | "randstr"
            | "rand_canonical"
            | "generateuuidv4"
            | "next_value"
            | "row_id"
    )
}

fn known(function: &str, arguments: &[Value]) -> Option<Value> {
    if function == "coalesce" {
        return coalesce(arguments);
    }
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

fn yields_null(function: &str) -> bool {
    let texts = [
        "lower",
        "upper",
        "trim",
        "ltrim",
        "rtrim",
        "btrim",
        "length",
        "char_length",
        "character_length",
        "len",
        "substring",
        "substr",
        "replace",
        "left",
        "right",
        "starts_with",
        "startswith",
        "ends_with",
        "endswith",
        "contains",
        "reverse",
        "repeat",
        "initcap",
    ];
    let numbers = [
        "abs", "round", "floor", "ceil", "ceiling", "trunc", "truncate", "sign", "power", "pow",
        "mod", "sqrt", "ln", "exp",
    ];
    texts.contains(&function) || numbers.contains(&function) || function_of_time::is_known(function)
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
        "trim" | "btrim" => Value::text(text.trim_matches(blank)),
        "ltrim" => Value::text(text.trim_start_matches(blank)),
        "rtrim" => Value::text(text.trim_end_matches(blank)),
        // Whether blanks at the end count differs.
        "length" | "len" | "char_length" | "character_length" if !text.ends_with(' ') => {
            Value::integer(i64::try_from(text.len()).ok()?)
        }
        "reverse" => Value::text(text.chars().rev().collect::<String>()),
        "concat" => Value::Text(text.clone()),
        _ => return None,
    })
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
        ("concat", _) => {
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
        ("substring" | "substr", [start]) => {
            let skipped = count(start)?.checked_sub(1)?;
            Value::text(characters().skip(skipped).collect::<String>())
        }
        ("substring" | "substr", [start, length]) => {
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
        ("starts_with" | "startswith", [Value::Text(start)]) => {
            Value::Boolean(text.starts_with(start.as_str()))
        }
        ("ends_with" | "endswith", [Value::Text(end)]) => {
            Value::Boolean(text.ends_with(end.as_str()))
        }
        ("contains", [Value::Text(part)]) => Value::Boolean(text.contains(part.as_str())),
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
        ("greatest" | "least", _) => extreme(function, &Value::Text(text.clone()), rest)?,
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
        "ceil" | "ceiling" => stepped(Decimal::ceil),
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
        ("mod", [divisor]) => {
            let operands = [Value::Number(*number), divisor.clone()];
            super::operator::operate(sql::relation::Operator::Modulo, &operands).ok()
        }
        ("power" | "pow", [Value::Number(exponent)]) => {
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
        ("greatest" | "least", _) => extreme(function, &Value::Number(*number), rest),
        _ => None,
    }
}

/// `greatest` or `least` of values none of which is `NULL`.
pub(super) fn extreme(function: &str, first: &Value, rest: &[Value]) -> Option<Value> {
    let mut best = first;
    for value in rest {
        let order = value.order(best)?;
        if (function == "greatest" && order.is_gt()) || (function == "least" && order.is_lt()) {
            best = value;
        }
    }
    Some(best.clone())
}
