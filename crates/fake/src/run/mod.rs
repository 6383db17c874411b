//! A test run and the ways in which it changes.

pub(crate) mod cost;
pub(crate) mod initial;
mod json;
mod lifecycle;
mod plan;
pub(crate) mod seed;
mod status;

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use k6_cloud::{RunResult, RunStatus};
use serde::Serialize;
use serde_json::Value;

pub(crate) use self::cost::CostForm;
use self::lifecycle::Step;
pub(crate) use self::lifecycle::{AbortedBy, Lifecycle, PlannedAbort};
pub(crate) use self::plan::{LoadPlan, ZoneShare};
pub(crate) use self::status::{following, is_final, is_past_load, result_name, status_name};
use crate::logs::LogSeed;
use crate::metrics::MetricsSeed;
use crate::script::StoredScript;
use crate::time::{delta, later};

/// The result of a run that took too long.
pub(crate) const TIMED_OUT: &str = "timed_out";

/// The code of a run whose script threw.
const SCRIPT_THREW: i64 = 8_314;

/// What the logs of such a run say, unless the test sets other lines.
const EXCEPTION: &str = "TypeError: Cannot read property 'token' of undefined\n\tat setup \
                         (file:///script.js:12:14(9))\n";

/// How long results are kept after a run has ended.
pub(crate) const RETENTION: TimeDelta = TimeDelta::days(30);

/// A status with the time at which the run entered it.
#[derive(Clone, Debug)]
pub(crate) struct StatusEntry {
    pub(crate) status: RunStatus,
    pub(crate) entered: DateTime<Utc>,
    pub(crate) extra: Option<Box<StatusExtra>>,
}

/// Why a run entered a status.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct StatusExtra {
    pub(crate) by_user: Option<Cow<'static, str>>,
    pub(crate) message: Option<Cow<'static, str>>,
    pub(crate) code: Option<i64>,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) result: RunResult,
    pub(crate) message: Option<Cow<'static, str>>,
    pub(crate) code: Option<i64>,
}

impl From<RunResult> for Outcome {
    fn from(result: RunResult) -> Self {
        let (message, code) = match result {
            RunResult::Failed => {
                (Some("p(95) of http_req_duration went over 500 ms".into()), Some(8_201))
            }
            RunResult::Error => (Some("the script threw during setup".into()), Some(SCRIPT_THREW)),
            RunResult::Unknown(ref name) if name == TIMED_OUT => {
                (Some("the run took longer than it may".into()), Some(8_402))
            }
            _ => (None, None),
        };
        Self { result, message, code }
    }
}

/// A test run.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) id: i64,
    pub(crate) test_id: i64,
    pub(crate) project_id: i64,
    pub(crate) started_by: Option<Cow<'static, str>>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) progress: Progress,
    pub(crate) plan: LoadPlan,
    pub(crate) retention: Retention,
    pub(crate) details: Details,
}

/// How far a run has come.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    /// The statuses before the current one, oldest first.
    pub(crate) earlier: Vec<StatusEntry>,
    pub(crate) current: StatusEntry,
    /// How the run follows the clock, `None` for a run that stays as it is.
    pub(crate) lifecycle: Option<Box<Lifecycle>>,
    /// Whether the load plan was accepted, and is therefore shown.
    pub(crate) is_validated: bool,
    /// In seconds.
    pub(crate) execution_duration: i64,
    /// The result that the run has as soon as it completes.
    pub(crate) planned_result: RunResult,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) ended: Option<DateTime<Utc>>,
}

/// Until when the results of a run are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retention {
    /// `None` for a saved run, whose results are kept for good.
    pub(crate) expiry: Option<DateTime<Utc>>,
    /// Whether `expiry` stays as it is when the run ends.
    pub(crate) is_fixed: bool,
}

/// What a run shows beside its progress and its load.
#[derive(Clone, Debug)]
pub(crate) struct Details {
    pub(crate) note: Cow<'static, str>,
    pub(crate) is_starred: bool,
    pub(crate) script: StoredScript,
    pub(crate) cost_form: CostForm,
    pub(crate) has_distribution: bool,
    /// Properties of the JSON that are replaced or added as they are.
    pub(crate) properties: Vec<(String, Value)>,
    pub(crate) metrics: MetricsSeed,
    pub(crate) logs: Vec<LogSeed>,
}

/// A line of the logs.
#[derive(Clone, Debug)]
pub(crate) struct LogEntry {
    pub(crate) at: DateTime<Utc>,
    pub(crate) level: String,
    pub(crate) text: String,
}

impl Run {
    /// Returns the status.
    pub(crate) fn status(&self) -> &RunStatus {
        &self.progress.current.status
    }

    /// Returns whether the run has ended.
    pub(crate) fn is_final(&self) -> bool {
        is_final(self.status())
    }

    /// Returns whether the results are kept for good.
    pub(crate) fn is_saved(&self) -> bool {
        self.retention.expiry.is_none()
    }

    /// Returns whether the results were deleted by `now`.
    pub(crate) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.retention.expiry.is_some_and(|expiry| expiry < now)
    }

    /// Returns the statuses so far, oldest first.
    pub(crate) fn history(&self) -> impl Iterator<Item = &StatusEntry> {
        self.progress.earlier.iter().chain([&self.progress.current])
    }

    /// Returns whether the run has generated load.
    pub(crate) fn has_run(&self) -> bool {
        self.history().any(|entry| entry.status == RunStatus::Running)
    }

    /// Enters `status` at `at`, with all that follows from it.
    pub(crate) fn enter(&mut self, status: RunStatus, at: DateTime<Utc>) {
        self.enter_because(status, at, None);
    }

    /// Aborts the run in the name of a user.
    pub(crate) fn abort(&mut self, by_user: Cow<'static, str>, at: DateTime<Utc>) {
        let extra = StatusExtra { by_user: Some(by_user), ..StatusExtra::default() };
        self.end_with_error(extra, Some("stopped by a user".into()), at);
    }

    /// Aborts the run because a threshold with `abortOnFail` was breached.
    fn abort_by_threshold(&mut self, at: DateTime<Utc>) {
        let outcome = Outcome::from(RunResult::Failed);
        let (message, code) = (outcome.message.clone(), outcome.code);
        let extra = StatusExtra { by_user: None, message, code };
        self.enter_because(RunStatus::Aborted, at, Some(Box::new(extra)));
        self.progress.outcome = Some(outcome);
    }

    /// Aborts the run in the name of the service.
    fn abort_by_service(&mut self, at: DateTime<Utc>) {
        let message = Cow::Borrowed("load generators were lost");
        let extra =
            StatusExtra { by_user: None, message: Some(message.clone()), code: Some(9_102) };
        self.end_with_error(extra, Some(message), at);
    }

    /// Aborts the run because its options are invalid.
    fn fail_validation(&mut self, message: Cow<'static, str>, at: DateTime<Utc>) {
        let extra = StatusExtra {
            by_user: None,
            message: Some("the options of the script are invalid".into()),
            code: Some(7_105),
        };
        self.end_with_error(extra, Some(message), at);
    }

    fn end_with_error(
        &mut self,
        extra: StatusExtra,
        message: Option<Cow<'static, str>>,
        at: DateTime<Utc>,
    ) {
        let code = extra.code;
        self.enter_because(RunStatus::Aborted, at, Some(Box::new(extra)));
        self.progress.outcome = Some(Outcome { result: RunResult::Error, message, code });
    }

    fn enter_because(
        &mut self,
        status: RunStatus,
        at: DateTime<Utc>,
        extra: Option<Box<StatusExtra>>,
    ) {
        if *self.status() == RunStatus::Running {
            self.measure(at);
        }
        let progress = &mut self.progress;
        if !matches!(status, RunStatus::Created | RunStatus::Aborted) {
            progress.is_validated = true;
        }
        if is_final(&status) {
            progress.ended = Some(at);
            if self.retention.expiry.is_some() && !self.retention.is_fixed {
                self.retention.expiry = Some(later(at, RETENTION));
            }
        }
        if status == RunStatus::Completed {
            progress.outcome = Some(progress.planned_result.clone().into());
        }
        let entry = StatusEntry { status, entered: at, extra };
        progress.earlier.push(std::mem::replace(&mut progress.current, entry));
    }

    /// Sets for how long the run, which is running, has generated load at `now`.
    fn measure(&mut self, now: DateTime<Utc>) {
        let elapsed = (now - self.progress.current.entered).num_seconds();
        self.progress.execution_duration = elapsed.clamp(0, i64::from(self.plan.seconds()));
    }

    /// Returns the time of a change that is made at `now`.
    ///
    /// The history of a run moves forward even if the clock stands still, unless the run follows
    /// the clock.
    pub(crate) fn time_of_change(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let follows_clock = self.progress.lifecycle.is_some();
        let pause = TimeDelta::seconds(if follows_clock { 0 } else { 1 });
        now.max(later(self.progress.current.entered, pause))
    }

    /// Returns when the run's next step is due, `None` if it does not follow the clock any more.
    pub(crate) fn next_step_at(&self) -> Option<DateTime<Utc>> {
        let (stay, _) = self.next_step()?;
        self.progress.current.entered.checked_add_signed(delta(stay))
    }

    fn next_step(&self) -> Option<(std::time::Duration, Step)> {
        self.progress.lifecycle.as_ref()?.next(self.status(), self.plan.duration)
    }

    /// Takes the steps that are due at `now`, each at its own time.
    pub(crate) fn catch_up(&mut self, now: DateTime<Utc>) {
        while let Some((stay, step)) = self.next_step() {
            // A stay that ends after the last day of the calendar does not end.
            let end = self.progress.current.entered.checked_add_signed(delta(stay));
            let Some(due) = end.filter(|end| *end <= now) else { break };
            self.take(step, due);
        }
        if *self.status() == RunStatus::Running {
            self.measure(now);
        }
    }

    /// Takes all steps of a lifecycle, whatever the time is.
    fn complete(&mut self, lifecycle: &Lifecycle) {
        while let Some((stay, step)) = lifecycle.next(self.status(), self.plan.duration) {
            self.take(step, later(self.progress.current.entered, delta(stay)));
        }
    }

    fn take(&mut self, step: Step, at: DateTime<Utc>) {
        match step {
            Step::Enter(status) => self.enter(status, at),
            Step::FailValidation(message) => self.fail_validation(message, at),
            Step::Abort(AbortedBy::User(user)) => self.abort(user, at),
            Step::Abort(AbortedBy::Service) => self.abort_by_service(at),
            Step::Abort(AbortedBy::Threshold) => self.abort_by_threshold(at),
        }
    }

    /// Returns the lines of the logs, also those that are not due yet.
    pub(crate) fn logs(&self) -> Vec<LogEntry> {
        let own = self.details.logs.iter().map(|line| LogEntry {
            at: later(self.created, delta(line.after)),
            level: line.level.clone(),
            text: line.text.clone(),
        });
        let threw = self.progress.outcome.as_ref().is_some_and(|o| o.code == Some(SCRIPT_THREW));
        let exception = self.progress.ended.filter(|_| threw && self.details.logs.is_empty());
        own.chain(exception.map(|at| LogEntry {
            at,
            level: "error".to_owned(),
            text: EXCEPTION.to_owned(),
        }))
        .collect()
    }

    /// Returns the options of the run's script.
    pub(crate) fn options(&self) -> Value {
        self.plan.options(self.project_id)
    }

    /// Returns the content type and the bytes of the run's script.
    pub(crate) fn script(&self) -> (&str, Vec<u8>) {
        let script = &self.details.script;
        (script.content_type(), script.bytes(self.test_id, &self.options()))
    }
}

#[cfg(test)]
mod tests;
