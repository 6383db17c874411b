//! References that go round, away or nowhere.

use serde_json::{Value, json};

use super::Input::Json;
use super::{GET, Row, accepted, good, refer_to, rejected, set, with, with_get, with_schema};

fn reference(target: &str) -> Value {
    json!({ "$ref": target })
}

fn property(target: &str) -> Value {
    with_schema("A", json!({"type": "object", "properties": {"a": reference(target)}}))
}

/// Components `S0` to `S{count}`, each made by `link` of the reference to the next; the last is a string.
fn chain(count: usize, link: fn(Value) -> Value) -> Value {
    let mut document = good();
    for index in 0..count {
        let next = reference(&format!("#/components/schemas/S{}", index + 1));
        set(&mut document, &format!("/components/schemas/S{index}"), link(next));
    }
    set(&mut document, &format!("/components/schemas/S{count}"), json!({"type": "string"}));
    refer_to(&mut document, "S0");
    document
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        rejected(
            "a file",
            Json(|| property("other.yaml#/components/schemas/A")),
            &[
                "/components/schemas/A/properties/a/$ref: \"other.yaml#/components/schemas/A\" refers to another document: bundle the description into one document first",
            ],
        ),
        rejected(
            "a file by its path",
            Json(|| property("file:///etc/passwd")),
            &[
                "/components/schemas/A/properties/a/$ref: \"file:///etc/passwd\" refers to another document: bundle the description into one document first",
            ],
        ),
        rejected(
            "another host",
            Json(|| property("https://x.example/a.yaml#/A")),
            &[
                "/components/schemas/A/properties/a/$ref: \"https://x.example/a.yaml#/A\" refers to another document: bundle the description into one document first",
            ],
        ),
        rejected(
            "a relative path",
            Json(|| property("../../../etc/passwd")),
            &[
                "/components/schemas/A/properties/a/$ref: \"../../../etc/passwd\" refers to another document: bundle the description into one document first",
            ],
        ),
        rejected(
            "nothing",
            Json(|| property("#/components/schemas/Gone")),
            &[
                "/components/schemas/A/properties/a/$ref: \"#/components/schemas/Gone\" refers to nothing in the document: add what it refers to, or correct the reference, with an overlay action",
            ],
        ),
        rejected(
            "an anchor",
            Json(|| property("#gone")),
            &[
                "/components/schemas/A/properties/a/$ref: \"#gone\" refers to nothing in the document: add what it refers to, or correct the reference, with an overlay action",
            ],
        ),
        rejected(
            "an empty reference",
            Json(|| property("")),
            &[
                "/components/schemas/A/properties/a/$ref: \"\" is not a schema: correct the reference with an overlay action",
            ],
        ),
        rejected(
            "the whole document",
            Json(|| property("#")),
            &[
                "/components/schemas/A/properties/a/$ref: \"#\" is not a schema: correct the reference with an overlay action",
            ],
        ),
        rejected(
            "a reference as a number",
            Json(|| with_schema("A", json!({"$ref": 1}))),
            &[
                "/components/schemas/A/$ref: a string is required here, not a number: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a bad escape",
            Json(|| property("#/components/schemas/Th~2ing")),
            &[
                "/components/schemas/A/properties/a/$ref: \"#/components/schemas/Th~2ing\" refers to nothing in the document: add what it refers to, or correct the reference, with an overlay action",
            ],
        ),
        rejected(
            "a bad percent escape",
            Json(|| property("#/components/schemas/%ff%fe")),
            &[
                "/components/schemas/A/properties/a/$ref: \"#/components/schemas/%ff%fe\" refers to nothing in the document: add what it refers to, or correct the reference, with an overlay action",
            ],
        ),
        rejected(
            "a part of info",
            Json(|| property("#/info/title")),
            &[
                "/info/title: a schema is required here, not a string: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a kind of component",
            Json(|| property("#/components/schemas")),
            &[
                "/components/schemas/A/properties/a/$ref: \"#/components/schemas\" is not a schema: correct the reference with an overlay action",
            ],
        ),
        rejected(
            "itself",
            Json(|| with_schema("A", reference("#/components/schemas/A"))),
            &[
                "/components/schemas/A/$ref: \"#/components/schemas/A\" refers to itself in a circle: break the circle with an overlay action",
            ],
        ),
        rejected(
            "itself through another",
            Json(|| {
                let mut document = with_schema("A", reference("#/components/schemas/B"));
                set(&mut document, "/components/schemas/B", reference("#/components/schemas/A"));
                document
            }),
            &[
                "/components/schemas/A/$ref: \"#/components/schemas/B\" refers to itself in a circle: break the circle with an overlay action",
            ],
        ),
        rejected(
            "itself through a union",
            Json(|| {
                with_schema(
                    "A",
                    json!({"anyOf": [{"type": "string"}, reference("#/components/schemas/A")]}),
                )
            }),
            &[
                "/components/schemas/A: the schema is put together of itself: break the circle with an overlay action",
            ],
        ),
        rejected(
            "itself through allOf",
            Json(|| with_schema("A", json!({"allOf": [reference("#/components/schemas/A")]}))),
            &[
                "/components/schemas/A: the schema is put together of itself: break the circle with an overlay action",
            ],
        ),
        accepted(
            "itself through a property",
            Json(|| {
                with_schema(
                    "A",
                    json!({"type": "object", "properties": {"a": reference("#/components/schemas/A")}}),
                )
            }),
            &["types::A.a"],
            &[],
        ),
        rejected(
            "its own property",
            Json(|| property("#/components/schemas/A/properties/a")),
            &[
                "/components/schemas/A/properties/a/$ref: \"#/components/schemas/A/properties/a\" refers to itself in a circle: break the circle with an overlay action",
            ],
        ),
        rejected(
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
            &[
                "/components/parameters/P/$ref: \"#/components/parameters/P\" refers to itself in a circle: break the circle with an overlay action",
            ],
        ),
        rejected(
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
            &[
                "/components/responses/Q/$ref: \"#/components/responses/P\" refers to itself in a circle: break the circle with an overlay action",
            ],
        ),
        rejected(
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
            &[
                "/components/requestBodies/P/$ref: \"#/components/requestBodies/P\" refers to itself in a circle: break the circle with an overlay action",
            ],
        ),
        rejected(
            "a path item in a circle",
            Json(|| {
                let mut document = with("/paths/~1x", reference("#/components/pathItems/P"));
                set(&mut document, "/components/pathItems", json!({"P": reference("#/paths/~1x")}));
                document
            }),
            &[
                "/paths/~1x/$ref: \"#/components/pathItems/P\" refers to itself in a circle: break the circle with an overlay action",
            ],
        ),
        rejected(
            "a path item that is the paths",
            Json(|| with("/paths/~1x", reference("#/paths"))),
            &[
                "/paths/~1things~1{id}: OpenAPI 3.1 has no such key here: remove it with an overlay action",
            ],
        ),
        rejected(
            "a parameter that is a schema",
            Json(|| with_get("parameters", json!([reference("#/components/schemas/Thing")]))),
            &["/components/schemas/Thing: `name` is missing: add it with an overlay action"],
        ),
        rejected(
            "an operation by reference",
            Json(|| with(GET, reference("#/paths"))),
            &[
                "/paths/~1things~1{id}/get/$ref: OpenAPI 3.1 has no such key here: remove it with an overlay action",
            ],
        ),
        rejected(
            "a chain of 1,000 aliases",
            Json(|| chain(1_000, |next| next)),
            &[
                "/components/schemas/S32/$ref: more than 32 references lead one to the next: refer to the schema itself with an overlay action",
            ],
        ),
        rejected(
            "a chain of 1,000 allOf",
            Json(|| chain(1_000, |next| json!({"allOf": [next]}))),
            &[
                "/components/schemas/S0: it is put together through more than 64 components: shorten the chain with an overlay action",
            ],
        ),
        accepted(
            "a chain of 1,000 properties",
            Json(|| chain(1_000, |next| json!({"type": "object", "properties": {"a": next}}))),
            &["types::S999"],
            &[],
        ),
        accepted(
            "a chain of 1,000 lists",
            Json(|| chain(1_000, |next| json!({"type": "array", "items": next}))),
            &["\"S999\""],
            &[],
        ),
        accepted(
            "20 unions of the one before twice",
            Json(|| {
                chain(
                    20,
                    |next| json!({"allOf": [{"anyOf": [next.clone(), {"type": "object", "properties": {"a": next}}]}]}),
                )
            }),
            &["types::S0"],
            &[],
        ),
        accepted(
            "allOf nested 25 deep",
            Json(|| {
                let deep =
                    (0..25).fold(json!({"type": "string"}), |inner, _| json!({"allOf": [inner]}));
                with_schema("A", deep)
            }),
            &["\"A\""],
            &[],
        ),
    ]
}
