//! When a request is sent again, and when not.

mod budget;
mod policy;

use std::error::Error as StdError;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use reqwest::header::RETRY_AFTER;

pub(crate) use self::budget::Budget;
pub use self::policy::RetryPolicy;
use crate::operation::Facts;
use crate::transport::{BodyTooLarge, NoTurn, NotRead};

/// The header by which the API knows a repeated start of a run.
const IDEMPOTENCY_KEY: &str = "k6-idempotency-key";

/// How long the API knows it. Counted from the moment before the first attempt, which is earlier
/// than the one from which the API counts.
pub(crate) const KEY_KNOWN: Duration = Duration::from_secs(600);

/// Returns whether the request is safe to repeat for as long as the API knows its key.
pub(crate) fn has_key(headers: &HeaderMap) -> bool {
    headers.contains_key(IDEMPOTENCY_KEY)
}

/// Returns whether sending the request twice is as good as sending it once.
pub(crate) fn repeatable(facts: &Facts, headers: &HeaderMap) -> bool {
    match facts.method {
        "GET" | "HEAD" | "OPTIONS" => true,
        // Both name the state that they lead to. A repeated DELETE finds nothing more to delete,
        // and the error of that says that an earlier attempt may have done it.
        "PUT" | "DELETE" => true,
        "POST" => match facts.id {
            // The star is on or off afterwards, however often it is put on or taken off.
            "star_test_run" | "unstar_test_run" => true,
            // A run that is aborted stays so; a repeat is refused with 409, whose error says that
            // an earlier attempt may have done it.
            "abort_test_run" => true,
            // The schedule is active or not afterwards. One that has expired in between is refused
            // with 409, whose error says that an earlier attempt may have done it.
            "activate_schedule" | "deactivate_schedule" => true,
            // It reckons and changes nothing; its input is too large for a GET.
            "validate_options" => true,
            _ => has_key(headers),
        },
        // A PATCH may come after somebody else's and undo it.
        _ => false,
    }
}

/// What a failure below HTTP says about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There was no connection to send it over.
    NotSent,
    /// It may have been carried out.
    TimedOut,
    /// It may have been carried out.
    Broken,
    /// The answer is larger than the client accepts.
    TooLarge,
    /// The request is none.
    NotBuilt,
    /// What it was to send could not be read.
    NotRead,
    /// Its turn did not come in time, so that it was not sent.
    NoTurn,
}

pub(crate) fn failure(error: &reqwest::Error) -> Failure {
    if find::<BodyTooLarge>(error).is_some() {
        Failure::TooLarge
    } else if find::<NoTurn>(error).is_some() {
        Failure::NoTurn
    } else if find::<NotRead>(error).is_some() {
        Failure::NotRead
    } else if error.is_connect() {
        Failure::NotSent
    } else if error.is_timeout() {
        Failure::TimedOut
    } else if error.is_builder() {
        Failure::NotBuilt
    } else {
        Failure::Broken
    }
}

/// Returns the error of this type in a chain.
pub(crate) fn find<'e, T: StdError + 'static>(
    error: &'e (dyn StdError + 'static),
) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// Whether an attempt failed in a way that another may mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is an answer, good or bad.
    Final,
    /// It failed, and was certainly not carried out.
    Untouched,
    /// It failed, and may have been carried out.
    Unsure,
}

pub(crate) fn verdict(result: &reqwest::Result<reqwest::Response>) -> Verdict {
    match result {
        Ok(response) => match response.status() {
            StatusCode::TOO_MANY_REQUESTS => Verdict::Untouched,
            StatusCode::REQUEST_TIMEOUT
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Verdict::Unsure,
            _ => Verdict::Final,
        },
        Err(error) => match failure(error) {
            Failure::NotSent => Verdict::Untouched,
            Failure::TimedOut | Failure::Broken => Verdict::Unsure,
            Failure::TooLarge | Failure::NotBuilt | Failure::NotRead | Failure::NoTurn => {
                Verdict::Final
            }
        },
    }
}

/// Reads `Retry-After`: seconds, or a date of the calendar in any of HTTP's three formats. What is
/// neither counts as absent; a date that has passed is no wait.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit are more than anybody waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use http::{HeaderMap, HeaderValue};

    use super::{repeatable, retry_after};
    use crate::operation::Facts;

    fn after(value: &str, now: SystemTime) -> Option<Duration> {
        let value = HeaderValue::from_str(value).expect("a header");
        retry_after(&HeaderMap::from_iter([(http::header::RETRY_AFTER, value)]), now)
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
            ("-7", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(after(value, now), expected.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn what_may_be_repeated_is_decided_by_method_and_operation() {
        let facts =
            |id, method| Facts { id, method, path: "/", success: 200..=299, streamed: false };
        let none = HeaderMap::new();
        for (id, method, expected) in [
            ("get_test_run", "GET", true),
            ("delete_test_run", "DELETE", true),
            ("set_labels", "PUT", true),
            ("update_test_run", "PATCH", false),
            ("star_test_run", "POST", true),
            ("unstar_test_run", "POST", true),
            ("abort_test_run", "POST", true),
            ("activate_schedule", "POST", true),
            ("deactivate_schedule", "POST", true),
            ("validate_options", "POST", true),
            ("set_load_test_schedule", "POST", false),
            ("send_load_test_form", "POST", false),
            ("send_load_test_script", "PUT", true),
            ("send_load_test_start", "POST", false),
        ] {
            assert_eq!(repeatable(&facts(id, method), &none), expected, "{method} {id}");
        }
        let key = HeaderMap::from_iter([(
            http::HeaderName::from_static(super::IDEMPOTENCY_KEY),
            HeaderValue::from_static("a"),
        )]);
        assert!(repeatable(&facts("send_load_test_start", "POST"), &key));
    }
}
