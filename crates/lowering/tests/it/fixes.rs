//! The fix that a message names works: each problem, and the overlay actions that follow its fix.

use std::path::Path;

use openapi_lowering::lower::{Options, Profile, Reserved, lower};
use openapi_lowering::problem::Problems;
use openapi_lowering::{overlay, parse, preflight};
use serde_json::{Value, json};

/// What is wrong, what the message says, and the actions that fix it.
#[derive(Clone)]
struct Row {
    /// Members of the description, merged into a good one by an overlay.
    wrong: Value,
    /// Where the message says that it is, and the fix.
    message: (&'static str, &'static str),
    /// Actions, each a target with its `update`, or with nothing to remove it.
    fix: Vec<(&'static str, Option<Value>)>,
}

fn row(
    wrong: Value,
    message: (&'static str, &'static str),
    fix: Vec<(&'static str, Option<Value>)>,
) -> Row {
    Row { wrong, message, fix }
}

const GOOD: &str = "\
openapi: 3.1.0
info: {title: Small, version: 1.0.0}
paths:
  /things/{id}:
    get:
      operationId: get_thing
      parameters: [{in: path, name: id, required: true, schema: {type: integer}}]
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/It'}}}}
components: {schemas: {It: {type: object}}}
";

fn actions(actions: Vec<(&str, Option<Value>)>) -> Vec<Value> {
    let action = |(target, update): (&str, Option<Value>)| match update {
        Some(update) => json!({"target": target, "description": "why", "update": update}),
        None => json!({"target": target, "description": "why", "remove": true}),
    };
    actions.into_iter().map(action).collect()
}

/// Takes the good description, with what is merged into it, through the stages.
fn run(actions: &[Value]) -> Result<(), Problems> {
    let overlay = json!({
        "overlay": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "actions": actions,
    });
    let mut document = parse::parse(GOOD.as_bytes(), "good.yaml")?;
    let bytes = overlay.to_string();
    let applied = overlay::apply(bytes.as_bytes(), Path::new("overlay.yaml"), &mut document)?;
    assert_eq!(applied.unmatched, Vec::<String>::new());
    let reserved =
        Reserved { of_client: ["new".to_owned()].into(), of_calls: ["send".to_owned()].into() };
    let mut options = Options::new(Profile::Tolerant);
    options.only_reached = true;
    options.reserved = reserved;
    let lowered = lower(&document, &options)?;
    preflight::check(&lowered, &options).map(|_| ())
}

/// Replaces the schema of the response.
fn schema(it: Value) -> Value {
    json!({"components": {"schemas": {"It": it}}})
}

fn schemas(others: Value) -> Value {
    let mut wrong = schema(json!({"properties": {}}));
    for (name, schema) in others.as_object().expect("an object") {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        let reference = json!({"$ref": format!("#/components/schemas/{escaped}")});
        wrong["components"]["schemas"]["It"]["properties"][name] = reference;
        wrong["components"]["schemas"][name] = schema.clone();
    }
    wrong
}

fn get(members: Value) -> Value {
    json!({"paths": {"/things/{id}": {"get": members}}})
}

fn path(name: &str, operation: Value) -> Value {
    let mut wrong = json!({"paths": {}});
    wrong["paths"][name] = json!({ "get": operation });
    wrong
}

const IT: &str = "/components/schemas/It";
const GET: &str = "/paths/~1things~1{id}/get";

fn of_document() -> Vec<Row> {
    vec![
        row(
            json!({"openapi": 3.1}),
            ("/openapi", "set it to the string '3.1.0' with an"),
            vec![("$.openapi", Some(json!("3.1.0")))],
        ),
        row(
            json!({"jsonSchemaDialect": "https://example.org"}),
            ("/jsonSchemaDialect", "remove it with an overlay action if"),
            vec![("$.jsonSchemaDialect", None)],
        ),
        row(
            json!({"wrong": 1}),
            ("/wrong", "remove it with an overlay action"),
            vec![("$.wrong", None)],
        ),
        row(
            json!({"info": {"version": "1 beta"}}),
            ("/info/version", "correct it with an overlay action"),
            vec![("$.info.version", Some(json!("1-beta")))],
        ),
        row(
            json!({"info": {"title": 5}}),
            ("/info/title", "correct the description with an overlay action"),
            vec![("$.info.title", Some(json!("Five")))],
        ),
        row(
            json!({"servers": [{}]}),
            ("/servers/0", "add it with an overlay action"),
            vec![("$.servers[0]", Some(json!({"url": "https://x"})))],
        ),
        row(
            json!({"tags": [{"name": "a\u{202e}b"}]}),
            ("/tags/0/name", "correct the description with an overlay action"),
            vec![("$.tags[0].name", Some(json!("ab")))],
        ),
    ]
}

fn of_operations() -> Vec<Row> {
    let query = |name: &str| json!([{"in": "query", "name": name, "schema": {"type": "string"}}]);
    let id = json!([{"in": "path", "name": "id", "required": true, "schema": {}}]);
    let done = json!({"204": {"description": ""}});
    vec![
        row(
            get(json!({"wrong": 1})),
            ("/get/wrong", "remove it with an overlay action"),
            vec![("$..get.wrong", None)],
        ),
        row(
            get(json!({"operationId": "get it"})),
            ("/get/operationId", "give it another with an overlay action"),
            vec![("$..get.operationId", Some(json!("get_it")))],
        ),
        row(
            get(json!({"operationId": "self"})),
            ("/get/operationId", "give it another with an overlay action"),
            vec![("$..get.operationId", Some(json!("get_it")))],
        ),
        row(
            get(json!({"operationId": "new"})),
            ("/get/operationId", "give it another with an overlay action"),
            vec![("$..get.operationId", Some(json!("get_it")))],
        ),
        row(
            path("/x", json!({"operationId": "getThing", "responses": done})),
            ("/get/operationId", "give one of them another with an overlay action"),
            vec![("$.paths['/x'].get.operationId", Some(json!("get_x")))],
        ),
        row(
            get(json!({"parameters": [{"in": "query"}]})),
            ("/parameters/1", "add it with an overlay action"),
            vec![("$..get.parameters[1]", Some(json!({"name": "q"})))],
        ),
        row(
            get(json!({"parameters": [{"in": "cookie", "name": "c", "required": true}]})),
            ("/parameters/1", "remove it, or its `required`, with an overlay action"),
            vec![("$..get.parameters[1].required", None)],
        ),
        row(
            get(
                json!({"parameters": [{"in": "query", "name": "q", "schema": {"type": "integer"}}, {"in": "query", "name": "q"}]}),
            ),
            ("/parameters/2", "remove one of them with an overlay action"),
            vec![("$..get.parameters[1, 2]", None)],
        ),
        row(
            path(
                "/x/{id}",
                json!({"parameters": [{"in": "path", "name": "id"}], "responses": done}),
            ),
            ("/parameters/0", "set it with an overlay action"),
            vec![("$.paths['/x/{id}'].get.parameters[0]", Some(json!({"required": true})))],
        ),
        row(
            path(
                "/x/{id}",
                json!({"parameters": [{"in": "path", "name": "id", "required": true, "style": "matrix"}], "responses": done}),
            ),
            ("/style", "remove it with an overlay action"),
            vec![("$..parameters[0].style", None)],
        ),
        row(
            get(json!({"parameters": query("send")})),
            (GET, "remove it with an overlay action"),
            vec![("$..parameters[?(@.name == 'send')]", None)],
        ),
        row(
            get(json!({"parameters": query("$")})),
            (GET, "remove it with an overlay action"),
            vec![("$..parameters[?(@.name == '$')]", None)],
        ),
        row(
            get(json!({"parameters": [{"in": "header", "name": "a b", "schema": {}}]})),
            (GET, "correct it with an overlay action"),
            vec![("$..parameters[1].name", Some(json!("a-b")))],
        ),
        row(
            get(json!({"parameters": [{"in": "body", "name": "b", "schema": {}}]})),
            (GET, "correct it with an overlay action"),
            vec![("$..parameters[1].in", Some(json!("query")))],
        ),
        row(
            path("/x/{id}", json!({"responses": done})),
            ("/paths/~1x~1{id}/get", "add the parameter with an overlay action"),
            vec![("$.paths['/x/{id}'].get", Some(json!({"parameters": id})))],
        ),
        row(
            path("/x", json!({"parameters": id, "responses": done})),
            ("/paths/~1x/get", "remove the parameter with an overlay action"),
            vec![("$.paths['/x'].get.parameters[0]", None)],
        ),
        row(
            path("/x y", json!({"responses": done})),
            ("/paths/~1x y", "remove it, and add it corrected, with overlay actions"),
            vec![
                ("$.paths['/x y']", None),
                ("$.paths", Some(json!({"/x": {"get": {"responses": done}}}))),
            ],
        ),
        row(
            path(&format!("/{}", "x".repeat(3_000)), json!({"responses": done})),
            ("/paths/~1xxx", "remove it with an overlay action"),
            vec![("$.paths[?(!@.get.operationId)]", None)],
        ),
        row(
            get(json!({"responses": {"ok": {}}})),
            ("/responses/ok", "remove it with an overlay action"),
            vec![("$..responses.ok", None)],
        ),
        row(
            get(json!({"requestBody": {}})),
            ("/requestBody", "add it with an overlay action"),
            vec![("$..requestBody", Some(json!({"content": {}})))],
        ),
    ]
}

fn of_schemas() -> Vec<Row> {
    let circle = |next: &str| json!({"allOf": [{"$ref": format!("#/components/schemas/{next}")}]});
    let arms: Vec<_> = (0..40).map(|arm| json!({"properties": {arm.to_string(): {}}})).collect();
    let chain = |last: usize| {
        let mut all = json!({});
        for index in 0..last {
            all[format!("S{index}")] = circle(&format!("S{}", index + 1));
        }
        all[format!("S{last}")] = json!({"type": "object"});
        all
    };
    let name = "give it another name with an overlay action that sets its `x-rust-name`";
    vec![
        row(
            schema(json!({"type": "txt"})),
            (IT, "correct it with an overlay action to one of"),
            vec![("$..schemas.It.type", Some(json!("string")))],
        ),
        row(
            schema(json!({"properties": {"a": {"type": "string", "minLength": "x"}}})),
            ("/minLength", "correct the description with an overlay action"),
            vec![("$..a.minLength", Some(json!(1)))],
        ),
        row(
            schema(json!({"properties": {"a": {"$ref": "#/nothing"}}})),
            ("/a/$ref", "add what it refers to, or correct the reference, with an overlay action"),
            vec![("$..a['$ref']", Some(json!("#/components/schemas/It")))],
        ),
        row(
            schema(json!({"properties": {"a": {"$ref": "#/components/schemas"}}})),
            ("/a/$ref", "correct the reference with an overlay action"),
            vec![("$..a['$ref']", Some(json!("#/components/schemas/It")))],
        ),
        row(
            schemas(json!({"A": {"$ref": "#/components/schemas/A"}})),
            ("/A/$ref", "break the circle with an overlay action"),
            vec![("$..schemas.A['$ref']", None)],
        ),
        row(
            schemas(json!({"A": circle("B"), "B": circle("A")})),
            ("/components/schemas/", "break the circle with an overlay action"),
            vec![("$..schemas.B.allOf", None)],
        ),
        row(
            schema(json!({"properties": {"a": {"type": []}}})),
            ("/a/type", "name a type, or remove the list, with an overlay action"),
            vec![("$..a.type", None)],
        ),
        row(
            schema(json!({"properties": {"a": {"oneOf": []}}})),
            ("/a/oneOf", "give it arms, or remove it, with an overlay action"),
            vec![("$..a.oneOf", None)],
        ),
        row(
            schema(json!({"properties": {"a": {"$dynamicRef": "#x"}}})),
            ("/a/$dynamicRef", "add what it refers to, or correct the reference, with an overlay"),
            vec![
                ("$..a['$dynamicRef']", None),
                ("$..a", Some(json!({"$ref": "#/components/schemas/It"}))),
            ],
        ),
        row(
            schemas(json!({"a b": {"x-rust-name": "a b"}})),
            ("/schemas/a b", name),
            vec![("$..schemas['a b']", Some(json!({"x-rust-name": "Ab"})))],
        ),
        row(
            schemas(json!({"it": {}})),
            ("/schemas/it", name),
            vec![("$..schemas.it", Some(json!({"x-rust-name": "Other"})))],
        ),
        row(
            schemas(json!({"Default": {}})),
            ("/schemas/Default", name),
            vec![("$..schemas.Default", Some(json!({"x-rust-name": "Standard"})))],
        ),
        row(
            schemas(json!({"A": {"allOf": [{"anyOf": arms}, {"anyOf": arms}]}})),
            ("/schemas/A", "replace the unions inside `allOf` with an overlay action"),
            vec![("$..schemas.A.allOf[1].anyOf", None)],
        ),
        row(
            schemas(chain(70)),
            ("/schemas/S0", "shorten the chain with an overlay action"),
            vec![("$..schemas.S40.allOf", None)],
        ),
    ]
}

#[test]
fn every_fix_works() {
    let mut wrong = Vec::new();
    for row in [of_document(), of_operations(), of_schemas()].concat() {
        let before = actions(vec![("$", Some(row.wrong.clone()))]);
        let (place, fix) = row.message;
        match run(&before) {
            Ok(()) => wrong.push(format!("{}: there is no problem", row.wrong)),
            Err(problems) => {
                let said = |found: &&openapi_lowering::problem::Problem| {
                    found.place().contains(place) && found.fix().starts_with(fix)
                };
                if problems.iter().find(said).is_none() {
                    wrong.push(format!("{place}: {fix}: is not said: {problems}"));
                }
            }
        }
        if let Err(problems) = run(&[before, actions(row.fix)].concat()) {
            wrong.push(format!("{place}: {fix}: does not help: {problems}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
