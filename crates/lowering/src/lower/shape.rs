//! The second pass: fits a 3.0.3 document to a client.
//!
//! A client must read what a newer server sends: one name that grew too long, one enum value that
//! was added or one key that was left out must not fail a whole page of results. Keywords that
//! restrict values are therefore dropped; the server checks requests.

mod arms;

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase as _;
use serde_json::Value;

use super::{Choice, Draft, Options, RuleId, nullable, origin};
use crate::problem::Place;
use crate::schemas::{
    Holder, Members, Step, children_of, for_each_child, for_each_root, roots, target,
};

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

/// Formats for which the generator has a type that rejects other strings.
const STRICT_FORMATS: &[&str] = &["date", "ip", "ipv4", "ipv6", "uuid"];

/// Fits a lowered document to the client, in place.
pub(super) fn shape(document: &mut Value, notes: &mut Vec<Draft>, options: &Options) {
    nullable::move_nullable_to_references(document);
    nullable::unwrap_parameters(document);
    let mut arms = arms_of_unions(document);
    loop {
        shape_once(document, notes, options, &arms);
        // A union that is gone has no arms that constants could tell apart.
        let left = arms_of_unions(document);
        if left == arms {
            return;
        }
        arms = left;
    }
}

fn shape_once(
    document: &mut Value,
    notes: &mut Vec<Draft>,
    options: &Options,
    arms: &BTreeSet<String>,
) {
    let directions = directions(document);
    let components = document.pointer("/components/schemas").and_then(Value::as_object).cloned();
    let components = components.unwrap_or_default();
    let updates = updates(document);
    let mut shaping = Shaping { components, options, notes };
    for_each_root(document, |root, schema| {
        let position = match &root.holder {
            Holder::Component(name) => {
                let known = directions.get(name);
                Position {
                    read: known.is_none_or(|direction| direction.read),
                    sent: known.is_some_and(|direction| direction.sent),
                    component: true,
                    tag: arms.contains(name).then_some(Tag::Arm),
                    update: updates.contains(name),
                }
            }
            _ => Position {
                read: root.is_read(),
                sent: !root.is_read(),
                component: false,
                tag: None,
                update: is_update(&root.holder, &root.method),
            },
        };
        shaping.schema(schema, &root.place, position);
    });
}

/// The components that are arms of unions.
fn arms_of_unions(document: &Value) -> BTreeSet<String> {
    let mut arms = BTreeSet::new();
    for root in roots(document) {
        if let Some(schema) = document.pointer(root.place.as_str()) {
            collect_arms(schema, &mut arms);
        }
    }
    arms
}

/// Which way a component goes over the wire.
#[derive(Clone, Copy, Default)]
struct Direction {
    read: bool,
    sent: bool,
}

/// Finds by reachability which components are read and which are sent. One that no operation
/// reaches counts as read: a program may decode error bodies with it.
fn directions(document: &Value) -> BTreeMap<String, Direction> {
    let mut queue = Vec::new();
    for root in roots(document) {
        if let (false, Some(schema)) =
            (matches!(root.holder, Holder::Component(_)), document.pointer(root.place.as_str()))
        {
            let mut names = BTreeSet::new();
            references(schema, &mut names);
            queue.extend(names.into_iter().map(|name| (name, root.is_read())));
        }
    }
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

/// Whether a schema is the body of a partial update.
fn is_update(holder: &Holder, method: &str) -> bool {
    *holder == Holder::RequestBody && method == "patch"
}

/// The components that are bodies of partial updates.
fn updates(document: &Value) -> BTreeSet<String> {
    let bodies = roots(document).into_iter().filter(|root| is_update(&root.holder, &root.method));
    let schemas = bodies.filter_map(|root| document.pointer(root.place.as_str()));
    // A union has no fields for the properties beside it.
    let is_union = |name: &str| {
        let schema = &document["components"]["schemas"][name];
        ["anyOf", "oneOf"].iter().any(|union| schema.get(*union).is_some())
    };
    let names = schemas.filter_map(target).filter(|name| !is_union(name));
    names.map(str::to_owned).collect()
}

/// Collects the components that are arms of unions.
fn collect_arms(schema: &Value, into: &mut BTreeSet<String>) {
    for (step, child) in children_of(schema) {
        if step.is_arm() {
            into.extend(target(child).map(str::to_owned));
        }
        collect_arms(child, into);
    }
}

/// Collects the components that a schema refers to.
fn references(schema: &Value, into: &mut BTreeSet<String>) {
    into.extend(target(schema).map(str::to_owned));
    for (_, child) in children_of(schema) {
        references(child, into);
    }
}

/// Where in a union a schema is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    /// An arm, or a part of one.
    Arm,
    /// A property of an arm.
    Property,
}

impl Tag {
    /// What is said of a child. The parts of a property become a type of their own if there are
    /// several, which does not know of the union.
    fn below(above: Option<Self>, step: &Step, parts: usize) -> Option<Self> {
        match above {
            _ if step.is_arm() => Some(Self::Arm),
            Some(Self::Arm) if step.is_part() => above,
            Some(Self::Property) if step.is_part() && parts == 1 => above,
            Some(_) if step.is_property() => Some(Self::Property),
            _ => None,
        }
    }
}

/// Whether a schema, or a part that is written in place, requires keys.
fn requires(members: &Members) -> bool {
    let parts = members.get("allOf").and_then(Value::as_array).into_iter().flatten();
    members.contains_key("required") || parts.filter_map(Value::as_object).any(requires)
}

#[derive(Clone, Copy)]
struct Position {
    /// Whether responses carry it; one that goes both ways is read.
    read: bool,
    /// Whether requests carry it.
    sent: bool,
    component: bool,
    /// Whether a constant here tells the arms of a union apart.
    tag: Option<Tag>,
    /// Whether it is the body of a partial update.
    update: bool,
}

struct Shaping<'a> {
    /// The components as they were before this pass.
    components: Members,
    options: &'a Options,
    notes: &'a mut Vec<Draft>,
}

impl Shaping<'_> {
    fn note(&mut self, rule: RuleId, effect: &'static str, place: &Place) {
        self.notes.push(Draft::new(rule, rule.kind(), place, effect));
    }

    /// Notes what happens to a keyword, where the description has it.
    fn note_keyword(
        &mut self,
        (rule, effect): (RuleId, &'static str),
        (members, place): (&Members, &Place),
        keyword: &str,
    ) {
        self.note(rule, effect, &origin::of_keyword(members, place, keyword));
    }

    fn schema(&mut self, schema: &mut Value, place: &Place, position: Position) {
        let Some(members) = schema.as_object_mut() else {
            return;
        };
        let place = &origin::of(members, place);
        self.drop_constraints(members, place);
        self.drop_extra_beside_extra(members, place);
        self.unrequire_nullable(members, place, position);
        self.note_missing_null(members, place, position);
        self.open_inline_enum(members, place, position);
        self.drop_composition_beside_enum(members, place);
        self.loosen_format(members, place);
        self.drop_default(members, place, position);
        let parts = members.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        for_each_child(members, |step, child| {
            let tag = Tag::below(position.tag, step, parts);
            let below = Position { component: false, update: false, tag, ..position };
            self.schema(child, &step.from(place), below);
            if step.is_arm() {
                nullable::unwrap_only_part(child);
            }
        });
        self.join_scalar_arms(members, place);
    }

    fn drops(&self, rule: RuleId) -> bool {
        self.options.choice(rule) != Choice::Keep
    }

    fn drop_constraints(&mut self, members: &mut Members, place: &Place) {
        if !self.drops(RuleId::Constraint) {
            return;
        }
        for key in CONSTRAINTS {
            if members.remove(*key).is_some() {
                let effect = "the client does not check it";
                self.note_keyword((RuleId::Constraint, effect), (members, place), key);
            }
        }
        // A struct that rejects unknown keys fails when the server adds one.
        if members.get("additionalProperties") == Some(&Value::Bool(false)) {
            members.remove("additionalProperties");
            let rule = (RuleId::Constraint, "the client does not check it");
            self.note_keyword(rule, (members, place), "additionalProperties");
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
            self.note_keyword(
                (RuleId::ExtraKeys, effect),
                (members, place),
                "additionalProperties",
            );
        }
    }

    /// An absent key says no more than one that is null.
    fn unrequire_nullable(&mut self, members: &mut Members, place: &Place, position: Position) {
        if !position.read || !requires(members) || !self.drops(RuleId::UnrequireNullable) {
            return;
        }
        let mut nullable = BTreeSet::new();
        self.nullable_keys(members, &mut nullable, &mut BTreeSet::new());
        if !nullable.is_empty() {
            self.unrequire(members, &nullable, place);
        }
    }

    /// Collects the keys of a schema and of its parts that may be null.
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
            let target = match target(part) {
                Some(name) => match self.components.get_key_value(name) {
                    // Parts of parts lead to the same part many times over.
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

    /// Rust has one `None` for a key that is absent and for one that is null. Only in the bodies
    /// of partial updates does the generated code tell them apart.
    fn note_missing_null(&mut self, members: &Members, place: &Place, position: Position) {
        if !position.sent || position.update {
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
                let at = place.at("properties").at(name);
                let at = property.as_object().map_or(at.clone(), |found| origin::of(found, &at));
                self.note(RuleId::NoNull, effect, &at);
            }
        }
    }

    fn unrequire(&mut self, members: &mut Members, nullable: &BTreeSet<String>, place: &Place) {
        // A part may require what another part declares.
        if let Some(Value::Array(parts)) = members.get_mut("allOf") {
            for (index, part) in parts.iter_mut().enumerate() {
                if let Some(part) = part.as_object_mut() {
                    let at = origin::of(part, &place.at("allOf").at(index));
                    self.unrequire(part, nullable, &at);
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
            let property = members.get("properties").and_then(|all| all.get(&name)?.as_object());
            let at = match property {
                Some(property) => origin::of(property, &place.at("properties").at(name)),
                // Another part declares it.
                None => origin::of_keyword(members, place, "required"),
            };
            self.note(RuleId::UnrequireNullable, effect, &at);
        }
    }

    /// Enums that are components become open enums in Rust. One that is written in place has no
    /// name of its own, so the client reads any string there.
    fn open_inline_enum(&mut self, members: &mut Members, place: &Place, position: Position) {
        let closed = members.get("enum").is_some();
        let string = members.get("type").is_some_and(|name| name == "string");
        let constant = members.get("enum").and_then(Value::as_array).is_some_and(|v| v.len() == 1);
        let tells_apart = string && constant && position.tag.is_some();
        let opens = self.drops(RuleId::OpenEnum) && position.read && !position.component;
        if closed && !tells_apart && (opens || !string) {
            members.remove("enum");
            let rule = (RuleId::OpenEnum, "any value of the type is read");
            self.note_keyword(rule, (members, place), "enum");
        }
        // A component's enum becomes a list of names: without null, each name once.
        if let Some(Value::Array(values)) = members.get_mut("enum") {
            let mut seen = BTreeSet::new();
            let lost = values.iter().any(|value| !value.is_string() && !value.is_null());
            values.retain(|value| value.is_string() && seen.insert(value.to_string()));
            let none = values.is_empty();
            if none {
                members.remove("enum");
            }
            if none || lost {
                let rule = (RuleId::OpenEnum, "values of another type are left out");
                self.note_keyword(rule, (members, place), "enum");
            }
        }
    }

    /// Drops a format that the generator turns into a type which rejects other values, or that it
    /// does not expect on this type.
    fn loosen_format(&mut self, members: &mut Members, place: &Place) {
        let Some(format) = members.get("format").and_then(Value::as_str) else {
            return;
        };
        if !self.drops(RuleId::LooseFormat) {
            return;
        }
        let kept = match members.get("type").and_then(Value::as_str) {
            // Narrower numbers would reject, or round, what the API may send one day.
            Some("integer") => format == "int64",
            Some("number") => format == "double",
            Some("string") => !STRICT_FORMATS.contains(&format),
            _ => false,
        };
        if !kept {
            members.remove("format");
            let rule = (RuleId::LooseFormat, "the format is not checked");
            self.note_keyword(rule, (members, place), "format");
        }
    }

    /// The generator makes a function of each default, and can do so only for plain values of the
    /// schema's own type. In a request the default would be sent as if the caller had set it.
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
            let rule = (RuleId::DropDefault, "an absent key reads as `None`, not as the default");
            self.note_keyword(rule, (members, place), "default");
        }
    }
}
