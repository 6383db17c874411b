//! Components that have a new name and are the same otherwise.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::located::{Located, SCHEMAS, same};
use super::normal::normal;
use super::positions::{Schemas, schemas_in};

/// The most comparisons of two components. If a description renames more at once, the others count
/// as removed and added.
const MAX_PAIRS: usize = 40_000;

/// Keywords that do not affect the shape of a value.
const TEXT_KEYWORDS: &[&str] =
    &["title", "description", "example", "examples", "$comment", "externalDocs"];

/// Finds the renamed component schemas, from the old name to the new one.
pub(super) fn renames(old: &Value, new: &Value) -> BTreeMap<String, String> {
    let schemas = |document: &Value| {
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        schemas.cloned().unwrap_or_default()
    };
    let (old, new) = (schemas(old), schemas(new));
    let shapes = |these: &Map<String, Value>, others: &Map<String, Value>| {
        let only = these.iter().filter(|(name, _)| !others.contains_key(*name));
        only.map(|(name, value)| (name.clone(), shape(&Located::root(value), 0)))
            .collect::<BTreeMap<_, _>>()
    };
    let (removed, added) = (shapes(&old, &new), shapes(&new, &old));
    let mut found = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let mut pairs = MAX_PAIRS;
    for (name, shape) in &removed {
        // Of several matches, the name that is most like the old one.
        let mut best: Option<(usize, &String)> = None;
        for (other, candidate) in added.iter().filter(|(other, _)| !taken.contains(*other)) {
            let Some(left) = pairs.checked_sub(1) else { return found };
            pairs = left;
            let likeness = likeness(name, other);
            // A vague shape matches many others, so the name must tell.
            if is_vague(shape) && likeness < name.chars().count().min(other.chars().count()) / 2 {
                continue;
            }
            let mut alike = Alike { removed: &removed, added: &added, assumed: BTreeMap::new() };
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

/// Whether many components would have this shape.
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

/// Compares shapes. References to components that are on one side only match if their targets do,
/// cycles included.
struct Alike<'a> {
    removed: &'a BTreeMap<String, Value>,
    added: &'a BTreeMap<String, Value>,
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
            _ => same(a, b),
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
        let (Some(x), Some(y)) = (self.removed.get(a), self.added.get(b)) else { return false };
        // Each pair is compared once: it stays assumed to match.
        if self.assumed.len() > 256 {
            return false;
        }
        self.assumed.insert(a, b);
        self.values(x, y)
    }
}

/// How deep a shape is built.
const MAX_DEPTH: usize = 96;

/// A schema without its texts, in one spelling, with everything below it.
pub(super) fn shape(schema: &Located<'_>, depth: usize) -> Value {
    if depth == MAX_DEPTH {
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
            key if TEXT_KEYWORDS.contains(&key) || key.starts_with("x-") => continue,
            "required" => {
                let mut names: Vec<_> = node.value.as_array().cloned().unwrap_or_default();
                names.sort_by_cached_key(Value::to_string);
                names.into()
            }
            key => match schemas_in(key, node) {
                None => node.value.clone(),
                Some(Schemas::One(schema)) => shape(&schema, depth + 1),
                Some(Schemas::List(list)) => {
                    list.iter().map(|schema| shape(schema, depth + 1)).collect()
                }
                Some(Schemas::Named(named)) => {
                    let named = named.into_iter();
                    named.map(|(key, schema)| (key.to_owned(), shape(&schema, depth + 1))).collect()
                }
            },
        };
        out.insert((*key).to_owned(), value);
    }
    Value::Object(out)
}
