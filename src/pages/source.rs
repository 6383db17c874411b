//! Requests a page, and makes errors for the rows that could not be read.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::pin::Pin;

use super::cursor::PageRange;
use super::rows::{self, ReadPage, RowMismatch};
use crate::error::Redact;
use crate::http::{CallLimits, perform_response};
use crate::operation::{ListOperation, RawPage};
use crate::{Client, Error, ErrorKind};

/// A page as it arrived, including known rows.
pub(super) struct ReceivedPage<T> {
    pub(super) rows: Vec<T>,
    pub(super) unreadable: Vec<UnreadableRow>,
    /// The number of rows in the whole list, if the response has it.
    pub(super) total: Option<i64>,
    pub(super) next_link: Option<String>,
}

/// A row that could not be read.
pub(super) struct UnreadableRow {
    /// The number of readable rows before it on its page.
    pub(super) readable_before: usize,
    /// The key of the row, if the rows of the list have keys.
    pub(super) key: Option<i64>,
    pub(super) error: Error,
}

impl<T> ReceivedPage<T> {
    /// Returns the number of rows, with those that could not be read.
    pub(super) fn len(&self) -> i64 {
        i64::try_from(self.rows.len() + self.unreadable.len()).unwrap_or(i64::MAX)
    }

    /// Returns the key of the first row, if there is one.
    pub(super) fn first_key(&self, key: impl Fn(&T) -> Option<i64>) -> Option<i64> {
        match self.unreadable.first() {
            Some(row) if row.readable_before == 0 => row.key,
            _ => self.rows.first().and_then(key),
        }
    }

    /// Returns the keys of all rows, in no order.
    pub(super) fn keys(&self, key: impl Fn(&T) -> Option<i64>) -> impl Iterator<Item = i64> {
        let unreadable = self.unreadable.iter().filter_map(|row| row.key);
        self.rows.iter().filter_map(key).chain(unreadable)
    }
}

/// A request for a page. It borrows nothing, so that it can become a task.
pub(super) type PageRequest<T> =
    Pin<Box<dyn Future<Output = Result<ReceivedPage<T>, Error>> + Send>>;

/// The calls for the pages of one list.
pub(super) struct PageSource<O: ListOperation> {
    pub(super) client: Client,
    pub(super) filters: O::Filters,
}

impl<O: ListOperation> PageSource<O> {
    /// Returns the request for a page; it is sent when it is polled.
    pub(super) fn request(&self, range: PageRange) -> PageRequest<O::Item> {
        let (client, filters) = (self.client.clone(), self.filters.clone());
        Box::pin(async move {
            let call = rows::page_call::<O>(client.clone(), filters, range);
            let (response, _) = perform_response(call, CallLimits::default()).await?;
            let ReadPage { page, unreadable } = response.into_inner();
            let RawPage { rows, count, next_link } = page;
            let redact = Redact::new(&client.inner.shared.authorization);
            let unreadable = unreadable.into_iter().enumerate();
            let unreadable = unreadable.map(|(before, row)| UnreadableRow {
                readable_before: row.index.saturating_sub(before),
                key: key_of::<O>(&row, range),
                error: error_of_row::<O>(&row, range, redact),
            });
            // A negative size is ignored.
            let total = count.filter(|total| *total >= 0);
            Ok(ReceivedPage { rows, unreadable: unreadable.collect(), total, next_link })
        })
    }

    /// Returns an error about the list as a whole.
    pub(super) fn error(&self, kind: ErrorKind, summary: impl Into<String>) -> Error {
        Error::new(kind, summary).with_operation(O::SPEC.id)
    }
}

/// Returns a key for an unreadable row: its id, or else one from its content and position.
///
/// Ids are positive; the other keys are negative.
fn key_of<O: ListOperation>(row: &RowMismatch, range: PageRange) -> Option<i64> {
    O::KEY?;
    let replacement = || {
        let mut hasher = DefaultHasher::new();
        (index_of(row, range), &row.row).hash(&mut hasher);
        (hasher.finish() | (1 << 63)).cast_signed()
    };
    Some(row.id.unwrap_or_else(replacement))
}

/// Returns where the row is in the list, from 0.
fn index_of(row: &RowMismatch, range: PageRange) -> i64 {
    range.skip.saturating_add(i64::try_from(row.index).unwrap_or(i64::MAX))
}

fn error_of_row<O: ListOperation>(
    row: &RowMismatch,
    range: PageRange,
    redact: Redact<'_>,
) -> Error {
    let index = index_of(row, range);
    let [path, reason] = [&row.path, &row.reason].map(|words| redact.line_about(&row.row, words));
    let id = match (O::KEY, row.id) {
        (Some(key), Some(id)) => format!(" ({key} {id})"),
        _ => String::new(),
    };
    let summary = format!(
        "row {index} of the list, counted from 0{id}, is not as described at {path}: {reason}"
    );
    Error::of_row(summary, index, path).with_operation(O::SPEC.id)
}
