//! What a schema of OpenAPI 3.0.3 allows, read strictly: as a schema of JSON Schema draft 4, with
//! `nullable` as version 3.0.3 defines it.
//!
//! - `nullable` adds null to the `type` beside it, and does nothing without one.
//! - What stands beside a `$ref` is ignored.
//! - An integer is a number without a fraction or an exponent: 1.0 is none.
//! - `exclusiveMinimum` and `exclusiveMaximum` are booleans.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Map, Value, json};

/// How a schema is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As OpenAPI 3.0.3 defines it.
    Strict,
    /// As a generated client reads it: `nullable` allows null wherever it is, the first arm of a
    /// `oneOf` that fits is taken, and an enum takes other values of its type.
    Client,
}

/// The schemas of a document of OpenAPI 3.0, ready to validate.
pub(crate) struct Validator {
    compiler: Compiler,
    schemas: Schemas,
}

const ADDRESS: &str = "https://strict.invalid/lowered.json";

impl Validator {
    /// Reads the component schemas of a lowered document, and the schema of the response of
    /// `GET /it`, which is at `/response`.
    pub(crate) fn new(document: &Value, reading: Reading) -> Self {
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        let all: Map<String, Value> = schemas
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.clone(), convert(schema, reading)))
            .collect();
        let responses = document.pointer("/paths/~1it/get/responses").and_then(Value::as_object);
        let mut responses = responses.into_iter().flat_map(Map::values);
        let response = responses
            .next()
            .and_then(|response| response.pointer("/content/application~1json/schema").cloned());
        let response = convert(&response.unwrap_or_default(), reading);
        Self::of_draft(json!({ "components": { "schemas": all }, "response": response }), Draft::V4)
    }

    /// Reads the component schemas of a document of OpenAPI 3.1.
    pub(crate) fn of_source(document: &Value) -> Self {
        Self::of_draft(document.clone(), Draft::V2020_12)
    }

    fn of_draft(document: Value, draft: Draft) -> Self {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(draft);
        compiler.add_resource(ADDRESS, document).expect("the address is valid");
        Self { compiler, schemas: Schemas::new() }
    }

    /// Prepares the schema at a JSON pointer.
    ///
    /// # Errors
    ///
    /// It is not a schema, or refers to nothing; the message of the validator.
    pub(crate) fn compile(&mut self, pointer: &str) -> Result<SchemaIndex, String> {
        let address = format!("{ADDRESS}#{}", pointer.replace('%', "%25").replace(' ', "%20"));
        self.compiler.compile(&address, &mut self.schemas).map_err(|error| format!("{error:#}"))
    }

    /// Whether an instance matches a schema that was prepared.
    pub(crate) fn allows(&self, schema: SchemaIndex, instance: &Value) -> bool {
        self.schemas.validate(instance, schema).is_ok()
    }
}

/// Writes a schema of OpenAPI 3.0.3 as one of draft 4.
pub(crate) fn convert(schema: &Value, reading: Reading) -> Value {
    let Some(source) = schema.as_object() else { return schema.clone() };
    if let Some(reference) = source.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut out = Map::new();
    for (key, value) in source {
        let converted = match key.as_str() {
            "items" | "not" | "additionalProperties" => convert(value, reading),
            "allOf" | "anyOf" | "oneOf" => {
                let list = value.as_array().into_iter().flatten();
                list.map(|schema| convert(schema, reading)).collect()
            }
            "properties" => {
                let map = value.as_object().into_iter().flatten();
                map.map(|(name, schema)| (name.clone(), convert(schema, reading))).collect()
            }
            // Annotations, and what only OpenAPI has.
            "default" | "description" | "discriminator" | "example" | "externalDocs" | "format"
            | "nullable" | "title" | "xml" => continue,
            key if key.starts_with("x-") => continue,
            _ => value.clone(),
        };
        out.insert(key.clone(), converted);
    }
    let nullable = source.get("nullable") == Some(&Value::Bool(true));
    if let (true, Some(name)) = (nullable, source.get("type")) {
        out.insert("type".to_owned(), json!([name, "null"]));
    }
    let out = match reading {
        Reading::Strict => out,
        Reading::Client => as_a_client(out),
    };
    match (reading, nullable) {
        (Reading::Client, true) => json!({ "anyOf": [{ "type": "null" }, out] }),
        _ => Value::Object(out),
    }
}

fn as_a_client(mut schema: Map<String, Value>) -> Map<String, Value> {
    schema.remove("enum");
    if let Some(arms) = schema.remove("oneOf") {
        let union = json!({ "anyOf": arms });
        match schema.get_mut("allOf") {
            Some(Value::Array(parts)) => parts.push(union),
            _ => {
                schema.insert("allOf".to_owned(), json!([union]));
            }
        }
    }
    schema
}
