//! The endpoints for metrics, which no description has: what is known of them stands here.

mod calls;
mod shapes;

use self::calls::Call;
use self::shapes::{LABEL_SETS, LOAD_TEST_METRICS, MATRIX, RUN_METRICS, STRINGS, Shapes, VECTOR};
use crate::description::Description;
use crate::finding::{Finding, Kind, media_type};
use crate::service::{RawResponse, encode};
use crate::survey::{Survey, client_error};

/// The operations and their paths.
pub(crate) const OPERATIONS: &[(&str, &str)] = &[
    ("list_run_metrics", "/cloud/v5/test_runs/{id}/metrics"),
    ("list_load_test_metrics", "/cloud/v5/load_tests/{id}/metrics"),
    ("list_series", "/cloud/v5/test_runs/{id}/series"),
    ("list_series_labels", "/cloud/v5/test_runs/{id}/labels"),
    ("list_label_values", "/cloud/v5/test_runs/{id}/label/{label}/values"),
    ("query_range", "/cloud/v5/test_runs/{id}/query_range_k6(...)"),
    ("query_aggregate", "/cloud/v5/test_runs/{id}/query_aggregate_k6(...)"),
    ("query_load_test", "/cloud/v5/load_tests/{id}/query_aggregate_k6(...)"),
];

/// The methods of each type.
const METHODS: &[(&str, &[&str])] = &[
    ("counter", &["increase", "rate", "value", "cumrate", "max_rate(5)"]),
    ("gauge", &["last", "min", "max", "avg", "last_time"]),
    (
        "rate",
        &[
            "ratio",
            "increase_total",
            "increase_nz",
            "increase_z",
            "rate_total",
            "rate_nz",
            "rate_z",
            "value_total",
            "value_nz",
            "value_z",
        ],
    ),
    (
        "trend",
        &[
            "histogram_min",
            "histogram_max",
            "histogram_avg",
            "histogram_stddev",
            "histogram_quantile(0.95)",
            "histogram_count_increase",
            "histogram_count_value",
        ],
    ),
];

/// The runs that are tried until one has metrics.
const MAX_RUNS: usize = 10;

/// A request for metrics.
struct Wanted {
    operation: &'static str,
    /// The request as it may be shown.
    case: String,
    target: String,
    shape: usize,
    call: Call,
}

/// Checks the endpoints on one run.
pub(crate) async fn check(survey: &mut Survey<'_>) {
    if !OPERATIONS.iter().any(|(id, _)| survey.wants(id)) {
        return;
    }
    let shapes = match Shapes::new() {
        Ok(shapes) => shapes,
        Err(problem) => return survey.note("list_run_metrics", &problem),
    };
    let Some((run, load_test, metrics)) = find_run(survey).await else {
        for (id, _) in OPERATIONS {
            survey.note(id, "the account has no run that has ended");
        }
        return;
    };
    if metrics.is_empty() {
        for id in ["list_series", "query_range", "query_aggregate", "query_load_test"] {
            survey.note(id, "no run with metrics was found");
        }
    }
    for wanted in wanted(run, load_test, &metrics) {
        if survey.wants(wanted.operation) {
            wanted.check(survey, &shapes).await;
        }
    }
}

/// Returns a run with metrics, its load test, and the name of a metric of each type.
async fn find_run(survey: &Survey<'_>) -> Option<(i64, i64, Vec<(String, String)>)> {
    let ended: Vec<_> = survey
        .resources
        .rows("test_runs")
        .iter()
        .filter(|run| !run["ended"].is_null())
        .filter_map(|run| Some((run["id"].as_i64()?, run["test_id"].as_i64()?)))
        .take(MAX_RUNS)
        .collect();
    let first = ended.first().copied();
    for (run, load_test) in ended {
        let request = survey.service.request(format!("/cloud/v5/test_runs/{run}/metrics"));
        let Some(body) = survey.service.send(&request).await.and_then(|response| response.json())
        else {
            continue;
        };
        let mut found: Vec<(String, String)> = Vec::new();
        for metric in body["value"].as_array().into_iter().flatten() {
            if let (Some(name), Some(kind)) = (metric["name"].as_str(), metric["type"].as_str())
                && !found.iter().any(|(_, known)| known == kind)
            {
                found.push((name.to_owned(), kind.to_owned()));
            }
        }
        if !found.is_empty() {
            return Some((run, load_test, found));
        }
    }
    // Its responses are checked, although no metric can be read from them.
    first.map(|(run, load_test)| (run, load_test, Vec::new()))
}

fn quoted(text: &str) -> String {
    // A quote is doubled, and what a path can have as it is stays.
    let text = encode(&text.replace('\'', "''"));
    let text = ["2C,", "28(", "29)", "3D=", "27'", "5B[", "5D]"]
        .iter()
        .fold(text, |text, pair| text.replace(&format!("%{}", &pair[..2]), &pair[2..]));
    format!("'{text}'")
}

fn wanted(run: i64, load_test: i64, metrics: &[(String, String)]) -> Vec<Wanted> {
    let of_run = format!("/cloud/v5/test_runs/{run}");
    let of_load_test = format!("/cloud/v5/load_tests/{load_test}");
    let mut all = Vec::new();
    let mut add = |operation, case: &str, target: String, shape, call| {
        all.push(Wanted { operation, case: case.to_owned(), target, shape, call });
    };
    add(
        "list_run_metrics",
        "a run",
        format!("{of_run}/metrics"),
        RUN_METRICS,
        Call::RunMetrics(run),
    );
    add(
        "list_load_test_metrics",
        "a load test",
        format!("{of_load_test}/metrics"),
        LOAD_TEST_METRICS,
        Call::LoadTestMetrics(load_test),
    );
    add("list_series_labels", "a run", format!("{of_run}/labels"), STRINGS, Call::Labels(run));
    let label = "__name__";
    add(
        "list_label_values",
        "the label __name__",
        format!("{of_run}/label/{label}/values"),
        STRINGS,
        Call::LabelValues(run, label.to_owned()),
    );
    for (name, kind) in metrics {
        let target = format!("{of_run}/series?match%5B%5D={}", encode(name));
        add("list_series", kind_of(kind), target, LABEL_SETS, Call::Series(run, name.clone()));
        for (of, methods) in METHODS {
            // A method of another type returns an empty result.
            let methods = if of == kind { *methods } else { &methods[..1] };
            for method in methods {
                let case = format!("`{method}` of a {}", kind_of(kind));
                let parameters = format!("query={},metric={}", quoted(method), quoted(name));
                let (query, metric) = ((*method).to_owned(), name.clone());
                let target = format!("{of_run}/query_range_k6({parameters})");
                add(
                    "query_range",
                    &case,
                    target,
                    MATRIX,
                    Call::Range(run, query.clone(), metric.clone()),
                );
                let target = format!("{of_run}/query_aggregate_k6({parameters})");
                add(
                    "query_aggregate",
                    &case,
                    target,
                    VECTOR,
                    Call::Aggregate(run, query.clone(), metric.clone()),
                );
                if of == kind && *method == methods[0] {
                    let target =
                        format!("{of_load_test}/query_aggregate_k6({parameters},test_run_count=3)");
                    add(
                        "query_load_test",
                        &case,
                        target,
                        VECTOR,
                        Call::LoadTest(load_test, query, metric),
                    );
                }
            }
        }
    }
    all
}

/// The type of a metric, if it is one that k6 has.
fn kind_of(kind: &str) -> &'static str {
    METHODS
        .iter()
        .map(|(name, _)| *name)
        .find(|name| *name == kind)
        .unwrap_or("metric of another type")
}

impl Wanted {
    async fn check(&self, survey: &mut Survey<'_>, shapes: &Shapes) {
        let request = survey.service.request(self.target.clone());
        let Some(response) = survey.send(self.operation, &self.case, &request).await else {
            return;
        };
        if !response.is_success() {
            let finding = Finding::new(Kind::Status, "200", response.status.to_string());
            return survey.add(self.operation, &self.case, finding);
        }
        for finding in self.shape(survey.description, shapes, &response) {
            survey.add(self.operation, &self.case, finding);
        }
        survey.relay.replay(response.clone());
        let read = Box::pin(self.call.send(survey.relay.client())).await;
        let exchanges = survey.relay.take();
        let sent = exchanges.first().map(|one| match one.query.is_empty() {
            true => one.path.clone(),
            false => format!("{}?{}", one.path, one.query),
        });
        if sent.is_none_or(|sent| !same_target(&sent, &self.target)) {
            let finding = Finding::new(Kind::ClientRequest, "the known path", "another path");
            survey.add(self.operation, &self.case, finding);
        }
        let finding = match read {
            Err(error) => Some(client_error(&error, survey.description)),
            Ok(read) if !self.call.matches(&response.json().unwrap_or_default(), &read) => {
                Some(Finding::new(Kind::ClientValue, "the values of the response", "other values"))
            }
            Ok(_) => None,
        };
        if let Some(finding) = finding {
            survey.add(self.operation, &self.case, finding);
        }
    }

    fn shape(
        &self,
        description: &Description,
        shapes: &Shapes,
        response: &RawResponse,
    ) -> Vec<Finding> {
        let found = response
            .header("content-type")
            .map_or_else(|| "no content type".to_owned(), media_type);
        if found != "application/json" {
            return vec![Finding::new(Kind::MediaType, "application/json", found)];
        }
        let Some(body) = response.json() else {
            return vec![Finding::new(Kind::NotJson, "JSON", "other text")];
        };
        let schema = shapes.lists[self.shape];
        let mut findings = description.validate_with(&shapes.schemas, &body, schema);
        for finding in &mut findings {
            // The pointer is into a schema of this program, not of the description.
            finding.schema = None;
        }
        findings
    }
}

fn same_target(a: &str, b: &str) -> bool {
    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    decoded(a) == decoded(b)
}
