//! Judges thresholds, and says what puts the numbers in doubt.

use futures_util::future::join_all;

use super::super::response::{MetricType, RunMetric};
use super::super::text;
use super::super::threshold::{Aggregation, Definition, Observed, Parsed, Threshold, definitions};
use super::RunSummary;
use crate::types::TestRun;
use crate::{Client, RunResult, TestRunId};

/// Judges all thresholds of the run: by values of the summary, or else by queries of their own.
pub(super) async fn judge(
    client: &Client,
    run: &TestRun,
    metrics: Option<&[RunMetric]>,
    summary: &RunSummary,
) -> Vec<Threshold> {
    let judged = definitions(run.options.as_ref()).into_iter().map(|definition| async {
        let observed = match &definition.parsed {
            Ok(parsed) => observe(client, run.id, metrics, summary, parsed).await,
            // The definition itself says what is wrong.
            Err(_) => Observed::Never,
        };
        Definition::judge(definition, observed)
    });
    join_all(judged).await
}

async fn observe(
    client: &Client,
    run: TestRunId,
    metrics: Option<&[RunMetric]>,
    summary: &RunSummary,
    parsed: &Parsed,
) -> Observed {
    if let Some(value) = known(summary, parsed) {
        return Observed::Value(value);
    }
    let kind = match metrics {
        Some(metrics) => match metrics.iter().find(|metric| metric.name == parsed.name) {
            Some(metric) => metric.kind.clone(),
            None => return Observed::Never,
        },
        None => match usual_type(&parsed.name) {
            Some(kind) => kind,
            None => return Observed::Unreadable("the type of the metric is not known".to_owned()),
        },
    };
    let Some(query) = parsed.query(&kind) else {
        return Observed::Unreadable(format!(
            "the aggregation does not fit a metric of type {kind}"
        ));
    };
    match client.query_aggregate(run, query).send().await {
        Ok(samples) => match samples.first().map(|sample| sample.value) {
            Some(value) if !value.is_nan() => Observed::Value(value),
            None if !parsed.tags.is_empty() => Observed::NoSeries,
            _ => Observed::Never,
        },
        Err(error) => Observed::Unreadable(error.to_string()),
    }
}

/// Returns the value if the summary has it.
fn known(summary: &RunSummary, parsed: &Parsed) -> Option<f64> {
    if !parsed.tags.is_empty() {
        return None;
    }
    let total = || summary.http.as_ref().map(|http| &http.total);
    match (&*parsed.name, parsed.aggregation) {
        ("http_reqs", Aggregation::Count) => total()?.requests,
        ("http_req_failed", Aggregation::Rate) => total()?.failure_share,
        ("http_req_duration", aggregation) => {
            let duration = &total()?.duration;
            match aggregation {
                Aggregation::Avg => duration.avg,
                Aggregation::Min => duration.min,
                Aggregation::Max => duration.max,
                Aggregation::Percentile(50.0) => duration.med,
                Aggregation::Percentile(90.0) => duration.p90,
                Aggregation::Percentile(95.0) => duration.p95,
                Aggregation::Percentile(99.0) => duration.p99,
                _ => None,
            }
        }
        ("checks", Aggregation::Rate) => summary.checks.as_ref()?.share(),
        ("iterations", Aggregation::Count) => summary.load.iterations,
        ("data_sent", Aggregation::Count) => summary.load.data_sent_bytes,
        ("data_received", Aggregation::Count) => summary.load.data_received_bytes,
        _ => None,
    }
}

/// Returns the type of a metric that k6 makes itself.
fn usual_type(name: &str) -> Option<MetricType> {
    Some(match name {
        "http_reqs" | "iterations" | "dropped_iterations" | "data_sent" | "data_received" => {
            MetricType::Counter
        }
        "http_req_failed" | "checks" => MetricType::Rate,
        "vus" | "vus_max" => MetricType::Gauge,
        "iteration_duration" | "group_duration" | "grpc_req_duration" => MetricType::Trend,
        name if name.starts_with("http_req_") => MetricType::Trend,
        _ => return None,
    })
}

/// Returns what puts the numbers in doubt.
pub(super) fn warnings(summary: &RunSummary) -> Vec<String> {
    let mut warnings = Vec::new();
    if !summary.run.is_final {
        warnings.push(format!(
            "the run has not ended (it is {}): the numbers will change",
            summary.run.status
        ));
    }
    if let Some(generators) = summary.generators.as_ref().filter(|health| health.busy > 0) {
        warnings.push(format!(
            "{} of {} load generators were above 80 % CPU, up to {} %: the durations may be too long",
            generators.busy,
            generators.count,
            text::number(generators.max_cpu_percent)
        ));
    }
    warnings.extend(contradiction(summary));
    warnings
}

/// Returns where the computed values contradict the run's result.
fn contradiction(summary: &RunSummary) -> Option<String> {
    let thresholds = &summary.thresholds;
    let breached = thresholds.iter().filter(|threshold| threshold.held == Some(false)).count();
    let all_held =
        !thresholds.is_empty() && thresholds.iter().all(|threshold| threshold.held == Some(true));
    let what = match &summary.run.result {
        Some(RunResult::Passed) if breached > 0 => {
            format!("the run passed, but {breached} of its thresholds look breached")
        }
        Some(RunResult::Failed) if all_held => {
            "the run breached a threshold, but all of them look held".to_owned()
        }
        _ => return None,
    };
    Some(format!(
        "{what}: the values here come from histograms, and the run's result is the verdict"
    ))
}
