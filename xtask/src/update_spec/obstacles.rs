//! Everything that stands in the way of a description, in one run.
//!
//! A stage that rejects the description hides what later stages would reject. So what is rejected is
//! taken out of a copy, and the stages run again.

use std::collections::BTreeSet;

use openapi_lowering::problem::{Problem, Problems};
use serde_json::{Value, json};

use super::Limits;
use super::generate::{generated, surface};
use super::stages::ready;

/// How often something is taken out.
const MAX_ROUNDS: usize = 12;

/// Returns the problems, and those that show once these are out of the way.
pub(super) fn all(document: &Value, first: Problems, limits: &Limits) -> Problems {
    let mut rest = document.clone();
    let mut found: Vec<Problem> = first.into_iter().collect();
    let mut told: BTreeSet<String> =
        found.iter().map(|problem| problem.place().to_owned()).collect();
    let mut last = found.clone();
    for _ in 0..MAX_ROUNDS {
        // What is still rejected is taken out with all around it.
        let mut changed = false;
        for problem in &last {
            changed |= take_out(&mut rest, pointer_of(problem.place()));
        }
        if !changed {
            break;
        }
        let problems = match ready(&rest, limits) {
            Ok(ready) => match generated(&ready.lowered, surface) {
                Ok(_) => break,
                Err(problems) => problems,
            },
            Err(problems) => problems,
        };
        last = problems.into_iter().collect();
        found
            .extend(last.iter().filter(|problem| told.insert(problem.place().to_owned())).cloned());
    }
    Problems::none_or(found, ()).err().unwrap_or_else(|| {
        Problem::new("#", "the description is rejected", "report it with the description").into()
    })
}

/// The pointer in a problem's location, which may be within an operation.
fn pointer_of(place: &str) -> &str {
    place.find(": /").map_or(place, |at| &place[at + 2..])
}

/// Replaces what a pointer leads to by something that every stage takes. Says whether anything
/// changed.
fn take_out(document: &mut Value, pointer: &str) -> bool {
    let tokens: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let empty = || json!({ "description": "" });
    match tokens.as_slice() {
        ["paths", path, method, "responses", status, ..] => {
            put(document, &["paths", path, method, "responses", status], empty())
                || remove(document, &["paths", path], method)
        }
        ["paths", path, method, "requestBody", ..] => {
            remove(document, &["paths", path, method], "requestBody")
                || remove(document, &["paths", path], method)
        }
        ["paths", path, method, ..] => remove(document, &["paths", path], method),
        ["paths", path] => remove(document, &["paths"], path),
        ["components", "schemas", name, ..] => {
            put(document, &["components", "schemas", name], json!({}))
        }
        ["components", "responses", name, ..] => {
            put(document, &["components", "responses", name], empty())
        }
        ["components", section, ..] => remove(document, &["components"], section),
        ["info", key, ..] => put(document, &["info", key], "1".into()),
        [key, ..] if !matches!(*key, "openapi" | "info" | "paths") => remove(document, &[], key),
        _ => false,
    }
}

/// Replaces a value that is there. Says whether it changed.
fn put(document: &mut Value, place: &[&str], with: Value) -> bool {
    at(document, place).is_some_and(|value| std::mem::replace(value, with.clone()) != with)
}

fn remove(document: &mut Value, parent: &[&str], key: &str) -> bool {
    let members = at(document, parent).and_then(Value::as_object_mut);
    members.is_some_and(|members| members.remove(key).is_some())
}

fn at<'v>(document: &'v mut Value, place: &[&str]) -> Option<&'v mut Value> {
    place.iter().try_fold(document, |value, key| value.as_object_mut()?.get_mut(*key))
}
