//! A run that was started, or found again.

use super::RunReference;
use crate::types::TestRun;
use crate::{Client, Error, WaitForTestRun, WatchTestRun};

impl Client {
    /// Returns a handle of the run that another process has started and left.
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
    /// [`Configuration`](crate::ErrorKind::Configuration) when the run is one of another stack than the
    /// client's, which is seen before anything is sent; and those of looking at the run, such as
    /// [`NotFound`](crate::ErrorKind::NotFound).
    pub async fn resume(&self, reference: &RunReference) -> Result<RunHandle, Error> {
        let (theirs, ours) = (reference.stack_id(), self.settings().stack_id());
        if theirs != ours {
            return Err(Error::configuration(format!(
                "the run is one of stack {theirs}, and the client is for stack {ours}: build a \
                 client with the stack id {theirs}"
            ))
            .with_operation("resume"));
        }
        let run = self.get_test_run(reference.run_id()).send().await?;
        Ok(RunHandle { client: self.clone(), run, page_url: reference.page_url().to_owned() })
    }
}

/// A run with the client that looks after it; from [`Client::start_load_test`] and
/// [`Client::resume`].
///
/// Dropping it does nothing to the run.
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
    pub fn id(&self) -> i64 {
        self.run.id
    }

    /// Returns the address of the run's page, for people.
    pub fn page_url(&self) -> &str {
        &self.page_url
    }

    /// Waits until the run has ended; see [`Client::wait_for_test_run`].
    pub fn wait(&self) -> WaitForTestRun {
        self.client.wait_for_test_run(self.run.id)
    }

    /// Returns the statuses that the run goes through; see [`Client::watch_test_run`].
    pub fn watch(&self) -> WatchTestRun {
        self.client.watch_test_run(self.run.id)
    }

    /// Aborts the run.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) when it has ended; and the other kinds of
    /// [`send`](crate::OperationExt::send).
    pub async fn abort(&self) -> Result<(), Error> {
        self.client.abort_test_run(self.run.id).send().await
    }

    /// Returns what finds the run again in another process, with [`Client::resume`]; it holds no
    /// token.
    pub fn reference(&self) -> RunReference {
        let stack_id = self.client.settings().stack_id();
        RunReference::new(stack_id, &self.run, self.page_url.clone())
    }

    /// Leaves the run to another process; see [`reference`](Self::reference).
    pub fn detach(self) -> RunReference {
        self.reference()
    }
}
