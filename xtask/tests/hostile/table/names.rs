//! Names that Rust, HTTP or the generator cannot bear, or that meet.

use serde_json::{Value, json};

use super::Input::Json;
use super::{GET, Row, accepted, good, refer_to, rejected, set, with, with_get, with_schema};

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

/// Names, and texts, that generated code must bear.
pub(super) fn harmless() -> Value {
    let text = "*/ fn evil() {} /* \"# \"); panic!()\n\n```rust\ncompile_error!()\n```\n\0\u{202e}";
    let mut document = query(&["type", "self", "crate", "super", "async"]);
    // The overlay of the crate has types of ids, and none is for things.
    set(&mut document, &format!("{GET}/parameters/0/schema/x-id"), json!(false));
    for id in ["type", "match", "async", "dyn", "gen", "try", "crate", "super", "types"] {
        let operation = json!({"operationId": id, "description": text, "responses": {}});
        document["paths"][format!("/{id}")] = json!({ "get": operation });
    }
    let schemas = document["components"]["schemas"].as_object_mut().expect("an object");
    let property = json!({"type": "string", "description": text});
    let long = "a".repeat(10_000);
    let keys = ["", "$#!", "a\")] fn x() {} //", "🦀", &long, "x\n\u{202e}y", "builder", "default"];
    for (index, key) in keys.into_iter().enumerate() {
        let properties = json!({ key: property });
        let schema = json!({"type": "object", "description": text, "properties": properties});
        schemas.insert(format!("Key{index}"), schema);
    }
    let keywords: serde_json::Map<_, _> =
        ["type", "self", "crate", "super", "async", "gen", "match"]
            .into_iter()
            .map(|key| (key.to_owned(), property.clone()))
            .collect();
    schemas.insert("Keywords".into(), json!({"type": "object", "properties": keywords}));
    let values = ["a-b", "a_b", "aB", "", "-", "+", "🦀", "self", "\"", "\n"];
    schemas.insert("Values".into(), json!({"type": "string", "enum": values}));
    for name in [
        "a.b.c",
        "1a",
        "Option",
        "String",
        "Vec",
        "Result",
        "Box",
        "Into",
        "Some",
        "From",
        "Clone",
        "Error",
        "Client",
        "std",
        "serde",
        "Self",
        "ResponseValue",
        "builder",
        "types",
        "Send",
    ] {
        let schema = json!({"type": "object", "properties": {"x": {"type": "string"}}});
        schemas.insert(name.into(), schema);
    }
    document
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        accepted(
            "operations that are keywords",
            Json(|| {
                let mut document = good();
                for id in ["type", "match", "async", "dyn", "gen", "try"] {
                    let operation = json!({"get": {"operationId": id, "responses": {"204": {"description": ""}}}});
                    set(&mut document, &format!("/paths/~1{id}-x"), operation);
                }
                document
            }),
            &["fn Client::type_(", "fn Client::match_(", "fn Client::dyn_("],
            &[],
        ),
        rejected(
            "an operation that is `self`",
            Json(|| operation("self")),
            &[
                "/paths/~1x/get/operationId: the operationId \"self\" gives the builder Self, a name that is taken: give it another with an overlay action",
            ],
        ),
        rejected(
            "an operation that is `Self`",
            Json(|| operation("Self")),
            &[
                "/paths/~1x/get/operationId: the operationId \"Self\" gives the builder Self, a name that is taken: give it another with an overlay action",
            ],
        ),
        accepted(
            "an operation that is `crate`",
            Json(|| operation("crate")),
            &["\"operationId\": \"crate\""],
            &[],
        ),
        accepted(
            "an operation that is `super`",
            Json(|| operation("super")),
            &["\"operationId\": \"super\""],
            &[],
        ),
        accepted(
            "an operation that is `type`",
            Json(|| operation("type")),
            &["\"operationId\": \"type\""],
            &[],
        ),
        accepted(
            "an operation that is `async`",
            Json(|| operation("async")),
            &["\"operationId\": \"async\""],
            &[],
        ),
        accepted(
            "an operation that is `gen`",
            Json(|| operation("gen")),
            &["\"operationId\": \"gen\""],
            &[],
        ),
        rejected(
            "an operation that is a type of the client",
            Json(|| operation("response_value")),
            &["gives the builder ResponseValue, a name that is taken"],
        ),
        rejected(
            "an operation that is a type of Rust",
            Json(|| operation("result")),
            &["gives the builder Result, a name that is taken"],
        ),
        rejected(
            "a component that is a trait of Rust",
            Json(|| with_schema("Default", json!({"type": "object"}))),
            &[
                "/components/schemas/Default: the component gives the type Default, a name that is taken: give it another name with an overlay action that sets its `x-rust-name`",
            ],
        ),
        rejected(
            "an operation that is `exchange`",
            Json(|| operation("exchange")),
            &[
                "/paths/~1x/get/operationId: the operationId \"exchange\" is the name of one of the client's functions: give it another with an overlay action",
            ],
        ),
        rejected(
            "operations that meet in snake case",
            Json(|| operation("GetThing")),
            &[
                "/paths/~1x/get/operationId: the operationId \"GetThing\" gives the name get_thing, as /paths/~1things~1{id}/get does: give one of them another with an overlay action",
            ],
        ),
        rejected(
            "an empty operationId",
            Json(|| operation("")),
            &[
                "/paths/~1x/get/operationId: the operationId \"\" cannot be the name of a function: give it another with an overlay action",
            ],
        ),
        rejected(
            "spaces in an operationId",
            Json(|| operation("get it")),
            &[
                "/paths/~1x/get/operationId: the operationId \"get it\" cannot be the name of a function: give it another with an overlay action",
            ],
        ),
        rejected(
            "an operationId in Greek",
            Json(|| operation("λήψη")),
            &[
                "/paths/~1x/get/operationId: the operationId \"λήψη\" cannot be the name of a function: give it another with an overlay action",
            ],
        ),
        rejected(
            "an emoji as operationId",
            Json(|| operation("🦀")),
            &[
                "/paths/~1x/get/operationId: the operationId \"🦀\" cannot be the name of a function: give it another with an overlay action",
            ],
        ),
        rejected(
            "code as operationId",
            Json(|| operation("x() {} fn y")),
            &[
                "/paths/~1x/get/operationId: the operationId \"x() {} fn y\" cannot be the name of a function: give it another with an overlay action",
            ],
        ),
        rejected(
            "only underscores as operationId",
            Json(|| operation("___")),
            &[
                "/paths/~1x/get/operationId: the operationId \"___\" cannot be the name of a function: give it another with an overlay action",
            ],
        ),
        rejected(
            "an operationId of 2,000 characters",
            Json(|| operation(&"a".repeat(2_000))),
            &[
                "/paths/~1x/get/operationId: the operationId \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...: give it another with an overlay action",
                ": give it another with an overlay action",
            ],
        ),
        rejected(
            "an operationId with escapes",
            Json(|| operation("\u{1b}[31mred\n::error::x")),
            &[
                "/paths/~1x/get/operationId: the operationId \"\\u{1b}[31mred\\n::error::x\" cannot be the name of a function: give it another with an overlay action",
            ],
        ),
        accepted(
            "properties that are keywords",
            Json(|| properties(&["type", "self", "crate", "super", "async", "gen", "match"])),
            &["types::A.type_", "types::A.self_", "types::A.crate_"],
            &[],
        ),
        accepted("an empty property", Json(|| properties(&[""])), &["types::A.x"], &[]),
        accepted("a property of symbols", Json(|| properties(&["$#!"])), &["types::A.x"], &[]),
        accepted(
            "two properties of symbols",
            Json(|| properties(&["$#!", "!#$"])),
            &["types::A.x:", "types::A.x_2:"],
            &[],
        ),
        accepted(
            "properties that meet",
            Json(|| properties(&["fooBar", "foo_bar", "foo-bar"])),
            &["types::A.foo_bar:", "types::A.foo_bar_2:", "types::A.foo_bar_3:"],
            &[],
        ),
        accepted(
            "a property with quotes and code",
            Json(|| properties(&["a\")] fn x() {} //"])),
            &["types::A.a_fn_x"],
            &[],
        ),
        accepted("an emoji as a property", Json(|| properties(&["🦀"])), &["types::A.x"], &[]),
        accepted(
            "a property of 10,000 characters",
            Json(|| properties(&[&"a".repeat(10_000)])),
            &["types::A.aaaa"],
            &[],
        ),
        accepted(
            "enum values that meet",
            Json(|| {
                with_schema(
                    "A",
                    json!({"type": "string", "enum": ["a-b", "a_b", "aB", "", "-", "+"]}),
                )
            }),
            &["\"a-b\""],
            &[],
        ),
        accepted(
            "a component with a slash",
            Json(|| with_schema("a/b", json!({"type": "object"}))),
            &[],
            &["a/b"],
        ),
        accepted(
            "a component that leads up",
            Json(|| with_schema("../../x", json!({"type": "object"}))),
            &[],
            &["../"],
        ),
        accepted(
            "an empty component name",
            Json(|| with_schema("", json!({"type": "object"}))),
            &[],
            &["\"\":"],
        ),
        accepted(
            "a component in Cyrillic",
            Json(|| with_schema("Тhing", json!({"type": "object"}))),
            &[],
            &["Тhing"],
        ),
        accepted(
            "a component with dots",
            Json(|| {
                with_schema(
                    "a.b.c",
                    json!({"type": "object", "properties": {"x": {"type": "string"}}}),
                )
            }),
            &["types::ABC.x"],
            &[],
        ),
        rejected(
            "components that meet",
            Json(|| with_schema("thing", json!({"type": "object"}))),
            &[
                "/components/schemas/thing: the components \"Thing\" and \"thing\" both give the type Thing: give it another name with an overlay action that sets its `x-rust-name`",
            ],
        ),
        accepted(
            "a component that starts with a digit",
            Json(|| {
                with_schema(
                    "1a",
                    json!({"type": "object", "properties": {"x": {"type": "string"}}}),
                )
            }),
            &["types::"],
            &[],
        ),
        accepted(
            "components named as types of Rust",
            Json(|| {
                let mut document = good();
                for name in
                    ["Option", "String", "Vec", "Result", "Box", "Into", "Some", "From", "Clone"]
                {
                    let schema = json!({"type": "object", "properties": {"x": {"type": "string"}}});
                    set(&mut document, &format!("/components/schemas/{name}"), schema);
                    refer_to(&mut document, name);
                }
                document
            }),
            &["types::Option.x", "types::String.x", "types::Vec.x"],
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
                    refer_to(&mut document, name);
                }
                document
            }),
            &["types::Client.x"],
            &[],
        ),
        rejected(
            "a component of 2,000 characters",
            Json(|| {
                with_schema(
                    &"A".repeat(2_000),
                    json!({"type": "object", "properties": {"x": {"type": "string"}}}),
                )
            }),
            &[
                "/components/schemas/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "this cannot be the name of a component: give it another name with an overlay action that sets its `x-rust-name`",
            ],
        ),
        rejected(
            "a brace that stays open",
            Json(|| path("/x/{id")),
            &[
                "/paths/~1x~1{id: the braces of the path do not match: remove it, and add it corrected, with overlay actions",
            ],
        ),
        rejected(
            "a brace that was not open",
            Json(|| path("/x/id}")),
            &[
                "/paths/~1x~1id}: the braces of the path do not match: remove it, and add it corrected, with overlay actions",
            ],
        ),
        rejected(
            "braces in braces",
            Json(|| path("/x/{{id}}")),
            &[
                "/paths/~1x~1{{id}}: a variable of the path has no proper name: remove it, and add it corrected, with overlay actions",
            ],
        ),
        rejected(
            "nothing in braces",
            Json(|| path("/x/{}")),
            &[
                "/paths/~1x~1{}: a variable of the path has no proper name: remove it, and add it corrected, with overlay actions",
            ],
        ),
        rejected(
            "a path without a slash",
            Json(|| path("x")),
            &[
                "/paths/x: a path must start with a slash: remove it, and add it corrected, with overlay actions",
            ],
        ),
        rejected(
            "a path that leads up",
            Json(|| path("/../x")),
            &[
                "/paths/~1..~1x: the path has characters or segments that no path may have: remove it, and add it corrected, with overlay actions",
            ],
        ),
        rejected(
            "a path with code",
            Json(|| path("/x\", panic!()); //")),
            &[
                "/paths/~1x\", panic!()); ~1~1: the path has characters or segments that no path may have: remove it, and add it corrected, with overlay actions",
            ],
        ),
        rejected(
            "a path with a query",
            Json(|| path("/x?a=b")),
            &[
                "/paths/~1x?a=b: the path has characters or segments that no path may have: remove it, and add it corrected, with overlay actions",
            ],
        ),
        accepted(
            "paths that differ in a variable's name",
            Json(|| {
                let mut document =
                    with("/paths/~1things~1{key}", good()["paths"]["/things/{id}"].clone());
                set(&mut document, "/paths/~1things~1{key}/get/operationId", json!("get_other"));
                set(&mut document, "/paths/~1things~1{key}/get/parameters/0/name", json!("key"));
                document
            }),
            &["get_other"],
            &[],
        ),
        accepted(
            "two parameters of a name",
            Json(|| query(&["a", "a-"])),
            &["fn builder::GetThing::a(", "fn builder::GetThing::a_parameter("],
            &[],
        ),
        rejected(
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
            &[
                "/paths/~1things~1{id}/get/parameters/1: the parameter \"a\" is there twice and differs: remove one of them with an overlay action",
            ],
        ),
        accepted(
            "parameters that are keywords",
            Json(|| query(&["type", "crate", "super", "async"])),
            &["get_thing"],
            &[],
        ),
        accepted("a parameter that is `self`", Json(|| query(&["self"])), &["get_thing"], &[]),
        accepted(
            "a parameter of symbols",
            Json(|| query(&["$"])),
            &["fn builder::GetThing::parameter("],
            &[],
        ),
        accepted(
            "a parameter that is a builder's function",
            Json(|| query(&["send"])),
            &["fn builder::GetThing::send_parameter("],
            &[],
        ),
        rejected(
            "a header that is none",
            Json(|| {
                with_get(
                    "parameters",
                    json!([{"in": "header", "name": "a\r\nb", "schema": {"type": "string"}}]),
                )
            }),
            &[
                "operation get_thing: /paths/~1things~1{id}/get: the name of the parameter \"a\\r\\nb\" is not one of a header: correct it with an overlay action",
            ],
        ),
        rejected(
            "a version of several lines",
            Json(|| with("/info/version", json!("1.0\n::error::x"))),
            &[
                "/info/version: the version \"1.0\\n::error::x\" is not plain visible ASCII of at most 64 characters: correct it with an overlay action",
            ],
        ),
        rejected(
            "a version of 1 MB",
            Json(|| with("/info/version", json!("1".repeat(1_000_000)))),
            &[
                "/info/version: the version \"1111111111111111111111111111111111111111111111111111111111111111\" is not plain visible ASCII of at most 64 characters: correct it with an overlay action",
            ],
        ),
        rejected(
            "a version with escapes",
            Json(|| with("/info/version", json!("\u{1b}[2J1.0\u{202e}"))),
            &[
                "/info/version: the version \"\\u{1b}[2J1.0\\u{202e}\" is not plain visible ASCII of at most 64 characters: correct it with an overlay action",
            ],
        ),
    ]
}
