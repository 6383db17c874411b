//! Compares runs.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::summary::{RunSummary, summarize};
use super::text;
use crate::ext::awaitable;
use crate::types::TestRun;
use crate::{Client, Error, LoadTestId, TestRunId};

/// Changes below this many per cent count as none.
const SAME_PERCENT: f64 = 0.05;

/// A run compared with another, from [`RunSummary::compare`].
///
/// `Display` is a table for a terminal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The run.
    pub run: TestRunId,
    /// The run that it is compared with.
    pub baseline: TestRunId,
    /// The changes of the numbers that both runs have.
    pub changes: Vec<Change>,
}

/// How a number changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// Which number it is.
    pub what: ComparedNumber,
    /// The unit.
    pub unit: Unit,
    /// The number in the baseline.
    pub before: f64,
    /// The number in the run.
    pub after: f64,
    /// The change in per cent of the number before; `None` if that is 0 and the other is not.
    pub percent: Option<f64>,
    /// Whether the change is for the better.
    pub direction: Direction,
}

/// A number that two runs are compared by.
///
/// `Display` writes it in words, such as `p95 of duration`. Serializes as its name in snake case, such as
/// `p95_duration`; [`RequestP95`](Self::RequestP95) as an object of the name and the request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ComparedNumber {
    /// How many HTTP requests there were.
    Requests,
    /// HTTP requests per second.
    RequestsPerSecond,
    /// The most HTTP requests per second in any 5 seconds.
    PeakRequestsPerSecond,
    /// The share of HTTP requests that failed.
    Failures,
    /// The mean duration of HTTP requests.
    MeanDuration,
    /// Their median duration.
    MedianDuration,
    /// The 0.9 quantile of their duration.
    P90Duration,
    /// The 0.95 quantile.
    P95Duration,
    /// The 0.99 quantile.
    P99Duration,
    /// The longest duration.
    LongestDuration,
    /// The 0.95 quantile of the duration of the requests with this name.
    RequestP95(String),
    /// The share of checks that passed.
    ChecksPassed,
    /// How many iterations finished.
    Iterations,
    /// The 0.95 quantile of the duration of gRPC requests.
    GrpcP95Duration,
    /// Largest contentful paint, the 0.75 quantile.
    LargestContentfulPaint,
    /// First contentful paint, the 0.75 quantile.
    FirstContentfulPaint,
    /// Time to first byte in browsers, the 0.75 quantile.
    TimeToFirstByte,
    /// Interaction to next paint, the 0.75 quantile.
    InteractionToNextPaint,
    /// Cumulative layout shift, the 0.75 quantile.
    CumulativeLayoutShift,
}

impl fmt::Display for ComparedNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Requests => "requests",
            Self::RequestsPerSecond => "requests per second",
            Self::PeakRequestsPerSecond => "peak of requests per second",
            Self::Failures => "failures",
            Self::MeanDuration => "mean duration",
            Self::MedianDuration => "median duration",
            Self::P90Duration => "p90 of duration",
            Self::P95Duration => "p95 of duration",
            Self::P99Duration => "p99 of duration",
            Self::LongestDuration => "longest duration",
            Self::RequestP95(name) => return write!(formatter, "p95 of {}", text::line(name)),
            Self::ChecksPassed => "checks passed",
            Self::Iterations => "iterations",
            Self::GrpcP95Duration => "p95 of gRPC duration",
            Self::LargestContentfulPaint => "LCP (p75)",
            Self::FirstContentfulPaint => "FCP (p75)",
            Self::TimeToFirstByte => "TTFB (p75)",
            Self::InteractionToNextPaint => "INP (p75)",
            Self::CumulativeLayoutShift => "CLS (p75)",
        })
    }
}

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// A share from 0 to 1.
    Share,
    /// Per second.
    PerSecond,
    /// A number of things.
    Count,
    /// A score without a unit.
    Score,
}

impl Unit {
    /// Returns a value with the unit, such as `312 ms`.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Milliseconds => text::milliseconds(value),
            Self::Share => text::share(value),
            Self::PerSecond => format!("{}/s", text::number(value)),
            Self::Count | Self::Score => text::number(value),
        }
    }
}

/// Whether a change is for the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// Such as shorter durations, or more checks that passed.
    Better,
    /// Such as longer durations, or more failures.
    Worse,
    /// The change is below 0.05 %.
    Same,
    /// The number changed, and neither way is better: more requests may be another load.
    Neutral,
}

impl Direction {
    /// Returns `better`, `worse` or `same`; an empty string if neither way is better.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Same => "same",
            Self::Neutral => "",
        }
    }
}

/// Which way is better.
#[derive(Clone, Copy)]
enum Good {
    Lower,
    Higher,
    Neither,
}

impl RunSummary {
    /// Compares this run with a baseline. A number that one of them does not have is left out.
    pub fn compare(&self, baseline: &Self) -> Comparison {
        let before = numbers(baseline).into_iter().map(|before| (before.what, before.value));
        let before: HashMap<_, _> = before.collect();
        let changes = numbers(self).into_iter().filter_map(|after| {
            let before = *before.get(&after.what)?;
            Some(after.since(before))
        });
        Comparison { run: self.run.id, baseline: baseline.run.id, changes: changes.collect() }
    }
}

struct Number {
    what: ComparedNumber,
    unit: Unit,
    good: Good,
    value: f64,
}

impl Number {
    fn since(self, before: f64) -> Change {
        let Self { what, unit, good, value: after } = self;
        let percent = (after - before) / before.abs() * 100.0;
        let percent = if after == before { Some(0.0) } else { Some(percent) };
        let percent = percent.filter(|percent| percent.is_finite());
        let direction = match (good, after > before) {
            _ if percent.is_some_and(|percent| percent.abs() < SAME_PERCENT) => Direction::Same,
            (Good::Neither, _) => Direction::Neutral,
            (Good::Lower, true) | (Good::Higher, false) => Direction::Worse,
            (Good::Lower, false) | (Good::Higher, true) => Direction::Better,
        };
        Change { what, unit, before, after, percent, direction }
    }
}

/// Returns the numbers that are compared.
fn numbers(summary: &RunSummary) -> Vec<Number> {
    let mut numbers = Vec::new();
    use ComparedNumber as Of;
    let mut add = |what, unit, good, value: Option<f64>| {
        let value = value.filter(|value| value.is_finite());
        numbers.extend(value.map(|value| Number { what, unit, good, value }));
    };
    if let Some(http) = &summary.http {
        let (total, duration) = (&http.total, &http.total.duration);
        add(Of::Requests, Unit::Count, Good::Neither, total.requests);
        add(Of::RequestsPerSecond, Unit::PerSecond, Good::Higher, total.requests_per_second);
        let peak = http.peak_requests_per_second;
        add(Of::PeakRequestsPerSecond, Unit::PerSecond, Good::Neither, peak);
        add(Of::Failures, Unit::Share, Good::Lower, total.failure_share);
        for (what, value) in [
            (Of::MeanDuration, duration.avg),
            (Of::MedianDuration, duration.med),
            (Of::P90Duration, duration.p90),
            (Of::P95Duration, duration.p95),
            (Of::P99Duration, duration.p99),
            (Of::LongestDuration, duration.max),
        ] {
            add(what, Unit::Milliseconds, Good::Lower, value);
        }
        for named in &http.by_name {
            add(
                Of::RequestP95(named.name.clone()),
                Unit::Milliseconds,
                Good::Lower,
                named.stats.duration.p95,
            );
        }
    }
    if let Some(checks) = &summary.checks {
        add(Of::ChecksPassed, Unit::Share, Good::Higher, checks.share());
    }
    add(Of::Iterations, Unit::Count, Good::Neither, summary.load.iterations);
    if let Some(grpc) = &summary.other.grpc {
        add(Of::GrpcP95Duration, Unit::Milliseconds, Good::Lower, grpc.p95);
    }
    if let Some(browser) = &summary.other.browser {
        for (what, value) in [
            (Of::LargestContentfulPaint, browser.lcp),
            (Of::FirstContentfulPaint, browser.fcp),
            (Of::TimeToFirstByte, browser.ttfb),
            (Of::InteractionToNextPaint, browser.inp),
        ] {
            add(what, Unit::Milliseconds, Good::Lower, value);
        }
        add(Of::CumulativeLayoutShift, Unit::Score, Good::Lower, browser.cls);
    }
    numbers
}

/// Which run a run is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Baseline {
    /// The run with this id.
    Run(TestRunId),
    /// The last run of the same load test before this one that passed.
    LastPassed,
    /// The newest other run of the same load test that is starred.
    Starred,
}

/// # Test runs: baselines
impl Client {
    /// Finds the run to compare a run with, and summarizes it.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// use k6_cloud::metrics::Baseline;
    ///
    /// let summary = client.summarize_test_run(42).send().await?;
    /// if let Some(baseline) = client.summarize_baseline(&summary, Baseline::LastPassed).send().await? {
    ///     println!("{}", summary.compare(&baseline));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn summarize_baseline(
        &self,
        summary: &RunSummary,
        baseline: Baseline,
    ) -> SummarizeBaseline {
        let run = &summary.run;
        SummarizeBaseline {
            client: self.clone(),
            run: run.id,
            test: run.test_id,
            created: run.created,
            baseline,
        }
    }
}

/// A call from [`Client::summarize_baseline`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct SummarizeBaseline {
    client: Client,
    run: TestRunId,
    test: LoadTestId,
    created: crate::wire::Timestamp,
    baseline: Baseline,
}

impl SummarizeBaseline {
    /// Sends the requests and returns the summary of the baseline; `None` if the load test has no such
    /// run.
    ///
    /// # Errors
    ///
    /// The kinds of [`SummarizeTestRun::send`](super::SummarizeTestRun::send) and those of a list, such
    /// as [`Pagination`](crate::ErrorKind::Pagination).
    pub async fn send(self) -> Result<Option<RunSummary>, Error> {
        let run = match self.baseline {
            Baseline::Run(id) => Some(self.client.get_test_run(id).send().await?),
            Baseline::LastPassed | Baseline::Starred => self.find().await?,
        };
        match run {
            Some(run) => Ok(Some(summarize(&self.client, run).await)),
            None => Ok(None),
        }
    }

    async fn find(&self) -> Result<Option<TestRun>, Error> {
        let runs = self.client.list_load_test_runs(self.test).orderby("created desc").top(100);
        let runs = match self.baseline {
            Baseline::Starred => runs.is_starred(true),
            _ => runs.created_before(self.created),
        };
        let mut runs = runs.stream();
        while let Some(run) = runs.try_next().await? {
            // A server that ignores the filter lists other runs too.
            let fits = match self.baseline {
                Baseline::Starred => run.is_starred,
                _ => run.created <= self.created && run.verdict().is_passed(),
            };
            if fits && run.id != self.run {
                return Ok(Some(run));
            }
        }
        Ok(None)
    }
}

awaitable! { SummarizeBaseline => Option<RunSummary>; }

#[cfg(test)]
mod tests {
    use super::{ComparedNumber, Direction, Good, Number, Unit};

    #[test]
    fn direction_knows_better_from_worse() {
        for (good, before, after, percent, direction) in [
            (Good::Lower, 200.0, 100.0, Some(-50.0), Direction::Better),
            (Good::Lower, 100.0, 200.0, Some(100.0), Direction::Worse),
            (Good::Higher, 0.9, 0.99, Some(10.0), Direction::Better),
            (Good::Higher, 1.0, 0.5, Some(-50.0), Direction::Worse),
            (Good::Neither, 10.0, 20.0, Some(100.0), Direction::Neutral),
            (Good::Lower, 1000.0, 1000.4, Some(0.04), Direction::Same),
            (Good::Lower, 0.0, 0.0, Some(0.0), Direction::Same),
            (Good::Lower, 0.0, 0.1, None, Direction::Worse),
            (Good::Neither, 0.0, 0.1, None, Direction::Neutral),
        ] {
            let number =
                Number { what: ComparedNumber::Requests, unit: Unit::Count, good, value: after };
            let change = number.since(before);
            let rounded = change.percent.map(|percent| (percent * 1000.0).round() / 1000.0);
            assert_eq!((rounded, change.direction), (percent, direction), "{before} {after}");
        }
    }
}
