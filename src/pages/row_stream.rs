//! The stream of rows.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::{Stream, StreamExt as _};

use super::batch::RowError;
use super::page::SizeChange;
use super::page_stream::PageStream;
use crate::Error;

/// A stream of the rows of a list; from [`ListExt::stream`](crate::ListExt::stream).
///
/// A row that cannot be read is an error in its position, and the stream goes on. See
/// [`ListExt`](crate::ListExt) for rows that come and go while the list is read.
///
/// Cancel safe: dropping the future of `try_next` loses nothing, and the next one goes on.
///
/// ```no_run
/// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
/// let mut runs = client.list_test_runs().stream();
/// loop {
///     match runs.try_next().await {
///         Ok(Some(run)) => println!("{}", run.id),
///         Ok(None) => break,
///         // This row cannot be read, but the others can.
///         Err(error) if error.row_index().is_some() => eprintln!("{error}"),
///         Err(error) => return Err(error),
///     }
/// }
/// println!("the list has {:?} rows", runs.total());
/// # Ok(()) }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct RowStream<T> {
    pages: PageStream<T>,
    rows: std::vec::IntoIter<T>,
    /// The errors among the rows.
    errors: VecDeque<RowError>,
    total: Option<i64>,
    duplicates: usize,
    size_change: Option<SizeChange>,
}

impl<T> RowStream<T> {
    pub(crate) fn new(pages: PageStream<T>) -> Self {
        Self {
            pages,
            rows: Vec::new().into_iter(),
            errors: VecDeque::new(),
            total: None,
            duplicates: 0,
            size_change: None,
        }
    }

    /// Sets how many pages are requested at a time; see [`PageStream::concurrency`].
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.pages = self.pages.concurrency(pages);
        self
    }

    /// Returns the next row; `None` after the last.
    ///
    /// # Errors
    ///
    /// - [`Decode`](crate::ErrorKind::Decode) for a row that does not match the description.
    ///   [`Error::row_index`] says which row, and [`Error::json_path`] where. The next call returns
    ///   the row after it.
    /// - [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together, or after the
    ///   last row if rows are missing.
    /// - The kinds of [`OperationExt::send`](crate::OperationExt::send) if a page cannot be read.
    ///
    /// Every other error ends the stream.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        match self.next_of_page() {
            Some(row) => row.map(Some),
            None => self.next().await.transpose(),
        }
    }

    /// Returns the number of rows in the whole list, according to the last page that was read;
    /// `None` before the first page.
    pub fn total(&self) -> Option<i64> {
        self.total
    }

    /// Returns how many rows have been dropped so far because they were on an earlier page.
    pub fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// Returns how the size of the list has changed since the first page; `None` if it has not.
    pub fn size_change(&self) -> Option<SizeChange> {
        self.size_change
    }

    /// Returns the next row of the pages that were read.
    fn next_of_page(&mut self) -> Option<Result<T, Error>> {
        let is_next = |error: &RowError| error.rows_after == self.rows.len();
        if self.errors.front().is_some_and(is_next) {
            return self.errors.pop_front().map(|row| Err(row.error));
        }
        self.rows.next().map(Ok)
    }
}

impl<T> Unpin for RowStream<T> {}

impl<T> Stream for RowStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(row) = self.next_of_page() {
                return Poll::Ready(Some(row));
            }
            match ready!(self.pages.poll_batch(context)) {
                Some(Ok(batch)) => {
                    self.total = batch.total.or(self.total);
                    self.duplicates += batch.duplicates;
                    self.size_change = batch.size_change;
                    self.errors = batch.unreadable;
                    self.rows = batch.rows;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for RowStream<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RowStream")
            .field("pages", &self.pages)
            .field("total", &self.total)
            .field("duplicates", &self.duplicates)
            .field("size_change", &self.size_change)
            .finish_non_exhaustive()
    }
}
