//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use k6_cloud::{LoadTestId, ProjectId, TestRunId};

use crate::report::ReportFiles;
use crate::units::{
    RegressionLimit, WrittenLimit, parse_duration, parse_duration_limit, parse_regression,
    parse_share_limit, parse_vuh,
};

/// The exit codes, a line each.
pub(crate) const EXIT_CODES: &str = "    0  the run passed, and so did the rules of the gate
   99  a threshold, a rule of the gate or --max-vuh was exceeded
   97  the run was aborted or had errors
   98  the outcome is not known
    1  a request to the API failed before there was a run
  104  a setting or an argument is missing or wrong
  105  interrupted or out of time: the run was aborted, left alone or not started";

const SETTINGS: &str = "\
Settings: K6_CLOUD_TOKEN and K6_CLOUD_STACK_ID (or K6_CLOUD_STACK_URL), or the file that `k6 cloud \
login` writes.";

/// Runs a load test in Grafana Cloud k6, and passes or fails with it.
#[derive(Debug, Parser)]
#[command(name = "k6-gate", version, after_help = format!("{SETTINGS}\n\nExit codes:\n{EXIT_CODES}"))]
pub struct Cli {
    /// Options of all commands.
    #[command(flatten)]
    pub general: General,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of all commands.
#[derive(Clone, Debug, Default, Args)]
pub struct General {
    /// Uses a fake of the API in this process. Nothing is tested. The value is the result of a run.
    #[arg(long, global = true, value_enum, value_name = "RESULT")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "passed")]
    pub fake: Option<FakeResult>,
    /// Exits with the codes of the k6 command-line tool, which lets some aborted runs pass.
    #[arg(long, global = true)]
    pub k6_exit_codes: bool,
    /// Prints only errors and warnings: no progress, and no report on the terminal.
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// The result of a fake run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FakeResult {
    /// Every threshold holds.
    Passed,
    /// A threshold is breached.
    Failed,
    /// A user aborts the run.
    Aborted,
    /// The run has errors.
    Errored,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Starts a load test, waits for the run, and exits with its verdict.
    Run(Box<RunArgs>),
    /// Reports a run, and exits with its verdict.
    Report(ReportArgs),
    /// Waits for a run that was started elsewhere, and exits with its verdict.
    Watch(WatchArgs),
    /// Aborts a run, and waits for its end.
    Abort(AbortArgs),
    /// Compares a run with a baseline.
    Compare(CompareArgs),
    /// Lists projects, load tests or runs.
    #[command(subcommand)]
    List(ListCommand),
    /// Checks settings, the network, the token and what it may read. Creates nothing.
    Doctor(DoctorArgs),
    /// Serves a fake of the API, for tests of programs in any language; see `k6-gate fake --help`.
    #[command(disable_help_flag = true)]
    Fake(FakeArgs),
    /// Prints a script that completes this command in a shell.
    Completions(CompletionsArgs),
    /// Prints the man page, or writes all man pages into a folder.
    Man(ManArgs),
}

/// The arguments of `doctor`.
#[derive(Clone, Debug, Args)]
pub struct DoctorArgs {
    /// Prints JSON.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `completions`.
#[derive(Clone, Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// The arguments of `man`.
#[derive(Clone, Debug, Args)]
pub struct ManArgs {
    /// The folder for a page of each command. It must exist.
    #[arg(value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

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
    /// The project of --name. It is created if it does not exist. The default is the default project.
    #[arg(long, value_name = "NAME", requires = "name", conflicts_with = "project_id")]
    pub project: Option<String>,
    /// The id of the project of --name.
    #[arg(long, value_name = "ID", requires = "name")]
    pub project_id: Option<ProjectId>,
    /// Starts the load test with this name. It is created if it does not exist.
    #[arg(long, value_name = "NAME", requires = "script", conflicts_with = "resume")]
    pub name: Option<String>,
    /// The script of the load test, or a k6 archive; `-` is standard input. It replaces another one.
    #[arg(value_name = "SCRIPT|ARCHIVE", requires = "name")]
    pub script: Option<PathBuf>,
    /// The major version of k6 that runs the load test.
    #[arg(long, value_name = "N", requires = "name")]
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

/// The rules of the gate, beside the thresholds of the script.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleOptions {
    /// Fails if the p95 of the duration of HTTP requests is longer, such as 500ms.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_limit)]
    #[arg(allow_hyphen_values = true)]
    pub max_p95: Option<WrittenLimit<Duration>>,
    /// Fails if a larger share of HTTP requests failed, such as 1%.
    #[arg(long, value_name = "PERCENT", value_parser = parse_share_limit)]
    #[arg(allow_hyphen_values = true)]
    pub max_error_share: Option<WrittenLimit<f64>>,
    /// Fails if a number is worse than in the baseline by more than this, such as p95:10%. Metrics: avg,
    /// med, p90, p95, p99, max, errors, rps, checks. May be repeated.
    #[arg(long, value_name = "METRIC:PERCENT", value_parser = parse_regression)]
    #[arg(value_delimiter = ',', allow_hyphen_values = true)]
    pub max_regression: Vec<WrittenLimit<RegressionLimit>>,
    /// The run to compare with. The default is the last run before it that passed.
    #[arg(long, value_name = "RUN")]
    pub baseline: Option<TestRunId>,
    /// Compares the run for --max-regression even if its load differs from that of the baseline: in VUs,
    /// duration or load zones by more than 10 %, or in the script.
    #[arg(long, requires = "max_regression")]
    pub compare_unlike_loads: bool,
}

impl RuleOptions {
    /// Returns whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.max_p95.is_none() && self.max_error_share.is_none() && self.max_regression.is_empty()
    }
}

/// The arguments of `report`.
#[derive(Clone, Debug, Args)]
pub struct ReportArgs {
    /// The id of the run.
    #[arg(value_name = "RUN")]
    pub run: TestRunId,
    /// The rules of the gate.
    #[command(flatten)]
    pub rules: RuleOptions,
    /// Where reports go.
    #[command(flatten)]
    pub files: ReportFiles,
}

/// The arguments of `watch`.
#[derive(Clone, Debug, Args)]
pub struct WatchArgs {
    /// The id of the run.
    #[arg(value_name = "RUN")]
    pub run: TestRunId,
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

/// The arguments of `abort`.
#[derive(Clone, Debug, Args)]
pub struct AbortArgs {
    /// The id of the run.
    #[arg(value_name = "RUN")]
    pub run: TestRunId,
    /// How long to wait for the end of the run.
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "2m")]
    pub timeout: Duration,
}

/// The arguments of `compare`.
#[derive(Clone, Debug, Args)]
pub struct CompareArgs {
    /// The id of the run.
    #[arg(value_name = "RUN")]
    pub run: TestRunId,
    /// The id of the run to compare it with.
    #[arg(value_name = "BASELINE")]
    pub baseline: TestRunId,
    /// Fails if a number is worse by more than this, such as p95:10%. May be repeated.
    #[arg(long, value_name = "METRIC:PERCENT", value_parser = parse_regression)]
    #[arg(value_delimiter = ',', allow_hyphen_values = true)]
    pub max_regression: Vec<WrittenLimit<RegressionLimit>>,
    /// Compares the run for --max-regression even if its load differs from that of the baseline: in VUs,
    /// duration or load zones by more than 10 %, or in the script.
    #[arg(long, requires = "max_regression")]
    pub compare_unlike_loads: bool,
    /// Prints JSON.
    #[arg(long)]
    pub json: bool,
}

/// What to list.
#[derive(Clone, Debug, Subcommand)]
pub enum ListCommand {
    /// Lists projects by name.
    Projects(ListOptions),
    /// Lists load tests by name.
    Tests {
        /// Lists only those of this project.
        #[arg(long, value_name = "ID")]
        project_id: Option<ProjectId>,
        /// How to list.
        #[command(flatten)]
        options: ListOptions,
    },
    /// Lists runs, the newest first.
    Runs {
        /// Lists only those of this load test.
        #[arg(long, value_name = "ID")]
        load_test: Option<LoadTestId>,
        /// How to list.
        #[command(flatten)]
        options: ListOptions,
    },
}

/// How to list.
#[derive(Clone, Debug, Args)]
pub struct ListOptions {
    /// How many rows to list at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
    /// Prints JSON.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `fake`.
#[derive(Clone, Debug, Args)]
pub struct FakeArgs {
    /// The flags of the fake.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
    pub flags: Vec<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split(' '))
    }

    #[test]
    fn command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn arguments_that_fit_together_are_read() {
        for line in [
            "k6-gate run --load-test 7",
            "k6-gate run --project Shop --name Checkout checkout.js --k6-version 2",
            "k6-gate run --resume run.json --on-cancel abort --junit k6.xml",
            "k6-gate run --load-test 7 --max-regression p95:10%,errors:5%",
            "k6-gate run --fake --name Checkout checkout.js",
            "k6-gate run --fake=failed",
            "k6-gate --fake watch 7 --timeout 1h",
            "k6-gate list runs --load-test 7 --json",
            "k6-gate fake --port 0 --help",
            "k6-gate list projects -q",
        ] {
            parse(line).expect(line);
        }
        let Ok(Cli { command: Command::Run(run), general }) =
            parse("k6-gate run --fake x.js --name X")
        else {
            panic!("a run");
        };
        assert_eq!(general.fake, Some(FakeResult::Passed));
        assert_eq!(run.target.script, Some(PathBuf::from("x.js")));
    }

    #[test]
    fn arguments_that_do_not_fit_together_are_errors() {
        for (line, part) in [
            ("k6-gate run --load-test 7 --resume x", "cannot be used with"),
            ("k6-gate run --load-test 7 --name x", "cannot be used with"),
            ("k6-gate run checkout.js", "--name <NAME>"),
            ("k6-gate run --project Shop", "--name <NAME>"),
            ("k6-gate run --name Checkout", "<SCRIPT|ARCHIVE>"),
            ("k6-gate run --name x --project y --project-id 1 s.js", "cannot be used with"),
            ("k6-gate run --load-test seven", "invalid digit"),
            ("k6-gate run --resume x --detach y", "cannot be used with"),
            ("k6-gate run --load-test 7 --detach x --max-p95 1s", "cannot be used with"),
            ("k6-gate run --load-test 7 --options x", "--max-vuh <VUH>"),
            ("k6-gate run --load-test 7 --max-p95 500", "it has no unit"),
            ("k6-gate run --load-test 7 --max-error-share 0.01", "it has no unit"),
            ("k6-gate run --load-test 7 --max-error-share -1%", "is negative"),
            ("k6-gate run --load-test 7 --max-p95 -5ms", "invalid value '-5ms' for '--max-p95"),
            ("k6-gate run --load-test 7 --max-regression p95", "such as p95:10%"),
            ("k6-gate run --load-test 7 --max-vuh -3", "virtual user hours"),
            ("k6-gate run --load-test 7 --timeout 0s", "greater than zero"),
            ("k6-gate run --load-test 7 --on-cancel stop", "abort, leave"),
            ("k6-gate run --fake=odd", "passed, failed, aborted, errored"),
            ("k6-gate list runs --limit 0", "0 is not in 1"),
            ("k6-gate", "Usage"),
        ] {
            let error = parse(line).expect_err(line).to_string();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
