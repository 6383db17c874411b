//! Handles of runs that were started or resumed.

use super::RunReference;
use crate::metrics::SummarizeTestRun;
use crate::types::TestRun;
use crate::{Client, Error, TestRunId, WaitForTestRun, WatchTestRun};

impl Client {
    /// Returns a handle of a run that another process has started and detached from.
    ///
    /// ```no_run
    /// # use k6_cloud::{RunReference, prelude::*};
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let reference: RunReference = serde_json::from_slice(&std::fs::read("run.json")?)?;
    /// let run = client.resume(&reference).await?.wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if the run belongs to another stack than
    /// the client's; nothing is sent then. The other kinds are those of [`Client::get_test_run`],
    /// such as [`NotFound`](crate::ErrorKind::NotFound).
    pub async fn resume(&self, reference: &RunReference) -> Result<RunHandle, Error> {
        let (theirs, ours) = (reference.stack_id(), self.settings().stack_id());
        if theirs != ours {
            return Err(Error::configuration(format!(
                "the run belongs to stack {theirs}, and the client is for stack {ours}: build a \
                 client with stack_id({theirs})"
            ))
            .with_operation("resume"));
        }
        let run = self.get_test_run(reference.run_id()).send().await?;
        if run.id != reference.run_id() {
            return Err(run.is_another_than(&reference.run_id()).with_operation("resume"));
        }
        Ok(RunHandle { client: self.clone(), run, page_url: reference.page_url().to_owned() })
    }
}

/// A run and the client for it; from [`Client::start_load_test`] and [`Client::resume`].
///
/// Dropping the handle does not affect the run.
#[derive(Clone, Debug)]
pub struct RunHandle {
    client: Client,
    run: TestRun,
    page_url: String,
}

impl RunHandle {
    pub(super) fn new(client: Client, run: TestRun, page_url: String) -> Self {
        Self { client, run, page_url }
    }

    /// Returns the run as it was when it was started or resumed.
    pub fn run(&self) -> &TestRun {
        &self.run
    }

    /// Returns the id of the run.
    pub fn id(&self) -> TestRunId {
        self.run.id
    }

    /// Returns the address of the run's page in Grafana.
    pub fn page_url(&self) -> &str {
        &self.page_url
    }

    /// Waits until the run has ended; see [`Client::wait_for_test_run`].
    pub fn wait(&self) -> WaitForTestRun {
        self.client.wait_for_test_run(self.run.id)
    }

    /// Returns the statuses that the run goes through, as a stream; see [`Client::watch_test_run`].
    pub fn watch(&self) -> WatchTestRun {
        self.client.watch_test_run(self.run.id)
    }

    /// Aborts the run.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) if the run has ended. The other kinds are those of
    /// [`send`](crate::OperationExt::send).
    pub async fn abort(&self) -> Result<(), Error> {
        self.client.abort_test_run(self.run.id).send().await
    }

    /// Reads the run in numbers; see [`Client::summarize_test_run`].
    pub fn summarize(&self) -> SummarizeTestRun<'_> {
        self.client.summarize_test_run(self.run.id)
    }

    /// Returns a reference with which [`Client::resume`] finds the run in another process.
    pub fn reference(&self) -> RunReference {
        let stack_id = self.client.settings().stack_id();
        RunReference::new(stack_id, &self.run, self.page_url.clone())
    }

    /// Turns the handle into a reference for another process; see [`reference`](Self::reference).
    pub fn detach(self) -> RunReference {
        self.reference()
    }
}
