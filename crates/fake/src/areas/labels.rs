//! Label keys, and the labels that projects have under them.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::{Call, no_content, projects};
use crate::error::{ApiError, Violation, json_response};
use crate::inventory::{Inventory, LabelKey};

/// How many keys an organisation can have.
const MOST_KEYS: usize = 100;

/// How many different pairs of key and value an organisation can have.
const MOST_PAIRS: usize = 500;

/// Answers the operations on labels.
pub(super) fn serve(call: &Call<'_>) -> Option<Result<Response, ApiError>> {
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

fn shown(key: &LabelKey) -> Value {
    json!({ "id": key.id, "key": key.key, "description": key.description })
}

fn list_keys(call: &Call<'_>) -> Response {
    let store = call.shared.store();
    let keys: Vec<Value> = store.inventory.label_keys.iter().map(shown).collect();
    json_response(StatusCode::OK, &json!({ "value": keys }))
}

/// Creates all the keys or none.
fn create_keys(call: &Call<'_>) -> Result<Response, ApiError> {
    let items = call.arguments.body["value"].as_array().map_or(&[][..], Vec::as_slice);
    let text = |item: &Value, name: &str| item[name].as_str().map(str::to_owned);
    let wanted: Vec<(String, Option<String>)> = items
        .iter()
        .map(|item| (text(item, "key").unwrap_or_default(), text(item, "description")))
        .collect();
    differ(wanted.iter().map(|(key, _)| key.as_str()))?;
    let mut store = call.shared.store();
    let keys = &mut store.inventory.label_keys;
    if let Some((taken, _)) = wanted.iter().find(|(key, _)| keys.iter().any(|k| k.key == *key)) {
        return Err(taken_key(taken));
    }
    if keys.iter().count() + wanted.len() > MOST_KEYS {
        let message = format!("an organisation has {MOST_KEYS} label keys at most");
        return Err(ApiError::conflict(message));
    }
    let mut created = Vec::new();
    for (key, description) in wanted {
        let id = keys.add(|id| LabelKey { id, key, description });
        created.extend(keys.get(id).map(shown));
    }
    Ok(json_response(StatusCode::CREATED, &json!({ "value": created })))
}

fn taken_key(key: &str) -> ApiError {
    ApiError::conflict(format!("there is a label key {key:?} already"))
}

/// Refuses a request that names a key twice, and so contradicts itself.
fn differ<'k>(keys: impl Iterator<Item = &'k str>) -> Result<(), ApiError> {
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

/// A property that is not named stays. A null removes the description; a key cannot be without
/// its text, which stays.
fn update_key(call: &Call<'_>) -> Result<Response, ApiError> {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    let keys = &mut store.inventory.label_keys;
    keys.get(id).ok_or_else(|| unknown_key(id))?;
    let text = call.arguments.body["key"].as_str();
    if let Some(text) = text
        && keys.iter().any(|other| other.id != id && other.key == text)
    {
        return Err(taken_key(text));
    }
    let key = keys.get_mut(id).ok_or_else(|| unknown_key(id))?;
    if let Some(text) = text {
        key.key = text.to_owned();
    }
    if let Some(description) = call.arguments.body.get("description") {
        key.description = description.as_str().map(str::to_owned);
    }
    Ok(json_response(StatusCode::OK, &shown(key)))
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

/// Returns the id of the project that the path names.
fn project(call: &Call<'_>, inventory: &Inventory) -> Result<i64, ApiError> {
    let id = call.arguments.get("project_id").and_then(Value::as_i64).unwrap_or_default();
    inventory.projects.get(id).map(|project| project.id).ok_or_else(|| projects::unknown(id))
}

fn list(call: &Call<'_>) -> Result<Response, ApiError> {
    let store = call.shared.store();
    let labels = store.inventory.labels_of(project(call, &store.inventory)?);
    let rows: Vec<Value> =
        labels.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    Ok(json_response(StatusCode::OK, &json!({ "value": rows })))
}

fn replace(call: &Call<'_>) -> Result<Response, ApiError> {
    let items = call.arguments.body["value"].as_array().map_or(&[][..], Vec::as_slice);
    let mut store = call.shared.store();
    let inventory = &mut store.inventory;
    let project = project(call, inventory)?;
    let mut keys = Vec::new();
    for (at, item) in items.iter().enumerate() {
        keys.push(key_of(inventory, at, item)?);
    }
    differ(keys.iter().map(|key| key.key.as_str()))?;
    let values = items.iter().map(|item| item["value"].as_str().unwrap_or_default());
    let given = keys.iter().zip(values);
    let labels: BTreeMap<i64, String> =
        given.clone().map(|(key, value)| (key.id, value.to_owned())).collect();
    let others = inventory.labels.iter().filter(|(of, _)| **of != project);
    let pairs: BTreeSet<_> = others.flat_map(|(_, labels)| labels).chain(&labels).collect();
    if pairs.len() > MOST_PAIRS {
        let message = format!("an organisation has {MOST_PAIRS} different labels at most");
        return Err(ApiError::conflict(message));
    }
    let rows: Vec<Value> = given
        .map(|(key, value)| json!({ "key_id": key.id, "key": key.key, "value": value }))
        .collect();
    inventory.labels.insert(project, labels);
    Ok(json_response(StatusCode::OK, &json!({ "value": rows })))
}

/// Returns the key of a label in the body, which names it by its id or by its text.
fn key_of(inventory: &Inventory, at: usize, item: &Value) -> Result<LabelKey, ApiError> {
    let keys = &inventory.label_keys;
    match (item["key_id"].as_i64(), item["key"].as_str()) {
        (Some(id), None) => keys.get(id).cloned().ok_or_else(|| unknown_key(id)),
        (None, Some(text)) => {
            let found = keys.iter().find(|key| key.key == text).cloned();
            found.ok_or_else(|| ApiError::not_found(format!("there is no label key {text:?}")))
        }
        (id, _) => {
            let (target, how) = (format!("value.{at}"), "by key_id or by key");
            let many = if id.is_some() { "not by both" } else { "got neither" };
            let message = format!("{target} has to name its key {how}, {many}");
            Err(ApiError::validation(target, message))
        }
    }
}

fn delete(call: &Call<'_>) -> Result<(), ApiError> {
    let text = call.arguments.get("key").and_then(Value::as_str).unwrap_or_default();
    let mut store = call.shared.store();
    let project = project(call, &store.inventory)?;
    let inventory = &mut store.inventory;
    let key = inventory.label_keys.iter().find(|key| key.key == text).map(|key| key.id);
    let labels = inventory.labels.get_mut(&project);
    labels
        .zip(key)
        .and_then(|(labels, key)| labels.remove(&key))
        .map(drop)
        .ok_or_else(|| ApiError::not_found(format!("project {project} has no label {text:?}")))
}
