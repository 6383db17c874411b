//! Durations as the k6 command-line tool reads them, except negative ones.

use std::time::Duration;

/// The longest duration in Go, in nanoseconds: about 292 years.
const LONGEST: u64 = i64::MAX as u64;

const DAY: u64 = 24 * 3_600 * 1_000_000_000;

/// Reads a duration: a number of milliseconds such as `1500`, a Go duration such as `1m30s` or
/// `1.5h`, or days followed by one, such as `1d` and `1d12h`.
///
/// Returns `None` if the string is not a duration, or if the duration is negative or longer than
/// the longest one in Go, about 292 years.
pub(super) fn parse(text: &str) -> Option<Duration> {
    if let Ok(milliseconds) = text.parse::<f64>() {
        let duration = match text.parse::<u64>() {
            Ok(whole) => Duration::from_millis(whole),
            // An error for a negative number, for infinity and for NaN.
            Err(_) => Duration::try_from_secs_f64(milliseconds / 1000.0).ok()?,
        };
        return (duration <= Duration::from_nanos(LONGEST)).then_some(duration);
    }
    let nanoseconds = match text.split_once('d') {
        Some((days, "")) => days.parse::<u64>().ok()?.checked_mul(DAY)?,
        Some((days, rest)) => {
            days.parse::<u64>().ok()?.checked_mul(DAY)?.checked_add(go_duration(rest)?)?
        }
        None => go_duration(text)?,
    };
    (nanoseconds <= LONGEST).then(|| Duration::from_nanos(nanoseconds))
}

/// Reads what Go's `time.ParseDuration` reads, in nanoseconds.
fn go_duration(text: &str) -> Option<u64> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    // The only number that needs no unit.
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = after.strip_prefix('.').map_or(("", after), digits);
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let unit = nanoseconds(unit)?;
        let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
        total = total.checked_add(whole.checked_mul(unit)?)?.checked_add(part(fraction, unit))?;
        rest = after;
    }
    Some(total)
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn nanoseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        // The micro sign and the Greek letter mu, which look alike.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60 * 1_000_000_000,
        "h" => 3_600 * 1_000_000_000,
        _ => return None,
    })
}

/// Returns the nanoseconds of the digits after the point, rounded down.
fn part(fraction: &str, unit: u64) -> u64 {
    // Digits after the eighteenth are less than a nanosecond, even of an hour.
    let (mut value, mut scale) = (0_u128, 1_u128);
    for digit in fraction.bytes().take(18) {
        value = value * 10 + u128::from(digit - b'0');
        scale *= 10;
    }
    // Less than one unit, so it fits.
    u64::try_from(value * u128::from(unit) / scale).unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn go_durations_are_read() {
        for (text, nanoseconds) in [
            ("0s", 0),
            ("1m30s", 90_000_000_000),
            ("500ms", 500_000_000),
            ("1h", 3_600_000_000_000),
            ("+2h3m4s5ms6us7ns", 7_384_005_006_007),
            ("1\u{b5}s1\u{3bc}s", 2_000),
            ("1.5h", 5_400_000_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000),
            ("0.9999999999ns", 0),
            ("0.100000000000000000000h", 360_000_000_000),
            (&format!("0.{}h", "9".repeat(60)), 3_599_999_999_999),
            ("9223372036854775807ns", 9_223_372_036_854_775_807),
        ] {
            assert_eq!(parse(text), Some(Duration::from_nanos(nanoseconds)), "{text}");
        }
    }

    #[test]
    fn days_are_read() {
        let hours = |hours: u64| Some(Duration::from_secs(hours * 3600));
        for (text, expected) in [
            ("1d", hours(24)),
            ("0d", hours(0)),
            ("+2d", hours(48)),
            ("1d2h", hours(26)),
            ("1d1.5h30m", hours(26)),
            ("1d+2h", hours(26)),
            ("1d0", hours(24)),
            ("1d36h", hours(60)),
            ("106751d", hours(106_751 * 24)),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_milliseconds() {
        for (text, microseconds) in [
            ("0", 0),
            ("10", 10_000),
            ("+10", 10_000),
            ("1500", 1_500_000),
            ("0.5", 500),
            ("1.5e3", 1_500_000),
            ("12345678901", 12_345_678_901_000),
        ] {
            assert_eq!(parse(text), Some(Duration::from_micros(microseconds)), "{text}");
        }
    }

    #[test]
    fn other_text_is_not_a_duration() {
        for text in [
            "",
            "+",
            "-1s",
            "-1",
            "-0.5",
            "1m30",
            "s",
            ".s",
            "d",
            "-1d",
            "1d-2h",
            "1.5d",
            "1h1d",
            "1d1d",
            "1d2",
            "1.2.3s",
            "1 s",
            " 1s",
            "10 ",
            "1S",
            "1D",
            "1e3s",
            "1w",
            "inf",
            "nan",
            "1e300",
            "18446744073709551615",
            "9223372036854775808ns",
            "99999999999999999999h",
            "2562048h",
            "106752d",
            "18446744073709551615d",
            "\u{661}s",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
