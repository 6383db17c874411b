//! The rules for bodies: the request's, and media types of both ways.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Verdict::{Additive, Breaking};
use super::operation::Operation;
use super::reach::{Node, Sides, follow};
use super::recorder::{Comparison, Context, Member, Spot};
use super::rules::*;

/// A media type's name as it is compared: capitals and blanks mean nothing.
fn media_name(name: &str) -> String {
    let plain = name.chars().filter(|c| !c.is_whitespace());
    plain.collect::<String>().to_ascii_lowercase()
}

impl<'a> Comparison<'a> {
    pub(super) fn request_body(&mut self, member: &Member<'a>, operation: &Operation<'a>) {
        let sides = Sides { sent: BTreeSet::from([operation.id()]), ..Sides::default() };
        let context = self.context_of(operation, sides);
        let (old, new) = match (&member.old, &member.new) {
            (Some(old), Some(new)) => (old, new),
            (Some(old), None) => {
                // What a released crate sends has no meaning any more, and the server refuses
                // what it does not know.
                let sentence = "A released crate sends a body that the server does not expect.";
                let spot = Spot::gone(&old.at);
                return self.plain(&context, spot, &REQUEST_BODY_REMOVED, Breaking, sentence);
            }
            (None, Some(new)) => {
                let spot = Spot::come(&new.at);
                let required = follow(self.new, new).is_some_and(|body| body.is("required"));
                return if required {
                    let sentence = "A released crate sends no body, and is refused.";
                    self.plain(&context, spot, &REQUIRED_REQUEST_BODY_ADDED, Breaking, sentence);
                } else {
                    let sentence = "The next release can send a body.";
                    self.plain(&context, spot, &OPTIONAL_REQUEST_BODY_ADDED, Additive, sentence);
                };
            }
            (None, None) => return,
        };
        if let Some((old, new)) = self.followed(old, new, &context) {
            self.body(&old, &new, &context);
        }
    }

    /// Compares two request bodies, behind references.
    pub(super) fn body(&mut self, old: &Node<'a>, new: &Node<'a>, context: &Context) {
        for member in self.members(old, new, context) {
            match member.key {
                "required" if !member.is(Value::is_boolean) => {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), context);
                }
                "required" => match (old.is("required"), new.is("required")) {
                    (false, true) => {
                        let sentence = "Calls without a body are refused.";
                        let rule = &REQUEST_BODY_BECAME_REQUIRED;
                        self.plain(context, member.spot(), rule, Breaking, sentence);
                    }
                    (true, false) => {
                        let sentence = "The body may be left out.";
                        let rule = &REQUEST_BODY_BECAME_OPTIONAL;
                        self.plain(context, member.spot(), rule, Additive, sentence);
                    }
                    _ => {}
                },
                "content" => self.content(&member, true, context),
                "description" => self.text(&member, context),
                key if key.starts_with("x-") => self.extension(&member, context),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), context),
            }
        }
    }

    /// Compares what is sent or read by media type.
    pub(super) fn content(&mut self, member: &Member<'a>, sent: bool, context: &Context) {
        let parts = |node: &Option<Node<'a>>| {
            let members = node.as_ref().map(Node::members).unwrap_or_default();
            members.into_iter().map(|(name, node)| (media_name(name), node)).collect::<Vec<_>>()
        };
        if [&member.old, &member.new].into_iter().flatten().any(|node| !node.value.is_object()) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), context);
        }
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
        }
        let mut come = parts(&member.new);
        for (name, old) in parts(&member.old) {
            if let Some(at) = come.iter().position(|(other, _)| *other == name) {
                let (_, new) = come.remove(at);
                self.media(&old, &new, sent, context);
                continue;
            }
            let spot = Spot::gone(&old.at).texts(Some(name), None);
            // The released crate knows one media type for each body.
            if sent {
                let sentence = "Calls that send this media type are refused.";
                self.plain(context, spot, &REQUEST_MEDIA_TYPE_REMOVED, Breaking, sentence);
            } else {
                let sentence = "A released crate asks for this media type and does not get it.";
                self.read(context, spot, &RESPONSE_MEDIA_TYPE_REMOVED, Breaking, sentence);
            }
        }
        for (name, new) in come {
            let spot = Spot::come(&new.at).texts(None, Some(name));
            if sent {
                let sentence = "The body may be sent in one more form.";
                self.plain(context, spot, &REQUEST_MEDIA_TYPE_ADDED, Additive, sentence);
            } else {
                // The server answers in the form that is asked for.
                let sentence = "The answer can be had in one more form; a released crate asks for \
                                the one that it knows.";
                self.read(context, spot, &RESPONSE_MEDIA_TYPE_ADDED, Additive, sentence);
            }
        }
    }

    fn media(&mut self, old: &Node<'a>, new: &Node<'a>, sent: bool, context: &Context) {
        self.visit(old, new);
        for member in self.members(old, new, context) {
            match member.key {
                "schema" => match member.both() {
                    Some((old, new)) => self.schema(old, new, context),
                    None => self.schema_on_one_side(&member, context),
                },
                "example" | "examples" => self.example(&member, context),
                "encoding" => {
                    let spot = member.spot();
                    let sentence = "A part of the form is expected in another encoding than a \
                                    released crate sends.";
                    // Forms are only sent.
                    let wire = if sent { Breaking } else { Additive };
                    self.plain(context, spot, &ENCODING_CHANGED, wire, sentence);
                }
                key if key.starts_with("x-") => self.extension(&member, context),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), context),
            }
        }
    }
}
