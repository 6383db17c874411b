//! The rules for paths: parameters, request bodies and responses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{ExtensionType, Lowering, array, boolean, object, prose, tag_name, text, unknown_key};
use crate::problem::{Place, Problem};

type Members = Map<String, Value>;

/// How deep a chain of references and unions is followed to see what a parameter is.
const MOST_HOPS: usize = 6;

/// Methods for which the HTTP client below the generated code has a function.
const METHODS: &[&str] = &["delete", "get", "head", "patch", "post", "put"];

/// The extension that lists the documented error statuses of an operation: their responses are
/// dropped, and the documentation of a call still names them.
const ERROR_STATUSES: &str = "x-error-statuses";

impl Lowering<'_> {
    pub(super) fn paths(&mut self, paths: &Value, place: &Place) -> Result<Value, Problem> {
        let mut out = Members::new();
        for (path, item) in object(paths, place)? {
            if path.starts_with("x-") {
                continue;
            }
            let at = place.at(path);
            let lowered = {
                let (target, target_at) = self.resolve(item, &at)?;
                let mut merged = object(target, &target_at)?.clone();
                // What stands beside a `$ref` of a path item counts as well.
                for (key, value) in object(item, &at)?.iter().filter(|(key, _)| *key != "$ref") {
                    match (merged.get_mut(key), value) {
                        (Some(Value::Array(list)), Value::Array(own)) if key == "parameters" => {
                            let new = own.iter().filter(|own| !list.contains(own)).cloned();
                            let new: Vec<_> = new.collect();
                            list.extend(new);
                        }
                        _ => {
                            merged.insert(key.clone(), value.clone());
                        }
                    }
                }
                self.path_item(&merged, &at)?
            };
            out.insert(path.clone(), lowered);
        }
        Ok(Value::Object(out))
    }

    /// Collects the documented error statuses with their descriptions. The responses themselves are
    /// dropped, so that every error arrives undecoded.
    fn error_statuses(
        &mut self,
        responses: &Value,
        place: &Place,
        into: &mut Members,
    ) -> Result<(), Problem> {
        for (status, response) in object(responses, place)? {
            let number: Option<u16> = status.parse().ok();
            if number.is_none_or(|number| !(400..600).contains(&number)) {
                continue;
            }
            let at = place.at(status);
            let (response, at) = self.resolve(response, &at)?;
            let meaning = match response.get("description") {
                Some(meaning) => prose::neutralise(text(meaning, &at.at("description"))?),
                None => String::new(),
            };
            into.insert(status.clone(), meaning.into());
        }
        Ok(())
    }

    fn path_item(&mut self, item: &Members, place: &Place) -> Result<Value, Problem> {
        let none = Value::Array(Vec::new());
        let shared = item.get("parameters").unwrap_or(&none);
        let mut out = Members::new();
        for (key, value) in item {
            let at = place.at(key);
            match key.as_str() {
                method if METHODS.contains(&method) => {
                    let shared = (shared, place.at("parameters"));
                    out.insert(key.clone(), self.operation(value, &at, shared)?);
                }
                "options" | "trace" => {
                    self.note("drop-method", "there is no call for this method", &at);
                }
                "parameters" | "summary" | "description" => {}
                "servers" => self.note("drop-servers", "the client has one base address", &at),
                key if key.starts_with("x-") => {}
                _ => return Err(unknown_key(&at)),
            }
        }
        Ok(Value::Object(out))
    }

    fn operation(
        &mut self,
        operation: &Value,
        place: &Place,
        shared: (&Value, Place),
    ) -> Result<Value, Problem> {
        let source = object(operation, place)?;
        let mut parameters = Parameters::default();
        self.parameters(shared.0, &shared.1, &mut parameters)?;
        let mut out = Members::new();
        let mut error_statuses = Members::new();
        for (key, value) in source {
            let at = place.at(key);
            match key.as_str() {
                "operationId" => {
                    out.insert(key.clone(), text(value, &at)?.into());
                }
                "tags" => {
                    for (index, tag) in array(value, &at)?.iter().enumerate() {
                        tag_name(text(tag, &at.at(index))?, &at.at(index))?;
                    }
                    out.insert(key.clone(), value.clone());
                }
                "deprecated" => {
                    out.insert(key.clone(), boolean(value, &at)?.into());
                }
                "summary" | "description" => {
                    out.insert(key.clone(), prose::neutralise(text(value, &at)?).into());
                }
                "parameters" => self.parameters(value, &at, &mut parameters)?,
                "requestBody" => {
                    if let Some(body) = self.request_body(value, &at, &mut parameters)? {
                        out.insert(key.clone(), body);
                    }
                }
                "responses" => {
                    let responses = self.responses(value, &at, &mut parameters)?;
                    out.insert(key.clone(), responses);
                    self.error_statuses(value, &at, &mut error_statuses)?;
                }
                // Of a document that was lowered before.
                ERROR_STATUSES => {
                    for (status, meaning) in object(value, &at)? {
                        let meaning = text(meaning, &at.at(status))?;
                        error_statuses.insert(status.clone(), prose::neutralise(meaning).into());
                    }
                }
                "callbacks" => {
                    self.note("drop-callbacks", "callbacks call a server of the caller", &at);
                }
                "servers" => self.note("drop-servers", "the client has one base address", &at),
                "externalDocs" | "security" => {}
                key if key.starts_with("x-") => match self.options.kept_extensions.get(key) {
                    Some(ExtensionType::Boolean) => {
                        out.insert(key.into(), boolean(value, &at)?.into());
                    }
                    Some(ExtensionType::String) => {
                        out.insert(key.into(), text(value, &at)?.into());
                    }
                    None => {}
                },
                _ => return Err(unknown_key(&at)),
            }
        }
        if !out.contains_key("responses") {
            let responses = self.responses(&json!({}), &place.at("responses"), &mut parameters)?;
            out.insert("responses".into(), responses);
        }
        if !error_statuses.is_empty() {
            out.insert(ERROR_STATUSES.into(), error_statuses.into());
        }
        if !parameters.0.is_empty() {
            out.insert("parameters".into(), parameters.0.into_values().collect());
        }
        Ok(Value::Object(out))
    }

    fn parameters(
        &mut self,
        list: &Value,
        place: &Place,
        into: &mut Parameters,
    ) -> Result<(), Problem> {
        let mut own = BTreeSet::new();
        for (index, parameter) in array(list, place)?.iter().enumerate() {
            let (parameter, at) = {
                let (parameter, at) = self.resolve(parameter, &place.at(index))?;
                (object(parameter, &at)?.clone(), at)
            };
            let name = text(parameter.get("name").unwrap_or(&Value::Null), &at.at("name"))?;
            let location = text(parameter.get("in").unwrap_or(&Value::Null), &at.at("in"))?;
            if location == "header"
                && self.options.dropped_headers.contains(&name.to_ascii_lowercase())
            {
                continue;
            }
            if location == "cookie" {
                if parameter.get("required") == Some(&Value::Bool(true)) {
                    let mend = "remove it with an overlay action, or teach the client cookies";
                    return Err(at.problem("the client cannot send a required cookie", mend));
                }
                self.note("drop-cookie", "the optional cookie is never sent", &at);
                continue;
            }
            let lowered = self.parameter(&parameter, name, location, &at)?;
            // Repeated word for word it does no harm.
            let key = (location.to_owned(), name.to_owned());
            let before = into.0.insert(key.clone(), lowered);
            if !own.insert(key.clone()) && before.as_ref() != into.0.get(&key) {
                let mend = "remove one of them with an overlay action";
                let what = format!("the parameter {name:?} is there twice and differs");
                return Err(at.problem(what, mend));
            }
        }
        Ok(())
    }

    fn parameter(
        &mut self,
        parameter: &Members,
        name: &str,
        location: &str,
        place: &Place,
    ) -> Result<Value, Problem> {
        let mut out = Members::new();
        let mut schema = None;
        for (key, value) in parameter {
            let at = place.at(key);
            match key.as_str() {
                "name" | "in" => {
                    out.insert(key.clone(), value.clone());
                }
                "deprecated" | "required" => {
                    out.insert(key.clone(), boolean(value, &at)?.into());
                }
                "description" => {
                    out.insert(key.clone(), prose::neutralise(text(value, &at)?).into());
                }
                "schema" => schema = Some(self.schema(value, &at)?),
                "content" => {
                    let effect = "the caller writes the value out as a text";
                    self.note("parameter-content", effect, &at);
                    schema = Some(json!({ "type": "string" }));
                }
                "style" | "explode" | "allowReserved" | "allowEmptyValue" | "example"
                | "examples" => {}
                key if key.starts_with("x-") => {}
                _ => return Err(unknown_key(&at)),
            }
        }
        if location == "path" && parameter.get("required") != Some(&Value::Bool(true)) {
            let mend = "set it with an overlay action";
            return Err(place.problem("a path parameter must be `required: true`", mend));
        }
        let mut schema = match schema {
            Some(schema) => schema,
            None => {
                self.note("parameter-without-schema", "the caller gives a text", place);
                json!({ "type": "string" })
            }
        };
        let kind = parameter.get("schema").map_or("string", |schema| self.kind(schema, 0));
        self.check_style(parameter, location, kind, &mut schema, place)?;
        if let Some(members) = schema.as_object_mut() {
            // A parameter that may be left out needs no null, and no default: the server has it.
            members.remove("nullable");
            members.remove("default");
        }
        out.insert("name".into(), name.into());
        out.insert("schema".into(), schema);
        Ok(Value::Object(out))
    }

    /// Lists and objects that are written neither as `a=1&a=2` nor as `a=1,2` are joined by the
    /// caller.
    fn check_style(
        &mut self,
        parameter: &Members,
        location: &str,
        kind: &str,
        schema: &mut Value,
        place: &Place,
    ) -> Result<(), Problem> {
        let standard = if location == "query" { "form" } else { "simple" };
        let style = parameter.get("style").and_then(Value::as_str).unwrap_or(standard);
        if location == "path" && style != "simple" {
            let mend = "correct it with an overlay action";
            return Err(place
                .at("style")
                .problem(format!("the path style {style:?} cannot be generated"), mend));
        }
        let explode = parameter.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
        let items = parameter.get("schema").and_then(|schema| self.items_of(schema));
        let plain_items =
            items.is_none_or(|items| !matches!(self.kind(items, 0), "array" | "other"));
        let plain = match kind {
            "array" => location == "query" && style == "form" && explode && plain_items,
            "union" => location == "query",
            "other" => false,
            _ => true,
        };
        let joined = kind == "array" && location == "query" && style == "form" && plain_items;
        if joined
            && !explode
            && let Some(format) = &self.options.comma_separated_format
        {
            // The generated code has a type for these, which joins what the caller gives.
            *schema = json!({ "type": "string", "format": format });
        } else if !plain {
            let effect = "the caller writes the value out as a text";
            self.note("parameter-style", effect, place);
            *schema = json!({ "type": "string" });
        }
        Ok(())
    }

    /// What a parameter's value is: a type, `union` for one of several scalars, `other`.
    fn kind(&self, schema: &Value, hops: usize) -> &'static str {
        let Some(members) = self.resolve_schema(schema).and_then(Value::as_object) else {
            return "other";
        };
        if hops == MOST_HOPS {
            return "other";
        }
        let scalar = |kind: &&str| matches!(*kind, "boolean" | "integer" | "number" | "string");
        let named = |name: &Value| match name.as_str() {
            Some("array") => "array",
            Some("boolean") => "boolean",
            Some("integer") => "integer",
            Some("number") => "number",
            Some("null") => "null",
            Some("string") => "string",
            _ => "other",
        };
        let mut kinds: Vec<&str> = if let Some(name) = members.get("type") {
            match name {
                Value::Array(names) => names.iter().map(named).collect(),
                name => vec![named(name)],
            }
        } else if let Some(Value::Array(values)) = members.get("enum") {
            values.iter().map(super::schema::type_of).collect()
        } else if let Some(value) = members.get("const") {
            vec![super::schema::type_of(value)]
        } else {
            let arms = ["anyOf", "oneOf"].iter().find_map(|key| members.get(*key)?.as_array());
            match (arms, members.get("allOf").and_then(Value::as_array)) {
                (Some(arms), None) => arms.iter().map(|arm| self.kind(arm, hops + 1)).collect(),
                (None, Some(all)) if all.len() == 1 => vec![self.kind(&all[0], hops + 1)],
                _ => vec!["other"],
            }
        };
        // What is only null adds nothing to a union that it stands in.
        let only_null = !kinds.is_empty() && kinds.iter().all(|kind| *kind == "null");
        kinds.retain(|kind| *kind != "null");
        kinds.sort_unstable();
        kinds.dedup();
        match kinds.as_slice() {
            [only] => only,
            several if !several.is_empty() && several.iter().all(scalar) => "union",
            _ if only_null => "null",
            _ => "other",
        }
    }

    /// The items of a list, also behind references and beside null.
    fn items_of<'v>(&'v self, schema: &'v Value) -> Option<&'v Value> {
        let members = self.resolve_schema(schema)?.as_object()?;
        let arms =
            ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| members.get(key)?.as_array());
        members.get("items").or_else(|| arms.flatten().find_map(|arm| arm.get("items")))
    }
}

/// An operation's parameters by location and name: those of the operation replace the path's.
#[derive(Default)]
pub(super) struct Parameters(BTreeMap<(String, String), Value>);

impl Parameters {
    pub(super) fn insert_header(&mut self, name: &str, required: bool, types: &[&str]) {
        let known = self
            .0
            .keys()
            .any(|(location, other)| location == "header" && other.eq_ignore_ascii_case(name));
        if known {
            return;
        }
        let types: Vec<_> = types.iter().map(|name| format!("`{name}`")).collect();
        let parameter = json!({
            "name": name,
            "in": "header",
            "required": required,
            "description": prose::neutralise(&format!("Content type: {}.", types.join(" or "))),
            "schema": { "type": "string" },
        });
        self.0.insert(("header".to_owned(), name.to_owned()), parameter);
    }
}
