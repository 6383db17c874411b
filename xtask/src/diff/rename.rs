//! Components that go by another name and are the same otherwise.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::normal::normal;
use super::reach::Node;

/// The prefix of references to component schemas.
pub(super) const SCHEMAS: &str = "#/components/schemas/";

/// How many comparisons of two components are made at the most. Where a description renames more
/// than that at once, those that are left count as removed and added.
const MOST_PAIRS: usize = 40_000;

/// Keywords that are texts, or that the shape of a value does not depend on.
const TEXTS: &[&str] = &["title", "description", "example", "examples", "$comment", "externalDocs"];

/// Finds the renamed component schemas, from the old name to the new one.
pub(super) fn renames(old: &Value, new: &Value) -> BTreeMap<String, String> {
    let schemas = |document: &Value| {
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        schemas.cloned().unwrap_or_default()
    };
    let (old, new) = (schemas(old), schemas(new));
    let shapes = |these: &Map<String, Value>, others: &Map<String, Value>| {
        let only = these.iter().filter(|(name, _)| !others.contains_key(*name));
        only.map(|(name, value)| (name.clone(), shape(&Node::root(value), 0)))
            .collect::<BTreeMap<_, _>>()
    };
    let (gone, come) = (shapes(&old, &new), shapes(&new, &old));
    let mut found = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let mut pairs = MOST_PAIRS;
    for (name, shape) in &gone {
        // Of several that fit, the name that is most like the old one.
        let mut best: Option<(usize, &String)> = None;
        for (other, candidate) in come.iter().filter(|(other, _)| !taken.contains(*other)) {
            let Some(left) = pairs.checked_sub(1) else { return found };
            pairs = left;
            let likeness = likeness(name, other);
            // A shape that says nothing is like any other: the name must tell.
            if is_vague(shape) && likeness < name.chars().count().min(other.chars().count()) / 2 {
                continue;
            }
            let mut alike = Alike { gone: &gone, come: &come, assumed: BTreeMap::new() };
            alike.assumed.insert(name, other);
            if alike.values(shape, candidate) && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, other));
            }
        }
        if let Some((_, other)) = best {
            taken.insert(other.clone());
            found.insert(name.clone(), other.clone());
        }
    }
    found
}

/// Whether a shape would be taken for that of many others.
fn is_vague(shape: &Value) -> bool {
    let object = shape.as_object();
    object.is_none_or(|members| {
        ["properties", "values", "union", "allOf", "$ref"]
            .iter()
            .all(|key| !members.contains_key(*key))
    })
}

/// How many characters two names begin and end with in common.
fn likeness(a: &str, b: &str) -> usize {
    let prefix = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let suffix = a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).count();
    prefix.max(suffix)
}

/// Compares shapes; references to components that are on one side only are taken for the same
/// where what they stand for is, cycles included.
struct Alike<'a> {
    gone: &'a BTreeMap<String, Value>,
    come: &'a BTreeMap<String, Value>,
    assumed: BTreeMap<&'a str, &'a str>,
}

impl<'a> Alike<'a> {
    fn values(&mut self, a: &'a Value, b: &'a Value) -> bool {
        match (a, b) {
            (Value::Array(x), Value::Array(y)) => {
                x.len() == y.len() && x.iter().zip(y).all(|(x, y)| self.values(x, y))
            }
            (Value::Object(x), Value::Object(y)) => {
                x.len() == y.len()
                    && x.iter().all(|(key, x)| {
                        y.get(key).is_some_and(|y| match (key.as_str(), x.as_str(), y.as_str()) {
                            ("$ref", Some(x), Some(y)) => self.references(x, y),
                            _ => self.values(x, y),
                        })
                    })
            }
            _ => super::recorder::same(a, b),
        }
    }

    fn references(&mut self, a: &'a str, b: &'a str) -> bool {
        if a == b {
            return true;
        }
        let (Some(a), Some(b)) = (a.strip_prefix(SCHEMAS), b.strip_prefix(SCHEMAS)) else {
            return false;
        };
        if let Some(assumed) = self.assumed.get(a) {
            return *assumed == b;
        }
        let (Some(x), Some(y)) = (self.gone.get(a), self.come.get(b)) else { return false };
        // Each way is gone once: a pair stays assumed when it has been found alike.
        if self.assumed.len() > 256 {
            return false;
        }
        self.assumed.insert(a, b);
        self.values(x, y)
    }
}

/// How deep a shape is looked at.
const MOST_DEPTH: usize = 96;

/// A schema without its texts, in one spelling, with all below it.
pub(super) fn shape(schema: &Node<'_>, depth: usize) -> Value {
    if depth == MOST_DEPTH {
        return schema.value.clone();
    }
    let normal = normal(schema);
    let mut out = Map::new();
    if let Some(reference) = &normal.reference {
        out.insert("$ref".to_owned(), reference.value.clone());
    }
    if !normal.types.is_empty() {
        out.insert("type".to_owned(), normal.types.iter().copied().collect());
    }
    if normal.nullable {
        out.insert("nullable".to_owned(), true.into());
    }
    if let Some(values) = &normal.values {
        let mut list: Vec<_> = values.list.iter().map(|value| value.to_string()).collect();
        list.sort();
        list.dedup();
        out.insert("values".to_owned(), list.into());
    }
    if let Some(union) = &normal.union {
        let mut arms: Vec<_> = union.arms.iter().map(|arm| shape(arm, depth + 1)).collect();
        arms.sort_by_cached_key(Value::to_string);
        out.insert("union".to_owned(), arms.into());
    }
    if let Some(sum) = &normal.sum {
        let mut parts: Vec<_> = sum.arms.iter().map(|part| shape(part, depth + 1)).collect();
        parts.sort_by_cached_key(Value::to_string);
        out.insert("allOf".to_owned(), parts.into());
    }
    for (key, node) in &normal.keywords {
        let value = match *key {
            key if TEXTS.contains(&key) || key.starts_with("x-") => continue,
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                let members = node.members().into_iter();
                members.map(|(key, node)| (key.to_owned(), shape(&node, depth + 1))).collect()
            }
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties" => shape(node, depth + 1),
            "allOf" | "prefixItems" | "oneOf" | "anyOf" => {
                node.elements().iter().map(|node| shape(node, depth + 1)).collect()
            }
            "required" => {
                let mut names: Vec<_> = node.value.as_array().cloned().unwrap_or_default();
                names.sort_by_cached_key(Value::to_string);
                names.into()
            }
            _ => node.value.clone(),
        };
        out.insert((*key).to_owned(), value);
    }
    Value::Object(out)
}
