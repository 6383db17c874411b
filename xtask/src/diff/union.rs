//! The rules for unions and sums.

use super::Verdict::{Additive, Breaking, Text};
use super::normal::{Union, normal};
use super::reach::{Node, follow};
use super::recorder::{Comparison, Context, Judged, Member, Spot, same};
use super::rename::shape;
use super::rules::*;
use super::schema::Sight;

/// Parts of both sides that belong together, and those that have no partner.
struct Matched<'a> {
    pairs: Vec<(Node<'a>, Node<'a>)>,
    gone: Vec<Node<'a>>,
    come: Vec<Node<'a>>,
}

impl<'a> Comparison<'a> {
    pub(super) fn unions(&mut self, sight: &Sight<'a>, context: &Context) {
        match (&sight.a.union, &sight.b.union) {
            (None, None) => {}
            (Some(old), Some(new)) => self.arms(old, new, context),
            (Some(old), None) => {
                let spot = Spot::at(&old.at, &sight.new.at).texts(Some(said(old)), None);
                self.one_sided_union(sight, spot, context);
            }
            (None, Some(new)) => {
                let spot = Spot::at(&sight.old.at, &new.at).texts(None, Some(said(new)));
                self.one_sided_union(sight, spot, context);
            }
        }
    }

    /// What was one schema is a union, or the other way round. The schema may be one of its arms.
    fn one_sided_union(&mut self, sight: &Sight<'a>, spot: Spot, context: &Context) {
        let added = sight.b.union.is_some();
        let (plain, union) =
            if added { (&sight.old, &sight.b.union) } else { (&sight.new, &sight.a.union) };
        let mine = self.full_shape(plain, !added);
        let arms = union.iter().flat_map(|union| &union.arms);
        let is_arm = arms.into_iter().any(|arm| same(&self.full_shape(arm, added), &mine));
        let judged = match (added, is_arm) {
            // All that was allowed still is.
            (true, true) => (Additive, Breaking),
            // The released crate reads what is left.
            (false, true) => (Breaking, Additive),
            _ => (Breaking, Breaking),
        };
        let (request, response) = if added {
            (&REQUEST_UNION_ARM_ADDED, &RESPONSE_UNION_ARM_ADDED)
        } else {
            (&REQUEST_UNION_ARM_REMOVED, &RESPONSE_UNION_ARM_REMOVED)
        };
        let request_says = match judged.0 {
            Additive => "Values of other kinds may be sent as well.",
            _ => "Calls that send a value of a kind which is gone are refused.",
        };
        let response_says = match judged.1 {
            Additive => "Fewer kinds of values come; those that do are read as before.",
            _ => "A released crate fails to read a value of a kind that it does not know.",
        };
        self.sided(
            context,
            spot,
            Judged(request, judged.0, request_says.to_owned()),
            Judged(response, judged.1, response_says.to_owned()),
        );
    }

    fn arms(&mut self, old: &Union<'a>, new: &Union<'a>, context: &Context) {
        if old.kind != new.kind {
            // The first arm that fits is read either way.
            let sentence = "Nothing changes: the first arm that fits is read either way.";
            let spot =
                Spot::at(&old.at, &new.at).values(Some(&old.kind.into()), Some(&new.kind.into()));
            self.plain(context, spot, &UNION_KIND_CHANGED, Text, sentence);
        }
        let matched = self.matched(&old.arms, &new.arms);
        let place = |list: &[Node<'a>], arm: &Node<'a>| list.iter().position(|a| a.at == arm.at);
        let mut order: Vec<_> = matched.pairs.iter().collect();
        order.sort_by_key(|(arm, _)| place(&old.arms, arm));
        if !order.is_sorted_by_key(|(_, arm)| place(&new.arms, arm)) {
            // Values that come are the same; the released crate tries its arms in the old order.
            let sentence = "Nothing changes for a released crate; one made from this description \
                            tries the arms in another order.";
            let spot = Spot::at(&old.at, &new.at);
            self.plain(context, spot, &UNION_ORDER_CHANGED, Text, sentence);
        }
        for (old, new) in &matched.pairs {
            self.schema(old, new, &context.below());
        }
        for arm in &matched.gone {
            self.sided(
                context,
                Spot::of(Some(arm), None),
                Judged(
                    &REQUEST_UNION_ARM_REMOVED,
                    Breaking,
                    "Calls that send a value of the kind which is gone are refused.".to_owned(),
                ),
                // Nothing that comes is new to the released crate.
                Judged(
                    &RESPONSE_UNION_ARM_REMOVED,
                    Additive,
                    "Values of this kind never come any more.".to_owned(),
                ),
            );
        }
        for arm in &matched.come {
            self.sided(
                context,
                Spot::of(None, Some(arm)),
                Judged(
                    &REQUEST_UNION_ARM_ADDED,
                    Additive,
                    "Values of one more kind may be sent.".to_owned(),
                ),
                // A union has no arm for what it does not know, unlike an enum of texts.
                Judged(
                    &RESPONSE_UNION_ARM_ADDED,
                    Breaking,
                    "A released crate fails to read a value of the new kind.".to_owned(),
                ),
            );
        }
    }

    /// An `anyOf` beside a `oneOf`, and other unions that are not in normal form.
    pub(super) fn second_union(&mut self, member: &Member<'a>, context: &Context) {
        let arms = |node: &Node<'a>| node.value.is_array().then(|| node.elements());
        let (Some(old), Some(new)) = (
            member.old.as_ref().map_or_else(|| Some(Vec::new()), arms),
            member.new.as_ref().map_or_else(|| Some(Vec::new()), arms),
        ) else {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), context);
        };
        if old.is_empty() || new.is_empty() {
            return self.condition(member, context);
        }
        let at = |node: &Option<Node<'a>>, list: &[Node<'a>]| {
            node.as_ref().map_or_else(|| list[0].at.clone(), |node| node.at.clone())
        };
        let old = Union { kind: member.key, at: at(&member.old, &old), arms: old };
        let new = Union { kind: member.key, at: at(&member.new, &new), arms: new };
        self.arms(&old, &new, context);
    }

    pub(super) fn sums(&mut self, sight: &Sight<'a>, context: &Context) {
        let parts =
            |sum: &Option<Union<'a>>| sum.as_ref().map(|sum| sum.arms.clone()).unwrap_or_default();
        let matched = self.matched(&parts(&sight.a.sum), &parts(&sight.b.sum));
        for (old, new) in &matched.pairs {
            self.schema(old, new, &context.below());
        }
        for part in &matched.gone {
            // What the part required need not come; what it only allowed was read as none.
            let (wire, sentence) = if self.requires(part) {
                (
                    Breaking,
                    "A released crate fails to read answers which lack what the part \
                            required.",
                )
            } else {
                (Additive, "What the part held reads as none from now on.")
            };
            self.sided(
                context,
                Spot::of(Some(part), None),
                // The keys of the part are not known any more, and the server refuses such.
                Judged(
                    &REQUEST_PART_REMOVED,
                    Breaking,
                    "Calls that send keys of the part which is gone are refused.".to_owned(),
                ),
                Judged(&RESPONSE_PART_REMOVED, wire, sentence.to_owned()),
            );
        }
        for part in &matched.come {
            self.sided(
                context,
                Spot::of(None, Some(part)),
                Judged(
                    &REQUEST_PART_ADDED,
                    Breaking,
                    "Calls that lack what the new part requires are refused.".to_owned(),
                ),
                // More keys come, which are skipped.
                Judged(
                    &RESPONSE_PART_ADDED,
                    Additive,
                    "Answers hold more keys, which a released crate skips.".to_owned(),
                ),
            );
        }
    }

    /// Finds which parts of two lists belong together.
    fn matched(&mut self, old: &[Node<'a>], new: &[Node<'a>]) -> Matched<'a> {
        let mut gone: Vec<_> = old.to_vec();
        let mut come: Vec<_> = new.to_vec();
        let mut pairs = Vec::new();
        // From the surest sign to the least: the same name, the same shape (also behind a
        // reference), the same constant, the same type, nothing else left.
        for sign in 0..5 {
            let mut index = 0;
            while index < gone.len() {
                let found = come.iter().position(|new| {
                    self.belong(&gone[index], new, sign, gone.len() == 1 && come.len() == 1)
                });
                match found {
                    Some(at) => pairs.push((gone.remove(index), come.remove(at))),
                    None => index += 1,
                }
            }
        }
        Matched { pairs, gone, come }
    }

    fn belong(&self, old: &Node<'a>, new: &Node<'a>, sign: usize, last: bool) -> bool {
        match sign {
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
            // Two names stand for two things, where both are known on both sides.
            _ => {
                last && match (old.text("$ref"), new.text("$ref")) {
                    (Some(a), Some(_)) => !self.knows(a),
                    _ => true,
                }
            }
        }
    }

    fn full_shape(&self, node: &Node<'a>, old: bool) -> serde_json::Value {
        let document = if old { self.old } else { self.new };
        follow(document, node).map_or_else(|| node.value.clone(), |node| shape(&node, 0))
    }

    /// Whether a part of the old description requires anything, as far as it says so itself.
    fn requires(&self, part: &Node<'a>) -> bool {
        let Some(part) = follow(self.old, part) else { return true };
        let part = normal(&part);
        let composed = part.sum.is_some() || part.union.is_some() || part.reference.is_some();
        composed || part.keywords.contains_key("required")
    }

    /// The constants by which an arm is told from others.
    fn constants(&self, node: &Node<'a>, old: bool) -> Vec<(&'a str, String)> {
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

/// A union in one line.
fn said(union: &Union<'_>) -> String {
    format!("{} of {}", union.kind, union.arms.len())
}
