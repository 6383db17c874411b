//! What no rule has accounted for: another spelling, or something that nobody looked at.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Verdict::Text;
use super::reach::Node;
use super::recorder::{Comparison, Context, Seen, Spot};
use super::rules::RESPELLED;

/// A place that differs, on either side.
struct Difference<'a> {
    old: Option<Node<'a>>,
    new: Option<Node<'a>>,
}

impl Seen {
    /// Whether a change accounts for a place: for itself, for what it is in, or for a part of it.
    fn covers(&self, pointer: &str) -> bool {
        let mut above = pointer;
        loop {
            if self.claimed.contains(above) {
                return true;
            }
            match above.rfind('/') {
                Some(end) => above = &above[..end],
                None => break,
            }
        }
        let below = format!("{pointer}/");
        self.claimed.range(below.clone()..).next().is_some_and(|next| next.starts_with(&below))
    }

    /// The nearest object above a place that a rule has gone through.
    fn gone_through<'p>(&'p self, pointer: &'p str) -> Option<&'p str> {
        let mut above = pointer;
        loop {
            if self.visited.contains(above) {
                return Some(above);
            }
            above = match above.rfind('/')? {
                0 => return self.visited.get("#").map(String::as_str),
                end => &above[..end],
            };
        }
    }
}

impl<'a> Comparison<'a> {
    /// Accounts for every difference that has not been accounted for.
    ///
    /// An object that a rule has gone through has been compared by what it means, member by
    /// member: what differs in it all the same is its spelling. Anything else is a place that no
    /// rule came to.
    pub(super) fn leftover(&mut self) {
        let mut found = Vec::new();
        differences(Node::root(self.old), Node::root(self.new), &mut found);
        let mut respelled = BTreeSet::new();
        for Difference { old, new } in found {
            let covered = |seen: &Seen, node: &Option<Node<'a>>| {
                node.as_ref().is_some_and(|node| seen.covers(node.at.as_str()))
            };
            if covered(&self.seen_old, &old) || covered(&self.seen_new, &new) {
                continue;
            }
            let through = match (&old, &new) {
                (_, Some(new)) => self.seen_new.gone_through(new.at.as_str()),
                (Some(old), None) => self.seen_old.gone_through(old.at.as_str()),
                (None, None) => None,
            };
            match through {
                Some(place) => {
                    if respelled.insert(place.to_owned()) {
                        let spot = Spot::of(old.as_ref(), new.as_ref());
                        let sentence = "Nothing changes: it says the same in other words.";
                        self.plain(&Context::default(), spot, &RESPELLED, Text, sentence);
                    }
                }
                None => self.unknown(old.as_ref(), new.as_ref(), &Context::default()),
            }
        }
    }
}

/// Collects the places that differ, each as deep as both sides have it.
fn differences<'a>(old: Node<'a>, new: Node<'a>, into: &mut Vec<Difference<'a>>) {
    match (old.value, new.value) {
        (a, b) if a == b => {}
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<&str> = a.keys().chain(b.keys()).map(String::as_str).collect();
            for key in keys {
                match (old.get(key), new.get(key)) {
                    (Some(old), Some(new)) => differences(old, new, into),
                    (old, new) => into.push(Difference { old, new }),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (old, new) in old.elements().into_iter().zip(new.elements()) {
                differences(old, new, into);
            }
        }
        _ => into.push(Difference { old: Some(old), new: Some(new) }),
    }
}
