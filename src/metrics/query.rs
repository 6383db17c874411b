//! What is asked of a metric.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use super::selector::{Selector, write_label};

/// A method of a metric, such as the 0.95 quantile of `http_req_duration`.
///
/// The methods of [`Metric`](super::Metric) return it. Without [`by`](Self::by), the result is a single
/// series over everything that the selector matches.
///
/// ```
/// use k6_cloud::metrics::{HTTP_REQ_DURATION, RawQuery, VUS};
///
/// let by_name = RawQuery::from(HTTP_REQ_DURATION.quantile(0.95).by(["name", "method"]));
/// assert_eq!(by_name.query(), "histogram_quantile(0.95) by (name,method)");
///
/// let vus = RawQuery::from(VUS.last().by(["instance_id"]).sum());
/// assert_eq!((vus.query(), vus.metric()), ("sum(last by (instance_id))", "vus"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a query does nothing until it is sent"]
pub struct Query {
    method: Cow<'static, str>,
    selector: Selector,
    by: Vec<String>,
    problem: Option<&'static str>,
}

impl Query {
    pub(super) fn new(method: Cow<'static, str>, selector: Selector) -> Self {
        Self { method, selector, by: Vec::new(), problem: None }
    }

    /// Makes a query that fails when it is sent, with this message.
    pub(super) fn invalid(mut self, problem: &'static str) -> Self {
        self.problem = Some(problem);
        self
    }

    /// Returns a series for each combination of values of these labels.
    pub fn by<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Self {
        self.by = labels.into_iter().map(Into::into).collect();
        self
    }

    /// Adds the series up.
    pub fn sum(self) -> CombinedQuery {
        self.combined("sum")
    }

    /// Takes the lowest of the series at each time.
    pub fn min(self) -> CombinedQuery {
        self.combined("min")
    }

    /// Takes the highest of the series at each time.
    pub fn max(self) -> CombinedQuery {
        self.combined("max")
    }

    /// Takes the mean of the series at each time.
    pub fn avg(self) -> CombinedQuery {
        self.combined("avg")
    }

    fn combined(self, aggregator: &'static str) -> CombinedQuery {
        CombinedQuery { inner: self, aggregator, by: Vec::new() }
    }

    fn expression(&self) -> String {
        let mut expression = self.method.to_string();
        write_by(&mut expression, &self.by);
        expression
    }
}

/// A [`Query`] whose series are combined, such as `sum(last by (instance_id))`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a query does nothing until it is sent"]
pub struct CombinedQuery {
    inner: Query,
    aggregator: &'static str,
    by: Vec<String>,
}

impl CombinedQuery {
    /// Combines only series with the same values of these labels. They must be among those of the inner
    /// [`by`](Query::by).
    pub fn by<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Self {
        self.by = labels.into_iter().map(Into::into).collect();
        self
    }
}

fn write_by(expression: &mut String, labels: &[String]) {
    if labels.is_empty() {
        return;
    }
    expression.push_str(" by (");
    for (index, label) in labels.iter().enumerate() {
        if index > 0 {
            expression.push(',');
        }
        // Writing to a string does not fail.
        let _ = write_label(expression, label);
    }
    expression.push(')');
}

/// The two texts of a query as they are sent. Make one yourself for what the types do not have.
///
/// ```no_run
/// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
/// use k6_cloud::metrics::RawQuery;
///
/// let query = RawQuery::new("sum(last by (instance_id))", r#"vus{load_zone="amazon:us:ashburn"}"#);
/// let series = client.query_range(42, query).send().await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a query does nothing until it is sent"]
pub struct RawQuery {
    query: String,
    metric: String,
    problem: Option<&'static str>,
}

impl RawQuery {
    /// Makes a query from its two texts: what is asked, and of which metric. They are encoded when they
    /// are sent, and not checked.
    pub fn new(query: impl Into<String>, metric: impl Into<String>) -> Self {
        Self { query: query.into(), metric: metric.into(), problem: None }
    }

    /// Returns what is asked, such as `histogram_quantile(0.95) by (name)`.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Returns the selector, such as `http_req_duration{status="200"}`.
    pub fn metric(&self) -> &str {
        &self.metric
    }

    pub(super) fn problem(&self) -> Option<&'static str> {
        self.problem
    }
}

impl fmt::Display for RawQuery {
    /// Writes `QUERY of METRIC`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {}", self.query, self.metric)
    }
}

impl From<Query> for RawQuery {
    fn from(query: Query) -> Self {
        let metric = query.selector.to_string();
        Self { query: query.expression(), metric, problem: query.problem }
    }
}

impl From<CombinedQuery> for RawQuery {
    fn from(query: CombinedQuery) -> Self {
        let mut expression = String::new();
        let _ = write!(expression, "{}({})", query.aggregator, query.inner.expression());
        write_by(&mut expression, &query.by);
        let metric = query.inner.selector.to_string();
        Self { query: expression, metric, problem: query.inner.problem }
    }
}

#[cfg(test)]
mod tests {
    use super::RawQuery;
    use crate::metrics::{HTTP_REQ_DURATION, HTTP_REQS, VUS};

    #[test]
    fn combined_query_has_both_groupings() {
        let query = HTTP_REQS.rate().by(["name", "method"]).avg().by(["method"]);
        assert_eq!(RawQuery::from(query).query(), "avg(rate by (name,method)) by (method)");
    }

    #[test]
    fn label_of_a_grouping_cannot_leave_its_parentheses() {
        let query = RawQuery::from(VUS.last().by(["a) by (b", "c"]));
        assert_eq!(query.query(), r#"last by ("a) by (b",c)"#);
    }

    #[test]
    fn value_out_of_range_is_noted() {
        for q in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(RawQuery::from(HTTP_REQ_DURATION.quantile(q)).problem().is_some(), "{q}");
        }
        for q in [0.0, 0.5, 0.999, 1.0] {
            assert!(RawQuery::from(HTTP_REQ_DURATION.quantile(q)).problem().is_none(), "{q}");
        }
    }
}
