//! What the description deprecates is `#[deprecated]` in Rust: the client's method for an
//! operation, the setter of a parameter, the field and the setter of a property.
//!
//! A call's builder and a component as a whole are not marked: nobody comes to them but by a
//! method or a field that is, and one warning is enough.

use std::collections::BTreeSet;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use serde_json::{Map, Value};
use syn::{Attribute, ImplItemFn, Item, parse_quote};

use super::operations::operations;
use crate::items::{find_function, module, wire_name};

const PREFIX: &str = "#/components/schemas/";

/// Marks what `document` deprecates in the code that was generated from it.
pub(super) fn mark(file: &mut syn::File, document: &Value) -> Result<(), String> {
    for (id, method, path) in operations(document) {
        let operation = &document["paths"][path][method.to_lowercase()];
        if is_deprecated(operation) {
            let missing = || format!("the generated client has no method for {id}");
            let function = find_function(&mut file.items, "Client", &id).ok_or_else(missing)?;
            mark_call(function, operation);
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            if is_deprecated(parameter) || is_deprecated(&parameter["schema"]) {
                let missing = || format!("the generated call {id} has no setter for {name:?}");
                let items = module(&mut file.items, "builder").ok_or_else(missing)?;
                let builder = id.to_upper_camel_case();
                let setter = find_function(items, &builder, name).ok_or_else(missing)?;
                setter.attrs.push(plain());
            }
        }
    }
    let none = Map::new();
    let schemas = document["components"]["schemas"].as_object().unwrap_or(&none);
    let Some(types) = module(&mut file.items, "types") else { return Ok(()) };
    for (component, schema) in schemas {
        let mut names = BTreeSet::new();
        deprecated_properties(schema, schemas, &mut BTreeSet::new(), &mut names);
        mark_fields(types, &component.to_upper_camel_case(), &names);
    }
    Ok(())
}

fn is_deprecated(value: &Value) -> bool {
    value["deprecated"] == true
}

fn plain() -> Attribute {
    parse_quote!(#[deprecated(note = "the API deprecates it")])
}

/// Marks the client's method for a deprecated operation, and says so in its documentation, which
/// editors show where they do not show notes.
fn mark_call(function: &mut ImplItemFn, operation: &Value) {
    let replacement = operation["x-replacement"].as_str().map(str::to_snake_case);
    let removal = operation["x-removal-date"]
        .as_str()
        .map(|date| format!("the removal of this call was announced for {date}"));
    let parts = |instead: Option<String>| {
        let first = instead.unwrap_or_else(|| "the API deprecates this call".to_owned());
        [Some(first), removal.clone()].into_iter().flatten().collect::<Vec<_>>().join("; ")
    };
    let note = parts(replacement.as_ref().map(|name| format!("use `{name}`")));
    let linked = parts(replacement.as_ref().map(|name| format!("use [`{name}`](Self::{name})")));
    for attribute in &mut function.attrs {
        if let syn::Meta::NameValue(pair) = &mut attribute.meta
            && pair.path.is_ident("doc")
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &mut pair.value
        {
            let value = text.value();
            let (summary, rest) = value.split_once("\n\n").unwrap_or((&value, ""));
            let value = format!("{summary}\n\n**Deprecated**: {linked}.\n\n{rest}");
            *text = syn::LitStr::new(&value, text.span());
            break;
        }
    }
    function.attrs.push(parse_quote!(#[deprecated(note = #note)]));
}

/// Collects the properties that a schema deprecates, also in the parts that it is put together of.
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

/// Marks the fields of the type `name` that hold these properties, and their setters. A component
/// that is no struct with fields has no such places.
fn mark_fields(types: &mut [Item], name: &str, properties: &BTreeSet<String>) {
    let mut setters = Vec::new();
    for item in types.iter_mut() {
        let Item::Struct(found) = item else { continue };
        if found.ident != name {
            continue;
        }
        for field in &mut found.fields {
            let Some(ident) = field.ident.clone() else { continue };
            if properties.contains(&wire_name(field).unwrap_or_else(|| ident.to_string())) {
                field.attrs.push(plain());
                setters.push(ident.to_string());
            }
        }
    }
    let Some(builders) = module(types, "builder") else { return };
    for setter in setters {
        if let Some(function) = find_function(builders, name, &setter) {
            function.attrs.push(plain());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use syn::{Attribute, ImplItem, Item};

    use crate::generate;

    /// What is generated of one operation, extended by `operation`, with one parameter, extended
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

    /// Every deprecated item by its path, with its note.
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
            let text = format!("Get a run\n\n**Deprecated**: {linked}.\n\nAt length.\n");
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
            // What is deprecated below a property is no property of the type.
            "Loop": {"type": "object", "properties": {
                "kept": {"type": "string"},
                "next": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
                "run": {"$ref": "#/components/schemas/Run"},
            }},
        });
        let code = code(&json!({}), &json!({}), &schemas);
        let expected = [
            "types::Base.old_name",
            "types::Run.old_name",
            "types::Run.type_",
            "types::builder::Base::old_name",
            "types::builder::Run::old_name",
            "types::builder::Run::type_",
        ];
        assert_eq!(marked(&code), expected.map(|name| note(name, PLAIN)));
    }
}
