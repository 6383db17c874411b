//! Looking at a run again and again.

use std::time::Duration;

use super::progress::elapsed;
use crate::call::perform;
use crate::transport::Limits;
use crate::types::TestRun;
use crate::{Call as _, Client, Error, ErrorKind, RunStatus};

const SHORTEST: Duration = Duration::from_millis(100);
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(15);
const LONGEST_UNDER_LOAD: Duration = Duration::from_secs(30);
/// How much longer than its timeout a wait may take.
const LAST_LOOK: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// `None` adapts.
    pub(super) interval: Option<Duration>,
    pub(super) timeout: Option<Duration>,
    pub(super) tolerance: u32,
    pub(super) abort_unfinished: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { interval: None, timeout: None, tolerance: 5, abort_unfinished: false }
    }
}

/// Looks at one run.
pub(super) struct Poller {
    client: Client,
    id: i64,
    settings: Settings,
    /// The clock's time at which the wait is over.
    until: Option<Duration>,
    pause: Option<Duration>,
    failures: u32,
    /// Looks in a row that saw the same status.
    unchanged: i32,
    last: Option<TestRun>,
    /// The clock's time at which the run was first seen under load.
    under_load: Option<Duration>,
    guard: AbortGuard,
}

impl Poller {
    pub(super) fn new(client: Client, id: i64, settings: Settings) -> Self {
        let now = client.clock().now();
        let abort = settings.abort_unfinished.then(|| client.clone());
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
            guard: AbortGuard { client: abort, id },
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
            let limits = Limits { until, ..Limits::default() };
            match perform(self.client.get_test_run().id(self.id), limits).await {
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
                    self.failures += 1;
                    let hopeless = !(error.is_transient() || error.is_decode());
                    if last_look && !hopeless {
                        return Err(self.give_up(Some(error)).await);
                    }
                    if hopeless || self.failures > self.settings.tolerance {
                        self.abort().await;
                        return Err(error.with_last_run(self.last.take()));
                    }
                    let pause = self.settings.interval.unwrap_or(FIRST).max(SHORTEST);
                    self.pause = Some(pause.max(error.retry_after().unwrap_or_default()));
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
        if run.status() == RunStatus::Running && self.under_load.is_none() {
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
            Some(estimate) if run.status() == RunStatus::Running => {
                let left = estimate.saturating_sub(self.elapsed(run));
                (left / 8).clamp(FIRST, LONGEST_UNDER_LOAD)
            }
            _ => FIRST.mul_f64(1.5_f64.powi(self.unchanged.min(10))).min(LONGEST),
        }
    }

    async fn give_up(&mut self, error: Option<Error>) -> Error {
        let timeout = self.settings.timeout.unwrap_or_default();
        let status = self.last.as_ref().map_or("never seen", |run| run.status.as_str());
        let mut summary = format!(
            "test run {} has not ended within {} s: it is {status}",
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
        let client = self.guard.client.take()?;
        Some(match client.abort_test_run().id(self.id).call().await {
            Ok(()) => "; it was aborted".to_owned(),
            Err(error) => format!("; aborting it failed: {error}"),
        })
    }
}

/// Aborts the run when it is dropped with a client.
struct AbortGuard {
    client: Option<Client>,
    id: i64,
}

impl Drop for AbortGuard {
    fn drop(&mut self) {
        if let Some(client) = self.client.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let id = self.id;
            runtime.spawn(async move { client.abort_test_run().id(id).call().await });
        }
    }
}
