//! When a request is retried.

mod attempts;
mod budget;
mod policy;

use std::time::Duration;

use http::{HeaderMap, HeaderName};

pub(super) use self::attempts::Attempts;
pub(crate) use self::budget::RetryBudget;
pub use self::policy::RetryPolicy;

/// The header with the idempotency key, by which the API recognises a second request for the same
/// run.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("k6-idempotency-key");

/// How long the API remembers an idempotency key. The client counts from just before its first
/// attempt, so that its time ends before the API's.
const KEY_LIFETIME: Duration = Duration::from_secs(600);

/// Returns whether the request has an idempotency key.
fn has_key(headers: &HeaderMap) -> bool {
    headers.contains_key(IDEMPOTENCY_KEY)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, HeaderValue};

    use super::{Attempts, IDEMPOTENCY_KEY, RetryPolicy};
    use crate::generated::probes;

    fn is_safe(id: &str, headers: &HeaderMap) -> bool {
        let facts = probes().iter().find(|probe| probe.facts.id == id).expect(id).facts;
        let policy = RetryPolicy::default();
        Attempts::new(&policy, facts, headers, None).is_retry_safe(Duration::ZERO)
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
        let key = (IDEMPOTENCY_KEY, HeaderValue::from_static("a"));
        assert!(is_safe("start_load_test", &HeaderMap::from_iter([key])));
    }
}
