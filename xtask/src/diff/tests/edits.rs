//! Random edits of the vendored description: each is found, at its pointer.

use serde_json::{Map, Value, json};

use super::super::Severity;
use super::{compare, line, vendored};
use crate::client::lower;
use openapi_lowering::problem::Place;

/// All pointers of a document.
fn places(value: &Value, at: &Place, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                into.push(at.at(key).to_string());
                places(value, &at.at(key), into);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                into.push(at.at(index).to_string());
                places(value, &at.at(index), into);
            }
        }
        _ => {}
    }
}

/// Keys that an edit adds; some have a meaning where they land.
const KEYS: &[&str] = &[
    "x-note",
    "zzz",
    "description",
    "nullable",
    "format",
    "required",
    "enum",
    "const",
    "minLength",
    "deprecated",
    "default",
    "title",
    "$ref",
    "anyOf",
    "get",
    "security",
    "properties",
    "type",
];

fn some_value(rng: &mut fastrand::Rng) -> Value {
    match rng.u8(0..9) {
        0 => Value::Null,
        1 => true.into(),
        2 => rng.i32(0..1000).into(),
        3 => format!("text{}", rng.u16(..)).into(),
        4 => json!([]),
        5 => json!(["string", "null"]),
        6 => json!({ "type": "string" }),
        7 => json!({ "$ref": "#/components/schemas/StatusApiModel" }),
        _ => Value::Object(Map::new()),
    }
}

/// Edits a document at random, and returns the pointer of the edit.
pub(super) fn edit(document: &mut Value, rng: &mut fastrand::Rng) -> String {
    let mut all = Vec::new();
    places(document, &Place::root(), &mut all);
    let pointer = all[rng.usize(..all.len())].clone();
    let (parent, key) = pointer.rsplit_once('/').expect("each has a parent");
    let key = key.replace("~1", "/").replace("~0", "~");
    let action = rng.u8(0..5);
    if let (0 | 1, Some(target)) = (action, document.pointer_mut(&pointer)) {
        match target {
            Value::Object(members) => {
                let key = KEYS[rng.usize(..KEYS.len())];
                members.insert(key.to_owned(), some_value(rng));
                return format!("{pointer}/{key}");
            }
            Value::Array(list) => {
                let at = rng.usize(..=list.len());
                list.insert(at, some_value(rng));
                return pointer;
            }
            Value::String(text) => text.push('x'),
            Value::Bool(value) => *value = !*value,
            other => *other = some_value(rng),
        }
        return pointer;
    }
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) if action == 2 => drop(members.remove(&key)),
        Some(Value::Object(members)) if action == 3 => {
            let value = members.remove(&key).unwrap_or_default();
            members.insert(format!("{key}2"), value);
        }
        Some(Value::Array(list)) if action < 4 => {
            let index: usize = key.parse().expect("an element's key is its index");
            if action == 2 {
                list.remove(index);
            } else {
                list.swap(0, index);
            }
            return parent.to_owned();
        }
        _ => {
            let value = some_value(rng);
            if let Some(target) = document.pointer_mut(&pointer) {
                *target = value;
            }
        }
    }
    pointer
}

/// A lowered document without differences that mean nothing: the order of names, empty lists and
/// maps, an `allOf` of one part.
fn ordered(mut document: Value) -> Value {
    fn sort(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|_, value| *value != json!([]) && *value != json!({}));
                // Numbers with these formats have the same type in Rust as those without one.
                if let Some("int64" | "double") = members.get("format").and_then(Value::as_str) {
                    members.remove("format");
                }
                for key in ["enum", "required"] {
                    if let Some(Value::Array(names)) = members.get_mut(key) {
                        names.sort_by_cached_key(Value::to_string);
                    }
                }
                members.values_mut().for_each(sort);
                if members.len() == 1
                    && let Some(Value::Array(parts)) = members.get_mut("allOf")
                    && parts.len() == 1
                {
                    *value = parts.swap_remove(0);
                }
            }
            Value::Array(list) => list.iter_mut().for_each(sort),
            _ => {}
        }
    }
    sort(&mut document);
    document
}

/// Whether the pointer of a change is that of an edit, in it, or around it.
fn is_at(change: &str, edit: &str) -> bool {
    let within =
        |inner: &str, outer: &str| inner == outer || inner.starts_with(&format!("{outer}/"));
    within(change, edit) || (within(edit, change) && change.split('/').count() > 1)
}

/// Whether some change accounts for an edit. If an edit breaks the target of a reference, the change
/// may be at the reference or at its target.
fn finds(changes: &[super::Change], edit: &str) -> bool {
    let renamed = format!("{edit}2");
    changes.iter().any(|change| {
        is_at(&change.pointer, edit) || is_at(&change.pointer, &renamed) || {
            // A requirement is told at its property, and the parameters of a path with its
            // operations.
            edit.split_once("/required").is_some_and(|(schema, _)| is_at(&change.pointer, schema))
                || edit
                    .split_once("/parameters")
                    .is_some_and(|(operation, _)| is_at(&change.pointer, operation))
        }
    })
}

#[test]
fn each_random_edit_is_found() {
    let document = vendored();
    lower(&document).expect("the vendored description lowers");
    find_random_edits(&document, 0..600);
}

#[test]
fn each_random_edit_of_a_document_that_has_everything_is_found() {
    find_random_edits(&super::golden::base(), 40_000..40_800);
}

fn find_random_edits(document: &Value, seeds: std::ops::Range<u64>) {
    let lowered = lower(document).ok().map(|lowered| ordered(lowered.document));
    let mut missed = Vec::new();
    for seed in seeds {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut edited = document.clone();
        let place = edit(&mut edited, &mut rng);
        if edited == *document {
            continue;
        }
        for (old, new) in [(document, &edited), (&edited, document)] {
            let changes = compare(old, new);
            let lines = || changes.iter().map(line).collect::<Vec<_>>().join("\n  ");
            if !finds(&changes, &place) {
                missed.push(format!("{seed}: {place} is not found:\n  {}", lines()));
            }
            // A difference that reaches the generator is more than another spelling.
            let spelling = |change: &super::Change| change.rule.id == "respelled";
            if changes.iter().all(spelling)
                && let (Some(lowered), Ok(other)) = (&lowered, lower(&edited))
                && ordered(other.document) != *lowered
            {
                missed.push(format!("{seed}: {place} changes what is generated:\n  {}", lines()));
            }
        }
    }
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn several_random_edits_are_all_found() {
    let document = vendored();
    let mut missed = Vec::new();
    for seed in 0..150 {
        let mut rng = fastrand::Rng::with_seed(10_000 + seed);
        let mut edited = document.clone();
        let mut places: Vec<String> = Vec::new();
        while places.len() < 5 {
            let mut next = edited.clone();
            let place = edit(&mut next, &mut rng);
            // Nested edits are one edit; an edited list has other indices.
            let clear = places.iter().all(|known| {
                let part = |pointer: &str| pointer.split('/').take(5).collect::<Vec<_>>().join("/");
                part(known) != part(&place)
            });
            if clear && next != edited && place.split('/').count() > 4 {
                edited = next;
                places.push(place);
            }
        }
        let changes = compare(&document, &edited);
        for place in &places {
            if !finds(&changes, place) {
                let lines: Vec<_> = changes.iter().map(line).collect();
                missed.push(format!("{seed}: {place} of {places:?}:\n  {}", lines.join("\n  ")));
            }
        }
    }
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn no_random_edit_hides_another() {
    // An edit is as severe beside a harmless one.
    let document = vendored();
    for seed in 0..60 {
        let mut rng = fastrand::Rng::with_seed(20_000 + seed);
        let mut edited = document.clone();
        edit(&mut edited, &mut rng);
        let worst = |changes: &[super::Change]| {
            changes.iter().map(|change| change.wire).max().unwrap_or(Severity::Text)
        };
        let alone = worst(&compare(&document, &edited));
        if let Some(info) = edited.get_mut("info").and_then(Value::as_object_mut) {
            info.insert("x-harmless".to_owned(), 1.into());
        }
        assert!(worst(&compare(&document, &edited)) >= alone, "seed {seed}");
    }
}
