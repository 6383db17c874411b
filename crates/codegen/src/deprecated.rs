//! Marks what the description deprecates as `#[deprecated]`: the client's method for an operation,
//! the setter of a parameter, the field and the setter of a property.
//!
//! Builders of calls and whole components are not marked. A user gets to them only through a method
//! or a field that is marked, and one warning is enough.

use std::collections::BTreeSet;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};
use syn::{Attribute, Item, parse_quote};

use crate::items::{module, wire_name};

const PREFIX: &str = "#/components/schemas/";

/// Marks the fields of properties that `document` deprecates. Setters copy the attribute from their
/// field.
pub(crate) fn mark_properties(file: &mut syn::File, document: &Value) {
    let none = Map::new();
    let schemas = document["components"]["schemas"].as_object().unwrap_or(&none);
    let Some(types) = module(&mut file.items, "types") else { return };
    for (component, schema) in schemas {
        let mut names = BTreeSet::new();
        deprecated_properties(schema, schemas, &mut BTreeSet::new(), &mut names);
        mark_fields(types, &component.to_upper_camel_case(), &names);
    }
}

fn is_deprecated(value: &Value) -> bool {
    value["deprecated"] == true
}

fn plain() -> Attribute {
    parse_quote!(#[deprecated(note = "the API deprecates it")])
}

/// Returns the attribute for a method of the client.
pub(crate) fn of_call(operation: &Value) -> Option<TokenStream> {
    let note = sentence(operation, |name| format!("use `{name}`"))?;
    Some(quote!(#[deprecated(note = #note)]))
}

/// Returns a paragraph for the documentation of a method of the client, for editors that do not
/// show the attribute's note.
pub(crate) fn paragraph(operation: &Value) -> Option<String> {
    let linked = sentence(operation, |name| format!("use [`{name}`](Self::{name})"))?;
    Some(format!("**Deprecated**: {linked}."))
}

/// Returns the attribute for a setter of a call.
pub(crate) fn of_parameter(parameter: &Value) -> Option<Attribute> {
    (is_deprecated(parameter) || is_deprecated(&parameter["schema"])).then(plain)
}

fn sentence(operation: &Value, instead: impl Fn(&str) -> String) -> Option<String> {
    is_deprecated(operation).then_some(())?;
    let replacement = operation["x-replacement"].as_str().map(str::to_snake_case);
    let first = replacement.as_deref().map(instead);
    let first = first.unwrap_or_else(|| "the API deprecates this call".to_owned());
    let removal = operation["x-removal-date"]
        .as_str()
        .map(|date| format!("the removal of this call was announced for {date}"));
    Some([Some(first), removal].into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// Collects the properties that a schema deprecates, including those of its `allOf`.
fn deprecated_properties(
    schema: &Value,
    schemas: &Map<String, Value>,
    seen: &mut BTreeSet<String>,
    into: &mut BTreeSet<String>,
) {
    let properties = schema["properties"].as_object().into_iter().flatten();
    into.extend(properties.filter(|(_, p)| is_deprecated(p)).map(|(name, _)| name.clone()));
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let name = part["$ref"].as_str().and_then(|reference| reference.strip_prefix(PREFIX));
        match name.and_then(|name| schemas.get(name).map(|schema| (name, schema))) {
            Some((name, target)) => {
                if seen.insert(name.to_owned()) {
                    deprecated_properties(target, schemas, seen, into);
                }
            }
            None => deprecated_properties(part, schemas, seen, into),
        }
    }
}

/// Marks the fields of the type `name` that hold these properties. Types that are not structs with
/// fields stay as they are.
fn mark_fields(types: &mut [Item], name: &str, properties: &BTreeSet<String>) {
    for item in types.iter_mut() {
        let Item::Struct(found) = item else { continue };
        if found.ident != name {
            continue;
        }
        for field in &mut found.fields {
            let Some(ident) = field.ident.clone() else { continue };
            if properties.contains(&wire_name(field).unwrap_or_else(|| ident.to_string())) {
                field.attrs.push(plain());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use syn::{Attribute, ImplItem, Item};

    use crate::generate;

    /// Generates a client with one operation, extended by `operation`, and one parameter, extended
    /// by `parameter`.
    fn code(operation: &Value, parameter: &Value, schemas: &Value) -> String {
        let mut get = json!({
            "operationId": "get_run",
            "summary": "Get a run",
            "description": "At length.",
            "parameters": [{ "in": "query", "name": "type", "schema": { "type": "string" } }],
            "responses": { "2XX": { "description": "" } },
        });
        for (target, extra) in [("", operation), ("/parameters/0", parameter)] {
            let members = get.pointer_mut(target).and_then(Value::as_object_mut);
            let extra = extra.as_object().cloned().unwrap_or_default();
            members.expect("an object").extend(extra);
        }
        let document = json!({
            "openapi": "3.0.3",
            "info": { "title": "t", "version": "1" },
            "paths": { "/runs": { "get": get } },
            "components": { "schemas": schemas },
        });
        generate(&document.to_string()).expect("generates")
    }

    /// Returns the path and the note of every deprecated item.
    fn marked(code: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        collect(&syn::parse_file(code).expect("parses").items, "", &mut found);
        found.sort();
        found
    }

    fn collect(items: &[Item], path: &str, found: &mut Vec<(String, String)>) {
        let add = |attributes: &[Attribute], name: String, found: &mut Vec<_>| {
            for attribute in attributes.iter().filter(|a| a.path().is_ident("deprecated")) {
                let mut note = String::new();
                let read = attribute.parse_nested_meta(|argument| {
                    note = argument.value()?.parse::<syn::LitStr>()?.value();
                    Ok(())
                });
                read.expect("has a note");
                found.push((format!("{path}{name}"), note));
            }
        };
        for item in items {
            match item {
                Item::Mod(module) => {
                    let inner = module.content.as_ref().map(|(_, items)| items.as_slice());
                    collect(inner.unwrap_or_default(), &format!("{path}{}::", module.ident), found);
                }
                Item::Struct(structure) => {
                    let name = structure.ident.to_string();
                    for field in structure.fields.iter().filter(|field| field.ident.is_some()) {
                        let ident = field.ident.as_ref().map(ToString::to_string);
                        add(&field.attrs, format!("{name}.{}", ident.unwrap_or_default()), found);
                    }
                    add(&structure.attrs, name, found);
                }
                Item::Impl(block) => {
                    let owner = match &*block.self_ty {
                        syn::Type::Path(path) => path.path.segments.last().map(|s| &s.ident),
                        _ => None,
                    };
                    let owner = owner.map(ToString::to_string).unwrap_or_default();
                    for item in &block.items {
                        if let ImplItem::Fn(function) = item {
                            add(&function.attrs, format!("{owner}::{}", function.sig.ident), found);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn note(name: &str, note: &str) -> (String, String) {
        (name.to_owned(), note.to_owned())
    }

    const PLAIN: &str = "the API deprecates it";

    #[test]
    fn deprecated_operation_names_its_replacement_and_its_removal() {
        let removal = "the removal of this call was announced for 2026-09-01";
        let unnamed = "the API deprecates this call";
        for (mut operation, expected) in [
            (
                json!({"x-replacement": "findRun", "x-removal-date": "2026-09-01"}),
                format!("use `find_run`; {removal}"),
            ),
            (json!({"x-replacement": "find_run"}), "use `find_run`".to_owned()),
            (json!({"x-removal-date": "2026-09-01"}), format!("{unnamed}; {removal}")),
            (json!({}), unnamed.to_owned()),
        ] {
            operation["deprecated"] = json!(true);
            let code = code(&operation, &json!({}), &json!({}));
            assert_eq!(marked(&code), [note("Client::get_run", &expected)]);
            let linked = expected.replace("`find_run`", "[`find_run`](Self::find_run)");
            let text = format!("Get a run.\n\n**Deprecated**: {linked}.\n\nAt length.\n");
            assert!(code.contains(&text), "{text} is not in {code}");
        }
    }

    #[test]
    fn what_is_not_deprecated_is_not_marked() {
        let operation = json!({"x-replacement": "find_run", "deprecated": false});
        let code = code(&operation, &json!({"deprecated": false}), &json!({}));
        assert!(!code.contains("eprecated"), "{code}");
    }

    #[test]
    fn setter_of_a_deprecated_parameter_is_deprecated() {
        let old = json!({"deprecated": true});
        let in_schema = json!({"schema": {"type": "string", "deprecated": true}});
        for parameter in [old, in_schema] {
            let code = code(&json!({}), &parameter, &json!({}));
            assert_eq!(marked(&code), [note("builder::GetRun::type_", PLAIN)]);
        }
    }

    #[test]
    fn parameters_of_any_name_are_found() {
        for name in ["$top", "created_by[]", "don't", "1st", "self", "X-Old-Header", "größe"] {
            let parameter = json!({"name": name, "deprecated": true});
            let code = code(&json!({}), &parameter, &json!({}));
            assert_eq!(marked(&code).len(), 1, "{name}");
        }
    }

    #[test]
    fn field_and_setter_of_a_deprecated_property_are_deprecated() {
        let old = json!({"type": "string", "deprecated": true});
        let schemas = json!({
            "Base": {"type": "object", "properties": {"oldName": old, "kept": {"type": "string"}}},
            "Run": {"allOf": [
                {"$ref": "#/components/schemas/Base"},
                {"type": "object", "required": ["type"], "properties": {"type": old}},
            ]},
            // Deprecated properties of a property's type are not properties of this type.
            "Loop": {"type": "object", "properties": {
                "kept": {"type": "string"},
                "next": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
                "run": {"$ref": "#/components/schemas/Run"},
            }},
        });
        let code = code(&json!({}), &json!({}), &schemas);
        let expected = ["types::Base.old_name", "types::Run.old_name", "types::Run.type_"];
        assert_eq!(marked(&code), expected.map(|name| note(name, PLAIN)));
    }
}
