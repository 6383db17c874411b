//! Load zones, and the projects that may use the private ones.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::call::{Call, Outcome, items};
use super::lookup;
use crate::error::{ApiError, Violation, json_response};
use crate::inventory::Inventory;
use crate::inventory::load_zones::LoadZone;

/// Serves the operations on load zones.
pub(super) fn serve(call: &Call<'_>) -> Option<Outcome> {
    Some(match call.operation {
        "list_load_zones" => Ok(list(call)),
        "list_load_zone_allowed_projects" => list_projects(call),
        "replace_load_zone_allowed_projects" => replace_projects(call),
        "list_project_allowed_load_zones" => list_zones(call),
        "replace_project_allowed_load_zones" => replace_zones(call),
        _ => return None,
    })
}

fn zone_json(zone: &LoadZone) -> Value {
    json!({
        "id": zone.id,
        "name": zone.name,
        "k6_load_zone_id": zone.k6_load_zone_id,
        "available": zone.is_available,
        "custom_load_runner_image": zone.image,
        "public": zone.is_public,
    })
}

fn all_rows(rows: impl Iterator<Item = Value>) -> Response {
    json_response(StatusCode::OK, &json!({ "value": rows.collect::<Vec<_>>() }))
}

fn list(call: &Call<'_>) -> Response {
    let wanted = call.arguments.get("k6_load_zone_id").and_then(Value::as_str);
    let store = call.shared.store();
    let zones = store.inventory.load_zones.iter();
    all_rows(zones.filter(|zone| wanted.is_none_or(|id| zone.k6_load_zone_id == id)).map(zone_json))
}

/// Returns the zone in the path.
fn zone<'i>(call: &Call<'_>, inventory: &'i Inventory) -> Result<&'i LoadZone, ApiError> {
    let id = call.arguments.id();
    let zone = inventory.load_zones.get(id);
    zone.ok_or_else(|| ApiError::not_found(format!("there is no load zone {id}")))
}

/// Returns the ids in the body, or a 400 with the problems that `problem` finds.
fn ids(
    call: &Call<'_>,
    problem: impl Fn(i64) -> Option<String>,
) -> Result<BTreeSet<i64>, ApiError> {
    let items = items(&call.arguments.body).iter();
    let ids: Vec<i64> = items.filter_map(|item| item["id"].as_i64()).collect();
    let problems = ids.iter().enumerate().filter_map(|(at, id)| {
        Some(Violation { message: problem(*id)?, target: format!("value.{at}.id") })
    });
    let problems: Vec<Violation> = problems.collect();
    match problems.first() {
        None => Ok(ids.into_iter().collect()),
        Some(first) => Err(ApiError::violations(first.message.clone(), problems)),
    }
}

/// Returns why a zone cannot be opened to single projects.
fn zone_problem(inventory: &Inventory, id: i64) -> Option<String> {
    match inventory.load_zones.get(id) {
        None => Some(format!("there is no load zone {id}")),
        Some(zone) if zone.is_public => {
            Some(format!("load zone {id} is public: all projects may use it"))
        }
        Some(_) => None,
    }
}

fn projects_of(inventory: &Inventory, zone: i64) -> Response {
    let projects = inventory.projects.iter();
    let allowed = projects.filter(|project| inventory.load_zones.is_opened(zone, project.id));
    all_rows(allowed.map(|project| json!({ "id": project.id, "name": project.name })))
}

fn list_projects(call: &Call<'_>) -> Outcome {
    let store = call.shared.store();
    Ok(projects_of(&store.inventory, zone(call, &store.inventory)?.id))
}

fn replace_projects(call: &Call<'_>) -> Outcome {
    let mut store = call.shared.store();
    let inventory = &mut store.inventory;
    let id = zone(call, inventory)?.id;
    if let Some(problem) = zone_problem(inventory, id) {
        return Err(ApiError::validation("id", problem));
    }
    let wanted = ids(call, |id| {
        (!inventory.projects.contains(id)).then(|| format!("there is no project {id}"))
    })?;
    for project in inventory.projects.iter() {
        inventory.load_zones.set_opened(id, project.id, wanted.contains(&project.id));
    }
    Ok(projects_of(inventory, id))
}

fn zones_of(inventory: &Inventory, project: i64) -> Response {
    let zones = inventory.load_zones.iter();
    let allowed = zones.filter(|zone| inventory.load_zones.is_opened(zone.id, project));
    all_rows(allowed.map(zone_json))
}

fn list_zones(call: &Call<'_>) -> Outcome {
    let store = call.shared.store();
    let project = lookup::project(&store.inventory, call.arguments.id())?;
    Ok(zones_of(&store.inventory, project.id))
}

fn replace_zones(call: &Call<'_>) -> Outcome {
    let mut store = call.shared.store();
    let inventory = &mut store.inventory;
    let project = lookup::project(inventory, call.arguments.id())?.id;
    let wanted = ids(call, |id| zone_problem(inventory, id))?;
    let zones: Vec<i64> = inventory.load_zones.iter().map(|zone| zone.id).collect();
    for zone in zones {
        inventory.load_zones.set_opened(zone, project, wanted.contains(&zone));
    }
    Ok(zones_of(inventory, project))
}
