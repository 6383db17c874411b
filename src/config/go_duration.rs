//! Durations as Go's `time.ParseDuration` reads them, without the negative ones.

use std::time::Duration;

/// What a Go duration can hold: some 292 years, in nanoseconds.
const MOST: u64 = i64::MAX as u64;

/// Reads a duration such as `1m30s`, `1.5h` or `500ms`; `None` when it is none, is negative or is
/// longer than Go's longest, some 292 years.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    // The only number that needs no unit.
    if rest == "0" {
        return Some(Duration::ZERO);
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
    (total <= MOST).then(|| Duration::from_nanos(total))
}

/// Takes a number of milliseconds for a duration; `None` when it is negative or longer than
/// Go's longest.
pub(super) fn from_milliseconds(number: &serde_json::Number) -> Option<Duration> {
    let duration = match number.as_u64() {
        Some(whole) => Duration::from_millis(whole),
        None => Duration::try_from_secs_f64(number.as_f64()? / 1000.0).ok()?,
    };
    (duration <= Duration::from_nanos(MOST)).then_some(duration)
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

/// The nanoseconds of the digits after the point, rounded down.
fn part(fraction: &str, unit: u64) -> u64 {
    // Digits after the eighteenth are less than a nanosecond, even of an hour.
    let (mut value, mut scale) = (0_u128, 1_u128);
    for digit in fraction.bytes().take(18) {
        value = value * 10 + u128::from(digit - b'0');
        scale *= 10;
    }
    // Less than one unit, and so within 64 bits.
    u64::try_from(value * u128::from(unit) / scale).unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{from_milliseconds, parse};

    #[test]
    fn durations_read_as_go_reads_them() {
        for (text, nanoseconds) in [
            ("0", 0),
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
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "+",
            "-1s",
            "5",
            "1m30",
            "s",
            ".s",
            "1.2.3s",
            "1 s",
            " 1s",
            "1d",
            "1S",
            "1e3s",
            "9223372036854775808ns",
            "99999999999999999999h",
            "2562048h",
            "\u{661}s",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_milliseconds() {
        let read = |text: &str| from_milliseconds(&serde_json::from_str(text).expect("a number"));
        assert_eq!(read("1500"), Some(Duration::from_millis(1500)));
        assert_eq!(read("0.5"), Some(Duration::from_micros(500)));
        for bad in ["-1", "-0.5", "1e300", "18446744073709551615"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
