//! What the metrics endpoints return, read tolerantly.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;

use crate::TestRunId;
use crate::wire::{Timestamp, open_enum};

open_enum! {
    /// The type of a metric.
    MetricType { Counter = "counter", Gauge = "gauge", Rate = "rate", Trend = "trend", }
}

/// The labels of a series with their values, such as `name` and `status`. The name of the metric is the
/// label `__name__`.
pub type Labels = BTreeMap<String, String>;

/// A metric of a run, from [`Client::list_run_metrics`](crate::Client::list_run_metrics).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct RunMetric {
    /// The id of the metric in the run.
    #[serde(default, deserialize_with = "string")]
    pub id: String,
    /// The name, such as `http_req_duration`.
    pub name: String,
    /// Where the metric comes from: `builtin` or `script`. Empty if the API does not say it.
    #[serde(default, deserialize_with = "string")]
    pub origin: String,
    /// The run.
    pub test_run_id: Option<TestRunId>,
    /// The type.
    #[serde(rename = "type")]
    pub kind: MetricType,
}

/// A metric of a load test, from
/// [`Client::list_load_test_metrics`](crate::Client::list_load_test_metrics).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct LoadTestMetric {
    /// The name, such as `http_req_duration`.
    pub name: String,
    /// The type, that of the latest run if it changed.
    #[serde(rename = "type")]
    pub kind: MetricType,
    /// The names of the labels that the metric has in any of the runs.
    #[serde(default, deserialize_with = "null_as_default")]
    pub labels: Vec<String>,
}

/// A value at a time.
///
/// In JSON, values that JSON has no number for are strings: `"NaN"`, `"+Inf"` and `"-Inf"`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Point {
    /// The time: for a step of a range, its start.
    pub time: Timestamp,
    /// The value, in the unit of the metric. It may be infinite. It is NaN if the service sends NaN or
    /// null: there is no value.
    #[serde(with = "number")]
    pub value: f64,
}

/// A series of values, from [`Client::query_range`](crate::Client::query_range).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Series {
    /// The labels that the query grouped by, and others that the service adds.
    pub labels: Labels,
    /// The values in order of time. Steps without a value may be missing.
    pub points: Vec<Point>,
}

/// A single value, from [`Client::query_aggregate`](crate::Client::query_aggregate).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Sample {
    /// The labels that the query grouped by, and others that the service adds.
    pub labels: Labels,
    /// The time: the end of the window.
    pub time: Timestamp,
    /// The value, in the unit of the metric; as in [`Point::value`].
    #[serde(with = "number")]
    pub value: f64,
}

impl Sample {
    /// Returns the run that the value is of, from the label `test_run_id`.
    pub fn test_run_id(&self) -> Option<TestRunId> {
        self.labels.get("test_run_id")?.parse().ok()
    }

    /// Returns the value of a label, or an empty string.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }
}

impl Series {
    /// Returns the value of a label, or an empty string.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    pub(super) fn into_sample(self) -> Option<Sample> {
        let point = self.points.last().copied()?;
        Some(Sample { labels: self.labels, time: point.time, value: point.value })
    }
}

/// A list as the `metrics` endpoints return it.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Listed<T> {
    #[serde(deserialize_with = "null_as_default")]
    pub(super) value: Vec<T>,
}

/// What the query endpoints wrap their data in.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de> + Default")]
pub(super) struct Wrapped<T> {
    #[serde(default, deserialize_with = "success")]
    #[expect(dead_code, reason = "it is checked while it is read")]
    status: (),
    #[serde(deserialize_with = "null_as_default")]
    pub(super) data: T,
}

/// A matrix or a vector.
#[derive(Default, Deserialize)]
pub(super) struct QueryResult {
    #[serde(deserialize_with = "null_as_default")]
    result: Vec<SentSeries>,
}

impl QueryResult {
    pub(super) fn into_series(self) -> impl Iterator<Item = Series> {
        self.result.into_iter().map(|sent| Series { labels: sent.metric, points: sent.values })
    }
}

/// A series as the service sends it.
#[derive(Deserialize)]
struct SentSeries {
    #[serde(default, deserialize_with = "labels")]
    metric: Labels,
    // The key is `values` for a single value too; Prometheus has `value` there.
    #[serde(default, alias = "value", deserialize_with = "points")]
    values: Vec<Point>,
}

/// Numbers that may be infinite or NaN.
mod number {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
    use serde_json::Value;

    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        match *value {
            finite if finite.is_finite() => finite.serialize(serializer),
            nan if nan.is_nan() => "NaN".serialize(serializer),
            infinite if infinite > 0.0 => "+Inf".serialize(serializer),
            _ => "-Inf".serialize(serializer),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        super::read_value(&Value::deserialize(deserializer)?)
    }
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(label_value(Value::deserialize(deserializer)?))
}

fn label_value(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn labels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Labels, D::Error> {
    let labels = Option::<BTreeMap<String, Value>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(labels.into_iter().map(|(name, value)| (name, label_value(value))).collect())
}

/// A set of labels, where a series is listed without values.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct LabelSet {
    #[serde(deserialize_with = "labels")]
    pub(super) labels: Labels,
}

/// Checks that the status is not that of an error: the service may send one with 200.
fn success<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    match Option::<String>::deserialize(deserializer)?.as_deref() {
        None | Some("success") => Ok(()),
        Some(other) => Err(de::Error::custom(format_args!("the query has the status {other:?}"))),
    }
}

/// Reads a list of pairs, or a single pair.
fn points<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Point>, D::Error> {
    let values = Option::<Vec<Value>>::deserialize(deserializer)?.unwrap_or_default();
    let is_pair = matches!(values.first(), Some(Value::Number(_) | Value::String(_)));
    let point = |pair: &[Value]| {
        let [time, value, ..] = pair else {
            return Err(de::Error::custom("a pair of time and value has fewer than two items"));
        };
        Ok(Point { time: read_time(time)?, value: read_value(value)? })
    };
    if is_pair {
        return Ok(vec![point(&values)?]);
    }
    let pairs = values.iter().map(|pair| match pair {
        Value::Array(pair) => point(pair),
        _ => Err(de::Error::custom("a value is not a pair of time and value")),
    });
    pairs.collect()
}

fn read_time<E: de::Error>(value: &Value) -> Result<Timestamp, E> {
    let reject = || E::custom(format_args!("{value} is not a time in seconds since 1970"));
    let seconds = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let seconds = seconds.filter(|seconds| seconds.is_finite()).ok_or_else(reject)?;
    // The float has no more digits than these for the times of this century.
    let micros = (seconds * 1e6).round();
    if micros.abs() >= 8e18 {
        return Err(reject());
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was just checked")]
    let time = DateTime::from_timestamp_micros(micros as i64);
    time.map(Timestamp::from).ok_or_else(reject)
}

/// Reads a number, or a string that holds one. Null is NaN: there is no value.
fn read_value<E: de::Error>(value: &Value) -> Result<f64, E> {
    let read = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null => Some(f64::NAN),
        _ => None,
    };
    read.ok_or_else(|| E::custom(format_args!("{value} is not a number")))
}

#[cfg(test)]
mod tests {
    use super::{QueryResult, Wrapped};

    fn values(json: &str) -> Result<Vec<(i64, f64)>, serde_json::Error> {
        let json = format!(r#"{{"status":"success","data":{{"result":[{{"values":{json}}}]}}}}"#);
        let read: Wrapped<QueryResult> = serde_json::from_str(&json)?;
        let points = read.data.into_series().flat_map(|series| series.points);
        Ok(points.map(|point| (point.time.timestamp_millis(), point.value)).collect())
    }

    #[test]
    fn value_is_a_number_or_a_string_that_holds_one() {
        let read =
            values(r#"[[1,2],[1.5,"2.5"],["3","1e3"],[4,"+Inf"],[5,"-Inf"]]"#).expect("numbers");
        let infinity = f64::INFINITY;
        let expected = [(1000, 2.0), (1500, 2.5), (3000, 1e3), (4000, infinity), (5000, -infinity)];
        assert_eq!(read, expected);
        for missing in ["null", "\"NaN\"", "\"nan\""] {
            let read = values(&format!("[[1,{missing}]]")).expect(missing);
            assert!(matches!(read[..], [(1000, value)] if value.is_nan()), "{missing}");
        }
    }

    #[test]
    fn lists_that_are_null_are_empty_and_a_single_pair_is_one_value() {
        for empty in ["null", "[]"] {
            assert_eq!(values(empty).expect(empty), []);
        }
        assert_eq!(values("[1684949420,\"7\"]").expect("a pair"), [(1_684_949_420_000, 7.0)]);
        for json in [r#"{"data":null}"#, r#"{"data":{"result":null}}"#] {
            let read: Wrapped<QueryResult> = serde_json::from_str(json).expect(json);
            assert_eq!(read.data.into_series().count(), 0);
        }
        // Without them, the response may be anything.
        for json in ["{}", r#"{"data":{}}"#, r#"{"status":"success"}"#] {
            assert!(serde_json::from_str::<Wrapped<QueryResult>>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn what_is_not_a_value_is_an_error() {
        for json in [
            "[[1,\"x\"]]",
            "[[1]]",
            "[[1,{}]]",
            "[[null,1]]",
            "[[1e30,1]]",
            "[true]",
            "[[\"NaN\",1]]",
        ] {
            assert!(values(json).is_err(), "{json}");
        }
        let error = serde_json::from_str::<Wrapped<QueryResult>>(r#"{"status":"error"}"#).err();
        assert!(error.expect("an error").to_string().contains("the status \"error\""));
    }
}
