//! One form for the spellings of a schema that mean the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::located::{Located, follow, resolve};
use openapi_lowering::problem::Place;

static ANYTHING: Value = Value::Bool(true);

static NULL: Value = Value::Null;

/// Texts beside a union or `allOf` of one part win over those of the part.
const TEXT_KEYWORDS: &[&str] = &["title", "description", "example", "examples", "$comment"];

/// How deep unions are followed to find out whether they allow null.
const MAX_HOPS: usize = 16;

/// A schema by its meaning. Nullability, however written, is a flag; keywords that only repeat the
/// standard's default are left out; an `allOf` or union of one part is that part; a union of
/// constants is the list of their values.
#[derive(Clone, Debug, Default)]
pub(super) struct Normal<'a> {
    pub(super) reference: Option<Located<'a>>,
    /// The types other than null; empty for any.
    pub(super) types: BTreeSet<&'a str>,
    pub(super) nullable: bool,
    /// Where the types or the nullability stand, for the pointer of a change.
    pub(super) types_at: Option<Place>,
    pub(super) values: Option<Values<'a>>,
    pub(super) union: Option<Union<'a>>,
    /// The parts of an `allOf`.
    pub(super) sum: Option<Union<'a>>,
    /// The schema with the reference, which may be the only part of a union.
    pub(super) referrer: Option<Located<'a>>,
    /// Every other keyword.
    pub(super) keywords: BTreeMap<&'a str, Located<'a>>,
    /// Schemas that were taken apart to make this one.
    pub(super) merged: Vec<Place>,
}

/// The values of an `enum`, a `const` or a union of them, other than null.
#[derive(Clone, Debug)]
pub(super) struct Values<'a> {
    pub(super) list: Vec<&'a Value>,
    pub(super) at: Place,
}

/// The arms of an `anyOf` or `oneOf` other than null, or the parts of an `allOf`.
#[derive(Clone, Debug)]
pub(super) struct Union<'a> {
    pub(super) kind: &'a str,
    pub(super) arms: Vec<Located<'a>>,
    pub(super) at: Place,
}

/// Brings one schema to its normal form. The schemas in it stay as they are.
pub(super) fn normal<'a>(schema: &Located<'a>) -> Normal<'a> {
    normal_form(schema, true)
}

/// The same for a schema that is compared with an `allOf` of several parts: one of a single part
/// stays an `allOf`, and a reference becomes the part of one.
pub(super) fn normal_sum<'a>(schema: &Located<'a>) -> Normal<'a> {
    let mut normal = normal_form(schema, false);
    if normal.sum.is_none()
        && let Some(referrer) = normal.referrer.take()
    {
        let at = referrer.at.clone();
        normal.reference = None;
        normal.sum = Some(Union { kind: "allOf", arms: vec![referrer], at });
    }
    normal
}

fn normal_form<'a>(schema: &Located<'a>, merge_sums: bool) -> Normal<'a> {
    let mut normal = Normal { merged: vec![schema.at.clone()], ..Normal::default() };
    let members = match schema.value {
        Value::Object(_) => schema.members(),
        Value::Bool(true) => return normal,
        Value::Bool(false) => {
            // No value is valid: the same as `not: {}`.
            let nothing = Located { value: &ANYTHING, at: schema.at.clone() };
            normal.keywords.insert("not", nothing);
            return normal;
        }
        _ => {
            normal.keywords.insert("", schema.clone());
            return normal;
        }
    };
    let mut composed = Vec::new();
    for (key, node) in members {
        match (key, node.value) {
            ("$ref", Value::String(_)) => {
                normal.reference = Some(node);
                normal.referrer = Some(schema.clone());
            }
            ("type", Value::String(name)) => normal.set_types([name.as_str()], node.at),
            ("type", Value::Array(names)) if names.iter().all(Value::is_string) => {
                normal.set_types(names.iter().filter_map(Value::as_str), node.at);
            }
            ("nullable", Value::Bool(nullable)) => {
                normal.nullable |= nullable;
                normal.types_at.get_or_insert(node.at);
            }
            ("enum", Value::Array(list)) => {
                normal.values = Some(Values { list: list.iter().collect(), at: node.at });
            }
            ("const", value) if schema.value.get("enum").is_none() => {
                normal.values = Some(Values { list: vec![value], at: node.at });
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(_)) => composed.push((key, node)),
            ("exclusiveMinimum" | "exclusiveMaximum", Value::Bool(_)) => {}
            ("minimum" | "maximum", Value::Number(_)) => {
                let (key, exclusive) = match key {
                    "minimum" => (key, "exclusiveMinimum"),
                    _ => (key, "exclusiveMaximum"),
                };
                let key = if schema.is(exclusive) { exclusive } else { key };
                normal.keywords.insert(key, node);
            }
            _ if says_nothing(key, node.value) => {}
            _ => {
                normal.keywords.insert(key, node);
            }
        }
    }
    for (key, node) in composed {
        normal.compose(key, node, merge_sums);
    }
    normal.settle();
    normal
}

/// Whether a keyword means nothing because it repeats the default.
fn says_nothing(key: &str, value: &Value) -> bool {
    match key {
        "uniqueItems" | "deprecated" | "readOnly" | "writeOnly" => value == &Value::Bool(false),
        // An absent key reads as null.
        "default" => value.is_null(),
        "minLength" | "minItems" | "minProperties" => value.as_f64() == Some(0.0),
        "required" => value.as_array().is_some_and(Vec::is_empty),
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
        | "dependentRequired" => value.as_object().is_some_and(serde_json::Map::is_empty),
        "items" | "unevaluatedItems" | "unevaluatedProperties" | "propertyNames" => {
            is_anything(value)
        }
        _ => false,
    }
}

/// Whether a schema allows every value.
pub(super) fn is_anything(schema: &Value) -> bool {
    schema == &Value::Bool(true) || schema.as_object().is_some_and(serde_json::Map::is_empty)
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl<'a> Normal<'a> {
    /// The reference as text.
    pub(super) fn refers_to(&self) -> Option<&'a str> {
        self.reference.as_ref()?.value.as_str()
    }

    /// The target of the reference, behind all further ones.
    pub(super) fn target(&self, document: &'a Value) -> Option<Located<'a>> {
        follow(document, &resolve(document, self.refers_to()?)?)
    }

    fn set_types(&mut self, names: impl IntoIterator<Item = &'a str>, at: Place) {
        self.types.extend(names);
        self.types_at = Some(at);
    }

    fn compose(&mut self, key: &'a str, node: Located<'a>, merge_sums: bool) {
        let mut parts = node.elements();
        if key != "allOf" {
            let count = parts.len();
            parts.retain(|arm| !is_null(arm.value));
            if parts.len() < count {
                self.nullable = true;
                self.types_at.get_or_insert(node.at.clone());
            }
            if parts.len() > 1
                && let Some(types) = bare_types(&parts)
                && self.types.is_empty()
            {
                self.merged.extend(parts.into_iter().map(|arm| arm.at));
                self.nullable |= types.contains("null");
                self.set_types(types.into_iter().filter(|name| *name != "null"), node.at);
                return;
            }
        }
        if key != "allOf"
            && parts.len() > 1
            && self.values.is_none()
            && let Some(mut values) = constants(&parts)
        {
            if parts.len() < node.elements().len() {
                values.push(&NULL);
            }
            self.merged.extend(parts.into_iter().map(|arm| arm.at));
            self.values = Some(Values { list: values, at: node.at });
            return;
        }
        if let [only] = parts.as_slice()
            && (merge_sums || key != "allOf")
        {
            let part = normal(only);
            if self.absorb(part) {
                return;
            }
        }
        if parts.is_empty() && (key == "allOf" || self.nullable) {
            if key != "allOf" && self.types.is_empty() {
                self.types.insert("null");
            }
            return;
        }
        let composed = Union { kind: key, arms: parts, at: node.at.clone() };
        if key == "allOf" && self.sum.is_none() {
            self.sum = Some(composed);
        } else if key != "allOf" && self.union.is_none() {
            self.union = Some(composed);
        } else {
            self.keywords.insert(key, node);
        }
    }

    /// Takes in the only part of an `allOf` or union, unless a keyword is in both.
    pub(super) fn absorb(&mut self, part: Normal<'a>) -> bool {
        let clash = (self.reference.is_some() && part.reference.is_some())
            || (!self.types.is_empty() && !part.types.is_empty() && self.types != part.types)
            || (self.values.is_some() && part.values.is_some())
            || (self.union.is_some() && part.union.is_some())
            || (self.sum.is_some() && part.sum.is_some())
            || part
                .keywords
                .iter()
                .any(|(key, _)| self.keywords.contains_key(key) && !TEXT_KEYWORDS.contains(key));
        if clash {
            return false;
        }
        self.reference = self.reference.take().or(part.reference);
        self.types.extend(part.types);
        self.nullable |= part.nullable;
        self.types_at = self.types_at.take().or(part.types_at);
        self.values = self.values.take().or(part.values);
        self.union = self.union.take().or(part.union);
        self.sum = self.sum.take().or(part.sum);
        self.referrer = self.referrer.take().or(part.referrer);
        for (key, node) in part.keywords {
            self.keywords.entry(key).or_insert(node);
        }
        self.merged.extend(part.merged);
        true
    }

    /// Combines what types, `nullable` and values say about null.
    fn settle(&mut self) {
        if let Some(values) = &mut self.values {
            let named = values.list.iter().any(|value| value.is_null());
            values.list.retain(|value| !value.is_null());
            let untyped = self.types.is_empty();
            if untyped {
                self.types.extend(values.list.iter().map(|value| type_name(value)));
            }
            self.nullable = named && (untyped || self.nullable || self.types.contains("null"));
            if named && values.list.is_empty() {
                self.values = None;
                self.types = BTreeSet::from(["null"]);
            }
        }
        if self.types.len() > 1 && self.types.remove("null") {
            self.nullable = true;
        }
        if self.types.contains("integer") && self.types.contains("number") {
            self.types.remove("integer");
        }
    }
}

/// Whether null is the only valid value of a schema.
fn is_null(schema: &Value) -> bool {
    let Some(members) = schema.as_object() else { return false };
    let null = |value: &Value| value.is_null();
    members.get("type").is_some_and(|name| {
        name == "null"
            || name
                .as_array()
                .is_some_and(|names| names.iter().all(|n| n == "null") && !names.is_empty())
    }) || members.get("const").is_some_and(null)
        || members
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|values| !values.is_empty() && values.iter().all(null))
}

/// The values of arms that hold nothing but constants and texts about them.
fn constants<'a>(arms: &[Located<'a>]) -> Option<Vec<&'a Value>> {
    let mut values = Vec::new();
    for arm in arms {
        for (key, _) in arm.members() {
            let known = matches!(key, "const" | "enum" | "type") || TEXT_KEYWORDS.contains(&key);
            if !known && !key.starts_with("x-") {
                return None;
            }
        }
        match (arm.value.get("const"), arm.value.get("enum")) {
            (Some(value), None) => values.push(value),
            (None, Some(Value::Array(list))) => values.extend(list),
            _ => return None,
        }
        // A type that excludes a value leaves nothing valid.
        let own = normal(arm);
        let of = |value: &&Value| own.types.contains(type_name(value)) || value.is_null();
        if !own.values?.list.iter().all(of) {
            return None;
        }
    }
    Some(values)
}

/// The types of arms that have no other keyword but texts.
fn bare_types<'a>(arms: &[Located<'a>]) -> Option<BTreeSet<&'a str>> {
    let mut types = BTreeSet::new();
    for arm in arms {
        let members = arm.value.as_object()?;
        let known = |key: &str| key == "type" || TEXT_KEYWORDS.contains(&key);
        members.keys().all(|key| known(key)).then_some(())?;
        match members.get("type")? {
            Value::String(name) => drop(types.insert(name.as_str())),
            Value::Array(names) => {
                for name in names {
                    types.insert(name.as_str()?);
                }
            }
            _ => return None,
        }
    }
    Some(types)
}

/// Whether a schema allows null, also behind references and in unions.
pub(super) fn allows_null<'a>(document: &'a Value, schema: &Located<'a>, hops: usize) -> bool {
    let normal = normal(schema);
    if normal.nullable || hops == MAX_HOPS {
        return normal.nullable;
    }
    if normal.types.contains("null") {
        return true;
    }
    if let Some(union) = &normal.union {
        return union.arms.iter().any(|arm| allows_null(document, arm, hops + 1));
    }
    normal.target(document).is_some_and(|target| allows_null(document, &target, hops + 1))
}
