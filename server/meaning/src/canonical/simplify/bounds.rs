//! Several comparisons of one value with constants: what they say together.

use super::FALSE;
use super::calendar::day;
use super::number::exact;
use sql::relation::{Expression, Operation, Operator};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A comparison of a value with a constant that has an order.
#[derive(Clone, Copy)]
struct Bound<'p> {
    operator: Operator,
    /// The constant stands on the left: `1 < x`.
    lower: bool,
    constant: &'p Expression,
    /// Which of the parts it is.
    place: usize,
}

/// Of parts that must all be true, those that say something: `x < 1 AND x < 2` is `x < 1`. Where only
/// truth counts, what contradicts itself is `FALSE`.
pub(super) fn all(parts: Vec<Expression>, truth: bool) -> Vec<Expression> {
    let (bounds, mut rest) = sorted(&parts);
    for (_, bounds) in bounds {
        let mut kept: Vec<Bound<'_>> = Vec::new();
        for bound in bounds {
            if kept.iter().any(|other| implies(other, &bound)) {
                continue;
            }
            kept.retain(|other| !implies(&bound, other));
            kept.push(bound);
        }
        let contradiction = kept
            .iter()
            .any(|one| kept.iter().any(|other| excludes(one, other)));
        if truth && contradiction {
            return vec![FALSE];
        }
        rest.extend(kept.iter().map(|bound| bound.place));
    }
    arranged(parts, &rest)
}

/// Of parts of which any must be true, those that say something: `x < 1 OR x < 2` is `x < 2`.
pub(super) fn any(parts: Vec<Expression>) -> Vec<Expression> {
    let (bounds, mut rest) = sorted(&parts);
    for (_, bounds) in bounds {
        let mut kept: Vec<Bound<'_>> = Vec::new();
        for bound in bounds {
            if kept.iter().any(|other| implies(&bound, other)) {
                continue;
            }
            kept.retain(|other| !implies(other, &bound));
            kept.push(bound);
        }
        rest.extend(kept.iter().map(|bound| bound.place));
    }
    arranged(parts, &rest)
}

/// The parts at these places, in this order.
fn arranged(parts: Vec<Expression>, places: &[usize]) -> Vec<Expression> {
    let mut parts: Vec<Option<Expression>> = parts.into_iter().map(Some).collect();
    let arranged = places.iter();
    let arranged = arranged.filter_map(|place| parts.get_mut(*place)?.take());
    arranged.collect()
}

/// Which of two constants is greater, where that is the same in every dialect.
pub(super) fn compare(left: &Expression, right: &Expression) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (exact(left), exact(right)) {
        return left.compare(right);
    }
    let ((left, of), (right, to)) = (day(left)?, day(right)?);
    (of == to).then(|| left.cmp(&right))
}

/// The bounds of each value, and the places of the other parts.
fn sorted(parts: &[Expression]) -> (BTreeMap<&Expression, Vec<Bound<'_>>>, Vec<usize>) {
    let mut bounds: BTreeMap<&Expression, Vec<Bound<'_>>> = BTreeMap::new();
    let mut rest = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        match bound(part, place) {
            Some((value, bound)) => bounds.entry(value).or_default().push(bound),
            None => rest.push(place),
        }
    }
    (bounds, rest)
}

fn bound(part: &Expression, place: usize) -> Option<(&Expression, Bound<'_>)> {
    let Expression::Operation(Operation { operator, operands }) = part else {
        return None;
    };
    let compares = matches!(
        operator,
        Operator::Less | Operator::LessOrEqual | Operator::Equal | Operator::NotEqual
    );
    if !compares {
        return None;
    }
    let [left, right] = operands.as_slice() else {
        return None;
    };
    let is_constant = |side: &Expression| exact(side).is_some() || day(side).is_some();
    let (value, constant, lower) = match (is_constant(left), is_constant(right)) {
        (true, false) => (right, left, true),
        (false, true) => (left, right, false),
        _ => return None,
    };
    let bound = Bound {
        operator: *operator,
        lower,
        constant,
        place,
    };
    Some((value, bound))
}

/// Whether `other` is true wherever `one` is. Both are `NULL` for the same values: where theirs is.
fn implies(one: &Bound<'_>, other: &Bound<'_>) -> bool {
    let Some(ordering) = compare(one.constant, other.constant) else {
        return false;
    };
    let strict = |bound: &Bound<'_>| bound.operator == Operator::Less;
    match (one.operator, other.operator) {
        (Operator::Equal, _) => holds(other, ordering),
        (Operator::Less | Operator::LessOrEqual, Operator::NotEqual) => match ordering {
            Ordering::Equal => strict(one),
            Ordering::Less => !one.lower,
            Ordering::Greater => one.lower,
        },
        (_, Operator::Equal | Operator::NotEqual) => {
            one.operator == other.operator && ordering == Ordering::Equal
        }
        (Operator::NotEqual, _) => false,
        _ => {
            let tighter = if one.lower {
                Ordering::Greater
            } else {
                Ordering::Less
            };
            one.lower == other.lower
                && (ordering == tighter
                    || (ordering == Ordering::Equal && (strict(one) || !strict(other))))
        }
    }
}

/// Whether no value is as both say.
fn excludes(one: &Bound<'_>, other: &Bound<'_>) -> bool {
    let Some(ordering) = compare(one.constant, other.constant) else {
        return false;
    };
    match (one.operator, other.operator) {
        (Operator::Equal, _) => !holds(other, ordering),
        (Operator::Less | Operator::LessOrEqual, Operator::Less | Operator::LessOrEqual) => {
            let open = one.operator == Operator::Less || other.operator == Operator::Less;
            one.lower
                && !other.lower
                && (ordering == Ordering::Greater || (ordering == Ordering::Equal && open))
        }
        _ => false,
    }
}

/// Whether a bound holds for a constant that is so related to its own.
fn holds(bound: &Bound<'_>, ordering: Ordering) -> bool {
    let ordering = if bound.lower {
        ordering.reverse()
    } else {
        ordering
    };
    match bound.operator {
        Operator::Equal => ordering == Ordering::Equal,
        Operator::NotEqual => ordering != Ordering::Equal,
        Operator::Less => ordering == Ordering::Less,
        _ => ordering != Ordering::Greater,
    }
}

/// What a comparison of `COALESCE(x, constant)` with another constant says of `x`.
pub(super) fn of_coalesce(
    operator: Operator,
    left: &Expression,
    right: &Expression,
) -> Option<Expression> {
    let (call, turned) = match (left, right) {
        (Expression::Call(call), _) => (call, false),
        (_, Expression::Call(call)) => (call, true),
        _ => return None,
    };
    let constant = if turned { left } else { right };
    let [value, otherwise] = call.arguments.as_slice() else {
        return None;
    };
    if call.function != "coalesce" || exact(constant).is_none() {
        return None;
    }
    let ordering = compare(otherwise, constant)?;
    let bound = Bound {
        operator,
        lower: turned,
        constant,
        place: 0,
    };
    let operands = if turned {
        [constant.clone(), value.clone()]
    } else {
        [value.clone(), constant.clone()]
    };
    let compared = super::value(Expression::operation(operator, operands));
    let missing = Expression::operation(Operator::IsNull, [value.clone()]);
    Some(if holds(&bound, ordering) {
        Expression::operation(Operator::Or, [compared, missing])
    } else {
        let present = Expression::operation(Operator::Not, [missing]);
        Expression::operation(Operator::And, [compared, present])
    })
}

/// A comparison of a sum that has a whole number in it with another whole number, as one of the rest of
/// the sum.
pub(super) fn of_sum(
    operator: Operator,
    left: &Expression,
    right: &Expression,
) -> Option<Expression> {
    let (sum, turned) = match (left, right) {
        (Expression::Operation(sum), _) => (sum, false),
        (_, Expression::Operation(sum)) => (sum, true),
        _ => return None,
    };
    let constant = exact(if turned { left } else { right }).filter(|number| number.is_whole())?;
    let place = sum
        .operands
        .iter()
        .position(|part| exact(part).is_some_and(|number| number.is_whole()))?;
    let added = exact(sum.operands.get(place)?)?;
    let opposite = match (sum.operator, place) {
        (Operator::Add, _) => Operator::Subtract,
        (Operator::Subtract, 1) => Operator::Add,
        _ => return None,
    };
    let constant = constant.operate(opposite, added)?.expression();
    let mut rest = sum.operands.clone();
    rest.remove(place);
    let rest = match rest.len() {
        1 => rest.pop()?,
        _ => super::value(Expression::operation(Operator::Add, rest)),
    };
    let operands = if turned {
        [constant, rest]
    } else {
        [rest, constant]
    };
    Some(Expression::operation(operator, operands))
}
