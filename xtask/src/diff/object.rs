//! The rules for objects and lists: properties, unknown keys, items.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Severity::{Additive, Breaking, Text};
use super::located::Located;
use super::normal::{Normal, allows_null, is_anything};
use super::recorder::Comparison;
use super::rules::*;
use super::schema::SchemaPair;
use super::site::{Judgement, Member, Site, Usage};

impl<'a> Comparison<'a> {
    /// Compares the properties of two objects, and which of them are required.
    pub(super) fn object(&mut self, pair: &SchemaPair<'a>, usage: &Usage) {
        let (a, b) = (&pair.a.keywords, &pair.b.keywords);
        let keys = |node: Option<&Located<'a>>| -> BTreeSet<&'a str> {
            node.map(Located::members).into_iter().flatten().map(|(key, _)| key).collect()
        };
        let names = |node: Option<&Located<'a>>| -> BTreeSet<&'a str> {
            let names = node.and_then(|node| node.value.as_array()).into_iter().flatten();
            names.filter_map(|name| name.as_str()).collect()
        };
        let (old_required, new_required) = (names(a.get("required")), names(b.get("required")));
        if old_required != new_required {
            // Each name that differs is told at its property.
            self.claim(a.get("required"), b.get("required"));
        }
        let (old, new) = (a.get("properties"), b.get("properties"));
        if let (Some(old), Some(new)) = (old, new) {
            self.visit(old, new);
        }
        let mut all = keys(old);
        all.extend(keys(new));
        all.extend(&old_required);
        all.extend(&new_required);
        for name in all {
            let both = (old.and_then(|o| o.get(name)), new.and_then(|n| n.get(name)));
            let required = (old_required.contains(name), new_required.contains(name));
            self.property(name, both, required, pair, usage);
        }
    }

    fn property(
        &mut self,
        name: &str,
        (old, new): (Option<Located<'a>>, Option<Located<'a>>),
        required: (bool, bool),
        pair: &SchemaPair<'a>,
        usage: &Usage,
    ) {
        let nullable = old.as_ref().is_some_and(|old| allows_null(self.old, old, 0));
        let mut usage = usage.member(name);
        usage.optional = !required.0;
        match (&old, &new) {
            (Some(old), Some(new)) => self.schema(old, new, &usage),
            (Some(old), None) => {
                // In the lowering, a key that may be null may be absent as well.
                usage.optional |= nullable;
                self.property_removed(old, pair, &usage);
                return;
            }
            (None, Some(new)) => {
                self.property_added(new, required.1, &usage);
                return;
            }
            (None, None) => {}
        }
        if required.0 == required.1 {
            return;
        }
        let place = |node: &Option<Located<'a>>, schema: &Located<'a>| match node {
            Some(node) => node.at.clone(),
            None => schema.at.at("required"),
        };
        let site = Site::at(&place(&old, &pair.old), &place(&new, &pair.new));
        self.requirement(site, required.1, nullable, &usage);
    }

    /// Records that a property became required or optional.
    fn requirement(&mut self, site: Site, required: bool, nullable: bool, usage: &Usage) {
        if required {
            let site = site.texts(Some("optional".into()), Some("required".into()));
            let request = "Calls without it are rejected.";
            let response = "It is always present from now on.";
            self.sided(
                usage,
                site,
                // Callers of a released crate may leave it out.
                Judgement(&REQUEST_PROPERTY_BECAME_REQUIRED, Breaking, request.to_owned()),
                Judgement(&RESPONSE_PROPERTY_BECAME_REQUIRED, Additive, response.to_owned()),
            );
        } else {
            let site = site.texts(Some("required".into()), Some("optional".into()));
            // A response must have every struct field that is not an `Option`.
            let (wire, response) = if nullable {
                (Additive, "A response without it is read as one where it is null.")
            } else {
                (Breaking, "A released crate fails to read a response without it.")
            };
            let request = "Requests may leave it out.";
            self.sided(
                usage,
                site,
                Judgement(&REQUEST_PROPERTY_BECAME_OPTIONAL, Additive, request.to_owned()),
                Judgement(&RESPONSE_PROPERTY_BECAME_OPTIONAL, wire, response.to_owned()),
            );
        }
    }

    fn property_removed(&mut self, old: &Located<'a>, pair: &SchemaPair<'a>, usage: &Usage) {
        let site = self.ground.terms.site(Some(old), None);
        // An `Option` decodes without its key, so no call fails.
        let (wire, sentence) = if usage.optional {
            (Additive, "It reads as `None` from now on.")
        } else {
            (Breaking, "A released crate fails to read responses, which no longer have it.")
        };
        // Only a closed object rejects keys that it does not know.
        let request = if is_closed(&pair.b) {
            "Calls that send it are rejected with status 400."
        } else {
            "The server no longer knows it, so calls that send it do less."
        };
        self.sided(
            usage,
            site,
            Judgement(&REQUEST_PROPERTY_REMOVED, Breaking, request.to_owned()),
            Judgement(&RESPONSE_PROPERTY_REMOVED, wire, sentence.to_owned()),
        );
    }

    fn property_added(&mut self, new: &Located<'a>, required: bool, usage: &Usage) {
        let site = self.ground.terms.site(None, Some(new));
        let request = if required {
            let sentence = "A released crate cannot send it, so its calls are rejected.";
            Judgement(&REQUEST_REQUIRED_PROPERTY_ADDED, Breaking, sentence.to_owned())
        } else {
            let sentence = "The next release can send it.";
            Judgement(&REQUEST_OPTIONAL_PROPERTY_ADDED, Additive, sentence.to_owned())
        };
        // Unknown keys are skipped, or kept in `extra`.
        let sentence = "The next release reads it; a released crate ignores it.";
        let response = Judgement(&RESPONSE_PROPERTY_ADDED, Additive, sentence.to_owned());
        self.sided(usage, site, request, response);
    }

    pub(super) fn additional_properties(&mut self, member: &Member<'a>, usage: &Usage) {
        let usage = &usage.below();
        let closed = |node: &Option<Located<'a>>| {
            node.as_ref().is_some_and(|node| node.value == &Value::Bool(false))
        };
        let open =
            |node: &Option<Located<'a>>| node.as_ref().is_none_or(|node| is_anything(node.value));
        if let Some((old, new)) = member.both()
            && !closed(&member.old)
            && !closed(&member.new)
        {
            return self.schema(old, new, usage);
        }
        // Unknown keys are allowed by default, and by `true` or `{}`.
        let silent = open(&member.old) && open(&member.new);
        let request = if closed(&member.new) || (open(&member.old) && !silent) {
            // A schema forbids values too: those of keys that could have any value.
            (Breaking, "Calls that send unknown keys are rejected.")
        } else if silent {
            (Text, "Unknown keys are allowed as before.")
        } else {
            (Additive, "Unknown keys may be sent.")
        };
        let typed = member.old.is_some() && !open(&member.old) && !closed(&member.old);
        // A map of values of one type fails on values of another; elsewhere unknown keys are
        // skipped, or kept as they are.
        let response = if typed && !closed(&member.new) {
            (Breaking, "A released crate fails to read values of another type than it knows.")
        } else if silent {
            (Text, "Unknown keys are read as before.")
        } else {
            (Additive, "Unknown keys are read or skipped as before.")
        };
        self.sided(
            usage,
            member.site(),
            Judgement(&ADDITIONAL_PROPERTIES_CHANGED_IN_REQUEST, request.0, request.1.to_owned()),
            Judgement(
                &ADDITIONAL_PROPERTIES_CHANGED_IN_RESPONSE,
                response.0,
                response.1.to_owned(),
            ),
        );
    }

    pub(super) fn items(&mut self, member: &Member<'a>, usage: &Usage) {
        match member.both() {
            Some((old, new)) if !old.value.is_array() && !new.value.is_array() => {
                self.schema(old, new, &usage.below());
            }
            // In older drafts, `prefixItems` is a list in `items`.
            Some(_) => self.prefix_items(member, usage),
            None => self.schema_on_one_side(member, &usage.below()),
        }
    }

    /// Records a schema on one side only: the other side takes any value.
    pub(super) fn schema_on_one_side(&mut self, member: &Member<'a>, usage: &Usage) {
        let (request, response) = if member.new.is_some() {
            (
                Judgement(
                    &REQUEST_SCHEMA_ADDED,
                    Breaking,
                    "Calls with values that the schema does not allow are rejected.".to_owned(),
                ),
                // The released crate reads any value.
                Judgement(
                    &RESPONSE_SCHEMA_ADDED,
                    Additive,
                    "Responses are read as before; their type is now known.".to_owned(),
                ),
            )
        } else {
            (
                Judgement(
                    &REQUEST_SCHEMA_REMOVED,
                    Additive,
                    "Values of any type may be sent.".to_owned(),
                ),
                Judgement(
                    &RESPONSE_SCHEMA_REMOVED,
                    Breaking,
                    "A released crate fails to read a response of another type than it knows."
                        .to_owned(),
                ),
            )
        };
        let site = self.ground.terms.site(member.old.as_ref(), member.new.as_ref());
        self.sided(usage, site, request, response);
    }

    /// Compares schemas by pattern, or by the key that they depend on.
    pub(super) fn named_schemas(&mut self, member: &Member<'a>, usage: &Usage) {
        let Some((old, new)) = member.both() else {
            return self.condition(member, usage);
        };
        for member in self.members(old, new, usage) {
            match member.both() {
                Some((old, new)) => self.schema(old, new, &usage.below()),
                None => self.condition(&member, usage),
            }
        }
    }

    /// Compares schemas that others refer to. Each is compared here; references to it are compared
    /// where they stand.
    pub(super) fn definitions(&mut self, member: &Member<'a>, usage: &Usage) {
        let parts = match member.both() {
            Some((old, new)) => self.members(old, new, usage),
            None => vec![Member { key: "", old: member.old.clone(), new: member.new.clone() }],
        };
        for part in parts {
            if let Some((old, new)) = part.both() {
                self.schema(old, new, &usage.below());
                continue;
            }
            let (rule, sentence) = if part.new.is_some() {
                (&COMPONENT_ADDED, "References to it are told separately.")
            } else {
                (&COMPONENT_REMOVED, "References to it are told separately.")
            };
            self.plain(usage, part.site(), rule, Text, sentence);
        }
    }

    /// Compares lists whose elements have schemas by position.
    pub(super) fn prefix_items(&mut self, member: &Member<'a>, usage: &Usage) {
        let both = member.both().filter(|(a, b)| a.value.is_array() && b.value.is_array());
        let Some((old, new)) = both else {
            return self.schema_on_one_side(member, usage);
        };
        self.visit(old, new);
        let (old, new) = (old.elements(), new.elements());
        for index in 0..old.len().max(new.len()) {
            let pair = (old.get(index), new.get(index));
            if let (Some(old), Some(new)) = pair {
                self.schema(old, new, &usage.below());
                continue;
            }
            let member = Member { key: "prefixItems", old: pair.0.cloned(), new: pair.1.cloned() };
            self.schema_on_one_side(&member, usage);
        }
    }
}

/// Whether an object rejects keys that it does not name.
fn is_closed(schema: &Normal<'_>) -> bool {
    let closed =
        |key| schema.keywords.get(key).is_some_and(|part| part.value == &Value::Bool(false));
    closed("additionalProperties") || closed("unevaluatedProperties")
}
