//! The series of a run: they follow from its plan, its result and what its seed sets.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub(crate) type Labels = BTreeMap<String, String>;

/// The numbers that a test sets for a run, instead of those that follow from its result.
#[derive(Clone, Debug, Default)]
pub(crate) struct MetricsSeed {
    /// The 0.95 quantile of all HTTP requests, in milliseconds.
    pub(crate) p95: Option<f64>,
    /// From 0 to 1.
    pub(crate) error_share: Option<f64>,
    /// Name, passed, failed.
    pub(crate) checks: Vec<(String, u64, u64)>,
    /// In per cent.
    pub(crate) generator_cpu: Option<f64>,
}

/// Requests that the made-up script makes: name, method, share of all requests, and how long they take
/// compared with the others.
const REQUESTS: &[(&str, &str, f64, f64)] = &[
    ("https://shop.example.com/", "GET", 0.5, 0.6),
    ("https://shop.example.com/login", "POST", 0.2, 1.7),
    ("https://shop.example.com/search", "GET", 0.3, 1.0),
];

/// The other durations of an HTTP request, as shares of the whole.
const PARTS: &[(&str, f64)] = &[
    ("http_req_waiting", 0.9),
    ("http_req_blocked", 0.02),
    ("http_req_connecting", 0.01),
    ("http_req_tls_handshaking", 0.015),
    ("http_req_sending", 0.01),
    ("http_req_receiving", 0.045),
];

/// Web vitals with their usual values.
const VITALS: &[(&str, f64)] = &[
    ("browser_web_vital_lcp", 1_900.0),
    ("browser_web_vital_fcp", 900.0),
    ("browser_web_vital_cls", 0.06),
    ("browser_web_vital_ttfb", 310.0),
    ("browser_web_vital_inp", 120.0),
];

/// How many requests a VU makes per second.
const REQUESTS_PER_VU: f64 = 0.4;

/// A run as its metrics see it.
#[derive(Clone, Debug)]
pub(super) struct RunModel {
    pub(super) id: i64,
    /// When the load began, and when it ended or what time it is.
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    vus: f64,
    browser_vus: f64,
    p95: f64,
    error_share: f64,
    checks: Vec<(String, f64, f64)>,
    generator_cpu: f64,
}

/// What a series holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Data {
    /// Grows by this many for each HTTP request.
    Counter(f64),
    /// Stays at this value.
    Gauge(f64),
    /// Observations for each HTTP request, and the share of them that is not zero.
    Rate(f64, f64),
    /// Observations for each HTTP request, and their scale in milliseconds.
    Trend(f64, f64),
}

impl Data {
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Counter(_) => "counter",
            Self::Gauge(_) => "gauge",
            Self::Rate(..) => "rate",
            Self::Trend(..) => "trend",
        }
    }
}

/// A series with its labels.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) name: &'static str,
    pub(super) labels: Labels,
    pub(super) data: Data,
}

impl RunModel {
    /// Reads a run's JSON. `failed` says whether it breaches a threshold. Returns `None` if the run has not generated load.
    pub(super) fn new(
        run: &Value,
        failed: bool,
        seed: &MetricsSeed,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let entered = |entry: &Value| {
            let time = DateTime::parse_from_rfc3339(entry["entered"].as_str()?);
            time.ok().map(|time| time.to_utc())
        };
        let history = run["status_history"].as_array()?;
        let running = history.iter().position(|entry| entry["type"] == "running")?;
        let start = entered(history.get(running)?)?;
        let end = history.get(running + 1).and_then(entered).unwrap_or(now).max(start);
        let id = run["id"].as_i64()?;
        // A number from 0 to 1 that is always the same for a run.
        let drawn = f64::from(u32::try_from(id.unsigned_abs() % 97).unwrap_or(0)) / 97.0;
        let (bound, bound_of_failures) = bounds(&run["options"]["thresholds"]);
        let default_p95 = match (failed, bound) {
            (true, Some(bound)) => bound * (1.1 + drawn / 2.0),
            (true, None) => 600.0 + 400.0 * drawn,
            (false, bound) => bound.unwrap_or(500.0) * (0.5 + drawn * 0.4),
        };
        let default_share = match (failed, bound, bound_of_failures) {
            (true, None, Some(bound)) => (bound * (1.2 + drawn)).min(1.0),
            (true, ..) => 0.02 + drawn * 0.02,
            (false, _, bound) => (bound.unwrap_or(0.01) * 0.4 * drawn).clamp(0.0, 0.004),
        };
        let error_share = seed.error_share.unwrap_or(default_share).clamp(0.0, 1.0);
        let number = |name: &str| run[name].as_f64().unwrap_or(0.0);
        let mut model = Self {
            id,
            start,
            end,
            vus: number("max_vus").max(1.0),
            browser_vus: number("max_browser_vus"),
            p95: seed.p95.unwrap_or(default_p95).max(0.0),
            error_share,
            checks: Vec::new(),
            generator_cpu: seed.generator_cpu.unwrap_or(35.0 + 20.0 * drawn),
        };
        let whole = model.requests_until(model.seconds_of(end)).max(1.0);
        #[expect(clippy::cast_precision_loss, reason = "counts of a test are small")]
        let counted = seed.checks.iter().map(|(name, passed, failed)| {
            let (passed, all) = (*passed as f64, passed.saturating_add(*failed) as f64);
            (name.clone(), all / whole, if all > 0.0 { passed / all } else { 0.0 })
        });
        model.checks = counted.collect();
        if model.checks.is_empty() {
            model.checks.push(("status is 200".to_owned(), 1.0, 1.0 - error_share));
            model.checks.push(("has a title".to_owned(), 0.5, 1.0));
        }
        Some(model)
    }

    /// Returns the seconds under load until `time`.
    pub(super) fn seconds_of(&self, time: DateTime<Utc>) -> f64 {
        let time = time.clamp(self.start, self.end);
        f64::from(i32::try_from((time - self.start).num_milliseconds()).unwrap_or(i32::MAX))
            / 1000.0
    }

    /// Returns how many HTTP requests were made in the first `seconds` under load: the rate goes up and
    /// down by a tenth, once a minute.
    pub(super) fn requests_until(&self, seconds: f64) -> f64 {
        let wave = 0.1 * 60.0 / TAU * (1.0 - (TAU * seconds / 60.0).cos());
        self.vus * REQUESTS_PER_VU * (seconds + wave)
    }

    /// Returns the value that a 0.95 quantile of all HTTP requests has.
    pub(super) fn p95(&self) -> f64 {
        self.p95
    }

    /// Returns all series.
    pub(super) fn series(&self) -> Vec<Series> {
        let mut all = Vec::new();
        self.add_http(&mut all);
        self.add_checks(&mut all);
        self.add_run(&mut all);
        self.add_browser(&mut all);
        for series in &mut all {
            series.labels.insert("test_run_id".to_owned(), self.id.to_string());
            series.labels.entry("scenario".to_owned()).or_insert_with(|| "default".to_owned());
        }
        all
    }

    fn add_http(&self, all: &mut Vec<Series>) {
        let zones = [("amazon:de:frankfurt", 0.6), ("amazon:ie:dublin", 0.4)];
        for (name, method, share, scale) in REQUESTS {
            for (zone, zone_share) in zones {
                for (status, expected, status_share) in
                    [("200", "true", 1.0 - self.error_share), ("500", "false", self.error_share)]
                {
                    let weight = share * zone_share * status_share;
                    if weight <= 0.0 {
                        continue;
                    }
                    let labels = labels(&[
                        ("name", name),
                        ("url", name),
                        ("method", method),
                        ("status", status),
                        ("expected_response", expected),
                        ("load_zone", zone),
                        ("group", ""),
                        ("proto", "HTTP/2.0"),
                    ]);
                    let mut add = |name, data| {
                        all.push(Series { name, labels: labels.clone(), data });
                    };
                    let failed = if expected == "false" { 1.0 } else { 0.0 };
                    add("http_reqs", Data::Counter(weight));
                    add("http_req_failed", Data::Rate(weight, failed));
                    add("http_req_duration", Data::Trend(weight, *scale));
                    for (part, part_share) in PARTS {
                        add(part, Data::Trend(weight, scale * part_share));
                    }
                }
            }
        }
    }

    fn add_checks(&self, all: &mut Vec<Series>) {
        for (name, weight, share) in &self.checks {
            let labels = labels(&[("check", name), ("group", "")]);
            all.push(Series { name: "checks", labels, data: Data::Rate(*weight, *share) });
        }
    }

    fn add_run(&self, all: &mut Vec<Series>) {
        for (instance, share) in [("0", 0.6), ("1", 0.4)] {
            let labels = labels(&[("instance_id", instance)]);
            let mut add = |name, data| all.push(Series { name, labels: labels.clone(), data });
            add("vus", Data::Gauge((self.vus * share).round()));
            add("vus_max", Data::Gauge((self.vus * share).round()));
            add("load_generator_cpu_percent", Data::Gauge(self.generator_cpu * (share + 0.4)));
            add("load_generator_memory_percent", Data::Gauge(30.0 + share));
            add("load_generator_file_handles", Data::Gauge((self.vus * share * 3.0).round()));
        }
        let mut add = |name, data| all.push(Series { name, labels: Labels::new(), data });
        add("iterations", Data::Counter(1.0 / 3.0));
        add("iteration_duration", Data::Trend(1.0 / 3.0, 4.0));
        add("data_sent", Data::Counter(430.0));
        add("data_received", Data::Counter(5_200.0));
    }

    fn add_browser(&self, all: &mut Vec<Series>) {
        if self.browser_vus <= 0.0 {
            return;
        }
        for (name, value) in VITALS {
            let labels = labels(&[("url", "https://shop.example.com/")]);
            // Scales are those of a request with the run's p95.
            all.push(Series { name, labels, data: Data::Trend(0.01, value / self.p95.max(1.0)) });
        }
        let labels = labels(&[("url", "https://shop.example.com/")]);
        let data = Data::Rate(0.05, self.error_share);
        all.push(Series { name: "browser_http_req_failed", labels, data });
    }
}

fn labels(labels: &[(&str, &str)]) -> Labels {
    labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Returns the bounds of the thresholds on the p95 of durations and on the share of failures.
fn bounds(thresholds: &Value) -> (Option<f64>, Option<f64>) {
    let bound = |metric: &str, aggregation: &str| {
        let expressions = thresholds[metric].as_array()?;
        expressions.iter().find_map(|expression| {
            let text = expression.as_str().or_else(|| expression["threshold"].as_str())?;
            let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            text.strip_prefix(aggregation)?.trim_start_matches(['<', '=']).parse().ok()
        })
    };
    (bound("http_req_duration", "p(95)"), bound("http_req_failed", "rate"))
}
