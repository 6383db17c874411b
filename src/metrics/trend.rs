//! How a load test develops from run to run.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::calls::Runs;
use super::metric::{HTTP_REQ_DURATION, HTTP_REQ_FAILED, HTTP_REQS};
use super::query::RawQuery;
use super::summary::Missing;
use super::text::{Table, milliseconds, number, or_dash, share};
use crate::ext::awaitable;
use crate::{Client, Error, LoadTestId, TestRunId};

/// The last runs of a load test in a few numbers, from [`Client::trend_of_load_test`].
///
/// `Display` is a table for a terminal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LoadTestTrend {
    /// The runs, oldest first. A run without HTTP requests is not in it.
    pub rows: Vec<TrendRow>,
    /// What could not be read.
    pub missing: Vec<Missing>,
}

/// A run in a few numbers. What could not be read is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrendRow {
    /// The id of the run.
    pub run: TestRunId,
    /// The 0.95 quantile of the duration of HTTP requests, in milliseconds.
    pub p95: Option<f64>,
    /// The share of HTTP requests that failed, from 0 to 1.
    pub failure_share: Option<f64>,
    /// HTTP requests per second.
    pub requests_per_second: Option<f64>,
}

impl TrendRow {
    fn new(run: TestRunId) -> Self {
        Self { run, p95: None, failure_share: None, requests_per_second: None }
    }
}

/// # Load tests: trends
impl Client {
    /// Reads p95, share of failures and requests per second of the last `runs` runs of a load test: 3
    /// requests, whatever the number of runs.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// println!("{}", client.trend_of_load_test(7, 10).send().await?);
    /// # Ok(()) }
    /// ```
    pub fn trend_of_load_test(
        &self,
        load_test: impl Into<LoadTestId>,
        runs: u32,
    ) -> TrendOfLoadTest {
        TrendOfLoadTest { client: self.clone(), load_test: load_test.into(), runs }
    }
}

/// A call from [`Client::trend_of_load_test`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct TrendOfLoadTest {
    client: Client,
    load_test: LoadTestId,
    runs: u32,
}

const WITHOUT_RUN: &str = "a value in the response does not say which run it is of";

type SetColumn = fn(&mut TrendRow, Option<f64>);

impl TrendOfLoadTest {
    /// Sends the requests and returns the runs, oldest first. What could not be read is in
    /// [`LoadTestTrend::missing`].
    ///
    /// # Errors
    ///
    /// Those of [`QueryLoadTest::send`](super::QueryLoadTest::send), if nothing could be read.
    pub async fn send(self) -> Result<LoadTestTrend, Error> {
        let ask = |query: RawQuery| {
            self.client.query_load_test(self.load_test, Runs::last(self.runs), query).send()
        };
        let (p95, failed, rate) = futures_util::future::join3(
            ask(HTTP_REQ_DURATION.quantile(0.95).into()),
            ask(HTTP_REQ_FAILED.ratio().into()),
            ask(HTTP_REQS.rate().into()),
        )
        .await;
        let columns: [(_, _, SetColumn); 3] = [
            ("p95 of duration", p95, |row, value| row.p95 = value),
            ("share of failures", failed, |row, value| row.failure_share = value),
            ("requests per second", rate, |row, value| row.requests_per_second = value),
        ];
        let mut rows: BTreeMap<TestRunId, TrendRow> = BTreeMap::new();
        let (mut missing, mut failure, mut succeeded) = (Vec::new(), None, false);
        for (what, column, set) in columns {
            match column {
                Ok(samples) => {
                    succeeded = true;
                    for sample in samples {
                        let Some(run) = sample.test_run_id() else {
                            let why = WITHOUT_RUN.to_owned();
                            missing.push(Missing { what: what.to_owned(), why });
                            continue;
                        };
                        let row = rows.entry(run).or_insert_with(|| TrendRow::new(run));
                        set(row, Some(sample.value).filter(|value| !value.is_nan()));
                    }
                }
                Err(error) => {
                    missing.push(Missing { what: what.to_owned(), why: error.to_string() });
                    failure = Some(error);
                }
            }
        }
        match failure {
            Some(error) if !succeeded => Err(error),
            _ => Ok(LoadTestTrend { rows: rows.into_values().collect(), missing }),
        }
    }
}

awaitable! { TrendOfLoadTest => LoadTestTrend; }

impl LoadTestTrend {
    fn table(&self) -> Table {
        let mut table = Table::new(["run", "p95", "failures", "requests/s"]);
        for row in &self.rows {
            table.row([
                row.run.to_string(),
                or_dash(row.p95, milliseconds),
                or_dash(row.failure_share, share),
                or_dash(row.requests_per_second, number),
            ]);
        }
        table
    }

    /// Returns the table in Markdown.
    pub fn to_markdown(&self) -> String {
        self.table().markdown()
    }
}

impl fmt::Display for LoadTestTrend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.table().plain())?;
        for missing in &self.missing {
            writeln!(formatter, "  not read: {} ({})", missing.what, missing.why)?;
        }
        Ok(())
    }
}
