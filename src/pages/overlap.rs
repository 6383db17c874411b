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
