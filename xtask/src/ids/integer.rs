//! Integers in a description, and what takes their place.

use serde_json::{Map, Value, json};

use super::SCHEMAS;

/// Returns the integer that a schema is, that is beside null, or that the items of a list are.
pub(super) fn integer(schema: &mut Value) -> Option<&mut Map<String, Value>> {
    let is_null = |arm: &Value| arm["type"] == "null";
    let members = schema.as_object_mut()?;
    if members.contains_key("items") {
        return members.get_mut("items").and_then(integer);
    }
    if members.contains_key("enum") || members.contains_key("const") {
        return None;
    }
    match members.get("type") {
        Some(Value::String(kind)) if kind == "integer" => return Some(members),
        Some(Value::Array(kinds)) => {
            let is_integer = kinds.iter().any(|kind| kind == "integer")
                && kinds.iter().all(|kind| kind == "integer" || kind == "null");
            return if is_integer { Some(members) } else { None };
        }
        Some(_) => return None,
        None => {}
    }
    let key = ["anyOf", "oneOf"].into_iter().find(|key| members.contains_key(*key))?;
    let arms = members.get_mut(key)?.as_array_mut()?;
    let mut others: Vec<_> = arms.iter_mut().filter(|arm| !is_null(arm)).collect();
    match others.as_mut_slice() {
        [_] => integer(others.pop()?),
        _ => None,
    }
}

/// Replaces the type of an integer by a reference. All else that is said of it stays.
pub(super) fn refer(integer: &mut Map<String, Value>, id: &str) {
    let reference = json!({ "$ref": format!("{SCHEMAS}{id}") });
    let kind = integer.remove("type");
    integer.remove("format");
    if matches!(kind, Some(Value::Array(kinds)) if kinds.iter().any(|kind| kind == "null")) {
        integer.insert("anyOf".into(), json!([reference, { "type": "null" }]));
    } else if integer.get("nullable") == Some(&Value::Bool(true)) {
        integer.insert("allOf".into(), json!([reference]));
    } else if let Value::Object(reference) = reference {
        integer.extend(reference);
    }
}
