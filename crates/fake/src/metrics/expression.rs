//! The query language: `METHOD`, `METHOD by (label,label)`, or an aggregator around it.

/// What is asked of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Method {
    Counter(CounterMethod),
    Gauge(GaugeMethod),
    Rate(RateMethod),
    Trend(TrendMethod),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum CounterMethod {
    Increase,
    Rate,
    Value,
    CumulativeRate,
    /// In a sliding window of this many seconds.
    MaxRate(u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum GaugeMethod {
    Last,
    Min,
    Max,
    Avg,
    LastTime,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RateMethod {
    Ratio,
    Increase(Part),
    Rate(Part),
    Value(Part),
}

/// Which observations of a rate are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Total,
    NonZero,
    Zero,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TrendMethod {
    Min,
    Max,
    Avg,
    Stddev,
    Quantile(f64),
    CountIncrease,
    CountValue,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aggregator {
    Min,
    Max,
    Sum,
    Avg,
}

/// A query.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    pub(super) method: Method,
    pub(super) by: Vec<String>,
    pub(super) around: Option<(Aggregator, Vec<String>)>,
}

impl Expression {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        for (name, aggregator) in [
            ("min", Aggregator::Min),
            ("max", Aggregator::Max),
            ("sum", Aggregator::Sum),
            ("avg", Aggregator::Avg),
        ] {
            if let Some(rest) = text.strip_prefix(name).and_then(|rest| rest.strip_prefix('(')) {
                let end = closing(rest).ok_or_else(|| format!("{name}( has no `)`"))?;
                let (inner, after) = rest.split_at(end);
                let (method, by) = read_method(inner)?;
                let outer = read_by(after.get(1..).unwrap_or_default())?;
                return Ok(Self { method, by, around: Some((aggregator, outer)) });
            }
        }
        let (method, by) = read_method(text)?;
        Ok(Self { method, by, around: None })
    }
}

/// Returns where the parenthesis closes that is open already.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut is_quoted = false;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth == 0 => return Some(at),
            ')' if !is_quoted => depth -= 1,
            _ => {}
        }
        None
    })
}

fn read_method(text: &str) -> Result<(Method, Vec<String>), String> {
    let text = text.trim();
    let end = text.find([' ', '(']).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut argument = None;
    if let Some(inner) = rest.strip_prefix('(') {
        let (number, after) = inner.split_once(')').ok_or("a method has no `)` at its end")?;
        argument = Some(number.trim());
        rest = after;
    }
    Ok((method(name, argument)?, read_by(rest)?))
}

fn method(name: &str, argument: Option<&str>) -> Result<Method, String> {
    let method = match (name, argument) {
        ("max_rate", Some(seconds)) => {
            let seconds = seconds.parse().ok().filter(|seconds| *seconds > 0);
            let seconds = seconds.ok_or("max_rate needs whole seconds above 0")?;
            Method::Counter(CounterMethod::MaxRate(seconds))
        }
        ("histogram_quantile", Some(q)) => {
            let q = q.parse().ok().filter(|q| (0.0..=1.0).contains(q));
            Method::Trend(TrendMethod::Quantile(q.ok_or("a quantile must be from 0 to 1")?))
        }
        (_, Some(_)) => return Err(format!("{name} takes no argument")),
        ("increase", None) => Method::Counter(CounterMethod::Increase),
        ("rate", None) => Method::Counter(CounterMethod::Rate),
        ("value", None) => Method::Counter(CounterMethod::Value),
        ("cumrate", None) => Method::Counter(CounterMethod::CumulativeRate),
        ("last", None) => Method::Gauge(GaugeMethod::Last),
        ("min", None) => Method::Gauge(GaugeMethod::Min),
        ("max", None) => Method::Gauge(GaugeMethod::Max),
        ("avg", None) => Method::Gauge(GaugeMethod::Avg),
        ("last_time", None) => Method::Gauge(GaugeMethod::LastTime),
        ("ratio", None) => Method::Rate(RateMethod::Ratio),
        ("histogram_min", None) => Method::Trend(TrendMethod::Min),
        ("histogram_max", None) => Method::Trend(TrendMethod::Max),
        ("histogram_avg", None) => Method::Trend(TrendMethod::Avg),
        ("histogram_stddev", None) => Method::Trend(TrendMethod::Stddev),
        ("histogram_count_increase", None) => Method::Trend(TrendMethod::CountIncrease),
        ("histogram_count_value", None) => Method::Trend(TrendMethod::CountValue),
        _ => return part_method(name).ok_or_else(|| format!("there is no method {name:?}")),
    };
    Ok(method)
}

fn part_method(name: &str) -> Option<Method> {
    let (name, part) = name.rsplit_once('_')?;
    let part = match part {
        "total" => Part::Total,
        "nz" => Part::NonZero,
        "z" => Part::Zero,
        _ => return None,
    };
    Some(Method::Rate(match name {
        "increase" => RateMethod::Increase(part),
        "rate" => RateMethod::Rate(part),
        "value" => RateMethod::Value(part),
        _ => return None,
    }))
}

fn read_by(text: &str) -> Result<Vec<String>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let labels = text.strip_prefix("by").map(str::trim_start);
    let labels = labels.and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'));
    let labels = labels.ok_or_else(|| format!("`by (label,label)` expected at {text:?}"))?;
    let labels = labels.split(',').map(|label| label.trim().trim_matches('"').to_owned());
    let labels: Vec<String> = labels.collect();
    match labels.iter().any(String::is_empty) {
        true => Err("a label of `by` is empty".to_owned()),
        false => Ok(labels),
    }
}

#[cfg(test)]
mod tests {
    use super::{Aggregator, CounterMethod, Expression, GaugeMethod, Method, TrendMethod};

    #[test]
    fn methods_groups_and_aggregators_are_read() {
        let read = |text| Expression::read(text).expect(text);
        let expression = read("avg(rate by (name,method)) by (method)");
        assert_eq!(expression.method, Method::Counter(CounterMethod::Rate));
        assert_eq!(expression.by, ["name", "method"]);
        assert_eq!(expression.around, Some((Aggregator::Avg, vec!["method".to_owned()])));
        assert_eq!(read("max by (a)").method, Method::Gauge(GaugeMethod::Max));
        assert_eq!(read("max_rate(5)").method, Method::Counter(CounterMethod::MaxRate(5)));
        let quantile = Method::Trend(TrendMethod::Quantile(0.95));
        assert_eq!(read("histogram_quantile(0.95) by (name)").method, quantile);
        assert_eq!(read("max(histogram_quantile(0.95) by (name))").method, quantile);
    }

    #[test]
    fn wrong_query_is_rejected() {
        for wrong in [
            "",
            "p95",
            "rate by",
            "rate by ()",
            "rate by (a,)",
            "rate x",
            "sum(rate",
            "rate(5)",
            "max_rate(0)",
            "max_rate",
            "histogram_quantile(2)",
            "median(rate)",
            "increase_x",
        ] {
            assert!(Expression::read(wrong).is_err(), "{wrong}");
        }
    }
}
