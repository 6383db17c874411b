//! The four types of metric, each with the methods that fit it.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::time::Duration;

use super::query::Query;
use super::selector::{Operator, Selector};

/// The type of a [`Counter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsCounter {}

/// The type of a [`Gauge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsGauge {}

/// The type of a [`Rate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsRate {}

/// The type of a [`Trend`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsTrend {}

/// A metric whose type is known: a [`Counter`], [`Gauge`], [`Rate`] or [`Trend`].
///
/// The type says which methods a query has. Another one does not compile:
///
/// ```compile_fail,E0599
/// use k6_cloud::metrics::Counter;
///
/// Counter::new("http_reqs").quantile(0.95); // only a trend has quantiles
/// ```
///
/// The labels choose the series:
///
/// ```
/// use k6_cloud::metrics::{HTTP_REQS, Trend};
///
/// let failed = HTTP_REQS.label_matches("status", "5..").rate();
/// let waits = Trend::new("queue_wait_ms").label("queue", "orders").quantile(0.99);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a metric does nothing until one of its methods is queried"]
pub struct Metric<Type> {
    selector: Selector,
    of_type: PhantomData<Type>,
}

/// A metric that is a sum which only grows.
pub type Counter = Metric<IsCounter>;
/// A metric that goes up and down.
pub type Gauge = Metric<IsGauge>;
/// A metric of observations that are zero or not.
pub type Rate = Metric<IsRate>;
/// A metric that is a distribution of values.
pub type Trend = Metric<IsTrend>;

impl<Type> Metric<Type> {
    /// Names a metric, such as one that the script defines. If the metric has another type in the run,
    /// queries return no series.
    pub fn new(name: impl Into<String>) -> Self {
        Self { selector: Selector::new(name), of_type: PhantomData }
    }

    const fn built_in(name: &'static str) -> Self {
        Self { selector: Selector::named(Cow::Borrowed(name)), of_type: PhantomData }
    }

    /// Keeps series whose label has the value.
    pub fn label(self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(label.into(), Operator::Equal, value.into())
    }

    /// Drops series whose label has the value.
    pub fn label_not(self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(label.into(), Operator::NotEqual, value.into())
    }

    /// Keeps series whose label matches the regular expression as a whole.
    pub fn label_matches(self, label: impl Into<String>, regex: impl Into<String>) -> Self {
        self.with(label.into(), Operator::Matches, regex.into())
    }

    /// Drops series whose label matches the regular expression as a whole.
    pub fn label_not_matches(self, label: impl Into<String>, regex: impl Into<String>) -> Self {
        self.with(label.into(), Operator::NotMatches, regex.into())
    }

    fn with(mut self, label: String, operator: Operator, value: String) -> Self {
        self.selector = self.selector.with(label, operator, value);
        self
    }

    fn query(self, method: impl Into<Cow<'static, str>>) -> Query {
        Query::new(method.into(), self.selector)
    }
}

impl<Type> From<Metric<Type>> for Selector {
    fn from(metric: Metric<Type>) -> Self {
        metric.selector
    }
}

impl Counter {
    /// How much the counter grew in the window.
    pub fn increase(self) -> Query {
        self.query("increase")
    }

    /// How much the counter grew per second, on average over the window.
    pub fn rate(self) -> Query {
        self.query("rate")
    }

    /// The value of the counter since the start of the run.
    pub fn value(self) -> Query {
        self.query("value")
    }

    /// How much the counter grew per second, on average since the start of the run.
    pub fn cumulative_rate(self) -> Query {
        self.query("cumrate")
    }

    /// The highest growth per second in a sliding window of this length: whole seconds, 1 or more.
    /// Another length fails when the query is sent.
    pub fn max_rate(self, window: Duration) -> Query {
        let query = self.query(format!("max_rate({})", window.as_secs()));
        if window.subsec_nanos() > 0 || window.is_zero() {
            return query.invalid("the window of max_rate must be whole seconds, 1 or more");
        }
        query
    }
}

impl Gauge {
    /// The last value in the window.
    pub fn last(self) -> Query {
        self.query("last")
    }

    /// The lowest value in the window.
    pub fn min(self) -> Query {
        self.query("min")
    }

    /// The highest value in the window.
    pub fn max(self) -> Query {
        self.query("max")
    }

    /// The mean value over the window.
    pub fn avg(self) -> Query {
        self.query("avg")
    }

    /// The time of the last value, in seconds since 1970.
    pub fn last_time(self) -> Query {
        self.query("last_time")
    }
}

/// Which observations of a [`Rate`] are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Observations {
    /// All of them.
    All,
    /// Those that are not zero. For `http_req_failed` these are failures, for `checks` successes.
    NonZero,
    /// Those that are zero.
    Zero,
}

impl Observations {
    fn suffix(self) -> &'static str {
        match self {
            Self::All => "total",
            Self::NonZero => "nz",
            Self::Zero => "z",
        }
    }
}

impl Rate {
    /// The share of observations that are not zero, from 0 to 1.
    pub fn ratio(self) -> Query {
        self.query("ratio")
    }

    /// How many observations the window has.
    pub fn increase(self, of: Observations) -> Query {
        self.query(format!("increase_{}", of.suffix()))
    }

    /// How many observations there were per second, on average over the window.
    pub fn rate(self, of: Observations) -> Query {
        self.query(format!("rate_{}", of.suffix()))
    }

    /// How many observations there were since the start of the run.
    pub fn value(self, of: Observations) -> Query {
        self.query(format!("value_{}", of.suffix()))
    }
}

impl Trend {
    /// The lowest value in the window.
    pub fn min(self) -> Query {
        self.query("histogram_min")
    }

    /// The highest value in the window.
    pub fn max(self) -> Query {
        self.query("histogram_max")
    }

    /// The mean value over the window.
    pub fn avg(self) -> Query {
        self.query("histogram_avg")
    }

    /// The standard deviation over the window.
    pub fn stddev(self) -> Query {
        self.query("histogram_stddev")
    }

    /// The quantile `q`, from 0 to 1: 0.95 is the value that 95 % of the observations do not exceed.
    /// A `q` out of range fails when the query is sent. The service computes it from a histogram, so it
    /// is not exact.
    pub fn quantile(self, q: f64) -> Query {
        let query = self.query(format!("histogram_quantile({q})"));
        if (0.0..=1.0).contains(&q) {
            query
        } else {
            query.invalid("a quantile must be from 0 to 1, such as 0.95")
        }
    }

    /// The middle value: `quantile(0.5)`.
    pub fn median(self) -> Query {
        self.quantile(0.5)
    }

    /// How many observations the window has.
    pub fn count_increase(self) -> Query {
        self.query("histogram_count_increase")
    }

    /// How many observations there were since the start of the run.
    pub fn count_value(self) -> Query {
        self.query("histogram_count_value")
    }
}

/// HTTP requests.
pub const HTTP_REQS: Counter = Counter::built_in("http_reqs");
/// Whether HTTP requests failed.
pub const HTTP_REQ_FAILED: Rate = Rate::built_in("http_req_failed");
/// Time of HTTP requests from sending to receiving, in milliseconds.
pub const HTTP_REQ_DURATION: Trend = Trend::built_in("http_req_duration");
/// Time until the first byte of the response, in milliseconds.
pub const HTTP_REQ_WAITING: Trend = Trend::built_in("http_req_waiting");
/// Active VUs, a series for each load generator: the sum over `instance_id` is the total.
pub const VUS: Gauge = Gauge::built_in("vus");
/// Finished iterations.
pub const ITERATIONS: Counter = Counter::built_in("iterations");
/// Time of iterations, in milliseconds.
pub const ITERATION_DURATION: Trend = Trend::built_in("iteration_duration");
/// Iterations that did not start in time.
pub const DROPPED_ITERATIONS: Counter = Counter::built_in("dropped_iterations");
/// Bytes that were sent.
pub const DATA_SENT: Counter = Counter::built_in("data_sent");
/// Bytes that were received.
pub const DATA_RECEIVED: Counter = Counter::built_in("data_received");
/// Whether checks passed, by the label `check`.
pub const CHECKS: Rate = Rate::built_in("checks");
/// Time of gRPC requests, in milliseconds.
pub const GRPC_REQ_DURATION: Trend = Trend::built_in("grpc_req_duration");
/// How busy the CPUs of the load generators are, in per cent.
pub const LOAD_GENERATOR_CPU_PERCENT: Gauge = Gauge::built_in("load_generator_cpu_percent");
