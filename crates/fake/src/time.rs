//! The times that the fake starts with, and arithmetic that cannot overflow.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, SubsecRound as _, TimeDelta, Utc};

/// The time at which a fake's clock starts unless it follows the wall clock:
/// `2026-06-30T12:05:00Z`.
///
/// Whatever a request or [`FakeCloud::advance_run`](crate::FakeCloud::advance_run) changes happens
/// at the clock's time. On a run that does not follow the clock it happens a second after the
/// run's last change, if that is later.
pub const NOW: DateTime<Utc> = instant(1_782_821_100);

/// When the newest run of a fake was created, if its clock starts at [`NOW`]:
/// `2026-06-30T12:00:00Z`, five minutes earlier.
pub const NEWEST: DateTime<Utc> = instant(1_782_820_800);

/// The last second that RFC 3339 can express, `9999-12-31T23:59:59Z`.
pub(crate) const LAST: DateTime<Utc> = instant(253_402_300_799);

const fn instant(seconds: i64) -> DateTime<Utc> {
    match DateTime::from_timestamp(seconds, 0) {
        Some(instant) => instant,
        None => DateTime::<Utc>::UNIX_EPOCH,
    }
}

/// A reading of a clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// When the clock was started.
    pub(crate) started: DateTime<Utc>,
    pub(crate) now: DateTime<Utc>,
}

impl Reading {
    /// Returns when the newest of the runs that a fake starts with was created.
    pub(crate) fn newest(self) -> DateTime<Utc> {
        later(self.started, -(NOW - NEWEST))
    }
}

impl From<DateTime<Utc>> for Reading {
    /// Reads a clock that was started at [`NOW`].
    fn from(now: DateTime<Utc>) -> Self {
        Self { started: NOW, now }
    }
}

/// Returns `time` plus `delta`, or `time` if the sum is out of range.
pub(crate) fn later(time: DateTime<Utc>, delta: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(delta).unwrap_or(time)
}

/// Converts a duration; one that chrono cannot express becomes the longest that it can.
pub(crate) fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

/// Cuts a time to whole microseconds, the finest that the service shows.
pub(crate) fn to_micros(time: DateTime<Utc>) -> DateTime<Utc> {
    time.trunc_subsecs(6)
}

/// Formats a time as RFC 3339 with `Z` and as few decimals as it needs, six at most.
pub(crate) fn rfc3339(time: DateTime<Utc>) -> String {
    let formatted = to_micros(time).to_rfc3339_opts(SecondsFormat::AutoSi, true);
    match formatted.strip_suffix('Z') {
        Some(stem) if stem.contains('.') => format!("{}Z", stem.trim_end_matches('0')),
        _ => formatted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_at_most_six_decimals() {
        let cases = [
            (0, "2026-06-30T12:05:00Z"),
            (500_000_000, "2026-06-30T12:05:00.5Z"),
            (120_000_000, "2026-06-30T12:05:00.12Z"),
            (123_456_789, "2026-06-30T12:05:00.123456Z"),
            (999, "2026-06-30T12:05:00Z"),
        ];
        for (nanoseconds, expected) in cases {
            assert_eq!(rfc3339(NOW + TimeDelta::nanoseconds(nanoseconds)), expected);
        }
    }
}
