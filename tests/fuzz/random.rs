//! Numbers that look random, the same for the same seed.

/// Marsaglia's xorshift, started by a splitmix step so that neighbouring seeds have nothing in common.
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of one input of a run.
    pub(crate) fn of(seed: u64, number: u64) -> Random {
        let mut mixed = seed
            .wrapping_mul(0xd134_2543_de82_ef95)
            .wrapping_add(number)
            .wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Random((mixed ^ (mixed >> 31)) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `limit`; 0 where there is none.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((self.next() >> 16) % (limit.max(1) as u64)) as usize
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub(crate) fn of_these<'t, T: ?Sized>(&mut self, these: &[&'t T]) -> &'t T {
        these[self.below(these.len())]
    }
}
