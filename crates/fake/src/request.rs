//! What a request brings: its record and its credentials.

use std::fmt;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::contract::Arguments;
use super::error::ApiError;

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

/// Checks the token.
pub(super) fn authorize(headers: &HeaderMap, token: &str) -> Result<(), ApiError> {
    let given = sole(headers, header::AUTHORIZATION.as_str());
    let Some(given) = given.as_deref() else {
        return Err(ApiError::unauthorized(
            "one Authorization header is needed, in the form `Bearer TOKEN`",
        ));
    };
    match given.strip_prefix("Bearer ") {
        None => {
            let message = "the scheme of the Authorization header has to be Bearer";
            Err(ApiError::unauthorized(message))
        }
        // The token given is a secret too, so that the message does not repeat it.
        Some(other) if other != token => Err(ApiError::unauthorized("the token is not known")),
        Some(_) => Ok(()),
    }
}

/// Checks that a request which names a stack names the token's.
pub(super) fn same_stack(arguments: &Arguments, stack_id: u64) -> Result<(), ApiError> {
    match arguments.get("X-Stack-Id") {
        Some(id) if id.as_u64() != Some(stack_id) => {
            let message = format!("the token has no access to stack {id}");
            Err(ApiError::permission_denied(message))
        }
        _ => Ok(()),
    }
}

/// Returns the header's value when there is exactly one.
fn sole(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
