//! Follows a run to its end, or stops when it is interrupted or its time is up.

use std::sync::Arc;
use std::time::Duration;

use k6_cloud::types::TestRun;
use k6_cloud::{Client, Error, ErrorKind};

use crate::args::{OnCancel, WaitOptions};
use crate::cancel::Interrupts;
use crate::draft::ReportDraft;
use crate::exit::{Ending, Exit, with_causes};
use crate::output::note;
use crate::progress::RunProgress;
use crate::report::Conclusion;

/// How long to wait for the end of an aborted run.
const ABORT: Duration = Duration::from_secs(120);
/// The time between two polls of an aborted run. Pipelines that were cancelled are soon killed.
const ABORT_POLL: Duration = Duration::from_secs(1);

/// Follows one run.
pub(crate) struct Follower<'a> {
    pub(crate) client: &'a Client,
    pub(crate) run: i64,
    pub(crate) wait: &'a WaitOptions,
    /// What happens to the run when the gate stops waiting.
    pub(crate) on_cancel: OnCancel,
    pub(crate) interrupts: &'a Interrupts,
}

/// Why the gate stops waiting.
enum Stop {
    Interrupted,
    TimedOut(Error),
}

impl Follower<'_> {
    /// Returns the run when it has ended.
    ///
    /// # Errors
    ///
    /// The ending of the gate, if it stops waiting before.
    pub(crate) async fn follow(&self, draft: &mut ReportDraft) -> Result<TestRun, Ending> {
        let stop = match self.watch(draft).await {
            Ok(Some(run)) => return Ok(TestRun::clone(&run)),
            Ok(None) => Stop::Interrupted,
            Err(error) if error.kind() == ErrorKind::WaitTimeout => Stop::TimedOut(error),
            Err(error) => {
                let reason = format!("the end of the run is not known: {}", with_causes(&error));
                return Err(Ending::new(Conclusion::Unknown, Exit::Unknown { k6: None }, reason));
            }
        };
        self.stop(&stop, draft).await
    }

    /// Returns the run when it has ended; `None` after an interrupt.
    async fn watch(&self, draft: &mut ReportDraft) -> Result<Option<Arc<TestRun>>, Error> {
        let mut updates = self.client.watch_test_run(self.run).every_poll(true);
        if let Some(interval) = self.wait.poll_interval {
            updates = updates.interval(interval);
        }
        if let Some(timeout) = self.wait.timeout {
            updates = updates.timeout(timeout);
        }
        let mut progress = RunProgress::new(self.wait.heartbeat);
        let mut last = None;
        loop {
            let update = tokio::select! {
                biased;
                () = self.interrupts.reached(1) => return Ok(None),
                update = updates.try_next() => update?,
                () = progress.beat() => continue,
            };
            let Some(update) = update else { break };
            progress.update(&update);
            draft.set_run(self.client, &update.run);
            last = Some(update.run);
        }
        match last {
            Some(run) => Ok(Some(run)),
            None => Ok(Some(Arc::new(self.client.get_test_run(self.run).send().await?))),
        }
    }

    /// Aborts or leaves the run. Returns the run if it has ended.
    async fn stop(&self, stop: &Stop, draft: &mut ReportDraft) -> Result<TestRun, Ending> {
        let (id, why) = (self.run, stop.why());
        if self.on_cancel == OnCancel::Leave {
            let reason = format!("{why}: run {id} was left to go on");
            return Err(Ending::new(Conclusion::CutOff, Exit::Left, reason));
        }
        note(&format!("{why}: aborting run {id} (Ctrl-C leaves it at once)"));
        let outcome = match self.client.abort_test_run(id).send().await {
            Ok(()) => format!("{why}: the gate aborted the run"),
            // The run has ended in the meantime.
            Err(error) if error.is_conflict() => format!("{why}: the run had already ended"),
            Err(error) => {
                let error = with_causes(&error);
                let reason =
                    format!("{why}: run {id} may go on, because aborting it failed: {error}");
                return Err(Ending::new(Conclusion::CutOff, Exit::Left, reason));
            }
        };
        draft.report.notices.push(outcome);
        let interval = self.wait.poll_interval.unwrap_or(ABORT_POLL);
        let wait = self.client.wait_for_test_run(id).interval(interval).timeout(ABORT);
        match wait.send().await {
            Ok(run) => {
                draft.set_run(self.client, &run);
                Ok(run)
            }
            Err(error) => {
                let error = with_causes(&error);
                let reason =
                    format!("{why}: run {id} was told to abort, and its end is not known: {error}");
                Err(Ending::new(Conclusion::CutOff, Exit::Left, reason))
            }
        }
    }
}

impl Stop {
    fn why(&self) -> String {
        match self {
            Self::Interrupted => "interrupted".to_owned(),
            Self::TimedOut(error) => {
                let message = error.to_string();
                // The name of the library's method says nothing to the user.
                let message = message.strip_prefix("watch_test_run: ").unwrap_or(&message);
                format!("out of time ({message})")
            }
        }
    }
}
