//! Where a lowered schema comes from in the description.
//!
//! Rules move schemas and keywords: the only arm of a union joins the schema around it, a type
//! list becomes arms, a component loses its suffix. So that a note or a problem names a location
//! of the description, each schema carries its own pointer while it is lowered, in a member whose
//! key no description uses. A keyword that came from elsewhere has a member of its own.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::problem::Place;
use crate::schemas::{Members, for_each_child};

/// The longest pointer that is remembered: a key of megabytes may have a thousand schemas below it.
const LONGEST: usize = 1_000;

/// What the keys of these members start with; the schema's own is this alone.
const MARK: char = '\0';

fn key_of(keyword: &str) -> String {
    format!("{MARK}{keyword}")
}

/// Whether a member only says where something comes from.
pub(super) fn is_mark(key: &str) -> bool {
    key.starts_with(MARK)
}

/// The number of members that say something about a value.
pub(super) fn plain_len(members: &Members) -> usize {
    members.keys().filter(|key| !is_mark(key)).count()
}

/// Marks a schema with its location, unless it has been moved here with one.
pub(super) fn mark(schema: &mut Value, place: &Place) {
    if let Value::Object(members) = schema
        && place.as_str().len() <= LONGEST
    {
        members.entry(key_of("")).or_insert_with(|| place.as_str().into());
    }
}

/// Marks what stands directly below a schema.
pub(super) fn mark_children(members: &mut Members, place: &Place) {
    for_each_child(members, |step, child| mark(child, &step.from(place)));
}

/// Marks a keyword that was moved here from `place`.
pub(super) fn mark_keyword(members: &mut Members, keyword: &str, place: &Place) {
    if place.as_str().len() <= LONGEST {
        members.insert(key_of(keyword), place.as_str().into());
    }
}

/// Returns where a schema comes from, or `here` when nothing says so.
pub(super) fn of(members: &Members, here: &Place) -> Place {
    known(members, "").unwrap_or_else(|| here.clone())
}

/// Returns where a schema comes from, or `here` when nothing says so.
pub(super) fn of_value(schema: &Value, here: &Place) -> Place {
    schema.as_object().map_or_else(|| here.clone(), |members| of(members, here))
}

/// Returns where a keyword of a schema comes from; `place` is the schema's own location.
pub(super) fn of_keyword(members: &Members, place: &Place, keyword: &str) -> Place {
    known(members, keyword).unwrap_or_else(|| place.at(keyword))
}

fn known(members: &Members, keyword: &str) -> Option<Place> {
    members.get(&key_of(keyword)).and_then(Value::as_str).map(Place::from_pointer)
}

/// Returns a schema without its marks, to compare it with another.
pub(super) fn without_marks(schema: &Value) -> Value {
    let mut schema = schema.clone();
    remove_below(&mut schema);
    schema
}

/// Removes the marks of a whole document.
pub(super) fn remove_marks(document: &mut Value) {
    remove_below(document);
}

/// Collects where in the result each location of the source is now, by the marks below `value`.
pub(super) fn results(value: &Value, here: &Place, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if let (Some(keyword), Some(source)) = (key.strip_prefix(MARK), value.as_str()) {
                    let result = match members.contains_key(keyword) {
                        true => here.at(keyword),
                        false => here.clone(),
                    };
                    let known = into.entry(source.to_owned());
                    known.or_insert_with(|| result.as_str().to_owned());
                } else {
                    results(value, &here.at(key), into);
                }
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                results(value, &here.at(index), into);
            }
        }
        _ => {}
    }
}

fn remove_below(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !is_mark(key));
            members.values_mut().for_each(remove_below);
        }
        Value::Array(list) => list.iter_mut().for_each(remove_below),
        _ => {}
    }
}
