//! What became of the run whose wait failed.

use super::Error;
use crate::AbortOutcome;

impl Error {
    /// Adds the outcome of an abort. `Display` ends with `shown`.
    pub(crate) fn with_abort(mut self, outcome: AbortOutcome, shown: String) -> Self {
        self.0.abort = Some((outcome, shown));
        self
    }

    /// Returns what became of the run that a wait or a watch aborted because it ended before the run;
    /// see [`abort_unfinished`](crate::WaitForTestRun::abort_unfinished). `None` if nothing was
    /// aborted.
    pub fn abort_outcome(&self) -> Option<&AbortOutcome> {
        self.0.abort.as_ref().map(|(outcome, _)| outcome)
    }
}
