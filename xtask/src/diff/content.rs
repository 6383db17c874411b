//! The rules for request bodies, and for the media types of both directions.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Severity::{Additive, Breaking, Text};
use super::endpoint::Endpoint;
use super::located::{Located, follow};
use super::reach::Sides;
use super::recorder::Comparison;
use super::rules::*;
use super::site::{Member, Site, Usage};

/// The name of a media type as it is compared: case, spaces and the charset that is the default
/// mean nothing.
fn media_name(name: &str) -> String {
    let plain = name.chars().filter(|c| !c.is_whitespace());
    let plain = plain.collect::<String>().to_ascii_lowercase();
    let is_default = |part: &&str| *part == "charset=utf-8" || *part == "charset=\"utf-8\"";
    plain.split(';').filter(|part| !is_default(part)).collect::<Vec<_>>().join(";")
}

/// Of several media types, the one that the crate sends or asks for. `None` if the caller chooses.
fn used(names: &[String], sent: bool) -> Option<&String> {
    let rank = |name: &&String| match name.split(';').next().unwrap_or_default() {
        "application/json" => 0,
        name if name.ends_with("+json") => 1,
        "application/x-www-form-urlencoded" if sent => 2,
        "text/plain" if sent => 3,
        "application/octet-stream" if sent => 4,
        _ => 5,
    };
    names.iter().min_by_key(rank).filter(|name| rank(name) < 5)
}

impl<'a> Comparison<'a> {
    pub(super) fn request_body(&mut self, member: &Member<'a>, operation: &Endpoint<'a>) {
        let sides = Sides { requests: BTreeSet::from([operation.id()]), ..Sides::default() };
        let usage = self.usage_in(operation, sides);
        let (old, new) = match (&member.old, &member.new) {
            (Some(old), Some(new)) => (old, new),
            (Some(old), None) => {
                // The body of a released crate no longer means anything.
                let sentence = "A released crate sends a body that the server does not expect.";
                let site = Site::removed(&old.at);
                return self.plain(&usage, site, &REQUEST_BODY_REMOVED, Breaking, sentence);
            }
            (None, Some(new)) => {
                let site = Site::added(&new.at);
                let required = follow(self.new, new).is_some_and(|body| body.is("required"));
                return if required {
                    let sentence = "A released crate sends no body, so its calls are rejected.";
                    self.plain(&usage, site, &REQUIRED_REQUEST_BODY_ADDED, Breaking, sentence);
                } else {
                    let sentence = "The next release can send a body.";
                    self.plain(&usage, site, &OPTIONAL_REQUEST_BODY_ADDED, Additive, sentence);
                };
            }
            (None, None) => return,
        };
        if let Some((old, new)) = self.followed(old, new, &usage) {
            self.body(&old, &new, &usage);
        }
    }

    /// Compares two request bodies, behind references.
    pub(super) fn body(&mut self, old: &Located<'a>, new: &Located<'a>, usage: &Usage) {
        for member in self.members(old, new, usage) {
            match member.key {
                "required" if !member.is(Value::is_boolean) => {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), usage);
                }
                "required" => match (old.is("required"), new.is("required")) {
                    (false, true) => {
                        let sentence = "Calls without a body are rejected.";
                        let rule = &REQUEST_BODY_BECAME_REQUIRED;
                        self.plain(usage, member.site(), rule, Breaking, sentence);
                    }
                    (true, false) => {
                        let sentence = "The body may be left out.";
                        let rule = &REQUEST_BODY_BECAME_OPTIONAL;
                        self.plain(usage, member.site(), rule, Additive, sentence);
                    }
                    _ => {}
                },
                "content" => self.content(&member, true, usage),
                "description" => self.text(&member, usage),
                key if key.starts_with("x-") => self.extension(&member, usage),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), usage),
            }
        }
    }

    /// Compares the media types of a body.
    pub(super) fn content(&mut self, member: &Member<'a>, sent: bool, usage: &Usage) {
        let parts = |node: &Option<Located<'a>>| {
            let members = node.as_ref().map(Located::members).unwrap_or_default();
            members.into_iter().map(|(name, node)| (media_name(name), node)).collect::<Vec<_>>()
        };
        if [&member.old, &member.new].into_iter().flatten().any(|node| !node.value.is_object()) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), usage);
        }
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
        }
        let mut added = parts(&member.new);
        let all: Vec<_> = parts(&member.old).into_iter().map(|(name, _)| name).collect();
        let used = used(&all, sent);
        for (name, old) in parts(&member.old) {
            if let Some(at) = added.iter().position(|(other, _)| *other == name) {
                let (_, new) = added.remove(at);
                self.media(&old, &new, sent, usage);
                continue;
            }
            let site = Site::removed(&old.at).texts(Some(name.clone()), None);
            // The released crate uses one media type for each body.
            if used.is_some_and(|used| *used != name) {
                let (rule, sentence) = if sent {
                    (&REQUEST_MEDIA_TYPE_REMOVED, "Nothing changes: the crate sends another one.")
                } else {
                    (&RESPONSE_MEDIA_TYPE_REMOVED, "Nothing changes: the crate asks for JSON.")
                };
                self.plain(usage, site, rule, Text, sentence);
            } else if sent {
                let sentence = "Calls that send this media type are rejected.";
                self.plain(usage, site, &REQUEST_MEDIA_TYPE_REMOVED, Breaking, sentence);
            } else {
                let sentence = "A released crate asks for this media type and no longer gets it.";
                self.read(usage, site, &RESPONSE_MEDIA_TYPE_REMOVED, Breaking, sentence);
            }
        }
        for (name, new) in added {
            let site = Site::added(&new.at).texts(None, Some(name));
            if sent {
                let sentence = "The body may be sent as one more media type.";
                self.plain(usage, site, &REQUEST_MEDIA_TYPE_ADDED, Additive, sentence);
            } else {
                // The server responds with the media type that is asked for.
                let sentence = "The response can have one more media type; a released crate asks \
                                for the one that it knows.";
                self.read(usage, site, &RESPONSE_MEDIA_TYPE_ADDED, Additive, sentence);
            }
        }
    }

    fn media(&mut self, old: &Located<'a>, new: &Located<'a>, sent: bool, usage: &Usage) {
        self.visit(old, new);
        for member in self.members(old, new, usage) {
            match member.key {
                "schema" => match member.both() {
                    Some((old, new)) => self.schema(old, new, usage),
                    None => self.schema_on_one_side(&member, usage),
                },
                "example" | "examples" => self.example(&member, usage),
                "encoding" => {
                    let site = member.site();
                    let sentence = "A part of the form is expected in another encoding than a \
                                    released crate sends.";
                    // Forms are only sent.
                    let wire = if sent { Breaking } else { Additive };
                    self.plain(usage, site, &ENCODING_CHANGED, wire, sentence);
                }
                key if key.starts_with("x-") => self.extension(&member, usage),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), usage),
            }
        }
    }
}
