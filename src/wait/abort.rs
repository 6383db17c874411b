//! What becomes of a run that a wait leaves unfinished.

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::http::trace;
use crate::types::TestRun;
use crate::{Client, Error, RunStatus, TestRunId};

/// What became of a run that a wait or a watch aborted, because it ended before the run; from
/// [`Error::abort_outcome`].
///
/// The run costs until it has ended, so the client does not rely on the response to the abort alone:
/// it polls the run again, for up to 10 seconds.
#[derive(Debug)]
#[non_exhaustive]
pub enum AbortOutcome {
    /// The run has ended. [`last_run`](Error::last_run) shows how: it was aborted, or it ended before
    /// that.
    Ended,
    /// The API accepted the abort, but the client has not seen the end of the run. It may go on.
    Accepted,
    /// The abort failed with this error. The run may go on.
    Failed(Error),
}

impl AbortOutcome {
    /// Returns the outcome in words, after a text that calls the run `run`.
    pub(super) fn shown(&self, run: &str, last: Option<&TestRun>) -> String {
        let aborted = last.is_some_and(|last| last.status == RunStatus::Aborted);
        match self {
            Self::Ended if aborted => format!("{run} was aborted"),
            Self::Ended => format!("{run} has ended since then"),
            Self::Accepted => format!("{run} is being aborted, but its end was not seen"),
            Self::Failed(error) => format!("aborting {run} failed: {error}"),
        }
    }
}

/// Aborts the run when dropped, if it still has a client.
pub(super) struct AbortGuard {
    pub(super) client: Option<Client>,
    pub(super) id: TestRunId,
    pub(super) runtime: Option<Handle>,
}

impl AbortGuard {
    /// Aborts the run, unless it has been aborted or the caller does not want it. The abort is its
    /// own task, so that it goes on if the wait is dropped meanwhile.
    pub(super) fn abort(&mut self) -> Option<JoinHandle<Result<(), Error>>> {
        let client = self.client.take()?;
        let id = self.id;
        let abort = async move { client.abort_test_run(id).send().await };
        Some(self.runtime.take()?.spawn(trace::in_current_span(abort)))
    }
}

impl Drop for AbortGuard {
    fn drop(&mut self) {
        self.abort();
    }
}
