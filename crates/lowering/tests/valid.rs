//! A faithful result is valid OpenAPI 3.0, or the description is rejected: a description with
//! every kind of object is changed by chance, and what is lowered is validated with the official
//! schema (`support/openapi-3.0.json`, <https://spec.openapis.org/oas/3.0/schema/2021-09-28>).
//!
//! The seeds are fixed, so a failure repeats. `LOWERING_SEEDS=100000` draws more.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use fastrand::Rng;
use openapi_lowering::{Options, Profile, lower, parse};
use serde_json::{Value, json};

const DESCRIPTION: &str = include_str!("support/every-kind.yaml");

struct Official {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Official {
    fn new() -> Self {
        let text = include_str!("support/openapi-3.0.json");
        let mut schema: Value = serde_json::from_str(text).expect("JSON");
        without_formats(&mut schema);
        let address = "https://spec.openapis.org/oas/3.0/schema/2021-09-28";
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V4);
        compiler.add_resource(address, schema).expect("the address is valid");
        let mut schemas = Schemas::new();
        let index = compiler.compile(address, &mut schemas).expect("a schema");
        Self { schemas, index }
    }

    fn check(&self, document: &Value) -> Result<(), String> {
        let valid = self.schemas.validate(document, self.index);
        valid.map_err(|error| format!("{error:#}").lines().take(12).collect::<Vec<_>>().join("\n"))
    }
}

/// Addresses and patterns are text for whoever reads it.
fn without_formats(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, value| key != "format" || !value.is_string());
            members.values_mut().for_each(without_formats);
        }
        Value::Array(list) => list.iter_mut().for_each(without_formats),
        _ => {}
    }
}

fn description() -> Value {
    parse::parse(DESCRIPTION.as_bytes(), "every-kind.yaml").expect("YAML")
}

/// The pointers of all values below the document.
fn pointers(value: &Value, here: &str, into: &mut Vec<String>) {
    let token = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (token(key), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, v)| (at.to_string(), v)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in below {
        let pointer = format!("{here}/{key}");
        into.push(pointer.clone());
        pointers(value, &pointer, into);
    }
}

fn wrong_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("text"),
        json!("null"),
        json!([]),
        json!([null]),
        json!(["a"]),
        json!([{}]),
        json!({}),
        json!({ "a": 1 }),
        json!({ "a": {} }),
        json!({ "$ref": "#/components/schemas/Cat" }),
        json!({ "type": ["string", "null"] }),
    ]
}

/// Changes one thing, and returns what it did.
fn mutate(document: &mut Value, random: &mut Rng) -> String {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    let pointer = all[random.usize(0..all.len())].clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let key = key.replace("~1", "/").replace("~0", "~");
    match random.u8(0..10) {
        0 | 1 => {
            match document.pointer_mut(parent) {
                Some(Value::Object(members)) => drop(members.remove(&key)),
                Some(Value::Array(list)) => drop(list.remove(key.parse().expect("an index"))),
                _ => {}
            }
            format!("{pointer} removed")
        }
        2 => {
            let names =
                ["x-a", "a b", "Ä<B>", "", "get", "name", "$ref", "2xx", "example", "schema"];
            let name = names[random.usize(0..names.len())];
            if let Some(Value::Object(members)) = document.pointer_mut(parent)
                && let Some(value) = members.remove(&key)
            {
                members.insert(name.to_owned(), value);
            }
            format!("{pointer} renamed to {name:?}")
        }
        3 => {
            // The value of another location.
            let other = &all[random.usize(0..all.len())];
            let value = document.pointer(other).cloned().unwrap_or_default();
            if let Some(place) = document.pointer_mut(&pointer) {
                *place = value;
            }
            format!("{pointer} is what {other} is")
        }
        4 => {
            let other = &all[random.usize(0..all.len())];
            let value = document.pointer(other).cloned().unwrap_or_default();
            let name = other.rsplit('/').next().unwrap_or_default().replace("~1", "/");
            match document.pointer_mut(&pointer) {
                Some(Value::Object(members)) => drop(members.insert(name, value)),
                Some(Value::Array(list)) => list.push(value),
                _ => {}
            }
            format!("{other} is also in {pointer}")
        }
        _ => {
            let values = wrong_values();
            let value = values[random.usize(0..values.len())].clone();
            let text = format!("{pointer} is {value}");
            if let Some(place) = document.pointer_mut(&pointer) {
                *place = value;
            }
            text
        }
    }
}

fn check(official: &Official, document: &Value) -> Result<bool, String> {
    let options = Options::new(Profile::Faithful);
    let lowered = match lower(document, &options) {
        Ok(lowered) => lowered,
        Err(problems) => {
            let lost = problems.iter().find(|problem| {
                let pointer = problem.place().trim_start_matches('#');
                // A keyword that is missing is named by the object around it.
                document.pointer(pointer).is_none()
            });
            return lost.map_or(Ok(false), |problem| Err(format!("leads nowhere: {problem}")));
        }
    };
    official.check(&lowered.document)?;
    let again =
        lower(&lowered.document, &options).map_err(|problems| format!("again: {problems}"))?;
    if again.document != lowered.document {
        return Err("lowered again it differs".to_owned());
    }
    let leads =
        |pointer: &str, document: &Value| pointer == "#" || document.pointer(pointer).is_some();
    for note in &lowered.notes {
        if !leads(&note.source, document) || !leads(&note.result, &lowered.document) {
            return Err(format!("{note:?}"));
        }
    }
    Ok(true)
}

#[test]
fn description_with_every_kind_is_valid() {
    assert_eq!(check(&Official::new(), &description()), Ok(true));
}

#[test]
fn changed_description_is_valid_or_rejected() {
    let given = std::env::var("LOWERING_SEEDS").ok();
    let seeds: u64 = given.map_or(3_000, |given| given.parse().expect("a number"));
    let official = Official::new();
    let source = description();
    let (mut failures, mut count, mut lowered) = (Vec::new(), 0, 0);
    for seed in 0..seeds {
        let mut random = Rng::with_seed(seed);
        let mut document = source.clone();
        let changes: Vec<_> =
            (0..random.usize(1..3)).map(|_| mutate(&mut document, &mut random)).collect();
        match check(&official, &document) {
            Ok(valid) => lowered += u64::from(valid),
            Err(message) => {
                count += 1;
                if failures.len() < 12 {
                    failures.push(format!("seed {seed}: {}\n{message}", changes.join("; ")));
                }
            }
        }
    }
    println!("{lowered} of {seeds} are lowered, the others rejected");
    assert!(count == 0, "{count} of {seeds} fail:\n{}", failures.join("\n\n"));
    assert!(lowered > seeds / 4, "only {lowered} of {seeds} are lowered");
}
