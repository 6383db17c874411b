//! A large description is lowered in a moment. `cargo test --release -p openapi-lowering --test size
//! -- --nocapture` prints the times.

use std::time::{Duration, Instant};

use openapi_lowering::{Options, Profile, lower, parse};
use serde_json::{Value, json};

/// A description of 1 MiB, as APIs have them: many components, of which each refers to others.
fn description() -> Vec<u8> {
    let mut schemas = serde_json::Map::new();
    let mut paths = serde_json::Map::new();
    let mut bytes = 0;
    for number in 0.. {
        let schema = json!({
            "type": "object",
            "title": format!("Thing {number}"),
            "description": "A thing, with what is said of things, at some length.",
            "required": ["id", "name"],
            "properties": {
                "id": { "type": "integer", "format": "int64", "examples": [1, 2] },
                "name": { "type": ["string", "null"], "minLength": 1, "title": "Name" },
                "kind": { "oneOf": [{ "const": "a" }, { "const": "b" }] },
                "next": { "anyOf": [
                    { "$ref": format!("#/components/schemas/Thing{}", number / 2) },
                    { "type": "null" },
                ] },
                "labels": { "type": "object", "patternProperties": { "^x": { "type": "string" } } },
                "pair": { "type": "array", "prefixItems": [{ "type": "string" }, true] },
            },
            "unevaluatedProperties": false,
        });
        let content = json!({ "application/json": {
            "schema": { "$ref": format!("#/components/schemas/Thing{number}") },
        } });
        let item = json!({ "get": {
            "operationId": format!("get_thing_{number}"),
            "parameters": [{ "name": "top", "in": "query", "schema": { "type": ["integer", "null"] } }],
            "responses": { "200": { "description": "OK", "content": content } },
        } });
        bytes += schema.to_string().len() + item.to_string().len();
        schemas.insert(format!("Thing{number}"), schema);
        paths.insert(format!("/things/{number}"), item);
        if bytes > 1024 * 1024 {
            break;
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Large", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    document.to_string().into_bytes()
}

#[test]
fn description_of_a_megabyte_takes_a_moment() {
    let bytes = description();
    let start = Instant::now();
    let mut limits = parse::Limits::default();
    limits.nodes = 1_000_000;
    let document: Value =
        parse::parse_within(&bytes, "large.json", &limits).expect("it is within the limits");
    let parsed = start.elapsed();
    for profile in [Profile::Faithful, Profile::Tolerant] {
        let start = Instant::now();
        let lowered = lower(&document, &Options::new(profile)).expect("lowers");
        let took = start.elapsed();
        let notes = lowered.notes.len();
        println!(
            "{} bytes: parsed in {parsed:?}, {profile:?} in {took:?}, {notes} notes",
            bytes.len()
        );
        // Without optimisation, and beside other tests.
        assert!(took < Duration::from_secs(20), "{profile:?} took {took:?}");
    }
}
