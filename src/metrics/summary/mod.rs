//! A run in numbers.

mod ask;
mod http;
mod other;
mod verdicts;

use serde::{Deserialize, Serialize};

use self::ask::{Ask, Found};
pub use self::http::{DurationStats, HttpStats, HttpSummary, NamedHttpStats};
pub use self::other::{
    BrowserSummary, Check, ChecksSummary, GeneratorHealth, GrpcSummary, OtherProtocols,
    WebSocketSummary,
};
use super::threshold::Threshold;
use crate::ext::awaitable;
use crate::types::TestRun;
use crate::wire::Timestamp;
use crate::{Client, Error, LoadTestId, RunResult, RunStatus, TestRunId, Verdict};

/// A test run in numbers, from [`Client::summarize_test_run`].
///
/// `Display` is a report for a terminal, [`colored`](Self::colored) the same with colours, and
/// [`to_markdown`](Self::to_markdown) one for a pull request. As JSON it has all numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunSummary {
    /// The run.
    pub run: SummarizedRun,
    /// HTTP requests. `None` if there were none, or if nothing is known of them.
    pub http: Option<HttpSummary>,
    /// Checks. `None` if there were none, or if nothing is known of them.
    pub checks: Option<ChecksSummary>,
    /// VUs, iterations and data.
    pub load: LoadSummary,
    /// WebSocket, gRPC and browsers.
    pub other: OtherProtocols,
    /// The load generators.
    pub generators: Option<GeneratorHealth>,
    /// The thresholds, in the order of the options.
    pub thresholds: Vec<Threshold>,
    /// What puts the numbers in doubt, such as overloaded load generators.
    pub warnings: Vec<String>,
    /// What could not be read.
    pub missing: Vec<Missing>,
}

impl RunSummary {
    /// Makes a summary without any numbers, for tests of code that takes one: set those that you need. A
    /// whole summary can be read from JSON.
    pub fn new(run: &TestRun) -> Self {
        Self {
            run: SummarizedRun::of(run, run.ended.unwrap_or(run.created)),
            http: None,
            checks: None,
            load: LoadSummary::default(),
            other: OtherProtocols::default(),
            generators: None,
            thresholds: Vec::new(),
            warnings: Vec::new(),
            missing: Vec::new(),
        }
    }
}

/// Which run a summary is about, and how the run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SummarizedRun {
    /// The id of the run.
    pub id: TestRunId,
    /// The load test.
    pub test_id: LoadTestId,
    /// When the run was created.
    pub created: Timestamp,
    /// When the run ended; `None` while it goes on.
    pub ended: Option<Timestamp>,
    /// The status.
    pub status: RunStatus,
    /// The result, which is the verdict on the thresholds.
    pub result: Option<RunResult>,
    /// The outcome.
    pub outcome: Verdict,
    /// Whether the run has ended, so that the numbers do not change any more.
    pub is_final: bool,
    /// How many seconds the run was, or has been, under load.
    pub load_seconds: Option<f64>,
}

/// The load of a run. What could not be read is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LoadSummary {
    /// The highest number of VUs that the run plans, protocol and browser VUs together.
    pub max_vus: Option<i64>,
    /// Finished iterations.
    pub iterations: Option<f64>,
    /// Bytes sent.
    pub data_sent_bytes: Option<f64>,
    /// Bytes received.
    pub data_received_bytes: Option<f64>,
}

/// A number that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Missing {
    /// What is missing, such as `p95 of duration`.
    pub what: String,
    /// Why, such as the message of the error.
    pub why: String,
}

impl Missing {
    fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into() }
    }
}

/// # Test runs: summaries
impl Client {
    /// Reads what a run comes to in numbers: requests, failures, durations, checks, thresholds, and
    /// whether the load generators kept up.
    ///
    /// It first reads the run and its metrics, and then asks for what the run has, all at the same
    /// time. For a run that only makes HTTP requests, these are at most 20 requests, and one more for
    /// each threshold on something else.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// let summary = client.summarize_test_run(42).send().await?;
    /// println!("{summary}");
    /// std::fs::write("summary.md", summary.to_markdown()).expect("written");
    /// # Ok(()) }
    /// ```
    pub fn summarize_test_run(&self, run: impl Into<TestRunId>) -> SummarizeTestRun {
        SummarizeTestRun { client: self.clone(), run: run.into() }
    }
}

/// A call from [`Client::summarize_test_run`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct SummarizeTestRun {
    client: Client,
    run: TestRunId,
}

impl SummarizeTestRun {
    /// Sends the requests and returns the summary. What could not be read is in
    /// [`RunSummary::missing`], and does not fail the rest.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send), if the run itself cannot be read; such as
    /// [`NotFound`](crate::ErrorKind::NotFound).
    pub async fn send(self) -> Result<RunSummary, Error> {
        let run = self.client.get_test_run(self.run).send().await?;
        Ok(summarize(&self.client, run).await)
    }
}

awaitable! { SummarizeTestRun => RunSummary; }

/// Summarizes a run that was read already.
pub(super) async fn summarize(client: &Client, run: TestRun) -> RunSummary {
    let mut missing = Vec::new();
    let metrics = match client.list_run_metrics(run.id).send().await {
        Ok(metrics) => Some(metrics),
        Err(error) => {
            missing.push(Missing::new("list of metrics", error.to_string()));
            None
        }
    };
    let mut found = Found::ask(client, run.id, metrics.as_deref()).await;
    missing.append(&mut found.missing);
    let summarized = SummarizedRun::of(&run, client.clock().wall().into());
    let mut summary = RunSummary {
        http: HttpSummary::of(&found, summarized.load_seconds),
        checks: ChecksSummary::of(&found),
        load: LoadSummary::of(&found, &run),
        other: OtherProtocols::of(&found),
        generators: GeneratorHealth::of(&found),
        run: summarized,
        thresholds: Vec::new(),
        warnings: Vec::new(),
        missing,
    };
    summary.thresholds = verdicts::judge(client, &run, metrics.as_deref(), &summary).await;
    summary.warnings = verdicts::warnings(&summary);
    summary
}

impl SummarizedRun {
    fn of(run: &TestRun, now: Timestamp) -> Self {
        Self {
            id: run.id,
            test_id: run.test_id,
            created: run.created,
            ended: run.ended,
            status: run.status.clone(),
            result: run.result.clone(),
            outcome: run.verdict(),
            is_final: run.is_finished(),
            load_seconds: load_seconds(run, now),
        }
    }
}

/// Returns how long the run was running: by its statuses, or else by what is billed.
fn load_seconds(run: &TestRun, now: Timestamp) -> Option<f64> {
    let mut statuses = run.status_history.iter();
    let running = statuses.by_ref().find(|status| status.type_ == RunStatus::Running);
    let seconds = match running {
        Some(running) => {
            let end = statuses.next().map(|next| next.entered).or(run.ended).unwrap_or(now);
            let milliseconds = (*end - *running.entered).num_milliseconds();
            milliseconds as f64 / 1000.0
        }
        None => run.execution_duration as f64,
    };
    (seconds > 0.0).then_some(seconds)
}

impl LoadSummary {
    fn of(found: &Found, run: &TestRun) -> Self {
        Self {
            max_vus: run.max_vus,
            iterations: found.value(Ask::Iterations),
            data_sent_bytes: found.value(Ask::DataSent),
            data_received_bytes: found.value(Ask::DataReceived),
        }
    }
}

impl RunSummary {
    /// Returns how many thresholds held, and how many there are.
    pub fn thresholds_held(&self) -> (usize, usize) {
        let held = self.thresholds.iter().filter(|threshold| threshold.held == Some(true));
        (held.count(), self.thresholds.len())
    }
}
