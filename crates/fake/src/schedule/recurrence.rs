//! Recurrence rules, in UTC.

use chrono::{DateTime, Datelike as _, Months, TimeDelta, Utc, Weekday};
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::time::rfc3339;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

/// The unit in which the interval of a rule is counted.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Fixed(TimeDelta),
    Months(i64),
}

/// How runs repeat.
#[derive(Clone, Debug)]
pub(crate) struct RecurrenceRule {
    unit: Unit,
    /// At least 1.
    interval: i64,
    /// Only in weekly rules. Empty for the weekday of the start.
    weekdays: Vec<Weekday>,
    /// Inclusive.
    until: Option<DateTime<Utc>>,
    count: Option<i64>,
    /// The rule as the request has it.
    given: Value,
}

impl RecurrenceRule {
    /// Reads a rule that follows its schema. `until` is its end, which the caller has read.
    pub(crate) fn read(given: &Value, until: Option<DateTime<Utc>>) -> Result<Self, ApiError> {
        let frequency = given["frequency"].as_str().unwrap_or("");
        let unit = match frequency {
            "HOURLY" => Unit::Fixed(TimeDelta::hours(1)),
            "DAILY" => Unit::Fixed(TimeDelta::days(1)),
            "WEEKLY" => Unit::Fixed(TimeDelta::weeks(1)),
            "MONTHLY" => Unit::Months(1),
            "YEARLY" => Unit::Months(12),
            other => {
                let message = format!("{other:?} is not a frequency");
                return Err(ApiError::validation("recurrence_rule.frequency", message));
            }
        };
        let names = given["byday"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let weekdays =
            WEEKDAYS.iter().filter(|(name, _)| names.clone().any(|given| given == *name));
        let weekdays: Vec<_> = weekdays.map(|(_, weekday)| *weekday).collect();
        if !weekdays.is_empty() && frequency != "WEEKLY" {
            let message = format!("byday is only allowed with WEEKLY, got {frequency}");
            return Err(ApiError::validation("recurrence_rule.byday", message));
        }
        Ok(Self {
            unit,
            interval: given["interval"].as_i64().unwrap_or(1),
            weekdays,
            until,
            count: given["count"].as_i64(),
            given: given.clone(),
        })
    }

    /// Returns the rule as the API shows it, defaults included.
    pub(crate) fn json(&self) -> Value {
        json!({
            "frequency": self.given["frequency"],
            "interval": self.interval,
            "byday": self.given["byday"],
            "until": self.until.map(rfc3339),
            "count": self.count,
        })
    }

    /// Returns the first run after `now` if the runs begin at `starts`.
    pub(crate) fn next(&self, starts: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // Where every period has one run, the search can begin close to `now`.
        let first = if self.weekdays.is_empty() { self.periods_before(starts, now) } else { 0 };
        let mut number = first;
        for period in first.. {
            for run in self.runs_of(starts, period)? {
                let is_over = self.until.is_some_and(|until| run > until)
                    || self.count.is_some_and(|count| number >= count);
                if is_over {
                    return None;
                }
                if run > now {
                    return Some(run);
                }
                number += 1;
            }
        }
        None
    }

    /// Returns a number of periods that are over at `now`, close to the greatest.
    fn periods_before(&self, starts: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
        let units = match self.unit {
            Unit::Fixed(unit) => (now - starts).num_seconds() / unit.num_seconds(),
            Unit::Months(months) => {
                let years = i64::from(now.year()) - i64::from(starts.year());
                (years * 12 + i64::from(now.month()) - i64::from(starts.month())) / months
            }
        };
        (units / self.interval - 1).max(0)
    }

    /// Returns the runs in the period with this number, in order; `None` after the last day of the
    /// calendar.
    fn runs_of(&self, starts: DateTime<Utc>, period: i64) -> Option<Vec<DateTime<Utc>>> {
        let units = period.checked_mul(self.interval)?;
        let run = match self.unit {
            Unit::Fixed(unit) => {
                let seconds = units.checked_mul(unit.num_seconds())?;
                starts.checked_add_signed(TimeDelta::try_seconds(seconds)?)?
            }
            // In a month that is too short for the day, this is the last day.
            Unit::Months(months) => {
                let months = u32::try_from(units.checked_mul(months)?).ok()?;
                starts.checked_add_months(Months::new(months))?
            }
        };
        if self.weekdays.is_empty() {
            return Some(vec![run]);
        }
        let monday = i64::from(run.weekday().num_days_from_monday());
        let days = (0..7).map(|day| run.checked_add_signed(TimeDelta::days(day - monday)));
        let days: Option<Vec<_>> = days.collect();
        let is_chosen =
            |day: &DateTime<Utc>| *day >= starts && self.weekdays.contains(&day.weekday());
        Some(days?.into_iter().filter(is_chosen).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> DateTime<Utc> {
        time.parse().expect(time)
    }

    fn read(rule: &Value) -> Result<RecurrenceRule, ApiError> {
        RecurrenceRule::read(rule, rule["until"].as_str().map(at))
    }

    /// The first runs of a rule that begins at `starts`.
    fn runs(rule: &Value, starts: &str, number: usize) -> Vec<String> {
        let rule = read(rule).expect("a rule");
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
    fn each_frequency_has_its_unit() {
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
    fn missing_day_of_a_month_becomes_its_last_day() {
        let monthly = json!({ "frequency": "MONTHLY" });
        let expected = ["2027-12-31 06:00", "2028-01-31 06:00", "2028-02-29 06:00"];
        assert_eq!(runs(&monthly, "2027-12-31T06:00:00Z", 3), expected);
        let yearly = json!({ "frequency": "YEARLY" });
        let expected = ["2028-02-29 06:00", "2029-02-28 06:00", "2030-02-28 06:00"];
        assert_eq!(runs(&yearly, "2028-02-29T06:00:00Z", 3), expected);
    }

    #[test]
    fn weekdays_are_chosen_in_each_week() {
        // The first of July 2026 is a Wednesday.
        let weekly = json!({ "frequency": "WEEKLY", "interval": 2, "byday": ["FR", "MO"] });
        let expected = ["2026-07-03 08:00", "2026-07-13 08:00", "2026-07-17 08:00"];
        assert_eq!(runs(&weekly, "2026-07-01T08:00:00Z", 3), expected);
    }

    #[test]
    fn weekdays_are_rejected_unless_the_rule_is_weekly() {
        for frequency in ["HOURLY", "DAILY", "MONTHLY", "YEARLY"] {
            let rule = json!({ "frequency": frequency, "byday": ["MO"] });
            let error = read(&rule).expect_err(frequency);
            assert_eq!(error.target(), Some("recurrence_rule.byday"), "{frequency}");
            for byday in [json!(null), json!([])] {
                let rule = json!({ "frequency": frequency, "byday": byday });
                assert!(read(&rule).is_ok(), "{rule}");
            }
        }
    }

    #[test]
    fn count_and_until_end_the_rule() {
        let starts = "2026-07-01T08:00:00Z";
        for rule in [
            json!({ "frequency": "DAILY", "count": 2 }),
            json!({ "frequency": "DAILY", "until": "2026-07-02T08:00:00Z" }),
            json!({ "frequency": "WEEKLY", "byday": ["WE", "TH"], "count": 2 }),
        ] {
            let expected = ["2026-07-01 08:00", "2026-07-02 08:00"];
            assert_eq!(runs(&rule, starts, 9), expected, "{rule}");
            let next = read(&rule).expect("a rule").next(at(starts), at("2031-07-01T08:00:00Z"));
            assert_eq!(next, None);
        }
        let early = json!({ "frequency": "DAILY", "until": "2026-07-01T07:59:59Z" });
        assert_eq!(runs(&early, starts, 1), [""; 0]);
    }

    #[test]
    fn huge_intervals_end_with_the_calendar() {
        for frequency in ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] {
            let rule = json!({ "frequency": frequency, "interval": i64::MAX });
            assert_eq!(runs(&rule, "2026-07-01T08:00:00Z", 2).len(), 1, "{frequency}");
        }
    }

    #[test]
    fn rule_is_shown_with_its_defaults() {
        let rule = read(&json!({ "frequency": "DAILY" })).expect("a rule");
        let whole = json!({
            "frequency": "DAILY", "interval": 1, "byday": null, "until": null, "count": null,
        });
        assert_eq!(rule.json(), whole);
    }
}
