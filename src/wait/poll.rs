//! Looking at a run again and again.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::progress::elapsed;
use crate::http::{CallLimits, perform, trace};
use crate::types::TestRun;
use crate::{Client, Error, ErrorKind, RunStatus};

const SHORTEST: Duration = Duration::from_millis(100);
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(15);
const LONGEST_UNDER_LOAD: Duration = Duration::from_secs(30);
/// The longest pause that a server can ask for: it may ask for years.
const LONGEST_ASKED: Duration = Duration::from_secs(300);
/// How much longer than its timeout a wait may take.
const LAST_LOOK: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
pub(super) struct PollSettings {
    /// `None` adapts.
    pub(super) interval: Option<Duration>,
    pub(super) timeout: Option<Duration>,
    pub(super) tolerance: u32,
    pub(super) abort_unfinished: bool,
}

impl Default for PollSettings {
    fn default() -> Self {
        Self { interval: None, timeout: None, tolerance: 5, abort_unfinished: false }
    }
}

/// Looks at one run.
pub(super) struct Poller {
    client: Client,
    id: i64,
    settings: PollSettings,
    /// The clock's time at which the wait is over.
    until: Option<Duration>,
    pause: Option<Duration>,
    failures: u32,
    /// Looks in a row that saw the same status.
    unchanged: u32,
    last: Option<TestRun>,
    /// The clock's time at which the run was first seen under load.
    under_load: Option<Duration>,
    guard: AbortGuard,
}

impl Poller {
    pub(super) fn new(client: Client, id: i64, settings: PollSettings) -> Self {
        let now = client.clock().now();
        let abort = settings.abort_unfinished.then(|| client.clone());
        // Of the runtime that polls the wait: it may be dropped elsewhere.
        let runtime = Handle::try_current().ok();
        Self {
            until: settings.timeout.map(|timeout| now.saturating_add(timeout)),
            client,
            id,
            settings,
            pause: None,
            failures: 0,
            unchanged: 0,
            last: None,
            under_load: None,
            guard: AbortGuard { client: abort, id, runtime },
        }
    }

    /// Pauses, except at first, and returns the run.
    pub(super) async fn look(&mut self) -> Result<TestRun, Error> {
        loop {
            if let Some(pause) = self.pause {
                let left = self.left();
                self.client.clock().sleep(left.map_or(pause, |left| pause.min(left))).await;
            }
            let last_look = self.left().is_some_and(|left| left.is_zero());
            // The look at the very end has to be given some time.
            let end = self.client.clock().now().saturating_add(LAST_LOOK);
            let until = if last_look { Some(end) } else { self.until };
            let limits = CallLimits { until, ..CallLimits::default() };
            match perform(self.client.get_test_run(self.id), limits).await {
                Ok(run) => {
                    self.failures = 0;
                    self.note(&run);
                    if run.is_finished() {
                        self.guard.client = None;
                        return Ok(run);
                    }
                    if last_look {
                        return Err(self.give_up(None).await);
                    }
                    self.pause = Some(self.interval(&run));
                    return Ok(run);
                }
                Err(error) => {
                    self.failures = self.failures.saturating_add(1);
                    let hopeless = !(error.is_transient() || error.is_decode());
                    if last_look && !hopeless {
                        return Err(self.give_up(Some(error)).await);
                    }
                    // A look that was cut off by the end of the wait says nothing about the run.
                    let over = self.left().is_some_and(|left| left.is_zero());
                    if hopeless || (self.failures > self.settings.tolerance && !over) {
                        self.abort().await;
                        return Err(error.with_last_run(self.last.take()));
                    }
                    let pause = match self.settings.interval {
                        Some(interval) => interval.max(SHORTEST),
                        None => grown(self.failures - 1),
                    };
                    let asked = error.retry_after().unwrap_or_default();
                    self.pause = Some(pause.max(asked.min(LONGEST_ASKED)));
                }
            }
        }
    }

    /// Returns the time under load, by the run's own account or else by the clock.
    pub(super) fn elapsed(&self, run: &TestRun) -> Duration {
        let seen = self.under_load.map(|since| self.client.clock().now().saturating_sub(since));
        elapsed(run).max(seen.unwrap_or_default())
    }

    fn left(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_sub(self.client.clock().now()))
    }

    fn note(&mut self, run: &TestRun) {
        let changed = self.last.as_ref().is_none_or(|last| last.status != run.status);
        self.unchanged = if changed { 0 } else { self.unchanged.saturating_add(1) };
        if run.status == RunStatus::Running && self.under_load.is_none() {
            self.under_load = Some(self.client.clock().now());
        }
        self.last = Some(run.clone());
    }

    fn interval(&self, run: &TestRun) -> Duration {
        if let Some(interval) = self.settings.interval {
            return interval.max(SHORTEST);
        }
        let estimate = run.estimated_duration.and_then(|seconds| u64::try_from(seconds).ok());
        match estimate.map(Duration::from_secs) {
            Some(estimate) if run.status == RunStatus::Running => {
                let left = estimate.saturating_sub(self.elapsed(run));
                (left / 8).clamp(FIRST, LONGEST_UNDER_LOAD)
            }
            _ => grown(self.unchanged),
        }
    }

    async fn give_up(&mut self, error: Option<Error>) -> Error {
        let timeout = self.settings.timeout.unwrap_or_default();
        let status = self.last.as_ref().map_or("unknown", |run| run.status.as_str());
        let mut summary = format!(
            "test run {} has not ended within {} s: its status is {status}",
            self.id,
            timeout.as_secs_f64()
        );
        if let Some(abort) = self.abort().await {
            summary.push_str(&abort);
        }
        let made = Error::new(ErrorKind::WaitTimeout, summary)
            .with_operation("wait_for_test_run")
            .with_last_run(self.last.take());
        match error {
            Some(error) => made.with_source(error),
            None => made,
        }
    }

    /// Aborts the run, if that is wanted, and tells how it went.
    async fn abort(&mut self) -> Option<String> {
        Some(match self.guard.abort()?.await {
            Ok(Ok(())) => "; it was aborted".to_owned(),
            Ok(Err(error)) => format!("; aborting it failed: {error}"),
            Err(_) => "; aborting it was cut short".to_owned(),
        })
    }
}

/// Returns the pause after so many looks in a row that brought nothing new, the first not counted.
fn grown(looks: u32) -> Duration {
    // Ten steps are more than lead to the longest.
    (0..looks.min(10)).fold(FIRST, |pause, _| pause * 3 / 2).min(LONGEST)
}

/// Aborts the run when it is dropped with a client.
struct AbortGuard {
    client: Option<Client>,
    id: i64,
    runtime: Option<Handle>,
}

impl AbortGuard {
    /// Aborts the run, unless that was done or is not wanted, in a task of its own: it goes on
    /// when the wait is dropped meanwhile.
    fn abort(&mut self) -> Option<JoinHandle<Result<(), Error>>> {
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
