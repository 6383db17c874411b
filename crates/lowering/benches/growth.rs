//! How the time of lowering grows with the size of a description: a table of times for each shape.
//!
//! `cargo bench -p openapi-lowering --bench growth` fails if a time grows much faster than the size.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use openapi_lowering::{Options, Profile, lower};
use serde_json::{Map, Value, json};

/// The smallest number of parts; it is doubled from column to column.
const SMALLEST: usize = 500;
const SIZES: usize = 4;

/// For eight times the size, the times may grow by this factor. That of a quadratic one is 64.
const MOST_GROWTH: f64 = 24.0;

/// Times below say more of the machine than of the program.
const TOO_SHORT: Duration = Duration::from_millis(2);

/// A description of a number of parts.
type Shape = (&'static str, fn(usize) -> Value);

const SHAPES: &[Shape] = &[
    ("chain of references", |n| chain(n, |next| json!({ "$ref": next }))),
    ("chain of properties", |n| {
        chain(n, |next| json!({ "properties": { "a": { "$ref": next } } }))
    }),
    ("chain of parts", |n| {
        chain(n, |next| json!({ "allOf": [{ "$ref": next }, { "properties": { "a": {} } }] }))
    }),
    ("chain of unions", |n| {
        chain(n, |next| json!({ "anyOf": [{ "$ref": next }, { "type": "null" }] }))
    }),
    ("chain that is not exact", |n| {
        chain(n, |next| json!({ "properties": { "a": { "$ref": next } }, "if": {}, "then": {} }))
    }),
    ("arms of a union", |n| one("oneOf", n)),
    ("parts of a whole", |n| one("allOf", n)),
    ("references to one schema", |n| {
        let to = json!({ "$ref": "#/components/schemas/B" });
        let properties: Map<_, _> = (0..n).map(|at| (format!("p{at}"), to.clone())).collect();
        let schemas =
            json!({ "It": { "properties": properties }, "B": { "type": ["string", "null"] } });
        description(schemas, json!({}))
    }),
    ("values of an enum", |n| {
        let values: Vec<_> = (0..n).map(|at| format!("v{at}")).collect();
        description(json!({ "It": { "enum": values } }), json!({}))
    }),
    ("paths", |n| {
        let path = |at| {
            let parameters =
                json!([{ "in": "query", "name": "top", "schema": { "type": "integer" } }]);
            let operation = json!({
                "operationId": format!("get_{at}"), "parameters": parameters,
                "responses": { "200": { "description": "" }, "404": { "description": "" } },
            });
            (format!("/p{at}"), json!({ "get": operation }))
        };
        description(json!({ "It": {} }), (0..n).map(path).collect())
    }),
    ("parameters of an operation", |n| {
        let parameter = |at| json!({ "in": "query", "name": format!("p{at}"), "schema": { "type": ["string", "null"] } });
        let parameters: Vec<_> = (0..n).map(parameter).collect();
        let responses = json!({ "204": { "description": "" } });
        let operation =
            json!({ "operationId": "get_it", "parameters": parameters, "responses": responses });
        description(json!({ "It": {} }), json!({ "/p": { "get": operation } }))
    }),
];

/// Components that refer to one another in a row.
fn chain(length: usize, link: fn(&str) -> Value) -> Value {
    let mut schemas = Map::new();
    schemas.insert("It".into(), link("#/components/schemas/S0"));
    for at in 0..length {
        schemas.insert(format!("S{at}"), link(&format!("#/components/schemas/S{}", at + 1)));
    }
    schemas.insert(format!("S{length}"), json!({ "type": "object", "properties": { "z": {} } }));
    description(Value::Object(schemas), json!({}))
}

/// One schema of many others.
fn one(keyword: &str, count: usize) -> Value {
    let mut schemas = Map::new();
    let reference = |at| json!({ "$ref": format!("#/components/schemas/S{at}") });
    schemas.insert("It".into(), json!({ keyword: (0..count).map(reference).collect::<Vec<_>>() }));
    for at in 0..count {
        let properties = json!({ format!("p{at}"): { "const": format!("k{at}") } });
        schemas.insert(format!("S{at}"), json!({ "type": "object", "properties": properties }));
    }
    description(Value::Object(schemas), json!({}))
}

fn description(schemas: Value, mut paths: Value) -> Value {
    let content =
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/It" } } });
    paths["/it"] = json!({ "get": {
        "operationId": "read_it",
        "responses": { "200": { "description": "", "content": content } },
    } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Growing", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// The best of three runs.
fn time(document: &Value, profile: Profile) -> Duration {
    let mut options = Options::new(profile);
    options.most_parts = usize::MAX;
    let runs = (0..3).map(|_| {
        let start = Instant::now();
        // A description that is rejected took its time as well.
        let lowered = lower(document, &options);
        let took = start.elapsed();
        drop(lowered);
        took
    });
    runs.min().unwrap_or_default()
}

fn main() -> ExitCode {
    let sizes: Vec<usize> = (0..SIZES).map(|power| SMALLEST << power).collect();
    let columns: Vec<String> = sizes.iter().map(|size| format!("{size:>9}")).collect();
    println!("{:28} {:10} {}  growth", "milliseconds for parts", "profile", columns.join(" "));
    let mut failed = false;
    for (name, shape) in SHAPES {
        for profile in [Profile::Faithful, Profile::Tolerant] {
            let times: Vec<_> = sizes.iter().map(|size| time(&shape(*size), profile)).collect();
            let (first, last) = (times[0].max(TOO_SHORT), times[SIZES - 1]);
            let growth = last.as_secs_f64() / first.as_secs_f64();
            let shown = times.iter().map(|time| format!("{:9.1}", time.as_secs_f64() * 1e3));
            let shown = shown.collect::<Vec<_>>().join(" ");
            let profile = format!("{profile:?}").to_lowercase();
            println!("{name:28} {profile:10} {shown}  {growth:.1}");
            failed |= growth > MOST_GROWTH;
        }
    }
    if failed {
        println!("for eight times the size, a time grew by more than {MOST_GROWTH}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
