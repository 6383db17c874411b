//! What the operations need of a description. Only that becomes Rust.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{METHODS, SCHEMAS};

/// Returns the names of the schemas that operations refer to, except in their error responses.
pub(super) fn schemas(document: &Value) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let items = document["paths"].as_object().into_iter().flatten();
    for (key, value) in items.filter_map(|(_, item)| item.as_object()).flatten() {
        let operation = value.as_object().filter(|_| METHODS.contains(&key.as_str()));
        let Some(operation) = operation else {
            follow(value, document, &mut seen);
            continue;
        };
        for (key, value) in operation {
            match value.as_object().filter(|_| key == "responses") {
                Some(responses) => {
                    let successes =
                        responses.iter().filter(|(status, _)| status.starts_with(['1', '2', '3']));
                    successes.for_each(|(_, response)| follow(response, document, &mut seen));
                }
                None => follow(value, document, &mut seen),
            }
        }
    }
    seen.iter().filter_map(|found| found.strip_prefix(SCHEMAS)).map(str::to_owned).collect()
}

/// Adds the references below a value, also those of what they refer to.
fn follow(value: &Value, document: &Value, seen: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str)
                && let Some(pointer) = reference.strip_prefix('#')
                && let Some(target) = document.pointer(pointer)
                && seen.insert(reference.to_owned())
            {
                follow(target, document, seen);
            }
            // Examples are data: a `$ref` in them is not a reference.
            let members = members.iter().filter(|(key, _)| !key.starts_with("example"));
            members.for_each(|(_, member)| follow(member, document, seen));
        }
        Value::Array(list) => list.iter().for_each(|item| follow(item, document, seen)),
        _ => {}
    }
}
