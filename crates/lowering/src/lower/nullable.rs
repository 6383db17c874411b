//! Where null is allowed: on references and wholes, never on components, arms and parts.
//!
//! The generator makes a type of its own of a component that may be null, and an `Option` of a
//! reference that may.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::names::MOST_ALIASES;
use super::origin;
use crate::schemas::{Holder, Members, children_of, for_each_child, for_each_root, target};

/// Takes `nullable` from components, arms and parts and gives it to what refers to them.
pub(super) fn move_nullable_to_references(document: &mut Value) {
    let nullable = nullable_components(document);
    for_each_root(document, |root, schema| {
        let component = matches!(root.holder, Holder::Component(_));
        settle(schema, &nullable, !component);
    });
}

/// Finds the components that may be null, also by what they are made of.
fn nullable_components(document: &Value) -> BTreeSet<String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let mut found = BTreeSet::new();
    // Each round goes one alias further. A circle of aliases adds nothing.
    for _ in 0..=MOST_ALIASES {
        let known = found.len();
        for (name, schema) in schemas.into_iter().flatten() {
            if !found.contains(name) && allows_null(schema, &found) {
                found.insert(name.clone());
            }
        }
        if found.len() == known {
            break;
        }
    }
    found
}

/// Whether a lowered schema says that null is allowed.
fn allows_null(schema: &Value, nullable: &BTreeSet<String>) -> bool {
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        return true;
    }
    if let Some(name) = target(schema) {
        return nullable.contains(name);
    }
    if schema.get("type").is_some() || schema.get("enum").is_some() {
        return false;
    }
    let below = |wanted: &str| {
        children_of(schema)
            .filter(move |(step, _)| step.keyword == wanted)
            .map(|(_, child)| child)
            .collect::<Vec<_>>()
    };
    let arms = ["anyOf", "oneOf"].map(below).concat();
    let parts = below("allOf");
    let any = |schemas: &[&Value]| schemas.iter().any(|schema| allows_null(schema, nullable));
    any(&arms)
        || (any(&parts)
            && parts.iter().all(|part| allows_null(part, nullable) || says_no_type(part)))
}

/// Whether a part of an `allOf` leaves the type, and so null, to the other parts.
fn says_no_type(part: &Value) -> bool {
    let typed = ["$ref", "type", "enum", "allOf", "anyOf", "oneOf"];
    typed.iter().all(|key| part.get(key).is_none())
}

/// Says `nullable` of the whole schema where that is allowed, and nowhere inside its arms and
/// parts.
fn settle(schema: &mut Value, nullable: &BTreeSet<String>, may_say_it: bool) {
    let nullable_whole = allows_null(schema, nullable) && may_say_it;
    let Some(members) = schema.as_object_mut() else { return };
    if members.contains_key("$ref") {
        if nullable_whole {
            let reference = schema.take();
            *schema = json!({ "nullable": true, "allOf": [reference.clone()] });
            if let Some(members) = reference.as_object() {
                origin::mark(schema, &origin::of(members, &crate::problem::Place::root()));
            }
        }
        return;
    }
    for_each_child(members, |step, child| {
        settle(child, nullable, !step.is_arm() && !step.is_part());
        if step.is_arm() {
            unwrap_only_part(child);
        }
    });
    members.remove("nullable");
    if nullable_whole {
        members.insert("nullable".into(), true.into());
    }
}

/// A parameter that may be left out needs no null, also where it refers to what may be null.
pub(super) fn unwrap_parameters(document: &mut Value) {
    for_each_root(document, |root, schema| {
        if matches!(root.holder, Holder::Parameter(_))
            && let Some(members) = schema.as_object_mut()
        {
            members.remove("nullable");
            unwrap_only_part(schema);
        }
    });
}

/// Replaces a schema that is nothing but an `allOf` of one part by the part: it was only wrapped to
/// say that it may be null.
fn unwrap_only_part(schema: &mut Value) {
    let only = |members: &Members| match members.get("allOf").and_then(Value::as_array)?.as_slice()
    {
        [only] if origin::plain_len(members) == 1 => Some(only.clone()),
        _ => None,
    };
    if let Some(only) = schema.as_object().and_then(only) {
        *schema = only;
    }
}
