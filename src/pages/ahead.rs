//! Requests for pages that are sent before their rows are needed.

use std::collections::VecDeque;

use tokio::task::{JoinError, JoinHandle};

use super::cursor::PageRange;
use super::source::{PageRequest, ReceivedPage};
use crate::http::trace;
use crate::{Error, ErrorKind};

/// The requests for pages that are sent early, in order.
pub(super) struct ReadAhead<T> {
    concurrency: usize,
    requests: VecDeque<EarlyRequest<T>>,
    /// The index of the first row that has not been requested yet.
    planned: i64,
}

/// A request that is sent early.
///
/// It is a task, because nobody polls the stream while the caller works on rows. A request that is
/// not polled would keep its permit from other calls, and run into its timeout. Dropping this ends
/// the task.
pub(super) struct EarlyRequest<T> {
    range: PageRange,
    task: JoinHandle<Result<ReceivedPage<T>, Error>>,
}

impl<T> Drop for EarlyRequest<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl<T: Send + 'static> ReadAhead<T> {
    pub(super) fn new(concurrency: usize) -> Self {
        Self { concurrency, requests: VecDeque::new(), planned: 0 }
    }

    pub(super) fn is_on(&self) -> bool {
        self.concurrency > 1
    }

    /// Sends requests for the rows from `position` to `total`, up to the limit of early requests.
    pub(super) fn fill(
        &mut self,
        position: i64,
        total: i64,
        request: impl Fn(i64) -> (PageRange, PageRequest<T>),
    ) {
        if self.requests.is_empty() {
            self.planned = position;
        }
        while self.requests.len() < self.concurrency && self.planned < total {
            let (range, request) = request(self.planned);
            self.planned = range.end();
            let task = tokio::spawn(trace::in_current_span(request));
            self.requests.push_back(EarlyRequest { range, task });
        }
    }

    /// Returns the first request if it is for this range. Otherwise all requests are for wrong
    /// ranges, and are cancelled.
    pub(super) fn take(&mut self, range: PageRange) -> Option<EarlyRequest<T>> {
        let first = self.requests.pop_front().filter(|first| first.range == range);
        if first.is_none() {
            self.clear();
        }
        first
    }

    /// Cancels all requests.
    pub(super) fn clear(&mut self) {
        self.requests.clear();
    }
}

impl<T> EarlyRequest<T> {
    /// Waits for the page.
    pub(super) async fn page(mut self, operation: &'static str) -> Result<ReceivedPage<T>, Error> {
        (&mut self.task).await.unwrap_or_else(|error| Err(error_of_task(error, operation)))
    }
}

/// Returns the error of a task that ended together with its runtime. If the task panicked, resumes
/// the panic.
fn error_of_task(error: JoinError, operation: &'static str) -> Error {
    match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(error) => {
            Error::new(ErrorKind::Transport, "the runtime ended before the response came")
                .with_operation(operation)
                .with_source(error)
        }
    }
}
