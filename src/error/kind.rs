//! The kinds of errors.

use std::fmt;

use http::StatusCode;
use serde::{Deserialize, Serialize};

/// The kind of an [`Error`](crate::Error), by what you can do about it.
///
/// "Retried" means that the client has sent the request again, as its
/// [`RetryPolicy`](crate::RetryPolicy) says, before it returns the error. "Retried if that is safe"
/// means that it does so only for calls that can be sent twice without harm.
///
/// Serializes as its name in snake case, such as `not_found`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is missing or has an invalid value. Never retried. Fix the setting that the
    /// message names.
    Configuration,
    /// The API does not accept the request (400, 413, 415, 422), or a value could not be sent.
    /// Never retried. Fix what [`target`](crate::Error::target) and
    /// [`details`](crate::Error::details) name.
    InvalidRequest,
    /// 406 with an error of the API: the resource does not exist in the form that you asked for, such
    /// as the archive of a load test whose script is a single file. Never retried. Ask for the other
    /// form, or for any.
    NotAcceptable,
    /// 401: the API does not know the token. Never retried. Use another token.
    Unauthenticated,
    /// 403: the token is for another stack, or its role or the stack's plan does not allow the
    /// call. Never retried. Use another token, or ask an administrator of the stack.
    Forbidden,
    /// 404 or 410 with an error of the API: the resource does not exist, or not any more. Never
    /// retried. Check the id.
    NotFound,
    /// 409 with an error of the API: the state of the resource does not allow the call, such as
    /// aborting a run that has ended. Never retried. Get the resource and check its state.
    Conflict,
    /// 429: too many requests. Retried for every call, after `Retry-After`, because the server did
    /// not carry out the request. Send fewer requests, or try again later.
    RateLimited,
    /// 5xx: the server or a proxy failed. 500, 502, 503 and 504 are retried if that is safe. Try
    /// again later.
    Server,
    /// The response did not arrive completely within the client's timeout, the server sent 408, or
    /// no permit came in time. Retried if that is safe. Raise the timeout, or try again later.
    Timeout,
    /// No connection could be made, so nothing was sent. Retried for every call. Check the address
    /// and the network.
    Connect,
    /// The certificate of the server, or that of the client, was rejected, so the server did not
    /// carry out the request. Never retried. The message says what to do, such as to trust the
    /// certificate of a proxy that intercepts TLS.
    Certificate,
    /// The connection broke before the response was complete. Retried if that is safe. Try again
    /// later.
    Transport,
    /// A response with a success status does not match the API's description: the page of a proxy,
    /// an error, a compressed body, or another version of the API. Never retried. See
    /// [`json_path`](crate::Error::json_path) and [`body_excerpt`](crate::Error::body_excerpt). It is
    /// not known whether the API carried out the request: check before you send a change again.
    Decode,
    /// Any other status, such as a redirect, which the client never follows. Also 404, 406, 409 and
    /// 410 without an error of the API, which a proxy may have sent: they do not show that a resource
    /// is missing. Never retried. Check the base URL.
    UnexpectedStatus,
    /// It is unknown whether the server carried out a call that is not safe to send twice: the
    /// connection broke, or a gateway timed out. Also the start of a load test whose success
    /// response could not be read. Not retried any further. Check the state before you send the
    /// call again. Within 10 minutes, you can start a load test again with the same
    /// [`idempotency_key`](crate::Error::idempotency_key).
    OutcomeUnknown,
    /// The pages of a list are inconsistent: a next link does not lead forward, rows moved faster
    /// than they could be read, or fewer rows came than the server counts. Never retried. The rows
    /// before the error are valid. Read the list again.
    Pagination,
    /// The result is larger than you allowed: rows of a `collect_all`, bytes of a response, or
    /// virtual user hours of a start. Never retried. Raise the limit, or use a stream.
    LimitExceeded,
    /// A run did not end within the timeout of a wait. [`last_run`](crate::Error::last_run) is its
    /// last known state. You can wait for the run again.
    WaitTimeout,
    /// Your writer failed during a download. Never retried. See
    /// [`source`](std::error::Error::source).
    Write,
    /// Your file or reader failed during an upload. Never retried; the server did not get all of
    /// it. See [`source`](std::error::Error::source).
    Read,
}

impl ErrorKind {
    /// Returns the kind of an error response.
    pub(super) fn of_status(status: StatusCode, retry_safe: bool) -> Self {
        match status.as_u16() {
            200..=299 => Self::Decode,
            400 | 413 | 415 | 422 => Self::InvalidRequest,
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            406 => Self::NotAcceptable,
            // A gateway that timed out has passed the request on.
            408 | 502 | 504 if !retry_safe => Self::OutcomeUnknown,
            408 => Self::Timeout,
            409 => Self::Conflict,
            429 => Self::RateLimited,
            500..=599 => Self::Server,
            _ => Self::UnexpectedStatus,
        }
    }

    /// Returns the status that most errors of this kind have.
    pub(super) fn usual_status(self) -> Option<StatusCode> {
        Some(match self {
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Conflict => StatusCode::CONFLICT,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Server => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Decode => StatusCode::OK,
            Self::UnexpectedStatus => StatusCode::FOUND,
            _ => return None,
        })
    }
}

/// Writes the kind in a few words, such as `not found`.
impl fmt::Display for ErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Configuration => "invalid configuration",
            Self::InvalidRequest => "invalid request",
            Self::NotAcceptable => "not acceptable",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate limited",
            Self::Server => "server error",
            Self::Timeout => "timeout",
            Self::Connect => "connection failed",
            Self::Certificate => "certificate rejected",
            Self::Transport => "connection broken",
            Self::Decode => "unreadable response",
            Self::UnexpectedStatus => "unexpected status",
            Self::OutcomeUnknown => "unknown outcome",
            Self::Pagination => "inconsistent pages",
            Self::LimitExceeded => "limit exceeded",
            Self::WaitTimeout => "wait timed out",
            Self::Write => "write failed",
            Self::Read => "read failed",
        })
    }
}
