//! The second pass: fits a 3.0.3 document to a client.
//!
//! A client must read what a newer server sends: one name that grew too long, one enum value that
//! was added or one key that was left out must not fail a whole page of results. What restricts
//! values therefore goes; on requests the server checks it.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase as _;
use serde_json::{Map, Value, json};

use super::{Note, nullable};
use crate::problem::Place;

type Members = Map<String, Value>;

pub(super) const PREFIX: &str = "#/components/schemas/";

/// Keywords that restrict a value and change nothing about its type.
const CONSTRAINTS: &[&str] = &[
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

/// Formats for which the generator has a type that refuses other texts.
const STRICT_FORMATS: &[&str] = &["date", "ip", "ipv4", "ipv6", "uuid"];

/// Fits a lowered document to the client, in place.
pub(super) fn shape(document: &mut Value, notes: &mut Vec<Note>) {
    let directions = directions(document);
    nullable::move_nullable_to_references(document);
    nullable::unwrap_parameters(document);
    let components = document.pointer("/components/schemas").and_then(Value::as_object).cloned();
    let components = components.unwrap_or_default();
    let mut arms = BTreeSet::new();
    components.values().for_each(|schema| union_arms(schema, &mut arms));
    for_each_schema_of_operations(document, &mut |schema, _, _| union_arms(schema, &mut arms));
    let updates = updates(document);
    let mut shaping = Shaping { components, arms, updates, notes };
    let root = Place::root();
    let place = root.at("components").at("schemas");
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas {
            let known = directions.get(name);
            let read = known.is_none_or(|direction| direction.read);
            let sent = known.is_some_and(|direction| direction.sent);
            let tag = shaping.arms.contains(&format!("{PREFIX}{name}"));
            let position = Position { read, sent, component: true, tag };
            shaping.schema(schema, &place.at(name), position);
        }
    }
    for_each_schema_of_operations(document, &mut |schema, place, read| {
        let position = Position { read, sent: !read, component: false, tag: false };
        shaping.schema(schema, &place, position);
    });
}

/// Which way a component goes over the wire.
#[derive(Clone, Copy, Default)]
struct Direction {
    read: bool,
    sent: bool,
}

/// Finds by reachability which components are read and which are sent. One that no operation
/// reaches counts as read: the hand-written layer decodes error bodies.
fn directions(document: &mut Value) -> BTreeMap<String, Direction> {
    let mut queue = Vec::new();
    for_each_schema_of_operations(document, &mut |schema, _, read| {
        let mut names = BTreeSet::new();
        references(schema, &mut names);
        queue.extend(names.into_iter().map(|name| (name, read)));
    });
    let mut found: BTreeMap<String, Direction> = BTreeMap::new();
    while let Some((name, read)) = queue.pop() {
        let direction = found.entry(name.clone()).or_default();
        let known = if read { &mut direction.read } else { &mut direction.sent };
        if std::mem::replace(known, true) {
            continue;
        }
        let mut names = BTreeSet::new();
        if let Some(schema) = document["components"]["schemas"].get(&name) {
            references(schema, &mut names);
        }
        queue.extend(names.into_iter().map(|name| (name, read)));
    }
    found
}

/// The places of the bodies of partial updates.
fn updates(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let place = Place::root().at("paths").at(path).at("patch").at("requestBody").at("content");
        let schema = &item["patch"]["requestBody"]["content"]["application/json"]["schema"];
        match schema["$ref"].as_str() {
            Some(reference) => found.insert(reference.trim_start_matches('#').to_owned()),
            None => found.insert(place.at("application/json").at("schema").to_string()),
        };
    }
    found
}

/// The constant by which an arm that is written in place is told from others.
fn tag_of(arm: &Value) -> Option<&Value> {
    let properties = arm.get("properties")?.as_object()?;
    properties.values().find(|property| property.get("enum").is_some())
}

/// Collects the references that stand as arms of unions.
fn union_arms(schema: &Value, into: &mut BTreeSet<String>) {
    let Some(members) = schema.as_object() else { return };
    for (path, child) in children(members) {
        if matches!(path[0].as_str(), "anyOf" | "oneOf") {
            into.extend(child.get("$ref").and_then(Value::as_str).map(str::to_owned));
        }
        union_arms(child, into);
    }
}

/// Collects the components that a schema refers to, by position.
fn references(schema: &Value, into: &mut BTreeSet<String>) {
    let Some(members) = schema.as_object() else {
        return;
    };
    if let Some(name) = members.get("$ref").and_then(Value::as_str) {
        into.extend(name.strip_prefix(PREFIX).map(str::to_owned));
    }
    for (_, child) in children(members) {
        references(child, into);
    }
}

/// The schemas directly below a schema, with where they are.
fn children(members: &Members) -> impl Iterator<Item = (Vec<String>, &Value)> {
    let single = ["additionalProperties", "items", "not"]
        .into_iter()
        .filter_map(|key| Some((vec![key.to_owned()], members.get(key)?)));
    let listed = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|key| {
        let arms = members.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
        arms.map(move |(index, arm)| (vec![key.to_owned(), index.to_string()], arm))
    });
    let named = members.get("properties").and_then(Value::as_object).into_iter().flatten();
    let named = named.map(|(name, schema)| (vec!["properties".to_owned(), name.clone()], schema));
    single.chain(listed).chain(named)
}

/// Calls `each` with every schema that stands in an operation, its place and whether it is read.
pub(super) fn for_each_schema_of_operations(
    document: &mut Value,
    each: &mut dyn FnMut(&mut Value, Place, bool),
) {
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    for (path, item) in paths {
        let place = Place::root().at("paths").at(path);
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let place = place.at(method);
            if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
                for (index, parameter) in parameters.iter_mut().enumerate() {
                    if let Some(schema) = parameter.get_mut("schema") {
                        each(schema, place.at("parameters").at(index).at("schema"), false);
                    }
                }
            }
            let mut media = |content: Option<&mut Value>, place: Place, read: bool| {
                let Some(Value::Object(content)) = content else {
                    return;
                };
                for (name, media) in content {
                    if let Some(schema) = media.get_mut("schema") {
                        each(schema, place.at("content").at(name).at("schema"), read);
                    }
                }
            };
            let body = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
            media(body, place.at("requestBody"), false);
            if let Some(Value::Object(responses)) = operation.get_mut("responses") {
                for (status, response) in responses {
                    let place = place.at("responses").at(status);
                    media(response.get_mut("content"), place, true);
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Position {
    /// Whether answers carry it; one that goes both ways is read.
    read: bool,
    /// Whether requests carry it.
    sent: bool,
    component: bool,
    /// Whether it is an arm of a union, or a property of one: a constant there tells arms apart.
    tag: bool,
}

struct Shaping<'a> {
    /// The components as they were before this pass.
    components: Members,
    /// References that stand as arms of unions.
    arms: BTreeSet<String>,
    /// The places of the bodies of partial updates.
    updates: BTreeSet<String>,
    notes: &'a mut Vec<Note>,
}

impl Shaping<'_> {
    fn note(&mut self, rule: &'static str, effect: &'static str, place: &Place) {
        self.notes.push(Note { rule, effect, place: place.as_str().to_owned() });
    }

    fn schema(&mut self, schema: &mut Value, place: &Place, position: Position) {
        let Some(members) = schema.as_object_mut() else {
            return;
        };
        self.drop_constraints(members, place);
        self.drop_extra_beside_extra(members, place);
        self.unrequire_nullable(members, place, position);
        self.note_missing_null(members, place, position);
        self.open_inline_enum(members, place, position);
        self.loosen_format(members, place);
        self.drop_default(members, place, position);

        let paths: Vec<_> = children(members).map(|(path, _)| path).collect();
        for path in paths {
            let tag = match path[0].as_str() {
                "anyOf" | "oneOf" => true,
                "allOf" | "properties" => position.tag,
                _ => false,
            };
            let below = Position { component: false, tag, ..position };
            let (mut child, mut at) = (members.get_mut(&path[0]), place.at(&path[0]));
            if let Some(key) = path.get(1) {
                at = at.at(key);
                child = child.and_then(|value| match value {
                    Value::Array(arms) => arms.get_mut(key.parse::<usize>().ok()?),
                    value => value.get_mut(key),
                });
            }
            if let Some(child) = child {
                self.schema(child, &at, below);
            }
        }
        self.join_scalar_arms(members, place);
    }

    fn drop_constraints(&mut self, members: &mut Members, place: &Place) {
        for key in CONSTRAINTS {
            if members.remove(*key).is_some() {
                self.note("drop-constraint", "the client does not check it", &place.at(key));
            }
        }
        // A struct that refuses unknown keys fails when the server adds one.
        if members.get("additionalProperties") == Some(&Value::Bool(false)) {
            members.remove("additionalProperties");
            let effect = "the client does not check it";
            self.note("drop-constraint", effect, &place.at("additionalProperties"));
        }
    }

    /// The generator collects further keys in a field `extra`; a property of that name has it.
    fn drop_extra_beside_extra(&mut self, members: &mut Members, place: &Place) {
        let named =
            members.get("properties").and_then(Value::as_object).is_some_and(|properties| {
                properties.keys().any(|name| name.to_snake_case() == "extra")
            });
        if named && members.remove("additionalProperties").is_some() {
            let effect = "further keys are ignored beside a property that is called `extra`";
            self.note("drop-extra", effect, &place.at("additionalProperties"));
        }
    }

    /// A key that may be null carries as little when it is absent.
    fn unrequire_nullable(&mut self, members: &mut Members, place: &Place, position: Position) {
        if !position.read {
            return;
        }
        let mut nullable = BTreeSet::new();
        self.nullable_keys(members, &mut nullable, &mut BTreeSet::new());
        if !nullable.is_empty() {
            self.unrequire(members, &nullable, place);
        }
    }

    /// The keys of a schema and of what it is a sum of that may be null.
    fn nullable_keys<'s>(
        &'s self,
        members: &Members,
        into: &mut BTreeSet<String>,
        seen: &mut BTreeSet<&'s str>,
    ) {
        if let Some(Value::Object(properties)) = members.get("properties") {
            let nullable = |property: &Value| property.get("nullable") == Some(&Value::Bool(true));
            let found = properties.iter().filter(|(_, property)| nullable(property));
            into.extend(found.map(|(name, _)| name.clone()));
        }
        for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let reference = part.get("$ref").and_then(Value::as_str);
            let target = match reference.and_then(|reference| reference.strip_prefix(PREFIX)) {
                Some(name) => match self.components.get_key_value(name) {
                    // Sums of sums lead to the same part many times over.
                    Some((name, part)) if seen.insert(name) => Some(part),
                    _ => None,
                },
                None => Some(part),
            };
            if let Some(part) = target.and_then(Value::as_object) {
                self.nullable_keys(part, into, seen);
            }
        }
    }

    /// Rust has one `None` for a key that is absent and one that is null; only in the bodies of
    /// partial updates does build.rs tell them apart.
    fn note_missing_null(&mut self, members: &Members, place: &Place, position: Position) {
        if !position.sent || self.updates.contains(place.as_str()) {
            return;
        }
        let required = |name: &str| {
            let list = members.get("required").and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|required| required == name))
        };
        let properties = members.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if property.get("nullable") == Some(&Value::Bool(true)) && !required(name) {
                let effect = "an absent key is sent where null is meant";
                self.note("no-null", effect, &place.at("properties").at(name));
            }
        }
    }

    fn unrequire(&mut self, members: &mut Members, nullable: &BTreeSet<String>, place: &Place) {
        // A part of a sum may require what another part declares.
        if let Some(Value::Array(parts)) = members.get_mut("allOf") {
            for (index, part) in parts.iter_mut().enumerate() {
                if let Some(part) = part.as_object_mut() {
                    self.unrequire(part, nullable, &place.at("allOf").at(index));
                }
            }
        }
        let Some(Value::Array(required)) = members.get_mut("required") else {
            return;
        };
        let mut dropped = Vec::new();
        required.retain(|name| {
            let keep = !name.as_str().is_some_and(|name| nullable.contains(name));
            if !keep {
                dropped.extend(name.as_str().map(str::to_owned));
            }
            keep
        });
        if required.is_empty() {
            members.remove("required");
        }
        for name in dropped {
            let effect = "a key that may be null may also be absent";
            self.note("unrequire-nullable", effect, &place.at("properties").at(name));
        }
    }

    /// Enums that are components become open enums in Rust; one written in place has no name of
    /// its own, so what is read of it stays a text.
    fn open_inline_enum(&mut self, members: &mut Members, place: &Place, position: Position) {
        let closed = members.get("enum").is_some();
        let text = members.get("type").is_some_and(|name| name == "string");
        let constant = members.get("enum").and_then(Value::as_array).is_some_and(|v| v.len() == 1);
        let tells_apart = text && constant && position.tag;
        if closed && !tells_apart && ((position.read && !position.component) || !text) {
            members.remove("enum");
            self.note("open-enum", "any value of the type is read", &place.at("enum"));
        }
        // A component whose enum has null, or one value twice, is no plain list of names.
        if let Some(Value::Array(values)) = members.get_mut("enum") {
            let mut seen = BTreeSet::new();
            let lost = values.iter().any(|value| !value.is_string() && !value.is_null());
            values.retain(|value| value.is_string() && seen.insert(value.to_string()));
            let none = values.is_empty();
            if none {
                members.remove("enum");
            }
            if none || lost {
                let effect = "values of another type are left out";
                self.note("open-enum", effect, &place.at("enum"));
            }
        }
    }

    /// A format that the generator turns into a type which refuses other texts, or that it does
    /// not expect on this type.
    fn loosen_format(&mut self, members: &mut Members, place: &Place) {
        let Some(format) = members.get("format").and_then(Value::as_str) else {
            return;
        };
        let kept = match members.get("type").and_then(Value::as_str) {
            // Narrower numbers would refuse, or round, what the API may send one day.
            Some("integer") => format == "int64",
            Some("number") => format == "double",
            Some("string") => !STRICT_FORMATS.contains(&format),
            _ => false,
        };
        if !kept {
            members.remove("format");
            self.note("loosen-format", "the format is not checked", &place.at("format"));
        }
    }

    /// The generator makes a function of each default; only plain values of the own type pass.
    /// In a request it would be sent as if the caller had set it.
    fn drop_default(&mut self, members: &mut Members, place: &Place, position: Position) {
        let Some(default) = members.get("default") else {
            return;
        };
        let name = members.get("type").and_then(Value::as_str);
        let plain = !members.contains_key("enum") && !members.contains_key("format");
        let own = match (name, default) {
            (Some("boolean"), Value::Bool(_)) => true,
            (Some("integer"), Value::Number(number)) => number.is_i64(),
            (Some("number"), Value::Number(_)) | (Some("string"), Value::String(_)) => plain,
            _ => false,
        };
        if !own || position.sent {
            members.remove("default");
            let effect = "an absent key reads as none, not as the default";
            self.note("drop-default", effect, &place.at("default"));
        }
    }

    /// The generator tells arms apart by their type: two of one type would be read as a struct
    /// of both. Number and text is one type of this crate, written in exactly one way.
    fn join_scalar_arms(&mut self, members: &mut Members, place: &Place) {
        let Some(union) = ["anyOf", "oneOf"].into_iter().find(|key| members.contains_key(*key))
        else {
            return;
        };
        let Some(Value::Array(arms)) = members.get(union) else {
            return;
        };
        let names: Option<Vec<_>> = arms
            .iter()
            .map(|arm| match arm.get("type").and_then(Value::as_str)? {
                "object" | "array" => None,
                name => Some(name.to_owned()),
            })
            .collect();
        let Some(names) = names else {
            let open = |arm: &&Value| {
                arm.get("type").is_none_or(|name| name == "object") && tag_of(arm).is_none()
            };
            if arms.iter().filter(open).count() > 1 {
                let effect = "the first arm that fits is read, and what it lacks is ignored";
                self.note("first-arm", effect, &place.at(union));
            }
            // As `anyOf` the generator would make a struct of all arms at once.
            if union == "anyOf"
                && let Some(arms) = members.remove("anyOf")
            {
                members.insert("oneOf".into(), arms);
            }
            return;
        };
        let mut kinds: Vec<&str> = names.iter().map(String::as_str).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let joined = match kinds.as_slice() {
            ["number", "string"] | ["integer", "number", "string"] => {
                let effect = "a text that is no decimal number is refused";
                self.note("number-or-text", effect, &place.at(union));
                members.remove(union);
                members.insert("anyOf".into(), json!([{ "type": "number" }, { "type": "string" }]));
                return;
            }
            [only] => *only,
            ["integer", "number"] => "number",
            _ if kinds.len() == names.len() => {
                if union == "anyOf"
                    && let Some(arms) = members.remove("anyOf")
                {
                    members.insert("oneOf".into(), arms);
                }
                return;
            }
            _ => {
                members.remove(union);
                self.note("join-arms", "any value is read", &place.at(union));
                return;
            }
        };
        let joined = Value::from(joined);
        members.remove(union);
        members.insert("type".into(), joined);
        self.note("join-arms", "arms of one type are read as that type", &place.at(union));
    }
}
