//! The JSON of a test run.
//!
//! It is written straight from the run, because a page of a thousand runs that is first made into
//! a tree of values takes several times as long.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::cost::{Cost, TestCost};
use super::run::{CostForm, Plan, Run, StatusEntry, StatusExtra};

type Text<'r> = Option<&'r Cow<'static, str>>;

#[derive(Serialize)]
struct RunBody<'r> {
    id: i64,
    test_id: i64,
    project_id: i64,
    started_by: Text<'r>,
    created: String,
    ended: Option<String>,
    note: &'r str,
    retention_expiry: Option<String>,
    cost: Option<TestCost>,
    status: &'r str,
    status_details: StatusBody<'r>,
    status_history: Vec<StatusBody<'r>>,
    distribution: Option<Vec<ZoneBody>>,
    result: Option<&'r str>,
    result_details: Option<ResultBody<'r>>,
    options: Option<Value>,
    k6_dependencies: BTreeMap<&'static str, &'static str>,
    k6_versions: BTreeMap<&'static str, &'static str>,
    max_vus: Option<u32>,
    max_browser_vus: Option<u32>,
    estimated_duration: Option<u32>,
    execution_duration: i64,
    is_starred: bool,
}

#[derive(Serialize)]
struct StatusBody<'r> {
    r#type: &'r str,
    entered: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<Option<&'r StatusExtra>>,
}

#[derive(Serialize)]
struct ResultBody<'r> {
    r#type: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Option<i64>>,
}

#[derive(Serialize)]
struct ZoneBody {
    load_zone: &'static str,
    percent: u32,
}

impl Serialize for Run {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = self.body();
        if self.properties.is_empty() {
            return body.serialize(serializer);
        }
        let mut value = serde_json::to_value(body).map_err(S::Error::custom)?;
        if let Value::Object(object) = &mut value {
            object.extend(self.properties.iter().cloned());
        }
        value.serialize(serializer)
    }
}

impl Run {
    /// Returns the run as the API shows it.
    pub(super) fn json(&self) -> Value {
        // A run has no keys but strings, so that nothing of it is lost here.
        serde_json::to_value(self).unwrap_or_default()
    }

    fn body(&self) -> RunBody<'_> {
        let plan = self.validated.then_some(&self.plan);
        let statuses = self.earlier.iter().chain([&self.current]);
        RunBody {
            id: self.id,
            test_id: self.test_id,
            project_id: self.project_id,
            started_by: self.started_by.as_ref(),
            created: rfc3339(self.created),
            ended: self.ended.map(rfc3339),
            note: &self.note,
            retention_expiry: self.retention_expiry.map(rfc3339),
            cost: self.cost(),
            status: self.current.status.as_str(),
            status_details: self.status(&self.current),
            status_history: statuses.map(|entry| self.status(entry)).collect(),
            distribution: plan.map(zones),
            result: self.outcome.as_ref().map(|outcome| outcome.result.as_str()),
            result_details: self.result_details(),
            options: plan.map(|_| self.options()),
            k6_dependencies: self.k6_dependencies(),
            k6_versions: self.k6_versions(),
            max_vus: plan.map(|plan| plan.vus),
            max_browser_vus: plan.map(|plan| plan.browser_vus),
            estimated_duration: plan.map(Plan::seconds),
            execution_duration: self.execution_duration,
            is_starred: self.starred,
        }
    }

    /// Returns whether a property that may be missing or null is null: a client takes both.
    fn writes_nulls(&self) -> bool {
        self.id % 2 == 0
    }

    fn status<'r>(&self, entry: &'r StatusEntry) -> StatusBody<'r> {
        let extra = entry.extra.as_deref();
        StatusBody {
            r#type: entry.status.as_str(),
            entered: rfc3339(entry.entered),
            extra: (extra.is_some() || self.writes_nulls()).then_some(extra),
        }
    }

    fn result_details(&self) -> Option<ResultBody<'_>> {
        let outcome = self.outcome.as_ref()?;
        let whole = outcome.message.is_some() || self.writes_nulls();
        Some(ResultBody {
            r#type: outcome.result.as_str(),
            message: whole.then_some(outcome.message.as_ref()),
            code: whole.then_some(outcome.code),
        })
    }

    /// An estimate over the planned duration while the run goes on, the real cost afterwards.
    fn cost(&self) -> Option<TestCost> {
        if !self.validated || self.cost_form == CostForm::Absent {
            return None;
        }
        let plan = &self.plan;
        let seconds = if self.ended.is_some() {
            u64::try_from(self.execution_duration).unwrap_or(0)
        } else {
            u64::from(plan.seconds())
        };
        let cost = Cost::new(plan.vus, plan.browser_vus, seconds);
        Some(cost.test_cost(plan.reductions, self.cost_form))
    }

    /// Returns the options of the run's script.
    pub(super) fn options(&self) -> Value {
        let plan = &self.plan;
        let duration = plan.seconds();
        let mut options = if plan.browser_vus > 0 {
            json!({
                "scenarios": {
                    "browse": {
                        "executor": "constant-vus",
                        "vus": plan.browser_vus,
                        "duration": format!("{duration}s"),
                        "options": { "browser": { "type": "chromium" } },
                    },
                    "call": {
                        "executor": "constant-vus",
                        "vus": plan.vus.saturating_sub(plan.browser_vus),
                        "duration": format!("{duration}s"),
                    },
                },
            })
        } else if plan.zones.len() > 1 {
            json!({
                "stages": [
                    { "duration": format!("{}s", duration / 3), "target": plan.vus },
                    { "duration": format!("{}s", duration - duration / 3), "target": 0 },
                ],
            })
        } else {
            json!({ "vus": plan.vus, "duration": format!("{duration}s") })
        };
        let distribution: Map<String, Value> = plan
            .zones
            .iter()
            .map(|(zone, percent)| {
                let label = zone.rsplit(':').next().unwrap_or(zone);
                let share = json!({ "loadZone": zone, "percent": percent });
                (label.to_owned(), share)
            })
            .collect();
        options["cloud"] = json!({ "projectID": self.project_id, "distribution": distribution });
        options["thresholds"] = json!({ "http_req_duration": ["p(95)<500"] });
        options
    }

    fn k6_dependencies(&self) -> BTreeMap<&'static str, &'static str> {
        match self.id % 3 {
            0 => BTreeMap::new(),
            1 => BTreeMap::from([("k6", ">=v1.2")]),
            _ => BTreeMap::from([("k6", ">=v1.2"), ("k6/x/sql", ">=1.0.0")]),
        }
    }

    fn k6_versions(&self) -> BTreeMap<&'static str, &'static str> {
        match self.id % 3 {
            2 => BTreeMap::from([("k6", "v1.3.0"), ("k6/x/sql", "v1.0.4")]),
            _ => BTreeMap::from([("k6", "v1.3.0")]),
        }
    }

    /// Returns the load generators of the run, `None` where they are not known.
    pub(super) fn distribution_json(&self) -> Option<Value> {
        let too_early = self.course.is_some() && !self.has_run();
        if !self.validated || !self.distribution || too_early {
            return None;
        }
        let mut address = 0;
        let zones: Map<String, Value> = self
            .plan
            .zones
            .iter()
            .map(|(zone, percent)| {
                let count = 1 + (self.plan.vus / 100).saturating_mul(*percent) / 100;
                let nodes: Vec<Value> = (0..count.min(20))
                    .map(|_| {
                        address += 1;
                        let public_ip = format!("203.0.113.{address}");
                        json!({ "size": "m5.xlarge", "public_ip": public_ip })
                    })
                    .collect();
                let load = json!({ "percentage": percent, "nodes": nodes });
                ((*zone).to_owned(), load)
            })
            .collect();
        Some(json!({ "distribution": zones }))
    }
}

fn zones(plan: &Plan) -> Vec<ZoneBody> {
    let zones = plan.zones.iter();
    zones.map(|&(load_zone, percent)| ZoneBody { load_zone, percent }).collect()
}

/// Returns `time` in RFC 3339 with `Z`, and with as many decimals as it needs.
pub(super) fn rfc3339(time: DateTime<Utc>) -> String {
    let text = time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    match text.strip_suffix('Z') {
        Some(stem) if stem.contains('.') => format!("{}Z", stem.trim_end_matches('0')),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_has_no_more_decimals_than_needed() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (460_000_000, "1970-01-01T00:00:00.46Z"),
            (123_456_000, "1970-01-01T00:00:00.123456Z"),
        ];
        for (nanoseconds, expected) in cases {
            let time = DateTime::from_timestamp(0, nanoseconds).unwrap_or_default();
            assert_eq!(rfc3339(time), expected);
        }
    }
}
