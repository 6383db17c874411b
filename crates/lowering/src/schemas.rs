//! The one list of the locations at which a document of OpenAPI 3.0 has schemas.
//!
//! Whoever walks over schemas does it with these functions: by location, never by the name of a
//! key, since a property may be called `items`.

use serde_json::{Map, Value};

use crate::problem::Place;

pub(crate) type Members = Map<String, Value>;

/// What a reference to a component schema starts with.
pub(crate) const PREFIX: &str = "#/components/schemas/";

/// How a keyword holds schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    One,
    List,
    Map,
}

/// The keywords of a schema that hold schemas, in the order of the walk.
const KEYWORDS: [(&str, Holds); 7] = [
    ("additionalProperties", Holds::One),
    ("items", Holds::One),
    ("not", Holds::One),
    ("allOf", Holds::List),
    ("anyOf", Holds::List),
    ("oneOf", Holds::List),
    ("properties", Holds::Map),
];

/// Returns how `keyword` holds schemas, or nothing for a keyword that holds none.
pub(crate) fn holds(keyword: &str) -> Option<Holds> {
    KEYWORDS.iter().find(|(known, _)| *known == keyword).map(|(_, holds)| *holds)
}

/// The way from a schema to one directly below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) keyword: &'static str,
    /// The index in a list, or the key in a map.
    pub(crate) key: Option<String>,
}

impl Step {
    pub(crate) fn is_property(&self) -> bool {
        self.keyword == "properties"
    }

    /// Whether it leads to an arm of a union.
    pub(crate) fn is_arm(&self) -> bool {
        matches!(self.keyword, "anyOf" | "oneOf")
    }

    /// Whether it leads to a part of an `allOf`.
    pub(crate) fn is_part(&self) -> bool {
        self.keyword == "allOf"
    }

    /// Returns the location of what it leads to.
    pub(crate) fn from(&self, place: &Place) -> Place {
        let place = place.at(self.keyword);
        self.key.as_ref().map_or_else(|| place.clone(), |key| place.at(key))
    }

    fn get<'v>(&self, members: &'v Members) -> Option<&'v Value> {
        let value = members.get(self.keyword)?;
        match (&self.key, value) {
            (None, value) => Some(value),
            (Some(key), Value::Array(list)) => list.get(key.parse::<usize>().ok()?),
            (Some(key), value) => value.get(key),
        }
    }

    fn get_mut<'v>(&self, members: &'v mut Members) -> Option<&'v mut Value> {
        let value = members.get_mut(self.keyword)?;
        match (&self.key, value) {
            (None, value) => Some(value),
            (Some(key), Value::Array(list)) => list.get_mut(key.parse::<usize>().ok()?),
            (Some(key), value) => value.get_mut(key),
        }
    }
}

/// Returns the ways to the schemas directly below a schema.
fn steps(members: &Members) -> Vec<Step> {
    let mut found = Vec::new();
    for (keyword, holds) in KEYWORDS {
        match (holds, members.get(keyword)) {
            (Holds::One, Some(_)) => found.push(Step { keyword, key: None }),
            (Holds::List, Some(Value::Array(list))) => {
                let indexes = 0..list.len();
                found.extend(indexes.map(|at| Step { keyword, key: Some(at.to_string()) }));
            }
            (Holds::Map, Some(Value::Object(map))) => {
                let keys = map.keys().cloned();
                found.extend(keys.map(|key| Step { keyword, key: Some(key) }));
            }
            _ => {}
        }
    }
    found
}

/// The schemas directly below a schema.
pub(crate) fn children(members: &Members) -> impl Iterator<Item = (Step, &Value)> {
    steps(members).into_iter().filter_map(|step| step.get(members).map(|value| (step, value)))
}

/// The schemas directly below a value that may be a schema.
pub(crate) fn children_of(schema: &Value) -> impl Iterator<Item = (Step, &Value)> {
    schema.as_object().into_iter().flat_map(children)
}

/// Calls `each` with every schema directly below a schema.
pub(crate) fn for_each_child(members: &mut Members, mut each: impl FnMut(&Step, &mut Value)) {
    for step in steps(members) {
        if let Some(child) = step.get_mut(members) {
            each(&step, child);
        }
    }
}

/// What holds a schema that is not below another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A component schema, by its name.
    Component(String),
    /// A parameter, by its name.
    Parameter(String),
    RequestBody,
    Response,
}

/// A schema that is not below another one.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(crate) holder: Holder,
    /// The method of its operation; empty for a component.
    pub(crate) method: String,
    /// The operationId of its operation; empty for a component.
    pub(crate) operation: String,
    pub(crate) place: Place,
}

impl Root {
    /// Whether responses carry it.
    pub(crate) fn is_read(&self) -> bool {
        self.holder == Holder::Response
    }
}

/// Returns every schema of a lowered document that is not below another one, components first.
pub(crate) fn roots(document: &Value) -> Vec<Root> {
    let mut found = Vec::new();
    let root = Place::root();
    let components = root.at("components").at("schemas");
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    found.extend(schemas.into_iter().flat_map(Members::keys).map(|name| Root {
        holder: Holder::Component(name.clone()),
        method: String::new(),
        operation: String::new(),
        place: components.at(name),
    }));
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let place = root.at("paths").at(path).at(method);
            roots_of_operation(operation, method, &place, &mut found);
        }
    }
    found
}

fn roots_of_operation(operation: &Value, method: &str, place: &Place, into: &mut Vec<Root>) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let mut add = |holder: Holder, place: Place| {
        into.push(Root { holder, method: method.to_owned(), operation: id.to_owned(), place });
    };
    let parameters = operation.get("parameters").and_then(Value::as_array);
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        if parameter.get("schema").is_some() {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            let place = place.at("parameters").at(index).at("schema");
            add(Holder::Parameter(name.to_owned()), place);
        }
    }
    let mut content = |holder: Holder, value: &Value, place: Place| {
        let content = value.get("content").and_then(Value::as_object);
        for (name, media) in content.into_iter().flatten() {
            if media.get("schema").is_some() {
                add(holder.clone(), place.at("content").at(name).at("schema"));
            }
        }
    };
    if let Some(body) = operation.get("requestBody") {
        content(Holder::RequestBody, body, place.at("requestBody"));
    }
    let responses = operation.get("responses").and_then(Value::as_object);
    for (status, response) in responses.into_iter().flatten() {
        content(Holder::Response, response, place.at("responses").at(status));
    }
}

/// Calls `each` with every schema of a lowered document that is not below another one.
pub(crate) fn for_each_root(document: &mut Value, mut each: impl FnMut(&Root, &mut Value)) {
    for root in roots(document) {
        if let Some(schema) = document.pointer_mut(root.place.as_str()) {
            each(&root, schema);
        }
    }
}

/// The name of the component that a schema refers to.
pub(crate) fn target(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(PREFIX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{children_of, for_each_child, for_each_root, roots};
    use crate::problem::Place;

    #[test]
    fn every_keyword_that_holds_schemas_is_walked_and_data_is_not() {
        let mut schema = json!({
            "additionalProperties": {}, "items": {}, "not": {},
            "allOf": [{}], "anyOf": [{}, {}], "oneOf": [{}],
            "properties": {"items": {}, "a/b": {}},
            "example": {"items": {}}, "default": {}, "enum": [{}],
        });
        let place = Place::root().at("It");
        let walked: Vec<_> =
            children_of(&schema).map(|(step, _)| step.from(&place).to_string()).collect();
        let expected = [
            "additionalProperties",
            "items",
            "not",
            "allOf/0",
            "anyOf/0",
            "anyOf/1",
            "oneOf/0",
            "properties/a~1b",
            "properties/items",
        ];
        assert_eq!(walked, expected.map(|path| format!("/It/{path}")));
        let mut count = 0;
        for_each_child(schema.as_object_mut().expect("an object"), |_, _| count += 1);
        assert_eq!(count, expected.len());
    }

    #[test]
    fn every_holder_of_an_operation_is_walked() {
        let content = json!({"application/json": {"schema": {}}});
        let mut document = json!({
            "paths": {"/a": {"patch": {
                "operationId": "a",
                "parameters": [{"name": "p"}, {"name": "q", "schema": {}}],
                "requestBody": {"content": content},
                "responses": {"200": {"content": content}, "204": {}},
            }}},
            "components": {"schemas": {"A": {}}},
        });
        let places: Vec<_> = roots(&document).iter().map(|root| root.place.to_string()).collect();
        let expected = [
            "/components/schemas/A",
            "/paths/~1a/patch/parameters/1/schema",
            "/paths/~1a/patch/requestBody/content/application~1json/schema",
            "/paths/~1a/patch/responses/200/content/application~1json/schema",
        ];
        assert_eq!(places, expected);
        let mut count = 0;
        for_each_root(&mut document, |_, _| count += 1);
        assert_eq!(count, expected.len());
    }
}
