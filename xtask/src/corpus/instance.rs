//! Instances of schemas, drawn by chance.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Draws values that a schema of a description may allow. Whoever uses one checks that it does.
pub(super) struct Instances<'d> {
    pub(super) random: Rng,
    pub(super) document: &'d Value,
    /// Whether an instance has keys of several arms, which the type of one arm does not keep.
    pub(super) undeclared: bool,
    /// Whether the client reads only decimal numbers where a string or a number is allowed.
    pub(super) decimals: bool,
    /// Whether objects have all their properties: a result of which nothing else is required needs its
    /// lists and maps.
    pub(super) whole: bool,
}

impl Instances<'_> {
    fn one<'v, T>(&mut self, of: &'v [T]) -> Option<&'v T> {
        (!of.is_empty()).then(|| &of[self.random.usize(0..of.len())])
    }

    pub(super) fn of(&mut self, schema: &Value, depth: usize) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = self.document.pointer(&reference[1..]).cloned().unwrap_or_default();
            let is_end = depth == 0 && !self.whole;
            return if is_end { json!({}) } else { self.of(&target, depth.saturating_sub(1)) };
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.one(values).cloned().unwrap_or_default();
        }
        let mut whole = Map::new();
        let mut has_arms = false;
        for keyword in ["anyOf", "oneOf"] {
            let Some(arms) = schema[keyword].as_array() else { continue };
            has_arms = true;
            let arm = self.one(arms).cloned().unwrap_or_default();
            match self.of(&arm, depth) {
                Value::Object(members) => whole.extend(members),
                other if schema.get("properties").is_none() => return other,
                _ => {}
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            match self.of(part, depth) {
                Value::Object(members) => {
                    self.undeclared |= !whole.is_empty() && members.contains_key("kind");
                    whole.extend(members);
                }
                other => return other,
            }
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ if whole.is_empty() && schema.get("properties").is_none() && !has_arms => {
                vec!["string", "integer", "object"]
            }
            _ => vec!["object"],
        };
        let kind = self.one(&kinds).copied().unwrap_or("object");
        if kind != "object" && !whole.is_empty() {
            return Value::Object(whole);
        }
        match kind {
            "null" => Value::Null,
            "boolean" => self.random.bool().into(),
            "integer" => self.random.i64(0..200).into(),
            "number" => json!(f64::from(self.random.i32(0..9)) + 0.5),
            // A string in a union with a number is a decimal number.
            "string" if kinds.contains(&"number") => "1.5".into(),
            "string" => self.text(schema["format"].as_str()),
            "array" => {
                let count = self.random.usize(0..3);
                let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
                (0..count).map(|_| self.of(&items, depth.saturating_sub(1))).collect()
            }
            _ => self.object(schema, whole, depth),
        }
    }

    fn object(&mut self, schema: &Value, mut whole: Map<String, Value>, depth: usize) -> Value {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let needed = required.iter().any(|required| required == name);
            if needed || self.whole || (depth > 0 && self.random.bool()) {
                let value = self.of(property, depth.saturating_sub(1));
                // Where the value decides which arm it is, the keys may be those of another one.
                self.undeclared |= whole.insert(name.clone(), value).is_some();
            }
        }
        for name in required.iter().filter_map(Value::as_str) {
            whole.entry(name).or_insert_with(|| json!("undeclared"));
        }
        match &schema["additionalProperties"] {
            Value::Object(_) if self.random.bool() => {
                let value = self.of(&schema["additionalProperties"], depth.saturating_sub(1));
                whole.entry("further").or_insert(value);
            }
            _ => {}
        }
        Value::Object(whole)
    }

    fn text(&mut self, format: Option<&str>) -> Value {
        let text = match format {
            Some("date-time") => "2027-01-02T03:04:05Z",
            Some("date") => "2027-01-02",
            Some("uuid") => "3f0c8a3e-0d2e-4b7e-9b6a-1d2c3b4a5f60",
            Some("uri") => "https://example.org/a",
            Some("email") => "a@example.org",
            Some("byte") => "YQ==",
            _ if self.decimals => "1.5",
            _ => ["", "a", "b c", "\u{e9}"][self.random.usize(0..4)],
        };
        text.into()
    }
}

/// What a reference of a document leads to, or the schema itself.
pub(super) fn resolved<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let reference = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    let target = reference.and_then(|reference| document.pointer(&reference[1..]));
    target.map_or(schema, |target| resolved(document, target))
}
