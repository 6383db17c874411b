//! Fills a report with what the client returns.

use k6_cloud::Verdict;
use k6_cloud::metrics::{
    Change, Comparison, DurationStats, HttpStats, Missing, NamedHttpStats, RunSummary, Series,
    Threshold, Unit,
};
use k6_cloud::types::TestRun;

use super::model::{
    ApiReason, BaselineRun, ChangeRow, CheckRow, ComparisonTable, Conclusion, DurationNumbers,
    LoadNumbers, Report, ReportedRun, RequestNumbers, RequestRow, SeriesPoint, ThresholdRow,
};

impl From<&Verdict> for Conclusion {
    fn from(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::Passed,
            Verdict::ThresholdsFailed { .. } => Self::ThresholdsFailed,
            Verdict::Aborted { .. } => Self::Aborted,
            Verdict::Errored { .. } => Self::Errored,
            _ => Self::Unknown,
        }
    }
}

impl From<&Verdict> for ApiReason {
    fn from(verdict: &Verdict) -> Self {
        let (code, by) = match verdict {
            Verdict::ThresholdsFailed { code, .. } | Verdict::Errored { code, .. } => (*code, None),
            Verdict::Aborted { code, by, .. } => (*code, by.clone()),
            _ => (None, None),
        };
        Self { code, message: verdict.message().map(ToOwned::to_owned), by }
    }
}

impl Report {
    /// Sets the run, the API's reason, and the ids that the run knows. The verdict stays.
    pub fn set_run(&mut self, run: &TestRun, url: Option<String>) {
        let reason = ApiReason::from(&run.verdict());
        self.api = (reason != ApiReason::default()).then_some(reason);
        self.run = Some(ReportedRun {
            id: run.id,
            url,
            status: run.status.to_string(),
            result: run.result.as_ref().map(ToString::to_string),
            started_by: run.started_by.clone(),
            created: run.created,
            ended: run.ended,
        });
        self.load.max_vus = run.max_vus;
        self.load.vuh = run.cost.as_ref().map(|cost| cost.total_vuh.into());
    }

    /// Sets the numbers, thresholds and checks, and adds what could not be read to the notices.
    pub fn set_summary(&mut self, summary: &RunSummary) {
        let checks = summary.checks.as_ref();
        self.load = LoadNumbers {
            seconds: summary.run.load_seconds,
            max_vus: summary.load.max_vus,
            vuh: self.load.vuh,
            iterations: summary.load.iterations,
            data_sent_bytes: summary.load.data_sent_bytes,
            data_received_bytes: summary.load.data_received_bytes,
            peak_requests_per_second: summary
                .http
                .as_ref()
                .and_then(|http| http.peak_requests_per_second),
            checks: checks.and_then(|checks| checks.total),
            checks_passed: checks.and_then(|checks| checks.passed),
        };
        self.total = summary.http.as_ref().map(|http| (&http.total).into());
        self.requests =
            summary.http.iter().flat_map(|http| &http.by_name).map(Into::into).collect();
        self.thresholds = summary.thresholds.iter().map(Into::into).collect();
        self.checks = checks.iter().flat_map(|checks| &checks.by_name).map(Into::into).collect();
        self.notices.extend(summary.warnings.iter().cloned());
        self.notices.extend(notice_of(&summary.missing));
    }
}

/// Returns one notice for all that could not be read. If one endpoint is down, everything is missing.
fn notice_of(missing: &[Missing]) -> Option<String> {
    let first = missing.first()?;
    let mut names: Vec<_> = missing.iter().take(3).map(|missing| missing.what.clone()).collect();
    if missing.len() > names.len() {
        names.push(format!("{} more", missing.len() - names.len()));
    }
    Some(format!("{} could not be read: {}", names.join(", "), first.why))
}

impl From<&k6_cloud::metrics::Check> for CheckRow {
    fn from(check: &k6_cloud::metrics::Check) -> Self {
        Self { name: check.name.clone(), passed: check.passed, total: check.total }
    }
}

impl From<&HttpStats> for RequestNumbers {
    fn from(stats: &HttpStats) -> Self {
        Self {
            requests: stats.requests,
            failures: stats.failures,
            failure_share: stats.failure_share,
            requests_per_second: stats.requests_per_second,
            duration_ms: (&stats.duration).into(),
        }
    }
}

impl From<&DurationStats> for DurationNumbers {
    fn from(stats: &DurationStats) -> Self {
        Self {
            min: stats.min,
            avg: stats.avg,
            med: stats.med,
            p90: stats.p90,
            p95: stats.p95,
            p99: stats.p99,
            max: stats.max,
        }
    }
}

impl From<&NamedHttpStats> for RequestRow {
    fn from(named: &NamedHttpStats) -> Self {
        Self { name: named.name.clone(), numbers: (&named.stats).into() }
    }
}

impl From<&Threshold> for ThresholdRow {
    fn from(threshold: &Threshold) -> Self {
        Self {
            metric: threshold.metric.clone(),
            expression: threshold.expression.clone(),
            value: threshold.value,
            unit: unit_of(&threshold.metric, &threshold.expression),
            held: threshold.held,
            headroom_percent: threshold.headroom_percent,
            abort_on_fail: threshold.abort_on_fail,
            note: threshold.note.clone(),
        }
    }
}

/// Returns the unit of a threshold's value; `None` for metrics that the script defines.
fn unit_of(metric: &str, expression: &str) -> Option<Unit> {
    let name = metric.split('{').next().unwrap_or_default().trim();
    let aggregation = expression.trim_start();
    match name {
        "http_req_failed" | "checks" | "browser_http_req_failed" => Some(Unit::Share),
        "http_reqs" | "iterations" | "dropped_iterations" if aggregation.starts_with("rate") => {
            Some(Unit::PerSecond)
        }
        "http_reqs" | "iterations" | "dropped_iterations" | "vus" => Some(Unit::Count),
        "iteration_duration" | "group_duration" | "grpc_req_duration" => Some(Unit::Milliseconds),
        name if name.starts_with("http_req_") => Some(Unit::Milliseconds),
        _ => None,
    }
}

impl ComparisonTable {
    /// Makes the table of a comparison. `url` is the address of the baseline's page.
    pub fn new(comparison: &Comparison, url: Option<String>) -> Self {
        Self {
            baseline: BaselineRun { id: comparison.baseline, url, created: None },
            changes: comparison.changes.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Change> for ChangeRow {
    fn from(change: &Change) -> Self {
        Self {
            what: change.what.clone(),
            unit: change.unit,
            before: change.before,
            after: change.after,
            percent: change.percent,
            direction: change.direction,
        }
    }
}

/// Returns the points of a series. A value that is not a number is a gap.
pub fn points_of(series: &Series) -> Vec<SeriesPoint> {
    let points = series.points.iter();
    points
        .map(|point| SeriesPoint {
            at: point.time,
            value: Some(point.value).filter(|value| value.is_finite()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use k6_cloud::metrics::Unit;

    use super::unit_of;

    #[test]
    fn unit_of_a_threshold_follows_metric_and_aggregation() {
        for (metric, expression, unit) in [
            ("http_req_duration", "p(95)<500", Some(Unit::Milliseconds)),
            ("http_req_duration{name:login}", "avg<400", Some(Unit::Milliseconds)),
            ("http_req_failed", "rate<0.01", Some(Unit::Share)),
            ("checks{group:cart}", "rate>0.9", Some(Unit::Share)),
            ("http_reqs", "count>100", Some(Unit::Count)),
            ("http_reqs", " rate>10", Some(Unit::PerSecond)),
            ("queue_wait", "p(95)<500", None),
            ("data_sent", "count<1000", None),
        ] {
            assert_eq!(unit_of(metric, expression), unit, "{metric} {expression}");
        }
    }
}
