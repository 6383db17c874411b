//! The rules for schemas, in the order in which they apply.
//!
//! Each rule takes a schema's members, its place and the lowering, and leaves what 3.0.3 says in
//! their stead. Composition (`anyOf`, `oneOf`, null arms) has its rules in [`super::unions`].

use serde_json::{Map, Value, json};

use super::{Lowering, array, object, prose, text, unions, unknown_key, wrong_type};
use crate::problem::{Place, Problem};

type Members = Map<String, Value>;
type Rule = fn(&mut Lowering<'_>, &mut Members, &Place) -> Result<(), Problem>;

/// Every rule; the order matters where a comment says so.
const RULES: &[Rule] = &[
    // First: an arm that is left alone joins the schema, and the other rules must see it there.
    unions::drop_null_arms,
    drop_annotations,
    example_from_examples,
    // Turns `const` into `enum`, which the rules after it read.
    enum_from_const,
    // Before the type rules: they look at a reference's siblings as a schema of their own.
    all_of_from_reference_with_siblings,
    unions::split_type_array,
    type_from_enum,
    nullable_only_with_null_in_enum,
    exclusive_bounds,
    open_additional_properties,
    additional_properties_from_patterns,
    items_from_prefix_items,
    binary_from_content_keywords,
    drop_conditions,
    default_null,
];

/// Keywords of 3.0.3 that hold no schema.
const KEPT: &[&str] = &[
    "$ref",
    "type",
    "nullable",
    "enum",
    "format",
    "default",
    "example",
    "required",
    "deprecated",
    "readOnly",
    "writeOnly",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

impl Lowering<'_> {
    /// Lowers a component's schema.
    pub(super) fn component(&mut self, schema: &Value, place: &Place) -> Result<Value, Problem> {
        let lowered = self.schema(schema, place)?;
        if lowered.get("$ref").is_some() {
            self.alias_ends(schema, place)?;
        }
        Ok(lowered)
    }

    /// An alias that only leads back to itself stands for no type, and hangs who follows it.
    fn alias_ends(&self, schema: &Value, place: &Place) -> Result<(), Problem> {
        self.resolve(schema, place).map(|_| ())
    }

    /// Lowers a schema and all below it.
    pub(super) fn schema(&mut self, schema: &Value, place: &Place) -> Result<Value, Problem> {
        let mut members = match schema {
            Value::Object(members) => members.clone(),
            Value::Bool(true) => Members::new(),
            Value::Bool(false) => {
                self.note("boolean-schema", "`false` allows nothing; any value is read", place);
                Members::new()
            }
            other => return Err(wrong_type(other, place, "a schema")),
        };
        check_keywords(&members, place)?;
        for rule in RULES {
            rule(self, &mut members, place)?;
        }
        let mut lowered = Members::new();
        for (key, value) in members {
            let value = self.member(&key, value, &place.at(&key))?;
            lowered.insert(key, value);
        }
        check_type(&lowered, place)?;
        Ok(Value::Object(lowered))
    }

    fn member(&mut self, key: &str, value: Value, place: &Place) -> Result<Value, Problem> {
        match key {
            "description" => Ok(prose::neutralise(text(&value, place)?).into()),
            "allOf" | "anyOf" | "oneOf" => {
                let arms = array(&value, place)?.iter().enumerate();
                arms.map(|(index, arm)| self.schema(arm, &place.at(index))).collect()
            }
            "properties" => {
                let mut out = Members::new();
                for (name, property) in object(&value, place)? {
                    let at = place.at(name);
                    if property == &Value::Bool(false) {
                        self.note(
                            "boolean-schema",
                            "a property that must be absent is ignored",
                            &at,
                        );
                        continue;
                    }
                    out.insert(name.clone(), self.schema(property, &at)?);
                }
                Ok(Value::Object(out))
            }
            "additionalProperties" if value.is_boolean() => Ok(value),
            "additionalProperties" | "items" | "not" => self.schema(&value, place),
            "$ref" => {
                let reference = text(&value, place)?;
                // The place of the schema, whose `$ref` this is.
                let owner = &place.as_str()[..place.as_str().len() - "/$ref".len()];
                let owner = super::names::place_of(owner);
                self.schema_reference(reference, &owner).map(Value::from)
            }
            kept if KEPT.contains(&kept) => Ok(value),
            _ => Err(unknown_key(place)),
        }
    }
}

/// A keyword's value has the type that the generator's reader takes for granted.
fn check_keywords(members: &Members, place: &Place) -> Result<(), Problem> {
    for (key, value) in members {
        let (right, wanted) = match key.as_str() {
            "nullable" | "deprecated" | "readOnly" | "writeOnly" | "uniqueItems" => {
                (value.is_boolean(), "a boolean")
            }
            "format" | "pattern" | "description" | "$ref" => (value.is_string(), "a text"),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" | "minimum" | "maximum" | "multipleOf" => {
                (value.is_number(), "a number")
            }
            "required" => {
                let texts = value.as_array().map(|list| list.iter().all(Value::is_string));
                (texts == Some(true), "a list of texts")
            }
            "enum" => (value.is_array(), "a list"),
            _ => continue,
        };
        if !right {
            return Err(wrong_type(value, &place.at(key), wanted));
        }
    }
    Ok(())
}

fn check_type(members: &Members, place: &Place) -> Result<(), Problem> {
    match members.get("type") {
        None => Ok(()),
        Some(Value::String(name)) if TYPES.contains(&name.as_str()) => Ok(()),
        Some(other) => Err(place.at("type").problem(
            format!("there is no type {other}"),
            format!("correct it with an overlay action to one of {}", TYPES.join(", ")),
        )),
    }
}

/// Removes what says nothing about a value: identifiers, titles, extensions.
///
/// The generator names types from titles, and merges those with equal ones without comparing.
fn drop_annotations(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    for key in ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"] {
        if members.contains_key(key) {
            return Err(place.at(key).problem(
                "references that depend on the caller cannot be lowered",
                "replace it by a plain `$ref` with an overlay action",
            ));
        }
    }
    if members.remove("discriminator").is_some() {
        let effect = "arms are told apart by their shape, not by the discriminator";
        lowering.note("drop-discriminator", effect, place);
    }
    // What `$defs` holds is lowered where a `$ref` refers to it.
    let silent = [
        "$anchor",
        "$comment",
        "$defs",
        "$id",
        "$schema",
        "definitions",
        "externalDocs",
        "title",
        "xml",
    ];
    members.retain(|key, _| !key.starts_with("x-") && !silent.contains(&key.as_str()));
    Ok(())
}

fn example_from_examples(
    _: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    let Some(examples) = members.remove("examples") else {
        return Ok(());
    };
    // A map of named examples, as media types have it, is a common slip.
    let first = match &examples {
        Value::Array(values) => values.first().cloned(),
        Value::Object(named) => named.values().next().map(|e| e.get("value").unwrap_or(e).clone()),
        other => return Err(wrong_type(other, &place.at("examples"), "a list")),
    };
    if let Some(first) = first {
        members.entry("example").or_insert(first);
    }
    Ok(())
}

fn enum_from_const(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    let Some(value) = members.remove("const") else {
        return Ok(());
    };
    if value.is_object() || value.is_array() {
        let effect = "a constant that is no scalar is read as any value of its type";
        lowering.note("const", effect, place);
        members.entry("type").or_insert(type_of(&value).into());
    } else {
        members.insert("enum".into(), json!([value]));
    }
    Ok(())
}

/// 3.0 ignores the siblings of a `$ref`.
fn all_of_from_reference_with_siblings(
    _: &mut Lowering<'_>,
    members: &mut Members,
    _: &Place,
) -> Result<(), Problem> {
    if members.len() > 1
        && let Some(reference) = members.remove("$ref")
    {
        let mut all = vec![json!({ "$ref": reference })];
        if let Some(Value::Array(others)) = members.remove("allOf") {
            all.extend(others);
        }
        members.insert("allOf".into(), all.into());
    }
    Ok(())
}

/// 3.0 needs a `type` beside an enum for the generator to know what its values are.
fn type_from_enum(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    let Some(values) = members.get("enum") else {
        return Ok(());
    };
    let at = place.at("enum");
    let values = array(values, &at)?;
    if values.is_empty() {
        let mend = "give the values, or remove the enum, with an overlay action";
        return Err(at.problem("an enum without values allows nothing", mend));
    }
    if members.contains_key("type") || unions::has_composition(members) {
        return Ok(());
    }
    let mut kinds: Vec<&str> =
        values.iter().filter(|value| !value.is_null()).map(type_of).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let nullable = values.iter().any(Value::is_null);
    match kinds.as_slice() {
        [] => {
            lowering.note("null-type", "a value that is always null is read as any value", place);
            members.remove("enum");
        }
        [kind] => {
            members.insert("type".into(), (*kind).into());
        }
        ["integer", "number"] => {
            members.insert("type".into(), "number".into());
        }
        _ => {
            lowering.note("mixed-enum", "an enum of mixed types is read as any value", place);
            members.remove("enum");
        }
    }
    if nullable {
        members.insert("nullable".into(), true.into());
    }
    Ok(())
}

/// An enum without null does not allow null, whatever `nullable` says; one with null needs it.
fn nullable_only_with_null_in_enum(
    _: &mut Lowering<'_>,
    members: &mut Members,
    _: &Place,
) -> Result<(), Problem> {
    let nullable = members.get("nullable") == Some(&Value::Bool(true));
    if !nullable {
        members.remove("nullable");
    }
    if let Some(Value::Array(values)) = members.get_mut("enum") {
        if !nullable && values.len() > 1 {
            // The type already excludes null.
            values.retain(|value| !value.is_null());
        } else if nullable && !values.iter().any(Value::is_null) {
            members.remove("nullable");
        }
    }
    Ok(())
}

/// Numeric exclusive bounds become the boolean form; of two bounds the tighter one stays.
fn exclusive_bounds(
    _: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    type Tighter = fn(f64, f64) -> bool;
    let tighter: [(&str, &str, Tighter); 2] = [
        ("exclusiveMinimum", "minimum", |exclusive, inclusive| exclusive >= inclusive),
        ("exclusiveMaximum", "maximum", |exclusive, inclusive| exclusive <= inclusive),
    ];
    for (exclusive, inclusive, is_tighter) in tighter {
        match members.get(exclusive) {
            None => {}
            // The boolean form is a 3.0 leftover; without its bound it says nothing.
            Some(Value::Bool(true)) if members.contains_key(inclusive) => {}
            Some(Value::Bool(_)) => {
                members.remove(exclusive);
            }
            Some(Value::Number(bound)) => {
                let bound = bound.clone();
                let other = members.get(inclusive).and_then(Value::as_f64);
                let wins = match (bound.as_f64(), other) {
                    (Some(bound), Some(other)) => is_tighter(bound, other),
                    _ => true,
                };
                if wins {
                    members.insert(inclusive.into(), Value::Number(bound));
                    members.insert(exclusive.into(), true.into());
                } else {
                    members.remove(exclusive);
                }
            }
            Some(other) => return Err(wrong_type(other, &place.at(exclusive), "a number")),
        }
    }
    Ok(())
}

/// With `true` beside properties the generator drops the extra keys in silence; `{}` keeps them.
fn open_additional_properties(
    _: &mut Lowering<'_>,
    members: &mut Members,
    _: &Place,
) -> Result<(), Problem> {
    let beside =
        members.get("properties").and_then(Value::as_object).is_some_and(|p| !p.is_empty());
    if let Some(open) = members.get_mut("additionalProperties")
        && beside
        && open == &Value::Bool(true)
    {
        *open = json!({});
    }
    Ok(())
}

fn additional_properties_from_patterns(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    if members.remove("propertyNames").is_some() {
        lowering.note("property-names", "keys are not checked against `propertyNames`", place);
    }
    let Some(patterns) = members.remove("patternProperties") else {
        return Ok(());
    };
    let patterns = object(&patterns, &place.at("patternProperties"))?;
    let effect = "keys are not checked against the patterns of `patternProperties`";
    lowering.note("pattern-properties", effect, place);
    let also = members.get("additionalProperties").is_none_or(|other| other != &Value::Bool(false));
    let open = match patterns.values().next() {
        Some(only) if patterns.len() == 1 && !also => only.clone(),
        _ => json!({}),
    };
    members.insert("additionalProperties".into(), open);
    members.entry("type").or_insert("object".into());
    Ok(())
}

fn items_from_prefix_items(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    if members.remove("prefixItems").is_some() {
        lowering.note("prefix-items", "a tuple is read as a list of any values", place);
        members.insert("items".into(), json!({}));
        members.entry("type").or_insert("array".into());
    }
    if members.get("items").is_some_and(Value::is_boolean) {
        members.insert("items".into(), json!({}));
    }
    // 3.0 requires `items` of an array.
    if members.get("type").is_some_and(|name| name == "array") {
        members.entry("items").or_insert(json!({}));
    }
    Ok(())
}

/// 3.1 says with content keywords what 3.0 said with a format.
fn binary_from_content_keywords(
    _: &mut Lowering<'_>,
    members: &mut Members,
    _: &Place,
) -> Result<(), Problem> {
    let encoding = members.remove("contentEncoding");
    let media = members.remove("contentMediaType");
    members.remove("contentSchema");
    if encoding.is_some_and(|name| name == "base64") {
        members.entry("format").or_insert("byte".into());
    } else if media.is_some_and(|name| name == "application/octet-stream") {
        members.entry("format").or_insert("binary".into());
    }
    Ok(())
}

/// Conditions only ever narrow what is allowed; without them more is read.
fn drop_conditions(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    let conditions = [
        "contains",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "if",
        "maxContains",
        "minContains",
        "not",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    ];
    for key in conditions {
        if members.remove(key).is_some() {
            lowering.note("drop-conditions", "the condition is not checked", &place.at(key));
        }
    }
    Ok(())
}

/// A default of null is what `nullable` already means; elsewhere it contradicts the type.
fn default_null(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    if members.get("default") != Some(&Value::Null) {
        return Ok(());
    }
    if !unions::allows_null(lowering, members, 0) {
        return Err(place.at("default").problem(
            "the default is null, which the type does not allow",
            "allow null, or remove the default, with an overlay action",
        ));
    }
    members.remove("default");
    Ok(())
}

/// The name of a value's type.
pub(super) fn type_of(value: &Value) -> &'static str {
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
