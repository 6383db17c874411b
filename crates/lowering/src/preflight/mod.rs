//! The preflight stage: finds and names what would make the generator fail or panic.

mod composition;
mod size;

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use serde_json::{Map, Value};

use crate::lower::{Lowered, Options, names};
use crate::problem::{Place, Problem, Problems};

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
///
/// # Errors
///
/// All that the generator cannot take, each with its JSON pointer and a fix.
pub fn check(lowered: &Lowered, options: &Options) -> Result<Summary, Problems> {
    let document = &lowered.document;
    let root = Place::root();
    let empty = Map::new();
    let paths = document["paths"].as_object().unwrap_or(&empty);
    let schemas = document["components"]["schemas"].as_object().unwrap_or(&empty);
    // First: the other checks take long on a document that is too large.
    size::check(document, options.most_parts)?;
    let mut problems = Vec::new();
    let operations = check_operations(paths, &root.at("paths"), options, &mut problems);
    if operations == 0 {
        let fix = "check that the source is the API's description";
        problems.push(root.at("paths").problem("there is no operation", fix));
    }
    check_components(schemas, &lowered.names, &mut problems);
    Problems::none_or(problems, ())?;
    lowered.to_openapiv3()?;
    Ok(Summary {
        version: document["info"]["version"].as_str().unwrap_or_default().to_owned(),
        operations,
        schemas: schemas.len(),
    })
}

/// Returns the number of operations.
fn check_operations(
    paths: &Map<String, Value>,
    place: &Place,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> usize {
    let mut names: BTreeMap<String, Place> = BTreeMap::new();
    let mut count = 0;
    for (path, item) in paths {
        let at = place.at(path);
        let variables = path_variables(path, &at);
        let variables = variables.map_err(|problem| problems.push(problem)).ok();
        for (method, operation) in item.as_object().into_iter().flatten() {
            let at = at.at(method);
            count += 1;
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            problems.extend(check_operation_id(id, &at, options).err());
            problems.extend(check_name(id, &at, &mut names).err());
            if let Some(variables) = &variables {
                let mut found = Vec::new();
                check_parameters(operation, variables, &at, options, &mut found);
                let name = format!("operation {id}");
                problems.extend(found.into_iter().map(|problem| problem.within(&name)));
            }
        }
    }
    count
}

fn check_operation_id(id: &str, place: &Place, options: &Options) -> Result<(), Problem> {
    let at = place.at("operationId");
    let fix = "give it another with an overlay action";
    let legal = id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    if !legal || id.len() > LONGEST_NAME {
        let what = format!("the operationId {id:?} cannot be the name of a function");
        return Err(at.problem(what, fix));
    }
    let builder = id.to_upper_camel_case();
    if IN_SCOPE_OF_BUILDERS.contains(&builder.as_str()) {
        let what =
            format!("the operationId {id:?} gives the builder {builder}, a name that is taken");
        return Err(at.problem(what, fix));
    }
    if options.reserved.of_client.contains(&id.to_snake_case()) {
        let what = format!("the operationId {id:?} is the name of one of the client's functions");
        return Err(at.problem(what, fix));
    }
    Ok(())
}

/// The method is named in snake case, its builder in camel case: both must be free.
fn check_name(id: &str, place: &Place, names: &mut BTreeMap<String, Place>) -> Result<(), Problem> {
    for name in [id.to_snake_case(), id.to_upper_camel_case()] {
        let other = names.insert(name.clone(), place.clone());
        if let Some(other) = other.filter(|other| other != place) {
            return Err(place.at("operationId").problem(
                format!("the operationId {id:?} gives the name {name}, as {other} does"),
                "give one of them another with an overlay action",
            ));
        }
    }
    Ok(())
}

/// Returns the names in a path's braces.
fn path_variables(path: &str, place: &Place) -> Result<BTreeSet<String>, Problem> {
    let fix = "remove it, and add it corrected, with overlay actions";
    let bad = |what: &str| place.problem(what.to_owned(), fix);
    if !path.starts_with('/') {
        return Err(bad("a path must start with a slash"));
    }
    let mut found = BTreeSet::new();
    let mut fixed = String::new();
    let mut rest = path;
    while let Some(open) = rest.find(['{', '}']) {
        let end = rest[open..].find('}').map(|end| open + end);
        let (Some(end), true) = (end, rest[open..].starts_with('{')) else {
            return Err(bad("the braces of the path do not match"));
        };
        let name = &rest[open + 1..end];
        let odd = |c: char| !c.is_alphanumeric() && !"-_.~!$&'()*+,;=:@%".contains(c);
        if name.is_empty() || name.contains(odd) {
            return Err(bad("a variable of the path has no proper name"));
        }
        if !found.insert(name.to_owned()) {
            return Err(bad("a variable stands in the path twice"));
        }
        fixed.push_str(&rest[..open]);
        rest = &rest[end + 1..];
    }
    fixed.push_str(rest);
    // The name of a variable is not sent.
    let legal = |c: char| c.is_ascii_alphanumeric() || "/-_.~!$&'()*+,;=:@%".contains(c);
    if !fixed.chars().all(legal) || path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(bad("the path has characters or segments that no path may have"));
    }
    Ok(found)
}

fn check_parameters(
    operation: &Value,
    variables: &BTreeSet<String>,
    place: &Place,
    options: &Options,
    problems: &mut Vec<Problem>,
) {
    let mut names = BTreeSet::new();
    if operation.get("requestBody").is_some() {
        names.insert("body".to_owned());
    }
    let mut declared = BTreeSet::new();
    let parameters = operation.get("parameters").and_then(Value::as_array);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        if parameter["in"] == "path" {
            declared.insert(name.to_owned());
        }
        problems.extend(check_parameter(parameter, name, place).err());
        let given = options.parameter_extension.as_deref().and_then(|key| parameter[key].as_str());
        let fix = match &options.parameter_extension {
            Some(extension) => {
                format!("give it another with an overlay action that sets its `{extension}`")
            }
            None => "remove it with an overlay action".to_owned(),
        };
        let Some(rust) = names::of_parameter(given.unwrap_or(name)) else {
            let what = format!("the parameter {name:?} cannot have a name in Rust");
            problems.push(place.problem(what, fix));
            continue;
        };
        let free = !options.reserved.of_calls.contains(&rust) && names.insert(rust.clone());
        if !free {
            let what = format!("the parameter {name:?} gives the name {rust}, which is taken");
            problems.push(place.problem(what, fix));
        }
    }
    for name in variables.difference(&declared) {
        let what = format!("the path's variable {name:?} is not declared");
        problems.push(place.problem(what, "add the parameter with an overlay action"));
    }
    for name in declared.difference(variables) {
        let what = format!("the path has no variable {name:?}");
        problems.push(place.problem(what, "remove the parameter with an overlay action"));
    }
}

fn check_parameter(parameter: &Value, name: &str, place: &Place) -> Result<(), Problem> {
    let fix = "correct it with an overlay action";
    match parameter["in"].as_str().unwrap_or_default() {
        "path" | "query" => {}
        "header" => {
            let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
            if name.is_empty() || !name.bytes().all(token) {
                let what = format!("the name of the parameter {name:?} is not one of a header");
                return Err(place.problem(what, fix));
            }
        }
        other => {
            let what = format!("the parameter {name:?} is in {other:?}, which does not exist");
            return Err(place.problem(what, fix));
        }
    }
    Ok(())
}

fn check_components(
    schemas: &Map<String, Value>,
    names: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) {
    let place = Place::root().at("components").at("schemas");
    // An overlay names a component by its published name.
    let published: BTreeMap<_, _> =
        names.iter().map(|(published, lowered)| (lowered.as_str(), published.as_str())).collect();
    let at = |name: &str| place.at(published.get(name).copied().unwrap_or(name));
    let fix = "give it another name with an overlay action that sets its `x-rust-name`";
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for name in schemas.keys() {
        let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let rust = name.to_upper_camel_case();
        if !name.chars().all(legal) || rust.is_empty() || name.len() > LONGEST_NAME {
            problems.push(at(name).problem("this cannot be the name of a component", fix));
        } else if IN_SCOPE_OF_TYPES.contains(&rust.as_str()) {
            let what = format!("the component gives the type {rust}, a name that is taken");
            problems.push(at(name).problem(what, fix));
        } else if let Some(other) = taken.insert(rust.clone(), name) {
            let what = format!("the components {other:?} and {name:?} both give the type {rust}");
            problems.push(at(name).problem(what, fix));
        }
    }
    composition::check(schemas, &at, problems);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::lower::{Lowered, Options, Reserved};

    fn check(document: &Value) -> Result<super::Summary, crate::problem::Problems> {
        let names = |name: &str| [name.to_owned()].into();
        let reserved = Reserved { of_client: names("new"), of_calls: names("send") };
        let names = Default::default();
        let lowered = Lowered { document: document.clone(), notes: Vec::new(), names };
        super::check(&lowered, &Options { reserved, ..Options::default() })
    }

    fn document(paths: Value, schemas: Value) -> Value {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas},
        })
    }

    fn rejection(paths: Value, schemas: Value) -> String {
        check(&document(paths, schemas)).expect_err("must be rejected").to_string()
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
        for id in ["list a", "1a", "", "a\"b", "ä"] {
            let message = rejection(json!({"/a": get(id)}), json!({}));
            assert!(message.contains("cannot be the name"), "{id}: {message}");
        }
        let two = json!({"/a": get("listA"), "/b": get("list_a")});
        assert!(rejection(two, json!({})).contains("as /paths/~1a/get does"));
        assert!(rejection(json!({"/a": get("new")}), json!({})).contains("client's functions"));
        for id in ["self", "error", "response_value"] {
            let message = rejection(json!({"/a": get(id)}), json!({}));
            assert!(message.contains("a name that is taken"), "{id}: {message}");
        }
        assert!(rejection(json!({"/a": get(&"a".repeat(201))}), json!({})).contains("cannot be"));
    }

    #[test]
    fn path_variables_and_parameters_must_agree() {
        let message = rejection(json!({"/a/{id}": get("a")}), json!({}));
        assert!(message.starts_with("operation a: /paths/~1a~1{id}/get"), "{message}");
        assert!(message.contains("variable \"id\" is not declared"), "{message}");
        let mut extra = get("a");
        extra["get"]["parameters"] =
            json!([{"in": "path", "name": "id", "required": true, "schema": {"type": "string"}}]);
        assert!(rejection(json!({"/a": extra}), json!({})).contains("no variable \"id\""));
        for path in ["a", "/{", "/}", "/{}", "/{a}/{a}", "/a b", "/a/../b", "/a\"b", "/a?b=c"] {
            assert!(rejection(json!({ path: get("a") }), json!({})).contains("path"), "{path}");
        }
    }

    #[test]
    fn parameters_of_one_name_are_rejected() {
        let mut item = get("a");
        let query = |name: &str| json!({"in": "query", "name": name, "schema": {"type": "string"}});
        item["get"]["parameters"] = json!([query("$top"), query("top")]);
        assert!(rejection(json!({"/a": item.clone()}), json!({})).contains("which is taken"));
        item["get"]["parameters"] = json!([query("send")]);
        assert!(rejection(json!({"/a": item}), json!({})).contains("which is taken"));
    }

    #[test]
    fn components_of_one_name_are_rejected() {
        let message = rejection(json!({"/a": get("a")}), json!({"FooBar": {}, "Foo-Bar": {}}));
        assert!(message.contains("both give the type FooBar"), "{message}");
        let message = rejection(json!({"/a": get("a")}), json!({"default": {}}));
        assert!(message.contains("gives the type Default, a name that is taken"), "{message}");
    }

    #[test]
    fn circles_of_composition_are_rejected_and_others_are_not() {
        let message = rejection(
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
    fn description_without_an_operation_is_rejected() {
        assert!(rejection(json!({}), json!({})).contains("there is no operation"));
    }

    #[test]
    fn unions_that_multiply_are_rejected() {
        let arms: Vec<_> = (0..8).map(|arm| json!({"properties": {arm.to_string(): {}}})).collect();
        let all = vec![json!({ "anyOf": arms }); 4];
        let message = rejection(json!({"/a": get("a")}), json!({"A": {"allOf": all}}));
        assert!(message.contains("combine to more than 1000 types"), "{message}");
    }
}
