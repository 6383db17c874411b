//! Projects and their limits.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::{Call, Outcome, no_content};
use super::lookup;
use super::paging::page;
use crate::error::{ApiError, json_response};
use crate::inventory::{Inventory, Project, ProjectLimits};
use crate::store::Store;
use crate::time::rfc3339;

/// How many projects a stack can have.
const MAX_PROJECTS: usize = 1_000;

/// Serves the operations on projects.
pub(super) fn serve(call: &Call<'_>) -> Option<Outcome> {
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

/// Returns a project as the API shows it.
pub(crate) fn project_json(inventory: &Inventory, project: &Project) -> Value {
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

fn list(call: &Call<'_>) -> Outcome {
    let string = |name| call.arguments.get(name).and_then(Value::as_str);
    let (name, search) = (string("name"), string("name_search").map(str::to_lowercase));
    let store = call.shared.store();
    let projects = store.inventory.projects.iter().filter(|project| {
        name.is_none_or(|name| project.name == name)
            && search.as_ref().is_none_or(|part| project.name.to_lowercase().contains(part))
    });
    let rows = projects.map(|project| project_json(&store.inventory, project)).collect();
    page(call, rows, &["created", "name"])
}

fn create(call: &Call<'_>) -> Outcome {
    let name = call.string("name");
    let mut store = call.shared.store();
    name_is_free(&store.inventory, &name, None)?;
    if store.inventory.projects.len() >= MAX_PROJECTS {
        let message = format!("a stack can have at most {MAX_PROJECTS} projects");
        return Err(ApiError::conflict(message));
    }
    let now = call.shared.now();
    let project = Project {
        id: store.inventory.projects.next_id(),
        name,
        is_default: false,
        grafana_folder_uid: Some(format!("folder-{}", store.inventory.projects.next_id())),
        created: now,
        updated: now,
        limits: ProjectLimits::default(),
    };
    let body = project_json(&store.inventory, &project);
    store.inventory.projects.put(project.id, project);
    Ok(json_response(StatusCode::CREATED, &body))
}

fn get(call: &Call<'_>) -> Outcome {
    let id = call.arguments.id();
    let store = call.shared.store();
    let project = lookup::project(&store.inventory, id)?;
    Ok(json_response(StatusCode::OK, &project_json(&store.inventory, project)))
}

fn update(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let name = call.string("name");
    let mut store = call.shared.store();
    lookup::project(&store.inventory, id)?;
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
    let project = lookup::project(&store.inventory, id)?;
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

/// Removes a project and everything that belongs to it.
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
        return Err(ApiError::conflict(format!("there is already a project {name:?}")));
    }
    Ok(())
}

fn limits_json(project: &Project) -> Value {
    let mut value = json!({ "project_id": project.id });
    for (name, limit) in project.limits.0 {
        value[name] = json!(limit);
    }
    value
}

fn list_limits(call: &Call<'_>) -> Outcome {
    let wanted = call.arguments.get("project_id_in").and_then(Value::as_array);
    let store = call.shared.store();
    let projects = store.inventory.projects.iter();
    let projects = projects
        .filter(|project| wanted.is_none_or(|ids| ids.iter().any(|wanted| *wanted == project.id)));
    page(call, projects.map(limits_json).collect(), &[])
}

fn get_limits(call: &Call<'_>) -> Outcome {
    let id = call.arguments.id();
    let store = call.shared.store();
    let project = lookup::project(&store.inventory, id)?;
    Ok(json_response(StatusCode::OK, &limits_json(project)))
}

/// A missing limit stays as it is. A null limit is removed.
fn update_limits(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    let project = store.inventory.projects.get_mut(id);
    let project = project.ok_or_else(|| lookup::unknown_project(id))?;
    for (name, limit) in &mut project.limits.0 {
        if let Some(given) = call.arguments.body.get(*name) {
            *limit = given.as_i64();
        }
    }
    Ok(())
}
