//! Errors that are made without a server.

use std::error::Error as StdError;
use std::time::Duration;

use http::StatusCode;

use super::text::{excerpt, truncate};
use super::{Error, ErrorDetail, ErrorKind, ErrorResponse};
use crate::http::failure::deepest;
use crate::types::TestRun;

/// The longest string that is kept, in bytes. The limit is that of errors from a server.
const MAX_TEXT: usize = 4096;

/// Makes an [`Error`] without a server, so that a mock of your own code can fail; from
/// [`Error::builder`].
///
/// The error has the same message, kind and status as the client's error for such a response. It
/// has no hint, and its number of attempts is that of a call without retries.
#[derive(Debug)]
#[must_use = "a builder does nothing unless built"]
pub struct ErrorBuilder {
    kind: ErrorKind,
    response: ErrorResponse,
    operation: Option<&'static str>,
    last_run: Option<TestRun>,
    idempotency_key: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ErrorBuilder {
    pub(super) fn new(kind: ErrorKind) -> Self {
        let response = ErrorResponse { status: kind.usual_status(), ..ErrorResponse::default() };
        Self {
            kind,
            response,
            operation: None,
            last_run: None,
            idempotency_key: None,
            source: None,
        }
    }

    /// Sets the HTTP status.
    ///
    /// By default it is the usual one of the kind, such as 404 for
    /// [`NotFound`](ErrorKind::NotFound). If a response with this status would be of another kind,
    /// the error is of that kind.
    pub fn status(mut self, status: StatusCode) -> Self {
        let kinds = [true, false].map(|retry_safe| ErrorKind::of_status(status, retry_safe));
        if !kinds.contains(&self.kind) {
            self.kind = kinds[0];
        }
        self.response.status = Some(status);
        self
    }

    /// Sets the API's name for the failure, such as `not_found`.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.response.code = Some(kept(code));
        self
    }

    /// Sets the API's explanation.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.response.message = Some(kept(message));
        self
    }

    /// Sets what the failure is about, such as a property of the request.
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.response.target = Some(kept(target));
        self
    }

    /// Adds an individual failure.
    pub fn detail(mut self, detail: ErrorDetail) -> Self {
        self.response.details.push(detail);
        self
    }

    /// Sets how long the server asked to wait.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.response.retry_after = Some(wait);
        self
    }

    /// Sets the id that the server gave the request.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.response.request_id = Some(excerpt(&id.into()));
        self
    }

    /// Sets the name of the client's method, such as `get_test_run`.
    pub fn operation(mut self, operation: &'static str) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Sets the last known state of a run, for a wait that ended early.
    pub fn last_run(mut self, run: TestRun) -> Self {
        self.last_run = Some(run);
        self
    }

    /// Sets the idempotency key, for the start of a load test.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Sets the cause. The error's line has its reason, and [`Error::get_ref`] returns it.
    pub fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Builds the error.
    pub fn build(self) -> Error {
        let Self { kind, mut response, operation, last_run, idempotency_key, source } = self;
        // A success status does not say what is wrong, and without a response there is none.
        let status = response.status;
        response.status = status.filter(|status| !status.is_success());
        let summary = match (response.status, response.summary()) {
            (Some(_), summary) => summary,
            (None, summary) => format!("{kind}{summary}"),
        };
        response.status = status;
        let mut error = Error::new(kind, summary).with_response(response).with_last_run(last_run);
        error.0.operation = operation;
        error.0.record.attempts = u32::from(kind != ErrorKind::Configuration);
        error.0.idempotency_key = idempotency_key.map(Into::into);
        if let Some(source) = source {
            error.append(&deepest(&*source).to_string());
            error.0.source = Some(source);
        }
        error
    }
}

impl From<ErrorBuilder> for Error {
    fn from(builder: ErrorBuilder) -> Self {
        builder.build()
    }
}

fn kept(text: impl Into<String>) -> String {
    let mut text = text.into();
    truncate(&mut text, MAX_TEXT);
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;

    use super::{Error, ErrorKind};
    use crate::ErrorDetail;

    #[test]
    fn built_error_reads_like_one_from_a_server() {
        let error = Error::builder(ErrorKind::InvalidRequest)
            .code("validation_error")
            .message("two properties\nare wrong")
            .target("body")
            .detail(ErrorDetail::new("too_long", "longer than 500"))
            .operation("update_test_run")
            .retry_after(Duration::from_secs(7))
            .request_id("r-1\n2")
            .idempotency_key("key-3")
            .build();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(error.request_id(), Some("r-1 2"));
        assert_eq!(error.idempotency_key(), Some("key-3"));
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
        assert_eq!((error.code(), error.target()), (Some("validation_error"), Some("body")));
        assert_eq!(error.message(), Some("two properties\nare wrong"));
        assert_eq!(error.details().len(), 1);
        assert_eq!(
            error.to_string(),
            "update_test_run: 400 Bad Request (validation_error): two properties are wrong"
        );
    }

    #[test]
    fn kind_never_contradicts_the_status() {
        for (kind, status, expected) in [
            (ErrorKind::NotFound, 410, ErrorKind::NotFound),
            (ErrorKind::NotFound, 409, ErrorKind::Conflict),
            (ErrorKind::Server, 502, ErrorKind::Server),
            (ErrorKind::OutcomeUnknown, 502, ErrorKind::OutcomeUnknown),
            (ErrorKind::OutcomeUnknown, 503, ErrorKind::Server),
            (ErrorKind::Connect, 404, ErrorKind::NotFound),
            (ErrorKind::Decode, 201, ErrorKind::Decode),
            (ErrorKind::Timeout, 200, ErrorKind::Decode),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            let error = Error::builder(kind).status(status).build();
            assert_eq!((error.kind(), error.status()), (expected, Some(status)), "{kind} {status}");
        }
    }

    #[test]
    fn error_without_a_response_names_its_kind() {
        let error = Error::builder(ErrorKind::Connect).source("refused").build();
        assert_eq!(error.to_string(), "connection failed: refused");
        assert_eq!((error.status(), error.is_transient()), (None, true));
        assert!(std::error::Error::source(&error).is_none());
        assert_eq!(error.get_ref().map(ToString::to_string).as_deref(), Some("refused"));
        let error = Error::builder(ErrorKind::Decode).build();
        assert_eq!(error.to_string(), "unreadable response");
        let error: Error = Error::builder(ErrorKind::Timeout).message("too\nslow").into();
        assert_eq!(error.to_string(), "timeout: too slow");
    }
}
