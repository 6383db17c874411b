//! The validation of a script's options.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::{Call, Outcome};
use super::load_tests::check_k6_version;
use crate::error::{ApiError, Violation, json_response};
use crate::inventory::{Inventory, Project};
use crate::run::CostForm;
use crate::run::cost::Cost;
use crate::script::options::ScriptOptions;

/// The reduction for a run whose load is generated on the caller's own machine, in percent.
const LOCAL_RUN: &[(&str, u32)] = &[("local_run", 25)];

/// Returns the cost of a run with these options.
pub(super) fn serve(call: &Call<'_>) -> Outcome {
    let body = &call.arguments.body;
    let options = &body["options"];
    if let Some(version) = body["k6_version"].as_i64() {
        check_k6_version(version)?;
    }
    let id = body["project_id"].as_i64().or_else(|| options["cloud"]["projectID"].as_i64());
    let store = call.shared.store();
    let id = id.unwrap_or_else(|| store.inventory.default_project());
    let read = check(&store.inventory, id, options)?;
    let cost = read.loads.iter().fold(Cost::default(), |cost, load| {
        let browser = if load.is_browser { load.vus } else { 0 };
        cost.plus(Cost::new(load.vus, browser, load.duration.as_secs()))
    });
    let is_local = body["is_local_execution"] == Value::Bool(true);
    let reductions = if is_local { LOCAL_RUN } else { &[] };
    let (total, parts) = match call.shared.settings().validation_cost {
        CostForm::Mixed => (CostForm::Number, CostForm::String),
        CostForm::Absent => (CostForm::Number, CostForm::Number),
        form => (form, form),
    };
    let body = json!({
        "vuh_usage": cost.total(reductions, total),
        "breakdown": cost.breakdown(reductions, parts),
    });
    Ok(json_response(StatusCode::OK, &body))
}

/// Reads options and checks them against the limits and the load zones of a project.
pub(super) fn check(
    inventory: &Inventory,
    project: i64,
    options: &Value,
) -> Result<ScriptOptions, ApiError> {
    let Some(project) = inventory.projects.get(project) else {
        let message = format!("there is no project {project}");
        return Err(ApiError::validation("project_id", message));
    };
    let read =
        options.as_object().map_or_else(|| Ok(ScriptOptions::default()), ScriptOptions::read);
    let read = read.map_err(all_of)?;
    let mut violations = unusable_zones(inventory, project, &read);
    violations.extend(exceeded_limits(project, &read));
    if violations.is_empty() { Ok(read) } else { Err(all_of(violations)) }
}

fn unusable_zones(
    inventory: &Inventory,
    project: &Project,
    read: &ScriptOptions,
) -> Vec<Violation> {
    let zones = &inventory.load_zones;
    let unusable =
        read.shares.iter().filter(|share| zones.usable(&share.zone, project.id).is_none());
    unusable
        .map(|share| Violation {
            message: format!("project {} cannot use a load zone {:?}", project.id, share.zone),
            target: format!("{}.loadZone", share.target),
        })
        .collect()
}

fn exceeded_limits(project: &Project, read: &ScriptOptions) -> Vec<Violation> {
    let vus = |is_browser: bool| -> u64 {
        let counted = read.loads.iter().filter(|load| load.is_browser == is_browser);
        counted.map(|load| u64::from(load.vus)).sum()
    };
    let used = [
        ("vu_max_per_test", "VU count", vus(false), "VUs"),
        ("vu_browser_max_per_test", "browser VU count", vus(true), "browser VUs"),
        ("duration_max_per_test", "duration", read.duration().as_secs(), "seconds"),
    ];
    let mut violations = Vec::new();
    for (limit, what, used, unit) in used {
        let most = project.limits.get(limit).and_then(|most| u64::try_from(most).ok());
        if let Some(most) = most.filter(|most| used > *most) {
            let message = format!(
                "the {what} of this test ({used} {unit}) exceeds the maximum for the project \
                 ({most} {unit})"
            );
            violations.push(Violation { target: "options".to_owned(), message });
        }
    }
    violations
}

/// Returns an error whose message is that of the first violation.
fn all_of(violations: Vec<Violation>) -> ApiError {
    let message = violations.first().map(|first| first.message.clone()).unwrap_or_default();
    ApiError::violations(message, violations)
}
