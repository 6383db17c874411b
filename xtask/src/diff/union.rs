//! The rules for unions (`anyOf`, `oneOf`) and for `allOf`.

use serde_json::Value;

use super::Severity::{Additive, Breaking, Text};
use super::located::{Located, follow, same};
use super::normal::{Union, normal};
use super::recorder::Comparison;
use super::rename::shape;
use super::rules::*;
use super::schema::SchemaPair;
use super::site::{Judgement, Member, Site, Usage};

/// Parts of both sides that match, and those without a partner.
struct Matched<'a> {
    pairs: Vec<(Located<'a>, Located<'a>)>,
    removed: Vec<Located<'a>>,
    added: Vec<Located<'a>>,
}

impl<'a> Comparison<'a> {
    pub(super) fn unions(&mut self, pair: &SchemaPair<'a>, usage: &Usage) {
        match (&pair.a.union, &pair.b.union) {
            (None, None) => {}
            (Some(old), Some(new)) => self.arms(old, new, usage),
            (Some(old), None) => {
                let site = Site::at(&old.at, &pair.new.at).texts(Some(label(old)), None);
                self.one_sided_union(pair, site, usage);
            }
            (None, Some(new)) => {
                let site = Site::at(&pair.old.at, &new.at).texts(None, Some(label(new)));
                self.one_sided_union(pair, site, usage);
            }
        }
    }

    /// Compares a schema with a union. The schema may be one of its arms.
    fn one_sided_union(&mut self, pair: &SchemaPair<'a>, site: Site, usage: &Usage) {
        let added = pair.b.union.is_some();
        let (plain, union) =
            if added { (&pair.old, &pair.b.union) } else { (&pair.new, &pair.a.union) };
        let mine = self.full_shape(plain, !added);
        let arms = union.iter().flat_map(|union| &union.arms);
        let is_arm = arms.into_iter().any(|arm| same(&self.full_shape(arm, added), &mine));
        let judgement = match (added, is_arm) {
            // Every value that was allowed still is.
            (true, true) => (Additive, Breaking),
            // The released crate reads the remaining values.
            (false, true) => (Breaking, Additive),
            _ => (Breaking, Breaking),
        };
        let (request, response) = if added {
            (&REQUEST_UNION_ARM_ADDED, &RESPONSE_UNION_ARM_ADDED)
        } else {
            (&REQUEST_UNION_ARM_REMOVED, &RESPONSE_UNION_ARM_REMOVED)
        };
        let request_says = match judgement.0 {
            Additive => "Values of other types may be sent as well.",
            _ => "Calls that send a value of a removed type are rejected.",
        };
        let response_says = match judgement.1 {
            Additive => "Fewer types of values come; all are read as before.",
            _ => "A released crate fails to read a value of a type that it does not know.",
        };
        self.sided(
            usage,
            site,
            Judgement(request, judgement.0, request_says.to_owned()),
            Judgement(response, judgement.1, response_says.to_owned()),
        );
    }

    fn arms(&mut self, old: &Union<'a>, new: &Union<'a>, usage: &Usage) {
        if old.kind != new.kind {
            let sentence = "Nothing changes: the crate reads the first arm that matches.";
            let site =
                Site::at(&old.at, &new.at).values(Some(&old.kind.into()), Some(&new.kind.into()));
            self.plain(usage, site, &UNION_KIND_CHANGED, Text, sentence);
        }
        let matched = self.matched(&old.arms, &new.arms);
        let place =
            |list: &[Located<'a>], arm: &Located<'a>| list.iter().position(|a| a.at == arm.at);
        let mut order: Vec<_> = matched.pairs.iter().collect();
        order.sort_by_key(|(arm, _)| place(&old.arms, arm));
        if !order.is_sorted_by_key(|(_, arm)| place(&new.arms, arm)) {
            // The values are the same, and the released crate tries its arms in the old order.
            let sentence = "Nothing changes for a released crate; the next release tries the arms \
                            in another order.";
            let site = Site::at(&old.at, &new.at);
            self.plain(usage, site, &UNION_ORDER_CHANGED, Text, sentence);
        }
        for (old, new) in &matched.pairs {
            self.schema(old, new, &usage.below());
        }
        for arm in &matched.removed {
            self.sided(
                usage,
                self.ground.terms.site(Some(arm), None),
                Judgement(
                    &REQUEST_UNION_ARM_REMOVED,
                    Breaking,
                    "Calls that send a value of this type are rejected.".to_owned(),
                ),
                // The released crate knows every value that still comes.
                Judgement(
                    &RESPONSE_UNION_ARM_REMOVED,
                    Additive,
                    "Values of this type no longer come.".to_owned(),
                ),
            );
        }
        for arm in &matched.added {
            self.sided(
                usage,
                self.ground.terms.site(None, Some(arm)),
                Judgement(
                    &REQUEST_UNION_ARM_ADDED,
                    Additive,
                    "Values of one more type may be sent.".to_owned(),
                ),
                // A union has no arm for unknown values, unlike an enum of strings.
                Judgement(
                    &RESPONSE_UNION_ARM_ADDED,
                    Breaking,
                    "A released crate fails to read a value of the new type.".to_owned(),
                ),
            );
        }
    }

    /// Compares an `anyOf` beside a `oneOf`, and other unions that are not in normal form.
    pub(super) fn second_union(&mut self, member: &Member<'a>, usage: &Usage) {
        if !member.is(Value::is_array) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), usage);
        }
        let Some((old, new)) = member.both() else { return self.condition(member, usage) };
        let union = |node: &Located<'a>| Union {
            kind: member.key,
            at: node.at.clone(),
            arms: node.elements(),
        };
        let (old, new) = (union(old), union(new));
        if old.arms.is_empty() || new.arms.is_empty() {
            return self.condition(member, usage);
        }
        self.arms(&old, &new, usage);
    }

    pub(super) fn sums(&mut self, pair: &SchemaPair<'a>, usage: &Usage) {
        let parts =
            |sum: &Option<Union<'a>>| sum.as_ref().map(|sum| sum.arms.clone()).unwrap_or_default();
        let matched = self.matched(&parts(&pair.a.sum), &parts(&pair.b.sum));
        for (old, new) in &matched.pairs {
            self.schema(old, new, &usage.below());
        }
        for part in &matched.removed {
            // Required keys of the part may now be absent; optional ones read as `None`.
            let (wire, sentence) = if self.requires(part) {
                (
                    Breaking,
                    "A released crate fails to read responses without the keys that it requires.",
                )
            } else {
                (Additive, "Its keys read as `None` from now on.")
            };
            self.sided(
                usage,
                self.ground.terms.site(Some(part), None),
                Judgement(
                    &REQUEST_PART_REMOVED,
                    Breaking,
                    "The server no longer knows its keys, so calls that send them do less."
                        .to_owned(),
                ),
                Judgement(&RESPONSE_PART_REMOVED, wire, sentence.to_owned()),
            );
        }
        for part in &matched.added {
            self.sided(
                usage,
                self.ground.terms.site(None, Some(part)),
                Judgement(
                    &REQUEST_PART_ADDED,
                    Breaking,
                    "Calls without the keys that it requires are rejected.".to_owned(),
                ),
                // Unknown keys are skipped.
                Judgement(
                    &RESPONSE_PART_ADDED,
                    Additive,
                    "Responses have more keys, which a released crate skips.".to_owned(),
                ),
            );
        }
    }

    /// Finds which parts of two lists match.
    fn matched(&mut self, old: &[Located<'a>], new: &[Located<'a>]) -> Matched<'a> {
        let mut removed: Vec<_> = old.to_vec();
        let mut added: Vec<_> = new.to_vec();
        let mut pairs = Vec::new();
        // From the surest match to the least sure one: the same name, the same shape (also behind
        // a reference), the same constant, the same type, the only ones left.
        for certainty in 0..5 {
            let mut index = 0;
            while index < removed.len() {
                let last = removed.len() == 1 && added.len() == 1;
                let found = added
                    .iter()
                    .position(|new| self.is_match(&removed[index], new, certainty, last));
                match found {
                    Some(at) => pairs.push((removed.remove(index), added.remove(at))),
                    None => index += 1,
                }
            }
        }
        Matched { pairs, removed, added }
    }

    fn is_match(&self, old: &Located<'a>, new: &Located<'a>, certainty: usize, last: bool) -> bool {
        match certainty {
            0 => match (old.text("$ref"), new.text("$ref")) {
                (Some(a), Some(b)) => self.is_same_name(a, b),
                _ => old.value == new.value,
            },
            1 => same(&self.full_shape(old, true), &self.full_shape(new, false)),
            2 => {
                let (a, b) = (self.constants(old, true), self.constants(new, false));
                !a.is_empty() && a == b
            }
            3 => {
                let (a, b) = (normal(old), normal(new));
                let scalar = a.types.iter().all(|name| *name != "object");
                a.reference.is_none() && b.reference.is_none() && scalar && a.types == b.types
            }
            // Two components that both sides have are different ones.
            _ => {
                last && match (old.text("$ref"), new.text("$ref")) {
                    (Some(a), Some(_)) => !self.knows(a),
                    _ => true,
                }
            }
        }
    }

    fn full_shape(&self, node: &Located<'a>, old: bool) -> serde_json::Value {
        let document = if old { self.old } else { self.new };
        follow(document, node).map_or_else(|| node.value.clone(), |node| shape(&node, 0))
    }

    /// Whether a part of the old description may require keys.
    fn requires(&self, part: &Located<'a>) -> bool {
        let Some(part) = follow(self.old, part) else { return true };
        let part = normal(&part);
        let composed = part.sum.is_some() || part.union.is_some() || part.reference.is_some();
        composed || part.keywords.contains_key("required")
    }

    /// The constants that tell an arm from the others.
    fn constants(&self, node: &Located<'a>, old: bool) -> Vec<(&'a str, String)> {
        let document = if old { self.old } else { self.new };
        let Some(node) = follow(document, node) else { return Vec::new() };
        let properties = node.get("properties").map(|node| node.members()).unwrap_or_default();
        let constant = properties.into_iter().filter_map(|(name, node)| {
            let values = normal(&node).values?;
            let [only] = values.list.as_slice() else { return None };
            Some((name, only.to_string()))
        });
        constant.collect()
    }
}

/// A union in a few words.
fn label(union: &Union<'_>) -> String {
    format!("{} of {}", union.kind, union.arms.len())
}
