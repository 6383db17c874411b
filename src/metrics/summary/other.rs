//! Checks, load generators, and protocols other than HTTP.

use serde::{Deserialize, Serialize};

use super::ask::{Ask, Found};

/// Above this, the load generators may be too busy to measure well, in per cent.
const BUSY_PERCENT: f64 = 80.0;

/// The checks of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChecksSummary {
    /// How many checks passed.
    pub passed: Option<f64>,
    /// How many checks were made.
    pub total: Option<f64>,
    /// The checks that failed at least once, the worst first.
    pub failing: Vec<Check>,
    /// All checks by name, the worst first.
    pub by_name: Vec<Check>,
}

/// A check by its name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Check {
    /// The label `check`.
    pub name: String,
    /// How often it passed.
    pub passed: f64,
    /// How often it was made.
    pub total: f64,
}

impl ChecksSummary {
    /// Returns the share of the checks that passed, from 0 to 1.
    pub fn share(&self) -> Option<f64> {
        Some(self.passed? / self.total.filter(|total| *total > 0.0)?)
    }

    pub(super) fn of(found: &Found) -> Option<Self> {
        let sum = |ask| {
            let samples = found.samples(ask);
            (!samples.is_empty()).then(|| samples.iter().map(|sample| sample.value).sum::<f64>())
        };
        let total = sum(Ask::ChecksTotal);
        // A check that never passed may have no series of passes.
        let passed = match sum(Ask::ChecksPassed) {
            None if found.has(Ask::ChecksPassed) => total.map(|_| 0.0),
            passed => passed,
        };
        if total.is_none() && passed.is_none() {
            return None;
        }
        let mut by_name: Vec<Check> = Vec::new();
        if found.has(Ask::ChecksPassed) {
            by_name.extend(found.samples(Ask::ChecksTotal).iter().map(|sample| {
                let name = sample.label("check").to_owned();
                let passed = found.labelled(Ask::ChecksPassed, &name).unwrap_or(0.0);
                Check { name, passed, total: sample.value }
            }));
        }
        by_name.sort_by(|a, b| {
            let share = |check: &Check| check.passed / check.total;
            share(a).total_cmp(&share(b)).then(a.name.cmp(&b.name))
        });
        let failing = by_name.iter().filter(|check| check.passed < check.total).cloned().collect();
        Some(Self { passed, total, failing, by_name })
    }
}

/// How busy the load generators were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GeneratorHealth {
    /// The highest CPU load of any load generator, in per cent.
    pub max_cpu_percent: f64,
    /// How many load generators were above 80 %. If there are any, the numbers may be wrong: a busy
    /// load generator measures its own delays too.
    pub busy: usize,
    /// How many load generators there were.
    pub count: usize,
}

impl GeneratorHealth {
    pub(super) fn of(found: &Found) -> Option<Self> {
        let samples = found.samples(Ask::GeneratorCpu);
        let max = samples.iter().map(|sample| sample.value).reduce(f64::max)?;
        let busy = samples.iter().filter(|sample| sample.value > BUSY_PERCENT).count();
        Some(Self { max_cpu_percent: max, busy, count: samples.len() })
    }
}

/// Protocols other than HTTP, as far as the run uses them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OtherProtocols {
    /// WebSocket.
    pub websocket: Option<WebSocketSummary>,
    /// gRPC.
    pub grpc: Option<GrpcSummary>,
    /// Browsers.
    pub browser: Option<BrowserSummary>,
}

/// WebSocket in numbers. What could not be read is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebSocketSummary {
    /// Sessions.
    pub sessions: Option<f64>,
    /// Messages sent.
    pub messages_sent: Option<f64>,
    /// Messages received.
    pub messages_received: Option<f64>,
    /// The 0.95 quantile of the time to connect, in milliseconds.
    pub connecting_p95: Option<f64>,
}

/// gRPC in numbers. What could not be read is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GrpcSummary {
    /// Requests.
    pub requests: Option<f64>,
    /// The mean duration, in milliseconds.
    pub avg: Option<f64>,
    /// The 0.95 quantile of the duration, in milliseconds.
    pub p95: Option<f64>,
}

/// Browsers in numbers: the web vitals at their 0.75 quantile. What could not be read is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BrowserSummary {
    /// Largest contentful paint, in milliseconds.
    pub lcp: Option<f64>,
    /// First contentful paint, in milliseconds.
    pub fcp: Option<f64>,
    /// Cumulative layout shift, without a unit.
    pub cls: Option<f64>,
    /// Time to first byte, in milliseconds.
    pub ttfb: Option<f64>,
    /// Interaction to next paint, in milliseconds.
    pub inp: Option<f64>,
    /// The share of the browsers' requests that failed, from 0 to 1.
    pub failure_share: Option<f64>,
}

fn some_if_known<T: Default + PartialEq>(summary: T) -> Option<T> {
    (summary != T::default()).then_some(summary)
}

impl OtherProtocols {
    pub(super) fn of(found: &Found) -> Self {
        let value = |ask| found.value(ask);
        Self {
            websocket: some_if_known(WebSocketSummary {
                sessions: value(Ask::WsSessions),
                messages_sent: value(Ask::WsSent),
                messages_received: value(Ask::WsReceived),
                connecting_p95: value(Ask::WsConnectingP95),
            }),
            grpc: some_if_known(GrpcSummary {
                requests: value(Ask::GrpcRequests),
                avg: value(Ask::GrpcAvg),
                p95: value(Ask::GrpcP95),
            }),
            browser: some_if_known(BrowserSummary {
                lcp: value(Ask::Lcp),
                fcp: value(Ask::Fcp),
                cls: value(Ask::Cls),
                ttfb: value(Ask::Ttfb),
                inp: value(Ask::Inp),
                failure_share: value(Ask::BrowserFailed),
            }),
        }
    }
}
