//! Schedules: the times at which load tests run.
//!
//! The fake only shows when that would be. It does not start the runs.

mod cron;
mod recurrence;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use self::cron::Cron;
use self::recurrence::RecurrenceRule;
use crate::error::ApiError;
use crate::time::rfc3339;

/// How often a load test runs.
#[derive(Clone, Debug)]
enum Repetition {
    Once,
    Rule(RecurrenceRule),
    Cron(Box<Cron>),
}

#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(crate) id: i64,
    pub(crate) load_test_id: i64,
    pub(crate) is_deactivated: bool,
    created_by: String,
    timing: Timing,
}

/// When runs are due, as a request says it.
#[derive(Clone, Debug)]
pub(crate) struct Timing {
    starts: DateTime<Utc>,
    repetition: Repetition,
    /// The request, parts of which are shown as they came.
    request: Value,
}

impl Timing {
    /// Reads a request body that follows its schema.
    pub(crate) fn read(request: &Value) -> Result<Self, ApiError> {
        let rule = Some(&request["recurrence_rule"]).filter(|rule| !rule.is_null());
        let cron = Some(&request["cron"]).filter(|cron| !cron.is_null());
        let starts = time(&request["starts"], "starts")?
            .ok_or_else(|| ApiError::validation("starts", "starts must be a date and time"))?;
        let repetition = match (rule, cron) {
            (Some(_), Some(_)) => {
                let message = "recurrence_rule and cron cannot both be given";
                return Err(ApiError::validation("cron", message));
            }
            (Some(rule), None) => {
                let until = time(&rule["until"], "recurrence_rule.until")?;
                Repetition::Rule(RecurrenceRule::read(rule, until)?)
            }
            (None, Some(cron)) => Repetition::Cron(Box::new(Cron::read(cron)?)),
            (None, None) => Repetition::Once,
        };
        Ok(Self { starts, repetition, request: request.clone() })
    }

    /// Returns when the first run after `now` is due.
    fn next_run(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match &self.repetition {
            Repetition::Once => Some(self.starts).filter(|starts| *starts > now),
            Repetition::Rule(rule) => rule.next(self.starts, now),
            Repetition::Cron(cron) => cron.next(self.starts, now),
        }
    }
}

impl Schedule {
    pub(crate) fn new(id: i64, load_test_id: i64, created_by: &str, timing: Timing) -> Self {
        Self { id, load_test_id, is_deactivated: false, created_by: created_by.to_owned(), timing }
    }

    /// Returns whether no more runs are due, even if the schedule is active.
    pub(crate) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.timing.next_run(now).is_none()
    }

    /// Returns the schedule as the API shows it.
    pub(crate) fn json(&self, now: DateTime<Utc>) -> Value {
        let next = self.timing.next_run(now).filter(|_| !self.is_deactivated);
        let rule = match &self.timing.repetition {
            Repetition::Rule(rule) => rule.json(),
            Repetition::Once | Repetition::Cron(_) => Value::Null,
        };
        json!({
            "id": self.id,
            "load_test_id": self.load_test_id,
            "starts": rfc3339(self.timing.starts),
            "recurrence_rule": rule,
            "cron": self.timing.request["cron"],
            "deactivated": self.is_deactivated,
            "next_run": next.map(rfc3339),
            "created_by": self.created_by,
        })
    }
}

/// Reads a value that is a time or null.
fn time(value: &Value, target: &str) -> Result<Option<DateTime<Utc>>, ApiError> {
    let Some(given) = value.as_str() else { return Ok(None) };
    let time = DateTime::parse_from_rfc3339(given).map_err(|_| {
        let message = format!("{target} must be a date and time in RFC 3339, got {given:?}");
        ApiError::validation(target, message)
    })?;
    Ok(Some(time.to_utc()))
}
