//! Handles of runs that are known by their id.

use crate::metrics::{ListRunMetrics, QueryAggregate, QueryRange, RawQuery, SummarizeTestRun};
use crate::types::TestRun;
use crate::{Client, Error, ScriptDownload, TestRunId, WaitForTestRun, WatchTestRun};

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
    pub fn test_run(&self, id: impl Into<TestRunId>) -> RunById {
        RunById { client: self.clone(), id: id.into() }
    }
}

/// A run that is known by its id, and the client for it; from [`Client::test_run`].
///
/// It does for any run what [`RunHandle`](crate::RunHandle) does for a run that was started or
/// resumed. Whether the run exists is seen by the first call.
#[derive(Clone, Debug)]
pub struct RunById {
    client: Client,
    id: TestRunId,
}

impl RunById {
    /// Returns the id of the run.
    pub fn id(&self) -> TestRunId {
        self.id
    }

    /// Returns the address of the run's page in Grafana; `None` if the client does not know the
    /// [address of the stack](crate::ClientSettings::stack_url).
    ///
    /// Only the start of a run returns the address of its page. For other runs the client makes it
    /// from the address of the stack.
    pub fn page_url(&self) -> Option<String> {
        let stack = self.client.settings().stack_url()?;
        Some(format!("{stack}/a/k6-app/runs/{}", self.id))
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
    pub fn summarize(&self) -> SummarizeTestRun<'_> {
        self.client.summarize_test_run(self.id)
    }

    /// Lists the metrics of the run; see [`Client::list_run_metrics`].
    pub fn metrics(&self) -> ListRunMetrics<'_> {
        self.client.list_run_metrics(self.id)
    }

    /// Queries a metric over time; see [`Client::query_range`].
    pub fn query_range(&self, query: impl Into<RawQuery>) -> QueryRange<'_> {
        self.client.query_range(self.id, query)
    }

    /// Queries a single value of a metric; see [`Client::query_aggregate`].
    pub fn query_aggregate(&self, query: impl Into<RawQuery>) -> QueryAggregate<'_> {
        self.client.query_aggregate(self.id, query)
    }
}
