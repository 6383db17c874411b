//! Differences that no rule has accounted for: another spelling, or an unknown change.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Severity::Text;
use super::located::Located;
use super::positions::{Holds, holds};
use super::recorder::{Comparison, Coverage};
use super::rules::{RESPELLED, TEXT_CHANGED};
use super::site::{Site, Usage};

/// A pair of values that differ; one of them may be missing.
struct Difference<'a> {
    old: Option<Located<'a>>,
    new: Option<Located<'a>>,
}

impl Coverage {
    /// Whether a change accounts for a pointer, for one above it, or for one below it.
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

    /// The nearest object above a pointer whose members a rule has compared.
    fn compared_above<'p>(&'p self, pointer: &'p str) -> Option<&'p str> {
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
    /// Accounts for every remaining difference.
    ///
    /// A rule has compared the members of a visited object by their meaning, so a difference that
    /// remains there is one of spelling. Anywhere else it is a change that no rule knows.
    pub(super) fn leftover(&mut self) {
        let mut found = Vec::new();
        differences(Located::root(self.old), Located::root(self.new), &mut found);
        let mut respelled = BTreeSet::new();
        for Difference { old, new } in found {
            let covered = |seen: &Coverage, node: &Option<Located<'a>>| {
                node.as_ref().is_some_and(|node| seen.covers(node.at.as_str()))
            };
            if covered(&self.old_coverage, &old) || covered(&self.new_coverage, &new) {
                continue;
            }
            let through = match (&old, &new) {
                (_, Some(new)) => self.new_coverage.compared_above(new.at.as_str()),
                (Some(old), None) => self.old_coverage.compared_above(old.at.as_str()),
                (None, None) => None,
            };
            match through {
                Some(_) if is_text(&old, &new) => {
                    let site = Site::of(old.as_ref(), new.as_ref());
                    let sentence = "Only the documentation reads differently.";
                    self.plain(&Usage::default(), site, &TEXT_CHANGED, Text, sentence);
                }
                Some(object) => {
                    if respelled.insert(object.to_owned()) {
                        let site = Site::of(old.as_ref(), new.as_ref());
                        let sentence = "Nothing changes: it means the same in other words.";
                        self.plain(&Usage::default(), site, &RESPELLED, Text, sentence);
                    }
                }
                None => self.unknown(old.as_ref(), new.as_ref(), &Usage::default()),
            }
        }
    }
}

/// Whether two values are texts for people that differ.
fn is_text(old: &Option<Located<'_>>, new: &Option<Located<'_>>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return false };
    let mut keys = new.at.as_str().rsplit('/');
    let key = keys.next().unwrap_or_default();
    let is_name = keys.next().is_some_and(|parent| holds(parent) == Holds::Named);
    let strings = old.value.is_string() && new.value.is_string();
    strings && matches!(key, "title" | "summary" | "description") && !is_name
}

/// Collects the values that differ, each as deep as both sides have it.
fn differences<'a>(old: Located<'a>, new: Located<'a>, into: &mut Vec<Difference<'a>>) {
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
