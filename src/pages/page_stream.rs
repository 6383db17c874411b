//! The stream of pages, and all rows at once.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt as _};

use super::batch::{Batch, RowError};
use super::page::ListPage;
use super::reader::{Batches, ListReader};
use crate::operation::ListOperation;
use crate::{Error, ErrorKind};

/// A stream of the pages of a list; from [`ListExt::pages`](crate::ListExt::pages).
///
/// A row that cannot be read is an error after its page, and the stream goes on. See
/// [`ListExt`](crate::ListExt) for rows that come and go while the list is read.
///
/// Cancel safe: dropping the future of `try_next` loses nothing, and the next one goes on.
///
/// ```no_run
/// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
/// let mut pages = client.list_test_runs().top(100).pages().concurrency(4);
/// while let Some(page) = pages.try_next().await? {
///     println!("{} of {:?} runs", page.rows.len(), page.total);
/// }
/// # Ok(()) }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct PageStream<T> {
    operation: &'static str,
    concurrency: usize,
    state: State<T>,
    /// The errors of rows of the last page.
    errors: VecDeque<RowError>,
}

enum State<T> {
    Ready(Box<dyn FnOnce(usize) -> Batches<T> + Send>),
    Running(Batches<T>),
    Ended,
}

impl<T> PageStream<T> {
    /// Returns the pages of a list; nothing is sent yet.
    pub(crate) fn of<O: ListOperation<Item = T>>(list: O) -> Self
    where
        T: Send + 'static,
    {
        let (client, window, filters) = list.into_parts();
        let start = move |concurrency| {
            ListReader::<O>::new(client, window, filters, concurrency).into_stream()
        };
        Self {
            operation: O::SPEC.id,
            concurrency: 1,
            state: State::Ready(Box::new(start)),
            errors: VecDeque::new(),
        }
    }

    /// Sets how many pages are requested at a time after the first; at least 1, which is the
    /// default.
    ///
    /// With more than one, the first page is requested alone, because its response says how many
    /// pages follow. The others are requested while you work on earlier rows, each in a task of the
    /// Tokio runtime. The order of the rows stays the same. Dropping the stream cancels the
    /// requests. Call this before you poll the stream; later it has no effect.
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.concurrency = pages.max(1);
        self
    }

    /// Returns the next page; `None` after the last.
    ///
    /// # Errors
    ///
    /// - [`Decode`](ErrorKind::Decode) for a row that does not match the description, after the
    ///   page that it is on. [`Error::row_index`] says which row. The next call returns what
    ///   follows.
    /// - [`Pagination`](ErrorKind::Pagination) if pages do not fit together, or after the last page
    ///   if rows are missing.
    /// - The kinds of [`OperationExt::send`](crate::OperationExt::send) if a page cannot be read.
    ///
    /// Every other error ends the stream.
    pub async fn try_next(&mut self) -> Result<Option<ListPage<T>>, Error> {
        self.next().await.transpose()
    }

    /// Returns all rows, if there are at most `cap`; see
    /// [`ListExt::collect_all`](crate::ListExt::collect_all).
    ///
    /// # Errors
    ///
    /// Those of [`ListExt::collect_all`](crate::ListExt::collect_all).
    pub async fn collect_all(mut self, cap: usize) -> Result<Vec<T>, Error> {
        let mut rows = Vec::new();
        let mut is_first = true;
        while let Some(mut batch) = poll_fn(|context| self.poll_batch(context)).await.transpose()? {
            // The first page has the size of the whole list.
            let counted = if mem::take(&mut is_first) { rows_from_start(&batch) } else { 0 };
            let found = counted.max(rows.len() + batch.len());
            if found > cap {
                return Err(self.too_many(found, cap));
            }
            if let Some(row) = batch.unreadable.pop_front() {
                return Err(row.error);
            }
            rows.extend(batch.rows);
        }
        Ok(rows)
    }

    fn too_many(&self, found: usize, cap: usize) -> Error {
        let summary = format!(
            "the list has {found} rows, and `collect_all` allows {cap}: raise the cap, or read the \
             list with `stream`"
        );
        Error::new(ErrorKind::LimitExceeded, summary).with_operation(self.operation)
    }

    pub(super) fn poll_batch(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Batch<T>, Error>>> {
        loop {
            match mem::replace(&mut self.state, State::Ended) {
                State::Ready(start) => self.state = State::Running(start(self.concurrency)),
                State::Running(mut batches) => {
                    let polled = batches.poll_next_unpin(context);
                    if !matches!(polled, Poll::Ready(None)) {
                        self.state = State::Running(batches);
                    }
                    return polled;
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }
}

/// Returns the number of rows from the first page on, according to the server.
fn rows_from_start<T>(batch: &Batch<T>) -> usize {
    let rows = batch.total.map_or(0, |total| total.saturating_sub(batch.start).max(0));
    usize::try_from(rows).unwrap_or(usize::MAX)
}

impl<T> Unpin for PageStream<T> {}

impl<T> Stream for PageStream<T> {
    type Item = Result<ListPage<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(row) = self.errors.pop_front() {
            return Poll::Ready(Some(Err(row.error)));
        }
        self.poll_batch(context).map_ok(|batch| {
            let Batch { rows, unreadable, total, duplicates, size_change, .. } = batch;
            self.errors = unreadable;
            ListPage { rows: rows.collect(), total, duplicates, size_change }
        })
    }
}

impl<T> fmt::Debug for PageStream<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PageStream")
            .field("operation", &self.operation)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
