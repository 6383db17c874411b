//! The schemas and instances of the JSON-Schema-Test-Suite, each schema in a description of its own.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// Keywords that hold one schema.
const ONE: &[&str] = &[
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords that hold a list of schemas.
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords that hold a map of schemas.
const MAP: &[&str] =
    &["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"];

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The pointer of the schema under test in every description.
const IT: &str = "#/components/schemas/It";

/// A schema of the suite and its instances.
pub(crate) struct Case {
    /// The file of the suite, without its extension.
    pub(crate) file: String,
    pub(crate) description: String,
    pub(crate) schema: Value,
    pub(crate) instances: Vec<Instance>,
}

/// A value, and whether the suite says that it is valid.
pub(crate) struct Instance {
    pub(crate) description: String,
    pub(crate) data: Value,
    pub(crate) valid: bool,
}

/// Whether a description has the schema in a response or in a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Response,
    Request,
}

impl Direction {
    pub(crate) const BOTH: [Self; 2] = [Self::Response, Self::Request];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Request => "request",
        }
    }

    /// Returns the schema that a client reads or sends.
    pub(crate) fn schema(self, document: &Value) -> Option<Value> {
        let operation = document.get("paths")?.get("/it")?.as_object()?.values().next()?;
        let body = match self {
            Self::Response => operation.get("responses")?.as_object()?.values().next()?,
            Self::Request => operation.get("requestBody")?,
        };
        Some(body.get("content")?.as_object()?.values().next()?.get("schema")?.clone())
    }
}

impl Case {
    /// The description with the schema as its only component, which one operation uses.
    pub(crate) fn document(&self, direction: Direction) -> Value {
        let content = json!({ "application/json": { "schema": { "$ref": IT } } });
        let item = match direction {
            Direction::Response => json!({ "get": {
                "operationId": "read_it",
                "responses": { "200": { "description": "ok", "content": content } },
            }}),
            Direction::Request => json!({ "post": {
                "operationId": "send_it",
                "requestBody": { "required": true, "content": content },
                "responses": { "204": { "description": "done" } },
            }}),
        };
        json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "1.0.0" },
            "paths": { "/it": item },
            "components": { "schemas": { "It": moved(&self.schema) } },
        })
    }
}

/// Reads the required tests of draft 2020-12.
pub(crate) fn read(suite: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let folder = suite.join("tests/draft2020-12");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    let mut cases = Vec::new();
    for path in files {
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let groups: Vec<Value> = serde_json::from_slice(&fs::read(&path)?)?;
        for group in groups {
            cases.push(case(&file, &group).ok_or_else(|| format!("{file}: not a group"))?);
        }
    }
    Ok(cases)
}

fn case(file: &str, group: &Value) -> Option<Case> {
    let text = |value: &Value| Some(value.get("description")?.as_str()?.to_owned());
    let instances = group.get("tests")?.as_array()?.iter().map(|test| {
        Some(Instance {
            description: text(test)?,
            data: test.get("data")?.clone(),
            valid: test.get("valid")?.as_bool()?,
        })
    });
    let mut schema = group.get("schema")?.clone();
    if let Some(members) = schema.as_object_mut() {
        // OpenAPI 3.1 has this dialect anyway, and no description names it in each schema.
        members.retain(|key, value| key != "$schema" || value != DIALECT);
    }
    Some(Case {
        file: file.to_owned(),
        description: text(group)?,
        schema,
        instances: instances.collect::<Option<_>>()?,
    })
}

/// The schema as a component: its references to itself now start at the description's root. Below an
/// `$id` references stay as they are, since they start there.
fn moved(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    if members.contains_key("$id") {
        return schema.clone();
    }
    let members = members.iter().map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("$ref" | "$dynamicRef", Value::String(reference)) => {
                match reference.strip_prefix('#') {
                    Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                        format!("{IT}{rest}").into()
                    }
                    _ => value.clone(),
                }
            }
            (key, value) if ONE.contains(&key) => moved(value),
            (key, Value::Array(list)) if LIST.contains(&key) => list.iter().map(moved).collect(),
            (key, Value::Object(map)) if MAP.contains(&key) => {
                let map = map.iter().map(|(name, schema)| (name.clone(), moved(schema)));
                Value::Object(map.collect::<Map<_, _>>())
            }
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(members.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::moved;

    #[test]
    fn references_to_the_schema_itself_follow_it() {
        let schema = json!({
            "properties": { "$ref": { "$ref": "#/$defs/a" }, "b": { "$ref": "#" } },
            "const": { "$ref": "#" },
            "allOf": [{ "$ref": "#anchor" }, { "$id": "http://x/y", "$ref": "#/$defs/a" }],
        });
        let expected = json!({
            "properties": {
                "$ref": { "$ref": "#/components/schemas/It/$defs/a" },
                "b": { "$ref": "#/components/schemas/It" },
            },
            "const": { "$ref": "#" },
            "allOf": [{ "$ref": "#anchor" }, { "$id": "http://x/y", "$ref": "#/$defs/a" }],
        });
        assert_eq!(moved(&schema), expected);
    }
}
