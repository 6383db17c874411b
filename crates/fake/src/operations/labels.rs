//! Label keys, and the labels of projects.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::call::{Call, Outcome, items, no_content};
use super::lookup;
use crate::error::{ApiError, Violation, json_response};
use crate::inventory::{Inventory, LabelKey};

/// How many keys an organisation can have.
const MAX_KEYS: usize = 100;

/// How many different pairs of key and value an organisation can have.
const MAX_PAIRS: usize = 500;

/// Serves the operations on labels.
pub(super) fn serve(call: &Call<'_>) -> Option<Outcome> {
    Some(match call.operation {
        "list_label_keys" => Ok(list_keys(call)),
        "create_label_keys" => create_keys(call),
        "update_label_key" => update_key(call),
        "delete_label_key" => delete_key(call).map(no_content),
        "list_project_labels" => list(call),
        "replace_project_labels" => replace(call),
        "delete_project_label" => delete(call).map(no_content),
        _ => return None,
    })
}

fn unknown_key(id: i64) -> ApiError {
    ApiError::not_found(format!("there is no label key {id}"))
}

fn key_json(key: &LabelKey) -> Value {
    json!({ "id": key.id, "key": key.key, "description": key.description })
}

fn list_keys(call: &Call<'_>) -> Response {
    let store = call.shared.store();
    let keys: Vec<Value> = store.inventory.label_keys.iter().map(key_json).collect();
    json_response(StatusCode::OK, &json!({ "value": keys }))
}

/// Creates all keys, or none if one of them cannot be created.
fn create_keys(call: &Call<'_>) -> Outcome {
    let string = |item: &Value, name: &str| item[name].as_str().map(str::to_owned);
    let wanted: Vec<(String, Option<String>)> = items(&call.arguments.body)
        .iter()
        .map(|item| (string(item, "key").unwrap_or_default(), string(item, "description")))
        .collect();
    all_different(wanted.iter().map(|(key, _)| key.as_str()))?;
    let mut store = call.shared.store();
    let keys = &mut store.inventory.label_keys;
    if let Some((taken, _)) = wanted.iter().find(|(key, _)| keys.iter().any(|k| k.key == *key)) {
        return Err(taken_key(taken));
    }
    if keys.len() + wanted.len() > MAX_KEYS {
        let message = format!("an organisation can have at most {MAX_KEYS} label keys");
        return Err(ApiError::conflict(message));
    }
    let mut created = Vec::new();
    for (key, description) in wanted {
        let id = keys.add(|id| LabelKey { id, key, description });
        created.extend(keys.get(id).map(key_json));
    }
    Ok(json_response(StatusCode::CREATED, &json!({ "value": created })))
}

fn taken_key(key: &str) -> ApiError {
    ApiError::conflict(format!("the label key {key:?} exists already"))
}

/// Returns a 400 if a request names a key twice.
fn all_different<'k>(keys: impl Iterator<Item = &'k str>) -> Result<(), ApiError> {
    let mut seen = BTreeSet::new();
    let twice = keys.enumerate().filter(|(_, key)| !seen.insert(*key));
    let twice: Vec<Violation> = twice
        .map(|(at, key)| Violation {
            message: format!("the key {key:?} is named more than once"),
            target: format!("value.{at}.key"),
        })
        .collect();
    match twice.first() {
        None => Ok(()),
        Some(first) => Err(ApiError::violations(first.message.clone(), twice)),
    }
}

/// A missing property stays as it is, and so does a key that is null. A null description is removed.
fn update_key(call: &Call<'_>) -> Outcome {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    let keys = &mut store.inventory.label_keys;
    keys.get(id).ok_or_else(|| unknown_key(id))?;
    let new = call.arguments.body["key"].as_str();
    if let Some(new) = new
        && keys.iter().any(|other| other.id != id && other.key == new)
    {
        return Err(taken_key(new));
    }
    let key = keys.get_mut(id).ok_or_else(|| unknown_key(id))?;
    if let Some(new) = new {
        key.key = new.to_owned();
    }
    if let Some(description) = call.arguments.body.get("description") {
        key.description = description.as_str().map(str::to_owned);
    }
    Ok(json_response(StatusCode::OK, &key_json(key)))
}

fn delete_key(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    store.inventory.label_keys.remove(id).ok_or_else(|| unknown_key(id))?;
    for labels in store.inventory.labels.values_mut() {
        labels.remove(&id);
    }
    Ok(())
}

/// Returns the id of the project in the path.
fn project(call: &Call<'_>, inventory: &Inventory) -> Result<i64, ApiError> {
    let id = call.arguments.get("project_id").and_then(Value::as_i64).unwrap_or_default();
    lookup::project(inventory, id).map(|project| project.id)
}

fn list(call: &Call<'_>) -> Outcome {
    let store = call.shared.store();
    let labels = store.inventory.labels_of(project(call, &store.inventory)?);
    let rows: Vec<Value> =
        labels.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    Ok(json_response(StatusCode::OK, &json!({ "value": rows })))
}

fn replace(call: &Call<'_>) -> Outcome {
    let items = items(&call.arguments.body);
    let mut store = call.shared.store();
    let inventory = &mut store.inventory;
    let project = project(call, inventory)?;
    let keys: Result<Vec<LabelKey>, ApiError> =
        items.iter().enumerate().map(|(at, item)| key_of(inventory, at, item)).collect();
    let keys = keys?;
    all_different(keys.iter().map(|key| key.key.as_str()))?;
    let values = items.iter().map(|item| item["value"].as_str().unwrap_or_default());
    let given = keys.iter().zip(values);
    let labels: BTreeMap<i64, String> =
        given.clone().map(|(key, value)| (key.id, value.to_owned())).collect();
    let others = inventory.labels.iter().filter(|(of, _)| **of != project);
    let pairs: BTreeSet<_> = others.flat_map(|(_, labels)| labels).chain(&labels).collect();
    if pairs.len() > MAX_PAIRS {
        let message = format!("an organisation can have at most {MAX_PAIRS} different labels");
        return Err(ApiError::conflict(message));
    }
    let rows: Vec<Value> = given
        .map(|(key, value)| json!({ "key_id": key.id, "key": key.key, "value": value }))
        .collect();
    inventory.labels.insert(project, labels);
    Ok(json_response(StatusCode::OK, &json!({ "value": rows })))
}

/// Returns the key of a label in the body, which gives its id or its name.
fn key_of(inventory: &Inventory, at: usize, item: &Value) -> Result<LabelKey, ApiError> {
    let keys = &inventory.label_keys;
    let target = format!("value.{at}");
    let (found, wanted, target) = match (item["key_id"].as_i64(), item["key"].as_str()) {
        (Some(id), None) => (keys.get(id), id.to_string(), format!("{target}.key_id")),
        (None, Some(name)) => {
            let found = keys.iter().find(|key| key.key == name);
            (found, format!("{name:?}"), format!("{target}.key"))
        }
        (id, _) => {
            let problem = if id.is_some() { "it has both" } else { "it has neither" };
            let message = format!("{target} must have either key_id or key, {problem}");
            return Err(ApiError::validation(target, message));
        }
    };
    found
        .cloned()
        .ok_or_else(|| ApiError::validation(target, format!("there is no label key {wanted}")))
}

fn delete(call: &Call<'_>) -> Result<(), ApiError> {
    let name = call.arguments.get("key").and_then(Value::as_str).unwrap_or_default();
    let mut store = call.shared.store();
    let project = project(call, &store.inventory)?;
    let inventory = &mut store.inventory;
    let key = inventory.label_keys.iter().find(|key| key.key == name).map(|key| key.id);
    let labels = inventory.labels.get_mut(&project);
    labels
        .zip(key)
        .and_then(|(labels, key)| labels.remove(&key))
        .map(drop)
        .ok_or_else(|| ApiError::not_found(format!("project {project} has no label {name:?}")))
}
