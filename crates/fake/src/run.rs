//! A test run as the fake keeps it, and the ways in which it changes.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;

use super::course::Course;
use super::script::ScriptKind;

/// How long results are kept after a run has ended.
pub(super) const RETENTION: TimeDelta = TimeDelta::days(30);

/// The status of a test run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunStatus {
    /// Accepted, not validated yet: it has no cost, no options and no load zones.
    Created,
    /// Validated and waiting for its turn.
    Queued,
    /// Load generators are being made ready.
    Initializing,
    /// Load is being generated.
    Running,
    /// The load is over, its metrics are still being worked on.
    ProcessingMetrics,
    /// Went through to its end. Final.
    Completed,
    /// Ended early. Final.
    Aborted,
    /// A status that the API does not have today, to see what a client does with it. Not final.
    Other(String),
}

impl RunStatus {
    /// Returns the status as the API writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Created => "created",
            Self::Queued => "queued",
            Self::Initializing => "initializing",
            Self::Running => "running",
            Self::ProcessingMetrics => "processing_metrics",
            Self::Completed => "completed",
            Self::Aborted => "aborted",
            Self::Other(name) => name,
        }
    }

    /// Returns whether a run in this status has ended.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Aborted)
    }

    /// Returns the status that follows in a run that goes well, `None` after the last.
    pub(super) fn next(&self) -> Option<Self> {
        match self {
            Self::Created => Some(Self::Queued),
            Self::Queued => Some(Self::Initializing),
            Self::Initializing => Some(Self::Running),
            Self::Running => Some(Self::ProcessingMetrics),
            Self::ProcessingMetrics | Self::Other(_) => Some(Self::Completed),
            Self::Completed | Self::Aborted => None,
        }
    }
}

/// The result of a test run that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunResult {
    /// Every threshold held.
    Passed,
    /// A threshold was breached.
    Failed,
    /// The run did not get to its end.
    Error,
    /// A result that the API does not have today, to see what a client does with it.
    Other(String),
}

impl RunResult {
    /// Returns the result as the API writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "error",
            Self::Other(name) => name,
        }
    }
}

/// The form in which the VUH amounts of a run's cost are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CostForm {
    /// `"cost": null`, whatever the status.
    Absent,
    /// JSON numbers.
    Number,
    /// Decimal strings, such as `"6.75"`.
    Text,
    /// The total as a number, the breakdown as decimal strings.
    Mixed,
}

/// What a validated script asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// All VUs, browser VUs included.
    pub(super) vus: u32,
    pub(super) browser_vus: u32,
    pub(super) duration: Duration,
    /// Load zones and their percentages.
    pub(super) zones: &'static [(&'static str, u32)],
    /// Reductions of the cost, by name, in percent.
    pub(super) reductions: &'static [(&'static str, u32)],
}

impl Plan {
    /// Returns the planned duration in seconds, the last of which may not be whole.
    pub(super) fn seconds(&self) -> u32 {
        let rest = u64::from(self.duration.subsec_nanos() > 0);
        u32::try_from(self.duration.as_secs().saturating_add(rest)).unwrap_or(u32::MAX)
    }
}

/// A status that a run has, or had, since `entered`.
#[derive(Clone, Debug)]
pub(super) struct StatusEntry {
    pub(super) status: RunStatus,
    pub(super) entered: DateTime<Utc>,
    pub(super) extra: Option<Box<StatusExtra>>,
}

/// Who or what brought a status about.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct StatusExtra {
    pub(super) by_user: Option<Cow<'static, str>>,
    pub(super) message: Option<Cow<'static, str>>,
    pub(super) code: Option<i64>,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) result: RunResult,
    pub(super) message: Option<Cow<'static, str>>,
    pub(super) code: Option<i64>,
}

impl From<RunResult> for Outcome {
    fn from(result: RunResult) -> Self {
        let (message, code) = match result {
            RunResult::Failed => {
                (Some("p(95) of http_req_duration went over 500 ms".into()), Some(8_201))
            }
            RunResult::Error => (Some("the script threw during setup".into()), Some(8_314)),
            RunResult::Passed | RunResult::Other(_) => (None, None),
        };
        Self { result, message, code }
    }
}

/// A test run.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) id: i64,
    pub(super) test_id: i64,
    pub(super) project_id: i64,
    pub(super) started_by: Option<Cow<'static, str>>,
    pub(super) created: DateTime<Utc>,
    pub(super) ended: Option<DateTime<Utc>>,
    pub(super) note: Cow<'static, str>,
    pub(super) retention_expiry: Option<DateTime<Utc>>,
    /// Whether `retention_expiry` stays as it is when the run ends.
    pub(super) fixed_expiry: bool,
    /// The statuses before the current one, oldest first.
    pub(super) earlier: Vec<StatusEntry>,
    pub(super) current: StatusEntry,
    /// The result that the run has once it completes.
    pub(super) destined: RunResult,
    pub(super) outcome: Option<Outcome>,
    /// The way that the run goes by the clock, `None` where it stays as it is.
    pub(super) course: Option<Box<Course>>,
    pub(super) plan: Plan,
    /// Whether `plan` has been seen to be good, and therefore shows.
    pub(super) validated: bool,
    pub(super) cost_form: CostForm,
    /// Seconds.
    pub(super) execution_duration: i64,
    pub(super) starred: bool,
    pub(super) script: ScriptKind,
    pub(super) distribution: bool,
    /// Properties of the JSON that are replaced or added as they stand.
    pub(super) properties: Vec<(String, Value)>,
}

impl Run {
    /// Returns whether the run has ended.
    pub(super) fn is_final(&self) -> bool {
        self.current.status.is_final()
    }

    /// Returns whether the results are kept for good.
    pub(super) fn is_saved(&self) -> bool {
        self.retention_expiry.is_none()
    }

    /// Returns whether the results were deleted by `now`.
    pub(super) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.retention_expiry.is_some_and(|expiry| expiry < now)
    }

    /// Enters `status` at `at`, and derives from it what shows in the other properties.
    pub(super) fn enter(&mut self, status: RunStatus, at: DateTime<Utc>) {
        self.enter_because(status, at, None);
    }

    /// Aborts the run in the name of `by_user`.
    pub(super) fn abort(&mut self, by_user: Cow<'static, str>, at: DateTime<Utc>) {
        let extra = StatusExtra { by_user: Some(by_user), ..StatusExtra::default() };
        self.enter_because(RunStatus::Aborted, at, Some(Box::new(extra)));
        self.outcome = Some(Outcome {
            result: RunResult::Error,
            message: Some("stopped by a user".into()),
            code: None,
        });
    }

    /// Aborts the run in nobody's name.
    pub(super) fn abort_by_system(&mut self, at: DateTime<Utc>) {
        let (message, code) = ("load generators were lost", 9_102);
        let extra = StatusExtra { by_user: None, message: Some(message.into()), code: Some(code) };
        self.enter_because(RunStatus::Aborted, at, Some(Box::new(extra)));
        self.outcome = Some(Outcome {
            result: RunResult::Error,
            message: Some(message.into()),
            code: Some(code),
        });
    }

    /// Aborts the run because its options are not acceptable.
    pub(super) fn fail_validation(&mut self, at: DateTime<Utc>) {
        let extra = StatusExtra {
            by_user: None,
            message: Some("options not accepted".into()),
            code: Some(7_105),
        };
        self.enter_because(RunStatus::Aborted, at, Some(Box::new(extra)));
        self.outcome = Some(Outcome {
            result: RunResult::Error,
            message: Some("options not accepted: 4000 VUs asked for, 500 allowed".into()),
            code: Some(7_105),
        });
    }

    fn enter_because(
        &mut self,
        status: RunStatus,
        at: DateTime<Utc>,
        extra: Option<Box<StatusExtra>>,
    ) {
        if self.current.status == RunStatus::Running {
            self.measure(at);
        }
        if !matches!(status, RunStatus::Created | RunStatus::Aborted) {
            self.validated = true;
        }
        if status.is_final() {
            self.ended = Some(at);
            if self.retention_expiry.is_some() && !self.fixed_expiry {
                self.retention_expiry = Some(later(at, RETENTION));
            }
        }
        if status == RunStatus::Completed {
            self.outcome = Some(self.destined.clone().into());
        }
        let entry = StatusEntry { status, entered: at, extra };
        self.earlier.push(std::mem::replace(&mut self.current, entry));
    }

    /// Sets how long the run, which is running, has done so at `now`.
    pub(super) fn measure(&mut self, now: DateTime<Utc>) {
        let elapsed = (now - self.current.entered).num_seconds();
        self.execution_duration = elapsed.clamp(0, i64::from(self.plan.seconds()));
    }

    /// Returns whether the run has come to generate load.
    pub(super) fn has_run(&self) -> bool {
        let mut statuses = self.earlier.iter().chain([&self.current]);
        statuses.any(|entry| entry.status == RunStatus::Running)
    }

    /// Returns the moment of a change that is made at `now`.
    ///
    /// Where the clock stands still, the history of a run has to go forward all the same, unless
    /// the run goes by the clock.
    pub(super) fn moment(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let pause = TimeDelta::seconds(if self.course.is_some() { 0 } else { 1 });
        now.max(later(self.current.entered, pause))
    }
}

/// Returns `time` plus `delta`, or `time` where the sum is out of range.
pub(super) fn later(time: DateTime<Utc>, delta: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(delta).unwrap_or(time)
}
