//! Schemas: how two of them are compared, and which rule each keyword has.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Severity::{Additive, Breaking, Text};
use super::deprecation::Notice;
use super::located::{Located, SCHEMAS, resolve, same};
use super::normal::{Normal, normal, normal_sum};
use super::recorder::Comparison;
use super::rules::*;
use super::site::{Judgement, Member, Site, Usage};
use super::text::where_they_differ;
use crate::removals::is_date_key;

/// Two schemas that are compared, as they are written and in normal form.
pub(super) struct SchemaPair<'a> {
    pub(super) old: Located<'a>,
    pub(super) new: Located<'a>,
    pub(super) a: Normal<'a>,
    pub(super) b: Normal<'a>,
}

impl<'a> Comparison<'a> {
    /// Compares two schemas.
    pub(super) fn schema(&mut self, old: &Located<'a>, new: &Located<'a>, usage: &Usage) {
        if old.value == new.value {
            return;
        }
        if self.enter(old, new, usage) {
            if !self.same_object(old, new, usage) {
                let (a, b) = (normal(old), normal(new));
                self.pair(SchemaPair { old: old.clone(), new: new.clone(), a, b }, usage);
            }
            self.leave();
        }
    }

    fn pair(&mut self, mut pair: SchemaPair<'a>, usage: &Usage) {
        self.old_coverage.visited.extend(pair.a.merged.iter().map(ToString::to_string));
        self.new_coverage.visited.extend(pair.b.merged.iter().map(ToString::to_string));
        match (&pair.a.sum, &pair.b.sum) {
            (Some(_), None) => pair.b = normal_sum(&pair.new),
            (None, Some(_)) => pair.a = normal_sum(&pair.old),
            _ => {}
        }
        if !self.is_same_reference(&pair.a, &pair.b) {
            if self.is_first_way(&pair.old.at, &pair.new.at, usage) {
                self.replaced(pair, usage);
            }
            return;
        }
        // A new name of a component is told once, at the component.
        let (old, new) = (pair.a.reference.clone(), pair.b.reference.clone());
        if old.as_ref().map(|part| part.value) != new.as_ref().map(|part| part.value) {
            self.claim(old.as_ref(), new.as_ref());
        }
        self.parts(&pair, usage);
    }

    fn parts(&mut self, pair: &SchemaPair<'a>, usage: &Usage) {
        self.nullability(pair, usage);
        self.types(pair, usage);
        self.values(pair, usage);
        self.keywords(pair, usage);
    }

    /// Whether both sides refer to the same component, or neither refers to any.
    fn is_same_reference(&self, a: &Normal<'a>, b: &Normal<'a>) -> bool {
        match (a.refers_to(), b.refers_to()) {
            (Some(a), Some(b)) => self.is_same_name(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// Whether two references name the same component, which may have been renamed.
    pub(super) fn is_same_name(&self, a: &str, b: &str) -> bool {
        let renamed = || {
            let (a, b) = (a.strip_prefix(SCHEMAS)?, b.strip_prefix(SCHEMAS)?);
            self.ground.renames.get(a).map(|name| name == b)
        };
        a == b || renamed().unwrap_or(false)
    }

    /// Compares two schemas that have different types in Rust: one change, where they are used.
    fn replaced(&mut self, mut pair: SchemaPair<'a>, usage: &Usage) {
        let terms = self.ground.terms;
        let words = (terms.summary_of(&pair.a), terms.summary_of(&pair.b));
        let site = Site::at(&pair.old.at, &pair.new.at)
            .texts(Some(words.0.clone()), Some(words.1.clone()));
        let listed = self.became_list(&pair);
        let was_open = is_open_map(&pair.a);
        if !self.follow(&mut pair) {
            // The contents of another document, or of nothing at all, cannot be compared.
            let consequence = "The schema refers outside this description: review it by hand.";
            return self.plain(usage, site, &REFERENCE_CHANGED, Breaking, consequence);
        }
        let keeps_less = (was_open || is_open_map(&pair.a)) && drops_unknown_keys(&pair.b);
        let nested = self.apart(|comparison| comparison.parts(&pair, usage));
        // Of equally severe ones the first counts.
        let worst = nested.iter().rev().max_by_key(|change| change.wire);
        let wire = worst.map_or(Text, |change| change.wire);
        let mut consequence = match (worst, listed) {
            _ if usage.sides.is_empty() => "No operation reaches it.".to_owned(),
            (Some(worst), Some(is_list)) if worst.wire == Breaking => {
                let now = match is_list {
                    true => format!("a list of `{}`, no longer a single one", words.0),
                    false => format!("a `{}`, no longer a list of them", words.1),
                };
                format!("It is {now}, which a released crate does not expect.")
            }
            (Some(worst), _) if worst.wire == Breaking => {
                let member = worst.subject.member.as_deref();
                match member.filter(|member| Some(*member) != usage.member.as_deref()) {
                    Some(member) => format!("`{member}`: {}", worst.consequence),
                    None => worst.consequence.clone(),
                }
            }
            _ => {
                "Calls of a released crate still work; the type in Rust is another one.".to_owned()
            }
        };
        if keeps_less {
            consequence.push_str(" Unknown keys are no longer kept.");
        }
        self.plain(usage, site, &REFERENCE_CHANGED, wire, consequence);
    }

    /// Whether one side is a list of what the other side is: true if the new side is the list.
    fn became_list(&self, pair: &SchemaPair<'a>) -> Option<bool> {
        let item = |list: &Normal<'a>| {
            let items = list.keywords.get("items").filter(|_| list.types.contains("array"))?;
            normal(items).refers_to()
        };
        let is_same = |a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) => self.is_same_name(a, b),
            _ => false,
        };
        if is_same(pair.a.refers_to(), item(&pair.b)) {
            return Some(true);
        }
        is_same(item(&pair.a), pair.b.refers_to()).then_some(false)
    }

    /// Replaces the references by their targets; false if a target is not in the description.
    fn follow(&mut self, pair: &mut SchemaPair<'a>) -> bool {
        let targets = (pair.a.target(self.old), pair.b.target(self.new));
        let is_lost = |normal: &Normal<'a>, target: &Option<Located<'a>>| {
            normal.reference.is_some() && target.is_none()
        };
        if is_lost(&pair.a, &targets.0) || is_lost(&pair.b, &targets.1) {
            return false;
        }
        pair.a.reference = None;
        pair.b.reference = None;
        if let Some(target) = targets.0 {
            self.old_coverage.visited.insert(target.at.to_string());
            pair.a = beside(pair.a.clone(), normal(&target));
        }
        if let Some(target) = targets.1 {
            self.new_coverage.visited.insert(target.at.to_string());
            pair.b = beside(pair.b.clone(), normal(&target));
        }
        true
    }

    fn nullability(&mut self, pair: &SchemaPair<'a>, usage: &Usage) {
        let (a, b) = (&pair.a, &pair.b);
        if a.nullable == b.nullable {
            return;
        }
        let old = a.types_at.as_ref().unwrap_or(&pair.old.at);
        let new = b.types_at.as_ref().unwrap_or(&pair.new.at);
        let terms = self.ground.terms;
        let site = Site::at(old, new).texts(Some(terms.types(a)), Some(terms.types(b)));
        if b.nullable {
            // The server still takes every value that it took before.
            let request = "Null may be sent as well.";
            // A key that may be absent is already an `Option`, which reads null as `None`.
            let (wire, response) = if usage.optional {
                (Additive, "Null is read as `None`, like an absent key.")
            } else {
                (Breaking, "A released crate fails to read a response with null here.")
            };
            self.sided(
                usage,
                site,
                Judgement(&REQUEST_NULLABLE, Additive, request.to_owned()),
                Judgement(&RESPONSE_NULLABLE, wire, response.to_owned()),
            );
        } else {
            // The generated builders leave out an optional key that is `None`.
            let (wire, request) = if usage.optional {
                (
                    Additive,
                    "Nothing changes: a released crate leaves the key out and never sends null.",
                )
            } else {
                (Breaking, "Calls that send null here are rejected.")
            };
            // A value that is never null is read like one that could be.
            let response = "The value is never null any more.";
            self.sided(
                usage,
                site,
                Judgement(&REQUEST_NOT_NULLABLE, wire, request.to_owned()),
                Judgement(&RESPONSE_NOT_NULLABLE, Additive, response.to_owned()),
            );
        }
    }

    fn keywords(&mut self, pair: &SchemaPair<'a>, usage: &Usage) {
        let notices = (
            Notice::in_keywords(&pair.old.at, &pair.a.keywords),
            Notice::in_keywords(&pair.new.at, &pair.b.keywords),
        );
        self.deprecation(&notices.0, &notices.1, usage);
        // Of another type, a value has nothing to compare but what is said about it.
        let is_other_type = is_other_type(pair);
        if !is_other_type {
            self.object(pair, usage);
            self.unions(pair, usage);
            self.sums(pair, usage);
        }
        let keys: BTreeSet<&str> =
            pair.a.keywords.keys().chain(pair.b.keywords.keys()).copied().collect();
        for key in keys {
            let (old, new) = (pair.a.keywords.get(key), pair.b.keywords.get(key));
            if let (Some(a), Some(b)) = (old, new)
                && same(a.value, b.value)
            {
                continue;
            }
            let member = Member { key, old: old.cloned(), new: new.cloned() };
            if is_other_type && !is_annotation(key) {
                self.claim(member.old.as_ref(), member.new.as_ref());
                continue;
            }
            self.keyword(&member, pair, &notices, usage);
        }
    }

    fn keyword(
        &mut self,
        member: &Member<'a>,
        pair: &SchemaPair<'a>,
        notices: &(Notice<'a>, Notice<'a>),
        usage: &Usage,
    ) {
        match member.key {
            "readOnly" | "writeOnly" | "deprecated" | "uniqueItems"
                if !member.is(Value::is_boolean) =>
            {
                self.unknown(member.old.as_ref(), member.new.as_ref(), usage);
            }
            // These were compared above.
            "properties" | "required" if is_object(pair) => {}
            "additionalProperties" => self.additional_properties(member, usage),
            "items" => self.items(member, usage),
            "anyOf" | "oneOf" | "allOf" => self.second_union(member, usage),
            "patternProperties" | "dependentSchemas" => self.named_schemas(member, usage),
            "$defs" | "definitions" => self.definitions(member, usage),
            "prefixItems" => self.prefix_items(member, usage),
            "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "dependentRequired"
            | "contentSchema"
            | "const"
            | "dependencies"
            | "additionalItems" => self.condition(member, usage),
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties"
            | "minContains" => self.bound(member, usage, true),
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties"
            | "maxContains" => self.bound(member, usage, false),
            "pattern" | "multipleOf" | "uniqueItems" => self.constraint(member, usage),
            "format" | "contentEncoding" | "contentMediaType" => {
                self.format(member, pair, usage);
            }
            "default" => self.default(member, usage),
            "readOnly" | "writeOnly" => self.visibility(member, usage),
            // Compared above, with the announced dates.
            "deprecated" => {}
            key if is_date_key(key) => {}
            "discriminator" => {
                let site = member.site();
                // The client tells arms apart by their constants and keys; their changes are told
                // separately.
                let consequence = "A released crate tells the arms apart by their contents and \
                                   ignores the discriminator.";
                self.plain(usage, site, &DISCRIMINATOR_CHANGED, Additive, consequence);
            }
            "xml" => {
                let consequence = "Nothing changes: the crate uses JSON.";
                self.plain(usage, member.site(), &XML_CHANGED, Text, consequence);
            }
            "$id" | "id" | "$anchor" | "$dynamicAnchor" | "$dynamicRef" | "$recursiveRef"
            | "$recursiveAnchor" | "$schema" | "$vocabulary" => {
                let site = member.site();
                // These change the targets of references, which are followed by pointer only.
                let consequence = "References by identifier may lead elsewhere: review the \
                                   schemas that refer to it.";
                self.plain(usage, site, &IDENTITY_CHANGED, Additive, consequence);
            }
            "description" if notices.0.is_told_by_date(&notices.1) => {
                self.claim(member.old.as_ref(), member.new.as_ref());
            }
            "title" | "description" | "$comment" | "externalDocs" => self.text(member, usage),
            "example" | "examples" => self.example(member, usage),
            key if key.starts_with("x-") => self.extension(member, usage),
            // They belong to parameters. In a schema they mean nothing; in that of a parameter they
            // stand by mistake, and count as the parameter's.
            "style" | "explode" | "allowReserved" => {
                self.plain(usage, member.site(), &RESPELLED, Text, "Nothing changes.");
            }
            _ => self.unknown(member.old.as_ref(), member.new.as_ref(), usage),
        }
    }

    /// Compares texts for people.
    pub(super) fn text(&mut self, member: &Member<'a>, usage: &Usage) {
        let consequence = "Only the documentation reads differently.";
        let texts = member.both().map(|(old, new)| (old.value.as_str(), new.value.as_str()));
        let site = match texts {
            Some((Some(old), Some(new))) => {
                let (old, new) = where_they_differ(old, new);
                member.site().texts(Some(old), Some(new))
            }
            _ => member.site(),
        };
        self.plain(usage, site, &TEXT_CHANGED, Text, consequence);
    }

    pub(super) fn example(&mut self, member: &Member<'a>, usage: &Usage) {
        let consequence = "Only an example in the documentation reads differently.";
        self.plain(usage, member.site(), &EXAMPLE_CHANGED, Text, consequence);
    }

    pub(super) fn extension(&mut self, member: &Member<'a>, usage: &Usage) {
        // Some extensions of the overlay name Rust types, which shows in the surface. None changes
        // a value on the wire.
        let consequence = "No value on the wire changes; only tools that know the extension may \
                           act on it.";
        self.plain(usage, member.site(), &EXTENSION_CHANGED, Text, consequence);
    }

    /// Whether a reference can be resolved in the new description.
    pub(super) fn knows(&self, reference: &str) -> bool {
        resolve(self.new, reference).is_some()
    }
}

/// Whether no type is on both sides. An integer is a number as well.
pub(super) fn is_other_type(pair: &SchemaPair<'_>) -> bool {
    let (a, b) = (&pair.a, &pair.b);
    let composed = |normal: &Normal<'_>| {
        normal.union.is_some() || normal.sum.is_some() || normal.reference.is_some()
    };
    let has_number =
        |normal: &Normal<'_>| normal.types.iter().any(|name| matches!(*name, "integer" | "number"));
    !(a.types.is_empty() || b.types.is_empty() || composed(a) || composed(b))
        && a.types.is_disjoint(&b.types)
        && !(has_number(a) && has_number(b))
}

/// Whether a keyword says something about a value and leaves the valid values as they are.
fn is_annotation(keyword: &str) -> bool {
    let is_text = matches!(keyword, "title" | "description" | "$comment" | "externalDocs");
    let is_example = matches!(keyword, "example" | "examples");
    let is_flag = matches!(keyword, "deprecated" | "readOnly" | "writeOnly");
    is_text || is_example || is_flag || keyword.starts_with("x-")
}

/// Whether `properties` and `required` are well formed on both sides.
fn is_object(pair: &SchemaPair<'_>) -> bool {
    let fits = |normal: &Normal<'_>| {
        let properties = normal.keywords.get("properties");
        let required = normal.keywords.get("required");
        properties.is_none_or(|node| node.value.is_object())
            && required.is_none_or(|node| {
                node.value.as_array().is_some_and(|names| names.iter().all(Value::is_string))
            })
    };
    fits(&pair.a) && fits(&pair.b)
}

/// The target of a reference, with the keywords beside the reference.
fn beside<'a>(own: Normal<'a>, mut target: Normal<'a>) -> Normal<'a> {
    // The keywords beside the reference are closer to the value, so they win.
    target.nullable |= own.nullable;
    target.reference = None;
    if !own.types.is_empty() {
        target.types = own.types;
    }
    target.types_at = own.types_at.or(target.types_at);
    target.values = own.values.or(target.values);
    target.union = own.union.or(target.union);
    target.sum = own.sum.or(target.sum);
    target.keywords.extend(own.keywords);
    target.merged.extend(own.merged);
    target
}

/// Whether a schema is an object without named properties that takes any key.
fn is_open_map(schema: &Normal<'_>) -> bool {
    let unnamed = !schema.keywords.contains_key("properties");
    let closed = schema.keywords.get("additionalProperties");
    let closed = closed.is_some_and(|part| part.value == &Value::Bool(false));
    schema.types.contains("object") && schema.reference.is_none() && unnamed && !closed
}

/// Whether a schema becomes a struct that has no field for unknown keys.
fn drops_unknown_keys(schema: &Normal<'_>) -> bool {
    let kept = schema.keywords.get("additionalProperties");
    schema.keywords.contains_key("properties")
        && kept.is_none_or(|part| part.value == &Value::Bool(false))
}
