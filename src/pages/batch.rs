//! The new rows of a page.

use std::collections::VecDeque;

use super::page::SizeChange;
use super::seen::Seen;
use super::source::{ReceivedPage, UnreadableRow};
use crate::Error;

/// The new rows of a page, and the state of the list when it was read.
pub(super) struct Batch<T> {
    pub(super) rows: std::vec::IntoIter<T>,
    pub(super) unreadable: VecDeque<RowError>,
    /// Where the first page of the list begins.
    pub(super) start: i64,
    pub(super) total: Option<i64>,
    pub(super) duplicates: usize,
    pub(super) size_change: Option<SizeChange>,
}

/// The error of a row that could not be read.
pub(super) struct RowError {
    /// The number of readable rows that follow it in its batch.
    pub(super) rows_after: usize,
    pub(super) error: Error,
}

impl<T> Batch<T> {
    /// Returns the number of rows, with those that could not be read.
    pub(super) fn len(&self) -> usize {
        self.rows.len() + self.unreadable.len()
    }
}

/// The rows of a page that have not been read before.
pub(super) struct NewRows<T> {
    pub(super) rows: std::vec::IntoIter<T>,
    pub(super) unreadable: VecDeque<RowError>,
    /// The number of rows that were dropped.
    pub(super) dropped: usize,
}

impl<T> NewRows<T> {
    /// Drops the rows whose keys are known, and remembers the keys of the others.
    pub(super) fn of(
        page: ReceivedPage<T>,
        seen: &mut Seen,
        key: impl Fn(&T) -> Option<i64>,
    ) -> Self {
        let ReceivedPage { mut rows, unreadable, .. } = page;
        let received = rows.len() + unreadable.len();
        let is_new: Vec<bool> =
            rows.iter().map(|row| key(row).is_none_or(|key| seen.insert(key))).collect();
        let unreadable = new_errors(unreadable, &is_new, seen);
        let new = is_new.iter().filter(|new| **new).count();
        let leading = is_new.iter().take_while(|new| !**new).count();
        let only_leading = leading + new == rows.len();
        if !only_leading {
            let mut is_new = is_new.iter();
            rows.retain(|_| is_new.next().is_none_or(|new| *new));
        }
        let mut rows = rows.into_iter();
        if only_leading {
            // `skip` moves no rows. Nearly every page has just one row in common with the page
            // before it.
            rows.by_ref().take(leading).for_each(drop);
        }
        let dropped = received - rows.len() - unreadable.len();
        Self { rows, unreadable, dropped }
    }
}

fn new_errors(rows: Vec<UnreadableRow>, is_new: &[bool], seen: &mut Seen) -> VecDeque<RowError> {
    let new = rows.into_iter().filter(|row| row.key.is_none_or(|key| seen.insert(key)));
    let errors = new.map(|row| {
        let after = is_new.get(row.readable_before..).unwrap_or_default();
        RowError { rows_after: after.iter().filter(|new| **new).count(), error: row.error }
    });
    errors.collect()
}
