//! The arguments of `run`, and those that it shares with other commands that wait.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use k6_cloud::{LoadTestId, ProjectId};

use super::RuleOptions;
use crate::report::ReportFiles;
use crate::units::{parse_duration, parse_vuh};

/// The arguments of `run`.
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    /// What to run.
    #[command(flatten)]
    pub target: RunTarget,
    /// How to start it.
    #[command(flatten)]
    pub start: StartOptions,
    /// How to wait.
    #[command(flatten)]
    pub wait: WaitOptions,
    /// The rules of the gate.
    #[command(flatten)]
    pub rules: RuleOptions,
    /// Where reports go.
    #[command(flatten)]
    pub files: ReportFiles,
}

/// What to run: a load test by its id or its name, or a run of an earlier job.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What to run")]
pub struct RunTarget {
    /// Starts the load test with this id.
    #[arg(long, value_name = "ID", conflicts_with_all = ["name", "script", "resume"])]
    pub load_test: Option<LoadTestId>,
    /// The project of the load test. The default is the project in the options of the script, or the default
    /// project.
    #[arg(long, value_name = "NAME", requires = "script", conflicts_with = "project_id")]
    pub project: Option<String>,
    /// The id of the project of the load test.
    #[arg(long, value_name = "ID", requires = "script")]
    pub project_id: Option<ProjectId>,
    /// Starts the load test with this name. The default is the name in the options of the script.
    #[arg(long, value_name = "NAME", requires = "script", conflicts_with = "resume")]
    pub name: Option<String>,
    /// The script of the load test, or a k6 archive; `-` is standard input. It replaces another one.
    #[arg(value_name = "SCRIPT|ARCHIVE")]
    pub script: Option<PathBuf>,
    /// Creates the project of --project and the load test if they do not exist. Without it, a name that does
    /// not exist is an error: it may be a typing error, and a new load test has no baseline.
    #[arg(long, requires = "script", conflicts_with_all = ["load_test", "resume"])]
    pub create: bool,
    /// The major version of k6 that runs the load test.
    #[arg(long, value_name = "N", requires = "script")]
    pub k6_version: Option<i64>,
    /// Waits for the run in a file that --detach wrote.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["detach", "max_vuh", "key"])]
    pub resume: Option<PathBuf>,
}

/// How to start a run.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Start")]
pub struct StartOptions {
    /// Does not wait for the run. Writes a file for --resume in a later job, which has the rules.
    #[arg(long, value_name = "FILE")]
    #[arg(conflicts_with_all = ["timeout", "max_p95", "max_error_share", "max_regression", "baseline"])]
    pub detach: Option<PathBuf>,
    /// An idempotency key of at most 36 characters. Within 10 minutes, starts with the same key share
    /// one run.
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// Starts no run that would use more virtual user hours, by the estimate of the API.
    #[arg(long, value_name = "VUH", value_parser = parse_vuh, allow_negative_numbers = true)]
    pub max_vuh: Option<f64>,
    /// The options of the script for --max-vuh, as `k6 inspect SCRIPT` prints them. By default they are
    /// read from the k6 archive, or from the script if they are a plain `export const options = {..}`.
    #[arg(long, value_name = "FILE", requires = "max_vuh")]
    pub options: Option<PathBuf>,
}

/// How to wait for a run.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Wait")]
pub struct WaitOptions {
    /// Stops waiting after this time, such as 1h30m, and then acts as on Ctrl-C.
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub timeout: Option<Duration>,
    /// The time between two polls, at least 100ms. By default it adapts to the run.
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub poll_interval: Option<Duration>,
    /// Gives up if the API cannot be reached for this time. The run may go on then.
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "5m")]
    pub max_silence: Duration,
    /// What happens to the run on an interrupt or after --timeout. The default is abort for a run that
    /// this command has started, and leave for others. A second Ctrl-C leaves at once.
    #[arg(long, value_enum, value_name = "ACTION")]
    pub on_cancel: Option<OnCancel>,
    /// Shows lines of the run's logs that are of this level or more severe. Without a level: error in a
    /// log, info on a terminal. Errors are read for the report in any case, unless it is none.
    #[arg(long, value_enum, value_name = "LEVEL")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "auto")]
    pub show_logs: Option<ShowLogs>,
    /// The time between two lines in a log.
    #[arg(long, value_name = "TIME", value_parser = parse_duration, hide = true)]
    pub heartbeat: Option<Duration>,
}

/// Which lines of the logs are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowLogs {
    /// Errors in a log, and all but details on a terminal.
    Auto,
    /// None, and the report has no errors of the script.
    None,
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// All but details.
    Info,
    /// Everything.
    Debug,
}

/// What happens to a run when the gate stops waiting for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnCancel {
    /// The gate aborts the run.
    Abort,
    /// The run goes on.
    Leave,
}
