//! Load tests.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use serde_json::{Value, json};

use super::call::{Call, Outcome, no_content};
use super::paging::page;
use super::{load_test_form, load_test_start, lookup, validate_options};
use crate::error::{ApiError, json_response};
use crate::inventory::{K6_VERSIONS, LoadTest};
use crate::script::{JAVASCRIPT, StoredScript, TAR};
use crate::store::Store;
use crate::time::rfc3339;

/// Serves the operations on load tests.
pub(super) fn serve(call: &Call<'_>) -> Option<Outcome> {
    Some(match call.operation {
        "list_load_tests" => list(call, None),
        "list_project_load_tests" => list(call, Some(call.arguments.id())),
        "get_load_test" => get(call),
        "update_load_test" => update(call).map(no_content),
        "delete_load_test" => delete(call).map(no_content),
        "move_load_test" => change_project(call).map(no_content),
        "get_load_test_script" => get_script(call),
        "upload_load_test_script" => set_script(call).map(no_content),
        "create_load_test" => load_test_form::create(call),
        "start_load_test" => load_test_start::start(call),
        "validate_options" => validate_options::serve(call),
        _ => return None,
    })
}

/// Returns a load test as the API shows it.
pub(crate) fn load_test_json(store: &Store, load_test: &LoadTest) -> Value {
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

/// Returns a 400 for a version of k6 that the stack does not offer.
pub(super) fn check_k6_version(version: i64) -> Result<(), ApiError> {
    if K6_VERSIONS.contains(&version) {
        return Ok(());
    }
    let offered = K6_VERSIONS.map(|version| version.to_string()).join(" and ");
    let message = format!("k6_version {version} is not offered, the stack offers {offered}");
    Err(ApiError::validation("k6_version", message))
}

/// Returns the script of an upload, or a 400.
pub(super) fn upload(body: Bytes, target: &str) -> Result<StoredScript, ApiError> {
    StoredScript::upload(body).map_err(|message| ApiError::validation(target, message))
}

fn list(call: &Call<'_>, project: Option<i64>) -> Outcome {
    let name = call.arguments.get("name").and_then(Value::as_str);
    let store = call.shared.store();
    if let Some(id) = project {
        lookup::project(&store.inventory, id)?;
    }
    let load_tests = store.inventory.load_tests.iter().filter(|load_test| {
        project.is_none_or(|id| load_test.project_id == id)
            && name.is_none_or(|name| load_test.name == name)
    });
    let rows = load_tests.map(|load_test| load_test_json(&store, load_test)).collect();
    page(call, rows, &["id", "project_id", "name", "created", "updated"])
}

fn get(call: &Call<'_>) -> Outcome {
    let store = call.shared.store();
    let load_test = lookup::load_test(&store.inventory, call.arguments.id())?;
    Ok(json_response(StatusCode::OK, &load_test_json(&store, load_test)))
}

/// A missing property stays as it is. A null baseline is removed.
fn update(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let body = &call.arguments.body;
    let name = body.get("name").and_then(Value::as_str);
    let baseline = body.get("baseline_test_run_id");
    let mut store = call.shared.store();
    let load_test = lookup::load_test(&store.inventory, id)?;
    if let Some(name) = name {
        let project = load_test.project_id;
        lookup::load_test_name_is_free(&store.inventory, project, name, Some(id))?;
    }
    if let Some(run) = baseline.and_then(Value::as_i64)
        && store.get(run).is_none_or(|run| run.test_id != id)
    {
        let message = format!("load test {id} has no test run {run}");
        return Err(ApiError::validation("baseline_test_run_id", message));
    }
    let version = match body.get("k6_version") {
        None => None,
        // The description allows it, the service does not.
        Some(Value::Null) => {
            return Err(ApiError::validation("k6_version", "k6_version must not be null"));
        }
        Some(version) => version.as_i64(),
    };
    version.map_or(Ok(()), check_k6_version)?;
    let load_test = lookup::load_test_mut(&mut store.inventory, id)?;
    if let Some(name) = name {
        load_test.name = name.to_owned();
    }
    if let Some(baseline) = baseline {
        load_test.baseline_test_run_id = baseline.as_i64();
    }
    load_test.k6_version = version.unwrap_or(load_test.k6_version);
    load_test.updated = call.shared.now();
    Ok(())
}

fn delete(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    lookup::load_test(&store.inventory, id)?;
    if store.is_running(|run| run.test_id == id) {
        let message = format!("load test {id} is running: abort it first");
        return Err(ApiError::conflict(message));
    }
    store.remove_load_test(id);
    Ok(())
}

/// Moves a load test to another project.
fn change_project(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let project = call.arguments.body["project_id"].as_i64().unwrap_or_default();
    let mut store = call.shared.store();
    let load_test = lookup::load_test(&store.inventory, id)?;
    lookup::project(&store.inventory, project)?;
    lookup::load_test_name_is_free(&store.inventory, project, &load_test.name, Some(id))?;
    store.move_load_test(id, project);
    lookup::load_test_mut(&mut store.inventory, id)?.updated = call.shared.now();
    Ok(())
}

fn get_script(call: &Call<'_>) -> Outcome {
    let id = call.arguments.id();
    let store = call.shared.store();
    let load_test = lookup::load_test(&store.inventory, id)?;
    let script = load_test.script.as_ref().ok_or_else(|| {
        ApiError::not_found(format!("load test {id} has no script: it was created without one"))
    })?;
    let content_type = script.content_type();
    if names_only_the_other_type(&call.parts.headers, content_type) {
        let message = format!(
            "the script of load test {id} is {content_type}, and not of the type in Accept"
        );
        return Err(ApiError::not_acceptable(message));
    }
    let options = load_test.options.clone();
    let options = options.unwrap_or_else(|| json!({ "vus": 50, "duration": "30m" }));
    Ok(([(header::CONTENT_TYPE, content_type)], script.bytes(id, &options)).into_response())
}

/// Returns whether the `Accept` headers name a type of scripts, and not the one that is stored.
///
/// Other types do not matter: the official clients always accept JSON only.
fn names_only_the_other_type(headers: &HeaderMap, stored: &str) -> bool {
    let essence =
        |media_type: &str| media_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let ranges = headers
        .get_all(header::ACCEPT)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("").split(','));
    let (excluded, accepted): (Vec<&str>, Vec<&str>) =
        ranges.partition(|range| has_no_weight(range));
    let accepted: Vec<String> = accepted.into_iter().map(essence).collect();
    let stored = essence(stored);
    if excluded.into_iter().any(|range| essence(range) == stored) {
        return true;
    }
    let family = stored.split('/').next().unwrap_or("");
    let accepts_stored = accepted
        .iter()
        .any(|range| *range == stored || *range == "*/*" || *range == format!("{family}/*"));
    let names_script = accepted.iter().any(|range| range == JAVASCRIPT || range == TAR);
    names_script && !accepts_stored
}

/// Returns whether a media range is excluded with `q=0`.
fn has_no_weight(range: &str) -> bool {
    let weights = range.split(';').filter_map(|parameter| parameter.trim().strip_prefix("q="));
    weights.filter_map(|weight| weight.parse::<f32>().ok()).any(|weight| weight <= 0.0)
}

/// Replaces the script. The load test does not count as updated.
fn set_script(call: &Call<'_>) -> Result<(), ApiError> {
    let mut store = call.shared.store();
    let load_test = lookup::load_test_mut(&mut store.inventory, call.arguments.id())?;
    load_test.script = Some(upload(Bytes::copy_from_slice(call.body), "body")?);
    Ok(())
}
