//! Descriptions of the kinds that stopped other converters, or the first versions of this one.

use std::fmt::Write as _;

use openapi_lowering::parse::parse;
use serde_json::Value;

use crate::support::{Folder, Ran};

const PROFILES: [&str; 3] = ["faithful", "progenitor", "tolerant"];

/// Schemas, each of which goes through in every profile.
const SCHEMAS: &[(&str, &str)] = &[
    (
        "a part that may be null beside another part",
        "{type: object, required: [a], properties: {a: {allOf: [{$ref: '#/components/schemas/Maybe'}, {description: text}]}}}",
    ),
    ("null in an enum of several types", "{type: [boolean, string, 'null'], enum: [foo, null]}"),
    ("null in an enum beside parts", "{allOf: [{description: text}], enum: [foo, null]}"),
    ("patterns of keys without a type", "{patternProperties: {'^x': {type: integer}}}"),
    ("a tuple without a type", "{prefixItems: [{type: integer}, {type: string}], items: false}"),
    (
        "arms that overlap without their bounds",
        "{oneOf: [{type: object, maxProperties: 1}, {type: object, minProperties: 2}]}",
    ),
    ("several types beside null", "{type: [string, object, 'null']}"),
    (
        "an empty list of required keys",
        "{type: object, required: [], properties: {a: {type: string}}}",
    ),
    ("a list that must be empty", "{type: array, items: false}"),
    ("nothing but null in a union", "{anyOf: [{type: 'null'}]}"),
    (
        "a constant beside an enum without it",
        "{type: object, properties: {a: {enum: [foo], const: bar}}}",
    ),
    ("an anchor", "{$ref: '#number', $defs: {N: {$anchor: number, type: integer}}}"),
    (
        "an arm that allows nothing",
        "{anyOf: [{type: object}, {type: [boolean, integer], const: x}]}",
    ),
    (
        "an arm with a bound beside null",
        "{type: object, properties: {a: {anyOf: [{type: string, maxLength: 3}, {type: 'null'}]}}}",
    ),
    (
        "a property in two parts",
        "{allOf: [{$ref: '#/components/schemas/Maybe'}, {properties: {links: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}}}]}",
    ),
    (
        "a default of null beside a type",
        "{type: object, properties: {a: {type: string, default: null}}}",
    ),
    (
        "tags written as an enum beside a part",
        "{oneOf: [{$ref: '#/components/schemas/Row'}, {$ref: '#/components/schemas/Button'}]}",
    ),
    (
        "numbers beyond 64 bits",
        "{type: integer, minimum: -9223372036854776000, maximum: 18446744073709552000}",
    ),
];

/// Further members of operations, each of which goes through in every profile.
const OPERATIONS: &[(&str, &str)] = &[
    ("no name", "{responses: {'204': {description: done}}}"),
    (
        "keywords of a parameter in its schema",
        "{operationId: a, parameters: [{in: query, name: ids, schema: {type: array, items: {type: integer}, style: form, explode: false, maxItems: 30}}], responses: {'204': {description: done}}}",
    ),
    (
        "two successes of one type",
        "{operationId: a, responses: {'200': {description: there, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}, '201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}",
    ),
    (
        "lists that may be absent in a request",
        "{operationId: a, requestBody: {content: {application/json: {schema: {type: object, properties: {tags: {type: array, items: {type: string}}, map: {type: object, additionalProperties: {type: string}}}}}}}, responses: {'204': {description: done}}}",
    ),
    (
        "security, callbacks and links",
        "{operationId: a, security: [{key: []}], callbacks: {done: {'{$request.query.url}': {post: {responses: {'204': {description: done}}}}}}, responses: {'204': {description: done, links: {next: {operationId: a}}}, default: {description: error, content: {application/problem+json: {schema: {type: object}}}}}}",
    ),
];

fn with_schema(schema: &str) -> String {
    let operation = "{operationId: a, responses: {'200': {description: ok, content: \
                     {application/json: {schema: {$ref: '#/components/schemas/It'}}}}}}";
    description(operation, schema)
}

fn description(operation: &str, schema: &str) -> String {
    let mut text =
        "openapi: 3.1.0\ninfo: {title: t, version: '1', license: {name: MIT, identifier: \
                    MIT}}\n"
            .to_owned();
    let _ = write!(
        text,
        "paths: {{/a: {{post: {operation}}}}}
components:
  securitySchemes: {{key: {{type: apiKey, in: header, name: key}}}}
  schemas:
    It: {schema}
    Maybe: {{type: [object, 'null'], properties: {{links: {{type: object}}}}}}
    A: {{type: object, properties: {{self: {{type: string}}}}}}
    B: {{type: object, properties: {{next: {{type: string}}}}}}
    Tag: {{type: string, enum: [row, button]}}
    Row: {{type: object, required: [type], properties: {{type: {{type: string, enum: [row], allOf: [{{$ref: '#/components/schemas/Tag'}}]}}}}}}
    Button: {{type: object, required: [type], properties: {{type: {{type: string, enum: [button], allOf: [{{$ref: '#/components/schemas/Tag'}}]}}}}}}
"
    );
    text
}

/// Lowers a description, and returns the run, the document and the notes.
fn lower(description: &str, profile: &str) -> (Ran, Option<(Value, Value)>) {
    let folder = Folder::with(&[("in.yaml", description)]);
    let arguments =
        ["in.yaml", "-o", "out.json", "--report-file", "notes.json", "--profile", profile];
    let ran = folder.run(&arguments);
    let result = (ran.code == 0).then(|| (folder.json("out.json"), folder.json("notes.json")));
    (ran, result)
}

#[test]
fn every_kind_goes_through_in_every_profile() {
    let schemas = SCHEMAS.iter().map(|(name, schema)| (name, with_schema(schema)));
    let operations = OPERATIONS.iter().map(|(name, it)| (name, description(it, "{type: object}")));
    let mut failed = Vec::new();
    for (name, description) in schemas.chain(operations) {
        let source = parse(description.as_bytes(), name).expect(name);
        for profile in PROFILES {
            let (ran, result) = lower(&description, profile);
            let Some((document, report)) = result else {
                failed.push(format!("{name}, {profile}: {}", ran.errors));
                continue;
            };
            assert_eq!(document["openapi"], "3.0.3", "{name}");
            for note in report["notes"].as_array().expect("a list") {
                for (key, document) in [("source", &source), ("result", &document)] {
                    let pointer = note[key].as_str().expect("a pointer").trim_start_matches('#');
                    if document.pointer(pointer).is_none() {
                        failed.push(format!("{name}, {profile}: {key}: {note}"));
                    }
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What the faithful profile must not change: the rest of the document.
#[test]
fn faithful_keeps_what_3_0_can_say() {
    let operation = OPERATIONS[4].1;
    let source = parse(description(operation, "{}").as_bytes(), "it").expect("YAML");
    let (ran, result) = lower(&description(operation, "{}"), "faithful");
    let (document, report) = result.expect(&ran.errors);
    assert_eq!(document["paths"], source["paths"]);
    assert_eq!(document["components"]["securitySchemes"], source["components"]["securitySchemes"]);
    assert_eq!(document["info"]["license"]["name"], "MIT");
    assert_eq!(document["info"]["license"].get("identifier"), None);
    let notes = report["notes"].as_array().expect("a list");
    assert!(notes.iter().all(|note| note["source"] == "/info/license/identifier"), "{report}");
}
