//! References that go round, away or nowhere.

use serde_json::{Value, json};

use super::Input::Json;
use super::{GET, Row, accepted, good, refused, set, with, with_get, with_schema};

fn reference(target: &str) -> Value {
    json!({ "$ref": target })
}

fn property(target: &str) -> Value {
    with_schema("A", json!({"type": "object", "properties": {"a": reference(target)}}))
}

/// Components `S0` to `S{count}`, each made by `link` of the name of the next; the last is a text.
fn chain(count: usize, link: fn(Value) -> Value) -> Value {
    let mut document = good();
    for index in 0..count {
        let next = reference(&format!("#/components/schemas/S{}", index + 1));
        set(&mut document, &format!("/components/schemas/S{index}"), link(next));
    }
    set(&mut document, &format!("/components/schemas/S{count}"), json!({"type": "string"}));
    document
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        refused("a file", Json(|| property("other.yaml#/components/schemas/A")), &["x"]),
        refused("a file by its path", Json(|| property("file:///etc/passwd")), &["x"]),
        refused("another host", Json(|| property("https://x.example/a.yaml#/A")), &["x"]),
        refused("a relative path", Json(|| property("../../../etc/passwd")), &["x"]),
        refused("nothing", Json(|| property("#/components/schemas/Gone")), &["x"]),
        refused("an anchor", Json(|| property("#gone")), &["x"]),
        refused("an empty reference", Json(|| property("")), &["x"]),
        refused("the whole document", Json(|| property("#")), &["x"]),
        refused("a reference as a number", Json(|| with_schema("A", json!({"$ref": 1}))), &["x"]),
        refused("a bad escape", Json(|| property("#/components/schemas/Th~2ing")), &["x"]),
        refused("a bad percent escape", Json(|| property("#/components/schemas/%ff%fe")), &["x"]),
        refused("a part of info", Json(|| property("#/info/title")), &["x"]),
        refused("a kind of component", Json(|| property("#/components/schemas")), &["x"]),
        refused("itself", Json(|| with_schema("A", reference("#/components/schemas/A"))), &["x"]),
        refused(
            "itself through another",
            Json(|| {
                let mut document = with_schema("A", reference("#/components/schemas/B"));
                set(&mut document, "/components/schemas/B", reference("#/components/schemas/A"));
                document
            }),
            &["x"],
        ),
        refused(
            "itself through a union",
            Json(|| {
                with_schema(
                    "A",
                    json!({"anyOf": [{"type": "string"}, reference("#/components/schemas/A")]}),
                )
            }),
            &["x"],
        ),
        refused(
            "itself through allOf",
            Json(|| with_schema("A", json!({"allOf": [reference("#/components/schemas/A")]}))),
            &["x"],
        ),
        accepted(
            "itself through a property",
            Json(|| {
                with_schema(
                    "A",
                    json!({"type": "object", "properties": {"a": reference("#/components/schemas/A")}}),
                )
            }),
            &["struct A"],
            &[],
        ),
        refused(
            "its own property",
            Json(|| property("#/components/schemas/A/properties/a")),
            &["x"],
        ),
        refused(
            "a parameter in a circle",
            Json(|| {
                let mut document =
                    with_get("parameters", json!([reference("#/components/parameters/P")]));
                set(
                    &mut document,
                    "/components/parameters",
                    json!({"P": reference("#/components/parameters/P")}),
                );
                document
            }),
            &["x"],
        ),
        refused(
            "a response in a circle",
            Json(|| {
                let mut document =
                    with_get("responses", json!({"200": reference("#/components/responses/P")}));
                set(
                    &mut document,
                    "/components/responses",
                    json!({"P": reference("#/components/responses/Q"), "Q": reference("#/components/responses/P")}),
                );
                document
            }),
            &["x"],
        ),
        refused(
            "a body in a circle",
            Json(|| {
                let mut document =
                    with_get("requestBody", reference("#/components/requestBodies/P"));
                set(
                    &mut document,
                    "/components/requestBodies",
                    json!({"P": reference("#/components/requestBodies/P")}),
                );
                document
            }),
            &["x"],
        ),
        refused(
            "a path item in a circle",
            Json(|| {
                let mut document = with("/paths/~1x", reference("#/components/pathItems/P"));
                set(&mut document, "/components/pathItems", json!({"P": reference("#/paths/~1x")}));
                document
            }),
            &["x"],
        ),
        refused(
            "a path item that is the paths",
            Json(|| with("/paths/~1x", reference("#/paths"))),
            &["x"],
        ),
        refused(
            "a parameter that is a schema",
            Json(|| with_get("parameters", json!([reference("#/components/schemas/Thing")]))),
            &["x"],
        ),
        refused("an operation by reference", Json(|| with(GET, reference("#/paths"))), &["x"]),
        refused("a chain of 1,000 aliases", Json(|| chain(1_000, |next| next)), &["x"]),
        refused(
            "a chain of 1,000 allOf",
            Json(|| chain(1_000, |next| json!({"allOf": [next]}))),
            &["x"],
        ),
        refused(
            "a chain of 1,000 properties",
            Json(|| chain(1_000, |next| json!({"type": "object", "properties": {"a": next}}))),
            &["x"],
        ),
        refused(
            "a chain of 1,000 lists",
            Json(|| chain(1_000, |next| json!({"type": "array", "items": next}))),
            &["x"],
        ),
        refused(
            "20 unions of the one before twice",
            Json(|| {
                chain(
                    20,
                    |next| json!({"allOf": [{"anyOf": [next.clone(), {"type": "object", "properties": {"a": next}}]}]}),
                )
            }),
            &["x"],
        ),
        refused(
            "allOf nested 40 deep",
            Json(|| {
                let deep =
                    (0..25).fold(json!({"type": "string"}), |inner, _| json!({"allOf": [inner]}));
                with_schema("A", deep)
            }),
            &["x"],
        ),
    ]
}
