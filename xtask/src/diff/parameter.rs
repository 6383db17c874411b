//! The rules for parameters.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Severity::{self, Additive, Breaking, Text};
use super::deprecation::Notice;
use super::endpoint::{Endpoint, names_in};
use super::located::{Located, follow};
use super::normal::normal;
use super::reach::Sides;
use super::recorder::Comparison;
use super::rules::*;
use super::site::{Member, Site, Usage};
use super::summary::first_sentence;
use crate::removals::is_date_key;

/// Headers that the client writes itself, on every request.
const HEADERS_OF_THE_CLIENT: &[&str] = &["authorization", "x-stack-id"];

/// A parameter of an operation.
#[derive(Clone)]
struct ListedParameter<'a> {
    name: &'a str,
    location: &'a str,
    /// Behind references.
    node: Located<'a>,
    /// The entry in the list of the operation.
    listed: Located<'a>,
}

/// Tells whether two parameters match.
type Match<'f> = &'f dyn Fn(&ListedParameter<'_>, &ListedParameter<'_>) -> bool;

impl ListedParameter<'_> {
    /// Names of headers are case-insensitive.
    fn is(&self, other: &ListedParameter<'_>) -> bool {
        self.location == other.location
            && (self.name == other.name
                || (self.location == "header" && self.name.eq_ignore_ascii_case(other.name)))
    }

    fn is_by_client(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        self.location == "header" && HEADERS_OF_THE_CLIENT.contains(&name.as_str())
    }

    fn label(&self) -> Option<String> {
        Some(format!("{} {}", self.location, self.name))
    }
}

impl<'a> Comparison<'a> {
    /// The parameters of an operation: its own, and the others of its path.
    fn parameters_of(&mut self, operation: &Endpoint<'a>, old: bool) -> Vec<ListedParameter<'a>> {
        let document = if old { self.old } else { self.new };
        let mut found: Vec<ListedParameter<'a>> = Vec::new();
        let own = operation.node.get("parameters");
        for list in [operation.item.get("parameters"), own].into_iter().flatten() {
            for listed in list.elements() {
                let Some(node) = follow(document, &listed) else { continue };
                let (Some(name), Some(location)) = (node.text("name"), node.text("in")) else {
                    continue;
                };
                let parameter = ListedParameter { name, location, node, listed };
                found.retain(|known| !known.is(&parameter));
                found.push(parameter);
            }
        }
        found
    }

    pub(super) fn parameters(&mut self, old: &Endpoint<'a>, new: &Endpoint<'a>) {
        let mut removed = self.parameters_of(old, true);
        let mut added = self.parameters_of(new, false);
        let (old_names, new_names) = (names_in(old.path), names_in(new.path));
        let sides = Sides { requests: BTreeSet::from([new.id()]), ..Sides::default() };
        let usage = self.usage_in(new, sides);
        let renamed = |a: &ListedParameter<'_>, b: &ListedParameter<'_>| {
            let at = |names: &[&str], name| names.iter().position(|known| *known == name);
            a.location == "path"
                && b.location == "path"
                && at(&old_names, a.name).is_some()
                && at(&old_names, a.name) == at(&new_names, b.name)
        };
        let moved = |a: &ListedParameter<'_>, b: &ListedParameter<'_>| a.name == b.name;
        let same = |a: &ListedParameter<'_>, b: &ListedParameter<'_>| a.is(b);
        // From the surest match to the least sure one.
        let matches: [Match<'_>; 3] = [&same, &renamed, &moved];
        for is_match in matches {
            let mut index = 0;
            while index < removed.len() {
                match added.iter().position(|new| is_match(&removed[index], new)) {
                    Some(at) => {
                        let (old, new) = (removed.remove(index), added.remove(at));
                        self.parameter(&old, &new, &usage);
                    }
                    None => index += 1,
                }
            }
        }
        for old in &removed {
            self.parameter_removed(old, &usage);
        }
        for new in &added {
            self.parameter_added(new, &usage);
        }
    }

    fn parameter_removed(&mut self, old: &ListedParameter<'a>, usage: &Usage) {
        let (wire, sentence) = match old.location {
            "header" if old.is_by_client() => (
                Breaking,
                "The client writes this header itself, and what it asks for may no longer happen.",
            ),
            // The server ignores parameters that it does not know, and the client sends no cookies.
            "header" => (Additive, "The server ignores it from now on."),
            "cookie" => (Text, "Nothing changes: the client never sends it."),
            _ => (Breaking, "The server ignores it from now on, so calls that set it do less."),
        };
        let usage = usage.member(old.name);
        let site = Site::removed(&old.listed.at).texts(old.label(), None);
        self.plain(&usage, site, &PARAMETER_REMOVED, wire, sentence);
    }

    fn parameter_added(&mut self, new: &ListedParameter<'a>, usage: &Usage) {
        let usage = usage.member(new.name);
        let schema = new.node.get("schema");
        let words = schema.map(|schema| format!(": {}", self.ground.terms.summary(&schema)));
        let label = new.label().map(|label| label + &words.unwrap_or_default());
        let site = Site::added(&new.listed.at).texts(None, label).note(first_sentence(&new.node));
        let (rule, wire, sentence) = if !new.node.is("required") {
            let sentence = "The next release has a setter for it.";
            (&OPTIONAL_PARAMETER_ADDED, Additive, sentence)
        } else if new.is_by_client() {
            let sentence = "No call fails: the client sends this header with every call.";
            (&REQUIRED_PARAMETER_ADDED, Additive, sentence)
        } else {
            // A released crate cannot send a parameter that it does not know.
            let sentence = "A released crate cannot set it, so its calls are rejected.";
            (&REQUIRED_PARAMETER_ADDED, Breaking, sentence)
        };
        self.plain(&usage, site, rule, wire, sentence);
    }

    fn parameter(&mut self, old: &ListedParameter<'a>, new: &ListedParameter<'a>, usage: &Usage) {
        let mut usage = usage.member(new.name);
        // An optional parameter is an `Option`, and never sent as null.
        usage.optional = !old.node.is("required");
        usage.by_client = old.is_by_client() && new.is_by_client();
        if self.followed(&old.listed, &new.listed, &usage).is_none() {
            return;
        }
        if old.location != new.location {
            // The released crate still sends it in the old part of the request.
            let site = Site::at(&old.node.at, &new.node.at).texts(old.label(), new.label());
            let sentence =
                "A released crate sends it in another part of the request than the server expects.";
            self.plain(&usage, site, &PARAMETER_LOCATION_CHANGED, Breaking, sentence);
        } else if old.name != new.name && old.location == "path" {
            // The new name is told once, at the path.
            let name = |node: &Located<'a>| node.get("name");
            self.claim(name(&old.node).as_ref(), name(&new.node).as_ref());
        }
        let notices = (Notice::of(&old.node), Notice::of(&new.node));
        self.deprecation(&notices.0, &notices.1, &usage);
        let mut styled = None;
        for member in self.members(&old.node, &new.node, &usage) {
            match member.key {
                // Compared above.
                "name" | "in" => {}
                "required" | "deprecated" | "allowEmptyValue" | "explode" | "allowReserved"
                    if !member.is(Value::is_boolean) =>
                {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), &usage);
                }
                "style" if !member.is(Value::is_string) => {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), &usage);
                }
                "required" => self.parameter_requiredness(&member, old, new, &usage),
                "style" | "explode" | "allowReserved" => {
                    if styled.is_none() {
                        styled = Some(self.style(old, new, &usage));
                    }
                    // The change is told once, at the parameter.
                    if styled == Some(true) {
                        self.claim(member.old.as_ref(), member.new.as_ref());
                    }
                }
                "schema" => {
                    if styled.is_none() {
                        styled = Some(self.style(old, new, &usage));
                    }
                    match member.both() {
                        Some((was, is)) if self.became_list_of_itself((old, was), (new, is)) => {
                            let sentence =
                                "A released crate sends one value, which is a list of one.";
                            let site = self.ground.terms.site(Some(was), Some(is));
                            self.plain(&usage, site, &REQUEST_TYPE_WIDENED, Additive, sentence);
                        }
                        Some((old, new)) => self.schema(old, new, &usage),
                        None => self.schema_on_one_side(&member, &usage),
                    }
                }
                "content" => self.content(&member, true, &usage),
                // Compared above, with the announced dates.
                "deprecated" => {}
                key if is_date_key(key) => {}
                "description" if notices.0.is_told_by_date(&notices.1) => {
                    self.claim(member.old.as_ref(), member.new.as_ref());
                }
                "allowEmptyValue" => {
                    if old.node.is("allowEmptyValue") != new.node.is("allowEmptyValue") {
                        self.empty_value(&member, new.node.is("allowEmptyValue"), &usage);
                    }
                }
                "description" => self.text(&member, &usage),
                "example" | "examples" => self.example(&member, &usage),
                key if key.starts_with("x-") => self.extension(&member, &usage),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), &usage),
            }
        }
    }

    /// Follows the references to two parts that are not schemas; either may stand there itself. A
    /// reference may have texts beside it.
    ///
    /// `None` if there is nothing to compare, which is recorded as a change.
    pub(super) fn followed(
        &mut self,
        old: &Located<'a>,
        new: &Located<'a>,
        usage: &Usage,
    ) -> Option<(Located<'a>, Located<'a>)> {
        self.visit(old, new);
        let names = (old.value.get("$ref"), new.value.get("$ref"));
        let targets = follow(self.old, old).zip(follow(self.new, new));
        let targets = targets.filter(|(a, b)| a.value.is_object() && b.value.is_object());
        if targets.is_none() && old.value != new.value {
            self.lost(old, new, usage);
        }
        if targets.is_some() && names.0.is_some() && names.1.is_some() {
            for member in self.members(old, new, usage) {
                match member.key {
                    // The targets are compared.
                    "$ref" => {}
                    "summary" | "description" => self.text(&member, usage),
                    key if key.starts_with("x-") => self.extension(&member, usage),
                    _ => self.unknown(member.old.as_ref(), member.new.as_ref(), usage),
                }
            }
        }
        targets
    }

    /// Records a part that is not an object, or a reference that leads outside its description.
    pub(super) fn lost(&mut self, old: &Located<'a>, new: &Located<'a>, usage: &Usage) {
        if old.text("$ref").is_none() && new.text("$ref").is_none() {
            return self.unknown(Some(old), Some(new), usage);
        }
        // The contents of another document, or of nothing at all, cannot be compared.
        let sentence = "It refers outside this description: review it by hand.";
        self.plain(usage, Site::of(Some(old), Some(new)), &REFERENCE_CHANGED, Breaking, sentence);
    }

    fn parameter_requiredness(
        &mut self,
        member: &Member<'a>,
        old: &ListedParameter<'a>,
        new: &ListedParameter<'a>,
        usage: &Usage,
    ) {
        let (rule, wire, sentence) = match (old.node.is("required"), new.node.is("required")) {
            (false, true) if new.is_by_client() => {
                let sentence = "No call fails: the client sends this header with every call.";
                (&PARAMETER_BECAME_REQUIRED, Additive, sentence)
            }
            (false, true) => {
                let sentence = "Calls that do not set it are rejected.";
                (&PARAMETER_BECAME_REQUIRED, Breaking, sentence)
            }
            (true, false) => {
                let sentence = "It no longer has to be set.";
                (&PARAMETER_BECAME_OPTIONAL, Additive, sentence)
            }
            _ => return,
        };
        self.plain(usage, member.site(), rule, wire, sentence);
    }

    /// Compares how a value is written: `style`, `explode` and `allowReserved` with their defaults.
    /// Returns whether that changed.
    fn style(
        &mut self,
        old: &ListedParameter<'a>,
        new: &ListedParameter<'a>,
        usage: &Usage,
    ) -> bool {
        let (was, is) = (written(old), written(new));
        if was == is {
            return false;
        }
        let several = |parameter: &ListedParameter<'a>, document| {
            let Some(schema) = parameter.node.get("schema") else { return true };
            let Some(schema) = follow(document, &schema) else { return true };
            let normal = normal(&schema);
            normal.types.is_empty() || normal.types.iter().any(|t| matches!(*t, "array" | "object"))
        };
        // A single value is written in the same way with or without `explode`.
        let plain = !several(old, self.old) && !several(new, self.new);
        let (wire, sentence): (Severity, _) = if was.0 == is.0 && (plain || was.1 == is.1) {
            (Text, "Nothing changes: this value is written in the same way.")
        } else {
            (
                Breaking,
                "A released crate writes the value in the old way, which the server may misread.",
            )
        };
        let label = |(style, explode, reserved): &(&str, bool, bool)| {
            let reserved = if *reserved { ", reserved characters as they are" } else { "" };
            Some(format!("{style}{}{reserved}", if *explode { ", exploded" } else { "" }))
        };
        let site = Site::at(&old.node.at, &new.node.at).texts(label(&was), label(&is));
        self.plain(usage, site, &PARAMETER_STYLE_CHANGED, wire, sentence);
        true
    }

    /// Whether a single value became a list of such values, each written as `name=value`: in a query a
    /// list of one looks like its item, and a string like any other scalar.
    fn became_list_of_itself(
        &self,
        (old, was): (&ListedParameter<'a>, &Located<'a>),
        (new, is): (&ListedParameter<'a>, &Located<'a>),
    ) -> bool {
        let repeated = |parameter: &ListedParameter<'_>| {
            parameter.location == "query" && matches!(written(parameter), ("form", true, _))
        };
        let (Some(was), Some(is)) = (follow(self.old, was), follow(self.new, is)) else {
            return false;
        };
        let (was, is) = (normal(&was), normal(&is));
        let items = is.keywords.get("items").and_then(|items| follow(self.new, items));
        let Some(items) = items.map(|items| normal(&items)) else { return false };
        let scalar = |name: &&str| !matches!(*name, "array" | "object");
        let plain = items.values.is_none() && items.keywords.is_empty();
        repeated(old)
            && repeated(new)
            && is.types.iter().eq(["array"].iter())
            && is.keywords.len() == 1
            && !was.types.is_empty()
            && was.types.iter().all(scalar)
            && plain
            && (items.types.contains("string") || was.types.is_subset(&items.types))
    }

    fn empty_value(&mut self, member: &Member<'a>, allowed: bool, usage: &Usage) {
        let (rule, wire, sentence) = if allowed {
            let sentence = "It may be sent without a value.";
            (&REQUEST_CONSTRAINT_LOOSENED, Additive, sentence)
        } else {
            let sentence = "Calls that send it without a value are rejected.";
            (&REQUEST_CONSTRAINT_TIGHTENED, Breaking, sentence)
        };
        self.plain(usage, member.site(), rule, wire, sentence);
    }
}

/// The style of a parameter, whether it is exploded, and whether reserved characters stay. What stands
/// in the schema by mistake counts where the parameter has none.
fn written<'a>(parameter: &ListedParameter<'a>) -> (&'a str, bool, bool) {
    let standard = match parameter.location {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let value = parameter.node.value;
    let of = |key: &str| value.get(key).or_else(|| value.get("schema")?.get(key));
    let style = of("style").and_then(Value::as_str).unwrap_or(standard);
    let explode = of("explode").and_then(Value::as_bool);
    let reserved = of("allowReserved").and_then(Value::as_bool);
    (style, explode.unwrap_or(style == "form"), reserved.unwrap_or_default())
}
