//! When a request is sent again, and when not.

mod attempts;
mod budget;
mod policy;

use std::time::Duration;

use http::HeaderMap;

pub(super) use self::attempts::Attempts;
pub(crate) use self::budget::RetryBudget;
pub use self::policy::RetryPolicy;
use super::named_operations;
use crate::operation::Facts;

/// The header by which the API recognises the second request for a run.
const IDEMPOTENCY_KEY: &str = "k6-idempotency-key";

/// How long the API remembers an idempotency key. Counted from just before the first attempt, so
/// that it ends here before it ends there.
const KEY_LIFETIME: Duration = Duration::from_secs(600);

/// Returns whether the API recognises a second request, as long as it remembers the key.
fn has_key(headers: &HeaderMap) -> bool {
    headers.contains_key(IDEMPOTENCY_KEY)
}

/// Returns whether sending the request twice does the same as sending it once.
fn is_retry_safe(facts: &Facts, headers: &HeaderMap) -> bool {
    match facts.method {
        "GET" | "HEAD" | "OPTIONS" => true,
        // Both name the state that they lead to. A second DELETE gets 404, and the error says that
        // an earlier attempt may have done it.
        "PUT" | "DELETE" => true,
        "POST" => named_operations::is_retry_safe(facts) || has_key(headers),
        // A PATCH may arrive after somebody else's and undo it.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::{IDEMPOTENCY_KEY, is_retry_safe};
    use crate::operation::Facts;

    #[test]
    fn retry_safety_depends_on_method_operation_and_key() {
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
            assert_eq!(is_retry_safe(&facts(id, method), &none), expected, "{method} {id}");
        }
        let key = (HeaderName::from_static(IDEMPOTENCY_KEY), HeaderValue::from_static("a"));
        let key = HeaderMap::from_iter([key]);
        assert!(is_retry_safe(&facts("send_load_test_start", "POST"), &key));
    }
}
