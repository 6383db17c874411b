//! The rules for values without parts: types, formats, values, constraints, defaults.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Verdict::{Additive, Breaking, Text};
use super::reach::Node;
use super::recorder::{Comparison, Context, Judged, Member, Spot, rendered};
use super::rules::*;
use super::schema::{Sight, kind};

/// Formats of texts that the released crate reads as a type of their own. The lowering drops the
/// stricter ones.
const PARSED: &[&str] = &["date-time"];

impl<'a> Comparison<'a> {
    pub(super) fn types(&mut self, sight: &Sight<'a>, context: &Context) {
        let (a, b) = (&sight.a, &sight.b);
        // A union on one side and its types on the other: the arms are compared instead.
        if a.types == b.types || a.union.is_some() != b.union.is_some() {
            return;
        }
        let old = a.types_at.as_ref().unwrap_or(&sight.old.at);
        let new = b.types_at.as_ref().unwrap_or(&sight.new.at);
        let spot = Spot::at(old, new).texts(kind(a), kind(b));
        let covers = |wide: &BTreeSet<&str>, narrow: &BTreeSet<&str>| {
            wide.is_empty()
                || (!narrow.is_empty()
                    && narrow.iter().all(|name| {
                        wide.contains(name) || (*name == "integer" && wide.contains("number"))
                    }))
        };
        let (request, response) = if covers(&b.types, &a.types) {
            // Every value that was allowed still is, and new ones are.
            (
                Judged(
                    &REQUEST_TYPE_WIDENED,
                    Additive,
                    "Values of more types may be sent from now on.".to_owned(),
                ),
                Judged(
                    &RESPONSE_TYPE_WIDENED,
                    Breaking,
                    "A released crate fails to read an answer that has a value of a new type \
                     here."
                        .to_owned(),
                ),
            )
        } else if covers(&a.types, &b.types) {
            // The released crate reads what is left, and may send what is not allowed any more.
            (
                Judged(
                    &REQUEST_TYPE_NARROWED,
                    Breaking,
                    "Calls that send a value of a type which is gone are refused.".to_owned(),
                ),
                Judged(
                    &RESPONSE_TYPE_NARROWED,
                    Additive,
                    "Fewer types of values come; all are read as before.".to_owned(),
                ),
            )
        } else {
            (
                Judged(
                    &REQUEST_TYPE_CHANGED,
                    Breaking,
                    "What a released crate sends here is of the wrong type and is refused."
                        .to_owned(),
                ),
                Judged(
                    &RESPONSE_TYPE_CHANGED,
                    Breaking,
                    "A released crate fails to read answers that have this value.".to_owned(),
                ),
            )
        };
        self.sided(context, spot, request, response);
    }

    pub(super) fn values(&mut self, sight: &Sight<'a>, context: &Context) {
        let (a, b) = match (&sight.a.values, &sight.b.values) {
            (None, None) => return,
            // One of the arms may have the values.
            _ if sight.a.union.is_some() != sight.b.union.is_some() => return,
            (Some(a), Some(b)) => (a, b),
            (a, b) => {
                let list = |values: &super::normal::Values<'_>| {
                    let list: Vec<_> = values.list.iter().map(|value| value.to_string()).collect();
                    format!("[{}]", list.join(","))
                };
                let old = a.as_ref().map_or(&sight.old.at, |values| &values.at);
                let new = b.as_ref().map_or(&sight.new.at, |values| &values.at);
                let spot = Spot::at(old, new).texts(a.as_ref().map(list), b.as_ref().map(list));
                let (request, response) = if b.is_some() {
                    // Only listed values are taken; those that come were possible before.
                    (
                        Judged(
                            &REQUEST_ENUM_ADDED,
                            Breaking,
                            "Calls that send a value which is not on the list are refused."
                                .to_owned(),
                        ),
                        Judged(
                            &RESPONSE_ENUM_ADDED,
                            Additive,
                            "Answers read as before; the values are now known by name.".to_owned(),
                        ),
                    )
                } else {
                    // Enums keep values that they do not know.
                    (
                        Judged(
                            &REQUEST_ENUM_REMOVED,
                            Additive,
                            "Other values than those that were listed may be sent.".to_owned(),
                        ),
                        Judged(
                            &RESPONSE_ENUM_REMOVED,
                            Additive,
                            "Values that were not listed may come; a released crate keeps them \
                             as unknown ones."
                                .to_owned(),
                        ),
                    )
                };
                self.sided(context, spot, request, response);
                return;
            }
        };
        let index = |list: &[&'a Value]| -> BTreeMap<String, &'a Value> {
            list.iter().map(|value| (canonical(value), *value)).collect()
        };
        let (known, now) = (index(&a.list), index(&b.list));
        if known.keys().eq(now.keys()) {
            return;
        }
        if let ([old], [new]) = (a.list.as_slice(), b.list.as_slice()) {
            let spot = Spot::at(&a.at, &b.at).values(Some(old), Some(new));
            // One value is a constant. Arms of a union are told apart by it, so it is not open.
            let request = "What a released crate sends here is not the value that is expected.";
            let response = "A released crate that tells the arms of a union apart by this value \
                            fails to read them.";
            self.sided(
                context,
                spot,
                Judged(&CONSTANT_CHANGED_IN_REQUEST, Breaking, request.to_owned()),
                Judged(&CONSTANT_CHANGED_IN_RESPONSE, Breaking, response.to_owned()),
            );
            return;
        }
        for (name, value) in &known {
            if now.contains_key(name) {
                continue;
            }
            let mut spot = Spot::at(&a.at, &b.at);
            spot = spot.values(Some(value), None);
            let shown = rendered(value);
            let request = format!("Calls that send {shown} are refused.");
            // A value that never comes is read by nobody.
            let response =
                format!("{shown} never comes any more; code that waits for it waits in vain.");
            self.sided(
                &context.member(&plain(value)),
                spot,
                Judged(&REQUEST_ENUM_VALUE_REMOVED, Breaking, request),
                Judged(&RESPONSE_ENUM_VALUE_REMOVED, Additive, response),
            );
        }
        for (name, value) in &now {
            if known.contains_key(name) {
                continue;
            }
            let spot = Spot::at(&a.at, &b.at).values(None, Some(value));
            let shown = rendered(value);
            let request = format!("{shown} may be sent from now on.");
            // Enums that are read are open, and other lists of values are not checked.
            let response =
                format!("{shown} may come; a released crate keeps it as an unknown value.");
            self.sided(
                &context.member(&plain(value)),
                spot,
                Judged(&REQUEST_ENUM_VALUE_ADDED, Additive, request),
                Judged(&RESPONSE_ENUM_VALUE_ADDED, Additive, response),
            );
        }
    }

    /// A bound from below or from above.
    pub(super) fn bound(&mut self, member: &Member<'a>, context: &Context, below: bool) {
        let number = |node: &Option<Node<'a>>| node.as_ref().map(|node| node.value.as_f64());
        let tightened = match (number(&member.old), number(&member.new)) {
            (Some(Some(old)), Some(Some(new))) => (new > old) == below,
            (None, Some(Some(_))) => true,
            (Some(Some(_)), None) => false,
            _ => return self.unknown(member.old.as_ref(), member.new.as_ref(), context),
        };
        self.tightness(member, context, tightened);
    }

    pub(super) fn constraint(&mut self, member: &Member<'a>, context: &Context) {
        let tightened = match member.both() {
            None => member.new.is_some(),
            // Every multiple of 6 is one of 3; of patterns nothing can be said.
            Some((old, new)) => match (member.key, old.value.as_f64(), new.value.as_f64()) {
                ("multipleOf", Some(old), Some(new)) => new == 0.0 || old % new != 0.0,
                _ => true,
            },
        };
        self.tightness(member, context, tightened);
    }

    fn tightness(&mut self, member: &Member<'a>, context: &Context, tightened: bool) {
        let key = member.key;
        // The server checks requests; the client checks no constraint of an answer.
        let response = "Answers read as before: the client checks no constraints.".to_owned();
        let (request, response) = if tightened {
            let request = format!("Calls with a value that the new `{key}` forbids are refused.");
            (
                Judged(&REQUEST_CONSTRAINT_TIGHTENED, Breaking, request),
                Judged(&RESPONSE_CONSTRAINT_TIGHTENED, Text, response),
            )
        } else {
            let request = format!("Values that `{key}` forbade until now may be sent.");
            (
                Judged(&REQUEST_CONSTRAINT_LOOSENED, Additive, request),
                Judged(&RESPONSE_CONSTRAINT_LOOSENED, Text, response),
            )
        };
        self.sided(context, member.spot(), request, response);
    }

    pub(super) fn format(&mut self, member: &Member<'a>, sight: &Sight<'a>, context: &Context) {
        let name = |node: &Option<Node<'a>>| node.as_ref().and_then(|node| node.value.as_str());
        let (old, new) = (name(&member.old), name(&member.new));
        let text = sight.a.types.contains("string") || sight.a.types.is_empty();
        // The server may refuse what the old format let through, but for wider numbers.
        let wider = new.is_none()
            || matches!(
                (old, new),
                (Some("int32"), Some("int64")) | (Some("float"), Some("double"))
            );
        let request = if wider {
            Judged(
                &REQUEST_FORMAT_CHANGED,
                Additive,
                "All that could be sent still can; more values are taken.".to_owned(),
            )
        } else {
            Judged(
                &REQUEST_FORMAT_CHANGED,
                Breaking,
                "Calls with values that do not follow the new format are refused.".to_owned(),
            )
        };
        if sight.a.types != sight.b.types {
            let sentence = "The type changes as well, which tells what happens.";
            let judged = |rule| Judged(rule, Additive, sentence.to_owned());
            let request = judged(&REQUEST_FORMAT_CHANGED);
            let response = judged(&RESPONSE_FORMAT_CHANGED);
            return self.sided(context, member.spot(), request, response);
        }
        // What is read as a type of its own fails on other texts; all else is read as plain text
        // or as the widest number.
        let parsed = member.key == "format" && text && old.is_some_and(|old| PARSED.contains(&old));
        let bytes = member.key != "format" || [old, new].contains(&Some("binary"));
        let response = if parsed || bytes {
            Judged(
                &RESPONSE_FORMAT_CHANGED,
                Breaking,
                "A released crate reads the old format, and fails on values that do not follow it."
                    .to_owned(),
            )
        } else {
            Judged(
                &RESPONSE_FORMAT_CHANGED,
                Additive,
                "A released crate reads the values as before: it does not check the format."
                    .to_owned(),
            )
        };
        self.sided(context, member.spot(), request, response);
    }

    pub(super) fn default(&mut self, member: &Member<'a>, context: &Context) {
        // Calls that leave a key out go on, and get what the server now takes in its stead.
        let request = "Calls that leave it out get what the server now takes instead.";
        // An answer decodes with or without the key.
        let response = "An absent value stands for something else than the released crate takes \
                        it for.";
        self.sided(
            context,
            member.spot(),
            Judged(&REQUEST_DEFAULT_CHANGED, Additive, request.to_owned()),
            Judged(&RESPONSE_DEFAULT_CHANGED, Additive, response.to_owned()),
        );
    }

    pub(super) fn visibility(&mut self, member: &Member<'a>, context: &Context) {
        let now = member.new.as_ref().is_some_and(|node| node.value == &Value::Bool(true));
        // A read-only key is refused in requests, and a write-only one is missing from answers.
        let (request, response) = match (member.key, now) {
            ("readOnly", true) => (Breaking, Text),
            ("writeOnly", true) => (Text, Breaking),
            _ => (Additive, Additive),
        };
        let sentence = match (member.key, now) {
            ("readOnly", true) => "It comes in answers only, and calls that send it are refused.",
            ("writeOnly", true) => "It is sent only, and a released crate misses it in answers.",
            _ => "It may be both sent and read from now on.",
        };
        self.sided(
            context,
            member.spot(),
            Judged(&VISIBILITY_CHANGED, request, sentence.to_owned()),
            Judged(&VISIBILITY_CHANGED, response, sentence.to_owned()),
        );
    }

    /// What says about a value more than the rules follow: whether it became wider or narrower
    /// is not known.
    pub(super) fn condition(&mut self, member: &Member<'a>, context: &Context) {
        let gone = member.new.is_none();
        let request = if gone && member.key != "then" && member.key != "else" {
            // A condition that is gone forbids nothing.
            (Additive, "Values that the condition forbade until now may be sent.")
        } else {
            (Breaking, "Calls with a value that the new condition forbids are refused.")
        };
        let response = "Answers read as before: the client checks no conditions.";
        self.sided(
            context,
            member.spot(),
            Judged(&REQUEST_CONDITION_CHANGED, request.0, request.1.to_owned()),
            Judged(&RESPONSE_CONDITION_CHANGED, Text, response.to_owned()),
        );
    }
}

/// A value's key among others: 1 and 1.0 are one number.
fn canonical(value: &Value) -> String {
    match value.as_f64() {
        // Written out, a whole number of this type has no point.
        Some(number) if value.is_f64() => number.to_string(),
        _ => value.to_string(),
    }
}

/// A value as a member's name.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
