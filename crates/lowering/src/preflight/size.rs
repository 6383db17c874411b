//! How large a lowered description is for the generator, whose time and memory grow with the
//! number of parts, and faster along chains of composition.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::problem::{Place, Problem};

/// The most parts; a dozen operations have some 230. Each takes the generator some 50 KiB and
/// 0.7 ms, unoptimised.
const MOST_PARTS: usize = 4_000;

/// What an operation counts for: its builder is as large as several properties.
const OPERATION: usize = 3;

/// The longest chain of components of which one is a part or arm of the next: the generator
/// merges each with all below it.
const MOST_LEVELS: usize = 64;

/// Refuses what the generator would take too long for.
pub(super) fn check(
    paths: &Map<String, Value>,
    schemas: &Map<String, Value>,
) -> Result<(), Problem> {
    let parts = paths.values().map(in_path).chain(schemas.values().map(parts)).sum::<usize>();
    if parts > MOST_PARTS {
        let what = format!(
            "its operations, parameters, schemas and required keys count for {parts}, which is \
             more than {MOST_PARTS}"
        );
        let mend = "remove what the client has no need of with overlay actions, or raise \
                    MOST_PARTS in xtask/src/preflight/size.rs";
        return Err(Problem::new("#", what, mend));
    }
    let place = Place::root().at("components").at("schemas");
    let mut known = BTreeMap::new();
    for name in schemas.keys() {
        if levels(name, schemas, &mut known) > MOST_LEVELS {
            return Err(place.at(name).problem(
                format!("it is put together through more than {MOST_LEVELS} components"),
                "shorten the chain with an overlay action",
            ));
        }
    }
    Ok(())
}

/// What a path item of lowered operations counts for.
fn in_path(item: &Value) -> usize {
    item.as_object().into_iter().flat_map(Map::values).map(in_operation).sum()
}

fn in_operation(operation: &Value) -> usize {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let responses = operation.get("responses").and_then(Value::as_object);
    let holders = responses.into_iter().flat_map(Map::values).chain(operation.get("requestBody"));
    let media = holders.filter_map(|holder| holder.get("content")?.as_object());
    let holders = parameters.chain(media.flat_map(Map::values));
    OPERATION + holders.map(|holder| 1 + holder.get("schema").map_or(0, parts)).sum::<usize>()
}

/// A schema and all below it, with the keys that it requires: each may become a property.
fn parts(schema: &Value) -> usize {
    let below =
        schema.as_object().into_iter().flatten().map(|(key, value)| match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.values().map(parts).sum(),
            ("allOf" | "anyOf" | "oneOf", Value::Array(arms)) => arms.iter().map(parts).sum(),
            ("items" | "additionalProperties", schema) => parts(schema),
            ("required", Value::Array(keys)) => keys.len(),
            _ => 0,
        });
    1 + below.sum::<usize>()
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
        super::composition(schema, &mut targets);
    }
    let below = targets.into_iter().map(|target| levels(target, schemas, known)).max();
    let levels = 1 + below.unwrap_or(0);
    known.insert(name, levels);
    levels
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{MOST_LEVELS, MOST_PARTS, check, in_operation, parts};

    fn refusal(schemas: Value) -> Option<String> {
        let schemas = schemas.as_object().expect("an object");
        check(&Map::new(), schemas).err().map(|problem| problem.to_string())
    }

    #[test]
    fn parts_are_counted_wherever_they_stand() {
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
        assert_eq!(in_operation(&operation), 3 + (2 + 3) + 2 + 2);
    }

    #[test]
    fn too_many_parts_are_refused() {
        let of = |count| json!({"A": {"anyOf": vec![json!({}); count]}});
        assert_eq!(refusal(of(MOST_PARTS - 1)), None);
        let message = refusal(of(MOST_PARTS)).expect("too many");
        assert!(message.contains("count for 4001") && message.contains("MOST_PARTS"), "{message}");
    }

    #[test]
    fn long_chains_are_refused_and_circles_are_not() {
        let chain = |count: usize| {
            let link = |index| {
                let next = format!("#/components/schemas/S{}", index + 1);
                (format!("S{index}"), json!({"allOf": [{"$ref": next}]}))
            };
            Value::Object((0..count).map(link).collect())
        };
        assert_eq!(refusal(chain(MOST_LEVELS - 1)), None);
        let message = refusal(chain(MOST_LEVELS + 1)).expect("too long");
        assert!(message.contains("put together through"), "{message}");
        assert_eq!(refusal(json!({"A": {"anyOf": [{"$ref": "#/components/schemas/A"}]}})), None);
    }
}
