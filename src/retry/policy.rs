//! How often and how long.

use std::time::Duration;

use crate::Error;

/// How a client repeats requests that failed for reasons that pass.
///
/// Repeated are requests whose repetition does no harm: `GET`, `HEAD`, `PUT` and `DELETE`, and of
/// the others starring, unstarring and aborting a run, activating and deactivating a schedule,
/// validating options, and any with an idempotency key, for the 10 minutes in which the API knows
/// that. They are repeated after 408, 429, 500, 502, 503 and 504, when no connection could be made, when it
/// broke, and when the answer did not come in time. Every other request is repeated only when it
/// was certainly not carried out: after 429, and when no connection could be made.
///
/// The pause before attempt *n* + 1 is drawn evenly from nothing to `base_delay` × 2^(*n* − 1), at
/// most `max_delay`. It is at least what the server asks for in `Retry-After`, and up to
/// `base_delay` more. A pause that would pass the `deadline` is not made: the call then fails at
/// once, with the failure of its last attempt.
///
/// The *budget* keeps an outage from being multiplied: each repetition costs one of its tokens,
/// each call gives back a part of one, and with none left calls fail at their first attempt. It is
/// shared by a client and its clones.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base_delay: Duration,
    pub(crate) max_delay: Duration,
    pub(crate) deadline: Duration,
    pub(crate) budget: u32,
    pub(crate) refill: f64,
}

impl Default for RetryPolicy {
    /// At most 4 attempts within 2 minutes, pauses up to 0.5, 1 and 2 seconds; a budget of 20
    /// repetitions, to which each call adds a fifth of one.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(20),
            deadline: Duration::from_secs(120),
            budget: 20,
            refill: 0.2,
        }
    }
}

impl RetryPolicy {
    /// Returns a policy that never repeats a request.
    pub fn off() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets how many requests a call makes at most, the first included: at least 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the longest pause before the second attempt; it doubles from attempt to attempt.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the length that pauses do not grow beyond. A longer `Retry-After` is honoured all the
    /// same, within the deadline.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets how long a call may take with all its attempts and pauses, from its first turn under
    /// [`max_in_flight`](crate::ClientBuilder::max_in_flight): longer than nothing. The first
    /// attempt has the client's `timeout` in any case; those after it are cut off at the deadline.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the budget: how many repetitions it holds, from 1 to 1,000,000, and which part of one
    /// each call adds, from 0 to 1.
    pub fn budget(mut self, repetitions: u32, refill: f64) -> Self {
        self.budget = repetitions;
        self.refill = refill;
        self
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let refuse = |what: &str| Err(Error::configuration(format!("retries: {what}")));
        if self.max_attempts == 0 {
            return refuse("max_attempts must be at least 1; RetryPolicy::off turns retries off");
        }
        if self.deadline.is_zero() {
            return refuse("deadline must be longer than nothing, such as 2 minutes");
        }
        if !(1..=1_000_000).contains(&self.budget) {
            return refuse("budget must be from 1 to 1,000,000 repetitions, such as 20");
        }
        if !(0.0..=1.0).contains(&self.refill) {
            return refuse("the refill of the budget must be from 0 to 1, such as 0.2");
        }
        Ok(())
    }

    /// Returns the pause after `attempt` attempts, by a number `drawn` from 0 to 1.
    pub(crate) fn pause(&self, attempt: u32, drawn: f64, asked: Option<Duration>) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let ceiling = self.base_delay.saturating_mul(1 << doublings).min(self.max_delay);
        let drawn = if drawn.is_finite() { drawn.clamp(0.0, 1.0) } else { 1.0 };
        let drawn = Duration::try_from_secs_f64(ceiling.as_secs_f64() * drawn).unwrap_or(ceiling);
        // All who were sent away at once would otherwise come back at once.
        let spread = self.base_delay.min(drawn);
        drawn.max(asked.map_or(Duration::ZERO, |asked| asked.saturating_add(spread)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RetryPolicy;

    #[test]
    fn pause_doubles_up_to_a_limit() {
        let policy = RetryPolicy::default()
            .base_delay(Duration::from_secs(1))
            .max_delay(Duration::from_secs(5));
        let pauses: Vec<u64> = (1..=5).map(|n| policy.pause(n, 1.0, None).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 5, 5]);
        assert_eq!(policy.pause(2, 0.5, None), Duration::from_secs(1));
        assert_eq!(policy.pause(u32::MAX, 0.0, None), Duration::ZERO);
        assert_eq!(policy.pause(1, f64::NAN, None), Duration::from_secs(1));
        let endless = policy.base_delay(Duration::MAX).max_delay(Duration::MAX);
        assert_eq!(endless.pause(9, 1.0, None), Duration::MAX);
    }

    #[test]
    fn pause_is_at_least_what_the_server_asks_for() {
        let policy = RetryPolicy::default();
        let asked = Some(Duration::from_secs(90));
        assert_eq!(policy.pause(1, 0.0, asked), Duration::from_secs(90));
        assert_eq!(policy.pause(1, 1.0, asked), Duration::from_millis(90_500));
        assert_eq!(policy.pause(3, 1.0, asked), Duration::from_millis(90_500));
        assert_eq!(policy.pause(3, 1.0, Some(Duration::MAX)), Duration::MAX);
        assert!(policy.pause(1, 1.0, Some(Duration::ZERO)) > Duration::ZERO);
    }

    #[test]
    fn senseless_policy_is_refused() {
        let policy = RetryPolicy::default;
        assert!(policy().check().is_ok() && RetryPolicy::off().check().is_ok());
        for (policy, what) in [
            (policy().max_attempts(0), "max_attempts"),
            (policy().deadline(Duration::ZERO), "deadline"),
            (policy().budget(0, 0.1), "budget"),
            (policy().budget(1, 1.5), "refill"),
            (policy().budget(1, f64::NAN), "refill"),
        ] {
            let error = policy.check().expect_err(what).to_string();
            assert!(error.contains(what), "{error}");
        }
    }
}
