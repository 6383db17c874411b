//! The queries that a summary is made from.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use futures_util::future::join_all;

use super::super::metric::{
    CHECKS, Counter, DATA_RECEIVED, DATA_SENT, GRPC_REQ_DURATION, HTTP_REQ_DURATION,
    HTTP_REQ_FAILED, HTTP_REQS, ITERATIONS, LOAD_GENERATOR_CPU_PERCENT, Observations, Rate, Trend,
};
use super::super::query::RawQuery;
use super::super::response::{RunMetric, Sample};
use super::Missing;
use crate::{Client, TestRunId};

/// One of the queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ask {
    Requests,
    /// Only asked if `http_reqs` does not say which responses were expected.
    Failures,
    Peak,
    DurationMin,
    DurationMax,
    DurationAvg,
    DurationStddev,
    DurationP95,
    DurationP99,
    TotalMed,
    TotalP90,
    TotalP95,
    TotalP99,
    ChecksPassed,
    ChecksTotal,
    DataSent,
    DataReceived,
    Iterations,
    GeneratorCpu,
    WsSessions,
    WsSent,
    WsReceived,
    WsConnectingP95,
    GrpcRequests,
    GrpcAvg,
    GrpcP95,
    Lcp,
    Fcp,
    Cls,
    Ttfb,
    Inp,
    BrowserFailed,
}

/// The queries for an HTTP run, which are also asked if it is not known which metrics the run has.
const USUAL: [Ask; 18] = [
    Ask::Requests,
    Ask::Peak,
    Ask::DurationMin,
    Ask::DurationMax,
    Ask::DurationAvg,
    Ask::DurationStddev,
    Ask::DurationP95,
    Ask::DurationP99,
    Ask::TotalMed,
    Ask::TotalP90,
    Ask::TotalP95,
    Ask::TotalP99,
    Ask::ChecksPassed,
    Ask::ChecksTotal,
    Ask::DataSent,
    Ask::DataReceived,
    Ask::Iterations,
    Ask::GeneratorCpu,
];

const OTHERS: [Ask; 13] = [
    Ask::WsSessions,
    Ask::WsSent,
    Ask::WsReceived,
    Ask::WsConnectingP95,
    Ask::GrpcRequests,
    Ask::GrpcAvg,
    Ask::GrpcP95,
    Ask::Lcp,
    Ask::Fcp,
    Ask::Cls,
    Ask::Ttfb,
    Ask::Inp,
    Ask::BrowserFailed,
];

impl Ask {
    /// Returns what a reader calls the value.
    fn what(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Failures => "failed requests",
            Self::Peak => "peak of requests per second",
            Self::DurationMin => "shortest duration",
            Self::DurationMax => "longest duration",
            Self::DurationAvg => "mean duration",
            Self::DurationStddev => "deviation of duration",
            Self::DurationP95 => "p95 of duration by name",
            Self::DurationP99 => "p99 of duration by name",
            Self::TotalMed => "median duration",
            Self::TotalP90 => "p90 of duration",
            Self::TotalP95 => "p95 of duration",
            Self::TotalP99 => "p99 of duration",
            Self::ChecksPassed => "passed checks",
            Self::ChecksTotal => "checks",
            Self::DataSent => "data sent",
            Self::DataReceived => "data received",
            Self::Iterations => "iterations",
            Self::GeneratorCpu => "CPU of the load generators",
            Self::WsSessions => "WebSocket sessions",
            Self::WsSent => "WebSocket messages sent",
            Self::WsReceived => "WebSocket messages received",
            Self::WsConnectingP95 => "p95 of WebSocket connecting",
            Self::GrpcRequests => "gRPC requests",
            Self::GrpcAvg => "mean gRPC duration",
            Self::GrpcP95 => "p95 of gRPC duration",
            Self::Lcp => "LCP",
            Self::Fcp => "FCP",
            Self::Cls => "CLS",
            Self::Ttfb => "TTFB",
            Self::Inp => "INP",
            Self::BrowserFailed => "failed requests of browsers",
        }
    }

    /// The label by which its values are told apart.
    fn label(self) -> &'static str {
        match self {
            Self::ChecksTotal | Self::ChecksPassed => "check",
            _ => "name",
        }
    }

    fn query(self) -> RawQuery {
        let by_name = ["name"];
        let duration = HTTP_REQ_DURATION;
        let failed = Observations::NonZero;
        match self {
            Self::Requests => HTTP_REQS.increase().by(["name", "expected_response"]).into(),
            Self::Failures => HTTP_REQ_FAILED.increase(failed).by(by_name).into(),
            Self::Peak => HTTP_REQS.max_rate(Duration::from_secs(5)).into(),
            Self::DurationMin => duration.min().by(by_name).into(),
            Self::DurationMax => duration.max().by(by_name).into(),
            Self::DurationAvg => duration.avg().by(by_name).into(),
            Self::DurationStddev => duration.stddev().by(by_name).into(),
            Self::DurationP95 => duration.quantile(0.95).by(by_name).into(),
            Self::DurationP99 => duration.quantile(0.99).by(by_name).into(),
            Self::TotalMed => duration.median().into(),
            Self::TotalP90 => duration.quantile(0.9).into(),
            Self::TotalP95 => duration.quantile(0.95).into(),
            Self::TotalP99 => duration.quantile(0.99).into(),
            Self::ChecksPassed => CHECKS.increase(Observations::NonZero).by(["check"]).into(),
            Self::ChecksTotal => CHECKS.increase(Observations::All).by(["check"]).into(),
            Self::DataSent => DATA_SENT.increase().into(),
            Self::DataReceived => DATA_RECEIVED.increase().into(),
            Self::Iterations => ITERATIONS.increase().into(),
            Self::GeneratorCpu => LOAD_GENERATOR_CPU_PERCENT.max().by(["instance_id"]).into(),
            Self::WsSessions => sum_of("ws_sessions"),
            Self::WsSent => sum_of("ws_msgs_sent"),
            Self::WsReceived => sum_of("ws_msgs_received"),
            Self::WsConnectingP95 => quantile("ws_connecting", 0.95),
            Self::GrpcRequests => GRPC_REQ_DURATION.count_increase().into(),
            Self::GrpcAvg => GRPC_REQ_DURATION.avg().into(),
            Self::GrpcP95 => GRPC_REQ_DURATION.quantile(0.95).into(),
            Self::Lcp => quantile("browser_web_vital_lcp", 0.75),
            Self::Fcp => quantile("browser_web_vital_fcp", 0.75),
            Self::Cls => quantile("browser_web_vital_cls", 0.75),
            Self::Ttfb => quantile("browser_web_vital_ttfb", 0.75),
            Self::Inp => quantile("browser_web_vital_inp", 0.75),
            Self::BrowserFailed => Rate::new("browser_http_req_failed").ratio().into(),
        }
    }
}

fn sum_of(counter: &str) -> RawQuery {
    Counter::new(counter).increase().into()
}

fn quantile(trend: &str, q: f64) -> RawQuery {
    Trend::new(trend).quantile(q).into()
}

/// What the queries returned. Those that failed are in `missing`.
#[derive(Default)]
pub(super) struct Found {
    samples: BTreeMap<Ask, Vec<Sample>>,
    /// The values of each query by its label. A script may have thousands of names.
    labelled: BTreeMap<Ask, HashMap<String, f64>>,
    pub(super) missing: Vec<Missing>,
}

impl Found {
    /// Sends all queries for metrics that the run has, at the same time. `metrics` is `None` if it is
    /// not known which it has.
    pub(super) async fn ask(
        client: &Client,
        run: TestRunId,
        metrics: Option<&[RunMetric]>,
    ) -> Self {
        let has = |ask: &Ask| match metrics {
            Some(metrics) => {
                let query = ask.query();
                metrics.iter().any(|metric| metric.name == query.metric())
            }
            None => USUAL.contains(ask),
        };
        let asks: Vec<Ask> = USUAL.into_iter().chain(OTHERS).filter(has).collect();
        let mut found = Self::default();
        found.add(client, run, &asks).await;
        let requests = found.samples.get(&Ask::Requests);
        let says_expected = |requests: &Vec<Sample>| {
            requests.iter().any(|sample| !sample.label("expected_response").is_empty())
        };
        if requests.is_none_or(|requests| !requests.is_empty() && !says_expected(requests))
            && (metrics.is_none() || has(&Ask::Failures))
        {
            found.add(client, run, &[Ask::Failures]).await;
        }
        found
    }

    async fn add(&mut self, client: &Client, run: TestRunId, asks: &[Ask]) {
        let sent = asks
            .iter()
            .map(|ask| async { (*ask, client.query_aggregate(run, ask.query()).send().await) });
        for (ask, result) in join_all(sent).await {
            match result {
                Ok(samples) => {
                    // NaN says that there is no value.
                    let samples: Vec<_> =
                        samples.into_iter().filter(|sample| !sample.value.is_nan()).collect();
                    // A check that never passed may have no series of passes.
                    if samples.is_empty() && ask != Ask::ChecksPassed {
                        self.missing.push(Missing::new(ask.what(), "the service has no values"));
                    }
                    let values = self.labelled.entry(ask).or_default();
                    for sample in &samples {
                        values.entry(sample.label(ask.label()).to_owned()).or_insert(sample.value);
                    }
                    self.samples.insert(ask, samples);
                }
                Err(error) => self.missing.push(Missing::new(ask.what(), error.to_string())),
            }
        }
    }

    /// Returns all samples of a query.
    pub(super) fn samples(&self, ask: Ask) -> &[Sample] {
        self.samples.get(&ask).map_or(&[], Vec::as_slice)
    }

    /// Returns the value of a query without groups.
    pub(super) fn value(&self, ask: Ask) -> Option<f64> {
        self.samples(ask).first().map(|sample| sample.value)
    }

    /// Returns whether the query was sent and succeeded.
    pub(super) fn has(&self, ask: Ask) -> bool {
        self.samples.contains_key(&ask)
    }

    /// Returns the value of a name or a check.
    pub(super) fn labelled(&self, ask: Ask, value: &str) -> Option<f64> {
        self.labelled.get(&ask)?.get(value).copied()
    }
}
