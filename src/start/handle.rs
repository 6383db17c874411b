//! Handles of runs: from a start, from a reference, or from an id.

use super::RunReference;
use crate::metrics::{ListRunMetrics, QueryAggregate, QueryRange, RawQuery, SummarizeTestRun};
use crate::types::TestRun;
use crate::{Client, Error, ScriptDownload, TestRunId, WaitForTestRun, WatchTestRun};

/// # Test runs: handles
impl Client {
    /// Returns a handle of a run that is known by its id. This sends nothing.
    ///
    /// ```no_run
    /// # use k6_cloud::prelude::*;
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let run = client.test_run(42);
    /// println!("{}", run.wait().await?.verdict());
    /// println!("{}", run.summarize().await?);
    /// # Ok(()) }
    /// ```
    pub fn test_run(&self, id: impl Into<TestRunId>) -> RunHandle {
        RunHandle::new(self.clone(), id.into(), None, None)
    }

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
        let page_url = reference.page_url().map(str::to_owned);
        Ok(RunHandle::new(self.clone(), run.id, Some(run), page_url))
    }
}

/// A run and the client for it; from [`Client::start_load_test`], [`Client::resume`] and
/// [`Client::test_run`].
///
/// Dropping the handle does not affect the run.
#[derive(Clone, Debug)]
pub struct RunHandle {
    client: Client,
    id: TestRunId,
    run: Option<Box<TestRun>>,
    page_url: Option<String>,
}

impl RunHandle {
    pub(super) fn new(
        client: Client,
        id: TestRunId,
        run: Option<TestRun>,
        page_url: Option<String>,
    ) -> Self {
        // Only the start of a run returns the address of its page.
        let page_url = page_url.filter(|url| !url.is_empty()).or_else(|| {
            let stack = client.settings().stack_url()?;
            Some(format!("{stack}/a/k6-app/runs/{id}"))
        });
        Self { client, id, run: run.map(Box::new), page_url }
    }

    /// Returns the id of the run.
    pub fn id(&self) -> TestRunId {
        self.id
    }

    /// Returns the client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the run as it was when it was started or resumed; `None` if the handle was made from an
    /// id. [`get`](Self::get) reads the run as it is now.
    pub fn run(&self) -> Option<&TestRun> {
        self.run.as_deref()
    }

    /// Returns the address of the run's page in Grafana.
    ///
    /// It is always known for a run that was started. For a run by its id, it is `None` if the client
    /// does not know the [address of the stack](crate::ClientSettings::stack_url).
    pub fn page_url(&self) -> Option<&str> {
        self.page_url.as_deref()
    }

    /// Returns the run as it is now.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send), such as
    /// [`NotFound`](crate::ErrorKind::NotFound).
    pub async fn get(&self) -> Result<TestRun, Error> {
        self.client.get_test_run(self.id).send().await
    }

    /// Waits until the run has ended; see [`Client::wait_for_test_run`].
    pub fn wait(&self) -> WaitForTestRun {
        self.client.wait_for_test_run(self.id)
    }

    /// Returns the statuses that the run goes through, as a stream; see [`Client::watch_test_run`].
    pub fn watch(&self) -> WatchTestRun {
        self.client.watch_test_run(self.id)
    }

    /// Aborts the run.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) if the run has ended. The other kinds are those of
    /// [`send`](crate::OperationExt::send).
    pub async fn abort(&self) -> Result<(), Error> {
        self.client.abort_test_run(self.id).send().await
    }

    /// Downloads the script of the run; see [`Client::get_test_run_script`].
    pub fn script(&self) -> ScriptDownload {
        self.client.get_test_run_script(self.id)
    }

    /// Reads the run in numbers; see [`Client::summarize_test_run`].
    pub fn summarize(&self) -> SummarizeTestRun {
        self.client.summarize_test_run(self.id)
    }

    /// Lists the metrics of the run; see [`Client::list_run_metrics`].
    pub fn metrics(&self) -> ListRunMetrics {
        self.client.list_run_metrics(self.id)
    }

    /// Queries a metric over time; see [`Client::query_range`].
    pub fn query_range(&self, query: impl Into<RawQuery>) -> QueryRange {
        self.client.query_range(self.id, query)
    }

    /// Queries a single value of a metric; see [`Client::query_aggregate`].
    pub fn query_aggregate(&self, query: impl Into<RawQuery>) -> QueryAggregate {
        self.client.query_aggregate(self.id, query)
    }

    /// Returns a reference with which [`Client::resume`] finds the run in another process.
    pub fn reference(&self) -> RunReference {
        RunReference::of(self)
    }

    /// Turns the handle into a reference for another process; see [`reference`](Self::reference).
    pub fn detach(self) -> RunReference {
        self.reference()
    }
}
