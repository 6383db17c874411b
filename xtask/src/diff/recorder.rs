//! The state of a comparison: what was found, and what was looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::operation::Operations;
use super::reach::{self, Node, Reach, Sides};
use super::rules::UNKNOWN_KEYWORD_CHANGED;
use super::{Change, Rule, Subject, Verdict};
use openapi_lowering::problem::Place;

/// How many characters of a value are shown.
const MOST_SHOWN: usize = 80;

/// How many schemas are compared at the most. References that lead to other names on the two
/// sides are followed, and a hostile document can make these ways many.
const MOST_STEPS: usize = 200_000;

/// How deep references and schemas may be nested while they are followed.
const MOST_DEPTH: usize = 96;

/// Two places, the member that they are of, and whether it may be absent.
type Way = (String, String, Option<Rc<str>>, bool);

/// A comparison under way.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Value,
    pub(super) new: &'a Value,
    pub(super) operations: Rc<Operations<'a>>,
    old_reach: Reach,
    new_reach: Reach,
    /// Renamed component schemas, from the old name to the new one.
    pub(super) renames: BTreeMap<String, String>,
    changes: Vec<Change>,
    pub(super) seen_old: Seen,
    pub(super) seen_new: Seen,
    /// Pairs of places whose references were followed, with what they were met by.
    followed: BTreeMap<Way, Vec<Rc<Sides>>>,
    steps: usize,
    depth: usize,
}

/// What was looked at in one of the descriptions.
#[derive(Default)]
pub(super) struct Seen {
    /// Places that a change accounts for, with all below.
    pub(super) claimed: BTreeSet<String>,
    /// Objects that a rule has gone through member by member.
    pub(super) visited: BTreeSet<String>,
}

/// Where a place is met.
#[derive(Clone, Default)]
pub(super) struct Context {
    pub(super) sides: Rc<Sides>,
    pub(super) operation: Option<Rc<str>>,
    pub(super) member: Option<Rc<str>>,
    /// The key of the value may be absent, so that the released crate has an `Option` for it.
    pub(super) optional: bool,
}

impl Context {
    /// The same for a property, parameter or value of that name.
    pub(super) fn member(&self, name: &str) -> Self {
        Self { member: Some(name.into()), optional: false, ..self.clone() }
    }

    /// The same for a value that must be there.
    pub(super) fn below(&self) -> Self {
        Self { optional: false, ..self.clone() }
    }
}

/// The places and values of a change.
#[derive(Clone, Default)]
pub(super) struct Spot {
    old: Option<Place>,
    new: Option<Place>,
    from: Option<String>,
    to: Option<String>,
}

impl Spot {
    /// The place of a member on either side, with its values.
    pub(super) fn of(old: Option<&Node<'_>>, new: Option<&Node<'_>>) -> Self {
        Self {
            old: old.map(|node| node.at.clone()),
            new: new.map(|node| node.at.clone()),
            from: old.map(|node| rendered(node.value)),
            to: new.map(|node| rendered(node.value)),
        }
    }

    pub(super) fn at(old: &Place, new: &Place) -> Self {
        Self { old: Some(old.clone()), new: Some(new.clone()), ..Self::default() }
    }

    pub(super) fn gone(old: &Place) -> Self {
        Self { old: Some(old.clone()), ..Self::default() }
    }

    pub(super) fn come(new: &Place) -> Self {
        Self { new: Some(new.clone()), ..Self::default() }
    }

    pub(super) fn values(mut self, from: Option<&Value>, to: Option<&Value>) -> Self {
        self.from = from.map(rendered);
        self.to = to.map(rendered);
        self
    }

    pub(super) fn texts(mut self, from: Option<String>, to: Option<String>) -> Self {
        self.from = from.map(|text| cut(&text));
        self.to = to.map(|text| cut(&text));
        self
    }
}

/// What a change is for one side of the wire.
pub(super) struct Judged(pub(super) &'static Rule, pub(super) Verdict, pub(super) String);

/// A member that differs between two objects.
pub(super) struct Member<'a> {
    pub(super) key: &'a str,
    pub(super) old: Option<Node<'a>>,
    pub(super) new: Option<Node<'a>>,
}

impl<'a> Member<'a> {
    pub(super) fn spot(&self) -> Spot {
        Spot::of(self.old.as_ref(), self.new.as_ref())
    }

    /// Whether the value is of a kind, wherever it is there.
    pub(super) fn is(&self, kind: fn(&Value) -> bool) -> bool {
        [&self.old, &self.new].into_iter().flatten().all(|node| kind(node.value))
    }

    /// Both sides, where both have it.
    pub(super) fn both(&self) -> Option<(&Node<'a>, &Node<'a>)> {
        Some((self.old.as_ref()?, self.new.as_ref()?))
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Value, new: &'a Value) -> Self {
        let operations = Rc::new(Operations::new(old, new));
        let old_reach = reach::reach(old, &|path, method, _| operations.old_id(path, method));
        let new_reach = reach::reach(new, &|path, method, _| operations.new_id(path, method));
        Self {
            old,
            new,
            operations,
            old_reach,
            new_reach,
            renames: super::rename::renames(old, new),
            changes: Vec::new(),
            seen_old: Seen::default(),
            seen_new: Seen::default(),
            followed: BTreeMap::new(),
            steps: 0,
            depth: 0,
        }
    }

    /// Where a component is met. What the released crate does with it is a matter of the old
    /// description; only what that does not reach is looked up in the new one.
    pub(super) fn component_context(&self, old: Option<&Place>, new: Option<&Place>) -> Context {
        let old = old.and_then(|at| self.old_reach.get(at.as_str()));
        let new = new.and_then(|at| self.new_reach.get(at.as_str()));
        let sides = old.filter(|sides| !sides.is_empty()).or(new).cloned().unwrap_or_default();
        Context { sides: Rc::new(sides), ..Context::default() }
    }

    /// The members that differ between two objects, and notes that both were gone through.
    pub(super) fn members(
        &mut self,
        old: &Node<'a>,
        new: &Node<'a>,
        context: &Context,
    ) -> Vec<Member<'a>> {
        self.visit(old, new);
        let (Value::Object(a), Value::Object(b)) = (old.value, new.value) else {
            if !same(old.value, new.value) {
                self.unknown(Some(old), Some(new), context);
            }
            return Vec::new();
        };
        let keys: BTreeSet<&str> = a.keys().chain(b.keys()).map(String::as_str).collect();
        let keys = keys.into_iter().filter(|key| a.get(*key) != b.get(*key));
        keys.map(|key| Member { key, old: old.get(key), new: new.get(key) }).collect()
    }

    pub(super) fn visit(&mut self, old: &Node<'_>, new: &Node<'_>) {
        self.seen_old.visited.insert(old.at.to_string());
        self.seen_new.visited.insert(new.at.to_string());
    }

    /// Notes that a change accounts for these places.
    pub(super) fn claim(&mut self, old: Option<&Node<'_>>, new: Option<&Node<'_>>) {
        self.seen_old.claimed.extend(old.map(|node| node.at.to_string()));
        self.seen_new.claimed.extend(new.map(|node| node.at.to_string()));
    }

    /// Whether the references at two places are yet to be followed for what meets them. Cycles
    /// end by it, and what many references lead to is compared once.
    pub(super) fn is_first_way(&mut self, old: &Place, new: &Place, context: &Context) -> bool {
        let member = context.member.clone();
        let key = (old.to_string(), new.to_string(), member, context.optional);
        let known = self.followed.entry(key).or_default();
        let first = known.iter().all(|sides| *sides != context.sides);
        if first {
            known.push(Rc::clone(&context.sides));
        }
        first
    }

    /// Takes a step into a schema; false when it is one too many.
    pub(super) fn enter(&mut self, old: &Node<'a>, new: &Node<'a>, context: &Context) -> bool {
        if self.steps >= MOST_STEPS || self.depth >= MOST_DEPTH {
            // Nothing is known of what lies below, so it counts as the worst.
            self.unknown(Some(old), Some(new), context);
            return false;
        }
        self.steps += 1;
        self.depth += 1;
        true
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// A change that no rule knows. Nothing is known of what it does, so it counts as the worst.
    pub(super) fn unknown(
        &mut self,
        old: Option<&Node<'_>>,
        new: Option<&Node<'_>>,
        context: &Context,
    ) {
        let consequence = "Nothing is known of what this does: it must be looked at by hand.";
        let operations = context.sides.all();
        let judged = Judged(&UNKNOWN_KEYWORD_CHANGED, Verdict::Breaking, consequence.to_owned());
        self.record(context, Spot::of(old, new), judged, operations);
    }

    /// Records a member that differs under a rule that weighs the same everywhere.
    pub(super) fn plain(
        &mut self,
        context: &Context,
        spot: Spot,
        rule: &'static Rule,
        wire: Verdict,
        consequence: impl Into<String>,
    ) {
        let operations = context.sides.all();
        self.record(context, spot, Judged(rule, wire, consequence.into()), operations);
    }

    /// Records a change that weighs differently in requests and in answers: the worse counts.
    pub(super) fn sided(
        &mut self,
        context: &Context,
        spot: Spot,
        request: Judged,
        response: Judged,
    ) {
        let sides = Rc::clone(&context.sides);
        let (sent, read) = (!sides.sent.is_empty(), !sides.read.is_empty());
        let (judged, operations) = if sent && (!read || request.1 >= response.1) {
            let both = read && request.1 == response.1;
            let read = sides.read.iter().filter(|_| both);
            let operations = sides.sent.iter().chain(read).cloned().collect();
            let Judged(rule, wire, mut sentence) = request;
            if both && sentence != response.2 {
                let (sent, read) = (within(&sentence), within(&response.2));
                sentence = format!("In requests, {sent} In answers, {read}");
            }
            (Judged(rule, wire, sentence), operations)
        } else if read {
            (response, sides.read.clone())
        } else if !sides.aside.is_empty() {
            // One function reads all failures, and nothing decodes headers: no call fails by it.
            let Judged(rule, wire, consequence) = response;
            let judged = match wire {
                Verdict::Breaking => {
                    let consequence = "No call fails by it, since nothing generated decodes this \
                                       part of an answer; code that reads it by hand may notice.";
                    Judged(rule, Verdict::Additive, consequence.to_owned())
                }
                _ => Judged(rule, wire, consequence),
            };
            (judged, sides.aside.clone())
        } else {
            let consequence = "No operation reaches it, so no call can notice.".to_owned();
            (Judged(response.0, Verdict::Text, consequence), BTreeSet::new())
        };
        self.record(context, spot, judged, operations);
    }

    pub(super) fn record(
        &mut self,
        context: &Context,
        spot: Spot,
        Judged(rule, wire, consequence): Judged,
        operations: BTreeSet<String>,
    ) {
        let Spot { old, new, from, to } = spot;
        self.seen_old.claimed.extend(old.as_ref().map(Place::to_string));
        self.seen_new.claimed.extend(new.as_ref().map(Place::to_string));
        let pointer = new.or(old).unwrap_or_else(Place::root).to_string();
        let component = component_of(&pointer);
        let operation = context.operation.as_deref().filter(|_| pointer.starts_with("/paths/"));
        self.changes.push(Change {
            rule,
            operations: operations.into_iter().collect(),
            old: from,
            new: to,
            wire,
            consequence,
            subject: Subject {
                component,
                member: context.member.as_deref().map(str::to_owned),
                operation: operation.map(str::to_owned),
            },
            pointer,
        });
    }

    pub(super) fn is_silent(&self) -> bool {
        self.changes.is_empty()
    }

    /// What was found, sorted. What several places meet is one change, with all operations.
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
            // It belongs to no single operation any more.
            if known.subject.operation != change.subject.operation {
                known.subject.operation = None;
            }
        }
        merged.into_values().collect()
    }
}

/// The component schema that a place is in.
fn component_of(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?.split('/').next()?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

/// Whether two values are the same; 1000 and 1000.0 are one number.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        // As floating point, neighbouring large whole numbers would be the same.
        (Value::Number(x), Value::Number(y)) => {
            x == y || ((x.is_f64() || y.is_f64()) && x.as_f64() == y.as_f64())
        }
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(key, x)| y.get(key).is_some_and(|y| same(x, y)))
        }
        _ => a == b,
    }
}

pub(super) fn rendered(value: &Value) -> String {
    match value {
        Value::String(text) => {
            cut(&Value::from(text.chars().take(2 * MOST_SHOWN).collect::<String>()).to_string())
        }
        _ => cut(&value.to_string()),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A sentence as the second half of another.
fn within(sentence: &str) -> String {
    match sentence.split_at_checked(1) {
        Some((first, rest)) => format!("{}{rest}", first.to_lowercase()),
        None => sentence.to_owned(),
    }
}
