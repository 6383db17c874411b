//! Gives a value that one part of a schema calls an integer, and another one a number, one type.
//!
//! An integer is a number, so both parts allow it. The generator compares the names of the types
//! only, finds nothing that both allow, and makes a type without values.

use std::collections::BTreeSet;
use std::ptr;

use serde_json::{Value, json};

use super::{Draft, RuleId, origin};
use crate::problem::Place;
use crate::schemas::{Holder, Members, for_each_child, for_each_root, target};

/// How deep a chain of references and parts is followed.
const MAX_HOPS: usize = 16;

/// How many values below one schema are looked at.
const MAX_VALUES: usize = 1_000;

/// The way from a schema to one below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Property(String),
    /// `additionalProperties`.
    Further,
    Items,
}

/// How often the pass is repeated: what a schema copies from a component may need it too.
const MAX_ROUNDS: usize = 2;

/// Gives integers and numbers that meet in one schema one type, in place.
pub(super) fn agree(document: &mut Value, drafts: &mut Vec<Draft>) {
    for _ in 0..MAX_ROUNDS {
        let components = document.pointer("/components/schemas").and_then(Value::as_object);
        let components = components.cloned().unwrap_or_default();
        let mut round = Round { components: &components, drafts, has_changed: false };
        for_each_root(document, |root, schema| {
            let before = match &root.holder {
                Holder::Component(name) => components.get(name),
                _ => None,
            };
            round.schema(schema, before, &root.place);
        });
        if !round.has_changed {
            return;
        }
    }
}

struct Round<'a> {
    /// The components as they were before this round.
    components: &'a Members,
    drafts: &'a mut Vec<Draft>,
    has_changed: bool,
}

impl Round<'_> {
    /// `before` is what the schema was before this round, if it is a component.
    fn schema(&mut self, schema: &mut Value, before: Option<&Value>, place: &Place) {
        // A component is a root of its own.
        let Some(members) = schema.as_object_mut().filter(|found| !found.contains_key("$ref"))
        else {
            return;
        };
        let place = &origin::of(members, place);
        for_each_child(members, |step, child| self.schema(child, None, &step.from(place)));
        let whole = Whole::of(before.unwrap_or(schema), self.components);
        if whole.parts.len() + whole.arms.len() < 2 {
            return;
        }
        let (integers, numbers) = whole.conflicts(self.components);
        self.has_changed |= !integers.is_empty() || !numbers.is_empty();
        for way in &integers {
            retype(schema, way, "integer", (self.components, 0));
        }
        for way in &numbers {
            retype(schema, way, "number", (self.components, 0));
        }
        if !numbers.is_empty() {
            let effect = "an integer of one arm is read as the number that stands beside the union";
            self.drafts.push(Draft::new(RuleId::JoinArms, RuleId::JoinArms.kind(), place, effect));
        }
    }
}

/// The schemas that hold for one value.
#[derive(Clone, Default)]
struct Whole<'v> {
    /// Those that all hold.
    parts: Vec<&'v Members>,
    /// The arms of unions.
    arms: Vec<&'v Value>,
}

impl<'v> Whole<'v> {
    fn of(schema: &'v Value, components: &'v Members) -> Self {
        let mut whole = Self::default();
        whole.add(schema, (components, 0));
        whole
    }

    fn add(&mut self, schema: &'v Value, (components, hops): (&'v Members, usize)) {
        if hops == MAX_HOPS {
            return;
        }
        let next = (components, hops + 1);
        if let Some(component) = target(schema).and_then(|name| components.get(name)) {
            return self.add(component, next);
        }
        let Some(members) = schema.as_object() else { return };
        if self.parts.iter().any(|known| ptr::eq(*known, members)) {
            return;
        }
        self.parts.push(members);
        let list = |key: &str| members.get(key).and_then(Value::as_array).into_iter().flatten();
        list("allOf").for_each(|part| self.add(part, next));
        self.arms.extend(list("anyOf").chain(list("oneOf")));
    }

    /// The ways to values that become integers, because that is what all parts allow, and to those
    /// that become numbers, because only some arms of a union say integer.
    fn conflicts(&self, components: &'v Members) -> (BTreeSet<Vec<Way>>, BTreeSet<Vec<Way>>) {
        let all = &self.parts;
        let mut integers = Search::run(all, all, components);
        let mut numbers = BTreeSet::new();
        for arm in &self.arms {
            let arm = Self::of(arm, components).parts;
            let parts: Vec<_> = all.iter().chain(&arm).copied().collect();
            for way in Search::run(&parts, &arm, components) {
                if kinds_at(all, &way, components).contains("integer") {
                    integers.insert(way);
                } else {
                    numbers.insert(way);
                }
            }
        }
        (integers, numbers)
    }
}

/// The ways to values of which several parts may say something, one of `some` among them.
fn ways(parts: &[&Members], some: &[&Members]) -> Vec<Way> {
    let names_of = |part: &&Members| {
        let all = part.get("properties").and_then(Value::as_object);
        all.into_iter().flat_map(|all| all.keys().cloned()).collect::<Vec<_>>()
    };
    let has_further = |part: &&Members| child(part, &Way::Further).is_some();
    // Further keys of one part are properties of others.
    let names: BTreeSet<String> = if some.iter().any(has_further) {
        parts.iter().flat_map(names_of).collect()
    } else if parts.len() > some.len() || parts.iter().any(has_further) {
        some.iter().flat_map(names_of).collect()
    } else {
        let mut once = BTreeSet::new();
        let names = some.iter().flat_map(names_of);
        names.filter(|name| !once.insert(name.clone())).collect()
    };
    names.into_iter().map(Way::Property).chain([Way::Further, Way::Items]).collect()
}

/// What the parts say of one value below them.
fn children<'v>(parts: &[&'v Members], way: &Way, components: &'v Members) -> Vec<&'v Members> {
    let mut whole = Whole::default();
    for part in parts {
        if let Some(child) = child(part, way) {
            whole.add(child, (components, 0));
        }
    }
    whole.parts
}

fn child<'v>(part: &'v Members, way: &Way) -> Option<&'v Value> {
    let further = || part.get("additionalProperties").filter(|schema| schema.is_object());
    match way {
        Way::Property(name) => {
            part.get("properties").and_then(|all| all.get(name)).or_else(further)
        }
        Way::Further => further(),
        Way::Items => part.get("items"),
    }
}

fn kinds<'v>(parts: &[&'v Members]) -> BTreeSet<&'v str> {
    parts.iter().filter_map(|part| part.get("type")?.as_str()).collect()
}

fn kinds_at<'v>(parts: &[&'v Members], ways: &[Way], components: &'v Members) -> BTreeSet<&'v str> {
    let mut parts = parts.to_vec();
    for way in ways {
        parts = children(&parts, way, components);
    }
    kinds(&parts)
}

/// Collects the ways to values that are an integer and a number.
struct Search<'v> {
    components: &'v Members,
    /// The way to where the search is.
    way: Vec<Way>,
    /// The parts at each step of the way: one that comes again may lead in a circle.
    above: Vec<Vec<&'v Members>>,
    looked_at: usize,
    found: BTreeSet<Vec<Way>>,
}

impl<'v> Search<'v> {
    /// Returns the ways to values of which one of `some` and another of `parts` say something.
    fn run(
        parts: &[&'v Members],
        some: &[&'v Members],
        components: &'v Members,
    ) -> BTreeSet<Vec<Way>> {
        let (way, above, found) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut search = Self { components, way, above, looked_at: 0, found };
        search.below(parts, ways(parts, some));
        search.found
    }

    fn below(&mut self, parts: &[&'v Members], ways_below: Vec<Way>) {
        let kinds = kinds(parts);
        if kinds.contains("integer") && kinds.contains("number") {
            self.found.insert(self.way.clone());
        }
        self.looked_at += 1;
        let mut above = self.above.iter().flatten();
        let again = above.any(|known| parts.iter().any(|part| ptr::eq(*known, *part)));
        let is_deep = self.way.len() == MAX_HOPS || self.looked_at > MAX_VALUES;
        if parts.len() < 2 || again || is_deep {
            return;
        }
        self.above.push(parts.to_vec());
        for next in ways_below {
            // What only one part says conflicts with nothing.
            if parts.iter().filter(|part| child(part, &next).is_some()).count() > 1 {
                let below = children(parts, &next, self.components);
                self.way.push(next);
                self.below(&below, ways(&below, &below));
                self.way.pop();
            }
        }
        self.above.pop();
    }
}

/// Makes an integer or a number below a schema, in each part and arm of it, one of `kind`. A
/// component stays as it is for its other users: the schema gets a copy.
fn retype(schema: &mut Value, ways: &[Way], kind: &str, (components, hops): (&Members, usize)) {
    if hops == MAX_HOPS || !mentions(schema, ways, (components, hops)) {
        return;
    }
    let next = (components, hops + 1);
    if let Some(component) = target(schema).and_then(|name| components.get(name)) {
        *schema = component.clone();
        return retype(schema, ways, kind, next);
    }
    let Some(members) = schema.as_object_mut() else { return };
    for list in ["allOf", "anyOf", "oneOf"] {
        if let Some(Value::Array(schemas)) = members.get_mut(list) {
            schemas.iter_mut().for_each(|schema| retype(schema, ways, kind, next));
        }
    }
    let Some((way, rest)) = ways.split_first() else {
        if members.get("type").is_some_and(|name| name == "integer" || name == "number") {
            if members.get("type").is_some_and(|name| name != kind) {
                members.remove("format");
            }
            members.insert("type".into(), kind.into());
        }
        return;
    };
    if let Way::Property(name) = way
        && members.get("properties").is_none_or(|all| all.get(name).is_none())
        && let Some(further) = child(members, way).cloned()
        && let Value::Object(all) = members.entry("properties").or_insert_with(|| json!({}))
    {
        all.insert(name.clone(), further);
    }
    let below = match way {
        Way::Property(name) => members.get_mut("properties").and_then(|all| all.get_mut(name)),
        Way::Further => members.get_mut("additionalProperties"),
        Way::Items => members.get_mut("items"),
    };
    if let Some(below) = below {
        retype(below, rest, kind, (components, 0));
    }
}

/// Whether a schema, a part or an arm of it says something of what the ways lead to.
fn mentions(schema: &Value, ways: &[Way], (components, hops): (&Members, usize)) -> bool {
    if hops == MAX_HOPS {
        return false;
    }
    let next = (components, hops + 1);
    if let Some(component) = target(schema).and_then(|name| components.get(name)) {
        return mentions(component, ways, next);
    }
    let Some(members) = schema.as_object() else { return false };
    let own = match ways.split_first() {
        None => members.get("type").is_some_and(|name| name == "integer" || name == "number"),
        Some((way, rest)) => {
            child(members, way).is_some_and(|child| mentions(child, rest, (components, 0)))
        }
    };
    let lists = ["allOf", "anyOf", "oneOf"].into_iter();
    let schemas = lists.filter_map(|list| members.get(list)?.as_array()).flatten();
    own || schemas.into_iter().any(|schema| mentions(schema, ways, next))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::agree;

    /// Returns the properties of each part of a schema `A` beside `B`, after the pass.
    fn agreed(a: Value, b: Value) -> (Value, Vec<&'static str>) {
        let mut document = json!({ "components": { "schemas": { "A": a, "B": b } } });
        let mut drafts = Vec::new();
        agree(&mut document, &mut drafts);
        let effects = drafts.iter().map(|_| "noted").collect();
        (document["components"]["schemas"].take(), effects)
    }

    #[test]
    fn number_beside_an_integer_becomes_one() {
        let integer = json!({ "properties": { "n": { "type": "integer", "format": "int64" } } });
        let further = json!({ "additionalProperties": { "type": "number", "format": "double" } });
        let a = json!({ "allOf": [{ "$ref": "#/components/schemas/B" }, integer] });
        let (after, notes) = agreed(a, further.clone());
        assert_eq!(
            after["A"]["allOf"][0],
            json!({
                "additionalProperties": { "type": "number", "format": "double" },
                "properties": { "n": { "type": "integer" } },
            })
        );
        assert_eq!(after["A"]["allOf"][1], integer);
        assert_eq!((&after["B"], notes.len()), (&further, 0), "others may refer to the component");
    }

    #[test]
    fn integer_of_an_arm_is_read_as_the_number_beside_the_union() {
        let a = json!({
            "properties": { "n": { "type": "number" } },
            "oneOf": [
                { "properties": { "n": { "type": "integer" } } },
                { "properties": { "n": { "type": "number" } } },
            ],
        });
        let (after, notes) = agreed(a, json!({}));
        assert_eq!(after["A"]["oneOf"][0], after["A"]["oneOf"][1]);
        assert_eq!(notes, ["noted"]);
        let a = json!({
            "properties": { "n": { "type": "integer" } },
            "oneOf": [{ "additionalProperties": { "type": "number", "nullable": true } }],
        });
        let (after, notes) = agreed(a, json!({}));
        let narrowed = json!({ "type": "integer", "nullable": true });
        assert_eq!(after["A"]["oneOf"][0]["properties"]["n"], narrowed);
        assert!(notes.is_empty());
    }

    #[test]
    fn values_of_lists_and_of_parts_of_parts_agree() {
        let list = |kind: &str| json!({ "properties": { "l": { "items": { "type": kind } } } });
        let a = json!({ "allOf": [list("integer"), { "allOf": [list("number")] }] });
        let (after, _) = agreed(a, json!({}));
        assert_eq!(after["A"]["allOf"][1]["allOf"][0], list("integer"));
        let itself = json!({ "allOf": [{ "$ref": "#/components/schemas/A" }, list("number")] });
        assert_eq!(agreed(itself.clone(), json!({})).0["A"], itself);
        // Two trees that lead into one another in many ways.
        let tree = |name: &str, kind: &str| {
            let mut all = json!({ "n": { "type": kind } });
            for key in ["a", "b", "c", "d"] {
                all[key] = json!({ "$ref": format!("#/components/schemas/{name}") });
            }
            all
        };
        let other = json!({ "properties": tree("B", "number") });
        let both = json!({
            "allOf": [{ "$ref": "#/components/schemas/B" }],
            "properties": tree("A", "integer"),
        });
        let (after, _) = agreed(both, other);
        let n = &after["A"]["allOf"][0]["properties"]["n"];
        assert_eq!(n, &json!({ "type": "integer" }));
    }
}
