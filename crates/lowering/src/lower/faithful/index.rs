//! What the references of a description lead to: `$id`, `$anchor` and `$dynamicAnchor` of all its
//! schemas, by the pointers of these.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::uri;
use crate::lower::names::place_of;
use crate::problem::{Place, Problem};
use crate::schemas::{Holds, Members};

/// The keywords of JSON Schema 2020-12 that hold schemas.
pub(super) const SUBSCHEMAS: &[(&str, Holds)] = &[
    ("additionalItems", Holds::One),
    ("additionalProperties", Holds::One),
    ("contains", Holds::One),
    ("contentSchema", Holds::One),
    ("else", Holds::One),
    ("if", Holds::One),
    ("items", Holds::One),
    ("not", Holds::One),
    ("propertyNames", Holds::One),
    ("then", Holds::One),
    ("unevaluatedItems", Holds::One),
    ("unevaluatedProperties", Holds::One),
    ("allOf", Holds::List),
    ("anyOf", Holds::List),
    ("oneOf", Holds::List),
    ("prefixItems", Holds::List),
    ("$defs", Holds::Map),
    ("definitions", Holds::Map),
    ("dependentSchemas", Holds::Map),
    ("patternProperties", Holds::Map),
    ("properties", Holds::Map),
];

/// Members of OpenAPI objects that hold data, in which nothing is a schema.
const DATA: &[&str] = &["example", "examples", "mapping", "value"];

/// Members that hold a map, whose keys are free: none of them is an extension or a keyword.
const MAPS: &[&str] = &[
    "content",
    "encoding",
    "headers",
    "mediaTypes",
    "parameters",
    "pathItems",
    "requestBodies",
    "securitySchemes",
    "variables",
    "webhooks",
];

/// A part of the document with an address of its own.
struct Resource {
    pointer: String,
    uri: String,
}

struct Anchor {
    resource: usize,
    pointer: String,
    dynamic: bool,
}

pub(super) struct Index<'a> {
    document: &'a Value,
    /// The first is the document.
    resources: Vec<Resource>,
    by_uri: BTreeMap<String, usize>,
    by_pointer: BTreeMap<String, usize>,
    anchors: BTreeMap<String, Vec<Anchor>>,
}

/// What a reference leads to: the pointers of one schema or of several.
pub(super) type Targets = Vec<String>;

impl<'a> Index<'a> {
    pub(super) fn new(document: &'a Value) -> Self {
        let own = document.get("$self").and_then(Value::as_str).unwrap_or_default();
        let address = uri::resolve(uri::DOCUMENT, uri::split(own).0);
        let mut index = Self {
            document,
            resources: Vec::new(),
            by_uri: BTreeMap::new(),
            by_pointer: BTreeMap::new(),
            anchors: BTreeMap::new(),
        };
        index.add(String::new(), address);
        index.object(document, &Place::root(), false);
        index
    }

    pub(super) fn document(&self) -> &'a Value {
        self.document
    }

    fn add(&mut self, pointer: String, address: String) -> usize {
        let number = self.resources.len();
        self.by_uri.entry(address.clone()).or_insert(number);
        self.by_pointer.insert(pointer.clone(), number);
        self.resources.push(Resource { pointer, uri: address });
        number
    }

    /// Walks over what is not a schema.
    fn object(&mut self, value: &'a Value, place: &Place, is_map: bool) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    let at = place.at(key);
                    match key.as_str() {
                        _ if is_map => self.object(value, &at, false),
                        "schema" | "itemSchema" => self.schema(value, &at, 0),
                        "schemas" if place.as_str() == "/components" => {
                            for (name, schema) in value.as_object().into_iter().flatten() {
                                self.schema(schema, &at.at(name), 0);
                            }
                        }
                        key if DATA.contains(&key) || key.starts_with("x-") => {}
                        key => self.object(value, &at, MAPS.contains(&key)),
                    }
                }
            }
            Value::Array(list) => {
                for (number, value) in list.iter().enumerate() {
                    self.object(value, &place.at(number), false);
                }
            }
            _ => {}
        }
    }

    fn schema(&mut self, schema: &'a Value, place: &Place, resource: usize) {
        let Some(members) = schema.as_object() else { return };
        let mut resource = resource;
        if let Some(id) = members.get("$id").and_then(Value::as_str) {
            let (address, fragment) = uri::split(id);
            if !address.is_empty() {
                let address = uri::resolve(&self.resources[resource].uri, address);
                resource = self.add(place.as_str().to_owned(), address);
            } else if !fragment.is_empty() {
                // An older way to write an anchor.
                self.anchor(fragment, resource, place, false);
            }
        }
        for (key, dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
            if let Some(name) = members.get(key).and_then(Value::as_str) {
                self.anchor(name, resource, place, dynamic);
            }
        }
        for (step, child) in subschemas(members) {
            let at = step.iter().fold(place.clone(), |place, token| place.at(token));
            self.schema(child, &at, resource);
        }
    }

    fn anchor(&mut self, name: &str, resource: usize, place: &Place, dynamic: bool) {
        let pointer = place.as_str().to_owned();
        let anchors = self.anchors.entry(name.to_owned()).or_default();
        anchors.push(Anchor { resource, pointer, dynamic });
    }

    /// The resource that a location belongs to.
    fn resource_at(&self, pointer: &str) -> usize {
        if self.resources.len() == 1 {
            return 0;
        }
        let mut around = pointer;
        loop {
            if let Some(number) = self.by_pointer.get(around) {
                return *number;
            }
            match around.rfind('/') {
                Some(at) => around = &around[..at],
                None => return 0,
            }
        }
    }

    /// Returns the pointer of what a reference at `place` leads to.
    ///
    /// # Errors
    ///
    /// It leads to another document or to nothing. The problem is at `at`.
    pub(super) fn target(
        &self,
        reference: &str,
        place: &Place,
        at: &Place,
    ) -> Result<String, Problem> {
        let (number, fragment) = self.resource_of(reference, place, at)?;
        let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
        let resource = &self.resources[number];
        if fragment.is_empty() {
            return Ok(resource.pointer.clone());
        }
        let dangling = || {
            at.problem(
                format!("{reference:?} refers to nothing in the document"),
                "add what it refers to, or correct the reference, with an overlay action",
            )
        };
        if !fragment.starts_with('/') {
            let found = self.anchor_of(&fragment, number);
            return found.map(|anchor| anchor.pointer.clone()).ok_or_else(dangling);
        }
        // Descriptions also have pointers into the document where a schema has an `$id`, and
        // pointers into a component that was a document of its own.
        let component = component_around(place.as_str());
        let bases = [Some(resource.pointer.as_str()), Some(""), component];
        let found = bases.into_iter().flatten().map(|base| format!("{base}{fragment}"));
        let mut found = found.filter(|pointer| self.document.pointer(pointer).is_some());
        found.next().ok_or_else(dangling)
    }

    /// Returns the pointer of what a `$recursiveRef` at `place` leads to: the nearest schema around it
    /// with `$recursiveAnchor`, or else the resource or the component that it is in. Descriptions of
    /// 3.1 still use this keyword of JSON Schema 2019-09.
    pub(super) fn recursive_target(
        &self,
        reference: &str,
        place: &Place,
        at: &Place,
    ) -> Result<String, Problem> {
        let mut around = place.as_str();
        while let Some(end) = around.rfind('/') {
            around = &around[..end];
            let schema = self.document.pointer(around);
            if schema.and_then(|it| it.get("$recursiveAnchor")) == Some(&Value::Bool(true)) {
                return Ok(around.to_owned());
            }
        }
        let target = self.target(reference, place, at)?;
        let component = component_around(place.as_str()).filter(|_| target.is_empty());
        Ok(component.map_or(target, str::to_owned))
    }

    fn resource_of<'r>(
        &self,
        reference: &'r str,
        place: &Place,
        at: &Place,
    ) -> Result<(usize, &'r str), Problem> {
        let (address, fragment) = uri::split(reference);
        let base = self.resource_at(place.as_str());
        if address.is_empty() {
            return Ok((base, fragment));
        }
        let address = uri::resolve(&self.resources[base].uri, address);
        match self.by_uri.get(&address) {
            Some(number) => Ok((*number, fragment)),
            None => Err(at.problem(
                format!("{reference:?} refers to another document"),
                "bundle the description into one document first",
            )),
        }
    }

    fn anchor_of(&self, name: &str, resource: usize) -> Option<&Anchor> {
        self.anchors.get(name)?.iter().find(|anchor| anchor.resource == resource)
    }

    /// Returns all that a `$dynamicRef` at `place` may lead to.
    pub(super) fn dynamic_targets(
        &self,
        reference: &str,
        place: &Place,
        at: &Place,
    ) -> Result<Targets, Problem> {
        let first = self.target(reference, place, at)?;
        let (number, name) = self.resource_of(reference, place, at)?;
        let Some(anchor) = self.anchor_of(name, number).filter(|anchor| anchor.dynamic) else {
            return Ok(vec![first]);
        };
        let same = self.anchors.get(name).into_iter().flatten().filter(|anchor| anchor.dynamic);
        let mut found: BTreeSet<&str> = same.map(|anchor| anchor.pointer.as_str()).collect();
        found.insert(&anchor.pointer);
        Ok(found.into_iter().map(str::to_owned).collect())
    }
}

/// The component schema that a location is in.
fn component_around(pointer: &str) -> Option<&str> {
    let rest = pointer.strip_prefix("/components/schemas/")?;
    let end = rest.find('/').unwrap_or(rest.len());
    Some(&pointer[..pointer.len() - rest.len() + end])
}

/// The schemas directly below a schema of 3.1, with the way to each.
pub(super) fn subschemas(members: &Members) -> Vec<(Vec<String>, &Value)> {
    let mut found = Vec::new();
    for (keyword, value) in members {
        let Some((_, holds)) = SUBSCHEMAS.iter().find(|(known, _)| known == keyword) else {
            continue;
        };
        match (holds, value) {
            // A tuple of an older draft is a list in `items`.
            (Holds::List, Value::Array(list)) | (Holds::One, Value::Array(list)) => {
                let all = list.iter().enumerate();
                found.extend(all.map(|(at, value)| (vec![keyword.clone(), at.to_string()], value)));
            }
            (Holds::One, value) => found.push((vec![keyword.clone()], value)),
            (Holds::Map, Value::Object(map)) => {
                let all = map.iter();
                found.extend(all.map(|(key, value)| (vec![keyword.clone(), key.clone()], value)));
            }
            _ => {}
        }
    }
    found
}

/// The value at a pointer, with its location.
pub(super) fn at<'v>(document: &'v Value, pointer: &str) -> (&'v Value, Place) {
    (document.pointer(pointer).unwrap_or(&Value::Null), place_of(pointer))
}
