//! Reads values that real servers send although the description does not allow them: integers with
//! a fraction of zero, null for an empty list.

use syn::{Field, Item, parse_quote};

use crate::items::{
    argument, has_default, has_reader, is_flattened, last_segment, module, remove_serde,
};

/// The rules are in `src/wire/tolerant.rs` of the client.
const TOLERANT: &str = "crate::wire::tolerant";

/// Adds the tolerant readers to the fields of every type.
///
/// `enums` are the open enums. Where one may be null, an empty string counts as null.
pub(crate) fn read_tolerantly(file: &mut syn::File, enums: &[syn::Ident]) {
    for item in module(&mut file.items, "types").into_iter().flatten() {
        let Item::Struct(found) = item else { continue };
        for field in found.fields.iter_mut().filter(|field| field.ident.is_some()) {
            if !is_flattened(field)
                && let Some(reader) = reader(field, enums)
            {
                change(field, reader);
            }
        }
    }
}

/// A reader that replaces serde's own for the type of a field.
#[derive(Clone, Copy)]
enum Reader {
    NullAsDefault,
    Integer,
    OptionalInteger,
    EmptyAsNone,
}

impl Reader {
    fn function(self) -> &'static str {
        match self {
            Self::NullAsDefault => "null_as_default",
            Self::Integer => "integer",
            Self::OptionalInteger => "optional_integer",
            Self::EmptyAsNone => "empty_as_none",
        }
    }
}

fn reader(field: &Field, enums: &[syn::Ident]) -> Option<Reader> {
    let name = &last_segment(&field.ty)?.ident;
    let inner = argument(&field.ty).and_then(last_segment).map(|segment| &segment.ident);
    match (name.to_string().as_str(), inner) {
        ("Vec" | "BTreeMap" | "Map", _) => Some(Reader::NullAsDefault),
        ("i64", _) => Some(Reader::Integer),
        ("Option", Some(inner)) if inner == "i64" => Some(Reader::OptionalInteger),
        ("Option", Some(inner)) if inner == "Timestamp" || enums.contains(inner) => {
            Some(Reader::EmptyAsNone)
        }
        _ => None,
    }
}

/// Adds the reader to the serde attributes of a field.
fn change(field: &mut Field, reader: Reader) {
    let function = format!("{TOLERANT}::{}", reader.function());
    // The generator has a reader for a required property that may be null. It stays required, and so
    // does a required integer.
    let required = has_reader(field) || matches!(reader, Reader::Integer);
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
}
