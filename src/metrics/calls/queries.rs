//! Calls that return values.

use std::time::Duration;

use super::super::encoding::Parameters;
use super::super::query::RawQuery;
use super::super::response::{QueryResult, Sample, Series, Wrapped};
use super::{Runs, facts, get};
use crate::operation::OperationSpec;
use crate::wire::{IntoOption, Timestamp};
use crate::{Client, Error, LoadTestId, TestRunId};

static QUERY_RANGE: OperationSpec =
    facts("query_range", "/cloud/v5/test_runs/{id}/query_range_k6({parameters})");
static QUERY_AGGREGATE: OperationSpec =
    facts("query_aggregate", "/cloud/v5/test_runs/{id}/query_aggregate_k6({parameters})");
static QUERY_LOAD_TEST: OperationSpec =
    facts("query_load_test", "/cloud/v5/load_tests/{id}/query_aggregate_k6({parameters})");

/// A part of a run.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl Window {
    fn write(self, parameters: &mut Parameters) {
        for (name, time) in [("start", self.start), ("end", self.end)] {
            if let Some(time) = time {
                parameters.time(name, time);
            }
        }
    }
}

fn write_query(query: &RawQuery, parameters: &mut Parameters) -> Result<(), &'static str> {
    if let Some(problem) = query.problem() {
        return Err(problem);
    }
    parameters.text("query", query.query());
    parameters.text("metric", query.metric());
    Ok(())
}

/// A call from [`Client::query_range`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct QueryRange {
    client: Client,
    run: TestRunId,
    query: RawQuery,
    step: Option<Duration>,
    window: Window,
}

impl QueryRange {
    pub(super) fn new(client: Client, run: TestRunId, query: RawQuery) -> Self {
        Self { client, run, query, step: None, window: Window::default() }
    }

    /// Sets the time between two values: whole seconds, 1 or more. By default the service chooses it.
    pub fn step(mut self, step: Duration) -> Self {
        self.step = Some(step);
        self
    }

    /// Sets when the window starts. The default is the start of the run.
    pub fn start(mut self, start: impl IntoOption<Timestamp>) -> Self {
        self.window.start = start.into_option();
        self
    }

    /// Sets when the window ends. The default is the end of the run.
    pub fn end(mut self, end: impl IntoOption<Timestamp>) -> Self {
        self.window.end = end.into_option();
        self
    }

    fn path(&self) -> Result<String, &'static str> {
        let mut parameters = Parameters::default();
        write_query(&self.query, &mut parameters)?;
        if let Some(step) = self.step {
            if step.is_zero() || step.subsec_nanos() > 0 {
                return Err("the step must be whole seconds, 1 or more");
            }
            parameters.number("step", step.as_secs());
        }
        self.window.write(&mut parameters);
        Ok(format!("/cloud/v5/test_runs/{}/query_range_k6{}", self.run, parameters.finish()))
    }

    /// Sends the request and returns a series for each group. There is none if there was no traffic, or
    /// if the metric does not exist or has another type.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send);
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) also for a step or a quantile out of range,
    /// in which case nothing is sent.
    pub async fn send(self) -> Result<Vec<Series>, Error> {
        let found: Wrapped<QueryResult> = get(&self.client, &QUERY_RANGE, self.path(), &[]).await?;
        Ok(found.data.into_series().collect())
    }
}

/// A call from [`Client::query_aggregate`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct QueryAggregate {
    client: Client,
    run: TestRunId,
    query: RawQuery,
    window: Window,
}

impl QueryAggregate {
    pub(super) fn new(client: Client, run: TestRunId, query: RawQuery) -> Self {
        Self { client, run, query, window: Window::default() }
    }

    /// Sets when the window starts. The default is the start of the run.
    pub fn start(mut self, start: impl IntoOption<Timestamp>) -> Self {
        self.window.start = start.into_option();
        self
    }

    /// Sets when the window ends. The default is the end of the run.
    pub fn end(mut self, end: impl IntoOption<Timestamp>) -> Self {
        self.window.end = end.into_option();
        self
    }

    /// Sends the request and returns a value for each group. There is none if there was no traffic, or
    /// if the metric does not exist or has another type.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send);
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) also for a quantile out of range, in which
    /// case nothing is sent.
    pub async fn send(self) -> Result<Vec<Sample>, Error> {
        let mut parameters = Parameters::default();
        let path = write_query(&self.query, &mut parameters).map(|()| {
            self.window.write(&mut parameters);
            format!("/cloud/v5/test_runs/{}/query_aggregate_k6{}", self.run, parameters.finish())
        });
        let found: Wrapped<QueryResult> = get(&self.client, &QUERY_AGGREGATE, path, &[]).await?;
        Ok(found.data.into_series().filter_map(Series::into_sample).collect())
    }
}

/// A call from [`Client::query_load_test`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent: `.send().await`"]
pub struct QueryLoadTest {
    client: Client,
    load_test: LoadTestId,
    runs: Runs,
    query: RawQuery,
}

impl QueryLoadTest {
    pub(super) fn new(client: Client, load_test: LoadTestId, runs: Runs, query: RawQuery) -> Self {
        Self { client, load_test, runs, query }
    }

    /// Sends the request and returns a value for each group and run;
    /// [`Sample::test_run_id`] has the run.
    ///
    /// # Errors
    ///
    /// Those of [`QueryAggregate::send`]; [`InvalidRequest`](crate::ErrorKind::InvalidRequest) also if
    /// no run is chosen.
    pub async fn send(self) -> Result<Vec<Sample>, Error> {
        let mut parameters = Parameters::default();
        let written = write_query(&self.query, &mut parameters)
            .and_then(|()| self.runs.write(&mut parameters));
        let path = written.map(|()| {
            let parameters = parameters.finish();
            format!("/cloud/v5/load_tests/{}/query_aggregate_k6{parameters}", self.load_test)
        });
        let found: Wrapped<QueryResult> = get(&self.client, &QUERY_LOAD_TEST, path, &[]).await?;
        Ok(found.data.into_series().filter_map(Series::into_sample).collect())
    }
}
