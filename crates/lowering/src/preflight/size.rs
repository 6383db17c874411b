//! How large a lowered description is for the generator, whose time and memory grow with the
//! number of parts, and faster along chains of composition.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::composition;
use crate::problem::{Limit, Place, Problem, Problems};
use crate::schemas::{children_of, roots};

/// What an operation counts for: its builder is as large as several properties.
const OPERATION: usize = 3;

/// The longest chain of components of which one is a part or arm of the next: the generator
/// merges each with all below it.
const MOST_LEVELS: usize = 64;

/// Rejects what the generator would take too long for.
pub(super) fn check(document: &Value, most_parts: usize) -> Result<(), Problems> {
    let parts = parts_of(document);
    if parts > most_parts {
        let what = format!(
            "its operations, parameters, schemas and required keys count for {parts}, which is \
             more than {most_parts}"
        );
        let fix = "remove what the client does not need with overlay actions";
        return Err(Problem::new("#", what, fix).passing(Limit::Parts).into());
    }
    let place = Place::root().at("components").at("schemas");
    let empty = Map::new();
    let schemas = document["components"]["schemas"].as_object().unwrap_or(&empty);
    let mut known = BTreeMap::new();
    let mut problems = Vec::new();
    for name in schemas.keys() {
        // Each component that leads to a long one is longer still; the first tells enough.
        if problems.is_empty() && levels(name, schemas, &mut known) > MOST_LEVELS {
            problems.push(place.at(name).problem(
                format!("it is put together through more than {MOST_LEVELS} components"),
                "shorten the chain with an overlay action",
            ));
        }
    }
    Problems::none_or(problems, ())
}

/// What a lowered document counts for.
fn parts_of(document: &Value) -> usize {
    let items = document["paths"].as_object().into_iter().flat_map(Map::values);
    let operations: Vec<_> = items.filter_map(Value::as_object).flat_map(Map::values).collect();
    let parameters = operations.iter().filter_map(|operation| operation.get("parameters"));
    let parameters = parameters.filter_map(Value::as_array).map(Vec::len).sum::<usize>();
    let schemas = roots(document);
    let schemas = schemas.iter().filter_map(|root| document.pointer(root.place.as_str()));
    OPERATION * operations.len() + parameters + schemas.map(parts).sum::<usize>()
}

/// A schema and all below it, with the keys that it requires: each may become a property.
fn parts(schema: &Value) -> usize {
    let required = schema.get("required").and_then(Value::as_array).map_or(0, Vec::len);
    1 + required + children_of(schema).map(|(_, child)| parts(child)).sum::<usize>()
}

/// How many components one leads through by its parts and arms. One that is being followed
/// already counts for nothing: circles have a check of their own.
fn levels<'v>(
    name: &'v str,
    schemas: &'v Map<String, Value>,
    known: &mut BTreeMap<&'v str, usize>,
) -> usize {
    if let Some(levels) = known.get(name) {
        return *levels;
    }
    known.insert(name, 0);
    let mut targets = BTreeSet::new();
    if let Some(schema) = schemas.get(name) {
        composition::collect(schema, &mut targets);
    }
    let below = targets.into_iter().map(|target| levels(target, schemas, known)).max();
    let levels = 1 + below.unwrap_or(0);
    known.insert(name, levels);
    levels
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{MOST_LEVELS, check, parts, parts_of};

    const MOST_PARTS: usize = 4_000;

    fn rejection(schemas: Value) -> Option<String> {
        let document = json!({"components": {"schemas": schemas}});
        check(&document, MOST_PARTS).err().map(|problems| problems.to_string())
    }

    #[test]
    fn parts_are_counted_wherever_they_are() {
        let schema = json!({
            "type": "object",
            "required": ["a", "b"],
            "properties": {"a": {}, "b": {"type": "array", "items": {}}},
            "additionalProperties": {},
            "allOf": [{}, {"anyOf": [{}, {}]}],
        });
        assert_eq!(parts(&schema), 1 + 2 + 3 + 1 + 4);
        let body = json!({"content": {"application/json": {"schema": {}}}});
        let operation = json!({
            "parameters": [{"schema": {}}, {"schema": {"items": {}}}],
            "requestBody": body,
            "responses": {"200": body, "204": {}},
        });
        let document = json!({"paths": {"/a": {"get": operation}}});
        assert_eq!(parts_of(&document), 3 + (2 + 3) + 1 + 1);
    }

    #[test]
    fn too_many_parts_are_rejected() {
        let of = |count| json!({"A": {"anyOf": vec![json!({}); count]}});
        assert_eq!(rejection(of(MOST_PARTS - 1)), None);
        let message = rejection(of(MOST_PARTS)).expect("too many");
        assert!(message.contains("count for 4001"), "{message}");
    }

    #[test]
    fn long_chains_are_rejected_and_circles_are_not() {
        let chain = |count: usize| {
            let link = |index| {
                let next = format!("#/components/schemas/S{}", index + 1);
                (format!("S{index}"), json!({"allOf": [{"$ref": next}]}))
            };
            Value::Object((0..count).map(link).collect())
        };
        assert_eq!(rejection(chain(MOST_LEVELS - 1)), None);
        let message = rejection(chain(MOST_LEVELS + 1)).expect("too long");
        assert!(message.contains("put together through"), "{message}");
        assert_eq!(rejection(json!({"A": {"anyOf": [{"$ref": "#/components/schemas/A"}]}})), None);
    }
}
