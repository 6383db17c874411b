//! Which operations reach a component, and which way it goes over the wire for them.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use openapi_lowering::problem::Place;

/// The methods of a path item (OpenAPI 3.2 adds `query`, which is no 3.1 keyword).
pub(super) const METHODS: &[&str] =
    &["delete", "get", "head", "options", "patch", "post", "put", "trace"];

/// Members whose keys are names that the description gives, and no keywords.
const NAME_MAPS: &[&str] = &[
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "patternProperties",
    "properties",
    "responses",
    "variables",
];

/// Members whose value is data, in which a `$ref` means nothing.
const DATA: &[&str] = &["const", "default", "enum", "example", "examples"];

/// A value and its place in one of the descriptions.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) at: Place,
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, at: Place::root() }
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| Self { value, at: self.at.at(key) })
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The elements of a list.
    pub(super) fn elements(&self) -> Vec<Self> {
        let list = self.value.as_array().into_iter().flatten().enumerate();
        list.map(|(index, value)| Self { value, at: self.at.at(index) }).collect()
    }

    /// The members of an object.
    pub(super) fn members(&self) -> Vec<(&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), Self { value, at: self.at.at(key) })).collect()
    }
}

/// What a local reference points to.
pub(super) fn resolve<'a>(document: &'a Value, reference: &str) -> Option<Node<'a>> {
    let pointer = percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
    let value = document.pointer(&pointer)?;
    let keys = pointer.split('/').skip(1);
    let at = keys.fold(Place::root(), |at, key| at.at(key.replace("~1", "/").replace("~0", "~")));
    Some(Node { value, at })
}

/// How long a chain of references may be.
const MOST_HOPS: usize = 32;

/// Follows references, for as long as there are any, to what is no reference.
pub(super) fn follow<'a>(document: &'a Value, node: &Node<'a>) -> Option<Node<'a>> {
    let mut node = node.clone();
    for _ in 0..MOST_HOPS {
        let Some(reference) = node.text("$ref") else {
            return Some(node);
        };
        node = resolve(document, reference)?;
    }
    None
}

/// The operations that meet a place, by the way that it goes for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sides {
    /// In requests.
    pub(super) sent: BTreeSet<String>,
    /// In answers that the client decodes.
    pub(super) read: BTreeSet<String>,
    /// In what nothing generated decodes: error bodies, and headers of answers.
    pub(super) aside: BTreeSet<String>,
}

impl Sides {
    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty() && self.read.is_empty() && self.aside.is_empty()
    }

    pub(super) fn all(&self) -> BTreeSet<String> {
        self.sent.iter().chain(&self.read).chain(&self.aside).cloned().collect()
    }
}

/// What the operations of one description reach, by the pointer of the component.
pub(super) type Reach = BTreeMap<String, Sides>;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Sent,
    Read,
    Aside,
}

/// Finds what each operation reaches; `name` gives an operation its id.
pub(super) fn reach(document: &Value, name: &dyn Fn(&str, &str, &Value) -> String) -> Reach {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut found = Reach::new();
    for (path, item) in Node::root(document).get("paths").iter().flat_map(Node::members) {
        let Some(item) = follow(document, &item) else { continue };
        for method in METHODS {
            let Some(operation) = item.value.get(*method) else { continue };
            let id = name(path, method, operation);
            for (side, start) in starts(document, item.value, operation) {
                let mut queue: Vec<_> = start.into_iter().collect();
                let mut seen = BTreeSet::new();
                while let Some(pointer) = queue.pop() {
                    if !seen.insert(pointer.clone()) {
                        continue;
                    }
                    let next = edges.entry(pointer.clone()).or_insert_with(|| {
                        let mut next = BTreeSet::new();
                        if let Some(value) = document.pointer(&pointer) {
                            references(value, false, &mut next);
                        }
                        next
                    });
                    queue.extend(next.iter().filter(|next| !seen.contains(*next)).cloned());
                }
                for pointer in seen {
                    let sides = found.entry(pointer).or_default();
                    let set = match side {
                        Side::Sent => &mut sides.sent,
                        Side::Read => &mut sides.read,
                        Side::Aside => &mut sides.aside,
                    };
                    set.insert(id.clone());
                }
            }
        }
    }
    found
}

/// The references that stand in an operation, by side.
fn starts(document: &Value, item: &Value, operation: &Value) -> BTreeMap<Side, BTreeSet<String>> {
    let mut starts: BTreeMap<Side, BTreeSet<String>> = BTreeMap::new();
    let sent = [item.get("parameters"), operation.get("parameters"), operation.get("requestBody")];
    for part in sent.into_iter().flatten() {
        references(part, false, starts.entry(Side::Sent).or_default());
    }
    let responses = operation.get("responses").map(|value| Node { value, at: Place::root() });
    let responses = responses.iter().flat_map(Node::members).collect::<Vec<_>>();
    let typed = responses.iter().any(|(status, _)| is_success(status));
    for (status, response) in responses {
        let read = is_success(status) || (status == "default" && !typed);
        let side = if read { Side::Read } else { Side::Aside };
        if let Some(reference) = response.text("$ref") {
            let own = starts.entry(side).or_default();
            own.extend(owner(reference));
        }
        let Some(response) = follow(document, &response) else { continue };
        for (key, part) in response.members() {
            let side = if key == "content" { side } else { Side::Aside };
            let names = NAME_MAPS.contains(&key);
            references(part.value, names, starts.entry(side).or_default());
        }
    }
    starts
}

/// Whether a status is one of success.
pub(super) fn is_success(status: &str) -> bool {
    status.len() == 3 && status.starts_with('2')
}

/// The component that a reference leads into, or the place itself outside of components.
fn owner(reference: &str) -> Option<String> {
    let pointer = percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
    if !pointer.starts_with("/components/") {
        return Some(pointer.into_owned());
    }
    let end = pointer.match_indices('/').nth(3).map_or(pointer.len(), |(end, _)| end);
    Some(pointer[..end].to_owned())
}

/// Collects the places that a value refers to; with `names` its keys are no keywords.
fn references(value: &Value, names: bool, into: &mut BTreeSet<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| references(value, false, into)),
        Value::Object(members) => {
            if !names && let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                into.extend(owner(reference));
            }
            for (key, value) in members {
                let key = key.as_str();
                if names {
                    references(value, false, into);
                } else if key == "discriminator" {
                    let mapping = value.get("mapping").and_then(Value::as_object);
                    for target in mapping.into_iter().flatten().filter_map(|(_, t)| t.as_str()) {
                        into.extend(owner(target));
                    }
                } else if !DATA.contains(&key) && !key.starts_with("x-") {
                    references(value, NAME_MAPS.contains(&key), into);
                }
            }
        }
        _ => {}
    }
}
