//! The data of a report. As JSON it is the output of `--json`, so names are stable.

use k6_cloud::logs::LogLevel;
use k6_cloud::metrics::{ComparedNumber, Direction, Unit};
use k6_cloud::wire::Timestamp;
use k6_cloud::{LoadTestId, ProjectId, StackId, TestRunId};
use serde::{Serialize, Serializer};

/// The number of [`Report::format`].
pub(super) const FORMAT: u32 = 1;

/// A run and what the gate makes of it, or an attempt to start one.
///
/// What is not known is `None` or empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The version of the JSON format. It stays the same if members are added, and is raised if a
    /// member is removed or changes its meaning.
    pub format: u32,
    /// The decision.
    pub verdict: Conclusion,
    /// The exit code of the gate.
    pub exit_code: u8,
    /// The verdict with its reason, as a sentence without a full stop: for a run that did not start or
    /// was cut off, the error.
    pub reason: String,
    /// The API's own reason.
    pub api: Option<ApiReason>,
    /// The stack.
    pub stack: Option<NamedId<StackId>>,
    /// The project.
    pub project: Option<NamedId<ProjectId>>,
    /// The load test.
    pub load_test: Option<NamedId<LoadTestId>>,
    /// What was created for this run, because it did not exist.
    pub created: Vec<CreatedResource>,
    /// The version of the script.
    pub script_version: Option<String>,
    /// The run. `None` if it did not start.
    pub run: Option<ReportedRun>,
    /// The estimate of the costs. `None` without `--max-vuh`.
    pub estimate: Option<CostEstimate>,
    /// The load in numbers.
    pub load: LoadNumbers,
    /// All HTTP requests together.
    pub total: Option<RequestNumbers>,
    /// The thresholds of the script, in the order of its options.
    pub thresholds: Vec<ThresholdRow>,
    /// The gate's own rules, such as `--max-p95`.
    pub rules: Vec<RuleRow>,
    /// The checks of the script.
    pub checks: Vec<CheckRow>,
    /// HTTP requests by name, the worst first.
    pub requests: Vec<RequestRow>,
    /// Numbers over time.
    pub series: TimeSeries,
    /// The comparison with a baseline.
    pub comparison: Option<ComparisonTable>,
    /// Errors in the logs of a run that did not pass, the most severe and most frequent first.
    pub script_errors: Vec<ScriptError>,
    /// What puts the numbers in doubt or could not be read, a sentence each.
    pub notices: Vec<String>,
}

/// What the gate decided about a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Conclusion {
    /// Every threshold and every rule of the gate held.
    Passed,
    /// A threshold of the script was breached.
    ThresholdsFailed,
    /// The run passed, but breached a rule of the gate.
    RulesFailed,
    /// The run was aborted.
    Aborted,
    /// The run had errors.
    Errored,
    /// The run has ended or its state could not be read, and its outcome is not known.
    Unknown,
    /// No run was started.
    NotStarted,
    /// The gate stopped waiting: it was interrupted or its time was up. The run may go on.
    CutOff,
    /// The run goes on, and the gate was told not to wait for it.
    Running,
}

/// The reason that the API gives for an outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ApiReason {
    /// The code.
    pub code: Option<i64>,
    /// The message.
    pub message: Option<String>,
    /// The e-mail address of the user who aborted the run.
    pub by: Option<String>,
}

/// Something that the gate can create.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CreatedResource {
    /// The project.
    Project,
    /// The load test.
    LoadTest,
}

/// The id and the name of a stack, a project or a load test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedId<Id> {
    /// The id.
    pub id: Id,
    /// The name.
    pub name: Option<String>,
}

/// The run of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportedRun {
    /// The id.
    pub id: TestRunId,
    /// The address of the run's page.
    pub url: Option<String>,
    /// The last known status, such as `completed`.
    pub status: String,
    /// The result, such as `passed`.
    pub result: Option<String>,
    /// Who or what started the run.
    pub started_by: Option<String>,
    /// When the run was created.
    pub created: Timestamp,
    /// When the run ended. `None` while it goes on.
    pub ended: Option<Timestamp>,
}

/// The estimate of the costs of a run, before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CostEstimate {
    /// The virtual user hours that the run would use.
    pub vuh: f64,
    /// The virtual user hours that it may use.
    pub max_vuh: f64,
}

/// The load of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LoadNumbers {
    /// The time under load, in seconds.
    pub seconds: Option<f64>,
    /// The highest number of VUs.
    pub max_vus: Option<i64>,
    /// Virtual user hours.
    pub vuh: Option<f64>,
    /// Finished iterations.
    pub iterations: Option<f64>,
    /// Bytes sent.
    pub data_sent_bytes: Option<f64>,
    /// Bytes received.
    pub data_received_bytes: Option<f64>,
    /// The most requests per second in any 5 seconds.
    pub peak_requests_per_second: Option<f64>,
    /// How many checks were made.
    pub checks: Option<f64>,
    /// How many of them passed.
    pub checks_passed: Option<f64>,
}

/// HTTP requests in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RequestNumbers {
    /// How many requests there were.
    pub requests: Option<f64>,
    /// How many of them failed.
    pub failures: Option<f64>,
    /// The share that failed, from 0 to 1.
    pub failure_share: Option<f64>,
    /// Requests per second, on average over the time under load.
    pub requests_per_second: Option<f64>,
    /// The durations, in milliseconds.
    pub duration_ms: DurationNumbers,
}

/// A distribution of durations, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DurationNumbers {
    /// The shortest.
    pub min: Option<f64>,
    /// The mean.
    pub avg: Option<f64>,
    /// The median.
    pub med: Option<f64>,
    /// The 0.9 quantile.
    pub p90: Option<f64>,
    /// The 0.95 quantile.
    pub p95: Option<f64>,
    /// The 0.99 quantile.
    pub p99: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
}

/// HTTP requests with the same name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RequestRow {
    /// The label `name`, by default the URL.
    pub name: String,
    /// The numbers.
    #[serde(flatten)]
    pub numbers: RequestNumbers,
}

/// A threshold of the script.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ThresholdRow {
    /// The metric with its tags, as the script has it.
    pub metric: String,
    /// The expression with the limit, such as `p(95)<500`.
    pub expression: String,
    /// The value.
    pub value: Option<f64>,
    /// The unit of the value. `None` if it is not known.
    pub unit: Option<Unit>,
    /// Whether the threshold held. `None` if it is not known.
    pub held: Option<bool>,
    /// How far the value is from the limit on the good side, in per cent of the limit.
    pub headroom_percent: Option<f64>,
    /// Whether a breach ends the run.
    pub abort_on_fail: bool,
    /// Why there is no value or no judgement.
    pub note: Option<String>,
}

/// A rule of the gate.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RuleRow {
    /// The name, which is the same in each run, such as `max-p95` or `max-regression p95`.
    pub name: String,
    /// The limit as it was written, such as `500ms`.
    pub limit: String,
    /// The value that the limit is for. For a regression, it is the change as a share: 0.1 is 10 %
    /// worse.
    pub value: Option<f64>,
    /// The unit of the value.
    pub unit: Option<Unit>,
    /// Whether the rule held. `None` if it could not be judged.
    pub held: Option<bool>,
    /// What was compared, or why there is no value, such as `p95 was 400 ms in run 12`.
    pub note: Option<String>,
}

/// A check of the script.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CheckRow {
    /// The name.
    pub name: String,
    /// How often it passed.
    pub passed: f64,
    /// How often it was made.
    pub total: f64,
}

/// Numbers over time, in order of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TimeSeries {
    /// The 0.95 quantile of the duration of HTTP requests, in milliseconds.
    pub p95_ms: Vec<SeriesPoint>,
    /// HTTP requests per second.
    pub requests_per_second: Vec<SeriesPoint>,
    /// Active VUs.
    pub vus: Vec<SeriesPoint>,
    /// Failed HTTP requests per second.
    pub failures_per_second: Vec<SeriesPoint>,
}

/// A value at a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SeriesPoint {
    /// The time.
    pub at: Timestamp,
    /// The value. `None` is a gap.
    pub value: Option<f64>,
}

/// A run compared with a baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparisonTable {
    /// The baseline.
    pub baseline: BaselineRun,
    /// The changes of the numbers that both runs have.
    pub changes: Vec<ChangeRow>,
}

/// An error in the logs of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScriptError {
    /// The level: `error`, `fatal` or `panic`.
    pub level: LogLevel,
    /// The text, at most 4096 characters. It may have line breaks.
    pub text: String,
    /// How many lines have this text.
    pub count: u64,
    /// The time of the first of them.
    pub first: Timestamp,
    /// The time of the last of them.
    pub last: Timestamp,
    /// The load zones that they come from.
    pub load_zones: Vec<String>,
    /// Where in the repository it happened, if the text says so.
    pub location: Option<ScriptLocation>,
}

/// A place in a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScriptLocation {
    /// The path of the file below the working directory, with `/`.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

/// The run that a run is compared with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BaselineRun {
    /// The id.
    pub id: TestRunId,
    /// The address of the run's page.
    pub url: Option<String>,
    /// When the run was created.
    pub created: Option<Timestamp>,
}

/// How a number changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeRow {
    /// What the number is, in words, such as `p95 of duration`.
    #[serde(serialize_with = "in_words")]
    pub what: ComparedNumber,
    /// The unit.
    pub unit: Unit,
    /// The number in the baseline.
    pub before: f64,
    /// The number in the run.
    pub after: f64,
    /// The change in per cent of the number before. `None` if that is 0 and the other is not.
    pub percent: Option<f64>,
    /// Whether the change is for the better.
    pub direction: Direction,
}

fn in_words<S: Serializer>(what: &ComparedNumber, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(what)
}

impl Report {
    /// Makes a report that has a verdict and nothing else. Fill in what is known.
    pub fn new(verdict: Conclusion, exit_code: u8, reason: impl Into<String>) -> Self {
        Self {
            format: FORMAT,
            verdict,
            exit_code,
            reason: reason.into(),
            api: None,
            stack: None,
            project: None,
            load_test: None,
            created: Vec::new(),
            script_version: None,
            run: None,
            estimate: None,
            load: LoadNumbers::default(),
            total: None,
            thresholds: Vec::new(),
            rules: Vec::new(),
            checks: Vec::new(),
            requests: Vec::new(),
            series: TimeSeries::default(),
            comparison: None,
            script_errors: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// Returns the 0.95 quantile of the duration of all HTTP requests, in milliseconds.
    pub fn p95_ms(&self) -> Option<f64> {
        self.total.as_ref()?.duration_ms.p95
    }
}

impl Conclusion {
    /// Returns the name that outputs have, such as `thresholds_failed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::ThresholdsFailed => "thresholds_failed",
            Self::RulesFailed => "rules_failed",
            Self::Aborted => "aborted",
            Self::Errored => "errored",
            Self::Unknown => "unknown",
            Self::NotStarted => "not_started",
            Self::CutOff => "cut_off",
            Self::Running => "running",
        }
    }

    /// Returns whether a limit was breached: of a threshold or of a rule.
    pub fn is_failed(self) -> bool {
        matches!(self, Self::ThresholdsFailed | Self::RulesFailed)
    }
}
