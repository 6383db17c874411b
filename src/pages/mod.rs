//! Lists that come in pages: row by row, page by page, or all at once.

mod driver;
mod link;
mod seen;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt as _};

use self::driver::{Driver, ListSettings};
use crate::operation::ListOperation;
use crate::{Error, ErrorKind};

/// A page of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ListPage<T> {
    /// The rows that no page before had.
    pub rows: Vec<T>,
    /// The size of the whole list when the page was read, if the answer has it.
    pub count: Option<i64>,
    /// How many rows were dropped because a page before had them, the one that every page has in
    /// common with the one before it not counted.
    pub duplicates: usize,
    /// Set when the list has another size than it had at the first page.
    pub moved: Option<SizeChange>,
}

/// A list that changed its size while it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SizeChange {
    /// The number of rows that the list had at the first page.
    pub from: i64,
    /// The number of rows that it had last.
    pub to: i64,
}

/// A page whose rows have not been put into a list of their own.
struct Batch<T> {
    rows: std::vec::IntoIter<T>,
    /// Where the first page began.
    start: i64,
    count: Option<i64>,
    duplicates: usize,
    moved: Option<SizeChange>,
}

type Batches<T> = Pin<Box<dyn Stream<Item = Result<Batch<T>, Error>> + Send>>;

enum State<T> {
    Ready(Box<dyn FnOnce(ListSettings) -> Batches<T> + Send>),
    Running(Batches<T>),
    Ended,
}

/// A stream of the pages of a list; from [`ListExt::pages`](crate::ListExt::pages).
#[must_use = "streams do nothing unless polled"]
pub struct PageStream<T> {
    settings: ListSettings,
    state: State<T>,
}

impl<T> PageStream<T> {
    /// Returns the pages of a list; nothing is sent yet.
    pub(crate) fn of<O: ListOperation<Item = T>>(list: O) -> Self
    where
        T: Send + 'static,
    {
        let client = list.client().clone();
        let (window, filters) = list.into_parts();
        Self {
            settings: ListSettings { concurrency: 1, operation: O::FACTS.id },
            state: State::Ready(Box::new(move |settings| {
                Driver::<O::Detached>::new(client, window, filters, settings).into_stream()
            })),
        }
    }

    /// Sets how many pages are requested at a time, after the first; 1 by default, and at least.
    ///
    /// With more than one, the size of the list at the first page says how many pages there are,
    /// and as many of them as set here are under way or read already while earlier ones are worked
    /// on, each as a task of the Tokio runtime. They are yielded in order. Dropping the stream ends
    /// them. Set it before the stream is polled; later it has no effect.
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.settings.concurrency = pages.max(1);
        self
    }

    /// Returns the next page, `None` after the last.
    ///
    /// # Errors
    ///
    /// [`Pagination`](ErrorKind::Pagination) when pages do not fit together, and the kinds of
    /// [`send`](crate::OperationExt::send).
    pub async fn try_next(&mut self) -> Result<Option<ListPage<T>>, Error> {
        self.next().await.transpose()
    }

    /// Returns all rows; see [`ListExt::collect_all`](crate::ListExt::collect_all).
    ///
    /// # Errors
    ///
    /// Those of [`ListExt::collect_all`](crate::ListExt::collect_all).
    pub async fn collect_all(mut self, cap: usize) -> Result<Vec<T>, Error> {
        let mut rows = Vec::new();
        let mut first = true;
        while let Some(page) = poll_fn(|context| self.poll_batch(context)).await.transpose()? {
            // By the count, which is that of the whole list, the first page tells already.
            let counted = page.count.map_or(0, |count| count.saturating_sub(page.start).max(0));
            let counted = usize::try_from(counted).unwrap_or(usize::MAX);
            let there = rows.len() + page.rows.len();
            if there > cap || (std::mem::take(&mut first) && counted > cap) {
                let most = there.max(counted);
                let summary = format!(
                    "there are {most} rows and more than the {cap} allowed; stream them, or allow \
                     more"
                );
                let operation = self.settings.operation;
                return Err(Error::new(ErrorKind::LimitExceeded, summary).with_operation(operation));
            }
            rows.extend(page.rows);
        }
        Ok(rows)
    }
}

impl<T> PageStream<T> {
    fn poll_batch(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Batch<T>, Error>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ready(start) => self.state = State::Running(start(self.settings)),
                State::Running(mut stream) => {
                    let polled = stream.poll_next_unpin(context);
                    if !matches!(polled, Poll::Ready(None)) {
                        self.state = State::Running(stream);
                    }
                    return polled;
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Stream for PageStream<T> {
    type Item = Result<ListPage<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_batch(context).map_ok(|Batch { rows, count, duplicates, moved, .. }| ListPage {
            rows: rows.collect(),
            count,
            duplicates,
            moved,
        })
    }
}

impl<T> fmt::Debug for PageStream<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PageStream")
            .field("operation", &self.settings.operation)
            .field("concurrency", &self.settings.concurrency)
            .finish_non_exhaustive()
    }
}

/// A stream of the rows of a list; from [`ListExt::stream`](crate::ListExt::stream).
#[must_use = "streams do nothing unless polled"]
pub struct RowStream<T> {
    pages: PageStream<T>,
    rows: std::vec::IntoIter<T>,
    count: Option<i64>,
    duplicates: usize,
    moved: Option<SizeChange>,
}

impl<T> RowStream<T> {
    pub(crate) fn new(pages: PageStream<T>) -> Self {
        Self { pages, rows: Vec::new().into_iter(), count: None, duplicates: 0, moved: None }
    }

    /// Sets how many pages are requested at a time; see [`PageStream::concurrency`].
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.pages = self.pages.concurrency(pages);
        self
    }

    /// Returns the next row, `None` after the last.
    ///
    /// # Errors
    ///
    /// [`Pagination`](ErrorKind::Pagination) when pages do not fit together, and the kinds of
    /// [`send`](crate::OperationExt::send).
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        match self.rows.next() {
            Some(row) => Ok(Some(row)),
            None => self.next().await.transpose(),
        }
    }

    /// Returns the size of the whole list as the last page read has it; `None` before the first.
    pub fn count(&self) -> Option<i64> {
        self.count
    }

    /// Returns how many rows were dropped so far because they had come already.
    pub fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// Returns whether the list has changed its size since the first page, and how.
    pub fn moved(&self) -> Option<SizeChange> {
        self.moved
    }
}

impl<T> Unpin for RowStream<T> {}

impl<T> Stream for RowStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            match self.pages.poll_batch(context) {
                Poll::Ready(Some(Ok(page))) => {
                    self.count = page.count.or(self.count);
                    self.duplicates += page.duplicates;
                    self.moved = page.moved;
                    self.rows = page.rows;
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<T> fmt::Debug for RowStream<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RowStream")
            .field("pages", &self.pages)
            .field("count", &self.count)
            .field("duplicates", &self.duplicates)
            .field("moved", &self.moved)
            .finish_non_exhaustive()
    }
}
