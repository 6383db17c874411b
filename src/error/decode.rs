//! Turns errors of generated calls into the crate's error. Only this module reads error responses.

use std::borrow::Cow;
use std::time::SystemTime;

use http::StatusCode;
use reqwest::header::HeaderValue;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::location::location;
use super::text::{Redact, beginning, excerpt, truncate};
use super::{Error, ErrorDetail, ErrorKind, ErrorResponse};
use crate::http::certificate::CertificateProblem;
use crate::http::failure::{
    AttemptRecord, Failure, UploadUnreadable, content_encoding, deepest, find, request_id,
    retry_after,
};
use crate::http::limits::{Silent, TimeLimit};
use crate::operation::{OperationSpec, SendError};

/// The number of bytes of an error response that are read. The API's have a few hundred.
const MAX_BODY: usize = 64 * 1024;
/// The number of bytes that are kept of each string in the API's error.
const MAX_TEXT: usize = 4096;
/// The number of details of the API's error that are kept.
const MAX_DETAILS: usize = 100;
/// The number of characters that the message shows of a body that is not the API's.
const MAX_IN_MESSAGE: usize = 80;

/// The hint for a body that is not the API's.
pub(crate) const FOREIGN: &str =
    "something else than the API may have answered, such as a proxy or a login page";
/// The same for a call that changes something.
const FOREIGN_CHANGE: &str = "something else than the API may have answered, such as a proxy or a login page, so it is not \
     known whether the call was carried out: check before you send it again";

/// OperationSpec about a failed call that its error does not have.
pub(crate) struct ErrorContext<'c> {
    pub(crate) facts: &'c OperationSpec,
    pub(crate) record: &'c AttemptRecord,
    pub(crate) redact: Redact<'c>,
    pub(crate) stack_id: Option<&'c HeaderValue>,
    /// The calendar time, to which a date in `Retry-After` is compared.
    pub(crate) now: SystemTime,
    /// The proxy that requests go through, if it is known.
    pub(crate) proxy: Option<&'c str>,
    /// Whether the caller trusts more certificates than the operating system.
    pub(crate) has_roots: bool,
}

/// Makes the crate's error. This cannot fail: parts that cannot be read are left out.
pub(crate) async fn error_of_send(error: SendError, context: ErrorContext<'_>) -> Error {
    let mut made = match error {
        SendError::InvalidRequest(message) | SendError::Custom(message) => {
            // The message may quote a value of the request.
            Error::new(ErrorKind::InvalidRequest, context.redact.line(&message))
        }
        SendError::CommunicationError(error)
        | SendError::InvalidUpgrade(error)
        | SendError::ResponseBodyError(error) => of_failure(error, &context),
        SendError::InvalidResponsePayload(body, error) => of_payload(&body, &error, &context),
        SendError::UnexpectedResponse(response) => of_response(response, &context).await,
        // Cannot happen: the lowering drops the error responses of the description.
        SendError::ErrorResponse(response) => {
            let status = response.status();
            let kind = ErrorKind::of_status(status, context.record.retry_safe);
            let response = ErrorResponse { status: Some(status), ..ErrorResponse::default() };
            Error::new(kind, response.summary()).with_response(response)
        }
    };
    made.0.operation = Some(context.facts.id);
    if context.record.attempts > 0 {
        made.0.record = context.record.clone();
    }
    made.0.hint = hint(&made, &context);
    made
}

fn of_failure(error: reqwest::Error, context: &ErrorContext<'_>) -> Error {
    let retry_safe = context.record.retry_safe;
    let failure = Failure::of(&error);
    let kind = match failure {
        Failure::TooLarge => ErrorKind::LimitExceeded,
        Failure::NoPermit => ErrorKind::Timeout,
        Failure::NotConnected => ErrorKind::Connect,
        Failure::Certificate => ErrorKind::Certificate,
        Failure::NotBuilt => ErrorKind::InvalidRequest,
        Failure::UploadUnreadable => ErrorKind::Read,
        Failure::TimedOut | Failure::Broken if !retry_safe => ErrorKind::OutcomeUnknown,
        Failure::TimedOut => ErrorKind::Timeout,
        Failure::Broken => ErrorKind::Transport,
    };
    let summary = match failure {
        Failure::UploadUnreadable => {
            find::<UploadUnreadable>(&error).map_or_else(String::new, ToString::to_string)
        }
        Failure::TooLarge | Failure::NoPermit => deepest(&error).to_string(),
        Failure::NotConnected => {
            let to = destination(&error, context.proxy);
            match is_connect_timeout(&error) {
                true => format!("no connection could be made to {to} within {CONNECT_LIMIT}"),
                false => format!("no connection could be made to {to}: {}", deepest(&error)),
            }
        }
        Failure::Certificate => {
            let to = destination(&error, context.proxy);
            format!("the certificate for the connection to {to} was rejected: {}", deepest(&error))
        }
        Failure::NotBuilt => format!("the request cannot be built: {}", deepest(&error)),
        Failure::TimedOut => timed_out(&error, context.record.time_limit),
        Failure::Broken => format!("the connection broke: {}", deepest(&error)),
    };
    // The query may have a secret of the caller.
    let error = error.without_url();
    match failure {
        Failure::UploadUnreadable => Error::new(kind, excerpt(&summary)).with_source(error),
        _ => Error::new(kind, excerpt(&summary)).keep_source(error),
    }
}

/// The setting that limits how long a connection may take.
const CONNECT_LIMIT: &str = "the limit of ClientBuilder::connect_timeout";

/// Returns whether the client gave up a connection, and not the operating system.
fn is_connect_timeout(error: &reqwest::Error) -> bool {
    let by_system = find::<std::io::Error>(error).is_some_and(|io| io.raw_os_error().is_some());
    error.is_timeout() && !by_system
}

fn timed_out(error: &reqwest::Error, limit: TimeLimit) -> String {
    match find::<Silent>(error) {
        Some(silent) => silent.to_string(),
        None => format!("no complete response within {limit}"),
    }
}

/// Returns where a connection goes: the address without a path, and the proxy.
fn destination(error: &reqwest::Error, proxy: Option<&str>) -> String {
    let address = error.url().map(|url| url.origin().ascii_serialization());
    let address = address.unwrap_or_else(|| "the server".to_owned());
    match proxy {
        Some(proxy) => format!("{address} through the proxy {proxy}"),
        None => address,
    }
}

/// Makes the error of a download that broke off.
pub(crate) fn error_of_download(error: reqwest::Error, operation: &'static str) -> Error {
    let (kind, summary) = match Failure::of(&error) {
        Failure::TooLarge => (ErrorKind::LimitExceeded, deepest(&error).to_string()),
        Failure::TimedOut => (ErrorKind::Timeout, timed_out(&error, TimeLimit::default())),
        _ => (ErrorKind::Transport, format!("the download broke off: {}", deepest(&error))),
    };
    let error = error.without_url();
    Error::new(kind, excerpt(&summary)).with_operation(operation).keep_source(error)
}

impl Error {
    /// Adds the beginning of a body that is not the API's.
    pub(crate) fn with_excerpt(mut self, body: &[u8], redact: Redact<'_>) -> Self {
        self.0.response.excerpt = Some(redact.line(&beginning(body, MAX_BODY)));
        self
    }
}

/// Makes the error of a success response whose body does not match the description.
fn of_payload(body: &[u8], error: &serde_json::Error, context: &ErrorContext<'_>) -> Error {
    let redact = context.redact;
    let head = context.record.success.as_ref();
    let reason = redact.line_about(body, &error.to_string());
    // JSON may also have values that cannot be read, such as numbers that are too large.
    let is_json = error.is_data() || serde_json::from_slice::<IgnoredAny>(body).is_ok();
    let path = is_json.then(|| redact.line_about(body, &location(body, error)));
    let encoding = head.and_then(|head| head.encoding.as_deref());
    let encoding = encoding.map(|name| redact.line(name).to_ascii_lowercase());
    let compressed = if is_json { None } else { compression(body, encoding) };
    let mut response = ErrorResponse {
        status: head.map(|head| head.status),
        request_id: head.and_then(|head| shown(head.request_id.as_ref()?, redact)),
        ..ErrorResponse::default()
    };
    let is_error =
        is_json && serde_json::from_slice(body).is_ok_and(|body| response.read_body(&body, redact));
    let summary = match &path {
        _ if body.is_empty() => "the response is empty".to_owned(),
        _ if is_error => {
            format!("the response is an error with a success status: {}", response.summary())
        }
        _ if compressed.is_some() => compressed_summary(compressed.as_deref()),
        Some(path) if path == "." => {
            format!("the response does not match the API's description: {reason}")
        }
        Some(path) => {
            format!("the response does not match the API's description at {path}: {reason}")
        }
        None => format!("the response is not JSON: {reason}"),
    };
    // The location tells nothing if the whole body is something else.
    let is_foreign = path.as_deref().is_none_or(|path| path == ".") && !is_error;
    let shows_body = is_foreign && !body.is_empty() && compressed.is_none();
    response.excerpt = shows_body.then(|| redact.line(&beginning(body, MAX_BODY)));
    response.path = path.filter(|_| !is_error);
    Error::new(ErrorKind::Decode, summary).with_response(response)
}

/// Returns the name of a body's compression, from the headers or from the first bytes of the body.
fn compression(body: &[u8], declared: Option<String>) -> Option<String> {
    let begins_like = || match body {
        [0x1f, 0x8b, ..] => Some("gzip".to_owned()),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd".to_owned()),
        _ => None,
    };
    declared.or_else(begins_like).filter(|_| !body.is_empty())
}

/// Returns the message about a body with this encoding.
pub(crate) fn compressed_summary(encoding: Option<&str>) -> String {
    format!(
        "the response is compressed ({}), which the client did not ask for: check the proxies \
         between you and the API",
        encoding.map_or_else(|| "unknown".to_owned(), str::to_ascii_lowercase)
    )
}

/// Makes the error of an error response.
async fn of_response(mut response: reqwest::Response, context: &ErrorContext<'_>) -> Error {
    let redact = context.redact;
    let status = response.status();
    let mut body = Vec::new();
    // The status is what matters. If the body breaks off, the part that arrived is used.
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BODY {
            break;
        }
    }
    let headers = response.headers();
    let mut made = ErrorResponse {
        status: Some(status),
        retry_after: retry_after(headers, context.now),
        request_id: request_id(headers).and_then(|id| shown(id, redact)),
        ..ErrorResponse::default()
    };
    let is_the_apis = serde_json::from_slice(&body).is_ok_and(|body| made.read_body(&body, redact));
    let mut summary = made.summary();
    if !is_the_apis && !body.is_empty() {
        let encoding = content_encoding(headers);
        let encoding = encoding.map(|name| redact.line(&name).to_ascii_lowercase());
        let compressed = compression(&body, encoding);
        if compressed.is_some() {
            summary.push_str(&format!("; {}", compressed_summary(compressed.as_deref())));
        } else {
            let excerpt = redact.line(&beginning(&body, MAX_BODY));
            let line = visible_text::line(&excerpt, MAX_IN_MESSAGE);
            summary.push_str(&format!(", and the body is not the API's: {line}"));
            made.excerpt = Some(excerpt);
        }
    }
    let kind = match ErrorKind::of_status(status, context.record.retry_safe) {
        // Programs draw conclusions from these kinds, and any web server has a page for 404.
        ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::NotAcceptable
            if made.code.is_none() =>
        {
            ErrorKind::UnexpectedStatus
        }
        kind => kind,
    };
    Error::new(kind, summary).with_response(made)
}

impl ErrorResponse {
    /// Reads `{"error": {"code", "message", "target"?, "details"?}}`. Every property may be missing
    /// or have another type, because one odd property must not hide the others. Returns whether
    /// this is the API's error.
    fn read_body(&mut self, body: &Value, redact: Redact<'_>) -> bool {
        let Some(error) = body.get("error").filter(|error| error.is_object()) else {
            return false;
        };
        let text = |value: &Value, name: &str| {
            value.get(name).and_then(Value::as_str).map(|text| {
                let mut text = redact.text(text);
                truncate(&mut text, MAX_TEXT);
                text
            })
        };
        self.code = text(error, "code");
        self.message = text(error, "message");
        self.target = text(error, "target");
        let details = error.get("details").and_then(Value::as_array).into_iter().flatten();
        self.details = details
            .take(MAX_DETAILS)
            .map(|detail| ErrorDetail {
                code: text(detail, "code").unwrap_or_default(),
                message: text(detail, "message").unwrap_or_default(),
                target: text(detail, "target"),
            })
            .collect();
        self.code.is_some() || self.message.is_some()
    }

    /// Returns the status with what the API says about it, on one line.
    pub(super) fn summary(&self) -> String {
        let mut summary = match self.status.map(|status| (status, status.canonical_reason())) {
            Some((status, Some(reason))) => format!("{} {reason}", status.as_u16()),
            Some((status, None)) => status.as_u16().to_string(),
            None => String::new(),
        };
        if let Some(code) = &self.code {
            summary.push_str(&format!(" ({})", excerpt(code)));
        }
        if let Some(message) = &self.message {
            summary.push_str(&format!(": {}", excerpt(message)));
        }
        summary
    }
}

fn hint(error: &Error, context: &ErrorContext<'_>) -> Option<Cow<'static, str>> {
    let record = context.record;
    let changes = !matches!(context.facts.method, "GET" | "HEAD");
    match error.kind() {
        ErrorKind::Unauthenticated => Some(match context.redact.grafana_prefix() {
            Some(prefix) => format!(
                "the token begins with {prefix}, so it is a token for Grafana: use a personal or a \
                 stack API token of Grafana Cloud k6"
            )
            .into(),
            None => "check that the token is right and was not revoked".into(),
        }),
        ErrorKind::Forbidden => {
            let stack = context.stack_id.and_then(|id| id.to_str().ok());
            Some(match stack {
                Some(stack) => format!(
                    "check that the token is for stack {stack}, and that its role and the stack's \
                     plan allow this"
                )
                .into(),
                None => {
                    "check that the token is for that stack, and that its address is right".into()
                }
            })
        }
        ErrorKind::Conflict | ErrorKind::NotFound | ErrorKind::Connect | ErrorKind::RateLimited
            if record.maybe_carried_out && changes =>
        {
            Some("an earlier attempt of this call may have succeeded".into())
        }
        ErrorKind::OutcomeUnknown if record.success.is_none() => {
            Some("the server may have carried it out: check before you send it again".into())
        }
        ErrorKind::Decode if error.body_excerpt().is_some() => Some(match changes {
            true => FOREIGN_CHANGE.into(),
            false => FOREIGN.into(),
        }),
        ErrorKind::OutcomeUnknown | ErrorKind::Decode | ErrorKind::LimitExceeded
            if record.success.is_some() && changes =>
        {
            Some(
                "it is not known whether the API carried it out: check before you send it again"
                    .into(),
            )
        }
        ErrorKind::Certificate => {
            let failure = error.get_ref().and_then(|cause| cause.downcast_ref::<reqwest::Error>());
            let problem = failure.and_then(CertificateProblem::of);
            problem.map(|problem| problem.hint(context.has_roots).into())
        }
        ErrorKind::NotAcceptable => Some("ask for the other kind of script, or for any".into()),
        ErrorKind::UnexpectedStatus => hint_of_status(error.status()?).map(Into::into),
        _ => None,
    }
}

fn hint_of_status(status: StatusCode) -> Option<&'static str> {
    match status.as_u16() {
        301 | 302 | 303 | 307 | 308 => {
            Some("the client does not follow redirects: check the base URL")
        }
        304 => Some(
            "the client keeps no responses that could be unchanged: check the proxies, and headers \
             such as If-None-Match",
        ),
        404 | 406 | 409 | 410 => Some(
            "the response is not the API's, so it says nothing about the resource: check the base URL \
             and the proxies between you and the API",
        ),
        _ => None,
    }
}

fn shown(id: &HeaderValue, redact: Redact<'_>) -> Option<String> {
    id.to_str().ok().map(|id| redact.line(id))
}

#[cfg(test)]
mod tests {
    use super::compression;

    #[test]
    fn compression_is_declared_or_seen() {
        let declared = |name: &str| Some(name.to_owned());
        assert_eq!(compression(b"\x1f\x8b\x08", None), declared("gzip"));
        assert_eq!(compression(b"\x28\xb5\x2f\xfd", None), declared("zstd"));
        assert_eq!(compression(b"\x0b\x02\x80", declared("br")), declared("br"));
        assert_eq!(compression(b"<html>", None), None);
        assert_eq!(compression(b"", declared("gzip")), None);
    }
}
