//! How long a comparison takes.

use std::time::Instant;

use serde_json::Value;

use super::{compare, vendored};

/// The vendored description several times over: some 5,500 lines of YAML.
fn large() -> Value {
    let mut document = vendored();
    let base = document.clone();
    for copy in 0..4 {
        for map in ["/paths", "/components/schemas"] {
            let members = base.pointer(map).and_then(Value::as_object).cloned().unwrap_or_default();
            let target = document.pointer_mut(map).and_then(Value::as_object_mut);
            let target = target.expect("the base has it");
            for (key, value) in members {
                let text = value.to_string().replace("ApiModel\"", &format!("ApiModel{copy}\""));
                let value = serde_json::from_str(&text).expect("its own output");
                target.insert(format!("{key}{copy}"), value);
            }
        }
    }
    document
}

#[test]
fn large_descriptions_are_compared_at_once() {
    let old = large();
    let mut new = old.clone();
    // Something everywhere: each text, and each requirement.
    fn change(value: &mut Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::Array(names)) = members.get_mut("required") {
                    names.pop();
                }
                members.values_mut().for_each(change);
            }
            Value::Array(list) => list.iter_mut().for_each(change),
            Value::String(text) if text.contains(' ') => text.push('.'),
            _ => {}
        }
    }
    change(&mut new);
    let lines = serde_yaml::to_string(&old).expect("JSON is YAML").lines().count();
    let started = Instant::now();
    let changes = compare(&old, &new);
    let took = started.elapsed();
    println!("{lines} lines, {} changes, {took:?}", changes.len());
    assert!(lines > 5_000 && changes.len() > 500);
    // Far above what it takes, for machines that do other things besides.
    assert!(took.as_secs() < 2, "{took:?}");
}
