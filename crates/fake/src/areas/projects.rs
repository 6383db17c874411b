//! Projects and their limits.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::paging::page;
use super::{Call, no_content};
use crate::error::{ApiError, json_response};
use crate::inventory::{Inventory, Limits, Project};
use crate::json::rfc3339;
use crate::store::Store;

/// How many projects a stack can have.
const MOST_PROJECTS: usize = 1_000;

/// Answers the operations on projects.
pub(super) fn serve(call: &Call<'_>) -> Option<Result<Response, ApiError>> {
    Some(match call.operation {
        "list_projects" => list(call),
        "create_project" => create(call),
        "get_project" => get(call),
        "update_project" => update(call).map(no_content),
        "delete_project" => delete(call).map(no_content),
        "list_project_limits" => list_limits(call),
        "get_project_limits" => get_limits(call),
        "update_project_limits" => update_limits(call).map(no_content),
        _ => return None,
    })
}

/// Returns the refusal of a project that there is not.
pub(super) fn unknown(id: i64) -> ApiError {
    ApiError::not_found(format!("there is no project {id}"))
}

/// Returns a project as the API shows it.
fn shown(inventory: &Inventory, project: &Project) -> Value {
    json!({
        "id": project.id,
        "name": project.name,
        "is_default": project.is_default,
        "grafana_folder_uid": project.grafana_folder_uid,
        "created": rfc3339(project.created),
        "updated": rfc3339(project.updated),
        "labels": inventory.labels_of(project.id),
    })
}

fn list(call: &Call<'_>) -> Result<Response, ApiError> {
    let text = |name| call.arguments.get(name).and_then(Value::as_str);
    let (name, search) = (text("name"), text("name_search").map(str::to_lowercase));
    let store = call.shared.store();
    let projects = store.inventory.projects.iter().filter(|project| {
        name.is_none_or(|name| project.name == name)
            && search.as_ref().is_none_or(|part| project.name.to_lowercase().contains(part))
    });
    let rows = projects.map(|project| shown(&store.inventory, project)).collect();
    page(call, rows, &["created", "name"])
}

fn create(call: &Call<'_>) -> Result<Response, ApiError> {
    let name = call.text("name");
    let mut store = call.shared.store();
    name_is_free(&store.inventory, &name, None)?;
    if store.inventory.projects.iter().count() >= MOST_PROJECTS {
        let message = format!("a stack has {MOST_PROJECTS} projects at most");
        return Err(ApiError::conflict(message));
    }
    let now = call.shared.now();
    let id = store.inventory.projects.add(|id| Project {
        id,
        name,
        is_default: false,
        grafana_folder_uid: Some(format!("folder-{id}")),
        created: now,
        updated: now,
        limits: Limits::default(),
    });
    let project = store.inventory.projects.get(id).ok_or_else(|| unknown(id))?;
    Ok(json_response(StatusCode::CREATED, &shown(&store.inventory, project)))
}

fn get(call: &Call<'_>) -> Result<Response, ApiError> {
    let id = call.arguments.id();
    let store = call.shared.store();
    let project = store.inventory.projects.get(id).ok_or_else(|| unknown(id))?;
    Ok(json_response(StatusCode::OK, &shown(&store.inventory, project)))
}

fn update(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let name = call.text("name");
    let mut store = call.shared.store();
    store.inventory.projects.get(id).ok_or_else(|| unknown(id))?;
    name_is_free(&store.inventory, &name, Some(id))?;
    if let Some(project) = store.inventory.projects.get_mut(id) {
        project.name = name;
        project.updated = call.shared.now();
    }
    Ok(())
}

fn delete(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    let project = store.inventory.projects.get(id).ok_or_else(|| unknown(id))?;
    if project.is_default {
        return Err(ApiError::conflict("the default project cannot be deleted"));
    }
    if store.is_running(|run| run.project_id == id) {
        let message = format!("a test is running in project {id}: abort it first");
        return Err(ApiError::conflict(message));
    }
    remove(&mut store, id);
    Ok(())
}

/// Takes a project out, with everything that belongs to it.
fn remove(store: &mut Store, id: i64) {
    let tests = store.inventory.load_tests.iter().filter(|test| test.project_id == id);
    let tests: Vec<i64> = tests.map(|test| test.id).collect();
    for test in tests {
        store.remove_load_test(test);
    }
    store.inventory.projects.remove(id);
    store.inventory.labels.remove(&id);
}

fn name_is_free(inventory: &Inventory, name: &str, own: Option<i64>) -> Result<(), ApiError> {
    let mut others = inventory.projects.iter().filter(|project| Some(project.id) != own);
    if others.any(|project| project.name == name) {
        return Err(ApiError::conflict(format!("there is a project {name:?} already")));
    }
    Ok(())
}

fn limits_shown(project: &Project) -> Value {
    let mut value = json!({ "project_id": project.id });
    for (name, limit) in project.limits.0 {
        value[name] = json!(limit);
    }
    value
}

fn list_limits(call: &Call<'_>) -> Result<Response, ApiError> {
    let wanted = call.arguments.get("project_id_in").and_then(Value::as_array);
    let store = call.shared.store();
    let projects = store.inventory.projects.iter();
    let projects = projects
        .filter(|project| wanted.is_none_or(|ids| ids.iter().any(|wanted| *wanted == project.id)));
    page(call, projects.map(limits_shown).collect(), &[])
}

fn get_limits(call: &Call<'_>) -> Result<Response, ApiError> {
    let id = call.arguments.id();
    let store = call.shared.store();
    let project = store.inventory.projects.get(id).ok_or_else(|| unknown(id))?;
    Ok(json_response(StatusCode::OK, &limits_shown(project)))
}

/// A limit that is not named stays, one that is null goes.
fn update_limits(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    let project = store.inventory.projects.get_mut(id).ok_or_else(|| unknown(id))?;
    for (name, limit) in &mut project.limits.0 {
        if let Some(given) = call.arguments.body.get(*name) {
            *limit = given.as_i64();
        }
    }
    Ok(())
}
