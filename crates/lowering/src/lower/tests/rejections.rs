//! What the lowering rejects, with the whole message: the location, what is wrong, the fix.

use serde_json::{Map, json};

use super::super::names;
use super::{described, lower, rejection, yaml};

#[test]
fn schema_without_a_meaning_is_rejected() {
    let fix = "with an overlay action";
    // The schema, and the message after the place of `It`.
    let table = [
        (
            "{type: text}",
            format!(
                "/type: there is no type \"text\": correct it {fix} to one of array, boolean, \
                 integer, number, object, string"
            ),
        ),
        (
            "{type: object, properties: {a/b: {type: [sting, 'null']}}}",
            format!(
                "/properties/a~1b/type/0: there is no type \"sting\": correct it {fix} to one of \
                 array, boolean, integer, number, object, string"
            ),
        ),
        (
            "{type: array, items: {$ref: 'other.yaml#/A'}}",
            "/items/$ref: \"other.yaml#/A\" refers to another document: bundle the description \
             into one document first"
                .to_owned(),
        ),
        (
            "{$ref: '#/components/schemas/Missing'}",
            format!(
                "/$ref: \"#/components/schemas/Missing\" refers to nothing in the document: add \
                 what it refers to, or correct the reference, {fix}"
            ),
        ),
        (
            "{$ref: '#anchor'}",
            format!(
                "/$ref: \"#anchor\" refers to nothing in the document: add what it refers to, or \
                 correct the reference, {fix}"
            ),
        ),
        (
            "{$ref: '#/components/schemas/It'}",
            format!(
                "/$ref: \"#/components/schemas/It\" refers to itself in a circle: break the \
                 circle {fix}"
            ),
        ),
        (
            "{allOf: [{$ref: '#/components/parameters/Top'}]}",
            format!(
                "/allOf/0/$ref: \"#/components/parameters/Top\" is not a schema: correct the \
                 reference {fix}"
            ),
        ),
        (
            "{allOf: [{$dynamicRef: '#node'}]}",
            format!(
                "/allOf/0/$dynamicRef: \"#node\" refers to nothing in the document: add what it \
                 refers to, or correct the reference, {fix}"
            ),
        ),
        (
            "{type: []}",
            format!(
                "/type: an empty list of types allows nothing: name a type, or remove the list, \
                 {fix}"
            ),
        ),
        (
            "{oneOf: []}",
            format!(
                "/oneOf: a union without arms allows nothing: give it arms, or remove it, {fix}"
            ),
        ),
    ];
    let mut wrong = Vec::new();
    for (schema, expected) in table {
        let schemas = json!({ "It": yaml(schema) });
        let parts = json!({ "components": { "parameters": { "Top": {} }, "schemas": schemas } });
        let (message, expected) = (rejection(parts), format!("/components/schemas/It{expected}"));
        if message != expected {
            wrong.push(format!("{schema}\n  expected {expected}\n  got      {message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn schema_with_a_value_of_the_wrong_type_is_rejected() {
    let table = [
        ("[1]", "", "a schema is required here, not a list"),
        ("{anyOf: [text]}", "/anyOf/0", "a schema is required here, not a string"),
        ("{properties: {a: null}}", "/properties/a", "a schema is required here, not null"),
        ("{properties: [a]}", "/properties", "an object is required here, not a list"),
        ("{description: 5}", "/description", "a string is required here, not a number"),
        ("{$ref: 5}", "/$ref", "a string is required here, not a number"),
        ("{$ref: null}", "/$ref", "a string is required here, not null"),
        ("{anyOf: {type: string}}", "/anyOf", "a list is required here, not an object"),
        ("{allOf: true}", "/allOf", "a list is required here, not a boolean"),
        ("{enum: a}", "/enum", "a list is required here, not a string"),
        ("{examples: a}", "/examples", "a list is required here, not a string"),
        ("{type: [string, 5]}", "/type/1", "a type's name is required here, not a number"),
        ("{patternProperties: []}", "/patternProperties", "an object is required here, not a list"),
        ("{exclusiveMinimum: '5'}", "/exclusiveMinimum", "a number is required here, not a string"),
        (
            "{items: [{type: string}], prefixItems: []}",
            "/items",
            "a schema is required here, not a list",
        ),
    ];
    let mut wrong = Vec::new();
    for (schema, at, what) in table {
        let parts = json!({ "components": { "schemas": { "It": yaml(schema) } } });
        let fix = "correct the description with an overlay action";
        let expected = format!("/components/schemas/It{at}: {what}: {fix}");
        let (message, expected) = (rejection(parts), expected);
        if message != expected {
            wrong.push(format!("{schema}\n  expected {expected}\n  got      {message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn references_in_a_circle_are_rejected() {
    let aliases = "{A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}";
    let message = rejection(json!({ "components": { "schemas": yaml(aliases) } }));
    let expected = ["A", "B"].map(|name| {
        let other = if name == "A" { "B" } else { "A" };
        format!(
            "/components/schemas/{name}/$ref: \"#/components/schemas/{other}\" refers to itself in \
             a circle: break the circle with an overlay action"
        )
    });
    assert_eq!(message, expected.join("\n"));

    let parts = yaml(
        "paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/A'}]}}}\n\
         components: {parameters: {A: {$ref: '#/components/parameters/A'}}}",
    );
    assert_eq!(
        rejection(parts),
        "/components/parameters/A/$ref: \"#/components/parameters/A\" refers to itself in a \
         circle: break the circle with an overlay action"
    );
}

#[test]
fn longer_chain_of_aliases_than_the_generator_follows_is_rejected() {
    let chain = |length: usize| {
        let mut schemas = Map::from_iter([(format!("A{length}"), json!({ "type": "object" }))]);
        for index in 0..length {
            let next = format!("#/components/schemas/A{}", index + 1);
            schemas.insert(format!("A{index}"), json!({ "$ref": next }));
        }
        json!({ "components": { "schemas": schemas } })
    };
    assert!(lower(&described(chain(names::MOST_ALIASES))).is_ok());
    let message = rejection(chain(names::MOST_ALIASES + 1));
    assert!(
        message.ends_with(
            "/$ref: more than 32 references lead one to the next: refer to the schema itself with \
             an overlay action"
        ),
        "{message}"
    );
}

#[test]
fn operation_that_no_rule_lowers_is_rejected() {
    let wrong = "correct the description with an overlay action";
    let unknown = "OpenAPI 3.1 has no such key here: remove it with an overlay action";
    // The path item of `/a`, and the message after its place.
    let table = [
        ("[]", format!(": an object is required here, not a list: {wrong}")),
        ("{get: []}", format!("/get: an object is required here, not a list: {wrong}")),
        ("{get: {respones: {}}}", format!("/get/respones: {unknown}")),
        (
            "{get: {description: 5}}",
            format!("/get/description: a string is required here, not a number: {wrong}"),
        ),
        (
            "{get: {x-removal-date: 20260901}}",
            format!("/get/x-removal-date: a string is required here, not a number: {wrong}"),
        ),
        (
            "{get: {x-retry-safe: 'true'}}",
            format!("/get/x-retry-safe: a boolean is required here, not a string: {wrong}"),
        ),
        (
            "{get: {parameters: {}}}",
            format!("/get/parameters: a list is required here, not an object: {wrong}"),
        ),
        (
            "{get: {parameters: [{in: query}]}}",
            "/get/parameters/0: `name` is missing: add it with an overlay action".to_owned(),
        ),
        (
            "{parameters: [{name: a}], get: {}}",
            "/parameters/0: `in` is missing: add it with an overlay action".to_owned(),
        ),
        (
            "{get: {parameters: [{name: a, in: query, shema: {}}]}}",
            format!("/get/parameters/0/shema: {unknown}"),
        ),
        (
            "{get: {parameters: [{name: s, in: cookie, required: true, schema: {}}]}}",
            "/get/parameters/0: the client cannot send a required cookie: remove it, or its \
             `required`, with an overlay action"
                .to_owned(),
        ),
        (
            "{get: {parameters: [{name: id, in: path, schema: {type: integer}}]}}",
            "/get/parameters/0: a path parameter must be `required: true`: set it with an overlay \
             action"
                .to_owned(),
        ),
        (
            "{get: {parameters: [{name: id, in: path, required: true, style: matrix, \
             schema: {}}]}}",
            "/get/parameters/0/style: the path style \"matrix\" cannot be generated: remove it \
             with an overlay action"
                .to_owned(),
        ),
        (
            "{get: {parameters: [{name: a, in: query, schema: {type: integer}}, \
             {name: a, in: query, schema: {type: string}}]}}",
            "/get/parameters/1: the parameter \"a\" is there twice and differs: remove one of \
             them with an overlay action"
                .to_owned(),
        ),
        (
            "{put: {requestBody: {}}}",
            "/put/requestBody: `content` is missing: add it with an overlay action".to_owned(),
        ),
        (
            "{put: {requestBody: {$ref: 'bodies.yaml'}}}",
            "/put/requestBody/$ref: \"bodies.yaml\" refers to another document: bundle the \
             description into one document first"
                .to_owned(),
        ),
        (
            "{get: {responses: []}}",
            format!("/get/responses: an object is required here, not a list: {wrong}"),
        ),
        (
            "{get: {responses: {ok: {}}}}",
            "/get/responses/ok: this is not a status: remove it with an overlay action".to_owned(),
        ),
        (
            "{get: {responses: {200: {$ref: '#/components/responses/A'}}}}",
            "/get/responses/200/$ref: \"#/components/responses/A\" refers to nothing in the \
             document: add what it refers to, or correct the reference, with an overlay action"
                .to_owned(),
        ),
    ];
    let mut wrong = Vec::new();
    for (item, expected) in table {
        let parts = json!({ "paths": { "/a": yaml(item) } });
        let (message, expected) = (rejection(parts), format!("/paths/~1a{expected}"));
        if message != expected {
            wrong.push(format!("{item}\n  expected {expected}\n  got      {message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn document_that_is_no_supported_description_is_rejected() {
    let supported = "give it an OpenAPI 3.1 description";
    let wrong = "correct the description with an overlay action";
    let overlay = "correct it with an overlay action";
    let unknown = "OpenAPI 3.1 has no such key here: remove it with an overlay action";
    let info = "openapi: 3.1.0\ninfo: {title: a, version: 1.0.0}\n";
    let table = [
        (
            "[]".to_owned(),
            "#: the document is not an object: check that the source is the API's description"
                .to_owned(),
        ),
        (
            "{swagger: '2.0', paths: {}}".to_owned(),
            format!("/swagger: this is a Swagger 2.0 document: {supported}"),
        ),
        (
            "{openapi: 3.3.0, paths: {}}".to_owned(),
            format!("/openapi: version \"3.3.0\" is not supported: {supported}"),
        ),
        (
            "{openapi: 3.1, paths: {}}".to_owned(),
            "/openapi: the version 3.1 is a number: set it to the string '3.1.0' with an \
             overlay action"
                .to_owned(),
        ),
        ("{paths: {}}".to_owned(), format!("#: there is no `openapi` version: {supported}")),
        (
            info.to_owned(),
            "#: the description has no `paths`: check that the source is the API's description"
                .to_owned(),
        ),
        (
            format!("{info}paths: []"),
            format!("/paths: an object is required here, not a list: {wrong}"),
        ),
        (format!("{info}pahts: {{}}\npaths: {{}}"), format!("/pahts: {unknown}")),
        (
            format!("{info}jsonSchemaDialect: 'https://example.org/own'\npaths: {{}}"),
            "/jsonSchemaDialect: the schema dialect \"https://example.org/own\" is not supported: \
             remove it with an overlay action if the schemas are those of OpenAPI 3.1"
                .to_owned(),
        ),
        (
            format!("{info}components: {{shemas: {{}}}}\npaths: {{}}"),
            format!("/components/shemas: {unknown}"),
        ),
        (
            format!("{info}components: {{schemas: []}}\npaths: {{}}"),
            format!("/components/schemas: an object is required here, not a list: {wrong}"),
        ),
        (
            "{openapi: 3.1.0, info: {title: a, version: 1.0 beta}, paths: {}}".to_owned(),
            format!(
                "/info/version: the version \"1.0 beta\" is not plain visible ASCII of at most 64 characters: {overlay}"
            ),
        ),
        (
            "{openapi: 3.1.0, info: {title: a, version: ''}, paths: {}}".to_owned(),
            format!(
                "/info/version: the version \"\" is not plain visible ASCII of at most 64 characters: {overlay}"
            ),
        ),
        (
            "{openapi: 3.1.0, info: {title: a, version: 1.0}, paths: {}}".to_owned(),
            format!("/info/version: a string is required here, not a number: {wrong}"),
        ),
        (
            "{openapi: 3.1.0, info: {version: 1.0.0}, paths: {}}".to_owned(),
            "/info: `title` is missing: add it with an overlay action".to_owned(),
        ),
        (
            format!("{info}paths: {{}}\nservers: [{{description: Live}}]"),
            "/servers/0: `url` is missing: add it with an overlay action".to_owned(),
        ),
        (
            format!("{info}paths: {{}}\ntags: [{{description: Runs}}]"),
            "/tags/0: `name` is missing: add it with an overlay action".to_owned(),
        ),
    ];
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let message = match lower(&yaml(&text)) {
            Ok(lowered) => format!("not rejected: {:#}", lowered.document),
            Err(problem) => problem.to_string(),
        };
        if message != expected {
            wrong.push(format!("{text}\n  expected {expected}\n  got      {message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_that_is_wrong_is_listed_at_once() {
    let parts = yaml(
        "paths: {/a: {get: {parameters: [{in: query, name: p, schema: {type: txt}}, {in: query}], \
         responses: {ok: {}, 200: {$ref: '#/components/responses/R'}}, wrong: 1}, post: []}}\n\
         components: {schemas: {A: {properties: {b: {items: 5}, c: {type: []}}}}}\nwrong: 1",
    );
    let message = rejection(parts);
    let mut places: Vec<_> =
        message.lines().map(|line| line.split(": ").next().unwrap_or_default()).collect();
    places.sort_unstable();
    let mut expected = [
        "/paths/~1a/get/parameters/0/schema/type",
        "/paths/~1a/get/parameters/1",
        "/paths/~1a/get/responses/200/$ref",
        "/paths/~1a/get/responses/ok",
        "/paths/~1a/get/wrong",
        "/paths/~1a/post",
        "/wrong",
        "/components/schemas/A/properties/b/items",
        "/components/schemas/A/properties/c/type",
    ];
    expected.sort_unstable();
    assert_eq!(places, expected, "{message}");
}
