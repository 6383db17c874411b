//! The client's calls for metrics, and whether they read what the service sent.

use k6_cloud::metrics::{RawQuery, Runs, Selector};
use k6_cloud::{Client, Error};
use serde_json::{Value, json};

use crate::order::time;

/// The client's call for the same.
pub(super) enum Call {
    RunMetrics(i64),
    LoadTestMetrics(i64),
    Series(i64, String),
    Labels(i64),
    LabelValues(i64, String),
    Range(i64, String, String),
    Aggregate(i64, String, String),
    LoadTest(i64, String, String),
}

/// What the client read: names, or the labels and the number of points of each series.
pub(super) type Read = Vec<Value>;

impl Call {
    pub(super) async fn send(&self, client: &Client) -> Result<Read, Error> {
        fn values<T: serde::Serialize>(items: Vec<T>) -> Read {
            items.into_iter().map(|item| serde_json::to_value(item).unwrap_or_default()).collect()
        }
        let query = |query: &String, metric: &String| RawQuery::new(query.clone(), metric.clone());
        Ok(match self {
            Self::RunMetrics(id) => values(client.list_run_metrics(*id).send().await?),
            Self::LoadTestMetrics(id) => values(client.list_load_test_metrics(*id).send().await?),
            Self::Series(id, name) => {
                let labels = client.list_series(*id, [Selector::raw(name.clone())]).send().await?;
                labels.iter().map(|labels| json!(labels)).collect()
            }
            Self::Labels(id) => values(client.list_series_labels(*id).send().await?),
            Self::LabelValues(id, label) => {
                values(client.list_label_values(*id, label.clone()).send().await?)
            }
            Self::Range(id, method, metric) => {
                values(client.query_range(*id, query(method, metric)).send().await?)
            }
            Self::Aggregate(id, method, metric) => {
                values(client.query_aggregate(*id, query(method, metric)).send().await?)
            }
            Self::LoadTest(id, method, metric) => values(
                client.query_load_test(*id, Runs::last(3), query(method, metric)).send().await?,
            ),
        })
    }

    /// Whether the client read what the service sent.
    pub(super) fn matches(&self, sent: &Value, read: &Read) -> bool {
        let list = match self {
            Self::RunMetrics(_) | Self::LoadTestMetrics(_) => &sent["value"],
            Self::Series(..) | Self::Labels(_) | Self::LabelValues(..) => &sent["data"],
            _ => &sent["data"]["result"],
        };
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        list.len() == read.len() && list.iter().zip(read).all(|(sent, read)| self.same(sent, read))
    }

    fn same(&self, sent: &Value, read: &Value) -> bool {
        match self {
            Self::RunMetrics(_) | Self::LoadTestMetrics(_) => {
                sent["name"] == read["name"]
                    && (sent["type"] == read["type"] || sent["type"] == read["kind"])
            }
            Self::Series(..) | Self::Labels(_) | Self::LabelValues(..) => sent == read,
            Self::Range(..) => {
                let points = sent["values"].as_array().map(Vec::as_slice).unwrap_or_default();
                let read_points = read["points"].as_array().map(Vec::as_slice).unwrap_or_default();
                sent["metric"] == read["labels"]
                    && points.len() == read_points.len()
                    && points.iter().zip(read_points).all(|(sent, read)| same_point(sent, read))
            }
            Self::Aggregate(..) | Self::LoadTest(..) => {
                sent["metric"] == read["labels"] && same_point(&sent["values"][0], read)
            }
        }
    }
}

fn same_point(sent: &Value, read: &Value) -> bool {
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    let seconds = read["time"].as_str().and_then(time).map(|time| time.timestamp_micros());
    let sent_at = sent[0].as_f64().map(|seconds| (seconds * 1e6).round());
    #[expect(clippy::cast_precision_loss, reason = "both have microseconds at most")]
    let same_time = seconds.map(|micros| micros as f64) == sent_at;
    let values = (number(&sent[1]), number(&read["value"]));
    let same_value = match values {
        (Some(sent), Some(read)) => sent == read || (sent.is_nan() && read.is_nan()),
        // Null reads as no number.
        (None, Some(read)) => read.is_nan(),
        _ => false,
    };
    same_time && same_value
}
