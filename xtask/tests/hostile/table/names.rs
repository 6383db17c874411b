//! Names that Rust, HTTP or the generator cannot bear, or that meet.

use serde_json::{Value, json};

use super::Input::Json;
use super::{GET, Row, accepted, good, refused, set, with, with_get, with_schema};

/// The good description with one more operation of this id.
fn operation(id: &str) -> Value {
    with(
        "/paths/~1x",
        json!({"get": {"operationId": id, "responses": {"204": {"description": ""}}}}),
    )
}

/// A component with these properties, all texts.
fn properties(names: &[&str]) -> Value {
    let text = |name: &&str| ((*name).to_owned(), json!({"type": "string"}));
    let properties: serde_json::Map<_, _> = names.iter().map(text).collect();
    with_schema("A", json!({"type": "object", "properties": properties}))
}

fn query(names: &[&str]) -> Value {
    let mut document = good();
    let parameter =
        |name: &&str| json!({"in": "query", "name": name, "schema": {"type": "string"}});
    for parameter in names.iter().map(parameter) {
        let list = document.pointer_mut(&format!("{GET}/parameters")).and_then(Value::as_array_mut);
        list.expect("a list").push(parameter);
    }
    document
}

fn path(template: &str) -> Value {
    let mut document = good();
    document["paths"][template] =
        json!({"get": {"operationId": "get_x", "responses": {"204": {"description": ""}}}});
    document
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        accepted(
            "operations that are keywords",
            Json(|| {
                let mut document = good();
                for id in ["type", "self", "crate", "async", "Self", "super", "gen", "try"] {
                    let operation = json!({"get": {"operationId": id, "responses": {"204": {"description": ""}}}});
                    set(&mut document, &format!("/paths/~1{id}-x"), operation);
                }
                document
            }),
            &["x"],
            &[],
        ),
        refused("an operation that is `self`", Json(|| operation("self")), &["x"]),
        refused("an operation that is `Self`", Json(|| operation("Self")), &["x"]),
        refused("an operation that is `crate`", Json(|| operation("crate")), &["x"]),
        refused("an operation that is `super`", Json(|| operation("super")), &["x"]),
        accepted("an operation that is `type`", Json(|| operation("type")), &["x"], &[]),
        accepted("an operation that is `async`", Json(|| operation("async")), &["x"], &[]),
        accepted("an operation that is `gen`", Json(|| operation("gen")), &["x"], &[]),
        refused("an operation that is `new`", Json(|| operation("new")), &["x"]),
        refused("operations that meet in snake case", Json(|| operation("GetThing")), &["x"]),
        refused("an empty operationId", Json(|| operation("")), &["x"]),
        refused("spaces in an operationId", Json(|| operation("get it")), &["x"]),
        refused("an operationId in Greek", Json(|| operation("λήψη")), &["x"]),
        refused("an emoji as operationId", Json(|| operation("🦀")), &["x"]),
        refused("code as operationId", Json(|| operation("x() {} fn y")), &["x"]),
        refused("only underscores as operationId", Json(|| operation("___")), &["x"]),
        refused(
            "an operationId of 2,000 characters",
            Json(|| operation(&"a".repeat(2_000))),
            &["x"],
        ),
        refused(
            "an operationId with escapes",
            Json(|| operation("\u{1b}[31mred\n::error::x")),
            &["x"],
        ),
        accepted(
            "properties that are keywords",
            Json(|| {
                properties(&[
                    "type", "self", "Self", "crate", "super", "async", "gen", "match", "_",
                ])
            }),
            &["x"],
            &[],
        ),
        refused("an empty property", Json(|| properties(&[""])), &["x"]),
        refused("a property of symbols", Json(|| properties(&["$#!"])), &["x"]),
        refused("two properties of symbols", Json(|| properties(&["$#!", "!#$"])), &["x"]),
        refused(
            "properties that meet",
            Json(|| properties(&["fooBar", "foo_bar", "foo-bar"])),
            &["x"],
        ),
        refused(
            "a property with quotes and code",
            Json(|| properties(&["a\")] fn x() {} //"])),
            &["x"],
        ),
        refused("an emoji as a property", Json(|| properties(&["🦀"])), &["x"]),
        refused(
            "a property of 10,000 characters",
            Json(|| properties(&[&"a".repeat(10_000)])),
            &["x"],
        ),
        refused(
            "enum values that meet",
            Json(|| {
                with_schema(
                    "A",
                    json!({"type": "string", "enum": ["a-b", "a_b", "aB", "", "-", "+"]}),
                )
            }),
            &["x"],
        ),
        refused(
            "a component with a slash",
            Json(|| with_schema("a/b", json!({"type": "object"}))),
            &["x"],
        ),
        refused(
            "a component that leads up",
            Json(|| with_schema("../../x", json!({"type": "object"}))),
            &["x"],
        ),
        refused(
            "an empty component name",
            Json(|| with_schema("", json!({"type": "object"}))),
            &["x"],
        ),
        refused(
            "a component in Cyrillic",
            Json(|| with_schema("Тhing", json!({"type": "object"}))),
            &["x"],
        ),
        accepted(
            "a component with dots",
            Json(|| {
                with_schema(
                    "a.b.c",
                    json!({"type": "object", "properties": {"x": {"type": "string"}}}),
                )
            }),
            &["x"],
            &[],
        ),
        refused(
            "components that meet",
            Json(|| with_schema("thing", json!({"type": "object"}))),
            &["x"],
        ),
        refused(
            "a component that starts with a digit",
            Json(|| {
                with_schema(
                    "1a",
                    json!({"type": "object", "properties": {"x": {"type": "string"}}}),
                )
            }),
            &["x"],
        ),
        accepted(
            "components named as types of Rust",
            Json(|| {
                let mut document = good();
                for name in
                    ["Option", "String", "Vec", "Result", "Box", "Default", "Into", "Some", "Ok"]
                {
                    let schema = json!({"type": "object", "properties": {"x": {"type": "string"}}});
                    set(&mut document, &format!("/components/schemas/{name}"), schema);
                }
                document
            }),
            &["x"],
            &[],
        ),
        accepted(
            "components named as the client's types",
            Json(|| {
                let mut document = good();
                for name in
                    ["Error", "Client", "std", "serde", "Self", "ResponseValue", "builder", "types"]
                {
                    let schema = json!({"type": "object", "properties": {"x": {"type": "string"}}});
                    set(&mut document, &format!("/components/schemas/{name}"), schema);
                }
                document
            }),
            &["x"],
            &[],
        ),
        refused(
            "a component of 2,000 characters",
            Json(|| {
                with_schema(
                    &"A".repeat(2_000),
                    json!({"type": "object", "properties": {"x": {"type": "string"}}}),
                )
            }),
            &["x"],
        ),
        refused("a brace that stays open", Json(|| path("/x/{id")), &["x"]),
        refused("a brace that was not open", Json(|| path("/x/id}")), &["x"]),
        refused("braces in braces", Json(|| path("/x/{{id}}")), &["x"]),
        refused("nothing in braces", Json(|| path("/x/{}")), &["x"]),
        refused("a path without a slash", Json(|| path("x")), &["x"]),
        refused("a path that leads up", Json(|| path("/../x")), &["x"]),
        refused("a path with code", Json(|| path("/x\", panic!()); //")), &["x"]),
        refused("a path with a query", Json(|| path("/x?a=b")), &["x"]),
        refused(
            "paths that differ in a variable's name",
            Json(|| {
                let mut document =
                    with("/paths/~1things~1{key}", good()["paths"]["/things/{id}"].clone());
                set(&mut document, "/paths/~1things~1{key}/get/operationId", json!("get_other"));
                set(&mut document, "/paths/~1things~1{key}/get/parameters/0/name", json!("key"));
                document
            }),
            &["x"],
        ),
        refused("two parameters of a name", Json(|| query(&["a", "a-"])), &["x"]),
        refused(
            "two parameters of a name that differ",
            Json(|| {
                with_get(
                    "parameters",
                    json!([
                        {"in": "query", "name": "a", "schema": {"type": "string"}},
                        {"in": "query", "name": "a", "schema": {"type": "integer"}},
                    ]),
                )
            }),
            &["x"],
        ),
        accepted(
            "parameters that are keywords",
            Json(|| query(&["type", "self", "Self", "crate", "super", "async"])),
            &["x"],
            &[],
        ),
        refused("a parameter of symbols", Json(|| query(&["$"])), &["x"]),
        refused("a parameter that is a builder's function", Json(|| query(&["send"])), &["x"]),
        refused(
            "a header that is none",
            Json(|| {
                with_get(
                    "parameters",
                    json!([{"in": "header", "name": "a\r\nb", "schema": {"type": "string"}}]),
                )
            }),
            &["x"],
        ),
        refused(
            "a version of several lines",
            Json(|| with("/info/version", json!("1.0\n::error::x"))),
            &["x"],
        ),
        refused(
            "a version of 1 MB",
            Json(|| with("/info/version", json!("1".repeat(1_000_000)))),
            &["x"],
        ),
        refused(
            "a version with escapes",
            Json(|| with("/info/version", json!("\u{1b}[2J1.0\u{202e}"))),
            &["x"],
        ),
    ]
}
