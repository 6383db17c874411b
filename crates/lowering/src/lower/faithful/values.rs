//! Types, enums, constants and null.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::has_composition;
use super::sketch::{Sketch, add_items, only_null};
use super::{Version, Writer};
use crate::lower::rules::{Choice, NoteKind, RuleId};
use crate::lower::schema::type_of;
use crate::lower::{origin, wrong_type};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

/// The types that together allow every value but null.
const ALL: &[&str] = &["array", "boolean", "number", "object", "string"];

/// What a schema says of the types of its values.
#[derive(Default)]
struct Types {
    /// Other types than null, each once. An integer beside a number is one.
    names: Vec<String>,
    null: bool,
}

impl Writer<'_> {
    pub(super) fn values(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let types = types_of(source, place);
        let Some(mut types) = self.keep(types) else { return };
        let nullable = source.get("nullable") == Some(&Value::Bool(true));
        if nullable {
            match &mut types {
                Some(types) if !types.null => {
                    types.null = true;
                    self.note_nullable(place);
                }
                Some(_) => {}
                None => {
                    // By 3.0 it says nothing without a type; generators read it all the same.
                    sketch.members.insert("nullable".into(), true.into());
                    self.note_nullable(place);
                }
            }
        }
        let typed = sketch.members.keys().any(|key| type_of_keyword(key).is_some());
        let types = types.filter(|types| typed || !(types.null && is_every_type(&types.names)));
        match self.listed(source, types.as_ref(), place) {
            Some(values) => self.enumeration(source, types, values, place, sketch),
            None => self.bare_types(source, types, place, sketch),
        }
    }

    /// The values that `enum` and `const` list and the types allow.
    fn listed(
        &mut self,
        source: &Members,
        types: Option<&Types>,
        place: &Place,
    ) -> Option<Vec<Value>> {
        let mut values = source.get("enum").and_then(Value::as_array).cloned();
        if let Some(values) = &mut values {
            self.null_of_enum(source, types, values, place);
        }
        // What a client of ours was lowered to before has no null in its enums.
        let lenient = self.is_for_client()
            && self.version == Version::V3_0
            && source.get("nullable") == Some(&Value::Bool(true));
        if let Some(values) = &mut values
            && lenient
            && !values.iter().any(Value::is_null)
        {
            let detail = "`nullable` beside an enum without null is read as if null were listed";
            self.note(RuleId::Nullable, NoteKind::Widened, &place.at("nullable"), detail);
            values.push(Value::Null);
        }
        if let Some(only) = source.get("const") {
            let allowed = values.is_none_or(|values| values.iter().any(|value| same(value, only)));
            values = Some(allowed.then(|| only.clone()).into_iter().collect());
        }
        let mut kept: Vec<Value> = Vec::new();
        let mut seen = BTreeSet::new();
        for value in values? {
            let typed = types.is_none_or(|types| types.allow(&value));
            let is_new = match scalar_key(&value) {
                Some(key) => seen.insert(key),
                None => !kept.iter().any(|known| same(known, &value)),
            };
            if typed && is_new {
                kept.push(value);
            }
        }
        Some(kept)
    }

    /// The type beside an enum may allow a null that the enum does not list.
    fn null_of_enum(
        &mut self,
        source: &Members,
        types: Option<&Types>,
        values: &mut Vec<Value>,
        place: &Place,
    ) {
        let typed = types.is_some_and(|types| types.null);
        if !typed || values.iter().any(Value::is_null) || source.contains_key("const") {
            return;
        }
        // In 3.0 this is the usual form, and its readers know what they make of it.
        if self.version == Version::V3_0 {
            return;
        }
        let at = place.at("enum");
        if self.choice(RuleId::NullableEnum) == Choice::Rewrite {
            values.push(Value::Null);
            let detail = "null is allowed as the type says, although the enum does not list it";
            self.widen(RuleId::NullableEnum, &at, detail);
        } else {
            let detail = "null is not allowed, because the enum does not list it as the type does";
            self.note(RuleId::NullableEnum, NoteKind::Rewritten, &at, detail);
        }
    }

    fn enumeration(
        &mut self,
        source: &Members,
        types: Option<Types>,
        values: Vec<Value>,
        place: &Place,
        sketch: &mut Sketch,
    ) {
        let keyword = if source.contains_key("const") { "const" } else { "enum" };
        let null = values.iter().any(Value::is_null);
        let mut kinds: Vec<String> = Vec::new();
        for value in values.iter().filter(|value| !value.is_null()) {
            let mut kind = type_of(value);
            let numbers = types.as_ref().is_some_and(|types| types.has("number"));
            let integers = types.as_ref().is_some_and(|types| types.has("integer"));
            if matches!(kind, "integer" | "number") && numbers {
                kind = "number";
            } else if kind == "number" && integers {
                kind = "integer";
            }
            if !kinds.iter().any(|known| known == kind) {
                kinds.push(kind.to_owned());
            }
        }
        if kinds.len() == 2
            && kinds.iter().all(|kind| matches!(kind.as_str(), "integer" | "number"))
        {
            kinds = vec!["number".to_owned()];
        }
        let untyped = types.is_none() && has_composition(source);
        match kinds.as_slice() {
            [] if !null => {
                sketch.never = Some(place.at(keyword));
                return;
            }
            [] => {
                let name = types.and_then(|types| types.names.into_iter().next());
                let name = name.unwrap_or_else(|| "string".to_owned());
                self.set_type(&name, true, source, place, sketch);
            }
            [kind] if !untyped => self.set_type(kind, null, source, place, sketch),
            several if types.is_some() && several.len() > 1 => {
                let mut names = several.to_vec();
                names.sort_by_key(|name| name == "number");
                if !self.drops_types(source, null, place, sketch) {
                    self.arms(&names, null, Some(&values), source, place, sketch);
                    return;
                }
            }
            _ => {}
        }
        sketch.members.insert("enum".into(), values.into());
        origin::mark_keyword(&mut sketch.members, "enum", &place.at(keyword));
    }

    fn bare_types(
        &mut self,
        source: &Members,
        types: Option<Types>,
        place: &Place,
        sketch: &mut Sketch,
    ) {
        let Some(types) = types else { return };
        match types.names.as_slice() {
            [] => {
                for (key, value) in only_null().as_object().into_iter().flatten() {
                    sketch.members.insert(key.clone(), value.clone());
                }
            }
            [only] => self.set_type(only, types.null, source, place, sketch),
            several => {
                if !self.drops_types(source, types.null, place, sketch) {
                    self.arms(several, types.null, None, source, place, sketch);
                }
            }
        }
    }

    /// A generator cannot read a list of types beside other schemas.
    fn drops_types(
        &mut self,
        source: &Members,
        null: bool,
        place: &Place,
        sketch: &mut Sketch,
    ) -> bool {
        let drops = self.drops(RuleId::TypeList) && has_composition(source);
        if drops {
            let detail = "beside other schemas a list of types is not checked";
            self.widen(RuleId::TypeList, &place.at("type"), detail);
            if null {
                sketch.members.insert("nullable".into(), true.into());
            }
        }
        drops
    }

    fn set_type(
        &mut self,
        name: &str,
        null: bool,
        source: &Members,
        place: &Place,
        sketch: &mut Sketch,
    ) {
        let from = place_of_type(source, place);
        origin::mark_keyword(&mut sketch.members, "type", &from);
        if name == "integer" {
            self.integer(&mut sketch.members, &from);
        } else {
            sketch.members.insert("type".into(), name.into());
        }
        if null {
            sketch.members.insert("nullable".into(), true.into());
        } else {
            sketch.members.remove("nullable");
        }
    }

    /// JSON Schema 2020-12 takes 1.0 for an integer, and OpenAPI 3.0 does not.
    fn integer(&mut self, members: &mut Members, from: &Place) {
        let rewrites = self.choice(RuleId::Integer) == Choice::Rewrite;
        if self.version != Version::V3_0 && rewrites && !members.contains_key("multipleOf") {
            members.insert("type".into(), "number".into());
            members.insert("multipleOf".into(), 1.into());
            return;
        }
        members.insert("type".into(), "integer".into());
        if self.version != Version::V3_0 && !self.integer_is_noted {
            self.integer_is_noted = true;
            let detail = "OpenAPI 3.0 does not take 1.0 for an integer, here and at other integers";
            self.note(RuleId::Integer, NoteKind::Narrowed, from, detail);
        }
    }

    /// Makes an arm of each of several types; what constrains one type goes to its arm.
    fn arms(
        &mut self,
        names: &[String],
        null: bool,
        listed: Option<&[Value]>,
        source: &Members,
        place: &Place,
        sketch: &mut Sketch,
    ) {
        let keyword = if source.contains_key("const") { "const" } else { "enum" };
        let mut null_is_due = null;
        let mut arms = Vec::new();
        for name in names {
            let mut arm = typed_members(name, &sketch.members, place);
            if name == "integer" {
                self.integer(&mut arm, &place_of_type(source, place));
            } else {
                arm.insert("type".into(), name.as_str().into());
            }
            origin::mark_keyword(&mut arm, "type", &place_of_type(source, place));
            match listed {
                None if null => {
                    arm.insert("nullable".into(), true.into());
                }
                None => {}
                Some(values) => {
                    let own = |value: &&Value| is_of(value, name);
                    let mut own: Vec<Value> = values.iter().filter(own).cloned().collect();
                    if std::mem::take(&mut null_is_due) {
                        own.push(Value::Null);
                        arm.insert("nullable".into(), true.into());
                    }
                    arm.insert("enum".into(), own.into());
                    origin::mark_keyword(&mut arm, "enum", &place.at(keyword));
                }
            }
            add_items(&mut arm);
            let mut arm = Value::Object(arm);
            origin::mark(&mut arm, place);
            arms.push(arm);
        }
        sketch.members.retain(|key, _| type_of_keyword(key.trim_start_matches('\0')).is_none());
        sketch.members.remove("nullable");
        sketch.add_union("anyOf", arms, &place_of_type(source, place));
    }
}

impl Types {
    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    fn allow(&self, value: &Value) -> bool {
        if value.is_null() { self.null } else { self.names.iter().any(|name| is_of(value, name)) }
    }
}

fn is_every_type(names: &[String]) -> bool {
    ALL.iter().all(|name| names.iter().any(|known| known == name))
}

/// Whether a value is of a type of JSON Schema.
fn is_of(value: &Value, name: &str) -> bool {
    match (type_of(value), name) {
        (kind, name) if kind == name => true,
        ("integer", "number") => true,
        ("number", "integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => false,
    }
}

/// Whether two values are equal for JSON Schema, to which 1 and 1.0 are.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || ((a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => one == other,
    }
}

/// A key that two scalars share if they are equal for JSON Schema, so that long enums take no time.
fn scalar_key(value: &Value) -> Option<String> {
    match value {
        Value::Array(_) | Value::Object(_) => None,
        Value::Number(number) => {
            let size = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
            Some(match size {
                Some(size) if size >= 1 << 53 => number.to_string(),
                // Zero has two signs.
                _ => format!("{:?}", number.as_f64().map(|number| number + 0.0)),
            })
        }
        other => Some(other.to_string()),
    }
}

/// The keyword that tells the type of a schema.
fn place_of_type(source: &Members, place: &Place) -> Place {
    let keyword = ["type", "const", "enum"].into_iter().find(|key| source.contains_key(*key));
    place.at(keyword.unwrap_or("type"))
}

fn types_of(source: &Members, place: &Place) -> Result<Option<Types>, Problem> {
    let at = place.at("type");
    let named: Vec<(&Value, Place)> = match source.get("type") {
        None => return Ok(None),
        Some(Value::Array(names)) => {
            names.iter().enumerate().map(|(index, name)| (name, at.at(index))).collect()
        }
        Some(name) => vec![(name, at.clone())],
    };
    if named.is_empty() {
        let fix = "name a type, or remove the list, with an overlay action";
        return Err(at.problem("an empty list of types allows nothing", fix));
    }
    let mut types = Types::default();
    for (name, at) in named {
        match name.as_str() {
            Some("null") => types.null = true,
            Some(name) if TYPES.contains(&name) => {
                if !types.has(name) {
                    types.names.push(name.to_owned());
                }
            }
            None => return Err(wrong_type(name, &at, "a type's name")),
            Some(_) => {
                return Err(at.problem(
                    format!("there is no type {name}"),
                    format!("correct it with an overlay action to one of {}", TYPES.join(", ")),
                ));
            }
        }
    }
    // Every integer is a number: an arm for numbers before it would take them all.
    types.names.sort_by_key(|name| name == "number");
    if types.names == ["integer", "number"] {
        types.names.remove(0);
    }
    Ok(Some(types))
}

/// The keywords of one type among those of a schema.
fn typed_members(name: &str, members: &Members, place: &Place) -> Members {
    let mut arm = Members::new();
    for (key, value) in members {
        let belongs = match key.as_str() {
            "format" => match value.as_str().unwrap_or_default() {
                "float" | "double" => name == "number",
                format if format.starts_with("int") || format.starts_with("uint") => {
                    name == "integer"
                }
                _ => name == "string",
            },
            key => match type_of_keyword(key) {
                Some("number") => matches!(name, "integer" | "number"),
                other => other == Some(name),
            },
        };
        if belongs {
            origin::mark_keyword(&mut arm, key, &origin::of_keyword(members, place, key));
            arm.insert(key.clone(), value.clone());
        }
    }
    arm
}

/// The type that a keyword of 3.0 constrains; `number` stands for integers as well.
fn type_of_keyword(key: &str) -> Option<&'static str> {
    match key {
        "format" | "maxLength" | "minLength" | "pattern" => Some("string"),
        "exclusiveMaximum" | "exclusiveMinimum" | "maximum" | "minimum" | "multipleOf" => {
            Some("number")
        }
        "items" | "maxItems" | "minItems" | "uniqueItems" => Some("array"),
        "additionalProperties" | "maxProperties" | "minProperties" | "properties" | "required" => {
            Some("object")
        }
        _ => None,
    }
}

/// The members of a schema that says only which values it lists.
pub(super) fn constants(schema: &Value) -> Option<Vec<Value>> {
    let members = schema.as_object()?;
    let plain = |key: &String| {
        matches!(key.as_str(), "type" | "enum" | "description" | "title") || origin::is_mark(key)
    };
    let listed = members.get("enum")?.as_array()?.clone();
    (members.keys().all(plain) && !listed.iter().any(Value::is_null)).then_some(listed)
}

/// One enum of the values that several arms list, if they are of one type.
pub(super) fn joined_constants(arms: &[Value]) -> Option<Members> {
    let name = arms.first()?.get("type")?.clone();
    let mut all: Vec<Value> = Vec::new();
    for arm in arms {
        if arm.get("type") != Some(&name) {
            return None;
        }
        for value in constants(arm)? {
            if all.iter().any(|known| same(known, &value)) {
                return None;
            }
            all.push(value);
        }
    }
    Some(Members::from_iter([("type".to_owned(), name), ("enum".to_owned(), all.into())]))
}
