//! Reads values that real servers send although the description does not allow them: integers with
//! a fraction of zero, null for an empty list.

use std::collections::BTreeSet;

use syn::{Field, Ident, ImplItem, Item, parse_quote};

use crate::ids::Ids;
use crate::items::{
    argument, has_default, has_reader, is_flattened, last_segment, module, remove_serde, wire_name,
};

/// The rules are in `src/wire/tolerant.rs` of the client.
const TOLERANT: &str = "crate::wire::tolerant";

/// Adds the tolerant readers to the fields of every type.
///
/// `enums` are the open enums without an empty value. Where one may be null, an empty string counts as
/// null.
pub(crate) fn read_tolerantly(file: &mut syn::File, enums: &[Ident], ids: &Ids) {
    let results = results(file);
    for item in module(&mut file.items, "types").into_iter().flatten() {
        let Item::Struct(found) = item else { continue };
        let needs_list = results.contains(&found.ident) && found.fields.iter().all(shows_nothing);
        for field in found.fields.iter_mut().filter(|field| field.ident.is_some()) {
            if !is_flattened(field)
                && let Some(reader) = reader(field, enums, ids)
            {
                let is_list = matches!(reader, Reader::NullAsDefault);
                if needs_list && is_list {
                    remove_serde(field, "default");
                }
                change(field, reader, needs_list && is_list);
            }
        }
    }
}

/// Returns the types of whole responses.
fn results(file: &mut syn::File) -> BTreeSet<Ident> {
    let sends = module(&mut file.items, "builder").into_iter().flatten().flat_map(|item| {
        let Item::Impl(block) = item else { return [].iter() };
        block.items.iter()
    });
    let results = sends.filter_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == "send" => match &function.sig.output {
            syn::ReturnType::Type(_, result) => {
                let value = argument(argument(result)?)?;
                Some(last_segment(value)?.ident.clone())
            }
            syn::ReturnType::Default => None,
        },
        _ => None,
    });
    results.collect()
}

/// Returns whether a response may lack the field, or have any value there.
///
/// A result of such fields only, such as a page of a list, could be read from every JSON object. Its
/// lists and maps are therefore required.
fn shows_nothing(field: &Field) -> bool {
    let is_metadata = wire_name(field).is_some_and(|name| name.starts_with('@'));
    let kind = last_segment(&field.ty).map(|segment| segment.ident.to_string());
    let may_be_absent = matches!(kind.as_deref(), Some("Option" | "Vec" | "BTreeMap" | "Map"));
    is_metadata || may_be_absent || has_default(field)
}

/// A reader that replaces serde's own for the type of a field.
#[derive(Clone, Copy)]
enum Reader {
    NullAsDefault,
    Integer,
    OptionalInteger,
    Id,
    OptionalId,
    EmptyAsNone,
}

impl Reader {
    fn function(self) -> &'static str {
        match self {
            Self::NullAsDefault => "null_as_default",
            Self::Integer => "integer",
            Self::OptionalInteger => "optional_integer",
            Self::Id => "id",
            Self::OptionalId => "optional_id",
            Self::EmptyAsNone => "empty_as_none",
        }
    }
}

fn reader(field: &Field, enums: &[Ident], ids: &Ids) -> Option<Reader> {
    let name = &last_segment(&field.ty)?.ident;
    let inner = argument(&field.ty).and_then(last_segment).map(|segment| &segment.ident);
    match (name.to_string().as_str(), inner) {
        ("Vec" | "BTreeMap" | "Map", _) => Some(Reader::NullAsDefault),
        ("i64", _) => Some(Reader::Integer),
        _ if ids.contains(&field.ty) => Some(Reader::Id),
        ("Option", _) if argument(&field.ty).is_some_and(|inner| ids.contains(inner)) => {
            Some(Reader::OptionalId)
        }
        ("Option", Some(inner)) if inner == "i64" => Some(Reader::OptionalInteger),
        ("Option", Some(inner)) if inner == "Timestamp" || enums.contains(inner) => {
            Some(Reader::EmptyAsNone)
        }
        _ => None,
    }
}

/// Adds the reader to the serde attributes of a field.
fn change(field: &mut Field, reader: Reader, is_required: bool) {
    let function = format!("{TOLERANT}::{}", reader.function());
    // The generator has a reader for a required property that may be null. It stays required, and so
    // does a required integer.
    let required =
        is_required || has_reader(field) || matches!(reader, Reader::Integer | Reader::Id);
    if !required && !has_default(field) {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
    remove_serde(field, "deserialize_with");
    field.attrs.push(parse_quote!(#[serde(deserialize_with = #function)]));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{code, contains};

    #[test]
    fn required_property_that_may_be_null_has_one_reader() {
        let schema = json!({"$ref": "#/components/schemas/Start"});
        let body = json!({"content": {"application/json": {"schema": schema}}, "required": true});
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/start": {"post": {
                "operationId": "start",
                "requestBody": body,
                "responses": {"2XX": {"description": ""}},
            }}},
            "components": {"schemas": {
                "Kind": {"type": "string", "enum": ["a", "b"]},
                "Start": {"type": "object", "required": ["at", "kind", "max", "note"], "properties": {
                    "at": {"type": "string", "format": "date-time", "nullable": true},
                    "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}], "nullable": true},
                    "max": {"type": "integer", "nullable": true},
                    "note": {"type": "string", "nullable": true},
                }},
            }},
        });
        let code = code(&document);
        // With a default it would not be required any more.
        assert!(!contains(&code, "#[serde(default"), "{code}");
        assert_eq!(code.matches("deserialize_with").count(), 4, "{code}");
        for function in ["empty_as_none", "optional_integer", "Option::deserialize"] {
            assert!(contains(&code, &format!("::{function}\"")), "{function} is not in {code}");
        }
    }

    #[test]
    fn empty_value_of_an_enum_is_not_null() {
        let schema = json!({"$ref": "#/components/schemas/Run"});
        let response =
            json!({"description": "", "content": {"application/json": {"schema": schema}}});
        let code = code(&json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/run": {"get": {"operationId": "get_run", "responses": {"200": response}}}},
            "components": {"schemas": {
                "Mode": {"type": "string", "enum": ["", "fast"]},
                "Run": {"type": "object", "properties": {
                    "mode": {"$ref": "#/components/schemas/Mode"},
                }},
            }},
        }));
        assert!(contains(&code, "pub mode: ::std::option::Option<crate::generated::enums::Mode>"));
        assert!(!contains(&code, "empty_as_none"), "{code}");
    }

    #[test]
    fn fields_are_read_as_servers_write_them() {
        let schema = json!({"$ref": "#/components/schemas/Run"});
        let response =
            json!({"description": "", "content": {"application/json": {"schema": schema}}});
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/run": {"get": {"operationId": "get_run", "responses": {"200": response}}}},
            "components": {"schemas": {
                "Result": {"type": "string", "enum": ["passed", "failed"]},
                "Run": {"type": "object", "required": ["id", "note"], "properties": {
                    "id": {"type": "integer"},
                    "note": {"type": "string"},
                    "max": {"type": "integer", "nullable": true},
                    "ended": {"type": "string", "format": "date-time", "nullable": true},
                    "result": {"allOf": [{"$ref": "#/components/schemas/Result"}], "nullable": true},
                    "versions": {"type": "object", "additionalProperties": {"type": "string"}},
                    "history": {"type": "array", "items": {"type": "string"}},
                }},
            }},
        });
        let code = code(&document);
        let reader = |name: &str| {
            format!("#[serde(deserialize_with = \"crate::wire::tolerant::{name}\")] pub ")
        };
        for (function, field) in [
            ("integer", "id: i64,"),
            ("optional_integer", "max: ::std::option::Option<i64>,"),
            ("empty_as_none", "ended: ::std::option::Option<crate::wire::Timestamp>,"),
            ("empty_as_none", "result: ::std::option::Option<crate::generated::enums::Result>,"),
            ("null_as_default", "history: ::std::vec::Vec<::std::string::String>,"),
            ("null_as_default", "versions: ::std::collections::BTreeMap<"),
        ] {
            let expected = reader(function) + field;
            assert!(contains(&code, &expected), "{expected} is not in {code}");
        }
        // A missing list is empty. A required integer stays required.
        assert!(
            contains(
                &code,
                "#[serde(default)] #[serde(deserialize_with = \"crate::wire::tolerant::optional_integer"
            ),
            "{code}"
        );
        assert!(
            !contains(
                &code,
                "#[serde(default)] #[serde(deserialize_with = \"crate::wire::tolerant::integer"
            ),
            "{code}"
        );
    }

    #[test]
    fn result_that_any_object_would_match_needs_its_list() {
        let operation = |id: &str, schema: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
            let content = json!({"application/json": {"schema": schema}});
            json!({"operationId": id, "responses": {"200": {"description": "", "content": content}}})
        };
        let text = json!({"type": "string"});
        let list = json!({"type": "array", "items": {"$ref": "#/components/schemas/Row"}});
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/rows": {"get": operation("list_rows", "Page")},
                "/zones": {"get": operation("list_zones", "Zones")},
                "/row": {"get": operation("get_row", "Row")},
            },
            "components": {"schemas": {
                "Page": {"type": "object", "required": ["value", "@count"], "properties": {
                    "@count": {"type": "integer"}, "value": list,
                }},
                // The description does not require the map.
                "Zones": {"type": "object", "properties": {
                    "zones": {"type": "object", "additionalProperties": text},
                }},
                "Row": {"type": "object", "required": ["id", "tags"], "properties": {
                    "id": {"type": "integer"},
                    "tags": {"type": "array", "items": {"$ref": "#/components/schemas/Tag"}},
                }},
                // Not a result by itself.
                "Tag": {"type": "object", "properties": {
                    "names": {"type": "array", "items": text},
                }},
            }},
        });
        let code = code(&document);
        let read = "#[serde(deserialize_with = \"crate::wire::tolerant::null_as_default\")] pub ";
        for (field, required) in [("value: ", true), ("zones: ", true), ("tags: ", false)] {
            let field = format!("{read}{field}");
            assert!(contains(&code, &field), "{field} is not in {code}");
            let with_default = format!("#[serde(default)] {field}");
            assert_eq!(contains(&code, &with_default), !required, "{field} in {code}");
        }
        let skipped =
            "#[serde(skip_serializing_if = \":: std :: collections :: BTreeMap::is_empty\")]";
        assert!(contains(&code, skipped), "{code}");
    }
}
