//! The metrics endpoints, version v5: they have no OpenAPI description, so their syntax is checked
//! here, as strictly as the service checks it.
//!
//! The numbers follow from the run: the rate of requests from its VUs, the p95 and the share of
//! failures from its result and thresholds. They are the same every time, and only change with the
//! time under load.

mod evaluate;
mod expression;
mod parameters;
mod seeding;
mod selector;
mod series;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use self::evaluate::{Evaluation, Window, seconds_since_1970};
use self::expression::Expression;
use self::parameters::{Parameters, decode};
use self::selector::Selector;
pub(crate) use self::series::MetricsSeed;
use self::series::RunModel;
use crate::error::{ApiError, json_response};

const PREFIX: &str = "/cloud/v5/";

/// How many values a range has at most.
const MAX_STEPS: u32 = 11_000;

/// The ids of the operations, which faults name.
pub(crate) const OPERATIONS: &[&str] = &[
    "list_run_metrics",
    "list_load_test_metrics",
    "list_series",
    "list_series_labels",
    "list_label_values",
    "query_range",
    "query_aggregate",
    "query_load_test",
];

/// A run of the fake, as far as its metrics need it.
pub(crate) struct MetricsRun {
    /// The run as the API shows it.
    pub(crate) json: Value,
    /// Whether the run breaches a threshold, now or later.
    pub(crate) fails: bool,
    pub(crate) seed: MetricsSeed,
}

/// Where the runs come from.
pub(crate) trait Runs {
    /// Returns the run.
    fn run(&self, id: i64) -> Option<MetricsRun>;

    /// Returns the last runs of a load test, newest first; `None` if it does not exist.
    fn last_runs(&self, load_test: i64, count: usize) -> Option<Vec<MetricsRun>>;
}

/// Returns the id of the operation at a path of version v5.
pub(crate) fn operation(path: &str) -> Option<&'static str> {
    let mut segments = path.strip_prefix(PREFIX)?.split('/');
    let (kind, _, call) = (segments.next()?, segments.next()?, segments.next()?);
    let call = call.split('(').next()?;
    Some(match (kind, call, segments.clone().count()) {
        ("test_runs", "metrics", 0) => "list_run_metrics",
        ("load_tests", "metrics", 0) => "list_load_test_metrics",
        ("test_runs", "series", 0) => "list_series",
        ("test_runs", "labels", 0) => "list_series_labels",
        ("test_runs", "label", 2) if segments.nth(1) == Some("values") => "list_label_values",
        ("test_runs", "query_range_k6", 0) => "query_range",
        ("test_runs", "query_aggregate_k6", 0) => "query_aggregate",
        ("load_tests", "query_aggregate_k6", 0) => "query_load_test",
        _ => return None,
    })
}

/// Responds to a request of version v5.
pub(crate) fn respond(
    operation: &str,
    parts: &Parts,
    runs: &dyn Runs,
    now: DateTime<Utc>,
) -> Result<Response, ApiError> {
    if parts.method != axum::http::Method::GET {
        let message = format!("{} does not allow {}", parts.uri.path(), parts.method);
        return Err(ApiError::method_not_allowed(message, "GET".to_owned()));
    }
    let mut segments = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default().split('/');
    let id = segments.nth(1).unwrap_or_default();
    let call = segments.next().unwrap_or_default();
    let id = id.parse().map_err(|_| ApiError::validation("id", format!("{id:?} is not an id")))?;
    let request = MetricsRequest { id, call, query: parts.uri.query(), runs, now };
    let body = match operation {
        "list_run_metrics" => request.run_metrics(),
        "list_load_test_metrics" => request.load_test_metrics(),
        "list_series" => request.series(),
        "list_series_labels" => request.labels(),
        "list_label_values" => request.label_values(segments.next().unwrap_or_default()),
        "query_range" => request.range(),
        "query_aggregate" => request.aggregate(),
        _ => request.aggregate_load_test(),
    };
    Ok(json_response(StatusCode::OK, &body?))
}

struct MetricsRequest<'r> {
    id: i64,
    /// The segment with the parameters.
    call: &'r str,
    query: Option<&'r str>,
    runs: &'r dyn Runs,
    now: DateTime<Utc>,
}

fn success(data: Value) -> Value {
    json!({ "status": "success", "data": data })
}

impl MetricsRequest<'_> {
    /// Returns the run; the inner `None` is one that has not generated load.
    fn run(&self) -> Result<Option<RunModel>, ApiError> {
        let run = self.runs.run(self.id);
        let run = run.ok_or_else(|| ApiError::not_found(format!("there is no run {}", self.id)))?;
        Ok(self.model(&run))
    }

    fn model(&self, run: &MetricsRun) -> Option<RunModel> {
        RunModel::new(&run.json, run.fails, &run.seed, self.now)
    }

    fn run_metrics(&self) -> Result<Value, ApiError> {
        self.no_query()?;
        self.parameters(&[])?;
        let mut metrics = BTreeMap::new();
        for series in self.run()?.iter().flat_map(RunModel::series) {
            metrics.insert(series.name, series.data.type_name());
        }
        let metrics: Vec<Value> = metrics
            .into_iter()
            .enumerate()
            .map(|(index, (name, kind))| {
                json!({
                    "id": format!("00000000-0000-4000-8000-{index:012}"),
                    "name": name,
                    "origin": "builtin",
                    "test_run_id": self.id,
                    "type": kind,
                })
            })
            .collect();
        Ok(json!({ "value": metrics }))
    }

    fn load_test_metrics(&self) -> Result<Value, ApiError> {
        self.no_query()?;
        let parameters = self.parameters(&["test_run_count", "test_run_ids"])?;
        let runs = self.selected(&parameters, Some(30))?;
        let mut metrics: BTreeMap<&str, (&str, BTreeSet<String>)> = BTreeMap::new();
        // The newest run comes first, and has the type.
        for series in runs.iter().flat_map(RunModel::series) {
            let (_, labels) =
                metrics.entry(series.name).or_insert((series.data.type_name(), BTreeSet::new()));
            labels.extend(series.labels.into_keys());
        }
        let metrics: Vec<Value> = metrics
            .into_iter()
            .map(|(name, (kind, labels))| json!({ "name": name, "type": kind, "labels": labels }))
            .collect();
        Ok(json!({ "value": metrics }))
    }

    /// Returns the series that match, with their name as a label.
    fn matching(&self, is_required: bool) -> Result<Vec<BTreeMap<String, String>>, ApiError> {
        self.parameters(&[])?;
        let selectors = self.selectors()?;
        if selectors.is_empty() && is_required {
            return Err(ApiError::validation("match[]", "match[] is required"));
        }
        let series = self.run()?.map(|run| run.series()).unwrap_or_default();
        let matching = series.into_iter().filter(|series| {
            let matches = |selector: &Selector| selector.matches(series.name, &series.labels);
            selectors.is_empty() || selectors.iter().any(matches)
        });
        let with_name = matching.map(|mut series| {
            series.labels.insert("__name__".to_owned(), series.name.to_owned());
            series.labels
        });
        Ok(with_name.collect())
    }

    fn series(&self) -> Result<Value, ApiError> {
        Ok(success(json!(self.matching(true)?)))
    }

    fn labels(&self) -> Result<Value, ApiError> {
        let series = self.matching(false)?;
        let names: BTreeSet<String> = series.into_iter().flat_map(BTreeMap::into_keys).collect();
        Ok(success(json!(names)))
    }

    fn label_values(&self, label: &str) -> Result<Value, ApiError> {
        let label = decode("label", label)?;
        let series = self.matching(false)?;
        let values: BTreeSet<String> =
            series.into_iter().filter_map(|mut labels| labels.remove(&label)).collect();
        Ok(success(json!(values)))
    }

    fn range(&self) -> Result<Value, ApiError> {
        self.no_query()?;
        let parameters = self.parameters(&["query", "metric", "step", "start", "end"])?;
        let (expression, selector) = read_query(&parameters)?;
        let step = parameters.positive("step")?.unwrap_or(5);
        let (start, end) = (parameters.time("start")?, parameters.time("end")?);
        let Some(run) = self.run()? else { return Ok(matrix("matrix", Vec::new())) };
        let whole = window(&run, start, end);
        if whole.to - whole.from > f64::from(step) * f64::from(MAX_STEPS) {
            return Err(ApiError::validation("step", "the step is too short for the window"));
        }
        let mut series: BTreeMap<BTreeMap<String, String>, Vec<Value>> = BTreeMap::new();
        let evaluation = Evaluation::new(&run, &selector, &expression);
        let mut from = whole.from;
        while from < whole.to {
            let to = (from + f64::from(step)).min(whole.to);
            for group in evaluation.over(Window { from, to }) {
                let pair = json!([time_of(&run, from), group.value]);
                series.entry(group.labels).or_default().push(pair);
            }
            from = to;
        }
        let series = series.into_iter();
        let series = series.map(|(metric, values)| json!({ "metric": metric, "values": values }));
        Ok(matrix("matrix", series.collect()))
    }

    fn aggregate(&self) -> Result<Value, ApiError> {
        self.no_query()?;
        let parameters = self.parameters(&["query", "metric", "start", "end"])?;
        let (expression, selector) = read_query(&parameters)?;
        let (start, end) = (parameters.time("start")?, parameters.time("end")?);
        let Some(run) = self.run()? else { return Ok(matrix("vector", Vec::new())) };
        let window = window(&run, start, end);
        Ok(matrix("vector", vector(&run, &selector, &expression, window)))
    }

    fn aggregate_load_test(&self) -> Result<Value, ApiError> {
        self.no_query()?;
        let parameters = self.parameters(&["query", "metric", "test_run_count", "test_run_ids"])?;
        let (expression, selector) = read_query(&parameters)?;
        let runs = self.selected(&parameters, None)?;
        let values = runs
            .iter()
            .flat_map(|run| vector(run, &selector, &expression, window(run, None, None)));
        Ok(matrix("vector", values.collect()))
    }

    fn parameters(&self, allowed: &[&str]) -> Result<Parameters, ApiError> {
        Ok(Parameters::read(self.call, allowed)?.1)
    }

    /// Returns the runs of a load test that the parameters choose.
    fn selected(
        &self,
        parameters: &Parameters,
        by_default: Option<usize>,
    ) -> Result<Vec<RunModel>, ApiError> {
        let count = parameters.positive("test_run_count")?;
        let ids = parameters.ids("test_run_ids")?;
        let last = |count: usize| {
            let runs = self.runs.last_runs(self.id, count);
            runs.ok_or_else(|| ApiError::not_found(format!("there is no load test {}", self.id)))
        };
        let runs = match (count, ids, by_default) {
            (Some(_), Some(_), _) => {
                let message = "test_run_count and test_run_ids exclude each other";
                return Err(ApiError::validation("test_run_ids", message));
            }
            (Some(count), ..) => last(usize::try_from(count).unwrap_or(usize::MAX))?,
            (None, Some(ids), _) => {
                last(0)?;
                let runs = ids.iter().filter_map(|id| self.runs.run(*id));
                runs.filter(|run| run.json["test_id"] == json!(self.id)).collect()
            }
            (None, None, Some(count)) => last(count)?,
            (None, None, None) => {
                let message = "test_run_count or test_run_ids is required";
                return Err(ApiError::validation("test_run_count", message));
            }
        };
        Ok(runs.iter().filter_map(|run| self.model(run)).collect())
    }

    /// Rejects parameters behind a `?`, which belong into the parentheses.
    fn no_query(&self) -> Result<(), ApiError> {
        match self.query {
            Some(query) => Err(ApiError::validation("query", format!("unexpected `?{query}`"))),
            None => Ok(()),
        }
    }

    fn selectors(&self) -> Result<Vec<Selector>, ApiError> {
        let pairs = form_urlencoded::parse(self.query.unwrap_or_default().as_bytes());
        let selectors = pairs.map(|(name, value)| match &*name {
            "match[]" => {
                Selector::read(&value).map_err(|error| ApiError::validation("match[]", error))
            }
            other => Err(ApiError::validation(other, format!("there is no parameter {other:?}"))),
        });
        selectors.collect()
    }
}

fn read_query(parameters: &Parameters) -> Result<(Expression, Selector), ApiError> {
    let expression = Expression::read(parameters.text("query")?)
        .map_err(|error| ApiError::validation("query", error))?;
    let selector = Selector::read(parameters.text("metric")?)
        .map_err(|error| ApiError::validation("metric", error))?;
    Ok((expression, selector))
}

fn window(run: &RunModel, start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Window {
    let from = run.seconds_of(start.unwrap_or(run.start));
    Window { from, to: run.seconds_of(end.unwrap_or(run.end)).max(from) }
}

fn vector(
    run: &RunModel,
    selector: &Selector,
    expression: &Expression,
    window: Window,
) -> Vec<Value> {
    let groups = Evaluation::new(run, selector, expression).over(window).into_iter();
    let values = groups.map(|group| {
        json!({ "metric": group.labels, "values": [[time_of(run, window.to), group.value]] })
    });
    values.collect()
}

fn time_of(run: &RunModel, seconds: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "runs take hours")]
    let offset = TimeDelta::seconds(seconds as i64);
    seconds_since_1970(run.start + offset)
}

fn matrix(kind: &str, result: Vec<Value>) -> Value {
    success(json!({ "resultType": kind, "result": result }))
}
