//! Cron expressions of five fields, in a time zone.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use crate::error::ApiError;

/// How many days are looked at: in eight years there is a 29th of February at least once.
const FARTHEST: u64 = 8 * 366 + 1;

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

#[derive(Clone, Debug)]
pub(in super::super) struct Cron {
    zone: Tz,
    minutes: Field,
    hours: Field,
    days: Field,
    months: Field,
    weekdays: Field,
}

/// The values of a field, a bit each.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Field {
    values: u64,
    /// Whether it begins with an asterisk, so that it chooses nothing.
    is_any: bool,
}

impl Cron {
    pub(super) fn read(given: &Value) -> Result<Self, ApiError> {
        let text = |name: &str| given[name].as_str().unwrap_or("");
        let (schedule, zone) = (text("schedule"), text("time_zone"));
        let zone = zone.parse().map_err(|_| {
            let message = format!("{zone:?} is no time zone of the IANA database");
            ApiError::validation("cron.time_zone", message)
        })?;
        Self::parse(schedule, zone).map_err(|why| {
            let message = format!("{schedule:?} is no cron expression: {why}");
            ApiError::validation("cron.schedule", message)
        })
    }

    fn parse(schedule: &str, zone: Tz) -> Result<Self, String> {
        let fields: Vec<&str> = schedule.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields[..] else {
            return Err(format!("it has {} fields and not 5", fields.len()));
        };
        let mut weekdays = Field::parse(weekdays, 0..=7, &WEEKDAYS, 0)?;
        // Sunday has two numbers.
        weekdays.values |= weekdays.values >> 7 & 1;
        Ok(Self {
            zone,
            minutes: Field::parse(minutes, 0..=59, &[], 0)?,
            hours: Field::parse(hours, 0..=23, &[], 0)?,
            days: Field::parse(days, 1..=31, &[], 0)?,
            months: Field::parse(months, 1..=12, &MONTHS, 1)?,
            weekdays,
        })
    }

    /// Returns the first moment after `now`, from `starts` on.
    pub(super) fn next(&self, starts: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // The day before may have hours left where a clock is set back over midnight.
        let first = now.max(starts).with_timezone(&self.zone).date_naive().pred_opt()?;
        let days = (0..=FARTHEST).map_while(|day| first.checked_add_days(Days::new(day)));
        let days = days.filter(|day| self.is_on(*day));
        days.filter_map(|day| {
            let moments = self.moments(day);
            moments.filter(|moment| *moment > now && *moment >= starts).min()
        })
        .next()
    }

    /// Whether a day is chosen: by its number or by its weekday, where both say something.
    fn is_on(&self, day: NaiveDate) -> bool {
        let number = self.days.has(day.day());
        let weekday = self.weekdays.has(day.weekday().num_days_from_sunday());
        let is_chosen = if self.days.is_any || self.weekdays.is_any {
            number && weekday
        } else {
            number || weekday
        };
        is_chosen && self.months.has(day.month())
    }

    /// Returns the moments of a day. A time that the clocks skip is none, and of one that they
    /// show twice it is the first.
    fn moments(&self, day: NaiveDate) -> impl Iterator<Item = DateTime<Utc>> {
        let minutes = (0..24 * 60)
            .filter(|minute| self.hours.has(minute / 60) && self.minutes.has(minute % 60));
        minutes.filter_map(move |minute| {
            let time = day.and_hms_opt(minute / 60, minute % 60, 0)?;
            Some(self.zone.from_local_datetime(&time).earliest()?.to_utc())
        })
    }
}

impl Field {
    fn has(self, value: u32) -> bool {
        self.values >> value & 1 == 1
    }

    /// Reads a list of values, ranges and steps; `names` are those of the values from `base`.
    fn parse(
        text: &str,
        all: RangeInclusive<u32>,
        names: &[&str],
        base: u32,
    ) -> Result<Self, String> {
        let mut values = 0;
        for part in text.split(',') {
            let (range, step) = match part.split_once('/') {
                None => (part, None),
                Some((range, step)) => (range, Some(step)),
            };
            let number = |text: &str| {
                let is_name = |name: &&str| name.eq_ignore_ascii_case(text);
                let named = (base..).zip(names).find(|(_, name)| is_name(name));
                let plain = || text.parse().ok().filter(|_| !text.starts_with('+'));
                let value = named.map(|(value, _)| value).or_else(plain);
                value
                    .filter(|value| all.contains(value))
                    .ok_or_else(|| format!("{text:?} is not from {} to {}", all.start(), all.end()))
            };
            let (first, last) = match range.split_once('-') {
                _ if range == "*" || range == "?" => (*all.start(), *all.end()),
                Some((first, last)) => (number(first)?, number(last)?),
                // A step without an end goes on to the last value.
                None if step.is_some() => (number(range)?, *all.end()),
                None => (number(range)?, number(range)?),
            };
            if first > last {
                return Err(format!("{range:?} goes backwards"));
            }
            let step = step.map_or(Ok(1), |step| {
                let step = step.parse::<usize>().ok().filter(|step| *step > 0);
                step.ok_or_else(|| format!("the step of {part:?} is no integer from 1"))
            })?;
            for value in (first..=last).step_by(step) {
                values |= 1 << value;
            }
        }
        Ok(Self { values, is_any: text.starts_with(['*', '?']) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cron(schedule: &str, zone: &str) -> Cron {
        Cron::read(&json!({ "schedule": schedule, "time_zone": zone })).expect(schedule)
    }

    /// The first runs from the first of July 2026, a Wednesday, in the time zone's own time.
    fn runs(schedule: &str, number: usize) -> Vec<String> {
        runs_from(schedule, "UTC", "2026-07-01T00:00:00Z", number)
    }

    fn runs_from(schedule: &str, zone: &str, starts: &str, number: usize) -> Vec<String> {
        let cron = cron(schedule, zone);
        let starts = starts.parse().expect(starts);
        let mut runs = Vec::new();
        let mut now = starts - chrono::TimeDelta::days(1);
        while let Some(next) = cron.next(starts, now).filter(|_| runs.len() < number) {
            runs.push(next.with_timezone(&cron.zone).format("%m-%d %H:%M").to_string());
            now = next;
        }
        runs
    }

    #[test]
    fn fields_choose_their_moments() {
        let cases = [
            ("* * * * *", ["07-01 00:00", "07-01 00:01", "07-01 00:02"]),
            ("15 2 * * 1-5", ["07-01 02:15", "07-02 02:15", "07-03 02:15"]),
            ("0 6 * * sat,SUN", ["07-04 06:00", "07-05 06:00", "07-11 06:00"]),
            ("0 6 * * 7", ["07-05 06:00", "07-12 06:00", "07-19 06:00"]),
            ("*/20 8-9 * * *", ["07-01 08:00", "07-01 08:20", "07-01 08:40"]),
            ("5/25 8 * * ?", ["07-01 08:05", "07-01 08:30", "07-01 08:55"]),
            ("0 0 1 */3 *", ["07-01 00:00", "10-01 00:00", "01-01 00:00"]),
            ("0 0 31 * *", ["07-31 00:00", "08-31 00:00", "10-31 00:00"]),
            ("0 12 29 FEB *", ["02-29 12:00", "02-29 12:00", "02-29 12:00"]),
            // Either the day or the weekday, where both are named.
            ("0 0 2 * 5", ["07-02 00:00", "07-03 00:00", "07-10 00:00"]),
            ("0 0 */2 * 5", ["07-03 00:00", "07-17 00:00", "07-31 00:00"]),
        ];
        for (schedule, expected) in cases {
            assert_eq!(runs(schedule, 3), expected, "{schedule}");
        }
    }

    #[test]
    fn times_are_those_of_the_time_zone() {
        let (starts, schedule) = ("2026-10-24T00:00:00Z", "30 6 * * *");
        let cron = cron(schedule, "Europe/Lisbon");
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect(text);
        // Summer time ends on the 25th, an hour after midnight in UTC.
        assert_eq!(cron.next(at(starts), at(starts)), Some(at("2026-10-24T05:30:00Z")));
        let later = at("2026-10-24T05:30:00Z");
        assert_eq!(cron.next(at(starts), later), Some(at("2026-10-25T06:30:00Z")));
    }

    #[test]
    fn time_that_is_skipped_is_no_run_and_one_that_comes_twice_is_one() {
        let skipped = runs_from("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 2);
        assert_eq!(skipped, ["03-28 02:30", "03-30 02:30"]);
        let twice = runs_from("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z", 3);
        assert_eq!(twice, ["10-24 02:30", "10-25 02:30", "10-26 02:30"]);
        let now = "2026-10-24T12:00:00Z".parse().expect("a time");
        let first = cron("30 2 * * *", "Europe/Berlin").next(now, now);
        assert_eq!(
            first.map(|first| first.to_rfc3339()).as_deref(),
            Some("2026-10-25T00:30:00+00:00")
        );
    }

    #[test]
    fn nothing_runs_before_the_start_and_a_day_that_is_not_never_comes() {
        let from = runs_from("0 6 * * *", "UTC", "2026-07-01T06:00:00Z", 1);
        assert_eq!(from, ["07-01 06:00"]);
        let after = runs_from("0 6 * * *", "UTC", "2026-07-01T06:00:01Z", 1);
        assert_eq!(after, ["07-02 06:00"]);
        assert_eq!(runs("0 0 31 2 *", 1), [""; 0]);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for schedule in [
            "",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "* * * * MO",
            "5-2 * * * *",
            "*/0 * * * *",
            "*/x * * * *",
            "1, * * * *",
            "-1 * * * *",
            "+1 * * * *",
            "@daily",
        ] {
            let given = json!({ "schedule": schedule, "time_zone": "UTC" });
            let error = Cron::read(&given).expect_err(schedule);
            assert_eq!(error.target(), Some("cron.schedule"), "{schedule}");
        }
        let given = json!({ "schedule": "* * * * *", "time_zone": "Europe/Atlantis" });
        let error = Cron::read(&given).expect_err("no such zone");
        assert_eq!(error.target(), Some("cron.time_zone"));
    }
}
