//! Recurrence rules, in the manner of those of calendars (RFC 5545), in UTC.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};
use serde_json::{Value, json};

use super::time;
use crate::error::ApiError;
use crate::json::rfc3339;

/// How many units without a run make it sure that none will follow: every hour comes to every day
/// of the week, or never, within a week of hours.
const BARREN: i64 = 7 * 24;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Frequency {
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// A rule by which runs repeat.
#[derive(Clone, Debug)]
pub(in super::super) struct Rule {
    frequency: Frequency,
    /// From 1.
    interval: i64,
    /// Every day when there is none.
    days: Vec<Weekday>,
    /// Inclusive.
    until: Option<DateTime<Utc>>,
    count: Option<i64>,
    /// As it came.
    given: Value,
}

impl Rule {
    pub(super) fn read(given: &Value) -> Result<Self, ApiError> {
        let frequency = match given["frequency"].as_str().unwrap_or("") {
            "HOURLY" => Frequency::Hourly,
            "DAILY" => Frequency::Daily,
            "WEEKLY" => Frequency::Weekly,
            "MONTHLY" => Frequency::Monthly,
            "YEARLY" => Frequency::Yearly,
            other => {
                let message = format!("{other:?} is no frequency");
                return Err(ApiError::validation("recurrence_rule.frequency", message));
            }
        };
        let names = given["byday"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let days = WEEKDAYS.iter().filter(|(name, _)| names.clone().any(|given| given == *name));
        Ok(Self {
            frequency,
            interval: given["interval"].as_i64().unwrap_or(1),
            days: days.map(|(_, day)| *day).collect(),
            until: time(given, "until")?,
            count: given["count"].as_i64(),
            given: given.clone(),
        })
    }

    /// Returns the rule as the API shows it, with what was left out.
    pub(super) fn json(&self) -> Value {
        json!({
            "frequency": self.given["frequency"],
            "interval": self.interval,
            "byday": self.given["byday"],
            "until": self.until.map(rfc3339),
            "count": self.count,
        })
    }

    /// Returns the first moment after `now` of those that begin at `starts`.
    pub(super) fn next(&self, starts: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let near = self.units(starts, now) / self.interval;
        // With days chosen, only going through all of them tells how many there have been.
        let first = match self.count {
            Some(_) if !self.days.is_empty() => 0,
            _ => (near - 1).max(0),
        };
        let mut number = first;
        for period in first..=near.saturating_add(BARREN) {
            for moment in self.period(starts, period)? {
                let is_over = self.until.is_some_and(|until| moment > until)
                    || self.count.is_some_and(|count| number >= count);
                if is_over {
                    return None;
                }
                if moment > now {
                    return Some(moment);
                }
                number += 1;
            }
        }
        None
    }

    /// Returns how many whole units there are between two moments, about, and never less than 0.
    fn units(&self, starts: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
        let passed = now - starts;
        let years = i64::from(now.year()) - i64::from(starts.year());
        let units = match self.frequency {
            Frequency::Hourly => passed.num_hours(),
            Frequency::Daily => passed.num_days(),
            Frequency::Weekly => passed.num_weeks(),
            Frequency::Monthly => years * 12 + i64::from(now.month()) - i64::from(starts.month()),
            Frequency::Yearly => years,
        };
        units.max(0)
    }

    /// Returns the moments in the period of this number, in order; `None` after the last day of
    /// the calendar.
    fn period(&self, starts: DateTime<Utc>, number: i64) -> Option<Vec<DateTime<Utc>>> {
        let units = number.checked_mul(self.interval)?;
        let months = |months: i64| {
            let months = Months::new(u32::try_from(months).ok()?);
            // A month that is too short for the day gives its last.
            starts.checked_add_months(months)
        };
        let moment = match self.frequency {
            Frequency::Hourly => starts.checked_add_signed(TimeDelta::try_hours(units)?)?,
            Frequency::Daily => starts.checked_add_signed(TimeDelta::try_days(units)?)?,
            Frequency::Weekly => starts.checked_add_signed(TimeDelta::try_weeks(units)?)?,
            Frequency::Monthly => months(units)?,
            Frequency::Yearly => months(units.checked_mul(12)?)?,
        };
        if self.days.is_empty() {
            return Some(vec![moment]);
        }
        let date = moment.date_naive();
        let (first, length) = match self.frequency {
            Frequency::Hourly | Frequency::Daily => (date, 1),
            Frequency::Weekly => {
                let monday = u64::from(date.weekday().num_days_from_monday());
                (date.checked_sub_days(Days::new(monday))?, 7)
            }
            Frequency::Monthly => (date.with_day(1)?, u64::from(date.num_days_in_month())),
            Frequency::Yearly => {
                let length = if date.leap_year() { 366 } else { 365 };
                (NaiveDate::from_yo_opt(date.year(), 1)?, length)
            }
        };
        let days = (0..length).map(|day| first.checked_add_days(Days::new(day)));
        let moments = days.map(|day| Some(day?.and_time(moment.time()).and_utc()));
        let is_chosen =
            |moment: &DateTime<Utc>| *moment >= starts && self.days.contains(&moment.weekday());
        let moments: Option<Vec<_>> = moments.collect();
        Some(moments?.into_iter().filter(is_chosen).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect(text)
    }

    /// The first runs of a rule that begins at `starts`.
    fn runs(rule: &Value, starts: &str, number: usize) -> Vec<String> {
        let rule = Rule::read(rule).expect("a rule");
        let starts = at(starts);
        let mut runs = Vec::new();
        let mut now = starts - TimeDelta::days(40);
        while let Some(next) = rule.next(starts, now).filter(|_| runs.len() < number) {
            assert!(next > now, "{next} is not after {now}");
            runs.push(next.format("%Y-%m-%d %H:%M").to_string());
            now = next;
        }
        runs
    }

    #[test]
    fn each_frequency_steps_by_its_unit() {
        let cases = [
            ("HOURLY", 5, ["2026-07-01 12:30", "2026-07-01 17:30", "2026-07-01 22:30"]),
            ("DAILY", 1, ["2026-07-01 12:30", "2026-07-02 12:30", "2026-07-03 12:30"]),
            ("WEEKLY", 2, ["2026-07-01 12:30", "2026-07-15 12:30", "2026-07-29 12:30"]),
            ("MONTHLY", 1, ["2026-07-01 12:30", "2026-08-01 12:30", "2026-09-01 12:30"]),
            ("YEARLY", 1, ["2026-07-01 12:30", "2027-07-01 12:30", "2028-07-01 12:30"]),
        ];
        for (frequency, interval, expected) in cases {
            let rule = json!({ "frequency": frequency, "interval": interval });
            assert_eq!(runs(&rule, "2026-07-01T12:30:00Z", 3), expected, "{frequency}");
        }
    }

    #[test]
    fn day_that_a_month_lacks_is_its_last() {
        let monthly = json!({ "frequency": "MONTHLY" });
        let expected = ["2027-12-31 06:00", "2028-01-31 06:00", "2028-02-29 06:00"];
        assert_eq!(runs(&monthly, "2027-12-31T06:00:00Z", 3), expected);
        let after = ["2028-02-29 06:00", "2028-03-29 06:00"];
        assert_eq!(runs(&monthly, "2028-02-29T06:00:00Z", 2), after);
        let yearly = json!({ "frequency": "YEARLY" });
        let expected = ["2028-02-29 06:00", "2029-02-28 06:00", "2030-02-28 06:00"];
        assert_eq!(runs(&yearly, "2028-02-29T06:00:00Z", 3), expected);
    }

    #[test]
    fn chosen_days_are_those_of_the_period() {
        // The first of July 2026 is a Wednesday.
        let starts = "2026-07-01T08:00:00Z";
        let weekly = json!({ "frequency": "WEEKLY", "interval": 2, "byday": ["FR", "MO"] });
        let expected = ["2026-07-03 08:00", "2026-07-13 08:00", "2026-07-17 08:00"];
        assert_eq!(runs(&weekly, starts, 3), expected);
        let daily = json!({ "frequency": "DAILY", "byday": ["SA", "SU"] });
        let expected = ["2026-07-04 08:00", "2026-07-05 08:00", "2026-07-11 08:00"];
        assert_eq!(runs(&daily, starts, 3), expected);
        let monthly = json!({ "frequency": "MONTHLY", "interval": 2, "byday": ["TU"] });
        let expected = ["2026-07-07 08:00", "2026-07-14 08:00", "2026-07-21 08:00"];
        assert_eq!(runs(&monthly, starts, 3), expected);
        assert_eq!(runs(&monthly, starts, 5)[4], "2026-09-01 08:00");
        let yearly = json!({ "frequency": "YEARLY", "byday": ["WE"] });
        assert_eq!(runs(&yearly, starts, 2), ["2026-07-01 08:00", "2026-07-08 08:00"]);
        let hourly = json!({ "frequency": "HOURLY", "interval": 10, "byday": ["TH"] });
        let expected = ["2026-07-02 04:00", "2026-07-02 14:00", "2026-07-09 06:00"];
        assert_eq!(runs(&hourly, starts, 3), expected);
    }

    #[test]
    fn day_that_never_comes_ends_the_rule() {
        let rule = json!({ "frequency": "DAILY", "interval": 7, "byday": ["TH"] });
        assert_eq!(runs(&rule, "2026-07-01T08:00:00Z", 1), [""; 0]);
    }

    #[test]
    fn count_and_until_end_the_rule() {
        let starts = "2026-07-01T08:00:00Z";
        for rule in [
            json!({ "frequency": "DAILY", "count": 2 }),
            json!({ "frequency": "DAILY", "until": "2026-07-02T08:00:00Z" }),
            json!({ "frequency": "DAILY", "byday": ["WE", "TH"], "count": 2 }),
        ] {
            let expected = ["2026-07-01 08:00", "2026-07-02 08:00"];
            assert_eq!(runs(&rule, starts, 9), expected, "{rule}");
            let rule = Rule::read(&rule).expect("a rule");
            let much_later = at("2031-07-01T08:00:00Z");
            assert_eq!(rule.next(at(starts), much_later), None);
        }
        // Days that are not chosen do not count.
        let rule = json!({ "frequency": "DAILY", "byday": ["SA"], "count": 3 });
        let expected = ["2026-07-04 08:00", "2026-07-11 08:00", "2026-07-18 08:00"];
        assert_eq!(runs(&rule, starts, 9), expected);
        let early = json!({ "frequency": "DAILY", "until": "2026-07-01T07:59:59Z" });
        assert_eq!(runs(&early, starts, 1), [""; 0]);
    }

    #[test]
    fn steps_without_end_end_with_the_calendar() {
        for frequency in ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] {
            let rule = json!({ "frequency": frequency, "interval": i64::MAX });
            assert_eq!(runs(&rule, "2026-07-01T08:00:00Z", 2).len(), 1, "{frequency}");
        }
    }

    #[test]
    fn rule_is_shown_with_what_was_left_out() {
        let rule = Rule::read(&json!({ "frequency": "DAILY" })).expect("a rule");
        let whole = json!({
            "frequency": "DAILY", "interval": 1, "byday": null, "until": null, "count": null,
        });
        assert_eq!(rule.json(), whole);
    }
}
