//! The eight endpoints, as calls of the client.

mod lists;
mod queries;

use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::de::DeserializeOwned;

pub use self::lists::{
    ListLabelValues, ListLoadTestMetrics, ListRunMetrics, ListSeries, ListSeriesLabels,
};
pub use self::queries::{QueryAggregate, QueryLoadTest, QueryRange};
use super::encoding::Parameters;
use super::query::RawQuery;
use super::response::{Labels, LoadTestMetric, RunMetric, Sample, Series};
use super::selector::Selector;
use crate::ext::awaitable;
use crate::http::perform_request;
use crate::operation::{Json, OperationSpec, SendError};
use crate::{Client, Error, LoadTestId, TestRunId};

const fn facts(id: &'static str, path: &'static str) -> OperationSpec {
    OperationSpec {
        id,
        method: "GET",
        path,
        success: 200..=299,
        streamed: false,
        retry_safe: true,
        needs_stack_id: true,
    }
}

/// Which runs of a load test are read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "this does nothing by itself"]
pub struct Runs(Selection);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Selection {
    Last(u32),
    Ids(Vec<TestRunId>),
}

impl Runs {
    /// The last `count` runs, 1 or more.
    pub fn last(count: u32) -> Self {
        Self(Selection::Last(count))
    }

    /// The runs with these ids, at least one.
    pub fn ids(ids: impl IntoIterator<Item = impl Into<TestRunId>>) -> Self {
        Self(Selection::Ids(ids.into_iter().map(Into::into).collect()))
    }

    fn write(&self, parameters: &mut Parameters) -> Result<(), &'static str> {
        match &self.0 {
            Selection::Last(0) => return Err("the number of runs must be 1 or more"),
            Selection::Last(count) => parameters.number("test_run_count", u64::from(*count)),
            Selection::Ids(ids) if ids.is_empty() => return Err("the list of runs is empty"),
            Selection::Ids(ids) => parameters.ids("test_run_ids", ids),
        }
        Ok(())
    }
}

/// Requests `path`, which is encoded already, with selectors as its query.
#[expect(clippy::result_large_err, reason = "the type that generated calls return")]
async fn get<T: DeserializeOwned + Send>(
    client: &Client,
    facts: &OperationSpec,
    path: Result<String, &'static str>,
    selectors: &[Selector],
) -> Result<T, Error> {
    let request = || {
        let path = path.map_err(|problem| SendError::InvalidRequest(problem.to_owned()))?;
        let mut url = Url::parse(&format!("{}{path}", client.baseurl))
            .map_err(|error| SendError::InvalidRequest(error.to_string()))?;
        if !selectors.is_empty() {
            let selectors = selectors.iter().map(|selector| ("match[]", selector.to_string()));
            url.query_pairs_mut().extend_pairs(selectors);
        }
        let mut request = Request::new(Method::GET, url);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(request)
    };
    let (response, _) = perform_request::<Json<T>>(client, facts, facts.path, request).await?;
    Ok(response.into_inner())
}

awaitable! {
    ListRunMetrics => Vec<RunMetric>;
    ListLoadTestMetrics => Vec<LoadTestMetric>;
    ListSeries => Vec<Labels>;
    ListSeriesLabels => Vec<String>;
    ListLabelValues => Vec<String>;
    QueryRange => Vec<Series>;
    QueryAggregate => Vec<Sample>;
    QueryLoadTest => Vec<Sample>;
}

/// # Test runs: metrics
impl Client {
    /// Lists the metrics that a run has.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// for metric in client.list_run_metrics(42).send().await? {
    ///     println!("{} is a {}", metric.name, metric.kind);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list_run_metrics(&self, run: impl Into<TestRunId>) -> ListRunMetrics {
        ListRunMetrics::new(self.clone(), run.into())
    }

    /// Lists the metrics that the last 30 runs of a load test have, by name.
    pub fn list_load_test_metrics(&self, load_test: impl Into<LoadTestId>) -> ListLoadTestMetrics {
        ListLoadTestMetrics::new(self.clone(), load_test.into())
    }

    /// Lists the series that match any of the selectors, with their labels. At least one selector is
    /// needed.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// use k6_cloud::metrics::HTTP_REQS;
    ///
    /// let failed = HTTP_REQS.label_not("status", "200");
    /// for labels in client.list_series(42, [failed]).send().await? {
    ///     println!("{labels:?}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list_series<S: Into<Selector>>(
        &self,
        run: impl Into<TestRunId>,
        selectors: impl IntoIterator<Item = S>,
    ) -> ListSeries {
        let selectors = selectors.into_iter().map(Into::into).collect();
        ListSeries::new(self.clone(), run.into(), selectors)
    }

    /// Lists the names of the labels that the series of a run have, such as `name` and `status`. They
    /// have nothing to do with the labels of projects.
    pub fn list_series_labels(&self, run: impl Into<TestRunId>) -> ListSeriesLabels {
        ListSeriesLabels::new(self.clone(), run.into())
    }

    /// Lists the values that a label has in a run.
    pub fn list_label_values(
        &self,
        run: impl Into<TestRunId>,
        label: impl Into<String>,
    ) -> ListLabelValues {
        ListLabelValues::new(self.clone(), run.into(), label.into())
    }

    /// Queries how a metric of a run changes over time.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// use std::time::Duration;
    ///
    /// use k6_cloud::metrics::HTTP_REQ_DURATION;
    ///
    /// let p95 = HTTP_REQ_DURATION.label("status", "200").quantile(0.95).by(["name"]);
    /// for series in client.query_range(42, p95).step(Duration::from_secs(10)).send().await? {
    ///     println!("{}: {} values", series.label("name"), series.points.len());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn query_range(&self, run: impl Into<TestRunId>, query: impl Into<RawQuery>) -> QueryRange {
        QueryRange::new(self.clone(), run.into(), query.into())
    }

    /// Queries the value of a metric over a whole run, or over a window of it.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// use k6_cloud::metrics::HTTP_REQ_FAILED;
    ///
    /// let share = client.query_aggregate(42, HTTP_REQ_FAILED.ratio()).send().await?;
    /// println!("{:?}", share.first().map(|sample| sample.value));
    /// # Ok(()) }
    /// ```
    pub fn query_aggregate(
        &self,
        run: impl Into<TestRunId>,
        query: impl Into<RawQuery>,
    ) -> QueryAggregate {
        QueryAggregate::new(self.clone(), run.into(), query.into())
    }

    /// Queries the value of a metric over each of several runs of a load test.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// use k6_cloud::metrics::{HTTP_REQ_DURATION, Runs};
    ///
    /// let p95 = HTTP_REQ_DURATION.quantile(0.95);
    /// for sample in client.query_load_test(7, Runs::last(10), p95).send().await? {
    ///     println!("run {:?}: {} ms", sample.test_run_id(), sample.value);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn query_load_test(
        &self,
        load_test: impl Into<LoadTestId>,
        runs: Runs,
        query: impl Into<RawQuery>,
    ) -> QueryLoadTest {
        QueryLoadTest::new(self.clone(), load_test.into(), runs, query.into())
    }
}
