//! Finds which operations reach a component, and whether they send or read it.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::endpoint::{METHODS, is_success};
use super::located::{Located, follow};
use super::positions::{Holds, holds};
use openapi_lowering::problem::Place;

/// The operations that use a part of the description, by direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sides {
    /// In requests.
    pub(super) requests: BTreeSet<String>,
    /// In responses that the client decodes.
    pub(super) responses: BTreeSet<String>,
    /// In parts that no generated code decodes: error bodies and response headers.
    pub(super) undecoded: BTreeSet<String>,
}

impl Sides {
    pub(super) fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.responses.is_empty() && self.undecoded.is_empty()
    }

    pub(super) fn all(&self) -> BTreeSet<String> {
        self.requests.iter().chain(&self.responses).chain(&self.undecoded).cloned().collect()
    }
}

/// What the operations of one description reach, by the pointer of the component.
pub(super) type Reach = BTreeMap<String, Sides>;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Request,
    Response,
    Undecoded,
}

/// Finds what each operation reaches; `name` gives an operation its id.
pub(super) fn reach(document: &Value, name: &dyn Fn(&str, &str, &Value) -> String) -> Reach {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut found = Reach::new();
    for (path, item) in Located::root(document).get("paths").iter().flat_map(Located::members) {
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
                        Side::Request => &mut sides.requests,
                        Side::Response => &mut sides.responses,
                        Side::Undecoded => &mut sides.undecoded,
                    };
                    set.insert(id.clone());
                }
            }
        }
    }
    found
}

/// The references in an operation itself, by direction.
fn starts(document: &Value, item: &Value, operation: &Value) -> BTreeMap<Side, BTreeSet<String>> {
    let mut starts: BTreeMap<Side, BTreeSet<String>> = BTreeMap::new();
    let sent = [item.get("parameters"), operation.get("parameters"), operation.get("requestBody")];
    for part in sent.into_iter().flatten() {
        references(part, false, starts.entry(Side::Request).or_default());
    }
    let responses = operation.get("responses").map(|value| Located { value, at: Place::root() });
    let responses = responses.iter().flat_map(Located::members).collect::<Vec<_>>();
    let typed = responses.iter().any(|(status, _)| is_success(status));
    for (status, response) in responses {
        let read = is_success(status) || (status == "default" && !typed);
        let side = if read { Side::Response } else { Side::Undecoded };
        if let Some(reference) = response.text("$ref") {
            let own = starts.entry(side).or_default();
            own.extend(owner(reference));
        }
        let Some(response) = follow(document, &response) else { continue };
        for (key, part) in response.members() {
            let side = if key == "content" { side } else { Side::Undecoded };
            let names = holds(key) == Holds::Named;
            references(part.value, names, starts.entry(side).or_default());
        }
    }
    starts
}

/// The component that a reference leads into, or its target outside of components.
fn owner(reference: &str) -> Option<String> {
    let pointer = percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
    if !pointer.starts_with("/components/") {
        return Some(pointer.into_owned());
    }
    let end = pointer.match_indices('/').nth(3).map_or(pointer.len(), |(end, _)| end);
    Some(pointer[..end].to_owned())
}

/// Collects the pointers that a value refers to. With `names`, its keys are not keywords.
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
                } else {
                    match holds(key) {
                        Holds::Data => {}
                        holds => references(value, holds == Holds::Named, into),
                    }
                }
            }
        }
        _ => {}
    }
}
