//! Descriptions that are well formed and far too much.

use serde_json::{Map, Value, json};

use super::Input::{Json, Text};
use super::{GOOD, Row, accepted, good, refer_to, rejected, with, with_get, with_schema};

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
    for index in 0..count {
        refer_to(&mut document, &format!("S{index}"));
    }
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

fn query(count: usize) -> Value {
    let parameter =
        |index| json!({"in": "query", "name": format!("q{index}"), "schema": {"type": "string"}});
    let mut parameters = good()["paths"]["/things/{id}"]["get"]["parameters"].take();
    parameters.as_array_mut().expect("a list").extend((0..count).map(parameter));
    with_get("parameters", parameters)
}

fn example(count: usize) -> Value {
    let items = json!({"type": "integer"});
    with_schema("A", json!({"type": "array", "items": items, "example": vec![1; count]}))
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        rejected(
            "10,000 operations",
            Json(|| operations(10_000)),
            &[
                "the document stands for more than 100000 keys and values",
                "check the source, or raise the limit with --max-values",
            ],
        ),
        rejected(
            "6,000 operations",
            Json(|| operations(6_000)),
            &[
                "#: its operations, parameters, schemas and required keys count for 18009, which is more than 16000: remove what the client does not need with overlay actions",
            ],
        ),
        accepted("500 operations", Json(|| operations(500)), &["Client::get_x499("], &[]),
        rejected(
            "100,000 components",
            Json(|| components(100_000, &json!({"type": "string"}))),
            &[
                "there are more than the 2097152 bytes allowed: check that the source is the API's description",
            ],
        ),
        rejected(
            "10,000 components",
            Json(|| components(10_000, &json!({"type": "string"}))),
            &[
                "#: its operations, parameters, schemas and required keys count for 20009, which is more than 16000: remove what the client does not need with overlay actions",
            ],
        ),
        rejected(
            "6,000 components of objects",
            Json(|| components(6_000, &properties(1))),
            &[
                "#: its operations, parameters, schemas and required keys count for 18009, which is more than 16000: remove what the client does not need with overlay actions",
            ],
        ),
        rejected(
            "100,000 enum values",
            Json(|| {
                let values: Vec<_> = (0..100_000).map(|index| format!("v{index}")).collect();
                with_schema("A", json!({"type": "string", "enum": values}))
            }),
            &[
                "the document stands for more than 100000 keys and values",
                "check the source, or raise the limit with --max-values",
            ],
        ),
        accepted(
            "40,000 enum values",
            Json(|| {
                let values: Vec<_> = (0..40_000).map(|index| format!("v{index}")).collect();
                with_schema("A", json!({"type": "string", "enum": values}))
            }),
            &["v39999"],
            &[],
        ),
        rejected(
            "100,000 properties",
            Json(|| with_schema("A", properties(100_000))),
            &[
                "there are more than the 2097152 bytes allowed: check that the source is the API's description",
            ],
        ),
        rejected(
            "20,000 properties",
            Json(|| with_schema("A", properties(20_000))),
            &[
                "#: its operations, parameters, schemas and required keys count for 20011, which is more than 16000: remove what the client does not need with overlay actions",
            ],
        ),
        rejected(
            "100,000 arms in a property",
            Json(|| {
                with_schema("A", json!({"type": "object", "properties": {"a": arms(100_000)}}))
            }),
            &[
                "there are more than the 2097152 bytes allowed: check that the source is the API's description",
            ],
        ),
        rejected(
            "10,000 arms in a property",
            Json(|| with_schema("A", json!({"type": "object", "properties": {"a": arms(10_000)}}))),
            &[
                "#: its operations, parameters, schemas and required keys count for 30013, which is more than 16000: remove what the client does not need with overlay actions",
            ],
        ),
        rejected(
            "1,100 arms",
            Json(|| with_schema("A", arms(1_100))),
            &[
                "/components/schemas/A: its unions combine to more than 1000 types: replace the unions inside `allOf` with an overlay action",
            ],
        ),
        rejected(
            "16,000 parts of allOf",
            Json(|| {
                let part = |index| json!({"required": [format!("p{index}")]});
                with_schema("A", json!({"allOf": (0..16_000).map(part).collect::<Vec<_>>()}))
            }),
            &[
                "#: its operations, parameters, schemas and required keys count for 32011, which is more than 16000: remove what the client does not need with overlay actions",
            ],
        ),
        rejected(
            "40,000 required keys",
            Json(|| {
                let keys: Vec<_> = (0..40_000).map(|index| format!("p{index}")).collect();
                with_schema("A", json!({"type": "object", "required": keys}))
            }),
            &[
                "#: its operations, parameters, schemas and required keys count for 40011, which is more than 16000: remove what the client does not need with overlay actions",
            ],
        ),
        rejected(
            "a chain of 8,000 components",
            Json(|| {
                let mut document = components(8_000, &json!({}));
                for index in 0..7_999 {
                    let next = format!("#/components/schemas/S{}", index + 1);
                    document["components"]["schemas"][format!("S{index}")] =
                        json!({"type": "array", "items": {"$ref": next}});
                }
                document
            }),
            &[
                "#: its operations, parameters, schemas and required keys count for 24008, which is more than 16000: remove what the client does not need with overlay actions",
            ],
        ),
        rejected(
            "2,000 path parameters",
            Json(|| parameters(2_000)),
            &["the path has 14890 bytes, more than 2000: remove it with an overlay action"],
        ),
        rejected(
            "100,000 query parameters",
            Json(|| query(100_000)),
            &[
                "there are more than the 2097152 bytes allowed: check that the source is the API's description",
            ],
        ),
        rejected(
            "8,000 query parameters",
            Json(|| query(8_000)),
            &[
                "#: its operations, parameters, schemas and required keys count for 16009, which is more than 16000: remove what the client does not need with overlay actions",
            ],
        ),
        rejected(
            "20,000 responses",
            Json(|| {
                let response = |index| (format!("{index}"), json!({"description": ""}));
                with_get("responses", Value::Object((0..20_000).map(response).collect()))
            }),
            &[
                "/paths/~1things~1{id}/get/responses/0: this is not a status: remove it with an overlay action",
            ],
        ),
        rejected(
            "an example of 100,000 values",
            Json(|| example(100_000)),
            &[
                "the document stands for more than 100000 keys and values",
                "check the source, or raise the limit with --max-values",
            ],
        ),
        accepted("an example of 40,000 values", Json(|| example(40_000)), &["get_thing"], &[]),
        rejected(
            "a description of 10 MB",
            Json(|| with_get("description", "lorem ipsum, ".repeat(800_000).into())),
            &[
                "there are more than the 2097152 bytes allowed: check that the source is the API's description",
            ],
        ),
        accepted(
            "a description of 2 MB",
            Json(|| with_get("description", "lorem ipsum, ".repeat(155_000).into())),
            &["lorem"],
            &[],
        ),
        accepted(
            "a description of 2 MB in YAML",
            Text(|| {
                GOOD.replace(
                    "description: OK",
                    &format!("description: {}", "lorem ipsum ".repeat(170_000)),
                )
            }),
            &["get_thing"],
            &[],
        ),
        accepted(
            "a description of 600,000 lines",
            Json(|| with_get("description", "a\n".repeat(600_000).into())),
            &["get_thing"],
            &[],
        ),
        accepted(
            "a description of a million brackets",
            Json(|| with_get("description", "[".repeat(1_000_000).into())),
            &["get_thing"],
            &[],
        ),
        accepted(
            "a description of backticks",
            Json(|| with_get("description", "` `` ".repeat(200_000).into())),
            &["get_thing"],
            &[],
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
            &["(((x*)"],
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
            &["e300"],
        ),
        rejected(
            "a million values in YAML",
            Text(|| format!("a: [{}]\n", "a,".repeat(1_000_000))),
            &[
                "the document stands for more than 100000 keys and values",
                "check the source, or raise the limit with --max-values",
            ],
        ),
        rejected(
            "a million lines of YAML",
            Text(|| "-\n".repeat(1_000_000)),
            &[
                "the document stands for more than 100000 keys and values",
                "check the source, or raise the limit with --max-values",
            ],
        ),
        rejected(
            "200,000 keys in YAML",
            Text(|| (0..200_000).map(|index| format!("k{index}:\n")).collect()),
            &[
                "the document stands for more than 100000 keys and values",
                "check the source, or raise the limit with --max-values",
            ],
        ),
        rejected(
            "a million values in JSON",
            Text(|| format!("{{\"a\": [{}1]}}", "1,".repeat(1_000_000))),
            &[
                "the document stands for more than 100000 keys and values",
                "check the source, or raise the limit with --max-values",
            ],
        ),
        accepted(
            "45,000 values in an extension",
            Text(|| format!("{GOOD}x-a: [{}]\n", "a,".repeat(45_000))),
            &["get_thing"],
            &[],
        ),
        rejected(
            "100,000 anchors",
            Text(|| (0..100_000).map(|index| format!("- &a{index} x\n")).collect()),
            &[
                "the document stands for more than 100000 keys and values",
                "check the source, or raise the limit with --max-values",
            ],
        ),
        rejected(
            "100 MB",
            Text(|| "a".repeat(100_000_000)),
            &[
                "more than the 2097152 bytes allowed",
                "check that the source is the API's description",
            ],
        ),
    ]
}
