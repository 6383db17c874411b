//! The progress of a run.

use std::time::Duration;

use crate::RunStatus;
use crate::types::TestRun;

/// The progress at the end of the load. Processing the metrics then takes some more time.
const LOADED: f64 = 0.95;

/// Returns how long the run has generated load, according to the run itself.
pub(super) fn elapsed(run: &TestRun) -> Duration {
    Duration::from_secs(u64::try_from(run.execution_duration).unwrap_or(0))
}

/// Returns the progress of a run in this status, from 0 to 1, after `elapsed` under load.
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
