//! Rows compared as bags.

use super::value::Value;
use std::rc::Rc;

/// Bags of more rows than this are not compared: to pair them could take the cube of their number.
const MOST_ROWS: usize = 500;

/// Whether two bags of rows differ for certain: there is no way to pair all rows of the one with all of
/// the other so that the rows of each pair may be equal.
pub(super) fn differ(left: &[Rc<[Value]>], right: &[Rc<[Value]>]) -> bool {
    if left.len() != right.len() {
        return true;
    }
    if left.len() > MOST_ROWS {
        return false;
    }
    let may_equal = |left: &[Value], right: &[Value]| {
        let mut columns = left.iter().zip(right);
        columns.all(|(left, right)| left.looks_like(right) != Some(false))
    };
    let mut partner: Vec<Option<usize>> = vec![None; right.len()];
    for row in 0..left.len() {
        let mut tried = vec![false; right.len()];
        let edges = |from: usize, to: usize| match (left.get(from), right.get(to)) {
            (Some(left), Some(right)) => may_equal(left, right),
            _ => false,
        };
        if !pair(row, &edges, &mut partner, &mut tried) {
            return true;
        }
    }
    false
}

/// Finds a partner for a row, moving others to other partners where that makes room.
fn pair(
    row: usize,
    may_equal: &dyn Fn(usize, usize) -> bool,
    partner: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    // Most often the rows come in the same order.
    for candidate in [row].into_iter().chain(0..partner.len()) {
        let Some(seen) = tried.get_mut(candidate) else {
            continue;
        };
        if *seen || !may_equal(row, candidate) {
            continue;
        }
        *seen = true;
        let holder = partner.get(candidate).copied().flatten();
        if holder.is_none_or(|holder| pair(holder, may_equal, partner, tried)) {
            if let Some(place) = partner.get_mut(candidate) {
                *place = Some(row);
            }
            return true;
        }
    }
    false
}

/// Whether two rows are the same, `NULL` being like `NULL`; `None` where that is not known.
pub(crate) fn identical_rows(left: &[Value], right: &[Value]) -> Option<bool> {
    let mut all = Some(true);
    for (left, right) in left.iter().zip(right) {
        match left.identical(right) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}
