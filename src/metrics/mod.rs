//! The numbers of test runs: metrics, summaries, thresholds and comparisons.
//!
//! | I want to | |
//! |---|---|
//! | see the numbers of a run | [`Client::summarize_test_run`](crate::Client::summarize_test_run) |
//! | know which thresholds held | [`RunSummary::thresholds`] |
//! | compare a run with another | [`RunSummary::compare`], [`Client::summarize_baseline`](crate::Client::summarize_baseline) |
//! | see how a load test develops | [`Client::trend_of_load_test`](crate::Client::trend_of_load_test) |
//! | draw a metric over time | [`Client::query_range`](crate::Client::query_range) |
//! | have a single number | [`Client::query_aggregate`](crate::Client::query_aggregate) |
//! | have a number of several runs | [`Client::query_load_test`](crate::Client::query_load_test) |
//! | know which metrics, series and labels there are | [`Client::list_run_metrics`](crate::Client::list_run_metrics), [`Client::list_load_test_metrics`](crate::Client::list_load_test_metrics), [`Client::list_series`](crate::Client::list_series), [`Client::list_series_labels`](crate::Client::list_series_labels), [`Client::list_label_values`](crate::Client::list_label_values) |
//!
//! The methods of a metric depend on its type: a [`Counter`] has an increase and a rate, a [`Trend`]
//! has quantiles. A method that does not fit does not compile.
//!
//! These endpoints are version v5 of the API. They have no OpenAPI description, so the client's part
//! for them is written by hand. Values appear while a run goes on, and settle when it is `completed`.

mod calls;
mod compare;
mod encoding;
mod metric;
mod query;
mod report;
mod response;
mod selector;
mod summary;
pub mod text;
mod threshold;
mod trend;

pub use self::calls::{
    ListLabelValues, ListLoadTestMetrics, ListRunMetrics, ListSeries, ListSeriesLabels,
    QueryAggregate, QueryLoadTest, QueryRange, Runs,
};
pub use self::compare::{
    Baseline, Change, ComparedNumber, Comparison, Direction, SummarizeBaseline, Unit,
};
pub use self::metric::{
    CHECKS, Counter, DATA_RECEIVED, DATA_SENT, DROPPED_ITERATIONS, GRPC_REQ_DURATION, Gauge,
    HTTP_REQ_DURATION, HTTP_REQ_FAILED, HTTP_REQ_WAITING, HTTP_REQS, ITERATION_DURATION,
    ITERATIONS, IsCounter, IsGauge, IsRate, IsTrend, LOAD_GENERATOR_CPU_PERCENT, Metric,
    Observations, Rate, Trend, VUS,
};
pub use self::query::{CombinedQuery, Query, RawQuery};
pub use self::report::Colored;
pub use self::response::{Labels, LoadTestMetric, MetricType, Point, RunMetric, Sample, Series};
pub use self::selector::Selector;
pub use self::summary::{
    BrowserSummary, Check, ChecksSummary, DurationStats, GeneratorHealth, GrpcSummary, HttpStats,
    HttpSummary, LoadSummary, Missing, NamedHttpStats, OtherProtocols, RunSummary,
    SummarizeTestRun, SummarizedRun, WebSocketSummary,
};
pub use self::threshold::Threshold;
pub use self::trend::{LoadTestTrend, TrendOfLoadTest, TrendRow};
