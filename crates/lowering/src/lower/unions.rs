//! The rules for types and unions: type arrays, null arms, nullability.

use serde_json::{Value, json};

use super::{Lowering, RuleId, array, origin};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

const UNIONS: [&str; 2] = ["anyOf", "oneOf"];

/// How deep a chain of references and unions is followed to see whether it allows null.
const MOST_HOPS: usize = 6;

/// Whether a schema is put together of others.
pub(super) fn has_composition(members: &Members) -> bool {
    ["$ref", "allOf", "anyOf", "oneOf"].iter().any(|key| members.contains_key(*key))
}

/// Replaces the arms of a union that only stand for null by `nullable`.
///
/// A `null` type that stays would make the generator panic. An arm that is itself nullable makes
/// the whole nullable. A single arm that is left is not a union any more.
pub(super) fn drop_null_arms(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    for union in UNIONS {
        let Some(arms) = members.get(union) else {
            continue;
        };
        let at = origin::of_keyword(members, place, union);
        let arms = array(arms, &at)?;
        let mut nullable = false;
        let mut left = Vec::new();
        for arm in arms {
            if is_null(lowering, arm, 0) {
                nullable = true;
            } else {
                let (arm, had_null) = without_null(arm);
                nullable |= had_null;
                left.push(arm);
            }
        }
        if left.is_empty() && arms.is_empty() {
            members.remove(union);
            let fix = "give it arms, or remove it, with an overlay action";
            return Err(at.problem("a union without arms allows nothing", fix));
        }
        if nullable {
            members.insert("nullable".into(), true.into());
        }
        match <[Value; 1]>::try_from(left) {
            Ok([only]) => {
                members.remove(union);
                merge_only_arm(members, only, &at);
                // The arm may have been a union itself.
                return drop_null_arms(lowering, members, place);
            }
            Err(left) if left.is_empty() => {
                let effect = "a value that is always null is read as any value";
                lowering.note(RuleId::OnlyNull, effect, &at);
                members.remove(union);
            }
            Err(left) => {
                members.insert(union.into(), left.into());
            }
        }
    }
    // Nothing but null, for which the generator has no type.
    if is_null_type(members.get("type")) || is_only_null(members.get("enum")) {
        let effect = "a value that is always null is read as any value";
        lowering.note(RuleId::OnlyNull, effect, &origin::of_keyword(members, place, "type"));
        members.remove("type");
        members.remove("enum");
        members.insert("nullable".into(), true.into());
    }
    Ok(())
}

/// Puts the members of a union's only arm beside the others; where they clash, or it is a
/// reference, it goes to an `allOf`.
fn merge_only_arm(members: &mut Members, only: Value, union: &Place) {
    let clashes =
        |key: &String| members.contains_key(key) && !is_annotation(key) && !origin::is_mark(key);
    match only {
        Value::Object(mut arm)
            // An enum stays apart: its values do not have the null that the whole allows.
            if !["$ref", "const", "enum"].iter().any(|key| arm.contains_key(*key))
                && !arm.keys().any(clashes) =>
        {
            let place = origin::of(&arm, union);
            origin::mark_children(&mut arm, &place);
            for (key, value) in arm.clone() {
                // What the whole says goes before what the arm says.
                if !origin::is_mark(&key) && !members.contains_key(&key) {
                    let at = origin::of_keyword(&arm, &place, &key);
                    origin::mark_keyword(members, &key, &at);
                    members.insert(key, value);
                }
            }
        }
        arm => {
            let mut all = vec![arm];
            if let Some(Value::Array(others)) = members.remove("allOf") {
                all.extend(others);
            }
            members.insert("allOf".into(), all.into());
        }
    }
}

fn is_annotation(key: &str) -> bool {
    matches!(key, "title" | "description" | "example" | "examples" | "deprecated" | "default")
}

/// Takes null out of an arm's own type; says whether it was there.
fn without_null(arm: &Value) -> (Value, bool) {
    let mut arm = arm.clone();
    let Some(members) = arm.as_object_mut() else {
        return (arm, false);
    };
    // An enum without null does not allow it, whatever the type says.
    let listed = match members.get("enum") {
        Some(Value::Array(values)) => values.iter().any(Value::is_null),
        _ => !members.contains_key("const"),
    };
    let mut had_null = members.remove("nullable") == Some(Value::Bool(true));
    if let Some(Value::Array(types)) = members.get_mut("type") {
        let before = types.len();
        types.retain(|name| name != "null");
        had_null |= types.len() < before;
        if types.len() == 1 {
            let only = types.remove(0);
            members.insert("type".into(), only);
        }
    }
    if had_null {
        if let Some(Value::Array(values)) = members.get_mut("enum") {
            values.retain(|value| !value.is_null());
        }
        if members.get("default") == Some(&Value::Null) {
            members.remove("default");
        }
    }
    (arm, had_null && listed)
}

fn is_null_type(name: Option<&Value>) -> bool {
    match name {
        Some(Value::String(name)) => name == "null",
        Some(Value::Array(names)) => !names.is_empty() && names.iter().all(|name| name == "null"),
        _ => false,
    }
}

/// Whether a schema allows null and nothing else, also behind references.
fn is_null(lowering: &Lowering<'_>, schema: &Value, hops: usize) -> bool {
    let Some(members) = schema.as_object() else {
        return false;
    };
    if members.contains_key("$ref") {
        return hops < MOST_HOPS
            && lowering
                .resolve_schema(schema)
                .is_some_and(|schema| is_null(lowering, schema, hops + 1));
    }
    is_null_type(members.get("type"))
        || members.get("const") == Some(&Value::Null)
        || is_only_null(members.get("enum"))
}

fn is_only_null(listed: Option<&Value>) -> bool {
    match listed {
        Some(Value::Array(values)) => !values.is_empty() && values.iter().all(Value::is_null),
        _ => false,
    }
}

/// Whether a schema whose null arms are already dropped allows null.
pub(super) fn allows_null(lowering: &Lowering<'_>, members: &Members, hops: usize) -> bool {
    if members.get("nullable") == Some(&Value::Bool(true)) {
        return true;
    }
    let type_allows = match members.get("type") {
        None => None,
        Some(Value::Array(names)) => Some(names.iter().any(|name| name == "null")),
        Some(name) => Some(name == "null"),
    };
    if type_allows == Some(true) {
        return true;
    }
    let below = |schema: &Value| {
        let target = lowering.resolve_schema(schema).and_then(Value::as_object);
        hops < MOST_HOPS
            && (is_null(lowering, schema, 0)
                || target.is_some_and(|members| allows_null(lowering, members, hops + 1)))
    };
    let arms = |key: &str| members.get(key).and_then(Value::as_array).into_iter().flatten();
    if let Some(reference) = members.get("$ref") {
        return below(&json!({ "$ref": reference }));
    }
    if has_composition(members) {
        let united = UNIONS.iter().any(|union| arms(union).any(below));
        let mut all = arms("allOf").peekable();
        return united || (all.peek().is_some() && all.all(below));
    }
    // A schema without a type allows everything, null included.
    type_allows.is_none() && !members.contains_key("enum")
}
