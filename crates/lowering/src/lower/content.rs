//! The rules for request bodies, responses and their content types.

use serde_json::{Value, json};

use super::parameter::Parameters;
use super::{Choice, Lowering, RuleId, object, origin, prose, required, string};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

/// How deep references and parts are followed to see whether a form is flat.
const MOST_HOPS: usize = 8;

impl Lowering<'_> {
    pub(super) fn request_body(
        &mut self,
        body: &Value,
        place: &Place,
        parameters: &mut Parameters,
    ) -> Result<Option<Value>, Problem> {
        let (body, place) = {
            let (body, place) = self.resolve(body, place)?;
            (object(body, &place)?.clone(), place)
        };
        let mut out = Members::new();
        if let Some(description) = body.get("description") {
            let description = string(description, &place.at("description"))?;
            out.insert("description".into(), prose::neutralise(description).into());
        }
        if let Some(required) = body.get("required") {
            out.insert("required".into(), required.clone());
        }
        let at = place.at("content");
        let content = object(required(&body, "content", &place)?, &at)?;
        let Some((published, media)) = content.iter().min_by_key(|(name, _)| body_rank(name))
        else {
            return Ok(None);
        };
        if content.len() > 1 {
            let effect = "of several content types the generated call can send one";
            self.note(RuleId::RequestContent, effect, &at);
        }
        let at = at.at(published);
        let media = object(media, &at)?;
        let (name, schema) = match base_type(published) {
            name @ "application/json" => (name, self.media_schema(media, &at)),
            name @ "application/x-www-form-urlencoded"
                if media.get("schema").is_some_and(|schema| self.is_flat(schema, 0)) =>
            {
                (name, self.media_schema(media, &at))
            }
            name if name.ends_with("+json") => {
                parameters.insert_header("Content-Type", true, &[published]);
                ("application/json", self.media_schema(media, &at))
            }
            "text/plain" => ("text/plain", json!({ "type": "string" })),
            "application/octet-stream" => ("application/octet-stream", bytes()),
            _ => {
                let effect = "the caller makes the body's bytes and names their content type";
                self.note(RuleId::RequestBytes, effect, &at);
                parameters.insert_header("Content-Type", true, &[published]);
                ("application/octet-stream", bytes())
            }
        };
        let mut lowered = json!({ "schema": schema });
        self.copy_examples(media, &mut lowered);
        out.insert("content".into(), json!({ name: lowered }));
        Ok(Some(Value::Object(out)))
    }

    /// Whether a schema is an object of scalars, which is all that the generated code can write as a
    /// form.
    fn is_flat(&self, schema: &Value, hops: usize) -> bool {
        let target = self.resolve_schema(schema).and_then(Value::as_object);
        let Some(members) = target.filter(|_| hops < MOST_HOPS) else { return false };
        let plain = members.get("type").is_none_or(|name| name == "object")
            && !["anyOf", "enum", "not", "oneOf"].iter().any(|key| members.contains_key(*key));
        let properties = members.get("properties").and_then(Value::as_object);
        let parts = members.get("allOf").and_then(Value::as_array);
        let further = members.get("additionalProperties").filter(|further| **further != false);
        plain
            && (properties.is_some() || parts.is_some() || further.is_some())
            && properties.into_iter().flatten().all(|(_, it)| self.is_scalar(it, hops + 1))
            && parts.into_iter().flatten().all(|part| self.is_flat(part, hops + 1))
            && further.is_none_or(|further| self.is_scalar(further, hops + 1))
    }

    fn is_scalar(&self, schema: &Value, hops: usize) -> bool {
        let target = self.resolve_schema(schema).and_then(Value::as_object);
        let Some(members) = target.filter(|_| hops < MOST_HOPS) else { return false };
        let of = |key: &str| members.get(key).and_then(Value::as_array);
        let mut below = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(of).flatten().peekable();
        match members.get("type").and_then(Value::as_str) {
            Some("array" | "object") => false,
            None if below.peek().is_none() => members.contains_key("enum"),
            _ => below.all(|schema| self.is_scalar(schema, hops + 1)),
        }
    }

    fn media_schema(&mut self, media: &Members, place: &Place) -> Value {
        let schema = media.get("schema");
        schema.map_or_else(|| json!({}), |schema| self.schema(schema, &place.at("schema")))
    }

    /// Copies a media type's examples, with what they refer to.
    fn copy_examples(&self, media: &Members, lowered: &mut Value) {
        if let Some(example) = media.get("example") {
            lowered["example"] = example.clone();
        }
        let Some(Value::Object(examples)) = media.get("examples") else {
            return;
        };
        let resolved = examples.iter().filter_map(|(name, example)| {
            let (example, _) = self.resolve(example, &Place::root()).ok()?;
            let value = example.get("value")?;
            Some((name.clone(), json!({ "value": value })))
        });
        lowered["examples"] = Value::Object(resolved.collect());
    }

    /// Keeps the successes: any other response arrives undecoded, with its status, headers and
    /// body, and one function makes the crate's error of it.
    pub(super) fn responses(
        &mut self,
        responses: &Value,
        place: &Place,
        parameters: &mut Parameters,
    ) -> Result<Value, Problem> {
        let mut successes = Vec::new();
        let responses = object(responses, place)?;
        let success = |status: &str| status.len() == 3 && status.starts_with('2');
        let only_default = !responses.keys().any(|status| success(status));
        for (status, response) in responses {
            let at = place.at(status);
            if success(status) || (status == "default" && only_default) {
                let status = if status == "default" { "2XX" } else { status };
                let lowered = self.response(response, &at, parameters);
                successes.extend(self.keep(lowered).map(|found| (status.to_uppercase(), found)));
            } else if !status.starts_with("x-")
                && status != "default"
                && !(status.len() == 3 && status.starts_with(['1', '3', '4', '5']))
            {
                let fix = "remove it with an overlay action";
                self.problems.push(at.problem("this is not a status", fix));
            }
        }
        let Some((status, first)) = successes.first() else {
            self.note(RuleId::NoSuccess, "any 2XX response is taken, its body is not read", place);
            return Ok(json!({ "2XX": Success::Empty(String::new()).lowered() }));
        };
        let mut out = Members::new();
        if successes.iter().any(|(_, other)| !other.same(first)) {
            // The generated call has one type; a stream of bytes holds any of them.
            let effect = "responses of several types are read as bytes";
            self.note(RuleId::SeveralSuccesses, effect, place);
            out.insert("2XX".into(), Success::Bytes("Success".to_owned()).lowered());
        } else {
            // Several statuses with one body are one success. And a server that responds with 200
            // where the description says 204 has still done what was asked.
            let whole = successes.len() > 1 || matches!(first, Success::Empty(_));
            out.insert(if whole { "2XX" } else { status }.to_owned(), first.lowered());
        }
        if self.options.choice(RuleId::ErrorResponses) == Choice::Keep && !only_default {
            self.error_responses(responses, place, &mut out);
        }
        Ok(Value::Object(out))
    }

    /// Keeps the error responses if they are of one type: the generator has one for all errors.
    fn error_responses(&mut self, responses: &Members, place: &Place, into: &mut Members) {
        let mut errors = Vec::new();
        for (status, response) in responses {
            let is_error =
                status == "default" || (status.len() == 3 && status.starts_with(['4', '5']));
            if is_error {
                let lowered =
                    self.response(response, &place.at(status), &mut Parameters::default());
                let status =
                    if status == "default" { status.clone() } else { status.to_uppercase() };
                errors.extend(self.keep(lowered).map(|found| (status, found)));
            }
        }
        let Some((_, first)) = errors.first() else { return };
        if matches!(first, Success::Bytes(_)) || errors.iter().any(|(_, other)| !other.same(first))
        {
            let effect = "error responses of several types are not read";
            self.note(RuleId::ErrorResponses, effect, place);
            return;
        }
        for (status, error) in errors {
            into.insert(status, error.lowered());
        }
    }

    fn response(
        &mut self,
        response: &Value,
        place: &Place,
        parameters: &mut Parameters,
    ) -> Result<Success, Problem> {
        let (response, place) = {
            let (response, place) = self.resolve(response, place)?;
            (object(response, &place)?.clone(), place)
        };
        let description = match response.get("description") {
            Some(description) => prose::neutralise(string(description, &place.at("description"))?),
            None => String::new(),
        };
        self.note_unread(&response, &place, &["description", "content"]);
        let none = Value::Object(Members::new());
        let at = place.at("content");
        let content = object(response.get("content").unwrap_or(&none), &at)?;
        if content.is_empty() {
            return Ok(Success::Empty(description));
        }
        let json_type = content
            .iter()
            .filter(|(name, _)| body_rank(name) <= 1)
            .min_by_key(|(name, _)| body_rank(name));
        if let Some((name, media)) = json_type {
            if content.len() > 1 {
                self.note(
                    RuleId::ResponseContent,
                    "of several content types the client asks for JSON",
                    &at,
                );
            }
            let at = at.at(name);
            let media = object(media, &at)?;
            let mut lowered = json!({ "schema": self.media_schema(media, &at) });
            self.copy_examples(media, &mut lowered);
            return Ok(Success::Typed(description, lowered));
        }
        if content.len() > 1 {
            let names: Vec<_> = content.keys().map(String::as_str).collect();
            self.note(
                RuleId::ResponseBytes,
                "the caller reads the kind from the response's Content-Type",
                &at,
            );
            parameters.insert_header("Accept", false, &names);
        }
        Ok(Success::Bytes(description))
    }
}

/// What a successful response carries, with its description.
enum Success {
    Empty(String),
    Typed(String, Value),
    Bytes(String),
}

impl Success {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Empty(_), Self::Empty(_)) | (Self::Bytes(_), Self::Bytes(_)) => true,
            (Self::Typed(_, a), Self::Typed(_, b)) => {
                origin::without_marks(&a["schema"]) == origin::without_marks(&b["schema"])
            }
            _ => false,
        }
    }

    fn lowered(&self) -> Value {
        match self {
            Self::Empty(description) => json!({ "description": description }),
            Self::Typed(description, media) => {
                json!({ "description": description, "content": { "application/json": media } })
            }
            Self::Bytes(description) => {
                let content = json!({ "application/octet-stream": { "schema": bytes() } });
                json!({ "description": description, "content": content })
            }
        }
    }
}

fn bytes() -> Value {
    json!({ "type": "string", "format": "binary" })
}

/// A content type without its parameters.
fn base_type(name: &str) -> &str {
    name.split(';').next().unwrap_or_default().trim()
}

/// Ranks content types: of several, the one with the lowest rank is generated. Up to 1 it is JSON.
fn body_rank(name: &str) -> u8 {
    match base_type(name) {
        "application/json" => 0,
        name if name.ends_with("+json") => 1,
        "application/x-www-form-urlencoded" => 2,
        "text/plain" => 3,
        "application/octet-stream" => 4,
        _ => 5,
    }
}
