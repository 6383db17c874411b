//! The keywords that hold no schemas: their types, annotations, lengths and bounds.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::index::SUBSCHEMAS;
use super::kinds::Kind;
use super::older::{is_null_type, is_rest_of_tuple};
use super::sketch::Sketch;
use super::{Version, Writer};
use crate::lower::rules::{NoteKind, RuleId};
use crate::lower::{origin, prose, wrong_type};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

/// The dialects of JSON Schema whose keywords mean what the rules take them for.
const DIALECTS: &[&str] = &["//json-schema.org/", "//spec.openapis.org/oas/"];

/// Keywords without a schema that a rule reads, or that say nothing.
const KNOWN: &[&str] = &[
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$recursiveAnchor",
    "$recursiveRef",
    "$ref",
    "$schema",
    "$vocabulary",
    "const",
    "contentEncoding",
    "contentMediaType",
    "default",
    "dependentRequired",
    "deprecated",
    "description",
    "discriminator",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "nullable",
    "pattern",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// Keywords of JSON Schema that 2020-12 does not know any more.
const GONE: &[&str] = &["additionalItems", "dependencies"];

/// Annotations that are written as they are.
const COPIED: &[&str] =
    &["deprecated", "example", "externalDocs", "readOnly", "title", "writeOnly"];

/// Annotations that a generator does not read. It names types from titles, and merges those with
/// equal ones without comparing.
const NOT_FOR_CLIENTS: &[&str] = &["externalDocs", "title", "xml"];

/// Bounds that count something.
const COUNTS: &[&str] =
    &["maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"];

impl Writer<'_> {
    /// Returns the keywords whose values have the type that every reader takes for granted; the
    /// others are problems.
    pub(super) fn checked<'m>(&mut self, members: &'m Members, place: &Place) -> Cow<'m, Members> {
        let mut left_out: Vec<&str> = Vec::new();
        let null_type = self.null_type(members, place);
        for (key, value) in members {
            if (key == "type" && null_type.is_some()) || is_rest_of_tuple(key, members) {
                continue;
            }
            if self.says_nothing(key, value, place) {
                left_out.push(key);
            } else if let Some(wanted) = wanted(key, value) {
                self.reject(wrong_type(value, &place.at(key), wanted));
                left_out.push(key);
            } else if let Some(problem) = out_of_range(key, value, &place.at(key)) {
                self.reject(problem);
                left_out.push(key);
            } else if !is_known(key) {
                // JSON Schema 2020-12 (6.5) reads a keyword that it does not know as an annotation.
                let detail = "JSON Schema does not know the keyword, and it is ignored";
                self.note(RuleId::UnknownKeyword, NoteKind::Dropped, &place.at(key), detail);
                left_out.push(key);
            }
        }
        self.check_dialect(members, place);
        if left_out.is_empty() && null_type.is_none() {
            return Cow::Borrowed(members);
        }
        // A copy of a schema has all below it, so it is made only if it must be.
        let mut right = members.clone();
        right.retain(|key, _| !left_out.contains(&key.as_str()));
        right.extend(null_type.map(|names| ("type".to_owned(), names)));
        Cow::Owned(right)
    }

    fn check_dialect(&mut self, source: &Members, place: &Place) {
        let Some(dialect) = source.get("$schema").and_then(Value::as_str) else { return };
        if !is_known_dialect(dialect) {
            self.reject(place.at("$schema").problem(
                format!("the schema dialect {dialect:?} is not supported"),
                "remove it with an overlay action if the schema is one of JSON Schema 2020-12",
            ));
        }
    }

    pub(super) fn annotations(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let client = self.is_for_client();
        for (key, value) in source {
            let copied = COPIED.contains(&key.as_str()) || key.starts_with("x-");
            if client && (key.starts_with("x-") || NOT_FOR_CLIENTS.contains(&key.as_str())) {
                if self.options.name_extension.as_ref() != Some(key) {
                    let detail = "the generator does not read it";
                    self.note(RuleId::Unread, NoteKind::Dropped, &place.at(key), detail);
                }
                continue;
            }
            match key.as_str() {
                "description" => {
                    let text = value.as_str().unwrap_or_default();
                    let text = if client { prose::neutralise(text) } else { text.to_owned() };
                    sketch.members.insert(key.clone(), text.into());
                }
                "discriminator" => {
                    let Some(mut written) =
                        self.annotation(Kind::Discriminator, value, &place.at(key))
                    else {
                        continue;
                    };
                    self.discriminator(&mut written, source, place);
                    sketch.members.insert(key.clone(), written);
                }
                "xml" => {
                    let written = self.annotation(Kind::Xml, value, &place.at(key));
                    sketch.members.extend(written.map(|written| (key.clone(), written)));
                }
                "externalDocs" => {
                    let written = self.annotation(Kind::ExternalDocs, value, &place.at(key));
                    sketch.members.extend(written.map(|written| (key.clone(), written)));
                }
                "default" => self.default(source, value, place, sketch),
                "examples" => self.examples(source, value, place, sketch),
                _ if copied => {
                    sketch.members.insert(key.clone(), value.clone());
                }
                _ => {}
            }
        }
    }

    /// Returns an object of OpenAPI that stands in a schema.
    fn annotation(&mut self, kind: Kind, value: &Value, place: &Place) -> Option<Value> {
        if self.is_for_client() {
            return Some(value.clone());
        }
        let written = self.object(kind, value, place);
        self.keep(written)
    }

    /// A default of null says nothing where null is allowed, and contradicts the type elsewhere.
    fn default(&mut self, source: &Members, value: &Value, place: &Place, sketch: &mut Sketch) {
        if value.is_null() && !self.source_allows_null(source, place, 0) {
            let detail = "the default is null, which the type does not allow";
            self.note(RuleId::DropDefault, NoteKind::Dropped, &place.at("default"), detail);
        } else {
            sketch.members.insert("default".into(), value.clone());
        }
    }

    /// Whether a schema of the description allows null, as far as that is easily seen.
    fn source_allows_null(&self, source: &Members, place: &Place, hops: usize) -> bool {
        if hops > 6 || source.get("nullable") == Some(&Value::Bool(true)) {
            return true;
        }
        if source.get("const").is_some_and(|value| !value.is_null()) {
            return false;
        }
        if let Some(Value::Array(values)) = source.get("enum")
            && !values.iter().any(Value::is_null)
        {
            return false;
        }
        let typed = match source.get("type") {
            None => true,
            Some(Value::Array(names)) => names.iter().any(is_null_type),
            Some(name) => is_null_type(name),
        };
        let below = |schema: &Value, at: &Place| match schema {
            Value::Object(members) => self.source_allows_null(members, at, hops + 1),
            other => other != &Value::Bool(false),
        };
        let list = |key: &str| {
            let all = source.get(key).and_then(Value::as_array).into_iter().flatten();
            let at = place.at(key);
            all.enumerate().map(|(index, schema)| below(schema, &at.at(index))).collect::<Vec<_>>()
        };
        let referred = match source.get("$ref").and_then(Value::as_str) {
            None => true,
            Some(reference) => match self.index.target(reference, place, place) {
                Ok(pointer) => {
                    let (schema, at) = super::index::at(self.source, &pointer);
                    below(schema, &at)
                }
                Err(_) => true,
            },
        };
        let unions = ["anyOf", "oneOf"].map(list);
        typed
            && referred
            && list("allOf").into_iter().all(|allows| allows)
            && unions.iter().all(|arms| arms.is_empty() || arms.contains(&true))
    }

    /// Of several examples 3.0 has the first.
    fn examples(&mut self, source: &Members, value: &Value, place: &Place, sketch: &mut Sketch) {
        // Some descriptions have a map of named examples here, as media types do.
        let (first, count) = match value {
            Value::Array(values) => (values.first().cloned(), values.len()),
            Value::Object(named) => {
                let first = named.values().next();
                (first.map(|e| e.get("value").unwrap_or(e).clone()), named.len())
            }
            _ => (None, 0),
        };
        let beside = source.contains_key("example");
        if (count > 1 || (beside && count > 0)) && !self.is_for_client() {
            let detail = "OpenAPI 3.0 has one example of a schema";
            self.note(RuleId::Annotation, NoteKind::Dropped, &place.at("examples"), detail);
        }
        if let (Some(first), false) = (first, beside) {
            sketch.members.insert("example".into(), first);
            origin::mark_keyword(&mut sketch.members, "example", &place.at("examples"));
        }
    }

    /// Formats, lengths, patterns and bounds.
    pub(super) fn plain_keywords(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        for key in ["format", "pattern", "uniqueItems", "multipleOf", "minimum", "maximum"] {
            if let Some(value) = source.get(key) {
                sketch.members.insert(key.to_owned(), value.clone());
            }
        }
        for key in COUNTS {
            if let Some(Value::Number(count)) = source.get(*key) {
                sketch.members.insert((*key).to_owned(), Value::Number(whole(count)));
            }
        }
        exclusive_bounds(source, place, sketch);
        self.content_keywords(source, place, sketch);
    }

    /// 3.1 says with content keywords what 3.0 said with a format.
    fn content_keywords(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let is = |key: &str, wanted: &str| source.get(key).is_some_and(|value| value == wanted);
        let format = if is("contentEncoding", "base64") {
            Some(("contentEncoding", "byte"))
        } else if is("contentMediaType", "application/octet-stream") {
            Some(("contentMediaType", "binary"))
        } else {
            None
        };
        let format = format
            .filter(|_| !self.drops(RuleId::ContentKeywords) && !source.contains_key("format"));
        if let Some((keyword, format)) = format {
            sketch.members.insert("format".into(), format.into());
            origin::mark_keyword(&mut sketch.members, "format", &place.at(keyword));
        }
        for key in ["contentEncoding", "contentMediaType", "contentSchema"] {
            let said = format.is_some_and(|(keyword, _)| keyword == key);
            if source.contains_key(key) && !said && !self.is_for_client() {
                let detail = "no format of OpenAPI 3.0 says the same";
                self.note(RuleId::ContentKeywords, NoteKind::Dropped, &place.at(key), detail);
            }
        }
    }

    /// Whether `nullable` is a leftover in a description of 3.1.
    pub(super) fn note_nullable(&mut self, place: &Place) {
        if self.version != Version::V3_0 {
            let detail = "`nullable` is read as OpenAPI 3.0 reads it";
            self.note(RuleId::Nullable, NoteKind::Widened, &place.at("nullable"), detail);
        }
    }
}

fn is_known(key: &str) -> bool {
    !GONE.contains(&key)
        && (KNOWN.contains(&key)
            || SUBSCHEMAS.iter().any(|(known, _)| *known == key)
            || key.starts_with("x-"))
}

/// Whether the keywords of a dialect mean what the rules take them for.
pub(super) fn is_known_dialect(dialect: &str) -> bool {
    DIALECTS.iter().any(|known| dialect.contains(known))
}

/// Returns what is wanted instead of a value of the wrong type.
pub(super) fn wanted(key: &str, value: &Value) -> Option<&'static str> {
    let (right, wanted) = match key {
        "nullable" | "deprecated" | "readOnly" | "writeOnly" | "uniqueItems" => {
            (value.is_boolean(), "a boolean")
        }
        "$anchor" | "$dynamicRef" | "$id" | "$recursiveRef" | "$ref" | "$schema"
        | "$dynamicAnchor" | "contentEncoding" | "contentMediaType" | "description" | "format"
        | "pattern" | "title" => (value.is_string(), "a string"),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
        | "minContains" | "maxContains" | "minimum" | "maximum" | "multipleOf" => {
            (value.is_number(), "a number")
        }
        "exclusiveMinimum" | "exclusiveMaximum" => {
            (value.is_number() || value.is_boolean(), "a number")
        }
        "required" => {
            let strings = value.as_array().map(|list| list.iter().all(Value::is_string));
            (strings == Some(true), "a list of strings")
        }
        "enum" | "allOf" | "anyOf" | "oneOf" | "prefixItems" => (value.is_array(), "a list"),
        "examples" => (value.is_array() || value.is_object(), "a list"),
        "$defs" | "definitions" | "dependentRequired" | "dependentSchemas"
        | "patternProperties" | "properties" => (value.is_object(), "an object"),
        "type" => (value.is_string() || value.is_array(), "the name of a type"),
        _ => return None,
    };
    (!right).then_some(wanted)
}

/// Counts are not negative, and have no fraction but `.0`; a divisor is above zero.
fn out_of_range(key: &str, value: &Value, place: &Place) -> Option<Problem> {
    let number = value.as_f64()?;
    let what = match key {
        "multipleOf" if number <= 0.0 => "a number above zero is required here",
        key if COUNTS.contains(&key) && (number < 0.0 || number.fract() != 0.0) => {
            "a whole number that is not negative is required here"
        }
        _ => return None,
    };
    Some(place.problem(format!("{what}, not {value}"), crate::lower::OVERLAY))
}

/// A count without the fraction that JSON Schema allows in it: `2.0` is 2.
fn whole(count: &Number) -> Number {
    match count.as_f64() {
        Some(float) if count.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole, and small enough")]
            Number::from(float as i64)
        }
        _ => count.clone(),
    }
}

/// Numeric exclusive bounds become the boolean form; of two bounds the tighter one stays.
fn exclusive_bounds(source: &Members, place: &Place, sketch: &mut Sketch) {
    type Tighter = fn(f64, f64) -> bool;
    let tighter: [(&str, &str, Tighter); 2] = [
        ("exclusiveMinimum", "minimum", |exclusive, inclusive| exclusive >= inclusive),
        ("exclusiveMaximum", "maximum", |exclusive, inclusive| exclusive <= inclusive),
    ];
    for (exclusive, inclusive, is_tighter) in tighter {
        match source.get(exclusive) {
            // The boolean form is one of 3.0; without its bound it says nothing.
            Some(Value::Bool(true)) if source.contains_key(inclusive) => {
                sketch.members.insert(exclusive.into(), true.into());
            }
            Some(Value::Number(bound)) => {
                let other = source.get(inclusive).and_then(Value::as_f64);
                let wins = match (bound.as_f64(), other) {
                    (Some(bound), Some(other)) => is_tighter(bound, other),
                    _ => true,
                };
                if wins {
                    origin::mark_keyword(&mut sketch.members, inclusive, &place.at(exclusive));
                    sketch.members.insert(inclusive.into(), Value::Number(bound.clone()));
                    sketch.members.insert(exclusive.into(), true.into());
                }
            }
            _ => {}
        }
    }
}
