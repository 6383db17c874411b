//! The check of a script's options.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::Call;
use crate::cost::Cost;
use crate::error::{ApiError, Violation, json_response};
use crate::inventory::{FIRST_PROJECT_ID, Project};
use crate::options::{Load, loads};
use crate::run::CostForm;

/// What a run costs less whose load is made on the caller's own machine, in percent.
const LOCAL_RUN: &[(&str, u32)] = &[("local_run", 25)];

/// Says what a run with the options costs.
pub(super) fn serve(call: &Call<'_>) -> Result<Response, ApiError> {
    let body = &call.arguments.body;
    let options = &body["options"];
    let loads = options.as_object().map_or(Ok(Vec::new()), loads).map_err(refused)?;
    let id = body["project_id"].as_i64().or_else(|| options["cloud"]["projectID"].as_i64());
    let id = id.unwrap_or(FIRST_PROJECT_ID);
    let store = call.shared.store();
    let project = store.inventory.projects.get(id);
    let project = project
        .ok_or_else(|| ApiError::validation("project_id", format!("there is no project {id}")))?;
    within_limits(project, &loads)?;
    let cost = loads.iter().fold(Cost::default(), |cost, load| {
        let browser = if load.is_browser { load.vus } else { 0 };
        cost.plus(Cost::new(load.vus, browser, load.duration.as_secs()))
    });
    let is_local = body["is_local_execution"] == Value::Bool(true);
    let reductions = if is_local { LOCAL_RUN } else { &[] };
    let answer = json!({
        "vuh_usage": cost.total(reductions, CostForm::Number),
        "breakdown": cost.breakdown(reductions, CostForm::Text),
    });
    Ok(json_response(StatusCode::OK, &answer))
}

/// Refuses load that is more than the project allows in one run.
fn within_limits(project: &Project, loads: &[Load]) -> Result<(), ApiError> {
    let vus = |browser: bool| -> u64 {
        let counted = loads.iter().filter(|load| load.is_browser == browser);
        counted.map(|load| u64::from(load.vus)).sum()
    };
    let end = loads.iter().map(|load| load.start.saturating_add(load.duration)).max();
    let used = [
        ("vu_max_per_test", vus(false), "VUs"),
        ("vu_browser_max_per_test", vus(true), "browser VUs"),
        ("duration_max_per_test", end.unwrap_or_default().as_secs(), "seconds"),
    ];
    let mut violations = Vec::new();
    for (name, used, unit) in used {
        let limits = project.limits.0.iter().filter(|(limit, _)| *limit == name);
        let most = limits.filter_map(|(_, most)| u64::try_from((*most)?).ok()).min();
        if let Some(most) = most.filter(|most| used > *most) {
            let message =
                format!("{used} {unit} are more than project {} allows: {most}", project.id);
            violations.push(Violation { target: "options".to_owned(), message });
        }
    }
    if violations.is_empty() { Ok(()) } else { Err(refused(violations)) }
}

fn refused(violations: Vec<Violation>) -> ApiError {
    ApiError::violations("the options are not acceptable", violations)
}
