//! Where schemas stand in a description: the one list that every walk over schemas uses.

use super::located::Located;

/// What the value of a keyword holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// One schema, or in older drafts a list of them.
    Schema,
    /// A list of schemas.
    Schemas,
    /// An object whose keys are names from the description, not keywords.
    Named,
    /// Data, in which `$ref` means nothing.
    Data,
    /// Something that is not a schema.
    Other,
}

/// What a keyword holds, wherever it stands in a description.
pub(super) fn holds(keyword: &str) -> Holds {
    match keyword {
        "additionalItems"
        | "additionalProperties"
        | "contains"
        | "contentSchema"
        | "else"
        | "if"
        | "items"
        | "not"
        | "propertyNames"
        | "schema"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Holds::Schema,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::Schemas,
        "$defs" | "callbacks" | "content" | "definitions" | "dependentSchemas" | "encoding"
        | "headers" | "links" | "patternProperties" | "properties" | "responses" | "variables" => {
            Holds::Named
        }
        "const" | "default" | "enum" | "example" | "examples" => Holds::Data,
        key if key.starts_with("x-") => Holds::Data,
        _ => Holds::Other,
    }
}

/// The schemas in the value of a keyword, by name where they have names.
pub(super) fn schemas_in<'a>(keyword: &str, value: &Located<'a>) -> Option<Schemas<'a>> {
    match holds(keyword) {
        Holds::Schema if !value.value.is_array() => Some(Schemas::One(value.clone())),
        Holds::Schema | Holds::Schemas => Some(Schemas::List(value.elements())),
        Holds::Named => Some(Schemas::Named(value.members())),
        Holds::Data | Holds::Other => None,
    }
}

/// The schemas in the value of a keyword.
pub(super) enum Schemas<'a> {
    One(Located<'a>),
    List(Vec<Located<'a>>),
    Named(Vec<(&'a str, Located<'a>)>),
}
