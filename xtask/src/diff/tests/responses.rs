//! Which responses the client reads.

use serde_json::{Value, json};

use super::super::Severity;
use super::{compare, line};

/// A description in which an operation has these responses, each with a body of a type.
fn document(responses: &[(&str, &str)]) -> Value {
    let response = |name: &str| {
        let body =
            json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": name } } });
        json!({ "description": "", "content": { "application/json": { "schema": body } } })
    };
    let responses: Value =
        responses.iter().map(|(status, name)| ((*status).to_owned(), response(name))).collect();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/it": { "get": { "operationId": "get_it", "responses": responses } } },
    })
}

#[test]
fn change_of_a_body_breaks_only_where_the_client_reads_it() {
    for (statuses, changed, is_read) in [
        (&["200"][..], "200", true),
        (&["2XX"], "2XX", true),
        (&["default"], "default", true),
        (&["404", "default"], "default", true),
        (&["404"], "404", false),
        (&["404", "500"], "500", false),
        (&["200", "404"], "404", false),
        (&["200", "default"], "default", false),
    ] {
        let with = |name| {
            let each = statuses.iter();
            let all: Vec<_> =
                each.map(|s| (*s, if *s == changed { name } else { "string" })).collect();
            document(&all)
        };
        let changes = compare(&with("string"), &with("integer"));
        let shown: Vec<_> = changes.iter().map(line).collect();
        let breaks = changes.iter().any(|change| change.wire == Severity::Breaking);
        assert_eq!(breaks, is_read, "{statuses:?} {changed}: {shown:?}");
        assert!(!changes.is_empty(), "{statuses:?} {changed}");
    }
}
