//! The rules for paths and operations.

use serde_json::{Value, json};

use super::document::tag_name;
use super::parameter::Parameters;
use super::{
    Choice, ExtensionType, Lowering, RuleId, array, boolean, object, prose, string, unknown_key,
};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

/// Methods for which the HTTP client below the generated code has a function.
const METHODS: &[&str] = &["delete", "get", "head", "patch", "post", "put"];

/// The most bytes of a path.
const LONGEST_PATH: usize = 2_000;

/// The extension that lists the documented error statuses of an operation: their responses are
/// dropped, and the documentation of a call still names them.
const ERROR_STATUSES: &str = "x-error-statuses";

/// What an operation is lowered to, while its members are read one by one.
#[derive(Default)]
struct Operation {
    members: Members,
    parameters: Parameters,
    /// Error statuses and their descriptions.
    error_statuses: Members,
}

impl Lowering<'_> {
    pub(super) fn paths(&mut self, paths: &Value, place: &Place) -> Result<Value, Problem> {
        let mut out = Members::new();
        for (path, item) in object(paths, place)? {
            if path.starts_with("x-") {
                continue;
            }
            if path.len() > LONGEST_PATH {
                let what = format!("the path has {} bytes, more than {LONGEST_PATH}", path.len());
                self.problems
                    .push(place.at(path).problem(what, "remove it with an overlay action"));
                continue;
            }
            let lowered = self.path_item(path, item, &place.at(path));
            out.extend(self.keep(lowered).map(|lowered| (path.clone(), lowered)));
        }
        Ok(Value::Object(out))
    }

    fn path_item(&mut self, path: &str, item: &Value, place: &Place) -> Result<Value, Problem> {
        let own = object(item, place)?;
        let mut sources = vec![(own.clone(), place.clone())];
        if own.contains_key("$ref") {
            // What stands beside the `$ref` counts as well, and goes before what it refers to.
            let (target, place) = self.resolve(item, place)?;
            sources.insert(0, (object(target, &place)?.clone(), place));
        }
        let mut parameters = Parameters::default();
        for (members, place) in &sources {
            if let Some(shared) = members.get("parameters") {
                let read = self.parameters(shared, &place.at("parameters"), &mut parameters);
                self.keep(read);
            }
        }
        let mut out = Members::new();
        for (members, place) in &sources {
            for (key, value) in members {
                let at = place.at(key);
                match key.as_str() {
                    method if METHODS.contains(&method) => {
                        let shared = parameters.clone();
                        let lowered = self.operation((method, path), value, &at, shared);
                        out.extend(self.keep(lowered).map(|lowered| (key.clone(), lowered)));
                    }
                    "options" | "trace" => {
                        self.note(RuleId::Method, "there is no call for this method", &at);
                    }
                    "$ref" | "parameters" | "summary" | "description" => {}
                    "servers" => {
                        self.note(RuleId::Servers, "the client has one base address", &at);
                    }
                    key if key.starts_with("x-") => {}
                    _ => self.problems.push(unknown_key(&at)),
                }
            }
        }
        Ok(Value::Object(out))
    }

    fn operation(
        &mut self,
        (method, path): (&str, &str),
        operation: &Value,
        place: &Place,
        parameters: Parameters,
    ) -> Result<Value, Problem> {
        let source = object(operation, place)?;
        let mut out = Operation { parameters, ..Operation::default() };
        for (key, value) in source {
            let lowered = self.member_of_operation(key, value, &place.at(key), &mut out);
            self.keep(lowered);
        }
        if !source.contains_key("operationId") {
            let effect = "the operation has no operationId: its method and path name it";
            self.note(RuleId::OperationName, effect, place);
            let name = self.operation_name(method, path);
            out.members.insert("operationId".into(), name.into());
        }
        if !source.contains_key("responses") {
            let responses = self.responses(&json!({}), place, &mut out.parameters)?;
            out.members.insert("responses".into(), responses);
        }
        if !out.error_statuses.is_empty() {
            out.members.insert(ERROR_STATUSES.into(), out.error_statuses.into());
        }
        self.name_parameters(&mut out.parameters);
        if let Some(parameters) = out.parameters.into_list() {
            out.members.insert("parameters".into(), parameters);
        }
        Ok(Value::Object(out.members))
    }

    fn member_of_operation(
        &mut self,
        key: &str,
        value: &Value,
        place: &Place,
        out: &mut Operation,
    ) -> Result<(), Problem> {
        let lowered = match key {
            "operationId" => string(value, place)?.into(),
            "tags" => {
                for (index, tag) in array(value, place)?.iter().enumerate() {
                    tag_name(string(tag, &place.at(index))?, &place.at(index))?;
                }
                value.clone()
            }
            "deprecated" => boolean(value, place)?.into(),
            "summary" | "description" => prose::neutralise(string(value, place)?).into(),
            "parameters" => return self.parameters(value, place, &mut out.parameters),
            "requestBody" => match self.request_body(value, place, &mut out.parameters)? {
                Some(body) => body,
                None => return Ok(()),
            },
            "responses" => {
                self.error_statuses(value, place, &mut out.error_statuses)?;
                self.responses(value, place, &mut out.parameters)?
            }
            // Of a document that was lowered before.
            ERROR_STATUSES => {
                for (status, meaning) in object(value, place)? {
                    let meaning = prose::neutralise(string(meaning, &place.at(status))?);
                    out.error_statuses.insert(status.clone(), meaning.into());
                }
                return Ok(());
            }
            "callbacks" => {
                self.note(RuleId::Callbacks, "callbacks call a server of the caller", place);
                return Ok(());
            }
            "servers" => {
                self.note(RuleId::Servers, "the client has one base address", place);
                return Ok(());
            }
            "externalDocs" | "security" => {
                self.note(RuleId::Unread, super::NOT_READ, place);
                return Ok(());
            }
            key if key.starts_with("x-") => match self.options.kept_extensions.get(key) {
                Some(ExtensionType::Boolean) => boolean(value, place)?.into(),
                Some(ExtensionType::String) => string(value, place)?.into(),
                None => {
                    self.note(RuleId::Unread, super::NOT_READ, place);
                    return Ok(());
                }
            },
            _ => return Err(unknown_key(place)),
        };
        out.members.insert(key.to_owned(), lowered);
        Ok(())
    }

    /// Collects the documented error statuses with their descriptions. The responses themselves
    /// are dropped, so that every error arrives undecoded.
    fn error_statuses(
        &mut self,
        responses: &Value,
        place: &Place,
        into: &mut Members,
    ) -> Result<(), Problem> {
        if self.options.choice(RuleId::ErrorResponses) == Choice::Keep {
            return Ok(());
        }
        for (status, response) in object(responses, place)? {
            let number: Option<u16> = status.parse().ok();
            if number.is_none_or(|number| !(400..600).contains(&number)) {
                continue;
            }
            let effect = "the client reads no body of an error response";
            self.note(RuleId::ErrorResponses, effect, &place.at(status));
            let (response, at) = self.resolve(response, &place.at(status))?;
            let meaning = match response.get("description") {
                Some(meaning) => prose::neutralise(string(meaning, &at.at("description"))?),
                None => String::new(),
            };
            into.insert(status.clone(), meaning.into());
        }
        Ok(())
    }
}
