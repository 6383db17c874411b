//! Descriptions that are YAML or JSON but no OpenAPI 3.1, and members of the wrong type.

use serde_json::json;

use super::Input::{Json, Text};
use super::{GET, GOOD, Row, accepted, rejected, with, with_get, with_schema, without};

pub(super) fn rows() -> Vec<Row> {
    vec![
        rejected(
            "a list",
            Text(|| "- openapi: 3.1.0\n".into()),
            &["#: the document is not an object: check that the source is the API's description"],
        ),
        rejected(
            "JSON that is a list",
            Text(|| "[1, 2]".into()),
            &["#: the document is not an object: check that the source is the API's description"],
        ),
        rejected(
            "an empty object",
            Text(|| "{}".into()),
            &["#: there is no `openapi` version: give it an OpenAPI 3.1 description"],
        ),
        rejected(
            "Swagger 2.0",
            Text(|| "swagger: '2.0'\ninfo: {title: t, version: '1'}\n".into()),
            &["/swagger: this is a Swagger 2.0 document: give it an OpenAPI 3.1 description"],
        ),
        rejected(
            "no `openapi`",
            Json(|| without("/openapi")),
            &["#: there is no `openapi` version: give it an OpenAPI 3.1 description"],
        ),
        rejected(
            "OpenAPI as a number",
            Text(|| GOOD.replace("3.1.0", "3.1")),
            &[
                "/openapi: the version 3.1 is a number: set it to the string '3.1.0' with an overlay action",
            ],
        ),
        accepted(
            "OpenAPI 3.2",
            Text(|| GOOD.replace("3.1.0", "3.2.0")),
            &["\"openapi\": \"3.0.3\""],
            &[],
        ),
        rejected(
            "OpenAPI 4.0",
            Text(|| GOOD.replace("3.1.0", "4.0.0")),
            &["/openapi: version \"4.0.0\" is not supported: give it an OpenAPI 3.1 description"],
        ),
        rejected(
            "OpenAPI 3.10",
            Text(|| GOOD.replace("3.1.0", "3.10.0")),
            &["/openapi: version \"3.10.0\" is not supported: give it an OpenAPI 3.1 description"],
        ),
        accepted("OpenAPI 3.0", Text(|| GOOD.replace("3.1.0", "3.0.3")), &["get_thing"], &[]),
        rejected(
            "no `info`",
            Json(|| without("/info")),
            &["#: the description has no `info`: check that the source is the API's description"],
        ),
        rejected(
            "`info` as a text",
            Json(|| with("/info", json!("hello"))),
            &[
                "/info: an object is required here, not a string: correct the description with an overlay action",
            ],
        ),
        rejected(
            "no version",
            Json(|| without("/info/version")),
            &["/info: `version` is missing: add it with an overlay action"],
        ),
        rejected(
            "a version as a number",
            Json(|| with("/info/version", json!(1.0))),
            &[
                "/info/version: a string is required here, not a number: correct the description with an overlay action",
            ],
        ),
        rejected(
            "no `paths`",
            Json(|| without("/paths")),
            &["#: the description has no `paths`: check that the source is the API's description"],
        ),
        rejected(
            "`paths` empty",
            Json(|| with("/paths", json!({}))),
            &["/paths: there is no operation: check that the source is the API's description"],
        ),
        rejected(
            "`paths` as a list",
            Json(|| with("/paths", json!([]))),
            &[
                "/paths: an object is required here, not a list: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a path as null",
            Json(|| with("/paths/~1x", json!(null))),
            &[
                "/paths/~1x: an object is required here, not null: correct the description with an overlay action",
            ],
        ),
        rejected(
            "an operation as a text",
            Json(|| with(GET, json!("hello"))),
            &[
                "overlay.yaml: /actions/0/update: the target /paths/~1things~1{id}/get is a value, and the update an object: update an object with an object and a value with a value, or target the object that holds it",
            ],
        ),
        accepted(
            "a method of OpenAPI 3.2",
            Json(|| with("/paths/~1things~1{id}/query", json!({}))),
            &["\"get\""],
            &["\"query\""],
        ),
        rejected(
            "parameters as an object",
            Json(|| with_get("parameters", json!({}))),
            &[
                "/paths/~1things~1{id}/get/parameters: a list is required here, not an object: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a parameter as a text",
            Json(|| with_get("parameters", json!(["id"]))),
            &[
                "/paths/~1things~1{id}/get/parameters/0: an object is required here, not a string: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a parameter without a name",
            Json(|| with_get("parameters", json!([{"in": "query"}]))),
            &[
                "/paths/~1things~1{id}/get/parameters/0: `name` is missing: add it with an overlay action",
            ],
        ),
        rejected(
            "a parameter in the body",
            Json(|| with_get("parameters", json!([{"in": "body", "name": "x"}]))),
            &[
                "operation get_thing: /paths/~1things~1{id}/get: the parameter \"x\" is in \"body\", which does not exist: correct it with an overlay action",
            ],
        ),
        rejected(
            "responses as a list",
            Json(|| with_get("responses", json!([]))),
            &[
                "/paths/~1things~1{id}/get/responses: an object is required here, not a list: correct the description with an overlay action",
            ],
        ),
        accepted("responses empty", Json(|| with_get("responses", json!({}))), &["get_thing"], &[]),
        rejected(
            "a response as a text",
            Json(|| with_get("responses", json!({"200": "OK"}))),
            &[
                "/paths/~1things~1{id}/get/responses/200: an object is required here, not a string: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a status that is none",
            Json(|| with_get("responses", json!({"2000": {"description": ""}}))),
            &[
                "/paths/~1things~1{id}/get/responses/2000: this is not a status: remove it with an overlay action",
            ],
        ),
        rejected(
            "content as a list",
            Json(|| with_get("responses", json!({"200": {"description": "", "content": []}}))),
            &[
                "/paths/~1things~1{id}/get/responses/200/content: an object is required here, not a list: correct the description with an overlay action",
            ],
        ),
        accepted(
            "a media type that is none",
            Json(|| {
                with_get("responses", json!({"200": {"description": "", "content": {"a\nb": {}}}}))
            }),
            &["get_thing"],
            &[],
        ),
        rejected(
            "a body as a text",
            Json(|| with_get("requestBody", json!("x"))),
            &[
                "/paths/~1things~1{id}/get/requestBody: an object is required here, not a string: correct the description with an overlay action",
            ],
        ),
        rejected(
            "tags as a number",
            Json(|| with_get("tags", json!(1))),
            &[
                "/paths/~1things~1{id}/get/tags: a list is required here, not a number: correct the description with an overlay action",
            ],
        ),
        rejected(
            "deprecated as a text",
            Json(|| with_get("deprecated", json!("yes"))),
            &[
                "/paths/~1things~1{id}/get/deprecated: a boolean is required here, not a string: correct the description with an overlay action",
            ],
        ),
        rejected(
            "an operationId as a number",
            Json(|| with("/paths/~1x", json!({"get": {"operationId": 1, "responses": {}}}))),
            &[
                "/paths/~1x/get/operationId: a string is required here, not a number: correct the description with an overlay action",
            ],
        ),
        rejected(
            "components as a list",
            Json(|| with("/components", json!([]))),
            &[
                "/components: an object is required here, not a list: correct the description with an overlay action",
            ],
        ),
        rejected(
            "schemas as a list",
            Json(|| with("/components/schemas", json!([]))),
            &[
                "/components/schemas: an object is required here, not a list: correct the description with an overlay action",
            ],
        ),
        rejected(
            "an unknown kind of component",
            Json(|| with("/components/things", json!({}))),
            &[
                "/components/things: OpenAPI 3.1 has no such key here: remove it with an overlay action",
            ],
        ),
        rejected(
            "a schema as a number",
            Json(|| with_schema("A", json!(1))),
            &[
                "/components/schemas/A: a schema is required here, not a number: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a type that is none",
            Json(|| with_schema("A", json!({"type": "uuid"}))),
            &[
                "/components/schemas/A/type: there is no type \"uuid\": correct it with an overlay action to one of array, boolean, integer, number, object, string",
            ],
        ),
        rejected(
            "a type as an object",
            Json(|| with_schema("A", json!({"type": {}}))),
            &[
                "/components/schemas/A/type: the name of a type is required here, not an object: correct the description with an overlay action",
            ],
        ),
        accepted(
            "an unknown keyword",
            Json(|| with_schema("A", json!({"type": "object", "maxLenght": 1}))),
            &["\"A\""],
            &["maxLenght\":"],
        ),
        accepted(
            "required as a boolean",
            Json(|| with_schema("A", json!({"required": true}))),
            &["\"A\""],
            &[],
        ),
        rejected(
            "required with a number",
            Json(|| with_schema("A", json!({"required": [1]}))),
            &[
                "/components/schemas/A/required: a list of strings is required here, not a list: correct the description with an overlay action",
            ],
        ),
        rejected(
            "properties as a list",
            Json(|| with_schema("A", json!({"properties": ["a"]}))),
            &[
                "/components/schemas/A/properties: an object is required here, not a list: correct the description with an overlay action",
            ],
        ),
        rejected(
            "an enum as a text",
            Json(|| with_schema("A", json!({"enum": "a"}))),
            &[
                "/components/schemas/A/enum: a list is required here, not a string: correct the description with an overlay action",
            ],
        ),
        accepted(
            "an enum without values",
            Json(|| with_schema("A", json!({"enum": []}))),
            &["\"A\""],
            &["\"enum\": []"],
        ),
        rejected(
            "a union without arms",
            Json(|| with_schema("A", json!({"anyOf": []}))),
            &[
                "/components/schemas/A/anyOf: a union without arms allows nothing: give it arms, or remove it, with an overlay action",
            ],
        ),
        rejected(
            "an unknown dialect",
            Json(|| with("/jsonSchemaDialect", json!("https://x.example"))),
            &[
                "/jsonSchemaDialect: the schema dialect \"https://x.example\" is not supported: remove it with an overlay action if the schemas are those of OpenAPI 3.1",
            ],
        ),
        rejected(
            "a server without an address",
            Json(|| with("/servers", json!([{}]))),
            &["/servers/0: `url` is missing: add it with an overlay action"],
        ),
    ]
}
