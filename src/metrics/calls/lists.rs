//! Calls that say which metrics, series and labels there are.

use super::super::encoding::{Parameters, segment};
use super::super::response::{LabelSet, Labels, Listed, LoadTestMetric, RunMetric, Wrapped};
use super::super::selector::Selector;
use super::{Runs, facts, get};
use crate::operation::OperationSpec;
use crate::{Client, Error, LoadTestId, TestRunId};

static LIST_RUN_METRICS: OperationSpec =
    facts("list_run_metrics", "/cloud/v5/test_runs/{id}/metrics");
static LIST_LOAD_TEST_METRICS: OperationSpec =
    facts("list_load_test_metrics", "/cloud/v5/load_tests/{id}/metrics");
static LIST_SELECTED_LOAD_TEST_METRICS: OperationSpec =
    facts("list_load_test_metrics", "/cloud/v5/load_tests/{id}/metrics({runs})");
static LIST_SERIES: OperationSpec = facts("list_series", "/cloud/v5/test_runs/{id}/series");
static LIST_SERIES_LABELS: OperationSpec =
    facts("list_series_labels", "/cloud/v5/test_runs/{id}/labels");
static LIST_LABEL_VALUES: OperationSpec =
    facts("list_label_values", "/cloud/v5/test_runs/{id}/label/{label}/values");

/// A call from [`Client::list_run_metrics`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct ListRunMetrics {
    client: Client,
    run: TestRunId,
}

impl ListRunMetrics {
    pub(super) fn new(client: Client, run: TestRunId) -> Self {
        Self { client, run }
    }

    /// Sends the request and returns the metrics.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send), such as
    /// [`NotFound`](crate::ErrorKind::NotFound).
    pub async fn send(self) -> Result<Vec<RunMetric>, Error> {
        let path = format!("/cloud/v5/test_runs/{}/metrics", self.run);
        let listed: Listed<_> = get(&self.client, &LIST_RUN_METRICS, Ok(path), &[]).await?;
        Ok(listed.value)
    }
}

/// A call from [`Client::list_load_test_metrics`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct ListLoadTestMetrics {
    client: Client,
    load_test: LoadTestId,
    runs: Option<Runs>,
}

impl ListLoadTestMetrics {
    pub(super) fn new(client: Client, load_test: LoadTestId) -> Self {
        Self { client, load_test, runs: None }
    }

    /// Sets the runs whose metrics are listed. By default these are the last 30.
    pub fn runs(mut self, runs: Runs) -> Self {
        self.runs = Some(runs);
        self
    }

    /// Sends the request and returns the metrics, sorted by name.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send);
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) also if no run is chosen.
    pub async fn send(self) -> Result<Vec<LoadTestMetric>, Error> {
        let mut parameters = Parameters::default();
        let written = self.runs.as_ref().map_or(Ok(()), |runs| runs.write(&mut parameters));
        let path = written.map(|()| {
            format!("/cloud/v5/load_tests/{}/metrics{}", self.load_test, parameters.finish())
        });
        let facts = match self.runs {
            Some(_) => &LIST_SELECTED_LOAD_TEST_METRICS,
            None => &LIST_LOAD_TEST_METRICS,
        };
        let listed: Listed<_> = get(&self.client, facts, path, &[]).await?;
        Ok(listed.value)
    }
}

/// A call from [`Client::list_series`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct ListSeries {
    client: Client,
    run: TestRunId,
    selectors: Vec<Selector>,
}

impl ListSeries {
    pub(super) fn new(client: Client, run: TestRunId, selectors: Vec<Selector>) -> Self {
        Self { client, run, selectors }
    }

    /// Sends the request and returns the labels of each series.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send);
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) also if there is no selector.
    pub async fn send(self) -> Result<Vec<Labels>, Error> {
        let path = match self.selectors.is_empty() {
            true => Err("the list of selectors is empty, and series needs at least one"),
            false => Ok(format!("/cloud/v5/test_runs/{}/series", self.run)),
        };
        let sets: Wrapped<Vec<LabelSet>> =
            get(&self.client, &LIST_SERIES, path, &self.selectors).await?;
        Ok(sets.data.into_iter().map(|set| set.labels).collect())
    }
}

/// A call from [`Client::list_series_labels`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct ListSeriesLabels {
    client: Client,
    run: TestRunId,
    selectors: Vec<Selector>,
}

impl ListSeriesLabels {
    pub(super) fn new(client: Client, run: TestRunId) -> Self {
        Self { client, run, selectors: Vec::new() }
    }

    /// Only considers series that match the selector, or one of them if you add several.
    pub fn matching(mut self, selector: impl Into<Selector>) -> Self {
        self.selectors.push(selector.into());
        self
    }

    /// Sends the request and returns the names of the labels.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send).
    pub async fn send(self) -> Result<Vec<String>, Error> {
        let path = format!("/cloud/v5/test_runs/{}/labels", self.run);
        let names: Wrapped<Vec<String>> =
            get(&self.client, &LIST_SERIES_LABELS, Ok(path), &self.selectors).await?;
        Ok(names.data)
    }
}

/// A call from [`Client::list_label_values`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct ListLabelValues {
    client: Client,
    run: TestRunId,
    label: String,
    selectors: Vec<Selector>,
}

impl ListLabelValues {
    pub(super) fn new(client: Client, run: TestRunId, label: String) -> Self {
        Self { client, run, label, selectors: Vec::new() }
    }

    /// Only considers series that match the selector, or one of them if you add several.
    pub fn matching(mut self, selector: impl Into<Selector>) -> Self {
        self.selectors.push(selector.into());
        self
    }

    /// Sends the request and returns the values.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send);
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) also if the label is empty, `.` or `..`.
    pub async fn send(self) -> Result<Vec<String>, Error> {
        let path =
            format!("/cloud/v5/test_runs/{}/label/{}/values", self.run, segment(&self.label));
        let values: Wrapped<Vec<String>> =
            get(&self.client, &LIST_LABEL_VALUES, Ok(path), &self.selectors).await?;
        Ok(values.data)
    }
}
