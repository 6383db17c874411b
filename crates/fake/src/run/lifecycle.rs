//! The lifecycle of a run: how long it stays in each status, and where it ends.

use std::borrow::Cow;
use std::time::Duration;

use k6_cloud::RunStatus;

/// How long a run stays in each status other than running, and how it ends.
///
/// How long it runs is part of its [load plan](super::LoadPlan).
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifecycle {
    pub(crate) created: Duration,
    /// `None` for a run that is never queued.
    pub(crate) queued: Option<Duration>,
    pub(crate) initializing: Duration,
    pub(crate) processing: Duration,
    pub(crate) abort: Option<PlannedAbort>,
    /// The status in which the run stays, `None` for a run that completes.
    pub(crate) last: Option<RunStatus>,
    /// Why the options of the run are invalid, which aborts it.
    pub(crate) invalid: Option<Cow<'static, str>>,
}

/// An abort while the run generates load.
#[derive(Clone, Debug)]
pub(crate) struct PlannedAbort {
    /// Counted from the beginning of the load, `None` for two fifths of the load.
    pub(crate) after: Option<Duration>,
    pub(crate) by: AbortedBy,
}

/// Who aborts a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AbortedBy {
    User(Cow<'static, str>),
    Service,
    /// A threshold with `abortOnFail`.
    Threshold,
}

impl PlannedAbort {
    /// Returns an abort by the user who started the run, or by some user if nobody did.
    pub(crate) fn by_starter(after: Option<Duration>, starter: Option<&Cow<'static, str>>) -> Self {
        let user = starter.cloned().unwrap_or(Cow::Borrowed("grace@example.com"));
        Self { after, by: AbortedBy::User(user) }
    }

    /// Returns when the abort is due in a run that generates load for `load`.
    fn due(&self, load: Duration) -> Duration {
        self.after.unwrap_or(load / 5 * 2)
    }
}

/// What ends the stay of a run in a status.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Enter(RunStatus),
    /// With this message.
    FailValidation(Cow<'static, str>),
    Abort(AbortedBy),
}

impl Lifecycle {
    /// Returns how long a run that generates load for `load` stays in `status`, and the step that
    /// follows; `None` if it stays there.
    pub(crate) fn next(&self, status: &RunStatus, load: Duration) -> Option<(Duration, Step)> {
        if self.last.as_ref() == Some(status) {
            return None;
        }
        let (stay, next) = match status {
            RunStatus::Created if self.invalid.is_some() => {
                let message = self.invalid.clone().unwrap_or_default();
                return Some((self.created, Step::FailValidation(message)));
            }
            RunStatus::Created if self.queued.is_some() => (self.created, RunStatus::Queued),
            RunStatus::Created => (self.created, RunStatus::Initializing),
            RunStatus::Queued => (self.queued.unwrap_or_default(), RunStatus::Initializing),
            RunStatus::Initializing => (self.initializing, RunStatus::Running),
            RunStatus::Running => return Some(self.end_of_load(load)),
            RunStatus::ProcessingMetrics => (self.processing, RunStatus::Completed),
            _ => return None,
        };
        Some((stay, Step::Enter(next)))
    }

    fn end_of_load(&self, load: Duration) -> (Duration, Step) {
        match (&self.abort, &self.last) {
            (Some(abort), _) if abort.due(load) <= load => {
                (abort.due(load), Step::Abort(abort.by.clone()))
            }
            (_, Some(RunStatus::Unknown(name))) => {
                (load, Step::Enter(RunStatus::Unknown(name.clone())))
            }
            _ => (load, Step::Enter(RunStatus::ProcessingMetrics)),
        }
    }

    /// Makes the lifecycle end in `status`.
    pub(crate) fn ending_in(
        mut self,
        status: &RunStatus,
        load: Duration,
        starter: Option<&Cow<'static, str>>,
    ) -> Self {
        if *status == RunStatus::Queued {
            self.queued.get_or_insert_default();
        }
        self.abort = (*status == RunStatus::Aborted).then(|| {
            let abort = self.abort.unwrap_or_else(|| PlannedAbort::by_starter(None, starter));
            PlannedAbort { after: Some(abort.due(load).min(load)), ..abort }
        });
        self.last = Some(status.clone());
        self
    }
}
