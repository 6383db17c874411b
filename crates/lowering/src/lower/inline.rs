//! Gives every type that is written in place a component, and so a name of its own.
//!
//! The generator derives names for such types (`TestRun` and `status` give `TestRunStatus`). Where
//! a component has that name already, it takes one for the other without comparing them.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase as _;
use serde_json::{Value, json};

use super::{nullable, origin};
use crate::schemas::{Holder, Members, children_of, for_each_child, for_each_root, target};

/// How deep a chain of references and parts is followed to see which properties it declares.
const MOST_HOPS: usize = 16;

/// Moves the types that are written in place to the components.
pub(super) fn name_types(document: &mut Value) {
    let components = document.pointer("/components/schemas").and_then(Value::as_object).cloned();
    let components = components.unwrap_or_default();
    let taken = components.keys().map(|name| name.to_upper_camel_case()).collect();
    let further = with_further_keys(&components);
    let mut naming = Naming { components, further, taken, named: Members::new() };
    for_each_root(document, |root, schema| {
        let id = root.operation.to_upper_camel_case();
        match &root.holder {
            Holder::Component(name) => naming.component(schema, name),
            Holder::Parameter(name) => {
                naming.schema(schema, &format!("{id}{}", name.to_upper_camel_case()));
            }
            Holder::RequestBody => naming.schema(schema, &format!("{id}Body")),
            Holder::Response => naming.schema(schema, &format!("{id}Response")),
        }
    });
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.extend(naming.named);
    }
}

/// The properties that the generator merges with something in another part of the same whole.
#[derive(Default)]
struct Shared {
    names: BTreeSet<String>,
    /// Every property and arm: further keys of one part are the properties of another.
    all: bool,
}

struct Naming {
    /// The components as they were before this pass.
    components: Members,
    /// Those of which a schema, a part or an arm says of which type further keys are.
    further: BTreeSet<String>,
    /// The names in Rust of all components.
    taken: BTreeSet<String>,
    named: Members,
}

impl Naming {
    fn component(&mut self, schema: &mut Value, name: &str) {
        // An `allOf` of one part is that part, which has the component's name.
        let only = match schema.get_mut("allOf") {
            Some(Value::Array(parts)) if parts.len() == 1 => Some(&mut parts[0]),
            _ => None,
        };
        match only {
            Some(part) => self.below(part, name),
            None => self.below(schema, name),
        }
    }

    /// Names what is below a schema, then the schema itself if it is a type.
    fn schema(&mut self, schema: &mut Value, name: &str) {
        self.below(schema, name);
        let Some(members) = schema.as_object_mut().filter(|members| is_type(members)) else {
            return;
        };
        let mut kept = Members::new();
        for key in ["description", "nullable", "deprecated", "readOnly", "writeOnly", "example"] {
            kept.extend(members.remove_entry(key));
        }
        // The name of a property may have letters that the name of a component may not.
        let name: String = name.chars().filter(char::is_ascii).collect();
        let name = if name.is_empty() { "Type".to_owned() } else { name };
        let mut unique = name.clone();
        let mut number = 2;
        while !self.taken.insert(unique.to_upper_camel_case()) {
            unique = format!("{name}{number}");
            number += 1;
        }
        let reference = json!({ "$ref": format!("#/components/schemas/{unique}") });
        let mut named = std::mem::take(members);
        if let Some(description) = kept.get("description") {
            // The type needs documentation as much as the property that has it.
            named.insert("description".into(), description.clone());
        }
        self.named.insert(unique, Value::Object(named));
        if kept.is_empty() {
            *schema = reference;
        } else {
            kept.insert("allOf".into(), json!([reference]));
            *members = kept;
        }
    }

    fn below(&mut self, schema: &mut Value, name: &str) {
        let shared = self.shared_properties(schema);
        self.below_beside(schema, name, &shared);
    }

    /// Names what is below a schema. Properties that other parts of the same whole declare as
    /// well stay in place: the generator merges them into a type with the name that they would
    /// get here.
    fn below_beside(&mut self, schema: &mut Value, name: &str, shared: &Shared) {
        let Some(members) = schema.as_object_mut() else { return };
        let parts = members.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        for_each_child(members, |step, child| match step.keyword {
            "properties" => {
                let key = step.key.as_deref().unwrap_or_default();
                let name = format!("{name}{}", key.to_upper_camel_case());
                if shared.all || shared.names.contains(key) {
                    self.reserve(child, &name);
                } else {
                    self.schema(child, &name);
                }
            }
            "items" => self.schema(child, &format!("{name}Item")),
            "additionalProperties" => self.schema(child, &format!("{name}Value")),
            "allOf" if parts == 1 => self.schema(child, name),
            // The parts are merged into one type, which has the name of the whole.
            "allOf" => self.below_beside(child, name, shared),
            _ => {
                let index = step.key.as_deref().unwrap_or_default();
                let name = format!("{name}Variant{index}");
                if shared.all { self.reserve(child, &name) } else { self.schema(child, &name) }
            }
        });
    }

    /// Leaves a schema and all below it in place, and keeps the names that the generator gives them.
    fn reserve(&mut self, schema: &mut Value, name: &str) {
        self.taken.insert(name.to_upper_camel_case());
        let Some(members) = schema.as_object_mut() else { return };
        for_each_child(members, |step, child| {
            let key = step.key.as_deref().unwrap_or_default();
            match step.keyword {
                "properties" => {
                    self.reserve(child, &format!("{name}{}", key.to_upper_camel_case()))
                }
                "items" => self.reserve(child, &format!("{name}Item")),
                "additionalProperties" => self.reserve(child, &format!("{name}Value")),
                "allOf" => self.reserve(child, name),
                _ => self.reserve(child, &format!("{name}Variant{key}")),
            }
        });
    }

    /// The properties that more than one part of a schema declares.
    fn shared_properties(&self, schema: &Value) -> Shared {
        let mut declared = BTreeMap::new();
        if !children_of(schema).any(|(step, _)| step.is_part()) {
            return Shared::default();
        }
        self.declared_properties(schema, 0, &mut declared);
        let several = declared.into_iter().filter(|(_, count)| *count > 1);
        Shared {
            names: several.map(|(name, _)| name).collect(),
            all: has_further_keys(schema, &self.further),
        }
    }

    fn declared_properties(&self, schema: &Value, hops: usize, into: &mut BTreeMap<String, usize>) {
        if hops == MOST_HOPS || into.values().sum::<usize>() > 10_000 {
            return;
        }
        if let Some(component) = target(schema).and_then(|name| self.components.get(name)) {
            self.declared_properties(component, hops + 1, into);
        }
        for (step, child) in children_of(schema) {
            if step.is_part() {
                self.declared_properties(child, hops + 1, into);
            } else if step.is_property() {
                *into.entry(step.key.unwrap_or_default()).or_default() += 1;
            }
        }
    }
}

/// Whether a schema, one of its parts or one of its arms says of which type further keys are.
fn has_further_keys(schema: &Value, components: &BTreeSet<String>) -> bool {
    if schema.get("additionalProperties").is_some_and(|further| *further != false) {
        return true;
    }
    if let Some(name) = target(schema) {
        return components.contains(name);
    }
    let mut below = children_of(schema).filter(|(step, _)| step.is_part() || step.is_arm());
    below.any(|(_, child)| has_further_keys(child, components))
}

/// The components with further keys. Each is looked at again when one that it is made of turns out
/// to have them.
fn with_further_keys(components: &Members) -> BTreeSet<String> {
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, schema) in components {
        nullable::made_of(schema, &mut |part| users.entry(part).or_default().push(name));
    }
    let mut queue: Vec<&str> = components.keys().map(String::as_str).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = queue.pop() {
        let Some(schema) = components.get(name).filter(|_| !found.contains(name)) else { continue };
        if has_further_keys(schema, &found) {
            found.insert(name.to_owned());
            queue.extend(users.get(name).into_iter().flatten());
        }
    }
    found
}

/// Whether the generator makes a type of its own of a schema.
fn is_type(members: &Members) -> bool {
    let filled = |key: &str| match members.get(key) {
        Some(Value::Object(found)) => !found.is_empty(),
        Some(Value::Array(found)) => !found.is_empty(),
        _ => false,
    };
    let scalars = [json!({ "type": "number" }), json!({ "type": "string" })];
    let of_scalars = members.get("anyOf").and_then(Value::as_array).is_some_and(|arms| {
        arms.len() == scalars.len()
            && arms.iter().zip(&scalars).all(|(arm, scalar)| origin::without_marks(arm) == *scalar)
    });
    let parts = members.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    filled("properties")
        || filled("enum")
        || filled("oneOf")
        || (filled("anyOf") && !of_scalars)
        || parts > 1
}
