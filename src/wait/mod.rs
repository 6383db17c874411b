//! Waiting for a test run, and watching it.

mod poll;
mod progress;
mod watch;

use std::pin::Pin;
use std::time::Duration;

use self::poll::{PollSettings, Poller};
pub use self::watch::{RunUpdate, WatchTestRun};
use crate::types::TestRun;
use crate::{Client, Error};

impl Client {
    /// Waits until a test run has ended, and returns it.
    ///
    /// ```no_run
    /// # use k6_cloud::prelude::*;
    /// # use std::time::Duration;
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let run = client.wait_for_test_run(42).timeout(Duration::from_secs(3600)).await?;
    /// std::process::exit(run.verdict().exit_code());
    /// # }
    /// ```
    pub fn wait_for_test_run(&self, id: i64) -> WaitForTestRun {
        WaitForTestRun { client: self.clone(), id, settings: PollSettings::default() }
    }

    /// Returns the statuses that a test run goes through, as a stream that ends when the run has
    /// ended.
    ///
    /// ```no_run
    /// # use k6_cloud::prelude::*;
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let mut updates = client.watch_test_run(42);
    /// while let Some(update) = updates.try_next().await? {
    ///     println!("{} {:3.0} %", update.status, update.progress * 100.0);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn watch_test_run(&self, id: i64) -> WatchTestRun {
        WatchTestRun::new(self.clone(), id)
    }
}

/// A wait for the end of a run; from [`Client::wait_for_test_run`].
///
/// Awaiting it looks at the run until it has ended. Dropping the future stops that.
///
/// # Errors
///
/// [`WaitTimeout`](crate::ErrorKind::WaitTimeout) when the run has not ended in time, with the run
/// as it was seen last in [`last_run`](Error::last_run); and what looking at it failed with, more
/// often than [`tolerate`](Self::tolerate) allows or with no hope of passing, such as
/// [`NotFound`](crate::ErrorKind::NotFound) and [`Forbidden`](crate::ErrorKind::Forbidden).
#[derive(Debug)]
#[must_use = "a wait does nothing unless awaited"]
pub struct WaitForTestRun {
    client: Client,
    id: i64,
    settings: PollSettings,
}

impl WaitForTestRun {
    /// Sets the pause between two looks at the run, from 100 milliseconds.
    ///
    /// By default it adapts: 2 seconds at first and after each change of the status, growing to 15
    /// seconds while nothing changes; while the run generates load, an eighth of what its
    /// `estimated_duration` leaves, from 2 to 30 seconds. After a look that failed it is 2 seconds
    /// and grows with each failure in a row; either way it is at least what the server asks for in
    /// `Retry-After`, up to 5 minutes.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.settings.interval = Some(interval);
        self
    }

    /// Sets how long to wait; without it, as long as the run takes. The run is looked at once more
    /// when the time is over, for 10 seconds at most.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Sets how many looks in a row may fail; 5 by default. Each has been repeated by the client's
    /// [`RetryPolicy`](crate::RetryPolicy) before it counts as failed.
    pub fn tolerate(mut self, failures: u32) -> Self {
        self.settings.tolerance = failures;
        self
    }

    /// Sets whether the run is aborted when the wait ends before the run does: when the future is
    /// dropped, the time is over or looking at the run fails. It is not, by default.
    ///
    /// After a timeout or a failure the abort is awaited, which can take as long as any call; after
    /// a drop it goes on as a task of the Tokio runtime that polled the wait, wherever that is
    /// dropped, and does not happen if the runtime ends at once. A wait that was never polled
    /// aborts nothing.
    pub fn abort_unfinished(mut self, abort: bool) -> Self {
        self.settings.abort_unfinished = abort;
        self
    }
}

impl IntoFuture for WaitForTestRun {
    type Output = Result<TestRun, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut poller = Poller::new(self.client, self.id, self.settings);
            loop {
                let run = poller.look().await?;
                if run.is_finished() {
                    return Ok(run);
                }
            }
        })
    }
}
