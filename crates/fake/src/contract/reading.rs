//! Requests, read and checked by the description of their operation.

use std::collections::BTreeMap;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use boon::{ErrorKind, SchemaIndex, Type, ValidationError};
use serde_json::{Number, Value};

use super::Contract;
use super::operation::{Body, Location, Operation, Parameter, ParameterType};
use super::schemas::to_int64;
use crate::error::{ApiError, Violation};

/// The headers that name the stack of the token.
const STACK_HEADERS: [&str; 2] = ["X-Stack-Id", "X-Stack-Url"];

/// The parameters and the body of a request, in their types.
#[derive(Debug, PartialEq)]
pub(crate) struct Arguments {
    parameters: BTreeMap<String, Value>,
    /// The JSON of the body, null if it is not JSON. Whole numbers are integers in it.
    pub(crate) body: Value,
    /// All query parameters in the order in which they came, decoded.
    pub(crate) query: Vec<(String, String)>,
}

impl Arguments {
    /// Returns the value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }

    /// Returns the variable `id` of the path.
    pub(crate) fn id(&self) -> i64 {
        self.get("id").and_then(Value::as_i64).unwrap_or_default()
    }
}

impl Contract {
    /// Reads a request, or lists everything that is wrong with it. If `is_strict` is false, it
    /// ignores what the service ignores.
    pub(crate) fn read(
        &self,
        operation: &Operation,
        parts: &Parts,
        body: &[u8],
        is_strict: bool,
    ) -> Result<Arguments, ApiError> {
        let raw = parts.uri.query().unwrap_or("");
        let query: Vec<(String, String)> = form_urlencoded::parse(raw.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut reader = Reader { contract: self, is_strict, violations: Vec::new() };
        reader.check_names(operation, &query);
        let mut parameters = BTreeMap::new();
        for parameter in &operation.parameters {
            let given = given_values(parameter, operation, parts, &query);
            let sound = reader.violations.len();
            if let Some(value) = reader.parameter(parameter, &given) {
                parameters.insert(parameter.name.clone(), value);
            }
            if let Some(violation) = reader.violations.get(sound) {
                check_access(parameter, violation)?;
            }
        }
        let body = reader.body(operation.body.as_ref(), &parts.headers, body)?;
        match reader.violations.as_slice() {
            [] => Ok(Arguments { parameters, body: body.unwrap_or_default(), query }),
            [only] => Err(ApiError::validation(only.target.clone(), only.message.clone())),
            [first, rest @ ..] => {
                let message = format!("{}, and {} more", first.message, rest.len());
                Err(ApiError::violations(message, reader.violations))
            }
        }
    }
}

/// Returns the error for a wrong stack or a wrong id in the path: many operations have no 400, but
/// all have a 403, and a 404 if they have an id.
fn check_access(parameter: &Parameter, violation: &Violation) -> Result<(), ApiError> {
    if STACK_HEADERS.contains(&parameter.name.as_str()) {
        return Err(ApiError::permission_denied(violation.message.clone()));
    }
    match parameter.location {
        Location::Path => Err(ApiError::not_found(violation.message.clone())),
        Location::Query | Location::Header => Ok(()),
    }
}

/// Returns the values that a request gives for a parameter.
fn given_values(
    parameter: &Parameter,
    operation: &Operation,
    parts: &Parts,
    query: &[(String, String)],
) -> Vec<String> {
    match parameter.location {
        Location::Path => {
            operation.variable(&parameter.name, parts.uri.path()).into_iter().collect()
        }
        Location::Query => query
            .iter()
            .filter(|(name, _)| *name == parameter.name)
            .map(|(_, value)| value.clone())
            .collect(),
        Location::Header => header_values(&parts.headers, &parameter.name),
    }
}

struct Reader<'c> {
    contract: &'c Contract,
    is_strict: bool,
    violations: Vec<Violation>,
}

impl Reader<'_> {
    fn reject(&mut self, target: impl Into<String>, message: String) {
        self.violations.push(Violation { target: target.into(), message });
    }

    /// Rejects query parameters that the operation does not have.
    fn check_names(&mut self, operation: &Operation, query: &[(String, String)]) {
        if !self.is_strict {
            return;
        }
        let known: Vec<&str> = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Query)
            .map(|parameter| parameter.name.as_str())
            .collect();
        for (name, _) in query.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let takes = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let message = format!("unknown query parameter {name}: this operation takes {takes}");
            self.reject(name, message);
        }
    }

    fn parameter(&mut self, parameter: &Parameter, given: &[String]) -> Option<Value> {
        let name = &parameter.name;
        let joined;
        let value = match given {
            [] if parameter.required => {
                self.reject(name, format!("{name} is required"));
                return None;
            }
            [] => return None,
            [value] => value,
            // The service's own clients write a list in both forms.
            values if matches!(parameter.kind, ParameterType::List(_)) => {
                joined = values.join(",");
                &joined
            }
            [first, ..] if !self.is_strict && parameter.location == Location::Query => first,
            _ => {
                self.reject(name, format!("{name} is given more than once"));
                return None;
            }
        };
        match parameter.kind.read(value) {
            Ok(value) => self.matches(parameter.schema, &value, name).then_some(value),
            Err(kind) => {
                self.reject(name, format!("{name} must be {kind}, got {value:?}"));
                None
            }
        }
    }

    /// Reads a body, which is JSON if the operation takes JSON.
    fn body(
        &mut self,
        described: Option<&Body>,
        headers: &HeaderMap,
        given: &[u8],
    ) -> Result<Option<Value>, ApiError> {
        let Some(described) = described else {
            self.check_unexpected_body(given);
            return Ok(None);
        };
        if given.is_empty() {
            if described.required {
                self.reject("body", "a body is required".to_owned());
            }
            return Ok(None);
        }
        let content_type = header_values(headers, header::CONTENT_TYPE.as_str()).join(", ");
        let essence = content_type.split(';').next().unwrap_or("").trim().to_lowercase();
        let Some((_, schema)) = described.media.iter().find(|(name, _)| *name == essence) else {
            let takes: Vec<_> = described.media.iter().map(|(name, _)| name.as_str()).collect();
            let takes = takes.join(" or ");
            let message = format!("the Content-Type must be {takes}, got {content_type:?}");
            return Err(ApiError::unsupported_media_type(message));
        };
        let Some(schema) = *schema else { return Ok(None) };
        match serde_json::from_slice(given) {
            Ok(mut value) => Ok(self.matches(schema, &value, "body").then(|| {
                make_integers(&mut value);
                value
            })),
            Err(error) => {
                self.reject("body", format!("the body is not JSON: {error}"));
                Ok(None)
            }
        }
    }

    /// Checks the body of an operation that takes none. Clients send nothing or an empty object.
    fn check_unexpected_body(&mut self, given: &[u8]) {
        let is_empty = given.is_empty() || given.trim_ascii() == b"{}";
        if self.is_strict && !is_empty {
            let message = format!("this operation takes no body, got {} bytes", given.len());
            self.reject("body", message);
        }
    }

    /// Checks a value by its schema. `name` is the name of the value as a whole.
    fn matches(&mut self, schema: SchemaIndex, value: &Value, name: &str) -> bool {
        match self.contract.schemas.validate(value, schema) {
            Ok(()) => true,
            Err(error) => {
                let start = self.violations.len();
                self.leaves(&error, name);
                // The library checks properties in any order. The deepest mismatch tells most.
                self.violations[start..].sort_by(|a, b| {
                    let depth = |violation: &Violation| violation.target.matches('.').count();
                    depth(b).cmp(&depth(a)).then_with(|| a.target.cmp(&b.target))
                });
                false
            }
        }
    }

    /// Adds the innermost causes of an error.
    fn leaves(&mut self, error: &ValidationError<'_, '_>, name: &str) {
        let at = error.instance_location.to_string();
        let at = at.trim_start_matches('/').replace('/', ".");
        let inside = |property: &str| {
            if at.is_empty() { property.to_owned() } else { format!("{at}.{property}") }
        };
        match &error.kind {
            ErrorKind::AnyOf | ErrorKind::OneOf(None) if !error.causes.is_empty() => {
                if let Some(arm) = best_arm(&error.causes) {
                    self.leaves(arm, name);
                }
            }
            _ if !error.causes.is_empty() => {
                error.causes.iter().for_each(|cause| self.leaves(cause, name));
            }
            ErrorKind::Required { want } => {
                for property in want {
                    let target = inside(property);
                    self.reject(target.clone(), format!("{target} is required"));
                }
            }
            ErrorKind::AdditionalProperties { got } => {
                for property in got {
                    let target = inside(property);
                    self.reject(target.clone(), format!("unknown property {target}"));
                }
            }
            kind => {
                let target = if at.is_empty() { name.to_owned() } else { at };
                self.reject(target.clone(), format!("{target}: {kind}"));
            }
        }
    }
}

/// Returns the errors of the arm that fits a value best, of those that it could match: the arm whose
/// mismatch is deepest, that takes the type of the value, and that takes more than null.
fn best_arm<'e, 's, 'v>(
    arms: &'e [ValidationError<'s, 'v>],
) -> Option<&'e ValidationError<'s, 'v>> {
    let fit = |arm: &&ValidationError<'s, 'v>| {
        let leaf = deepest(arm);
        let (takes_type, takes_more) = match &leaf.kind {
            ErrorKind::Type { want, .. } => (false, want.iter().any(|kind| kind != Type::Null)),
            _ => (true, true),
        };
        (depth(leaf), takes_type, takes_more)
    };
    // Of several, the first.
    arms.iter().rev().max_by_key(fit)
}

/// Returns the innermost cause at the deepest location.
fn deepest<'e, 's, 'v>(error: &'e ValidationError<'s, 'v>) -> &'e ValidationError<'s, 'v> {
    let causes = error.causes.iter().rev().map(deepest);
    causes.max_by_key(|cause| depth(cause)).unwrap_or(error)
}

fn depth(error: &ValidationError<'_, '_>) -> usize {
    error.instance_location.tokens.len()
}

impl ParameterType {
    /// Reads a value from a URL or a header, or says what it must be.
    fn read(&self, value: &str) -> Result<Value, &'static str> {
        // `parse` accepts a leading plus.
        let plain = Some(value).filter(|value| !value.starts_with('+'));
        match self {
            Self::Integer => plain
                .and_then(|value| value.parse::<i64>().ok())
                .map(Value::from)
                .ok_or("an integer of 64 bits"),
            Self::Number => plain
                .and_then(|value| value.parse().ok())
                .and_then(Number::from_f64)
                .map(Value::Number)
                .ok_or("a number"),
            Self::Boolean => match value {
                "true" | "1" => Ok(Value::Bool(true)),
                "false" | "0" => Ok(Value::Bool(false)),
                _ => Err("one of true, 1, false, 0"),
            },
            Self::String => Ok(value.into()),
            Self::List(items) => value.split(',').map(|item| items.read(item)).collect(),
        }
    }
}

/// Turns whole numbers into integers, as far as they fit into 64 bits: `200.0` is 200.
fn make_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(integer) = to_int64(number) {
                *value = integer.into();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(make_integers),
        Value::Object(properties) => properties.values_mut().for_each(make_integers),
        _ => {}
    }
}

/// Returns the values of a header.
fn header_values(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}
