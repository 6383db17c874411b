use axum::http::request::Parts;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use super::Contract;
use super::reading::Arguments;
use crate::error::ApiError;

/// A description with everything that the vendored one lacks.
fn contract() -> Contract {
    let document = json!({
        "openapi": "3.1.0",
        "paths": {
            "/a/{key}": {
                "parameters": [
                    { "name": "key", "in": "path", "required": true, "schema": { "type": "string" } },
                    { "name": "ratio", "in": "query", "schema": { "type": "string" } },
                ],
                "put": {
                    "operationId": "put_a",
                    "parameters": [
                        { "$ref": "#/components/parameters/ratio" },
                        { "name": "X-Key", "in": "header", "required": true,
                          "schema": { "type": "string", "minLength": 2 } },
                        { "name": "Accept", "in": "header", "required": true, "schema": {} },
                        { "name": "ids", "in": "query", "explode": false,
                          "schema": { "type": "array", "maxItems": 2, "items": { "type": "integer" } } },
                    ],
                    "requestBody": { "$ref": "#/components/requestBodies/A" },
                },
                "get": { "operationId": "get_a" },
            },
            "/a/all": { "get": { "operationId": "get_all" } },
        },
        "components": {
            "parameters": { "ratio": {
                "name": "ratio", "in": "query", "schema": { "$ref": "#/components/schemas/Ratio" },
            } },
            "requestBodies": { "A": { "content": {
                "application/json": { "schema": { "$ref": "#/components/schemas/A" } },
                "text/javascript": { "schema": { "type": "string" } },
            } } },
            "schemas": {
                "Ratio": { "type": ["null", "number"], "maximum": 1 },
                "A": {
                    "type": "object", "additionalProperties": false, "required": ["name", "b"],
                    "properties": {
                        "name": { "type": "string", "maxLength": 3 },
                        "b": { "type": "array", "items": { "$ref": "#/components/schemas/B" } },
                    },
                },
                "B": { "type": "object", "required": ["at"], "properties": {
                    "at": { "type": "string", "format": "date-time" },
                } },
            },
        },
    });
    Contract::new(document).expect("a good description")
}

fn put(uri: &str, headers: &[(&str, &str)], body: &str) -> Result<Arguments, ApiError> {
    let mut request = Request::put(uri).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, ()): (Parts, ()) = request.body(()).expect("a request").into_parts();
    let contract = contract();
    let operations = contract.at(parts.uri.path());
    let operation = operations.iter().find(|operation| operation.method == Method::PUT);
    contract.read(operation.expect("the operation"), &parts, body.as_bytes(), true)
}

#[test]
fn operations_are_found_by_their_whole_path() {
    let contract = contract();
    let ids = |path| -> Vec<&str> {
        contract.at(path).iter().map(|operation| operation.id.as_str()).collect()
    };
    assert_eq!(ids("/a/all"), ["get_all"]);
    assert_eq!(ids("/a/b"), ["get_a", "put_a"]);
    for path in ["", "/", "/a", "/a/", "/a/b/", "/a/b/c", "a/b", "/b/b"] {
        assert!(ids(path).is_empty(), "{path}");
    }
}

#[test]
fn vendored_description_is_read() {
    let contract = Contract::get(true).expect("a good description");
    let ids: Vec<_> = contract
        .at("/cloud/v6/test_runs/7")
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    assert_eq!(ids, ["get_test_run", "update_test_run", "delete_test_run"]);
}

#[test]
fn values_have_the_types_of_the_description() {
    let read = put(
        "/a/b%2Fc%20?ids=1,-2&ratio=0.5",
        &[("x-key", "ab")],
        r#"{ "name": "x", "b": [{ "at": "2026-01-02T03:04:05Z" }] }"#,
    );
    let read = read.expect("a good request");
    assert_eq!(read.get("key"), Some(&json!("b/c ")));
    assert_eq!(read.get("ids"), Some(&json!([1, -2])));
    assert_eq!(read.get("ratio"), Some(&json!(0.5)));
    assert_eq!(read.get("X-Key"), Some(&json!("ab")));
    assert_eq!(read.body["name"], "x");
    let query = [("ids".to_owned(), "1,-2".to_owned()), ("ratio".to_owned(), "0.5".to_owned())];
    assert_eq!(read.query, query);
}

#[test]
fn optional_and_binary_bodies_are_accepted() {
    assert_eq!(put("/a/b", &[("x-key", "ab")], "").expect("no body").body, Value::Null);
    let (parts, ()) = Request::put("/a/b")
        .header("content-type", "Text/JavaScript; charset=utf-8")
        .header("x-key", "ab")
        .body(())
        .expect("a request")
        .into_parts();
    let contract = contract();
    let read = contract.read(&contract.at("/a/b")[1], &parts, b"{", true);
    assert_eq!(read.expect("a script").body, Value::Null);
}

#[test]
fn errors_name_what_is_wrong() {
    let good: &[(&str, &str)] = &[("x-key", "ab")];
    let body = r#"{ "name": "x", "b": [] }"#;
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);
    let cases: &[Case<'_>] = &[
        ("/a/b?c=1", good, body, "c", "unknown query parameter c: this operation takes ratio, ids"),
        ("/a/b?ratio=1&ratio=0", good, body, "ratio", "ratio is given more than once"),
        ("/a/b?ids=1,x", good, body, "ids", "ids must be an integer of 64 bits, got \"1,x\""),
        ("/a/b?ids=", good, body, "ids", "ids must be an integer of 64 bits, got \"\""),
        ("/a/b?ids=1,2,3", good, body, "ids", "ids: "),
        ("/a/b?ratio=2", good, body, "ratio", "ratio: "),
        ("/a/b?ratio=much", good, body, "ratio", "ratio must be a number, got \"much\""),
        ("/a/b?ratio=NaN", good, body, "ratio", "ratio must be a number, got \"NaN\""),
        ("/a/b", &[], body, "X-Key", "X-Key is required"),
        ("/a/b", &[("x-key", "a")], body, "X-Key", "X-Key: "),
        ("/a/b", &[("x-key", "ab"), ("x-key", "cd")], body, "X-Key", "X-Key is given more"),
        ("/a/b", good, "{", "body", "the body is not JSON: "),
        ("/a/b", good, "[]", "body", "body: "),
        ("/a/b", good, r#"{ "b": [] }"#, "name", "name is required"),
        ("/a/b", good, r#"{ "name": null, "b": [] }"#, "name", "name: "),
        ("/a/b", good, r#"{ "name": "x", "b": [], "c": 1 }"#, "c", "unknown property c"),
        ("/a/b", good, r#"{ "name": "x", "b": [{}] }"#, "b.0.at", "b.0.at is required"),
        ("/a/b", good, r#"{ "name": "x", "b": [{ "at": "now" }] }"#, "b.0.at", "b.0.at: "),
    ];
    for (uri, headers, body, target, message) in cases {
        let error = put(uri, headers, body).expect_err(uri);
        assert_eq!(error.target(), Some(*target), "{uri} {body}: {error:?}");
        assert!(error.message().starts_with(message), "{uri} {body}: {error:?}");
    }
}

#[test]
fn all_problems_are_listed() {
    let error = put("/a/b?c=1&ratio=2", &[], r#"{ "name": "long", "d": 1 }"#).expect_err("bad");
    let targets: Vec<_> = error.details().iter().map(|detail| detail.target.as_str()).collect();
    assert_eq!(targets, ["c", "ratio", "X-Key", "b", "d", "name"]);
    assert_eq!(error.target(), Some("c"));
    let message = "unknown query parameter c: this operation takes ratio, ids, and 5 more";
    assert_eq!(error.message(), message);
}

#[test]
fn unsupported_descriptions_are_errors() {
    let bad = |parameter: Value| {
        let operation = json!({ "operationId": "a", "parameters": [parameter] });
        Contract::new(json!({ "paths": { "/a": { "get": operation } } })).err()
    };
    let reference = bad(json!({ "$ref": "other.json#/a" })).expect("rejected");
    assert_eq!(reference, "/a: other.json#/a is not in the document");
    let cookie = bad(json!({ "name": "a", "in": "cookie", "schema": {} })).expect("rejected");
    assert_eq!(cookie, "/a: parameter a has an unknown location");
    let list = json!({ "name": "a", "in": "query", "schema": { "type": "array" } });
    assert_eq!(
        bad(list).expect("rejected"),
        "/a: parameter a is a list that is not separated by commas"
    );
    assert!(bad(json!({ "name": "a", "in": "query" })).is_some(), "there is no schema");
    let circle = json!({ "$ref": "#/paths/~1a/get/parameters/0" });
    assert_eq!(bad(circle).expect("rejected"), "/a: /paths/~1a/get/parameters/0 refers to itself");
}

#[test]
fn missing_and_unexpected_bodies_are_rejected() {
    let contract = Contract::get(true).expect("a good description");
    let rejected = |method: Method, body: &[u8]| {
        let uri = "/cloud/v6/test_runs/7";
        let request = Request::builder().uri(uri).header("x-stack-id", "1").body(());
        let (parts, ()) = request.expect("a request").into_parts();
        let operation = contract.at(uri).iter().find(|operation| operation.method == method);
        let error = contract.read(operation.expect("the operation"), &parts, body, true);
        error.expect_err("rejected").message().to_owned()
    };
    assert_eq!(rejected(Method::GET, b"x"), "this operation takes no body, got 1 bytes");
    assert_eq!(rejected(Method::PATCH, b""), "a body is required");
    let untyped = rejected(Method::PATCH, b"{}");
    assert_eq!(untyped, "the Content-Type must be application/json, got \"\"");
}

#[test]
fn lists_are_read_from_commas_and_from_repeated_parameters() {
    for uri in ["/a/b?ids=1,2", "/a/b?ids=1&ids=2"] {
        let read = put(uri, &[("x-key", "ab")], r#"{ "name": "x", "b": [] }"#);
        assert_eq!(read.expect(uri).get("ids"), Some(&json!([1, 2])), "{uri}");
    }
    let body = r#"{ "name": "x", "b": [] }"#;
    let error = put("/a/b?ids=1,2&ids=3", &[("x-key", "ab")], body).expect_err("three ids");
    assert_eq!(error.target(), Some("ids"));
}

#[test]
fn lenient_contract_ignores_what_the_service_ignores() {
    let request = |uri: &str, is_strict, body: &[u8]| {
        let (parts, ()) = Request::get(uri).body(()).expect("a request").into_parts();
        let contract = contract();
        let operation = &contract.at("/a/b")[0];
        contract.read(operation, &parts, body, is_strict)
    };
    for (uri, body) in [("/a/b?c=1", ""), ("/a/b?ratio=0.5&ratio=1", ""), ("/a/b", "{ \"a\": 1 }")]
    {
        request(uri, true, body.as_bytes()).expect_err(uri);
        request(uri, false, body.as_bytes()).expect(uri);
    }
    let first = request("/a/b?ratio=0.5&ratio=1", false, b"").expect("lenient");
    assert_eq!(first.get("ratio"), Some(&json!("0.5")));
    // An empty object is accepted in both modes.
    request("/a/b", true, b" {} ").expect("an empty object");
}

#[test]
fn wrong_content_types_are_unsupported() {
    let contract = Contract::get(true).expect("a good description");
    let status = |uri: &str, method: Method, content_type: &str| {
        let request = Request::builder()
            .uri(uri)
            .header("x-stack-id", "1")
            .header("content-type", content_type);
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        let operation = contract.at(uri).iter().find(|operation| operation.method == method);
        let error = contract.read(operation.expect("the operation"), &parts, b"a=1", false);
        error.expect_err(uri).status().as_u16()
    };
    let form = "application/x-www-form-urlencoded";
    assert_eq!(status("/cloud/v6/projects", Method::POST, form), 415);
    assert_eq!(status("/cloud/v6/projects", Method::POST, "multipart/form-data; boundary=a"), 415);
    assert_eq!(status("/cloud/v6/projects/7/load_tests", Method::POST, "application/json"), 415);
    assert_eq!(status("/cloud/v6/load_tests/7/script", Method::PUT, "application/json"), 415);
    assert_eq!(status("/cloud/v6/projects", Method::POST, "application/json"), 400);
}

#[test]
fn integers_have_64_bits_and_may_be_written_as_floats() {
    let contract = Contract::get(true).expect("a good description");
    let read = |uri: &str, method: Method, body: &str| {
        let request = Request::builder()
            .uri(uri)
            .header("x-stack-id", "1")
            .header("content-type", "application/json");
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        let operation = contract.at(uri).iter().find(|operation| operation.method == method);
        contract.read(operation.expect("the operation"), &parts, body.as_bytes(), true)
    };
    let limits = |value: &str| {
        let body = format!(r#"{{ "vu_max_per_test": {value} }}"#);
        read("/cloud/v6/projects/7/limits", Method::PATCH, &body)
    };
    for (given, expected) in
        [("200", json!(200)), ("200.0", json!(200)), ("2e2", json!(200)), ("null", json!(null))]
    {
        assert_eq!(limits(given).expect(given).body["vu_max_per_test"], expected, "{given}");
    }
    let largest = limits("9223372036854775807").expect("the largest");
    assert_eq!(largest.body["vu_max_per_test"], json!(i64::MAX));
    for given in ["9223372036854775808", "1e19", "1e300", "-1e19", "200.5"] {
        assert_eq!(limits(given).expect_err(given).target(), Some("vu_max_per_test"), "{given}");
    }
    let uri = "/cloud/v6/load_zones/7/allowed_projects";
    let ids = read(uri, Method::PUT, r#"{ "value": [{ "id": 5001.0 }] }"#).expect("whole");
    assert_eq!(ids.body, json!({ "value": [{ "id": 5001 }] }));
    let error = read(uri, Method::PUT, r#"{ "value": [{ "id": 9223372036854775808 }] }"#);
    assert_eq!(error.expect_err("too large").target(), Some("value.0.id"));
}
