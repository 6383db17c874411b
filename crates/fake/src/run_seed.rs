//! A test run that a test describes, and the run that comes of it.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::course::{Course, Stop, delta};
use super::run::{CostForm, Plan, RETENTION, Run, RunResult, RunStatus, StatusEntry, later};
use super::script::ScriptKind;
use super::{FIRST_LOAD_TEST_ID, NEWEST};

/// A description of a test run to be put in with [`FakeCloud::add_run`](super::FakeCloud::add_run).
///
/// What is not set is chosen so that the run is plausible: of the first load test, created at
/// [`NEWEST`], or an hour before where its load is over, or when it is added where it is
/// [timed](Self::timed), started by a user, with a cost in numbers and a JavaScript file, neither
/// saved nor starred.
#[derive(Clone, Debug)]
#[must_use = "a seed does nothing until it is added"]
pub struct RunSeed {
    pub(super) id: Option<i64>,
    pub(super) test_id: i64,
    pub(super) project_id: Option<i64>,
    pub(super) started_by: Option<Cow<'static, str>>,
    pub(super) status: RunStatus,
    pub(super) result: RunResult,
    pub(super) invalid: bool,
    /// Whether the run goes its course by the clock, and has not gone it already.
    pub(super) timed: bool,
    /// `None` for a time that suits the status.
    pub(super) created: Option<DateTime<Utc>>,
    pub(super) note: Cow<'static, str>,
    pub(super) starred: bool,
    pub(super) retention: Retention,
    pub(super) cost: CostForm,
    pub(super) script: ScriptKind,
    pub(super) distribution: bool,
    pub(super) plan: Plan,
    pub(super) course: Course,
    pub(super) properties: Vec<(String, Value)>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Retention {
    AfterEnd,
    Saved,
    Until(DateTime<Utc>),
}

impl RunSeed {
    /// Describes a run in `status`, which passes if it completes.
    pub fn new(status: RunStatus) -> Self {
        Self {
            id: None,
            test_id: FIRST_LOAD_TEST_ID,
            project_id: None,
            started_by: Some("ada@example.com".into()),
            status,
            result: RunResult::Passed,
            invalid: false,
            timed: false,
            created: None,
            note: "".into(),
            starred: false,
            retention: Retention::AfterEnd,
            cost: CostForm::Number,
            script: ScriptKind::JavaScript,
            distribution: true,
            plan: Plan {
                vus: 50,
                browser_vus: 0,
                duration: Duration::from_secs(1_800),
                zones: &[("amazon:de:frankfurt", 60), ("amazon:ie:dublin", 40)],
                reductions: &[("volume", 10), ("local_run", 25)],
            },
            course: Course {
                created: Duration::from_secs(2),
                queued: None,
                initializing: Duration::from_secs(10),
                processing: Duration::from_secs(20),
                ..Course::default()
            },
            properties: Vec::new(),
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

    /// Describes a run that is generating load.
    pub fn running() -> Self {
        Self::new(RunStatus::Running)
    }

    /// Describes a run that waits for its turn.
    pub fn queued() -> Self {
        Self::new(RunStatus::Queued)
    }

    /// Describes a run that a user aborted; its result is `error`.
    pub fn aborted() -> Self {
        Self::new(RunStatus::Aborted)
    }

    /// Describes a run that was aborted because its options were not acceptable: without cost,
    /// options, load zones and VUs.
    pub fn invalid() -> Self {
        let mut seed = Self::new(RunStatus::Aborted);
        seed.invalid = true;
        seed
    }

    /// Describes a run that begins when it is added and then goes by the
    /// [clock](super::FakeCloud::clock) through created, queued, initializing, running, processing
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
    /// It enters each at the planned moment, whenever a request finds out. Statuses of no length
    /// are entered in the same moment: only the history tells of them. Where the clock passes
    /// over several, a client sees the last. [`aborts_after`](Self::aborts_after) ends such a run
    /// early, and so does the operation that aborts runs; after
    /// [`advance_run`](super::FakeCloud::advance_run) it goes on by the clock from there.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use k6_cloud_fake::{FakeCloud, RunSeed};
    ///
    /// let fake = FakeCloud::start().await?;
    /// let client = fake.client().build()?;
    /// let id = fake.add_run(RunSeed::timed().running_for(Duration::from_secs(600)));
    /// fake.clock().advance(Duration::from_secs(60));
    /// let run = client.get_test_run(id).send().await?;
    /// assert_eq!((run.status.as_str(), run.execution_duration), ("running", 43));
    /// # Ok(()) }
    /// ```
    pub fn timed() -> Self {
        let mut seed = Self::new(RunStatus::Created).queued_for(Duration::from_secs(5));
        seed.timed = true;
        seed
    }

    /// Sets the id, which is otherwise the one after the highest. A run that has it is replaced.
    pub fn id(mut self, id: i64) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets the load test, which exists from then on.
    pub fn test_id(mut self, test_id: i64) -> Self {
        self.test_id = test_id;
        self
    }

    /// Sets the project, which otherwise follows from the load test.
    pub fn project_id(mut self, project_id: i64) -> Self {
        self.project_id = Some(project_id);
        self
    }

    /// Sets the user who started the run, `None` for one that no user started.
    pub fn started_by(mut self, email: Option<&str>) -> Self {
        self.started_by = email.map(|email| email.to_owned().into());
        self
    }

    /// Sets the result. A run that goes on shows it once it completes, and one that is aborted
    /// has the result `error` in any case.
    pub fn result(mut self, result: RunResult) -> Self {
        self.result = result;
        self
    }

    /// Sets the time of creation, from which the other times follow.
    pub fn created(mut self, created: DateTime<Utc>) -> Self {
        self.created = Some(created);
        self
    }

    /// Sets how long the run is, or was, only created, before it is validated: by default 2 s.
    pub fn created_for(mut self, stay: Duration) -> Self {
        self.course.created = stay;
        self
    }

    /// Sets how long the run waits, or waited, for its turn: by default 5 s for one that is
    /// [timed](Self::timed). Others go from created to initializing without it.
    pub fn queued_for(mut self, stay: Duration) -> Self {
        self.course.queued = Some(stay);
        self
    }

    /// Sets how long load generators are, or were, made ready: by default 10 s.
    pub fn initializing_for(mut self, stay: Duration) -> Self {
        self.course.initializing = stay;
        self
    }

    /// Sets how long load is, or was, generated: by default 30 min.
    ///
    /// This is also the planned duration, which the API gives in seconds: a part of one counts
    /// as a whole.
    pub fn running_for(mut self, load: Duration) -> Self {
        self.plan.duration = load;
        self
    }

    /// Sets how long metrics are, or were, worked on when the load is over: by default 20 s.
    pub fn processing_for(mut self, stay: Duration) -> Self {
        self.course.processing = stay;
        self
    }

    /// Sets that the run is, or was, aborted this long after its load began: in the name of
    /// `by_user`, or with `None` by the system, which gives a message and a code.
    ///
    /// It has an effect on a run that is [timed](Self::timed), unless its load is over earlier,
    /// and on one that is [aborted](Self::aborted), by the end of its load at the latest.
    pub fn aborts_after(mut self, load: Duration, by_user: Option<&str>) -> Self {
        let by_user = by_user.map(|email| email.to_owned().into());
        self.course.stop = Some(Stop { after: load, by_user });
        self
    }

    /// Sets the note.
    pub fn note(mut self, note: &str) -> Self {
        self.note = note.to_owned().into();
        self
    }

    /// Sets whether the run is starred.
    pub fn starred(mut self, starred: bool) -> Self {
        self.starred = starred;
        self
    }

    /// Saves the run: its results are kept for good.
    pub fn saved(mut self) -> Self {
        self.retention = Retention::Saved;
        self
    }

    /// Sets the time at which the results are deleted, which is otherwise 30 days after the end.
    /// One before the time of the fake's [clock](super::FakeCloud::clock) makes a run whose results
    /// are gone.
    pub fn retention_expiry(mut self, expiry: DateTime<Utc>) -> Self {
        self.retention = Retention::Until(expiry);
        self
    }

    /// Sets the form of the cost. It has no effect on a run that is not validated: that has none.
    pub fn cost(mut self, form: CostForm) -> Self {
        self.cost = form;
        self
    }

    /// Sets what the run's script is.
    pub fn script(mut self, script: ScriptKind) -> Self {
        self.script = script;
        self
    }

    /// Sets whether there is distribution data. A run that is not validated has none, and one that
    /// is [timed](Self::timed) has it from the moment that it runs.
    pub fn distribution(mut self, available: bool) -> Self {
        self.distribution = available;
        self
    }

    /// Sets the VUs, of which `browser` are browser VUs.
    pub fn vus(mut self, all: u32, browser: u32) -> Self {
        self.plan.vus = all.max(browser);
        self.plan.browser_vus = browser;
        self
    }

    /// Puts `value` into the run's JSON whatever the rest of it says, to show a client what the
    /// API does not send today. The fake's own behaviour does not follow it.
    pub fn property(mut self, name: &str, value: Value) -> Self {
        self.properties.push((name.to_owned(), value));
        self
    }

    /// Returns the run that is described, begun at `now`: also one that is not timed goes by the
    /// clock, into its status.
    pub(super) fn into_begun_run(mut self, id: i64, now: DateTime<Utc>) -> Run {
        if !self.timed {
            self.timed = true;
            self.course.invalid = self.invalid;
            if !self.invalid {
                let (load, starter) = (self.plan.duration, self.started_by.as_ref());
                self.course = self.course.into_status(&self.status, load, starter);
            }
        }
        self.created(now).into_run(id, now)
    }

    /// Returns the run that is described as it is at `now`, with `id` in place of the seed's own.
    pub(super) fn into_run(self, id: i64, now: DateTime<Utc>) -> Run {
        let loaded = self.status.is_final() || self.status == RunStatus::ProcessingMetrics;
        let created = self.created.unwrap_or(if self.timed {
            now
        } else if loaded {
            later(NEWEST, -TimeDelta::hours(1))
        } else {
            NEWEST
        });
        let retention_expiry = match self.retention {
            Retention::AfterEnd => Some(later(created, RETENTION)),
            Retention::Saved => None,
            Retention::Until(expiry) => Some(expiry),
        };
        let mut run = Run {
            id,
            test_id: self.test_id,
            project_id: self.project_id.unwrap_or_else(|| project_of(self.test_id)),
            started_by: self.started_by,
            created,
            ended: None,
            note: self.note,
            retention_expiry,
            fixed_expiry: matches!(self.retention, Retention::Until(_)),
            earlier: Vec::new(),
            current: StatusEntry { status: RunStatus::Created, entered: created, extra: None },
            destined: self.result,
            outcome: None,
            course: None,
            plan: self.plan,
            validated: false,
            cost_form: self.cost,
            execution_duration: 0,
            starred: self.starred,
            script: self.script,
            distribution: self.distribution,
            properties: self.properties,
        };
        if self.timed {
            run.course = Some(Box::new(self.course));
        } else if self.invalid {
            run.fail_validation(later(created, delta(self.course.initializing)));
        } else {
            self.course.lead(&mut run, &self.status);
        }
        run.catch_up(now);
        run
    }
}

/// Returns the project of a load test.
pub(super) fn project_of(test_id: i64) -> i64 {
    5_001 + test_id.rem_euclid(3)
}

#[cfg(test)]
mod tests {
    use super::super::NOW;
    use super::*;

    fn history(seed: RunSeed) -> Vec<String> {
        let run = seed.into_run(1, NOW);
        let times: Vec<_> =
            run.earlier.iter().chain([&run.current]).map(|entry| entry.entered).collect();
        assert!(times.is_sorted(), "{times:?}");
        assert_eq!(times.first(), Some(&run.created));
        run.earlier
            .iter()
            .chain([&run.current])
            .map(|entry| entry.status.as_str().to_owned())
            .collect()
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
            history(RunSeed::new(RunStatus::Other("paused".into()))),
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
        let kept = run.retention_expiry.zip(run.ended);
        assert_eq!(kept.map(|(expiry, ended)| expiry - ended), Some(RETENTION));
        assert!(RunSeed::passed().saved().into_run(1, NOW).is_saved());
        let gone = RunSeed::passed().retention_expiry(NEWEST - RETENTION);
        assert!(gone.into_run(1, NOW).is_expired(NOW));
    }
}
