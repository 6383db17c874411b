//! The statuses and results of runs, as the service writes them.
//!
//! The names are written out here once more, and not taken from the client: a client that spells
//! one wrong has to fail against the fake.

use k6_cloud::{RunResult, RunStatus};

/// Returns the name of a status in the API's JSON.
pub(crate) fn status_name(status: &RunStatus) -> &str {
    match status {
        RunStatus::Created => "created",
        RunStatus::Queued => "queued",
        RunStatus::Initializing => "initializing",
        RunStatus::Running => "running",
        RunStatus::ProcessingMetrics => "processing_metrics",
        RunStatus::Completed => "completed",
        RunStatus::Aborted => "aborted",
        RunStatus::Unknown(name) => name,
        // A status that a later client knows.
        other => other.as_str(),
    }
}

/// Returns the name of a result in the API's JSON.
pub(crate) fn result_name(result: &RunResult) -> &str {
    match result {
        RunResult::Passed => "passed",
        RunResult::Failed => "failed",
        RunResult::Error => "error",
        RunResult::Unknown(name) => name,
        // A result that a later client knows.
        other => other.as_str(),
    }
}

/// Returns whether a run in this status has ended.
pub(crate) fn is_final(status: &RunStatus) -> bool {
    matches!(status, RunStatus::Completed | RunStatus::Aborted)
}

/// Returns whether the load of a run in this status is over.
pub(crate) fn is_past_load(status: &RunStatus) -> bool {
    is_final(status) || *status == RunStatus::ProcessingMetrics
}

/// Returns the status that follows in a run that completes, `None` after the last one.
pub(crate) fn following(status: &RunStatus) -> Option<RunStatus> {
    match status {
        RunStatus::Created => Some(RunStatus::Queued),
        RunStatus::Queued => Some(RunStatus::Initializing),
        RunStatus::Initializing => Some(RunStatus::Running),
        RunStatus::Running => Some(RunStatus::ProcessingMetrics),
        RunStatus::Completed | RunStatus::Aborted => None,
        _ => Some(RunStatus::Completed),
    }
}
