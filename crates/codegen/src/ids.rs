//! Ids: components that are a plain integer become types of their own.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase as _;
use quote::quote;
use serde_json::Value;
use syn::{Ident, Type, parse_quote};

use crate::items::last_segment;

/// The type of the items of a list that is sent as one string: an extension of a parameter.
const ITEM: &str = "x-item";

/// A component that is an integer.
pub(crate) struct Id {
    pub(crate) name: Ident,
    doc: String,
}

/// The names of the types of ids.
#[derive(Default)]
pub(crate) struct Ids(BTreeSet<Ident>);

impl Ids {
    /// Returns whether a type is that of an id.
    pub(crate) fn contains(&self, kind: &Type) -> bool {
        last_segment(kind).is_some_and(|segment| self.0.contains(&segment.ident))
    }

    /// Returns the type of the items of a parameter that is a list of ids in one string.
    pub(crate) fn item(&self, parameter: &Value) -> Option<&Ident> {
        let name = parameter[ITEM].as_str()?.to_upper_camel_case();
        self.0.iter().find(|id| **id == name)
    }
}

impl FromIterator<Ident> for Ids {
    fn from_iter<I: IntoIterator<Item = Ident>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}

/// Finds the components that are integers.
pub(crate) fn find(document: &Value) -> Vec<Id> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let named = schemas.into_iter().flatten().filter_map(|(name, schema)| {
        let is_plain = schema["type"] == "integer"
            && schema.get("enum").is_none()
            && schema["nullable"] != true;
        is_plain.then_some(())?;
        let doc = schema["description"].as_str().filter(|text| !text.is_empty());
        let name = syn::parse_str(&name.to_upper_camel_case()).ok()?;
        Some(Id { name, doc: doc.unwrap_or("An id.").to_owned() })
    });
    named.collect()
}

/// Writes the types in a module.
pub(crate) fn write(file: &mut syn::File, ids: &[Id]) {
    if ids.is_empty() {
        return;
    }
    let types = ids.iter().map(|Id { name, doc }| quote!(crate::wire::id! { #[doc = #doc] #name }));
    file.items.push(parse_quote!(pub mod ids { #(#types)* }));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{code, contains};

    fn reference(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    /// A document with a list of runs, and an operation on one of them.
    fn document() -> Value {
        let id = reference("RunId");
        let query =
            |name: &str, schema: Value| json!({"in": "query", "name": name, "schema": schema});
        let ok = |schema: &Value| json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}});
        let of_path =
            json!({"in": "path", "name": "id", "required": true, "schema": reference("RunId")});
        let joined = json!({
            "in": "query", "name": "ids", "x-item": "RunId",
            "schema": {"type": "string", "format": "comma-separated"},
        });
        let body = json!({"content": {"application/json": {"schema": reference("Move")}}, "required": true});
        let or_null = json!({"allOf": [id], "nullable": true, "description": "Which."});
        json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/runs": {"get": {
                    "operationId": "list_runs",
                    "parameters": [
                        query("$count", json!({"type": "boolean"})),
                        query("$skip", json!({"type": "integer"})),
                        query("$top", json!({"type": "integer"})),
                        query("after", reference("RunId")),
                        joined,
                    ],
                    "responses": ok(&reference("Page")),
                }},
                "/runs/{id}": {"post": {
                    "operationId": "move_run", "parameters": [of_path], "requestBody": body,
                    "responses": {"2XX": {"description": ""}},
                }},
            },
            "components": {"schemas": {
                "RunId": {"type": "integer", "format": "int64", "description": "The id of a run."},
                "OwnerId": {"type": "integer", "format": "int64"},
                "Page": {"type": "object", "required": ["value"], "properties": {
                    "value": {"type": "array", "items": reference("Row")},
                    "@count": {"type": "integer"}, "@nextLink": {"type": "string", "nullable": true},
                }},
                "Row": {"type": "object", "required": ["owner_id", "id", "size"], "properties": {
                    "id": {"allOf": [id], "description": "Which."},
                    "owner_id": reference("OwnerId"), "size": {"type": "integer"},
                    "before": or_null,
                }},
                "Move": {"type": "object", "required": ["to"], "properties": {
                    "to": reference("RunId"), "from": or_null,
                }},
            }},
        })
    }

    #[test]
    fn component_that_is_an_integer_is_a_type_of_ids_everywhere() {
        let code = code(&document());
        let id = "crate::generated::ids::RunId";
        for expected in [
            "pub mod ids { crate::wire::id! { #[doc = \"An id.\"] OwnerId } crate::wire::id! { \
             #[doc = \"The id of a run.\"] RunId } }",
            "pub use super::ids::*;",
            &format!("#[serde(deserialize_with = \"crate::wire::tolerant::id\")] pub id: {id},"),
            &format!(
                "#[serde(default)] #[serde(deserialize_with = \"crate::wire::tolerant::optional_id\")] \
                 pub before: ::std::option::Option<{id}>,"
            ),
            &format!(
                "pub fn move_run( &self, id: impl ::std::convert::Into<{id}>, to: impl \
                      ::std::convert::Into<{id}>, )"
            ),
            &format!("pub fn after(mut self, after: impl crate::wire::IntoOption<{id}>) -> Self"),
            &format!("pub fn from(mut self, from: impl crate::wire::IntoOption<{id}>) -> Self"),
            "pub fn ids( mut self, ids: impl ::std::iter::IntoIterator<Item = impl \
             ::std::convert::Into<types::RunId>>, ) -> Self",
            "crate::wire::PathValue(&id)",
        ] {
            assert!(contains(&code, expected), "{expected} is not in {code}");
        }
    }

    #[test]
    fn key_of_a_row_is_its_id_and_not_another_one() {
        let mut document = document();
        let found = |document: &Value, key: &str, value: &str| {
            let code = code(document);
            let expected = format!("const KEY: ::std::option::Option<&'static str> = {key};");
            assert!(contains(&code, &expected), "{expected} is not in {code}");
            let body = format!("fn key(row: &Self::Item) -> Option<i64> {{ {value} }}");
            assert!(contains(&code, &body), "{body} is not in {code}");
        };
        found(&document, "Some(\"id\")", "Some(row.id.get())");
        // Two ids, and none of them is the row's own.
        let row = &mut document["components"]["schemas"]["Row"];
        row["properties"]["other_id"] = row["properties"]["id"].take();
        row["properties"].as_object_mut().expect("an object").remove("id");
        row["required"] = json!(["owner_id", "other_id", "size"]);
        found(&document, "None", "let _ = row; None");
        let row = &mut document["components"]["schemas"]["Row"];
        row["properties"].as_object_mut().expect("an object").remove("other_id");
        row["required"] = json!(["owner_id", "size"]);
        found(&document, "Some(\"owner_id\")", "Some(row.owner_id.get())");
        // A description may have an integer there.
        let row = &mut document["components"]["schemas"]["Row"];
        row["properties"]["id"] = json!({"type": "integer"});
        row["required"] = json!(["owner_id", "id", "size"]);
        found(&document, "Some(\"id\")", "Some(row.id)");
    }

    #[test]
    fn object_with_only_an_id_is_made_of_one() {
        let mut document = document();
        document["components"]["schemas"]["Move"]["properties"]
            .as_object_mut()
            .expect("an object")
            .remove("from");
        let code = code(&document);
        let id = "crate::generated::ids::RunId";
        for from in ["i64", id, &format!("&{id}")] {
            let expected = format!("impl ::std::convert::From<{from}> for Move {{");
            assert!(contains(&code, &expected), "{expected} is not in {code}");
        }
    }
}
