//! Properties of partial updates have three states in Rust, as they have in JSON.
//!
//! The generator makes properties `Option` that may be absent, and also those that may be null. In
//! the body of a `PATCH` the two differ: an absent property keeps its value, and null removes it.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase as _;
use serde_json::Value;
use syn::{Field, Fields, GenericArgument, Item, PathArguments, Type, parse_quote};

use crate::items::{module, wire_name};

const PREFIX: &str = "#/components/schemas/";

/// Changes the type of properties of partial updates that may be null to `crate::wire::Patch`.
///
/// A union has no such fields and stays as it is; the lowering notes that null cannot be sent.
pub(super) fn tell_null_from_absent(file: &mut syn::File, document: &Value) {
    let Some(types) = module(&mut file.items, "types") else { return };
    for component in updates(document) {
        let name = component.to_upper_camel_case();
        for property in nullable(&document["components"]["schemas"][component]) {
            change_field(types, &name, property);
        }
    }
}

/// Returns the components that are bodies of partial updates.
fn updates(document: &Value) -> BTreeSet<&str> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let bodies = paths.filter_map(|(_, item)| {
        let content = &item["patch"]["requestBody"]["content"]["application/json"];
        content["schema"]["$ref"].as_str()?.strip_prefix(PREFIX)
    });
    bodies.collect()
}

/// Returns the properties of an object that may be absent and may be null.
fn nullable(schema: &Value) -> impl Iterator<Item = &String> {
    let required = schema["required"].as_array();
    let is_required = move |name: &str| required.is_some_and(|all| all.iter().any(|n| n == name));
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .filter(move |(name, property)| property["nullable"] == true && !is_required(name))
        .map(|(name, _)| name)
}

/// Changes the type of the field that holds a property.
fn change_field(types: &mut [Item], name: &str, property: &str) {
    let holds = |field: &&mut Field| {
        let ident = field.ident.as_ref().map(ToString::to_string);
        wire_name(field).or(ident).as_deref() == Some(property)
    };
    let Some(field) = fields(types, name).and_then(|mut fields| fields.find(holds)) else { return };
    if change(&mut field.ty).is_none() {
        return;
    }
    // The generator's attribute leaves out `None`. Of the three states, only `Absent` is left out.
    field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    field.attrs.push(parse_quote!(
        #[serde(rename = #property, default, skip_serializing_if = "crate::wire::Patch::is_absent")]
    ));
}

fn fields<'f>(items: &'f mut [Item], name: &str) -> Option<impl Iterator<Item = &'f mut Field>> {
    items.iter_mut().find_map(|item| match item {
        Item::Struct(found) if found.ident == name => match &mut found.fields {
            Fields::Named(fields) => Some(fields.named.iter_mut()),
            _ => None,
        },
        _ => None,
    })
}

/// Changes `Option<T>` to `crate::wire::Patch<T>`.
fn change(kind: &mut Type) -> Option<()> {
    let Type::Path(path) = &*kind else { return None };
    (path.path.segments.last()?.ident == "Option").then_some(())?;
    let inner = first_argument(kind)?.clone();
    *kind = parse_quote!(crate::wire::Patch<#inner>);
    Some(())
}

fn first_argument(kind: &mut Type) -> Option<&mut Type> {
    match kind {
        Type::Path(path) => first_of(&mut path.path.segments.last_mut()?.arguments),
        _ => None,
    }
}

fn first_of(arguments: &mut PathArguments) -> Option<&mut Type> {
    match arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first_mut()? {
            GenericArgument::Type(kind) => Some(kind),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::generate;

    fn document(method: &str, schemas: &Value) -> Value {
        let content =
            json!({"application/json": {"schema": {"$ref": "#/components/schemas/limits"}}});
        let operation = json!({
            "operationId": "update_limits",
            "requestBody": {"content": content, "required": true},
            "responses": {"2XX": {"description": ""}},
        });
        json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/limits": {method: operation}},
            "components": {"schemas": schemas},
        })
    }

    fn schemas() -> Value {
        let integer = json!({"type": "integer", "nullable": true});
        let node = json!({"allOf": [{"$ref": "#/components/schemas/Node"}], "nullable": true});
        json!({
            "Node": {"type": "object", "properties": {"name": integer}},
            "limits": {"type": "object", "required": ["must"], "properties": {
                "maxVus": integer, "type": integer, "node": node, "must": integer,
                "plain": {"type": "string"},
            }},
        })
    }

    #[test]
    fn optional_and_nullable_in_a_patch_has_three_states() {
        let code = generate(&document("patch", &schemas()).to_string()).expect("generates");
        let file = syn::parse_file(&code).expect("parses");
        let code = prettyplease::unparse(&file);
        for expected in [
            "pub max_vus: crate::wire::Patch<i64>,",
            "pub type_: crate::wire::Patch<i64>,",
            "pub node: crate::wire::Patch<Node>,",
            "pub must: ::std::option::Option<i64>,",
            "pub plain: ::std::option::Option<::std::string::String>,",
            "node: impl crate::wire::IntoOption<Node>",
            "node: impl crate::wire::IntoOption<types::Node>",
            "rename = \"maxVus\",",
            "skip_serializing_if = \"crate::wire::Patch::is_absent\"",
            // Response bodies and nested values have no third state.
            "pub name: ::std::option::Option<i64>,",
        ] {
            assert!(code.contains(expected), "{expected} is not in {code}");
        }
        // Each property has a setter in its type, which the one of the call uses.
        assert_eq!(code.matches("crate::wire::IntoOption::into_patch(").count(), 3);
    }

    #[test]
    fn union_in_a_patch_stays_as_it_is() {
        let arm = |kind: &str| {
            json!({"type": "object", "required": ["kind"], "properties": {
                "kind": {"type": "string", "enum": [kind]},
            }})
        };
        let mut schemas = schemas();
        schemas["limits"]["oneOf"] = json!([arm("a"), arm("b")]);
        let code = generate(&document("patch", &schemas).to_string()).expect("generates");
        assert!(code.contains("pub enum Limits"), "{code}");
        assert!(!code.contains("Patch<"), "{code}");
    }

    #[test]
    fn other_bodies_keep_their_options() {
        let code = generate(&document("put", &schemas()).to_string()).expect("generates");
        assert!(!code.contains("Patch"), "{code}");
    }
}
