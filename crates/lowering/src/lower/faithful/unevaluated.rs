//! `unevaluatedProperties` and `unevaluatedItems`: what no schema of the same value has seen.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Writer;
use crate::lower::rules::RuleId;
use crate::problem::Place;
use crate::schemas::Members;

/// The deepest chain of schemas of one value that is followed.
const MOST_HOPS: usize = 32;

/// What is allowed of properties or items that nothing else sees.
pub(super) enum Rest<'v> {
    Unlimited,
    /// What this schema allows.
    Limited(&'v Value),
}

/// What the schemas of one value see of its properties and items.
#[derive(Default)]
struct Seen {
    names: BTreeSet<String>,
    /// Whether they may see names that match a pattern.
    patterns: bool,
    /// Whether they see, or may see, every property.
    all: bool,
    /// Whether they may see items.
    items: bool,
    /// Whether some of that depends on the value.
    depends: bool,
}

/// The schemas that were followed.
#[derive(Default)]
struct Path {
    hops: usize,
    /// What references led to; nothing is followed twice.
    visited: BTreeSet<String>,
}

impl Seen {
    fn any(&self) -> bool {
        !self.names.is_empty() || self.patterns || self.all || self.items
    }

    fn add(&mut self, other: Self, depends: bool) {
        self.depends |= other.depends || (depends && other.any());
        self.names.extend(other.names);
        self.patterns |= other.patterns;
        self.all |= other.all;
        self.items |= other.items;
    }
}

impl Writer<'_> {
    pub(super) fn unevaluated_items<'v>(&mut self, source: &'v Members, place: &Place) -> Rest<'v> {
        let Some(rest) = source.get("unevaluatedItems") else { return Rest::Unlimited };
        let at = place.at("unevaluatedItems");
        if rest == &Value::Bool(true) || rest.as_object().is_some_and(Members::is_empty) {
            return Rest::Unlimited;
        }
        let contains = source.contains_key("contains");
        if self.drops(RuleId::Unevaluated) || contains || self.seen(source, place).items {
            self.widen(RuleId::Unevaluated, &at, "items that nothing else sees are not checked");
            return Rest::Unlimited;
        }
        Rest::Limited(rest)
    }

    /// Adds the names that other schemas of the value see to `properties`.
    pub(super) fn unevaluated_properties<'v>(
        &mut self,
        source: &'v Members,
        place: &Place,
        properties: &mut Members,
    ) -> Rest<'v> {
        let Some(rest) = source.get("unevaluatedProperties") else { return Rest::Unlimited };
        let at = place.at("unevaluatedProperties");
        if rest == &Value::Bool(true) || rest.as_object().is_some_and(Members::is_empty) {
            return Rest::Unlimited;
        }
        let detail = "keys that nothing else sees are not checked";
        if self.drops(RuleId::Unevaluated) {
            self.widen(RuleId::Unevaluated, &at, detail);
            return Rest::Unlimited;
        }
        let seen = self.seen(source, place);
        if seen.all && !seen.depends {
            return Rest::Unlimited;
        }
        if seen.depends || seen.patterns {
            self.widen(RuleId::Unevaluated, &at, detail);
        }
        if seen.all || seen.patterns {
            return Rest::Unlimited;
        }
        for name in seen.names {
            properties.entry(name).or_insert_with(|| json!({}));
        }
        Rest::Limited(rest)
    }

    fn seen(&self, source: &Members, place: &Place) -> Seen {
        self.seen_beside(source, place, &mut Path::default())
    }

    /// What the schemas that a schema applies to the same value see.
    fn seen_beside(&self, source: &Members, place: &Place, path: &mut Path) -> Seen {
        let mut seen = Seen::default();
        if path.hops == MOST_HOPS {
            return Seen { all: true, items: true, depends: true, ..seen };
        }
        path.hops += 1;
        for key in ["$ref", "$recursiveRef", "$dynamicRef"] {
            let Some(reference) = source.get(key).and_then(Value::as_str) else { continue };
            let targets = match key {
                "$dynamicRef" => self.index.dynamic_targets(reference, place, place),
                "$recursiveRef" => {
                    self.index.recursive_target(reference, place, place).map(|target| vec![target])
                }
                _ => self.index.target(reference, place, place).map(|target| vec![target]),
            };
            let targets = targets.unwrap_or_default();
            for pointer in &targets {
                let (schema, at) = super::index::at(self.source, pointer);
                if path.visited.insert(pointer.clone()) {
                    seen.add(self.seen_by(schema, &at, path), targets.len() > 1);
                }
            }
        }
        for (key, depends) in [("allOf", false), ("anyOf", true), ("oneOf", true)] {
            let list = source.get(key).and_then(Value::as_array);
            for (index, schema) in list.into_iter().flatten().enumerate() {
                let at = place.at(key).at(index);
                seen.add(self.seen_by(schema, &at, path), depends);
            }
        }
        for key in ["if", "then", "else"] {
            if let Some(schema) = source.get(key) {
                seen.add(self.seen_by(schema, &place.at(key), path), true);
            }
        }
        let dependent = source.get("dependentSchemas").and_then(Value::as_object);
        for (name, schema) in dependent.into_iter().flatten() {
            let at = place.at("dependentSchemas").at(name);
            seen.add(self.seen_by(schema, &at, path), true);
        }
        path.hops -= 1;
        seen
    }

    /// What a schema sees, with those that it applies to the same value.
    fn seen_by(&self, schema: &Value, place: &Place, path: &mut Path) -> Seen {
        let Some(members) = schema.as_object() else { return Seen::default() };
        let mut seen = self.seen_beside(members, place, path);
        let properties = members.get("properties").and_then(Value::as_object);
        seen.names.extend(properties.into_iter().flat_map(Members::keys).cloned());
        seen.patterns |= members.contains_key("patternProperties");
        seen.all |= members.contains_key("additionalProperties")
            || members.contains_key("unevaluatedProperties");
        let items = ["contains", "items", "prefixItems", "unevaluatedItems"];
        seen.items |= items.iter().any(|key| members.contains_key(*key));
        seen
    }
}
