//! The bodies of requests to the control path.

use std::time::Duration;

use k6_cloud::RunStatus;
use serde::Deserialize;
use serde_json::Value;

use crate::error::ApiError;
use crate::fault::{Fault, find_operation};
use crate::inventory::load_zones::LoadZoneSeed;
use crate::inventory::seeds::LoadTestSeed;
use crate::run::seed::RunSeed;
use crate::script::options::parse_duration;

/// The name of an outcome, and the seed of its runs.
type Outcome = (&'static str, fn() -> RunSeed);

/// What a run can end in, as the control path and the program's flags name it.
pub(super) const OUTCOMES: &[Outcome] = &[
    ("passed", RunSeed::passed),
    ("failed", RunSeed::failed),
    ("errored", RunSeed::errored),
    ("aborted", RunSeed::aborted),
    ("aborted_by_service", RunSeed::aborted_by_service),
    ("aborted_by_threshold", RunSeed::aborted_by_threshold),
    ("timed_out", RunSeed::timed_out),
    ("invalid", RunSeed::invalid),
    ("running", RunSeed::running),
    ("queued", RunSeed::queued),
    ("created", || RunSeed::new(RunStatus::Created)),
];

fn outcome(name: &str) -> Result<RunSeed, String> {
    let found = OUTCOMES.iter().find(|(outcome, _)| *outcome == name);
    found.map(|(_, seed)| seed()).ok_or_else(|| {
        let names: Vec<_> = OUTCOMES.iter().map(|(outcome, _)| *outcome).collect();
        format!("{name:?} is not an outcome, there are {}", names.join(", "))
    })
}

/// Returns the name of the outcome of a seed, or its status if no outcome is like it.
pub(super) fn outcome_name(seed: &RunSeed) -> String {
    let found = OUTCOMES.iter().find(|(_, outcome)| outcome().ends_like(seed));
    found.map_or_else(|| seed.status.as_str().to_owned(), |(name, _)| (*name).to_owned())
}

fn duration(value: &str) -> Result<Duration, String> {
    parse_duration(value).ok_or_else(|| format!("{value:?} is not a duration such as 90s or 1h30m"))
}

/// Reads the run of a next start as the program's flags write it: `failed` or `failed:60s`.
pub(crate) fn parse_planned_run(planned: &str) -> Result<RunSeed, String> {
    let (name, length) = planned.split_once(':').map_or((planned, None), |(n, l)| (n, Some(l)));
    let seed = outcome(name)?;
    match length {
        None => Ok(seed),
        Some(length) => Ok(seed.running_for(duration(length)?)),
    }
}

fn invalid(target: &str) -> impl FnOnce(String) -> ApiError {
    move |message| ApiError::validation(target, message)
}

/// A run to add or to start next.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunRequest {
    outcome: String,
    running_for: Option<String>,
    vus: Option<u32>,
    browser_vus: Option<u32>,
    note: Option<String>,
    id: Option<i64>,
    test_id: Option<i64>,
    /// Whether an added run begins now and follows the clock.
    #[serde(default)]
    pub(super) timed: bool,
}

/// A line to add to the logs of a run, at the present.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogRequest {
    pub(super) run: i64,
    #[serde(default = "info")]
    pub(super) level: String,
    pub(super) text: String,
}

fn info() -> String {
    "info".to_owned()
}

impl RunRequest {
    pub(super) fn into_seed(self) -> Result<RunSeed, ApiError> {
        let mut seed = outcome(&self.outcome).map_err(invalid("outcome"))?;
        if let Some(running_for) = &self.running_for {
            seed = seed.running_for(duration(running_for).map_err(invalid("running_for"))?);
        }
        if self.vus.is_some() || self.browser_vus.is_some() {
            seed = seed.vus(self.vus.unwrap_or_default(), self.browser_vus.unwrap_or_default());
        }
        if let Some(note) = &self.note {
            seed = seed.note(note);
        }
        if let Some(test_id) = self.test_id {
            seed = seed.test_id(test_id);
        }
        Ok(match self.id {
            Some(id) => seed.id(id),
            None => seed,
        })
    }
}

/// A load test to add.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoadTestRequest {
    name: String,
    project_id: Option<i64>,
    options: Option<Value>,
}

impl LoadTestRequest {
    pub(super) fn into_seed(self) -> LoadTestSeed {
        let mut seed = LoadTestSeed::new(self.name);
        if let Some(project) = self.project_id {
            seed = seed.project_id(project);
        }
        match self.options.filter(Value::is_object) {
            Some(options) => seed.options(options),
            None => seed,
        }
    }
}

/// A load zone to add, which is private by default.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoadZoneRequest {
    k6_load_zone_id: String,
    name: Option<String>,
    #[serde(default)]
    public: bool,
    available: Option<bool>,
}

impl LoadZoneRequest {
    pub(super) fn into_seed(self) -> LoadZoneSeed {
        let seed = if self.public {
            LoadZoneSeed::public(self.k6_load_zone_id)
        } else {
            LoadZoneSeed::private(self.k6_load_zone_id)
        };
        let seed = seed.available(self.available.unwrap_or(true));
        match self.name {
            Some(name) => seed.name(name),
            None => seed,
        }
    }
}

/// A change of the clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockRequest {
    advance: Option<String>,
    speed: Option<f64>,
}

impl ClockRequest {
    pub(super) fn read(&self) -> Result<(Option<Duration>, Option<f64>), ApiError> {
        let advance = self.advance.as_deref().map(duration).transpose();
        let advance = advance.map_err(invalid("advance"))?;
        if let Some(speed) = self.speed.filter(|speed| !(speed.is_finite() && *speed > 0.0)) {
            let message = format!("speed must be greater than 0, got {speed}");
            return Err(ApiError::validation("speed", message));
        }
        Ok((advance, self.speed))
    }
}

/// A fault to inject.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultRequest {
    kind: String,
    operation: Option<String>,
    first: Option<u64>,
    nth: Option<u64>,
    status: Option<u16>,
    retry_after: Option<String>,
    delay: Option<String>,
    content_type: Option<String>,
    body: Option<String>,
    code: Option<String>,
    lines: Option<usize>,
    after: Option<String>,
    lasting: Option<String>,
}

/// Reads a fault as the program's flag writes it, in JSON.
pub(crate) fn parse_fault(fault: &str) -> Result<Fault, String> {
    let fault: FaultRequest = serde_json::from_str(fault)
        .map_err(|error| format!("{fault:?} is not a fault in JSON: {error}"))?;
    fault.to_fault().map_err(|error| error.message().to_owned())
}

impl FaultRequest {
    pub(super) fn to_fault(&self) -> Result<Fault, ApiError> {
        let mut fault = self.kind()?;
        if let Some(operation) = &self.operation {
            find_operation(operation).map_err(invalid("operation"))?;
            fault = fault.on(operation);
        }
        if let Some(code) = &self.code {
            fault = fault.code(code);
        }
        if let Some(after) = &self.after {
            fault = fault.after(duration(after).map_err(invalid("after"))?);
        }
        if let Some(lasting) = &self.lasting {
            fault = fault.lasting(duration(lasting).map_err(invalid("lasting"))?);
        }
        Ok(match (self.nth, self.first) {
            (Some(number), _) => fault.nth(number),
            (None, Some(times)) => fault.first(times),
            (None, None) => fault,
        })
    }

    fn delay(&self) -> Result<Duration, ApiError> {
        duration(self.delay.as_deref().unwrap_or("1s")).map_err(invalid("delay"))
    }

    fn kind(&self) -> Result<Fault, ApiError> {
        let status = self.status.unwrap_or(500);
        Ok(match self.kind.as_str() {
            "status" => Fault::status(status),
            "html" => Fault::html(status),
            "response" => {
                let content_type = self.content_type.as_deref().unwrap_or("application/json");
                let status = self.status.unwrap_or(200);
                Fault::response(status, content_type, self.body.clone().unwrap_or_default())
            }
            "rate_limited" => Fault::rate_limited(self.retry_after.as_deref()),
            "close" => Fault::close(),
            "reset" => Fault::reset(),
            "truncate" => Fault::truncate(),
            "slow" => Fault::slow(self.delay()?),
            "logs_break" => Fault::logs_break_after(self.lines.unwrap_or(1)),
            "logs_dropped" => Fault::logs_dropped(self.lines.unwrap_or(1)),
            "logs_repeated" => Fault::logs_repeated(),
            "logs_slow" => Fault::logs_slow(self.delay()?),
            other => {
                let message = format!(
                    "{other:?} is not a kind of fault, there are status, html, response, \
                     rate_limited, close, reset, truncate, slow, logs_break, logs_dropped, \
                     logs_repeated and logs_slow"
                );
                return Err(ApiError::validation("kind", message));
            }
        })
    }
}
