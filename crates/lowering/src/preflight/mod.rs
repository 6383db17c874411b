//! The preflight stage: what the generator can only assert is checked here, and named.

mod size;

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use serde_json::{Map, Value};

use crate::lower::Reserved;
use crate::problem::{Place, Problem};

/// Types that the generated module of builders has in scope by these names, and uses.
const IN_SCOPE_OF_BUILDERS: &[&str] = &[
    "ByteStream",
    "ClientHooks",
    "ClientInfo",
    "Default",
    "Err",
    "Error",
    "From",
    "Into",
    "Ok",
    "OperationInfo",
    "Option",
    "RequestBuilderExt",
    "ResponseValue",
    "Result",
    "Self",
    "Some",
    "String",
    "Vec",
];

/// The same for the module of the components' types, which names most by their full path.
const IN_SCOPE_OF_TYPES: &[&str] = &["Default", "Err", "Ok"];

/// The most bytes of the name of an operation or component.
const LONGEST_NAME: usize = 200;

const PREFIX: &str = "#/components/schemas/";

/// What a lowered description holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// `info.version`.
    pub version: String,
    /// The number of operations.
    pub operations: usize,
    /// The number of component schemas.
    pub schemas: usize,
}

/// Checks a lowered description against what the generator needs.
pub fn check(document: &Value, reserved: &Reserved) -> Result<Summary, Problem> {
    let root = Place::root();
    let empty = Map::new();
    let paths = document["paths"].as_object().unwrap_or(&empty);
    let schemas = document["components"]["schemas"].as_object().unwrap_or(&empty);
    // First: the other checks take longer than what is too large is worth.
    size::check(paths, schemas)?;
    let operations = check_operations(paths, &root.at("paths"), reserved)?;
    if operations == 0 {
        let mend = "check that the source is the API's description";
        return Err(root.at("paths").problem("there is no operation", mend));
    }
    check_components(schemas, &root.at("components").at("schemas"))?;
    serde_json::from_value::<openapiv3::OpenAPI>(document.clone()).map_err(|error| {
        root.problem(
            format!("the lowered document is not OpenAPI 3.0: {error}"),
            "correct the description with an overlay action, or the rule in xtask/src/lower",
        )
    })?;
    Ok(Summary {
        version: document["info"]["version"].as_str().unwrap_or_default().to_owned(),
        operations,
        schemas: schemas.len(),
    })
}

fn check_operations(
    paths: &Map<String, Value>,
    place: &Place,
    reserved: &Reserved,
) -> Result<usize, Problem> {
    let mut names: BTreeMap<String, Place> = BTreeMap::new();
    let mut count = 0;
    for (path, item) in paths {
        let at = place.at(path);
        let variables = path_variables(path, &at)?;
        for (method, operation) in item.as_object().into_iter().flatten() {
            let at = at.at(method);
            count += 1;
            let id = operation_id(operation, &at)?;
            // The method is named in snake case, its builder in camel case: both must be free.
            for name in [id.to_snake_case(), id.to_upper_camel_case()] {
                if let Some(other) = names.insert(name.clone(), at.clone()).filter(|o| *o != at) {
                    return Err(at.problem(
                        format!("the operationId {id:?} gives the name {name}, as {other} does"),
                        "name one of them differently in openapi/overlay.yaml",
                    ));
                }
            }
            if reserved.of_client.contains(&id.to_snake_case()) {
                return Err(at.problem(
                    format!("the operationId {id:?} is the name of one of the client's functions"),
                    "name it differently in openapi/overlay.yaml",
                ));
            }
            check_parameters(operation, &variables, &at, reserved)
                .map_err(|problem| problem.within(&format!("operation {id}")))?;
        }
    }
    Ok(count)
}

fn operation_id<'v>(operation: &'v Value, place: &Place) -> Result<&'v str, Problem> {
    let mend = "give it one in openapi/overlay.yaml";
    let id = operation.get("operationId").and_then(Value::as_str);
    let id = id.ok_or_else(|| place.problem("the operation has no operationId", mend))?;
    let legal = id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let builder = id.to_upper_camel_case();
    if IN_SCOPE_OF_BUILDERS.contains(&builder.as_str()) {
        let what =
            format!("the operationId {id:?} gives the builder {builder}, a name that is taken");
        return Err(place.problem(what, "name it differently in openapi/overlay.yaml"));
    }
    if !legal || id.len() > LONGEST_NAME {
        let what = format!("the operationId {id:?} cannot be the name of a function");
        return Err(place.problem(what, "give it another in openapi/overlay.yaml"));
    }
    Ok(id)
}

/// Returns the names in a path's braces.
fn path_variables(path: &str, place: &Place) -> Result<BTreeSet<String>, Problem> {
    let mend = "correct the path with an overlay action";
    let bad = |what: &str| place.problem(what.to_owned(), mend);
    if !path.starts_with('/') {
        return Err(bad("a path must start with a slash"));
    }
    let mut found = BTreeSet::new();
    let mut rest = path;
    while let Some(open) = rest.find(['{', '}']) {
        let end = rest[open..].find('}').map(|end| open + end);
        let (Some(end), true) = (end, rest[open..].starts_with('{')) else {
            return Err(bad("the braces of the path do not match"));
        };
        let name = &rest[open + 1..end];
        if name.is_empty() || name.contains(['{', '/']) {
            return Err(bad("a variable of the path has no proper name"));
        }
        if !found.insert(name.to_owned()) {
            return Err(bad("a variable stands in the path twice"));
        }
        rest = &rest[end + 1..];
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || "/{}-_.~!$&'()*+,;=:@%".contains(c);
    if !path.chars().all(legal) || path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(bad("the path has characters or segments that no path may have"));
    }
    Ok(found)
}

fn check_parameters(
    operation: &Value,
    variables: &BTreeSet<String>,
    place: &Place,
    reserved: &Reserved,
) -> Result<(), Problem> {
    let mend = "correct it with an overlay action";
    let mut names = BTreeSet::new();
    if operation.get("requestBody").is_some() {
        names.insert("body".to_owned());
    }
    let mut declared = BTreeSet::new();
    let parameters = operation.get("parameters").and_then(Value::as_array);
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        let at = place.at("parameters").at(index);
        let name = parameter["name"].as_str().unwrap_or_default();
        match parameter["in"].as_str().unwrap_or_default() {
            "path" => {
                declared.insert(name.to_owned());
            }
            "query" => {}
            "header" => {
                let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
                if name.is_empty() || !name.bytes().all(token) {
                    return Err(at.problem(format!("{name:?} is no name for a header"), mend));
                }
            }
            other => {
                return Err(at.problem(format!("there are no parameters in {other:?}"), mend));
            }
        }
        let rust = name.to_snake_case();
        if !rust.chars().any(|c| c.is_ascii_alphanumeric()) {
            return Err(at.problem(format!("{name:?} leaves no name in Rust"), mend));
        }
        if reserved.of_calls.contains(&rust) || !names.insert(rust.clone()) {
            let what = format!("the parameter {name:?} gives the name {rust}, which is taken");
            return Err(at.problem(what, mend));
        }
    }
    if let Some(name) = variables.difference(&declared).next() {
        return Err(place.problem(format!("the path's variable {name:?} is not declared"), mend));
    }
    if let Some(name) = declared.difference(variables).next() {
        return Err(place.problem(format!("the path has no variable {name:?}"), mend));
    }
    Ok(())
}

fn check_components(schemas: &Map<String, Value>, place: &Place) -> Result<(), Problem> {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for name in schemas.keys() {
        let at = place.at(name);
        let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let rust = name.to_upper_camel_case();
        if !name.chars().all(legal) || rust.is_empty() || name.len() > LONGEST_NAME {
            let mend = "rename it and its references with an overlay action";
            return Err(at.problem("this is no name for a component", mend));
        }
        if IN_SCOPE_OF_TYPES.contains(&rust.as_str()) {
            return Err(at.problem(
                format!("the component gives the type {rust}, a name that is taken"),
                "rename it and its references with an overlay action",
            ));
        }
        if let Some(other) = names.insert(rust.clone(), name) {
            return Err(at.problem(
                format!("the components {other:?} and {name:?} both give the type {rust}"),
                "rename one of them and its references with an overlay action",
            ));
        }
    }
    for (name, schema) in schemas {
        check_references(schema, schemas, &place.at(name))?;
    }
    check_cycles(schemas, place)?;
    let mut known = BTreeMap::new();
    for (name, schema) in schemas {
        if combinations(schema, schemas, &mut known) > MOST_COMBINATIONS {
            return Err(place.at(name).problem(
                format!("its unions combine to more than {MOST_COMBINATIONS} types"),
                "replace the unions inside `allOf` with an overlay action",
            ));
        }
    }
    Ok(())
}

/// The most types that a schema may stand for once the unions inside its `allOf`s are multiplied
/// out, as the generator does.
const MOST_COMBINATIONS: u64 = 1_000;

/// How many types a schema stands for. Circles are excluded before.
fn combinations<'v>(
    schema: &'v Value,
    schemas: &'v Map<String, Value>,
    known: &mut BTreeMap<&'v str, u64>,
) -> u64 {
    let reference = schema.get("$ref").and_then(Value::as_str);
    if let Some(name) = reference.and_then(|reference| reference.strip_prefix(PREFIX)) {
        if let Some(count) = known.get(name) {
            return *count;
        }
        let count = schemas.get(name).map_or(1, |target| combinations(target, schemas, known));
        known.insert(name, count);
        return count;
    }
    let mut count: u64 = 1;
    for union in ["anyOf", "oneOf"] {
        if let Some(arms) = schema.get(union).and_then(Value::as_array) {
            let sum = arms
                .iter()
                .fold(0_u64, |sum, arm| sum.saturating_add(combinations(arm, schemas, known)));
            count = count.saturating_mul(sum.max(1));
        }
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        count = count.saturating_mul(combinations(part, schemas, known));
    }
    count
}

/// Every reference of the lowered document leads to a component.
fn check_references(
    value: &Value,
    schemas: &Map<String, Value>,
    place: &Place,
) -> Result<(), Problem> {
    let mut targets = BTreeSet::new();
    composition(value, &mut targets);
    match targets.iter().find(|target| !schemas.contains_key(**target)) {
        Some(missing) => Err(place.problem(
            format!("the component {missing:?} does not exist"),
            "add it, or correct the reference, with an overlay action",
        )),
        None => Ok(()),
    }
}

/// A schema put together of itself stands for no finite type; the generator would not return.
fn check_cycles(schemas: &Map<String, Value>, place: &Place) -> Result<(), Problem> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in schemas.keys() {
        // Depth first, without recursion: chains are as long as the document makes them.
        let mut stack = vec![(start.as_str(), false)];
        let mut open: BTreeSet<&str> = BTreeSet::new();
        while let Some((name, leaving)) = stack.pop() {
            if leaving {
                open.remove(name);
                done.insert(name);
                continue;
            }
            if open.contains(name) {
                return Err(place.at(name).problem(
                    "the schema is put together of itself",
                    "break the circle with an overlay action",
                ));
            }
            if done.contains(name) {
                continue;
            }
            open.insert(name);
            stack.push((name, true));
            let mut targets = BTreeSet::new();
            if let Some(schema) = schemas.get(name) {
                composition(schema, &mut targets);
            }
            stack.extend(targets.into_iter().map(|target| (target, false)));
        }
    }
    Ok(())
}

/// The components that a schema is put together of: not those of its properties and items.
fn composition<'v>(schema: &'v Value, into: &mut BTreeSet<&'v str>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        into.extend(reference.strip_prefix(PREFIX));
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for arm in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
            composition(arm, into);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::lower::Reserved;

    fn check(document: &Value) -> Result<super::Summary, crate::problem::Problem> {
        let names = |name: &str| [name.to_owned()].into();
        let reserved = Reserved { of_client: names("new"), of_calls: names("send") };
        super::check(document, &reserved)
    }

    fn document(paths: Value, schemas: Value) -> Value {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas},
        })
    }

    fn refusal(paths: Value, schemas: Value) -> String {
        check(&document(paths, schemas)).expect_err("must be refused").to_string()
    }

    fn get(id: &str) -> Value {
        json!({"get": {"operationId": id, "responses": {"2XX": {"description": ""}}}})
    }

    #[test]
    fn proper_document_is_counted() {
        let summary = check(&document(json!({"/a": get("list_a")}), json!({"A": {}})));
        let summary = summary.expect("nothing is wrong");
        assert_eq!((summary.operations, summary.schemas), (1, 1));
    }

    #[test]
    fn operation_ids_must_exist_be_legal_and_differ() {
        let none = json!({"/a": {"get": {"responses": {}}}});
        assert!(refusal(none, json!({})).starts_with("/paths/~1a/get: the operation has no"));
        for id in ["list a", "1a", "", "a\"b", "ä"] {
            let message = refusal(json!({"/a": get(id)}), json!({}));
            assert!(message.contains("cannot be the name"), "{id}: {message}");
        }
        let two = json!({"/a": get("listA"), "/b": get("list_a")});
        assert!(refusal(two, json!({})).contains("as /paths/~1a/get does"));
        assert!(refusal(json!({"/a": get("new")}), json!({})).contains("client's functions"));
        for id in ["self", "error", "response_value"] {
            let message = refusal(json!({"/a": get(id)}), json!({}));
            assert!(message.contains("a name that is taken"), "{id}: {message}");
        }
        assert!(refusal(json!({"/a": get(&"a".repeat(201))}), json!({})).contains("cannot be"));
    }

    #[test]
    fn path_variables_and_parameters_must_agree() {
        let message = refusal(json!({"/a/{id}": get("a")}), json!({}));
        assert!(message.starts_with("operation a: /paths/~1a~1{id}/get"), "{message}");
        assert!(message.contains("variable \"id\" is not declared"), "{message}");
        let mut extra = get("a");
        extra["get"]["parameters"] =
            json!([{"in": "path", "name": "id", "required": true, "schema": {"type": "string"}}]);
        assert!(refusal(json!({"/a": extra}), json!({})).contains("no variable \"id\""));
        for path in ["a", "/{", "/}", "/{}", "/{a}/{a}", "/a b", "/a/../b", "/a\"b", "/a?b=c"] {
            assert!(refusal(json!({ path: get("a") }), json!({})).contains("path"), "{path}");
        }
    }

    #[test]
    fn parameters_of_one_name_are_refused() {
        let mut item = get("a");
        let query = |name: &str| json!({"in": "query", "name": name, "schema": {"type": "string"}});
        item["get"]["parameters"] = json!([query("$top"), query("top")]);
        assert!(refusal(json!({"/a": item.clone()}), json!({})).contains("which is taken"));
        item["get"]["parameters"] = json!([query("send")]);
        assert!(refusal(json!({"/a": item}), json!({})).contains("which is taken"));
    }

    #[test]
    fn components_of_one_name_are_refused() {
        let message = refusal(json!({"/a": get("a")}), json!({"FooBar": {}, "Foo-Bar": {}}));
        assert!(message.contains("both give the type FooBar"), "{message}");
        let message = refusal(json!({"/a": get("a")}), json!({"default": {}}));
        assert!(message.contains("gives the type Default, a name that is taken"), "{message}");
    }

    #[test]
    fn circles_of_composition_are_refused_and_others_are_not() {
        let message = refusal(
            json!({"/a": get("a")}),
            json!({"A": {"allOf": [{"$ref": "#/components/schemas/B"}]},
                   "B": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "string"}]}}),
        );
        assert!(message.contains("put together of itself"), "{message}");
        let tree = json!({"A": {"type": "object", "properties":
            {"children": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}}}});
        assert!(check(&document(json!({"/a": get("a")}), tree)).is_ok());
    }

    #[test]
    fn description_without_an_operation_is_refused() {
        assert!(refusal(json!({}), json!({})).contains("there is no operation"));
    }

    #[test]
    fn unions_that_multiply_are_refused() {
        let arms: Vec<_> = (0..8).map(|arm| json!({"properties": {arm.to_string(): {}}})).collect();
        let all = vec![json!({ "anyOf": arms }); 4];
        let message = refusal(json!({"/a": get("a")}), json!({"A": {"allOf": all}}));
        assert!(message.contains("combine to more than 1000 types"), "{message}");
    }
}
