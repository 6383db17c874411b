//! The command line.

mod list;
mod rules;
mod run;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use k6_cloud::TestRunId;

pub use self::list::{ListCommand, ListOptions};
pub use self::rules::RuleOptions;
pub use self::run::{OnCancel, RunArgs, RunTarget, ShowLogs, StartOptions, WaitOptions};
use crate::report::ReportFiles;
use crate::units::{RegressionLimit, WrittenLimit, parse_duration, parse_regression};

/// The exit codes, a line each.
pub(crate) const EXIT_CODES: &str = "    0  the run passed, and so did the rules of the gate
   99  a threshold, a rule of the gate or --max-vuh was exceeded
   97  the run was aborted or had errors
   98  the outcome is not known
    1  a request failed before there was a run, and may succeed later: the network, the server
    2  the API rejected a request before there was a run: the token, the id, the script
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
            ("k6-gate run --project Shop", "<SCRIPT|ARCHIVE>"),
            ("k6-gate run --load-test 7 --create", "cannot be used with"),
            ("k6-gate run --load-test 7 checkout.js", "cannot be used with"),
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
