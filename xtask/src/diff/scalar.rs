//! The rules for single values: types, formats, enums, constraints, defaults.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Severity::{Additive, Breaking, Text};
use super::located::Located;
use super::normal::Values;
use super::recorder::Comparison;
use super::rules::*;
use super::schema::{SchemaPair, is_other_type};
use super::site::{Judgement, Member, Site, Usage};
use super::text::rendered;

/// String formats that the released crate reads as a type of their own. The lowering drops the
/// stricter ones.
const PARSED: &[&str] = &["date-time"];

impl<'a> Comparison<'a> {
    /// Compares the types other than null.
    pub(super) fn types(&mut self, pair: &SchemaPair<'a>, usage: &Usage) {
        let (a, b) = (&pair.a, &pair.b);
        // A union on one side and its types on the other: the arms are compared instead.
        if a.types == b.types || a.union.is_some() != b.union.is_some() {
            return;
        }
        let old = a.types_at.as_ref().unwrap_or(&pair.old.at);
        let new = b.types_at.as_ref().unwrap_or(&pair.new.at);
        let terms = self.ground.terms;
        let site = Site::at(old, new);
        let site = match is_other_type(pair) {
            true => site.texts(Some(terms.summary_of(a)), Some(terms.summary_of(b))),
            false => site.texts(Some(terms.types(a)), Some(terms.types(b))),
        };
        let covers = |wide: &BTreeSet<&str>, narrow: &BTreeSet<&str>| {
            wide.is_empty()
                || (!narrow.is_empty()
                    && narrow.iter().all(|name| {
                        wide.contains(name) || (*name == "integer" && wide.contains("number"))
                    }))
        };
        let (request, response) = if covers(&b.types, &a.types) {
            // Every value that was allowed still is, and so are others.
            (
                Judgement(
                    &REQUEST_TYPE_WIDENED,
                    Additive,
                    "Values of more types may be sent.".to_owned(),
                ),
                Judgement(
                    &RESPONSE_TYPE_WIDENED,
                    Breaking,
                    "A released crate fails to read a response with a value of a new type."
                        .to_owned(),
                ),
            )
        } else if covers(&a.types, &b.types) {
            // The released crate reads the remaining values, and may send removed ones.
            (
                Judgement(
                    &REQUEST_TYPE_NARROWED,
                    Breaking,
                    "Calls that send a value of a removed type are rejected.".to_owned(),
                ),
                Judgement(
                    &RESPONSE_TYPE_NARROWED,
                    Additive,
                    "Fewer types of values come; all are read as before.".to_owned(),
                ),
            )
        } else {
            (
                Judgement(
                    &REQUEST_TYPE_CHANGED,
                    Breaking,
                    "A released crate sends a value of the wrong type, which is rejected."
                        .to_owned(),
                ),
                Judgement(
                    &RESPONSE_TYPE_CHANGED,
                    Breaking,
                    "A released crate fails to read responses with this value.".to_owned(),
                ),
            )
        };
        self.sided(usage, site, request, response);
    }

    /// Compares the values of enums and constants.
    pub(super) fn values(&mut self, pair: &SchemaPair<'a>, usage: &Usage) {
        // With a union on one side only, one of its arms may have the values.
        if pair.a.union.is_some() != pair.b.union.is_some() {
            return;
        }
        let (a, b) = match (&pair.a.values, &pair.b.values) {
            (None, None) => return,
            (Some(a), Some(b)) => (a, b),
            _ => return self.values_on_one_side(pair, usage),
        };
        let index = |list: &[&'a Value]| -> BTreeMap<String, &'a Value> {
            list.iter().map(|value| (canonical(value), *value)).collect()
        };
        let (known, now) = (index(&a.list), index(&b.list));
        if known.keys().eq(now.keys()) {
            return;
        }
        let site = Site::at(&a.at, &b.at);
        if let ([old], [new]) = (a.list.as_slice(), b.list.as_slice()) {
            // A single value is a constant, which tells the arms of a union apart.
            let request = "A released crate sends another value than the server expects.";
            let response = "A released crate that tells the arms of a union apart by this value \
                            fails to read them.";
            self.sided(
                usage,
                site.values(Some(old), Some(new)),
                Judgement(&CONSTANT_CHANGED_IN_REQUEST, Breaking, request.to_owned()),
                Judgement(&CONSTANT_CHANGED_IN_RESPONSE, Breaking, response.to_owned()),
            );
            return;
        }
        for (_, value) in known.iter().filter(|(name, _)| !now.contains_key(*name)) {
            self.value_removed(value, site.clone(), usage);
        }
        for (_, value) in now.iter().filter(|(name, _)| !known.contains_key(*name)) {
            self.value_added(value, site.clone(), usage);
        }
    }

    fn value_removed(&mut self, value: &Value, site: Site, usage: &Usage) {
        let shown = rendered(value);
        let request = format!("Calls that send {shown} are rejected.");
        let response = format!("{shown} no longer comes; code that waits for it waits forever.");
        self.sided(
            &usage.member(&plain(value)),
            site.values(Some(value), None),
            Judgement(&REQUEST_ENUM_VALUE_REMOVED, Breaking, request),
            Judgement(&RESPONSE_ENUM_VALUE_REMOVED, Additive, response),
        );
    }

    fn value_added(&mut self, value: &Value, site: Site, usage: &Usage) {
        let shown = rendered(value);
        let request = format!("{shown} may be sent.");
        // Enums in responses are open, and other lists of values are not checked.
        let response = format!("{shown} may come; a released crate keeps it as an unknown value.");
        self.sided(
            &usage.member(&plain(value)),
            site.values(None, Some(value)),
            Judgement(&REQUEST_ENUM_VALUE_ADDED, Additive, request),
            Judgement(&RESPONSE_ENUM_VALUE_ADDED, Additive, response),
        );
    }

    /// Compares a list of values with any value.
    fn values_on_one_side(&mut self, pair: &SchemaPair<'a>, usage: &Usage) {
        let (a, b) = (&pair.a.values, &pair.b.values);
        let list = |values: &Values<'_>| {
            let list: Vec<_> = values.list.iter().map(|value| value.to_string()).collect();
            format!("[{}]", list.join(","))
        };
        let old = a.as_ref().map_or(&pair.old.at, |values| &values.at);
        let new = b.as_ref().map_or(&pair.new.at, |values| &values.at);
        let site = Site::at(old, new).texts(a.as_ref().map(list), b.as_ref().map(list));
        if b.is_some() {
            // Only listed values are accepted; those that come were possible before.
            let request = "Calls that send a value which is not listed are rejected.";
            let response = "Responses are read as before; the values now have names.";
            self.sided(
                usage,
                site,
                Judgement(&REQUEST_ENUM_ADDED, Breaking, request.to_owned()),
                Judgement(&RESPONSE_ENUM_ADDED, Additive, response.to_owned()),
            );
        } else {
            // Enums keep unknown values.
            let request = "Values that were not listed may be sent.";
            let response = "Values that were not listed may come; a released crate keeps them as \
                            unknown values.";
            self.sided(
                usage,
                site,
                Judgement(&REQUEST_ENUM_REMOVED, Additive, request.to_owned()),
                Judgement(&RESPONSE_ENUM_REMOVED, Additive, response.to_owned()),
            );
        }
    }

    /// Compares a lower or upper bound.
    pub(super) fn bound(&mut self, member: &Member<'a>, usage: &Usage, below: bool) {
        let number = |node: &Option<Located<'a>>| node.as_ref().map(|node| node.value.as_f64());
        let tightened = match (number(&member.old), number(&member.new)) {
            (Some(Some(old)), Some(Some(new))) => (new > old) == below,
            (None, Some(Some(_))) => true,
            (Some(Some(_)), None) => false,
            _ => return self.unknown(member.old.as_ref(), member.new.as_ref(), usage),
        };
        self.tightness(member, usage, tightened);
    }

    pub(super) fn constraint(&mut self, member: &Member<'a>, usage: &Usage) {
        let tightened = match member.both() {
            None => member.new.is_some(),
            // Every multiple of 6 is one of 3; patterns cannot be compared.
            Some((old, new)) => match (member.key, old.value.as_f64(), new.value.as_f64()) {
                ("multipleOf", Some(old), Some(new)) => new == 0.0 || old % new != 0.0,
                _ => true,
            },
        };
        self.tightness(member, usage, tightened);
    }

    fn tightness(&mut self, member: &Member<'a>, usage: &Usage, tightened: bool) {
        let key = member.key;
        // The server checks requests; the client checks no constraint of a response.
        let response = "Responses are read as before: the client checks no constraints.".to_owned();
        let (request, response) = if tightened {
            let request = format!("Calls with a value that the new `{key}` forbids are rejected.");
            (
                Judgement(&REQUEST_CONSTRAINT_TIGHTENED, Breaking, request),
                Judgement(&RESPONSE_CONSTRAINT_TIGHTENED, Text, response),
            )
        } else {
            let request = format!("Values that `{key}` forbade may be sent.");
            (
                Judgement(&REQUEST_CONSTRAINT_LOOSENED, Additive, request),
                Judgement(&RESPONSE_CONSTRAINT_LOOSENED, Text, response),
            )
        };
        self.sided(usage, member.site(), request, response);
    }

    pub(super) fn format(&mut self, member: &Member<'a>, pair: &SchemaPair<'a>, usage: &Usage) {
        let name = |node: &Option<Located<'a>>| node.as_ref().and_then(|node| node.value.as_str());
        let (old, new) = (name(&member.old), name(&member.new));
        let text = pair.a.types.contains("string") || pair.a.types.is_empty();
        if pair.a.types != pair.b.types {
            // The change of the type is told.
            return self.claim(member.old.as_ref(), member.new.as_ref());
        }
        if member.key == "format" && is_same_number(&pair.a.types, old, new) {
            return;
        }
        // Unless the new format is wider, the server may reject values of the old one.
        let wider = new.is_none()
            || matches!(
                (old, new),
                (Some("int32"), Some("int64")) | (Some("float"), Some("double"))
            );
        let request = if wider {
            Judgement(
                &REQUEST_FORMAT_CHANGED,
                Additive,
                "Every value that could be sent still can, and more are accepted.".to_owned(),
            )
        } else {
            Judgement(
                &REQUEST_FORMAT_CHANGED,
                Breaking,
                "Calls with values that do not follow the new format are rejected.".to_owned(),
            )
        };
        // A format that is read as a type of its own fails on other strings. All others are read
        // as plain strings, or as the widest number.
        let parsed = member.key == "format" && text && old.is_some_and(|old| PARSED.contains(&old));
        let bytes = member.key != "format" || [old, new].contains(&Some("binary"));
        let response = if parsed || bytes {
            Judgement(
                &RESPONSE_FORMAT_CHANGED,
                Breaking,
                "A released crate reads the old format, and fails to read values in another one."
                    .to_owned(),
            )
        } else {
            Judgement(
                &RESPONSE_FORMAT_CHANGED,
                Additive,
                "A released crate reads the values as before: it does not check the format."
                    .to_owned(),
            )
        };
        self.sided(usage, member.site(), request, response);
    }

    pub(super) fn default(&mut self, member: &Member<'a>, usage: &Usage) {
        let request = "Calls that leave it out get the new default.";
        // A response decodes with or without the key.
        let response = "An absent value means something else than a released crate assumes.";
        self.sided(
            usage,
            member.site(),
            Judgement(&REQUEST_DEFAULT_CHANGED, Additive, request.to_owned()),
            Judgement(&RESPONSE_DEFAULT_CHANGED, Additive, response.to_owned()),
        );
    }

    pub(super) fn visibility(&mut self, member: &Member<'a>, usage: &Usage) {
        let now = member.new.as_ref().is_some_and(|node| node.value == &Value::Bool(true));
        // A read-only key is rejected in requests, and a write-only one is missing from responses.
        let (request, response) = match (member.key, now) {
            ("readOnly", true) => (Breaking, Text),
            ("writeOnly", true) => (Text, Breaking),
            _ => (Additive, Additive),
        };
        let sentence = match (member.key, now) {
            ("readOnly", true) => {
                "It comes in responses only, and calls that send it are rejected."
            }
            ("writeOnly", true) => "It is only sent, and responses no longer have it.",
            _ => "It may be both sent and read from now on.",
        };
        self.sided(
            usage,
            member.site(),
            Judgement(&VISIBILITY_CHANGED, request, sentence.to_owned()),
            Judgement(&VISIBILITY_CHANGED, response, sentence.to_owned()),
        );
    }

    /// Compares a keyword whose effect on the valid values is not followed: they may have become
    /// more or fewer.
    pub(super) fn condition(&mut self, member: &Member<'a>, usage: &Usage) {
        let gone = member.new.is_none();
        let request = if gone && member.key != "then" && member.key != "else" {
            (Additive, "Values that the condition forbade may be sent.")
        } else {
            (Breaking, "Calls with a value that the new condition forbids are rejected.")
        };
        let response = "Responses are read as before: the client checks no conditions.";
        self.sided(
            usage,
            member.site(),
            Judgement(&REQUEST_CONDITION_CHANGED, request.0, request.1.to_owned()),
            Judgement(&RESPONSE_CONDITION_CHANGED, Text, response.to_owned()),
        );
    }
}

/// Whether two number formats have the same type in Rust: `i64` and `f64` are the ones for numbers
/// without a format.
fn is_same_number(types: &BTreeSet<&str>, old: Option<&str>, new: Option<&str>) -> bool {
    let default = match types.first() {
        Some(&"integer") if types.len() == 1 => "int64",
        Some(&"number") if types.len() == 1 => "double",
        _ => return false,
    };
    old.unwrap_or(default) == new.unwrap_or(default)
}

/// A key for a value: 1 and 1.0 are the same number.
fn canonical(value: &Value) -> String {
    match value.as_f64() {
        // As text, an integer of this type has no point.
        Some(number) if value.is_f64() => number.to_string(),
        _ => value.to_string(),
    }
}

/// A value as the name of a member.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
