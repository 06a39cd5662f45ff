//! Facts without positions: an ordinal in the facts, and a table beside them that says where it stands.
//!
//! Facts of a file are compared to decide whether anything that depends on them must be computed
//! anew. Text that merely moved must not count as a change, so facts hold [`Spot`]s, and the
//! [`Places`] made from the same text resolve them.

use crate::text::TextRange;

/// The ordinal of a piece of text in the [`Places`] of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot(u32);

/// Where the spots of one file stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    ranges: Vec<TextRange>,
}

impl Places {
    /// Notes a range and gives the ordinal that stands for it.
    pub fn add(&mut self, range: TextRange) -> Spot {
        let spot = Spot(u32::try_from(self.ranges.len()).unwrap_or(u32::MAX));
        self.ranges.push(range);
        spot
    }

    /// Where `spot` stands; the empty range at the start of the text for a spot of other facts.
    pub fn range(&self, spot: Spot) -> TextRange {
        self.ranges
            .get(spot.0 as usize)
            .copied()
            .unwrap_or_default()
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Placed<T> {
    /// What it says.
    pub value: T,
    /// Where it says so.
    pub spot: Spot,
}

impl<T> Placed<T> {
    /// `value`, standing at `spot`.
    pub fn new(value: T, spot: Spot) -> Placed<T> {
        Placed { value, spot }
    }
}
