//! Which arms of a union, and which parts of an `allOf`, match.

use serde_json::{Value, json};

use super::super::{Change, Severity};
use super::{compare, line};

/// A description in which a response, or a request, has the component `It`.
fn document(sent: bool, it: Value, others: &Value) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/It" });
    let content = json!({ "application/json": { "schema": schema } });
    let operation = if sent {
        json!({ "operationId": "put_it", "requestBody": { "content": content },
                "responses": { "204": { "description": "" } } })
    } else {
        json!({ "operationId": "put_it",
                "responses": { "200": { "description": "", "content": content } } })
    };
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/it": { "put": operation } },
        "components": { "schemas": others },
    });
    document["components"]["schemas"]["It"] = it;
    document
}

fn object(properties: Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

/// The rules of the changes in a response, with the ends of their pointers, sorted.
fn found(old: Value, new: Value) -> Vec<String> {
    found_beside(old, new, &json!({}))
}

fn found_beside(old: Value, new: Value, others: &Value) -> Vec<String> {
    let changes = compare(&document(false, old, others), &document(false, new, others));
    let short = |change: &Change| {
        let end = change.pointer.rsplit("/It/").next().unwrap_or_default().to_owned();
        format!("{} {end}", change.rule.id)
    };
    changes.iter().map(short).collect()
}

#[test]
fn removed_part_that_may_require_keys_is_breaking() {
    let a = json!({ "type": "object", "required": ["a"], "properties": { "a": {} } });
    let plain = |name: &str| object(json!({ name: { "type": "string" } }));
    let composed = json!({ "allOf": [a, plain("b")] });
    let union = json!({ "oneOf": [a, plain("b")] });
    for (part, wire) in [
        (a, Severity::Breaking),
        (composed, Severity::Breaking),
        (union, Severity::Breaking),
        (plain("b"), Severity::Additive),
    ] {
        let old = json!({ "allOf": [part, plain("c"), plain("d")] });
        let new = json!({ "allOf": [plain("c"), plain("d")] });
        let none = json!({});
        let changes = compare(&document(false, old, &none), &document(false, new, &none));
        let lines: Vec<_> = changes.iter().map(line).collect();
        let [change] = changes.as_slice() else { panic!("{part}: {lines:?}") };
        assert_eq!((change.rule.id, change.wire), ("response-part-removed", wire), "{part}");
    }
}

#[test]
fn arms_match_by_their_constants() {
    let arm = |kind: &str, name: &str| {
        object(json!({ "kind": { "const": kind }, name: { "type": "string" }, "x": {} }))
    };
    let old = json!({ "oneOf": [arm("a", "left"), arm("b", "right")] });
    let new = json!({ "oneOf": [arm("b", "right2"), arm("a", "left2")] });
    let mut rules = found(old, new);
    rules.retain(|rule| !rule.starts_with("union-order-changed"));
    rules.sort();
    assert_eq!(
        rules,
        [
            "response-property-added oneOf/0/properties/right2",
            "response-property-added oneOf/1/properties/left2",
            "response-property-removed oneOf/0/properties/left",
            "response-property-removed oneOf/1/properties/right",
        ]
    );
}

#[test]
fn arm_matches_a_component_of_its_shape() {
    let (left, right) = (object(json!({ "l": {} })), object(json!({ "r": {} })));
    let others = json!({ "Left": left, "Right": right });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let old = json!({ "oneOf": [left, right] });
    let new = json!({ "oneOf": [reference("Left"), reference("Right")] });
    let rules = found_beside(old, new, &others);
    assert_eq!(rules, ["reference-changed oneOf/0", "reference-changed oneOf/1"]);
}

#[test]
fn last_arms_match_only_if_one_is_left_on_each_side() {
    let (a, b) = (object(json!({ "a": {} })), object(json!({ "b": {} })));
    let other = object(json!({ "c": {} }));
    let old = json!({ "oneOf": [a, b] });
    let mut rules = found(old.clone(), json!({ "oneOf": [a, other] }));
    rules.sort();
    assert_eq!(
        rules,
        [
            "response-property-added oneOf/1/properties/c",
            "response-property-removed oneOf/1/properties/b",
        ]
    );
    // Of several, nobody knows which became which.
    let d = object(json!({ "d": {} }));
    let mut rules = found(json!({ "oneOf": [a, b, d] }), json!({ "oneOf": [a, other] }));
    rules.sort();
    assert_eq!(
        rules,
        [
            "response-union-arm-added oneOf/1",
            "response-union-arm-removed oneOf/1",
            "response-union-arm-removed oneOf/2",
        ]
    );
}

#[test]
fn scalars_match_by_their_type() {
    let old = json!({ "oneOf": [
        { "type": "string", "maxLength": 5 }, { "type": "integer", "minimum": 1 },
    ] });
    let new = json!({ "oneOf": [
        { "type": "integer", "minimum": 2 }, { "type": "string", "maxLength": 6 },
    ] });
    let mut rules = found(old, new);
    rules.retain(|rule| !rule.starts_with("union-order-changed"));
    rules.sort();
    assert_eq!(
        rules,
        [
            "response-constraint-loosened oneOf/1/maxLength",
            "response-constraint-tightened oneOf/0/minimum",
        ]
    );
}

#[test]
fn schema_that_became_an_arm_takes_more_values() {
    let arm = json!({ "type": "string", "maxLength": 5 });
    let union = json!({ "oneOf": [arm, object(json!({ "a": {} }))] });
    let none = json!({});
    let of = |sent, old: &Value, new: &Value| {
        let old = document(sent, old.clone(), &none);
        let changes = compare(&old, &document(sent, new.clone(), &none));
        let told = changes.iter().find(|change| change.rule.id.contains("-union-arm-"));
        told.map(|change| (change.wire, change.consequence.clone())).expect("a change of arms")
    };
    let (additive, breaking) = (Severity::Additive, Severity::Breaking);
    for (sent, old, new, wire, says) in [
        (true, &arm, &union, additive, "Values of other types may be sent as well."),
        (true, &union, &arm, breaking, "Calls that send a value of a removed type are rejected."),
        (false, &union, &arm, additive, "Fewer types of values come; all are read as before."),
    ] {
        assert_eq!(of(sent, old, new), (wire, says.to_owned()), "{old} {new}");
    }
}

/// Beside a `oneOf`, an `anyOf` is compared arm by arm.
#[test]
fn second_union_is_compared_by_its_arms() {
    let both = |maximum: i64| {
        json!({
            "oneOf": [object(json!({ "a": {} })), object(json!({ "b": {} }))],
            "anyOf": [{ "type": "string", "maxLength": maximum }, object(json!({ "c": {} }))],
        })
    };
    // The order of the keywords decides which one is the second.
    let rules = found(both(5), both(6));
    assert_eq!(rules, ["response-constraint-loosened anyOf/0/maxLength"]);
    let mut without = both(5);
    without.as_object_mut().expect("an object").remove("oneOf");
    assert!(!found(both(5), without.clone()).is_empty());
    assert!(!found(without, both(5)).is_empty());
}

#[test]
fn arm_with_another_component_that_both_sides_have_is_another_arm() {
    let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let others = json!({
        "A": object(json!({ "a": { "type": "string" } })),
        "B": object(json!({ "b": { "type": "integer" } })),
        "C": object(json!({ "c": { "type": "boolean" } })),
    });
    let (old, new) =
        (json!({ "oneOf": [to("A"), to("B")] }), json!({ "oneOf": [to("A"), to("C")] }));
    let found = found_beside(old, new, &others);
    assert_eq!(found, ["response-union-arm-added oneOf/1", "response-union-arm-removed oneOf/1"]);
}

#[test]
fn null_in_an_enum_of_its_own_is_null() {
    for only_null in
        [json!({ "enum": [null] }), json!({ "const": null }), json!({ "type": "null" })]
    {
        let union = json!({ "anyOf": [{ "type": "string" }, only_null] });
        assert_eq!(found(union, json!({ "type": ["string", "null"] })), ["respelled anyOf"]);
    }
    let union = json!({ "anyOf": [{ "type": "string" }, { "enum": [] }] });
    assert_ne!(found(union, json!({ "type": ["string", "null"] })), ["respelled anyOf"]);
}
