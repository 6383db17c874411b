//! The values of series: each method over a window of a run.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::expression::{
    Aggregator, CounterMethod, Expression, GaugeMethod, Method, Part, RateMethod, TrendMethod,
};
use super::selector::Selector;
use super::series::{Data, Labels, RunModel, Series};

/// How many values a distribution is made of.
const VALUES: u32 = 100;

/// A part of a run, in seconds under load.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from: f64,
    pub(super) to: f64,
}

/// A group of series with its value.
pub(super) struct Group {
    pub(super) labels: Labels,
    pub(super) value: f64,
}

/// A query of a run, which can be evaluated over several windows.
pub(super) struct Evaluation<'r> {
    run: &'r RunModel,
    expression: &'r Expression,
    /// Series with the labels that they are grouped by.
    groups: Vec<(Labels, Vec<Series>)>,
    /// What scales of durations are multiplied by.
    factor: f64,
}

impl<'r> Evaluation<'r> {
    pub(super) fn new(run: &'r RunModel, selector: &Selector, expression: &'r Expression) -> Self {
        let all = run.series();
        let factor = scale_of(run, &all);
        let mut groups: Vec<(Labels, Vec<Series>)> = Vec::new();
        let mut places: BTreeMap<Labels, usize> = BTreeMap::new();
        for series in all {
            if !selector.matches(series.name, &series.labels) {
                continue;
            }
            let labels = kept(&series, &expression.by);
            let place = *places.entry(labels.clone()).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, members)) => members.push(series),
                None => groups.push((labels, vec![series])),
            }
        }
        Self { run, expression, groups, factor }
    }

    /// Returns the values of a window. There are none if the method does not fit the metric's type.
    pub(super) fn over(&self, window: Window) -> Vec<Group> {
        let values = self.groups.iter().filter_map(|(labels, members)| {
            let value = self.value(members, window)?;
            Some(Group { labels: labels.clone(), value })
        });
        let values: Vec<Group> = values.collect();
        match &self.expression.around {
            Some((aggregator, by)) => combine(values, *aggregator, by),
            None => values,
        }
    }

    fn value(&self, members: &[Series], window: Window) -> Option<f64> {
        match self.expression.method {
            Method::Counter(method) => counter(self.run, members, method, window),
            Method::Gauge(method) => gauge(self.run, members, method, window),
            Method::Rate(method) => rate(self.run, members, method, window),
            Method::Trend(method) => trend(self.run, members, method, window, self.factor),
        }
    }
}

/// Returns the labels that a group keeps.
fn kept(series: &Series, by: &[String]) -> Labels {
    let kept = series.labels.iter().filter(|(name, _)| by.contains(name) || *name == "test_run_id");
    let mut kept: Labels = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    kept.insert("__name__".to_owned(), series.name.to_owned());
    kept
}

fn combine(groups: Vec<Group>, aggregator: Aggregator, by: &[String]) -> Vec<Group> {
    let mut combined: Vec<(Labels, Vec<f64>)> = Vec::new();
    let mut places: BTreeMap<Labels, usize> = BTreeMap::new();
    for Group { mut labels, value } in groups {
        labels.retain(|name, _| by.contains(name) || name == "test_run_id" || name == "__name__");
        let place = *places.entry(labels.clone()).or_insert(combined.len());
        match combined.get_mut(place) {
            Some((_, values)) => values.push(value),
            None => combined.push((labels, vec![value])),
        }
    }
    let combined = combined.into_iter().map(|(labels, values)| {
        let sum: f64 = values.iter().sum();
        let value = match aggregator {
            Aggregator::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
            Aggregator::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Aggregator::Sum => sum,
            Aggregator::Avg => sum / values.iter().map(|_| 1.0).sum::<f64>(),
        };
        Group { labels, value }
    });
    combined.collect()
}

/// Returns how many events a weight stands for in a window. Events are whole, so that the parts of a
/// window add up to it.
fn count(run: &RunModel, weight: f64, window: Window) -> f64 {
    // The small part more makes up for the rounding of weights that a test set by counts.
    let until = |seconds| (weight * run.requests_until(seconds) + 1e-6).floor();
    until(window.to) - until(window.from)
}

fn length(window: Window) -> f64 {
    (window.to - window.from).max(f64::EPSILON)
}

fn since_start(window: Window) -> Window {
    Window { from: 0.0, to: window.to }
}

fn counter(
    run: &RunModel,
    members: &[Series],
    method: CounterMethod,
    window: Window,
) -> Option<f64> {
    let count_in = |window| {
        let counts = members.iter().map(|series| match series.data {
            Data::Counter(weight) => Some(count(run, weight, window)),
            _ => None,
        });
        counts.sum::<Option<f64>>()
    };
    Some(match method {
        CounterMethod::Increase => count_in(window)?,
        CounterMethod::Rate => count_in(window)? / length(window),
        CounterMethod::Value => count_in(since_start(window))?,
        CounterMethod::CumulativeRate => {
            count_in(since_start(window))? / window.to.max(f64::EPSILON)
        }
        CounterMethod::MaxRate(seconds) => {
            let seconds = f64::from(seconds).min(length(window));
            // The rate repeats itself each minute.
            let starts = (0..60).map(|second| window.from + f64::from(second));
            let starts = starts.take_while(|from| from + seconds <= window.to + 1e-9);
            let rates = starts
                .filter_map(|from| Some(count_in(Window { from, to: from + seconds })? / seconds));
            rates.reduce(f64::max)?
        }
    })
}

fn gauge(run: &RunModel, members: &[Series], method: GaugeMethod, window: Window) -> Option<f64> {
    let values = members.iter().filter_map(|series| match series.data {
        Data::Gauge(value) => Some(value),
        _ => None,
    });
    let value = values.reduce(f64::max)?;
    Some(match method {
        GaugeMethod::LastTime => {
            let last = run.start + chrono::TimeDelta::milliseconds(millis(window.to));
            seconds_since_1970(last)
        }
        GaugeMethod::Last | GaugeMethod::Min | GaugeMethod::Max | GaugeMethod::Avg => value,
    })
}

fn rate(run: &RunModel, members: &[Series], method: RateMethod, window: Window) -> Option<f64> {
    let parts = |window| {
        let counts = members.iter().map(|series| match series.data {
            Data::Rate(weight, share) => {
                let total = count(run, weight, window);
                Some((total, (total * share).round()))
            }
            _ => None,
        });
        counts.sum_pairs()
    };
    let pick = |(total, nonzero): (f64, f64), part| match part {
        Part::Total => total,
        Part::NonZero => nonzero,
        Part::Zero => total - nonzero,
    };
    let in_window = parts(window)?;
    match method {
        RateMethod::Ratio => (in_window.0 > 0.0).then(|| in_window.1 / in_window.0),
        RateMethod::Increase(part) => Some(pick(in_window, part)),
        RateMethod::Rate(part) => Some(pick(in_window, part) / length(window)),
        RateMethod::Value(part) => Some(pick(parts(since_start(window))?, part)),
    }
}

trait SumPairs {
    fn sum_pairs(self) -> Option<(f64, f64)>;
}

impl<I: Iterator<Item = Option<(f64, f64)>>> SumPairs for I {
    fn sum_pairs(mut self) -> Option<(f64, f64)> {
        self.try_fold((0.0, 0.0), |(a, b), pair| pair.map(|(c, d)| (a + c, b + d)))
    }
}

fn trend(
    run: &RunModel,
    members: &[Series],
    method: TrendMethod,
    window: Window,
    factor: f64,
) -> Option<f64> {
    let counted = |window| {
        let counts = members.iter().map(|series| match series.data {
            Data::Trend(weight, _) => Some(count(run, weight, window)),
            _ => None,
        });
        counts.sum::<Option<f64>>()
    };
    let total = counted(window)?;
    match method {
        TrendMethod::CountIncrease => return Some(total),
        TrendMethod::CountValue => return counted(since_start(window)),
        _ if total <= 0.0 => return None,
        _ => {}
    }
    let factor = factor * swing(run, window);
    let values = distribution(members.iter());
    let weight: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mean = |of: &dyn Fn(f64) -> f64| {
        values.iter().map(|(value, weight)| of(value * factor) * weight).sum::<f64>() / weight
    };
    match method {
        TrendMethod::Min => values.first().map(|(value, _)| value * factor),
        TrendMethod::Max => values.last().map(|(value, _)| value * factor),
        TrendMethod::Avg => Some(mean(&|value| value)),
        TrendMethod::Stddev => {
            let avg = mean(&|value| value);
            Some(mean(&|value| (value - avg) * (value - avg)).sqrt())
        }
        TrendMethod::Quantile(q) => Some(quantile(&values, q)? * factor),
        TrendMethod::CountIncrease | TrendMethod::CountValue => None,
    }
}

/// Returns how much longer things take in a window than in the whole run: some per cent more or less.
fn swing(run: &RunModel, window: Window) -> f64 {
    let whole = run.seconds_of(run.end);
    let mean = |from: f64, to: f64| {
        let wave = |second: f64| -(second / 45.0).cos() * 45.0;
        if to - from < 1e-9 { 0.0 } else { (wave(to) - wave(from)) / (to - from) }
    };
    1.0 + 0.15 * (mean(window.from, window.to) - mean(0.0, whole))
}

/// Returns values with weights, sorted by value: an exponential distribution above a lowest value.
fn distribution<'s>(members: impl Iterator<Item = &'s Series>) -> Vec<(f64, f64)> {
    let mut values: Vec<(f64, f64)> = Vec::new();
    for series in members {
        let Data::Trend(weight, scale) = series.data else { continue };
        values.extend((0..VALUES).map(|step| {
            let q = (f64::from(step) + 0.5) / f64::from(VALUES);
            (scale * (0.25 - (1.0 - 0.995 * q).ln()), weight / f64::from(VALUES))
        }));
    }
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    values
}

fn quantile(values: &[(f64, f64)], q: f64) -> Option<f64> {
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut sum = 0.0;
    let found = values.iter().find(|(_, weight)| {
        sum += weight;
        sum >= q * total - 1e-12
    });
    found.or(values.last()).map(|(value, _)| *value)
}

/// Returns what the scale of durations has to be multiplied by, so that the p95 is that of the run.
fn scale_of(run: &RunModel, all: &[Series]) -> f64 {
    let durations = all.iter().filter(|series| series.name == "http_req_duration");
    let unscaled = quantile(&distribution(durations), 0.95);
    run.p95() / unscaled.filter(|value| *value > 0.0).unwrap_or(1.0)
}

fn millis(seconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "runs take hours")]
    let millis = (seconds * 1000.0).round() as i64;
    millis
}

/// Returns a time as the API writes it: whole seconds since 1970.
pub(super) fn seconds_since_1970(time: DateTime<Utc>) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "seconds have fewer digits")]
    let seconds = time.timestamp() as f64;
    seconds
}
