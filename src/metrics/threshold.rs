//! Thresholds: their grammar, and whether they held.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::metric::{Counter, Gauge, Metric, Rate, Trend};
use super::query::Query;
use super::response::MetricType;

/// The number of characters of a text from the script that `Display` shows.
const MAX_SHOWN: usize = 200;

/// A threshold of a run, with the value that was computed for it.
///
/// The value comes from the service's histograms. Near the bound it may differ from the one that k6
/// judged by, so the run's result stays the verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Threshold {
    /// The metric with its tags, as the script has it: `http_req_duration{name:login}`.
    pub metric: String,
    /// The expression, as the script has it: `p(95)<500`.
    pub expression: String,
    /// Whether a breach ends the run.
    pub abort_on_fail: bool,
    /// The value, in the unit of the metric. `None` if the metric was never observed, or could not be
    /// read.
    pub value: Option<f64>,
    /// Whether the threshold held, by that value. A threshold on a metric that was never observed
    /// holds, as in k6. `None` if it is not known, such as for tags that no series of the metric has.
    pub held: Option<bool>,
    /// How far the value is from the bound on the good side, in per cent of the bound; negative for a
    /// breach. `None` for a bound of 0, for `==` and `!=`, and if there is no value.
    pub headroom_percent: Option<f64>,
    /// Why there is no value or no judgement, such as an expression that is not understood.
    pub note: Option<String>,
}

/// A threshold as the options have it, parsed as far as it can be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Definition {
    pub(super) metric: String,
    pub(super) expression: String,
    pub(super) abort_on_fail: bool,
    pub(super) parsed: Result<Parsed, String>,
}

/// What a threshold asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parsed {
    pub(super) name: String,
    pub(super) tags: Vec<(String, String)>,
    pub(super) aggregation: Aggregation,
    operator: Operator,
    bound: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aggregation {
    Count,
    Rate,
    Value,
    Avg,
    Min,
    Max,
    /// From 0 to 100; the median is 50.
    Percentile(f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// Reads the `thresholds` of a run's options: an object of lists, whose items are expressions or
/// objects with one.
pub(super) fn definitions(options: Option<&Map<String, Value>>) -> Vec<Definition> {
    let metrics = options.and_then(|options| options.get("thresholds")).and_then(Value::as_object);
    let mut found = Vec::new();
    for (metric, expressions) in metrics.into_iter().flatten() {
        let expressions = match expressions {
            Value::Array(list) => list.as_slice(),
            Value::Null => &[],
            single => std::slice::from_ref(single),
        };
        found.extend(expressions.iter().map(|expression| definition(metric, expression)));
    }
    found
}

fn definition(metric: &str, written: &Value) -> Definition {
    let expression = match written {
        Value::String(expression) => Some(expression.as_str()),
        Value::Object(object) => object.get("threshold").and_then(Value::as_str),
        _ => None,
    };
    let parsed = match expression {
        Some(expression) => parse(metric, expression),
        None => Err("this is not an expression".to_owned()),
    };
    let abort = written.get("abortOnFail").and_then(Value::as_bool);
    Definition {
        metric: metric.to_owned(),
        expression: expression.map_or_else(|| written.to_string(), ToOwned::to_owned),
        abort_on_fail: abort.unwrap_or(false),
        parsed,
    }
}

fn parse(metric: &str, expression: &str) -> Result<Parsed, String> {
    let (name, tags) = parse_metric(metric)?;
    let start = expression
        .find(['<', '>', '=', '!'])
        .ok_or("the expression has no operator such as `<`")?;
    let (aggregation, rest) = expression.split_at(start);
    let aggregation = parse_aggregation(aggregation.trim())?;
    let operators = [
        ("===", Operator::Equal),
        ("==", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ];
    let (operator, bound) = operators
        .iter()
        .find_map(|(text, operator)| Some((*operator, rest.strip_prefix(text)?)))
        .ok_or("the operator is not one of < <= > >= == === !=")?;
    let bound = bound.trim();
    let is_number = bound.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let bound = bound
        .parse::<f64>()
        .ok()
        .filter(|bound| is_number && bound.is_finite())
        .ok_or_else(|| format!("{bound:?} is not a number"))?;
    Ok(Parsed { name, tags, aggregation, operator, bound })
}

fn parse_aggregation(text: &str) -> Result<Aggregation, String> {
    let percentile = text.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')'));
    if let Some(percentile) = percentile {
        let read = percentile.trim().parse().ok().filter(|p| (0.0..=100.0).contains(p));
        return read
            .map(Aggregation::Percentile)
            .ok_or_else(|| format!("{text:?} is not a percentile from p(0) to p(100)"));
    }
    Ok(match text {
        "count" => Aggregation::Count,
        "rate" => Aggregation::Rate,
        "value" => Aggregation::Value,
        "avg" => Aggregation::Avg,
        "min" => Aggregation::Min,
        "max" => Aggregation::Max,
        "med" => Aggregation::Percentile(50.0),
        other => return Err(format!("{other:?} is not an aggregation such as avg or p(95)")),
    })
}

/// Splits `name{tag:value,tag:"value"}` as the k6 tool does: at every comma and at the first colon, whatever
/// quotes there are, with quotes trimmed at both ends.
fn parse_metric(metric: &str) -> Result<(String, Vec<(String, String)>), String> {
    let metric = metric.trim();
    let Some((name, rest)) = metric.split_once('{') else {
        return match metric.contains('}') {
            true => Err("the metric has a `}` without a `{`".to_owned()),
            false => Ok((metric.to_owned(), Vec::new())),
        };
    };
    let inner = rest.strip_suffix('}').ok_or("the metric has a `{` without a `}` at its end")?;
    let mut tags = Vec::new();
    for pair in inner.split(',').filter(|_| !inner.trim().is_empty()) {
        let (tag, value) = pair
            .split_once(':')
            .filter(|(_, value)| !value.is_empty())
            .ok_or_else(|| format!("the tag {pair:?} has no value"))?;
        tags.push((unquoted(tag).to_owned(), unquoted(value).to_owned()));
    }
    Ok((name.trim().to_owned(), tags))
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

impl Parsed {
    /// Returns the query for the value; `None` if the aggregation does not fit the type.
    pub(super) fn query(&self, kind: &MetricType) -> Option<Query> {
        Some(match (kind, self.aggregation) {
            (MetricType::Counter, Aggregation::Count) => self.metric::<Counter>().increase(),
            (MetricType::Counter, Aggregation::Rate) => self.metric::<Counter>().rate(),
            (MetricType::Gauge, Aggregation::Value) => self.metric::<Gauge>().last(),
            (MetricType::Rate, Aggregation::Rate) => self.metric::<Rate>().ratio(),
            (MetricType::Trend, Aggregation::Avg) => self.metric::<Trend>().avg(),
            (MetricType::Trend, Aggregation::Min) => self.metric::<Trend>().min(),
            (MetricType::Trend, Aggregation::Max) => self.metric::<Trend>().max(),
            (MetricType::Trend, Aggregation::Percentile(p)) => {
                self.metric::<Trend>().quantile(quantile(p))
            }
            _ => return None,
        })
    }

    fn metric<M: ThresholdMetric>(&self) -> M {
        let tags = self.tags.iter();
        tags.fold(M::named(&self.name), |metric, (tag, value)| metric.tagged(tag, value))
    }

    fn holds(&self, value: f64) -> bool {
        match self.operator {
            Operator::Less => value < self.bound,
            Operator::LessOrEqual => value <= self.bound,
            Operator::Greater => value > self.bound,
            Operator::GreaterOrEqual => value >= self.bound,
            #[expect(clippy::float_cmp, reason = "k6 compares so")]
            Operator::Equal => value == self.bound,
            #[expect(clippy::float_cmp, reason = "k6 compares so")]
            Operator::NotEqual => value != self.bound,
        }
    }

    fn headroom(&self, value: f64) -> Option<f64> {
        let distance = match self.operator {
            Operator::Less | Operator::LessOrEqual => self.bound - value,
            Operator::Greater | Operator::GreaterOrEqual => value - self.bound,
            Operator::Equal | Operator::NotEqual => return None,
        };
        let headroom = distance / self.bound.abs() * 100.0;
        headroom.is_finite().then_some(headroom)
    }
}

/// Returns the quantile of a percentile, without the digits that the division adds to 99.9.
fn quantile(percentile: f64) -> f64 {
    (percentile * 1e10).round() / 1e12
}

trait ThresholdMetric {
    fn named(name: &str) -> Self;
    fn tagged(self, tag: &str, value: &str) -> Self;
}

impl<Type> ThresholdMetric for Metric<Type> {
    fn named(name: &str) -> Self {
        Self::new(name)
    }

    fn tagged(self, tag: &str, value: &str) -> Self {
        self.label(tag, value)
    }
}

/// What is known of the value of a threshold.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Observed {
    Value(f64),
    Never,
    /// The metric was observed, but no series of it has the tags.
    NoSeries,
    Unreadable(String),
}

impl Definition {
    /// Judges the threshold by what was observed.
    pub(super) fn judge(self, observed: Observed) -> Threshold {
        let mut threshold = Threshold {
            metric: self.metric,
            expression: self.expression,
            abort_on_fail: self.abort_on_fail,
            value: None,
            held: None,
            headroom_percent: None,
            note: None,
        };
        match (self.parsed, observed) {
            (Err(problem), _) | (Ok(_), Observed::Unreadable(problem)) => {
                threshold.note = Some(problem);
            }
            (Ok(_), Observed::Never) => {
                threshold.held = Some(true);
                threshold.note = Some("never observed, which passes in k6".to_owned());
            }
            (Ok(_), Observed::NoSeries) => {
                threshold.note = Some("no series of the metric has these tags".to_owned());
            }
            (Ok(parsed), Observed::Value(value)) => {
                threshold.value = Some(value);
                threshold.held = Some(parsed.holds(value));
                threshold.headroom_percent = parsed.headroom(value);
            }
        }
        threshold
    }
}

impl fmt::Display for Threshold {
    /// Writes `http_req_duration p(95)<500: 312.5, held (37.5 % headroom)`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [metric, expression] =
            [&self.metric, &self.expression].map(|text| super::text::one_line(text, MAX_SHOWN));
        write!(formatter, "{metric} {expression}: ")?;
        if let Some(value) = self.value {
            write!(formatter, "{}, ", super::text::number(value))?;
        }
        formatter.pad(match self.held {
            Some(true) => "held",
            Some(false) => "breached",
            None => "unknown",
        })?;
        if let Some(headroom) = self.headroom_percent {
            write!(formatter, " ({headroom:.1} % headroom)")?;
        }
        if let Some(note) = &self.note {
            write!(formatter, " ({})", super::text::one_line(note, MAX_SHOWN))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
