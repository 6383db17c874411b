//! The rules for responses: statuses, headers, links.

use std::collections::BTreeSet;

use serde_json::Value;

use super::ChangeRule;
use super::Severity::{self, Additive, Breaking, Text};
use super::deprecation::Notice;
use super::endpoint::{Endpoint, is_success};
use super::located::Located;
use super::reach::Sides;
use super::recorder::Comparison;
use super::rules::*;
use super::site::{Judgement, Member, Site, Usage};
use crate::removals::is_date_key;

/// A response by its status.
type StatusResponse<'a> = (String, Located<'a>);

/// Whether the client decodes a response.
fn is_read<'a>(status: &str, all: &[StatusResponse<'a>]) -> bool {
    let typed = all.iter().any(|(status, _)| is_success(status));
    is_success(status) || (status == "default" && !typed)
}

impl<'a> Comparison<'a> {
    pub(super) fn responses(&mut self, member: &Member<'a>, operation: &Endpoint<'a>) {
        let id = BTreeSet::from([operation.id()]);
        let read = Sides { responses: id.clone(), ..Sides::default() };
        let read = self.usage_in(operation, read);
        let undecoded = self.usage_in(operation, Sides { undecoded: id, ..Sides::default() });
        if [&member.old, &member.new].into_iter().flatten().any(|node| !node.value.is_object()) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), &read);
        }
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
            for member in self.members(old, new, &read) {
                if member.key.starts_with("x-") {
                    self.extension(&member, &read);
                }
            }
        }
        let responses = |node: &Option<Located<'a>>| -> Vec<StatusResponse<'a>> {
            let members = node.as_ref().map(Located::members).unwrap_or_default();
            let statuses = members.into_iter().filter(|(key, _)| !key.starts_with("x-"));
            statuses.map(|(key, node)| (key.to_ascii_lowercase(), node)).collect()
        };
        let (old, new) = (responses(&member.old), responses(&member.new));
        let (mut removed, mut added) = (Vec::new(), new.clone());
        for (status, response) in &old {
            match added.iter().position(|(other, _)| other == status) {
                Some(at) => {
                    let (_, other) = added.remove(at);
                    let decoded = is_read(status, &old);
                    self.response(response, &other, if decoded { &read } else { &undecoded });
                }
                None => removed.push((status.clone(), response.clone())),
            }
        }
        let success = |list: &[StatusResponse<'a>], all: &[StatusResponse<'a>]| {
            let found = list.iter().position(|(status, _)| is_read(status, all))?;
            let more = list[found + 1..].iter().any(|(status, _)| is_read(status, all));
            (!more).then_some(found)
        };
        if let (Some(a), Some(b)) = (success(&removed, &old), success(&added, &new)) {
            let ((was, old_response), (is, new_response)) = (removed.remove(a), added.remove(b));
            let wire = status_severity(&is, &old);
            let site = Site::at(&old_response.at, &new_response.at).texts(Some(was), Some(is));
            self.plain(&read, site, &SUCCESS_STATUS_CHANGED, wire, status_sentence(wire));
            self.response(&old_response, &new_response, &read);
        }
        self.responses_on_one_side((removed, &old), (added, &new), (&read, &undecoded));
    }

    /// Records statuses that only one side has, each with all statuses of that side.
    fn responses_on_one_side(
        &mut self,
        (removed, old): (Vec<StatusResponse<'a>>, &[StatusResponse<'a>]),
        (added, new): (Vec<StatusResponse<'a>>, &[StatusResponse<'a>]),
        (read, undecoded): (&Usage, &Usage),
    ) {
        for (status, response) in removed {
            let site = Site::removed(&response.at).texts(Some(status.clone()), None);
            if is_read(&status, old) {
                // A response that never comes is never misread.
                let sentence = "This response no longer comes.";
                self.plain(read, site, &SUCCESS_STATUS_REMOVED, Additive, sentence);
            } else {
                // One function reads every error response, whatever its status.
                let sentence = "Nothing changes: the crate reads every error response by its \
                                status, documented or not.";
                self.plain(undecoded, site, &ERROR_RESPONSE_REMOVED, Text, sentence);
            }
        }
        for (status, response) in added {
            let site = Site::added(&response.at).texts(None, Some(status.clone()));
            if is_read(&status, new) {
                let wire = status_severity(&status, old);
                self.plain(read, site, &SUCCESS_STATUS_ADDED, wire, status_sentence(wire));
            } else {
                let sentence = "Calls may fail with this status; the error has it, like any other.";
                self.plain(undecoded, site, &ERROR_RESPONSE_ADDED, Additive, sentence);
            }
        }
    }

    pub(super) fn response(&mut self, old: &Located<'a>, new: &Located<'a>, usage: &Usage) {
        let Some((old, new)) = self.followed(old, new, usage) else { return };
        for member in self.members(&old, &new, usage) {
            match member.key {
                "content" => self.response_content(&member, usage),
                "headers" => self.headers(&member, usage),
                "links" => {
                    let sentence = "The crate follows no links between operations.";
                    self.plain(usage, member.site(), &LINK_CHANGED, Text, sentence);
                }
                "summary" | "description" => self.text(&member, usage),
                key if key.starts_with("x-") => self.extension(&member, usage),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), usage),
            }
        }
    }

    fn response_content(&mut self, member: &Member<'a>, usage: &Usage) {
        let full = |node: &Option<Located<'a>>| {
            node.as_ref().is_some_and(|node| !node.members().is_empty())
        };
        match (full(&member.old), full(&member.new)) {
            (true, false) => {
                // An empty body is not a JSON document.
                let sentence = "A released crate reads a body, and fails without one.";
                self.read(usage, member.site(), &RESPONSE_BODY_REMOVED, Breaking, sentence);
            }
            (false, true) => {
                // The crate reads no body where none is described.
                let sentence = "A released crate does not read the body.";
                self.read(usage, member.site(), &RESPONSE_BODY_ADDED, Additive, sentence);
            }
            _ => self.content(member, false, usage),
        }
    }

    /// Records a change that matters only where a response is decoded.
    pub(super) fn read(
        &mut self,
        usage: &Usage,
        site: Site,
        rule: &'static ChangeRule,
        wire: Severity,
        sentence: &str,
    ) {
        let judgement = || Judgement(rule, wire, sentence.to_owned());
        // A response is never sent.
        self.sided(usage, site, judgement(), judgement());
    }

    /// Compares the headers of a response, which a program reads by hand or not at all.
    fn headers(&mut self, member: &Member<'a>, usage: &Usage) {
        let mut usage = usage.clone();
        let sides = Sides { undecoded: usage.sides.all(), ..Sides::default() };
        usage.sides = sides.into();
        let members = match member.both() {
            Some((old, new)) => self.members(old, new, &usage),
            None => member.parts(),
        };
        for member in pair_by_case(members) {
            let usage = usage.member(member.key);
            match (&member.old, &member.new) {
                (Some(old), Some(new)) => self.header(old, new, &usage),
                (Some(_), None) => {
                    let sentence = "Code that reads this header by hand no longer finds it.";
                    let site = member.site();
                    self.plain(&usage, site, &RESPONSE_HEADER_REMOVED, Additive, sentence);
                }
                _ => {
                    let sentence = "The header can be read by hand.";
                    let site = member.site();
                    self.plain(&usage, site, &RESPONSE_HEADER_ADDED, Additive, sentence);
                }
            }
        }
    }

    pub(super) fn header(&mut self, old: &Located<'a>, new: &Located<'a>, usage: &Usage) {
        let Some((old, new)) = self.followed(old, new, usage) else { return };
        let notices = (Notice::of(&old), Notice::of(&new));
        self.deprecation(&notices.0, &notices.1, usage);
        for member in self.members(&old, &new, usage) {
            match member.key {
                "required" | "deprecated" | "allowEmptyValue" | "explode" | "allowReserved"
                    if !member.is(Value::is_boolean) =>
                {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), usage);
                }
                "required" => {
                    if old.is("required") != new.is("required") {
                        let sentence = "Whether the header always comes changes; no generated \
                                        code reads it.";
                        let site = member.site();
                        self.plain(usage, site, &RESPONSE_HEADER_CHANGED, Additive, sentence);
                    }
                }
                "style" | "explode" | "allowReserved" | "allowEmptyValue" => {
                    let sentence = "The header is written in another way; no generated code reads \
                                    it.";
                    self.plain(usage, member.site(), &RESPONSE_HEADER_CHANGED, Additive, sentence);
                }
                "schema" => match member.both() {
                    Some((old, new)) => self.schema(old, new, usage),
                    None => self.schema_on_one_side(&member, usage),
                },
                "content" => self.content(&member, false, usage),
                // Compared above, with the announced dates.
                "deprecated" => {}
                key if is_date_key(key) => {}
                "description" if notices.0.is_told_by_date(&notices.1) => {
                    self.claim(member.old.as_ref(), member.new.as_ref());
                }
                "description" => self.text(&member, usage),
                "example" | "examples" => self.example(&member, usage),
                key if key.starts_with("x-") => self.extension(&member, usage),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), usage),
            }
        }
    }
}

/// Joins a removed and an added header whose names differ only in case.
fn pair_by_case(members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let mut out: Vec<Member<'_>> = Vec::new();
    for member in members {
        let partner = out.iter_mut().find(|known| {
            known.key.eq_ignore_ascii_case(member.key)
                && known.old.is_some() != member.old.is_some()
                && known.new.is_some() != member.new.is_some()
        });
        match partner {
            Some(known) => {
                known.old = known.old.take().or(member.old);
                known.new = known.new.take().or(member.new);
            }
            None => out.push(member),
        }
    }
    out
}

/// What a new success status does to a released crate, which accepts the ones that it knows.
fn status_severity(status: &str, old: &[StatusResponse<'_>]) -> Severity {
    let known: Vec<_> = old.iter().map(|(status, _)| status.as_str()).collect();
    let successes = known.iter().filter(|status| is_success(status)).count();
    // The lowering accepts any success if 204 is the only one, or none has a type.
    let any =
        known.contains(&"2xx") || successes == 0 || (successes == 1 && known.contains(&"204"));
    if any && status != "default" { Additive } else { Breaking }
}

fn status_sentence(wire: Severity) -> &'static str {
    match wire {
        Breaking => "A released crate takes a response with this status for an error.",
        _ => "A released crate accepts any success status here, so it reads this one.",
    }
}
