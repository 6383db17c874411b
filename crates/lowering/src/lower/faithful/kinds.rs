//! The objects of OpenAPI, and what their members hold.

/// The kinds of objects in a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Callback,
    Components,
    Contact,
    Discriminator,
    Document,
    Encoding,
    Example,
    ExternalDocs,
    Flow,
    Flows,
    Header,
    Info,
    License,
    Link,
    MediaType,
    Operation,
    Parameter,
    PathItem,
    Paths,
    RequestBody,
    Response,
    Responses,
    SecurityScheme,
    Server,
    ServerVariable,
    Tag,
    Xml,
}

/// What a member holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holds {
    /// Data, which is copied.
    Data,
    Schema,
    Schemas,
    One(Kind),
    List(Kind),
    Map(Kind),
    /// OpenAPI 3.0 has no such member.
    New,
}

use Holds::{Data, List, Map, New, One, Schema, Schemas};

const CALLBACKS: Holds = Map(Kind::Callback);
const EXAMPLES: Holds = Map(Kind::Example);
const HEADERS: Holds = Map(Kind::Header);
const CONTENT: Holds = Map(Kind::MediaType);
const OPERATION: Holds = One(Kind::Operation);
const SERVERS: Holds = List(Kind::Server);
const EXTERNAL_DOCS: Holds = One(Kind::ExternalDocs);

impl Kind {
    /// Whether a reference may stand for the object.
    pub(super) fn may_be_a_reference(self) -> bool {
        matches!(
            self,
            Self::Callback
                | Self::Example
                | Self::Header
                | Self::Link
                | Self::MediaType
                | Self::Parameter
                | Self::PathItem
                | Self::RequestBody
                | Self::Response
                | Self::SecurityScheme
        )
    }

    /// The members of an object; `None` for a map, whose keys are free.
    pub(super) fn members(self) -> Option<&'static [(&'static str, Holds)]> {
        Some(match self {
            Self::Callback | Self::Paths | Self::Responses => return None,
            Self::Components => &[
                ("callbacks", CALLBACKS),
                ("examples", EXAMPLES),
                ("headers", HEADERS),
                ("links", Map(Self::Link)),
                ("mediaTypes", CONTENT),
                ("parameters", Map(Self::Parameter)),
                ("pathItems", Map(Self::PathItem)),
                ("requestBodies", Map(Self::RequestBody)),
                ("responses", Map(Self::Response)),
                ("schemas", Schemas),
                ("securitySchemes", Map(Self::SecurityScheme)),
            ],
            Self::Contact => &[("email", Data), ("name", Data), ("url", Data)],
            Self::Discriminator => {
                &[("defaultMapping", New), ("mapping", Data), ("propertyName", Data)]
            }
            Self::Document => &[
                ("components", One(Self::Components)),
                ("externalDocs", EXTERNAL_DOCS),
                ("info", One(Self::Info)),
                ("openapi", Data),
                ("paths", One(Self::Paths)),
                ("security", Data),
                ("servers", SERVERS),
                ("tags", List(Self::Tag)),
                ("webhooks", Map(Self::PathItem)),
            ],
            Self::Encoding => &[
                ("allowReserved", Data),
                ("contentType", Data),
                ("encoding", New),
                ("explode", Data),
                ("headers", HEADERS),
                ("itemEncoding", New),
                ("prefixEncoding", New),
                ("style", Data),
            ],
            Self::Example => &[
                ("dataValue", Data),
                ("description", Data),
                ("externalValue", Data),
                ("serializedValue", Data),
                ("summary", Data),
                ("value", Data),
            ],
            Self::ExternalDocs => &[("description", Data), ("url", Data)],
            Self::Flow => &[
                ("authorizationUrl", Data),
                ("deviceAuthorizationUrl", New),
                ("refreshUrl", Data),
                ("scopes", Data),
                ("tokenUrl", Data),
            ],
            Self::Flows => &[
                ("authorizationCode", One(Self::Flow)),
                ("clientCredentials", One(Self::Flow)),
                ("deviceAuthorization", New),
                ("implicit", One(Self::Flow)),
                ("password", One(Self::Flow)),
            ],
            Self::Header => HEADER,
            Self::Info => &[
                ("contact", One(Self::Contact)),
                ("description", Data),
                ("license", One(Self::License)),
                ("summary", New),
                ("termsOfService", Data),
                ("title", Data),
                ("version", Data),
            ],
            Self::License => &[("identifier", Data), ("name", Data), ("url", Data)],
            Self::Link => &[
                ("description", Data),
                ("operationId", Data),
                ("operationRef", Data),
                ("parameters", Data),
                ("requestBody", Data),
                ("server", One(Self::Server)),
            ],
            Self::MediaType => &[
                ("description", New),
                ("encoding", Map(Self::Encoding)),
                ("example", Data),
                ("examples", EXAMPLES),
                ("itemEncoding", New),
                ("itemSchema", New),
                ("prefixEncoding", New),
                ("schema", Schema),
            ],
            Self::Operation => OPERATION_MEMBERS,
            Self::Parameter => PARAMETER,
            Self::PathItem => PATH_ITEM,
            Self::RequestBody => &[("content", CONTENT), ("description", Data), ("required", Data)],
            Self::Response => &[
                ("content", CONTENT),
                ("description", Data),
                ("headers", HEADERS),
                ("links", Map(Self::Link)),
                ("summary", New),
            ],
            Self::SecurityScheme => &[
                ("bearerFormat", Data),
                ("deprecated", New),
                ("description", Data),
                ("flows", One(Self::Flows)),
                ("in", Data),
                ("name", Data),
                ("oauth2MetadataUrl", New),
                ("openIdConnectUrl", Data),
                ("scheme", Data),
                ("type", Data),
            ],
            Self::Server => &[
                ("description", Data),
                ("name", New),
                ("url", Data),
                ("variables", Map(Self::ServerVariable)),
            ],
            Self::ServerVariable => &[("default", Data), ("description", Data), ("enum", Data)],
            Self::Tag => &[
                ("description", Data),
                ("externalDocs", EXTERNAL_DOCS),
                ("kind", New),
                ("name", Data),
                ("parent", New),
                ("summary", New),
            ],
            Self::Xml => &[
                ("attribute", Data),
                ("name", Data),
                ("namespace", Data),
                ("nodeType", New),
                ("prefix", Data),
                ("wrapped", Data),
            ],
        })
    }
}

const HEADER: &[(&str, Holds)] = &[
    ("allowEmptyValue", Data),
    ("allowReserved", Data),
    ("content", CONTENT),
    ("deprecated", Data),
    ("description", Data),
    ("example", Data),
    ("examples", EXAMPLES),
    ("explode", Data),
    ("required", Data),
    ("schema", Schema),
    ("style", Data),
];

const PARAMETER: &[(&str, Holds)] = &[
    ("allowEmptyValue", Data),
    ("allowReserved", Data),
    ("content", CONTENT),
    ("deprecated", Data),
    ("description", Data),
    ("example", Data),
    ("examples", EXAMPLES),
    ("explode", Data),
    ("in", Data),
    ("name", Data),
    ("required", Data),
    ("schema", Schema),
    ("style", Data),
];

const PATH_ITEM: &[(&str, Holds)] = &[
    ("additionalOperations", New),
    ("delete", OPERATION),
    ("description", Data),
    ("get", OPERATION),
    ("head", OPERATION),
    ("options", OPERATION),
    ("parameters", List(Kind::Parameter)),
    ("patch", OPERATION),
    ("post", OPERATION),
    ("put", OPERATION),
    ("query", New),
    ("servers", SERVERS),
    ("summary", Data),
    ("trace", OPERATION),
];

const OPERATION_MEMBERS: &[(&str, Holds)] = &[
    ("callbacks", CALLBACKS),
    ("deprecated", Data),
    ("description", Data),
    ("externalDocs", EXTERNAL_DOCS),
    ("operationId", Data),
    ("parameters", List(Kind::Parameter)),
    ("requestBody", One(Kind::RequestBody)),
    ("responses", One(Kind::Responses)),
    ("security", Data),
    ("servers", SERVERS),
    ("summary", Data),
    ("tags", Data),
];
