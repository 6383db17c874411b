//! Bodies and parts that are bytes. OpenAPI 3.1 leaves their schema out, or names a media type in
//! it; 3.0 has a string with the format `binary`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::index::{self, Index};
use super::{Version, Writer};
use crate::lower::origin;
use crate::problem::Place;
use crate::schemas::Members;

/// Media types of bytes, without those that begin with a word of `FAMILIES`.
const TYPES: &[&str] = &[
    "application/gzip",
    "application/java-archive",
    "application/msword",
    "application/octet-stream",
    "application/pdf",
    "application/protobuf",
    "application/wasm",
    "application/x-7z-compressed",
    "application/x-bzip2",
    "application/x-gzip",
    "application/x-protobuf",
    "application/x-tar",
    "application/x-zip-compressed",
    "application/zip",
    "application/zstd",
];

const FAMILIES: &[&str] = &[
    "application/vnd.ms-",
    "application/vnd.openxmlformats-",
    "audio/",
    "font/",
    "image/",
    "video/",
];

/// How far a schema is followed to the parts that it describes.
const MOST_HOPS: usize = 8;

/// Whether a media type stands for bytes that are no text.
fn is_binary(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let text = name.ends_with("+xml") || name.ends_with("+json");
    !text
        && (TYPES.contains(&name.as_str())
            || FAMILIES.iter().any(|family| name.starts_with(family)))
}

/// Where the schemas of bodies and parts are.
#[derive(Default)]
pub(super) struct Bytes {
    /// Schemas of bytes, even if they say nothing at all.
    bodies: BTreeSet<String>,
    /// Schemas of parts in components, which other values may have too: they are bytes only if
    /// they name a media type.
    parts: BTreeSet<String>,
}

impl Bytes {
    pub(super) fn of(document: &Value, index: &Index<'_>, version: Version) -> Self {
        let mut found = Self::default();
        // In 3.0 a schema that says nothing allows everything.
        if version != Version::V3_0 {
            found.walk(document, &Place::root(), index);
        }
        found
    }

    fn walk(&mut self, value: &Value, place: &Place, index: &Index<'_>) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    let at = place.at(key);
                    match key.as_str() {
                        "content" => self.content(value, &at, index),
                        "schema" | "schemas" | "example" | "examples" => {}
                        _ => self.walk(value, &at, index),
                    }
                }
            }
            Value::Array(list) => {
                for (number, value) in list.iter().enumerate() {
                    self.walk(value, &place.at(number), index);
                }
            }
            _ => {}
        }
    }

    fn content(&mut self, content: &Value, place: &Place, index: &Index<'_>) {
        for (name, media) in content.as_object().into_iter().flatten() {
            let at = place.at(name).at("schema");
            if is_binary(name) {
                self.bodies.insert(at.as_str().to_owned());
            } else if name.starts_with("multipart/")
                && let Some(schema) = media.get("schema")
            {
                self.of_parts(schema, &at, index, 0);
            }
        }
    }

    /// The properties of a schema, and the items of those that are lists, are parts.
    fn of_parts(&mut self, schema: &Value, place: &Place, index: &Index<'_>, hops: usize) {
        if hops > MOST_HOPS {
            return;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
            && let Ok(pointer) = index.target(reference, place, place)
        {
            let (schema, at) = index::at(index.document(), &pointer);
            self.of_parts(schema, &at, index, hops + 1);
        }
        let all = schema.get("allOf").and_then(Value::as_array);
        for (number, part) in all.into_iter().flatten().enumerate() {
            self.of_parts(part, &place.at("allOf").at(number), index, hops + 1);
        }
        let own = place.as_str().starts_with("/components/schemas/");
        let into = if own { &mut self.parts } else { &mut self.bodies };
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, _) in properties.into_iter().flatten() {
            let at = place.at("properties").at(name);
            into.insert(at.at("items").as_str().to_owned());
            into.insert(at.as_str().to_owned());
        }
    }
}

impl Writer<'_> {
    /// Returns the schema of bytes if a schema of a body or a part is one.
    pub(super) fn bytes(&mut self, schema: &Value, place: &Place) -> Option<Value> {
        let none = Members::new();
        let body = self.bytes.bodies.contains(place.as_str());
        if !body && !self.bytes.parts.contains(place.as_str()) {
            return None;
        }
        let members = match schema {
            Value::Object(members) => members,
            Value::Bool(true) => &none,
            _ => return None,
        };
        let named = members.get("contentMediaType").and_then(Value::as_str);
        let is_text = |key: &str| matches!(key, "title" | "description" | "deprecated");
        let plain = |key: &String| {
            is_text(key)
                || key == "contentMediaType"
                || (key == "type" && named.is_some() && members["type"] == "string")
        };
        let said = if named.is_some() { named.is_some_and(is_binary) } else { body };
        if !said || !members.keys().all(plain) {
            return None;
        }
        let text: Members = members
            .iter()
            .filter(|(key, _)| is_text(key))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        let mut text = Value::Object(text);
        text["type"] = "string".into();
        text["format"] = "binary".into();
        // The text is written like that of any other schema.
        let mut written = match text {
            Value::Object(text) => self.members(&text, place),
            _ => json!({}),
        };
        origin::mark(&mut written, place);
        Some(written)
    }

    /// Adds the schema of bytes to the media type of a body that has none.
    pub(super) fn complete_media_type(&self, written: &mut Members, place: &Place) {
        let at = place.at("schema");
        if !written.contains_key("schema") && self.bytes.bodies.contains(at.as_str()) {
            written.insert("schema".into(), json!({ "type": "string", "format": "binary" }));
        }
    }
}
