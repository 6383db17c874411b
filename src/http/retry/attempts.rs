//! The attempts of one call.

use std::time::Duration;

use http::HeaderMap;

use super::super::failure::Retryability;
use super::super::limits::TimeLimit;
use super::{KEY_LIFETIME, RetryPolicy, has_key};
use crate::operation::OperationSpec;

/// Counts the attempts of one call, and says whether and when another may follow.
///
/// All times are those of the client's clock.
pub(in crate::http) struct Attempts<'p> {
    policy: &'p RetryPolicy,
    /// Whether sending the request twice has the same effect as sending it once.
    retry_safe: bool,
    /// Whether the request has an idempotency key, which the API remembers for a while.
    keyed: bool,
    /// The longest time from the first attempt to the last.
    deadline: Duration,
    /// The time at which the caller's own limit ends the call.
    until: Option<Duration>,
    /// The start of the first attempt. Waiting for its permit does not count.
    first: Option<Duration>,
    count: u32,
}

impl<'p> Attempts<'p> {
    pub(in crate::http) fn new(
        policy: &'p RetryPolicy,
        facts: &OperationSpec,
        headers: &HeaderMap,
        until: Option<Duration>,
    ) -> Self {
        let keyed = has_key(headers);
        Self {
            policy,
            retry_safe: facts.retry_safe || keyed,
            keyed,
            deadline: if keyed { policy.deadline.min(KEY_LIFETIME) } else { policy.deadline },
            until,
            first: None,
            count: 0,
        }
    }

    /// Returns the number of attempts that have begun.
    pub(in crate::http) fn count(&self) -> u32 {
        self.count
    }

    /// Returns whether another attempt may follow the next one.
    pub(in crate::http) fn may_follow(&self) -> bool {
        self.count.saturating_add(1) < self.policy.max_attempts
    }

    /// Returns how long the next attempt may wait for its permit.
    pub(in crate::http) fn permit_until(&self) -> Option<Duration> {
        // A retry must not wait for longer than the API remembers the key.
        let keyed = self.first.filter(|_| self.keyed).map(|first| self.end_after(first));
        [keyed, self.until].into_iter().flatten().min()
    }

    /// Counts an attempt, and returns how long it may take, and what limits it.
    pub(in crate::http) fn begin(&mut self, now: Duration) -> (Duration, TimeLimit) {
        self.count += 1;
        let first = *self.first.get_or_insert(now);
        // The deadline does not shorten the first attempt.
        let end = if self.count == 1 { Duration::MAX } else { self.end_after(first) };
        match self.until {
            Some(until) if until <= end => (until.saturating_sub(now), TimeLimit::Caller),
            _ => (end.saturating_sub(now), TimeLimit::Deadline),
        }
    }

    /// Returns whether another attempt is safe.
    pub(in crate::http) fn is_retry_safe(&self, now: Duration) -> bool {
        let age = self.first.map_or(Duration::ZERO, |first| now.saturating_sub(first));
        self.retry_safe && !(self.keyed && age >= KEY_LIFETIME)
    }

    /// Returns whether the last attempt was the last that the policy permits.
    pub(in crate::http) fn are_used_up(&self) -> bool {
        self.count >= self.policy.max_attempts
    }

    /// Returns whether another attempt may follow this result.
    pub(in crate::http) fn allows_retry(&self, ended: Retryability, now: Duration) -> bool {
        match ended {
            Retryability::Never => false,
            Retryability::Always => true,
            Retryability::WhenSafe => self.is_retry_safe(now),
        }
    }

    /// Returns the pause before the next attempt; `None` if the call would end during the pause.
    /// `drawn` is a random number from 0 to 1, and `asked` is the pause that the server asked for.
    pub(in crate::http) fn pause(
        &self,
        now: Duration,
        drawn: f64,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        let pause = self.policy.pause(self.count, drawn, asked);
        let end = self.first.map_or(Duration::MAX, |first| self.end_after(first));
        let end = self.until.map_or(end, |until| until.min(end));
        (pause < end.saturating_sub(now)).then_some(pause)
    }

    fn end_after(&self, first: Duration) -> Duration {
        first.saturating_add(self.deadline)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, HeaderValue};

    use super::super::IDEMPOTENCY_KEY;
    use super::{Attempts, KEY_LIFETIME, RetryPolicy, Retryability, TimeLimit};
    use crate::operation::OperationSpec;

    const SECOND: Duration = Duration::from_secs(1);
    const POST: OperationSpec = OperationSpec {
        id: "start_load_test",
        method: "POST",
        path: "/",
        success: 200..=299,
        streamed: false,
        retry_safe: false,
        needs_stack_id: true,
    };

    fn key() -> HeaderMap {
        let key = (IDEMPOTENCY_KEY, HeaderValue::from_static("a"));
        HeaderMap::from_iter([key])
    }

    #[test]
    fn deadline_shortens_every_attempt_but_the_first() {
        let policy = RetryPolicy::default().deadline(10 * SECOND);
        let mut attempts = Attempts::new(&policy, &POST, &HeaderMap::new(), None);
        assert!(attempts.may_follow());
        assert_eq!(attempts.begin(100 * SECOND).0, Duration::MAX - 100 * SECOND);
        assert_eq!(attempts.begin(104 * SECOND).0, 6 * SECOND);
        assert_eq!(attempts.pause(109 * SECOND, 0.5, None), Some(SECOND / 2));
        assert_eq!(attempts.pause(109 * SECOND, 1.0, None), None, "it would end at the deadline");
        assert_eq!((attempts.count(), attempts.may_follow()), (2, true));
        attempts.begin(105 * SECOND);
        assert!(!attempts.may_follow(), "the next attempt is the fourth and last");
    }

    #[test]
    fn callers_limit_comes_before_the_deadline() {
        let policy = RetryPolicy::default();
        let mut attempts = Attempts::new(&policy, &POST, &HeaderMap::new(), Some(3 * SECOND));
        assert_eq!(attempts.permit_until(), Some(3 * SECOND));
        let (left, limit) = attempts.begin(SECOND);
        assert_eq!(left, 2 * SECOND);
        assert!(matches!(limit, TimeLimit::Caller), "{limit:?}");
        assert_eq!(attempts.pause(2 * SECOND, 0.0, Some(SECOND / 2)), Some(SECOND / 2));
        assert_eq!(attempts.pause(2 * SECOND, 0.0, Some(SECOND)), None);
    }

    #[test]
    fn deadline_comes_before_a_later_limit_of_the_caller() {
        let policy = RetryPolicy::default().deadline(10 * SECOND);
        let mut attempts = Attempts::new(&policy, &POST, &key(), Some(100 * SECOND));
        attempts.begin(SECOND);
        assert_eq!(attempts.permit_until(), Some(11 * SECOND));
        assert_eq!(attempts.pause(9 * SECOND, 0.0, Some(SECOND)), Some(SECOND));
        assert_eq!(attempts.pause(9 * SECOND, 0.0, Some(2 * SECOND)), None);
        assert_eq!(attempts.begin(9 * SECOND).0, 2 * SECOND);
    }

    #[test]
    fn key_makes_a_retry_safe_as_long_as_the_api_remembers_it() {
        let policy = RetryPolicy::default().deadline(2 * KEY_LIFETIME);
        let mut attempts = Attempts::new(&policy, &POST, &key(), None);
        assert_eq!(attempts.permit_until(), None, "the first attempt may wait for ever");
        attempts.begin(SECOND);
        assert_eq!(attempts.permit_until(), Some(SECOND + KEY_LIFETIME));
        let end = SECOND + KEY_LIFETIME;
        assert!(attempts.allows_retry(Retryability::WhenSafe, end - SECOND));
        assert!(!attempts.allows_retry(Retryability::WhenSafe, end));
        assert!(attempts.allows_retry(Retryability::Always, end));
        let without = Attempts::new(&policy, &POST, &HeaderMap::new(), None);
        assert!(!without.allows_retry(Retryability::WhenSafe, SECOND));
    }
}
