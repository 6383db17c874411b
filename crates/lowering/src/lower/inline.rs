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
    let named = Members::new();
    let mut naming = Naming { components, further, taken, named, is_reserving: true };
    naming.document(document);
    naming.is_reserving = false;
    naming.document(document);
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.extend(naming.named);
    }
}

/// The properties that the generator merges with something in another part of the same whole.
#[derive(Default)]
struct Shared {
    names: BTreeSet<String>,
    /// Those that any part declares: the generator merges each with that of the same name in an arm.
    declared: BTreeSet<String>,
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
    /// The first time nothing is moved: a type that stays in place has no choice of names, so all
    /// others make way for it.
    is_reserving: bool,
}

impl Naming {
    fn document(&mut self, document: &mut Value) {
        for_each_root(document, |root, schema| {
            let id = root.operation.to_upper_camel_case();
            match &root.holder {
                Holder::Component(name) => self.component(schema, name),
                Holder::Parameter(name) => {
                    self.schema(schema, &format!("{id}{}", name.to_upper_camel_case()));
                }
                Holder::RequestBody => self.schema(schema, &format!("{id}Body")),
                Holder::Response => self.schema(schema, &format!("{id}Response")),
            }
        });
    }

    fn component(&mut self, schema: &mut Value, name: &str) {
        // An `allOf` of one part, with nothing beside it, is that part, which has the component's name.
        let is_alone = children_of(schema).count() == 1;
        let only = match schema.get_mut("allOf") {
            Some(Value::Array(parts)) if is_alone && parts.len() == 1 => Some(&mut parts[0]),
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
        self.give_name(schema, name);
    }

    /// Names an arm of a union. The generator merges its properties with those beside the union, and the
    /// result has the name that the arm's property would get.
    fn arm(&mut self, schema: &mut Value, name: &str, beside: &BTreeSet<String>) {
        let shared = self.shared_properties(schema);
        self.below_beside(schema, name, &shared, beside);
        self.give_name(schema, name);
    }

    /// Gives a schema a name if it is a type.
    fn give_name(&mut self, schema: &mut Value, name: &str) {
        if self.is_reserving {
            return;
        }
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
        self.below_beside(schema, name, &shared, &BTreeSet::new());
    }

    /// Names what is below a schema. Properties that other parts of the same whole declare as
    /// well stay in place: the generator merges them into a type with the name that they would
    /// get here.
    fn below_beside(
        &mut self,
        schema: &mut Value,
        name: &str,
        shared: &Shared,
        beside: &BTreeSet<String>,
    ) {
        let is_alone = children_of(schema).count() == 1;
        let has_arms = children_of(schema).any(|(step, _)| step.is_arm());
        let beside_arms: BTreeSet<String> = match has_arms {
            true => shared.declared.union(beside).cloned().collect(),
            false => BTreeSet::new(),
        };
        let Some(members) = schema.as_object_mut() else { return };
        for_each_child(members, |step, child| match step.keyword {
            "properties" => {
                let key = step.key.as_deref().unwrap_or_default();
                let name = format!("{name}{}", key.to_upper_camel_case());
                if shared.all || shared.names.contains(key) {
                    self.reserve(child, &name);
                } else if beside.contains(key) {
                    self.schema(child, &format!("{name}Part"));
                } else {
                    self.schema(child, &name);
                }
            }
            "items" => self.schema(child, &format!("{name}Item")),
            "additionalProperties" => self.schema(child, &format!("{name}Value")),
            "allOf" if is_alone => self.schema(child, name),
            // The parts are merged into one type, which has the name of the whole.
            "allOf" => self.below_beside(child, name, shared, beside),
            _ => {
                let index = step.key.as_deref().unwrap_or_default();
                let name = format!("{name}Variant{index}");
                match shared.all {
                    true => self.reserve(child, &name),
                    false => self.arm(child, &name, &beside_arms),
                }
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
        let has_parts = children_of(schema).any(|(step, _)| step.is_part());
        if !has_parts && !children_of(schema).any(|(step, _)| step.is_arm()) {
            return Shared::default();
        }
        let mut counts = BTreeMap::new();
        self.declared_properties(schema, 0, &mut counts);
        let several = counts.iter().filter(|(_, count)| **count > 1);
        Shared {
            names: several.map(|(name, _)| name.clone()).collect(),
            all: has_parts && has_further_keys(schema, &self.further),
            declared: counts.into_keys().collect(),
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
