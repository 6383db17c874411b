//! The rules for objects and lists: properties, further keys, items.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Verdict::{Additive, Breaking, Text};
use super::normal::{allows_null, is_anything};
use super::reach::Node;
use super::recorder::{Comparison, Context, Judged, Member, Spot};
use super::rules::*;
use super::schema::Sight;

impl<'a> Comparison<'a> {
    /// Compares the properties of two objects, and which of them are required.
    pub(super) fn object(&mut self, sight: &Sight<'a>, context: &Context) {
        let (a, b) = (&sight.a.keywords, &sight.b.keywords);
        let keys = |node: Option<&Node<'a>>| -> BTreeSet<&'a str> {
            node.map(Node::members).into_iter().flatten().map(|(key, _)| key).collect()
        };
        let names = |node: Option<&Node<'a>>| -> BTreeSet<&'a str> {
            let names = node.and_then(|node| node.value.as_array()).into_iter().flatten();
            names.filter_map(|name| name.as_str()).collect()
        };
        let (old_required, new_required) = (names(a.get("required")), names(b.get("required")));
        if old_required != new_required {
            // Each name that differs is a change of its own, at its property.
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
            let pair = (old.and_then(|o| o.get(name)), new.and_then(|n| n.get(name)));
            let required = (old_required.contains(name), new_required.contains(name));
            self.property(name, pair, required, sight, context);
        }
    }

    fn property(
        &mut self,
        name: &str,
        (old, new): (Option<Node<'a>>, Option<Node<'a>>),
        required: (bool, bool),
        sight: &Sight<'a>,
        context: &Context,
    ) {
        let nullable = old.as_ref().is_some_and(|old| allows_null(self.old, old, 0));
        let mut context = context.member(name);
        context.optional = !required.0;
        match (&old, &new) {
            (Some(old), Some(new)) => self.schema(old, new, &context),
            (Some(old), None) => {
                // As the lowering has it: a key that may be null may be absent as well.
                context.optional |= nullable;
                self.property_removed(name, old, &context);
                return;
            }
            (None, Some(new)) => {
                self.property_added(name, new, required.1, &context);
                return;
            }
            (None, None) => {}
        }
        if required.0 == required.1 {
            return;
        }
        let place = |node: &Option<Node<'a>>, schema: &Node<'a>| match node {
            Some(node) => node.at.clone(),
            None => schema.at.at("required"),
        };
        let spot = Spot::at(&place(&old, &sight.old), &place(&new, &sight.new));
        if required.1 {
            let spot = spot.texts(Some("optional".into()), Some("required".into()));
            self.sided(
                &context,
                spot,
                // Released crates have callers that leave it out.
                Judged(
                    &REQUEST_PROPERTY_BECAME_REQUIRED,
                    Breaking,
                    format!("Calls that leave out `{name}` are refused."),
                ),
                // What was read when it was there is read when it always is.
                Judged(
                    &RESPONSE_PROPERTY_BECAME_REQUIRED,
                    Additive,
                    format!("`{name}` is always there from now on."),
                ),
            );
        } else {
            let spot = spot.texts(Some("required".into()), Some("optional".into()));
            // A struct field that is no `Option` must be found in the answer.
            let (wire, sentence) = if nullable {
                (Additive, format!("An answer without `{name}` is read as one where it is null."))
            } else {
                (Breaking, format!("A released crate fails to read an answer without `{name}`."))
            };
            self.sided(
                &context,
                spot,
                Judged(
                    &REQUEST_PROPERTY_BECAME_OPTIONAL,
                    Additive,
                    format!("`{name}` may be left out of requests."),
                ),
                Judged(&RESPONSE_PROPERTY_BECAME_OPTIONAL, wire, sentence),
            );
        }
    }

    fn property_removed(&mut self, name: &str, old: &Node<'a>, context: &Context) {
        let spot = Spot::of(Some(old), None);
        // Decoding goes on where the field is an `Option`; then the value is gone all the same,
        // which no call fails for.
        let (wire, sentence) = if context.optional {
            (Additive, format!("`{name}` reads as none from now on."))
        } else {
            (Breaking, format!("A released crate fails to read answers, which lack `{name}`."))
        };
        self.sided(
            context,
            spot,
            // The server refuses keys that it does not know.
            Judged(
                &REQUEST_PROPERTY_REMOVED,
                Breaking,
                format!("Calls that send `{name}` are refused with status 400."),
            ),
            Judged(&RESPONSE_PROPERTY_REMOVED, wire, sentence),
        );
    }

    fn property_added(&mut self, name: &str, new: &Node<'a>, required: bool, context: &Context) {
        let spot = Spot::of(None, Some(new));
        let request = if required {
            // A released crate cannot send what it does not know.
            let sentence = format!("A released crate cannot send `{name}`, and is refused.");
            Judged(&REQUEST_REQUIRED_PROPERTY_ADDED, Breaking, sentence)
        } else {
            let sentence = format!("The next release can send `{name}`.");
            Judged(&REQUEST_OPTIONAL_PROPERTY_ADDED, Additive, sentence)
        };
        // Keys that are not known are skipped, or kept in `extra`.
        let sentence = format!("The next release reads `{name}`, which a released crate ignores.");
        let response = Judged(&RESPONSE_PROPERTY_ADDED, Additive, sentence);
        self.sided(context, spot, request, response);
    }

    pub(super) fn additional_properties(&mut self, member: &Member<'a>, context: &Context) {
        let context = &context.below();
        let closed = |node: &Option<Node<'a>>| {
            node.as_ref().is_some_and(|node| node.value == &Value::Bool(false))
        };
        let open =
            |node: &Option<Node<'a>>| node.as_ref().is_none_or(|node| is_anything(node.value));
        if let Some((old, new)) = member.both()
            && !closed(&member.old)
            && !closed(&member.new)
        {
            return self.schema(old, new, context);
        }
        // Whether further keys are allowed in silence or aloud, they are.
        let silent = open(&member.old) && open(&member.new);
        let request = if closed(&member.new) || (open(&member.old) && !silent) {
            // Also a schema forbids: values of keys that were of any kind.
            (Breaking, "Calls that send keys which are not allowed any more are refused.")
        } else if silent {
            (Text, "Further keys are allowed as before.")
        } else {
            (Additive, "Further keys may be sent.")
        };
        let typed = member.old.is_some() && !open(&member.old) && !closed(&member.old);
        // A map of values of one type fails on values of another; elsewhere further keys are
        // skipped, or kept as they are.
        let response = if typed && !closed(&member.new) {
            (Breaking, "A released crate fails on values of another type than it knows.")
        } else if silent {
            (Text, "Further keys are read as before.")
        } else {
            (Additive, "Further keys are read or skipped as before.")
        };
        self.sided(
            context,
            member.spot(),
            Judged(&ADDITIONAL_PROPERTIES_CHANGED_IN_REQUEST, request.0, request.1.to_owned()),
            Judged(&ADDITIONAL_PROPERTIES_CHANGED_IN_RESPONSE, response.0, response.1.to_owned()),
        );
    }

    pub(super) fn items(&mut self, member: &Member<'a>, context: &Context) {
        match member.both() {
            Some((old, new)) if !old.value.is_array() && !new.value.is_array() => {
                self.schema(old, new, &context.below());
            }
            // A list of schemas is the old spelling of `prefixItems`.
            Some(_) => self.prefix_items(member, context),
            None => self.schema_on_one_side(member, &context.below()),
        }
    }

    /// A schema where there was none, or none any more: any value goes on that side.
    pub(super) fn schema_on_one_side(&mut self, member: &Member<'a>, context: &Context) {
        let (request, response) = if member.new.is_some() {
            (
                Judged(
                    &REQUEST_SCHEMA_ADDED,
                    Breaking,
                    "Calls with values that the schema does not allow are refused.".to_owned(),
                ),
                // The released crate reads any value.
                Judged(
                    &RESPONSE_SCHEMA_ADDED,
                    Additive,
                    "Answers read as before; what they hold is now known.".to_owned(),
                ),
            )
        } else {
            (
                Judged(
                    &REQUEST_SCHEMA_REMOVED,
                    Additive,
                    "Values of any kind may be sent.".to_owned(),
                ),
                Judged(
                    &RESPONSE_SCHEMA_REMOVED,
                    Breaking,
                    "A released crate fails to read an answer of another kind than it knows."
                        .to_owned(),
                ),
            )
        };
        self.sided(context, member.spot(), request, response);
    }

    /// Schemas by pattern or by the key that they depend on.
    pub(super) fn named_schemas(&mut self, member: &Member<'a>, context: &Context) {
        let Some((old, new)) = member.both() else {
            return self.condition(member, context);
        };
        for member in self.members(old, new, context) {
            match member.both() {
                Some((old, new)) => self.schema(old, new, &context.below()),
                None => self.condition(&member, context),
            }
        }
    }

    /// Schemas that stand ready to be referred to: each is compared where it is, and the
    /// references to it where they are.
    pub(super) fn definitions(&mut self, member: &Member<'a>, context: &Context) {
        let parts = match member.both() {
            Some((old, new)) => self.members(old, new, context),
            None => vec![Member { key: "", old: member.old.clone(), new: member.new.clone() }],
        };
        for part in parts {
            if let Some((old, new)) = part.both() {
                self.schema(old, new, &context.below());
                continue;
            }
            let (rule, sentence) = if part.new.is_some() {
                (&COMPONENT_ADDED, "What refers to it is a change of its own.")
            } else {
                (&COMPONENT_REMOVED, "What referred to it is a change of its own.")
            };
            self.plain(context, part.spot(), rule, Text, sentence);
        }
    }

    /// A list whose elements have schemas by position.
    pub(super) fn prefix_items(&mut self, member: &Member<'a>, context: &Context) {
        let both = member.both().filter(|(a, b)| a.value.is_array() && b.value.is_array());
        let Some((old, new)) = both else {
            return self.schema_on_one_side(member, context);
        };
        self.visit(old, new);
        let (old, new) = (old.elements(), new.elements());
        for index in 0..old.len().max(new.len()) {
            let pair = (old.get(index), new.get(index));
            if let (Some(old), Some(new)) = pair {
                self.schema(old, new, &context.below());
                continue;
            }
            let member = Member { key: "prefixItems", old: pair.0.cloned(), new: pair.1.cloned() };
            self.schema_on_one_side(&member, context);
        }
    }
}
