//! Where references stand: the kinds of objects in a description, and what each holds.

/// A kind of object. What has no kind is data, in which `$ref` is a key as any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Callback,
    Components,
    Document,
    Encoding,
    Example,
    Header,
    Link,
    MediaType,
    Operation,
    Parameter,
    PathItem,
    RequestBody,
    Response,
    Schema,
    SecurityScheme,
}

/// What a member of an object holds.
pub(super) enum Holds {
    One(Kind),
    /// A list or a map.
    Many(Kind),
    Data,
}

const SECTIONS: &[(&str, Kind)] = &[
    ("callbacks", Kind::Callback),
    ("examples", Kind::Example),
    ("headers", Kind::Header),
    ("links", Kind::Link),
    ("parameters", Kind::Parameter),
    ("requestBodies", Kind::RequestBody),
    ("responses", Kind::Response),
    ("schemas", Kind::Schema),
    ("securitySchemes", Kind::SecurityScheme),
];

/// The section of `components` with this name.
pub(super) fn section_of(name: &str) -> Option<&'static str> {
    SECTIONS.iter().find(|(section, _)| *section == name).map(|(section, _)| *section)
}

impl Kind {
    pub(super) fn of_section(section: &str) -> Option<Self> {
        SECTIONS.iter().find(|(name, _)| *name == section).map(|(_, kind)| *kind)
    }

    /// The section of `components` for this kind.
    pub(super) fn section(self) -> Option<&'static str> {
        SECTIONS.iter().find(|(_, kind)| *kind == self).map(|(section, _)| *section)
    }

    /// Whether an object of this kind can be a reference.
    pub(super) fn refers(self) -> bool {
        !matches!(self, Self::Components | Self::Document)
    }

    pub(super) fn holds(self, key: &str) -> Holds {
        match self {
            Self::Document => match key {
                "components" => Holds::One(Self::Components),
                "paths" | "webhooks" => Holds::Many(Self::PathItem),
                _ => Holds::Data,
            },
            Self::Components => match (key, Self::of_section(key)) {
                ("pathItems", _) => Holds::Many(Self::PathItem),
                (_, Some(kind)) => Holds::Many(kind),
                _ => Holds::Data,
            },
            Self::PathItem => match key {
                "additionalOperations" => Holds::Many(Self::Operation),
                "delete" | "get" | "head" | "options" | "patch" | "post" | "put" | "query"
                | "trace" => Holds::One(Self::Operation),
                "parameters" => Holds::Many(Self::Parameter),
                _ => Holds::Data,
            },
            Self::Callback if !key.starts_with("x-") => Holds::One(Self::PathItem),
            Self::Operation => match key {
                "callbacks" => Holds::Many(Self::Callback),
                "parameters" => Holds::Many(Self::Parameter),
                "requestBody" => Holds::One(Self::RequestBody),
                "responses" => Holds::Many(Self::Response),
                _ => Holds::Data,
            },
            Self::Schema => of_schema(key),
            Self::Encoding
            | Self::Header
            | Self::MediaType
            | Self::Parameter
            | Self::RequestBody
            | Self::Response => of_content(key),
            Self::Callback | Self::Example | Self::Link | Self::SecurityScheme => Holds::Data,
        }
    }
}

/// The members of what has content; no two of its kinds use a key differently.
fn of_content(key: &str) -> Holds {
    match key {
        "content" => Holds::Many(Kind::MediaType),
        "encoding" => Holds::Many(Kind::Encoding),
        "examples" => Holds::Many(Kind::Example),
        "headers" => Holds::Many(Kind::Header),
        "itemSchema" | "schema" => Holds::One(Kind::Schema),
        "links" => Holds::Many(Kind::Link),
        _ => Holds::Data,
    }
}

fn of_schema(key: &str) -> Holds {
    match key {
        "$defs" | "allOf" | "anyOf" | "definitions" | "dependentSchemas" | "oneOf"
        | "patternProperties" | "prefixItems" | "properties" => Holds::Many(Kind::Schema),
        "additionalProperties"
        | "contains"
        | "contentSchema"
        | "else"
        | "if"
        | "items"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Holds::One(Kind::Schema),
        _ => Holds::Data,
    }
}
