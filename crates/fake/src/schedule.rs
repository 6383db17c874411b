//! Schedules: when a load test is run by itself.
//!
//! The fake tells when that would be. It starts no run: a test does so at a time of its choice.

mod cron;
mod recurrence;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

pub(super) use self::cron::Cron;
pub(super) use self::recurrence::Rule;
use super::error::ApiError;
use super::json::rfc3339;

/// How often a load test is run.
#[derive(Clone, Debug)]
enum Repetition {
    Once,
    Rule(Rule),
    Cron(Box<Cron>),
}

#[derive(Clone, Debug)]
pub(super) struct Schedule {
    pub(super) id: i64,
    pub(super) load_test_id: i64,
    pub(super) deactivated: bool,
    created_by: String,
    timing: Timing,
}

/// When runs are due, as a request says it.
#[derive(Clone, Debug)]
pub(super) struct Timing {
    starts: DateTime<Utc>,
    repetition: Repetition,
    /// The request itself, whose parts are shown as they came.
    request: Value,
}

impl Timing {
    /// Reads the body of a request that is as the description says.
    pub(super) fn read(request: &Value) -> Result<Self, ApiError> {
        let rule = Some(&request["recurrence_rule"]).filter(|rule| !rule.is_null());
        let cron = Some(&request["cron"]).filter(|cron| !cron.is_null());
        let starts = time(request, "starts")?
            .ok_or_else(|| ApiError::validation("starts", "starts has to be a date and time"))?;
        let repetition = match (rule, cron) {
            (Some(_), Some(_)) => {
                let message = "either recurrence_rule or cron can be given, not both";
                return Err(ApiError::validation("cron", message));
            }
            (Some(rule), None) => Repetition::Rule(Rule::read(rule)?),
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
    pub(super) fn new(id: i64, load_test_id: i64, created_by: &str, timing: Timing) -> Self {
        Self { id, load_test_id, deactivated: false, created_by: created_by.to_owned(), timing }
    }

    /// Whether no run will ever be due, also if the schedule is switched on.
    pub(super) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.timing.next_run(now).is_none()
    }

    /// Returns the schedule as the API shows it.
    pub(super) fn json(&self, now: DateTime<Utc>) -> Value {
        let next = self.timing.next_run(now).filter(|_| !self.deactivated);
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
            "deactivated": self.deactivated,
            "next_run": next.map(rfc3339),
            "created_by": self.created_by,
        })
    }
}

/// Reads a property that is a time or null.
fn time(object: &Value, name: &str) -> Result<Option<DateTime<Utc>>, ApiError> {
    let Some(text) = object[name].as_str() else { return Ok(None) };
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| {
        let message = format!("{name} has to be a date and time, got {text:?}");
        ApiError::validation(name, message)
    })?;
    Ok(Some(time.to_utc()))
}
