//! Numbers: exact decimals that remember whether they were rounded and whether they may be integers.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, RoundingStrategy};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A number.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// The amount, to 28 digits.
    pub amount: Decimal,
    /// It was not rounded: neither by a division nor as a floating-point number.
    pub exact: bool,
    /// It may be of an integer type, so that its division may drop the fraction.
    pub integral: bool,
}

impl Number {
    /// A number that may be of an integer type.
    pub fn integer(amount: i64) -> Number {
        Number {
            amount: Decimal::from(amount),
            exact: true,
            integral: true,
        }
    }

    /// A number that is not of an integer type.
    pub fn decimal(amount: Decimal) -> Number {
        Number {
            amount,
            exact: true,
            integral: false,
        }
    }

    /// A number as SQL writes it.
    pub fn parse(written: &str) -> Option<Number> {
        let plain = !written.contains(['e', 'E']);
        let amount = if plain {
            Decimal::from_str_exact(written).ok()?
        } else {
            Decimal::from_scientific(written).ok()?
        };
        Some(Number {
            amount,
            exact: plain || amount.fract().is_zero(),
            integral: plain && !written.contains('.'),
        })
    }

    /// Whether it has no fraction.
    pub fn is_whole(&self) -> bool {
        self.amount.fract().is_zero()
    }

    /// As a count or index, where it is an exact whole number.
    pub fn whole(&self) -> Option<i64> {
        if !self.exact || !self.is_whole() {
            return None;
        }
        i64::try_from(self.amount).ok()
    }

    /// The order of the two; `None` where rounding may decide it.
    pub(crate) fn order(&self, other: &Number) -> Option<Ordering> {
        if !(self.exact && other.exact) && self.is_near(other) {
            return None;
        }
        Some(self.amount.cmp(&other.amount))
    }

    /// Whether the two are so near that they may be the same number, rounded in other ways.
    fn is_near(&self, other: &Number) -> bool {
        let largest = self.amount.abs().max(other.amount.abs()).max(Decimal::ONE);
        let margin = largest.checked_mul(Decimal::new(1, 3));
        match (self.amount.checked_sub(other.amount), margin) {
            (Some(difference), Some(margin)) => difference.abs() <= margin,
            _ => true,
        }
    }

    /// The result of an operation on the two; `None` where it does not fit.
    pub(crate) fn combine(
        &self,
        other: &Number,
        operation: impl Fn(Decimal, Decimal) -> Option<Decimal>,
    ) -> Option<Number> {
        let amount = operation(self.amount, other.amount)?;
        // Beyond this, integers overflow in some dialects, and decimals lose digits.
        (amount.abs() < Decimal::from_i64(1_000_000_000_000_000)? && amount.scale() <= 14)
            .then_some(Number {
                amount,
                exact: self.exact && other.exact,
                integral: self.integral && other.integral,
            })
    }

    /// The quotient; `None` where the divisor is zero, or dialects may drop the fraction.
    pub(crate) fn divide(&self, other: &Number) -> Option<Number> {
        let amount = self.amount.checked_div(other.amount)?;
        if self.integral && other.integral && !amount.fract().is_zero() {
            return None;
        }
        let rounded = amount.round_dp(4);
        Some(Number {
            amount: if rounded == amount {
                rounded.normalize()
            } else {
                amount.round_dp(12)
            },
            exact: self.exact && other.exact && rounded == amount,
            integral: self.integral && other.integral,
        })
    }

    /// Rounded to so many digits behind the point, half away from zero; `None` where it was rounded
    /// already and so may be on either side.
    pub(crate) fn round(&self, digits: u32) -> Option<Number> {
        let strategy = RoundingStrategy::MidpointAwayFromZero;
        let amount = self.amount.round_dp_with_strategy(digits, strategy);
        if !self.exact {
            let nudge = Decimal::new(1, digits.min(20) + 2);
            let up = self.amount.checked_add(nudge)?;
            let down = self.amount.checked_sub(nudge)?;
            let rounded = |amount: Decimal| amount.round_dp_with_strategy(digits, strategy);
            if rounded(up) != rounded(down) {
                return None;
            }
        }
        Some(Number { amount, ..*self })
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.amount == other.amount
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.amount.normalize().hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.amount.normalize())
    }
}
