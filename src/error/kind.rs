//! The kinds of error.

/// The kinds of [`Error`](crate::Error), by what a caller can do about them.
///
/// "Retried" says what the client itself does before it gives up, by its
/// [`RetryPolicy`](crate::RetryPolicy) and for operations that may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is missing or has a value that cannot be meant. Never retried: correct the
    /// setting that the message names.
    Configuration,
    /// The request is not one that the API takes: 400, 413, 415 or 422, or a value that could not
    /// be sent. Never retried: correct what `target` and `details` name.
    InvalidRequest,
    /// 406: what was asked for is not there in that form, such as the archive of a load test whose
    /// script is a single file. Never retried: ask for the other form, or for any.
    NotAcceptable,
    /// 401: the API does not know the token. Never retried.
    Unauthenticated,
    /// 403: the token may not do this, or belongs to another stack. Never retried.
    Forbidden,
    /// 404 or 410: there is no such thing, or no longer. Never retried.
    NotFound,
    /// 409: the state of things does not allow it, such as aborting a run that has ended. Never
    /// retried: look at the state first.
    Conflict,
    /// 429: too many requests. Retried, after `Retry-After`, for every operation: it was not
    /// carried out.
    RateLimited,
    /// 5xx: the server or a proxy before it failed. 500, 502, 503 and 504 are retried.
    Server,
    /// The answer did not come, or did not end, within the client's timeout, or the server gave
    /// 408. Retried.
    Timeout,
    /// No connection could be made, so nothing was sent. Retried, for every operation.
    Connect,
    /// The connection broke before the answer had ended. Retried.
    Transport,
    /// A successful answer does not have the described shape: another version of the API, or the
    /// page of a proxy. Never retried; `json_path` or `body_excerpt` shows where.
    Decode,
    /// A status that is none of the above, such as a redirect, which is never followed. Never
    /// retried.
    UnexpectedStatus,
    /// The call changes something, must not be repeated blindly, and no one can tell whether it
    /// was carried out: the connection broke, or a gateway gave up. Look before doing it again. A
    /// start of a load test can be repeated for 10 minutes, with its `idempotency_key`.
    OutcomeUnknown,
    /// The pages of a list do not fit together: a next link that leads elsewhere or nowhere, or
    /// rows that moved faster than they could be read. What was read before it holds.
    Pagination,
    /// More than the caller allowed: rows of a `collect_all`, bytes of an answer, or virtual user
    /// hours of a start. Raise the limit, or stream.
    LimitExceeded,
    /// A run that was waited for had not ended in time; `last_run` shows its state.
    WaitTimeout,
    /// Writing what was downloaded failed on the caller's side.
    Write,
    /// Reading what was to be uploaded failed on the caller's side. Never retried, and the server
    /// has not got the whole of it.
    Read,
}
