//! Polls a run until it has ended.

use std::time::Duration;

use http::StatusCode;
use tokio::runtime::Handle;

use super::abort::{AbortGuard, AbortOutcome};
use super::progress::elapsed;
use crate::http::{CallLimits, perform};
use crate::types::TestRun;
use crate::{Client, Error, ErrorKind, RunStatus, TestRunId};

const MIN_PAUSE: Duration = Duration::from_millis(100);
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const MAX_PAUSE: Duration = Duration::from_secs(15);
const MAX_PAUSE_UNDER_LOAD: Duration = Duration::from_secs(30);
/// The longest `Retry-After` that a wait respects. A server may ask for years.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);
/// The time that the last poll may take after the timeout of the wait, and the time in which an
/// aborted run is polled.
const LAST_POLL: Duration = Duration::from_secs(10);
const TOLERANCE: Duration = Duration::from_secs(300);

#[derive(Clone, Debug)]
pub(super) struct PollSettings {
    /// `None` for a pause that adapts.
    pub(super) interval: Option<Duration>,
    pub(super) timeout: Option<Duration>,
    /// The time for which polls may fail in a row.
    pub(super) tolerance: Duration,
    pub(super) abort_unfinished: bool,
}

impl Default for PollSettings {
    fn default() -> Self {
        Self { interval: None, timeout: None, tolerance: TOLERANCE, abort_unfinished: false }
    }
}

/// Polls one run. All times are those of the client's clock.
pub(super) struct Poller {
    client: Client,
    id: TestRunId,
    /// The method that the user called.
    operation: &'static str,
    settings: PollSettings,
    /// The end of the wait.
    until: Option<Duration>,
    /// The pause before the next poll.
    pause: Option<Duration>,
    failing: Option<Failing>,
    seen: Seen,
    guard: AbortGuard,
}

/// The state from successful polls.
#[derive(Default)]
struct Seen {
    last: Option<TestRun>,
    /// The number of polls in a row that saw the same status, not counting the first.
    unchanged: u32,
    /// The time of the first poll that saw the run under load.
    under_load: Option<Duration>,
}

/// Polls that failed in a row.
struct Failing {
    /// The time at which the first of them was sent.
    since: Duration,
    polls: u32,
    unauthenticated: bool,
}

impl Poller {
    pub(super) fn new(
        client: Client,
        id: TestRunId,
        operation: &'static str,
        settings: PollSettings,
    ) -> Self {
        let now = client.clock().now();
        let abort = settings.abort_unfinished.then(|| client.clone());
        // The runtime that polls the wait. The wait may be dropped outside of it.
        let runtime = Handle::try_current().ok();
        Self {
            until: settings.timeout.map(|timeout| now.saturating_add(timeout)),
            client,
            id,
            operation,
            settings,
            pause: None,
            failing: None,
            seen: Seen::default(),
            guard: AbortGuard { client: abort, id, runtime },
        }
    }

    /// Returns the run, after a pause unless this is the first poll.
    pub(super) async fn poll(&mut self) -> Result<TestRun, Error> {
        loop {
            if let Some(pause) = self.pause {
                let left = self.time_left();
                self.client.clock().sleep(left.map_or(pause, |left| pause.min(left))).await;
            }
            let now = self.client.clock().now();
            let is_last = self.is_over();
            // Leaves some time for the last poll.
            let until = if is_last { Some(now.saturating_add(LAST_POLL)) } else { self.until };
            let limits = CallLimits { until, ..CallLimits::default() };
            match self.read(limits).await {
                Ok(run) => return self.succeeded(run, is_last).await,
                Err(error) => self.failed(error, now, is_last).await?,
            }
        }
    }

    /// Reads the run once. A response about another run says nothing about this one.
    async fn read(&self, limits: CallLimits) -> Result<TestRun, Error> {
        let run = perform(self.client.get_test_run(self.id), limits).await?;
        if run.id != self.id {
            return Err(run.is_another_than(&self.id).with_operation("get_test_run"));
        }
        Ok(run)
    }

    /// Returns the time under load, from the run or else from the clock.
    pub(super) fn elapsed(&self, run: &TestRun) -> Duration {
        let now = self.client.clock().now();
        let seen = self.seen.under_load.map(|since| now.saturating_sub(since));
        elapsed(run).max(seen.unwrap_or_default())
    }

    fn time_left(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_sub(self.client.clock().now()))
    }

    fn is_over(&self) -> bool {
        self.time_left().is_some_and(|left| left.is_zero())
    }

    async fn succeeded(&mut self, run: TestRun, is_last: bool) -> Result<TestRun, Error> {
        self.failing = None;
        let seen = &mut self.seen;
        let changed = seen.last.as_ref().is_none_or(|last| last.status != run.status);
        seen.unchanged = if changed { 0 } else { seen.unchanged.saturating_add(1) };
        if run.status == RunStatus::Running && seen.under_load.is_none() {
            seen.under_load = Some(self.client.clock().now());
        }
        seen.last = Some(run.clone());
        if run.is_finished() {
            self.guard.client = None;
        } else if is_last {
            return Err(self.give_up(None).await);
        } else {
            self.pause = Some(self.pause_after(&run));
        }
        Ok(run)
    }

    fn pause_after(&self, run: &TestRun) -> Duration {
        if let Some(interval) = self.settings.interval {
            return interval.max(MIN_PAUSE);
        }
        let estimate = run.estimated_duration.and_then(|seconds| u64::try_from(seconds).ok());
        match estimate.map(Duration::from_secs) {
            Some(estimate) if run.status == RunStatus::Running => {
                let left = estimate.saturating_sub(self.elapsed(run));
                (left / 8).clamp(FIRST_PAUSE, MAX_PAUSE_UNDER_LOAD)
            }
            _ => grown_pause(self.seen.unchanged),
        }
    }

    /// Sets the pause after a failed poll that was sent at `sent`, unless the failure ends the wait.
    async fn failed(&mut self, error: Error, sent: Duration, is_last: bool) -> Result<(), Error> {
        let first = Failing { since: sent, polls: 0, unauthenticated: false };
        let failing = self.failing.get_or_insert(first);
        let polls = failing.polls;
        failing.polls = polls.saturating_add(1);
        let may_pass = match error.kind() {
            ErrorKind::Decode => true,
            // It is not the API's, such as the page of a gateway whose backend is away.
            ErrorKind::UnexpectedStatus => {
                matches!(error.status(), Some(StatusCode::NOT_FOUND | StatusCode::GONE))
            }
            // A single 401 may come from a proxy that failed to check the token.
            ErrorKind::Unauthenticated => !std::mem::replace(&mut failing.unauthenticated, true),
            _ => error.is_transient(),
        };
        let failing_for = self.client.clock().now().saturating_sub(failing.since);
        if is_last && may_pass {
            return Err(self.give_up(Some(error)).await);
        }
        // If the end of the wait cut off the poll, its failure says nothing about the run.
        if !may_pass || (failing_for >= self.settings.tolerance && !self.is_over()) {
            let aborted = self.abort().await;
            let error = error.with_operation(self.operation);
            return Err(self.ended(error, aborted, "the run"));
        }
        let pause = match self.settings.interval {
            Some(interval) => interval.max(MIN_PAUSE),
            None => grown_pause(polls),
        };
        let asked = error.retry_after().unwrap_or_default();
        self.pause = Some(pause.max(asked.min(MAX_RETRY_AFTER)));
        Ok(())
    }

    /// Returns the error of a wait that timed out, with the failure of its last poll.
    async fn give_up(&mut self, failure: Option<Error>) -> Error {
        let timeout = self.settings.timeout.unwrap_or_default();
        let status = self.seen.last.as_ref().map_or("unknown", |run| run.status.as_str());
        let summary = format!(
            "test run {} did not end within {} s, and its last known status is {status}",
            self.id,
            timeout.as_secs_f64()
        );
        let aborted = self.abort().await;
        let error = Error::new(ErrorKind::WaitTimeout, summary).with_operation(self.operation);
        let error = match failure {
            Some(failure) => error.with_source(failure),
            None => error,
        };
        self.ended(error, aborted, "it")
    }

    /// Adds the last known run to the error of a wait, and what became of the run, which the message
    /// calls `run`.
    fn ended(&mut self, error: Error, aborted: Option<AbortOutcome>, run: &str) -> Error {
        let last = self.seen.last.take();
        let error = match aborted {
            Some(outcome) => {
                let shown = outcome.shown(run, last.as_ref());
                error.with_abort(outcome, shown)
            }
            None => error,
        };
        error.with_last_run(last)
    }

    /// Aborts the run if `abort_unfinished` is set, and polls it to see whether it has ended.
    async fn abort(&mut self) -> Option<AbortOutcome> {
        let error = match self.guard.abort()?.await {
            Ok(Ok(())) => {
                return Some(match self.sees_end().await {
                    true => AbortOutcome::Ended,
                    false => AbortOutcome::Accepted,
                });
            }
            Ok(Err(error)) => error,
            Err(error) => {
                Error::new(ErrorKind::Transport, "the abort was interrupted").with_source(error)
            }
        };
        // The run may have ended before the abort, or because of it.
        let may_have_ended = matches!(
            error.kind(),
            ErrorKind::Conflict | ErrorKind::Decode | ErrorKind::OutcomeUnknown
        );
        Some(match may_have_ended && self.sees_end().await {
            true => AbortOutcome::Ended,
            false => AbortOutcome::Failed(error),
        })
    }

    /// Polls the run for a short time, and returns whether it has ended.
    async fn sees_end(&mut self) -> bool {
        let until = self.client.clock().now().saturating_add(LAST_POLL);
        loop {
            let limits = CallLimits { until: Some(until), ..CallLimits::default() };
            let Ok(run) = self.read(limits).await else { return false };
            let has_ended = run.is_finished();
            self.seen.last = Some(run);
            let next = self.client.clock().now().saturating_add(FIRST_PAUSE);
            if has_ended || next >= until {
                return has_ended;
            }
            self.client.clock().sleep(FIRST_PAUSE).await;
        }
    }
}

/// Returns the pause after a number of polls without a change.
fn grown_pause(polls: u32) -> Duration {
    // Ten steps are enough to get to the longest pause.
    (0..polls.min(10)).fold(FIRST_PAUSE, |pause, _| pause * 3 / 2).min(MAX_PAUSE)
}
