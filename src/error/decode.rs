//! From what a generated builder's `send` gives to the crate's error: the one place where answers
//! that are no success are read.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;
use reqwest::header::HeaderValue;
use serde_json::Value;

use super::{Answer, Error, ErrorDetail, ErrorKind};
use crate::http::failure::{
    AttemptRecord, Failure, UploadUnreadable, deepest, find, request_id, retry_after,
};
use crate::operation::{Facts, Mismatch, SendError};

/// An error of the API is some hundred bytes; what is longer is not read to its end.
const MOST_READ: usize = 64 * 1024;
/// What is shown of a body that is not the API's.
const MOST_SHOWN: usize = 512;
/// What is kept of each text of an error of the API, in bytes, and of its details.
const LONGEST_TEXT: usize = 4096;
const MOST_DETAILS: usize = 100;

/// What is known about a call beside its answer.
pub(crate) struct ErrorContext<'c> {
    pub(crate) facts: &'static Facts,
    pub(crate) record: &'c AttemptRecord,
    pub(crate) redact: Redact<'c>,
    pub(crate) stack_id: Option<&'c HeaderValue>,
    /// The calendar's time, for a `Retry-After` that is a date.
    pub(crate) now: std::time::SystemTime,
    pub(crate) mismatch: fn(&[u8]) -> Option<Mismatch>,
}

/// Takes the token out of a text: a server may send back what it got.
#[derive(Clone, Copy)]
pub(crate) struct Redact<'c>(&'c str);

impl<'c> Redact<'c> {
    pub(crate) fn new(authorization: &'c HeaderValue) -> Self {
        let value = authorization.to_str().unwrap_or_default();
        Self(value.strip_prefix("Bearer ").unwrap_or(value))
    }

    pub(crate) fn text(self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(self.0, "[redacted]") }
    }

    /// Returns the text on one line, without the token and no longer than a line should be.
    pub(crate) fn line(self, text: &str) -> String {
        excerpt(self.text(text).as_bytes())
    }
}

/// Reads what failed. Never fails itself: what cannot be read is left out.
pub(crate) async fn error_of_send(error: SendError, call: ErrorContext<'_>) -> Error {
    let mut made = match error {
        SendError::InvalidRequest(message) | SendError::Custom(message) => {
            Error::new(ErrorKind::InvalidRequest, call.redact.line(&message))
        }
        SendError::CommunicationError(error)
        | SendError::InvalidUpgrade(error)
        | SendError::ResponseBodyError(error) => of_transport(error, &call),
        SendError::InvalidResponsePayload(body, error) => of_decode(&body, &error, &call),
        SendError::UnexpectedResponse(response) => of_response(response, &call).await,
        // The lowering drops the documented refusals, so that this does not come up.
        SendError::ErrorResponse(answer) => {
            let mut made = Error::new(kind_of(answer.status(), &call), named(answer.status()));
            made.0.answer.status = Some(answer.status());
            made
        }
    };
    made.0.operation = Some(call.facts.id);
    made.0.attempts = call.record.attempts;
    // What was never sent can be sent.
    made.0.retry_safe = call.record.retry_safe || call.record.attempts == 0;
    made.0.maybe_carried_out = call.record.maybe_carried_out;
    made.0.hint = hint(&made, &call);
    made
}

fn of_transport(error: reqwest::Error, call: &ErrorContext<'_>) -> Error {
    let failure = Failure::of(&error);
    let kind = match failure {
        Failure::TooLarge => ErrorKind::LimitExceeded,
        Failure::NoPermit => ErrorKind::Timeout,
        Failure::NotConnected => ErrorKind::Connect,
        Failure::NotBuilt => ErrorKind::InvalidRequest,
        Failure::UploadUnreadable => ErrorKind::Read,
        Failure::TimedOut | Failure::Broken if !call.record.retry_safe => ErrorKind::OutcomeUnknown,
        Failure::TimedOut => ErrorKind::Timeout,
        Failure::Broken => ErrorKind::Transport,
    };
    let summary = match failure {
        Failure::UploadUnreadable => {
            find::<UploadUnreadable>(&error).map_or_else(String::new, ToString::to_string)
        }
        Failure::TooLarge | Failure::NoPermit => deepest(&error).to_string(),
        Failure::NotConnected => format!("no connection could be made: {}", deepest(&error)),
        Failure::NotBuilt => format!("the request cannot be made: {}", deepest(&error)),
        Failure::TimedOut => "no answer within the timeout".to_owned(),
        Failure::Broken => format!("the connection broke: {}", deepest(&error)),
    };
    Error::new(kind, call.redact.line(&summary)).with_source(error)
}

/// Makes an error of a download that broke off.
pub(crate) fn error_of_download(error: reqwest::Error, operation: &'static str) -> Error {
    let (kind, summary) = match Failure::of(&error) {
        Failure::TooLarge => (ErrorKind::LimitExceeded, deepest(&error).to_string()),
        Failure::TimedOut => (ErrorKind::Timeout, "no end of the answer within the timeout".into()),
        _ => (ErrorKind::Transport, format!("the download broke off: {}", deepest(&error))),
    };
    Error::new(kind, excerpt(summary.as_bytes())).with_operation(operation).with_source(error)
}

/// Why a successful answer cannot be read: a copy of the parser's words without the token.
#[derive(Debug)]
struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl StdError for Unreadable {}

fn of_decode(body: &[u8], error: &serde_json::Error, call: &ErrorContext<'_>) -> Error {
    let success = call.record.success.as_ref();
    let (reason, path) = match (call.mismatch)(body) {
        Some(misfit) => {
            let path = call.redact.line(&misfit.path);
            (call.redact.line(&misfit.error.to_string()), Some(path))
        }
        None => (call.redact.line(&error.to_string()), None),
    };
    let json = error.is_data();
    let summary = match &path {
        _ if body.is_empty() => "the answer is empty".to_owned(),
        Some(path) if json && path == "." => format!("the answer is not as described: {reason}"),
        Some(path) if json => format!("the answer is not as described at {path}: {reason}"),
        _ => format!("the answer is not JSON: {reason}"),
    };
    let mut made = Error::new(ErrorKind::Decode, summary).with_source(Unreadable(reason));
    made.0.answer = Answer {
        path: path.filter(|_| json),
        excerpt: (!json && !body.is_empty()).then(|| call.redact.line(&beginning(body))),
        status: success.map(|success| success.status),
        request_id: success
            .and_then(|success| success.request_id.as_ref())
            .and_then(|id| shown_id(id, call.redact)),
        ..Answer::default()
    };
    made
}

async fn of_response(mut response: reqwest::Response, call: &ErrorContext<'_>) -> Error {
    let status = response.status();
    let mut body = Vec::new();
    // Without its body an answer still has a status: a body that breaks off is taken as it is.
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_READ {
            break;
        }
    }
    let headers = response.headers();
    let mut answer = Answer {
        status: Some(status),
        retry_after: retry_after(headers, call.now),
        request_id: request_id(headers).and_then(|id| shown_id(id, call.redact)),
        ..Answer::default()
    };
    let api = serde_json::from_slice(&body).is_ok_and(|body| read_body(&body, &mut answer, call));
    let mut summary = named(status);
    if api {
        if let Some(code) = &answer.code {
            summary.push_str(&format!(" ({})", excerpt(code.as_bytes())));
        }
        if let Some(message) = &answer.message {
            summary.push_str(&format!(": {}", excerpt(message.as_bytes())));
        }
    } else if !body.is_empty() {
        let shown = call.redact.line(&beginning(&body));
        let line: String = shown.chars().take(80).collect();
        let more = if line.len() < shown.len() { "..." } else { "" };
        summary.push_str(&format!(", not in the API's form: {line}{more}"));
        answer.excerpt = Some(shown);
    }
    let mut made = Error::new(kind_of(status, call), summary);
    made.0.answer = answer;
    made
}

/// Reads `{"error": {"code", "message", "target"?, "details"?}}`, and of it what is there: one odd
/// property must not hide the others.
fn read_body(body: &Value, answer: &mut Answer, call: &ErrorContext<'_>) -> bool {
    let Some(error) = body.get("error").filter(|error| error.is_object()) else {
        return false;
    };
    let text = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).map(|text| {
            let mut text = call.redact.text(text);
            truncate(&mut text, LONGEST_TEXT);
            text
        })
    };
    answer.code = text(error, "code");
    answer.message = text(error, "message");
    answer.target = text(error, "target");
    let details = error.get("details").and_then(Value::as_array).into_iter().flatten();
    answer.details = details
        .take(MOST_DETAILS)
        .map(|detail| ErrorDetail {
            code: text(detail, "code").unwrap_or_default(),
            message: text(detail, "message").unwrap_or_default(),
            target: text(detail, "target"),
        })
        .collect();
    answer.code.is_some() || answer.message.is_some()
}

fn kind_of(status: StatusCode, call: &ErrorContext<'_>) -> ErrorKind {
    match status.as_u16() {
        400 | 413 | 415 | 422 => ErrorKind::InvalidRequest,
        401 => ErrorKind::Unauthenticated,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        406 => ErrorKind::NotAcceptable,
        // A gateway that gave up has passed the request on.
        408 | 502 | 504 if !call.record.retry_safe => ErrorKind::OutcomeUnknown,
        408 => ErrorKind::Timeout,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::UnexpectedStatus,
    }
}

fn named(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

fn hint(error: &Error, call: &ErrorContext<'_>) -> Option<Cow<'static, str>> {
    let changes = call.facts.method != "GET" && call.facts.method != "HEAD";
    match error.kind() {
        ErrorKind::Unauthenticated => Some("is the token right, and not revoked?".into()),
        ErrorKind::Forbidden => {
            let Some(stack) = call.stack_id.and_then(|id| id.to_str().ok()) else {
                return Some("is the token for that stack, and is its address right?".into());
            };
            Some(format!("is the token for stack {stack}, and may it do this?").into())
        }
        ErrorKind::Conflict | ErrorKind::NotFound | ErrorKind::Connect | ErrorKind::RateLimited
            if call.record.maybe_carried_out && changes =>
        {
            Some("an earlier attempt of this call may have been carried out".into())
        }
        ErrorKind::OutcomeUnknown => {
            Some("it may have been carried out: look before doing it again".into())
        }
        ErrorKind::NotAcceptable => Some("ask for another form, or for any".into()),
        ErrorKind::UnexpectedStatus if error.status().is_some_and(|s| s.is_redirection()) => {
            Some("redirects are not followed: is the base address right?".into())
        }
        _ => None,
    }
}

fn shown_id(id: &HeaderValue, redact: Redact<'_>) -> Option<String> {
    id.to_str().ok().map(|id| redact.line(id))
}

fn beginning(body: &[u8]) -> Cow<'_, str> {
    // Far more than is shown, so that a token at the cut is taken out whole.
    String::from_utf8_lossy(body.get(..MOST_READ).unwrap_or(body))
}

/// Returns the beginning of a text on one line: what cannot be seen counts as a space.
fn excerpt(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut shown = String::new();
    let unseen = |c: char| {
        // Marks of direction would let a server rearrange the line that shows them.
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for word in text.split(unseen) {
        if word.is_empty() {
            continue;
        }
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(word);
        if shown.len() > MOST_SHOWN {
            truncate(&mut shown, MOST_SHOWN);
            break;
        }
    }
    shown
}

fn truncate(text: &mut String, most: usize) {
    if text.len() > most {
        let end = (0..=most).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_SHOWN, Redact, excerpt};
    use reqwest::header::HeaderValue;

    #[test]
    fn excerpt_is_short_and_on_one_line() {
        assert_eq!(excerpt(b"  <html>\r\n\t<p>bad\x07\xff</p> "), "<html> <p>bad \u{fffd}</p>");
        let long = "\u{e9}".repeat(MOST_SHOWN);
        assert!(excerpt(long.as_bytes()).len() <= MOST_SHOWN);
        assert_eq!(excerpt(b""), "");
    }

    #[test]
    fn token_is_taken_out_of_what_a_server_sends_back() {
        let authorization = HeaderValue::from_static("Bearer canary");
        let redact = Redact::new(&authorization);
        assert_eq!(redact.line("got\n`Bearer canary`"), "got `Bearer [redacted]`");
    }
}
