//! What a test run's texts mean.

use std::fmt;

use crate::types::{Status, StatusExtra, TestRun};

crate::wire::open_enum! {
    RunStatus {
        Created = "created",
        Queued = "queued",
        Initializing = "initializing",
        Running = "running",
        ProcessingMetrics = "processing_metrics",
        Completed = "completed",
        Aborted = "aborted",
    }
}

crate::wire::open_enum! {
    RunResult {
        Passed = "passed",
        Failed = "failed",
        Error = "error",
    }
}

impl RunStatus {
    /// Returns whether a run in this status has ended: it is `completed` or `aborted`.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Aborted)
    }
}

/// What a run came to, for a program that passes or fails by it; from [`TestRun::verdict`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It completed, and every threshold held.
    Passed,
    /// A threshold was breached. The run may have completed, or the breach may have ended it.
    ThresholdsFailed,
    /// It was ended early, by a user or by nobody who is named.
    Aborted {
        /// The e-mail address of the user, if it was one.
        by: Option<String>,
    },
    /// It could not be carried out: its script failed, its options were not accepted, or the
    /// cloud ended it.
    Errored {
        /// The API's number of the reason.
        code: Option<i64>,
        /// The API's words about it.
        message: Option<String>,
    },
    /// It has not ended, or in a way that this version of the crate does not know.
    Unknown {
        /// The status of the run.
        status: RunStatus,
        /// Its result, if it has one.
        result: Option<RunResult>,
    },
}

impl Verdict {
    /// Returns the code with which the k6 command-line tool would exit after a run in the cloud: 0
    /// for [`Passed`](Self::Passed), 99 for [`ThresholdsFailed`](Self::ThresholdsFailed), 97 for
    /// [`Aborted`](Self::Aborted) and [`Errored`](Self::Errored), and 98, which k6 has for progress
    /// that it could not find out, for [`Unknown`](Self::Unknown).
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::Passed => 0,
            Self::ThresholdsFailed => 99,
            Self::Aborted { .. } | Self::Errored { .. } => 97,
            Self::Unknown { .. } => 98,
        }
    }

    /// Returns whether this is [`Passed`](Self::Passed), the only verdict that is good.
    pub fn is_passed(&self) -> bool {
        *self == Self::Passed
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => formatter.write_str("passed"),
            Self::ThresholdsFailed => formatter.write_str("a threshold was breached"),
            Self::Aborted { by: Some(by) } => write!(formatter, "aborted by {by}"),
            Self::Aborted { by: None } => formatter.write_str("aborted"),
            Self::Errored { code, message } => {
                formatter.write_str("not carried out")?;
                if let Some(message) = message {
                    // On one line, whatever the API says.
                    let words: Vec<_> = message.split_whitespace().collect();
                    write!(formatter, ": {}", words.join(" "))?;
                }
                if let Some(code) = code {
                    write!(formatter, " (code {code})")?;
                }
                Ok(())
            }
            Self::Unknown { status, result: Some(result) } => {
                write!(formatter, "unknown: {status} with the result {result}")
            }
            Self::Unknown { status, result: None } => write!(formatter, "unknown: {status}"),
        }
    }
}

impl TestRun {
    /// Returns the status as a type; `self.status` is its text.
    pub fn status(&self) -> RunStatus {
        RunStatus::from(self.status.as_str())
    }

    /// Returns the result as a type, `None` until there is one; `self.result` is its text.
    pub fn result(&self) -> Option<RunResult> {
        self.result.as_deref().map(RunResult::from)
    }

    /// Returns whether the run has ended: its status is final, or is one that this version of the
    /// crate does not know and the run has a time at which it ended.
    pub fn is_finished(&self) -> bool {
        match self.status() {
            RunStatus::Unknown(_) => self.ended.is_some(),
            status => status.is_final(),
        }
    }

    /// Returns what the run came to.
    ///
    /// Only a run that completed with the result `passed` is [`Passed`](Verdict::Passed): one that
    /// was aborted never is, whatever its result says.
    pub fn verdict(&self) -> Verdict {
        let (status, result) = (self.status(), self.result());
        let unknown = || Verdict::Unknown { status: status.clone(), result: result.clone() };
        if !self.is_finished() {
            return unknown();
        }
        match (&status, &result) {
            (RunStatus::Aborted, result) => {
                if let Some(by) = self.aborted_by() {
                    return Verdict::Aborted { by: Some(by.to_owned()) };
                }
                if *result == Some(RunResult::Failed) {
                    // A threshold that is told to end the run does so without a user.
                    return Verdict::ThresholdsFailed;
                }
                match self.reason() {
                    (None, None) => Verdict::Aborted { by: None },
                    (code, message) => Verdict::Errored { code, message },
                }
            }
            (RunStatus::Completed, Some(RunResult::Passed)) => Verdict::Passed,
            (_, Some(RunResult::Failed)) => Verdict::ThresholdsFailed,
            (_, Some(RunResult::Error)) => {
                let (code, message) = self.reason();
                Verdict::Errored { code, message }
            }
            _ => unknown(),
        }
    }

    /// Returns the statuses that the run has been in, oldest first, with the present one last even
    /// where the history lags behind it.
    pub fn statuses(&self) -> impl Iterator<Item = &Status> {
        let (history, present) = (&self.status_history, &self.status_details);
        let lags = history.last().is_none_or(|last| last.type_ != present.type_);
        // It may also be ahead: then the present status is one of those before.
        let ahead =
            || history.iter().any(|s| s.type_ == present.type_ && s.entered == present.entered);
        let lags = lags && !ahead();
        history.iter().chain(lags.then_some(&self.status_details))
    }

    fn aborted_by(&self) -> Option<&str> {
        self.extras().find_map(|extra| extra.by_user.as_deref().filter(|by| !by.is_empty()))
    }

    /// The code and the words of the result, or else of the last status.
    fn reason(&self) -> (Option<i64>, Option<String>) {
        let details = self.result_details.as_ref();
        let code = details
            .and_then(|details| details.code)
            .or_else(|| self.extras().find_map(|extra| extra.code));
        let message = details
            .and_then(|details| details.message.clone())
            .or_else(|| self.extras().find_map(|extra| extra.message.clone()));
        (code, message)
    }

    /// What is said about the present status, there and at the end of the history.
    fn extras(&self) -> impl Iterator<Item = &StatusExtra> {
        let last = self.status_history.last();
        let last = last.filter(|last| last.type_ == self.status_details.type_);
        [Some(&self.status_details), last].into_iter().flatten().filter_map(|s| s.extra.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{RunResult, RunStatus, Verdict};
    use crate::types::TestRun;

    /// A run with the properties that a verdict is made of.
    fn run(status: &str, result: Value, extra: Value, details: Value) -> TestRun {
        let entry = json!({ "type": status, "entered": "2026-06-30T12:00:00Z", "extra": extra });
        let ended = (status != "running").then_some("2026-06-30T12:00:00Z");
        serde_json::from_value(json!({
            "id": 1, "test_id": 1, "project_id": 1, "created": "2026-06-30T12:00:00Z",
            "ended": ended, "note": "", "status": status, "status_details": entry,
            "status_history": [entry], "result": result, "result_details": details,
            "k6_dependencies": {}, "k6_versions": {}, "execution_duration": 0, "is_starred": false,
        }))
        .expect("a run")
    }

    #[test]
    fn verdict_and_exit_code_follow_status_result_and_who() {
        let none = || Value::Null;
        let user = || json!({ "by_user": "ada@example.com" });
        let system = || json!({ "code": 7, "message": "too many VUs" });
        let error = |code: i64| json!({ "type": "error", "code": code, "message": "threw" });
        let by = |by: &str| Verdict::Aborted { by: Some(by.to_owned()) };
        let errored = |code, message: &str| Verdict::Errored {
            code: Some(code),
            message: Some(message.to_owned()),
        };
        let unknown = |status: &str, result: Option<&str>| Verdict::Unknown {
            status: status.into(),
            result: result.map(RunResult::from),
        };
        for (run, verdict, exit_code) in [
            (run("completed", json!("passed"), none(), none()), Verdict::Passed, 0),
            (run("completed", json!("failed"), none(), none()), Verdict::ThresholdsFailed, 99),
            (run("completed", json!("error"), none(), error(3)), errored(3, "threw"), 97),
            (run("completed", none(), none(), none()), unknown("completed", None), 98),
            (run("completed", json!("x"), none(), none()), unknown("completed", Some("x")), 98),
            (run("aborted", json!("error"), user(), none()), by("ada@example.com"), 97),
            (run("aborted", json!("failed"), user(), none()), by("ada@example.com"), 97),
            (run("aborted", json!("failed"), none(), none()), Verdict::ThresholdsFailed, 99),
            (run("aborted", json!("error"), system(), none()), errored(7, "too many VUs"), 97),
            (run("aborted", json!("error"), system(), error(8)), errored(8, "threw"), 97),
            (run("aborted", json!("passed"), none(), none()), Verdict::Aborted { by: None }, 97),
            (run("aborted", none(), none(), none()), Verdict::Aborted { by: None }, 97),
            (run("running", none(), none(), none()), unknown("running", None), 98),
            (
                run("running", json!("passed"), none(), none()),
                unknown("running", Some("passed")),
                98,
            ),
            // A status of a newer API, with a time at which the run ended.
            (
                run("timed_out", json!("passed"), none(), none()),
                unknown("timed_out", Some("passed")),
                98,
            ),
            (run("timed_out", json!("error"), none(), error(9)), errored(9, "threw"), 97),
        ] {
            let shown = format!("{} {:?}", run.status, run.result);
            assert_eq!(run.verdict(), verdict, "{shown}");
            assert_eq!(run.verdict().exit_code(), exit_code, "{shown}");
        }
    }

    #[test]
    fn unknown_status_is_finished_when_the_run_has_ended() {
        let mut run = run("timed_out", Value::Null, Value::Null, Value::Null);
        assert!(run.is_finished());
        run.ended = None;
        assert!(!run.is_finished());
        run.status = "aborted".to_owned();
        assert!(run.is_finished());
    }

    #[test]
    fn user_who_aborted_is_named_by_the_history_where_the_details_are_empty() {
        let mut run = run("aborted", json!("error"), json!({ "by_user": "" }), Value::Null);
        assert_eq!(run.verdict(), Verdict::Aborted { by: None });
        let extra = run.status_history[0].extra.as_mut().expect("an extra");
        extra.by_user = Some("ada@example.com".to_owned());
        assert_eq!(run.verdict(), Verdict::Aborted { by: Some("ada@example.com".to_owned()) });
    }

    #[test]
    fn statuses_end_with_the_present_one() {
        let mut run = run("running", Value::Null, Value::Null, Value::Null);
        let types = |run: &TestRun| -> Vec<_> { run.statuses().map(|s| s.type_.clone()).collect() };
        assert_eq!(types(&run), ["running"]);
        run.status_details.type_ = "completed".to_owned();
        assert_eq!(types(&run), ["running", "completed"]);
        // Ahead of the present one, which is told with the time that the history has.
        run.status_details = run.status_history[0].clone();
        let mut later = run.status_details.clone();
        later.type_ = "processing_metrics".to_owned();
        run.status_history.push(later);
        assert_eq!(types(&run), ["running", "processing_metrics"]);
        run.status_details.type_ = "completed".to_owned();
        run.status_history.clear();
        assert_eq!(types(&run), ["completed"]);
        assert_eq!(RunStatus::from("completed"), RunStatus::Completed);
    }
}
