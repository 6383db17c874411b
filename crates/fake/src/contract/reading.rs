//! A request read by the description of its operation.

use std::collections::BTreeMap;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use boon::{ErrorKind, SchemaIndex, ValidationError};
use serde_json::{Number, Value};

use super::Contract;
use super::operation::{Body, Kind, Operation, Parameter, Place};
use crate::error::{ApiError, Violation};

/// What a request says, in the described types.
#[derive(Debug, PartialEq)]
pub(in super::super) struct Arguments {
    parameters: BTreeMap<String, Value>,
    /// A body in JSON; null when it is none.
    pub(in super::super) body: Value,
    /// Every query parameter in the order in which it came, decoded.
    pub(in super::super) query: Vec<(String, String)>,
}

impl Arguments {
    /// Returns the value of a parameter.
    pub(in super::super) fn get(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }

    /// Returns the variable `id` of the path.
    pub(in super::super) fn id(&self) -> i64 {
        self.get("id").and_then(Value::as_i64).unwrap_or_default()
    }
}

impl Contract {
    /// Reads a request, or lists everything that is wrong about it.
    pub(in super::super) fn read(
        &self,
        operation: &Operation,
        parts: &Parts,
        body: &[u8],
    ) -> Result<Arguments, ApiError> {
        let raw = parts.uri.query().unwrap_or("");
        let query: Vec<(String, String)> = form_urlencoded::parse(raw.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut reading = Reading { contract: self, violations: Vec::new() };
        reading.unknown(operation, &query);
        let mut parameters = BTreeMap::new();
        for parameter in &operation.parameters {
            let given: Vec<String> = match parameter.place {
                Place::Path => {
                    operation.variable(&parameter.name, parts.uri.path()).into_iter().collect()
                }
                Place::Query => query
                    .iter()
                    .filter(|(name, _)| *name == parameter.name)
                    .map(|(_, value)| value.clone())
                    .collect(),
                Place::Header => texts(&parts.headers, &parameter.name),
            };
            if let Some(value) = reading.parameter(parameter, &given) {
                parameters.insert(parameter.name.clone(), value);
            }
        }
        let body = reading.body(operation.body.as_ref(), &parts.headers, body);
        match reading.violations.as_slice() {
            [] => Ok(Arguments { parameters, body: body.unwrap_or_default(), query }),
            [only] => Err(ApiError::validation(only.target.clone(), only.message.clone())),
            [first, rest @ ..] => {
                let message = format!("{}, and {} more", first.message, rest.len());
                Err(ApiError::violations(message, reading.violations))
            }
        }
    }
}

struct Reading<'c> {
    contract: &'c Contract,
    violations: Vec<Violation>,
}

impl Reading<'_> {
    fn refuse(&mut self, target: impl Into<String>, message: String) {
        self.violations.push(Violation { target: target.into(), message });
    }

    /// Refuses query parameters that the operation does not have.
    fn unknown(&mut self, operation: &Operation, query: &[(String, String)]) {
        let known: Vec<&str> = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.place == Place::Query)
            .map(|parameter| parameter.name.as_str())
            .collect();
        for (name, _) in query.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let takes = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let message = format!("unknown query parameter {name}: this operation takes {takes}");
            self.refuse(name, message);
        }
    }

    fn parameter(&mut self, parameter: &Parameter, given: &[String]) -> Option<Value> {
        let name = &parameter.name;
        let text = match given {
            [] if parameter.required => {
                self.refuse(name, format!("{name} is required"));
                return None;
            }
            [] => return None,
            [text] => text,
            _ => {
                self.refuse(name, format!("{name} is given more than once"));
                return None;
            }
        };
        match parameter.kind.read(text) {
            Ok(value) => self.fits(parameter.schema, &value, name).then_some(value),
            Err(kind) => {
                self.refuse(name, format!("{name} has to be {kind}, got {text:?}"));
                None
            }
        }
    }

    fn body(
        &mut self,
        described: Option<&Body>,
        headers: &HeaderMap,
        given: &[u8],
    ) -> Option<Value> {
        let Some(described) = described else {
            if !given.is_empty() {
                let message = format!("this operation takes no body, got {} bytes", given.len());
                self.refuse("body", message);
            }
            return None;
        };
        if given.is_empty() && !described.required {
            return None;
        }
        let content_type = texts(headers, header::CONTENT_TYPE.as_str()).join(", ");
        let essence = content_type.split(';').next().unwrap_or("").trim().to_lowercase();
        let Some((_, schema)) = described.media.iter().find(|(name, _)| *name == essence) else {
            let takes: Vec<_> = described.media.iter().map(|(name, _)| name.as_str()).collect();
            let takes = takes.join(" or ");
            let message = format!("Content-Type has to be {takes}, got {content_type:?}");
            self.refuse("Content-Type", message);
            return None;
        };
        let schema = (*schema)?;
        match serde_json::from_slice(given) {
            Ok(value) => self.fits(schema, &value, "body").then_some(value),
            Err(error) => {
                self.refuse("body", format!("the body is not JSON: {error}"));
                None
            }
        }
    }

    /// Whether a value is as its schema says; `name` is what the value itself is called.
    fn fits(&mut self, schema: SchemaIndex, value: &Value, name: &str) -> bool {
        match self.contract.schemas.validate(value, schema) {
            Ok(()) => true,
            Err(error) => {
                let start = self.violations.len();
                self.leaves(&error, name);
                // The library goes through properties in no certain order.
                self.violations[start..].sort_by(|a, b| a.target.cmp(&b.target));
                false
            }
        }
    }

    /// Adds what is at the bottom of an error: the rules themselves that are broken.
    fn leaves(&mut self, error: &ValidationError<'_, '_>, name: &str) {
        let place = error.instance_location.to_string();
        let place = place.trim_start_matches('/').replace('/', ".");
        let inside = |property: &str| {
            if place.is_empty() { property.to_owned() } else { format!("{place}.{property}") }
        };
        match &error.kind {
            _ if !error.causes.is_empty() => {
                error.causes.iter().for_each(|cause| self.leaves(cause, name));
            }
            ErrorKind::Required { want } => {
                for property in want {
                    let target = inside(property);
                    self.refuse(target.clone(), format!("{target} is required"));
                }
            }
            ErrorKind::AdditionalProperties { got } => {
                for property in got {
                    let target = inside(property);
                    self.refuse(target.clone(), format!("unknown property {target}"));
                }
            }
            kind => {
                let target = if place.is_empty() { name.to_owned() } else { place };
                self.refuse(target.clone(), format!("{target}: {kind}"));
            }
        }
    }
}

impl Kind {
    /// Reads a text as it stands in a URL or a header, or says what it has to be.
    fn read(&self, text: &str) -> Result<Value, &'static str> {
        // `parse` alone would take a leading plus.
        let plain = Some(text).filter(|text| !text.starts_with('+'));
        match self {
            Self::Integer => plain
                .and_then(|text| text.parse::<i64>().ok())
                .map(Value::from)
                .ok_or("an integer of 64 bits"),
            Self::Number => plain
                .and_then(|text| text.parse().ok())
                .and_then(Number::from_f64)
                .map(Value::Number)
                .ok_or("a number"),
            Self::Boolean => match text {
                "true" | "1" => Ok(Value::Bool(true)),
                "false" | "0" => Ok(Value::Bool(false)),
                _ => Err("one of true, 1, false, 0"),
            },
            Self::Text => Ok(text.into()),
            Self::List(items) => text.split(',').map(|item| items.read(item)).collect(),
        }
    }
}

/// The values of a header.
fn texts(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}
