//! The rules for schemas, in the order in which they apply.
//!
//! Each rule takes a schema's members, its location and the lowering, and rewrites the members in
//! 3.0.3. The rules for composition (`anyOf`, `oneOf`, null arms) are in [`super::unions`].

use serde_json::{Value, json};

use super::{Lowering, RuleId, array, object, origin, prose, string, unions, wrong_type};
use crate::problem::{Place, Problem};
use crate::schemas::{Holds, Members, holds};

type Rule = fn(&mut Lowering<'_>, &mut Members, &Place) -> Result<(), Problem>;

/// Every rule; the order matters where a comment says so.
const RULES: &[Rule] = &[
    // First: an arm that is left alone joins the schema, and the other rules must see it there.
    unions::drop_null_arms,
    drop_wrong_keywords,
    drop_unknown_keywords,
    drop_annotations,
    example_from_examples,
    // Turns `const` into `enum`, which the rules after it read.
    enum_from_const,
    // Before the type rules: they treat what stands beside a reference as a schema of its own.
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

/// Keywords that a rule rewrites.
const REWRITTEN: &[&str] = &[
    "const",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "description",
    "discriminator",
    "examples",
    "patternProperties",
    "prefixItems",
    "propertyNames",
];

/// Keywords that say nothing about a value. What `$defs` holds is lowered where a `$ref` refers to
/// it.
const SILENT: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "$vocabulary",
    "definitions",
    "externalDocs",
    "title",
    "xml",
];

/// References that the caller of a schema redirects.
const DYNAMIC: &[&str] = &["$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef"];

/// Keywords that only narrow what is allowed.
const CONDITIONS: &[&str] = &[
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

const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

impl Lowering<'_> {
    /// Lowers a component's schema.
    pub(super) fn component(&mut self, schema: &Value, place: &Place) -> Value {
        let lowered = self.schema(schema, place);
        if lowered.get("$ref").is_some() {
            // An alias that only leads back to itself stands for no type, and whoever follows it
            // never arrives.
            let ends = self.resolve(schema, place).map(|_| ());
            self.keep(ends);
        }
        lowered
    }

    /// Lowers a schema and all below it. What is wrong with it is recorded, and the rest is
    /// checked all the same.
    pub(super) fn schema(&mut self, schema: &Value, place: &Place) -> Value {
        let mut members = match schema {
            Value::Object(members) => members.clone(),
            Value::Bool(true) => Members::new(),
            Value::Bool(false) => {
                self.note(RuleId::Nothing, "`false` allows nothing; any value is read", place);
                Members::new()
            }
            other => {
                self.problems.push(wrong_type(other, place, "a schema"));
                return json!({});
            }
        };
        let place = &origin::of(&members, place);
        self.drop_wrong_keywords(&mut members, place);
        origin::mark_children(&mut members, place);
        for rule in RULES {
            let applied = rule(self, &mut members, place);
            self.keep(applied);
        }
        let mut lowered = Members::new();
        for (key, value) in &members {
            if origin::is_mark(key) {
                lowered.insert(key.clone(), value.clone());
                continue;
            }
            let at = origin::of_keyword(&members, place, key);
            let member = self.member(key, value, place, &at);
            if let Some(member) = self.keep(member) {
                lowered.insert(key.clone(), member);
            }
        }
        let checked = check_type(&lowered, &origin::of_keyword(&lowered, place, "type"));
        self.keep(checked);
        let mut lowered = Value::Object(lowered);
        origin::mark(&mut lowered, place);
        lowered
    }

    /// Lowers the value of the keyword `key`, which is at `at` in the schema at `place`.
    fn member(
        &mut self,
        key: &str,
        value: &Value,
        place: &Place,
        at: &Place,
    ) -> Result<Value, Problem> {
        match (key, holds(key)) {
            ("description", _) => Ok(prose::neutralise(string(value, at)?).into()),
            ("$ref", _) => self.schema_reference(string(value, at)?, place).map(Value::from),
            ("additionalProperties", _) if value.is_boolean() => Ok(value.clone()),
            (_, None) => Ok(value.clone()),
            (_, Some(Holds::One)) => Ok(self.schema(value, at)),
            (_, Some(Holds::List)) => {
                let schemas = array(value, at)?.iter().enumerate();
                Ok(schemas.map(|(index, schema)| self.schema(schema, &at.at(index))).collect())
            }
            (_, Some(Holds::Map)) => {
                let mut out = Members::new();
                for (name, property) in object(value, at)? {
                    let at = at.at(name);
                    if property == &Value::Bool(false) {
                        let effect = "a property that must be absent is ignored";
                        self.note(RuleId::Nothing, effect, &at);
                        continue;
                    }
                    out.insert(name.clone(), self.schema(property, &at));
                }
                Ok(Value::Object(out))
            }
        }
    }

    /// Records keywords whose value has not the type that every reader takes for granted, and
    /// goes on without them.
    fn drop_wrong_keywords(&mut self, members: &mut Members, place: &Place) {
        let mut wrong = Vec::new();
        for (key, value) in members.iter() {
            let (right, wanted) = match key.as_str() {
                "nullable" | "deprecated" | "readOnly" | "writeOnly" | "uniqueItems" => {
                    (value.is_boolean(), "a boolean")
                }
                "format" | "pattern" | "description" | "$ref" => (value.is_string(), "a string"),
                "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
                | "maxProperties" | "minimum" | "maximum" | "multipleOf" => {
                    (value.is_number(), "a number")
                }
                "required" => {
                    let strings = value.as_array().map(|list| list.iter().all(Value::is_string));
                    (strings == Some(true), "a list of strings")
                }
                "enum" | "allOf" | "anyOf" | "oneOf" => (value.is_array(), "a list"),
                "properties" | "patternProperties" => (value.is_object(), "an object"),
                "type" => (value.is_string() || value.is_array(), "the name of a type"),
                _ => continue,
            };
            if !right {
                let at = origin::of_keyword(members, place, key);
                wrong.push((key.clone(), wrong_type(value, &at, wanted)));
            }
        }
        for (key, problem) in wrong {
            members.remove(&key);
            self.problems.push(problem);
        }
    }
}

fn check_type(members: &Members, place: &Place) -> Result<(), Problem> {
    match members.get("type") {
        None => Ok(()),
        Some(Value::String(name)) if TYPES.contains(&name.as_str()) => Ok(()),
        Some(other) => Err(place.problem(
            format!("there is no type {other}"),
            format!("correct it with an overlay action to one of {}", TYPES.join(", ")),
        )),
    }
}

fn drop_wrong_keywords(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    lowering.drop_wrong_keywords(members, place);
    Ok(())
}

/// JSON Schema 2020-12 (6.5) reads a keyword that it does not know as an annotation.
fn drop_unknown_keywords(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    let known = |key: &str| {
        let lists = [KEPT, REWRITTEN, SILENT, DYNAMIC, CONDITIONS];
        lists.iter().any(|list| list.contains(&key))
            || holds(key).is_some()
            || key.starts_with("x-")
            || origin::is_mark(key)
    };
    let unknown: Vec<_> = members.keys().filter(|key| !known(key)).cloned().collect();
    for key in unknown {
        let effect = "JSON Schema does not know the keyword, and it is ignored";
        lowering.note(RuleId::UnknownKeyword, effect, &origin::of_keyword(members, place, &key));
        members.remove(&key);
    }
    Ok(())
}

/// Removes what says nothing about a value: identifiers, titles, extensions.
///
/// The generator names types from titles, and merges those with equal ones without comparing.
fn drop_annotations(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    for key in DYNAMIC {
        if members.remove(*key).is_some() {
            lowering.problems.push(origin::of_keyword(members, place, key).problem(
                "references that depend on the caller cannot be lowered",
                "replace it by a plain `$ref` with an overlay action",
            ));
        }
    }
    if members.remove("discriminator").is_some() {
        let effect = "arms are told apart by their shape, not by the discriminator";
        let at = origin::of_keyword(members, place, "discriminator");
        lowering.note(RuleId::Discriminator, effect, &at);
    }
    members.retain(|key, _| !key.starts_with("x-") && !SILENT.contains(&key.as_str()));
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
    // Some descriptions have a map of named examples here, as media types do.
    let first = match &examples {
        Value::Array(values) => values.first().cloned(),
        Value::Object(named) => named.values().next().map(|e| e.get("value").unwrap_or(e).clone()),
        other => {
            return Err(wrong_type(
                other,
                &origin::of_keyword(members, place, "examples"),
                "a list",
            ));
        }
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
    let at = origin::of_keyword(members, place, "const");
    if value.is_object() || value.is_array() {
        let effect = "a constant that is not a scalar is read as any value of its type";
        lowering.note(RuleId::MixedEnum, effect, &at);
        members.entry("type").or_insert(type_of(&value).into());
    } else {
        members.insert("enum".into(), json!([value]));
        origin::mark_keyword(members, "enum", &at);
    }
    Ok(())
}

/// 3.0 ignores the siblings of a `$ref`.
fn all_of_from_reference_with_siblings(
    _: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    if origin::plain_len(members) > 1
        && let Some(reference) = members.remove("$ref")
    {
        let mut part = json!({ "$ref": reference });
        origin::mark(&mut part, place);
        let mut all = vec![part];
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
    let at = origin::of_keyword(members, place, "enum");
    let values = array(values, &at)?;
    if values.is_empty() {
        let fix = "give the values, or remove the enum, with an overlay action";
        return Err(at.problem("an enum without values allows nothing", fix));
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
            lowering.note(
                RuleId::OnlyNull,
                "a value that is always null is read as any value",
                &at,
            );
            members.remove("enum");
        }
        [kind] => {
            members.insert("type".into(), (*kind).into());
        }
        ["integer", "number"] => {
            members.insert("type".into(), "number".into());
        }
        _ => {
            lowering.note(RuleId::MixedEnum, "an enum of mixed types is read as any value", &at);
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
                    let at = origin::of_keyword(members, place, exclusive);
                    origin::mark_keyword(members, inclusive, &at);
                    members.insert(inclusive.into(), Value::Number(bound));
                    members.insert(exclusive.into(), true.into());
                } else {
                    members.remove(exclusive);
                }
            }
            Some(other) => {
                let at = origin::of_keyword(members, place, exclusive);
                return Err(wrong_type(other, &at, "a number"));
            }
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
        let at = origin::of_keyword(members, place, "propertyNames");
        lowering.note(RuleId::PropertyNames, "keys are not checked against `propertyNames`", &at);
    }
    let Some(patterns) = members.remove("patternProperties") else {
        return Ok(());
    };
    let at = origin::of_keyword(members, place, "patternProperties");
    let patterns = object(&patterns, &at)?;
    let effect = "keys are not checked against the patterns of `patternProperties`";
    lowering.note(RuleId::PatternProperties, effect, &at);
    let also = members.get("additionalProperties").is_none_or(|other| other != &Value::Bool(false));
    let open = match patterns.values().next() {
        Some(only) if patterns.len() == 1 && !also => only.clone(),
        _ => json!({}),
    };
    members.insert("additionalProperties".into(), open);
    origin::mark_keyword(members, "additionalProperties", &at);
    members.entry("type").or_insert("object".into());
    Ok(())
}

fn items_from_prefix_items(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    if members.remove("prefixItems").is_some() {
        let at = origin::of_keyword(members, place, "prefixItems");
        lowering.note(RuleId::PrefixItems, "a tuple is read as a list of any values", &at);
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
    place: &Place,
) -> Result<(), Problem> {
    let encoding = members.remove("contentEncoding");
    let media = members.remove("contentMediaType");
    members.remove("contentSchema");
    let (keyword, format) = if encoding.is_some_and(|name| name == "base64") {
        ("contentEncoding", "byte")
    } else if media.is_some_and(|name| name == "application/octet-stream") {
        ("contentMediaType", "binary")
    } else {
        return Ok(());
    };
    if !members.contains_key("format") {
        let at = origin::of_keyword(members, place, keyword);
        origin::mark_keyword(members, "format", &at);
        members.insert("format".into(), format.into());
    }
    Ok(())
}

/// Conditions only ever narrow what is allowed; without them more is read.
fn drop_conditions(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    for key in CONDITIONS {
        if members.remove(*key).is_some() {
            let at = origin::of_keyword(members, place, key);
            lowering.note(RuleId::Conditions, "the condition is not checked", &at);
        }
    }
    Ok(())
}

/// A default of null says what `nullable` already says; elsewhere it contradicts the type.
fn default_null(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    if members.get("default") != Some(&Value::Null) {
        return Ok(());
    }
    if !unions::allows_null(lowering, members, 0) {
        let effect = "the default is null, which the type does not allow";
        lowering.note(RuleId::DropDefault, effect, &origin::of_keyword(members, place, "default"));
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
