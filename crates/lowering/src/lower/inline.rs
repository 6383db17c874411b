//! Gives every type that is written in place a component, and so a name that is its own.
//!
//! The generator derives names for such types (`TestRun` and `status` give `TestRunStatus`), and
//! where a component has that name already it takes the one for the other without comparing.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase as _;
use serde_json::{Map, Value, json};

type Members = Map<String, Value>;

/// Moves the types that stand in place to the components.
pub(super) fn name_types(document: &mut Value) {
    let mut naming = Naming::default();
    let schemas = document.pointer_mut("/components/schemas").map(Value::take);
    let mut schemas = match schemas {
        Some(Value::Object(schemas)) => schemas,
        _ => Members::new(),
    };
    naming.taken.extend(schemas.keys().map(|name| name.to_upper_camel_case()));
    for (name, schema) in &mut schemas {
        // A sum of one part is that part, which has the component's name.
        let only = match schema.get_mut("allOf") {
            Some(Value::Array(parts)) if parts.len() == 1 => Some(&mut parts[0]),
            _ => None,
        };
        match only {
            Some(part) => naming.below(part, name),
            None => naming.below(schema, name),
        }
    }
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        for item in paths.values_mut() {
            for operation in item.as_object_mut().into_iter().flat_map(Members::values_mut) {
                naming.operation(operation);
            }
        }
    }
    schemas.extend(naming.named);
    document["components"]["schemas"] = Value::Object(schemas);
}

#[derive(Default)]
struct Naming {
    /// The names in Rust of all components.
    taken: BTreeSet<String>,
    named: Members,
}

impl Naming {
    fn operation(&mut self, operation: &mut Value) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let id = id.to_upper_camel_case();
        if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
            for parameter in parameters {
                let name = parameter["name"].as_str().unwrap_or_default().to_upper_camel_case();
                if let Some(schema) = parameter.get_mut("schema") {
                    self.schema(schema, &format!("{id}{name}"));
                }
            }
        }
        if let Some(body) = operation.get_mut("requestBody") {
            self.content(body, &format!("{id}Body"));
        }
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            for response in responses.values_mut() {
                self.content(response, &format!("{id}Response"));
            }
        }
    }

    fn content(&mut self, holder: &mut Value, name: &str) {
        let Some(Value::Object(content)) = holder.get_mut("content") else { return };
        for schema in content.values_mut().filter_map(|media| media.get_mut("schema")) {
            self.schema(schema, name);
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
        let mut unique = name.to_owned();
        let mut number = 2;
        while !self.taken.insert(unique.to_upper_camel_case()) {
            unique = format!("{name}{number}");
            number += 1;
        }
        let reference = json!({ "$ref": format!("#/components/schemas/{unique}") });
        self.named.insert(unique, Value::Object(std::mem::take(members)));
        if kept.is_empty() {
            *schema = reference;
        } else {
            kept.insert("allOf".into(), json!([reference]));
            *members = kept;
        }
    }

    fn below(&mut self, schema: &mut Value, name: &str) {
        for (key, value) in schema.as_object_mut().into_iter().flatten() {
            match (key.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    for (key, property) in properties {
                        self.schema(property, &format!("{name}{}", key.to_upper_camel_case()));
                    }
                }
                ("items", value) => self.schema(value, &format!("{name}Item")),
                ("additionalProperties", value) => self.schema(value, &format!("{name}Value")),
                ("allOf", Value::Array(parts)) if parts.len() == 1 => {
                    self.schema(&mut parts[0], name);
                }
                // The parts of a sum are merged into one type, which has the sum's name.
                ("allOf", Value::Array(parts)) => {
                    parts.iter_mut().for_each(|part| self.below(part, name));
                }
                ("anyOf" | "oneOf", Value::Array(arms)) => {
                    for (index, arm) in arms.iter_mut().enumerate() {
                        self.schema(arm, &format!("{name}Variant{index}"));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether the generator makes a type of its own of a schema.
fn is_type(members: &Members) -> bool {
    let filled = |key: &str| match members.get(key) {
        Some(Value::Object(found)) => !found.is_empty(),
        Some(Value::Array(found)) => !found.is_empty(),
        _ => false,
    };
    let scalars = json!([{ "type": "number" }, { "type": "string" }]);
    let sum = members.get("allOf").and_then(Value::as_array).is_some_and(|parts| parts.len() > 1);
    filled("properties")
        || filled("enum")
        || filled("oneOf")
        || (filled("anyOf") && members.get("anyOf") != Some(&scalars))
        || sum
}
