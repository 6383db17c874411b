//! The size of the list as the server says, and whether as many rows came.

use super::page::SizeChange;

/// The size of a list by the server, and the number of rows that came.
#[derive(Debug, Default)]
pub(super) struct ListSize {
    /// The number of rows in the list, at the first and at the last page that says.
    first: Option<i64>,
    last: Option<i64>,
    /// Whether any page said something else than the first.
    has_changed: bool,
    /// The number of different rows that were read.
    given: i64,
}

impl ListSize {
    /// Notes what a page says. Returns a change that was not known before.
    pub(super) fn note(&mut self, total: Option<i64>) -> Option<SizeChange> {
        let before = self.change();
        self.last = total.or(self.last);
        self.first = self.first.or(self.last);
        let change = self.change();
        self.has_changed |= change.is_some();
        change.filter(|_| change != before)
    }

    /// Notes new rows.
    pub(super) fn add(&mut self, rows: usize) {
        self.given = self.given.saturating_add(i64::try_from(rows).unwrap_or(i64::MAX));
    }

    pub(super) fn total(&self) -> Option<i64> {
        self.last
    }

    /// Returns how the size differs from that at the first page.
    pub(super) fn change(&self) -> Option<SizeChange> {
        let (from, to) = (self.first?, self.last?);
        (from != to).then_some(SizeChange { from, to })
    }

    /// Returns whether as many rows came as the list has from `start` on.
    pub(super) fn is_reached(&self, start: i64) -> bool {
        !self.has_changed
            && self.last.is_some_and(|total| start.saturating_add(self.given) >= total)
    }

    /// Returns how many rows of the list from `start` on did not come. A list whose size changed may
    /// have lost rows of its own accord, so that nothing can be said of it.
    pub(super) fn missing(&self, start: i64) -> Option<MissingRows> {
        let expected = self.last?.saturating_sub(start);
        let missing = expected.saturating_sub(self.given);
        (missing > 0 && !self.has_changed).then_some(MissingRows { expected, missing })
    }
}

/// Rows that did not come.
#[derive(Debug, PartialEq)]
pub(super) struct MissingRows {
    /// The number of rows that should have come.
    pub(super) expected: i64,
    /// The number of those that did not.
    pub(super) missing: i64,
}

#[cfg(test)]
mod tests {
    use super::{ListSize, MissingRows, SizeChange};

    #[test]
    fn missing_rows_are_counted_from_the_start() {
        let mut size = ListSize::default();
        assert_eq!((size.note(Some(10)), size.missing(10)), (None, None));
        size.add(5);
        assert_eq!(size.missing(2), Some(MissingRows { expected: 8, missing: 3 }));
        assert_eq!((size.missing(5), size.missing(30)), (None, None));
        assert!(size.is_reached(5) && !size.is_reached(4));
    }

    #[test]
    fn nothing_is_missing_from_a_list_that_changed() {
        let mut size = ListSize::default();
        assert_eq!(size.missing(0), None);
        assert_eq!((size.note(Some(10)), size.note(None)), (None, None));
        assert_eq!(size.note(Some(9)), Some(SizeChange { from: 10, to: 9 }));
        assert_eq!(size.note(Some(9)), None);
        // Back at the old size, a row may have come and another gone.
        assert_eq!((size.note(Some(10)), size.change()), (None, None));
        assert_eq!((size.missing(0), size.is_reached(20)), (None, false));
    }
}
