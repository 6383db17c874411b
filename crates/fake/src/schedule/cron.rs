//! Cron expressions of five fields, and their aliases, in a time zone.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use crate::error::ApiError;

/// How many days the search covers: eight years have at least one 29th of February.
const MAX_DAYS: u64 = 8 * 366 + 1;

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const ALIASES: [(&str, &str); 6] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// A cron expression in a time zone.
#[derive(Clone, Debug)]
pub(crate) struct Cron {
    zone: Tz,
    minutes: Field,
    hours: Field,
    days: Field,
    months: Field,
    weekdays: Field,
}

/// The values of a field, one bit each.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Field {
    values: u64,
    /// Whether it begins with an asterisk, and so does not choose days.
    is_any: bool,
}

impl Cron {
    pub(crate) fn read(given: &Value) -> Result<Self, ApiError> {
        let string = |name: &str| given[name].as_str().unwrap_or("");
        let (schedule, zone) = (string("schedule"), string("time_zone"));
        let zone = zone.parse().map_err(|_| {
            let message = format!("{zone:?} is not a time zone of the IANA database");
            ApiError::validation("cron.time_zone", message)
        })?;
        Self::parse(schedule, zone).map_err(|why| {
            let message = format!("{schedule:?} is not a cron expression: {why}");
            ApiError::validation("cron.schedule", message)
        })
    }

    fn parse(schedule: &str, zone: Tz) -> Result<Self, String> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == schedule.trim());
        let schedule = alias.map_or(schedule, |(_, expression)| expression);
        let fields: Vec<&str> = schedule.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields[..] else {
            let aliases = ALIASES.map(|(alias, _)| alias).join(", ");
            let number = fields.len();
            return Err(format!(
                "it has {number} fields instead of 5, and is not one of {aliases}"
            ));
        };
        let mut weekdays = Field::parse(weekdays, 0..=7, &WEEKDAYS, 0)?;
        // Sunday is both 0 and 7.
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

    /// Returns the first time after `now` that is not before `starts`.
    pub(crate) fn next(&self, starts: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // Where clocks go back over midnight, the day before still has hours left.
        let first = now.max(starts).with_timezone(&self.zone).date_naive().pred_opt()?;
        let days = (0..=MAX_DAYS).map_while(|day| first.checked_add_days(Days::new(day)));
        let mut times = days.filter(|day| self.is_on(*day)).flat_map(|day| self.times(day));
        times.find(|time| *time > now && *time >= starts)
    }

    /// Returns whether a day matches. If both the day of the month and the weekday are restricted,
    /// one of them is enough.
    fn is_on(&self, day: NaiveDate) -> bool {
        let number = self.days.has(day.day());
        let weekday = self.weekdays.has(day.weekday().num_days_from_sunday());
        let matches = if self.days.is_any || self.weekdays.is_any {
            number && weekday
        } else {
            number || weekday
        };
        matches && self.months.has(day.month())
    }

    /// Returns the times of a day, without those that a clock change skips. Of a time that comes
    /// twice, only the first counts.
    fn times(&self, day: NaiveDate) -> Vec<DateTime<Utc>> {
        let minutes = (0..24 * 60)
            .filter(|minute| self.hours.has(minute / 60) && self.minutes.has(minute % 60));
        let times = minutes.filter_map(|minute| {
            let time = day.and_hms_opt(minute / 60, minute % 60, 0)?;
            Some(self.zone.from_local_datetime(&time).earliest()?.to_utc())
        });
        let mut times: Vec<_> = times.collect();
        times.sort_unstable();
        times
    }
}

impl Field {
    fn has(self, value: u32) -> bool {
        self.values >> value & 1 == 1
    }

    /// Parses a list of values, ranges and steps. `names` are the names of the values from `base`.
    fn parse(
        list: &str,
        all: RangeInclusive<u32>,
        names: &[&str],
        base: u32,
    ) -> Result<Self, String> {
        let mut values = 0;
        for part in list.split(',') {
            let (range, step) = match part.split_once('/') {
                None => (part, None),
                Some((range, step)) => (range, Some(step)),
            };
            let number = |digits: &str| {
                let named = (base..).zip(names).find(|(_, name)| name.eq_ignore_ascii_case(digits));
                let plain = || digits.parse().ok().filter(|_| !digits.starts_with('+'));
                let value = named.map(|(value, _)| value).or_else(plain);
                value.filter(|value| all.contains(value)).ok_or_else(|| {
                    format!("{digits:?} is not from {} to {}", all.start(), all.end())
                })
            };
            let (first, last) = match range.split_once('-') {
                _ if range == "*" => (*all.start(), *all.end()),
                Some((first, last)) => (number(first)?, number(last)?),
                // A step from a single value goes on to the last value.
                None if step.is_some() => (number(range)?, *all.end()),
                None => (number(range)?, number(range)?),
            };
            if first > last {
                return Err(format!("{range:?} goes backwards"));
            }
            let step = step.map_or(Ok(1), |step| {
                let step = step.parse::<usize>().ok().filter(|step| *step > 0);
                step.ok_or_else(|| format!("the step of {part:?} must be at least 1"))
            })?;
            for value in (first..=last).step_by(step) {
                values |= 1 << value;
            }
        }
        Ok(Self { values, is_any: list.starts_with('*') })
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
    fn fields_choose_their_times() {
        let cases = [
            ("* * * * *", ["07-01 00:00", "07-01 00:01", "07-01 00:02"]),
            ("15 2 * * 1-5", ["07-01 02:15", "07-02 02:15", "07-03 02:15"]),
            ("0 6 * * sat,SUN", ["07-04 06:00", "07-05 06:00", "07-11 06:00"]),
            ("0 6 * * 7", ["07-05 06:00", "07-12 06:00", "07-19 06:00"]),
            ("*/20 8-9 * * *", ["07-01 08:00", "07-01 08:20", "07-01 08:40"]),
            ("5/25 8 * * *", ["07-01 08:05", "07-01 08:30", "07-01 08:55"]),
            ("0 0 31 * *", ["07-31 00:00", "08-31 00:00", "10-31 00:00"]),
            ("0 12 29 FEB *", ["02-29 12:00", "02-29 12:00", "02-29 12:00"]),
            // Either the day or the weekday, if both are restricted.
            ("0 0 2 * 5", ["07-02 00:00", "07-03 00:00", "07-10 00:00"]),
            ("0 0 */2 * 5", ["07-03 00:00", "07-17 00:00", "07-31 00:00"]),
        ];
        for (schedule, expected) in cases {
            assert_eq!(runs(schedule, 3), expected, "{schedule}");
        }
    }

    #[test]
    fn all_six_aliases_are_accepted() {
        let cases = [
            ("@yearly", ["01-01 00:00", "01-01 00:00"]),
            ("@annually", ["01-01 00:00", "01-01 00:00"]),
            ("@monthly", ["07-01 00:00", "08-01 00:00"]),
            ("@weekly", ["07-05 00:00", "07-12 00:00"]),
            ("@daily", ["07-01 00:00", "07-02 00:00"]),
            ("@hourly", ["07-01 00:00", "07-01 01:00"]),
        ];
        for (schedule, expected) in cases {
            assert_eq!(runs(schedule, 2), expected, "{schedule}");
        }
    }

    #[test]
    fn times_follow_the_time_zone() {
        let at = |time: &str| time.parse::<DateTime<Utc>>().expect(time);
        let cron = cron("30 6 * * *", "Europe/Lisbon");
        let starts = at("2026-10-24T00:00:00Z");
        // Summer time ends on the 25th.
        assert_eq!(cron.next(starts, starts), Some(at("2026-10-24T05:30:00Z")));
        let next = cron.next(starts, at("2026-10-24T05:30:00Z"));
        assert_eq!(next, Some(at("2026-10-25T06:30:00Z")));
    }

    #[test]
    fn skipped_times_do_not_run_and_doubled_times_run_once() {
        let skipped = runs_from("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 2);
        assert_eq!(skipped, ["03-28 02:30", "03-30 02:30"]);
        let doubled = runs_from("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z", 3);
        assert_eq!(doubled, ["10-24 02:30", "10-25 02:30", "10-26 02:30"]);
    }

    #[test]
    fn runs_begin_at_the_start_and_impossible_days_never_come() {
        let from = runs_from("0 6 * * *", "UTC", "2026-07-01T06:00:00Z", 1);
        assert_eq!(from, ["07-01 06:00"]);
        let after = runs_from("0 6 * * *", "UTC", "2026-07-01T06:00:01Z", 1);
        assert_eq!(after, ["07-02 06:00"]);
        assert_eq!(runs("0 0 31 2 *", 1), [""; 0]);
    }

    #[test]
    fn wrong_expressions_are_rejected() {
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
            "@reboot",
            "@Daily",
            "@daily *",
            "* * @daily * *",
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
