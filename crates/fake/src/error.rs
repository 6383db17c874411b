//! The API's error body, and the statuses that carry it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// An error response in the form `{"error": {"code", "message", "target"?, "details"?}}`.
#[derive(Debug, PartialEq)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    target: Option<String>,
    details: Vec<Violation>,
    /// The methods that are allowed instead, for a 405.
    allow: Option<String>,
}

/// Returns the code that the service gives an error with this status.
pub(crate) fn service_code(status: u16) -> &'static str {
    match status {
        400 => "validation_error",
        404 => "not_found",
        405 => "method_not_allowed",
        406 => "not_acceptable",
        409 => "conflict",
        415 => "unsupported_media_type",
        _ => "error",
    }
}

/// One of the problems of a request.
#[derive(Debug, PartialEq)]
pub(crate) struct Violation {
    pub(crate) message: String,
    pub(crate) target: String,
}

impl ApiError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            code: service_code(status.as_u16()),
            message: message.into(),
            target: None,
            details: Vec::new(),
            allow: None,
        }
    }

    /// Returns a 400 about `target`.
    pub(crate) fn validation(target: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, message);
        error.target = Some(target.into());
        error
    }

    /// Returns a 400 that lists all violations. Its target is the first.
    pub(crate) fn violations(message: impl Into<String>, details: Vec<Violation>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, message);
        error.target = details.first().map(|violation| violation.target.clone());
        error.details = details;
        error
    }

    /// Returns a 401.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// Returns a 403.
    pub(crate) fn permission_denied(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// Returns a 404.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// Returns a 405 whose `Allow` header is `allow`.
    pub(crate) fn method_not_allowed(message: impl Into<String>, allow: String) -> Self {
        let mut error = Self::new(StatusCode::METHOD_NOT_ALLOWED, message);
        error.allow = Some(allow);
        error
    }

    /// Returns a 406.
    pub(crate) fn not_acceptable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, message)
    }

    /// Returns a 415.
    pub(crate) fn unsupported_media_type(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    /// Returns a 409.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// The part of the request that is wrong.
    #[cfg(test)]
    pub(crate) fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    #[cfg(test)]
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    #[cfg(test)]
    pub(crate) fn details(&self) -> &[Violation] {
        &self.details
    }

    fn body(&self) -> Value {
        let mut error = Map::new();
        error.insert("code".into(), json!(self.code));
        error.insert("message".into(), json!(self.message));
        if let Some(target) = &self.target {
            error.insert("target".into(), json!(target));
        }
        if !self.details.is_empty() {
            let details: Vec<Value> = self
                .details
                .iter()
                .map(|violation| {
                    json!({
                        "code": self.code,
                        "message": violation.message,
                        "target": violation.target,
                    })
                })
                .collect();
            error.insert("details".into(), Value::Array(details));
        }
        json!({ "error": error })
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = json_response(self.status, &self.body());
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(allow) = self.allow.and_then(|allow| HeaderValue::try_from(allow).ok()) {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}

/// Returns `value` as an `application/json` response.
pub(crate) fn json_response(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => {
            let content_type = [(header::CONTENT_TYPE, "application/json")];
            (status, content_type, body).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
