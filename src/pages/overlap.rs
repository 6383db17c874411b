//! Checks that no row moved between two pages.
//!
//! Each page begins with rows that have been read already. If its first row is one of them, the
//! page continues the list without a gap. If it is another row, rows may be missing in between. The
//! page is then requested again from farther back, until it begins with a known row.

/// The number of rows that a page has in common with the one before it: at first, and after each
/// step back.
const OVERLAPS: [i64; 4] = [1, 16, 256, 4096];
/// The maximum number of steps back without a new row.
const MAX_RETURNS: u32 = 16;
/// The number of keys to remember: those of the largest overlap, and of a page.
pub(super) const KEYS_TO_REMEMBER: usize = 4096 + 1000;

/// How far the next page reaches back.
#[derive(Debug, Default)]
pub(super) struct Overlap {
    /// The index in `OVERLAPS`.
    level: usize,
    /// The number of steps back since the last page with a new row.
    returns: u32,
}

impl Overlap {
    /// Returns the number of known rows at the beginning of the next page.
    pub(super) fn rows(&self) -> i64 {
        OVERLAPS.get(self.level).copied().unwrap_or_default()
    }

    /// Returns whether the next page reaches back farther than usual.
    pub(super) fn is_wide(&self) -> bool {
        self.level > 0
    }

    /// Notes that a page continues the list without a gap.
    pub(super) fn follows(&mut self) {
        self.level = 0;
    }

    /// Notes that a page had new rows.
    pub(super) fn advances(&mut self) {
        self.returns = 0;
    }

    /// Makes the next page reach back farther. Returns whether that can help.
    #[must_use]
    pub(super) fn widen(&mut self) -> bool {
        self.level += 1;
        self.returns += 1;
        self.level < OVERLAPS.len() && self.returns <= MAX_RETURNS
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_RETURNS, OVERLAPS, Overlap};

    #[test]
    fn page_reaches_back_in_steps_up_to_the_largest() {
        let mut overlap = Overlap::default();
        assert_eq!((overlap.rows(), overlap.is_wide()), (1, false));
        for rows in &OVERLAPS[1..] {
            assert!(overlap.widen());
            assert_eq!((overlap.rows(), overlap.is_wide()), (*rows, true));
        }
        assert!(!overlap.widen(), "there is no larger overlap");
    }

    #[test]
    fn steps_back_without_a_new_row_are_limited() {
        let mut overlap = Overlap::default();
        for round in 0..2 {
            for step in 0..MAX_RETURNS {
                assert!(overlap.widen(), "{round} {step}");
                overlap.follows();
                assert!(!overlap.is_wide());
            }
            assert!(!overlap.widen(), "{round}");
            // A new row shows that the list goes on.
            overlap.follows();
            overlap.advances();
        }
        assert_eq!(MAX_RETURNS, 16);
    }
}
