//! Types of ids: from an integer in the description to a schema with a name.
//!
//! The overlay has a schema for each type of id, with the names of properties and parameters that hold
//! one (`x-id-names`). The published description has integers there. Their type comes from the name, from
//! the path, or from the component that an `id` belongs to. If none of these tells, `x-id` must: a
//! wrong type would compile, and then delete something else.

mod integer;
mod position;
mod reach;

use std::collections::BTreeMap;

use heck::ToSnakeCase as _;
use openapi_lowering::problem::{Place, Problem, Problems};
use serde_json::{Map, Value, json};

use self::integer::{integer, refer};
use self::position::Position;

/// The names that a type of ids stands for: an extension of its schema.
const NAMES: &str = "x-id-names";

/// The type of an id, or `false` for an integer that is not an id: an extension of an integer.
const MARK: &str = "x-id";

/// The type of the items of a list that is sent as one value. The generated code reads it.
const ITEM: &str = "x-item";

const SCHEMAS: &str = "#/components/schemas/";
const PARAMETERS: &str = "#/components/parameters/";
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Returns the document with a reference to the schema of its type at each id.
///
/// # Errors
///
/// All integers that may be ids of a type that is not certain, each with the overlay action to add.
pub(crate) fn typed(document: &Value) -> Result<Value, Problems> {
    let mut document = document.clone();
    let types = Types::of(&document)?;
    if types.by_name.is_empty() {
        return Ok(document);
    }
    let mut typing = Typing { types, problems: Vec::new() };
    let shared = document.pointer("/components/parameters").cloned().unwrap_or_default();
    typing.components(&mut document);
    typing.paths(&mut document, &shared);
    Problems::none_or(typing.problems, document)
}

/// Notes the type of the items at each list of ids that the lowering has made one string of.
pub(crate) fn mark_items(typed: &Value, lowered: &mut Value) {
    let paths = typed["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        let operations = item.as_object().into_iter().flatten();
        for (method, operation) in operations.filter(|(name, _)| METHODS.contains(&name.as_str())) {
            let of_path = item["parameters"].as_array().into_iter().flatten();
            let own = operation["parameters"].as_array().into_iter().flatten();
            for parameter in of_path.chain(own) {
                let item = parameter["schema"]["items"]["$ref"].as_str();
                let Some(id) = item.and_then(|reference| reference.strip_prefix(SCHEMAS)) else {
                    continue;
                };
                let targets = lowered["paths"][path.as_str()][method.as_str()]
                    .get_mut("parameters")
                    .and_then(Value::as_array_mut);
                let same = |target: &&mut Value| {
                    target["name"] == parameter["name"]
                        && target["schema"]["format"] == crate::client::COMMA_SEPARATED
                };
                for target in targets.into_iter().flatten().filter(same) {
                    target[ITEM] = id.into();
                }
            }
        }
    }
}

/// The types of ids in a description.
struct Types {
    /// The schema of each name.
    by_name: BTreeMap<String, String>,
    /// The suffix that names of schemas lose.
    suffix: String,
}

impl Types {
    fn of(document: &Value) -> Result<Self, Problems> {
        let mut by_name: BTreeMap<String, String> = BTreeMap::new();
        let mut problems = Vec::new();
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        for (schema, value) in schemas.into_iter().flatten() {
            let Some(names) = value.get(NAMES) else { continue };
            let place = Place::root().at("components").at("schemas").at(schema).at(NAMES);
            let names = names.as_array().into_iter().flatten().map(Value::as_str);
            let names: Option<Vec<_>> = names.collect();
            let Some(names) = names.filter(|names| !names.is_empty()) else {
                problems.push(place.problem(
                    "the names are not a list of strings",
                    "write a list such as [test_run_id] in openapi/overlay.yaml",
                ));
                continue;
            };
            for name in names {
                if let Some(other) = by_name.insert(name.to_owned(), schema.clone()) {
                    let what = format!("{name} is a name of {other} too");
                    problems.push(place.problem(what, "keep one of them in openapi/overlay.yaml"));
                }
            }
        }
        let suffix = document.pointer("/components/x-rust-strip-suffix").and_then(Value::as_str);
        let types = Self { by_name, suffix: suffix.unwrap_or_default().to_owned() };
        Problems::none_or(problems, types)
    }

    fn named(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(String::as_str)
    }

    fn is_type(&self, schema: &str) -> bool {
        self.by_name.values().any(|known| known == schema)
    }

    /// Returns the type of the `id` of a component.
    fn of_component(&self, component: &str) -> Option<&str> {
        let short = component.strip_suffix(&*self.suffix).unwrap_or(component);
        self.named(&format!("{}_id", short.to_snake_case()))
    }

    /// Returns the type of an id that follows a segment of a path, such as `test_runs`.
    fn of_segment(&self, segment: &str) -> Option<&str> {
        let segment = segment.to_snake_case();
        let singular = match (segment.strip_suffix("ies"), segment.strip_suffix('s')) {
            (Some(stem), _) => format!("{stem}y"),
            (None, Some(stem)) => stem.to_owned(),
            (None, None) => segment,
        };
        self.named(&format!("{singular}_id"))
    }
}

/// Returns the name of a property or parameter without what makes it one of a list: `project_id` for
/// `project_ids` and for `project_id_in`.
fn singular(name: &str) -> String {
    let name = name.to_snake_case();
    let name = name.strip_suffix("_in").unwrap_or(&name);
    match name.strip_suffix("ids") {
        Some(stem) if stem.is_empty() || stem.ends_with('_') => format!("{stem}id"),
        _ => name.to_owned(),
    }
}

fn is_name_of_id(name: &str) -> bool {
    name == "id" || name.ends_with("_id")
}

/// Gives ids their types.
struct Typing {
    types: Types,
    problems: Vec<Problem>,
}

impl Typing {
    fn components(&mut self, document: &mut Value) {
        let reached = reach::schemas(document);
        let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else {
            return;
        };
        let at = Position::root().key("components");
        for (name, schema) in members(components.get_mut("schemas")) {
            if !self.types.is_type(name) && reached.contains(name) {
                self.schema(schema, Some(name), &at.key("schemas").key(name));
            }
        }
        for (name, parameter) in members(components.get_mut("parameters")) {
            // Those whose type depends on the path are typed where they are used.
            let at = at.key("parameters").key(name).key("schema");
            if let Some(found) = parameter["name"].as_str().map(singular)
                && let Some(integer) = parameter.get_mut("schema").and_then(integer)
                && let Ok(Some(id)) = self
                    .marked(integer, &at)
                    .map(|marked| marked.or_else(|| self.types.named(&found).map(str::to_owned)))
            {
                refer(integer, &id);
            }
        }
        for group in ["requestBodies", "responses"] {
            for (name, value) in members(components.get_mut(group)) {
                self.content(value, &at.key(group).key(name));
            }
        }
    }

    fn paths(&mut self, document: &mut Value, shared: &Value) {
        let at = Position::root().key("paths");
        for (path, item) in members(document.get_mut("paths")) {
            let at = at.key(path);
            self.parameters(item, path, shared, &at);
            for (method, operation) in members(Some(item)) {
                if !METHODS.contains(&method.as_str()) {
                    continue;
                }
                let at = at.key(method);
                self.parameters(operation, path, shared, &at);
                if let Some(body) = operation.get_mut("requestBody") {
                    self.content(body, &at.key("requestBody"));
                }
                for (status, response) in members(operation.get_mut("responses")) {
                    // The client decodes errors by itself.
                    if status.starts_with(['1', '2', '3']) {
                        self.content(response, &at.key("responses").key(status));
                    }
                }
            }
        }
    }

    fn content(&mut self, value: &mut Value, at: &Position) {
        for (kind, media) in members(value.get_mut("content")) {
            if let Some(schema) = media.get_mut("schema") {
                self.schema(schema, None, &at.key("content").key(kind).key("schema"));
            }
        }
    }

    fn parameters(&mut self, of: &mut Value, path: &str, shared: &Value, at: &Position) {
        let list = of.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in list.into_iter().flatten() {
            let reference = parameter["$ref"].as_str().and_then(|r| r.strip_prefix(PARAMETERS));
            let (mut found, at) = match reference {
                Some(name) => (
                    shared[name].clone(),
                    Position::root().key("components").key("parameters").key(name),
                ),
                None => {
                    let name = parameter["name"].as_str().unwrap_or_default().to_owned();
                    (parameter.clone(), at.key("parameters").named(&name))
                }
            };
            if self.parameter(&mut found, path, &at.key("schema")) {
                *parameter = found;
            }
        }
    }

    /// Gives a parameter the type of its id. Returns whether it has one.
    fn parameter(&mut self, parameter: &mut Value, path: &str, at: &Position) -> bool {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let (short, in_path) = (singular(&name), parameter["in"] == "path");
        let Some(schema) = parameter.get_mut("schema") else { return false };
        let at = &if schema.get("items").is_some() { at.key("items") } else { at.clone() };
        let Some(integer) = integer(schema) else { return false };
        match self.marked(integer, at) {
            Ok(None) if !in_path && !is_name_of_id(&short) => return false,
            Ok(None) => {}
            Ok(Some(id)) => {
                refer(integer, &id);
                return true;
            }
            Err(()) => return false,
        }
        let before = path.split_once(&format!("/{{{name}}}")).map(|(before, _)| before);
        let segment = before.and_then(|before| before.rsplit('/').next()).filter(|_| in_path);
        let by_path = segment.and_then(|segment| self.types.of_segment(segment));
        let by_name = self.types.named(&short);
        let id = match (by_name, by_path) {
            (Some(name), Some(path)) if name != path => None,
            (Some(id), _) => Some(id),
            // A name such as `owner_id` is not that of the segment.
            (None, Some(id)) if short == "id" || !is_name_of_id(&short) => Some(id),
            (None, _) => None,
        };
        match id.map(str::to_owned) {
            Some(id) => {
                refer(integer, &id);
                true
            }
            None => {
                self.problems.push(self.unknown(&name, at));
                false
            }
        }
    }

    /// Walks a schema. `owner` is the component that it is.
    fn schema(&mut self, schema: &mut Value, owner: Option<&str>, at: &Position) {
        for (name, property) in members(schema.get_mut("properties")) {
            let at = at.key("properties").key(name);
            if !self.property(property, name, owner, &at) {
                self.schema(property, None, &at);
            }
        }
        for key in ["items", "additionalProperties", "not"] {
            if let Some(inner) = schema.get_mut(key) {
                self.schema(inner, None, &at.key(key));
            }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let arms = schema.get_mut(key).and_then(Value::as_array_mut);
            for (index, arm) in arms.into_iter().flatten().enumerate() {
                self.schema(arm, owner, &at.key(key).index(index));
            }
        }
    }

    /// Gives a property the type of its id. Returns whether it is an integer, or a list of integers.
    fn property(
        &mut self,
        property: &mut Value,
        name: &str,
        owner: Option<&str>,
        at: &Position,
    ) -> bool {
        let at = &if property.get("items").is_some() { at.key("items") } else { at.clone() };
        let Some(integer) = integer(property) else { return false };
        let short = singular(name);
        let id = match self.marked(integer, at) {
            Err(()) => return true,
            Ok(Some(id)) => Some(id),
            Ok(None) if !is_name_of_id(&short) => return true,
            Ok(None) if short == "id" => {
                owner.and_then(|owner| self.types.of_component(owner)).map(str::to_owned)
            }
            Ok(None) => self.types.named(&short).map(str::to_owned),
        };
        match id {
            Some(id) => refer(integer, &id),
            None => self.problems.push(self.unknown(name, at)),
        }
        true
    }

    /// Returns the type that an integer is marked with, and takes the mark off. `Err` for an integer
    /// that is not an id, or with a mark that is wrong.
    fn marked(
        &mut self,
        integer: &mut Map<String, Value>,
        at: &Position,
    ) -> Result<Option<String>, ()> {
        match integer.remove(MARK) {
            None => Ok(None),
            Some(Value::Bool(false)) => Err(()),
            Some(Value::String(id)) if self.types.is_type(&id) => Ok(Some(id)),
            Some(other) => {
                let what = format!("{other} is not a type of ids");
                let fix = format!("use one of {}, or false for another integer", self.known());
                self.problems.push(at.place().at(MARK).problem(what, fix));
                Err(())
            }
        }
    }

    fn unknown(&self, name: &str, at: &Position) -> Problem {
        let action = json!({
            "target": at.path(),
            "description": "The id of ...",
            "update": { MARK: self.types.by_name.values().next() },
        });
        let fix = format!(
            "add to openapi/overlay.yaml `- {action}`, where {MARK} is one of {}, or false if the value \
             is not an id",
            self.known()
        );
        let what = format!("the integer {name} may be an id, and its type is not certain");
        at.place().problem(what, fix)
    }

    fn known(&self) -> String {
        let mut known: Vec<_> = self.types.by_name.values().map(String::as_str).collect();
        known.sort_unstable();
        known.dedup();
        known.join(", ")
    }
}

/// Returns the members of an object, with their names.
fn members(value: Option<&mut Value>) -> impl Iterator<Item = (&String, &mut Value)> {
    value.and_then(Value::as_object_mut).into_iter().flatten()
}

#[cfg(test)]
mod tests;
