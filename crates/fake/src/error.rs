//! The API's error body, and the statuses that carry it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A refusal in the form `{"error": {"code", "message", "target"?, "details"?}}`.
#[derive(Debug, PartialEq)]
pub(super) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    target: Option<String>,
    details: Vec<Violation>,
    /// The methods that are allowed instead, for a 405.
    allow: Option<String>,
}

/// One broken rule of a request that may break several.
#[derive(Debug, PartialEq)]
pub(super) struct Violation {
    pub(super) message: String,
    pub(super) target: String,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            target: None,
            details: Vec::new(),
            allow: None,
        }
    }

    /// Returns a 400 about `target`.
    pub(super) fn validation(target: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, "validation_error", message);
        error.target = Some(target.into());
        error
    }

    /// Returns a 400 that lists every violation and targets the first.
    pub(super) fn violations(message: impl Into<String>, details: Vec<Violation>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, "validation_error", message);
        error.target = details.first().map(|violation| violation.target.clone());
        error.details = details;
        error
    }

    /// Returns a 401.
    pub(super) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// Returns a 403.
    pub(super) fn permission_denied(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "permission_denied", message)
    }

    /// Returns a 404.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// Returns a 405 whose `Allow` header is `allow`.
    pub(super) fn method_not_allowed(message: impl Into<String>, allow: String) -> Self {
        let mut error = Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message);
        error.allow = Some(allow);
        error
    }

    /// Returns a 406.
    pub(super) fn not_acceptable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", message)
    }

    /// Returns a 409.
    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", message)
    }

    /// The name of the part of the request that is refused.
    #[cfg(test)]
    pub(super) fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    #[cfg(test)]
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    #[cfg(test)]
    pub(super) fn details(&self) -> &[Violation] {
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
pub(super) fn json_response(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => {
            let content_type = [(header::CONTENT_TYPE, "application/json")];
            (status, content_type, body).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
