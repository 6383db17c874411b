//! Items, tuples and `contains`.

use serde_json::{Value, json};

use super::Writer;
use super::sketch::{Sketch, is_nothing, negation};
use super::unevaluated::Rest;
use crate::lower::origin;
use crate::lower::rules::RuleId;
use crate::problem::Place;
use crate::schemas::Members;

impl Writer<'_> {
    pub(super) fn arrays(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let (prefix, others) = self.keywords_of_items(source, place);
        let first = source.get(prefix).and_then(Value::as_array);
        let first = first.map(Vec::as_slice).unwrap_or_default();
        let rest = match source.get(others) {
            Some(items) => Some((items, others)),
            None => match self.unevaluated_items(source, place) {
                Rest::Unlimited => None,
                Rest::Limited(items) => Some((items, "unevaluatedItems")),
            },
        };
        if first.is_empty() {
            self.uniform_items(rest, place, sketch);
        } else {
            self.tuple((first, prefix), rest, place, sketch);
        }
        self.contains(source, place, sketch);
    }

    fn uniform_items(
        &mut self,
        rest: Option<(&Value, &'static str)>,
        place: &Place,
        sketch: &mut Sketch,
    ) {
        let Some((items, keyword)) = rest else { return };
        let at = place.at(keyword);
        if items == &Value::Bool(false) {
            sketch.at_most("maxItems", 0, &at);
            return;
        }
        let items = self.schema(items, &at);
        sketch.members.insert("items".into(), items);
        origin::mark_keyword(&mut sketch.members, "items", &at);
    }

    /// 3.0 has no tuples: each item may be what any of them may be.
    fn tuple(
        &mut self,
        (first, prefix): (&[Value], &'static str),
        rest: Option<(&Value, &'static str)>,
        place: &Place,
        sketch: &mut Sketch,
    ) {
        let at = place.at(prefix);
        if self.drops(RuleId::PrefixItems) {
            let detail = "a tuple is read as a list of any values";
            self.widen(RuleId::PrefixItems, &at, detail);
            if let Some((Value::Bool(false), keyword)) = rest {
                sketch.at_most("maxItems", first.len(), &place.at(keyword));
            }
            return;
        }
        let most = sketch.members.get("maxItems").and_then(Value::as_u64);
        let written =
            first.iter().enumerate().map(|(index, item)| self.schema(item, &at.at(index)));
        let mut kinds: Vec<Value> = written.collect();
        match rest {
            Some((Value::Bool(false), keyword)) => {
                sketch.at_most("maxItems", first.len(), &place.at(keyword));
            }
            _ if most.is_some_and(|most| most <= first.len() as u64) => {}
            Some((items, keyword)) => {
                let items = self.schema(items, &place.at(keyword));
                kinds.push(items);
            }
            None => kinds.push(json!({})),
        }
        // A list may end before the item that allows nothing, and so before all after it.
        let end = kinds.iter().take(first.len()).position(is_nothing);
        if let Some(end) = end {
            sketch.at_most("maxItems", end, &at);
            kinds.truncate(end);
        }
        let plain: Vec<Value> = kinds.iter().map(origin::without_marks).collect();
        let same = plain.windows(2).all(|pair| pair[0] == pair[1]);
        if !same {
            let detail = "an item of a tuple may be what any of its items may be";
            self.widen(RuleId::PrefixItems, &at, detail);
        }
        let mut items = self.any_of(kinds, &at);
        origin::mark(&mut items, &at);
        sketch.members.insert("items".into(), items);
        origin::mark_keyword(&mut sketch.members, "items", &at);
    }

    /// That a list has an item of a kind is that not all of its items are of no such kind.
    fn contains(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let Some(wanted) = source.get("contains") else { return };
        let at = place.at("contains");
        let count = |key: &str| source.get(key).and_then(Value::as_f64);
        let least = count("minContains").unwrap_or(1.0);
        let most = count("maxContains");
        if least <= 0.0 && most.is_none() {
            return;
        }
        if self.drops(RuleId::Contains) {
            self.widen(RuleId::Contains, &at, "what a list contains is not checked");
            return;
        }
        if least > 0.0 {
            let wanted = self.only_exactly(|writer| writer.schema(wanted, &at));
            let Some(wanted) = wanted else {
                self.widen(RuleId::Contains, &at, "what a list contains is not checked");
                return;
            };
            let none = json!({ "type": "array", "items": negation(wanted) });
            sketch.add_part(json!({ "not": none }), &at);
        }
        if least > 1.0 || most.is_some() {
            let detail = "how many items of the kind a list contains is not checked";
            let keyword = if least > 1.0 { "minContains" } else { "maxContains" };
            self.widen(RuleId::Contains, &place.at(keyword), detail);
        }
    }
}
