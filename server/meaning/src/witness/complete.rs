//! Proofs of equality by trying every case, where there are only so many.
//!
//! It applies where everything that an expression decides on is a column against constants, or whether
//! it is `NULL`. Then a column's values fall into few sorts: `NULL`, each constant, and what lies between
//! two of them; all values of a sort are treated alike. Two of each sort are tried where a column's value
//! itself is a result, so that two columns are not taken for one.

use crate::evaluate::{Date, Number, Timestamp, Value, literal, operate};
use rust_decimal::Decimal;
use sql::relation::{DataType, Expression, Operation, Operator};

/// How many combinations are tried at most.
const MOST: usize = 20_000;

/// Whether two expressions have the same value, `NULL` being like `NULL`, whatever the columns in them
/// hold; `None` where trying values can't tell. For conditions that only keep rows, ask it of `IS TRUE`
/// over both.
pub fn equal_on_all_inputs(left: &Expression, right: &Expression) -> Option<bool> {
    let mut cases = Cases::default();
    cases.value(left)?;
    cases.value(right)?;
    let domains: Vec<Vec<Try>> = cases
        .columns
        .iter()
        .map(|column| column.tries(&cases.results))
        .collect::<Option<_>>()?;
    let combinations = domains
        .iter()
        .try_fold(1_usize, |all, tries| all.checked_mul(tries.len()))?;
    if combinations > MOST {
        return None;
    }
    let columns: Vec<&Expression> = cases.columns.iter().map(|column| column.column).collect();
    let mut differs_if_possible = false;
    for number in 0..combinations {
        let mut rest = number;
        let mut row = Vec::new();
        let mut possible = true;
        for (column, tries) in columns.iter().zip(&domains) {
            let chosen = tries.get(rest % tries.len())?;
            rest /= tries.len();
            possible &= chosen.possible;
            row.push((*column, &chosen.value));
        }
        let (left, right) = (evaluated(left, &row)?, evaluated(right, &row)?);
        if !left.identical(&right)? {
            if possible {
                return Some(false);
            }
            differs_if_possible = true;
        }
    }
    (!differs_if_possible).then_some(true)
}

/// A value to try.
struct Try {
    value: Value,
    /// The column has it, whichever of the types that it may be it is.
    possible: bool,
}

/// What an expression decides on.
#[derive(Default)]
struct Cases<'e> {
    columns: Vec<Column<'e>>,
    /// Constants that may be results.
    results: Vec<Value>,
}

struct Column<'e> {
    column: &'e Expression,
    constants: Vec<Value>,
    /// It is compared by more than equality.
    ordered: bool,
    /// It is a truth value.
    boolean: bool,
    /// Its value may be the result.
    given: bool,
}

impl<'e> Cases<'e> {
    fn column(&mut self, column: &'e Expression) -> &mut Column<'e> {
        let known = self.columns.iter().position(|known| known.column == column);
        let place = known.unwrap_or_else(|| {
            self.columns.push(Column {
                column,
                constants: Vec::new(),
                ordered: false,
                boolean: false,
                given: false,
            });
            self.columns.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "found, or added above")]
        &mut self.columns[place]
    }

    /// Goes into an expression whose value is the result.
    fn value(&mut self, expression: &'e Expression) -> Option<()> {
        match expression {
            Expression::Column { .. } | Expression::Output { .. } => {
                self.column(expression).given = true;
            }
            Expression::Case(case) => {
                for (condition, value) in &case.branches {
                    self.condition(condition)?;
                    self.value(value)?;
                }
                self.value(&case.otherwise)?;
            }
            Expression::Call(call) if call.function == "coalesce" => {
                for argument in &call.arguments {
                    self.value(argument)?;
                }
            }
            Expression::Operation(_) => self.condition(expression)?,
            _ => self.results.push(constant(expression)?),
        }
        Some(())
    }

    /// Goes into an expression of which it matters whether it is true, false or `NULL`.
    fn condition(&mut self, expression: &'e Expression) -> Option<()> {
        use Operator::{
            And, Equal, Greater, GreaterOrEqual, In, IsFalse, IsNull, IsTrue, Less, LessOrEqual,
            Not, NotEqual, Or, Same,
        };
        let Expression::Operation(operation) = expression else {
            return match expression {
                Expression::Column { .. } | Expression::Output { .. } => {
                    self.column(expression).boolean = true;
                    Some(())
                }
                Expression::Case(case) => {
                    for (condition, value) in &case.branches {
                        self.condition(condition)?;
                        self.condition(value)?;
                    }
                    self.condition(&case.otherwise)
                }
                Expression::Call(call) if call.function == "coalesce" => {
                    let mut parts = call.arguments.iter();
                    parts.try_for_each(|part| self.condition(part))
                }
                _ => constant(expression).map(|_| ()),
            };
        };
        match operation.operator {
            And | Or | Not | IsTrue | IsFalse => operation
                .operands
                .iter()
                .try_for_each(|operand| self.condition(operand)),
            IsNull => match operation.operands.as_slice() {
                [column @ (Expression::Column { .. } | Expression::Output { .. })] => {
                    self.column(column);
                    Some(())
                }
                [condition] => self.condition(condition),
                _ => None,
            },
            Equal | NotEqual | Same | In => self.comparison(operation, false),
            Less | LessOrEqual | Greater | GreaterOrEqual => self.comparison(operation, true),
            _ => None,
        }
    }

    fn comparison(&mut self, operation: &'e Operation, ordered: bool) -> Option<()> {
        let mut compared: Vec<&'e Expression> = Vec::new();
        let mut constants = Vec::new();
        for operand in &operation.operands {
            match constant(operand) {
                Some(value) => constants.push(value),
                None => compared.push(operand),
            }
        }
        let compared = match compared.as_slice() {
            // It is the same whatever the columns hold.
            [] => return Some(()),
            [compared] => *compared,
            _ => return None,
        };
        let parts = match compared {
            Expression::Call(call) if call.function == "coalesce" => call.arguments.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut columns = Vec::new();
        for part in parts {
            match part {
                Expression::Column { .. } | Expression::Output { .. } => columns.push(part),
                other => constants.push(constant(other)?),
            }
        }
        constants.retain(|value| *value != Value::Null);
        for compared in columns {
            let column = self.column(compared);
            column.ordered |= ordered;
            column.constants.extend(constants.iter().cloned());
        }
        Some(())
    }
}

impl Column<'_> {
    /// Values of every sort; `None` where its kind of value is not clear.
    fn tries(&self, results: &[Value]) -> Option<Vec<Try>> {
        let mut constants = self.constants.clone();
        if self.given {
            constants.extend(
                results
                    .iter()
                    .filter(|value| **value != Value::Null)
                    .cloned(),
            );
        }
        let mut tries = vec![Try {
            value: Value::Null,
            possible: true,
        }];
        let possible = |value: Value| Try {
            value,
            possible: true,
        };
        if self.boolean
            || constants
                .iter()
                .any(|value| matches!(value, Value::Boolean(_)))
        {
            let truths = constants
                .iter()
                .all(|value| matches!(value, Value::Boolean(_)));
            tries.extend([true, false].map(|truth| possible(Value::Boolean(truth))));
            return truths.then_some(tries);
        }
        if let Some(numbers) = all(&constants, number) {
            tries.extend(numbers_to_try(&numbers));
            return Some(tries);
        }
        if self.ordered
            || constants
                .iter()
                .any(|value| !matches!(value, Value::Text(_)))
        {
            let moments = all(&constants, |value| value.as_timestamp())?;
            tries.extend(moments_to_try(&moments));
            return Some(tries);
        }
        // Texts are not sorted alike everywhere, and some compare without regard to case.
        let folded: Vec<String> = texts(&constants)
            .map(|text| text.trim_end().to_lowercase())
            .collect();
        for (position, text) in texts(&constants).enumerate() {
            let twin = folded
                .iter()
                .zip(texts(&constants))
                .any(|(other, spelled)| folded.get(position) == Some(other) && spelled != text);
            if twin {
                return None;
            }
        }
        let longest = folded.iter().map(String::len).max().unwrap_or(0);
        tries.extend(constants.iter().cloned().map(possible));
        tries.extend(["x", "y"].map(|letter| possible(Value::text(letter.repeat(longest + 1)))));
        Some(tries)
    }
}

fn texts(values: &[Value]) -> impl Iterator<Item = &str> {
    values.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) if number.exact => Some(number.amount),
        _ => None,
    }
}

/// Everything, sorted and each once, where it is all of a kind.
fn all<T: Ord>(values: &[Value], of_kind: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    let mut found: Vec<T> = values.iter().map(of_kind).collect::<Option<_>>()?;
    found.sort();
    found.dedup();
    Some(found)
}

fn numbers_to_try(constants: &[Decimal]) -> Vec<Try> {
    let mut tries = Vec::new();
    let mut add = |amount: Decimal| {
        let value = Value::Number(Number {
            amount,
            exact: true,
            integral: false,
        });
        tries.push(Try {
            value,
            possible: amount.fract().is_zero(),
        });
    };
    let (Some(first), Some(last)) = (constants.first(), constants.last()) else {
        [Decimal::ONE, Decimal::TWO].into_iter().for_each(add);
        return tries;
    };
    for below in [Decimal::ONE, Decimal::TWO] {
        add((first - below).floor());
        add((last + below).ceil());
    }
    constants.iter().copied().for_each(&mut add);
    for (low, high) in constants.iter().zip(constants.iter().skip(1)) {
        let (next, after) = (low.floor() + Decimal::ONE, low.floor() + Decimal::TWO);
        if after < *high {
            add(next);
            add(after);
        } else {
            let gap = high - low;
            add(if next < *high {
                next
            } else {
                low + gap / Decimal::TWO
            });
            add(low + gap / Decimal::from(4));
        }
    }
    tries
}

fn moments_to_try(constants: &[Timestamp]) -> Vec<Try> {
    let mut tries = Vec::new();
    let mut add = |moment: Timestamp| {
        let whole = moment.date().midnight() == moment;
        tries.push(Try {
            value: Value::Timestamp(moment),
            possible: whole,
        });
    };
    let (Some(first), Some(last)) = (constants.first(), constants.last()) else {
        return tries;
    };
    for days in [1, 2] {
        add(Date(first.date().0 - days).midnight());
        add(Date(last.date().0 + days).midnight());
    }
    constants.iter().copied().for_each(&mut add);
    for (low, high) in constants.iter().zip(constants.iter().skip(1)) {
        let next = Date(low.date().0 + 1).midnight();
        let gap = high.0 - low.0;
        add(if next < *high {
            next
        } else {
            Timestamp(low.0 + gap / 2)
        });
        add(Timestamp(low.0 + gap / 4));
    }
    tries
}

/// The value of a constant, within casts to a day or moment.
fn constant(expression: &Expression) -> Option<Value> {
    match expression {
        Expression::Literal(written) => {
            let value = literal(written);
            let plain = matches!(
                value,
                Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_)
            );
            plain.then_some(value)
        }
        Expression::Cast(cast) => match (&cast.to, constant(&cast.value)?) {
            (DataType::Date, Value::Text(text)) => Date::parse(&text).map(Value::Date),
            (DataType::Timestamp(false), Value::Text(text)) => {
                Timestamp::parse(&text).map(Value::Timestamp)
            }
            _ => None,
        },
        Expression::Operation(operation) => {
            match (operation.operator, operation.operands.as_slice()) {
                (Operator::Negate, [operand]) => {
                    operate(Operator::Negate, &[constant(operand)?]).ok()
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn evaluated(expression: &Expression, row: &[(&Expression, &Value)]) -> Option<Value> {
    if let Some((_, value)) = row.iter().find(|(column, _)| *column == expression) {
        return Some((*value).clone());
    }
    match expression {
        Expression::Case(case) => {
            for (condition, value) in &case.branches {
                match evaluated(condition, row)? {
                    Value::Boolean(true) => return evaluated(value, row),
                    Value::Boolean(false) | Value::Null => {}
                    _ => return None,
                }
            }
            evaluated(&case.otherwise, row)
        }
        Expression::Call(call) => {
            for argument in &call.arguments {
                match evaluated(argument, row)? {
                    Value::Null => {}
                    value => return Some(value),
                }
            }
            Some(Value::Null)
        }
        Expression::Operation(operation) => {
            let operands: Option<Vec<Value>> = operation
                .operands
                .iter()
                .map(|operand| evaluated(operand, row))
                .collect();
            let value = operate(operation.operator, &operands?).ok()?;
            (!matches!(value, Value::Opaque(_))).then_some(value)
        }
        _ => constant(expression),
    }
}
