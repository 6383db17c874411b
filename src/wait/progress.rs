//! How far a run has come.

use std::time::Duration;

use crate::RunStatus;
use crate::types::TestRun;

/// Where the load ends and the rest begins: metrics are worked on for a while.
const LOADED: f64 = 0.95;

/// Returns how long the run has generated load by its own account.
pub(super) fn elapsed(run: &TestRun) -> Duration {
    Duration::from_secs(u64::try_from(run.execution_duration).unwrap_or(0))
}

/// Returns how far a run in this status has come, from 0 to 1, after so long under load.
pub(super) fn progress(status: &RunStatus, run: &TestRun, elapsed: Duration) -> f64 {
    match status {
        RunStatus::Created | RunStatus::Queued | RunStatus::Initializing => 0.0,
        RunStatus::Running => match run.estimated_duration {
            Some(seconds) if seconds > 0 => {
                (elapsed.as_secs_f64() / seconds as f64).min(1.0) * LOADED
            }
            _ => 0.0,
        },
        RunStatus::ProcessingMetrics => LOADED,
        RunStatus::Completed | RunStatus::Aborted => 1.0,
        RunStatus::Unknown(_) if run.is_finished() => 1.0,
        RunStatus::Unknown(_) => 0.0,
    }
}
