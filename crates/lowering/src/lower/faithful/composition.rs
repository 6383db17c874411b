//! `allOf`, unions, `not` and conditions.

use serde_json::{Value, json};

use super::Writer;
use super::sketch::{
    Sketch, is_annotation, is_anything, is_nothing, is_only_null, negation, nothing, take_null,
};
use super::values::joined_constants;
use crate::lower::origin;
use crate::lower::rules::{Choice, RuleId};
use crate::problem::Place;
use crate::schemas::Members;

impl Writer<'_> {
    pub(super) fn all_of(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let Some(Value::Array(parts)) = source.get("allOf") else { return };
        let parts = self.list_of_schemas(parts, &place.at("allOf"));
        if !parts.is_empty() {
            sketch.members.insert("allOf".into(), parts.into());
        }
    }

    fn list_of_schemas(&mut self, list: &[Value], at: &Place) -> Vec<Value> {
        let all = list.iter().enumerate();
        all.map(|(index, schema)| self.schema(schema, &at.at(index))).collect()
    }

    pub(super) fn union(
        &mut self,
        keyword: &str,
        source: &Members,
        place: &Place,
        sketch: &mut Sketch,
    ) {
        let Some(Value::Array(arms)) = source.get(keyword) else { return };
        let at = place.at(keyword);
        if arms.is_empty() {
            let fix = "give it arms, or remove it, with an overlay action";
            self.reject(at.problem("a union without arms allows nothing", fix));
            return;
        }
        let (mut arms, exact) = self.exactly(|writer| writer.list_of_schemas(arms, &at));
        let alone = arms.len() == 1;
        let mut null = self.null_of_discriminated(source, &mut arms);
        self.simplify_arms(&mut arms, &at);
        if arms.len() < 2 {
            arms.extend(null.take());
        }
        if arms.is_empty() {
            sketch.never = Some(at);
            return;
        }
        if arms.len() == 1 && !alone && !arms[0].get("$ref").is_some_and(Value::is_string) {
            let arm = arms.remove(0);
            if sketch.only_arm.is_none() {
                sketch.only_arm = Some(arm);
            } else {
                sketch.also.push(arm);
            }
            return;
        }
        let mut written = keyword;
        if keyword == "oneOf" && arms.len() > 1 && !exact {
            let rewrites = self.choice(RuleId::OneOf) != Choice::Keep;
            if rewrites {
                written = "anyOf";
                let detail = "arms of which one was widened may overlap: any of them is allowed";
                self.widen(RuleId::OneOf, &at, detail);
            }
        }
        let Some(null) = null else {
            sketch.add_union(written, arms, &at);
            return;
        };
        let mut inner = Members::from_iter([(written.to_owned(), Value::Array(arms))]);
        for moved in ["discriminator".to_owned(), "\0discriminator".to_string()] {
            inner.extend(sketch.members.remove(&moved).map(|value| (moved, value)));
        }
        let mut inner = Value::Object(inner);
        origin::mark(&mut inner, &at);
        sketch.add_union("anyOf", vec![inner, null], &at);
    }

    /// A discriminator names objects, so an arm for null is taken out of its union.
    fn null_of_discriminated(&self, source: &Members, arms: &mut Vec<Value>) -> Option<Value> {
        if self.is_for_client() || !source.contains_key("discriminator") {
            return None;
        }
        let at = arms.iter().position(is_only_null).filter(|_| arms.len() > 2)?;
        let null = arms.remove(at);
        arms.retain(|arm| !is_only_null(arm));
        Some(null)
    }

    /// Takes away arms that allow nothing, and joins constants and null with others.
    fn simplify_arms(&self, arms: &mut Vec<Value>, at: &Place) {
        arms.retain(|arm| !is_nothing(arm));
        self.join_constants(arms, at);
        // For a generator null is said of the whole union; a later stage does that.
        if !self.is_for_client() {
            join_null(arms);
        }
    }

    /// Returns a schema that allows what one of several schemas allows.
    pub(super) fn any_of(&self, schemas: Vec<Value>, at: &Place) -> Value {
        if schemas.iter().any(is_anything) {
            return json!({});
        }
        let mut different: Vec<Value> = Vec::new();
        let mut plain: Vec<Value> = Vec::new();
        for schema in schemas {
            let bare = origin::without_marks(&schema);
            if !plain.contains(&bare) {
                plain.push(bare);
                different.push(schema);
            }
        }
        self.simplify_arms(&mut different, at);
        match different.len() {
            0 => nothing(),
            1 => different.remove(0),
            _ => json!({ "anyOf": different }),
        }
    }

    /// Arms that are constants of one type are one enum.
    fn join_constants(&self, arms: &mut Vec<Value>, at: &Place) {
        let (nulls, constants): (Vec<_>, Vec<_>) = arms.iter().cloned().partition(is_only_null);
        let described = |arm: &Value| {
            let described = arm.as_object().into_iter().flatten();
            described.into_iter().any(|(key, _)| is_annotation(key) && !origin::is_mark(key))
        };
        let keeps_text = !self.is_for_client() && constants.iter().any(described);
        if constants.len() > 1
            && !keeps_text
            && let Some(mut joined) = joined_constants(&constants)
        {
            for keyword in ["enum", "type"] {
                origin::mark_keyword(&mut joined, keyword, at);
            }
            let mut joined = Value::Object(joined);
            origin::mark(&mut joined, at);
            *arms = std::iter::once(joined).chain(nulls).collect();
        }
    }

    pub(super) fn negation(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let Some(schema) = source.get("not") else { return };
        let at = place.at("not");
        let written = self.only_exactly(|writer| writer.schema(schema, &at));
        match written {
            Some(written) if is_anything(&written) => sketch.never = Some(at),
            Some(written) if is_nothing(&written) => {}
            Some(written) if !self.drops(RuleId::Not) => {
                sketch.members.insert("not".into(), written);
            }
            _ => self.widen(RuleId::Not, &at, "what is not allowed is not checked"),
        }
    }

    pub(super) fn conditions(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let branches = ["then", "else"].map(|key| source.get(key));
        let Some(condition) = source.get("if").filter(|_| branches.iter().any(Option::is_some))
        else {
            return;
        };
        let at = place.at("if");
        let drops = self.drops(RuleId::Conditions);
        let written = match drops {
            true => None,
            false => self.only_exactly(|writer| writer.schema(condition, &at)),
        };
        let Some(written) = written else {
            self.widen(RuleId::Conditions, &at, "the condition is not checked");
            return;
        };
        let [then, otherwise] = branches;
        if let Some(then) = then {
            let at = place.at("then");
            let then = self.schema(then, &at);
            let part = self.any_of(vec![negation(written.clone()), then], &at);
            sketch.add_part(part, &at);
        }
        if let Some(otherwise) = otherwise {
            let at = place.at("else");
            let otherwise = self.schema(otherwise, &at);
            let part = self.any_of(vec![written, otherwise], &at);
            sketch.add_part(part, &at);
        }
    }
}

/// Lets an arm that says its type allow null, so that the union needs no arm for it.
fn join_null(arms: &mut Vec<Value>) {
    let nulls = arms.iter().filter(|arm| is_only_null(arm)).count();
    if nulls != 1 || arms.len() == 1 {
        return;
    }
    let joined = arms.iter_mut().filter(|arm| !is_only_null(arm)).any(take_null);
    if joined {
        arms.retain(|arm| !is_only_null(arm));
    }
}
