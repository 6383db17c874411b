//! Fields of one type that have the same name in Rust.
//!
//! Two properties may differ in nothing but case or punctuation, and the generator calls the field for
//! all other properties `extra`, also beside a property of that name.

use std::collections::{BTreeMap, BTreeSet};

use quote::{ToTokens as _, format_ident};
use syn::{Expr, Field, Fields, Ident, ImplItem, Item, Member, Stmt, parse_quote};

use crate::items::{is_flattened, last_segment, module, wire_name};

/// Gives fields whose name another one has a name of their own.
pub(crate) fn make_unique(file: &mut syn::File) {
    let Some(types) = module(&mut file.items, "types") else { return };
    let mut renamed = BTreeMap::new();
    for item in types.iter_mut() {
        match item {
            Item::Struct(found) => {
                let new = names(&mut found.fields);
                if !new.is_empty() {
                    renamed.insert(found.ident.clone(), new);
                }
            }
            Item::Enum(found) => {
                for variant in &mut found.variants {
                    names(&mut variant.fields);
                }
            }
            _ => {}
        }
    }
    for item in types {
        if let Item::Impl(block) = item
            && let Some(new) = last_segment(&block.self_ty).and_then(|s| renamed.get(&s.ident))
        {
            rename_in_default(block, new);
        }
    }
}

/// Removes functions for defaults that are there twice: an arm with properties beside its union is a
/// variant and a type of its own, and both have them.
pub(crate) fn drop_equal_defaults(file: &mut syn::File) {
    let types = module(&mut file.items, "types");
    let Some(defaults) = types.and_then(|types| module(types, "defaults")) else { return };
    let mut seen = BTreeSet::new();
    defaults.retain(|item| {
        !matches!(item, Item::Fn(_)) || seen.insert(item.to_token_stream().to_string())
    });
}

/// Returns the new names by the index of their field.
fn names(fields: &mut Fields) -> BTreeMap<usize, Ident> {
    let Fields::Named(fields) = fields else { return BTreeMap::new() };
    let mut taken: Vec<Ident> = Vec::new();
    let mut again = Vec::new();
    // The field for all other properties gives way to a property.
    let (others, properties): (Vec<_>, Vec<_>) =
        fields.named.iter_mut().enumerate().partition(|(_, field)| is_flattened(field));
    for (index, field) in properties.into_iter().chain(others) {
        let Some(ident) = field.ident.clone() else { continue };
        match taken.contains(&ident) {
            true => again.push((index, field)),
            false => taken.push(ident),
        }
    }
    let mut renamed = BTreeMap::new();
    for (index, field) in again {
        let Some(ident) = field.ident.clone() else { continue };
        let mut number = 2;
        let mut name = format_ident!("{ident}_{number}");
        while taken.contains(&name) {
            number += 1;
            name = format_ident!("{ident}_{number}");
        }
        rename(field, &ident, &name);
        taken.push(name.clone());
        renamed.insert(index, name);
    }
    renamed
}

fn rename(field: &mut Field, old: &Ident, new: &Ident) {
    if !is_flattened(field) && wire_name(field).is_none() {
        let name = old.to_string();
        field.attrs.push(parse_quote!(#[serde(rename = #name)]));
    }
    field.ident = Some(new.clone());
}

/// Renames the fields in the value that `default` returns, which has them in the same order.
fn rename_in_default(block: &mut syn::ItemImpl, new: &BTreeMap<usize, Ident>) {
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item
            && function.sig.ident == "default"
            && let Some(Stmt::Expr(Expr::Struct(value), None)) = function.block.stmts.last_mut()
        {
            for (index, field) in value.fields.iter_mut().enumerate() {
                if let Some(name) = new.get(&index) {
                    field.member = Member::Named(name.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{code, contains};

    fn code_of(thing: &Value) -> String {
        let schema = json!({"$ref": "#/components/schemas/Thing"});
        let content = json!({"application/json": {"schema": schema}});
        code(&json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/thing": {"put": {
                "operationId": "put_thing",
                "requestBody": {"content": content, "required": true},
                "responses": {"200": {"description": "", "content": content}},
            }}},
            "components": {"schemas": {"Thing": thing}},
        }))
    }

    #[test]
    fn properties_of_one_name_in_rust_are_two_fields() {
        let text = json!({"type": "string"});
        let properties = json!({"foo-bar": text, "foo_bar": text, "fooBar": text});
        let code = code_of(&json!({"type": "object", "properties": properties}));
        for name in ["foo_bar", "foo_bar_2", "foo_bar_3"] {
            assert!(contains(&code, &format!("pub {name}: ::std::option::Option<")), "{code}");
            assert!(contains(&code, &format!("self.{name} = ")), "{code}");
        }
        for name in ["foo-bar", "foo_bar", "fooBar"] {
            assert!(contains(&code, &format!("rename = \"{name}\"")), "{code}");
        }
    }

    #[test]
    fn default_of_an_arm_beside_properties_is_written_once() {
        let arm = |kind: &str| json!({"$ref": format!("#/components/schemas/{kind}")});
        let of = |kind: &str| {
            json!({"type": "object", "required": ["kind"], "properties": {
                "kind": {"type": "string", "enum": [kind]},
                "on": {"type": "string", "default": "d"},
            }})
        };
        let schema = arm("Thing");
        let content = json!({"application/json": {"schema": schema}});
        let code = code(&json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/thing": {"get": {
                "operationId": "get_thing",
                "responses": {"200": {"description": "", "content": content}},
            }}},
            "components": {"schemas": {
                "Thing": {
                    "type": "object",
                    "required": ["n"],
                    "properties": {"n": {"type": "integer"}},
                    "oneOf": [arm("ThingVariant0"), arm("ThingVariant1")],
                },
                "ThingVariant0": of("a"),
                "ThingVariant1": of("b"),
            }},
        }));
        assert_eq!(code.matches("fnthing_variant0_on()").count(), 1, "{code}");
    }

    #[test]
    fn property_that_is_called_extra_keeps_its_name() {
        let code = code_of(&json!({
            "type": "object",
            "properties": {"extra": {"type": "string"}},
            "additionalProperties": {"type": "integer"},
        }));
        assert!(
            contains(&code, "pub extra: ::std::option::Option<::std::string::String>"),
            "{code}"
        );
        assert!(contains(&code, "#[serde(flatten)] pub extra_2:"), "{code}");
    }
}
