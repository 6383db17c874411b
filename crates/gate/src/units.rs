//! Values with units on the command line, such as `500ms`, `1%` and `p95:10%`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use k6_cloud::metrics::{ComparedNumber, Unit};

/// A limit as it was written, and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenLimit<T> {
    /// As it was written, such as `500ms`.
    pub written: String,
    /// The value.
    pub value: T,
}

impl<T> WrittenLimit<T> {
    fn new(written: &str, value: T) -> Self {
        Self { written: written.to_owned(), value }
    }
}

/// Reads a duration that is greater than zero, such as `500ms` or `1m30s`.
///
/// # Errors
///
/// A sentence for the user.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    const EXAMPLES: &str = "write a duration such as 500ms, 90s, 1m30s or 2h";
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(format!("it is empty: {EXAMPLES}"));
    }
    if trimmed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Err(format!("it has no unit: {EXAMPLES}"));
    }
    let duration =
        humantime::parse_duration(trimmed).map_err(|error| format!("{error}: {EXAMPLES}"))?;
    if duration.is_zero() {
        return Err(format!("it must be greater than zero: {EXAMPLES}"));
    }
    Ok(duration)
}

/// Reads a limit on a duration.
///
/// # Errors
///
/// A sentence for the user.
pub fn parse_duration_limit(text: &str) -> Result<WrittenLimit<Duration>, String> {
    parse_duration(text).map(|value| WrittenLimit::new(text.trim(), value))
}

/// Reads a share from 0% to 100%, such as `1%`, as a number from 0 to 1.
///
/// # Errors
///
/// A sentence for the user.
pub fn parse_share_limit(text: &str) -> Result<WrittenLimit<f64>, String> {
    let value = parse_percent(text)?;
    if value > 1.0 {
        return Err("it is more than 100%: write a share such as 1% or 0.5%".to_owned());
    }
    Ok(WrittenLimit::new(text.trim(), value))
}

/// Reads per cent, 0 or more, as a share: 10% is 0.1.
fn parse_percent(text: &str) -> Result<f64, String> {
    const EXAMPLES: &str = "write per cent such as 1% or 0.5%";
    let trimmed = text.trim();
    let Some(number) = trimmed.strip_suffix('%') else {
        let what = if trimmed.is_empty() { "is empty" } else { "has no unit" };
        return Err(format!("it {what}: {EXAMPLES}"));
    };
    let number = number.trim_end();
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value / 100.0),
        Ok(value) if value < 0.0 => Err(format!("{number} is negative: {EXAMPLES}")),
        _ => Err(format!("{number:?} is not a number: {EXAMPLES}")),
    }
}

/// Reads an amount of virtual user hours, 0 or more.
///
/// # Errors
///
/// A sentence for the user.
pub fn parse_vuh(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(vuh) if vuh.is_finite() && vuh >= 0.0 => Ok(vuh),
        _ => Err("it must be a number of virtual user hours, such as 20 or 0.5".to_owned()),
    }
}

/// Reads a limit on a regression, such as `p95:10%`.
///
/// # Errors
///
/// A sentence for the user.
pub fn parse_regression(text: &str) -> Result<WrittenLimit<RegressionLimit>, String> {
    let Some((metric, percent)) = text.split_once(':') else {
        return Err("write a metric and a limit, such as p95:10%".to_owned());
    };
    let metric = metric.trim().parse::<ComparedMetric>()?;
    let (share, floor) = match percent.split_once('+') {
        Some((percent, floor)) => (parse_percent(percent)?, metric.parse_floor(floor.trim())?),
        None => (parse_percent(percent)?, 0.0),
    };
    Ok(WrittenLimit::new(percent.trim(), RegressionLimit { metric, share, floor }))
}

/// A limit on how much worse a number may be than in the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegressionLimit {
    /// The number.
    pub metric: ComparedMetric,
    /// The limit as a share of the number in the baseline: 0.1 is 10 % worse.
    pub share: f64,
    /// How much worse it may be beside that, in the unit of the number: milliseconds, a share from 0 to
    /// 1, or requests per second.
    pub floor: f64,
}

/// A number that can be compared with a baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparedMetric {
    /// The mean duration of requests.
    Avg,
    /// The median duration.
    Med,
    /// The 0.9 quantile of durations.
    P90,
    /// The 0.95 quantile of durations.
    P95,
    /// The 0.99 quantile of durations.
    P99,
    /// The longest duration.
    Max,
    /// The share of requests that failed.
    Errors,
    /// Requests per second, of which fewer are worse.
    RequestsPerSecond,
    /// The share of checks that passed, of which less is worse.
    Checks,
}

/// The metrics, with their names on the command line and in a comparison.
const COMPARED: [(ComparedMetric, &str, ComparedNumber); 9] = [
    (ComparedMetric::Avg, "avg", ComparedNumber::MeanDuration),
    (ComparedMetric::Med, "med", ComparedNumber::MedianDuration),
    (ComparedMetric::P90, "p90", ComparedNumber::P90Duration),
    (ComparedMetric::P95, "p95", ComparedNumber::P95Duration),
    (ComparedMetric::P99, "p99", ComparedNumber::P99Duration),
    (ComparedMetric::Max, "max", ComparedNumber::LongestDuration),
    (ComparedMetric::Errors, "errors", ComparedNumber::Failures),
    (ComparedMetric::RequestsPerSecond, "rps", ComparedNumber::RequestsPerSecond),
    (ComparedMetric::Checks, "checks", ComparedNumber::ChecksPassed),
];

impl ComparedMetric {
    fn row(self) -> Option<&'static (Self, &'static str, ComparedNumber)> {
        COMPARED.iter().find(|(metric, ..)| *metric == self)
    }

    /// Returns the number in a [`Comparison`](k6_cloud::metrics::Comparison).
    pub fn compared_as(self) -> Option<&'static ComparedNumber> {
        self.row().map(|(_, _, number)| number)
    }

    /// Reads an amount in the unit of the number, such as `20ms`, `0.1pp` (percentage points) or `2/s`.
    fn parse_floor(self, text: &str) -> Result<f64, String> {
        let number = |text: &str, unit: &str| {
            let number = text.strip_suffix(unit)?.trim().parse::<f64>().ok()?;
            Some(number).filter(|number| number.is_finite() && *number >= 0.0)
        };
        let (found, example) = match self {
            Self::Errors | Self::Checks => {
                (number(text, "pp").map(|points| points / 100.0), "0.1pp (percentage points)")
            }
            Self::RequestsPerSecond => (number(text, "/s"), "2/s"),
            _ => (parse_duration(text).ok().map(|time| time.as_secs_f64() * 1_000.0), "20ms"),
        };
        found.ok_or_else(|| {
            format!("{text:?} after the + is not an amount for {self}: write one such as {example}")
        })
    }

    /// Returns whether a larger number is better.
    pub fn is_better_if_larger(self) -> bool {
        matches!(self, Self::RequestsPerSecond | Self::Checks)
    }
}

impl fmt::Display for ComparedMetric {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.row().map_or("", |(_, name, _)| name))
    }
}

impl FromStr for ComparedMetric {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = COMPARED.iter().find(|(_, name, _)| *name == text);
        found.map(|(metric, ..)| *metric).ok_or_else(|| {
            let names: Vec<_> = COMPARED.iter().map(|(_, name, _)| *name).collect();
            format!("{text:?} is not one of the metrics {}", names.join(", "))
        })
    }
}

/// Writes a value with its unit, such as `412 ms` or `0.5 %`.
pub(crate) fn show(value: f64, unit: Unit) -> String {
    let round = |value: f64| (value * 100.0).round() / 100.0;
    match unit {
        Unit::Milliseconds => format!("{} ms", round(value)),
        Unit::Share => format!("{} %", round(value * 100.0)),
        Unit::PerSecond => format!("{}/s", round(value)),
        _ => round(value).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_need_a_unit() {
        for (text, expected) in [
            ("500ms", Duration::from_millis(500)),
            (" 90s ", Duration::from_secs(90)),
            ("1m30s", Duration::from_secs(90)),
            ("2h", Duration::from_secs(7_200)),
        ] {
            let limit = parse_duration_limit(text).expect(text);
            assert_eq!((limit.value, &*limit.written), (expected, text.trim()));
        }
        for (text, part) in [
            ("", "it is empty"),
            ("500", "it has no unit"),
            ("1.5", "it has no unit"),
            ("0s", "greater than zero"),
            ("-1s", "such as 500ms"),
            ("5 parsecs", "such as 500ms"),
            ("soon", "such as 500ms"),
        ] {
            let error = parse_duration(text).expect_err(text);
            assert!(error.contains(part), "{text:?}: {error}");
        }
    }

    #[test]
    fn shares_are_per_cent() {
        for (text, expected) in [("1%", 0.01), ("0.5 %", 0.005), ("0%", 0.0), ("100%", 1.0)] {
            let limit = parse_share_limit(text).expect(text);
            assert!((limit.value - expected).abs() < 1e-12, "{text}: {}", limit.value);
        }
        for (text, part) in [
            ("", "is empty"),
            ("0.01", "has no unit"),
            ("101%", "more than 100%"),
            ("-1%", "is negative"),
            ("x%", "\"x\" is not a number"),
            ("%", "\"\" is not a number"),
            ("nan%", "is not a number"),
            ("inf%", "is not a number"),
        ] {
            let error = parse_share_limit(text).expect_err(text);
            assert!(error.contains(part), "{text:?}: {error}");
        }
    }

    #[test]
    fn regressions_have_a_metric_and_a_limit() {
        let limit = parse_regression("p95:10%").expect("a limit");
        assert_eq!((limit.value.metric, &*limit.written), (ComparedMetric::P95, "10%"));
        assert!((limit.value.share - 0.1).abs() < 1e-12);
        assert!(
            (parse_regression("errors:200%").expect("a limit").value.share - 2.0).abs() < 1e-12
        );
        for (text, part) in [
            ("p95", "such as p95:10%"),
            ("p95:10", "has no unit"),
            ("p42:10%", "\"p42\" is not one of the metrics avg, med"),
            ("P95:10%", "is not one of the metrics"),
            (":10%", "\"\" is not one of the metrics"),
        ] {
            let error = parse_regression(text).expect_err(text);
            assert!(error.contains(part), "{text:?}: {error}");
        }
        for (text, floor) in [
            ("p95:10%+20ms", 20.0),
            ("errors:5% + 0.1pp", 0.001),
            ("checks:0%+1pp", 0.01),
            ("rps:10%+2/s", 2.0),
        ] {
            let found = parse_regression(text).expect(text).value.floor;
            assert!((found - floor).abs() < 1e-12, "{text}: {found}");
        }
        for text in
            ["p95:10%+20", "p95:10%+1pp", "errors:5%+1%", "errors:5%+-1pp", "rps:1%+1", "p95:10%+"]
        {
            let error = parse_regression(text).expect_err(text);
            assert!(error.contains("is not an amount for"), "{text:?}: {error}");
        }
    }

    #[test]
    fn amounts_are_numbers() {
        assert!((parse_vuh("20.5").expect("an amount") - 20.5).abs() < 1e-12);
        for text in ["", "x", "-1", "nan", "inf", "20 VUH"] {
            assert!(parse_vuh(text).expect_err(text).contains("virtual user hours"));
        }
    }
}
