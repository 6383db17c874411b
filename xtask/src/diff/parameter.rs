//! The rules for parameters.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Verdict::{self, Additive, Breaking, Text};
use super::normal::normal;
use super::operation::{Operation, names_in};
use super::reach::{Node, Sides, follow};
use super::recorder::{Comparison, Context, Member, Spot};
use super::rules::*;

/// Headers that the client's hook sets on every request.
const HEADERS_OF_THE_HOOK: &[&str] = &["authorization", "x-stack-id"];

/// A parameter as an operation has it.
#[derive(Clone)]
struct Parameter<'a> {
    name: &'a str,
    location: &'a str,
    /// Behind references.
    node: Node<'a>,
    /// Where the operation lists it.
    listed: Node<'a>,
}

/// Tells whether two parameters belong together.
type Sign<'f> = &'f dyn Fn(&Parameter<'_>, &Parameter<'_>) -> bool;

impl Parameter<'_> {
    /// Names of headers are the same in capitals.
    fn is(&self, other: &Parameter<'_>) -> bool {
        self.location == other.location
            && (self.name == other.name
                || (self.location == "header" && self.name.eq_ignore_ascii_case(other.name)))
    }

    fn is_set_by_hook(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        self.location == "header" && HEADERS_OF_THE_HOOK.contains(&name.as_str())
    }

    fn said(&self) -> Option<String> {
        Some(format!("{} {}", self.location, self.name))
    }
}

impl<'a> Comparison<'a> {
    /// The parameters of an operation: those of its path, unless it has its own of that name.
    fn parameters_of(&mut self, operation: &Operation<'a>, old: bool) -> Vec<Parameter<'a>> {
        let document = if old { self.old } else { self.new };
        let mut found: Vec<Parameter<'a>> = Vec::new();
        let own = operation.node.get("parameters");
        for list in [operation.item.get("parameters"), own].into_iter().flatten() {
            for listed in list.elements() {
                let Some(node) = follow(document, &listed) else { continue };
                let (Some(name), Some(location)) = (node.text("name"), node.text("in")) else {
                    continue;
                };
                let parameter = Parameter { name, location, node, listed };
                found.retain(|known| !known.is(&parameter));
                found.push(parameter);
            }
        }
        found
    }

    pub(super) fn parameters(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let mut gone = self.parameters_of(old, true);
        let mut come = self.parameters_of(new, false);
        let (old_names, new_names) = (names_in(old.path), names_in(new.path));
        let sides = Sides { sent: BTreeSet::from([new.id()]), ..Sides::default() };
        let context = self.context_of(new, sides);
        let renamed = |a: &Parameter<'_>, b: &Parameter<'_>| {
            let at = |names: &[&str], name| names.iter().position(|known| *known == name);
            a.location == "path"
                && b.location == "path"
                && at(&old_names, a.name).is_some()
                && at(&old_names, a.name) == at(&new_names, b.name)
        };
        let moved = |a: &Parameter<'_>, b: &Parameter<'_>| a.name == b.name;
        let same = |a: &Parameter<'_>, b: &Parameter<'_>| a.is(b);
        // From the surest sign to the least.
        let signs: [Sign<'_>; 3] = [&same, &renamed, &moved];
        for belong in signs {
            let mut index = 0;
            while index < gone.len() {
                match come.iter().position(|new| belong(&gone[index], new)) {
                    Some(at) => {
                        let (old, new) = (gone.remove(index), come.remove(at));
                        self.parameter(&old, &new, &context);
                    }
                    None => index += 1,
                }
            }
        }
        for old in &gone {
            self.parameter_removed(old, &context);
        }
        for new in &come {
            self.parameter_added(new, &context);
        }
    }

    fn parameter_removed(&mut self, old: &Parameter<'a>, context: &Context) {
        let (wire, sentence) = match old.location {
            // Servers ignore headers that they do not know, and the client sends no cookies.
            "header" => (Additive, "The server takes no notice of it any more."),
            "cookie" => (Text, "Nothing changes: the client never sends it."),
            _ => (Breaking, "Calls that set it are refused with status 400."),
        };
        let context = context.member(old.name);
        let spot = Spot::gone(&old.listed.at).texts(old.said(), None);
        self.plain(&context, spot, &PARAMETER_REMOVED, wire, sentence);
    }

    fn parameter_added(&mut self, new: &Parameter<'a>, context: &Context) {
        let context = context.member(new.name);
        let spot = Spot::come(&new.listed.at).texts(None, new.said());
        let (rule, wire, sentence) = if !new.node.is("required") {
            let sentence = "The next release has a setter for it.";
            (&OPTIONAL_PARAMETER_ADDED, Additive, sentence)
        } else if new.is_set_by_hook() {
            let sentence = "Nothing fails: the client sends this header with every call.";
            (&REQUIRED_PARAMETER_ADDED, Additive, sentence)
        } else {
            // A released crate cannot send what it does not know.
            let sentence = "A released crate cannot set it, and its calls are refused.";
            (&REQUIRED_PARAMETER_ADDED, Breaking, sentence)
        };
        self.plain(&context, spot, rule, wire, sentence);
    }

    fn parameter(&mut self, old: &Parameter<'a>, new: &Parameter<'a>, context: &Context) {
        let mut context = context.member(new.name);
        // A parameter that may be left out is an `Option`, and never sent as null.
        context.optional = !old.node.is("required");
        if self.followed(&old.listed, &new.listed, &context).is_none() {
            return;
        }
        if old.location != new.location {
            // The released crate puts it where it was.
            let spot = Spot::at(&old.node.at, &new.node.at).texts(old.said(), new.said());
            let sentence = "A released crate sends it where the server does not look for it.";
            self.plain(&context, spot, &PARAMETER_LOCATION_CHANGED, Breaking, sentence);
        } else if old.name != new.name && old.location == "path" {
            // That is told once, at the path.
            let name = |node: &Node<'a>| node.get("name");
            self.claim(name(&old.node).as_ref(), name(&new.node).as_ref());
        }
        let mut styled = None;
        for member in self.members(&old.node, &new.node, &context) {
            match member.key {
                // Compared above.
                "name" | "in" => {}
                "required" | "deprecated" | "allowEmptyValue" | "explode" | "allowReserved"
                    if !member.is(Value::is_boolean) =>
                {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), &context);
                }
                "style" if !member.is(Value::is_string) => {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), &context);
                }
                "required" => self.parameter_requiredness(&member, old, new, &context),
                "style" | "explode" | "allowReserved" => {
                    if styled.is_none() {
                        styled = Some(self.style(old, new, &context));
                    }
                    // It is told at the parameter, once.
                    if styled == Some(true) {
                        self.claim(member.old.as_ref(), member.new.as_ref());
                    }
                }
                "schema" => match member.both() {
                    Some((old, new)) => self.schema(old, new, &context),
                    None => self.schema_on_one_side(&member, &context),
                },
                "content" => self.content(&member, true, &context),
                "deprecated" => {
                    if old.node.is("deprecated") != new.node.is("deprecated") {
                        self.deprecated(&member, &context);
                    }
                }
                "allowEmptyValue" => {
                    if old.node.is("allowEmptyValue") != new.node.is("allowEmptyValue") {
                        self.empty_value(&member, new.node.is("allowEmptyValue"), &context);
                    }
                }
                "description" => self.text(&member, &context),
                "example" | "examples" => self.example(&member, &context),
                key if key.starts_with("x-") => self.extension(&member, &context),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), &context),
            }
        }
    }

    /// Follows two references, or what stands in their place, to what is no schema.
    ///
    /// A reference may have texts of its own beside it. None where there is nothing to compare,
    /// which is a change in itself.
    pub(super) fn followed(
        &mut self,
        old: &Node<'a>,
        new: &Node<'a>,
        context: &Context,
    ) -> Option<(Node<'a>, Node<'a>)> {
        self.visit(old, new);
        let names = (old.value.get("$ref"), new.value.get("$ref"));
        if names.0 != names.1 && old.value.is_object() && new.value.is_object() {
            let spot = Spot::at(&old.at, &new.at).values(names.0, names.1);
            let sentence = "Nothing changes by the name alone; what differs beyond it is told as \
                            changes of its own.";
            self.plain(context, spot, &REFERENCE_CHANGED, Text, sentence);
        }
        let targets = follow(self.old, old).zip(follow(self.new, new));
        let targets = targets.filter(|(a, b)| a.value.is_object() && b.value.is_object());
        if targets.is_none() && old.value != new.value {
            self.lost(old, new, context);
        }
        if targets.is_some() && names.0.is_some() && names.1.is_some() {
            for member in self.members(old, new, context) {
                match member.key {
                    // What it leads to is compared.
                    "$ref" => {}
                    "summary" | "description" => self.text(&member, context),
                    key if key.starts_with("x-") => self.extension(&member, context),
                    _ => self.unknown(member.old.as_ref(), member.new.as_ref(), context),
                }
            }
        }
        targets
    }

    /// Something that is no object, or a reference that leads nowhere in its description.
    pub(super) fn lost(&mut self, old: &Node<'a>, new: &Node<'a>, context: &Context) {
        if old.text("$ref").is_none() && new.text("$ref").is_none() {
            return self.unknown(Some(old), Some(new), context);
        }
        // What another document holds, or nothing at all, cannot be compared.
        let sentence = "It refers to what the description does not hold: it must be looked at by \
                        hand.";
        self.plain(context, Spot::of(Some(old), Some(new)), &REFERENCE_CHANGED, Breaking, sentence);
    }

    fn parameter_requiredness(
        &mut self,
        member: &Member<'a>,
        old: &Parameter<'a>,
        new: &Parameter<'a>,
        context: &Context,
    ) {
        let (rule, wire, sentence) = match (old.node.is("required"), new.node.is("required")) {
            (false, true) if new.is_set_by_hook() => {
                let sentence = "Nothing fails: the client sends this header with every call.";
                (&PARAMETER_BECAME_REQUIRED, Additive, sentence)
            }
            (false, true) => {
                let sentence = "Calls that do not set it are refused.";
                (&PARAMETER_BECAME_REQUIRED, Breaking, sentence)
            }
            (true, false) => {
                let sentence = "It need not be set any more.";
                (&PARAMETER_BECAME_OPTIONAL, Additive, sentence)
            }
            _ => return,
        };
        self.plain(context, member.spot(), rule, wire, sentence);
    }

    /// How a value is written: `style`, `explode` and `allowReserved` with their defaults. Tells
    /// whether that changed.
    fn style(&mut self, old: &Parameter<'a>, new: &Parameter<'a>, context: &Context) -> bool {
        let (was, is) = (written(old), written(new));
        if was == is {
            return false;
        }
        let several = |parameter: &Parameter<'a>, document| {
            let Some(schema) = parameter.node.get("schema") else { return true };
            let Some(schema) = follow(document, &schema) else { return true };
            let normal = normal(&schema);
            normal.types.is_empty() || normal.types.iter().any(|t| matches!(*t, "array" | "object"))
        };
        // One value alone is written in the same way with or without `explode`.
        let plain = !several(old, self.old) && !several(new, self.new);
        let (wire, sentence): (Verdict, _) = if was.0 == is.0 && (plain || was.1 == is.1) {
            (Text, "Nothing changes: this value is written in the same way.")
        } else {
            (
                Breaking,
                "A released crate writes the value in the old way, which the server may \
                        misread.",
            )
        };
        let said = |(style, explode, reserved): &(&str, bool, bool)| {
            let reserved = if *reserved { ", reserved characters as they are" } else { "" };
            Some(format!("{style}{}{reserved}", if *explode { ", exploded" } else { "" }))
        };
        let spot = Spot::at(&old.node.at, &new.node.at).texts(said(&was), said(&is));
        self.plain(context, spot, &PARAMETER_STYLE_CHANGED, wire, sentence);
        true
    }

    fn empty_value(&mut self, member: &Member<'a>, allowed: bool, context: &Context) {
        let (rule, wire, sentence) = if allowed {
            let sentence = "It may be sent without a value.";
            (&REQUEST_CONSTRAINT_LOOSENED, Additive, sentence)
        } else {
            let sentence = "Calls that send it without a value are refused.";
            (&REQUEST_CONSTRAINT_TIGHTENED, Breaking, sentence)
        };
        self.plain(context, member.spot(), rule, wire, sentence);
    }
}

/// A parameter's style, whether it is exploded, and whether reserved characters stay.
fn written<'a>(parameter: &Parameter<'a>) -> (&'a str, bool, bool) {
    let standard = match parameter.location {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let style = parameter.node.text("style").unwrap_or(standard);
    let explode = parameter.node.value.get("explode").and_then(Value::as_bool);
    (style, explode.unwrap_or(style == "form"), parameter.node.is("allowReserved"))
}
