//! Checks that no row moved between two pages.
//!
//! Each page begins with rows that were read already. If its first row is one of them, the page
//! follows on what was read. If it is another row, rows may lie between: the page is requested again
//! from farther back, until it begins with a row that was read.

/// The number of rows that a page has in common with the one before it: at first, and each time the
/// reading goes back.
const OVERLAPS: [i64; 4] = [1, 16, 256, 4096];
/// How often the reading goes back without a new row.
const MAX_RETURNS: u32 = 16;
/// The number of keys to remember: those of the largest overlap, and of a page.
pub(super) const KEYS_TO_REMEMBER: usize = 4096 + 1000;

/// How far the next page reaches back.
#[derive(Debug, Default)]
pub(super) struct Overlap {
    /// The index in `OVERLAPS`.
    level: usize,
    /// How often the reading went back since a page brought a new row.
    returns: u32,
}

impl Overlap {
    /// Returns how many rows that were read already the next page begins with.
    pub(super) fn rows(&self) -> i64 {
        OVERLAPS.get(self.level).copied().unwrap_or_default()
    }

    /// Returns whether the reading goes back at the moment.
    pub(super) fn is_wide(&self) -> bool {
        self.level > 0
    }

    /// Notes that a page follows on what was read.
    pub(super) fn follows(&mut self) {
        self.level = 0;
    }

    /// Notes that a page brought new rows.
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
