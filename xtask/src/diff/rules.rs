//! The kinds of change, each under a stable id.

use super::ChangeRule;

/// What a rule asks of people beyond its severity: it is adopted only if accepted, or it is a
/// warning at the top of the report.
macro_rules! rules {
    ($($name:ident: $id:literal, $title:literal $(, $mark:ident)?;)*) => {
        $(
            pub(super) static $name: ChangeRule = ChangeRule {
                id: $id,
                title: $title,
                needs_acceptance: matches!(concat!($(stringify!($mark))?).as_bytes(), b"accepted"),
                is_warning: matches!(concat!($(stringify!($mark))?).as_bytes(), b"warning"),
            };
        )*

        /// All rules, sorted by id.
        #[cfg(test)]
        pub(crate) static RULES: &[&ChangeRule] = &[$(&$name),*];
    };
}

rules! {
    ADDITIONAL_PROPERTIES_CHANGED_IN_REQUEST: "additional-properties-changed-in-request", "unknown keys of a request changed";
    ADDITIONAL_PROPERTIES_CHANGED_IN_RESPONSE: "additional-properties-changed-in-response", "unknown keys of a response changed";
    CALLBACK_CHANGED: "callback-changed", "callback changed";
    CLIENT_HEADER_CHANGED: "client-header-changed", "header that the client writes changed";
    COMPONENT_ADDED: "component-added", "component added";
    COMPONENT_CHANGED: "component-changed", "component other than a schema changed";
    COMPONENT_REMOVED: "component-removed", "component removed";
    COMPONENT_RENAMED: "component-renamed", "component renamed";
    CONSTANT_CHANGED_IN_REQUEST: "constant-changed-in-request", "constant in a request changed";
    CONSTANT_CHANGED_IN_RESPONSE: "constant-changed-in-response", "constant in a response changed";
    DEPRECATED: "deprecated", "parameter, header or property deprecated";
    DIALECT_CHANGED: "dialect-changed", "version or dialect of OpenAPI changed";
    DISCRIMINATOR_CHANGED: "discriminator-changed", "discriminator changed";
    ENCODING_CHANGED: "encoding-changed", "encoding of a form part changed";
    ERROR_RESPONSE_ADDED: "error-response-added", "error response added";
    ERROR_RESPONSE_REMOVED: "error-response-removed", "error response removed";
    EXAMPLE_CHANGED: "example-changed", "example changed";
    EXTENSION_CHANGED: "extension-changed", "extension changed";
    IDENTITY_CHANGED: "identity-changed", "schema identifier or anchor changed";
    INFORMATION_CHANGED: "information-changed", "information about the API changed";
    LINK_CHANGED: "link-changed", "link changed";
    OPERATION_ADDED: "operation-added", "operation added";
    OPERATION_ADDED_WITH_OTHER_SECURITY: "operation-added-with-other-security", "operation added that authenticates differently", accepted;
    OPERATION_DEPRECATED: "operation-deprecated", "operation deprecated";
    OPERATION_MOVED: "operation-moved", "operation moved to another method or path";
    OPERATION_REMOVED: "operation-removed", "operation removed";
    OPERATION_REMOVED_EARLY: "operation-removed-early", "operation removed before its announced date", warning;
    OPERATION_REMOVED_WITHOUT_NOTICE: "operation-removed-without-notice", "operation removed that was never deprecated", warning;
    OPERATION_RENAMED: "operation-renamed", "operation renamed";
    OPERATION_UNDEPRECATED: "operation-undeprecated", "operation no longer deprecated";
    OPTIONAL_PARAMETER_ADDED: "optional-parameter-added", "optional parameter added";
    OPTIONAL_REQUEST_BODY_ADDED: "optional-request-body-added", "optional request body added";
    PARAMETER_BECAME_OPTIONAL: "parameter-became-optional", "parameter became optional";
    PARAMETER_BECAME_REQUIRED: "parameter-became-required", "parameter became required";
    PARAMETER_LOCATION_CHANGED: "parameter-location-changed", "parameter moved to another part of the request";
    PARAMETER_REMOVED: "parameter-removed", "parameter removed";
    PARAMETER_STYLE_CHANGED: "parameter-style-changed", "parameter written in another way";
    PARTS_CHANGED: "parts-changed", "object divided into parts in another way";
    PATH_PARAMETER_RENAMED: "path-parameter-renamed", "path parameter renamed";
    REFERENCE_CHANGED: "reference-changed", "type replaced by another";
    REMOVAL_ANNOUNCED: "removal-announced", "removal announced";
    REMOVAL_DATE_BROUGHT_FORWARD: "removal-date-brought-forward", "announced removal date brought forward", warning;
    REMOVAL_DATE_CHANGED: "removal-date-changed", "announced removal date changed";
    REQUEST_BODY_BECAME_OPTIONAL: "request-body-became-optional", "request body became optional";
    REQUEST_BODY_BECAME_REQUIRED: "request-body-became-required", "request body became required";
    REQUEST_BODY_REMOVED: "request-body-removed", "request body removed";
    REQUEST_CONDITION_CHANGED: "request-condition-changed", "condition on a request changed";
    REQUEST_CONSTRAINT_LOOSENED: "request-constraint-loosened", "constraint on a request loosened";
    REQUEST_CONSTRAINT_TIGHTENED: "request-constraint-tightened", "constraint on a request tightened";
    REQUEST_DEFAULT_CHANGED: "request-default-changed", "default in a request changed";
    REQUEST_ENUM_ADDED: "request-enum-added", "values of a request now listed";
    REQUEST_ENUM_REMOVED: "request-enum-removed", "values of a request no longer listed";
    REQUEST_ENUM_VALUE_ADDED: "request-enum-value-added", "enum value added to a request";
    REQUEST_ENUM_VALUE_REMOVED: "request-enum-value-removed", "enum value removed from a request";
    REQUEST_FORMAT_CHANGED: "request-format-changed", "format in a request changed";
    REQUEST_MEDIA_TYPE_ADDED: "request-media-type-added", "media type added to a request";
    REQUEST_MEDIA_TYPE_REMOVED: "request-media-type-removed", "media type removed from a request";
    REQUEST_NOT_NULLABLE: "request-not-nullable", "null no longer allowed in a request";
    REQUEST_NULLABLE: "request-nullable", "null allowed in a request";
    REQUEST_OPTIONAL_PROPERTY_ADDED: "request-optional-property-added", "optional property added to a request";
    REQUEST_PART_ADDED: "request-part-added", "part of an `allOf` added to a request";
    REQUEST_PART_REMOVED: "request-part-removed", "part of an `allOf` removed from a request";
    REQUEST_PROPERTY_BECAME_OPTIONAL: "request-property-became-optional", "property of a request became optional";
    REQUEST_PROPERTY_BECAME_REQUIRED: "request-property-became-required", "property of a request became required";
    REQUEST_PROPERTY_REMOVED: "request-property-removed", "property removed from a request";
    REQUEST_REQUIRED_PROPERTY_ADDED: "request-required-property-added", "required property added to a request";
    REQUEST_SCHEMA_ADDED: "request-schema-added", "schema added to a request";
    REQUEST_SCHEMA_REMOVED: "request-schema-removed", "schema removed from a request";
    REQUEST_TYPE_CHANGED: "request-type-changed", "type in a request changed";
    REQUEST_TYPE_NARROWED: "request-type-narrowed", "type in a request narrowed";
    REQUEST_TYPE_WIDENED: "request-type-widened", "type in a request widened";
    REQUEST_UNION_ARM_ADDED: "request-union-arm-added", "union arm added to a request";
    REQUEST_UNION_ARM_REMOVED: "request-union-arm-removed", "union arm removed from a request";
    REQUIRED_PARAMETER_ADDED: "required-parameter-added", "required parameter added";
    REQUIRED_REQUEST_BODY_ADDED: "required-request-body-added", "required request body added";
    RESPELLED: "respelled", "same meaning in other words";
    RESPONSE_BODY_ADDED: "response-body-added", "body added to a response";
    RESPONSE_BODY_REMOVED: "response-body-removed", "body removed from a response";
    RESPONSE_CONDITION_CHANGED: "response-condition-changed", "condition on a response changed";
    RESPONSE_CONSTRAINT_LOOSENED: "response-constraint-loosened", "constraint on a response loosened";
    RESPONSE_CONSTRAINT_TIGHTENED: "response-constraint-tightened", "constraint on a response tightened";
    RESPONSE_DEFAULT_CHANGED: "response-default-changed", "default in a response changed";
    RESPONSE_ENUM_ADDED: "response-enum-added", "values of a response now listed";
    RESPONSE_ENUM_REMOVED: "response-enum-removed", "values of a response no longer listed";
    RESPONSE_ENUM_VALUE_ADDED: "response-enum-value-added", "enum value added to a response";
    RESPONSE_ENUM_VALUE_REMOVED: "response-enum-value-removed", "enum value removed from a response";
    RESPONSE_FORMAT_CHANGED: "response-format-changed", "format in a response changed";
    RESPONSE_HEADER_ADDED: "response-header-added", "header added to a response";
    RESPONSE_HEADER_CHANGED: "response-header-changed", "header of a response became required or optional";
    RESPONSE_HEADER_REMOVED: "response-header-removed", "header removed from a response";
    RESPONSE_MEDIA_TYPE_ADDED: "response-media-type-added", "media type added to a response";
    RESPONSE_MEDIA_TYPE_REMOVED: "response-media-type-removed", "media type removed from a response";
    RESPONSE_NOT_NULLABLE: "response-not-nullable", "null no longer possible in a response";
    RESPONSE_NULLABLE: "response-nullable", "null possible in a response";
    RESPONSE_PART_ADDED: "response-part-added", "part of an `allOf` added to a response";
    RESPONSE_PART_REMOVED: "response-part-removed", "part of an `allOf` removed from a response";
    RESPONSE_PROPERTY_ADDED: "response-property-added", "property added to a response";
    RESPONSE_PROPERTY_BECAME_OPTIONAL: "response-property-became-optional", "property of a response became optional";
    RESPONSE_PROPERTY_BECAME_REQUIRED: "response-property-became-required", "property of a response became required";
    RESPONSE_PROPERTY_REMOVED: "response-property-removed", "property removed from a response";
    RESPONSE_SCHEMA_ADDED: "response-schema-added", "schema added to a response";
    RESPONSE_SCHEMA_REMOVED: "response-schema-removed", "schema removed from a response";
    RESPONSE_TYPE_CHANGED: "response-type-changed", "type in a response changed";
    RESPONSE_TYPE_NARROWED: "response-type-narrowed", "type in a response narrowed";
    RESPONSE_TYPE_WIDENED: "response-type-widened", "type in a response widened";
    RESPONSE_UNION_ARM_ADDED: "response-union-arm-added", "union arm added to a response";
    RESPONSE_UNION_ARM_REMOVED: "response-union-arm-removed", "union arm removed from a response";
    SECURITY_REQUIREMENT_ADDED: "security-requirement-added", "way of authentication added", accepted;
    SECURITY_REQUIREMENT_REMOVED: "security-requirement-removed", "way of authentication removed", accepted;
    SECURITY_SCHEME_ADDED: "security-scheme-added", "security scheme added", accepted;
    SECURITY_SCHEME_CHANGED: "security-scheme-changed", "security scheme changed", accepted;
    SECURITY_SCHEME_REMOVED: "security-scheme-removed", "security scheme removed", accepted;
    SERVER_ADDED: "server-added", "server added", accepted;
    SERVER_CHANGED: "server-changed", "server changed", accepted;
    SERVER_ORDER_CHANGED: "server-order-changed", "order of the servers changed", accepted;
    SERVER_REMOVED: "server-removed", "server removed", accepted;
    SUCCESS_STATUS_ADDED: "success-status-added", "success status added";
    SUCCESS_STATUS_CHANGED: "success-status-changed", "success status changed";
    SUCCESS_STATUS_REMOVED: "success-status-removed", "success status removed";
    TAG_CHANGED: "tag-changed", "tag changed";
    TEXT_CHANGED: "text-changed", "text changed";
    UNDEPRECATED: "undeprecated", "parameter, header or property no longer deprecated";
    UNION_KIND_CHANGED: "union-kind-changed", "`anyOf` became `oneOf`, or the other way round";
    UNION_ORDER_CHANGED: "union-order-changed", "arms of a union in another order";
    UNKNOWN_KEYWORD_CHANGED: "unknown-keyword-changed", "change that the comparison does not know";
    UNUSED_SECURITY_SCHEME_ADDED: "unused-security-scheme-added", "security scheme added that no operation uses";
    UNUSED_SECURITY_SCHEME_CHANGED: "unused-security-scheme-changed", "security scheme changed that no operation uses";
    UNUSED_SECURITY_SCHEME_REMOVED: "unused-security-scheme-removed", "security scheme removed that no operation uses";
    VERSION_CHANGED: "version-changed", "version changed to one that cannot be compared";
    VERSION_LOWERED: "version-lowered", "version lowered";
    VERSION_RAISED: "version-raised", "version raised";
    VISIBILITY_CHANGED: "visibility-changed", "property became read-only, write-only or neither";
    WEBHOOK_CHANGED: "webhook-changed", "webhook changed";
    XML_CHANGED: "xml-changed", "XML representation changed";
}
