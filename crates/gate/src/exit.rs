//! Exit codes.

use k6_cloud::{Error, ErrorKind, TestRunId, Verdict};

use crate::report::Conclusion;

/// How the gate ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well: the run passed, or the command has done what it was told.
    Success,
    /// A threshold, a rule or the limit on costs was exceeded.
    Breached,
    /// The run was aborted or had errors.
    Incomplete {
        /// The code of the k6 command-line tool for the same run.
        k6: u8,
    },
    /// The outcome is not known.
    Unknown {
        /// The code of the k6 command-line tool for the same run, if the run has ended.
        k6: Option<u8>,
    },
    /// A request failed before there was a run. The same command may succeed later.
    ApiError,
    /// The API rejected a request before there was a run. The same command would fail again.
    Rejected,
    /// There is no token.
    NoToken,
    /// A setting or an argument is missing or wrong.
    Settings,
    /// The run was left alone, or was not started.
    Left,
}

/// The code of the k6 command-line tool for most errors: -1.
const K6_ERROR: u8 = 255;

impl Exit {
    /// Returns the exit code. `k6` asks for that of the k6 command-line tool.
    pub(crate) fn code(&self, k6: bool) -> u8 {
        match self {
            Self::Success => 0,
            Self::Breached => 99,
            Self::Incomplete { k6: code } | Self::Unknown { k6: Some(code) } if k6 => *code,
            Self::Incomplete { .. } => 97,
            Self::Unknown { .. } => 98,
            Self::ApiError | Self::Rejected | Self::NoToken if k6 => K6_ERROR,
            Self::ApiError => 1,
            Self::Rejected => 2,
            Self::NoToken | Self::Settings => 104,
            Self::Left => 105,
        }
    }
}

/// Why and how the gate ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) conclusion: Conclusion,
    pub(crate) exit: Exit,
    /// A sentence without a full stop.
    pub(crate) reason: String,
}

impl Ending {
    pub(crate) fn new(conclusion: Conclusion, exit: Exit, reason: impl Into<String>) -> Self {
        Self { conclusion, exit, reason: reason.into() }
    }

    /// Ends before there is a run, because of what the user gave.
    pub(crate) fn settings(reason: impl Into<String>) -> Self {
        Self::new(Conclusion::NotStarted, Exit::Settings, reason)
    }

    /// Ends before there is a run, because of an error of the client.
    pub(crate) fn not_started(error: &Error) -> Self {
        let exit = match error.kind() {
            ErrorKind::Configuration => Exit::Settings,
            // The file with the script.
            ErrorKind::Read => Exit::Settings,
            ErrorKind::LimitExceeded => Exit::Breached,
            ErrorKind::InvalidRequest
            | ErrorKind::NotAcceptable
            | ErrorKind::Unauthenticated
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::Certificate => Exit::Rejected,
            _ => Exit::ApiError,
        };
        Self::new(Conclusion::NotStarted, exit, with_causes(error))
    }

    /// Ends because the user interrupted the gate before there was a run.
    pub(crate) fn interrupted_before_start() -> Self {
        let reason = "interrupted before the start: no run was started";
        Self::new(Conclusion::NotStarted, Exit::Left, reason)
    }

    /// Ends because the user interrupted the gate before it read a run that goes on.
    pub(crate) fn interrupted_before_reading(run: TestRunId) -> Self {
        let reason = format!("interrupted before run {run} was read: it was left as it was");
        Self::new(Conclusion::CutOff, Exit::Left, reason)
    }

    /// Ends because the API could not be reached. `contact` says for how long, and why.
    pub(crate) fn no_contact(contact: &str, run: TestRunId, page: Option<&str>) -> Self {
        let page = page.map(|page| format!(", see {page}")).unwrap_or_default();
        let reason = format!("{contact}: run {run} may go on{page}");
        Self::new(Conclusion::Unknown, Exit::Unknown { k6: None }, reason)
    }

    /// Ends with the verdict of a run.
    pub(crate) fn of_verdict(verdict: &Verdict) -> Self {
        let k6 = u8::try_from(verdict.k6_exit_code()).unwrap_or(K6_ERROR);
        let exit = match verdict {
            verdict if verdict.is_failed() => Exit::Breached,
            Verdict::Passed => Exit::Success,
            Verdict::Aborted { .. } | Verdict::Errored { .. } => Exit::Incomplete { k6 },
            Verdict::Unknown { status, .. } if status.is_final() => Exit::Unknown { k6: Some(k6) },
            _ => Exit::Unknown { k6: None },
        };
        Self::new(verdict.into(), exit, verdict.to_string())
    }
}

/// Returns an error with its causes, on one line. A cause whose message the text has already is left out,
/// and so is the method of the library, which says nothing to the user of a program.
pub(crate) fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    // The name of the client's method says nothing to the user of a program, `{:#}` leaves it out.
    let mut text = format!("{error:#}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let shown = error.to_string();
        if !text.contains(&shown) {
            text.push_str(": ");
            text.push_str(&shown);
        }
        cause = error.source();
    }
    text
}

/// Returns what is at the bottom of an error: the status of a response, or the last cause.
pub(crate) fn root_cause(error: &Error) -> String {
    if let Some(status) = error.status() {
        return format!("HTTP {status}");
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Cause(&'static str, Option<Box<Cause>>);

    impl std::fmt::Display for Cause {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Cause {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            self.1.as_deref().map(|cause| cause as _)
        }
    }

    #[test]
    fn causes_follow_each_other_once() {
        let chain = |texts: &[&'static str]| {
            let chained = |cause, text: &&'static str| Some(Box::new(Cause(text, cause)));
            *texts.iter().rev().fold(None, chained).expect("a cause")
        };
        for (texts, expected) in [
            (&["it failed"][..], "it failed"),
            (&["it failed", "no route", "closed"], "it failed: no route: closed"),
            (&["it failed: no route", "no route", "closed"], "it failed: no route: closed"),
        ] {
            assert_eq!(with_causes(&chain(texts)), expected);
        }
    }

    #[test]
    fn exits_have_the_documented_codes() {
        for (exit, ours, tool) in [
            (Exit::Success, 0, 0),
            (Exit::Breached, 99, 99),
            (Exit::Incomplete { k6: 97 }, 97, 97),
            (Exit::Incomplete { k6: 0 }, 97, 0),
            (Exit::Unknown { k6: Some(0) }, 98, 0),
            (Exit::Unknown { k6: None }, 98, 98),
            (Exit::ApiError, 1, 255),
            (Exit::Rejected, 2, 255),
            (Exit::NoToken, 104, 255),
            (Exit::Settings, 104, 104),
            (Exit::Left, 105, 105),
        ] {
            assert_eq!((exit.code(false), exit.code(true)), (ours, tool), "{exit:?}");
        }
    }
}
