//! The rules for responses: statuses, headers, links.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Rule;
use super::Verdict::{self, Additive, Breaking, Text};
use super::operation::Operation;
use super::reach::{Node, Sides, is_success};
use super::recorder::{Comparison, Context, Judged, Member, Spot};
use super::rules::*;

/// A response by its status.
type Answer<'a> = (String, Node<'a>);

/// Whether a response is one that the client decodes.
fn is_read<'a>(status: &str, all: &[Answer<'a>]) -> bool {
    let typed = all.iter().any(|(status, _)| is_success(status));
    is_success(status) || (status == "default" && !typed)
}

impl<'a> Comparison<'a> {
    pub(super) fn responses(&mut self, member: &Member<'a>, operation: &Operation<'a>) {
        let id = BTreeSet::from([operation.id()]);
        let read = Sides { read: id.clone(), ..Sides::default() };
        let read = self.context_of(operation, read);
        let aside = self.context_of(operation, Sides { aside: id, ..Sides::default() });
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
        let answers = |node: &Option<Node<'a>>| -> Vec<Answer<'a>> {
            let members = node.as_ref().map(Node::members).unwrap_or_default();
            let statuses = members.into_iter().filter(|(key, _)| !key.starts_with("x-"));
            statuses.map(|(key, node)| (key.to_ascii_lowercase(), node)).collect()
        };
        let (old, new) = (answers(&member.old), answers(&member.new));
        let (mut gone, mut come) = (Vec::new(), new.clone());
        for (status, answer) in &old {
            match come.iter().position(|(other, _)| other == status) {
                Some(at) => {
                    let (_, other) = come.remove(at);
                    let decoded = is_read(status, &old);
                    self.response(answer, &other, if decoded { &read } else { &aside });
                }
                None => gone.push((status.clone(), answer.clone())),
            }
        }
        let success = |list: &[Answer<'a>], all: &[Answer<'a>]| {
            let found = list.iter().position(|(status, _)| is_read(status, all))?;
            let more = list[found + 1..].iter().any(|(status, _)| is_read(status, all));
            (!more).then_some(found)
        };
        if let (Some(a), Some(b)) = (success(&gone, &old), success(&come, &new)) {
            let ((was, old_answer), (is, new_answer)) = (gone.remove(a), come.remove(b));
            let wire = status_weight(&is, &old);
            let spot = Spot::at(&old_answer.at, &new_answer.at).texts(Some(was), Some(is));
            self.plain(&read, spot, &SUCCESS_STATUS_CHANGED, wire, status_sentence(wire));
            self.response(&old_answer, &new_answer, &read);
        }
        for (status, answer) in gone {
            let spot = Spot::gone(&answer.at).texts(Some(status.clone()), None);
            if is_read(&status, &old) {
                // What never comes is never misread.
                let sentence = "This answer does not come any more.";
                self.plain(&read, spot, &SUCCESS_STATUS_REMOVED, Additive, sentence);
            } else {
                // One function reads every failure, whatever the status.
                let sentence = "Nothing changes for a program: every failure is read by its \
                                status, documented or not.";
                self.plain(&aside, spot, &ERROR_RESPONSE_REMOVED, Text, sentence);
            }
        }
        for (status, answer) in come {
            let spot = Spot::come(&answer.at).texts(None, Some(status.clone()));
            if is_read(&status, &new) {
                let wire = status_weight(&status, &old);
                self.plain(&read, spot, &SUCCESS_STATUS_ADDED, wire, status_sentence(wire));
            } else {
                let sentence = "Calls may fail in this way; the error tells the status, as for \
                                every failure.";
                self.plain(&aside, spot, &ERROR_RESPONSE_ADDED, Additive, sentence);
            }
        }
    }

    pub(super) fn response(&mut self, old: &Node<'a>, new: &Node<'a>, context: &Context) {
        let Some((old, new)) = self.followed(old, new, context) else { return };
        for member in self.members(&old, &new, context) {
            match member.key {
                "content" => self.answer_content(&member, context),
                "headers" => self.headers(&member, context),
                "links" => {
                    let sentence = "The crate follows no links between operations.";
                    self.plain(context, member.spot(), &LINK_CHANGED, Text, sentence);
                }
                "summary" | "description" => self.text(&member, context),
                key if key.starts_with("x-") => self.extension(&member, context),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), context),
            }
        }
    }

    fn answer_content(&mut self, member: &Member<'a>, context: &Context) {
        let full =
            |node: &Option<Node<'a>>| node.as_ref().is_some_and(|node| !node.members().is_empty());
        match (full(&member.old), full(&member.new)) {
            (true, false) => {
                // Nothing is no JSON document.
                let sentence = "A released crate reads a body, and fails without one.";
                self.read(context, member.spot(), &RESPONSE_BODY_REMOVED, Breaking, sentence);
            }
            (false, true) => {
                // The body of an answer that has none is not read.
                let sentence = "A released crate does not read the body.";
                self.read(context, member.spot(), &RESPONSE_BODY_ADDED, Additive, sentence);
            }
            _ => self.content(member, false, context),
        }
    }

    /// Records what weighs only where an answer is decoded.
    pub(super) fn read(
        &mut self,
        context: &Context,
        spot: Spot,
        rule: &'static Rule,
        wire: Verdict,
        sentence: &str,
    ) {
        let judged = || Judged(rule, wire, sentence.to_owned());
        // An answer is never sent.
        self.sided(context, spot, judged(), judged());
    }

    /// Headers of an answer, which a program reads by hand or not at all.
    fn headers(&mut self, member: &Member<'a>, context: &Context) {
        let mut context = context.clone();
        let aside = Sides { aside: context.sides.all(), ..Sides::default() };
        context.sides = aside.into();
        let members = match member.both() {
            Some((old, new)) => self.members(old, new, &context),
            None => {
                let part =
                    |node: &Option<Node<'a>>| node.as_ref().map(Node::members).unwrap_or_default();
                let gone = part(&member.old).into_iter();
                let gone = gone.map(|(key, old)| Member { key, old: Some(old), new: None });
                let come = part(&member.new).into_iter();
                let come = come.map(|(key, new)| Member { key, old: None, new: Some(new) });
                gone.chain(come).collect()
            }
        };
        for member in pair_by_case(members) {
            let context = context.member(member.key);
            match (&member.old, &member.new) {
                (Some(old), Some(new)) => self.header(old, new, &context),
                (Some(_), None) => {
                    let sentence = "Code that reads this header by hand finds none.";
                    let spot = member.spot();
                    self.plain(&context, spot, &RESPONSE_HEADER_REMOVED, Additive, sentence);
                }
                _ => {
                    let sentence = "The header can be read by hand.";
                    let spot = member.spot();
                    self.plain(&context, spot, &RESPONSE_HEADER_ADDED, Additive, sentence);
                }
            }
        }
    }

    pub(super) fn header(&mut self, old: &Node<'a>, new: &Node<'a>, context: &Context) {
        let Some((old, new)) = self.followed(old, new, context) else { return };
        for member in self.members(&old, &new, context) {
            match member.key {
                "required" | "deprecated" | "allowEmptyValue" | "explode" | "allowReserved"
                    if !member.is(Value::is_boolean) =>
                {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), context);
                }
                "required" => {
                    if old.is("required") != new.is("required") {
                        let sentence = "Whether the header always comes changes; nothing \
                                        generated reads it.";
                        let spot = member.spot();
                        self.plain(context, spot, &RESPONSE_HEADER_CHANGED, Additive, sentence);
                    }
                }
                "style" | "explode" | "allowReserved" | "allowEmptyValue" => {
                    let sentence = "The header is written in another way; nothing generated reads \
                                    it.";
                    self.plain(
                        context,
                        member.spot(),
                        &RESPONSE_HEADER_CHANGED,
                        Additive,
                        sentence,
                    );
                }
                "schema" => match member.both() {
                    Some((old, new)) => self.schema(old, new, context),
                    None => self.schema_on_one_side(&member, context),
                },
                "content" => self.content(&member, false, context),
                "deprecated" => {
                    if old.is("deprecated") != new.is("deprecated") {
                        self.deprecated(&member, context);
                    }
                }
                "description" => self.text(&member, context),
                "example" | "examples" => self.example(&member, context),
                key if key.starts_with("x-") => self.extension(&member, context),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), context),
            }
        }
    }
}

/// Joins a header that goes and one that comes, where their names differ in capitals only.
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

/// What a new success status does to a released crate, which takes the ones that it knows.
fn status_weight(status: &str, old: &[Answer<'_>]) -> Verdict {
    let known: Vec<_> = old.iter().map(|(status, _)| status.as_str()).collect();
    let successes = known.iter().filter(|status| is_success(status)).count();
    // The lowering takes any success where 204 is the only one, or none is typed.
    let any =
        known.contains(&"2xx") || successes == 0 || (successes == 1 && known.contains(&"204"));
    if any && status != "default" { Additive } else { Breaking }
}

fn status_sentence(wire: Verdict) -> &'static str {
    match wire {
        Breaking => "A released crate takes an answer with this status for a failure.",
        _ => "A released crate takes any success here, and reads this one.",
    }
}
