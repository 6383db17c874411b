//! The rules for the document itself: version, servers, tags, components.

use serde_json::{Map, Value, json};

use super::{
    Lowering, OVERLAY, RuleId, array, names, object, prose, required, string, unknown_key,
};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

/// The most characters of the description's version.
const LONGEST_VERSION: usize = 64;

/// The members of `components` in OpenAPI 3.1.
const COMPONENTS: &[&str] = &[
    "schemas",
    "parameters",
    "responses",
    "requestBodies",
    "headers",
    "examples",
    "links",
    "callbacks",
    "securitySchemes",
    "pathItems",
];

impl Lowering<'_> {
    pub(super) fn document(&mut self, source: &Members, root: &Place) -> Value {
        let mut out = Map::new();
        out.insert("openapi".into(), "3.0.3".into());
        for (key, value) in source {
            let lowered = self.member_of_document(key, value, &root.at(key));
            if let Some(Some(lowered)) = self.keep(lowered) {
                out.insert(key.clone(), lowered);
            }
        }
        for key in ["info", "paths"] {
            if !source.contains_key(key) {
                self.problems.push(root.problem(
                    format!("the description has no `{key}`"),
                    "check that the source is the API's description",
                ));
            }
        }
        out.insert("components".into(), self.components(root));
        Value::Object(out)
    }

    /// Returns nothing for a member that the lowered document does not have.
    fn member_of_document(
        &mut self,
        key: &str,
        value: &Value,
        place: &Place,
    ) -> Result<Option<Value>, Problem> {
        match key {
            "info" => {
                let read = ["title", "version", "description"];
                self.note_unread(object(value, place)?, place, &read);
                info(value, place).map(Some)
            }
            "servers" => {
                self.note_servers(value, place);
                servers(value, place).map(Some)
            }
            "tags" => {
                for (index, tag) in value.as_array().into_iter().flatten().enumerate() {
                    if let Some(tag) = tag.as_object() {
                        self.note_unread(tag, &place.at(index), &["name", "description"]);
                    }
                }
                tags(value, place).map(Some)
            }
            "paths" => self.paths(value, place).map(Some),
            "components" => {
                for member in object(value, place)?.keys() {
                    if member == "securitySchemes" {
                        self.note(RuleId::Unread, super::NOT_READ, &place.at(member));
                    }
                    if !COMPONENTS.contains(&member.as_str()) && !member.starts_with("x-") {
                        self.problems.push(unknown_key(&place.at(member)));
                    }
                }
                Ok(None)
            }
            "openapi" => Ok(None),
            key if key.starts_with("x-") || matches!(key, "externalDocs" | "security") => {
                self.note(RuleId::Unread, super::NOT_READ, place);
                Ok(None)
            }
            _ => Err(unknown_key(place)),
        }
    }

    /// Lowers the component schemas: all, or those that the operations need.
    fn components(&mut self, root: &Place) -> Value {
        let place = root.at("components").at("schemas");
        let published: Vec<String> = self.names.keys().cloned().collect();
        if !self.options.only_reached {
            for name in &published {
                self.reach(name);
            }
        }
        let mut schemas = Map::new();
        // Lowering one schema may reach others.
        while let Some((pointer, name)) = self.queue.pop_front() {
            let Some(schema) = self.document.pointer(&pointer) else { continue };
            let lowered = self.component(schema, &names::place_of(&pointer));
            schemas.insert(name, lowered);
        }
        for name in &published {
            if !self.reached.contains(place.at(name).as_str()) {
                let effect = "no operation uses the schema";
                self.note(RuleId::Unreached, effect, &place.at(name));
            }
        }
        json!({ "schemas": schemas })
    }

    /// The client has one base address, which no description changes.
    fn note_servers(&mut self, value: &Value, place: &Place) {
        let Some(base_url) = &self.options.base_url else { return };
        for (index, server) in value.as_array().into_iter().flatten().enumerate() {
            if let Some(server) = server.as_object() {
                self.note_unread(server, &place.at(index), &["url", "description"]);
            }
            let url = server.get("url").and_then(Value::as_str).unwrap_or_default();
            if url.trim_end_matches('/') != base_url.trim_end_matches('/') {
                let effect = "the client's own base address is used, without the server's path";
                self.note(RuleId::OtherServer, effect, &place.at(index));
            }
        }
    }
}

fn info(value: &Value, place: &Place) -> Result<Value, Problem> {
    let source = object(value, place)?;
    let mut out = Map::new();
    for key in ["title", "version"] {
        let found = string(required(source, key, place)?, &place.at(key))?;
        out.insert(key.into(), prose::neutralise(found).into());
    }
    let version = source.get("version").and_then(Value::as_str).unwrap_or_default();
    // The generated client holds it as a header value, whose constructor panics.
    let plain = version.bytes().all(|b| b.is_ascii_graphic());
    if version.is_empty() || version.len() > LONGEST_VERSION || !plain {
        let shown: String = version.chars().take(LONGEST_VERSION).collect();
        let what = format!(
            "the version {shown:?} is not plain visible ASCII of at most {LONGEST_VERSION} \
             characters"
        );
        return Err(place.at("version").problem(what, "correct it with an overlay action"));
    }
    out.insert("version".into(), version.into());
    if let Some(description) = source.get("description") {
        let description = string(description, &place.at("description"))?;
        out.insert("description".into(), prose::neutralise(description).into());
    }
    Ok(Value::Object(out))
}

fn servers(value: &Value, place: &Place) -> Result<Value, Problem> {
    let servers = array(value, place)?.iter().enumerate();
    let lowered = servers.map(|(index, server)| {
        let place = place.at(index);
        let url = string(required(object(server, &place)?, "url", &place)?, &place.at("url"))?;
        Ok(json!({ "url": url }))
    });
    lowered.collect()
}

fn tags(value: &Value, place: &Place) -> Result<Value, Problem> {
    let mut out = Vec::new();
    for (index, tag) in array(value, place)?.iter().enumerate() {
        let place = place.at(index);
        let tag = object(tag, &place)?;
        let name = string(required(tag, "name", &place)?, &place.at("name"))?;
        tag_name(name, &place.at("name"))?;
        let mut lowered = Map::from_iter([("name".to_owned(), Value::from(name))]);
        if let Some(Value::String(text)) = tag.get("description") {
            lowered.insert("description".into(), prose::neutralise(text).into());
        }
        out.push(Value::Object(lowered));
    }
    Ok(Value::Array(out))
}

/// The name of a tag is kept as it is, so it must not hide anything.
pub(super) fn tag_name(name: &str, place: &Place) -> Result<(), Problem> {
    if name.chars().any(visible_text::is_hidden) {
        return Err(place.problem("the tag's name has characters that cannot be seen", OVERLAY));
    }
    Ok(())
}
