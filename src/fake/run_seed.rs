//! A test run that a test describes, and the run that comes of it.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::run::{CostForm, Plan, RETENTION, Run, RunResult, RunStatus, StatusEntry, later};
use super::script::ScriptKind;
use super::{FIRST_LOAD_TEST_ID, NEWEST, NOW};

/// A description of a test run to be put in with [`FakeCloud::add_run`](super::FakeCloud::add_run).
///
/// What is not set is chosen so that the run is plausible: of the first load test, created at
/// [`NEWEST`], or an hour before where its load is over, started by a user, with a cost in numbers
/// and a JavaScript file, neither saved nor starred.
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
    pub(super) created: DateTime<Utc>,
    pub(super) note: Cow<'static, str>,
    pub(super) starred: bool,
    pub(super) retention: Retention,
    pub(super) cost: CostForm,
    pub(super) script: ScriptKind,
    pub(super) distribution: bool,
    pub(super) plan: Plan,
    pub(super) pace: Pace,
    pub(super) properties: Vec<(String, Value)>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Retention {
    AfterEnd,
    Saved,
    Until(DateTime<Utc>),
}

/// How long a run stays in the statuses around its load.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// `None` where the run did not have to wait.
    pub(super) queued: Option<TimeDelta>,
    pub(super) initializing: TimeDelta,
    pub(super) processing: TimeDelta,
    /// The part of the planned duration after which an aborted run was stopped, in percent.
    pub(super) stopped_at: u32,
}

impl RunSeed {
    /// Describes a run in `status`, which passes if it completes.
    pub fn new(status: RunStatus) -> Self {
        let loaded = status.is_final() || status == RunStatus::ProcessingMetrics;
        let created = if loaded { later(NEWEST, -TimeDelta::hours(1)) } else { NEWEST };
        Self {
            id: None,
            test_id: FIRST_LOAD_TEST_ID,
            project_id: None,
            started_by: Some("ada@example.com".into()),
            status,
            result: RunResult::Passed,
            invalid: false,
            created,
            note: "".into(),
            starred: false,
            retention: Retention::AfterEnd,
            cost: CostForm::Number,
            script: ScriptKind::JavaScript,
            distribution: true,
            plan: Plan {
                vus: 50,
                browser_vus: 0,
                duration: 1_800,
                zones: &[("amazon:de:frankfurt", 60), ("amazon:ie:dublin", 40)],
                reductions: &[("volume", 10), ("local_run", 25)],
            },
            pace: Pace {
                queued: None,
                initializing: TimeDelta::seconds(10),
                processing: TimeDelta::seconds(20),
                stopped_at: 40,
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
        self.created = created;
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
    /// One before [`NOW`] makes a run whose results are gone.
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

    /// Sets whether there is distribution data. A run that is not validated has none.
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

    /// Returns the run that is described, with `id` in place of the seed's own.
    pub(super) fn into_run(self, id: i64) -> Run {
        let retention_expiry = match self.retention {
            Retention::AfterEnd => Some(later(self.created, RETENTION)),
            Retention::Saved => None,
            Retention::Until(expiry) => Some(expiry),
        };
        let mut run = Run {
            id,
            test_id: self.test_id,
            project_id: self.project_id.unwrap_or_else(|| project_of(self.test_id)),
            started_by: self.started_by,
            created: self.created,
            ended: None,
            note: self.note,
            retention_expiry,
            earlier: Vec::new(),
            current: StatusEntry { status: RunStatus::Created, entered: self.created, extra: None },
            destined: self.result,
            outcome: None,
            plan: self.plan,
            validated: false,
            cost_form: self.cost,
            execution_duration: 0,
            starred: self.starred,
            script: self.script,
            distribution: self.distribution,
            properties: self.properties,
        };
        let end = Goal { status: self.status, invalid: self.invalid };
        lead(&mut run, end, self.pace);
        if let Retention::Until(expiry) = self.retention {
            run.retention_expiry = Some(expiry);
        }
        if run.current.status == RunStatus::Running {
            let elapsed = (NOW - run.current.entered).num_seconds();
            run.execution_duration = elapsed.clamp(0, i64::from(run.plan.duration));
        }
        run
    }
}

struct Goal {
    status: RunStatus,
    invalid: bool,
}

/// Leads a run that is just created through the statuses that come before the goal, and into it.
fn lead(run: &mut Run, goal: Goal, pace: Pace) {
    if goal.status == RunStatus::Created {
        return;
    }
    if goal.invalid {
        let at = later(run.created, pace.initializing);
        return run.fail_validation(at);
    }
    let mut at = run.created;
    if let Some(wait) = pace.queued {
        at = later(at, TimeDelta::seconds(1));
        run.enter(RunStatus::Queued, at);
        at = later(at, wait);
    } else {
        at = later(at, TimeDelta::seconds(2));
    }
    if goal.status == RunStatus::Queued {
        if run.current.status != RunStatus::Queued {
            run.enter(RunStatus::Queued, at);
        }
        return;
    }
    run.enter(RunStatus::Initializing, at);
    if goal.status == RunStatus::Initializing {
        return;
    }
    at = later(at, pace.initializing);
    run.enter(RunStatus::Running, at);
    let duration = i64::from(run.plan.duration);
    match goal.status {
        RunStatus::Running => return,
        RunStatus::Aborted => {
            let load = TimeDelta::seconds(duration * i64::from(pace.stopped_at) / 100);
            let by_user = run.started_by.clone();
            let by_user = by_user.unwrap_or(Cow::Borrowed("grace@example.com"));
            return run.abort(by_user, later(at, load));
        }
        RunStatus::Other(_) => {
            at = later(at, TimeDelta::seconds(duration));
            return run.enter(goal.status, at);
        }
        _ => {}
    }
    at = later(at, TimeDelta::seconds(duration));
    run.enter(RunStatus::ProcessingMetrics, at);
    if goal.status == RunStatus::Completed {
        at = later(at, pace.processing);
        run.enter(RunStatus::Completed, at);
    }
}

/// Returns the project of a load test.
pub(super) fn project_of(test_id: i64) -> i64 {
    5_001 + test_id.rem_euclid(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(seed: RunSeed) -> Vec<String> {
        let run = seed.into_run(1);
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
        let run = RunSeed::invalid().into_run(1).json();
        for name in ["cost", "options", "distribution", "max_vus", "max_browser_vus"] {
            assert_eq!(run[name], Value::Null, "{name}");
        }
        assert_eq!(run["result"], "error");
        assert_eq!(run["status_details"]["extra"]["by_user"], Value::Null);
    }

    #[test]
    fn retention_starts_at_the_end_unless_it_is_set() {
        let run = RunSeed::passed().into_run(1);
        let kept = run.retention_expiry.zip(run.ended);
        assert_eq!(kept.map(|(expiry, ended)| expiry - ended), Some(RETENTION));
        assert!(RunSeed::passed().saved().into_run(1).is_saved());
        let gone = RunSeed::passed().retention_expiry(NEWEST - RETENTION);
        assert!(gone.into_run(1).is_expired(NOW));
    }
}
