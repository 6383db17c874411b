//! Where null is allowed: on references and wholes, never on components and arms.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::names::MOST_ALIASES;
use super::shape::{PREFIX, for_each_schema_of_operations};

type Members = Map<String, Value>;

/// Takes `nullable` from the arms of unions and gives it to the whole: an arm may turn out to be
/// nullable only once what is in it is lowered.
fn lift_nullable(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    let mut lifted = false;
    for (key, value) in members.iter_mut() {
        match (key.as_str(), value) {
            ("anyOf" | "oneOf", Value::Array(arms)) => {
                for arm in arms {
                    lift_nullable(arm);
                    let Some(members) = arm.as_object_mut() else { continue };
                    lifted |= members.remove("nullable").is_some();
                    // The reference was only wrapped to say so.
                    if let (1, Some(Value::Array(all))) = (members.len(), members.get("allOf"))
                        && let [only] = all.as_slice()
                    {
                        *arm = only.clone();
                    }
                }
            }
            ("allOf", Value::Array(parts)) => parts.iter_mut().for_each(lift_nullable),
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(lift_nullable);
            }
            ("additionalProperties" | "items" | "not", value) => lift_nullable(value),
            _ => {}
        }
    }
    if lifted {
        members.insert("nullable".into(), true.into());
    }
}

/// Takes `nullable` from components and gives it to the references to them: the generator makes
/// a type of its own of a component that may be null, and an `Option` of a reference that may.
pub(super) fn move_nullable_to_references(document: &mut Value) {
    // Each round goes one alias further. A circle of aliases would go on for ever; preflight
    // refuses it.
    for _ in 0..MOST_ALIASES {
        if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
            schemas.values_mut().for_each(lift_nullable);
        }
        for_each_schema_of_operations(document, &mut |schema, _, _| lift_nullable(schema));
        let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
            return;
        };
        let mut nullable = BTreeSet::new();
        for (name, schema) in schemas.iter_mut() {
            let members = schema.as_object_mut();
            if members.and_then(|members| members.remove("nullable")).is_some() {
                nullable.insert(format!("{PREFIX}{name}"));
            }
        }
        if nullable.is_empty() {
            return;
        }
        // An alias of such a component is one itself, and takes another round.
        for schema in schemas.values_mut() {
            make_references_nullable(schema, &nullable);
        }
        for_each_schema_of_operations(document, &mut |schema, _, _| {
            make_references_nullable(schema, &nullable);
        });
    }
}

/// A parameter that may be left out needs no null, also where it refers to what may be null.
pub(super) fn unwrap_parameters(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let operations =
        paths.into_iter().flat_map(Members::values_mut).filter_map(Value::as_object_mut);
    for operation in operations.flat_map(Members::values_mut) {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for schema in parameters.into_iter().flatten().filter_map(|p| p.get_mut("schema")) {
            let Some(members) = schema.as_object_mut() else { continue };
            members.remove("nullable");
            if let (1, Some(Value::Array(all))) = (members.len(), members.get("allOf"))
                && let [only] = all.as_slice()
            {
                *schema = only.clone();
            }
        }
    }
}

fn make_references_nullable(schema: &mut Value, nullable: &BTreeSet<String>) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    let refers = |value: &Value| {
        value.get("$ref").and_then(Value::as_str).is_some_and(|name| nullable.contains(name))
    };
    let reference = members.get("$ref").and_then(Value::as_str).map(str::to_owned);
    if let Some(reference) = reference.filter(|name| nullable.contains(name)) {
        *schema = json!({ "allOf": [{ "$ref": reference }], "nullable": true });
        return;
    }
    let all = members.get("allOf").and_then(Value::as_array);
    let whole = all.is_some_and(|all| !all.is_empty() && all.iter().all(refers));
    let mut unions = ["anyOf", "oneOf"].into_iter().filter_map(|key| members.get(key)?.as_array());
    let any = unions.any(|arms| arms.iter().any(refers));
    if whole || any {
        members.insert("nullable".into(), true.into());
    }
    for (key, value) in members {
        match (key.as_str(), value) {
            // Null is said of the whole; in the arms it stays out.
            ("allOf" | "anyOf" | "oneOf", Value::Array(arms)) => {
                for arm in arms.iter_mut().filter(|arm| arm.get("$ref").is_none()) {
                    make_references_nullable(arm, nullable);
                }
            }
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(|value| make_references_nullable(value, nullable));
            }
            ("additionalProperties" | "items" | "not", value) => {
                make_references_nullable(value, nullable);
            }
            _ => {}
        }
    }
}
