//! Properties, patterns of their names, and what depends on them.

use serde_json::{Value, json};

use super::Writer;
use super::sketch::{Sketch, is_anything, negation, nothing};
use super::unevaluated::Rest;
use crate::lower::origin;
use crate::lower::rules::RuleId;
use crate::problem::Place;
use crate::schemas::Members;

/// Patterns that every name matches.
const EVERY_NAME: &[&str] = &["", "^", ".*", "^.*", "^.*$", ".*$"];

/// The most names that `propertyNames` may list to be written as properties.
const MOST_NAMES: usize = 1_000;

impl Writer<'_> {
    pub(super) fn objects(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let mut properties = self.map_of_schemas(source, "properties", place);
        let mut further = match source.get("additionalProperties") {
            Some(further) => self.further(further, &place.at("additionalProperties")),
            None => match self.unevaluated_properties(source, place, &mut properties) {
                Rest::Unlimited => None,
                Rest::Limited(further) => self.further(further, &place.at("unevaluatedProperties")),
            },
        };
        self.pattern_properties(source, place, &mut properties, &mut further);
        self.property_names(source, place, sketch, &mut properties, &mut further);
        if source.contains_key("properties") || !properties.is_empty() {
            sketch.members.insert("properties".into(), Value::Object(properties));
        }
        if let Some(further) = further {
            let keyword = ["additionalProperties", "unevaluatedProperties", "patternProperties"];
            let from = keyword.into_iter().find(|key| source.contains_key(*key));
            let at = place.at(from.unwrap_or("propertyNames"));
            sketch.members.insert("additionalProperties".into(), further);
            origin::mark_keyword(&mut sketch.members, "additionalProperties", &at);
        }
        self.required(source, sketch);
        self.dependent_required(source, place, sketch);
        self.dependent_schemas(source, place, sketch);
    }

    fn map_of_schemas(&mut self, source: &Members, key: &str, place: &Place) -> Members {
        let mut written = Members::new();
        let at = place.at(key);
        for (name, schema) in source.get(key).and_then(Value::as_object).into_iter().flatten() {
            let schema = self.schema(schema, &at.at(name));
            written.insert(name.clone(), schema);
        }
        written
    }

    /// The value of `additionalProperties`, which may be a boolean in 3.0 as well.
    fn further(&mut self, further: &Value, at: &Place) -> Option<Value> {
        if further.is_boolean() { Some(further.clone()) } else { Some(self.schema(further, at)) }
    }

    /// Names that match a pattern count as further ones, which may be what the patterns allow too.
    fn pattern_properties(
        &mut self,
        source: &Members,
        place: &Place,
        properties: &mut Members,
        further: &mut Option<Value>,
    ) {
        let Some(Value::Object(patterns)) = source.get("patternProperties") else { return };
        if patterns.is_empty() {
            return;
        }
        let at = place.at("patternProperties");
        let mut written = Vec::new();
        for (pattern, schema) in patterns {
            let at = at.at(pattern);
            written.push(self.schema(schema, &at));
        }
        let open = matches!(further, None | Some(Value::Bool(true)))
            || further.as_ref().is_some_and(is_anything);
        if written.iter().all(is_anything) && open {
            return;
        }
        let every = patterns.keys().all(|pattern| EVERY_NAME.contains(&pattern.as_str()));
        if every && written.len() == 1 {
            let only = written.remove(0);
            for property in properties.values_mut() {
                let own = property.take();
                *property = json!({ "allOf": [own, only.clone()] });
            }
            *further = Some(only);
            return;
        }
        let detail = "keys are not checked against the patterns of `patternProperties`";
        self.widen(RuleId::PatternProperties, &at, detail);
        let closed = further == &Some(Value::Bool(false));
        if self.drops(RuleId::PatternProperties) && (!closed || written.len() > 1) {
            // A generator takes a schema with this keyword for one of objects.
            let typed = source.get("type").is_some_and(|name| name == "object");
            *further = typed.then(|| json!({}));
            return;
        }
        if open {
            return;
        }
        if let Some(own) = further.take().filter(|_| !closed) {
            written.insert(0, own);
        }
        let mut union = self.any_of(written, &at);
        origin::mark(&mut union, &at);
        *further = Some(union);
    }

    /// Names that are listed become properties, and there are no others.
    fn property_names(
        &mut self,
        source: &Members,
        place: &Place,
        sketch: &mut Sketch,
        properties: &mut Members,
        further: &mut Option<Value>,
    ) {
        let at = place.at("propertyNames");
        let names = match source.get("propertyNames") {
            None | Some(Value::Bool(true)) => return,
            Some(Value::Object(names)) if names.is_empty() => return,
            _ if self.drops(RuleId::PropertyNames) => None,
            Some(Value::Bool(false)) => {
                sketch.at_most("maxProperties", 0, &at);
                return;
            }
            Some(names) => listed_names(names),
        };
        let patterns = source.contains_key("patternProperties");
        let Some(names) = names.filter(|_| !patterns) else {
            let detail = "keys are not checked against `propertyNames`";
            self.widen(RuleId::PropertyNames, &at, detail);
            return;
        };
        let open = further.clone().unwrap_or(Value::Bool(true));
        for (name, property) in properties.iter_mut() {
            if !names.contains(name) {
                *property = nothing();
                origin::mark(property, &at);
            }
        }
        for name in names {
            if open != Value::Bool(false) && !properties.contains_key(&name) {
                let schema = if open.is_boolean() { json!({}) } else { open.clone() };
                properties.insert(name, schema);
            }
        }
        *further = Some(Value::Bool(false));
    }

    /// 3.0 needs a name in `required`, and each once.
    fn required(&mut self, source: &Members, sketch: &mut Sketch) {
        let mut names: Vec<Value> = Vec::new();
        for name in source.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        if !names.is_empty() {
            sketch.members.insert("required".into(), names.into());
        }
    }

    fn dependent_required(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let at = place.at("dependentRequired");
        let Some(Value::Object(all)) = source.get("dependentRequired") else { return };
        if self.drops_dependent(all, &at) {
            return;
        }
        for (name, required) in all {
            let mut names: Vec<&Value> = Vec::new();
            for required in required.as_array().into_iter().flatten() {
                if required.is_string() && !names.contains(&required) {
                    names.push(required);
                }
            }
            if !names.is_empty() {
                let required = json!({ "required": names });
                let at = at.at(name);
                let part = self.any_of(vec![absent(name), required], &at);
                sketch.add_part(part, &at);
            }
        }
    }

    fn dependent_schemas(&mut self, source: &Members, place: &Place, sketch: &mut Sketch) {
        let at = place.at("dependentSchemas");
        let Some(Value::Object(all)) = source.get("dependentSchemas") else { return };
        if self.drops_dependent(all, &at) {
            return;
        }
        for (name, schema) in all {
            let at = at.at(name);
            let schema = self.schema(schema, &at);
            let part = self.any_of(vec![absent(name), schema], &at);
            sketch.add_part(part, &at);
        }
    }

    fn drops_dependent(&mut self, all: &Members, at: &Place) -> bool {
        let drops = self.drops(RuleId::Dependent) && !all.is_empty();
        if drops {
            self.widen(RuleId::Dependent, at, "what depends on a key is not checked");
        }
        drops
    }
}

/// What is not an object with the key.
fn absent(name: &str) -> Value {
    negation(json!({ "type": "object", "required": [name] }))
}

/// The names that a schema of names lists, if it does nothing else.
fn listed_names(names: &Value) -> Option<Vec<String>> {
    let members = names.as_object()?;
    let plain = ["const", "enum", "type", "title", "description"];
    if !members.keys().all(|key| plain.contains(&key.as_str()))
        || members.get("type").is_some_and(|name| name != "string")
        || (members.contains_key("const") && members.contains_key("enum"))
    {
        return None;
    }
    let listed = match (members.get("const"), members.get("enum")) {
        (Some(only), _) => vec![only],
        (None, Some(Value::Array(values))) => values.iter().collect(),
        _ => return None,
    };
    if listed.len() > MOST_NAMES {
        return None;
    }
    let strings = listed.into_iter().filter_map(Value::as_str);
    Some(strings.map(str::to_owned).collect())
}
