//! A schema while it is written.

use serde_json::{Value, json};

use crate::lower::origin;
use crate::problem::Place;
use crate::schemas::Members;

/// Keywords that say nothing about which values are valid.
pub(super) const ANNOTATIONS: &[&str] = &[
    "default",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "externalDocs",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

pub(super) fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-") || origin::is_mark(key)
}

/// What a schema is made of so far.
#[derive(Default)]
pub(super) struct Sketch {
    pub(super) members: Members,
    /// References that the schema consists of, or that are parts of it.
    pub(super) references: Vec<Value>,
    /// Schemas that a value must match as well.
    pub(super) also: Vec<Value>,
    /// The only arm of a union beside null, with null in it.
    pub(super) only_arm: Option<Value>,
    /// The keyword because of which the schema allows nothing.
    pub(super) never: Option<Place>,
}

impl Sketch {
    /// Adds a union beside those that are there.
    pub(super) fn add_union(&mut self, keyword: &str, arms: Vec<Value>, place: &Place) {
        if self.members.contains_key(keyword) {
            let mut part = json!({ keyword: arms });
            origin::mark(&mut part, place);
            self.also.push(part);
        } else {
            origin::mark_keyword(&mut self.members, keyword, place);
            self.members.insert(keyword.to_owned(), arms.into());
        }
    }

    /// Adds a schema that a value must match as well.
    pub(super) fn add_part(&mut self, mut part: Value, place: &Place) {
        if !is_anything(&part) {
            origin::mark(&mut part, place);
            self.also.push(part);
        }
    }

    /// Takes the smaller of two upper bounds.
    pub(super) fn at_most(&mut self, keyword: &str, bound: usize, place: &Place) {
        let known = self.members.get(keyword).and_then(Value::as_u64);
        if known.is_none_or(|known| known > bound as u64) {
            origin::mark_keyword(&mut self.members, keyword, place);
            self.members.insert(keyword.to_owned(), bound.into());
        }
    }

    /// Returns the schema. Its keywords are in the order of `source`, then those that it had not.
    pub(super) fn finished(mut self, source: &Members, place: &Place) -> Value {
        if let Some(because) = self.never.take() {
            self.members.retain(|key, _| is_annotation(key));
            origin::mark_keyword(&mut self.members, "not", &because);
            self.members.insert("not".into(), json!({}));
            self.references.clear();
            self.also.clear();
            self.only_arm = None;
        }
        self.place_only_arm(place);
        let alone = self.members.keys().all(|key| origin::is_mark(key)) && self.also.is_empty();
        if alone && self.references.len() == 1 {
            let mut reference = self.references.remove(0);
            origin::mark(&mut reference, place);
            return reference;
        }
        let mut parts = self.references;
        for part in &mut parts {
            origin::mark(part, place);
        }
        if let Some(Value::Array(own)) = self.members.remove("allOf") {
            parts.extend(own);
        }
        parts.extend(self.also);
        if !parts.is_empty() {
            if source.contains_key("$ref") && !source.contains_key("allOf") {
                origin::mark_keyword(&mut self.members, "allOf", &place.at("$ref"));
            }
            self.members.insert("allOf".into(), parts.into());
        }
        let mut members = in_order_of(source, self.members);
        add_items(&mut members);
        let mut schema = Value::Object(members);
        origin::mark(&mut schema, place);
        schema
    }

    /// An arm that is alone joins the schema around it if that says nothing else of a value.
    fn place_only_arm(&mut self, place: &Place) {
        let Some(arm) = self.only_arm.take() else { return };
        let plain = self.references.is_empty()
            && self.also.is_empty()
            && self.members.keys().all(|key| is_annotation(key));
        match arm {
            Value::Object(arm) if plain => {
                let at = origin::of(&arm, place);
                for (key, value) in &arm {
                    if !origin::is_mark(key) && !self.members.contains_key(key) {
                        let from = origin::of_keyword(&arm, &at, key);
                        origin::mark_keyword(&mut self.members, key, &from);
                        self.members.insert(key.clone(), value.clone());
                    }
                }
            }
            arm => self.also.push(arm),
        }
    }
}

fn in_order_of(source: &Members, mut members: Members) -> Members {
    if !cfg!(feature = "preserve-order") {
        return members;
    }
    let mut ordered = Members::new();
    for key in source.keys() {
        if let Some(value) = members.get_mut(key) {
            ordered.insert(key.clone(), value.take());
        }
    }
    for (key, value) in members {
        if !ordered.contains_key(&key) {
            ordered.insert(key, value);
        }
    }
    ordered
}

/// 3.0 requires `items` of an array.
pub(super) fn add_items(members: &mut Members) {
    if members.get("type").is_some_and(|name| name == "array") && !members.contains_key("items") {
        members.insert("items".into(), json!({}));
    }
}

/// A schema that allows nothing.
pub(super) fn nothing() -> Value {
    json!({ "not": {} })
}

/// Whether a written schema allows nothing, and says so plainly.
pub(super) fn is_nothing(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| {
        members.get("not").is_some_and(is_anything)
            && members.keys().all(|key| key == "not" || is_annotation(key))
    })
}

/// What a schema does not allow.
pub(super) fn negation(schema: Value) -> Value {
    if is_nothing(&schema) {
        json!({})
    } else if is_anything(&schema) {
        nothing()
    } else {
        json!({ "not": schema })
    }
}

/// Whether a written schema allows everything, and says so plainly.
pub(super) fn is_anything(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| members.keys().all(|key| is_annotation(key)))
}

/// A schema that allows null only.
pub(super) fn only_null() -> Value {
    json!({ "type": "string", "nullable": true, "enum": [null] })
}

/// Whether a written schema allows null only, and says so plainly.
pub(super) fn is_only_null(schema: &Value) -> bool {
    let is = |key: &str, wanted: Value| schema.get(key) == Some(&wanted);
    let plain =
        |key: &String| matches!(key.as_str(), "enum" | "nullable" | "type") || is_annotation(key);
    is("nullable", json!(true))
        && is("enum", json!([null]))
        && schema
            .as_object()
            .is_some_and(|members| members.contains_key("type") && members.keys().all(plain))
}

/// Lets an arm that says its type also allow null. Returns whether it could.
pub(super) fn take_null(arm: &mut Value) -> bool {
    let Some(members) = arm.as_object_mut() else { return false };
    let applies = ["$ref", "allOf", "anyOf", "not", "oneOf"];
    if applies.iter().any(|key| members.contains_key(*key))
        || !members.get("type").is_some_and(Value::is_string)
        || members.get("nullable") == Some(&Value::Bool(true))
    {
        return false;
    }
    if let Some(Value::Array(values)) = members.get_mut("enum")
        && !values.iter().any(Value::is_null)
    {
        values.push(Value::Null);
    }
    members.insert("nullable".into(), true.into());
    true
}
