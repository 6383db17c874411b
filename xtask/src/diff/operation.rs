//! The rules for operations themselves: what comes, goes, moves, and their deprecation.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use super::Severity::{Additive, Breaking, Text};
use super::deprecation::Notice;
use super::endpoint::{Endpoint, METHODS, MatchedEndpoints, names_in, template};
use super::located::{Located, follow};
use super::reach::Sides;
use super::recorder::Comparison;
use super::rules::*;
use super::site::{Member, Site, Usage};
use super::summary::first_sentence;
use crate::removals::{announced_date, is_date_key};
use openapi_lowering::problem::Place;

impl<'a> Comparison<'a> {
    /// How an operation uses a part of itself.
    pub(super) fn usage_in(&self, operation: &Endpoint<'a>, sides: Sides) -> Usage {
        Usage { sides: Rc::new(sides), operation: Some(operation.id().into()), ..Usage::default() }
    }

    pub(super) fn paths(&mut self, member: &Member<'a>) {
        let usage = Usage::default();
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
        }
        if !member.is(Value::is_object) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), &usage);
        }
        for part in member.parts().into_iter().filter(|part| part.key.starts_with("x-")) {
            if part.old.as_ref().map(|old| old.value) != part.new.as_ref().map(|new| new.value) {
                self.extension(&part, &usage);
            }
        }
        let ground = Rc::clone(&self.ground);
        let MatchedEndpoints { pairs, removed, added, items, .. } = &ground.endpoints;
        for (old, new) in pairs {
            self.operation(old, new);
        }
        for old in removed {
            self.operation_removed(old);
        }
        for new in added {
            self.operation_added(new);
        }
        for (old, new) in items {
            self.path_item(old, new, pairs);
        }
    }

    fn operation_added(&mut self, new: &Endpoint<'a>) {
        let usage = self.usage_in(new, whole(new));
        let note =
            first_sentence(&new.node).or_else(|| new.node.text("summary").map(str::to_owned));
        let site = Site::added(&new.node.at).note(note);
        if let Some(unusual) = self.unusual_security(new) {
            let text = format!("{}, {}", new.address(), unusual.label);
            let rule = &OPERATION_ADDED_WITH_OTHER_SECURITY;
            let site = site.texts(None, Some(text));
            return self.plain(&usage, site, rule, Additive, unusual.consequence);
        }
        let sentence = "The next release has a call for it.";
        let site = site.texts(None, Some(new.address()));
        self.plain(&usage, site, &OPERATION_ADDED, Additive, sentence);
    }

    fn operation_removed(&mut self, old: &Endpoint<'a>) {
        // The released crate still calls it.
        let fails = "Calls fail with status 404 or 405";
        let today = self.ground.terms.today;
        let (rule, sentence) = match (old.node.is("deprecated"), announced_date(old.node.value)) {
            (false, _) => (&OPERATION_REMOVED_WITHOUT_NOTICE, format!("{fails}.")),
            (true, Some(date)) if date > today => {
                let days = (date - today).num_days();
                let unit = if days == 1 { "day" } else { "days" };
                let when = format!("the removal was announced for {date}, in {days} {unit}");
                (&OPERATION_REMOVED_EARLY, format!("{fails}; {when}."))
            }
            (true, Some(date)) => {
                (&OPERATION_REMOVED, format!("{fails}, as announced for {date}."))
            }
            (true, None) => (&OPERATION_REMOVED, format!("{fails}; the operation was deprecated.")),
        };
        let usage = self.usage_in(old, whole(old));
        let site = Site::removed(&old.node.at).texts(Some(old.address()), None);
        self.plain(&usage, site, rule, Breaking, sentence);
    }

    /// Compares the members of a path item beside its operations. Its parameters are compared
    /// with theirs.
    fn path_item(
        &mut self,
        old: &Located<'a>,
        new: &Located<'a>,
        pairs: &[(Endpoint<'a>, Endpoint<'a>)],
    ) {
        let mut usage = Usage::default();
        let mut sides = Sides::default();
        let below = |operation: &&(Endpoint<'a>, Endpoint<'a>)| {
            operation.1.node.at.as_str().starts_with(new.at.as_str())
        };
        sides.requests.extend(pairs.iter().filter(below).map(|(_, new)| new.id()));
        usage.sides = Rc::new(sides);
        self.visit(old, new);
        let targets = (follow(self.old, old), follow(self.new, new));
        let (Some(old_target), Some(new_target)) = targets else {
            if old.value != new.value {
                self.lost(old, new, &usage);
            }
            return;
        };
        let mut members = self.members(&old_target, &new_target, &usage);
        if (&old_target.at, &new_target.at) != (&old.at, &new.at) {
            members.extend(self.members(old, new, &usage));
        }
        for member in members {
            match member.key {
                key if METHODS.contains(&key) => {}
                "parameters" | "$ref" => {
                    if let Some((old, new)) = member.both() {
                        self.visit(old, new);
                    }
                }
                "summary" | "description" => self.text(&member, &usage),
                "servers" => self.servers(&member, &usage),
                key if key.starts_with("x-") => self.extension(&member, &usage),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), &usage),
            }
        }
    }

    fn operation(&mut self, old: &Endpoint<'a>, new: &Endpoint<'a>) {
        let usage = self.usage_in(new, whole(new));
        self.address(old, new, &usage);
        self.parameters(old, new);
        // An operation without requirements of its own inherits those of the description.
        self.operation_security(old, new, &usage);
        let notices = (Notice::of(&old.node), Notice::of(&new.node));
        self.deprecation(&notices.0, &notices.1, &usage);
        for member in self.members(&old.node, &new.node, &usage) {
            match member.key {
                "operationId" => {
                    // Calls do not send the id.
                    let sentence = "Calls still work; the method has another name in the next \
                                    release.";
                    self.plain(&usage, member.site(), &OPERATION_RENAMED, Text, sentence);
                }
                "deprecated" if !member.is(Value::is_boolean) => {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), &usage);
                }
                // These were compared above.
                "deprecated" | "security" => {}
                "parameters" => {
                    if member.both().is_none_or(|(a, b)| a.value.is_array() && b.value.is_array()) {
                        if let Some((old, new)) = member.both() {
                            self.visit(old, new);
                        }
                    } else {
                        self.unknown(member.old.as_ref(), member.new.as_ref(), &usage);
                    }
                }
                "requestBody" => self.request_body(&member, new),
                "responses" => self.responses(&member, new),
                "tags" => {
                    let sentence = "Only the grouping in the documentation changes.";
                    self.plain(&usage, member.site(), &TAG_CHANGED, Text, sentence);
                }
                "description" if notices.0.is_told_by_date(&notices.1) => {
                    self.claim(member.old.as_ref(), member.new.as_ref());
                }
                "summary" | "description" | "externalDocs" => self.text(&member, &usage),
                "callbacks" => self.callbacks(&member, &usage),
                "servers" => self.servers(&member, &usage),
                // Compared above, with the deprecation.
                key if is_date_key(key) => {}
                key if key.starts_with("x-") => self.extension(&member, &usage),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), &usage),
            }
        }
    }

    /// Compares the method and path.
    fn address(&mut self, old: &Endpoint<'a>, new: &Endpoint<'a>, usage: &Usage) {
        if old.method != new.method || template(old.path) != template(new.path) {
            // The released crate calls the old address.
            let site = Site::at(&old.node.at, &new.node.at)
                .texts(Some(old.address()), Some(new.address()));
            let sentence = "A released crate calls the old address, which fails.";
            self.plain(usage, site, &OPERATION_MOVED, Breaking, sentence);
        } else if old.path != new.path {
            // Addresses contain values, not names.
            let sentence = "Calls still work; the argument has another name in the next release.";
            let place = |path: &str| Place::root().at("paths").at(path);
            let site = Site::at(&place(old.path), &place(new.path))
                .texts(Some(old.path.to_owned()), Some(new.path.to_owned()));
            let (was, is) = (names_in(old.path), names_in(new.path));
            let renamed = was.iter().zip(&is).find(|(a, b)| a != b);
            let usage = renamed.map_or(usage.clone(), |(_, name)| usage.member(name));
            self.plain(&usage, site, &PATH_PARAMETER_RENAMED, Text, sentence);
        }
    }

    /// Compares callbacks: calls of the server, which this client does not handle.
    fn callbacks(&mut self, member: &Member<'a>, usage: &Usage) {
        let members = match member.both() {
            Some((old, new)) => self.members(old, new, usage),
            None => vec![Member { key: "", old: member.old.clone(), new: member.new.clone() }],
        };
        for member in members {
            let sentence = "The crate handles no calls from the server.";
            self.plain(usage, member.site(), &CALLBACK_CHANGED, Additive, sentence);
        }
    }
}

/// The usage of an operation as a whole.
fn whole(operation: &Endpoint<'_>) -> Sides {
    Sides { requests: BTreeSet::from([operation.id()]), ..Sides::default() }
}
