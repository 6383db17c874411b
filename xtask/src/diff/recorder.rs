//! The state of a comparison: what it found, and what it has looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::endpoint::MatchedEndpoints;
use super::located::{Located, component_of, same};
use super::reach::{Reach, Sides};
use super::rules::{CLIENT_HEADER_CHANGED, UNKNOWN_KEYWORD_CHANGED};
use super::site::{Judgement, Member, Site, Usage};
use super::text::lower_first;
use super::{Change, ChangeRule, Severity, Subject, Terms};
use openapi_lowering::problem::Place;

/// The most schemas that are compared. References that lead to different names on the two sides
/// are followed, and a hostile document can make very many of these ways.
const MAX_STEPS: usize = 200_000;

/// The deepest nesting of references and schemas that is followed.
const MAX_DEPTH: usize = 96;

/// The pointers of a pair of references, the member they belong to, and whether it is optional.
type Way = (String, String, Option<Rc<str>>, bool);

/// What is known before any rule runs.
pub(super) struct Ground<'a> {
    pub(super) endpoints: MatchedEndpoints<'a>,
    pub(super) old_reach: Reach,
    pub(super) new_reach: Reach,
    /// Renamed component schemas, from the old name to the new one.
    pub(super) renames: BTreeMap<String, String>,
    pub(super) terms: Terms<'a>,
}

/// A comparison under way.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Value,
    pub(super) new: &'a Value,
    pub(super) ground: Rc<Ground<'a>>,
    changes: Vec<Change>,
    pub(super) old_coverage: Coverage,
    pub(super) new_coverage: Coverage,
    /// Pairs of pointers whose references were followed, with the operations they were met by.
    followed: BTreeMap<Way, Vec<Rc<Sides>>>,
    steps: usize,
    depth: usize,
}

/// What was looked at in one of the descriptions.
#[derive(Default)]
pub(super) struct Coverage {
    /// Pointers that a change accounts for, with everything below them.
    pub(super) claimed: BTreeSet<String>,
    /// Objects whose members a rule has compared one by one.
    pub(super) visited: BTreeSet<String>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Value, new: &'a Value, ground: Ground<'a>) -> Self {
        Self {
            old,
            new,
            ground: Rc::new(ground),
            changes: Vec::new(),
            old_coverage: Coverage::default(),
            new_coverage: Coverage::default(),
            followed: BTreeMap::new(),
            steps: 0,
            depth: 0,
        }
    }

    /// How a component is used. What the released crate does with it follows from the old
    /// description; the new one counts only if no operation of the old one reaches it.
    pub(super) fn component_usage(&self, old: Option<&Place>, new: Option<&Place>) -> Usage {
        let old = old.and_then(|at| self.ground.old_reach.get(at.as_str()));
        let new = new.and_then(|at| self.ground.new_reach.get(at.as_str()));
        let sides = old.filter(|sides| !sides.is_empty()).or(new).cloned().unwrap_or_default();
        Usage { sides: Rc::new(sides), ..Usage::default() }
    }

    /// The members that differ between two objects. Notes that both were compared.
    pub(super) fn members(
        &mut self,
        old: &Located<'a>,
        new: &Located<'a>,
        usage: &Usage,
    ) -> Vec<Member<'a>> {
        self.visit(old, new);
        let (Value::Object(a), Value::Object(b)) = (old.value, new.value) else {
            if !same(old.value, new.value) {
                self.unknown(Some(old), Some(new), usage);
            }
            return Vec::new();
        };
        let keys: BTreeSet<&str> = a.keys().chain(b.keys()).map(String::as_str).collect();
        let differ = |key: &&str| match (a.get(*key), b.get(*key)) {
            (Some(a), Some(b)) => !same(a, b),
            (a, b) => a.is_some() != b.is_some(),
        };
        let keys = keys.into_iter().filter(differ);
        keys.map(|key| Member { key, old: old.get(key), new: new.get(key) }).collect()
    }

    pub(super) fn visit(&mut self, old: &Located<'_>, new: &Located<'_>) {
        self.old_coverage.visited.insert(old.at.to_string());
        self.new_coverage.visited.insert(new.at.to_string());
    }

    /// Notes that a change accounts for these parts.
    pub(super) fn claim(&mut self, old: Option<&Located<'_>>, new: Option<&Located<'_>>) {
        self.old_coverage.claimed.extend(old.map(|part| part.at.to_string()));
        self.new_coverage.claimed.extend(new.map(|part| part.at.to_string()));
    }

    /// Whether the references at two pointers have not been followed yet for this usage. This ends
    /// cycles, and compares once what many references lead to.
    pub(super) fn is_first_way(&mut self, old: &Place, new: &Place, usage: &Usage) -> bool {
        let member = usage.member.clone();
        let key = (old.to_string(), new.to_string(), member, usage.optional);
        let known = self.followed.entry(key).or_default();
        let first = known.iter().all(|sides| *sides != usage.sides);
        if first {
            known.push(Rc::clone(&usage.sides));
        }
        first
    }

    /// Takes a step into a schema; false if that would be one step too many.
    pub(super) fn enter(&mut self, old: &Located<'a>, new: &Located<'a>, usage: &Usage) -> bool {
        if self.steps >= MAX_STEPS || self.depth >= MAX_DEPTH {
            // Nothing is known about the rest, so the worst is assumed.
            self.unknown(Some(old), Some(new), usage);
            return false;
        }
        self.steps += 1;
        self.depth += 1;
        true
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Runs a comparison and returns its changes instead of recording them.
    pub(super) fn apart(&mut self, compare: impl FnOnce(&mut Self)) -> Vec<Change> {
        let outer = std::mem::take(&mut self.changes);
        compare(self);
        std::mem::replace(&mut self.changes, outer)
    }

    /// Records a change that no rule knows. Its effect is unknown, so the worst is assumed.
    pub(super) fn unknown(
        &mut self,
        old: Option<&Located<'_>>,
        new: Option<&Located<'_>>,
        usage: &Usage,
    ) {
        let consequence = "The comparison does not know this change: review it by hand.";
        let operations = usage.sides.all();
        let judgement =
            Judgement(&UNKNOWN_KEYWORD_CHANGED, Severity::Breaking, consequence.to_owned());
        self.record(usage, Site::of(old, new), judgement, operations);
    }

    /// Records a change that has the same severity in every direction.
    pub(super) fn plain(
        &mut self,
        usage: &Usage,
        site: Site,
        rule: &'static ChangeRule,
        wire: Severity,
        consequence: impl Into<String>,
    ) {
        let operations = usage.sides.all();
        self.record(usage, site, Judgement(rule, wire, consequence.into()), operations);
    }

    /// Records a change whose severity depends on the direction: the worse one counts.
    pub(super) fn sided(
        &mut self,
        usage: &Usage,
        site: Site,
        request: Judgement,
        response: Judgement,
    ) {
        let sides = Rc::clone(&usage.sides);
        let (sent, read) = (!sides.requests.is_empty(), !sides.responses.is_empty());
        let (judgement, operations) = if sent && (!read || request.1 >= response.1) {
            let both = read && request.1 == response.1;
            let read = sides.responses.iter().filter(|_| both);
            let operations = sides.requests.iter().chain(read).cloned().collect();
            let Judgement(rule, wire, mut sentence) = request;
            if both && sentence != response.2 {
                let (sent, read) = (lower_first(&sentence), lower_first(&response.2));
                sentence = format!("In requests, {sent} In responses, {read}");
            }
            (Judgement(rule, wire, sentence), operations)
        } else if read {
            (response, sides.responses.clone())
        } else if !sides.undecoded.is_empty() {
            // One function reads all error responses, and nothing decodes headers.
            let Judgement(rule, wire, consequence) = response;
            let judgement = match wire {
                Severity::Breaking => {
                    let consequence = "No call fails, because no generated code decodes this part \
                                       of a response; code that reads it by hand may notice.";
                    Judgement(rule, Severity::Additive, consequence.to_owned())
                }
                _ => Judgement(rule, wire, consequence),
            };
            (judgement, sides.undecoded.clone())
        } else {
            let consequence = "No operation reaches it, so no call is affected.".to_owned();
            (Judgement(response.0, Severity::Text, consequence), BTreeSet::new())
        };
        self.record(usage, site, judgement, operations);
    }

    pub(super) fn record(
        &mut self,
        usage: &Usage,
        site: Site,
        judgement: Judgement,
        operations: BTreeSet<String>,
    ) {
        let Judgement(rule, wire, consequence) = match judgement {
            Judgement(rule, Severity::Breaking | Severity::Additive, _)
                if usage.by_client && rule != &UNKNOWN_KEYWORD_CHANGED =>
            {
                let consequence = "The client writes it itself: callers notice nothing.";
                Judgement(&CLIENT_HEADER_CHANGED, Severity::Text, consequence.to_owned())
            }
            judgement => judgement,
        };
        let Site { old, new, from, to, note } = site;
        self.old_coverage.claimed.extend(old.as_ref().map(Place::to_string));
        self.new_coverage.claimed.extend(new.as_ref().map(Place::to_string));
        let pointer = new.or(old).unwrap_or_else(Place::root).to_string();
        let component = component_of(&pointer);
        let operation = usage.operation.as_deref().filter(|_| pointer.starts_with("/paths/"));
        self.changes.push(Change {
            rule,
            operations: operations.into_iter().collect(),
            old: from,
            new: to,
            note,
            wire,
            consequence,
            subject: Subject {
                component,
                member: usage.member.as_deref().map(str::to_owned),
                operation: operation.map(str::to_owned),
            },
            pointer,
        });
    }

    /// Returns the changes, sorted. A change that several usages meet is one change with all of
    /// their operations.
    pub(super) fn finish(self) -> Vec<Change> {
        let mut merged: BTreeMap<_, Change> = BTreeMap::new();
        for change in self.changes {
            let key = (
                change.pointer.clone(),
                change.rule.id,
                change.old.clone(),
                change.new.clone(),
                change.subject.member.clone(),
            );
            let Some(known) = merged.get_mut(&key) else {
                merged.insert(key, change);
                continue;
            };
            known.operations.extend(change.operations);
            known.operations.sort();
            known.operations.dedup();
            if change.wire > known.wire {
                known.wire = change.wire;
                known.consequence = change.consequence;
            }
            // The change no longer belongs to a single operation.
            if known.subject.operation != change.subject.operation {
                known.subject.operation = None;
            }
        }
        merged.into_values().collect()
    }
}
