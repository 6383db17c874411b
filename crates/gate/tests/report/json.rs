//! JSON, checked against the schema in the package.

use boon::{Compiler, Draft, Schemas};
use k6_gate::report::json;
use serde_json::Value;

use crate::samples;

const SCHEMA: &str = include_str!("../../report.schema.json");

/// Removes `additionalProperties`, or finds members that the schema does not name.
fn validator() -> impl Fn(&Value) -> Result<(), String> {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V2020_12);
    compiler.add_resource("report.schema.json", schema).expect("a schema");
    let mut schemas = Schemas::new();
    let index = compiler.compile("report.schema.json", &mut schemas).expect("it compiles");
    move |value| schemas.validate(value, index).map_err(|error| format!("{error:#}"))
}

#[test]
fn every_report_follows_the_schema() {
    let validate = validator();
    for (name, report) in samples::all() {
        let text = json::render(&report).expect("written");
        assert!(!text.contains("##"), "{name}: commands of CI systems");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        validate(&value).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn schema_names_every_member_and_every_verdict() {
    let validate = validator();
    let text = json::render(&samples::failed()).expect("written");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    for pointer in
        ["", "/run", "/load", "/total", "/thresholds/0", "/rules/0", "/checks/0", "/requests/0"]
    {
        let mut value = value.clone();
        let object = value.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object");
        object.insert("unknown".to_owned(), Value::Null);
        assert!(validate(&value).is_err(), "{pointer}: a member that the schema does not name");
    }
    let mut value = value;
    value["verdict"] = "x".into();
    assert!(validate(&value).is_err());
}

#[test]
fn texts_are_exact() {
    let text = json::render(&samples::hostile()).expect("written");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    for (index, expected) in samples::HOSTILE.iter().enumerate() {
        assert_eq!(value["requests"][index]["name"], *expected);
    }
    assert_eq!(value["thresholds"][0]["value"], Value::Null, "infinity is not a number of JSON");
}
