//! The status, result and outcome of a test run.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::{RunResult, RunStatus, Status, StatusExtra, TestRun};
use crate::{Error, ErrorKind};

/// The number of characters of the API's message that `Display` shows.
const MAX_MESSAGE: usize = 512;

impl RunStatus {
    /// Returns whether the status is `completed` or `aborted`, which a run never leaves.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Aborted)
    }
}

/// The outcome of a test run, for programs that pass or fail with the run; from
/// [`TestRun::verdict`].
///
/// `Display` is one line, such as `a threshold was breached`.
///
/// `Serialize` writes a map with the name of the variant and all of its fields. Unknown values are
/// null. Names are stable: a later version of the crate may add fields and variants, but does not
/// rename or remove any.
///
/// ```json
/// {"verdict": "passed"}
/// {"verdict": "thresholds_failed", "code": null, "message": null}
/// {"verdict": "aborted", "by": "ada@example.com", "code": null, "message": null, "result": "error"}
/// {"verdict": "errored", "code": 8001, "message": "Validation error.", "result": "error"}
/// {"verdict": "unknown", "status": "running", "result": null}
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The run completed, and its result is `passed`: every threshold held.
    Passed,
    /// The run has ended with the result `failed`: a threshold was breached. The run may have
    /// completed, or the breach may have ended it.
    #[non_exhaustive]
    ThresholdsFailed {
        /// The API's code for the reason.
        code: Option<i64>,
        /// The API's message about it.
        message: Option<String>,
    },
    /// The run was aborted: by a user, or without a reason from the API.
    #[non_exhaustive]
    Aborted {
        /// The e-mail address of the user who aborted the run.
        by: Option<String>,
        /// The API's code for the reason.
        code: Option<i64>,
        /// The API's message about it.
        message: Option<String>,
        /// The result of the run. It is `failed` if a threshold was breached before the user
        /// aborted the run.
        result: Option<RunResult>,
    },
    /// The run had errors: its script failed, the service rejected its options, or the service
    /// aborted it.
    #[non_exhaustive]
    Errored {
        /// The API's code for the reason.
        code: Option<i64>,
        /// The API's message about it.
        message: Option<String>,
        /// The result of the run.
        result: Option<RunResult>,
    },
    /// The run has not ended, or this version of the crate does not know its status or result.
    #[non_exhaustive]
    Unknown {
        /// The status of the run.
        status: RunStatus,
        /// The result of the run.
        result: Option<RunResult>,
    },
}

impl Verdict {
    /// Returns an exit code for a program that fails unless the run passed.
    ///
    /// The codes are those of the k6 command-line tool, but this method is stricter: only
    /// [`Passed`](Self::Passed) is 0. The tool exits with 0 unless the result is `failed` or
    /// `error`.
    ///
    /// | status | result | `exit_code` | [`k6_exit_code`](Self::k6_exit_code) |
    /// |---|---|---|---|
    /// | `completed` | `passed` | 0 | 0 |
    /// | any | `failed` | 99 | 99 |
    /// | any | `error` | 97 | 97 |
    /// | `aborted` | `passed`, unknown or none | 97 | 0 |
    /// | `completed` | unknown or none | 98 | 0 |
    /// | unknown, with an end | `passed`, unknown or none | 98 | 0 |
    /// | not ended | `passed`, unknown or none | 98 | 0 |
    ///
    /// The reasons, by row:
    ///
    /// - A run that a user aborts after a threshold was breached has the result `failed`, and is
    ///   99 like any other breach.
    /// - An aborted run has not shown that it passes. 97 is the tool's code for a run that did not
    ///   complete.
    /// - If this version of the crate does not understand the outcome, the code is 98. The tool
    ///   uses it if it cannot get the progress of a run.
    pub fn exit_code(&self) -> i32 {
        match (self.k6_exit_code(), self) {
            (0, Self::Passed) => 0,
            (0, Self::Unknown { .. }) => 98,
            // It did not complete.
            (0, _) => 97,
            (code, _) => code,
        }
    }

    /// Returns the code with which the k6 command-line tool exits after the same run: 99 if the
    /// result is `failed`, 97 if it is `error`, and 0 otherwise, whatever the status.
    ///
    /// An aborted run without a result is therefore 0; see the table at
    /// [`exit_code`](Self::exit_code). The tool waits for the end of a run, so use this only for a
    /// run that has ended.
    pub fn k6_exit_code(&self) -> i32 {
        match self.result() {
            Some(RunResult::Failed) => 99,
            Some(RunResult::Error) => 97,
            _ => 0,
        }
    }

    /// Returns whether the run [`Passed`](Self::Passed).
    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Passed)
    }

    /// Returns whether the result is `failed`: a threshold was breached, and
    /// [`exit_code`](Self::exit_code) is 99.
    ///
    /// That is [`ThresholdsFailed`](Self::ThresholdsFailed), and also
    /// [`Aborted`](Self::Aborted) with that result.
    pub fn is_failed(&self) -> bool {
        matches!(self.result(), Some(RunResult::Failed))
    }

    /// Returns whether the run was [`Aborted`](Self::Aborted) by a user or without a reason. A run
    /// that the service aborted for a reason [is errored](Self::is_errored).
    pub fn is_aborted(&self) -> bool {
        matches!(self, Self::Aborted { .. })
    }

    /// Returns whether the run has [`Errored`](Self::Errored).
    pub fn is_errored(&self) -> bool {
        matches!(self, Self::Errored { .. })
    }

    /// Returns the API's message about the reason, if it gives one.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::ThresholdsFailed { message, .. }
            | Self::Aborted { message, .. }
            | Self::Errored { message, .. } => message.as_deref(),
            Self::Passed | Self::Unknown { .. } => None,
        }
    }

    fn result(&self) -> Option<&RunResult> {
        match self {
            Self::Passed => Some(&RunResult::Passed),
            Self::ThresholdsFailed { .. } => Some(&RunResult::Failed),
            Self::Aborted { result, .. }
            | Self::Errored { result, .. }
            | Self::Unknown { result, .. } => result.as_ref(),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => formatter.write_str("passed"),
            Self::ThresholdsFailed { code, message } => {
                formatter.write_str("a threshold was breached")?;
                write_reason(formatter, *code, message.as_deref())
            }
            Self::Aborted { by, code, message, .. } => {
                formatter.write_str("aborted")?;
                if let Some(by) = by {
                    write!(formatter, " by {}", visible_text::escaped(by))?;
                }
                write_reason(formatter, *code, message.as_deref())
            }
            Self::Errored { code, message, .. } => {
                formatter.write_str("failed with an error")?;
                write_reason(formatter, *code, message.as_deref())
            }
            Self::Unknown { status, result: Some(result) } => {
                let [status, result] =
                    [status.as_str(), result.as_str()].map(visible_text::escaped);
                write!(formatter, "unknown: {status} with the result {result}")
            }
            Self::Unknown { status, result: None } => {
                write!(formatter, "unknown: {}", visible_text::escaped(status.as_str()))
            }
        }
    }
}

fn write_reason(
    formatter: &mut fmt::Formatter<'_>,
    code: Option<i64>,
    message: Option<&str>,
) -> fmt::Result {
    if let Some(message) = message {
        write!(formatter, ": {}", visible_text::line(message, MAX_MESSAGE))?;
    }
    match code {
        Some(code) => write!(formatter, " (code {code})"),
        None => Ok(()),
    }
}

impl TestRun {
    /// Returns whether the run has ended.
    ///
    /// A status that this version of the crate does not know counts as final if the run has an
    /// `ended` time.
    pub fn is_finished(&self) -> bool {
        match &self.status {
            RunStatus::Unknown(_) => self.ended.is_some(),
            status => status.is_final(),
        }
    }

    /// Returns the outcome of the run.
    ///
    /// Only a run that completed with the result `passed` is [`Passed`](Verdict::Passed). An
    /// aborted run never is, whatever its result.
    pub fn verdict(&self) -> Verdict {
        let (status, result) = (self.status.clone(), self.result.clone());
        if !self.is_finished() {
            return Verdict::Unknown { status, result };
        }
        let (code, message) = self.reason();
        let aborted = status == RunStatus::Aborted;
        if aborted && let Some(by) = self.aborted_by() {
            return Verdict::Aborted { by: Some(by.to_owned()), code, message, result };
        }
        match result {
            // A threshold can abort a run, without a user.
            Some(RunResult::Failed) => Verdict::ThresholdsFailed { code, message },
            Some(RunResult::Error) if !aborted => Verdict::Errored { code, message, result },
            _ if aborted && code.is_none() && message.is_none() => {
                Verdict::Aborted { by: None, code, message, result }
            }
            _ if aborted => Verdict::Errored { code, message, result },
            Some(RunResult::Passed) if status == RunStatus::Completed => Verdict::Passed,
            _ => Verdict::Unknown { status, result },
        }
    }

    /// Returns the statuses that the run has had, oldest first.
    ///
    /// The current status is included, even if the history does not have it yet.
    pub fn statuses(&self) -> impl Iterator<Item = &Status> {
        let (history, present) = (&self.status_history, &self.status_details);
        let lags = history.last().is_none_or(|last| last.type_ != present.type_);
        // The history may also be ahead of the current status.
        let ahead =
            || history.iter().any(|s| s.type_ == present.type_ && s.entered == present.entered);
        let lags = lags && !ahead();
        history.iter().chain(lags.then_some(&self.status_details))
    }

    /// Returns the error of a response about this run instead of the one that was asked for.
    pub(crate) fn is_another_than(&self, asked: &impl fmt::Display) -> Error {
        let summary = format!("the response is about run {}, and not about run {asked}", self.id);
        Error::new(ErrorKind::Decode, summary)
    }

    fn aborted_by(&self) -> Option<&str> {
        self.extras().find_map(|extra| given(extra.by_user.as_deref()))
    }

    /// Returns the code and the message of the result, or else those of the last status.
    fn reason(&self) -> (Option<i64>, Option<String>) {
        let details = self.result_details.as_ref();
        let code = details
            .and_then(|details| details.code)
            .or_else(|| self.extras().find_map(|extra| extra.code));
        let message = details
            .and_then(|details| given(details.message.as_deref()))
            .or_else(|| self.extras().find_map(|extra| given(extra.message.as_deref())))
            .map(str::to_owned);
        (code, message)
    }

    /// Returns the details of the current status, from the status and from the history.
    fn extras(&self) -> impl Iterator<Item = &StatusExtra> {
        let last = self.status_history.last();
        let last = last.filter(|last| last.type_ == self.status_details.type_);
        [Some(&self.status_details), last].into_iter().flatten().filter_map(|s| s.extra.as_ref())
    }
}

/// Treats an empty string as absent.
fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{RunResult, RunStatus, Verdict};
    use crate::types::TestRun;

    /// Makes a run from the properties that decide a verdict.
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

    fn thresholds_failed() -> Verdict {
        Verdict::ThresholdsFailed { code: None, message: None }
    }

    fn aborted(by: Option<&str>, result: Option<&str>) -> Verdict {
        let (by, result) = (by.map(str::to_owned), result.map(RunResult::from));
        Verdict::Aborted { by, code: None, message: None, result }
    }

    fn errored(code: i64, message: &str, result: Option<&str>) -> Verdict {
        let (code, message) = (Some(code), Some(message.to_owned()));
        Verdict::Errored { code, message, result: result.map(RunResult::from) }
    }

    fn unknown(status: &str, result: Option<&str>) -> Verdict {
        Verdict::Unknown { status: status.into(), result: result.map(RunResult::from) }
    }

    #[test]
    fn verdict_and_exit_codes_follow_status_result_and_reason() {
        let none = || Value::Null;
        let user = || json!({ "by_user": "ada@example.com" });
        let system = || json!({ "code": 7, "message": "too many VUs" });
        let error = |code: i64| json!({ "type": "error", "code": code, "message": "threw" });
        let ada = Some("ada@example.com");
        let code = |code: i64, message: &str| (Some(code), Some(message.to_owned()));
        let (failed_code, failed_message) = code(8, "threw");
        let breached = Verdict::ThresholdsFailed { code: failed_code, message: failed_message };
        // Each with the exit code of this crate and that of the k6 command-line tool.
        for (run, verdict, ours, tool) in [
            (run("completed", json!("passed"), none(), none()), Verdict::Passed, 0, 0),
            (run("completed", json!("failed"), none(), none()), thresholds_failed(), 99, 99),
            (run("completed", json!("failed"), none(), error(8)), breached.clone(), 99, 99),
            (
                run("completed", json!("error"), none(), error(3)),
                errored(3, "threw", Some("error")),
                97,
                97,
            ),
            (run("completed", none(), none(), none()), unknown("completed", None), 98, 0),
            (run("completed", json!(""), none(), none()), unknown("completed", None), 98, 0),
            (run("completed", json!("x"), none(), none()), unknown("completed", Some("x")), 98, 0),
            (run("aborted", json!("error"), user(), none()), aborted(ada, Some("error")), 97, 97),
            (run("aborted", json!("failed"), user(), none()), aborted(ada, Some("failed")), 99, 99),
            (run("aborted", none(), user(), none()), aborted(ada, None), 97, 0),
            (run("aborted", json!("x"), user(), none()), aborted(ada, Some("x")), 97, 0),
            (run("aborted", json!("failed"), none(), none()), thresholds_failed(), 99, 99),
            (run("aborted", json!("failed"), system(), error(8)), breached, 99, 99),
            (
                run("aborted", json!("error"), system(), none()),
                errored(7, "too many VUs", Some("error")),
                97,
                97,
            ),
            (
                run("aborted", json!("error"), system(), error(8)),
                errored(8, "threw", Some("error")),
                97,
                97,
            ),
            (run("aborted", none(), system(), none()), errored(7, "too many VUs", None), 97, 0),
            (run("aborted", json!("error"), none(), none()), aborted(None, Some("error")), 97, 97),
            (run("aborted", json!("passed"), none(), none()), aborted(None, Some("passed")), 97, 0),
            (run("aborted", none(), none(), none()), aborted(None, None), 97, 0),
            (run("running", none(), none(), none()), unknown("running", None), 98, 0),
            (
                run("running", json!("passed"), none(), none()),
                unknown("running", Some("passed")),
                98,
                0,
            ),
            (
                run("running", json!("failed"), none(), none()),
                unknown("running", Some("failed")),
                99,
                99,
            ),
            // Only a run that was aborted is aborted by somebody.
            (run("completed", json!("passed"), user(), none()), Verdict::Passed, 0, 0),
            (run("completed", json!("failed"), user(), none()), thresholds_failed(), 99, 99),
            // A status of a newer API, with a time at which the run ended.
            (
                run("timed_out", json!("passed"), none(), none()),
                unknown("timed_out", Some("passed")),
                98,
                0,
            ),
            (
                run("timed_out", json!("error"), none(), error(9)),
                errored(9, "threw", Some("error")),
                97,
                97,
            ),
            (run("timed_out", json!("failed"), none(), none()), thresholds_failed(), 99, 99),
        ] {
            let shown = format!("{} {:?}", run.status, run.result);
            let found = run.verdict();
            assert_eq!(found, verdict, "{shown}");
            assert_eq!((found.exit_code(), found.k6_exit_code()), (ours, tool), "{shown}");
            assert_eq!(found.is_passed(), ours == 0, "{shown}");
            assert_eq!(found.is_failed(), ours == 99, "{shown}");
            assert_eq!(found.is_aborted(), matches!(verdict, Verdict::Aborted { .. }), "{shown}");
            assert_eq!(found.is_errored(), matches!(verdict, Verdict::Errored { .. }), "{shown}");
        }
    }

    #[test]
    fn verdict_is_shown_on_one_line_with_the_message() {
        let message = Some("p(95) <\n 200".to_owned());
        let breached = Verdict::ThresholdsFailed { code: Some(5), message: message.clone() };
        assert_eq!(breached.message(), message.as_deref());
        for (verdict, shown) in [
            (Verdict::Passed, "passed"),
            (thresholds_failed(), "a threshold was breached"),
            (breached, "a threshold was breached: p(95) < 200 (code 5)"),
            (aborted(Some("ada@example.com"), None), "aborted by ada@example.com"),
            (aborted(None, Some("failed")), "aborted"),
            (errored(7, "too many VUs", None), "failed with an error: too many VUs (code 7)"),
            (unknown("running", None), "unknown: running"),
            (unknown("completed", Some("x")), "unknown: completed with the result x"),
        ] {
            assert_eq!(verdict.to_string(), shown);
        }
    }

    #[test]
    fn serialized_verdict_has_a_tag_and_all_fields() {
        for (verdict, written) in [
            (Verdict::Passed, r#"{"verdict":"passed"}"#),
            (thresholds_failed(), r#"{"verdict":"thresholds_failed","code":null,"message":null}"#),
            (
                aborted(Some("ada@example.com"), Some("error")),
                r#"{"verdict":"aborted","by":"ada@example.com","code":null,"message":null,"result":"error"}"#,
            ),
            (
                errored(7, "threw", None),
                r#"{"verdict":"errored","code":7,"message":"threw","result":null}"#,
            ),
            (
                unknown("timed_out", Some("x")),
                r#"{"verdict":"unknown","status":"timed_out","result":"x"}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&verdict).expect("serializes"), written);
        }
    }

    #[test]
    fn unknown_status_is_finished_when_the_run_has_ended() {
        let mut run = run("timed_out", Value::Null, Value::Null, Value::Null);
        assert!(run.is_finished());
        run.ended = None;
        assert!(!run.is_finished());
        run.status = RunStatus::Aborted;
        assert!(run.is_finished());
    }

    #[test]
    fn user_who_aborted_is_found_in_the_history_if_the_status_has_none() {
        let mut run = run("aborted", json!("error"), json!({ "by_user": "" }), Value::Null);
        assert_eq!(run.verdict(), aborted(None, Some("error")));
        let extra = run.status_history[0].extra.as_mut().expect("an extra");
        extra.by_user = Some("ada@example.com".to_owned());
        assert_eq!(run.verdict(), aborted(Some("ada@example.com"), Some("error")));
    }

    /// Makes a run with a history, and with the last of these statuses as its present one.
    fn run_with_history(history: &[(&str, Value)], present: &str) -> TestRun {
        let mut run = run(present, json!("error"), Value::Null, Value::Null);
        let entries = history.iter().map(|(status, extra)| {
            json!({ "type": status, "entered": "2026-06-30T11:00:00Z", "extra": extra })
        });
        run.status_history = serde_json::from_value(entries.collect()).expect("a history");
        run
    }

    #[test]
    fn reason_is_that_of_the_last_entry_of_the_history() {
        let history = [
            ("running", json!({ "by_user": "eve@example.com", "code": 1, "message": "earlier" })),
            ("aborted", json!({ "by_user": "ada@example.com", "code": 2, "message": "stopped" })),
        ];
        let verdict = run_with_history(&history, "aborted").verdict();
        let Verdict::Aborted { by, code, message, .. } = verdict else { panic!("{verdict:?}") };
        assert_eq!(by.as_deref(), Some("ada@example.com"));
        assert_eq!((code, message.as_deref()), (Some(2), Some("stopped")));
    }

    #[test]
    fn reason_of_another_status_is_not_that_of_the_run() {
        // The history lags: its last entry is of an earlier status.
        let history = [
            ("aborted", json!({ "by_user": "eve@example.com" })),
            ("running", json!({ "by_user": "ada@example.com", "code": 2, "message": "slow" })),
        ];
        let run = run_with_history(&history, "aborted");
        assert_eq!(run.verdict(), aborted(None, Some("error")));
    }

    #[test]
    fn present_status_with_another_time_than_in_the_history_is_the_same_status() {
        let none = || Value::Null;
        let run = run_with_history(&[("created", none()), ("running", none())], "running");
        assert_ne!(run.status_history[1].entered, run.status_details.entered);
        let types: Vec<_> = run.statuses().map(|status| status.type_.as_str()).collect();
        assert_eq!(types, ["created", "running"]);
    }

    #[test]
    fn statuses_have_the_present_one_wherever_the_history_ends() {
        let mut run = run("running", Value::Null, Value::Null, Value::Null);
        let types = |run: &TestRun| -> Vec<_> { run.statuses().map(|s| s.type_.clone()).collect() };
        assert_eq!(types(&run), ["running"]);
        run.status_details.type_ = RunStatus::Completed;
        assert_eq!(types(&run), ["running", "completed"]);
        // The history is ahead: it has the current status with the same time, and a later one.
        run.status_details = run.status_history[0].clone();
        let mut later = run.status_details.clone();
        later.type_ = RunStatus::ProcessingMetrics;
        run.status_history.push(later);
        assert_eq!(types(&run), ["running", "processing_metrics"]);
        run.status_details.type_ = RunStatus::Completed;
        run.status_history.clear();
        assert_eq!(types(&run), ["completed"]);
        assert_eq!(RunStatus::from("completed"), RunStatus::Completed);
    }

    #[test]
    fn status_that_came_back_is_a_status_of_its_own() {
        let none = || Value::Null;
        let history = [("queued", none()), ("initializing", none())];
        let run = run_with_history(&history, "queued");
        assert_ne!(run.status_history[0].entered, run.status_details.entered);
        let types: Vec<_> = run.statuses().map(|status| status.type_.as_str()).collect();
        assert_eq!(types, ["queued", "initializing", "queued"]);
    }
}
