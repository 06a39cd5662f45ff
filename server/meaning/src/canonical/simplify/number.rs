//! Numbers as they are written, and exact arithmetic on those that are short enough.

use smol_str::SmolStr;
use sql::relation::{Expression, Literal, Operation, Operator};
use std::cmp::Ordering;

/// An exact decimal number: `digits` divided by ten to the power of `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exact {
    digits: i128,
    scale: u32,
}

/// A number in its one spelling. Whether it has a fraction stays, for it may decide how something
/// is divided: `1.50` is `1.5`, `1.00` is `1.0`, and `1` stays `1`.
pub(super) fn written(number: &str) -> SmolStr {
    if number.is_empty()
        || !number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return SmolStr::new(number.to_ascii_lowercase());
    }
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) if !fraction.contains('.') => (whole, Some(fraction)),
        Some(_) => return SmolStr::new(number),
        None => (number, None),
    };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match fraction.map(|fraction| fraction.trim_end_matches('0')) {
        None => SmolStr::new(whole),
        Some("") => SmolStr::from(format!("{whole}.0")),
        Some(fraction) => SmolStr::from(format!("{whole}.{fraction}")),
    }
}

/// The number that an expression writes, if it does and is short enough.
pub(super) fn exact(expression: &Expression) -> Option<Exact> {
    match expression {
        Expression::Literal(Literal::Number(number)) => parse(number),
        Expression::Operation(Operation {
            operator: Operator::Negate,
            operands,
        }) => {
            let [Expression::Literal(Literal::Number(number))] = operands.as_slice() else {
                return None;
            };
            let number = parse(number)?;
            Some(Exact {
                digits: number.digits.checked_neg()?,
                ..number
            })
        }
        _ => None,
    }
}

fn parse(number: &str) -> Option<Exact> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if number.len() > 30 || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit()) {
        return None;
    }
    if number.is_empty() || number == "." {
        return None;
    }
    // At most 30 digits fit.
    let digits = whole.bytes().chain(fraction.bytes());
    let digits = digits.fold(0, |number: i128, digit| {
        number * 10 + i128::from(digit - b'0')
    });
    Some(Exact {
        digits,
        scale: u32::try_from(fraction.len()).ok()?,
    })
}

impl Exact {
    /// Whether it is written without a fraction.
    pub(super) fn is_whole(self) -> bool {
        self.scale == 0
    }

    /// Which of two is greater, if that can be told.
    pub(super) fn compare(self, other: Exact) -> Option<Ordering> {
        let (left, right, _) = self.aligned(other)?;
        Some(left.cmp(&right))
    }

    /// The outcome of `+`, `-` or `*`; `None` for another operator, or where it is too long.
    pub(super) fn operate(self, operator: Operator, other: Exact) -> Option<Exact> {
        let (digits, scale) = match operator {
            Operator::Multiply => (
                self.digits.checked_mul(other.digits)?,
                self.scale.checked_add(other.scale)?,
            ),
            Operator::Add => {
                let (left, right, scale) = self.aligned(other)?;
                (left.checked_add(right)?, scale)
            }
            Operator::Subtract => {
                let (left, right, scale) = self.aligned(other)?;
                (left.checked_sub(right)?, scale)
            }
            _ => return None,
        };
        (digits.unsigned_abs() < 10_u128.pow(18) && scale < 18).then_some(Exact { digits, scale })
    }

    /// The expression that writes it.
    pub(super) fn expression(self) -> Expression {
        let digits = self.digits.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits
            .split_at_checked(digits.len() - scale)
            .unwrap_or(("0", ""));
        let number = if scale == 0 {
            SmolStr::new(whole)
        } else {
            written(&format!("{whole}.{fraction}"))
        };
        let number = Expression::Literal(Literal::Number(number));
        if self.digits < 0 {
            Expression::operation(Operator::Negate, [number])
        } else {
            number
        }
    }

    /// It without a fraction that says nothing: `1.0` is `1`.
    pub(super) fn shortest(mut self) -> Exact {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }

    fn aligned(self, other: Exact) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let scaled = |number: Exact| {
            10_i128
                .checked_pow(scale - number.scale)
                .and_then(|factor| number.digits.checked_mul(factor))
        };
        Some((scaled(self)?, scaled(other)?, scale))
    }
}
