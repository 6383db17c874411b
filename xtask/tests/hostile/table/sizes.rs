//! Descriptions that are well formed and far too much.

use serde_json::{Map, Value, json};

use super::Input::{Json, Text};
use super::{GOOD, Row, accepted, good, refused, with, with_get, with_schema};

fn operations(count: usize) -> Value {
    let mut document = good();
    for index in 0..count {
        document["paths"][format!("/x{index}")] = json!({"get": {
            "operationId": format!("get_x{index}"),
            "responses": {"204": {"description": "done"}},
        }});
    }
    document
}

fn components(count: usize, schema: &Value) -> Value {
    let mut document = good();
    let schemas = document["components"]["schemas"].as_object_mut().expect("an object");
    schemas.extend((0..count).map(|index| (format!("S{index}"), schema.clone())));
    document
}

fn properties(count: usize) -> Value {
    let text = |index| (format!("p{index}"), json!({"type": "string"}));
    json!({"type": "object", "properties": (0..count).map(text).collect::<Map<_, _>>()})
}

fn arms(count: usize) -> Value {
    let arm =
        |index| json!({"type": "object", "properties": {format!("p{index}"): {"type": "string"}}});
    json!({"anyOf": (0..count).map(arm).collect::<Vec<_>>()})
}

fn parameters(count: usize) -> Value {
    let mut document = good();
    let template: String = (0..count).map(|index| format!("/{{p{index}}}")).collect();
    let parameter = |index| json!({"in": "path", "name": format!("p{index}"), "required": true, "schema": {"type": "string"}});
    let parameters: Vec<_> = (0..count).map(parameter).collect();
    document["paths"][template] = json!({"get": {
        "operationId": "get_x", "parameters": parameters,
        "responses": {"204": {"description": "done"}},
    }});
    document
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        refused("10,000 operations", Json(|| operations(10_000)), &["x"]),
        refused("1,000 operations", Json(|| operations(1_000)), &["x"]),
        refused(
            "100,000 components",
            Json(|| components(100_000, &json!({"type": "string"}))),
            &["x"],
        ),
        refused(
            "10,000 components of objects",
            Json(|| components(10_000, &properties(1))),
            &["x"],
        ),
        refused(
            "100,000 enum values",
            Json(|| {
                let values: Vec<_> = (0..100_000).map(|index| format!("v{index}")).collect();
                with_schema("A", json!({"type": "string", "enum": values}))
            }),
            &["x"],
        ),
        refused(
            "100,000 numbers in an enum",
            Json(|| {
                with_schema(
                    "A",
                    json!({"type": "integer", "enum": (0..100_000).collect::<Vec<_>>()}),
                )
            }),
            &["x"],
        ),
        refused("100,000 properties", Json(|| with_schema("A", properties(100_000))), &["x"]),
        refused("10,000 properties", Json(|| with_schema("A", properties(10_000))), &["x"]),
        refused(
            "100,000 arms in a property",
            Json(|| {
                with_schema("A", json!({"type": "object", "properties": {"a": arms(100_000)}}))
            }),
            &["x"],
        ),
        refused("1,000 arms", Json(|| with_schema("A", arms(1_000))), &["x"]),
        refused(
            "100,000 parts of allOf",
            Json(|| {
                let parts: Vec<_> =
                    (0..100_000).map(|index| json!({"required": [format!("p{index}")]})).collect();
                with_schema("A", json!({ "allOf": parts }))
            }),
            &["x"],
        ),
        refused(
            "100,000 required keys",
            Json(|| {
                let keys: Vec<_> = (0..100_000).map(|index| format!("p{index}")).collect();
                with_schema("A", json!({"type": "object", "required": keys}))
            }),
            &["x"],
        ),
        refused("1,000 path parameters", Json(|| parameters(1_000)), &["x"]),
        refused(
            "100,000 query parameters",
            Json(|| {
                let parameter = |index| json!({"in": "query", "name": format!("q{index}"), "schema": {"type": "string"}});
                with_get("parameters", (0..100_000).map(parameter).collect())
            }),
            &["x"],
        ),
        refused(
            "100,000 responses",
            Json(|| {
                let responses: Map<_, _> = (0..100_000)
                    .map(|index| (format!("{index}"), json!({"description": ""})))
                    .collect();
                with_get("responses", responses.into())
            }),
            &["x"],
        ),
        refused(
            "a default of 100,000 values",
            Json(|| {
                with_schema(
                    "A",
                    json!({"type": "array", "items": {"type": "integer"}, "default": vec![1; 100_000]}),
                )
            }),
            &["x"],
        ),
        accepted(
            "an example of 100,000 values",
            Json(|| {
                with_schema(
                    "A",
                    json!({"type": "array", "items": {"type": "integer"}, "example": vec![1; 100_000]}),
                )
            }),
            &["get_thing"],
            &[],
        ),
        refused(
            "a description of 10 MB",
            Json(|| with_get("description", "lorem ipsum, ".repeat(800_000).into())),
            &["x"],
        ),
        refused(
            "a description of 10 MB in YAML",
            Text(|| {
                GOOD.replace(
                    "description: OK",
                    &format!("description: {}", "lorem ipsum ".repeat(850_000)),
                )
            }),
            &["x"],
        ),
        refused(
            "a description of a million lines",
            Json(|| with_get("description", "a\n".repeat(1_000_000).into())),
            &["x"],
        ),
        refused(
            "a description of a million brackets",
            Json(|| with_get("description", "[".repeat(1_000_000).into())),
            &["x"],
        ),
        refused(
            "a description of a million backticks",
            Json(|| with_get("description", "` `` ".repeat(200_000).into())),
            &["x"],
        ),
        accepted(
            "a pattern that backtracks",
            Json(|| {
                with(
                    "/components/schemas/Thing/properties/name",
                    json!({"type": "string", "pattern": "^(a+)+$(((x*)*)*)*"}),
                )
            }),
            &["get_thing"],
            &[],
        ),
        accepted(
            "a length beyond all",
            Json(|| {
                with(
                    "/components/schemas/Thing/properties/name",
                    json!({"type": "string", "maxLength": 1e300}),
                )
            }),
            &["get_thing"],
            &[],
        ),
        refused(
            "8,000,000 values in YAML",
            Text(|| format!("a: [{}]\n", "a,".repeat(7_900_000))),
            &["x"],
        ),
        refused("8,000,000 lines of YAML", Text(|| "-\n".repeat(7_900_000)), &["x"]),
        refused(
            "1,000,000 keys in YAML",
            Text(|| (0..1_000_000).map(|index| format!("k{index}:\n")).collect()),
            &["x"],
        ),
        refused(
            "8,000,000 values in JSON",
            Text(|| format!("{{\"a\": [{}1]}}", "1,".repeat(7_900_000))),
            &["x"],
        ),
        refused(
            "900,000 values in an extension",
            Text(|| format!("{GOOD}x-a: [{}]\n", "a,".repeat(900_000))),
            &["x"],
        ),
        refused(
            "900,000 keys of JSON in an extension",
            Json(|| {
                with(
                    "/x-a",
                    (0..450_000)
                        .map(|index| (format!("k{index}"), json!(1)))
                        .collect::<Map<_, _>>()
                        .into(),
                )
            }),
            &["x"],
        ),
        refused(
            "200,000 anchors",
            Text(|| (0..200_000).map(|index| format!("- &a{index} x\n")).collect()),
            &["x"],
        ),
        refused("100 MB", Text(|| "a".repeat(100_000_000)), &["x"]),
    ]
}
