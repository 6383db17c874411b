//! What a description and an instance are by OpenAPI 3.0.3.
//!
//! A schema of 3.0.3 is rewritten in JSON Schema 2020-12, which `boon` evaluates. The rewriting takes
//! only what 3.0.3 defines, so that keywords of 3.1 that are left over have no effect.

use std::collections::BTreeMap;
use std::error::Error;

use boon::{Compiler, Draft, Format, SchemaIndex, Schemas};
use serde_json::{Map, Value, json};

/// How the 3.0 document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// By the words of 3.0.3: `nullable` has an effect beside `type` only, and adds null to no enum.
    Strict,
    /// The same, except that `1.0` is an integer.
    WholeNumbers,
    /// As progenitor reads it: `nullable` adds null wherever it is, and of a `oneOf` the first arm
    /// that fits is taken. `1.0` is an integer.
    Generator,
}

/// A format that only numbers without a fraction have. `1.0` is a number and not an integer in 3.0,
/// which follows draft 4 there; in 2020-12 it is an integer.
const WITHOUT_FRACTION: &str = "without-fraction";

/// Keywords that mean the same in 3.0 and in 2020-12 and hold no schema.
const SAME: &[&str] = &[
    "enum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minItems",
    "minLength",
    "minProperties",
    "multipleOf",
    "pattern",
    "required",
    "uniqueItems",
];

/// A schema of a 3.0 document, ready to evaluate instances.
pub(crate) struct Judge {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    /// Compiles `schema`, whose references are those of `document`.
    ///
    /// # Errors
    ///
    /// Why a reader of 3.0 cannot evaluate the schema.
    pub(crate) fn new(document: &Value, schema: &Value, reading: Reading) -> Result<Self, String> {
        let mut rewriting = Rewriting { document, reading, done: BTreeMap::new() };
        let root = rewriting.schema(schema)?;
        let resource = json!({ "$defs": rewriting.done, "allOf": [root] });
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.register_format(Format { name: WITHOUT_FRACTION, func: without_fraction });
        let mut schemas = Schemas::new();
        let index = compile(&mut compiler, &mut schemas, resource)?;
        Ok(Self { schemas, index })
    }

    pub(crate) fn accepts(&self, instance: &Value) -> bool {
        self.schemas.validate(instance, self.index).is_ok()
    }
}

fn compile(
    compiler: &mut Compiler,
    schemas: &mut Schemas,
    resource: Value,
) -> Result<SchemaIndex, String> {
    let location = "http://judge.test/it.json";
    compiler.add_resource(location, resource).map_err(|error| error.to_string())?;
    compiler.compile(location, schemas).map_err(|error| format!("{error:#}"))
}

fn without_fraction(value: &Value) -> Result<(), Box<dyn Error>> {
    match value {
        Value::Number(number) if number.is_f64() => Err("a number with a fraction".into()),
        _ => Ok(()),
    }
}

/// Rewrites schemas of 3.0.3, and those that they refer to, in 2020-12.
struct Rewriting<'a> {
    document: &'a Value,
    reading: Reading,
    /// By the pointer that references have.
    done: BTreeMap<String, Value>,
}

impl Rewriting<'_> {
    fn schema(&mut self, schema: &Value) -> Result<Value, String> {
        let Value::Object(members) = schema else {
            return Err(format!("{schema} is not a schema of 3.0"));
        };
        if let Some(reference) = members.get("$ref") {
            // Its siblings are ignored.
            return self.reference(reference);
        }
        let mut out = Map::new();
        let mut parts = Vec::new();
        for (key, value) in members {
            let value = match (key.as_str(), value) {
                (key, value) if SAME.contains(&key) => value.clone(),
                ("allOf" | "anyOf" | "oneOf", Value::Array(list)) => {
                    let list = list.iter().map(|schema| self.schema(schema));
                    Value::Array(list.collect::<Result<_, _>>()?)
                }
                ("additionalProperties", Value::Bool(_)) => value.clone(),
                ("additionalProperties" | "items" | "not", schema) => self.schema(schema)?,
                ("properties", Value::Object(map)) => {
                    let map = map.iter().map(|(name, it)| Ok((name.clone(), self.schema(it)?)));
                    Value::Object(map.collect::<Result<_, String>>()?)
                }
                ("allOf" | "anyOf" | "oneOf" | "properties", value) => {
                    return Err(format!("{key}: {value} is not of 3.0"));
                }
                _ => continue,
            };
            let first_fits = key == "oneOf" && self.reading == Reading::Generator;
            // Beside another `anyOf` it is a part of its own.
            if first_fits && members.contains_key("anyOf") {
                parts.push(json!({ "anyOf": value }));
            } else {
                out.insert(if first_fits { "anyOf".into() } else { key.clone() }, value);
            }
        }
        if !parts.is_empty() {
            let inner = std::mem::take(&mut out);
            parts.push(Value::Object(inner));
            out.insert("allOf".into(), parts.into());
        }
        bounds(members, &mut out)?;
        self.types(members, &mut out)?;
        let nullable = members.get("nullable") == Some(&Value::Bool(true));
        if nullable && self.reading == Reading::Generator {
            return Ok(json!({ "anyOf": [{ "type": "null" }, out] }));
        }
        Ok(Value::Object(out))
    }

    fn types(
        &self,
        members: &Map<String, Value>,
        out: &mut Map<String, Value>,
    ) -> Result<(), String> {
        let name = match members.get("type") {
            None => return Ok(()),
            Some(Value::String(name)) if name != "null" => name,
            Some(other) => return Err(format!("the type {other} is not of 3.0")),
        };
        if name == "integer" && self.reading == Reading::Strict {
            out.insert("format".into(), WITHOUT_FRACTION.into());
        }
        let nullable = members.get("nullable") == Some(&Value::Bool(true));
        let types = if nullable { json!([name, "null"]) } else { json!(name) };
        out.insert("type".into(), types);
        Ok(())
    }

    fn reference(&mut self, reference: &Value) -> Result<Value, String> {
        let pointer = reference
            .as_str()
            .and_then(|reference| reference.strip_prefix('#'))
            .map(|pointer| percent_encoding::percent_decode_str(pointer).decode_utf8_lossy())
            .ok_or_else(|| format!("{reference} cannot be resolved"))?;
        let target = self
            .document
            .pointer(&pointer)
            .ok_or_else(|| format!("{reference} refers to nothing"))?
            .clone();
        let escaped = |byte: u8| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
            byte => format!("_{byte:02x}"),
        };
        let key: String = pointer.bytes().map(escaped).collect();
        if !self.done.contains_key(&key) {
            // Before it is rewritten, since it may refer to itself.
            self.done.insert(key.clone(), Value::Bool(true));
            let target = self.schema(&target)?;
            self.done.insert(key.clone(), target);
        }
        Ok(json!({ "$ref": format!("#/$defs/{key}") }))
    }
}

/// In 3.0 an exclusive bound is a boolean beside the bound.
fn bounds(members: &Map<String, Value>, out: &mut Map<String, Value>) -> Result<(), String> {
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let is_exclusive = match members.get(exclusive) {
            None => false,
            Some(Value::Bool(is_exclusive)) => *is_exclusive,
            Some(other) => return Err(format!("{exclusive}: {other} is not of 3.0")),
        };
        if let Some(value) = members.get(bound) {
            let key = if is_exclusive { exclusive } else { bound };
            out.insert(key.into(), value.clone());
        }
    }
    Ok(())
}

/// The official schema of OpenAPI 3.0.
pub(crate) struct Official {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Official {
    pub(crate) fn new(schema: Value) -> Result<Self, String> {
        let mut compiler = Compiler::new();
        let mut schemas = Schemas::new();
        // By its `id` it is at a place of its own, from which nothing is loaded.
        let index = compile(&mut compiler, &mut schemas, schema)?;
        Ok(Self { schemas, index })
    }

    /// Returns why a document is not valid.
    pub(crate) fn fault(&self, document: &Value) -> Option<String> {
        let error = self.schemas.validate(document, self.index).err()?;
        Some(format!("{error:#}").lines().skip(1).collect::<Vec<_>>().join("; "))
    }
}

/// The keywords at which instances fail by 2020-12, and whether the schema needs other documents.
pub(crate) struct Source {
    compiled: Option<(Schemas, SchemaIndex)>,
    /// Whether it refers to schemas that are not in it.
    pub(crate) is_remote: bool,
}

impl Source {
    pub(crate) fn new(schema: &Value) -> Self {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        let mut schemas = Schemas::new();
        let compiled = compile(&mut compiler, &mut schemas, schema.clone());
        // `boon` has the schema of schemas; a description does not.
        let to_dialect = schema.to_string().contains(r#""$ref":"https://json-schema.org/"#);
        let is_remote = compiled.is_err() || to_dialect;
        Self { compiled: compiled.ok().map(|index| (schemas, index)), is_remote }
    }

    /// Returns the paths of the keywords that reject an instance, deepest first.
    pub(crate) fn rejecting(&self, instance: &Value) -> Vec<String> {
        let Some((schemas, index)) = &self.compiled else { return Vec::new() };
        let Err(error) = schemas.validate(instance, *index) else { return Vec::new() };
        let output = serde_json::to_value(error.basic_output()).unwrap_or_default();
        let errors = output.get("errors").and_then(Value::as_array).into_iter().flatten();
        let keywords = |error: &Value| {
            let places = ["keywordLocation", "absoluteKeywordLocation"];
            let found = places.map(|key| error.get(key).and_then(Value::as_str).map(str::to_owned));
            found.into_iter().flatten().collect::<Vec<_>>()
        };
        let mut paths: Vec<String> = errors.flat_map(keywords).collect();
        if paths.is_empty() {
            paths = keywords(&output);
        }
        paths.sort_by_key(|path| std::cmp::Reverse(path.len()));
        paths
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Judge, Reading};

    fn accepts(schema: Value, reading: Reading, instance: Value) -> bool {
        let document = json!({ "components": { "schemas": {
            "A": { "type": "string", "nullable": true },
        }}});
        Judge::new(&document, &schema, reading).expect("is of 3.0").accepts(&instance)
    }

    #[test]
    fn strict_reading_follows_the_words_of_the_specification() {
        for (schema, instance, expected) in [
            (json!({"type": "string", "nullable": true}), json!(null), true),
            (json!({"nullable": true, "allOf": [{"type": "string"}]}), json!(null), false),
            (json!({"type": "string", "nullable": true, "enum": ["a"]}), json!(null), false),
            (json!({"type": "string", "nullable": true, "enum": ["a", null]}), json!(null), true),
            (json!({}), json!(null), true),
            (json!({"type": "integer"}), json!(1.0), false),
            (json!({"type": "integer"}), json!(1), true),
            (json!({"type": "number"}), json!(1.0), true),
            (json!({"enum": [1]}), json!(1.0), true),
            (json!({"minimum": 1, "exclusiveMinimum": true}), json!(1), false),
            (json!({"minimum": 1, "exclusiveMinimum": false}), json!(1), true),
            (json!({"exclusiveMinimum": true}), json!(1), true),
            (json!({"$ref": "#/components/schemas/A", "maxLength": 1}), json!("ab"), true),
            (json!({"$ref": "#/components/schemas/A"}), json!(1), false),
            (json!({"const": 1, "patternProperties": {}}), json!(2), true),
            (json!({"items": {"$ref": "#/components/schemas/A"}}), json!([1]), false),
            (json!({"not": {"type": "string"}}), json!("a"), false),
        ] {
            assert_eq!(
                accepts(schema.clone(), Reading::Strict, instance.clone()),
                expected,
                "{schema} {instance}"
            );
        }
    }

    #[test]
    fn generator_takes_null_and_the_first_arm_that_fits() {
        for (schema, instance, expected) in [
            (json!({"nullable": true, "allOf": [{"type": "string"}]}), json!(null), true),
            (json!({"type": "string", "nullable": true, "enum": ["a"]}), json!(null), true),
            (json!({"oneOf": [{}, {}]}), json!(1), true),
            (json!({"oneOf": [{"type": "string"}]}), json!(1), false),
            (json!({"anyOf": [{"maximum": 2}], "oneOf": [{}, {"minimum": 1}]}), json!(1), true),
            (json!({"anyOf": [{"maximum": 2}], "oneOf": [{}, {"minimum": 1}]}), json!(3), false),
        ] {
            let accepted = accepts(schema.clone(), Reading::Generator, instance.clone());
            assert_eq!(accepted, expected, "{schema} {instance}");
        }
    }

    #[test]
    fn what_3_0_does_not_know_cannot_be_read() {
        for schema in [
            json!(true),
            json!({"type": ["string", "null"]}),
            json!({"type": "null"}),
            json!({"exclusiveMinimum": 1}),
            json!({"$ref": "#anchor"}),
            json!({"$ref": "#/components/schemas/B"}),
            json!({"items": false}),
        ] {
            let result = Judge::new(&json!({}), &schema, Reading::Strict);
            assert!(result.is_err(), "{schema}");
        }
    }
}
