//! What the generator does not tell apart: arms of one type, and schemas beside an enum.

use serde_json::{Value, json};

use super::Shaping;
use crate::lower::{RuleId, origin};
use crate::problem::Place;
use crate::schemas::{Members, target};

impl Shaping<'_> {
    /// The generator tells arms apart by their type: it would read two of one type as a struct of
    /// both. A number or a string is one type of the client, and is written in exactly one way.
    pub(super) fn join_scalar_arms(&mut self, members: &mut Members, place: &Place) {
        // With an arm for any value the others say nothing.
        let is_anything =
            |arm: &Value| arm.as_object().is_some_and(|arm| origin::plain_len(arm) == 0);
        // An `anyOf` can become a `oneOf`, which is not a second union.
        let unions = ["anyOf", "oneOf"].map(|union| members.contains_key(union).then_some(union));
        for union in unions.into_iter().flatten() {
            let Some(Value::Array(arms)) = members.get(union) else { continue };
            if !arms.iter().any(is_anything) {
                self.join_arms_of(union, members, place);
                continue;
            }
            if union == "oneOf" && arms.len() > 1 {
                let effect = "any value is read, also one that several arms allow";
                self.note_keyword((RuleId::FirstArm, effect), (members, place), union);
            }
            members.remove(union);
        }
    }

    fn join_arms_of(&mut self, union: &'static str, members: &mut Members, place: &Place) {
        let Some(Value::Array(arms)) = members.get(union) else { return };
        let Some(names) = arms.iter().map(scalar).collect::<Option<Vec<_>>>() else {
            let is_object = |arm: &&Value| arm.get("type").is_none_or(|name| name == "object");
            let objects: Vec<_> = arms.iter().filter(is_object).map(tag_of).collect();
            // An arm that no constant tells apart also fits the objects of those after it.
            let open = objects.iter().position(Option::is_none);
            if open.is_some_and(|open| open + 1 < objects.len()) {
                let effect = "the first arm that fits is read, and what it lacks is ignored";
                self.note_keyword((RuleId::FirstArm, effect), (members, place), union);
            }
            return any_of_to_one_of(union, members);
        };
        let mut kinds: Vec<&str> = names.iter().map(String::as_str).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let (rule, joined) = match kinds.as_slice() {
            ["number", "string"] | ["integer", "number", "string"] => {
                let effect = "a string that is not a decimal number is rejected";
                let arms = json!([{ "type": "number" }, { "type": "string" }]);
                ((RuleId::NumberOrString, effect), Some(("anyOf", arms)))
            }
            [only] => {
                let effect = "arms of one type are read as that type";
                ((RuleId::JoinArms, effect), Some(("type", Value::from(*only))))
            }
            ["integer", "number"] => {
                let effect = "arms of one type are read as that type";
                ((RuleId::JoinArms, effect), Some(("type", Value::from("number"))))
            }
            _ if kinds.len() == names.len() => return any_of_to_one_of(union, members),
            _ => ((RuleId::JoinArms, "any value is read"), None),
        };
        self.note_keyword(rule, (members, place), union);
        members.remove(union);
        members.extend(joined.map(|(keyword, value)| (keyword.to_owned(), value)));
    }

    /// The generator makes a type of an enum, or of what stands beside it, and fails at both. The
    /// enum lists every value that may be there, so the others can only narrow it.
    pub(super) fn drop_composition_beside_enum(&mut self, members: &mut Members, place: &Place) {
        let Some(Value::Array(values)) = members.get("enum") else { return };
        let parts = members.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let narrows = |part: &Value| {
            let part = target(part).and_then(|name| self.components.get(name)).unwrap_or(part);
            let plain = |key: &String| {
                matches!(key.as_str(), "type" | "enum" | "description" | "nullable")
                    || origin::is_mark(key)
            };
            let listed = part.get("enum").and_then(Value::as_array);
            !part.as_object().is_some_and(|part| part.keys().all(plain))
                || listed.is_some_and(|listed| values.iter().any(|value| !listed.contains(value)))
        };
        let unions = ["anyOf", "oneOf"].into_iter().find(|key| members.contains_key(*key));
        let lossy = unions.or_else(|| parts.clone().any(narrows).then_some("allOf"));
        if unions.is_none() && parts.count() == 0 {
            return;
        }
        if let Some(keyword) = lossy {
            let effect = "beside an enum other schemas are not checked";
            self.note_keyword((RuleId::EnumAlone, effect), (members, place), keyword);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            members.remove(keyword);
        }
        members.entry("type").or_insert_with(|| "string".into());
    }
}

/// The constant by which an arm that is written in place is told from others.
fn tag_of(arm: &Value) -> Option<&Value> {
    let properties = arm.get("properties")?.as_object()?;
    properties.values().find(|property| property.get("enum").is_some())
}

/// The type of an arm that is a scalar.
fn scalar(arm: &Value) -> Option<String> {
    match arm.get("type").and_then(Value::as_str)? {
        "object" | "array" => None,
        name => Some(name.to_owned()),
    }
}

/// As `anyOf` the generator would make a struct of all arms at once.
fn any_of_to_one_of(union: &str, members: &mut Members) {
    let Some(arms) = (union == "anyOf").then(|| members.remove(union)).flatten() else { return };
    if !members.contains_key("oneOf") {
        members.insert("oneOf".into(), arms);
        return;
    }
    let part = json!({ "oneOf": arms });
    match members.get_mut("allOf") {
        Some(Value::Array(parts)) => parts.push(part),
        _ => {
            members.insert("allOf".into(), json!([part]));
        }
    }
}
