//! Descriptions that are YAML or JSON but no OpenAPI 3.1, and members of the wrong type.

use serde_json::json;

use super::Input::{Json, Text};
use super::{GET, GOOD, Row, accepted, refused, with, with_get, with_schema, without};

pub(super) fn rows() -> Vec<Row> {
    vec![
        refused("a list", Text(|| "- openapi: 3.1.0\n".into()), &["x"]),
        refused("JSON that is a list", Text(|| "[1, 2]".into()), &["x"]),
        refused("an empty object", Text(|| "{}".into()), &["x"]),
        refused(
            "Swagger 2.0",
            Text(|| "swagger: '2.0'\ninfo: {title: t, version: '1'}\n".into()),
            &["x"],
        ),
        refused("no `openapi`", Json(|| without("/openapi")), &["x"]),
        refused("OpenAPI as a number", Text(|| GOOD.replace("3.1.0", "3.1")), &["x"]),
        refused("OpenAPI 3.2", Text(|| GOOD.replace("3.1.0", "3.2.0")), &["x"]),
        refused("OpenAPI 4.0", Text(|| GOOD.replace("3.1.0", "4.0.0")), &["x"]),
        refused("OpenAPI 3.10", Text(|| GOOD.replace("3.1.0", "3.10.0")), &["x"]),
        accepted("OpenAPI 3.0", Text(|| GOOD.replace("3.1.0", "3.0.3")), &["get_thing"], &[]),
        refused("no `info`", Json(|| without("/info")), &["x"]),
        refused("`info` as a text", Json(|| with("/info", json!("hello"))), &["x"]),
        refused("no version", Json(|| without("/info/version")), &["x"]),
        refused("a version as a number", Json(|| with("/info/version", json!(1.0))), &["x"]),
        refused("no `paths`", Json(|| without("/paths")), &["x"]),
        refused("`paths` empty", Json(|| with("/paths", json!({}))), &["x"]),
        refused("`paths` as a list", Json(|| with("/paths", json!([]))), &["x"]),
        refused("a path as null", Json(|| with("/paths/~1x", json!(null))), &["x"]),
        refused("an operation as a text", Json(|| with(GET, json!("hello"))), &["x"]),
        refused(
            "an unknown method",
            Json(|| with("/paths/~1things~1{id}/query", json!({}))),
            &["x"],
        ),
        refused("parameters as an object", Json(|| with_get("parameters", json!({}))), &["x"]),
        refused("a parameter as a text", Json(|| with_get("parameters", json!(["id"]))), &["x"]),
        refused(
            "a parameter without a name",
            Json(|| with_get("parameters", json!([{"in": "query"}]))),
            &["x"],
        ),
        refused(
            "a parameter in the body",
            Json(|| with_get("parameters", json!([{"in": "body", "name": "x"}]))),
            &["x"],
        ),
        refused("responses as a list", Json(|| with_get("responses", json!([]))), &["x"]),
        accepted("responses empty", Json(|| with_get("responses", json!({}))), &["x"], &[]),
        refused(
            "a response as a text",
            Json(|| with_get("responses", json!({"200": "OK"}))),
            &["x"],
        ),
        refused(
            "a status that is none",
            Json(|| with_get("responses", json!({"2000": {"description": ""}}))),
            &["x"],
        ),
        refused(
            "content as a list",
            Json(|| with_get("responses", json!({"200": {"description": "", "content": []}}))),
            &["x"],
        ),
        refused(
            "a media type that is none",
            Json(|| {
                with_get("responses", json!({"200": {"description": "", "content": {"a\nb": {}}}}))
            }),
            &["x"],
        ),
        refused("a body as a text", Json(|| with_get("requestBody", json!("x"))), &["x"]),
        refused("tags as a number", Json(|| with_get("tags", json!(1))), &["x"]),
        refused("deprecated as a text", Json(|| with_get("deprecated", json!("yes"))), &["x"]),
        refused(
            "an operationId as a number",
            Json(|| with("/paths/~1x", json!({"get": {"operationId": 1, "responses": {}}}))),
            &["x"],
        ),
        refused("components as a list", Json(|| with("/components", json!([]))), &["x"]),
        refused("schemas as a list", Json(|| with("/components/schemas", json!([]))), &["x"]),
        refused(
            "an unknown kind of component",
            Json(|| with("/components/things", json!({}))),
            &["x"],
        ),
        refused("a schema as a number", Json(|| with_schema("A", json!(1))), &["x"]),
        refused("a type that is none", Json(|| with_schema("A", json!({"type": "uuid"}))), &["x"]),
        refused("a type as an object", Json(|| with_schema("A", json!({"type": {}}))), &["x"]),
        refused("an unknown keyword", Json(|| with_schema("A", json!({"maxLenght": 1}))), &["x"]),
        refused(
            "required as a boolean",
            Json(|| with_schema("A", json!({"required": true}))),
            &["x"],
        ),
        refused(
            "required with a number",
            Json(|| with_schema("A", json!({"required": [1]}))),
            &["x"],
        ),
        refused(
            "properties as a list",
            Json(|| with_schema("A", json!({"properties": ["a"]}))),
            &["x"],
        ),
        refused("an enum as a text", Json(|| with_schema("A", json!({"enum": "a"}))), &["x"]),
        refused("an enum without values", Json(|| with_schema("A", json!({"enum": []}))), &["x"]),
        refused("a union without arms", Json(|| with_schema("A", json!({"anyOf": []}))), &["x"]),
        refused(
            "an unknown dialect",
            Json(|| with("/jsonSchemaDialect", json!("https://x.example"))),
            &["x"],
        ),
        refused("a server without an address", Json(|| with("/servers", json!([{}]))), &["x"]),
    ]
}
