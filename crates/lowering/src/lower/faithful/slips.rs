//! Slips outside of schemas, which would make a result that is not OpenAPI 3.0. The stages for
//! clients check what they read themselves.

use serde_json::{Value, json};

use super::Writer;
use super::kinds::Kind;
use crate::lower::rules::{Choice, NoteKind, RuleId};
use crate::lower::{array, boolean, object, required, string};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

/// The members that every version of OpenAPI requires, and that nothing else completes.
fn required_members(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Info => &["title", "version"],
        Kind::License | Kind::Tag => &["name"],
        Kind::ExternalDocs | Kind::Server => &["url"],
        Kind::ServerVariable => &["default"],
        Kind::Parameter => &["name", "in"],
        Kind::RequestBody => &["content"],
        Kind::SecurityScheme => &["type"],
        Kind::Discriminator => &["propertyName"],
        _ => &[],
    }
}

/// The value of a required member that adds no meaning.
fn empty_value(kind: Kind) -> Option<Value> {
    match kind {
        Kind::Info | Kind::License => Some("".into()),
        Kind::RequestBody => Some(json!({})),
        _ => None,
    }
}

/// Checks the type of a member that is copied.
fn check_type(key: &str, value: &Value, at: &Place) -> Result<(), Problem> {
    match key {
        "authorizationUrl" | "bearerFormat" | "contentType" | "default" | "description"
        | "email" | "externalValue" | "in" | "name" | "openIdConnectUrl" | "operationId"
        | "namespace" | "operationRef" | "prefix" | "propertyName" | "refreshUrl" | "scheme"
        | "style" | "summary" | "termsOfService" | "title" | "tokenUrl" | "type" | "url"
        | "version" => string(value, at).map(drop),
        "allowEmptyValue" | "allowReserved" | "attribute" | "wrapped" | "deprecated"
        | "explode" | "required" => boolean(value, at).map(drop),
        "enum" | "tags" => {
            let mut values = array(value, at)?.iter().enumerate();
            values.try_for_each(|(index, value)| string(value, &at.at(index)).map(drop))
        }
        "parameters" => object(value, at).map(drop),
        "mapping" | "scopes" => {
            let mut scopes = object(value, at)?.iter();
            scopes.try_for_each(|(name, value)| string(value, &at.at(name)).map(drop))
        }
        _ => Ok(()),
    }
}

impl Writer<'_> {
    /// Copies a member, or returns nothing for one that says nothing.
    pub(super) fn copied(
        &mut self,
        key: &str,
        value: &Value,
        at: &Place,
    ) -> Result<Option<Value>, Problem> {
        if matches!(key, "example" | "value") {
            return Ok(Some(value.clone()));
        }
        if value.is_null() && check_type(key, value, at).is_err() {
            let detail = "null says nothing here";
            self.note(RuleId::NullMember, NoteKind::Dropped, at, detail);
            return Ok(None);
        }
        if self.is_for_client() {
            return Ok(Some(value.clone()));
        }
        check_type(key, value, at)?;
        Ok(Some(value.clone()))
    }

    /// Adds the required members that are missing if that changes nothing, and rejects the others.
    pub(super) fn add_missing(
        &mut self,
        kind: Kind,
        source: &Members,
        written: &mut Members,
        place: &Place,
    ) {
        let is_there = |key: &str| source.get(key).is_some_and(|value| !value.is_null());
        for key in required_members(kind).iter().filter(|key| !is_there(key)) {
            match empty_value(kind) {
                Some(value) if self.choice(RuleId::MissingMember) == Choice::Rewrite => {
                    written.insert((*key).to_owned(), value);
                    let detail = "a required member is missing, and is added with an empty value";
                    self.note(RuleId::MissingMember, NoteKind::Rewritten, place, detail);
                }
                _ => drop(self.keep(required(&Members::new(), key, place).cloned())),
            }
        }
        let has_values = is_there("schema") || is_there("content");
        if matches!(kind, Kind::Header | Kind::Parameter) && !has_values {
            written.insert("schema".into(), json!({}));
            let detail = "there is no schema, so any value is allowed";
            self.note(RuleId::MissingMember, NoteKind::Rewritten, place, detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::lower::{Choice, Options, Profile, RuleId, lower};

    /// A description with a member of its own, and one parameter.
    fn with(pointer: &str, value: Value) -> Value {
        let mut document = json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "1" },
            "servers": [{ "url": "/" }],
            "tags": [{ "name": "a" }],
            "paths": { "/a": { "get": {
                "operationId": "a",
                "tags": ["a"],
                "parameters": [{ "name": "p", "in": "query", "schema": {} }],
                "responses": { "200": { "description": "" } },
            } } },
        });
        *document.pointer_mut(pointer).expect("a pointer") = value;
        document
    }

    fn message(document: &Value, options: &Options) -> String {
        match lower(document, options) {
            Ok(_) => "no problem".to_owned(),
            Err(problems) => problems.to_string(),
        }
    }

    #[test]
    fn slips_are_rejected_with_their_pointers() {
        let operation = "/paths/~1a/get";
        let table = [
            ("/info/version", json!(1.0), "/info/version: a string is required here, not a number"),
            ("/servers/0", json!({}), "/servers/0: `url` is missing"),
            ("/tags/0", json!({ "name": null }), "/tags/0: `name` is missing"),
            ("operationId", json!(["a"]), "operationId: a string is required here, not a list"),
            ("tags", json!([1]), "tags/0: a string is required here, not a number"),
            ("parameters/0", json!({ "in": "query" }), "parameters/0: `name` is missing"),
            (
                "parameters/0",
                json!({ "name": "p", "in": "query", "schema": {}, "required": "yes" }),
                "parameters/0/required: a boolean is required here, not a string",
            ),
        ];
        for (pointer, value, expected) in table {
            let absolute = pointer.starts_with('/');
            let base = if absolute { String::new() } else { format!("{operation}/") };
            let document = with(&format!("{base}{pointer}"), value);
            let found = message(&document, &Options::new(Profile::Faithful));
            assert!(found.contains(&format!("{base}{expected}")), "{pointer}: {found}");
        }
    }

    #[test]
    fn missing_member_can_be_denied() {
        let document = with("/info", json!({ "title": "t" }));
        let mut options = Options::new(Profile::Faithful);
        assert_eq!(message(&document, &options), "no problem");
        options.set(RuleId::MissingMember, Choice::Deny).expect("a choice of the rule");
        assert!(message(&document, &options).contains("/info: `version` is missing"));
    }
}
