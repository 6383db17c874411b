//! The size of the list according to the server, and whether that many rows came.

use super::page::SizeChange;

/// The size of a list according to the server, and the number of rows that came.
#[derive(Debug, Default)]
pub(super) struct ListSize {
    /// The number of rows in the list, according to the first and to the last page that has it.
    first: Option<i64>,
    last: Option<i64>,
    /// Whether any page had another size than the first.
    has_changed: bool,
    /// The number of different rows that were read.
    given: i64,
}

impl ListSize {
    /// Notes the size on a page. Returns the change if it is new.
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

    /// Returns the change of the size since the first page.
    pub(super) fn change(&self) -> Option<SizeChange> {
        let (from, to) = (self.first?, self.last?);
        (from != to).then_some(SizeChange { from, to })
    }

    /// Returns whether all rows of the list from `start` on came.
    pub(super) fn is_reached(&self, start: i64) -> bool {
        !self.has_changed
            && self.last.is_some_and(|total| start.saturating_add(self.given) >= total)
    }

    /// Returns how many rows of the list are missing from `start` on. `None` if the size has changed:
    /// rows may then have been deleted.
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
        // The size is the first one again, but a row may have been added and another deleted.
        assert_eq!((size.note(Some(10)), size.change()), (None, None));
        assert_eq!((size.missing(0), size.is_reached(20)), (None, false));
    }
}
