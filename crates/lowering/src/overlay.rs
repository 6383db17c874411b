//! The overlay stage: an OpenAPI Overlay 1.1 document, applied to the description.
//!
//! Each action is one correction or naming decision and gives its reason. An action may target
//! single values, as Overlay 1.1 allows. One with `x-optional: true` may match nothing: only some
//! versions of a description need it.

use std::path::Path;

use serde_json::{Map, Value};
use serde_json_path::{JsonPath, PathElement};

use crate::parse::parse;
use crate::problem::{Place, Problem, Problems};

/// The most bytes of an action's target: the parser of paths recurses along its brackets.
const LONGEST_TARGET: usize = 1_000;

/// The most times that a target may search all levels below a value (`..`): each time multiplies the
/// time that it takes.
const MOST_SEARCHES: usize = 3;

/// The most values that the actions may add, since each may add to what the last one added.
const MOST_ADDED: usize = 100_000;

/// What an overlay did.
#[derive(Debug, Default)]
pub struct Applied {
    /// The number of actions.
    pub actions: usize,
    /// A message for each action that matched nothing, unless it is optional.
    pub unmatched: Vec<String>,
}

/// Applies the overlay in `bytes`, read from `file`, to `document`.
///
/// # Errors
///
/// All that is wrong in the overlay, or the first action that cannot be applied. Then the document
/// may hold the results of the actions before it.
pub fn apply(bytes: &[u8], file: &Path, document: &mut Value) -> Result<Applied, Problems> {
    let name = file.file_name().map_or_else(|| "overlay".into(), |name| name.to_string_lossy());
    let overlay = parse(bytes, &name)?;
    let mut reading = Reading { file: name.into_owned(), problems: Vec::new() };
    let actions = reading.overlay(&overlay);
    let file = reading.file;
    Problems::none_or(reading.problems, ())?;

    let mut applied = Applied { actions: actions.len(), unmatched: Vec::new() };
    let mut added = 0;
    for (index, action) in actions.iter().enumerate() {
        let within = |problem: Problem| problem.within(&file);
        let matched = action.apply(document, &mut added).map_err(within)?;
        if matched == 0 && !action.optional {
            applied.unmatched.push(format!(
                "overlay action {index} matches nothing at {}: remove it, correct its target, or \
                 set its `x-optional: true` if only some versions of the description need it",
                action.target
            ));
        }
    }
    Ok(applied)
}

/// Reads an overlay and records all that is wrong in it.
struct Reading {
    file: String,
    problems: Vec<Problem>,
}

impl Reading {
    fn wrong(&mut self, place: &Place, what: impl Into<String>, fix: &str) {
        self.problems.push(place.problem(what, fix).within(&self.file));
    }

    fn overlay<'v>(&mut self, overlay: &'v Value) -> Vec<Action<'v>> {
        let root = Place::root();
        let Some(members) = overlay.as_object() else {
            self.wrong(&root, "this is not an OpenAPI Overlay", "write one, of version 1.1.0");
            return Vec::new();
        };
        let version = members.get("overlay").and_then(Value::as_str).unwrap_or_default();
        if !version.starts_with("1.0.") && !version.starts_with("1.1.") {
            let what = format!("the version {version:?} is not one of OpenAPI Overlay 1.1");
            self.wrong(&root.at("overlay"), what, "set it to 1.1.0");
        }
        for key in ["title", "version"] {
            let found = members.get("info").and_then(|info| info.get(key));
            if !found.is_some_and(Value::is_string) {
                let place = root.at("info").at(key);
                self.wrong(&place, "a string is required here", "write it in the overlay");
            }
        }
        let known = ["overlay", "info", "extends", "actions"];
        self.only_known(members, &known, &root);
        let place = root.at("actions");
        let Some(list) = members.get("actions").and_then(Value::as_array) else {
            self.wrong(&place, "a list of actions is required here", "write it in the overlay");
            return Vec::new();
        };
        let actions = list.iter().enumerate();
        actions.filter_map(|(index, action)| self.action(action, &place.at(index))).collect()
    }

    fn only_known(&mut self, members: &Map<String, Value>, known: &[&str], place: &Place) {
        for key in members.keys() {
            if !known.contains(&key.as_str()) && !key.starts_with("x-") {
                self.wrong(&place.at(key), "an overlay has no such key here", "remove it");
            }
        }
    }

    fn action<'v>(&mut self, action: &'v Value, place: &Place) -> Option<Action<'v>> {
        let Some(members) = action.as_object() else {
            self.wrong(place, "an action is an object", "write it as one");
            return None;
        };
        self.only_known(members, &["target", "description", "update", "remove", "copy"], place);
        let reason = members.get("description").and_then(Value::as_str).unwrap_or_default();
        if reason.trim().is_empty() {
            self.wrong(place, "the action gives no reason", "say why in its `description`");
        }
        if members.contains_key("copy") {
            // A few copies of the whole into its parts would outgrow any machine.
            let fix = "write the value out in an `update`";
            self.wrong(&place.at("copy"), "a `copy` is not supported", fix);
            return None;
        }
        let optional = members.get("x-optional");
        if optional.is_some_and(|value| !value.is_boolean()) {
            self.wrong(
                &place.at("x-optional"),
                "a boolean is required here",
                "write true or false",
            );
        }
        let what = match (members.get("remove"), members.get("update")) {
            (Some(Value::Bool(true)), _) => What::Remove,
            (None | Some(Value::Bool(false)), Some(update)) => What::Update(update),
            (Some(Value::Bool(_)) | None, None) => {
                let fix = "give it an `update` or `remove: true`";
                self.wrong(place, "the action does nothing", fix);
                return None;
            }
            (Some(_), _) => {
                self.wrong(&place.at("remove"), "a boolean is required here", "write true");
                return None;
            }
        };
        let (target, path) = self.target(members.get("target"), &place.at("target"))?;
        if target == "$" && matches!(what, What::Remove) {
            self.wrong(place, "the action removes the whole description", "correct its target");
            return None;
        }
        let optional = optional == Some(&Value::Bool(true));
        Some(Action { place: place.clone(), target, path, what, optional })
    }

    fn target(&mut self, target: Option<&Value>, place: &Place) -> Option<(String, JsonPath)> {
        let Some(target) = target.and_then(Value::as_str).map(str::trim) else {
            self.wrong(place, "a string with a JSONPath is required here", "write the target");
            return None;
        };
        if target.len() > LONGEST_TARGET {
            let what = format!("the target has {} bytes", target.len());
            self.wrong(place, what, "use a shorter path");
            return None;
        }
        let searches = target.matches("..").count();
        if searches > MOST_SEARCHES {
            let what = format!("the target searches all levels {searches} times");
            self.wrong(place, what, &format!("search them {MOST_SEARCHES} times at most"));
            return None;
        }
        match JsonPath::parse(target) {
            Ok(path) => Some((target.to_owned(), path)),
            Err(error) => {
                let what = format!("this is not a JSONPath (RFC 9535): {error}");
                self.wrong(place, what, "correct it");
                None
            }
        }
    }
}

enum What<'v> {
    Remove,
    Update(&'v Value),
}

struct Action<'v> {
    /// Where it is in the overlay.
    place: Place,
    target: String,
    path: JsonPath,
    what: What<'v>,
    optional: bool,
}

impl Action<'_> {
    /// Applies the action, and returns the number of values that it matched.
    fn apply(&self, document: &mut Value, added: &mut usize) -> Result<usize, Problem> {
        let mut matched: Vec<Vec<Key>> = self
            .path
            .query_located(document)
            .locations()
            .map(|location| location.iter().map(Key::from).collect())
            .collect();
        matched.sort();
        matched.dedup();
        match self.what {
            What::Remove => {
                // From the end: an index stays what it is until what comes after it is gone.
                for location in matched.iter().rev() {
                    remove(document, location);
                }
            }
            What::Update(update) => {
                *added = added.saturating_add(matched.len().saturating_mul(count(update)));
                if *added > MOST_ADDED {
                    let what = format!("the actions add more than {MOST_ADDED} values");
                    return Err(self.place.problem(what, "target fewer values"));
                }
                for location in &matched {
                    if let Some(target) = find(document, location) {
                        self.update(target, update, location)?;
                    }
                }
            }
        }
        Ok(matched.len())
    }

    fn update(&self, target: &mut Value, update: &Value, location: &[Key]) -> Result<(), Problem> {
        match (target, update) {
            (Value::Object(target), Value::Object(update)) => merge(target, update),
            (Value::Array(list), update) => list.push(update.clone()),
            (target, update) if kind(target) == "a value" && kind(update) == "a value" => {
                *target = update.clone();
            }
            (target, update) => {
                let at = location.iter().fold(Place::root(), |place, key| place.at(key));
                return Err(self.place.at("update").problem(
                    format!("the target {at} is {}, and the update {}", kind(target), kind(update)),
                    "update an object with an object and a value with a value, or target the \
                     object that holds it",
                ));
            }
        }
        Ok(())
    }
}

/// The name of a member or the index of an element; they sort as they stand in the document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Index(usize),
    Name(String),
}

impl From<&PathElement<'_>> for Key {
    fn from(element: &PathElement<'_>) -> Self {
        match element {
            PathElement::Name(name) => Self::Name((*name).to_owned()),
            PathElement::Index(index) => Self::Index(*index),
        }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index(index) => index.fmt(formatter),
            Self::Name(name) => name.fmt(formatter),
        }
    }
}

fn find<'v>(document: &'v mut Value, location: &[Key]) -> Option<&'v mut Value> {
    location.iter().try_fold(document, |value, key| match (value, key) {
        (Value::Object(members), Key::Name(name)) => members.get_mut(name),
        (Value::Array(list), Key::Index(index)) => list.get_mut(*index),
        _ => None,
    })
}

fn remove(document: &mut Value, location: &[Key]) {
    let Some((key, parent)) = location.split_last() else { return };
    match (find(document, parent), key) {
        (Some(Value::Object(members)), Key::Name(name)) => {
            members.remove(name);
        }
        (Some(Value::Array(list)), Key::Index(index)) if *index < list.len() => {
            list.remove(*index);
        }
        _ => {}
    }
}

/// Merges objects member by member, joins lists, and replaces everything else.
fn merge(target: &mut Map<String, Value>, update: &Map<String, Value>) {
    for (key, new) in update {
        match (target.get_mut(key), new) {
            (Some(Value::Object(target)), Value::Object(new)) => merge(target, new),
            (Some(Value::Array(list)), Value::Array(new)) => list.extend(new.iter().cloned()),
            _ => {
                target.insert(key.clone(), new.clone());
            }
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        _ => "a value",
    }
}

/// The number of values in a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(count).sum(),
        Value::Array(list) => list.iter().map(count).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::{Applied, apply};

    fn overlay(actions: &Value, document: &mut Value) -> Result<Applied, String> {
        let overlay = json!({
            "overlay": "1.1.0",
            "info": {"title": "t", "version": "1"},
            "actions": actions,
        });
        apply(overlay.to_string().as_bytes(), Path::new("x/overlay.yaml"), document)
            .map_err(|error| error.to_string())
    }

    /// Applies one action, and returns the document.
    fn after(target: &str, what: (&str, Value), mut document: Value) -> Value {
        let action = json!([{"target": target, "description": "why", what.0: what.1}]);
        let applied = overlay(&action, &mut document).expect("applies");
        assert!(applied.unmatched.is_empty(), "{target} matches nothing");
        document
    }

    #[test]
    fn update_merges_objects_and_joins_lists() {
        let document = json!({"paths": {"/a": {"get": {"operationId": "a_list", "tags": ["a"]}}}});
        let update = json!({"operationId": "list_a", "tags": ["b"], "x": {"y": 1}});
        let after = after("$.paths['/a'].get", ("update", update), document);
        let expected = json!({"operationId": "list_a", "tags": ["a", "b"], "x": {"y": 1}});
        assert_eq!(after["paths"]["/a"]["get"], expected);
    }

    #[test]
    fn update_appends_to_a_list() {
        let after = after("$.a", ("update", json!({"b": 1})), json!({"a": [0]}));
        assert_eq!(after, json!({"a": [0, {"b": 1}]}));
    }

    #[test]
    fn single_values_are_updated_and_removed() {
        let document = || json!({"a": {"type": "string", "default": null, "list": [1, 2, 3]}});
        let updated = after("$.a.type", ("update", json!("integer")), document());
        assert_eq!(updated["a"]["type"], "integer");
        let removed = after("$.a.default", ("remove", json!(true)), document());
        assert_eq!(removed, json!({"a": {"type": "string", "list": [1, 2, 3]}}));
        let removed = after("$.a.list[0, 2]", ("remove", json!(true)), document());
        assert_eq!(removed["a"]["list"], json!([2]));
        let removed = after("$..[?(@ == 'string')]", ("remove", json!(true)), document());
        assert_eq!(removed, json!({"a": {"default": null, "list": [1, 2, 3]}}));
    }

    #[test]
    fn every_element_of_a_long_list_is_removed() {
        let document = json!({"a": (0..20).collect::<Vec<_>>()});
        assert_eq!(after("$.a[*]", ("remove", json!(true)), document), json!({"a": []}));
    }

    #[test]
    fn update_of_another_kind_is_rejected() {
        for (target, update) in [("$.a", json!("x")), ("$.a.b", json!({"x": 1}))] {
            let action = json!([{"target": target, "description": "why", "update": update}]);
            let message = overlay(&action, &mut json!({"a": {"b": 1}})).expect_err(target);
            assert!(
                message.starts_with("overlay.yaml: /actions/0/update: the target /a"),
                "{message}"
            );
        }
    }

    #[test]
    fn action_that_matches_nothing_is_reported_with_its_fix() {
        let action = json!([{"target": "$.paths['/x']", "description": "why", "remove": true}]);
        let applied = overlay(&action, &mut json!({"paths": {}})).expect("applies");
        let [message] = applied.unmatched.as_slice() else { panic!("{:?}", applied.unmatched) };
        let start = "overlay action 0 matches nothing at $.paths['/x']: remove it, correct its";
        assert!(message.starts_with(start), "{message}");
    }

    #[test]
    fn optional_action_may_match_nothing() {
        let action = json!([
            {"target": "$.x", "description": "why", "remove": true, "x-optional": true},
            {"target": "$.a", "description": "why", "remove": true, "x-optional": true},
        ]);
        let mut document = json!({"a": 1});
        let applied = overlay(&action, &mut document).expect("applies");
        assert_eq!((document, applied.unmatched), (json!({}), Vec::<String>::new()));
    }

    #[test]
    fn all_that_is_wrong_is_listed_at_once() {
        let actions = json!([
            {"target": "$.info", "update": {"title": "x"}},
            {"target": "$.[", "description": "why", "remove": true},
            {"target": "$.info", "description": "why", "updte": {}},
            {"target": "$", "description": "why", "remove": true},
            {"target": "$", "description": "why", "copy": "$.info"},
            {"target": "$", "description": "why", "update": {}, "x-optional": "yes"},
            5,
        ]);
        let message = overlay(&actions, &mut json!({"info": {}})).expect_err("all is wrong");
        let lines: Vec<_> = message.lines().collect();
        for (index, part) in [
            "/actions/0: the action gives no reason",
            "/actions/1/target: this is not a JSONPath (RFC 9535)",
            "/actions/2/updte: an overlay has no such key here",
            "/actions/2: the action does nothing",
            "/actions/3: the action removes the whole description",
            "/actions/4/copy: a `copy` is not supported",
            "/actions/5/x-optional: a boolean is required here",
            "/actions/6: an action is an object",
        ]
        .into_iter()
        .enumerate()
        {
            assert!(lines[index].starts_with(&format!("overlay.yaml: {part}")), "{}", lines[index]);
        }
        assert_eq!(lines.len(), 8, "{message}");
    }

    #[test]
    fn actions_that_multiply_are_rejected() {
        let action = json!({"target": "$..*", "description": "why", "update": {"a": {}, "b": {}}});
        let actions = vec![action; 30];
        let message = overlay(&json!(actions), &mut json!({"x": {}})).expect_err("too large");
        assert!(message.contains("add more than 100000 values"), "{message}");
    }
}
