//! HTTP requests in numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ask::{Ask, Found};

/// The HTTP requests of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HttpSummary {
    /// All requests together.
    pub total: HttpStats,
    /// The most requests per second in any 5 seconds.
    pub peak_requests_per_second: Option<f64>,
    /// The requests by their label `name`, the worst first: those with the highest share of failures,
    /// then those with the highest p95.
    pub by_name: Vec<NamedHttpStats>,
}

/// Requests with the same name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NamedHttpStats {
    /// The label `name`, by default the URL.
    pub name: String,
    /// The numbers.
    #[serde(flatten)]
    pub stats: HttpStats,
}

/// Numbers of HTTP requests. What could not be read is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HttpStats {
    /// How many requests there were.
    pub requests: Option<f64>,
    /// How many of them failed: by default, those with a status of 400 or above or without a response.
    pub failures: Option<f64>,
    /// The share that failed, from 0 to 1.
    pub failure_share: Option<f64>,
    /// Requests per second, on average over the time under load.
    pub requests_per_second: Option<f64>,
    /// How long the requests took, from sending to receiving.
    pub duration: DurationStats,
}

/// A distribution of durations, in milliseconds. What could not be read is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DurationStats {
    /// The shortest.
    pub min: Option<f64>,
    /// The mean.
    pub avg: Option<f64>,
    /// The median. Only read for all requests together.
    pub med: Option<f64>,
    /// The 0.9 quantile. Only read for all requests together.
    pub p90: Option<f64>,
    /// The 0.95 quantile.
    pub p95: Option<f64>,
    /// The 0.99 quantile.
    pub p99: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
    /// The standard deviation.
    pub stddev: Option<f64>,
}

impl HttpSummary {
    /// Makes the summary; `None` if nothing is known of any request. `load_seconds` is the time under
    /// load.
    pub(super) fn of(found: &Found, load_seconds: Option<f64>) -> Option<Self> {
        let mut by_name: Vec<_> = counts(found)
            .into_iter()
            .map(|(name, (requests, failures))| NamedHttpStats {
                stats: HttpStats::new(requests, failures, load_seconds)
                    .with_duration(DurationStats::of_name(found, &name)),
                name,
            })
            .collect();
        let sum = |of: fn(&HttpStats) -> Option<f64>| {
            let values: Vec<f64> = by_name.iter().filter_map(|named| of(&named.stats)).collect();
            (!values.is_empty()).then(|| values.iter().sum())
        };
        let (requests, failures) = (sum(|stats| stats.requests), sum(|stats| stats.failures));
        let total = HttpStats::new(requests, failures, load_seconds)
            .with_duration(DurationStats::of_all(found, &by_name));
        by_name.sort_by(|a, b| {
            let rank = |named: &NamedHttpStats| {
                let stats = &named.stats;
                (stats.failure_share.unwrap_or(0.0), stats.duration.p95.unwrap_or(0.0))
            };
            let ((a_share, a_p95), (b_share, b_p95)) = (rank(a), rank(b));
            b_share.total_cmp(&a_share).then(b_p95.total_cmp(&a_p95)).then(a.name.cmp(&b.name))
        });
        let summary = Self { total, peak_requests_per_second: found.value(Ask::Peak), by_name };
        (summary != Self::default()).then_some(summary)
    }
}

/// Returns requests and failures by name.
fn counts(found: &Found) -> BTreeMap<String, (Option<f64>, Option<f64>)> {
    let mut counts = BTreeMap::new();
    // With the other query, failures that are not listed are not known to be none.
    let from_label = found.has(Ask::Requests) && !found.has(Ask::Failures);
    for sample in found.samples(Ask::Requests) {
        let name = sample.label("name").to_owned();
        let (requests, failures): &mut (Option<f64>, Option<f64>) = counts.entry(name).or_default();
        *requests = Some(requests.unwrap_or(0.0) + sample.value);
        let expects = sample.label("expected_response");
        if from_label && !expects.is_empty() {
            let failed = if expects == "false" { sample.value } else { 0.0 };
            *failures = Some(failures.unwrap_or(0.0) + failed);
        }
    }
    for sample in found.samples(Ask::Failures) {
        counts.entry(sample.label("name").to_owned()).or_default().1 = Some(sample.value);
    }
    for ask in [Ask::DurationP95, Ask::DurationAvg] {
        for sample in found.samples(ask) {
            counts.entry(sample.label("name").to_owned()).or_default();
        }
    }
    counts
}

impl HttpStats {
    fn new(requests: Option<f64>, failures: Option<f64>, load_seconds: Option<f64>) -> Self {
        let divide = |above: Option<f64>, below: Option<f64>| {
            Some(above? / below.filter(|below| *below > 0.0)?)
        };
        Self {
            requests,
            failures,
            failure_share: divide(failures, requests),
            requests_per_second: divide(requests, load_seconds),
            duration: DurationStats::default(),
        }
    }

    fn with_duration(mut self, duration: DurationStats) -> Self {
        self.duration = duration;
        self
    }
}

impl DurationStats {
    fn of_name(found: &Found, name: &str) -> Self {
        let value = |ask| found.labelled(ask, name);
        Self {
            min: value(Ask::DurationMin),
            avg: value(Ask::DurationAvg),
            med: None,
            p90: None,
            p95: value(Ask::DurationP95),
            p99: value(Ask::DurationP99),
            max: value(Ask::DurationMax),
            stddev: value(Ask::DurationStddev),
        }
    }

    /// Quantiles are asked for. The rest follows exactly from the groups, which saves four queries.
    fn of_all(found: &Found, by_name: &[NamedHttpStats]) -> Self {
        let groups: Vec<&HttpStats> = by_name.iter().map(|named| &named.stats).collect();
        let (avg, stddev) = pooled(&groups);
        let durations = || groups.iter().map(|stats| &stats.duration);
        Self {
            min: durations().filter_map(|duration| duration.min).reduce(f64::min),
            avg,
            med: found.value(Ask::TotalMed),
            p90: found.value(Ask::TotalP90),
            p95: found.value(Ask::TotalP95),
            p99: found.value(Ask::TotalP99),
            max: durations().filter_map(|duration| duration.max).reduce(f64::max),
            stddev,
        }
    }
}

/// Returns mean and standard deviation of the union of groups.
fn pooled(groups: &[&HttpStats]) -> (Option<f64>, Option<f64>) {
    let sum = |term: &dyn Fn(&HttpStats) -> Option<f64>| -> Option<f64> {
        groups.iter().map(|stats| Some(stats.requests? * term(stats)?)).sum()
    };
    let count = sum(&|_| Some(1.0)).filter(|count| *count > 0.0);
    let mean = |term: &dyn Fn(&HttpStats) -> Option<f64>| Some(sum(term)? / count?);
    let avg = mean(&|stats| stats.duration.avg);
    let square = mean(&|stats| {
        let (avg, stddev) = (stats.duration.avg?, stats.duration.stddev?);
        Some(stddev * stddev + avg * avg)
    });
    let stddev = square.zip(avg).map(|(square, avg)| (square - avg * avg).max(0.0).sqrt());
    (avg, stddev)
}

#[cfg(test)]
mod tests {
    use super::{DurationStats, HttpStats, pooled};

    fn group(values: &[f64]) -> HttpStats {
        let count = values.iter().map(|_| 1.0).sum::<f64>();
        let avg = values.iter().sum::<f64>() / count;
        let square = values.iter().map(|value| (value - avg) * (value - avg)).sum::<f64>() / count;
        let duration = DurationStats {
            avg: Some(avg),
            stddev: Some(square.sqrt()),
            ..DurationStats::default()
        };
        HttpStats { requests: Some(count), duration, ..HttpStats::default() }
    }

    #[test]
    fn mean_and_deviation_are_those_of_all_values_together() {
        let (a, b) = (group(&[1.0, 2.0, 6.0]), group(&[10.0]));
        let all = group(&[1.0, 2.0, 6.0, 10.0]).duration;
        let (avg, stddev) = pooled(&[&a, &b]);
        assert!((avg.expect("a mean") - all.avg.expect("a mean")).abs() < 1e-9);
        assert!((stddev.expect("a deviation") - all.stddev.expect("a deviation")).abs() < 1e-9);
        assert_eq!(pooled(&[]), (None, None));
        assert_eq!(pooled(&[&a, &HttpStats::default()]), (None, None), "a group is not known");
    }
}
