//! The second pass: fits a 3.0.3 document to a client.
//!
//! A client must read what a newer server sends: one name that grew too long, one enum value that
//! was added or one key that was left out must not fail a whole page of results. Keywords that
//! restrict values are therefore dropped; the server checks requests.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase as _;
use serde_json::{Value, json};

use super::{Choice, Draft, Options, RuleId, nullable, origin};
use crate::problem::Place;
use crate::schemas::{Holder, Members, children_of, for_each_child, for_each_root, roots, target};

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
    let directions = directions(document);
    nullable::move_nullable_to_references(document);
    nullable::unwrap_parameters(document);
    let components = document.pointer("/components/schemas").and_then(Value::as_object).cloned();
    let components = components.unwrap_or_default();
    let mut arms = BTreeSet::new();
    for root in roots(document) {
        if let Some(schema) = document.pointer(root.place.as_str()) {
            collect_arms(schema, &mut arms);
        }
    }
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
                    tag: arms.contains(name),
                    update: updates.contains(name),
                }
            }
            _ => Position {
                read: root.is_read(),
                sent: !root.is_read(),
                component: false,
                tag: false,
                update: is_update(&root.holder, &root.method),
            },
        };
        shaping.schema(schema, &root.place, position);
    });
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

/// The constant by which an arm that is written in place is told from others.
fn tag_of(arm: &Value) -> Option<&Value> {
    let properties = arm.get("properties")?.as_object()?;
    properties.values().find(|property| property.get("enum").is_some())
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

#[derive(Clone, Copy)]
struct Position {
    /// Whether responses carry it; one that goes both ways is read.
    read: bool,
    /// Whether requests carry it.
    sent: bool,
    component: bool,
    /// Whether it is an arm of a union, or a property of one: a constant there tells arms apart.
    tag: bool,
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
        for_each_child(members, |step, child| {
            let tag = step.is_arm() || (position.tag && (step.is_part() || step.is_property()));
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
        if !position.read || !self.drops(RuleId::UnrequireNullable) {
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
        let tells_apart = string && constant && position.tag;
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

    /// The generator tells arms apart by their type: it would read two of one type as a struct of
    /// both. A number or a string is one type of the client, and is written in exactly one way.
    fn join_scalar_arms(&mut self, members: &mut Members, place: &Place) {
        let unions = ["anyOf", "oneOf"];
        // With an arm for any value the others say nothing.
        let is_anything =
            |arm: &Value| arm.as_object().is_some_and(|arm| origin::plain_len(arm) == 0);
        for union in unions {
            let arms = members.get(union).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            if !arms.iter().any(is_anything) {
                continue;
            }
            if union == "oneOf" && arms.len() > 1 {
                let effect = "any value is read, also one that several arms allow";
                self.note_keyword((RuleId::FirstArm, effect), (members, place), union);
            }
            members.remove(union);
        }
        let Some(union) = unions.into_iter().find(|key| members.contains_key(*key)) else {
            return;
        };
        let Some(Value::Array(arms)) = members.get(union) else {
            return;
        };
        let scalar = |arm: &Value| match arm.get("type").and_then(Value::as_str)? {
            "object" | "array" => None,
            name => Some(name.to_owned()),
        };
        let Some(names) = arms.iter().map(scalar).collect::<Option<Vec<_>>>() else {
            let open = |arm: &&Value| {
                arm.get("type").is_none_or(|name| name == "object") && tag_of(arm).is_none()
            };
            if arms.iter().filter(open).count() > 1 {
                let effect = "the first arm that fits is read, and what it lacks is ignored";
                self.note_keyword((RuleId::FirstArm, effect), (members, place), union);
            }
            any_of_to_one_of(members);
            return;
        };
        let mut kinds: Vec<&str> = names.iter().map(String::as_str).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let (rule, joined) = match kinds.as_slice() {
            ["number", "string"] | ["integer", "number", "string"] => {
                let effect = "a string that is not a decimal number is rejected";
                let arms = json!([{ "type": "number" }, { "type": "string" }]);
                ((RuleId::NumberOrString, effect), Some(("anyOf", arms)))
            }
            [only] => {
                let effect = "arms of one type are read as that type";
                ((RuleId::JoinArms, effect), Some(("type", Value::from(*only))))
            }
            ["integer", "number"] => {
                let effect = "arms of one type are read as that type";
                ((RuleId::JoinArms, effect), Some(("type", Value::from("number"))))
            }
            _ if kinds.len() == names.len() => return any_of_to_one_of(members),
            _ => ((RuleId::JoinArms, "any value is read"), None),
        };
        self.note_keyword(rule, (members, place), union);
        members.remove(union);
        members.extend(joined.map(|(keyword, value)| (keyword.to_owned(), value)));
    }

    /// The generator makes a type of an enum, or of what stands beside it, and fails at both. The
    /// enum lists every value that may be there, so the others can only narrow it.
    fn drop_composition_beside_enum(&mut self, members: &mut Members, place: &Place) {
        let Some(Value::Array(values)) = members.get("enum") else { return };
        let parts = members.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let narrows = |part: &Value| {
            let part = target(part).and_then(|name| self.components.get(name)).unwrap_or(part);
            let plain = |key: &String| {
                matches!(key.as_str(), "type" | "enum" | "description" | "nullable")
                    || origin::is_mark(key)
            };
            let listed = part.get("enum").and_then(Value::as_array);
            !part.as_object().is_some_and(|part| part.keys().all(plain))
                || listed.is_some_and(|listed| values.iter().any(|value| !listed.contains(value)))
        };
        let unions = ["anyOf", "oneOf"].into_iter().find(|key| members.contains_key(*key));
        let lossy = unions.or_else(|| parts.clone().any(narrows).then_some("allOf"));
        if unions.is_none() && parts.count() == 0 {
            return;
        }
        if let Some(keyword) = lossy {
            let effect = "beside an enum other schemas are not checked";
            self.note_keyword((RuleId::EnumAlone, effect), (members, place), keyword);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            members.remove(keyword);
        }
        members.entry("type").or_insert_with(|| "string".into());
    }
}

/// As `anyOf` the generator would make a struct of all arms at once.
fn any_of_to_one_of(members: &mut Members) {
    let Some(arms) = members.remove("anyOf") else { return };
    if !members.contains_key("oneOf") {
        members.insert("oneOf".into(), arms);
        return;
    }
    let part = json!({ "oneOf": arms });
    match members.get_mut("allOf") {
        Some(Value::Array(parts)) => parts.push(part),
        _ => {
            members.insert("allOf".into(), json!([part]));
        }
    }
}
