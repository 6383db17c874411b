//! Checks a response against the description.

use boon::{ErrorKind, InstanceToken, SchemaIndex, Schemas, ValidationError};
use serde_json::Value;

use crate::description::{Description, Operation, escape};
use crate::finding::{Finding, Kind, media_type, type_name, word};
use crate::service::RawResponse;

/// The properties of the responses with metrics.
pub(crate) const METRIC_NAMES: &[&str] =
    &["data", "result", "resultType", "metric", "values", "origin", "labels"];

impl Description {
    /// Checks a response, and returns what differs.
    pub(crate) fn check(&self, operation: &Operation, response: &RawResponse) -> Vec<Finding> {
        let status = response.status;
        let Some(described) = operation.described(status) else {
            let all: Vec<_> =
                operation.responses.iter().map(|one| one.status.to_string()).collect();
            return vec![Finding::new(Kind::Status, all.join(", "), status.to_string())];
        };
        let mut findings = Vec::new();
        for name in &described.headers {
            if response.header(name).is_none() {
                findings.push(Finding::new(Kind::MissingHeader, name, "no such header"));
            }
        }
        if described.content.is_empty() {
            if !response.body.is_empty() {
                findings.push(Finding::new(Kind::Body, "no body", "a body"));
            }
            return findings;
        }
        let expected: Vec<_> = described.content.iter().map(|(name, _)| name.as_str()).collect();
        let expected = expected.join(", ");
        let Some(found) = response.header("content-type") else {
            findings.push(Finding::new(Kind::MediaType, expected, "no content type"));
            return findings;
        };
        let found = media_type(found);
        match described.content.iter().find(|(name, _)| *name == found) {
            None => findings.push(Finding::new(Kind::MediaType, expected, found)),
            Some((_, Some(schema))) => match response.json() {
                Some(value) => findings.extend(self.validate(&value, *schema)),
                None if response.body.is_empty() => {
                    findings.push(Finding::new(Kind::Body, "a body", "no body"));
                }
                None => findings.push(Finding::new(Kind::NotJson, "JSON", "other text")),
            },
            Some((_, None)) => {}
        }
        findings
    }

    /// Validates a value, and returns one finding for each location and keyword.
    pub(crate) fn validate(&self, value: &Value, schema: SchemaIndex) -> Vec<Finding> {
        self.validate_with(&self.schemas, value, schema)
    }

    /// Validates a value by other schemas.
    pub(crate) fn validate_with(
        &self,
        schemas: &Schemas,
        value: &Value,
        schema: SchemaIndex,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Err(error) = schemas.validate(value, schema) {
            self.collect(&error, value, &mut findings);
        }
        findings
    }

    fn collect(&self, error: &ValidationError<'_, '_>, value: &Value, findings: &mut Vec<Finding>) {
        if let ErrorKind::OneOf(None) | ErrorKind::AnyOf = &error.kind {
            return self.union(error, value, findings);
        }
        if error.causes.is_empty() {
            return self.leaf(error, value, findings);
        }
        for cause in &error.causes {
            self.collect(cause, value, findings);
        }
    }

    /// Collects what is wrong with the value of a union: of the arm whose type fits, if there is one.
    fn union(&self, error: &ValidationError<'_, '_>, value: &Value, findings: &mut Vec<Finding>) {
        let mut arms: Vec<Vec<Finding>> = Vec::new();
        for cause in &error.causes {
            let mut arm = Vec::new();
            self.collect(cause, value, &mut arm);
            arms.push(arm);
        }
        let here = self.pointer(&error.instance_location.tokens);
        let is_other_type = |finding: &Finding| {
            matches!(finding.kind, Kind::Type | Kind::Null) && finding.pointer == here
        };
        match arms.iter().position(|arm| !arm.iter().any(is_other_type)) {
            Some(fitting) => findings.append(&mut arms.swap_remove(fitting)),
            None => {
                let types: Vec<_> =
                    arms.iter().flatten().map(|finding| finding.expected.as_str()).collect();
                let found = arms.iter().flatten().next();
                let kind = found.map_or(Kind::Type, |finding| finding.kind);
                let found = found.map_or("another type", |finding| finding.found.as_str());
                let mut finding = Finding::new(kind, types.join(" or "), found).at(here);
                finding.schema = schema_pointer(error.schema_url);
                findings.push(finding);
            }
        }
    }

    fn leaf(&self, error: &ValidationError<'_, '_>, value: &Value, findings: &mut Vec<Finding>) {
        let tokens = &error.instance_location.tokens;
        let pointer = self.pointer(tokens);
        let mut add = |kind, pointer: String, expected: String, found: String| {
            let mut finding = Finding::new(kind, expected, found).at(pointer);
            finding.schema = schema_pointer(error.schema_url);
            findings.push(finding);
        };
        let found = value_at(value, tokens).map_or("nothing", type_name).to_owned();
        match &error.kind {
            ErrorKind::AdditionalProperties { got } => {
                let object = value_at(value, tokens).and_then(Value::as_object);
                for name in got {
                    let found = object.and_then(|object| object.get(&**name));
                    // Below a key of the user's own, the names may be the user's own too.
                    let is_own = pointer.contains("/{key}");
                    let name = if is_own { "{name}".to_owned() } else { word(name, "name") };
                    let at = format!("{pointer}/{name}");
                    let found = found.map_or("nothing", type_name).to_owned();
                    add(Kind::UnknownProperty, at, "no such property".to_owned(), found);
                }
            }
            ErrorKind::Required { want } => {
                for name in want {
                    let at = format!("{pointer}/{}", escape(name));
                    add(
                        Kind::MissingProperty,
                        at,
                        "a value".to_owned(),
                        "no such property".to_owned(),
                    );
                }
            }
            ErrorKind::Type { want, .. } => {
                let types: Vec<_> = want.iter().map(|one| one.to_string()).collect();
                let kind = if found == "null" { Kind::Null } else { Kind::Type };
                add(kind, pointer, types.join(" or "), found);
            }
            ErrorKind::Enum { want } => {
                let known: Vec<_> = want.iter().filter_map(Value::as_str).collect();
                let kind = if found == "null" { Kind::Null } else { Kind::UnknownValue };
                let found = if found == "string" { "another string".to_owned() } else { found };
                add(kind, pointer, known.join(", "), found);
            }
            ErrorKind::Const { .. } => {
                add(Kind::UnknownValue, pointer, "one value".to_owned(), found)
            }
            ErrorKind::Format { want, .. } => {
                add(
                    Kind::Format,
                    pointer,
                    (*want).to_owned(),
                    format!("{found} in another format"),
                );
            }
            _ => add(Kind::Limit, pointer, keyword(&error.kind).to_owned(), found),
        }
    }

    /// Returns the pointer to a value. Keys that the description does not have can be the user's own.
    fn pointer(&self, tokens: &[InstanceToken<'_>]) -> String {
        let token = |token: &InstanceToken<'_>| match token {
            InstanceToken::Item(_) => "/*".to_owned(),
            InstanceToken::Prop(name)
                if self.names.contains(&**name) || METRIC_NAMES.contains(&&**name) =>
            {
                format!("/{}", escape(name))
            }
            InstanceToken::Prop(_) => "/{key}".to_owned(),
        };
        tokens.iter().map(token).collect()
    }
}

fn value_at<'a>(value: &'a Value, tokens: &[InstanceToken<'_>]) -> Option<&'a Value> {
    tokens.iter().try_fold(value, |value, token| match token {
        InstanceToken::Item(index) => value.get(*index),
        InstanceToken::Prop(name) => value.get(&**name),
    })
}

fn schema_pointer(url: &str) -> Option<String> {
    Some(url.split_once('#')?.1.to_owned()).filter(|pointer| !pointer.is_empty())
}

/// The keyword of a limit.
fn keyword(kind: &ErrorKind<'_, '_>) -> &'static str {
    match kind {
        ErrorKind::MinLength { .. } => "minLength",
        ErrorKind::MaxLength { .. } => "maxLength",
        ErrorKind::Pattern { .. } => "pattern",
        ErrorKind::Minimum { .. } => "minimum",
        ErrorKind::Maximum { .. } => "maximum",
        ErrorKind::ExclusiveMinimum { .. } => "exclusiveMinimum",
        ErrorKind::ExclusiveMaximum { .. } => "exclusiveMaximum",
        ErrorKind::MultipleOf { .. } => "multipleOf",
        ErrorKind::MinItems { .. } => "minItems",
        ErrorKind::MaxItems { .. } => "maxItems",
        ErrorKind::UniqueItems { .. } => "uniqueItems",
        ErrorKind::MinProperties { .. } => "minProperties",
        ErrorKind::MaxProperties { .. } => "maxProperties",
        _ => "another keyword",
    }
}
