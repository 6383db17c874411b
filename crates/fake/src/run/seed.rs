//! Descriptions of test runs that tests put into a fake.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use k6_cloud::types::TestRun;
use k6_cloud::{LoadTestId, ProjectId, RunResult, RunStatus, ScriptKind, TestRunId};
use serde_json::Value;

use super::{
    AbortedBy, CostForm, Details, Lifecycle, LoadPlan, PlannedAbort, Progress, RETENTION,
    Retention, Run, StatusEntry, TIMED_OUT, ZoneShare, is_past_load,
};
use crate::ids::FirstIds;
use crate::logs::LogSeed;
use crate::metrics::MetricsSeed;
use crate::script::StoredScript;
use crate::script::options::ScriptOptions;
use crate::time::{Reading, later, to_micros};
use crate::{FIRST_LOAD_TEST_ID, FIRST_RUN_ID, NOW};

/// The zones of a seed that does not choose any.
const ZONES: &[ZoneShare] =
    &[(Cow::Borrowed("amazon:de:frankfurt"), 60), (Cow::Borrowed("amazon:ie:dublin"), 40)];

/// Why the options of a run are invalid, if the test does not say it.
const INVALID: &str =
    "the VU count of this test (4000 VUs) exceeds the maximum for the project (500 VUs)";

/// A test run to put into a fake with [`FakeCloud::add_run`](crate::FakeCloud::add_run), to start
/// next with [`FakeCloud::next_start`](crate::FakeCloud::next_start), or to make into a
/// [`TestRun`] without a server with [`to_run`](Self::to_run).
///
/// Everything that you do not set is plausible: a run of the first load test, started by a user,
/// with 50 VUs for 30 minutes, a cost in numbers and a JavaScript file, neither saved nor starred.
/// A run that follows the clock ([`timed`](Self::timed)) is created when it is added. Any other is
/// created five minutes before the fake's clock started, or an hour before that if its load is
/// over.
#[derive(Clone, Debug)]
#[must_use = "a seed does nothing until it is added"]
pub struct RunSeed {
    pub(crate) id: Option<i64>,
    /// `None` for the first load test.
    pub(crate) test_id: Option<i64>,
    pub(crate) project_id: Option<i64>,
    pub(crate) started_by: Option<Cow<'static, str>>,
    /// `None` for a time that suits the status.
    pub(crate) created: Option<DateTime<Utc>>,
    pub(crate) status: RunStatus,
    pub(crate) result: RunResult,
    /// Whether the run follows the clock, instead of having reached its status already.
    pub(crate) is_timed: bool,
    pub(crate) lifecycle: Lifecycle,
    pub(crate) plan: LoadPlan,
    /// Whether the test set the VUs, which then win over the options of the script.
    pub(super) has_own_vus: bool,
    /// Whether the test set the duration, which then wins over the options of the script.
    pub(super) has_own_duration: bool,
    pub(crate) retention: RetentionSeed,
    pub(crate) details: Details,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum RetentionSeed {
    AfterEnd,
    Saved,
    Until(DateTime<Utc>),
}

impl RunSeed {
    /// Describes a run in `status`. If that is `completed`, the run passed.
    pub fn new(status: RunStatus) -> Self {
        Self {
            id: None,
            test_id: None,
            project_id: None,
            started_by: Some("ada@example.com".into()),
            created: None,
            status,
            result: RunResult::Passed,
            is_timed: false,
            lifecycle: Lifecycle {
                created: Duration::from_secs(2),
                initializing: Duration::from_secs(10),
                processing: Duration::from_secs(20),
                ..Lifecycle::default()
            },
            plan: LoadPlan {
                vus: 50,
                browser_vus: 0,
                duration: Duration::from_secs(1_800),
                zones: Cow::Borrowed(ZONES),
                reductions: &[("volume", 10), ("local_run", 25)],
                options: None,
            },
            has_own_vus: false,
            has_own_duration: false,
            retention: RetentionSeed::AfterEnd,
            details: Details {
                note: "".into(),
                is_starred: false,
                script: StoredScript::Made(ScriptKind::JavaScript),
                cost_form: CostForm::Number,
                has_distribution: true,
                properties: Vec::new(),
                metrics: MetricsSeed::default(),
                logs: Vec::new(),
            },
        }
    }

    /// Describes a completed run that passed.
    pub fn passed() -> Self {
        Self::new(RunStatus::Completed)
    }

    /// Describes a completed run that breached a threshold.
    pub fn failed() -> Self {
        Self::new(RunStatus::Completed).result(RunResult::Failed)
    }

    /// Describes a completed run whose script failed.
    pub fn errored() -> Self {
        Self::new(RunStatus::Completed).result(RunResult::Error)
    }

    /// Describes a run that generates load.
    pub fn running() -> Self {
        Self::new(RunStatus::Running)
    }

    /// Describes a queued run.
    pub fn queued() -> Self {
        Self::new(RunStatus::Queued)
    }

    /// Describes a run that a user aborted. Its result is `error`.
    pub fn aborted() -> Self {
        Self::new(RunStatus::Aborted)
    }

    /// Describes a run that the service aborted in the middle of its load, because load generators
    /// were lost. Its result is `error`.
    pub fn aborted_by_service() -> Self {
        Self::aborted().abort_by(AbortedBy::Service)
    }

    /// Describes a run that a threshold with `abortOnFail` aborted in the middle of its load. Its
    /// result is `failed`.
    pub fn aborted_by_threshold() -> Self {
        Self::aborted().result(RunResult::Failed).abort_by(AbortedBy::Threshold)
    }

    fn abort_by(mut self, by: AbortedBy) -> Self {
        self.lifecycle.abort = Some(PlannedAbort { after: None, by });
        self
    }

    /// Describes a completed run with the result `timed_out`, which the API's description does not
    /// have.
    pub fn timed_out() -> Self {
        Self::new(RunStatus::Completed).result(RunResult::Unknown(TIMED_OUT.into()))
    }

    /// Describes a run that was aborted because its options were invalid: it has no cost, options,
    /// load zones or VUs.
    pub fn invalid() -> Self {
        let mut seed = Self::new(RunStatus::Aborted);
        seed.lifecycle.invalid = Some(INVALID.into());
        seed
    }

    /// Describes a run that begins when it is added, and then follows the fake's
    /// [clock](crate::FakeCloud::clock) through created, queued, initializing, running, processing
    /// metrics and completed.
    ///
    /// | status | stays for | by default |
    /// |---|---|---|
    /// | created | [`created_for`](Self::created_for) | 2 s |
    /// | queued | [`queued_for`](Self::queued_for) | 5 s |
    /// | initializing | [`initializing_for`](Self::initializing_for) | 10 s |
    /// | running | [`running_for`](Self::running_for) | 30 min |
    /// | processing metrics | [`processing_for`](Self::processing_for) | 20 s |
    ///
    /// The run enters each status exactly when it is due. If the clock jumps over several statuses,
    /// a client sees the last of them, and the others in the history.
    /// [`aborts_after`](Self::aborts_after) ends the run early, and so does a request that aborts
    /// it. After [`advance_run`](crate::FakeCloud::advance_run) it follows the clock from there.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use k6_cloud_fake::{FakeCloud, RunSeed};
    ///
    /// let fake = FakeCloud::start().await?;
    /// let id = fake.add_run(RunSeed::timed().running_for(Duration::from_secs(600)));
    /// fake.clock().advance(Duration::from_secs(60));
    /// let run = fake.run_json(id).expect("the run");
    /// assert_eq!((run["status"].as_str(), run["execution_duration"].as_i64()), (Some("running"), Some(43)));
    /// # Ok(()) }
    /// ```
    pub fn timed() -> Self {
        let mut seed = Self::new(RunStatus::Created).queued_for(Duration::from_secs(5));
        seed.is_timed = true;
        seed
    }

    /// Makes a [`TestRun`] without a server, for tests of code that takes one.
    ///
    /// It is the run that a client of a fake reads if the run is added when the fake starts. Its
    /// id is [`FIRST_RUN_ID`] unless you set [`id`](Self::id).
    ///
    /// ```
    /// use k6_cloud_fake::RunSeed;
    ///
    /// let run = RunSeed::failed().id(42).note("nightly").to_run();
    /// assert_eq!((run.id.get(), run.note.as_str()), (42, "nightly"));
    /// assert_eq!(run.verdict().exit_code(), 99);
    /// ```
    ///
    /// # Panics
    ///
    /// If a [`property`](Self::property) has a value that no `TestRun` can have.
    #[must_use]
    #[track_caller]
    pub fn to_run(&self) -> TestRun {
        let id = self.id.unwrap_or(FIRST_RUN_ID.get());
        let run = self.clone().into_run(id, NOW).json();
        match serde_json::from_value(run) {
            Ok(run) => run,
            Err(error) => panic!("this seed has a property that no TestRun can have: {error}"),
        }
    }

    /// Sets the id. By default it is one more than the highest so far. A run with the same id is
    /// replaced.
    pub fn id(mut self, id: impl Into<TestRunId>) -> Self {
        self.id = Some(id.into().get());
        self
    }

    /// Sets the load test. It is created if it does not exist.
    pub fn test_id(mut self, test_id: impl Into<LoadTestId>) -> Self {
        self.test_id = Some(test_id.into().get());
        self
    }

    /// Sets the project. By default it is that of the load test.
    pub fn project_id(mut self, project_id: impl Into<ProjectId>) -> Self {
        self.project_id = Some(project_id.into().get());
        self
    }

    /// Sets the user who started the run, `None` for a run that no user started.
    pub fn started_by(mut self, email: Option<&str>) -> Self {
        self.started_by = email.map(|email| email.to_owned().into());
        self
    }

    /// Sets the result that the run shows once it is completed. An aborted run has the result
    /// `error`, or `failed` if a threshold aborted it.
    pub fn result(mut self, result: RunResult) -> Self {
        self.result = result;
        self
    }

    /// Sets the time of creation. The other times follow from it.
    pub fn created(mut self, created: DateTime<Utc>) -> Self {
        self.created = Some(to_micros(created));
        self
    }

    /// Sets how long the run is, or was, created and not yet validated. The default is 2 s.
    pub fn created_for(mut self, stay: Duration) -> Self {
        self.lifecycle.created = stay;
        self
    }

    /// Sets how long the run is, or was, queued. The default is 5 s for a run that is
    /// [timed](Self::timed). Others are not queued.
    pub fn queued_for(mut self, stay: Duration) -> Self {
        self.lifecycle.queued = Some(stay);
        self
    }

    /// Sets how long the run is, or was, initializing. The default is 10 s.
    pub fn initializing_for(mut self, stay: Duration) -> Self {
        self.lifecycle.initializing = stay;
        self
    }

    /// Sets how long the run generates, or generated, load. The default is 30 min.
    ///
    /// This is also the planned duration, which the API shows in whole seconds, rounded up.
    pub fn running_for(mut self, load: Duration) -> Self {
        self.plan.duration = load;
        self.has_own_duration = true;
        self
    }

    /// Sets how long metrics are, or were, processed after the load. The default is 20 s.
    pub fn processing_for(mut self, stay: Duration) -> Self {
        self.lifecycle.processing = stay;
        self
    }

    /// Aborts the run this long after its load began: in the name of `by_user`, or with `None` by
    /// the service, which gives a message and a code.
    ///
    /// This affects a run that is [timed](Self::timed), unless its load is over earlier, and one
    /// that is [aborted](Self::aborted), which is aborted by the end of its load at the latest.
    pub fn aborts_after(mut self, load: Duration, by_user: Option<&str>) -> Self {
        let by = match by_user {
            Some(email) => AbortedBy::User(email.to_owned().into()),
            None => AbortedBy::Service,
        };
        self.lifecycle.abort = Some(PlannedAbort { after: Some(load), by });
        self
    }

    /// Sets the note.
    pub fn note(mut self, note: &str) -> Self {
        self.details.note = note.to_owned().into();
        self
    }

    /// Sets whether the run is starred.
    pub fn starred(mut self, starred: bool) -> Self {
        self.details.is_starred = starred;
        self
    }

    /// Saves the run, so that its results are kept for good.
    pub fn saved(mut self) -> Self {
        self.retention = RetentionSeed::Saved;
        self
    }

    /// Sets when the results are deleted. The default is 30 days after the end. If it is before
    /// the time of the fake's [clock](crate::FakeCloud::clock), the results are gone.
    pub fn retention_expiry(mut self, expiry: DateTime<Utc>) -> Self {
        self.retention = RetentionSeed::Until(to_micros(expiry));
        self
    }

    /// Sets the form of the cost. A run that is not validated has no cost.
    pub fn cost(mut self, form: CostForm) -> Self {
        self.details.cost_form = form;
        self
    }

    /// Sets the kind of the run's script, which the fake writes. The default is JavaScript.
    pub fn script(mut self, kind: ScriptKind) -> Self {
        self.details.script = StoredScript::Made(kind);
        self
    }

    /// Sets the bytes of the run's script and the content type that they are served with, whatever
    /// they are.
    pub fn script_bytes(mut self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.details.script = StoredScript::Uploaded {
            content_type: content_type.to_owned().into(),
            body: bytes.into().into(),
        };
        self
    }

    /// Sets whether there is distribution data. A run that is not validated has none. A run that
    /// is [timed](Self::timed) has it as soon as it is running.
    pub fn distribution(mut self, available: bool) -> Self {
        self.details.has_distribution = available;
        self
    }

    /// Sets the VUs, of which `browser` are browser VUs.
    pub fn vus(mut self, all: u32, browser: u32) -> Self {
        self.plan.vus = all.max(browser);
        self.plan.browser_vus = browser;
        self.has_own_vus = true;
        self
    }

    /// Puts `value` into the run's JSON, whatever the rest of it says. Use it to see what a client
    /// does with values that the API does not send today. The fake itself does not act on it.
    pub fn property(mut self, name: &str, value: Value) -> Self {
        self.details.properties.push((name.to_owned(), value));
        self
    }

    /// Adds a line to the logs, at a time after the run was created. Levels are `trace`, `debug`, `info`,
    /// `warning`, `error`, `fatal` and `panic`.
    ///
    /// A client reads them at [`FakeCloud::logs_url`](crate::FakeCloud::logs_url). Without a line of its
    /// own, a run whose script failed ([`errored`](Self::errored)) has its exception.
    pub fn log(mut self, after: Duration, level: &str, text: &str) -> Self {
        let (level, text) = (level.to_owned(), text.to_owned());
        self.details.logs.push(LogSeed { after, level, text });
        self
    }

    /// Returns whether the runs of two seeds end in the same way.
    pub(crate) fn ends_like(&self, other: &Self) -> bool {
        let cause = |seed: &Self| {
            let by = seed.lifecycle.abort.as_ref().map(|abort| abort.by.clone());
            (seed.lifecycle.invalid.is_some(), by)
        };
        let is_aborted = self.status == RunStatus::Aborted;
        self.status == other.status
            && self.result == other.result
            && self.is_timed == other.is_timed
            && (!is_aborted || cause(self) == cause(other))
    }

    /// Replaces the load by that of a script's options, except for what the test has set.
    pub(crate) fn with_script_options(mut self, options: Value, read: &ScriptOptions) -> Self {
        let own = self.plan.clone();
        self.plan.set_options(options, read);
        if self.has_own_vus {
            (self.plan.vus, self.plan.browser_vus) = (own.vus, own.browser_vus);
        }
        if self.has_own_duration {
            self.plan.duration = own.duration;
        }
        self
    }

    /// Returns the run as it is started at `now`: whatever the seed, it follows the clock, and
    /// ends in the seed's status.
    pub(crate) fn into_started_run(mut self, id: i64, now: DateTime<Utc>) -> Run {
        if !self.is_timed {
            self.is_timed = true;
            if self.lifecycle.invalid.is_none() {
                let (load, starter) = (self.plan.duration, self.started_by.as_ref());
                self.lifecycle = self.lifecycle.ending_in(&self.status, load, starter);
            }
        }
        self.created(now).into_run(id, now)
    }

    /// Returns the run as it is when a clock reads `reading`, with this id instead of the seed's.
    pub(crate) fn into_run(self, id: i64, reading: impl Into<Reading>) -> Run {
        let reading = reading.into();
        let created = self.created.unwrap_or_else(|| self.default_created(reading));
        let (expiry, is_fixed) = match self.retention {
            RetentionSeed::AfterEnd => (Some(later(created, RETENTION)), false),
            RetentionSeed::Saved => (None, false),
            RetentionSeed::Until(expiry) => (Some(expiry), true),
        };
        let test_id = self.test_id.unwrap_or(FIRST_LOAD_TEST_ID.get());
        let project_id = self.project_id;
        let mut run = Run {
            id,
            test_id,
            project_id: project_id.unwrap_or_else(|| FirstIds::default().project_of(test_id)),
            started_by: self.started_by,
            created,
            progress: Progress {
                earlier: Vec::new(),
                current: StatusEntry { status: RunStatus::Created, entered: created, extra: None },
                lifecycle: None,
                is_validated: false,
                execution_duration: 0,
                planned_result: self.result,
                outcome: None,
                ended: None,
            },
            plan: self.plan,
            retention: Retention { expiry, is_fixed },
            details: self.details,
        };
        if self.is_timed {
            run.progress.lifecycle = Some(Box::new(self.lifecycle));
        } else if self.lifecycle.invalid.is_some() {
            run.complete(&self.lifecycle);
        } else {
            let (load, starter) = (run.plan.duration, run.started_by.as_ref());
            let lifecycle = self.lifecycle.ending_in(&self.status, load, starter);
            run.complete(&lifecycle);
        }
        run.catch_up(reading.now);
        run
    }

    fn default_created(&self, reading: Reading) -> DateTime<Utc> {
        if self.is_timed {
            reading.now
        } else if is_past_load(&self.status) {
            later(reading.newest(), -TimeDelta::hours(1))
        } else {
            reading.newest()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NEWEST;

    fn history(seed: RunSeed) -> Vec<String> {
        let run = seed.into_run(1, NOW);
        let times: Vec<_> = run.history().map(|entry| entry.entered).collect();
        assert!(times.is_sorted(), "{times:?}");
        assert_eq!(times.first(), Some(&run.created));
        run.history().map(|entry| entry.status.as_str().to_owned()).collect()
    }

    #[test]
    fn history_leads_to_the_status() {
        assert_eq!(history(RunSeed::new(RunStatus::Created)), ["created"]);
        assert_eq!(history(RunSeed::queued()), ["created", "queued"]);
        assert_eq!(history(RunSeed::running()), ["created", "initializing", "running"]);
        assert_eq!(
            history(RunSeed::passed()),
            ["created", "initializing", "running", "processing_metrics", "completed"]
        );
        assert_eq!(history(RunSeed::invalid()), ["created", "aborted"]);
        assert_eq!(
            history(RunSeed::new(RunStatus::Unknown("paused".into()))),
            ["created", "initializing", "running", "paused"]
        );
    }

    #[test]
    fn invalid_run_has_no_cost_and_no_options() {
        let run = RunSeed::invalid().into_run(1, NOW).json();
        for name in ["cost", "options", "distribution", "max_vus", "max_browser_vus"] {
            assert_eq!(run[name], Value::Null, "{name}");
        }
        assert_eq!(run["result"], "error");
        assert_eq!(run["status_details"]["extra"]["by_user"], Value::Null);
    }

    #[test]
    fn retention_starts_at_the_end_unless_it_is_set() {
        let run = RunSeed::passed().into_run(1, NOW);
        let kept = run.retention.expiry.zip(run.progress.ended);
        assert_eq!(kept.map(|(expiry, ended)| expiry - ended), Some(RETENTION));
        assert!(RunSeed::passed().saved().into_run(1, NOW).is_saved());
        let gone = RunSeed::passed().retention_expiry(NEWEST - RETENTION);
        assert!(gone.into_run(1, NOW).is_expired(NOW));
    }

    #[test]
    fn seed_makes_a_test_run_without_a_server() {
        let run = RunSeed::running().id(7).vus(80, 10).note("a").to_run();
        assert_eq!((run.id, run.note.as_str(), run.max_vus), (7.into(), "a", Some(80)));
        assert!(!run.is_finished());
        assert_eq!(RunSeed::passed().to_run().id, FIRST_RUN_ID);
        assert!(RunSeed::passed().to_run().verdict().is_passed());
        assert_eq!(RunSeed::failed().to_run().verdict().exit_code(), 99);
        assert_eq!(RunSeed::errored().to_run().verdict().exit_code(), 97);
    }

    #[test]
    #[should_panic(expected = "a property that no TestRun can have")]
    fn seed_of_no_test_run_panics_with_the_reason() {
        let _ = RunSeed::passed().property("created", Value::Bool(true)).to_run();
    }
}
