//! Schemas that are put together of others: circles, missing parts, unions that multiply.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::problem::{Place, Problem};
use crate::schemas::{children_of, target};

/// The most types that a schema may stand for once the unions inside its `allOf`s are multiplied
/// out, as the generator does.
const MOST_COMBINATIONS: u64 = 1_000;

/// Checks the composition of every component.
pub(super) fn check(
    schemas: &Map<String, Value>,
    at: &dyn Fn(&str) -> Place,
    problems: &mut Vec<Problem>,
) {
    for (name, schema) in schemas {
        problems.extend(check_references(schema, schemas, &at(name)).err());
    }
    let circles = problems.len();
    check_cycles(schemas, at, problems);
    if problems.len() > circles {
        // What is counted next would not end.
        return;
    }
    let mut known = BTreeMap::new();
    for (name, schema) in schemas {
        if combinations(schema, schemas, &mut known) > MOST_COMBINATIONS {
            problems.push(at(name).problem(
                format!("its unions combine to more than {MOST_COMBINATIONS} types"),
                "replace the unions inside `allOf` with an overlay action",
            ));
        }
    }
}

/// The components that a schema is put together of: not those of its properties and items.
pub(super) fn collect<'v>(schema: &'v Value, into: &mut BTreeSet<&'v str>) {
    into.extend(target(schema));
    for (step, child) in children_of(schema) {
        if step.is_arm() || step.is_part() {
            collect(child, into);
        }
    }
}

/// How many types a schema stands for. Circles are excluded before.
fn combinations<'v>(
    schema: &'v Value,
    schemas: &'v Map<String, Value>,
    known: &mut BTreeMap<&'v str, u64>,
) -> u64 {
    if let Some(name) = target(schema) {
        if let Some(count) = known.get(name) {
            return *count;
        }
        let count = schemas.get(name).map_or(1, |target| combinations(target, schemas, known));
        known.insert(name, count);
        return count;
    }
    let (mut any, mut one, mut all) = (0_u64, 0_u64, 1_u64);
    for (step, child) in children_of(schema) {
        match step.keyword {
            "anyOf" => any = any.saturating_add(combinations(child, schemas, known)),
            "oneOf" => one = one.saturating_add(combinations(child, schemas, known)),
            "allOf" => all = all.saturating_mul(combinations(child, schemas, known)),
            _ => {}
        }
    }
    any.max(1).saturating_mul(one.max(1)).saturating_mul(all)
}

/// Every reference of the lowered document leads to a component.
fn check_references(
    value: &Value,
    schemas: &Map<String, Value>,
    at: &Place,
) -> Result<(), Problem> {
    let mut targets = BTreeSet::new();
    collect(value, &mut targets);
    match targets.iter().find(|target| !schemas.contains_key(**target)) {
        Some(missing) => Err(at.problem(
            format!("the component {missing:?} does not exist"),
            "add it, or correct the reference, with an overlay action",
        )),
        None => Ok(()),
    }
}

/// A schema put together of itself stands for no finite type; the generator would not return.
fn check_cycles(
    schemas: &Map<String, Value>,
    at: &dyn Fn(&str) -> Place,
    problems: &mut Vec<Problem>,
) {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in schemas.keys() {
        // Depth first, without recursion: chains are as long as the document makes them.
        let mut stack = vec![(start.as_str(), false)];
        let mut open: BTreeSet<&str> = BTreeSet::new();
        while let Some((name, leaving)) = stack.pop() {
            if leaving {
                open.remove(name);
                done.insert(name);
                continue;
            }
            if open.contains(name) {
                problems.push(at(name).problem(
                    "the schema is put together of itself",
                    "break the circle with an overlay action",
                ));
                return;
            }
            if done.contains(name) {
                continue;
            }
            open.insert(name);
            stack.push((name, true));
            let mut targets = BTreeSet::new();
            if let Some(schema) = schemas.get(name) {
                collect(schema, &mut targets);
            }
            stack.extend(targets.into_iter().map(|target| (target, false)));
        }
    }
}
