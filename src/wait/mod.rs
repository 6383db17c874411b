//! Waiting for the end of a test run, and watching its statuses.

mod abort;
mod poll;
mod progress;
mod setters;
mod watch;

pub use self::abort::AbortOutcome;
use self::poll::{PollSettings, Poller};
use self::setters::poll_setters;
pub use self::watch::{RunUpdate, WatchTestRun};
use crate::ext::awaitable;
use crate::types::TestRun;
use crate::{Client, Error, TestRunId};

/// # Test runs: waiting and watching
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
    #[doc(alias = "poll")]
    pub fn wait_for_test_run(&self, id: impl Into<TestRunId>) -> WaitForTestRun {
        WaitForTestRun { client: self.clone(), id: id.into(), settings: PollSettings::default() }
    }

    /// Returns a stream of the statuses of a test run, which ends when the run has ended.
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
    #[doc(alias = "poll")]
    #[doc(alias = "progress")]
    pub fn watch_test_run(&self, id: impl Into<TestRunId>) -> WatchTestRun {
        WatchTestRun::new(self.clone(), id.into())
    }
}

/// A wait for the end of a run; from [`Client::wait_for_test_run`].
///
/// [`send`](Self::send) or `.await` polls the run until it has ended, and returns it. Dropping the
/// future stops the polling.
///
/// Cancel safe: the run goes on, and another wait finds its end. What is lost is the time that the wait has
/// measured, so that its `timeout` and `tolerate` begin anew. With
/// [`abort_unfinished`](Self::abort_unfinished), dropping it aborts the run.
#[derive(Debug)]
#[must_use = "a wait does nothing unless awaited"]
pub struct WaitForTestRun {
    client: Client,
    id: TestRunId,
    settings: PollSettings,
}

poll_setters!(WaitForTestRun);

impl WaitForTestRun {
    /// Polls the run until it has ended, and returns it. `.await` does the same.
    ///
    /// # Errors
    ///
    /// - [`WaitTimeout`](crate::ErrorKind::WaitTimeout) if the run did not end within the
    ///   [`timeout`](Self::timeout). [`last_run`](Error::last_run) is its last known state.
    /// - The error of a poll, if polls failed for longer than [`tolerate`](Self::tolerate) allows,
    ///   or if the failure is permanent, such as [`NotFound`](crate::ErrorKind::NotFound) and
    ///   [`Forbidden`](crate::ErrorKind::Forbidden).
    pub async fn send(self) -> Result<TestRun, Error> {
        let mut poller = Poller::new(self.client, self.id, "wait_for_test_run", self.settings);
        loop {
            let run = poller.poll().await?;
            if run.is_finished() {
                return Ok(run);
            }
        }
    }
}

awaitable! { WaitForTestRun => TestRun; }
