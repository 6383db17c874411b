use std::path::Path;

use openapi_lowering::overlay;
use serde_json::{Value, json};

use super::typed;

fn reference(id: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{id}") })
}

/// A description with three types of ids, and these paths and schemas, which an operation needs.
fn document(paths: &Value, schemas: &Value) -> Value {
    let names = schemas.as_object().into_iter().flatten().map(|(name, _)| reference(name));
    let all: Vec<_> = names.collect();
    let content = json!({"application/json": {"schema": {"anyOf": all}}});
    let mut paths = paths.clone();
    paths["/all"] = json!({"post": {"requestBody": {"content": content}}});
    let paths = &paths;
    let mut all = json!({
        "TestRunId": {"type": "integer", "x-id-names": ["test_run_id", "run_id"]},
        "LoadTestId": {"type": "integer", "x-id-names": ["load_test_id", "test_id"]},
        "CategoryId": {"type": "integer", "x-id-names": ["category_id"]},
    });
    for (name, schema) in schemas.as_object().into_iter().flatten() {
        all[name] = schema.clone();
    }
    let components = json!({"x-rust-strip-suffix": "ApiModel", "schemas": all});
    json!({"openapi": "3.1.0", "paths": paths, "components": components})
}

fn parameter(location: &str, name: &str, schema: &Value) -> Value {
    json!({"in": location, "name": name, "schema": schema})
}

/// Returns what is wrong with a document.
fn problems(document: &Value) -> Vec<String> {
    let problems = typed(document).err();
    problems.iter().flat_map(|all| all.iter().map(ToString::to_string)).collect()
}

#[test]
fn parameter_has_the_type_of_its_name_or_of_the_segment_before_it() {
    let integer = json!({"type": "integer", "format": "int64"});
    for (path, parameter, expected) in [
        ("/test_runs/{id}", parameter("path", "id", &integer), "TestRunId"),
        ("/v6/load-tests/{id}/x", parameter("path", "id", &integer), "LoadTestId"),
        ("/loadTests/{id}", parameter("path", "id", &integer), "LoadTestId"),
        ("/categories/{id}", parameter("path", "id", &integer), "CategoryId"),
        ("/test_runs/{test_run}", parameter("path", "test_run", &integer), "TestRunId"),
        ("/x/{runId}/y", parameter("path", "runId", &integer), "TestRunId"),
        ("/load_tests/{test_id}", parameter("path", "test_id", &integer), "LoadTestId"),
        ("/x", parameter("query", "test_id", &integer), "LoadTestId"),
        (
            "/x/{id}",
            parameter("path", "id", &json!({"type": "integer", "x-id": "TestRunId"})),
            "TestRunId",
        ),
    ] {
        let item = json!({"get": {"parameters": [parameter.clone()]}});
        let found = typed(&document(&json!({path: item}), &json!({}))).expect(path);
        assert_eq!(
            found["paths"][path]["get"]["parameters"][0]["schema"],
            reference(expected),
            "{path}"
        );
        // Parameters may also stand beside the operations.
        let item = json!({"parameters": [parameter], "get": {}});
        let found = typed(&document(&json!({path: item}), &json!({}))).expect(path);
        assert_eq!(found["paths"][path]["parameters"][0]["schema"], reference(expected), "{path}");
    }
}

#[test]
fn shared_parameter_has_the_type_of_each_path_that_uses_it() {
    let shared = json!({"$ref": "#/components/parameters/id"});
    let operation = json!({"get": {"parameters": [shared]}});
    let mut document =
        document(&json!({"/test_runs/{id}": operation, "/load_tests/{id}": operation}), &json!({}));
    document["components"]["parameters"] = json!({
        "id": parameter("path", "id", &json!({"type": "integer"})),
        "run": parameter("query", "run_id", &json!({"type": "integer"})),
    });
    let found = typed(&document).expect("certain");
    for (path, id) in [("/test_runs/{id}", "TestRunId"), ("/load_tests/{id}", "LoadTestId")] {
        let parameter = &found["paths"][path]["get"]["parameters"][0];
        assert_eq!((&parameter["name"], &parameter["schema"]), (&json!("id"), &reference(id)));
    }
    assert_eq!(found["components"]["parameters"]["run"]["schema"], reference("TestRunId"));
}

#[test]
fn property_has_the_type_of_its_name_or_of_its_component() {
    let integer = || json!({"type": "integer", "format": "int64", "description": "Which."});
    let schemas = json!({
        "TestRunApiModel": {"properties": {
            "id": integer(),
            "test_id": {"type": ["integer", "null"], "deprecated": true},
            "runID": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "test_ids": {"type": "array", "items": {"type": "integer"}},
            "vus": integer(),
            "key_id": {"type": "string"},
        }},
        "CategoryList": {"allOf": [{"properties": {"value": {"type": "array", "items": {
            "type": "object", "properties": {"run_id": integer()},
        }}}}]},
        "Other": {"properties": {"id": {"type": "integer", "x-id": "CategoryId"},
                                 "odd_id": {"type": "integer", "x-id": false}}},
        "Category": {"allOf": [{"properties": {"id": integer()}}]},
    });
    let found = typed(&document(&json!({}), &schemas)).expect("certain");
    let schemas = &found["components"]["schemas"];
    let run = &schemas["TestRunApiModel"]["properties"];
    let mut with_text = reference("TestRunId");
    with_text["description"] = "Which.".into();
    assert_eq!(run["id"], with_text);
    let or_null = json!([reference("LoadTestId"), {"type": "null"}]);
    assert_eq!(run["test_id"], json!({"deprecated": true, "anyOf": or_null}));
    assert_eq!(run["runID"], json!({"anyOf": [reference("TestRunId"), {"type": "null"}]}));
    assert_eq!(run["test_ids"]["items"], reference("LoadTestId"));
    assert_eq!((&run["vus"], &run["key_id"]["type"]), (&integer(), &json!("string")));
    let row = "/CategoryList/allOf/0/properties/value/items/properties/run_id/$ref";
    assert_eq!(schemas.pointer(row), Some(&json!("#/components/schemas/TestRunId")));
    assert_eq!(schemas["Other"]["properties"]["id"], reference("CategoryId"));
    assert_eq!(schemas["Other"]["properties"]["odd_id"], json!({"type": "integer"}));
    let id = &schemas["Category"]["allOf"][0]["properties"]["id"]["$ref"];
    assert_eq!(id, "#/components/schemas/CategoryId");
}

#[test]
fn id_of_an_uncertain_type_stops_with_an_action_that_fixes_it() {
    let integer = json!({"type": "integer"});
    let path = "/it's/{id}/{owner_id}";
    let content = json!({"application/json": {"schema": {"properties": {"id": integer}}}});
    let schemas = json!({
        "Thing": {"properties": {"id": integer, "odd-ids": {"type": "array", "items": integer}}},
    });
    let item = json!({"post": {
        "parameters": [
            parameter("path", "id", &integer),
            parameter("path", "owner_id", &integer),
            parameter("query", "id", &integer),
        ],
        "requestBody": {"content": content},
        "responses": {"200": {"content": content}, "404": {"content": content}},
    }});
    let document = document(&json!({path: item}), &schemas);
    let all = problems(&document);
    assert_eq!(all.len(), 6, "{all:#?}");
    // Each message has one action, and all actions together are enough.
    let actions = all.iter().map(|problem| {
        let (_, action) = problem.split_once("`- ").expect("an action");
        format!("  - {}\n", action.split_once('`').expect("its end").0)
    });
    let text = format!(
        "overlay: 1.1.0\ninfo: {{title: t, version: '1'}}\nactions:\n{}",
        actions.collect::<String>()
    );
    let mut fixed = document.clone();
    let applied = overlay::apply(text.as_bytes(), Path::new("overlay.yaml"), &mut fixed);
    assert!(applied.expect(&text).unmatched.is_empty(), "{text}");
    let fixed = typed(&fixed).expect("certain");
    let first = &fixed["paths"][path]["post"]["parameters"][0]["schema"];
    assert_eq!(*first, reference("CategoryId"));
}

#[test]
fn schema_that_no_operation_needs_is_not_asked_about() {
    let thing = json!({"properties": {"id": {"type": "integer"}}});
    let mut document = document(&json!({}), &json!({}));
    document["components"]["schemas"]["Thing"] = thing.clone();
    let content = json!({"application/json": {"schema": reference("Thing")}});
    // The client decodes errors by itself.
    document["paths"]["/x"] = json!({"get": {"responses": {"404": {"content": content}, "default": {"content": content}}}});
    let found = typed(&document).expect("nothing is uncertain");
    assert_eq!(found["components"]["schemas"]["Thing"], thing);
    document["paths"]["/x"]["get"]["responses"]["200"] = json!({"content": content});
    assert_eq!(problems(&document).len(), 1);
}

#[test]
fn name_and_path_that_do_not_agree_are_not_certain() {
    let integer = json!({"type": "integer"});
    for (path, name) in [("/load_tests/{run_id}", "run_id"), ("/test_runs/{owner_id}", "owner_id")]
    {
        let item = json!({"get": {"parameters": [parameter("path", name, &integer)]}});
        let all = problems(&document(&json!({path: item}), &json!({})));
        assert!(all.len() == 1 && all[0].contains("is not certain"), "{all:?}");
    }
}

#[test]
fn wrong_marks_are_errors() {
    let schemas = json!({
        "A": {"properties": {"id": {"type": "integer", "x-id": "Nothing"}}},
        "OtherId": {"type": "integer", "x-id-names": "other_id"},
    });
    let all = problems(&document(&json!({}), &schemas));
    assert!(all.len() == 1 && all[0].contains("a list such as [test_run_id]"), "{all:?}");
    let twice = json!({"OtherId": {"type": "integer", "x-id-names": ["run_id"]}});
    let all = problems(&document(&json!({}), &twice));
    assert!(all.len() == 1 && all[0].contains("run_id is a name of OtherId too"), "{all:?}");
    let schemas = json!({"A": {"properties": {"id": {"type": "integer", "x-id": "Nothing"}}}});
    let all = problems(&document(&json!({}), &schemas));
    assert!(
        all.len() == 1 && all[0].contains("use one of CategoryId, LoadTestId, TestRunId"),
        "{all:?}"
    );
}

#[test]
fn description_without_types_of_ids_stays_as_it_is() {
    let integer = json!({"type": "integer"});
    let item = json!({"get": {"parameters": [parameter("path", "id", &integer)]}});
    let document = json!({"paths": {"/things/{id}": item}});
    assert_eq!(typed(&document).expect("as it is"), document);
}

/// Returns the value of the constant `KEY` of each list in pages, by the name of its builder.
fn row_keys(file: &syn::File) -> Vec<(String, String)> {
    use quote::ToTokens as _;

    let builders = file.items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    });
    let lists = builders.into_iter().flat_map(|(_, items)| items).filter_map(|item| {
        let syn::Item::Impl(block) = item else { return None };
        let (name, _) = block.trait_.as_ref()?;
        (name.segments.last()?.ident == "ListOperation").then_some(())?;
        let text = block.to_token_stream().to_string();
        // Only a list in pages has a count.
        text.contains("count : page . count").then_some(())?;
        let key = block.items.iter().find_map(|item| match item {
            syn::ImplItem::Const(found) if found.ident == "KEY" => {
                Some(found.expr.to_token_stream().to_string())
            }
            _ => None,
        });
        let syn::Type::Path(owner) = &*block.self_ty else { return None };
        Some((owner.path.segments.last()?.ident.to_string(), key?))
    });
    lists.collect()
}

/// Pages that overlap are compared by the keys of their rows. A list without one would be read without
/// that comparison, and nothing else would fail.
#[test]
fn every_list_in_pages_knows_the_key_of_its_rows() {
    let lowered = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/lowered.json");
    let lowered = std::fs::read_to_string(lowered).expect("the lowered description");
    let file = k6_cloud_codegen::syntax(&lowered).expect("a client");
    let keys = row_keys(&file);
    let keys: Vec<_> = keys.iter().map(|(list, key)| (list.as_str(), key.as_str())).collect();
    let (id, project) = ("Some (\"id\")", "Some (\"project_id\")");
    assert_eq!(
        keys,
        [
            ("ListLoadTestRuns", id),
            ("ListLoadTests", id),
            ("ListProjectLimits", project),
            ("ListProjectLoadTests", id),
            ("ListProjects", id),
            ("ListSchedules", id),
            ("ListTestRuns", id),
        ]
    );
}
