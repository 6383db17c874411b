//! Schemas: what one is, and to which rule each keyword belongs.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Verdict::{Additive, Breaking, Text};
use super::normal::{Normal, normal, normal_sum, normal_target};
use super::reach::{Node, resolve};
use super::recorder::{Comparison, Context, Judged, Member, Spot};
use super::rename::SCHEMAS;
use super::rules::*;

/// What is compared of a schema at once: the parts of both sides.
pub(super) struct Sight<'a> {
    pub(super) old: Node<'a>,
    pub(super) new: Node<'a>,
    pub(super) a: Normal<'a>,
    pub(super) b: Normal<'a>,
}

impl<'a> Comparison<'a> {
    /// Compares two schemas.
    pub(super) fn schema(&mut self, old: &Node<'a>, new: &Node<'a>, context: &Context) {
        if old.value == new.value {
            return;
        }
        if self.enter(old, new, context) {
            let sight =
                Sight { old: old.clone(), new: new.clone(), a: normal(old), b: normal(new) };
            self.sight(sight, context);
            self.leave();
        }
    }

    fn sight(&mut self, mut sight: Sight<'a>, context: &Context) {
        self.seen_old.visited.extend(sight.a.merged.iter().map(ToString::to_string));
        self.seen_new.visited.extend(sight.b.merged.iter().map(ToString::to_string));
        match (&sight.a.sum, &sight.b.sum) {
            (Some(_), None) => sight.b = normal_sum(&sight.new),
            (None, Some(_)) => sight.a = normal_sum(&sight.old),
            _ => {}
        }
        if !self.is_same_reference(&sight.a, &sight.b) {
            let (old, new) = (&sight.old.at, &sight.new.at);
            if self.is_first_way(old, new, context) && self.follow(&mut sight, context) {
                self.parts(&sight, context);
            }
            return;
        }
        // Where a component goes by a new name, that is told once, at the component.
        let (old, new) = (&sight.a.reference, &sight.b.reference);
        if old.as_ref().map(|node| node.value) != new.as_ref().map(|node| node.value) {
            self.claim(sight.a.reference.clone().as_ref(), sight.b.reference.clone().as_ref());
        }
        self.parts(&sight, context);
    }

    fn parts(&mut self, sight: &Sight<'a>, context: &Context) {
        self.nullability(sight, context);
        self.types(sight, context);
        self.values(sight, context);
        self.keywords(sight, context);
    }

    /// Whether both sides refer to one component, or neither refers to any.
    fn is_same_reference(&self, a: &Normal<'a>, b: &Normal<'a>) -> bool {
        let name = |normal: &Normal<'a>| normal.reference.as_ref().and_then(|r| r.value.as_str());
        match (name(a), name(b)) {
            (Some(a), Some(b)) => self.is_same_name(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// Whether two references name the same thing, which may go by a new name.
    pub(super) fn is_same_name(&self, a: &str, b: &str) -> bool {
        let renamed = || {
            let (a, b) = (a.strip_prefix(SCHEMAS)?, b.strip_prefix(SCHEMAS)?);
            self.renames.get(a).map(|name| name == b)
        };
        a == b || renamed().unwrap_or(false)
    }

    /// Puts what is referred to in the place of the references; false where that is not known.
    fn follow(&mut self, sight: &mut Sight<'a>, context: &Context) -> bool {
        let (a, b) = (sight.a.reference.clone(), sight.b.reference.clone());
        let names = [&a, &b].map(|node| node.as_ref().map(|node| node.value));
        let old_target = a.as_ref().and_then(|_| normal_target(self.old, &sight.old, &sight.a));
        let new_target = b.as_ref().and_then(|_| normal_target(self.new, &sight.new, &sight.b));
        let lost = (a.is_some() && old_target.is_none()) || (b.is_some() && new_target.is_none());
        let spot = Spot::at(&sight.old.at, &sight.new.at).values(names[0], names[1]);
        if lost {
            // What another document holds, or nothing at all, cannot be compared.
            let consequence = "The schema refers to what this description does not hold: it must \
                               be looked at by hand.";
            self.plain(context, spot, &REFERENCE_CHANGED, Breaking, consequence);
            return false;
        }
        // What the schemas say is compared apart from that: another name alone changes no value.
        let consequence = "Nothing changes by the name alone, but for the type's name in Rust; \
                           what differs beyond it is told as changes of its own.";
        self.plain(context, spot, &REFERENCE_CHANGED, Text, consequence);
        sight.a.reference = None;
        sight.b.reference = None;
        if let Some(target) = old_target {
            self.seen_old.visited.insert(target.at.to_string());
            sight.a = beside(sight.a.clone(), normal(&target));
        }
        if let Some(target) = new_target {
            self.seen_new.visited.insert(target.at.to_string());
            sight.b = beside(sight.b.clone(), normal(&target));
        }
        true
    }

    fn nullability(&mut self, sight: &Sight<'a>, context: &Context) {
        let (a, b) = (&sight.a, &sight.b);
        if a.nullable == b.nullable {
            return;
        }
        let old = a.types_at.as_ref().unwrap_or(&sight.old.at);
        let new = b.types_at.as_ref().unwrap_or(&sight.new.at);
        let spot = Spot::at(old, new).texts(kind(a), kind(b));
        if b.nullable {
            // The server takes all that it took before.
            let request = "Null may be sent as well from now on.";
            // A key that may be absent is an `Option` already, which reads null as none.
            let (wire, response) = if context.optional {
                (Additive, "Null is read as none, as an absent key is.")
            } else {
                (Breaking, "A released crate fails to read an answer that has null here.")
            };
            self.sided(
                context,
                spot,
                Judged(&REQUEST_NULLABLE, Additive, request.to_owned()),
                Judged(&RESPONSE_NULLABLE, wire, response.to_owned()),
            );
        } else {
            // The generated builders leave out a key that is none where it is not required.
            let (wire, request) = if context.optional {
                (
                    Additive,
                    "Nothing changes: a released crate leaves the key out, and never sends \
                            null.",
                )
            } else {
                (Breaking, "Calls that send null here are refused.")
            };
            // A value that never is null is read as one that could be.
            let response = "There always is a value when the key is there.";
            self.sided(
                context,
                spot,
                Judged(&REQUEST_NOT_NULLABLE, wire, request.to_owned()),
                Judged(&RESPONSE_NOT_NULLABLE, Additive, response.to_owned()),
            );
        }
    }

    fn keywords(&mut self, sight: &Sight<'a>, context: &Context) {
        self.object(sight, context);
        self.unions(sight, context);
        self.sums(sight, context);
        let keys: BTreeSet<&str> =
            sight.a.keywords.keys().chain(sight.b.keywords.keys()).copied().collect();
        for key in keys {
            let (old, new) = (sight.a.keywords.get(key), sight.b.keywords.get(key));
            if let (Some(a), Some(b)) = (old, new)
                && super::recorder::same(a.value, b.value)
            {
                continue;
            }
            let member = Member { key, old: old.cloned(), new: new.cloned() };
            self.keyword(&member, sight, context);
        }
    }

    fn keyword(&mut self, member: &Member<'a>, sight: &Sight<'a>, context: &Context) {
        match member.key {
            "readOnly" | "writeOnly" | "deprecated" | "uniqueItems"
                if !member.is(Value::is_boolean) =>
            {
                self.unknown(member.old.as_ref(), member.new.as_ref(), context);
            }
            // These belong together, and were compared as one.
            "properties" | "required" if is_object(sight) => {}
            "additionalProperties" => self.additional_properties(member, context),
            "items" => self.items(member, context),
            "anyOf" | "oneOf" | "allOf" => self.second_union(member, context),
            "patternProperties" | "dependentSchemas" => self.named_schemas(member, context),
            "$defs" | "definitions" => self.definitions(member, context),
            "prefixItems" => self.prefix_items(member, context),
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
            | "additionalItems" => self.condition(member, context),
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties"
            | "minContains" => self.bound(member, context, true),
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties"
            | "maxContains" => self.bound(member, context, false),
            "pattern" | "multipleOf" | "uniqueItems" => self.constraint(member, context),
            "format" | "contentEncoding" | "contentMediaType" => {
                self.format(member, sight, context);
            }
            "default" => self.default(member, context),
            "readOnly" | "writeOnly" => self.visibility(member, context),
            "deprecated" => self.deprecated(member, context),
            "discriminator" => {
                let spot = member.spot();
                // The client tells arms apart by their constants and keys; a change of those is
                // a change of its own.
                let consequence = "The released crate tells the arms apart by what they hold, and \
                                   does not look at the discriminator.";
                self.plain(context, spot, &DISCRIMINATOR_CHANGED, Additive, consequence);
            }
            "xml" => {
                let consequence = "Nothing changes: the crate speaks JSON.";
                self.plain(context, member.spot(), &XML_CHANGED, Text, consequence);
            }
            "$id" | "id" | "$anchor" | "$dynamicAnchor" | "$dynamicRef" | "$recursiveRef"
            | "$recursiveAnchor" | "$schema" | "$vocabulary" => {
                let spot = member.spot();
                // These change what other schemas refer to, which is followed by pointer only.
                let consequence = "References by identifier may lead elsewhere: look at what \
                                   refers to it.";
                self.plain(context, spot, &IDENTITY_CHANGED, Additive, consequence);
            }
            "title" | "description" | "$comment" | "externalDocs" => self.text(member, context),
            "example" | "examples" => self.example(member, context),
            key if key.starts_with("x-") => self.extension(member, context),
            _ => self.unknown(member.old.as_ref(), member.new.as_ref(), context),
        }
    }

    /// A text for people.
    pub(super) fn text(&mut self, member: &Member<'a>, context: &Context) {
        let consequence = "Only the documentation reads differently.";
        self.plain(context, member.spot(), &TEXT_CHANGED, Text, consequence);
    }

    pub(super) fn example(&mut self, member: &Member<'a>, context: &Context) {
        let consequence = "Only an example in the documentation reads differently.";
        self.plain(context, member.spot(), &EXAMPLE_CHANGED, Text, consequence);
    }

    pub(super) fn extension(&mut self, member: &Member<'a>, context: &Context) {
        // Some extensions are read: those of the overlay name Rust types, and that shows in the
        // surface. On the wire none has a meaning.
        let consequence = "No value on the wire changes; a tool that knows the extension may act \
                           on it.";
        self.plain(context, member.spot(), &EXTENSION_CHANGED, Text, consequence);
    }

    pub(super) fn deprecated(&mut self, member: &Member<'a>, context: &Context) {
        let now = member.new.as_ref().is_some_and(|node| node.value == &Value::Bool(true));
        let (rule, consequence) = if now {
            (&DEPRECATED, "It works as before, and is to be avoided: it will be removed one day.")
        } else {
            (&UNDEPRECATED, "It works as before, and is there to stay.")
        };
        self.plain(context, member.spot(), rule, Additive, consequence);
    }

    /// Whether a reference can be resolved in the new description.
    pub(super) fn knows(&self, reference: &str) -> bool {
        resolve(self.new, reference).is_some()
    }
}

/// Whether the members of an object are well formed on both sides.
fn is_object(sight: &Sight<'_>) -> bool {
    let fits = |normal: &Normal<'_>| {
        let properties = normal.keywords.get("properties");
        let required = normal.keywords.get("required");
        properties.is_none_or(|node| node.value.is_object())
            && required.is_none_or(|node| {
                node.value.as_array().is_some_and(|names| names.iter().all(Value::is_string))
            })
    };
    fits(&sight.a) && fits(&sight.b)
}

/// What a reference leads to, with what stands beside the reference.
fn beside<'a>(own: Normal<'a>, mut target: Normal<'a>) -> Normal<'a> {
    // Where both say something, what stands beside the reference is closer to the value.
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

/// The types of a schema in one line.
pub(super) fn kind(normal: &Normal<'_>) -> Option<String> {
    let mut names: Vec<_> = normal.types.iter().copied().collect();
    let name = normal.reference.as_ref().and_then(|node| node.value.as_str());
    if let Some(name) = name.and_then(|name| name.rsplit('/').next()) {
        names = vec![name];
    } else if names.is_empty() {
        names.push(if normal.union.is_some() { "union" } else { "any" });
    }
    if normal.nullable {
        names.push("null");
    }
    Some(names.join(" or "))
}
