//! The crate's error.

mod abort;
mod builder;
mod decode;
mod display;
mod kind;
mod location;
mod text;
mod token;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

use http::StatusCode;
use serde::{Deserialize, Serialize};

pub use self::builder::ErrorBuilder;
pub(crate) use self::decode::{
    ErrorContext, FOREIGN, compressed_summary, error_of_download, error_of_send,
};
pub use self::kind::ErrorKind;
pub(crate) use self::location::location;
pub(crate) use self::text::Redact;
use crate::http::failure::{AttemptRecord, deepest};
use crate::http::limits::RetryStop;
use crate::{AbortOutcome, types};

/// The number of characters of a summary that are kept. Parts of it from a server are shorter.
const MAX_SUMMARY: usize = 4096;

/// The error of every call, in one boxed value.
///
/// `{}` and `{:?}` write the same line: the name of the call, the status, what the API says about it,
/// the reason and, where there is one, a hint. `{:#}` leaves out the name of the call, and `{:#?}`
/// writes the fields.
///
/// The line always has the reason, such as `Connection refused`, so that
/// [`source`](std::error::Error::source) is `None`: programs that print an error with its sources
/// would show the reason twice. [`get_ref`](Error::get_ref) returns the cause, for programs.
///
/// No error contains the token or the query of a request, in whichever way it is shown.
///
/// ```no_run
/// # use k6_cloud::prelude::*;
/// # async fn example(client: Client) -> Result<(), Error> {
/// match client.abort_test_run(42).send().await {
///     Err(error) if error.is_conflict() => println!("the run has ended: {error}"),
///     Err(error) if error.is_not_found() => println!("the run does not exist"),
///     other => other?,
/// }
/// # Ok(()) }
/// ```
///
/// [`Error::builder`] makes one without a server, for tests of your own code.
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    /// What `Display` writes after the operation.
    summary: String,
    operation: Option<&'static str>,
    record: AttemptRecord,
    response: ErrorResponse,
    hint: Option<Cow<'static, str>>,
    last_run: Option<Box<types::TestRun>>,
    /// What became of the run that a wait aborted, and how `Display` says it.
    abort: Option<(AbortOutcome, String)>,
    idempotency_key: Option<Box<str>>,
    setting: Option<SettingProblem>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The parts of the response that are kept.
#[derive(Debug, Default)]
struct ErrorResponse {
    status: Option<StatusCode>,
    code: Option<String>,
    message: Option<String>,
    target: Option<String>,
    details: Vec<ErrorDetail>,
    retry_after: Option<Duration>,
    request_id: Option<String>,
    excerpt: Option<String>,
    path: Option<String>,
    /// The index in the list of a row that cannot be read.
    row_index: Option<i64>,
}

/// The setting of a client that is missing or wrong; from [`Error::setting`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SettingProblem {
    /// The method of [`ClientBuilder`](crate::ClientBuilder) that sets it, such as `token`.
    pub name: &'static str,
    /// Whether no source has it. Otherwise its value is wrong.
    pub is_missing: bool,
}

/// One of several failures behind an error of the API; from [`Error::details`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The API's name for the failure, for programs; empty if the API gives none.
    pub code: String,
    /// The API's explanation, for people; empty if the API gives none.
    pub message: String,
    /// What the failure is about, such as a property of the request.
    pub target: Option<String>,
}

impl ErrorDetail {
    /// Makes a detail without a target.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), target: None }
    }
}

impl Error {
    /// Returns a builder of an error of this kind, so that a mock of your own code can fail
    /// without a server.
    ///
    /// ```
    /// use k6_cloud::{Error, ErrorKind};
    ///
    /// let error = Error::builder(ErrorKind::NotFound)
    ///     .code("not_found")
    ///     .message("no such run")
    ///     .operation("get_test_run")
    ///     .build();
    /// assert!(error.is_not_found());
    /// assert_eq!(error.to_string(), "get_test_run: 404 Not Found (not_found): no such run");
    /// ```
    pub fn builder(kind: ErrorKind) -> ErrorBuilder {
        ErrorBuilder::new(kind)
    }

    pub(crate) fn new(kind: ErrorKind, summary: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            // It may quote a path, a value of the caller or text of a server.
            summary: visible_text::line(&summary.into(), MAX_SUMMARY),
            operation: None,
            // A call that was never sent can be sent.
            record: AttemptRecord { retry_safe: true, ..AttemptRecord::default() },
            response: ErrorResponse::default(),
            hint: None,
            last_run: None,
            abort: None,
            idempotency_key: None,
            setting: None,
            source: None,
        }))
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// Sets the setting that the error is about, unless it has one already.
    pub(crate) fn about_setting(mut self, name: &'static str, is_missing: bool) -> Self {
        self.0.setting.get_or_insert(SettingProblem { name, is_missing });
        self
    }

    /// Makes the error of a row of a list that does not match the description at `path`.
    pub(crate) fn of_row(summary: String, index: i64, path: String) -> Self {
        let mut error = Self::new(ErrorKind::Decode, summary);
        error.0.response.status = Some(StatusCode::OK);
        error.0.response.path = Some(path);
        error.0.response.row_index = Some(index);
        error
    }

    /// Sets the cause, whose reason the summary does not have yet.
    pub(crate) fn with_source(mut self, cause: impl StdError + Send + Sync + 'static) -> Self {
        self.append(&deepest(&cause).to_string());
        self.keep_source(cause)
    }

    /// Sets the cause, whose reason is in the summary already.
    pub(crate) fn keep_source(mut self, cause: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(cause));
        self
    }

    fn append(&mut self, reason: &str) {
        let reason = visible_text::line(reason, MAX_SUMMARY);
        self.0.summary = format!("{}: {reason}", self.0.summary);
    }

    fn with_response(mut self, response: ErrorResponse) -> Self {
        self.0.response = response;
        self
    }

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_hint(mut self, hint: String) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32, status: StatusCode) -> Self {
        self.0.record.attempts = attempts;
        self.0.response.status = Some(status);
        self
    }

    pub(crate) fn with_last_run(mut self, run: Option<types::TestRun>) -> Self {
        self.0.last_run = run.map(Box::new);
        self
    }

    /// Makes this the error of the start of a load test with `key`. If a run may have begun, a
    /// start with another key could begin a second one.
    pub(crate) fn of_start(mut self, key: String) -> Self {
        let could_follow_a_start = matches!(
            self.0.kind,
            ErrorKind::Server
                | ErrorKind::Timeout
                | ErrorKind::Transport
                | ErrorKind::Connect
                | ErrorKind::Certificate
                | ErrorKind::RateLimited
                | ErrorKind::UnexpectedStatus
        );
        // A success status that did not come with a run may be that of a proxy.
        let claimed = self.0.record.success.is_some();
        if claimed || (self.0.record.maybe_carried_out && could_follow_a_start) {
            self.0.kind = ErrorKind::OutcomeUnknown;
        }
        if self.0.kind == ErrorKind::OutcomeUnknown {
            let hint = format!(
                "a run may have begun: look for it in the runs of the load test, or start the load test again \
                 within 10 minutes with the same idempotency key, {key}"
            );
            self.0.hint = Some(hint.into());
        }
        self.0.idempotency_key = Some(key.into());
        self
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns what is wrong: the message without the name of the call, the number of attempts and the
    /// hint.
    pub fn summary(&self) -> &str {
        &self.0.summary
    }

    /// Returns the setting that is missing or wrong, for an error of the kind
    /// [`Configuration`](ErrorKind::Configuration) that is about one.
    pub fn setting(&self) -> Option<SettingProblem> {
        self.0.setting
    }

    /// Returns the HTTP status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.status
    }

    /// Returns the name of the method that you called on the client, such as `get_test_run`; `None`
    /// if the error is not about a call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the API's name for the failure, such as `conflict`.
    pub fn code(&self) -> Option<&str> {
        self.0.response.code.as_deref()
    }

    /// Returns the API's explanation.
    pub fn message(&self) -> Option<&str> {
        self.0.response.message.as_deref()
    }

    /// Returns what the API says the failure is about, such as a property of the request.
    pub fn target(&self) -> Option<&str> {
        self.0.response.target.as_deref()
    }

    /// Returns the individual failures that the API lists.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.response.details
    }

    /// Returns how long the server asked to wait, from the `Retry-After` of the response.
    ///
    /// The client has already waited that long between its own attempts, unless the pause would
    /// have ended after the deadline of its [`RetryPolicy`](crate::RetryPolicy).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.response.retry_after
    }

    /// Returns the number of requests that the client sent for the call; 0 if it failed before the
    /// first.
    pub fn attempts(&self) -> u32 {
        self.0.record.attempts
    }

    /// Returns the time from the first request of the call to the error, with the pauses between attempts,
    /// by the clock of the client; `None` if nothing was sent, or the error is about several calls.
    pub fn elapsed(&self) -> Option<Duration> {
        self.0.record.elapsed
    }

    /// Returns the id that the server or a proxy gave the request, if the response has one.
    pub fn request_id(&self) -> Option<&str> {
        self.0.response.request_id.as_deref()
    }

    /// Returns the beginning of a body that is not the API's JSON, such as the HTML of a proxy: at
    /// most 512 bytes, on one line.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.response.excerpt.as_deref()
    }

    /// Returns the location in the JSON of the response that does not match the API's description,
    /// such as `value[3].cost.total_vuh`. For a value that a type's own conversion rejects, it may be
    /// that of the object or array around it.
    pub fn json_path(&self) -> Option<&str> {
        self.0.response.path.as_deref()
    }

    /// Returns the index of the row of a list that does not match the description, from 0: the
    /// `skip` that makes it the first row of a page. `None` for every other error.
    ///
    /// A stream of rows goes on after such an error.
    pub fn row_index(&self) -> Option<i64> {
        self.0.response.row_index
    }

    /// Returns what to check first, if that is known.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Returns the last known state of the run, if a wait or a watch ended early.
    pub fn last_run(&self) -> Option<&types::TestRun> {
        self.0.last_run.as_deref()
    }

    /// Returns the last known state of the run by value.
    pub fn into_last_run(self) -> Option<types::TestRun> {
        self.0.last_run.map(|run| *run)
    }

    /// Returns the idempotency key of the failed start of a load test. For 10 minutes after its
    /// first attempt, a start with the same [key](crate::StartLoadTest::idempotency_key) does not
    /// begin a second run.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// Returns why the client did not retry the last attempt, although its
    /// [`RetryPolicy`](crate::RetryPolicy) retries such a failure; `None` for a failure that it
    /// never retries.
    pub fn retry_stop(&self) -> Option<RetryStop> {
        self.0.record.retry_stop
    }

    /// Returns the cause, such as the [`std::io::Error`] of a writer, the [`reqwest::Error`] of a
    /// connection or the [`Error`] of the last poll of a wait.
    ///
    /// ```
    /// use k6_cloud::{Error, ErrorKind};
    ///
    /// let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    /// let error = Error::builder(ErrorKind::Write).source(full).build();
    /// let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    /// assert_eq!(cause.map(|cause| cause.kind()), Some(std::io::ErrorKind::StorageFull));
    /// ```
    pub fn get_ref(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.source.as_deref()
    }

    /// Returns whether the same call may succeed later and is safe to send again. The server was
    /// overloaded or not reachable, and the call is safe to retry or was certainly not carried out.
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            ErrorKind::RateLimited | ErrorKind::Connect => true,
            ErrorKind::Server | ErrorKind::Timeout | ErrorKind::Transport => {
                self.0.record.retry_safe
            }
            _ => false,
        }
    }

    /// Returns whether this is [`ErrorKind::InvalidRequest`].
    pub fn is_invalid_request(&self) -> bool {
        self.0.kind == ErrorKind::InvalidRequest
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

    /// Returns whether this is [`ErrorKind::Timeout`] or [`ErrorKind::WaitTimeout`].
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout | ErrorKind::WaitTimeout)
    }
}
