//! The JSON of a test run.
//!
//! It is serialized straight from the run: a page of a thousand runs takes several times as long if
//! it is built as a tree of values first.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::cost::{Cost, TestCost};
use super::{CostForm, LoadPlan, Run, StatusEntry, StatusExtra, result_name, status_name};
use crate::time::rfc3339;

type OptionalStr<'r> = Option<&'r Cow<'static, str>>;

#[derive(Serialize)]
struct RunBody<'r> {
    id: i64,
    test_id: i64,
    project_id: i64,
    started_by: OptionalStr<'r>,
    created: String,
    ended: Option<String>,
    note: &'r str,
    retention_expiry: Option<String>,
    cost: Option<TestCost>,
    status: &'r str,
    status_details: StatusBody<'r>,
    status_history: Vec<StatusBody<'r>>,
    distribution: Option<Vec<ZoneBody<'r>>>,
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
    message: Option<OptionalStr<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Option<i64>>,
}

#[derive(Serialize)]
struct ZoneBody<'r> {
    load_zone: &'r str,
    percent: u32,
}

impl Serialize for Run {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = self.body();
        if self.details.properties.is_empty() {
            return body.serialize(serializer);
        }
        let mut value = serde_json::to_value(body).map_err(S::Error::custom)?;
        if let Value::Object(object) = &mut value {
            object.extend(self.details.properties.iter().cloned());
        }
        value.serialize(serializer)
    }
}

impl Run {
    /// Returns the run as the API shows it.
    pub(crate) fn json(&self) -> Value {
        // All keys of a run are strings, so this does not fail.
        serde_json::to_value(self).unwrap_or_default()
    }

    fn body(&self) -> RunBody<'_> {
        let plan = self.progress.is_validated.then_some(&self.plan);
        RunBody {
            id: self.id,
            test_id: self.test_id,
            project_id: self.project_id,
            started_by: self.started_by.as_ref(),
            created: rfc3339(self.created),
            ended: self.progress.ended.map(rfc3339),
            note: &self.details.note,
            retention_expiry: self.retention.expiry.map(rfc3339),
            cost: self.cost(),
            status: status_name(self.status()),
            status_details: self.status_body(&self.progress.current),
            status_history: self.history().map(|entry| self.status_body(entry)).collect(),
            distribution: plan.map(zones),
            result: self.progress.outcome.as_ref().map(|outcome| result_name(&outcome.result)),
            result_details: self.result_details(),
            options: plan.map(|_| self.options()),
            k6_dependencies: self.k6_dependencies(),
            k6_versions: self.k6_versions(),
            max_vus: plan.map(|plan| plan.vus),
            max_browser_vus: plan.map(|plan| plan.browser_vus),
            estimated_duration: plan.map(LoadPlan::seconds),
            execution_duration: self.progress.execution_duration,
            is_starred: self.details.is_starred,
        }
    }

    /// Returns whether an optional property is null in this run, and not missing: both happen.
    fn writes_nulls(&self) -> bool {
        self.id % 2 == 0
    }

    fn status_body<'r>(&self, entry: &'r StatusEntry) -> StatusBody<'r> {
        let extra = entry.extra.as_deref();
        StatusBody {
            r#type: status_name(&entry.status),
            entered: rfc3339(entry.entered),
            extra: (extra.is_some() || self.writes_nulls()).then_some(extra),
        }
    }

    fn result_details(&self) -> Option<ResultBody<'_>> {
        let outcome = self.progress.outcome.as_ref()?;
        let whole = outcome.message.is_some() || self.writes_nulls();
        Some(ResultBody {
            r#type: result_name(&outcome.result),
            message: whole.then_some(outcome.message.as_ref()),
            code: whole.then_some(outcome.code),
        })
    }

    /// Returns an estimate from the planned duration until the run ends, then the real cost.
    fn cost(&self) -> Option<TestCost> {
        if !self.progress.is_validated || self.details.cost_form == CostForm::Absent {
            return None;
        }
        let plan = &self.plan;
        let seconds = if self.progress.ended.is_some() {
            u64::try_from(self.progress.execution_duration).unwrap_or(0)
        } else {
            u64::from(plan.seconds())
        };
        let cost = Cost::new(plan.vus, plan.browser_vus, seconds);
        Some(cost.test_cost(plan.reductions, self.details.cost_form))
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

    /// Returns the load generators of the run, `None` if they are not known.
    pub(crate) fn distribution_json(&self) -> Option<Value> {
        let too_early = self.progress.lifecycle.is_some() && !self.has_run();
        if !self.progress.is_validated || !self.details.has_distribution || too_early {
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
                (zone.to_string(), load)
            })
            .collect();
        Some(json!({ "distribution": zones }))
    }
}

fn zones(plan: &LoadPlan) -> Vec<ZoneBody<'_>> {
    let zones = plan.zones.iter();
    zones.map(|(load_zone, percent)| ZoneBody { load_zone, percent: *percent }).collect()
}
