//! When a request is retried.

mod attempts;
mod budget;
mod policy;

use std::time::Duration;

use http::HeaderMap;

pub(super) use self::attempts::Attempts;
pub(crate) use self::budget::RetryBudget;
pub use self::policy::RetryPolicy;
use crate::operation::Facts;

/// The header with the idempotency key, by which the API recognises a second request for the same
/// run.
const IDEMPOTENCY_KEY: &str = "k6-idempotency-key";

/// How long the API remembers an idempotency key. The client counts from just before its first
/// attempt, so that its time ends before the API's.
const KEY_LIFETIME: Duration = Duration::from_secs(600);

/// Returns whether the request has an idempotency key.
fn has_key(headers: &HeaderMap) -> bool {
    headers.contains_key(IDEMPOTENCY_KEY)
}

/// Returns whether sending the request twice has the same effect as sending it once.
fn is_retry_safe(facts: &Facts, headers: &HeaderMap) -> bool {
    facts.retry_safe || has_key(headers)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::{IDEMPOTENCY_KEY, is_retry_safe};
    use crate::generated::OPERATIONS;

    fn is_safe(id: &str, headers: &HeaderMap) -> bool {
        let facts = OPERATIONS.iter().find(|facts| facts.id == id).expect(id);
        is_retry_safe(facts, headers)
    }

    #[test]
    fn retry_safety_comes_from_method_description_and_key() {
        let none = HeaderMap::new();
        for (id, expected) in [
            ("get_test_run", true),
            ("delete_test_run", true),
            ("replace_project_labels", true),
            ("update_test_run", false),
            ("star_test_run", true),
            ("unstar_test_run", true),
            ("abort_test_run", true),
            ("activate_schedule", true),
            ("deactivate_schedule", true),
            ("validate_options", true),
            ("set_load_test_schedule", false),
            ("create_load_test", false),
            ("upload_load_test_script", true),
            ("start_load_test", false),
        ] {
            assert_eq!(is_safe(id, &none), expected, "{id}");
        }
        let key = (HeaderName::from_static(IDEMPOTENCY_KEY), HeaderValue::from_static("a"));
        assert!(is_safe("start_load_test", &HeaderMap::from_iter([key])));
    }
}
