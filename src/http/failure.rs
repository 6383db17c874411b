//! How a request can fail, and whether a retry may follow.
//!
//! The other modules of `http` and the crate's error build on this module, `certificate` and `limits`,
//! which import none of them.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body_util::BodyExt as _;
use reqwest::header::{CONTENT_ENCODING, RETRY_AFTER};

use super::certificate::CertificateProblem;
use super::limits::{RetryStop, Silent, TimeLimit};

/// The result of one attempt of a call.
pub(crate) type AttemptResult = reqwest::Result<reqwest::Response>;

/// The kinds of failure below HTTP: no response arrived, or only a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection could be made, so nothing was sent.
    NotConnected,
    /// The certificate of the server or the client was rejected, so nothing was sent.
    Certificate,
    /// No response within the timeout. The server may have carried out the request.
    TimedOut,
    /// The connection broke. The server may have carried out the request.
    Broken,
    /// The response body is larger than the caller accepts.
    TooLarge,
    /// The request could not be built.
    NotBuilt,
    /// The content to upload could not be read.
    UploadUnreadable,
    /// No permit came in time, so nothing was sent.
    NoPermit,
}

impl Failure {
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        if find::<Silent>(error).is_some() {
            Self::TimedOut
        } else if find::<BodyTooLarge>(error).is_some() {
            Self::TooLarge
        } else if find::<NoPermit>(error).is_some() {
            Self::NoPermit
        } else if find::<UploadUnreadable>(error).is_some() {
            Self::UploadUnreadable
        } else if CertificateProblem::of(error).is_some() {
            Self::Certificate
        } else if error.is_connect() {
            Self::NotConnected
        } else if error.is_timeout() {
            Self::TimedOut
        } else if error.is_builder() {
            Self::NotBuilt
        } else {
            Self::Broken
        }
    }

    /// Returns the `error.type` that spans record.
    #[cfg(feature = "tracing")]
    pub(crate) fn error_type(self) -> &'static str {
        match self {
            Self::NotConnected => "connect",
            Self::Certificate => "certificate",
            Self::TimedOut => "timeout",
            Self::Broken => "transport",
            Self::TooLarge => "too_large",
            Self::NotBuilt => "invalid_request",
            Self::UploadUnreadable => "upload_unreadable",
            Self::NoPermit => "no_permit",
        }
    }
}

/// Whether another attempt may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retryability {
    /// Another attempt would end the same way, or the attempt succeeded.
    Never,
    /// The server did not carry out the request, so every call may be retried.
    Always,
    /// The server may have carried out the request, so only calls that are safe to retry may be.
    WhenSafe,
}

impl Retryability {
    pub(crate) fn of(result: &AttemptResult) -> Self {
        match result {
            Ok(response) => match response.status() {
                StatusCode::TOO_MANY_REQUESTS => Self::Always,
                StatusCode::REQUEST_TIMEOUT
                | StatusCode::INTERNAL_SERVER_ERROR
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT => Self::WhenSafe,
                _ => Self::Never,
            },
            Err(error) => match Failure::of(error) {
                Failure::NotConnected => Self::Always,
                Failure::TimedOut | Failure::Broken => Self::WhenSafe,
                Failure::Certificate
                | Failure::TooLarge
                | Failure::NotBuilt
                | Failure::UploadUnreadable
                | Failure::NoPermit => Self::Never,
            },
        }
    }
}

/// A record of the attempts of one call.
#[derive(Clone, Debug, Default)]
pub(crate) struct AttemptRecord {
    /// The number of requests that were sent.
    pub(crate) attempts: u32,
    /// The time of the client's clock at which the first request was sent.
    pub(crate) started: Option<Duration>,
    /// The time from then to the error.
    pub(crate) elapsed: Option<Duration>,
    /// Whether sending the call again does no harm.
    pub(crate) retry_safe: bool,
    /// Whether an attempt that failed may have been carried out.
    pub(crate) maybe_carried_out: bool,
    /// Why no further attempt followed, although the failure is one that is retried.
    pub(crate) retry_stop: Option<RetryStop>,
    /// The limit on the time of the last attempt.
    pub(crate) time_limit: TimeLimit,
    /// The head of the last response with a success status, whether its body arrived or not.
    pub(crate) success: Option<SuccessHead>,
}

/// The parts of the head of a success response that errors show.
#[derive(Clone, Debug)]
pub(crate) struct SuccessHead {
    pub(crate) status: StatusCode,
    pub(crate) request_id: Option<HeaderValue>,
    /// The encoding of the body, if it has one.
    pub(crate) encoding: Option<String>,
}

impl SuccessHead {
    /// Returns the head, unless the status is not a success.
    pub(crate) fn of(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        status.is_success().then(|| Self {
            status,
            request_id: request_id(headers).cloned(),
            encoding: content_encoding(headers),
        })
    }
}

/// A response body that is larger than the caller accepts.
#[derive(Debug)]
pub(crate) struct BodyTooLarge {
    /// The largest size that is accepted, in bytes.
    pub(crate) limit: u64,
}

impl fmt::Display for BodyTooLarge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the response body is larger than {} bytes: raise ClientBuilder::max_body_bytes, or \
             max_bytes of a download, if that is expected",
            self.limit
        )
    }
}

impl StdError for BodyTooLarge {}

/// The error of a request that got no permit in time.
#[derive(Debug)]
pub(crate) struct NoPermit;

impl fmt::Display for NoPermit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "no permit under the limit of requests in flight came in time: raise \
             ClientBuilder::max_in_flight, or read or drop the responses that you hold",
        )
    }
}

impl StdError for NoPermit {}

/// Content to upload that could not be read.
#[derive(Debug)]
pub(crate) struct UploadUnreadable {
    /// What failed, such as `opening the script checkout.js failed`.
    pub(crate) what: String,
    pub(crate) error: Arc<std::io::Error>,
}

impl fmt::Display for UploadUnreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl StdError for UploadUnreadable {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.error)
    }
}

/// Wraps a failure of our own in the type that reqwest's failures have.
///
/// reqwest makes its error from a body that fails, and has no public constructor.
pub(crate) async fn into_reqwest_error(
    error: impl StdError + Send + Sync + 'static,
) -> AttemptResult {
    let failing = futures_util::stream::iter([Err::<Bytes, _>(error)]);
    let body = reqwest::Body::wrap_stream(failing).collect().await?;
    Ok(http::Response::new(reqwest::Body::from(body.to_bytes())).into())
}

/// Returns the error of this type in a chain of sources.
pub(crate) fn find<'e, T: StdError + 'static>(
    error: &'e (dyn StdError + 'static),
) -> Option<&'e T> {
    sources(error).find_map(|error| error.downcast_ref())
}

/// Returns the last error in a chain of sources.
pub(crate) fn deepest<'e>(error: &'e (dyn StdError + 'static)) -> &'e (dyn StdError + 'static) {
    sources(error).last().unwrap_or(error)
}

/// Returns the error and all of its sources.
fn sources<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// Reads `Retry-After`: a number of seconds, or a date in any of HTTP's three formats. A date in
/// the past gives zero. Anything else counts as absent.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that does not fit in a `u64` is longer than any deadline.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    // Without the day of the week, which tells nothing more.
    let (_, date) = value.split_once(' ')?;
    // The format of today, and the two obsolete ones of RFC 9110.
    let formats = ["%d %b %Y %H:%M:%S GMT", "%d-%b-%y %H:%M:%S GMT", "%b %e %H:%M:%S %Y"];
    let parse = |format| NaiveDateTime::parse_from_str(date, format).ok();
    let date = formats.into_iter().find_map(parse)?.and_utc();
    // Not as a `SystemTime`, which panics on some systems for years that it does not have.
    Some(date.signed_duration_since(DateTime::<Utc>::from(now)).to_std().unwrap_or_default())
}

/// Returns the id that the server or a proxy gave the request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&HeaderValue> {
    static NAMES: [HeaderName; 4] = [
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("request-id"),
        HeaderName::from_static("x-correlation-id"),
        HeaderName::from_static("cf-ray"),
    ];
    NAMES.iter().find_map(|name| headers.get(name).filter(|value| value.to_str().is_ok()))
}

/// Returns the encoding of a response body, such as `gzip`; `None` if it is not encoded. The client
/// never asks for an encoding.
pub(crate) fn content_encoding(headers: &HeaderMap) -> Option<String> {
    if !headers.contains_key(CONTENT_ENCODING) {
        return None;
    }
    let codings = headers.get_all(CONTENT_ENCODING).iter().flat_map(|value| {
        String::from_utf8_lossy(value.as_bytes())
            .split(',')
            .map(|coding| coding.trim().to_owned())
            .collect::<Vec<_>>()
    });
    let codings: Vec<_> = codings
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
        .collect();
    (!codings.is_empty()).then(|| codings.join(", "))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use http::header::{CONTENT_ENCODING, RETRY_AFTER};
    use http::{HeaderMap, HeaderValue};

    use super::{content_encoding, retry_after};

    fn after(value: &str, now: SystemTime) -> Option<Duration> {
        let value = HeaderValue::from_str(value).expect("a header");
        retry_after(&HeaderMap::from_iter([(RETRY_AFTER, value)]), now)
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_770);
        for (value, expected) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(7)),
            ("Sun Nov  6 08:49:37 1994", Some(7)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            // The day of the week is wrong, and the years are far away.
            ("Mon, 06 Nov 1994 08:49:37 GMT", Some(7)),
            ("Sat, 06 Nov 0001 08:49:37 GMT", Some(0)),
            ("Sat, 06 Nov 9999 08:49:37 GMT", Some(252_613_382_407)),
            ("-7", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(after(value, now), expected.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn content_encoding_lists_what_has_to_be_decoded() {
        for (values, expected) in [
            (&[][..], None),
            (&["identity"], None),
            (&[""], None),
            (&["gzip"], Some("gzip")),
            (&["GZIP"], Some("GZIP")),
            (&["identity, br"], Some("br")),
            (&["deflate, gzip"], Some("deflate, gzip")),
            (&["deflate", "gzip"], Some("deflate, gzip")),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(content_encoding(&headers).as_deref(), expected, "{headers:?}");
        }
    }
}
