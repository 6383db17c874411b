//! The crate's error.

mod decode;
mod kind;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

pub(crate) use self::decode::{ErrorContext, Redact, error_of_download, error_of_send};
pub use self::kind::ErrorKind;
use crate::types;

/// What went wrong, in one boxed value.
///
/// `Display` is one line: the operation, the status, what the API says about it and, where there
/// is one, a hint. What lies behind it is in [`source`](std::error::Error::source). Neither they
/// nor `Debug` ever hold the token, or a body that is not the API's account of what went wrong.
///
/// ```no_run
/// # use k6_cloud::prelude::*;
/// # async fn example(client: Client) -> Result<(), Error> {
/// match client.abort_test_run(42).send().await {
///     Err(error) if error.is_conflict() => println!("it has ended: {error}"),
///     Err(error) if error.is_not_found() => println!("no such run"),
///     other => other?,
/// }
/// # Ok(()) }
/// ```
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    /// What `Display` says after the operation.
    summary: String,
    operation: Option<&'static str>,
    attempts: u32,
    /// Whether repeating the call does no harm.
    retry_safe: bool,
    /// Whether one of the attempts may have been carried out although it failed.
    maybe_carried_out: bool,
    answer: Answer,
    hint: Option<Cow<'static, str>>,
    last_run: Option<Box<types::TestRun>>,
    idempotency_key: Option<Box<str>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What is known of the server's answer.
#[derive(Debug, Default)]
struct Answer {
    status: Option<StatusCode>,
    code: Option<String>,
    message: Option<String>,
    target: Option<String>,
    details: Vec<ErrorDetail>,
    retry_after: Option<Duration>,
    request_id: Option<String>,
    excerpt: Option<String>,
    path: Option<String>,
}

/// One of several failures behind an error of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// Names the kind of failure to a program; empty where the API gives none.
    pub code: String,
    /// Explains the failure to a person; empty where the API gives nothing.
    pub message: String,
    /// What the failure is about, such as a property of the request.
    pub target: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, summary: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            summary: summary.into(),
            operation: None,
            attempts: 0,
            retry_safe: true,
            maybe_carried_out: false,
            answer: Answer::default(),
            hint: None,
            last_run: None,
            idempotency_key: None,
            source: None,
        }))
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32, status: StatusCode) -> Self {
        self.0.attempts = attempts;
        self.0.answer.status = Some(status);
        self
    }

    pub(crate) fn with_last_run(mut self, run: Option<types::TestRun>) -> Self {
        self.0.last_run = run.map(Box::new);
        self
    }

    /// Says that this is about the start of a load test with `key`. Where a run may have begun,
    /// another start with another key could begin a second one.
    pub(crate) fn of_start(mut self, key: String) -> Self {
        let failed = matches!(
            self.0.kind,
            ErrorKind::Server
                | ErrorKind::Timeout
                | ErrorKind::Transport
                | ErrorKind::Connect
                | ErrorKind::RateLimited
        );
        if self.0.maybe_carried_out && failed {
            self.0.kind = ErrorKind::OutcomeUnknown;
        }
        let begun = self.0.kind == ErrorKind::Decode;
        if begun || self.0.kind == ErrorKind::OutcomeUnknown {
            self.0.retry_safe = false;
            let what = if begun { "a run has begun" } else { "a run may have begun" };
            let hint = format!(
                "{what}: look for it in the runs of the load test, or start it again within 10 \
                 minutes and with the same idempotency key, {key}"
            );
            self.0.hint = Some(hint.into());
        }
        self.0.idempotency_key = Some(key.into());
        self
    }

    /// Returns what kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the HTTP status, if there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.status
    }

    /// Returns the name of the operation, which is that of the client's method, such as
    /// `get_test_run`; `None` for what is not about a call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the API's own name for the failure, such as `conflict`.
    pub fn code(&self) -> Option<&str> {
        self.0.answer.code.as_deref()
    }

    /// Returns the API's own explanation.
    pub fn message(&self) -> Option<&str> {
        self.0.answer.message.as_deref()
    }

    /// Returns what the failure is about by the API's account, such as a property of the request.
    pub fn target(&self) -> Option<&str> {
        self.0.answer.target.as_deref()
    }

    /// Returns the single failures that the API lists.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.answer.details
    }

    /// Returns how long the server asks to wait, from the answer's `Retry-After`.
    ///
    /// The client has waited that long already between its own attempts, unless that would have
    /// passed the deadline of its [`RetryPolicy`](crate::RetryPolicy).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.answer.retry_after
    }

    /// Returns how many requests were sent for the call; 0 when it failed before the first.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the id by which the server or a proxy knows the request, if the answer has one.
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.request_id.as_deref()
    }

    /// Returns the beginning, 512 bytes at most and on one line, of a body that is not the API's
    /// JSON, such as the HTML of a proxy.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.answer.excerpt.as_deref()
    }

    /// Returns the place in the answer's JSON that does not have the described shape, such as
    /// `value[3].cost.total_vuh`.
    pub fn json_path(&self) -> Option<&str> {
        self.0.answer.path.as_deref()
    }

    /// Returns what to look at first, where that is known.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Returns the run as it was seen last by a wait that ended early.
    pub fn last_run(&self) -> Option<&types::TestRun> {
        self.0.last_run.as_deref()
    }

    /// Returns the run as it was seen last by a wait that ended early, by value.
    pub fn into_last_run(self) -> Option<types::TestRun> {
        self.0.last_run.map(|run| *run)
    }

    /// Returns the key by which the API knows the start that failed. For 10 minutes from its first
    /// attempt, a start with the same [key](crate::StartLoadTest::idempotency_key) begins no second
    /// run.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// Returns whether the same call may succeed later without any change, and making it again
    /// does no harm: the server was overloaded or out of reach, and the call is one that may be
    /// repeated or was certainly not carried out.
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            ErrorKind::RateLimited | ErrorKind::Connect => true,
            ErrorKind::Server | ErrorKind::Timeout | ErrorKind::Transport => self.0.retry_safe,
            _ => false,
        }
    }

    /// Returns whether this is [`ErrorKind::InvalidRequest`].
    pub fn is_invalid_request(&self) -> bool {
        self.0.kind == ErrorKind::InvalidRequest
    }

    /// Returns whether this is [`ErrorKind::NotAcceptable`].
    pub fn is_not_acceptable(&self) -> bool {
        self.0.kind == ErrorKind::NotAcceptable
    }

    /// Returns whether this is [`ErrorKind::Unauthenticated`].
    pub fn is_unauthenticated(&self) -> bool {
        self.0.kind == ErrorKind::Unauthenticated
    }

    /// Returns whether this is [`ErrorKind::Forbidden`].
    pub fn is_forbidden(&self) -> bool {
        self.0.kind == ErrorKind::Forbidden
    }

    /// Returns whether this is [`ErrorKind::NotFound`].
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Returns whether this is [`ErrorKind::Conflict`].
    pub fn is_conflict(&self) -> bool {
        self.0.kind == ErrorKind::Conflict
    }

    /// Returns whether this is [`ErrorKind::RateLimited`].
    pub fn is_rate_limited(&self) -> bool {
        self.0.kind == ErrorKind::RateLimited
    }

    /// Returns whether this is [`ErrorKind::Server`].
    pub fn is_server(&self) -> bool {
        self.0.kind == ErrorKind::Server
    }

    /// Returns whether this is [`ErrorKind::Timeout`] or [`ErrorKind::WaitTimeout`].
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout | ErrorKind::WaitTimeout)
    }

    /// Returns whether this is [`ErrorKind::Connect`].
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Returns whether this is [`ErrorKind::Transport`].
    pub fn is_transport(&self) -> bool {
        self.0.kind == ErrorKind::Transport
    }

    /// Returns whether this is [`ErrorKind::LimitExceeded`].
    pub fn is_limit_exceeded(&self) -> bool {
        self.0.kind == ErrorKind::LimitExceeded
    }

    /// Returns whether this is [`ErrorKind::Pagination`].
    pub fn is_pagination(&self) -> bool {
        self.0.kind == ErrorKind::Pagination
    }

    /// Returns whether this is [`ErrorKind::Decode`].
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// Returns whether this is [`ErrorKind::OutcomeUnknown`].
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.kind == ErrorKind::OutcomeUnknown
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(formatter, "{operation}: ")?;
        }
        formatter.write_str(&self.0.summary)?;
        if self.0.attempts > 1 {
            write!(formatter, " (after {} attempts)", self.0.attempts)?;
        }
        if let Some(hint) = &self.0.hint {
            write!(formatter, "; {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.operation)
            .field("summary", &self.0.summary)
            .field("attempts", &self.0.attempts)
            .field("answer", &self.0.answer)
            .field("hint", &self.0.hint)
            .field("last_run", &self.0.last_run.as_ref().map(|run| run.id))
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
