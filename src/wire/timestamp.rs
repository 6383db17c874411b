//! Points in time.

use std::fmt;
use std::ops::{Deref, Sub};
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::format::ParseErrorKind;
use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::shown::Shown;

const EXAMPLE: &str = "2026-06-30T12:00:00Z";

/// A point in time, in UTC.
///
/// Dereferences to [`chrono::DateTime<Utc>`], and converts from and to it; a `DateTime` of any zone
/// and a [`SystemTime`] convert too.
///
/// Reads RFC 3339. Also reads a date and time without a zone, which the API means as UTC, with a
/// `T` or a space between them. Writes RFC 3339 with `Z` and with 0, 3, 6 or 9 decimal places of
/// seconds.
///
/// ```
/// use k6_cloud::wire::Timestamp;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let time: Timestamp = "2026-06-30T14:00:00+02:00".parse()?;
/// assert_eq!(time, "2026-06-30T12:00:00".parse()?);
/// assert_eq!(time.to_string(), "2026-06-30T12:00:00Z");
/// assert_eq!(time.timestamp(), 1_782_820_800);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

/// The error of a string that is not a date and time.
///
/// Its message shows the string and says what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp {
    value: Shown,
    reason: ParseErrorKind,
}

impl InvalidTimestamp {
    fn reason(&self) -> &'static str {
        match self.reason {
            ParseErrorKind::OutOfRange => "a part of it is out of range",
            ParseErrorKind::TooShort => "it ends too early",
            ParseErrorKind::TooLong => "it goes on after the end",
            _ => "it has another format",
        }
    }
}

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, reason) = (&self.value, self.reason());
        write!(formatter, "{value} is not a date and time such as {EXAMPLE}: {reason}")
    }
}

impl std::error::Error for InvalidTimestamp {}

impl Timestamp {
    /// Returns the point in time as chrono's type.
    pub fn into_inner(self) -> DateTime<Utc> {
        self.0
    }
}

impl Deref for Timestamp {
    type Target = DateTime<Utc>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Takes a time of any zone.
impl<Zone: TimeZone> From<DateTime<Zone>> for Timestamp {
    fn from(value: DateTime<Zone>) -> Self {
        Self(value.to_utc())
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(value: Timestamp) -> Self {
        value.0
    }
}

/// A time that chrono cannot represent, about 262,000 years away, becomes the nearest one that it
/// can.
impl From<SystemTime> for Timestamp {
    fn from(value: SystemTime) -> Self {
        // chrono's own conversion panics for such a time.
        let (since, after) = match value.duration_since(UNIX_EPOCH) {
            Ok(since) => (since, true),
            Err(error) => (error.duration(), false),
        };
        let epoch = DateTime::UNIX_EPOCH;
        let time = TimeDelta::from_std(since).ok().and_then(|since| match after {
            true => epoch.checked_add_signed(since),
            false => epoch.checked_sub_signed(since),
        });
        let limit = if after { DateTime::<Utc>::MAX_UTC } else { DateTime::<Utc>::MIN_UTC };
        Self(time.unwrap_or(limit))
    }
}

/// The time from one point to another, negative if the other comes first.
impl Sub for Timestamp {
    type Output = TimeDelta;

    fn sub(self, start: Self) -> TimeDelta {
        self.0 - start.0
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let with_zone = match DateTime::parse_from_rfc3339(text) {
            Ok(time) => return Ok(Self(time.to_utc())),
            Err(error) => error,
        };
        // RFC 3339 permits a space instead of the T; `%.f` also matches no fraction.
        let format = match text.as_bytes().get(10) {
            Some(b' ') => "%Y-%m-%d %H:%M:%S%.f",
            _ => "%Y-%m-%dT%H:%M:%S%.f",
        };
        match NaiveDateTime::parse_from_str(text, format) {
            Ok(time) => Ok(Self(time.and_utc())),
            Err(without_zone) => {
                // Text after the time fails as a bad zone.
                let reason = match without_zone.kind() {
                    ParseErrorKind::TooLong => with_zone.kind(),
                    other => other,
                };
                Err(InvalidTimestamp { value: Shown::quoted(text), reason })
            }
        }
    }
}

impl TryFrom<&str> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Timestamp;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "a date and time such as {EXAMPLE}")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use chrono::{DateTime, FixedOffset, Local, SubsecRound as _, TimeZone as _, Utc};

    use super::Timestamp;

    fn read(text: &str) -> Option<String> {
        text.parse::<Timestamp>().ok().map(|time| time.to_string())
    }

    #[test]
    fn zone_is_optional() {
        for text in [
            "2026-06-30T12:00:00Z",
            "2026-06-30T12:00:00",
            "2026-06-30 12:00:00",
            "2026-06-30 12:00:00Z",
            "2026-06-30T14:00:00+02:00",
        ] {
            assert_eq!(read(text).as_deref(), Some("2026-06-30T12:00:00Z"), "{text}");
        }
    }

    #[test]
    fn fraction_is_kept() {
        for (text, written) in [
            ("2026-06-30T12:00:00.46", "2026-06-30T12:00:00.460Z"),
            ("2026-06-30T12:00:00.460001Z", "2026-06-30T12:00:00.460001Z"),
            ("2026-06-30T12:00:00.123456789Z", "2026-06-30T12:00:00.123456789Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(written), "{text}");
        }
    }

    #[test]
    fn error_shows_the_value_and_the_reason() {
        for (text, reason) in [
            ("", "it ends too early"),
            ("yesterday", "it has another format"),
            ("2026-06-30", "it ends too early"),
            ("2026-06-30T12:00", "it ends too early"),
            ("2026-13-30T12:00:00Z", "a part of it is out of range"),
            ("2026-02-30T12:00:00Z", "a part of it is out of range"),
            ("2026-06-30T25:00:00", "a part of it is out of range"),
            ("2026-06-30 25:00:00", "a part of it is out of range"),
            ("2026-06-30T12:00:00Z!", "it goes on after the end"),
            ("2026-06-30T12:00:00 CEST", "it has another format"),
            ("30.6.2026\n", "it has another format"),
        ] {
            let expected =
                format!("{text:?} is not a date and time such as 2026-06-30T12:00:00Z: {reason}");
            let error = text.parse::<Timestamp>().expect_err(text).to_string();
            assert_eq!(error, expected);
            let json = serde_json::to_string(text).expect("a string");
            let error = serde_json::from_str::<Timestamp>(&json).expect_err(text).to_string();
            assert!(error.starts_with(&expected), "{error}");
        }
        let error = serde_json::from_str::<Timestamp>("5").expect_err("a number").to_string();
        assert!(error.contains("integer `5`, expected a date and time such as"), "{error}");
    }

    #[test]
    fn times_of_any_zone_convert() {
        let expected: Timestamp = "2026-06-30T12:00:00Z".parse().expect("a time");
        let utc = Utc.with_ymd_and_hms(2026, 6, 30, 12, 0, 0).single().expect("a time");
        let offset = FixedOffset::east_opt(2 * 3600).expect("an offset");
        assert_eq!(Timestamp::from(utc), expected);
        assert_eq!(Timestamp::from(utc.with_timezone(&offset)), expected);
        assert_eq!(Timestamp::from(utc.with_timezone(&Local)), expected);
        assert_eq!(DateTime::<Utc>::from(expected), utc);
    }

    #[test]
    fn system_times_convert_however_far_away_they_are() {
        let now = SystemTime::now();
        let converted = Timestamp::from(now);
        assert_eq!(converted.into_inner().trunc_subsecs(9), DateTime::<Utc>::from(now));
        let before = UNIX_EPOCH - Duration::from_millis(1500);
        assert_eq!(Timestamp::from(before).to_string(), "1969-12-31T23:59:58.500Z");
        for years in [1_000, 300_000, 200_000_000_000] {
            let away = Duration::from_secs(years * 31_556_952);
            let far = years > 262_000;
            if let Some(time) = UNIX_EPOCH.checked_add(away) {
                let converted = Timestamp::from(time);
                assert_eq!(converted.into_inner() == DateTime::<Utc>::MAX_UTC, far, "{years}");
            }
            if let Some(time) = UNIX_EPOCH.checked_sub(away) {
                let converted = Timestamp::from(time);
                assert_eq!(converted.into_inner() == DateTime::<Utc>::MIN_UTC, far, "{years}");
            }
        }
    }
}
