//! The comparison knows every keyword of the standards, wherever it may stand.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{compare, line, vendored};

/// The keywords of JSON Schema 2020-12 with all its vocabularies, of older drafts and of OpenAPI,
/// each with two values.
fn of_schemas() -> Vec<(&'static str, Value, Value)> {
    let schema = || json!({ "type": "string" });
    let other = || json!({ "type": "integer" });
    vec![
        ("$schema", json!("a"), json!("b")),
        ("$id", json!("a"), json!("b")),
        ("$anchor", json!("a"), json!("b")),
        ("$dynamicRef", json!("#a"), json!("#b")),
        ("$dynamicAnchor", json!("a"), json!("b")),
        ("$vocabulary", json!({ "a": true }), json!({ "b": true })),
        ("$comment", json!("a"), json!("b")),
        ("$defs", json!({ "a": schema() }), json!({ "a": other(), "b": schema() })),
        ("definitions", json!({ "a": schema() }), json!({ "b": schema() })),
        (
            "$ref",
            json!("#/components/schemas/StatusApiModel"),
            json!("#/components/schemas/TestCostApiModel"),
        ),
        ("prefixItems", json!([schema()]), json!([other(), schema()])),
        ("items", schema(), other()),
        ("contains", schema(), other()),
        ("additionalProperties", schema(), json!(false)),
        ("properties", json!({ "a": schema() }), json!({ "b": other() })),
        ("patternProperties", json!({ "a": schema() }), json!({ "a": other(), "b": schema() })),
        ("dependentSchemas", json!({ "a": schema() }), json!({ "a": other() })),
        ("propertyNames", schema(), other()),
        ("if", schema(), other()),
        ("then", schema(), other()),
        ("else", schema(), other()),
        ("allOf", json!([schema(), other()]), json!([schema(), schema(), other()])),
        ("anyOf", json!([schema(), { "type": "object" }]), json!([other(), { "type": "array" }])),
        ("oneOf", json!([schema(), { "type": "object" }]), json!([other(), schema()])),
        ("not", schema(), other()),
        ("unevaluatedItems", json!(false), schema()),
        ("unevaluatedProperties", json!(false), schema()),
        ("type", json!("string"), json!(["integer", "null"])),
        ("const", json!(1), json!(2)),
        ("enum", json!(["a", "b"]), json!(["a", "c", null])),
        ("multipleOf", json!(2), json!(3)),
        ("maximum", json!(2), json!(3)),
        ("exclusiveMaximum", json!(2), json!(3)),
        ("minimum", json!(2), json!(3)),
        ("exclusiveMinimum", json!(2), json!(3)),
        ("maxLength", json!(2), json!(3)),
        ("minLength", json!(2), json!(3)),
        ("pattern", json!("a"), json!("b")),
        ("maxItems", json!(2), json!(3)),
        ("minItems", json!(2), json!(3)),
        ("uniqueItems", json!(true), json!(false)),
        ("maxContains", json!(2), json!(3)),
        ("minContains", json!(2), json!(3)),
        ("maxProperties", json!(2), json!(3)),
        ("minProperties", json!(2), json!(3)),
        ("required", json!(["a"]), json!(["b", "c"])),
        ("dependentRequired", json!({ "a": ["b"] }), json!({ "a": ["c"] })),
        ("title", json!("a"), json!("b")),
        ("description", json!("a"), json!("b")),
        ("default", json!(1), json!(null)),
        ("deprecated", json!(true), json!(false)),
        ("readOnly", json!(true), json!(false)),
        ("writeOnly", json!(true), json!(false)),
        ("examples", json!([1]), json!([2])),
        ("format", json!("date"), json!("uuid")),
        ("contentEncoding", json!("base64"), json!("base32")),
        ("contentMediaType", json!("a/b"), json!("a/c")),
        ("contentSchema", schema(), other()),
        // OpenAPI
        ("discriminator", json!({ "propertyName": "a" }), json!({ "propertyName": "b" })),
        ("xml", json!({ "name": "a" }), json!({ "name": "b" })),
        ("externalDocs", json!({ "url": "a" }), json!({ "url": "b" })),
        ("example", json!(1), json!(2)),
        ("nullable", json!(true), json!(false)),
        ("x-anything", json!(1), json!(2)),
        // Older drafts
        ("dependencies", json!({ "a": ["b"] }), json!({ "a": ["c"] })),
        ("additionalItems", schema(), json!(false)),
        ("$recursiveRef", json!("#"), json!("#a")),
        ("$recursiveAnchor", json!(true), json!(false)),
    ]
}

/// The fixed fields of the objects of OpenAPI 3.1: the pointer of an object in the document below,
/// and two values of the field.
fn of_documents() -> Vec<(&'static str, &'static str, Value, Value)> {
    let mut all = Vec::new();
    let mut add = |at, fields: Vec<(&'static str, Value, Value)>| {
        all.extend(fields.into_iter().map(|(key, a, b)| (at, key, a, b)));
    };
    let text = |key| (key, json!("a"), json!("b"));
    let flag = |key| (key, json!(true), json!(false));
    let map = |key| (key, json!({ "a": {} }), json!({ "b": {} }));
    let schema = || ("schema", json!({ "type": "string" }), json!({ "type": "integer" }));
    let content = || {
        let of = |kind: &str| json!({ kind: { "schema": { "type": "string" } } });
        ("content", of("a/b"), of("a/c"))
    };
    let servers = || ("servers", json!([{ "url": "a" }]), json!([{ "url": "b" }, { "url": "c" }]));
    let operation = |key| {
        let of = |id| json!({ "operationId": id, "responses": { "204": { "description": "" } } });
        (key, of("a"), of("b"))
    };
    add(
        "",
        vec![
            ("openapi", json!("3.1.0"), json!("3.1.1")),
            text("jsonSchemaDialect"),
            servers(),
            ("components", json!({}), json!({ "schemas": {} })),
            ("webhooks", json!({ "a": {} }), json!({ "a": { "post": {} } })),
            ("security", json!([{ "a": [] }]), json!([{}])),
            ("tags", json!([{ "name": "a" }]), json!([{ "name": "b" }])),
            map("externalDocs"),
            map("x-a"),
        ],
    );
    add(
        "/info",
        vec![
            text("title"),
            text("summary"),
            text("description"),
            text("termsOfService"),
            map("contact"),
            map("license"),
            text("version"),
            text("x-a"),
        ],
    );
    add("/servers/0", vec![text("description"), map("variables"), text("x-a"), text("url")]);
    add(
        "/paths",
        vec![text("x-a"), ("/other", json!({ "summary": "a" }), json!({ "summary": "b" }))],
    );
    add(
        "/paths/~1it",
        vec![
            text("summary"),
            text("description"),
            operation("get"),
            operation("put"),
            operation("delete"),
            operation("options"),
            operation("head"),
            operation("patch"),
            operation("trace"),
            servers(),
            text("x-a"),
            ("$ref", json!("#/components/pathItems/A"), json!("#/components/pathItems/B")),
            (
                "parameters",
                json!([{ "name": "a", "in": "query", "schema": {} }]),
                json!([{ "name": "b", "in": "query", "schema": {} }]),
            ),
        ],
    );
    add(
        "/paths/~1it/post",
        vec![
            ("tags", json!(["a"]), json!(["b"])),
            text("summary"),
            text("description"),
            map("externalDocs"),
            text("operationId"),
            map("callbacks"),
            flag("deprecated"),
            ("security", json!([{ "a": [] }]), json!([])),
            servers(),
            text("x-a"),
            ("parameters", json!([{ "name": "a", "in": "cookie" }]), json!([])),
            ("requestBody", json!({ "content": {} }), json!({ "content": {}, "required": true })),
            (
                "responses",
                json!({ "200": { "description": "" }, "x-a": 1 }),
                json!({ "default": { "description": "" }, "x-a": 2, "4XX": { "description": "" } }),
            ),
        ],
    );
    add(
        "/paths/~1it/post/parameters/0",
        vec![
            text("name"),
            ("in", json!("query"), json!("header")),
            text("description"),
            flag("required"),
            flag("deprecated"),
            flag("allowEmptyValue"),
            ("style", json!("form"), json!("spaceDelimited")),
            flag("explode"),
            flag("allowReserved"),
            schema(),
            content(),
            text("example"),
            map("examples"),
            text("x-a"),
        ],
    );
    add(
        "/paths/~1it/post/requestBody",
        vec![text("description"), content(), flag("required"), text("x-a")],
    );
    add(
        "/paths/~1it/post/requestBody/content/application~1json",
        vec![schema(), text("example"), map("examples"), map("encoding"), text("x-a")],
    );
    add(
        "/paths/~1it/post/responses/200",
        vec![text("description"), map("headers"), content(), map("links"), text("x-a")],
    );
    add(
        "/paths/~1it/post/responses/200/headers/H",
        vec![
            text("description"),
            flag("required"),
            flag("deprecated"),
            text("style"),
            flag("explode"),
            schema(),
            content(),
            text("example"),
            map("examples"),
            text("x-a"),
            flag("allowReserved"),
            flag("allowEmptyValue"),
        ],
    );
    add(
        "/components",
        vec![
            map("schemas"),
            map("responses"),
            map("parameters"),
            map("examples"),
            map("requestBodies"),
            map("headers"),
            map("securitySchemes"),
            map("links"),
            map("callbacks"),
            map("pathItems"),
            text("x-a"),
        ],
    );
    add(
        "/components/securitySchemes/s",
        vec![
            text("type"),
            text("description"),
            text("name"),
            text("in"),
            text("scheme"),
            text("bearerFormat"),
            map("flows"),
            text("openIdConnectUrl"),
            text("x-a"),
        ],
    );
    all
}

fn small() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Small", "version": "1" },
        "servers": [{ "url": "https://example.org" }],
        "paths": { "/it": { "post": {
            "parameters": [{ "name": "p", "in": "query", "schema": {} }],
            "requestBody": { "content": { "application/json": {} } },
            "responses": { "200": {
                "description": "",
                "headers": { "H": {} },
            } },
        } } },
        "components": { "securitySchemes": { "s": { "type": "http" } } },
    })
}

/// Adds, changes and removes a keyword.
fn check(at: &str, key: &str, [without, a, b]: [&Value; 3], failures: &mut Vec<String>) {
    for (old, new) in [(without, a), (a, without), (a, b), (b, a), (without, b), (b, without)] {
        let changes = compare(old, new);
        let found: Vec<_> = changes.iter().map(line).collect();
        let known = !changes.iter().any(|change| change.rule.id == "unknown-keyword-changed");
        if !known || (changes.is_empty() && old != new) {
            failures.push(format!("{key} at {at:?}: {found:#?}"));
        }
    }
}

#[test]
fn keywords_of_schemas_are_known() {
    let base = vendored();
    let mut failures = Vec::new();
    let places = [
        "/components/schemas/TestRunApiModel/properties/note",
        "/components/schemas/TestRunApiModel",
        "/components/schemas/UpdateTestRunApiModel/properties/note",
        "/paths/~1cloud~1v6~1test_runs/get/parameters/1/schema",
    ];
    for at in places.into_iter().filter(|at| base.pointer(at).is_some()) {
        for (key, a, b) in of_schemas() {
            let with = |value: Option<&Value>| {
                let mut document = base.clone();
                let schema = document.pointer_mut(at).and_then(Value::as_object_mut);
                let schema = schema.expect("there is a schema");
                schema.remove(key);
                schema.extend(value.map(|value| (key.to_owned(), value.clone())));
                document
            };
            check(at, key, [&with(None), &with(Some(&a)), &with(Some(&b))], &mut failures);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn fields_of_documents_are_known() {
    let base = small();
    let mut failures = Vec::new();
    for (at, key, a, b) in of_documents() {
        let with = |value: Option<&Value>| {
            let mut document = base.clone();
            let object = document.pointer_mut(at).and_then(Value::as_object_mut);
            let object = object.expect("there is an object");
            object.extend(value.map(|value| (key.to_owned(), value.clone())));
            document
        };
        check(at, key, [&with(None), &with(Some(&a)), &with(Some(&b))], &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn unknown_keywords_are_reported() {
    let base = vendored();
    for at in [
        "",
        "/info",
        "/paths/~1cloud~1v6~1test_runs/get",
        "/components",
        "/components/schemas/TestRunApiModel/properties/note",
        "/components/parameters/stackId",
    ] {
        let mut other = base.clone();
        let object = other.pointer_mut(at).and_then(Value::as_object_mut).expect("an object");
        object.insert("unheardOf".to_owned(), 1.into());
        for changes in [compare(&base, &other), compare(&other, &base)] {
            let found = changes.iter().find(|change| change.rule.id == "unknown-keyword-changed");
            assert_eq!(found.map(|c| c.pointer.as_str()), Some(format!("{at}/unheardOf").as_str()));
        }
    }
}

#[test]
fn cycles_and_depth_end() {
    // Cycles of references, with names that differ between the two sides.
    let around = |prefix: &str, count: usize| {
        let schemas: Map<String, Value> = (0..count)
            .map(|index| {
                let next = format!("#/components/schemas/{prefix}{}", (index + 1) % count);
                let far = format!("#/components/schemas/{prefix}{}", (index * 7 + 3) % count);
                let schema = json!({
                    "type": "object",
                    "properties": { "next": { "$ref": next }, "far": { "items": { "$ref": far } } },
                });
                (format!("{prefix}{index}"), schema)
            })
            .collect();
        let first = format!("#/components/schemas/{prefix}0");
        json!({
            "paths": { "/it": { "get": { "responses": { "200": { "content": {
                "application/json": { "schema": { "$ref": first } },
            } } } } } },
            "components": { "schemas": schemas },
        })
    };
    let alias = |names: [&str; 2]| {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        json!({ "components": { "schemas": {
            names[0]: reference(names[1]), names[1]: reference(names[0]),
        } } })
    };
    let cases = [
        (around("A", 5), around("B", 6)),
        (around("A", 60), around("B", 61)),
        (around("A", 60), around("B", 60)),
        (alias(["A", "B"]), alias(["A", "C"])),
        (json!({ "paths": { "/a": { "$ref": "#/paths/~1a" } } }), json!({ "paths": { "/a": {} } })),
    ];
    for (index, (old, new)) in cases.into_iter().enumerate() {
        let few = index == 0;
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let _ = sender.send((compare(&old, &new), compare(&new, &old)));
        });
        let ended = receiver.recv_timeout(Duration::from_secs(20));
        let (there, back) = ended.expect("it ends");
        for changes in [there, back] {
            assert!(!changes.is_empty());
            // Few ways are all followed to their end.
            let cut = changes.iter().find(|change| change.rule.id == "unknown-keyword-changed");
            let cut = cut.filter(|_| few);
            assert!(cut.is_none(), "{cut:?}");
        }
    }
}
