//! Load tests and their scripts.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::paging::page;
use super::{Call, load_test_form, load_test_start, no_content, projects, validate_options};
use crate::error::{ApiError, json_response};
use crate::inventory::{Inventory, LoadTest};
use crate::json::rfc3339;
use crate::script::ScriptKind;
use crate::store::Store;

/// Answers the operations on load tests.
pub(super) fn serve(call: &Call<'_>) -> Option<Result<Response, ApiError>> {
    Some(match call.operation {
        "list_load_tests" => list(call, None),
        "list_project_load_tests" => list(call, Some(call.arguments.id())),
        "get_load_test" => get(call),
        "update_load_test" => update(call).map(no_content),
        "delete_load_test" => delete(call).map(no_content),
        "move_load_test" => relocate(call).map(no_content),
        "get_load_test_script" => get_script(call),
        "upload_load_test_script" => set_script(call).map(no_content),
        "create_load_test" => load_test_form::create(call),
        "start_load_test" => load_test_start::start(call),
        "validate_options" => validate_options::serve(call),
        _ => return None,
    })
}

/// Returns the refusal of a load test that there is not.
pub(super) fn unknown(id: i64) -> ApiError {
    ApiError::not_found(format!("there is no load test {id}"))
}

/// Returns a load test as the API shows it.
pub(super) fn shown(store: &Store, load_test: &LoadTest) -> Value {
    let baseline = load_test.baseline_test_run_id.filter(|run| store.get(*run).is_some());
    json!({
        "id": load_test.id,
        "project_id": load_test.project_id,
        "name": load_test.name,
        "baseline_test_run_id": baseline,
        "k6_version": load_test.k6_version,
        "created": rfc3339(load_test.created),
        "updated": rfc3339(load_test.updated),
    })
}

fn list(call: &Call<'_>, project: Option<i64>) -> Result<Response, ApiError> {
    let name = call.arguments.get("name").and_then(Value::as_str);
    let store = call.shared.store();
    if let Some(id) = project {
        store.inventory.projects.get(id).ok_or_else(|| projects::unknown(id))?;
    }
    let load_tests = store.inventory.load_tests.iter().filter(|load_test| {
        project.is_none_or(|id| load_test.project_id == id)
            && name.is_none_or(|name| load_test.name == name)
    });
    let rows = load_tests.map(|load_test| shown(&store, load_test)).collect();
    page(call, rows, &["id", "project_id", "name", "created", "updated"])
}

fn get(call: &Call<'_>) -> Result<Response, ApiError> {
    let id = call.arguments.id();
    let store = call.shared.store();
    let load_test = store.inventory.load_tests.get(id).ok_or_else(|| unknown(id))?;
    Ok(json_response(StatusCode::OK, &shown(&store, load_test)))
}

/// A property that is not named stays, one that is null goes.
fn update(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let body = &call.arguments.body;
    let name = body.get("name").and_then(Value::as_str);
    let baseline = body.get("baseline_test_run_id");
    let mut store = call.shared.store();
    let load_test = store.inventory.load_tests.get(id).ok_or_else(|| unknown(id))?;
    if let Some(name) = name {
        name_is_free(&store.inventory, load_test.project_id, name, Some(id))?;
    }
    if let Some(run) = baseline.and_then(Value::as_i64)
        && store.get(run).is_none_or(|run| run.test_id != id)
    {
        let message = format!("load test {id} has no test run {run}");
        return Err(ApiError::validation("baseline_test_run_id", message));
    }
    if let Some(load_test) = store.inventory.load_tests.get_mut(id) {
        if let Some(name) = name {
            load_test.name = name.to_owned();
        }
        if let Some(baseline) = baseline {
            load_test.baseline_test_run_id = baseline.as_i64();
        }
        if let Some(version) = body.get("k6_version") {
            load_test.k6_version = version.as_i64();
        }
        load_test.updated = call.shared.now();
    }
    Ok(())
}

fn delete(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    store.inventory.load_tests.get(id).ok_or_else(|| unknown(id))?;
    if store.is_running(|run| run.test_id == id) {
        let message = format!("load test {id} is running: abort it first");
        return Err(ApiError::conflict(message));
    }
    store.remove_load_test(id);
    Ok(())
}

fn relocate(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let project = call.arguments.body["project_id"].as_i64().unwrap_or_default();
    let mut store = call.shared.store();
    let load_test = store.inventory.load_tests.get(id).ok_or_else(|| unknown(id))?;
    store.inventory.projects.get(project).ok_or_else(|| projects::unknown(project))?;
    name_is_free(&store.inventory, project, &load_test.name, Some(id))?;
    store.move_load_test(id, project);
    if let Some(load_test) = store.inventory.load_tests.get_mut(id) {
        load_test.updated = call.shared.now();
    }
    Ok(())
}

/// Refuses a name that another load test of the project has.
pub(super) fn name_is_free(
    inventory: &Inventory,
    project: i64,
    name: &str,
    own: Option<i64>,
) -> Result<(), ApiError> {
    let mut others = inventory
        .load_tests
        .iter()
        .filter(|load_test| load_test.project_id == project && Some(load_test.id) != own);
    if others.any(|load_test| load_test.name == name) {
        let message = format!("project {project} has a load test {name:?} already");
        return Err(ApiError::conflict(message));
    }
    Ok(())
}

fn get_script(call: &Call<'_>) -> Result<Response, ApiError> {
    let id = call.arguments.id();
    let store = call.shared.store();
    let load_test = store.inventory.load_tests.get(id).ok_or_else(|| unknown(id))?;
    let script = load_test.script.as_ref().ok_or_else(|| {
        ApiError::not_found(format!("load test {id} has no script: it was created without"))
    })?;
    let content_type = script.content_type();
    if !accepts(&call.parts.headers, content_type) {
        let message = format!("the script of load test {id} is {content_type}, which is not among");
        let message = format!("{message} what the Accept header allows");
        return Err(ApiError::not_acceptable(message));
    }
    let options = json!({ "vus": 50, "duration": "30m" });
    Ok(([(header::CONTENT_TYPE, content_type)], script.bytes(id, &options)).into_response())
}

/// Whether the `Accept` headers allow a media type, as they do where there are none.
fn accepts(headers: &HeaderMap, content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or("").trim();
    let family = essence.split('/').next().unwrap_or("");
    let mut ranges = headers
        .get_all(header::ACCEPT)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("").split(','))
        .peekable();
    if ranges.peek().is_none() {
        return true;
    }
    // The most specific range decides, so that a type can be taken out of a wider one.
    let weight = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or("");
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
        let precision = match name.split_once('/') {
            Some(("*", "*")) => 0,
            Some((start, "*")) if start.eq_ignore_ascii_case(family) => 1,
            _ if name.eq_ignore_ascii_case(essence) => 2,
            _ => return None,
        };
        Some((precision, weight))
    };
    let best = ranges.filter_map(weight).max_by_key(|(precision, _)| *precision);
    best.is_some_and(|(_, weight)| weight > 0.0)
}

fn set_script(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    let load_test = store.inventory.load_tests.get_mut(id).ok_or_else(|| unknown(id))?;
    if call.body.is_empty() {
        return Err(ApiError::validation("body", "the script is empty"));
    }
    load_test.script = Some(ScriptKind::uploaded(call.body));
    load_test.updated = call.shared.now();
    Ok(())
}
