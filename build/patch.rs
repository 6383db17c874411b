//! Properties of partial updates have three states in Rust, as they have in JSON.
//!
//! The generator makes `Option` of what may be absent and of what may be null. In the body of a
//! `PATCH` the two mean different things: what is absent stays as it is, what is null is removed.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase as _;
use serde_json::{Map, Value};
use syn::{Fields, GenericArgument, Item, PathArguments, Type, parse_quote};

const PREFIX: &str = "#/components/schemas/";

/// Gives `crate::wire::Patch` to the properties of partial updates that may be null.
pub(super) fn tell_null_from_absent(file: &mut syn::File, document: &Value) -> Result<(), String> {
    let Some(types) = module(&mut file.items, "types") else { return Ok(()) };
    for component in updates(document) {
        let schema = &document["components"]["schemas"][component];
        let name = component.to_upper_camel_case();
        for property in nullable(schema) {
            let change = |items: &mut [Item]| change(items, &name, property);
            let field = change(types);
            let setter = module(types, "builder").and_then(|builders| change(builders));
            if field.is_none() || setter.is_none() || field != setter {
                return Err(format!("the type {name} has no field and setter for {property:?}"));
            }
        }
    }
    Ok(())
}

/// The components that are bodies of partial updates.
fn updates(document: &Value) -> BTreeSet<&str> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let bodies = paths.filter_map(|(_, item)| {
        let content = &item["patch"]["requestBody"]["content"]["application/json"];
        content["schema"]["$ref"].as_str()?.strip_prefix(PREFIX)
    });
    bodies.collect()
}

/// The properties of an object that may be absent, and null.
fn nullable(schema: &Value) -> impl Iterator<Item = &String> {
    static NONE: Map<String, Value> = Map::new();
    let required = schema["required"].as_array();
    let is_required = move |name: &str| required.is_some_and(|all| all.iter().any(|n| n == name));
    schema["properties"]
        .as_object()
        .unwrap_or(&NONE)
        .iter()
        .filter(move |(name, property)| property["nullable"] == true && !is_required(name))
        .map(|(name, _)| name)
}
