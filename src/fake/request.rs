//! What a request brings: its record, its credentials, its identifiers and its body.

use std::fmt;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde_json::Value;

use super::error::{ApiError, Violation};

const STACK_ID: &str = "x-stack-id";

/// A request that reached the fake, whatever it was answered with.
///
/// The headers are kept as they came, `Authorization` included; `Debug` hides its value.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, in upper case.
    pub method: String,
    /// The path, as it came.
    pub path: String,
    /// The query without its question mark, as it came.
    pub query: Option<String>,
    /// The headers in the order in which they came, the names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl RecordedRequest {
    pub(super) fn new(parts: &Parts, body: &[u8]) -> Self {
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        });
        Self {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: headers.collect(),
            body: body.to_vec(),
        }
    }

    /// Returns the first value of a header, whose name may be in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Returns the decoded value of a query parameter, the first where it is repeated.
    pub fn query_value(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_deref().unwrap_or("").as_bytes())
            .find(|(parameter, _)| parameter == name)
            .map(|(_, value)| value.into_owned())
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| {
                let secret = name.eq_ignore_ascii_case("authorization");
                (name.as_str(), if secret { "[redacted]" } else { value })
            })
            .collect();
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &headers)
            .field("body", &String::from_utf8_lossy(&self.body))
            .finish()
    }
}

/// Checks the token, then that there is a stack id, then that it is `stack_id`.
pub(super) fn authorize(headers: &HeaderMap, token: &str, stack_id: u64) -> Result<(), ApiError> {
    let given = sole(headers, header::AUTHORIZATION.as_str());
    let Some(given) = given.as_deref() else {
        return Err(ApiError::unauthorized(
            "one Authorization header is needed, in the form `Bearer TOKEN`",
        ));
    };
    match given.strip_prefix("Bearer ") {
        None => {
            let message = "the scheme of the Authorization header has to be Bearer";
            return Err(ApiError::unauthorized(message));
        }
        // The token given is a secret too, so that the message does not repeat it.
        Some(other) if other != token => {
            return Err(ApiError::unauthorized("the token is not known"));
        }
        Some(_) => {}
    }
    let Some(id) = sole(headers, STACK_ID) else {
        let message = "one X-Stack-Id header is needed, the numeric id of the stack";
        return Err(ApiError::validation("X-Stack-Id", message));
    };
    let Ok(id) = id.parse::<i128>() else {
        let message = format!("X-Stack-Id has to be an integer, got {id:?}");
        return Err(ApiError::validation("X-Stack-Id", message));
    };
    if id != i128::from(stack_id) {
        let message = format!("the token has no access to stack {id}");
        return Err(ApiError::permission_denied(message));
    }
    Ok(())
}

/// Returns the header's value when there is exactly one.
fn sole(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Reads the id in a path.
pub(super) fn path_id(segment: &str) -> Result<i64, ApiError> {
    // `parse` alone would take a leading plus.
    let parsed = segment.parse().ok().filter(|_| !segment.starts_with('+'));
    parsed.ok_or_else(|| {
        let message = format!("id has to be a 64-bit integer, got {segment:?}");
        ApiError::validation("id", message)
    })
}

/// Refuses a body, for an operation that takes none.
pub(super) fn refuse_body(body: &[u8]) -> Result<(), ApiError> {
    if body.is_empty() {
        return Ok(());
    }
    let message = format!("this operation takes no body, got {} bytes", body.len());
    Err(ApiError::validation("body", message))
}

/// Reads the note out of a body that has to hold nothing else.
pub(super) fn note(headers: &HeaderMap, body: &[u8]) -> Result<String, ApiError> {
    let content_type = sole(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        let message = format!("Content-Type has to be application/json, got {content_type:?}");
        return Err(ApiError::validation("Content-Type", message));
    }
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        let message = format!("the body is not JSON: {error}");
        ApiError::validation("body", message)
    })?;
    let Value::Object(mut object) = value else {
        let message = "the body has to be an object with the property note";
        return Err(ApiError::validation("body", message));
    };
    let mut violations = Vec::new();
    let note = match object.remove("note") {
        Some(Value::String(note)) => note,
        given => {
            let message = match given {
                None => "note is required".to_owned(),
                Some(other) => format!("note has to be a string, got {other}"),
            };
            violations.push(Violation { message, target: "note".to_owned() });
            String::new()
        }
    };
    violations.extend(
        object.into_iter().map(|(name, _)| Violation {
            message: format!("unknown property {name}"),
            target: name,
        }),
    );
    match violations.as_slice() {
        [] => Ok(note),
        [first, rest @ ..] => {
            let message = match rest.len() {
                0 => first.message.clone(),
                more => format!("{}, and {more} more", first.message),
            };
            Err(ApiError::violations(message, violations))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn json_headers(content_type: &'static str) -> HeaderMap {
        let value = HeaderValue::from_static(content_type);
        HeaderMap::from_iter([(header::CONTENT_TYPE, value)])
    }

    #[test]
    fn debug_hides_the_token_and_the_record_keeps_it() {
        let request = RecordedRequest {
            method: "GET".to_owned(),
            path: "/cloud/v6/test_runs".to_owned(),
            query: Some("$top=1&a=b%20c".to_owned()),
            headers: vec![("authorization".to_owned(), "Bearer hush".to_owned())],
            body: Vec::new(),
        };
        assert!(!format!("{request:?}").contains("hush"));
        assert_eq!(request.header("Authorization"), Some("Bearer hush"));
        assert_eq!(request.query_value("a").as_deref(), Some("b c"));
    }

    #[test]
    fn path_id_is_a_64_bit_integer() {
        assert_eq!(path_id("900001"), Ok(900_001));
        assert_eq!(path_id("-1"), Ok(-1));
        for segment in ["", "+1", "1.0", "abc", "9223372036854775808", "1%20"] {
            let error = path_id(segment).expect_err(segment);
            assert_eq!(error.target(), Some("id"), "{segment}");
        }
    }

    #[test]
    fn note_is_a_string_and_stands_alone() {
        let headers = json_headers("application/json; charset=utf-8");
        assert_eq!(note(&headers, br#"{"note": ""}"#), Ok(String::new()));
        let cases: [(&[u8], &str); 6] = [
            (b"", "body"),
            (b"[]", "body"),
            (b"{}", "note"),
            (br#"{"note": 1}"#, "note"),
            (br#"{"note": null}"#, "note"),
            (br#"{"note": "a", "is_starred": true}"#, "is_starred"),
        ];
        for (body, target) in cases {
            let error = note(&headers, body).expect_err(target);
            assert_eq!(error.target(), Some(target));
        }
        let error = note(&json_headers("text/plain"), br#"{"note": ""}"#);
        let error = error.expect_err("a body that is not said to be JSON");
        assert_eq!(error.target(), Some("Content-Type"));
    }
}
