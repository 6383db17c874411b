//! The rules for what is sent and answered: request bodies, responses, their content types.

use serde_json::{Map, Value, json};

use super::operation::Parameters;
use super::{Lowering, object, prose, text};
use crate::problem::{Place, Problem};

type Members = Map<String, Value>;

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
            let description = text(description, &place.at("description"))?;
            out.insert("description".into(), prose::neutralise(description).into());
        }
        if let Some(required) = body.get("required") {
            out.insert("required".into(), required.clone());
        }
        let at = place.at("content");
        let content = object(body.get("content").unwrap_or(&Value::Null), &at)?;
        let Some((published, media)) = content.iter().min_by_key(|(name, _)| body_rank(name))
        else {
            return Ok(None);
        };
        if content.len() > 1 {
            let effect = "of several content types one can be sent by the generated call";
            self.note("request-content", effect, &at);
        }
        let at = at.at(published);
        let media = object(media, &at)?;
        let (name, schema) = match base_type(published) {
            name @ ("application/json" | "application/x-www-form-urlencoded") => {
                (name, self.media_schema(media, &at)?)
            }
            name if name.ends_with("+json") => {
                parameters.insert_header("Content-Type", true, &[published]);
                ("application/json", self.media_schema(media, &at)?)
            }
            "text/plain" => ("text/plain", json!({ "type": "string" })),
            "application/octet-stream" => ("application/octet-stream", bytes()),
            _ => {
                let effect = "the caller makes the body's bytes and names their content type";
                self.note("request-bytes", effect, &at);
                parameters.insert_header("Content-Type", true, &[published]);
                ("application/octet-stream", bytes())
            }
        };
        let mut lowered = json!({ "schema": schema });
        self.copy_examples(media, &mut lowered);
        out.insert("content".into(), json!({ name: lowered }));
        Ok(Some(Value::Object(out)))
    }

    fn media_schema(&mut self, media: &Members, place: &Place) -> Result<Value, Problem> {
        match media.get("schema") {
            Some(schema) => self.schema(schema, &place.at("schema")),
            None => Ok(json!({})),
        }
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

    /// Keeps what succeeds: every other answer arrives undecoded, with its status, headers and
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
            if success(status) || (status == "default" && only_default) {
                let at = place.at(status);
                let (response, at) = {
                    let (response, at) = self.resolve(response, &at)?;
                    (object(response, &at)?.clone(), at)
                };
                let status = if status == "default" { "2XX" } else { status };
                let answer = self.answer(&response, &at, parameters)?;
                successes.push((status.to_uppercase(), answer));
            } else if !status.starts_with("x-")
                && status != "default"
                && !(status.len() == 3 && status.starts_with(['1', '3', '4', '5']))
            {
                let mend = "correct it with an overlay action";
                return Err(place.at(status).problem("this is no status", mend));
            }
        }
        if successes.is_empty() {
            self.note("no-success", "any 2XX answer is taken, its body is not read", place);
            successes.push(("2XX".to_owned(), Answer::Empty(String::new())));
        }

        let differ = successes.iter().any(|(_, answer)| !answer.same(&successes[0].1));
        if differ {
            // The generated call has one type; a stream of bytes holds any of them.
            let effect = "answers of several types are read as bytes";
            self.note("several-answers", effect, place);
            return Ok(json!({ "2XX": Answer::Bytes("Success".to_owned()).lowered() }));
        }
        let mut out = Members::new();
        for (status, answer) in &successes {
            // A server that answers 200 where it said 204 has still done what was asked.
            let status = if matches!(answer, Answer::Empty(_)) { "2XX" } else { status };
            out.insert(status.to_owned(), answer.lowered());
        }
        Ok(Value::Object(out))
    }

    fn answer(
        &mut self,
        response: &Members,
        place: &Place,
        parameters: &mut Parameters,
    ) -> Result<Answer, Problem> {
        let description = match response.get("description") {
            Some(description) => prose::neutralise(text(description, &place.at("description"))?),
            None => String::new(),
        };
        let none = Value::Object(Members::new());
        let at = place.at("content");
        let content = object(response.get("content").unwrap_or(&none), &at)?;
        if content.is_empty() {
            return Ok(Answer::Empty(description));
        }
        let json_type = content
            .iter()
            .filter(|(name, _)| body_rank(name) <= 1)
            .min_by_key(|(name, _)| body_rank(name));
        if let Some((name, media)) = json_type {
            if content.len() > 1 {
                self.note("response-content", "of several content types JSON is asked for", &at);
            }
            let at = at.at(name);
            let media = object(media, &at)?;
            let mut lowered = json!({ "schema": self.media_schema(media, &at)? });
            self.copy_examples(media, &mut lowered);
            return Ok(Answer::Typed(description, lowered));
        }
        if content.len() > 1 {
            let names: Vec<_> = content.keys().map(String::as_str).collect();
            self.note("response-bytes", "the kind is read from the answer's Content-Type", &at);
            parameters.insert_header("Accept", false, &names);
        }
        Ok(Answer::Bytes(description))
    }
}

/// What a successful answer carries, with its description.
enum Answer {
    Empty(String),
    Typed(String, Value),
    Bytes(String),
}

impl Answer {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Empty(_), Self::Empty(_)) | (Self::Bytes(_), Self::Bytes(_)) => true,
            (Self::Typed(_, a), Self::Typed(_, b)) => a["schema"] == b["schema"],
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

/// Which of several content types is generated: the best typed one. Up to 1 it is JSON.
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
