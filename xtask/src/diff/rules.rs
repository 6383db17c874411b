//! The kinds of change, each under a stable id.

use super::Rule;

macro_rules! rules {
    ($($name:ident: $id:literal, $title:literal $(, $accept:ident)?;)*) => {
        $(
            pub(super) static $name: Rule = Rule {
                id: $id,
                title: $title,
                needs_acceptance: false $(|| stringify!($accept).len() > 0)?,
            };
        )*

        /// All rules, sorted by id.
        #[cfg(test)]
        pub(crate) static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    ADDITIONAL_PROPERTIES_CHANGED_IN_REQUEST: "additional-properties-changed-in-request", "further keys of a request changed";
    ADDITIONAL_PROPERTIES_CHANGED_IN_RESPONSE: "additional-properties-changed-in-response", "further keys of an answer changed";
    CALLBACK_CHANGED: "callback-changed", "callback changed";
    COMPONENT_ADDED: "component-added", "component added";
    COMPONENT_CHANGED: "component-changed", "component changed that is no schema";
    COMPONENT_REMOVED: "component-removed", "component removed";
    COMPONENT_RENAMED: "component-renamed", "component renamed";
    CONSTANT_CHANGED_IN_REQUEST: "constant-changed-in-request", "constant changed in a request";
    CONSTANT_CHANGED_IN_RESPONSE: "constant-changed-in-response", "constant changed in an answer";
    DEPRECATED: "deprecated", "parameter, header or property deprecated";
    DIALECT_CHANGED: "dialect-changed", "version or dialect of OpenAPI changed";
    DISCRIMINATOR_CHANGED: "discriminator-changed", "discriminator changed";
    ENCODING_CHANGED: "encoding-changed", "encoding of a form's part changed";
    ERROR_RESPONSE_ADDED: "error-response-added", "error response added";
    ERROR_RESPONSE_REMOVED: "error-response-removed", "error response removed";
    EXAMPLE_CHANGED: "example-changed", "example changed";
    EXTENSION_CHANGED: "extension-changed", "extension changed";
    IDENTITY_CHANGED: "identity-changed", "schema identifier or anchor changed";
    INFORMATION_CHANGED: "information-changed", "facts about the API changed";
    LINK_CHANGED: "link-changed", "link changed";
    OPERATION_ADDED: "operation-added", "operation added";
    OPERATION_DEPRECATED: "operation-deprecated", "operation deprecated";
    OPERATION_MOVED: "operation-moved", "operation moved to another method or path";
    OPERATION_REMOVED: "operation-removed", "operation removed";
    OPERATION_RENAMED: "operation-renamed", "operation renamed";
    OPERATION_UNDEPRECATED: "operation-undeprecated", "operation deprecated no longer";
    OPTIONAL_PARAMETER_ADDED: "optional-parameter-added", "optional parameter added";
    OPTIONAL_REQUEST_BODY_ADDED: "optional-request-body-added", "optional request body added";
    PARAMETER_BECAME_OPTIONAL: "parameter-became-optional", "parameter became optional";
    PARAMETER_BECAME_REQUIRED: "parameter-became-required", "parameter became required";
    PARAMETER_LOCATION_CHANGED: "parameter-location-changed", "parameter moved to another part of the request";
    PARAMETER_REMOVED: "parameter-removed", "parameter removed";
    PARAMETER_STYLE_CHANGED: "parameter-style-changed", "parameter written in another way";
    PATH_PARAMETER_RENAMED: "path-parameter-renamed", "path parameter renamed";
    REFERENCE_CHANGED: "reference-changed", "reference to another name";
    REMOVAL_DATE_CHANGED: "removal-date-changed", "announced removal date changed";
    REQUEST_BODY_BECAME_OPTIONAL: "request-body-became-optional", "request body became optional";
    REQUEST_BODY_BECAME_REQUIRED: "request-body-became-required", "request body became required";
    REQUEST_BODY_REMOVED: "request-body-removed", "request body removed";
    REQUEST_CONDITION_CHANGED: "request-condition-changed", "condition on a request changed";
    REQUEST_CONSTRAINT_LOOSENED: "request-constraint-loosened", "constraint on a request loosened";
    REQUEST_CONSTRAINT_TIGHTENED: "request-constraint-tightened", "constraint on a request tightened";
    REQUEST_DEFAULT_CHANGED: "request-default-changed", "default in a request changed";
    REQUEST_ENUM_ADDED: "request-enum-added", "values of a request became a list";
    REQUEST_ENUM_REMOVED: "request-enum-removed", "values of a request are no list any more";
    REQUEST_ENUM_VALUE_ADDED: "request-enum-value-added", "enum value added to a request";
    REQUEST_ENUM_VALUE_REMOVED: "request-enum-value-removed", "enum value removed from a request";
    REQUEST_FORMAT_CHANGED: "request-format-changed", "format changed in a request";
    REQUEST_MEDIA_TYPE_ADDED: "request-media-type-added", "media type added to a request";
    REQUEST_MEDIA_TYPE_REMOVED: "request-media-type-removed", "media type removed from a request";
    REQUEST_NOT_NULLABLE: "request-not-nullable", "null no longer allowed in a request";
    REQUEST_NULLABLE: "request-nullable", "null allowed in a request";
    REQUEST_OPTIONAL_PROPERTY_ADDED: "request-optional-property-added", "optional property added to a request";
    REQUEST_PART_ADDED: "request-part-added", "part of a sum added to a request";
    REQUEST_PART_REMOVED: "request-part-removed", "part of a sum removed from a request";
    REQUEST_PROPERTY_BECAME_OPTIONAL: "request-property-became-optional", "property of a request became optional";
    REQUEST_PROPERTY_BECAME_REQUIRED: "request-property-became-required", "property of a request became required";
    REQUEST_PROPERTY_REMOVED: "request-property-removed", "property removed from a request";
    REQUEST_REQUIRED_PROPERTY_ADDED: "request-required-property-added", "required property added to a request";
    REQUEST_SCHEMA_ADDED: "request-schema-added", "schema added to a request";
    REQUEST_SCHEMA_REMOVED: "request-schema-removed", "schema removed from a request";
    REQUEST_TYPE_CHANGED: "request-type-changed", "type changed in a request";
    REQUEST_TYPE_NARROWED: "request-type-narrowed", "type narrowed in a request";
    REQUEST_TYPE_WIDENED: "request-type-widened", "type widened in a request";
    REQUEST_UNION_ARM_ADDED: "request-union-arm-added", "union arm added to a request";
    REQUEST_UNION_ARM_REMOVED: "request-union-arm-removed", "union arm removed from a request";
    REQUIRED_PARAMETER_ADDED: "required-parameter-added", "required parameter added";
    REQUIRED_REQUEST_BODY_ADDED: "required-request-body-added", "required request body added";
    RESPELLED: "respelled", "written in another way, with the same meaning";
    RESPONSE_BODY_ADDED: "response-body-added", "body added to an answer";
    RESPONSE_BODY_REMOVED: "response-body-removed", "body removed from an answer";
    RESPONSE_CONDITION_CHANGED: "response-condition-changed", "condition on an answer changed";
    RESPONSE_CONSTRAINT_LOOSENED: "response-constraint-loosened", "constraint on an answer loosened";
    RESPONSE_CONSTRAINT_TIGHTENED: "response-constraint-tightened", "constraint on an answer tightened";
    RESPONSE_DEFAULT_CHANGED: "response-default-changed", "default in an answer changed";
    RESPONSE_ENUM_ADDED: "response-enum-added", "values of an answer became a list";
    RESPONSE_ENUM_REMOVED: "response-enum-removed", "values of an answer are no list any more";
    RESPONSE_ENUM_VALUE_ADDED: "response-enum-value-added", "enum value added to an answer";
    RESPONSE_ENUM_VALUE_REMOVED: "response-enum-value-removed", "enum value removed from an answer";
    RESPONSE_FORMAT_CHANGED: "response-format-changed", "format changed in an answer";
    RESPONSE_HEADER_ADDED: "response-header-added", "header added to an answer";
    RESPONSE_HEADER_CHANGED: "response-header-changed", "header of an answer became required or optional";
    RESPONSE_HEADER_REMOVED: "response-header-removed", "header removed from an answer";
    RESPONSE_MEDIA_TYPE_ADDED: "response-media-type-added", "media type added to an answer";
    RESPONSE_MEDIA_TYPE_REMOVED: "response-media-type-removed", "media type removed from an answer";
    RESPONSE_NOT_NULLABLE: "response-not-nullable", "null no longer in an answer";
    RESPONSE_NULLABLE: "response-nullable", "null possible in an answer";
    RESPONSE_PART_ADDED: "response-part-added", "part of a sum added to an answer";
    RESPONSE_PART_REMOVED: "response-part-removed", "part of a sum removed from an answer";
    RESPONSE_PROPERTY_ADDED: "response-property-added", "property added to an answer";
    RESPONSE_PROPERTY_BECAME_OPTIONAL: "response-property-became-optional", "property of an answer became optional";
    RESPONSE_PROPERTY_BECAME_REQUIRED: "response-property-became-required", "property of an answer became required";
    RESPONSE_PROPERTY_REMOVED: "response-property-removed", "property removed from an answer";
    RESPONSE_SCHEMA_ADDED: "response-schema-added", "schema added to an answer";
    RESPONSE_SCHEMA_REMOVED: "response-schema-removed", "schema removed from an answer";
    RESPONSE_TYPE_CHANGED: "response-type-changed", "type changed in an answer";
    RESPONSE_TYPE_NARROWED: "response-type-narrowed", "type narrowed in an answer";
    RESPONSE_TYPE_WIDENED: "response-type-widened", "type widened in an answer";
    RESPONSE_UNION_ARM_ADDED: "response-union-arm-added", "union arm added to an answer";
    RESPONSE_UNION_ARM_REMOVED: "response-union-arm-removed", "union arm removed from an answer";
    SAME_VERSION_OTHER_CONTENT: "same-version-other-content", "other content under the same version";
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
    UNDEPRECATED: "undeprecated", "parameter, header or property deprecated no longer";
    UNION_KIND_CHANGED: "union-kind-changed", "union of one kind became one of the other";
    UNION_ORDER_CHANGED: "union-order-changed", "arms of a union in another order";
    UNKNOWN_KEYWORD_CHANGED: "unknown-keyword-changed", "change that no rule knows";
    VERSION_CHANGED: "version-changed", "version changed to one that cannot be compared";
    VERSION_LOWERED: "version-lowered", "version went backwards";
    VERSION_RAISED: "version-raised", "version raised";
    VISIBILITY_CHANGED: "visibility-changed", "property became read-only, write-only or neither";
    WEBHOOK_CHANGED: "webhook-changed", "webhook changed";
    XML_CHANGED: "xml-changed", "writing as XML changed";
}
