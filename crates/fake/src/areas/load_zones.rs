//! Load zones, and the projects that may use them.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::{Call, projects};
use crate::error::{ApiError, Violation, json_response};
use crate::inventory::Inventory;
use crate::zones::LoadZone;

/// Answers the operations on load zones.
pub(super) fn serve(call: &Call<'_>) -> Option<Result<Response, ApiError>> {
    Some(match call.operation {
        "list_load_zones" => Ok(list(call)),
        "list_load_zone_allowed_projects" => list_projects(call),
        "replace_load_zone_allowed_projects" => replace_projects(call),
        "list_project_allowed_load_zones" => list_zones(call),
        "replace_project_allowed_load_zones" => replace_zones(call),
        _ => return None,
    })
}

fn shown(zone: &LoadZone) -> Value {
    json!({
        "id": zone.id,
        "name": zone.name,
        "k6_load_zone_id": zone.k6_load_zone_id,
        "available": zone.available,
        "custom_load_runner_image": zone.image,
        "public": zone.public,
    })
}

fn whole(rows: impl Iterator<Item = Value>) -> Response {
    json_response(StatusCode::OK, &json!({ "value": rows.collect::<Vec<_>>() }))
}

fn list(call: &Call<'_>) -> Response {
    let wanted = call.arguments.get("k6_load_zone_id").and_then(Value::as_str);
    let store = call.shared.store();
    let zones = store.inventory.load_zones.iter();
    whole(zones.filter(|zone| wanted.is_none_or(|id| zone.k6_load_zone_id == id)).map(shown))
}

/// Returns the zone that the path names.
fn zone<'i>(call: &Call<'_>, inventory: &'i Inventory) -> Result<&'i LoadZone, ApiError> {
    let id = call.arguments.id();
    let zone = inventory.load_zones.get(id);
    zone.ok_or_else(|| ApiError::not_found(format!("there is no load zone {id}")))
}

/// Returns the id of the project that the path names.
fn project(call: &Call<'_>, inventory: &Inventory) -> Result<i64, ApiError> {
    let id = call.arguments.id();
    inventory.projects.get(id).map(|project| project.id).ok_or_else(|| projects::unknown(id))
}

/// Returns the ids that the body lists, or refuses those that nothing has.
fn listed(
    call: &Call<'_>,
    what: &str,
    exists: impl Fn(i64) -> bool,
) -> Result<BTreeSet<i64>, ApiError> {
    let items = call.arguments.body["value"].as_array().into_iter().flatten();
    let ids: Vec<i64> = items.filter_map(|item| item["id"].as_i64()).collect();
    let unknown: Vec<Violation> = (ids.iter().enumerate().filter(|(_, id)| !exists(**id)))
        .map(|(at, id)| Violation {
            message: format!("there is no {what} {id}"),
            target: format!("value.{at}.id"),
        })
        .collect();
    match unknown.first() {
        None => Ok(ids.into_iter().collect()),
        Some(first) => Err(ApiError::violations(first.message.clone(), unknown)),
    }
}

fn projects_of(inventory: &Inventory, zone: &LoadZone) -> Response {
    let projects = inventory.projects.iter();
    let allowed = projects.filter(|project| inventory.load_zones.allows(zone, project.id));
    whole(allowed.map(|project| json!({ "id": project.id, "name": project.name })))
}

fn list_projects(call: &Call<'_>) -> Result<Response, ApiError> {
    let store = call.shared.store();
    Ok(projects_of(&store.inventory, zone(call, &store.inventory)?))
}

fn replace_projects(call: &Call<'_>) -> Result<Response, ApiError> {
    let mut store = call.shared.store();
    let inventory = &mut store.inventory;
    let id = zone(call, inventory)?.id;
    let wanted = listed(call, "project", |id| inventory.projects.get(id).is_some())?;
    for project in inventory.projects.iter() {
        inventory.load_zones.allow(id, project.id, wanted.contains(&project.id));
    }
    Ok(projects_of(inventory, zone(call, inventory)?))
}

fn zones_of(inventory: &Inventory, project: i64) -> Response {
    let zones = inventory.load_zones.iter();
    whole(zones.filter(|zone| inventory.load_zones.allows(zone, project)).map(shown))
}

fn list_zones(call: &Call<'_>) -> Result<Response, ApiError> {
    let store = call.shared.store();
    Ok(zones_of(&store.inventory, project(call, &store.inventory)?))
}

fn replace_zones(call: &Call<'_>) -> Result<Response, ApiError> {
    let mut store = call.shared.store();
    let inventory = &mut store.inventory;
    let project = project(call, inventory)?;
    let wanted = listed(call, "load zone", |id| inventory.load_zones.get(id).is_some())?;
    let zones: Vec<i64> = inventory.load_zones.iter().map(|zone| zone.id).collect();
    for zone in zones {
        inventory.load_zones.allow(zone, project, wanted.contains(&zone));
    }
    Ok(zones_of(inventory, project))
}
