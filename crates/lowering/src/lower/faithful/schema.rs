//! One schema: the order in which its keywords are written.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::sketch::{Sketch, is_annotation};
use super::{Version, Writer};
use crate::lower::rules::{NoteKind, RuleId};
use crate::lower::{origin, wrong_type};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

/// Keywords that apply other schemas to the same value.
const COMPOSITION: &[&str] = &["$dynamicRef", "$recursiveRef", "$ref", "allOf", "anyOf", "oneOf"];

/// Whether a schema is put together of others.
pub(super) fn has_composition(source: &Members) -> bool {
    COMPOSITION.iter().any(|key| source.contains_key(*key))
}

impl Writer<'_> {
    /// Writes a schema that becomes a component.
    pub(super) fn component(&mut self, schema: &Value, place: &Place) -> Value {
        let written = self.schema_itself(schema, place);
        if written.get("$ref").is_some() {
            self.check_alias(place);
        }
        written
    }

    /// An alias that only leads back to itself stands for no type, and whoever follows it never
    /// arrives.
    fn check_alias(&mut self, start: &Place) {
        let source = self.source.pointer(pointer_of(start)).and_then(Value::as_object);
        if let Some(source) = source {
            let ends = self.check_end(source, start);
            self.keep(ends);
        }
    }

    /// Checks that a reference leads to something that is not a reference. What was followed once
    /// is not followed again, so that long chains take no time of their own.
    pub(super) fn check_end(&mut self, source: &Members, start: &Place) -> Result<(), Problem> {
        let mut place = start.clone();
        let mut seen = BTreeSet::new();
        let mut reference = source.get("$ref").and_then(Value::as_str);
        while let Some(next) = reference.filter(|_| !self.ending.contains(place.as_str())) {
            if !seen.insert(place.as_str().to_owned()) {
                // Only what is in the circle is told of it.
                let inside = &place == start;
                return if inside { Err(crate::lower::names::cycle(next, start)) } else { Ok(()) };
            }
            let Ok(pointer) = self.index.target(next, &place, &place.at("$ref")) else { break };
            reference =
                self.source.pointer(&pointer).and_then(|target| target.get("$ref")?.as_str());
            place = crate::lower::names::place_of(&pointer);
        }
        self.ending.extend(seen);
        Ok(())
    }

    /// Writes a schema, or a reference to the component that it became.
    pub(super) fn schema(&mut self, schema: &Value, place: &Place) -> Value {
        match self.hoisted.get(place.as_str()).cloned() {
            Some(name) if stays_where_it_is(place) => {
                if self.exactness.inexact.contains(&name) {
                    self.exactness.losses += 1;
                }
                if let Some(current) = self.exactness.current.clone() {
                    let known = self.exactness.referred_by.entry(name.clone()).or_default();
                    known.insert(current);
                }
                self.demand(place.as_str(), &name);
                let mut reference = json!({ "$ref": format!("#/components/schemas/{name}") });
                origin::mark(&mut reference, place);
                reference
            }
            _ => self.schema_itself(schema, place),
        }
    }

    fn schema_itself(&mut self, schema: &Value, place: &Place) -> Value {
        if let Some(written) = self.bytes(schema, place) {
            return written;
        }
        let mut written = match schema {
            Value::Object(members) => return self.members(members, place),
            Value::Bool(true) => json!({}),
            Value::Bool(false) => {
                let mut written = Members::from_iter([("not".to_owned(), json!({}))]);
                origin::mark_keyword(&mut written, "not", place);
                Value::Object(written)
            }
            other => {
                self.reject(wrong_type(other, place, "a schema"));
                json!({})
            }
        };
        origin::mark(&mut written, place);
        written
    }

    pub(super) fn members(&mut self, members: &Members, place: &Place) -> Value {
        let mut source = self.checked(members, place);
        if self.version == Version::V3_0 && source.contains_key("$ref") {
            self.drop_reference_siblings(source.to_mut(), place);
        }
        let mut sketch = Sketch::default();
        self.annotations(&source, place, &mut sketch);
        self.references(&source, place, &mut sketch);
        self.plain_keywords(&source, place, &mut sketch);
        self.arrays(&source, place, &mut sketch);
        self.objects(&source, place, &mut sketch);
        self.all_of(&source, place, &mut sketch);
        for union in ["anyOf", "oneOf"] {
            self.union(union, &source, place, &mut sketch);
        }
        self.negation(&source, place, &mut sketch);
        self.conditions(&source, place, &mut sketch);
        // Last: of several types each gets an arm with its keywords.
        self.values(&source, place, &mut sketch);
        sketch.finished(&source, place)
    }

    /// OpenAPI 3.0 ignores what stands beside a `$ref`. Text stays for its readers.
    fn drop_reference_siblings(&mut self, source: &mut Members, place: &Place) {
        let ignored = |key: &str| {
            key != "$ref" && key != "nullable" && key != "examples" && !is_annotation(key)
        };
        let keys: Vec<_> = source.keys().filter(|key| ignored(key)).cloned().collect();
        for key in keys {
            let detail = "OpenAPI 3.0 ignores what stands beside a reference";
            self.note(RuleId::ReferenceSiblings, NoteKind::Dropped, &place.at(&key), detail);
            source.remove(&key);
        }
    }

    fn references(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        for key in ["$ref", "$recursiveRef", "$dynamicRef"] {
            let Some(reference) = source.get(key).and_then(Value::as_str) else { continue };
            let at = place.at(key);
            let targets = match key {
                "$dynamicRef" => self.index.dynamic_targets(reference, place, &at),
                "$recursiveRef" => {
                    self.index.recursive_target(reference, place, &at).map(|target| vec![target])
                }
                _ => self.index.target(reference, place, &at).map(|target| vec![target]),
            };
            let Some(targets) = self.keep(targets) else { continue };
            let written = targets.iter().filter_map(|to| self.reference_to(to, reference, &at));
            let mut written: Vec<Value> = written.collect();
            if written.len() > 1 {
                let detail = "any schema that the dynamic reference may lead to is allowed";
                self.widen(RuleId::DynamicReference, &at, detail);
                sketch.add_union("anyOf", written, &at);
            } else {
                sketch.references.append(&mut written);
            }
        }
    }
}

fn pointer_of(place: &Place) -> &str {
    if place == &Place::root() { "" } else { place.as_str() }
}

/// Whether the result has a schema at the place of one that became a component: arms may move, and
/// what is outside the components stays as it is written.
fn stays_where_it_is(place: &Place) -> bool {
    let Some(rest) = place.as_str().strip_prefix("/components/schemas/") else { return false };
    let moved = ["allOf", "anyOf", "oneOf", "prefixItems"];
    let of_tuple = |(before, token): (&str, &str)| {
        before == "items" && token.bytes().all(|byte| byte.is_ascii_digit())
    };
    rest.contains('/')
        && !rest.split('/').any(|token| moved.contains(&token))
        && !rest.split('/').zip(rest.split('/').skip(1)).any(of_tuple)
}
