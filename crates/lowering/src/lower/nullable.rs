//! Where null is allowed: on references and wholes, never on components, arms and parts.
//!
//! The generator makes a type of its own of a component that may be null, and an `Option` of a
//! reference that may.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::origin;
use crate::schemas::{Holder, Members, children_of, for_each_child, for_each_root, target};

/// Takes `nullable` from components, arms and parts and gives it to what refers to them.
pub(super) fn move_nullable_to_references(document: &mut Value) {
    let nullable = null_of_components(document);
    for_each_root(document, |root, schema| {
        let component = matches!(root.holder, Holder::Component(_));
        settle(schema, &nullable, !component);
    });
}

/// What a schema says of null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Null {
    /// It does not allow null.
    Excluded,
    /// It leaves the type, and so null, to other schemas.
    Open,
    /// It allows null.
    Allowed,
}

/// What the components that do not exclude null say of it.
type NullOfComponents = BTreeMap<String, Null>;

/// Finds what the components say of null, also by what they are made of.
fn null_of_components(document: &Value) -> NullOfComponents {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    // What is found of one is looked at again by those that are made of it, so that long chains
    // take no time of their own. A circle of aliases adds nothing.
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, schema) in schemas.into_iter().flatten() {
        made_of(schema, &mut |part| users.entry(part).or_default().push(name));
    }
    let mut queue: Vec<&str> = schemas.into_iter().flatten().map(|(name, _)| &**name).collect();
    let mut found = NullOfComponents::new();
    while let Some(name) = queue.pop() {
        let Some(schema) = schemas.and_then(|schemas| schemas.get(name)) else { continue };
        let null = null_of(schema, &found);
        if null > Null::Excluded && found.get(name).is_none_or(|known| *known < null) {
            found.insert(name.to_owned(), null);
            queue.extend(users.get(name).into_iter().flatten());
        }
    }
    found
}

/// Calls `each` with the components that a schema is made of.
pub(super) fn made_of<'v>(schema: &'v Value, each: &mut impl FnMut(&'v str)) {
    if let Some(name) = target(schema) {
        each(name);
    }
    for (step, child) in children_of(schema) {
        if step.is_arm() || step.is_part() {
            made_of(child, each);
        }
    }
}

/// Whether a lowered schema says that null is allowed.
fn allows_null(schema: &Value, components: &NullOfComponents) -> bool {
    null_of(schema, components) == Null::Allowed
}

fn null_of(schema: &Value, components: &NullOfComponents) -> Null {
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        return Null::Allowed;
    }
    if let Some(name) = target(schema) {
        return components.get(name).copied().unwrap_or(Null::Excluded);
    }
    if schema.get("type").is_some() || schema.get("enum").is_some() {
        return Null::Excluded;
    }
    let below = |keyword: &str| -> Vec<Null> {
        let children = children_of(schema).filter(|(step, _)| step.keyword == keyword);
        children.map(|(_, child)| null_of(child, components)).collect()
    };
    // Of a union one arm is enough; of parts none may exclude null.
    let unions = ["anyOf", "oneOf"].map(|keyword| below(keyword).into_iter().max());
    let parts = below("allOf").into_iter().map(Some);
    let mut said: Vec<Null> = unions.into_iter().chain(parts).flatten().collect();
    said.sort_unstable();
    match (said.first(), said.last()) {
        (Some(Null::Excluded), _) => Null::Excluded,
        (_, Some(most)) => *most,
        _ => Null::Open,
    }
}

/// Says `nullable` of the whole schema where that is allowed, and nowhere inside its arms and
/// parts.
fn settle(schema: &mut Value, nullable: &NullOfComponents, may_say_it: bool) {
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
pub(super) fn unwrap_only_part(schema: &mut Value) {
    let only = |members: &Members| match members.get("allOf").and_then(Value::as_array)?.as_slice()
    {
        [only] if origin::plain_len(members) == 1 => Some(only.clone()),
        _ => None,
    };
    while let Some(only) = schema.as_object().and_then(only) {
        *schema = only;
    }
}
